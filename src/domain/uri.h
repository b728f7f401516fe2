/* What Go's url.ParseRequestURI accepts, and so what Alertmanager takes for a generatorURL: an
 * absolute path or a URL with any scheme. Lenient; not a check for links that people click. */
#pragma once

#include <stdbool.h>

#include "base/str.h"

bool uri_valid(struct str s);
