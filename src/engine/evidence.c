#include "engine/evidence.h"

#include "base/base64.h"
#include "base/secret.h"
#include "domain/incident.h"
#include "engine/incident.h"
#include "store/evidence.h"
#include "store/incident.h"

#define MAX_EVIDENCE 200 /* of one incident */

bool engine_evidence_add(struct op *op, struct str ref, const struct evidence_input *in, struct evidence *out, struct error *err)
{
    struct incident i = {0};
    struct str bytes;
    int64_t n;

    if (!evidence_read(op->arena, in, &bytes, err) || !incident_find(op->db, op->arena, ref, &i, err) ||
        !evidence_count(op->db, i.id, &n, err))
        return false;
    if (n >= MAX_EVIDENCE)
        return fail(err, CONFLICT, "%d pieces of evidence are kept already", MAX_EVIDENCE);
    *out = (struct evidence){.id = op_id(op, "ev"), .incident_id = i.id, .name = in->name,
        .url = in->url.len ? in->url : STR_NONE, .size = INT_NONE, .note = in->note.len ? in->note : S(""),
        .added_by = op->actor.id, .added_name = op->actor.name, .added_at = op->now};
    if (bytes.ptr) {
        out->sha256 = sha256_hex(op->arena, bytes);
        out->size = (int64_t)bytes.len;
        out->content = base64_encode(op->arena, bytes);
    }
    if (!evidence_add(op->db, out, err))
        return false;
    /* The digest is on the timeline too, which is chained: the file can be proved to be the same. */
    return bytes.ptr ? op_say(op, i.id, "evidence", err, "Evidence preserved: %.*s, %lld bytes, SHA-256 %.*s",
                           STR(out->name), (long long)out->size, STR(out->sha256))
                     : op_say(op, i.id, "evidence", err, "Evidence preserved: %.*s, %.*s", STR(out->name), STR(out->url));
}

bool engine_evidence_remove(struct op *op, struct str ref, struct str id, struct str reason, struct incident *out,
    struct error *err)
{
    struct evidence e = {0};

    if (!incident_find(op->db, op->arena, ref, out, err) || !evidence_get(op->db, op->arena, id, &e, err))
        return false;
    if (!str_eq(e.incident_id, out->id))
        return fail(err, NOT_FOUND, "no such evidence");
    if (out->evidence_hold)
        return fail(err, CONFLICT, "%.*s is on evidence hold: nothing of it may be deleted", STR(out->number));
    return evidence_delete(op->db, e.id, err) &&
        op_say(op, out->id, "evidence", err, "Evidence deleted: %.*s%s%.*s. %.*s", STR(e.name), e.sha256.len ? ", SHA-256 " : "",
            STR(e.sha256), STR(reason));
}

static bool set_hold(struct op *op, struct str ref, bool hold, const char *said, struct str reason, struct incident *out,
    struct error *err)
{
    if (!incident_find(op->db, op->arena, ref, out, err))
        return false;
    if (out->evidence_hold == hold)
        return true;
    out->evidence_hold = hold;
    return incident_save(op, out, err) && op_say(op, out->id, "evidence", err, "%s. %.*s", said, STR(reason));
}

bool engine_hold(struct op *op, struct str ref, const struct access_change *in, struct incident *out, struct error *err)
{
    return set_hold(op, ref, true, "Evidence hold: nothing of this incident may be deleted", in->reason, out, err);
}

bool engine_hold_release(struct op *op, struct str ref, const struct access_change *in, struct incident *out,
    struct error *err)
{
    return set_hold(op, ref, false, "Evidence hold released: what was preserved may be deleted", in->reason, out, err);
}
