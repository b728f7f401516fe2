#include "cli/text.h"

#include "test.h"

TEST(width_counts_columns)
{
    CHECK_INT(cli_width(S("")), 0);
    CHECK_INT(cli_width(S("plain")), 5);
    CHECK_INT(cli_width(S("Ärger")), 5);
    CHECK_INT(cli_width(S("A\u0308rger")), 5); /* combining */
    CHECK_INT(cli_width(S("Тревога")), 7);
    CHECK_INT(cli_width(S("決済")), 4);
    CHECK_INT(cli_width(S("결제")), 4);
    CHECK_INT(cli_width(S("ｆｕｌｌ")), 8);
    CHECK_INT(cli_width(S("🔔")), 2);
    CHECK_INT(cli_width(S("a\u200bb")), 2); /* zero width space */
    CHECK_INT(cli_width(S("…")), 1);
    CHECK_INT(cli_width(S("\u10ff")), 1); /* just below the first wide one */
    CHECK_INT(cli_width(S("\u1100")), 2);
    CHECK_INT(cli_width(S("\u115f")), 2);
    CHECK_INT(cli_width(S("\u1160")), 1);
}

TEST(nothing_reaches_the_terminal_raw)
{
    CHECK_STR(cli_clean(a, S("plain text, Ärger 決済")), S("plain text, Ärger 決済"));
    CHECK_STR(cli_clean(a, S("\033[31mred")), S("\ufffd[31mred"));
    CHECK_STR(cli_clean(a, S("bell\a")), S("bell\ufffd"));
    CHECK_STR(cli_clean(a, S("del\x7f")), S("del\ufffd"));
    CHECK_STR(cli_clean(a, S("\xc2\x9b" "31m")), S("\ufffd31m")); /* CSI in one character */
    CHECK_STR(cli_clean(a, S("ab\u202ecd")), S("ab\ufffdcd")); /* right to left from here on */
    CHECK_STR(cli_clean(a, S("\u2066x\u2069")), S("\ufffdx\ufffd"));
    CHECK_STR(cli_clean(a, S("one\ntwo\tthree\r")), S("one two three "));
    CHECK_STR(cli_clean(a, S("\xff\xfe")), S("\ufffd\ufffd"));
    CHECK_STR(cli_clean(a, S("cut \xe6\xb1")), S("cut \ufffd\ufffd"));
    CHECK_STR(cli_clean_lines(a, S("one\ntwo\033")), S("one\ntwo\ufffd"));
    CHECK_STR(cli_clean(a, STR_NONE), S(""));
}

TEST(fit_cuts_at_whole_characters)
{
    CHECK_STR(cli_fit(a, S("checkout"), 8), S("checkout"));
    CHECK_STR(cli_fit(a, S("checkout"), 7), S("checko…"));
    CHECK_STR(cli_fit(a, S("checkout"), 1), S("…"));
    CHECK_STR(cli_fit(a, S("checkout"), 0), S(""));
    CHECK_STR(cli_fit(a, S("決済決済"), 8), S("決済決済"));
    CHECK_STR(cli_fit(a, S("決済決済"), 7), S("決済決…"));
    CHECK_STR(cli_fit(a, S("決済決済"), 6), S("決済…")); /* a half of a wide one does not fit */
}

TEST(spans_have_two_units_at_most)
{
    CHECK_STR(cli_span(a, 0), S("0s"));
    CHECK_STR(cli_span(a, -5), S("0s"));
    CHECK_STR(cli_span(a, 59 * SECOND_US + 999999), S("59s"));
    CHECK_STR(cli_span(a, MINUTE_US), S("1m"));
    CHECK_STR(cli_span(a, 61 * MINUTE_US + 59 * SECOND_US), S("1h 1m"));
    CHECK_STR(cli_span(a, HOUR_US), S("1h"));
    CHECK_STR(cli_span(a, DAY_US - 1), S("23h 59m"));
    CHECK_STR(cli_span(a, DAY_US), S("1d"));
    CHECK_STR(cli_span(a, 3 * DAY_US + 5 * HOUR_US + 59 * MINUTE_US), S("3d 5h"));
}

TEST(times_are_relative_and_absolute)
{
    instant now = {0};

    REQUIRE(time_parse(S("2026-11-21T03:21:30.5Z"), &now));
    CHECK_STR(cli_ago(a, now, now), S("now"));
    CHECK_STR(cli_ago(a, instant_add(now, -SECOND_US), now), S("1s ago"));
    CHECK_STR(cli_ago(a, instant_add(now, -12 * MINUTE_US), now), S("12m ago"));
    CHECK_STR(cli_ago(a, instant_add(now, 5 * MINUTE_US - 1000), now), S("in 5m"));
    CHECK_STR(
        cli_time(a, instant_add(now, -12 * MINUTE_US), now), S("2026-11-21 03:09Z (12m ago)"));
    CHECK_STR(cli_time(a, (instant){0}, now), S("-"));
    CHECK_STR(cli_time_short(a, instant_add(now, -12 * MINUTE_US), now), S("03:09Z (12m ago)"));
    CHECK_STR(cli_time_short(a, instant_add(now, -4 * HOUR_US), now), S("2026-11-20 (4h ago)"));
    CHECK_STR(cli_time_short(a, (instant){0}, now), S("-"));
}
