#include "test.h"

#include "base/buf.h"
#include "text/html.h"

TEST(escape)
{
    struct buf out;

    buf_init(&out, a, 100);
    html_escape(&out, S("<a href=\"x\">Tom & 'Ada' ж</a>"));
    CHECK_STR(buf_str(&out),
        S("&lt;a href=&quot;x&quot;&gt;Tom &amp; &#39;Ada&#39; ж&lt;/a&gt;"));
    buf_init(&out, a, 100);
    html_escape(&out, S(""));
    html_escape(&out, STR_NONE);
    CHECK_STR(buf_str(&out), S(""));
}

TEST(escape_tail_leaves_the_beginning_alone)
{
    struct buf out;

    buf_init(&out, a, 100);
    buf_add(&out, S("<b>"));
    buf_add(&out, S("'<&>\""));
    html_escape_tail(&out, 3);
    CHECK_STR(buf_str(&out), S("<b>&#39;&lt;&amp;&gt;&quot;"));
    html_escape_tail(&out, out.len);
    CHECK_INT(out.len, 27);
}

TEST(escape_tail_at_the_limit)
{
    struct buf out;

    buf_init(&out, a, 9);
    buf_add(&out, S("abcd<&"));
    html_escape_tail(&out, 5);
    CHECK(out.full);
    CHECK_STR(buf_str(&out), S("abcd<&"));
    buf_init(&out, a, 10);
    buf_add(&out, S("abcd<&"));
    html_escape_tail(&out, 5);
    CHECK(!out.full);
    CHECK_STR(buf_str(&out), S("abcd<&amp;"));
}
