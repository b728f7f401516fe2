/* Mail: what a channel_config needs beyond addresses. */
#pragma once

#include <stdbool.h>

#include "notify/channels.h"

struct template;
struct template_env;

/* The compiled templates of one language, by message kind. The text's first line is the subject. */
struct mail_templates {
    struct str language;
    struct template *text[MESSAGE_KINDS], *html[MESSAGE_KINDS];
};

/* Compiles mail/<kind>.txt.mustache and .html.mustache for every kind, asking env->source for these
 * names; `env` carries the language's translations. The templates live in `a`. */
bool mail_templates_compile(struct arena *a, const struct template_env *env, struct str language,
    struct mail_templates *out, struct error *err);
