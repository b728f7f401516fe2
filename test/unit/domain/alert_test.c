#include "domain/alert.h"

#include "gen.h"
#include "test.h"

#define NOW ((instant){INT64_C(1795262400) * SECOND_US})
#define TIMEOUT (5 * MINUTE_US)

static instant at(int64_t seconds)
{
    return instant_add(NOW, seconds * SECOND_US);
}

/* Seconds from NOW; 0 = not given. */
static struct alert_in report(struct arena *a, int64_t starts, int64_t ends, struct str summary,
    instant now)
{
    struct alert_in in = {.labels = {arena_array(a, struct label, 2), 2},
        .annotations = {arena_array(a, struct label, 1), 1}};

    in.labels.v[0] = (struct label){S("severity"), S("page")};
    in.labels.v[1] = (struct label){S("alertname"), S("DiskFull")};
    in.annotations.v[0] = (struct label){S("summary"), summary};
    in.starts_at = starts ? at(starts) : (instant){0};
    in.ends_at = ends ? at(ends) : (instant){0};
    alert_in_finish(a, &in, now, TIMEOUT);
    return in;
}

TEST(finish_applies_defaults)
{
    struct alert_in in = report(a, 0, 0, S("s"), NOW);

    CHECK_INT(in.starts_at.us, NOW.us);
    CHECK_INT(in.ends_at.us, NOW.us + TIMEOUT);
    CHECK(in.timeout);
    CHECK_STR(in.labels_text, S("{\"alertname\":\"DiskFull\",\"severity\":\"page\"}"));
    CHECK_STR(in.annotations_text, S("{\"summary\":\"s\"}"));
    CHECK_INT(in.fingerprint, (int64_t)labels_fingerprint(&in.labels));
    CHECK(in.generator_url.ptr && !in.generator_url.len);

    in = report(a, 0, -60, S("s"), NOW);
    CHECK_INT(in.starts_at.us, at(-60).us);
    CHECK(!in.timeout);

    in = report(a, 3600, 0, S("s"), NOW);
    CHECK_INT(in.ends_at.us, at(3600).us + TIMEOUT);
}

TEST(first_report_is_an_episode)
{
    struct alert_in in = report(a, -10, 240, S("s"), NOW);
    struct alert row;

    CHECK_INT(alert_merge(NULL, &in, NOW, &row), ALERT_NEW);
    CHECK(row.firing && !row.timeout);
    CHECK_INT(row.count, 1);
    CHECK_INT(row.previous_id, 0);
    CHECK_STR(row.name, S("DiskFull"));
    CHECK_STR(row.severity, S("page"));
    CHECK_INT(row.starts_at.us, at(-10).us);
    CHECK_INT(row.ends_at.us, at(240).us);
    CHECK_INT(row.received_at.us, NOW.us);
    CHECK_INT(row.updated_at.us, NOW.us);
    CHECK(!instant_is_set(row.resolved_at));
}

TEST(no_name_is_an_empty_name)
{
    struct alert_in in = report(a, 0, 0, S("s"), NOW);
    struct alert row;

    in.labels.n = 0;
    alert_merge(NULL, &in, NOW, &row);
    CHECK(row.name.ptr && !row.name.len && row.severity.ptr && !row.severity.len);
}

TEST(the_same_again_is_a_repeat)
{
    struct alert_in in = report(a, -10, 240, S("s"), NOW),
                    later = report(a, -10, 300, S("s"), at(60));
    struct alert row;

    alert_merge(NULL, &in, NOW, &row);
    CHECK_INT(alert_merge(&row, &in, NOW, &row), ALERT_REPEAT);
    CHECK_INT(row.count, 2);
    CHECK_INT(alert_merge(&row, &later, at(60), &row), ALERT_REPEAT);
    CHECK_INT(row.count, 3);
    CHECK_INT(row.ends_at.us, at(300).us);
    CHECK_INT(row.updated_at.us, at(60).us);
    CHECK_INT(row.received_at.us, NOW.us);
}

