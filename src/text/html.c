#include "text/html.h"

#include "base/buf.h"

static struct str reference(char c)
{
    switch (c) {
    case '&': return S("&amp;");
    case '<': return S("&lt;");
    case '>': return S("&gt;");
    case '"': return S("&quot;");
    case '\'': return S("&#39;");
    default: return STR_NONE;
    }
}

void html_escape(struct buf *out, struct str s)
{
    size_t from = 0;

    for (size_t i = 0; i < s.len; i++) {
        struct str ref = reference(s.ptr[i]);
        if (!ref.ptr)
            continue;
        buf_add(out, str_slice(s, from, i));
        buf_add(out, ref);
        from = i + 1;
    }
    buf_add(out, str_slice(s, from, s.len));
}

void html_escape_tail(struct buf *out, size_t from)
{
    size_t more = 0;

    for (size_t i = from; i < out->len; i++) {
        struct str ref = reference(out->ptr[i]);
        more += ref.ptr ? ref.len - 1 : 0;
    }
    if (more == 0 || !buf_room(out, more))
        return;
    size_t to = out->len + more;
    for (size_t i = out->len; i > from; i--) {
        struct str ref = reference(out->ptr[i - 1]);
        if (!ref.ptr)
            ref = (struct str){&out->ptr[i - 1], 1};
        for (size_t k = ref.len; k > 0; k--)
            out->ptr[--to] = ref.ptr[k - 1];
    }
    out->len += more;
}
