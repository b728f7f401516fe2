#include "text/compress.h"

#include <brotli/encode.h>
#include <zlib.h>

#include "base/arena.h"

#define GZIP_WINDOW (15 + 16) /* 16: with gzip's header and trailer */
#define GZIP_LEVEL 6
#define BROTLI_LEVEL 9 /* 10 and 11 take fifty times as long */
#define BROTLI_WINDOW 18

struct str compress_gzip(struct arena *a, struct str in)
{
    char *out = arena_alloc(a, in.len + 1, 1);
    z_stream z = {.next_in = (Bytef *)(uintptr_t)in.ptr, .avail_in = (uInt)in.len, .next_out = (Bytef *)out,
        .avail_out = (uInt)in.len};

    if (in.len == 0 || in.len > UINT32_MAX || deflateInit2(&z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return STR_NONE;
    bool done = deflate(&z, Z_FINISH) == Z_STREAM_END; /* it is not when `out` is full */
    struct str made = {out, z.total_out};
    deflateEnd(&z);
    return done ? made : STR_NONE;
}

struct str compress_brotli(struct arena *a, struct str in)
{
    uint8_t *out = arena_alloc(a, in.len + 1, 1);
    size_t n = in.len;

    return in.len && BrotliEncoderCompress(BROTLI_LEVEL, BROTLI_WINDOW, BROTLI_MODE_TEXT, in.len, (const uint8_t *)in.ptr, &n, out)
        ? (struct str){(char *)out, n} : STR_NONE;
}
