/* Policy packs of the installation: those built in, those people have made of them, the one in use.
 *
 * What is in use is the setting 'pack'. Every process holds it in memory as env->pack, which the
 * writer's thread replaces after a commit that changed the setting, and on a shared database also when
 * another node did. A pack that was in use once stays in memory: whoever holds a pointer may go on
 * with it. */
#pragma once

#include "domain/pack.h"
#include "domain/pack_version.h"
#include "engine/op.h"

struct db;
struct embedded;
struct list;
struct packs;

/* `built_in` ends with an entry without a name; names are "ID.yaml", others are skipped. Makes
 * env->pack the built-in pack "sev", or the first there is. */
bool packs_open(struct env *env, const struct embedded *built_in, struct error *err);
void packs_close(struct env *env);
/* Makes env->pack what the setting says. Only on the thread that writes. A pack that cannot be read
 * leaves the one in use, and is an error. */
bool packs_follow(struct env *env, struct db *db, struct error *err);

/* Every pack: the built-in ones in their order, then the newest version of each other. */
bool pack_all(const struct env *env, struct db *db, struct arena *a, struct list *out, struct error *err);
/* One of them; `version` 0 is the newest. NOT_FOUND. */
bool pack_source(const struct env *env, struct db *db, struct arena *a, struct str id, int64_t version,
    struct pack_version *out, struct error *err);
/* Reads YAML, checks the pack and compiles its templates. Errors begin with the line and name the key. */
bool pack_parse(struct arena *a, struct str yaml, struct pack *out, struct error *err);
/* Id and version in use. */
bool pack_in_use(struct db *db, struct arena *a, struct str *id, int64_t *version, struct error *err);

bool engine_pack_fork(struct op *op, const struct pack_fork *in, struct pack_version *out, struct error *err);
/* A new version. It is not in use before it is activated. */
bool engine_pack_edit(struct op *op, struct str id, const struct pack_edit *in, struct pack_version *out,
    struct error *err);
/* Puts a version into use: open incidents, services and routes get the severities that the mapping says;
 * past incidents keep their words. Nothing happens if it is in use already. */
bool engine_pack_activate(struct op *op, struct str id, const struct pack_activate *in, struct pack_version *out,
    struct error *err);
/* For an empty installation: INVALID naming `pack` if there is no such built-in pack. */
bool engine_pack_choose(struct op *op, struct str id, struct error *err);
