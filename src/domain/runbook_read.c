/* Steps and escalation of a runbook, read line by line. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "domain/runbook.h"

#define TEXT_MAX 500
#define COMMAND_MAX 4000

struct reader {
    struct arena *arena;
    struct runbook_step *out;
    size_t n, max;
    struct str section;  /* "## …" */
    struct str heading;  /* "### …" that is a step, unless steps of its own follow */
    bool tells;          /* the section only tells */
    bool by_section;     /* sections are the steps, for want of others */
    bool in_step;
    struct buf command, expected;
    struct str text;
};

static bool begins(struct str s, const char *word)
{
    struct str w = str_from(word);

    return s.len >= w.len && str_eq_nocase(str_slice(s, 0, w.len), w);
}

/* ASCII case does not matter; Cyrillic words are given with both first letters. */
static bool has_word(struct str s, const char *word)
{
    struct str w = str_from(word);

    for (size_t k = 0; k + w.len <= s.len; k++)
        if (str_eq_nocase(str_slice(s, k, k + w.len), w))
            return true;
    return false;
}

static bool only_tells(struct str section)
{
    static const char *const words[] = {"metadata", "symptom", "impact", "meaning", "escalat", "related", "reference",
        "resource", "overview", "summary", "link", "эскалац", "Эскалац", "Симптом", "Ссылк", "Метаданн"};

    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (has_word(section, words[k]))
            return true;
    return false;
}

/* Without emphasis and code marks; of a link what it says. */
static struct str plain(struct arena *a, struct str s)
{
    struct buf b;

    s = utf8_truncate(s, 2 * TEXT_MAX);
    buf_init(&b, a, 8 * TEXT_MAX);
    for (size_t k = 0; k < s.len; k++) {
        char c = s.ptr[k];
        if (c == '`' || (c == '*' && k + 1 < s.len && s.ptr[k + 1] == '*') || (c == '*' && k && s.ptr[k - 1] == '*'))
            continue;
        if (c == ']' && k + 1 < s.len && s.ptr[k + 1] == '(') {
            size_t end = k + 2 + str_find(str_slice(s, k + 2, s.len), ')');
            k = end < s.len ? end : s.len;
            continue;
        }
        if (c == '[' && str_contains(str_slice(s, k, s.len), S("](")))
            continue;
        buf_addc(&b, c);
    }
    return utf8_truncate(str_trim(buf_str(&b)), TEXT_MAX);
}

/* "Look at the processes: `top`" → the words, and the command at their end. */
static struct str trailing_code(struct str s, struct str *command)
{
    struct str t = str_trim(s);

    while (t.len && (t.ptr[t.len - 1] == '.' || t.ptr[t.len - 1] == ';'))
        t.len--;
    if (t.len < 3 || t.ptr[t.len - 1] != '`')
        return s;
    size_t from = t.len - 1;
    while (from && t.ptr[from - 1] != '`')
        from--;
    struct str before = from ? str_trim(str_slice(t, 0, from - 1)) : STR_NONE;
    if (!before.len || before.ptr[before.len - 1] != ':')
        return s;
    *command = str_slice(t, from, t.len - 1);
    return str_slice(before, 0, before.len - 1);
}

static void finish(struct reader *r)
{
    if (r->in_step && r->text.len && r->n < r->max) {
        struct runbook_step *s = &r->out[r->n++];
        struct str command = buf_str(&r->command), expected = buf_str(&r->expected);
        *s = (struct runbook_step){.section = r->section, .text = r->text};
        while (command.len && command.ptr[command.len - 1] == '\n')
            command.len--;
        if (command.len)
            s->command = utf8_truncate(command, COMMAND_MAX);
        if (expected.len)
            s->expected = utf8_truncate(expected, COMMAND_MAX);
    }
    r->in_step = false;
}

static void begin(struct reader *r, struct str text)
{
    struct str command = STR_NONE;

    finish(r);
    buf_init(&r->command, r->arena, 2 * COMMAND_MAX);
    buf_init(&r->expected, r->arena, 2 * COMMAND_MAX);
    text = trailing_code(text, &command);
    buf_add(&r->command, command);
    r->text = plain(r->arena, text);
    r->in_step = true;
}

/* "Step 2: Is it up?" → "Is it up?" */
static struct str without_number(struct str s)
{
    struct str head, rest = str_cut(s, ':', &head);

    return rest.ptr && str_trim(rest).len && (begins(head, "step") || begins(head, "Шаг")) ? str_trim(rest) : s;
}

/* A heading that is a step so far gives way to the steps below it. */
static void begin_item(struct reader *r, struct str text)
{
    if (r->in_step && r->heading.ptr && !r->command.len && !r->expected.len) {
        r->in_step = false;
        r->heading = STR_NONE;
    }
    begin(r, text);
    r->heading = STR_NONE;
}

static void heading(struct reader *r, struct str line)
{
    size_t level = 0;

    while (level < line.len && line.ptr[level] == '#')
        level++;
    struct str text = str_trim(str_slice(line, level, line.len));
    finish(r);
    if (level <= 2) {
        r->section = level == 2 ? plain(r->arena, text) : S("");
        r->tells = only_tells(text);
        r->heading = STR_NONE;
        if (r->by_section && level == 2 && !r->tells)
            begin(r, text);
        return;
    }
    if (r->tells || r->by_section)
        return;
    begin(r, without_number(text));
    r->heading = text;
}

