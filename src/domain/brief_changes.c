/* The difference of two versions: the longest common subsequence of their lines, by a table over
 * what is left between a common beginning and a common end. Past BRIEF_MAX_CELLS the middle counts
 * as changed throughout: true, only less fine. */
#include "domain/brief.h"

#include "base/arena.h"
#include "base/buf.h"

struct lines {
    struct str *v;
    size_t n;
};

struct change {
    struct arena *arena;
    struct lines before, after;
    struct buf out;
    struct str section, said; /* the heading that we are below, and the last that was written */
};

static struct lines split(struct arena *a, struct str text)
{
    struct lines l = {0};
    size_t n = 1;

    for (size_t i = 0; i < text.len; i++)
        n += text.ptr[i] == '\n';
    l.v = arena_array(a, struct str, n);
    while (text.len) {
        text = str_cut(text, '\n', &l.v[l.n]);
        l.n++;
    }
    return l;
}

static void pass(struct change *c, struct str line)
{
    if (str_starts(line, S("## ")))
        c->section = str_slice(line, 3, line.len);
}

static void write(struct change *c, char mark, struct str line)
{
    if (!line.len)
        return;
    pass(c, line);
    if (c->section.len && !str_eq(c->section, c->said)) {
        buf_printf(&c->out, "@ %.*s\n", STR(c->section));
        c->said = c->section;
    }
    buf_printf(&c->out, "%c %.*s\n", mark, STR(line));
}

/* length[i][j]: of the longest common subsequence of before[i…] and after[j…], both without what is
 * common at the end; nrows × ncols cells. */
static uint16_t *measure(struct change *c, size_t from, size_t rows, size_t cols)
{
    uint16_t *length = arena_array(c->arena, uint16_t, rows * cols);

    for (size_t i = rows - 1; i-- > 0;)
        for (size_t j = cols - 1; j-- > 0;) {
            uint16_t down = length[(i + 1) * cols + j], right = length[i * cols + j + 1];
            bool same = str_eq(c->before.v[from + i], c->after.v[from + j]);
            length[i * cols + j] = same ? (uint16_t)(length[(i + 1) * cols + j + 1] + 1) : down >= right ? down : right;
        }
    return length;
}

static void middle(struct change *c, size_t from, size_t nbefore, size_t nafter)
{
    size_t rows = nbefore + 1, cols = nafter + 1, i = 0, j = 0;
    bool fine = rows <= UINT16_MAX && cols <= UINT16_MAX && rows * cols <= BRIEF_MAX_CELLS;
    uint16_t *length = fine ? measure(c, from, rows, cols) : NULL;

    while (i < nbefore || j < nafter) {
        struct str gone = i < nbefore ? c->before.v[from + i] : STR_NONE;
        struct str come = j < nafter ? c->after.v[from + j] : STR_NONE;
        if (fine && i < nbefore && j < nafter && str_eq(gone, come)) {
            pass(c, gone);
            i++;
            j++;
        } else if (i < nbefore && (j == nafter || !fine || length[(i + 1) * cols + j] >= length[i * cols + j + 1])) {
            write(c, '-', gone);
            i++;
        } else {
            write(c, '+', come);
            j++;
        }
    }
}

struct str brief_changes(struct arena *a, struct str before, struct str after)
{
    struct change c = {.arena = a, .before = split(a, before), .after = split(a, after)};
    size_t start = 0, end = 0, nbefore = c.before.n, nafter = c.after.n;

    buf_init(&c.out, a, BRIEF_MAX_CHANGES);
    for (; start < nbefore && start < nafter && str_eq(c.before.v[start], c.after.v[start]); start++)
        pass(&c, c.before.v[start]);
    while (end < nbefore - start && end < nafter - start &&
        str_eq(c.before.v[nbefore - 1 - end], c.after.v[nafter - 1 - end]))
        end++;
    middle(&c, start, nbefore - start - end, nafter - start - end);
    struct str out = {c.out.ptr, c.out.len};
    while (c.out.full && out.len && out.ptr[out.len - 1] != '\n') /* cut between lines */
        out.len--;
    return c.out.full ? out : buf_str(&c.out);
}
