#include "domain/brief.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "base/utf8.h"
#include "domain/alert.h"
#include "domain/event.h"
#include "domain/incident.h"
#include "domain/pack.h"
#include "domain/postmortem.h"
#include "domain/task.h"

#define MAX_LINE 1000 /* characters of a text that becomes one line */

const struct field brief_fields[] = {
    FIELD(struct brief, incident_id, .flags = FIELD_READONLY, .doc = "Incident it is about"),
    FIELD(struct brief, version, .flags = FIELD_READONLY | FIELD_NULLABLE, .doc = "Number of the version, from 1; null while none is kept"),
    FIELD(struct brief, iteration, .flags = FIELD_READONLY, .doc = "1 diagnosis, 2 response, 3 stabilisation and after"),
    FIELD(struct brief, file, .flags = FIELD_READONLY, .max = 100, .doc = "Name of its file, the same for every version"),
    FIELD(struct brief, body, .flags = FIELD_READONLY | FIELD_MULTILINE, .max = BRIEF_MAX_BODY, .doc = "Markdown, without the changes"),
    FIELD(struct brief, changes, .flags = FIELD_READONLY | FIELD_MULTILINE, .max = BRIEF_MAX_CHANGES, .doc = "Lines that came (+) and went (-) since the version before, by section (@)"),
    FIELD(struct brief, created_at, .flags = FIELD_READONLY | FIELD_NULLABLE, .doc = "When it was written"),
    FIELD(struct brief, created_by, .flags = FIELD_READONLY | FIELD_NULLABLE, .doc = "Whose doing set it off"),
    {0},
};

/* A document in the making. */
struct paper {
    struct arena *arena;
    const struct brief_facts *facts;
    const struct brief_words *words;
    struct buf out;
};

static struct str brief_text(const struct brief_words *w, const char *msgid)
{
    return w->text(w->ctx, msgid);
}

int brief_iteration(struct str status)
{
    if (str_eq(status, S("triage")) || str_eq(status, S("investigating")))
        return 1;
    return str_eq(status, S("identified")) || str_eq(status, S("mitigating")) ? 2 : 3;
}

/* As the pack calls the one of its iterations that covers the status. */
static struct str iteration_name(const struct brief_words *w, struct str status)
{
    int iteration = brief_iteration(status);

    for (size_t i = 0; i < w->pack->niterations; i++)
        for (size_t k = 0; k < w->pack->iterations[i].nstatuses; k++)
            if (str_eq(w->pack->iterations[i].statuses[k], status))
                return w->pack->iterations[i].name;
    return iteration == 1 ? brief_text(w, "Diagnosis")
        : iteration == 2  ? brief_text(w, "Response in real time")
                          : brief_text(w, "Stabilisation and after");
}

/* The pack's name for a section, or else ours. */
static struct str section(const struct brief_words *w, const char *id, struct str ours)
{
    for (size_t i = 0; i < w->pack->nbrief; i++)
        if (str_eq(w->pack->brief[i].id, str_from(id)))
            return w->pack->brief[i].name;
    return ours;
}

/* One line, out of Markdown's syntax. */
static void plain(struct paper *p, struct str s)
{
    s = utf8_truncate(str_trim(s), MAX_LINE);
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '\n' || c == '\r' || c == '\t')
            c = ' ';
        if (str_contains(S("|*_`[]<\\#"), (struct str){&c, 1}))
            buf_addc(&p->out, '\\');
        buf_addc(&p->out, c);
    }
}

static void heading(struct paper *p, const char *id, struct str ours)
{
    buf_printf(&p->out, "\n## %.*s\n\n", STR(section(p->words, id, ours)));
}

static void label(struct paper *p, struct str name)
{
    buf_printf(&p->out, "- **%.*s:** ", STR(name));
}

/* A line that is left out without a value. */
static void line(struct paper *p, struct str name, struct str value)
{
    if (!str_trim(value).len)
        return;
    label(p, name);
    plain(p, value);
    buf_addc(&p->out, '\n');
}

