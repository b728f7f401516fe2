#include "domain/pack_version.h"

#include "domain/pack.h"

const struct field pack_version_fields[] = {
    FIELD(struct pack_version, id, .flags = FIELD_READONLY, .doc = "Pack id", .example = "sev"),
    FIELD(struct pack_version, version, .flags = FIELD_READONLY, .doc = "Rises with every edit; 0: built in"),
    FIELD(struct pack_version, name, .flags = FIELD_READONLY, .doc = "Name"),
    FIELD(struct pack_version, origin, .flags = FIELD_READONLY, .doc = "The pack it was forked from; empty for those built in"),
    FIELD(struct pack_version, yaml, .flags = FIELD_HIDDEN | FIELD_MULTILINE, .max = PACK_MAX_YAML, .doc = "The pack itself"),
    FIELD(struct pack_version, note, .flags = FIELD_READONLY, .doc = "What this version changed"),
    FIELD(struct pack_version, author_id, .flags = FIELD_READONLY, .doc = "Who wrote it"),
    FIELD(struct pack_version, author_name, .flags = FIELD_READONLY, .doc = "Their name then"),
    FIELD(struct pack_version, created_at, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "When it was saved"),
    {0},
};

const struct field pack_fork_fields[] = {
    FIELD(struct pack_fork, id, .flags = FIELD_REQUIRED, .max = 40, .doc = "Id of the new pack: letters, digits, - and _", .example = "team"),
    FIELD(struct pack_fork, name, .flags = FIELD_NULLABLE, .max = 100, .doc = "Its name; that of the pack it is made from if left out"),
    FIELD(struct pack_fork, from, .flags = FIELD_REQUIRED, .max = 40, .doc = "The pack to copy", .example = "sev"),
    {0},
};

const struct field pack_edit_fields[] = {
    FIELD(struct pack_edit, yaml, .flags = FIELD_REQUIRED | FIELD_MULTILINE, .max = PACK_MAX_YAML, .doc = "The whole pack; packs/README.md explains its keys"),
    FIELD(struct pack_edit, note, .flags = FIELD_NULLABLE, .max = 200, .doc = "What has changed"),
    FIELD(struct pack_edit, version, .flags = FIELD_REQUIRED, .min = 1, .max = INT64_MAX, .doc = "Version you started from; refused if it has changed since"),
    {0},
};

const struct field pack_activate_fields[] = {
    FIELD(struct pack_activate, version, .min = 0, .max = INT64_MAX, .doc = "Version to use; 0 or left out: the newest"),
    FIELD(struct pack_activate, mapping, .flags = FIELD_NULLABLE | FIELD_JSON, .max = 2000, .doc = "For open incidents, services and routes: severity in use → severity of this pack. What is left out goes to the same rank; in another version of the pack in use, to the same id", .example = "{\"SEV1\":\"P0\"}"),
    {0},
};

struct str pack_counterpart(const struct pack *from, const struct pack *to, struct str severity)
{
    const struct pack_severity *old = pack_severity_find(from, severity);
    const struct pack_severity *same = pack_severity_find(to, severity);

    if (!old)
        return STR_NONE;
    if (same && str_eq(from->id, to->id))
        return same->id;
    size_t rank = (size_t)old->rank < to->nseverities ? (size_t)old->rank : to->nseverities;
    return to->severities[rank - 1].id;
}
