/* What GitHub's and GitLab's webhooks say of a change, in our words. */
#include "base/arena.h"
#include "base/error.h"
#include "base/json.h"
#include "base/utf8.h"
#include "domain/change.h"

/* Limits of change_input_fields, which do not guard this door. */
static struct str text(struct str s, size_t max)
{
    struct str line;

    str_cut(s, '\n', &line);
    line = utf8_truncate(str_trim(line), max);
    for (size_t k = 0; k < line.len; k++)
        if ((unsigned char)line.ptr[k] < 0x20 || line.ptr[k] == 0x7f)
            return S("");
    return line;
}

static struct str member(const struct json *o, const char *name, size_t max)
{
    return text(json_get_str(o, str_from(name)), max);
}

static const struct json *part(const struct json *o, const char *name)
{
    return json_get(o, str_from(name));
}

static struct str web_link(struct str s)
{
    if (s.len > 2000 || (!str_starts(s, S("https://")) && !str_starts(s, S("http://"))))
        return STR_NONE;
    for (size_t k = 0; k < s.len; k++)
        if ((unsigned char)s.ptr[k] <= ' ' || s.ptr[k] == 0x7f)
            return STR_NONE;
    return s;
}

static struct str first_of(struct str a, struct str b)
{
    return a.len ? a : b;
}

static instant when(const struct json *o, const char *name)
{
    instant t = {0};

    time_parse(json_get_str(o, str_from(name)), &t);
    return t;
}

static bool missing(struct error *err, const char *name)
{
    return fail(err, MALFORMED, "the payload has no %s", name);
}

/* "refs/heads/main" → main, when that is the default branch. */
static bool default_branch(struct str ref, struct str branch)
{
    return branch.len && str_starts(ref, S("refs/heads/")) && str_eq(str_slice(ref, 11, ref.len), branch);
}

static bool nothing(struct str commit)
{
    for (size_t k = 0; k < commit.len; k++)
        if (commit.ptr[k] != '0')
            return false;
    return true;
}

static bool github_id(struct arena *a, const struct json *body, const struct json *thing, const char *what,
    struct change *out, struct error *err)
{
    struct str repository = member(part(body, "repository"), "full_name", 140);
    int64_t id;

    if (!repository.len || !json_int(part(thing, "id"), &id))
        return missing(err, "repository or id");
    out->external_id = str_printf(a, "%.*s/%s/%lld", STR(repository), what, (long long)id);
    return true;
}

static bool github_deployment(struct arena *a, const struct json *body, struct change *out, struct error *err)
{
    const struct json *d = part(body, "deployment"), *s = part(body, "deployment_status");
    static const struct {
        const char *state, *status;
    } states[] = {{"success", "succeeded"}, {"failure", "failed"}, {"error", "failed"}};

    if (!github_id(a, body, d, "deployments", out, err))
        return false;
    out->kind = S("deployment");
    out->status = S("started");
    out->environment = member(d, "environment", 60);
    out->version = member(d, "ref", 100);
    out->commit_to = member(d, "sha", 64);
    out->author = member(part(d, "creator"), "login", 100);
    out->title = first_of(member(d, "description", 200), str_printf(a, "Deploy %.*s", STR(out->version)));
    out->started_at = when(d, "created_at");
    out->link = first_of(web_link(json_get_str(s, S("target_url"))),
        web_link(json_get_str(part(body, "workflow_run"), S("html_url"))));
    struct str repository = web_link(json_get_str(part(body, "repository"), S("html_url")));
    if (!out->link.len && repository.len && out->commit_to.len)
        out->link = str_printf(a, "%.*s/commit/%.*s", STR(repository), STR(out->commit_to));
    for (size_t k = 0; k < sizeof states / sizeof *states; k++)
        if (str_eq(json_get_str(s, S("state")), str_from(states[k].state))) {
            out->status = str_from(states[k].status);
            out->finished_at = when(s, "created_at");
        }
    return true;
}

static bool github_release(struct arena *a, const struct json *body, struct change *out, struct error *err)
{
    const struct json *r = part(body, "release");

    if (!github_id(a, body, r, "releases", out, err))
        return false;
    out->kind = S("release");
    out->status = S("succeeded");
    out->version = member(r, "tag_name", 100);
    out->author = member(part(r, "author"), "login", 100);
    out->title = first_of(member(r, "name", 200), str_printf(a, "Release %.*s", STR(out->version)));
    out->link = web_link(json_get_str(r, S("html_url")));
    out->started_at = out->finished_at = when(r, "published_at");
    return true;
}

/* A push to the default branch: `head` is its last commit. */
static bool merge(struct arena *a, struct str repository, const struct json *body, const struct json *head,
    struct str author, struct str link, struct change *out, struct error *err)
{
    if (!repository.len)
        return missing(err, "repository");
    out->kind = S("merge");
    out->status = S("succeeded");
    out->commit_from = nothing(member(body, "before", 64)) ? STR_NONE : member(body, "before", 64);
    out->commit_to = member(body, "after", 64);
    out->external_id = str_printf(a, "%.*s/push/%.*s", STR(repository), STR(out->commit_to));
    out->author = author;
    out->title = first_of(member(head, "message", 200), S("Push to the default branch"));
    out->link = link;
    return true;
}