/* A line that somebody has to fill in. */
static void asked(struct paper *p, struct str name, struct str value)
{
    if (str_trim(value).len) {
        line(p, name, value);
        return;
    }
    label(p, name);
    buf_printf(&p->out, "_%.*s_\n", STR(brief_text(p->words, "not written down yet")));
}

static void time_line(struct paper *p, struct str name, instant t)
{
    if (instant_is_set(t))
        line(p, name, p->words->when(p->words->ctx, p->arena, t));
}

static void span_line(struct paper *p, struct str name, instant from, instant to)
{
    if (instant_is_set(from) && instant_is_set(to) && to.us >= from.us)
        line(p, name, p->words->span(p->words->ctx, p->arena, to.us - from.us));
}

static void number_line(struct paper *p, struct str name, int64_t n, const char *unit)
{
    if (n != INT_NONE)
        line(p, name, str_printf(p->arena, "%lld%s", (long long)n, unit));
}

/* A name and below it a list; nothing without items. */
static void sublist(struct paper *p, struct str name, const struct str *items, size_t n)
{
    if (n)
        buf_printf(&p->out, "- **%.*s:**\n", STR(name));
    for (size_t i = 0; i < n; i++) {
        buf_add(&p->out, S("  - "));
        plain(p, items[i]);
        buf_addc(&p->out, '\n');
    }
}

static void event_list(struct paper *p, struct str name, const struct event *newest_first, size_t n)
{
    struct str *lines = arena_array(p->arena, struct str, n + 1);

    for (size_t i = 0; i < n; i++) { /* oldest first, as it happened */
        const struct event *e = &newest_first[n - 1 - i];
        struct error ignored = {0};
        struct json *data = NULL;
        struct str text = json_parse(p->arena, e->data, &data, &ignored) ? json_get_str(data, S("text")) : STR_NONE;
        lines[i] = str_printf(p->arena, "%.*s, %.*s: %.*s", STR(p->words->when(p->words->ctx, p->arena, e->at)),
            STR(e->actor_name), STR(text));
    }
    sublist(p, name, lines, n);
}

/* --- sections --- */

static struct str goal(const struct paper *p, int iteration)
{
    const struct brief_words *w = p->words;

    return iteration == 1 ? brief_text(w, "find out what is broken and how badly, agree who leads, tell everybody who must know")
        : iteration == 2  ? brief_text(w, "stop the impact, restore the service and keep everybody informed")
                          : brief_text(w, "confirm the recovery, find out why it happened and make sure that it does not happen again");
}

static void context(struct paper *p, int iteration)
{
    const struct incident *i = p->facts->incident;
    const struct brief_words *w = p->words;
    struct buf names;

    heading(p, "context", brief_text(w, "Goal and context"));
    line(p, brief_text(w, "Goal"), goal(p, iteration));
    asked(p, brief_text(w, "What is known"), i->summary);
    buf_init(&names, p->arena, MAX_LINE * 4);
    for (size_t k = 0; k < p->facts->nservices; k++)
        buf_printf(&names, "%s%.*s", k ? ", " : "", STR(p->facts->services[k]));
    line(p, brief_text(w, "Services"), buf_str(&names));
    time_line(p, brief_text(w, "Began"), i->started_at);
    time_line(p, brief_text(w, "Detected"), i->detected_at);
    time_line(p, brief_text(w, "Acknowledged"), i->acknowledged_at);
    time_line(p, brief_text(w, "Resolved"), i->resolved_at);
}

