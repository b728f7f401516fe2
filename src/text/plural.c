#include "text/plural.h"

#include "text/catalog.h"

struct formula {
    struct str rest;
    uint64_t n;
    int depth;
    bool bad;
};

static const struct operator {
    const char *text;
    int rank; /* binds tighter than lower ones */
} operators[] = {
    {"||", 1}, {"&&", 2}, {"==", 3}, {"!=", 3}, {"<=", 4}, {">=", 4}, {"<", 4}, {">", 4},
    {"+", 5}, {"-", 5}, {"*", 6}, {"/", 6}, {"%", 6},
};

static uint64_t ternary(struct formula *f);

static bool accept(struct formula *f, const char *token)
{
    struct str s = str_from(token);

    f->rest = str_trim(f->rest);
    if (!str_starts(f->rest, s))
        return false;
    f->rest = str_slice(f->rest, s.len, f->rest.len);
    return true;
}

static uint64_t number(struct formula *f)
{
    size_t digits = 0;
    int64_t v = 0;

    while (digits < f->rest.len && f->rest.ptr[digits] >= '0' && f->rest.ptr[digits] <= '9')
        digits++;
    if (!str_int(str_slice(f->rest, 0, digits), &v))
        f->bad = true;
    f->rest = str_slice(f->rest, digits, f->rest.len);
    return (uint64_t)v;
}

static uint64_t unary(struct formula *f)
{
    uint64_t v = 0;

    if (f->bad || ++f->depth > CATALOG_MAX_FORMULA_DEPTH) {
        f->bad = true;
        return 0;
    }
    if (accept(f, "!")) {
        v = !unary(f);
    } else if (accept(f, "(")) {
        v = ternary(f);
        f->bad |= !accept(f, ")");
    } else if (accept(f, "n")) {
        v = f->n;
    } else {
        v = number(f);
    }
    f->depth--;
    return v;
}

static uint64_t apply(struct formula *f, struct str operator, uint64_t a, uint64_t b)
{
    char second = operator.len > 1 ? operator.ptr[1] : '\0';

    switch (operator.ptr[0]) {
    case '|': return a || b;
    case '&': return a && b;
    case '=': return a == b;
    case '!': return a != b;
    case '<': return second ? a <= b : a < b;
    case '>': return second ? a >= b : a > b;
    case '+': return a + b;
    case '-': return a - b;
    case '*': return a * b;
    default: break;
    }
    if (b == 0) {
        f->bad = true;
        return 0;
    }
    return operator.ptr[0] == '/' ? a / b : a % b;
}

static const struct operator *next_operator(struct formula *f, int rank)
{
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (operators[i].rank >= rank && accept(f, operators[i].text))
            return &operators[i];
    return NULL;
}

/* Operators of this rank or higher, from left to right. */
static uint64_t binary(struct formula *f, int rank)
{
    uint64_t v = unary(f);
    const struct operator *op;

    while (!f->bad && (op = next_operator(f, rank)))
        v = apply(f, str_from(op->text), v, binary(f, op->rank + 1));
    return v;
}

/* Both branches are evaluated: nothing has an effect but dividing by zero, and that is refused. */
static uint64_t ternary(struct formula *f)
{
    uint64_t condition = binary(f, 1);

    if (f->bad || !accept(f, "?"))
        return condition;
    if (++f->depth > CATALOG_MAX_FORMULA_DEPTH) {
        f->bad = true;
        return 0;
    }
    uint64_t yes = ternary(f);
    f->bad |= !accept(f, ":");
    uint64_t no = ternary(f);
    f->depth--;
    return condition ? yes : no;
}

bool plural_form(struct str formula, uint64_t n, uint64_t *form)
{
    struct formula f = {.rest = formula, .n = n};

    *form = ternary(&f);
    f.rest = str_trim(f.rest);
    return !f.bad && f.rest.len == 0;
}
