/* The HTML face. Every opening tag reserves the bytes of its closing tag, so that whatever happens
 * the output can be closed properly within the cap. The parser's leaving of spans is not trusted
 * either: for `[a](b~c)~` it leaves one that it never entered. */
#include "text/markdown.h"

#include "base/buf.h"
#include "text/html.h"
#include "text/markdown_link.h"

#define NOTICE "<p class=\"truncated\">[…]</p>\n"

struct open {
    int kind;
    struct str closer;
};

/* Blocks and spans are numbered apart. */
static int block(MD_BLOCKTYPE type)
{
    return (int)type;
}

static int span(MD_SPANTYPE type)
{
    return -1 - (int)type;
}

struct html {
    struct buf *out;
    size_t limit;   /* the length `out` may reach, with all closing tags */
    size_t pending; /* bytes of closing tags not yet written */
    struct open open[MARKDOWN_MAX_DEPTH];
    size_t depth;   /* open blocks and spans that have tags */
    size_t hidden_blocks, hidden_spans; /* open ones past MARKDOWN_MAX_DEPTH */
    int entering;   /* what open_tag opens */
    int top;
    bool truncated;
    size_t link_depth; /* `depth` inside the open link, 0 if there is none: links do not nest */
    size_t link_text;  /* where its text begins in `out` */
    struct markdown_target target;
};

static bool fits(struct html *h, size_t n)
{
    if (h->truncated || h->out->len + h->pending > h->limit ||
        n > h->limit - h->out->len - h->pending)
        h->truncated = true;
    return !h->truncated;
}

static void put(struct html *h, struct str s)
{
    if (fits(h, s.len))
        buf_add(h->out, s);
}

/* Escaped, in pieces that fit for certain: a character grows to six bytes at most. */
static void put_text(struct html *h, struct str s)
{
    while (s.len && !h->truncated) {
        size_t n = s.len < 256 ? s.len : 256;
        if (h->out->len + h->pending + n * 6 > h->limit)
            n = 1;
        while (n < s.len && ((unsigned char)s.ptr[n] & 0xc0) == 0x80)
            n++;
        if (!fits(h, n * 6))
            return;
        html_escape(h->out, str_slice(s, 0, n));
        s = str_slice(s, n, s.len);
    }
}

static void open_tag(struct html *h, struct str tag, struct str closer)
{
    if (h->depth == MARKDOWN_MAX_DEPTH) {
        h->hidden_blocks += h->entering >= 0;
        h->hidden_spans += h->entering < 0;
        return;
    }
    bool fit = fits(h, tag.len + closer.len);
    if (fit) {
        buf_add(h->out, tag);
        h->pending += closer.len;
    }
    h->open[h->depth++] = (struct open){.kind = h->entering, .closer = fit ? closer : S("")};
}

static void close_tag(struct html *h)
{
    /* A link without text would be invisible: it shows its target. */
    if (h->depth == h->link_depth) {
        if (h->out->len == h->link_text)
            put_text(h, (struct str){h->target.text, h->target.len});
        h->link_depth = 0;
    }
    struct str closer = h->open[--h->depth].closer;
    h->pending -= closer.len;
    buf_add(h->out, closer);
}

static void put_target(struct html *h)
{
    for (size_t i = 0; i < h->target.len; i++)
        if (h->target.text[i] == ' ')
            buf_add(h->out, S("%20"));
        else
            html_escape(h->out, (struct str){h->target.text + i, 1});
}

static void open_link(struct html *h, const MD_ATTRIBUTE *href, struct str class)
{
    static const char around[] = "<a href=\"\" rel=\"nofollow noopener ugc\"></a>";

    if (h->link_depth || h->depth == MARKDOWN_MAX_DEPTH || !markdown_decode(href, &h->target) ||
        !markdown_target_safe((struct str){h->target.text, h->target.len}) ||
        !fits(h, sizeof around + class.len + h->target.len * 6)) {
        open_tag(h, S(""), S(""));
        return;
    }
    buf_add(h->out, S("<a"));
    buf_add(h->out, class);
    buf_add(h->out, S(" href=\""));
    put_target(h);
    buf_add(h->out, S("\" rel=\"nofollow noopener ugc\""));
    open_tag(h, S(">"), S("</a>"));
    h->link_depth = h->depth;
    h->link_text = h->out->len;
}

