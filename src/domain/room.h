/* The war room: when the method wants one, who is let in, the check-ins with their questions, who works
 * on what, and the scribe's line. The room itself is a bridge and a channel elsewhere; this is what is
 * known and kept of it. */
#pragma once

#include "base/field.h"

struct pack;
struct incident;

#define ROOM_QUESTIONS 5 /* that a check-in shows; a pack may have more in its document */

struct war_room {
    struct str incident_id;
    struct str channel;               /* without the # */
    struct str bridge, backup, phone; /* as they were in the settings when it opened */
    instant opened_at;
    struct str opened_by; /* a user's id, or "system": by the pack's rule */
    instant closed_at;
    int64_t check_ins, missed, missed_in_a_row;
    instant next_check_in_at;
    int64_t version;
};
extern const struct field war_room_fields[];

struct room_settings { /* the installation's permanent bridges */
    struct str bridge, backup, phone;
};
extern const struct field room_settings_fields[];

struct room_person {
    struct str incident_id;
    struct str user_id;
    struct str name;
    struct str state;   /* waiting, joined, refused, left */
    struct str purpose; /* what they can do there */
    instant since;
};
extern const struct field room_person_fields[];

struct room_join {
    struct str purpose;
};
extern const struct field room_join_fields[];

struct room_admission {
    struct str state; /* joined, refused, left */
};
extern const struct field room_admission_fields[];

struct check_in {
    struct str answer_1, answer_2, answer_3, answer_4, answer_5;
};
extern const struct field check_in_fields[];
/* The k-th answer, from 0; k < ROOM_QUESTIONS. */
struct str check_in_answer(const struct check_in *in, size_t k);

/* A person and what they work on. Who begins something new has ended what they did before. */
struct resource {
    struct str id;
    struct str incident_id;
    struct str user_id;
    struct str name;
    struct str work;
    instant from_at, until_at; /* until_at unset: still */
};
extern const struct field resource_fields[];

struct resource_input {
    struct str user_id; /* empty: oneself */
    struct str work;    /* empty: nothing any more */
};
extern const struct field resource_input_fields[];

struct scribe_input {
    struct str text;
};
extern const struct field scribe_input_fields[];

/* When the pack wants a room for the incident as it is; false if it wants none: too mild, not open, or
 * only being watched. The moment may be past. */
bool room_wanted(const struct pack *p, const struct incident *i, instant *at);

/* What becomes of somebody who asks to come in: whoever has a role or was asked to come is let in, who
 * says what they can do waits for the commander, who only wants to watch is refused. */
struct str room_admit(bool expected, struct str purpose);

/* Check-ins are due every `period_us`; one is missed when it has not come this long after. */
int64_t room_grace_us(int64_t period_us);
/* How many have been missed by now if `due` was the next, and when the one after them is due. */
int64_t room_missed(instant due, int64_t period_us, instant now, instant *next);
/* Missed ones are spoken of at the 1st, 2nd, 4th, 8th… in a row: nobody reads the same line for hours. */
bool room_missed_said(int64_t before, int64_t after);

/* "!" a decision, ">" an action, "?" a question; a note otherwise. *text is what is left. */
struct str scribe_kind(struct str line, struct str *text);

#define ROOM_CHANNEL_MAX 80
/* What chat systems take as a channel's name. */
struct str room_channel(struct arena *a, struct str name);
