#include "base/error.h"
#include "db/driver.h"

bool postgres_open(struct db **out, const char *url, enum db_mode mode, struct error *err)
{
    (void)out, (void)url, (void)mode;
    return fail(err, UNSUPPORTED, "PostgreSQL is not there yet");
}