static void diagnosis(struct paper *p)
{
    const struct incident *i = p->facts->incident;
    const struct brief_words *w = p->words;
    const struct pack_severity *s = pack_severity_find(p->words->pack, i->severity);
    const struct pack_status *status = pack_status_find(p->words->pack, i->status);

    heading(p, "diagnosis", brief_text(w, "Diagnosis and classification"));
    asked(p, brief_text(w, "Severity"), !s ? i->severity
        : str_printf(p->arena, "%.*s, %.*s. %.*s", STR(s->id), STR(s->name), STR(s->criteria)));
    line(p, brief_text(w, "Status"), status ? status->name : i->status);
    asked(p, brief_text(w, "Impact"), i->impact_text);
    number_line(p, brief_text(w, "People affected"), i->impact_users, "");
    number_line(p, brief_text(w, "Share of users"), i->impact_percent, " %");
    line(p, brief_text(w, "Revenue"), i->impact_revenue);
    sublist(p, brief_text(w, "Hypotheses"), p->facts->hypotheses, p->facts->nhypotheses);
}

/* "Triage: 3/7" for every checklist, in the order in which they were added. */
static void checklists(struct paper *p)
{
    const struct task *t = p->facts->tasks;
    size_t n = p->facts->ntasks, lists = 0;
    struct str *lines = arena_array(p->arena, struct str, n + 1);

    for (size_t k = 0; k < n;) {
        size_t from = k, done = 0;
        for (; k < n && str_eq(t[k].list, t[from].list); k++)
            done += !str_eq(t[k].state, S("open"));
        lines[lists++] = str_printf(p->arena, "%.*s: %zu/%zu", STR(t[from].list_name), done, k - from);
    }
    sublist(p, brief_text(p->words, "Checklists"), lines, lists);
}

static void plan(struct paper *p)
{
    const struct incident *i = p->facts->incident;
    const struct brief_words *w = p->words;

    heading(p, "plan", brief_text(w, "Action plan and command"));
    for (size_t k = 0; k < p->facts->nroles; k++)
        asked(p, p->facts->roles[k].name, p->facts->roles[k].holder);
    asked(p, brief_text(w, "Doing now"), i->actions_now);
    asked(p, brief_text(w, "Next decision"), i->next_decision);
    sublist(p, brief_text(w, "Actions taken"), p->facts->actions, p->facts->nactions);
    event_list(p, brief_text(w, "Decisions"), p->facts->decisions, p->facts->ndecisions);
    checklists(p);
}

static void metrics(struct paper *p)
{
    const struct incident *i = p->facts->incident;
    const struct brief_words *w = p->words;
    struct str *lines = arena_array(p->arena, struct str, p->facts->nalerts + 1);

    heading(p, "metrics", brief_text(w, "Metrics and alerts"));
    span_line(p, brief_text(w, "Detected after"), i->started_at, i->detected_at);
    span_line(p, brief_text(w, "Acknowledged after"), i->detected_at, i->acknowledged_at);
    span_line(p, brief_text(w, "Mitigated after"), i->detected_at, i->mitigated_at);
    span_line(p, brief_text(w, "Restored after"), i->detected_at, i->resolved_at);
    time_line(p, brief_text(w, "Next update due"), i->next_update_at);
    event_list(p, brief_text(w, "Updates"), p->facts->updates, p->facts->nupdates);
    for (size_t k = 0; k < p->facts->nalerts; k++) {
        const struct alert *alert = &p->facts->alerts[k];
        lines[k] = str_printf(p->arena, "%.*s: %.*s, %.*s", STR(alert->name),
            STR(alert->firing ? brief_text(w, "firing") : brief_text(w, "quiet")),
            STR(p->words->when(p->words->ctx, p->arena, alert->firing ? alert->starts_at : alert->resolved_at)));
    }
    sublist(p, brief_text(w, "Alerts"), lines, p->facts->nalerts);
}

static bool item_open(const struct action_item *item)
{
    return str_eq(item->status, S("open")) || str_eq(item->status, S("in_progress"));
}

static struct str item_line(struct paper *p, size_t k)
{
    const struct action_item *item = &p->facts->items[k];
    struct str owner = p->facts->owners[k];