TEST(newest_words_and_earliest_start_win)
{
    struct alert_in in = report(a, -10, 240, S("one"), NOW),
                    words = report(a, -5, 240, S("two"), at(1)),
                    early = report(a, -100, 240, S("two"), at(2)),
                    link = report(a, -100, 240, S("two"), at(3));
    struct alert row;

    link.generator_url = S("http://g/");
    alert_merge(NULL, &in, NOW, &row);
    CHECK_INT(alert_merge(&row, &words, at(1), &row), ALERT_UPDATE);
    CHECK_STR(row.annotations, S("{\"summary\":\"two\"}"));
    CHECK_INT(row.starts_at.us, at(-10).us);
    CHECK_INT(alert_merge(&row, &early, at(2), &row), ALERT_UPDATE);
    CHECK_INT(row.starts_at.us, at(-100).us);
    CHECK_INT(alert_merge(&row, &link, at(3), &row), ALERT_UPDATE);
    CHECK_STR(row.generator_url, S("http://g/"));
    CHECK_INT(alert_merge(&row, &link, at(3), &row), ALERT_REPEAT);
}

TEST(a_given_end_beats_a_guess)
{
    struct alert_in given = report(a, -10, 900, S("s"), NOW),
                    guess = report(a, -10, 0, S("s"), NOW),
                    shorter = report(a, -10, 240, S("s"), NOW),
                    late = report(a, -10, 0, S("s"), at(800));
    struct alert row;

    alert_merge(NULL, &given, NOW, &row);
    alert_merge(&row, &guess, NOW, &row);
    CHECK_INT(row.ends_at.us, at(900).us);
    CHECK(!row.timeout);
    alert_merge(&row, &shorter, NOW, &row);
    CHECK_INT(row.ends_at.us, at(900).us);
    alert_merge(&row, &late, at(800), &row); /* the guess reaches further now */
    CHECK_INT(row.ends_at.us, at(1100).us);
    CHECK(row.timeout);
    alert_merge(&row, &given, at(801), &row); /* and is replaced by any word of a sender */
    CHECK_INT(row.ends_at.us, at(900).us);
    CHECK(!row.timeout);
}

TEST(an_end_that_has_come_resolves)
{
    struct alert_in in = report(a, -10, 900, S("one"), NOW),
                    over = report(a, -10, 50, S("two"), at(60)),
                    edge = report(a, -10, 60, S("one"), at(60)),
                    near = report(a, -10, 61, S("one"), at(60));
    struct alert fired, row;

    alert_merge(NULL, &in, NOW, &fired);
    fired.id = 7;
    CHECK_INT(alert_merge(&fired, &over, at(60), &row), ALERT_RESOLVE);
    CHECK(!row.firing);
    CHECK_INT(row.id, 7);
    CHECK_INT(row.ends_at.us, at(50).us);
    CHECK_INT(row.resolved_at.us, at(60).us);
    CHECK_STR(row.annotations, S("{\"summary\":\"two\"}"));
    CHECK_INT(alert_merge(&fired, &edge, at(60), &row), ALERT_RESOLVE);
    CHECK_INT(alert_merge(&fired, &near, at(60), &row), ALERT_REPEAT);
}

/* A sender whose clock is behind, or who gives only the end, may end an alert before it began. */
TEST(an_episode_never_ends_before_it_starts)
{
    struct alert_in in = report(a, -10, 240, S("s"), NOW), over = report(a, 0, -500, S("s"), NOW);
    struct alert row;

    alert_merge(NULL, &in, NOW, &row);
    CHECK_INT(alert_merge(&row, &over, NOW, &row), ALERT_RESOLVE);
    CHECK(row.starts_at.us <= row.ends_at.us);
}

TEST(a_resolve_for_nothing_is_stale)
{
    struct alert_in in = report(a, -10, 240, S("s"), NOW),
                    over = report(a, -10, 50, S("s"), at(60));
    struct alert row, untouched = {.id = -1};

    CHECK_INT(alert_merge(NULL, &over, at(60), &untouched), ALERT_STALE);
    alert_merge(NULL, &in, NOW, &row);
    alert_merge(&row, &over, at(60), &row);
    CHECK_INT(alert_merge(&row, &over, at(61), &untouched), ALERT_STALE);
    CHECK_INT(untouched.id, -1);
}

