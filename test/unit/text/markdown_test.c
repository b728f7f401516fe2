#include "test.h"

#include <string.h>

#include "base/buf.h"
#include "text/markdown.h"

static struct str html_max(struct arena *a, struct str markdown, int top, size_t max)
{
    struct buf out;

    buf_init(&out, a, max);
    markdown_html(&out, markdown, top);
    return out.full ? S("FULL") : buf_str(&out);
}

static struct str html(struct arena *a, const char *markdown)
{
    return html_max(a, str_from(markdown), 1, 1 << 20);
}

static struct str plain(struct arena *a, const char *markdown)
{
    struct buf out;

    buf_init(&out, a, 1 << 20);
    markdown_text(&out, str_from(markdown));
    return buf_str(&out);
}

struct example {
    const char *in, *want;
};

#define A(target, text)                                                                            \
    "<p><a href=\"" target "\" rel=\"nofollow noopener ugc\">" text "</a></p>\n"

TEST(blocks_and_spans)
{
    static const struct example list[] = {
        {"", ""},
        {"Hello *a* **b** `c` ~~d~~  \ne\nf", "<p>Hello <em>a</em> <strong>b</strong> "
            "<code>c</code> <del>d</del><br>\ne\nf</p>\n"},
        {"# One", "<h1>One</h1>\n"},
        {"###### Six", "<h6>Six</h6>\n"},
        {"> q", "<blockquote>\n<p>q</p>\n</blockquote>\n"},
        {"---", "<hr>\n"},
        {"- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"},
        {"1. a", "<ol>\n<li>a</li>\n</ol>\n"},
        {"7. a", "<ol start=\"7\">\n<li>a</li>\n</ol>\n"},
        {"- [ ] a\n- [x] b", "<ul>\n<li class=\"task\">☐ a</li>\n"
            "<li class=\"task\">☑ b</li>\n</ul>\n"},
        {"```sh\nls <x>\n```", "<pre><code class=\"language-sh\">ls &lt;x&gt;\n</code></pre>\n"},
        {"```a\"b\nx\n```", "<pre><code>x\n</code></pre>\n"},
        {"|a|b|\n|:-:|--:|\n|1|2|", "<table>\n<thead>\n<tr>\n<th class=\"align-center\">a</th>\n"
            "<th class=\"align-right\">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n"
            "<td class=\"align-center\">1</td>\n<td class=\"align-right\">2</td>\n</tr>\n</tbody>\n"
            "</table>\n"},
        {"&copy; &#169; \\& & <", "<p>&copy; &#169; &amp; &amp; &lt;</p>\n"},
        {"<b onclick=x>&</b>", "<p>&lt;b onclick=x&gt;&amp;&lt;/b&gt;</p>\n"},
        {"<script>\nalert(1)\n</script>", "<p>&lt;script&gt;\nalert(1)\n&lt;/script&gt;</p>\n"},
        {"<!-- c -->", "<p>&lt;!-- c --&gt;</p>\n"},
    };

    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        CHECK_STR(html(a, list[i].in), str_from(list[i].want));
    CHECK_STR(html_max(a, S("a\0b"), 1, 100), S("<p>a\xef\xbf\xbd" "b</p>\n"));
}

TEST(headings_start_lower)
{
    CHECK_STR(html_max(a, S("# a\n## b\n###### c"), 3, 1000),
        S("<h3>a</h3>\n<h4>b</h4>\n<h6>c</h6>\n"));
}

