/* The war room's rules: when, who, the beat of check-ins, the scribe's line, names. */
#include "domain/incident.h"
#include "domain/pack.h"
#include "domain/room.h"
#include "test.h"

static struct pack_severity severities[] = {{.rank = 1, .id = {"SEV1", 4}}, {.rank = 2, .id = {"SEV2", 4}}};

static struct pack make_pack(int64_t after_us)
{
    return (struct pack){.severities = severities, .nseverities = 2,
        .war_room = {.ranks = 1 << 1, .after_us = after_us, .check_in_us = 5 * MINUTE_US}};
}

TEST(the_pack_says_when)
{
    struct pack p = make_pack(30 * MINUTE_US);
    struct incident i = {.severity = S("SEV1"), .status = S("investigating"), .is_open = true,
        .detected_at = {1000 * MINUTE_US}};
    instant at = {0};

    CHECK(room_wanted(&p, &i, &at));
    CHECK_INT(at.us, 1030 * MINUTE_US);
    p = make_pack(0);
    CHECK(room_wanted(&p, &i, &at));
    CHECK_INT(at.us, 1000 * MINUTE_US);
    i.status = S("monitoring");
    CHECK(!room_wanted(&p, &i, &at));
    i.status = S("triage");
    CHECK(room_wanted(&p, &i, &at));
    i.severity = S("SEV2");
    CHECK(!room_wanted(&p, &i, &at));
    i.severity = STR_NONE;
    CHECK(!room_wanted(&p, &i, &at));
    i.severity = S("SEV1");
    i.is_open = false;
    CHECK(!room_wanted(&p, &i, &at));
    i.is_open = true;
    p.war_room.check_in_us = 0;
    CHECK(!room_wanted(&p, &i, &at));
}

TEST(no_spectators)
{
    CHECK_STR(room_admit(true, STR_NONE), S("joined"));
    CHECK_STR(room_admit(false, S("I know the storage")), S("waiting"));
    CHECK_STR(room_admit(false, S("")), S("refused"));
}

TEST(a_check_in_is_missed_after_its_grace)
{
    const instant due = {1000 * MINUTE_US};
    const int64_t period = 5 * MINUTE_US;
    static const struct {
        int64_t now, missed, next; /* seconds after due */
    } cases[] = {
        {-300, 0, 0}, {0, 0, 0}, {59, 0, 0}, {60, 1, 300}, {359, 1, 300}, {360, 2, 600}, {3600, 12, 3600},
        {3660, 13, 3900},
    };

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        instant next;
        CHECK_INT(room_missed(due, period, instant_add(due, cases[k].now * SECOND_US), &next), cases[k].missed);
        CHECK_INT((next.us - due.us) / SECOND_US, cases[k].next);
    }
}

TEST(missed_ones_are_said_at_powers_of_two)
{
    int64_t said = 0;

    for (int64_t n = 0; n < 100; n++)
        said += room_missed_said(n, n + 1);
    CHECK_INT(said, 7); /* 1 2 4 8 16 32 64 */
    CHECK(room_missed_said(0, 1) && room_missed_said(3, 4) && !room_missed_said(2, 3));
    CHECK(room_missed_said(5, 13)); /* 8 was passed */
    CHECK(!room_missed_said(5, 7) && !room_missed_said(1, 1) && !room_missed_said(0, 0));
}

TEST(the_scribes_line)
{
    static const struct {
        const char *line, *kind, *text;
    } cases[] = {
        {"! Roll back", "decision", "Roll back"}, {"!Roll back", "decision", "Roll back"},
        {"> restarted pay-3", "action", "restarted pay-3"}, {"? why now", "question", "why now"},
        {"it is raining", "note", "it is raining"}, {"  ! x", "decision", "x"}, {"!", "note", "!"},
        {"a ! b", "note", "a ! b"}, {"", "note", ""},
    };

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct str text, kind = scribe_kind(str_from(cases[k].line), &text);
        CHECK_STR(kind, str_from(cases[k].kind));
        CHECK_STR(text, str_from(cases[k].text));
    }
}

TEST(channels_are_what_chats_take)
{
    char longest[ROOM_CHANNEL_MAX + 2];

    CHECK_STR(room_channel(a, S("incident-INC-20261121-001")), S("incident-inc-20261121-001"));
    CHECK_STR(room_channel(a, S("#inc a/b\n")), S("incab"));
    __builtin_memset(longest, 'x', sizeof longest);
    CHECK_INT(room_channel(a, (struct str){longest, ROOM_CHANNEL_MAX}).len, ROOM_CHANNEL_MAX);
    CHECK_INT(room_channel(a, (struct str){longest, ROOM_CHANNEL_MAX + 1}).len, ROOM_CHANNEL_MAX);
}