TEST(firing_again_is_a_new_episode)
{
    struct alert_in in = report(a, -10, 240, S("s"), NOW),
                    over = report(a, -10, 50, S("s"), at(60)),
                    again = report(a, 70, 400, S("s"), at(80));
    struct alert row, next;

    alert_merge(NULL, &in, NOW, &row);
    row.id = 7;
    row.incident_id = S("inc_1");
    alert_merge(&row, &over, at(60), &row);
    CHECK_INT(alert_merge(&row, &again, at(80), &next), ALERT_NEW);
    CHECK(next.firing && next.id == 0 && !next.incident_id.ptr);
    CHECK_INT(next.previous_id, 7);
    CHECK_INT(next.count, 1);
    CHECK_INT(next.starts_at.us, at(70).us);
    CHECK(!instant_is_set(next.resolved_at));
}

/* The engine has not come round yet: the row says firing, so it goes on. */
TEST(a_late_repeat_keeps_the_episode)
{
    struct alert_in in = report(a, -10, 60, S("s"), NOW), late = report(a, -10, 0, S("s"), at(90));
    struct alert row;

    alert_merge(NULL, &in, NOW, &row);
    CHECK_INT(alert_merge(&row, &late, at(90), &row), ALERT_REPEAT);
    CHECK(row.firing);
    CHECK_INT(row.ends_at.us, at(90).us + TIMEOUT);
}

TEST(merging_keeps_its_invariants)
{
    struct gen g = {3};
    struct alert row = {0};
    bool have = false;
    instant now = NOW;

    for (int i = 0; i < 20000; i++) {
        now = instant_add(now, (int64_t)gen_below(&g, 120) * SECOND_US);
        int64_t since = (now.us - NOW.us) / SECOND_US;
        int64_t starts = gen_below(&g, 3) ? since - (int64_t)gen_below(&g, 500) : 0;
        int64_t ends = gen_below(&g, 3) ? since + (int64_t)gen_below(&g, 700) - 200 : 0;
        struct alert_in in = report(a, starts, starts && ends && ends < starts ? starts : ends,
            gen_below(&g, 2) ? S("x") : S("y"), now);
        struct alert before = row, out = row;
        enum alert_change change = alert_merge(have ? &before : NULL, &in, now, &out);

        CHECK((change == ALERT_NEW || change == ALERT_STALE) == !(have && before.firing));
        if (change == ALERT_STALE)
            continue;
        CHECK(out.starts_at.us <= out.ends_at.us);
        CHECK(out.firing == !instant_is_set(out.resolved_at));
        CHECK(out.firing == (in.ends_at.us > now.us));
        CHECK_INT(out.count, change == ALERT_NEW ? 1 : before.count + 1);
        CHECK(change == ALERT_NEW || out.starts_at.us <= before.starts_at.us);
        CHECK_STR(out.annotations, in.annotations_text);
        if (out.firing) {
            struct alert twice;
            CHECK_INT(alert_merge(&out, &in, now, &twice), ALERT_REPEAT);
            CHECK_INT(twice.ends_at.us, out.ends_at.us);
            CHECK(twice.timeout == out.timeout);
        }
        row = out;
        have = true;
        if (t->failures)
            return;
    }
}

/* The rows of the table, in the order in which alert_insert takes them. */
TEST(fields_are_the_tables_columns)
{
    static const char *const columns[] = {"id", "service_id", "dedup", "fingerprint", "firing",
        "timeout", "name", "severity", "labels", "annotations", "generator_url", "starts_at",
        "ends_at", "received_at", "updated_at", "resolved_at", "count", "incident_id"};
    size_t n = 0;

    for (const struct field *f = alert_fields; f->name; f++)
        if (!(f->flags & FIELD_VIEW)) {
            REQUIRE(n < sizeof columns / sizeof *columns);
            CHECK_STR(str_from(f->name), str_from(columns[n++]));
        }
    CHECK_INT(n, sizeof columns / sizeof *columns);
}