TEST(links)
{
    static const struct example list[] = {
        {"[a](https://x.org/?a=1&b='2')", A("https://x.org/?a=1&amp;b=&#39;2&#39;", "a")},
        {"[a](HTTP://x.org)", A("HTTP://x.org", "a")},
        {"[a](mailto:x@y.org)", A("mailto:x@y.org", "a")},
        {"[a](/incidents/1#t:2)", A("/incidents/1#t:2", "a")},
        {"[a](#b)", A("#b", "a")},
        {"[a](b/c:d)", A("b/c:d", "a")},
        {"[a](<b c.md>)", A("b%20c.md", "a")},
        {"[a](x&quot;y&amp;z)", A("x&quot;y&amp;z", "a")},
        {"[a *b*][r]\n\n[r]: /u 'title'", A("/u", "a <em>b</em>")},
        {"https://x.org/a_b", A("https://x.org/a_b", "https://x.org/a_b")},
        {"www.x.org", A("http://www.x.org", "www.x.org")},
        {"me@x.org", A("mailto:me@x.org", "me@x.org")},
        {"<https://x.org>", A("https://x.org", "https://x.org")},
        {"[](/u)", A("/u", "/u")},
        {"![alt *text*](https://x.org/p.png)",
            "<p><a class=\"image\" href=\"https://x.org/p.png\" "
            "rel=\"nofollow noopener ugc\">alt <em>text</em></a></p>\n"},
        {"![](p.png)",
            "<p><a class=\"image\" href=\"p.png\" rel=\"nofollow noopener ugc\">p.png</a></p>\n"},
        {"[![i](p.png)](/u)", A("/u", "i")},
        {"![a [b](/c) d](/p.png)", "<p><a class=\"image\" href=\"/p.png\" "
                                   "rel=\"nofollow noopener ugc\">a b d</a></p>\n"},
    };

    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        CHECK_STR(html(a, list[i].in), str_from(list[i].want));
}

TEST(hostile_targets_become_text)
{
    static const char *const targets[] = {
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "javascript&colon;alert(1)",
        "javascript&#58;alert(1)", "javascript&#x3a;alert(1)", "javascript&#x3A;alert(1)",
        "&#106;avascript:alert(1)", "&#x6a;&#x61;vascript:alert(1)", "java&Tab;script:alert(1)",
        "java&NewLine;script:alert(1)", "java&#9;script:alert(1)", "java&#10;script:alert(1)",
        "java&#13;script:alert(1)", "&#1;javascript:alert(1)", "&#32;javascript:alert(1)",
        "&#x7f;javascript:alert(1)", "&#0;javascript:alert(1)", "&#160;javascript:alert(1)",
        "&nbsp;javascript:alert(1)", "< javascript:alert(1)>", "<java script:alert(1)>",
        "<\x01javascript:alert(1)>", "\x0bjavascript:alert(1)", "<java\tscript:alert(1)>",
        "&#65534;javascript:x", "data:text/html;base64,PHNjcmlwdD4=", "DATA:text/html,x",
        "data&colon;text/html,x", "vbscript:msgbox", "file:///etc/passwd", "blob:https://x/1",
        "about:blank", "view-source:x", "ftp://x.org", "http:x.org", "https:/x.org", "tel:1", ":x",
        "&#9;/y", "/&#10;/y", "/y&#31;", "/y&#127;", "&#32;/y", "/y&#32;",
        "feed:javascript:alert(1)", "jav\\ascript:alert(1)", "http&colon;javascript:x",
    };

    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        static const char *const shapes[] = {"[x](%s)", "![x](%s)", "[x][r]\n\n[r]: %s\n", "<%s>",
            "[![x](%s)](%s)"};
        for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++) {
            struct buf in;
            buf_init(&in, a, 1000);
            for (const char *p = shapes[k]; *p; p++)
                if (p[0] == '%')
                    buf_add(&in, str_from(targets[i])), p++;
                else
                    buf_addc(&in, *p);
            struct str got = html_max(a, buf_str(&in), 1, 10000);
            if (str_contains(got, S("<a")))
                test_fail(t, __FILE__, __LINE__, "%.*s: %.*s", STR(buf_str(&in)), STR(got));
        }
    }
    /* An entity we do not know stays text in the address too. */
    CHECK_STR(html(a, "[x](javascript&semi;y)"), S(A("javascript&amp;semi;y", "x")));
}

static struct str repeat(struct arena *a, struct str unit, size_t n)
{
    struct buf b;

    buf_init(&b, a, unit.len * n + 1);
    for (size_t i = 0; i < n; i++)
        buf_add(&b, unit);
    return buf_str(&b);
}

TEST(limit_target_length)
{
    struct str path = repeat(a, S("x"), MARKDOWN_MAX_TARGET);
    struct str in = str_printf(a, "[a](%.*s)", STR(path));

    CHECK(str_contains(html_max(a, in, 1, 1 << 20), S("<a href=\"xxx")));
    in = str_printf(a, "[a](x%.*s)", STR(path));
    CHECK_STR(html_max(a, in, 1, 1 << 20), S("<p>a</p>\n"));
}

