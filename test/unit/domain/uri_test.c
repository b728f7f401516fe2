#include "domain/uri.h"

#include "test.h"

/* Verdicts of a real Alertmanager 0.25.0. */
TEST(verdicts_are_alertmanagers)
{
    static const char *const good[] = {
        "http://vm:28090/graph?g0.expr=vector%281%29+%3D%3D+1&g0.tab=1", "/x y", "mailto:x", "*",
        "http://[::1]:90/", "http://é/", "http://", "http://a/<b>|^", "http://a<b/",
        "http://u:p@h/", "http://%c3%a9%25/", "//a b/", "///p", "http:///", "http:a"};
    static const char *const bad[] = {"", "not a url", "x", "http://a b/", "http://a:xx/",
        "http://a/%zz", ":x", "1a:x", "http://u p@h/", "http://%41/", "http://a/\x7f"};

    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!uri_valid(str_from(good[i])))
            test_fail(t, __FILE__, __LINE__, "refused: %s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (uri_valid(str_from(bad[i])))
            test_fail(t, __FILE__, __LINE__, "accepted: %s", bad[i]);
}

TEST(cut_short_it_reads_nothing_past_the_end)
{
    struct str s = S("https://u:p@[::1]:90/%20?%zz#%");

    for (size_t n = 0; n <= s.len; n++)
        uri_valid((struct str){str_copy(a, str_slice(s, 0, n)).ptr, n});
    CHECK(uri_valid(str_slice(s, 0, s.len - 2)));
    CHECK(uri_valid(S("/%20")) && !uri_valid(str_slice(S("/%20"), 0, 3)) &&
          !uri_valid(S("http://h%2/")));
    CHECK(!uri_valid(S("http://[::1/")) && !uri_valid(S("http://[::1]x/")));
}
