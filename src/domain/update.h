/* Updates: what an audience of an incident is told, in what state that is, and its form.
 *
 *   draft ─▶ approved ─▶ published ─▶ retracted          internal audiences go to `published` at once
 *
 * An external audience gets a text of its own: only what was written into its form is used, never
 * anything of the incident, and a person who leads must approve it. Lists are lines of text; a step
 * ends with its owner: "Scale the pool @Bob". */
#pragma once

#include "base/field.h"

struct pack;
struct pack_audience;
struct pack_template;

#define UPDATE_MAX_TEXT 16000 /* bytes */
/* An external text can be taken back unseen for so long. */
#define UPDATE_UNDO_US (10 * SECOND_US)

extern const char *const update_states[], *const cause_states[];

struct update {
    struct str id;
    struct str incident_id;
    struct str audience; /* of the pack */
    int64_t number;      /* in its incident and audience, from 1 */
    bool external;
    struct str state;
    struct str moment;   /* initial, update, resolution */
    struct str status;   /* core status; external: a public status */
    struct str service;  /* external: what the audience calls it */
    struct str summary;
    struct str since, next_steps; /* lines */
    struct str cause_state, cause, impact, eta;
    instant next_update_at;
    struct str text;     /* as it is sent */
    struct str language;
    struct str author_id, author_name;
    struct str approved_by, approved_name;
    instant approved_at, published_at;
    instant visible_at;  /* published and not to be taken back unseen any more */
    instant retracted_at, created_at, updated_at;
    int64_t version;
};
extern const struct field update_fields[];

/* The form; what is not given comes from the incident, but only for an internal audience. */
struct update_input {
    struct str audience, status, service, summary, since, next_steps, cause_state, cause, impact, eta;
    instant next_update_at;
    bool publish;  /* approve it too, if whoever writes it may */
};
extern const struct field update_input_fields[];

/* A version the person saw; 0 = whichever. */
struct update_act {
    int64_t version;
};
extern const struct field update_act_fields[];

const struct pack_audience *pack_audience_find(const struct pack *p, struct str id);
/* The body that fits best: of the audience, at this rank (0: any) and moment; then any of the
 * audience; then one of another audience that is as external. NULL if there is none. */
const struct pack_template *update_template(
    const struct pack *p, const struct pack_audience *a, int64_t rank, struct str moment);
/* True if whoever holds `role` may approve: the pack's commander and its communications lead. */
bool update_approver(const struct pack *p, struct str role);

/* The next line of a list without bullets and blanks around it; false at the end. */
bool update_line(struct str *rest, struct str *line);
/* "Scale the pool @Bob" → action and owner; owner STR_NONE if nobody is named. */
struct str update_step(struct str line, struct str *owner);