/* What follows the mark of an item: "1. ", "2) ", "- [ ] ", "- If …", "- **If …". */
static bool item(struct str line, struct str *text)
{
    size_t k = 0;

    while (k < line.len && line.ptr[k] == ' ')
        k++;
    if (k > 3)
        return false;
    line = str_slice(line, k, line.len);
    for (k = 0; k < line.len && line.ptr[k] >= '0' && line.ptr[k] <= '9'; k++)
        ;
    if (k && k < 4 && k + 1 < line.len && (line.ptr[k] == '.' || line.ptr[k] == ')') && line.ptr[k + 1] == ' ') {
        *text = str_trim(str_slice(line, k + 2, line.len));
        return text->len > 0;
    }
    if (line.len < 3 || (line.ptr[0] != '-' && line.ptr[0] != '*') || line.ptr[1] != ' ')
        return false;
    *text = str_trim(str_slice(line, 2, line.len));
    if (begins(*text, "[ ] ") || begins(*text, "[x] ")) {
        *text = str_trim(str_slice(*text, 4, text->len));
        return true;
    }
    return begins(*text, "if ") || begins(*text, "**if ") || begins(*text, "Если ") || begins(*text, "**Если ");
}

static void append_line(struct buf *b, struct str line)
{
    if (b->len)
        buf_addc(b, '\n');
    buf_add(b, line);
}

/* Lines of a step that say what a good result is, and what to do otherwise. */
static void detail(struct reader *r, struct str line)
{
    struct str text = plain(r->arena, line), head, rest;

    if (begins(text, "- "))
        text = str_slice(text, 2, text.len);
    rest = str_cut(text, ':', &head);
    if (!rest.ptr || !str_trim(rest).len)
        return;
    if (begins(text, "expected") || begins(text, "Ожидается"))
        append_line(&r->expected, str_trim(rest));
    else if (begins(text, "if not") || begins(text, "if unhealthy") || begins(text, "if it fails") || begins(text, "Если нет"))
        append_line(&r->expected, text);
}

static bool fence(struct str line)
{
    line = str_trim(line);
    return str_starts(line, S("```")) || str_starts(line, S("~~~"));
}

static void read_lines(struct reader *r, struct str text)
{
    struct str line, words;
    bool code = false;

    while (text.ptr) {
        text = str_cut(text, '\n', &line);
        if (fence(line)) {
            code = !code;
        } else if (code) {
            if (r->in_step)
                append_line(&r->command, line);
        } else if (str_starts(line, S("#"))) {
            heading(r, line);
        } else if (!r->tells && !r->by_section && item(line, &words) && !(r->in_step && begins(words, "if not"))) {
            begin_item(r, words);
        } else if (r->in_step) {
            detail(r, line);
        }
    }
    finish(r);
}

size_t runbook_steps(struct arena *a, struct str text, struct runbook_step *out, size_t max)
{
    struct reader r = {.arena = a, .out = out, .max = max, .section = S("")};

    read_lines(&r, text);
    if (r.n)
        return r.n;
    r = (struct reader){.arena = a, .out = out, .max = max, .section = S(""), .by_section = true};
    read_lines(&r, text);
    for (size_t k = 0; k < r.n; k++)
        out[k].section = S("");
    return r.n;
}

/* The first "15 min", "2 hours" of a line. */
static int64_t time_in(struct str line)
{
    static const struct {
        const char *word;
        int64_t us;
    } units[] = {{"m", MINUTE_US}, {"h", HOUR_US}, {"мин", MINUTE_US}, {"час", HOUR_US}};

    for (size_t k = 0; k < line.len; k++) {
        int64_t n = 0;
        size_t from = k;
        while (k < line.len && line.ptr[k] >= '0' && line.ptr[k] <= '9' && k - from < 4)
            n = n * 10 + (line.ptr[k++] - '0');
        if (k == from)
            continue;
        struct str rest = str_slice(line, k, line.len);
        while (rest.len && rest.ptr[0] == ' ')
            rest = str_slice(rest, 1, rest.len);
        for (size_t u = 0; u < sizeof units / sizeof *units; u++)
            if (n && begins(rest, units[u].word))
                return n * units[u].us;
    }
    return 0;
}

/* What follows "escalate to", "contact". */
static struct str after_word(struct str line, const char *word)
{
    struct str w = str_from(word);

    for (size_t k = 0; k + w.len <= line.len; k++) {
        if (!str_eq_nocase(str_slice(line, k, k + w.len), w))
            continue;
        struct str s = str_slice(line, k + w.len, line.len);
        while (s.len && (s.ptr[0] == ':' || s.ptr[0] == ' '))
            s = str_slice(s, 1, s.len);
        s = str_trim(s);
        return s.len && s.ptr[0] != '[' ? s : STR_NONE;
    }
    return STR_NONE;
}

bool runbook_escalates(struct arena *a, struct str text, struct runbook_escalation *out)
{
    struct str line, contact = STR_NONE;
    bool here = false, code = false;

    *out = (struct runbook_escalation){0};
    while (text.ptr) {
        text = str_cut(text, '\n', &line);
        code ^= fence(line);
        if (!code && str_starts(line, S("#")))
            here = has_word(line, "escalat") || has_word(line, "эскалац") || has_word(line, "Эскалац");
        if (!here || code)
            continue;
        line = plain(a, line);
        if (!out->after)
            out->after = time_in(line);
        if (!out->to.len)
            out->to = after_word(line, has_word(line, "escalate to") ? "escalate to" : "Эскалировать:");
        if (!contact.len)
            contact = after_word(line, "contact:");
    }
    if (contact.len)
        out->to = out->to.len ? str_printf(a, "%.*s (%.*s)", STR(out->to), STR(contact)) : contact;
    return out->after > 0;
}