TEST(limit_output)
{
    /* 9 bytes for the paragraph's tags and line end, the notice's 33 kept free. */
    struct str in = repeat(a, S("y"), 100);
    size_t notice = strlen("<p class=\"truncated\">[…]</p>\n");
    struct str whole = html_max(a, in, 1, 1000);

    CHECK_INT(whole.len, 108);
    CHECK_STR(html_max(a, in, 1, 108 + notice + 5), whole);
    struct str cut = html_max(a, in, 1, 80);
    CHECK(cut.len <= 80);
    CHECK(str_starts(cut, S("<p>yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy")));
    CHECK(str_ends(cut, S("y</p>\n<p class=\"truncated\">[…]</p>\n")));
    CHECK_STR(html_max(a, in, 1, notice), S("<p class=\"truncated\">[…]</p>\n"));
    CHECK_STR(html_max(a, in, 1, notice - 1), S(""));
    CHECK_STR(html_max(a, in, 1, 0), S(""));
}

/* Every opened tag is closed, in order. */
static bool balanced(struct str s)
{
    struct str stack[200];
    size_t depth = 0;

    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] != '<')
            continue;
        struct str rest = str_slice(s, i + 1, s.len), name;
        bool closing = str_starts(rest, S("/"));
        rest = str_slice(rest, closing, str_find(rest, '>'));
        str_cut(rest, ' ', &name);
        if (str_eq(name, S("br")) || str_eq(name, S("hr")) || str_eq(name, S("input")))
            continue;
        if (closing && (depth == 0 || !str_eq(stack[--depth], name)))
            return false;
        if (!closing && depth == 200)
            return false;
        if (!closing)
            stack[depth++] = name;
    }
    return depth == 0;
}

TEST(cut_anywhere_stays_well_formed)
{
    struct str in = S("# T *e*\n\n> - [a **b**](/c) ![i](j)\n>   1. `x` <y>\n>\n>      ~~z~~\n\n"
                      "|a|b|\n|---|:-:|\n|[1](2)|\xd0\xb6\xd0\xb6\xd0\xb6|\n\n```c\nint "
                      "a;\n```\n\n- [x] done  \nnow\n");
    struct str whole = html_max(a, in, 2, 4000);

    CHECK(balanced(whole));
    for (size_t max = 0; max < whole.len + 50; max++) {
        struct str got = html_max(a, in, 2, max);
        CHECK(got.len <= max);
        CHECK(balanced(got));
        CHECK(max < 40 || got.len == whole.len || str_ends(got, S("[…]</p>\n")));
    }
}

TEST(limit_depth)
{
    struct str shallow = str_printf(a, "%.*sx", STR(repeat(a, S(">"), MARKDOWN_MAX_DEPTH - 1)));
    struct str deep = str_printf(a, "%.*sx", STR(repeat(a, S(">"), MARKDOWN_MAX_DEPTH)));

    CHECK(str_contains(html_max(a, shallow, 1, 1 << 20), S("<p>x</p>")));
    CHECK(str_contains(html_max(a, deep, 1, 1 << 20), S("<blockquote>\nx</blockquote>")));
    struct str got = html_max(a, str_printf(a, "%.*s[x](/y)", STR(repeat(a, S("> "), 2000))), 1,
        1 << 20);
    CHECK(balanced(got) && str_contains(got, S("\nx<")));
}

TEST(limit_input)
{
    struct str at = repeat(a, S("y"), MARKDOWN_MAX_INPUT);
    struct str past = str_printf(a, "%.*s", STR(repeat(a, S("ж"), MARKDOWN_MAX_INPUT / 2 + 1)));

    CHECK_INT(html_max(a, at, 1, 2 << 20).len, MARKDOWN_MAX_INPUT + 8);
    struct str got = html_max(a, past, 1, 2 << 20);
    CHECK(str_ends(got, S("ж</p>\n<p class=\"truncated\">[…]</p>\n")));
    got = html_max(a, str_printf(a, "y%.*s", STR(past)), 1, 2 << 20);
    CHECK(str_ends(got, S("ж</p>\n<p class=\"truncated\">[…]</p>\n")));
}

