/* Rows of an answer as aligned columns, and one object as labelled lines.
 *
 * The API's names say what a value is, as they do in the field tables: `…_at` is a time, `…_us` a
 * duration, `severity` is coloured by the `severity_rank` beside it. An object stands for its name,
 * or its number; a list for its members. */
#pragma once

#include "cli/cli.h"

#include "base/json.h"

struct column {
    const char *key;   /* member of the row; "a.b" of a member's member */
    const char *title; /* "SEVERITY", or a label */
};

/* Columns end with {0}; the last one is cut to the terminal. Without rows: says `none`. */
void table_print(
    struct cli *c, const struct json *rows, const struct column *columns, const char *none);
/* "Label  value" lines for what is there and not empty. */
void table_print_object(struct cli *c, const struct json *object, const struct column *lines);
/* The value of `key` in a row, clean, on one line; "-" if there is none, or it is null. */
struct str table_value(struct cli *c, const struct json *row, const char *key);

enum paint { PAINT_NONE, PAINT_DIM, PAINT_BOLD, PAINT_RED, PAINT_YELLOW, PAINT_BLUE, PAINT_GREEN };
/* Prints, coloured if colours are wanted. */
void table_paint(struct cli *c, enum paint p, struct str s);
