#include "domain/room.h"

#include "base/buf.h"
#include "domain/incident.h"
#include "domain/pack.h"

const struct field war_room_fields[] = {
    FIELD(struct war_room, incident_id, .doc = "Incident it belongs to"),
    FIELD(struct war_room, channel, .doc = "Name of the chat channel, without the #"),
    FIELD(struct war_room, bridge, .flags = FIELD_NULLABLE, .doc = "Voice or video bridge"),
    FIELD(struct war_room, backup, .flags = FIELD_NULLABLE, .doc = "Bridge to use when the first one fails"),
    FIELD(struct war_room, phone, .flags = FIELD_NULLABLE, .doc = "Telephone bridge, with its code"),
    FIELD(struct war_room, opened_at, .doc = "When it was opened"),
    FIELD(struct war_room, opened_by, .doc = "Who opened it; `system`: the pack's rule"),
    FIELD(struct war_room, closed_at, .flags = FIELD_NULLABLE, .doc = "When it was closed; null: it is open"),
    FIELD(struct war_room, check_ins, .doc = "Check-ins held"),
    FIELD(struct war_room, missed, .doc = "Check-ins missed"),
    FIELD(struct war_room, missed_in_a_row, .doc = "Check-ins missed since the last one held"),
    FIELD(struct war_room, next_check_in_at, .flags = FIELD_NULLABLE, .doc = "When the next one is due"),
    FIELD(struct war_room, version, .doc = "Rises with every change"),
    {0},
};

#define LINK_MAX 500
const struct field room_settings_fields[] = {
    FIELD(struct room_settings, bridge, .flags = FIELD_NULLABLE, .max = LINK_MAX, .doc = "Permanent bridge for voice and video, an https:// link", .example = "https://meet.example.org/war-room"),
    FIELD(struct room_settings, backup, .flags = FIELD_NULLABLE, .max = LINK_MAX, .doc = "Bridge at another provider, for when the first one fails"),
    FIELD(struct room_settings, phone, .flags = FIELD_NULLABLE, .max = 100, .doc = "Telephone bridge, with its code", .example = "+44 20 7946 0000, 123456#"),
    {0},
};

static const char *const person_states[] = {"waiting", "joined", "refused", "left", NULL};

const struct field room_person_fields[] = {
    FIELD(struct room_person, incident_id, .flags = FIELD_READONLY, .doc = "Incident of the room"),
    FIELD(struct room_person, user_id, .flags = FIELD_READONLY, .doc = "Who"),
    FIELD(struct room_person, name, .flags = FIELD_READONLY, .doc = "Their name"),
    FIELD(struct room_person, state, .choices = person_states, .flags = FIELD_READONLY, .doc = "waiting, joined, refused (no spectators) or left"),
    FIELD(struct room_person, purpose, .flags = FIELD_NULLABLE | FIELD_READONLY, .max = 200, .doc = "What they can do there"),
    FIELD(struct room_person, since, .flags = FIELD_READONLY, .doc = "Since when"),
    {0},
};

const struct field room_join_fields[] = {
    FIELD(struct room_join, purpose, .flags = FIELD_NULLABLE, .max = 200, .doc = "What you can do there; who has a role need not say"),
    {0},
};

static const char *const admissions[] = {"joined", "refused", "left", NULL};

const struct field room_admission_fields[] = {
    FIELD(struct room_admission, state, .flags = FIELD_REQUIRED, .choices = admissions, .doc = "joined: let in; refused; left: sent away, or gone oneself"),
    {0},
};

#define ANSWER(n) FIELD(struct check_in, answer_##n, .flags = FIELD_MULTILINE, .max = 1000, .doc = "Answer to question " #n " of the pack")
const struct field check_in_fields[] = {
    ANSWER(1), ANSWER(2), ANSWER(3), ANSWER(4), ANSWER(5), {0},
};

const struct field resource_fields[] = {
    FIELD(struct resource, id, .flags = FIELD_READONLY, .doc = "Id, `res_…`"),
    FIELD(struct resource, incident_id, .flags = FIELD_READONLY, .doc = "Incident it is about"),
    FIELD(struct resource, user_id, .flags = FIELD_READONLY, .doc = "Who"),
    FIELD(struct resource, name, .flags = FIELD_READONLY, .doc = "Their name"),
    FIELD(struct resource, work, .flags = FIELD_READONLY, .max = 200, .doc = "What they work on"),
    FIELD(struct resource, from_at, .flags = FIELD_READONLY, .doc = "Since when"),
    FIELD(struct resource, until_at, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "Until when; null: still"),
    {0},
};

const struct field resource_input_fields[] = {
    FIELD(struct resource_input, user_id, .flags = FIELD_NULLABLE, .max = 64, .doc = "Who; empty: you"),
    FIELD(struct resource_input, work, .flags = FIELD_NULLABLE, .max = 200, .doc = "What they work on from now on; empty: nothing any more"),
    {0},
};

const struct field scribe_input_fields[] = {
    FIELD(struct scribe_input, text, .flags = FIELD_REQUIRED, .max = 4000, .doc = "What happens; ! begins a decision, > an action, ? a question"),
    {0},
};

struct str check_in_answer(const struct check_in *in, size_t k)
{
    const struct str answers[ROOM_QUESTIONS] = {in->answer_1, in->answer_2, in->answer_3, in->answer_4, in->answer_5};

    return answers[k];
}

bool room_wanted(const struct pack *p, const struct incident *i, instant *at)
{
    const struct pack_severity *s = i->severity.len ? pack_severity_find(p, i->severity) : NULL;

    if (!s || !pack_applies(p->war_room.ranks, s->rank) || p->war_room.check_in_us <= 0 || !i->is_open ||
        str_eq(i->status, S("monitoring")))
        return false;
    *at = instant_add(i->detected_at, p->war_room.after_us);
    return true;
}

struct str room_admit(bool expected, struct str purpose)
{
    return expected ? S("joined") : purpose.len ? S("waiting") : S("refused");
}

int64_t room_grace_us(int64_t period_us)
{
    return period_us / 5;
}

int64_t room_missed(instant due, int64_t period_us, instant now, instant *next)
{
    int64_t late = now.us - due.us - room_grace_us(period_us);
    int64_t n = late < 0 ? 0 : 1 + late / period_us;

    *next = instant_add(due, n * period_us);
    return n;
}

bool room_missed_said(int64_t before, int64_t after)
{
    for (int64_t k = 1; k <= after && k > 0; k *= 2)
        if (k > before)
            return true;
    return false;
}

struct str scribe_kind(struct str line, struct str *text)
{
    static const struct {
        char prefix;
        const char *kind;
    } kinds[] = {{'!', "decision"}, {'>', "action"}, {'?', "question"}};

    *text = str_trim(line);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        if (text->len > 1 && text->ptr[0] == kinds[k].prefix) {
            *text = str_trim(str_slice(*text, 1, text->len));
            return str_from(kinds[k].kind);
        }
    return S("note");
}

struct str room_channel(struct arena *a, struct str name)
{
    struct str lower = str_lower(a, name);
    struct buf b;

    buf_init(&b, a, ROOM_CHANNEL_MAX + 1);
    for (size_t k = 0; k < lower.len && b.len < ROOM_CHANNEL_MAX; k++) {
        char c = lower.ptr[k];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        if (plain)
            buf_addc(&b, c);
    }
    return buf_str(&b);
}
