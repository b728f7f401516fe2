#include "store/room.h"

#include "base/error.h"

static bool maybe(bool got, bool *found, struct error *err)
{
    *found = got;
    if (!got && err->kind == ERROR_NOT_FOUND) {
        *err = (struct error){0};
        return true;
    }
    return got;
}

bool room_put(struct db *db, const struct war_room *r, struct error *err)
{
    return store_put(db, Q_ROOM_PUT, war_room_fields, r, "the war room", err);
}

bool room_get(struct db *db, struct arena *a, struct str incident_id, struct war_room *out, bool *found,
    struct error *err)
{
    return maybe(db_get(db, Q_ROOM_GET, war_room_fields, out, a, "war room", ARGS(v_text(incident_id)), err), found,
        err);
}

bool room_person_put(struct db *db, const struct room_person *p, struct error *err)
{
    return store_insert(db, Q_ROOM_PERSON_PUT, room_person_fields, p, err);
}

bool room_person_get(struct db *db, struct arena *a, struct str incident_id, struct str user_id,
    struct room_person *out, bool *found, struct error *err)
{
    return maybe(db_get(db, Q_ROOM_PERSON_GET, room_person_fields, out, a, "person",
        ARGS(v_text(incident_id), v_text(user_id)), err), found, err);
}

bool room_person_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err)
{
    return store_list(db, a, Q_ROOM_PERSON_LIST, ARGS(v_text(incident_id)), room_person_fields,
        sizeof(struct room_person), out, err);
}

bool room_settings_get(struct db *db, struct arena *a, struct room_settings *out, struct error *err)
{
    return setting_get(db, a, S("room.bridge"), &out->bridge, err) &&
        setting_get(db, a, S("room.backup"), &out->backup, err) &&
        setting_get(db, a, S("room.phone"), &out->phone, err);
}

static bool put_or_clear(struct db *db, struct str name, struct str value, struct error *err)
{
    return value.len ? setting_put(db, name, value, err) : setting_delete(db, name, err);
}

bool room_settings_put(struct db *db, const struct room_settings *s, struct error *err)
{
    return put_or_clear(db, S("room.bridge"), s->bridge, err) && put_or_clear(db, S("room.backup"), s->backup, err) &&
        put_or_clear(db, S("room.phone"), s->phone, err);
}

bool resource_add(struct db *db, const struct resource *r, struct error *err)
{
    return store_insert(db, Q_RESOURCE_ADD, resource_fields, r, err);
}

bool resource_end(struct db *db, struct str incident_id, struct str user_id, instant now, struct error *err)
{
    return db_exec(db, Q_RESOURCE_END, NULL, ARGS(v_text(incident_id), v_text(user_id), v_time(now)), err);
}

bool resource_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err)
{
    return store_list(db, a, Q_RESOURCE_LIST, ARGS(v_text(incident_id)), resource_fields, sizeof(struct resource), out,
        err);
}