/* The parser leaves a strikethrough here that it never entered. */
TEST(unpaired_spans)
{
    CHECK_STR(html(a, "> [a](b~c)~ d"), S("<blockquote>\n<p><a href=\"b~c\" "
        "rel=\"nofollow noopener ugc\">a</a> d</p>\n</blockquote>\n"));
    CHECK_STR(
        html(a, "[a](b~c)~ [d](e)"), S("<p><a href=\"b~c\" rel=\"nofollow noopener ugc\">a</a> "
                                       "<a href=\"e\" rel=\"nofollow noopener ugc\">d</a></p>\n"));
    CHECK_STR(plain(a, "[a](b~c)~ [d](e)"), S("a (b~c) d (e)\n"));
}

/* The parser looks past the end of what it is given; what lies there must not show. */
TEST(ends_where_it_ends)
{
    static const char *const docs[] = {"a <", "[a]", "[a](", "![", "a*", "~~", "`", "<b", "&am",
        "www.x.y", "http://x.y", "me@x.y", "| a |\n|---|\n| b", "- [x", "```", "# a #", "a\\"};

    for (size_t i = 0; i < sizeof docs / sizeof *docs; i++) {
        struct str whole = str_printf(a, "%s(https://leak.example/)b>c;*~~`]: /leak", docs[i]);
        struct str part = str_slice(whole, 0, strlen(docs[i]));
        CHECK_STR(html_max(a, part, 1, 1000), html(a, docs[i]));
        CHECK(!str_contains(html_max(a, part, 1, 1000), S("leak")));
    }
}

TEST(bombs_stay_within_the_cap)
{
    struct buf in;
    size_t cap = 256 << 10;

    /* A long target, referenced as often as 80 KB allow. */
    buf_init(&in, a, 80 << 10);
    buf_printf(&in, "[a]: /%.*s\n\n", STR(repeat(a, S("u"), MARKDOWN_MAX_TARGET - 1)));
    while (in.len < in.max - 4)
        buf_add(&in, S("[a] "));
    struct str got = html_max(a, buf_str(&in), 1, cap);
    CHECK(got.len <= cap && got.len > cap / 2);
    CHECK(balanced(got));
    CHECK(str_ends(got, S("[…]</p>\n")));
    /* Wide table, short rows. */
    buf_init(&in, a, 80 << 10);
    buf_printf(
        &in, "%.*s\n%.*s\n", STR(repeat(a, S("|a"), 10000)), STR(repeat(a, S("|---"), 10000)));
    while (in.len < in.max - 3)
        buf_add(&in, S("|b\n"));
    got = html_max(a, buf_str(&in), 1, cap);
    CHECK(got.len <= cap && balanced(got));
    static const char *const units[] = {">", "- ", "*", "**a ", "[", "![", "[a](", "<", "`", "_a*",
        "&", "\\", "|", "~~", "[a]: ", "1. ", "a\n\n\t", "http://", "#", "![[]()"};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct str unit = str_from(units[i]);
        got = html_max(a, repeat(a, unit, 20000 / unit.len), 1, cap);
        CHECK(got.len <= cap && balanced(got));
    }
}

TEST(text_is_one_line_per_block)
{
    static const struct example list[] = {
        {"# A *b*\n\nc\nd  \ne `f`\n\n- g\n- h\n  - i", "A b\nc d e f\ng\nh\ni\n"},
        {"|a|b|\n|---|---|\n|1||\n|3|4|", "a | b\n1 | \n3 | 4\n"},
        {"```\nls\n\ncat\n```\nx", "ls\n\ncat\nx\n"},
        {"&amp; &#x436; &unknown; &Tab;<b>", "& ж &unknown; \t<b>\n"},
        {"[a](/b) <https://c.d> www.e.f g@h.i [](/j) [k](javascript:l) ![m](n)",
            "a (/b) https://c.d www.e.f g@h.i /j k m (n)\n"},
        {"> a\n\n---\n\nb", "a\nb\n"},
    };

    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        CHECK_STR(plain(a, list[i].in), str_from(list[i].want));
}

TEST(text_stops_when_full)
{
    struct buf out;

    buf_init(&out, a, 10);
    buf_add(&out, S("before"));
    markdown_text(&out, S("# abc\n\ndefghijkl"));
    CHECK(out.full);
    CHECK_STR(buf_str(&out), S("beforeabc\n"));
}