static void open_list(struct html *h, const MD_BLOCK_OL_DETAIL *list)
{
    struct buf *out = h->out;

    if (list->start == 1 || h->depth == MARKDOWN_MAX_DEPTH || !fits(h, 40)) {
        open_tag(h, S("<ol>\n"), S("</ol>\n"));
        return;
    }
    buf_add(out, S("<ol start=\""));
    buf_int(out, list->start);
    buf_addc(out, '"');
    open_tag(h, S(">\n"), S("</ol>\n"));
}

static void open_item(struct html *h, const MD_BLOCK_LI_DETAIL *item)
{
    if (!item->is_task)
        open_tag(h, S("<li>"), S("</li>\n"));
    else if (item->task_mark == ' ')
        open_tag(h, S("<li class=\"task\">☐ "), S("</li>\n"));
    else
        open_tag(h, S("<li class=\"task\">☑ "), S("</li>\n"));
}

static void open_heading(struct html *h, unsigned level)
{
    static const struct {
        const char *open, *close;
    } tags[] = {{"<h1>", "</h1>\n"}, {"<h2>", "</h2>\n"}, {"<h3>", "</h3>\n"}, {"<h4>", "</h4>\n"},
        {"<h5>", "</h5>\n"}, {"<h6>", "</h6>\n"}};
    size_t i = level - 1 + (size_t)h->top - 1;

    i = i < 5 ? i : 5;
    open_tag(h, str_from(tags[i].open), str_from(tags[i].close));
}

static bool language_is_plain(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!((s.ptr[i] >= 'a' && s.ptr[i] <= 'z') || (s.ptr[i] >= 'A' && s.ptr[i] <= 'Z') ||
                (s.ptr[i] >= '0' && s.ptr[i] <= '9') || s.ptr[i] == '-' || s.ptr[i] == '+'))
            return false;
    return s.len > 0 && s.len <= 32;
}

static void open_code(struct html *h, const MD_BLOCK_CODE_DETAIL *code)
{
    struct str language = {code->lang.text, code->lang.size};

    if (!language_is_plain(language) || h->depth == MARKDOWN_MAX_DEPTH || !fits(h, 100)) {
        open_tag(h, S("<pre><code>"), S("</code></pre>\n"));
        return;
    }
    buf_add(h->out, S("<pre><code class=\"language-"));
    buf_add(h->out, language);
    open_tag(h, S("\">"), S("</code></pre>\n"));
}

