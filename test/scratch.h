/* Folders and SQLite databases that are gone when the test program ends. In memory where there is a
 * file system for that: these tests are about rules, and sync thousands of times. */
#pragma once

#include "base/str.h"

struct arena;

const char *scratch_path(struct arena *a, const char *name);
/* The path of a database that does not exist yet. */
struct str scratch_database(struct arena *a);
