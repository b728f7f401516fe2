/* The class of an incident and what it forces: the steps of its special handling, and legal clocks that
 * run from when somebody became aware. Warnings come at half, at three quarters, a day before the end,
 * and when it is over. */
#pragma once

#include "base/field.h"

struct pack;
struct pack_class;

struct classification {
    struct str class, reason;
    instant aware_at; /* when somebody knew; now if unset */
};
extern const struct field classification_fields[];

struct legal_clock {
    struct str incident_id;
    struct str clock; /* id, of the class in the pack */
    struct str name;
    instant aware_at;
    int64_t after_us;
    instant due_at;
    struct str state; /* running, done, not_applicable */
    struct str reason;
    struct str ended_by, ended_name;
    instant ended_at;
};
extern const struct field legal_clock_fields[];

struct clock_change {
    struct str state, reason;
};
extern const struct field clock_change_fields[];

const struct pack_class *pack_class_find(const struct pack *p, struct str id);

/* The next warning after `t`; once it is overdue, one every day. */
instant clock_warning(const struct legal_clock *c, instant t);