    return str_printf(p->arena, "%.*s %.*s%s%.*s%s%.*s", STR(item->priority), STR(item->title), owner.len ? " — " : "",
        STR(owner), item->due_on.len ? ", " : "", STR(item->due_on));
}

static void learning(struct paper *p)
{
    const struct postmortem *pm = p->facts->postmortem;
    const struct brief_words *w = p->words;
    struct str *lines = arena_array(p->arena, struct str, p->facts->nitems + 1);

    heading(p, "rca", brief_text(w, "Root cause and improvements"));
    asked(p, brief_text(w, "Cause, as far as it is known"), p->facts->incident->cause);
    if (pm) {
        line(p, brief_text(w, "Postmortem"), str_eq(pm->status, S("complete")) ? brief_text(w, "complete")
            : str_eq(pm->status, S("in_review"))                              ? brief_text(w, "in review")
                                                                              : brief_text(w, "draft"));
        time_line(p, brief_text(w, "Postmortem due"), pm->due_at);
    }
    for (size_t k = 0; k < p->facts->nitems; k++)
        lines[k] = item_line(p, k);
    sublist(p, brief_text(w, "Improvements"), lines, p->facts->nitems);
}

static void to_do(struct paper *p)
{
    const struct brief_facts *f = p->facts;
    size_t before;

    heading(p, "todo", brief_text(p->words, "To do"));
    before = p->out.len;
    for (size_t k = 0; k < f->ntasks; k++) {
        if (!str_eq(f->tasks[k].state, S("open")))
            continue;
        buf_add(&p->out, S("- [ ] "));
        plain(p, f->tasks[k].text);
        buf_addc(&p->out, '\n');
    }
    for (size_t k = 0; k < f->nitems; k++) {
        if (!item_open(&f->items[k]))
            continue;
        buf_add(&p->out, S("- [ ] "));
        plain(p, item_line(p, k));
        buf_addc(&p->out, '\n');
    }
    if (p->out.len == before)
        buf_printf(&p->out, "_%.*s_\n", STR(brief_text(p->words, "nothing is open")));
}

/* What is past the limit is cut between lines. */
static struct str whole_lines(struct buf *b)
{
    struct str s = {b->ptr, b->len};

    while (b->full && s.len && s.ptr[s.len - 1] != '\n')
        s.len--;
    return b->full ? s : buf_str(b);
}

struct str brief_body(struct arena *a, const struct brief_facts *facts, const struct brief_words *w)
{
    struct paper p = {.arena = a, .facts = facts, .words = w};
    int iteration = brief_iteration(facts->incident->status);

    buf_init(&p.out, a, BRIEF_MAX_BODY);
    buf_printf(&p.out, "# %.*s %.*s: ", STR(brief_text(w, "Incident brief")), STR(facts->incident->number));
    plain(&p, facts->incident->title);
    buf_printf(&p.out, "\n\n%.*s %d/%d: %.*s\n", STR(brief_text(w, "Iteration")), iteration, BRIEF_ITERATIONS,
        STR(iteration_name(w, facts->incident->status)));
    context(&p, iteration);
    diagnosis(&p);
    plan(&p);
    metrics(&p);
    learning(&p);
    to_do(&p);
    return whole_lines(&p.out);
}

struct str brief_document(struct arena *a, const struct brief *b, const struct brief_words *w)
{
    struct buf out;

    buf_init(&out, a, BRIEF_MAX_BODY + BRIEF_MAX_CHANGES + 1000);
    buf_printf(&out, "%.*s\n## %.*s\n\n", STR(b->body),
        STR(section(w, "changes", brief_text(w, "Changes since the previous version"))));
    if (b->changes.len)
        buf_printf(&out, "```diff\n%.*s```\n", STR(b->changes));
    else
        buf_printf(&out, "_%.*s_\n", STR(b->version > 1 ? brief_text(w, "none") : brief_text(w, "this is the first version")));
    return buf_str(&out);
}
