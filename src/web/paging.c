#include "web/paging.h"

#include "base/buf.h"
#include "net/url.h"

struct str paging_next(struct arena *a, const char *path, struct str after, int64_t limit)
{
    struct buf b;

    if (!after.ptr)
        return STR_NONE;
    buf_init(&b, a, 4096);
    buf_printf(&b, "%s?limit=%lld&after=", path, (long long)limit);
    url_encode(&b, after);
    return buf_str(&b);
}
