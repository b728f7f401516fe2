#include "cli/cli.h"

extern const struct command cmd_backup, cmd_init, cmd_migrate, cmd_verify;

const struct command *const commands[] = {
    &cmd_backup,
    &cmd_init,
    &cmd_migrate,
    &cmd_verify,
    NULL,
};
