/* The plain face: for full-text search and for the text part of mails. */
#include "base/buf.h"
#include "text/markdown.h"
#include "text/markdown_link.h"

struct plain {
    struct buf *out;
    size_t begin;       /* where the document begins in `out` */
    bool first_cell;
    size_t link_nesting;
    size_t link_text;   /* where the outermost link's text begins in `out` */
};

static void end_line(struct plain *p)
{
    struct buf *out = p->out;

    if (out->len > p->begin && out->ptr[out->len - 1] != '\n')
        buf_addc(out, '\n');
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
    struct plain *p = ctx;

    (void)detail;
    if (type == MD_BLOCK_TH || type == MD_BLOCK_TD) {
        if (!p->first_cell)
            buf_add(p->out, S(" | "));
        p->first_cell = false;
    } else {
        end_line(p);
        p->first_cell = true;
    }
    return p->out->full;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
    struct plain *p = ctx;

    (void)detail;
    p->link_nesting = 0;
    if (type != MD_BLOCK_TH && type != MD_BLOCK_TD)
        end_line(p);
    return p->out->full;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *ctx)
{
    struct plain *p = ctx;

    (void)detail;
    if ((type == MD_SPAN_A || type == MD_SPAN_IMG) && p->link_nesting++ == 0)
        p->link_text = p->out->len;
    return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *ctx)
{
    struct plain *p = ctx;
    struct markdown_target t;

    /* The parser may leave a span that it never entered. */
    if ((type != MD_SPAN_A && type != MD_SPAN_IMG) || p->link_nesting == 0 || --p->link_nesting)
        return 0;
    const MD_ATTRIBUTE *href = type == MD_SPAN_A ? &((MD_SPAN_A_DETAIL *)detail)->href
                                                 : &((MD_SPAN_IMG_DETAIL *)detail)->src;
    if (!markdown_decode(href, &t) || !markdown_target_safe((struct str){t.text, t.len}))
        return 0;
    struct str target = {t.text, t.len};
    struct str text = str_slice(buf_str(p->out), p->link_text, p->out->len);
    if (text.len == 0) {
        buf_add(p->out, target);
    } else if (!str_ends(target, text)) {
        buf_add(p->out, S(" ("));
        buf_add(p->out, target);
        buf_addc(p->out, ')');
    }
    return p->out->full;
}

static int add_text(MD_TEXTTYPE type, const MD_CHAR *ptr, MD_SIZE len, void *ctx)
{
    struct plain *p = ctx;
    struct str s = {ptr, len};
    char decoded[4];
    size_t n;

    switch (type) {
    case MD_TEXT_NULLCHAR:
        s = S("\xef\xbf\xbd");
        break;
    case MD_TEXT_BR:
    case MD_TEXT_SOFTBR:
        s = S(" ");
        break;
    case MD_TEXT_ENTITY:
        n = markdown_entity(s, decoded);
        s = n ? (struct str){decoded, n} : s;
        break;
    case MD_TEXT_NORMAL:
    case MD_TEXT_CODE:
    case MD_TEXT_HTML:
    case MD_TEXT_LATEXMATH:
        break;
    }
    buf_add(p->out, s);
    return p->out->full;
}

void markdown_text(struct buf *out, struct str markdown)
{
    static const MD_PARSER parser = {.flags = MARKDOWN_FLAGS, .enter_block = enter_block,
        .leave_block = leave_block, .enter_span = enter_span, .leave_span = leave_span,
        .text = add_text};
    struct plain p = {.out = out, .begin = out->len};

    if (out->full)
        return;
    struct str in = markdown_input(out->arena, markdown);
    md_parse(in.ptr, (MD_SIZE)in.len, &parser, &p);
}