static void open_cell(struct html *h, bool head, MD_ALIGN align)
{
    static const struct {
        const char *head, *data;
    } tags[] = {
        [MD_ALIGN_DEFAULT] = {"<th>", "<td>"},
        [MD_ALIGN_LEFT] = {"<th class=\"align-left\">", "<td class=\"align-left\">"},
        [MD_ALIGN_CENTER] = {"<th class=\"align-center\">", "<td class=\"align-center\">"},
        [MD_ALIGN_RIGHT] = {"<th class=\"align-right\">", "<td class=\"align-right\">"},
    };

    open_tag(h, str_from(head ? tags[align].head : tags[align].data),
        head ? S("</th>\n") : S("</td>\n"));
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
    struct html *h = ctx;

    h->entering = block(type);
    switch (type) {
    case MD_BLOCK_DOC: break;
    case MD_BLOCK_QUOTE: open_tag(h, S("<blockquote>\n"), S("</blockquote>\n")); break;
    case MD_BLOCK_UL: open_tag(h, S("<ul>\n"), S("</ul>\n")); break;
    case MD_BLOCK_OL: open_list(h, detail); break;
    case MD_BLOCK_LI: open_item(h, detail); break;
    case MD_BLOCK_HR: put(h, S("<hr>\n")); break;
    case MD_BLOCK_H: open_heading(h, ((MD_BLOCK_H_DETAIL *)detail)->level); break;
    case MD_BLOCK_CODE: open_code(h, detail); break;
    case MD_BLOCK_HTML:
    case MD_BLOCK_P: open_tag(h, S("<p>"), S("</p>\n")); break;
    case MD_BLOCK_TABLE: open_tag(h, S("<table>\n"), S("</table>\n")); break;
    case MD_BLOCK_THEAD: open_tag(h, S("<thead>\n"), S("</thead>\n")); break;
    case MD_BLOCK_TBODY: open_tag(h, S("<tbody>\n"), S("</tbody>\n")); break;
    case MD_BLOCK_TR: open_tag(h, S("<tr>\n"), S("</tr>\n")); break;
    case MD_BLOCK_TH: open_cell(h, true, ((MD_BLOCK_TD_DETAIL *)detail)->align); break;
    case MD_BLOCK_TD: open_cell(h, false, ((MD_BLOCK_TD_DETAIL *)detail)->align); break;
    }
    return h->truncated;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
    struct html *h = ctx;

    (void)detail;
    if (type == MD_BLOCK_DOC || type == MD_BLOCK_HR)
        return h->truncated;
    h->hidden_spans = 0;
    if (h->hidden_blocks) {
        h->hidden_blocks--;
        return h->truncated;
    }
    while (h->depth && h->open[h->depth - 1].kind < 0) /* spans end with their block */
        close_tag(h);
    if (h->depth && h->open[h->depth - 1].kind == block(type))
        close_tag(h);
    return h->truncated;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *ctx)
{
    struct html *h = ctx;

    h->entering = span(type);
    switch (type) {
    case MD_SPAN_EM: open_tag(h, S("<em>"), S("</em>")); break;
    case MD_SPAN_STRONG: open_tag(h, S("<strong>"), S("</strong>")); break;
    case MD_SPAN_A: open_link(h, &((MD_SPAN_A_DETAIL *)detail)->href, S("")); break;
    case MD_SPAN_IMG:
        open_link(h, &((MD_SPAN_IMG_DETAIL *)detail)->src, S(" class=\"image\""));
        break;
    case MD_SPAN_CODE: open_tag(h, S("<code>"), S("</code>")); break;
    case MD_SPAN_DEL: open_tag(h, S("<del>"), S("</del>")); break;
    case MD_SPAN_LATEXMATH:
    case MD_SPAN_LATEXMATH_DISPLAY:
    case MD_SPAN_WIKILINK:
    case MD_SPAN_U: open_tag(h, S(""), S("")); break; /* extensions that are off */
    }
    return h->truncated;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *ctx)
{
    struct html *h = ctx;

    (void)detail;
    if (h->hidden_spans)
        h->hidden_spans--;
    else if (h->depth && h->open[h->depth - 1].kind == span(type))
        close_tag(h);
    return h->truncated;
}

static int text(MD_TEXTTYPE type, const MD_CHAR *ptr, MD_SIZE len, void *ctx)
{
    struct html *h = ctx;
    struct str s = {ptr, len};

    switch (type) {
    case MD_TEXT_NULLCHAR: put(h, S("\xef\xbf\xbd")); break;
    case MD_TEXT_BR: put(h, S("<br>\n")); break;
    case MD_TEXT_SOFTBR: put(h, S("\n")); break;
    case MD_TEXT_ENTITY: put(h, s); break; /* the parser has checked its form */
    case MD_TEXT_NORMAL:
    case MD_TEXT_CODE:
    case MD_TEXT_HTML:
    case MD_TEXT_LATEXMATH: put_text(h, s); break;
    }
    return h->truncated;
}

void markdown_html(struct buf *out, struct str markdown, int top)
{
    static const MD_PARSER parser = {.flags = MARKDOWN_FLAGS,
        .enter_block = enter_block,
        .leave_block = leave_block,
        .enter_span = enter_span,
        .leave_span = leave_span,
        .text = text};
    size_t notice = sizeof NOTICE - 1;
    size_t room = out->full ? 0 : out->max - out->len;
    struct html h = {.out = out, .top = top};

    if (room < notice)
        return;
    struct str in = markdown_input(out->arena, markdown);
    h.limit = out->len + room - notice;
    md_parse(in.ptr, (MD_SIZE)in.len, &parser, &h);
    while (h.depth)
        close_tag(&h);
    if (h.truncated || markdown.len > MARKDOWN_MAX_INPUT)
        buf_add(out, S(NOTICE));
}
