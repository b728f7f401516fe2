/* The scenario language; test/scenario/README.md describes it. */
#pragma once

#include "world.h"

#define MAX_WORDS 64

struct scenario {
    struct test *t;
    struct arena *arena; /* of one run */
    struct world *w;
    const char *file;
    int line;
    struct str words[MAX_WORDS]; /* of the line; words[0] is the command */
    size_t n;
};

/* Reports with the scenario's line and the engine; false. */
bool scenario_fail(struct scenario *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The word after `name`, or STR_NONE; looks from words[from] on. */
struct str word_after(const struct scenario *s, size_t from, const char *name);
bool has_word(const struct scenario *s, size_t from, const char *name);
/* The first quoted text of the line, or STR_NONE. */
struct str quoted(const struct scenario *s);
/* "#2" anywhere in the line: the second incident's number; the latest one without. */
struct str incident_ref(struct scenario *s);
/* "-10m" after `name`: that long before now; unset without. */
instant time_after(struct scenario *s, const char *name);
/* One value out of the database. */
struct str value_of(struct scenario *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The id of a user or webhook by name; empty if there is none. */
struct str user_id(struct scenario *s, struct str name);
struct str endpoint_id(struct scenario *s, struct str name);

/* mitigation.c */
world_run op_mitigate, op_judge, op_ask, op_choose, op_rollout, op_health, op_rolled_back, op_check,
    op_probe;
bool expect_undone(struct scenario *s);
/* A command that is one operation; words[1] of those `by` a person is who. */
struct scenario_operation {
    const char *name;
    world_run *run;
    bool by;
};
struct scenario_expectation {
    const char *name;
    bool (*holds)(struct scenario *s);
};

extern const struct scenario_operation triage_operations[];

/* Both are false when the scenario is over: something did not go as written. */
bool scenario_do(struct scenario *s, struct error *err);
bool scenario_expect(struct scenario *s);

extern const struct scenario_operation statuspage_operations[];
bool expect_component(struct scenario *s);
bool expect_published(struct scenario *s);
