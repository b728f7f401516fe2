/* Wires, decides nothing. */
#include "cli/cli.h"

extern const struct command cmd_serve;

int main(int argc, char **argv)
{
    return cli_main(&cmd_serve, argc, argv);
}