bool change_read_github(struct arena *a, struct str event, const struct json *body, struct change *out,
    bool *about, struct error *err)
{
    struct str action = json_get_str(body, S("action"));
    const struct json *repository = part(body, "repository");

    *out = (struct change){.source = S("github")};
    *about = true;
    if (str_eq(event, S("deployment")) ||
        (str_eq(event, S("deployment_status")) &&
            !str_eq(json_get_str(part(body, "deployment_status"), S("state")), S("inactive"))))
        return github_deployment(a, body, out, err);
    if (str_eq(event, S("release")) && str_eq(action, S("published")))
        return github_release(a, body, out, err);
    if (str_eq(event, S("push")) && !nothing(member(body, "after", 64)) &&
        default_branch(json_get_str(body, S("ref")), json_get_str(repository, S("default_branch"))))
        return merge(a, member(repository, "full_name", 140), body, part(body, "head_commit"),
            member(part(body, "pusher"), "name", 100), web_link(json_get_str(body, S("compare"))), out, err);
    *about = false;
    return true;
}

/* GitLab writes 2021-04-28 21:50:00 +0200 and 2020-11-02 12:55:12 UTC. */
static instant gitlab_when(struct arena *a, struct str s)
{
    instant t = {0};

    if (time_parse(s, &t) || s.len < 23)
        return t;
    struct str zone = str_slice(s, 20, s.len), local = str_slice(s, 11, 19), rest = S("Z");
    if (zone.len == 5)
        rest = str_printf(a, "%.*s:%.*s", STR(str_slice(zone, 0, 3)), STR(str_slice(zone, 3, 5)));
    else if (!str_eq(zone, S("UTC")))
        return t;
    time_parse(str_printf(a, "%.*sT%.*s%.*s", STR(str_slice(s, 0, 10)), STR(local), STR(rest)), &t);
    return t;
}

static bool gitlab_deployment(struct arena *a, const struct json *body, struct str path, struct change *out,
    bool *about, struct error *err)
{
    struct str status = json_get_str(body, S("status"));
    instant changed = gitlab_when(a, json_get_str(body, S("status_changed_at")));
    int64_t id;

    if (!json_int(part(body, "deployment_id"), &id))
        return missing(err, "deployment_id");
    if (str_eq(status, S("running")) || str_eq(status, S("created")))
        out->status = S("started");
    else if (str_eq(status, S("success")))
        out->status = S("succeeded");
    else if (str_eq(status, S("failed")) || str_eq(status, S("canceled")))
        out->status = S("failed");
    else
        *about = false; /* blocked, skipped: nothing was changed */
    out->external_id = str_printf(a, "%.*s/deployments/%lld", STR(path), (long long)id);
    out->kind = S("deployment");
    out->environment = member(body, "environment", 60);
    out->version = member(body, "ref", 100);
    out->commit_to = member(body, "short_sha", 64);
    out->author = first_of(member(part(body, "user"), "username", 100), member(part(body, "user"), "name", 100));
    out->title = first_of(member(body, "commit_title", 200), S("Deployment"));
    out->link = web_link(json_get_str(body, S("deployable_url")));
    if (str_eq(out->status, S("started")))
        out->started_at = changed;
    else
        out->finished_at = changed;
    return true;
}

static bool gitlab_release(struct arena *a, const struct json *body, struct str path, struct change *out)
{
    out->kind = S("release");
    out->status = S("succeeded");
    out->version = member(body, "tag", 100);
    out->external_id = str_printf(a, "%.*s/releases/%.*s", STR(path), STR(out->version));
    out->commit_to = member(part(body, "commit"), "id", 64);
    out->author = member(part(part(body, "commit"), "author"), "name", 100);
    out->title = first_of(member(body, "name", 200), str_printf(a, "Release %.*s", STR(out->version)));
    out->link = web_link(json_get_str(body, S("url")));
    out->started_at = out->finished_at = gitlab_when(a, json_get_str(body, S("released_at")));
    return true;
}

bool change_read_gitlab(struct arena *a, const struct json *body, struct change *out, bool *about,
    struct error *err)
{
    struct str kind = json_get_str(body, S("object_kind"));
    const struct json *project = part(body, "project"), *commits = part(body, "commits");
    struct str path = member(project, "path_with_namespace", 140);

    *out = (struct change){.source = S("gitlab")};
    *about = true;
    if (!path.len)
        return missing(err, "project.path_with_namespace");
    if (str_eq(kind, S("deployment")))
        return gitlab_deployment(a, body, path, out, about, err);
    if (str_eq(kind, S("release")) && str_eq(json_get_str(body, S("action")), S("create")))
        return gitlab_release(a, body, path, out);
    if (str_eq(kind, S("push")) && !nothing(member(body, "after", 64)) &&
        default_branch(json_get_str(body, S("ref")), json_get_str(project, S("default_branch"))))
        return merge(a, path, body, json_is(commits, JSON_ARRAY) ? commits->last : NULL,
            member(body, "user_username", 100), STR_NONE, out, err);
    *about = false;
    return true;
}
