#pragma once

#include "domain/pack_version.h"
#include "web/web.h"

bool get_packs(struct request *req, struct reply *out, struct error *err);
bool post_packs(struct request *req, struct reply *out, struct error *err);
bool get_packs_compare(struct request *req, struct reply *out, struct error *err);
bool get_pack(struct request *req, struct reply *out, struct error *err);
bool post_pack(struct request *req, struct reply *out, struct error *err);
bool post_pack_activate(struct request *req, struct reply *out, struct error *err);
bool get_pack_edit(struct request *req, struct reply *out, struct error *err);
bool get_pack_yaml(struct request *req, struct reply *out, struct error *err);
