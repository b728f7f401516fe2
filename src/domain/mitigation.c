#include "domain/mitigation.h"

#include "base/arena.h"

const char *const mitigation_kinds[] = {"rollback", "kill_switch", "scale", "failover", "hotfix", "restart",
    "rate_limit", "stop_writes", "other", NULL};
const char *const mitigation_effects[] = {"unknown", "better", "none", "worse", NULL};

#define KIND FIELD(struct mitigation, kind, .flags = FIELD_REQUIRED, .choices = mitigation_kinds, .doc = "rollback, kill_switch, scale, failover, hotfix, restart, rate_limit, stop_writes or other")
#define REST                                                                                       \
    FIELD(struct mitigation, text, .flags = FIELD_REQUIRED, .max = 300, .doc = "What exactly was done", .example = "checkout back to 4.117"), \
    FIELD(struct mitigation, command, .flags = FIELD_NULLABLE | FIELD_MULTILINE, .max = 4000, .doc = "The command as it was run", .example = "kubectl rollout undo deploy/checkout"), \
    FIELD(struct mitigation, result, .flags = FIELD_NULLABLE | FIELD_MULTILINE, .max = 4000, .doc = "What it said, what it did"), \
    FIELD(struct mitigation, effect, .choices = mitigation_effects, .doc = "Did it help: unknown, better, none or worse"), \
    FIELD(struct mitigation, at, .flags = FIELD_NULLABLE, .doc = "When it was done, if not now")

const struct field mitigation_fields[] = {
    FIELD(struct mitigation, id, .flags = FIELD_READONLY, .doc = "Id of the action, `mit_…`"),
    FIELD(struct mitigation, incident_id, .flags = FIELD_READONLY, .doc = "Incident it belongs to"),
    KIND, REST,
    FIELD(struct mitigation, done_by, .flags = FIELD_READONLY, .doc = "Who did it"),
    FIELD(struct mitigation, done_name, .flags = FIELD_READONLY, .doc = "Their name then"),
    FIELD(struct mitigation, judged_at, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "When its effect was written down"),
    FIELD(struct mitigation, created_at, .flags = FIELD_READONLY, .doc = "When it was written down"),
    {0},
};

const struct field mitigation_input_fields[] = {KIND, REST, {0}};

const struct field mitigation_change_fields[] = {
    FIELD(struct mitigation_change, effect, .flags = FIELD_REQUIRED, .choices = mitigation_effects, .doc = "Did it help: unknown, better, none or worse"),
    FIELD(struct mitigation_change, result, .flags = FIELD_NULLABLE | FIELD_MULTILINE, .max = 4000, .doc = "What it said, what it did; as it was if not given"),
    {0},
};

struct str mitigation_line(struct arena *a, const struct mitigation *m)
{
    struct str line = str_printf(a, "%.*s: %.*s", STR(m->kind), STR(m->text));
    char *p = arena_alloc(a, line.len + 1, 1);

    for (size_t k = 0; k < line.len; k++) /* kill_switch, for people */
        p[k] = k < m->kind.len && line.ptr[k] == '_' ? ' ' : line.ptr[k];
    if (line.len && p[0] >= 'a' && p[0] <= 'z')
        p[0] = (char)(p[0] - 'a' + 'A');
    p[line.len] = '\0';
    return (struct str){p, line.len};
}
