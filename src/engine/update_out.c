/* An update for those who read the status page goes there when the time to take it back is over. */
#include "base/buf.h"
#include "domain/incident.h"
#include "engine/statuspage.h"
#include "engine/update.h"
#include "store/incident.h"
#include "store/statuspage.h"
#include "store/update.h"

/* The status page reads Markdown, in which a line ends only where it is told to. */
static struct str with_breaks(struct op *op, struct str text)
{
    struct buf b;

    buf_init(&b, op->arena, 3 * UPDATE_MAX_TEXT);
    for (size_t i = 0; i < text.len; i++) {
        bool ends = text.ptr[i] == '\n' && i > 0 && text.ptr[i - 1] != '\n';
        buf_add(&b, ends ? S("  \n") : str_slice(text, i, i + 1));
    }
    return buf_str(&b);
}

bool update_out(struct op *op, struct str update_id, struct error *err)
{
    struct public_incident shown = {0};
    struct incident i = {0};
    struct update u = {0};
    struct list pages;

    if (!update_get(op->db, op->arena, update_id, &u, err) || !incident_get(op->db, op->arena, u.incident_id, &i, err) ||
        !status_page_list(op->db, op->arena, &pages, err))
        return false;
    if (!pages.n || !str_eq(u.state, S("published")))
        return true;
    struct public_input in = {.title = u.service, .status = u.status, .text = with_breaks(op, u.text),
        .next_update_at = u.next_update_at};
    return statuspage_publish(op, &i, &in, &shown, err);
}
