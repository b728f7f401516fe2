#include "console.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "cli/cli.h"

#define MAX_ARGS 80
#define MAX_OUTPUT ((size_t)16 << 20)

static struct str read_all(struct arena *a, int fd)
{
    char *text = arena_alloc(a, MAX_OUTPUT, 1);
    ssize_t n = pread(fd, text, MAX_OUTPUT, 0);

    assert(n >= 0 && (size_t)n < MAX_OUTPUT);
    return (struct str){text, (size_t)n};
}

/* English is what tests read, wherever they run. */
struct console console_run(struct arena *a, struct str input, const char *const *words)
{
    setenv("LC_ALL", "C", 1);
    return console_run_here(a, input, words);
}

struct console console_run_here(struct arena *a, struct str input, const char *const *words)
{
    int caught[3], saved[3], argc = 1;
    char *argv[MAX_ARGS] = {(char[]){"tocsin"}};

    while (words[argc - 1] && argc < MAX_ARGS - 1) {
        argv[argc] = (char *)(uintptr_t)words[argc - 1];
        argc++;
    }
    fflush(NULL);
    for (int i = 0; i < 3; i++) {
        caught[i] = memfd_create("console", MFD_CLOEXEC);
        saved[i] = dup(i);
        assert(caught[i] >= 0 && saved[i] >= 0);
    }
    assert(pwrite(caught[0], input.ptr, input.len, 0) == (ssize_t)input.len);
    for (int i = 0; i < 3; i++)
        dup2(caught[i], i);
    clearerr(stdin);
    struct console c = {.code = cli_main(&cmd_serve, argc, argv)};
    fflush(NULL);
    for (int i = 0; i < 3; i++)
        dup2(saved[i], i);
    c.out = read_all(a, caught[1]);
    c.err = read_all(a, caught[2]);
    for (int i = 0; i < 3; i++) {
        close(caught[i]);
        close(saved[i]);
    }
    return c;
}

const char *console_folder(struct arena *a)
{
    char *path = arena_alloc(a, 64, 1);

    snprintf(path, 64, "/tmp/tocsin-cli-XXXXXX");
    assert(mkdtemp(path));
    return path;
}
