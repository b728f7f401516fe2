#include "text/compress.h"

#include <brotli/decode.h>
#include <string.h>
#include <zlib.h>

#include "test.h"

static struct str page(struct arena *a, size_t n)
{
    char *p = arena_alloc(a, n + 1, 1);

    for (size_t i = 0; i < n; i++)
        p[i] = "<p>status</p>\n"[i % 14];
    return (struct str){p, n};
}

TEST(what_is_packed_is_unpacked_the_same)
{
    for (size_t n = 200; n < 300000; n *= 7) {
        struct str in = page(a, n), gz = compress_gzip(a, in), br = compress_brotli(a, in);
        unsigned char *out = arena_alloc(a, n + 1, 1);
        size_t size = n + 1;
        z_stream z = {.next_in = (Bytef *)(uintptr_t)gz.ptr, .avail_in = (uInt)gz.len, .next_out = out, .avail_out = (uInt)n + 1};

        CHECK(gz.len && gz.len < n && br.len && br.len < n);
        CHECK(inflateInit2(&z, 31) == Z_OK && inflate(&z, Z_FINISH) == Z_STREAM_END && z.total_out == n);
        inflateEnd(&z);
        CHECK(memcmp(out, in.ptr, n) == 0);
        CHECK(BrotliDecoderDecompress(br.len, (const uint8_t *)br.ptr, &size, out) == BROTLI_DECODER_RESULT_SUCCESS);
        CHECK(size == n && memcmp(out, in.ptr, n) == 0);
        CHECK_STR(compress_gzip(a, in), gz); /* same input, same bytes */
    }
}

TEST(what_does_not_get_smaller_is_left_alone)
{
    CHECK(!compress_gzip(a, S("")).ptr && !compress_brotli(a, S("")).ptr);
    CHECK(!compress_gzip(a, S("x")).ptr && !compress_brotli(a, S("x")).ptr);
}
