/* Hypotheses: what might be the cause, which of them to test first, and what became of each.
 *
 *   proposed ─▶ testing ⇄ supported      any of these ─▶ refuted, confirmed; and back to testing
 *
 * A hypothesis is tested against the clock: when its time-box is over it says so, and its owner goes
 * on, or goes on to the next. One that was refuted stays: it is what nobody has to try again. */
#pragma once

#include "base/field.h"

extern const char *const hypothesis_states[], *const finding_says[];
#define HYPOTHESIS_MAX 100 /* of an incident */
#define FINDING_MAX 500

struct hypothesis {
    struct str id;
    struct str incident_id;
    struct str text;
    int64_t likelihood, impact; /* 1–5 each */
    struct str test;            /* how one would know */
    struct str owner_id;
    int64_t timebox;            /* µs a test may take; 0: as long as it takes */
    struct str state;
    instant due_at;             /* end of the time-box while testing */
    bool is_over;               /* it has passed */
    struct str change_id;       /* the change that it suspects */
    struct str author_name;
    instant created_at, updated_at;
};
extern const struct field hypothesis_fields[];

struct hypothesis_input {
    struct str text, test, owner_id, change_id, state, reason;
    int64_t likelihood, impact, timebox;
};
/* A new one, and an edit: there `reason` says what moved it. */
extern const struct field hypothesis_new_fields[], hypothesis_edit_fields[];

struct finding {
    struct str id;
    struct str hypothesis_id;
    struct str incident_id;
    struct str says; /* for, against, unclear */
    struct str text;
    struct str author_name;
    instant at;
};
extern const struct field finding_fields[];

/* 1–25: likelihood × impact. */
int64_t hypothesis_rank(const struct hypothesis *h);
/* Best first: what is confirmed, then by rank, at the same rank what is furthest and oldest; what is
 * refuted comes last. */
void hypotheses_sort(struct hypothesis *h, size_t n);
/* Moves it; to refute or to confirm needs a reason. Testing starts the time-box, also anew. CONFLICT
 * when there is no such edge. */
bool hypothesis_move(struct hypothesis *h, struct str to, struct str reason, instant now, struct error *err);
