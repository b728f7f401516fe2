#include "smtpd.h"

#include <fcntl.h>
#include <ftw.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

extern char **environ;

static bool spawn(struct smtpd *s, const char *const *args, int *out)
{
    const char *argv[16] = {"/usr/bin/python3", "test/smtpd.py", s->folder};
    posix_spawn_file_actions_t actions;
    int in[2], from[2];

    for (int i = 0; args && args[i] && i < 12; i++)
        argv[3 + i] = args[i];
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0)
        return false;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, from[1], 1);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    int failed = posix_spawn(&s->pid, argv[0], &actions, NULL, (char *const *)argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(from[1]);
    s->stdin_fd = in[1];
    *out = from[0];
    return !failed;
}

bool smtpd_start(struct arena *a, struct smtpd *s, const char *const *args)
{
    char folder[] = "/tmp/tocsin-smtpd-XXXXXX", line[512] = "";
    struct str port, cert;
    int64_t number;
    int out;

    *s = (struct smtpd){.pid = -1};
    if (!mkdtemp(folder))
        return false;
    s->folder = str_z(a, str_from(folder));
    if (!spawn(s, args, &out))
        return false;
    FILE *f = fdopen(out, "r");
    bool ok = f && fgets(line, sizeof line, f);
    if (f)
        fclose(f);
    cert = str_cut(str_trim(str_from(line)), ' ', &port);
    if (!ok || !str_int(port, &number)) {
        smtpd_stop(s);
        return false;
    }
    s->port = (int)number;
    s->certificate = str_eq(cert, S("-")) ? NULL : str_z(a, cert);
    return true;
}

struct str smtpd_message(struct arena *a, const struct smtpd *s, int n)
{
    return test_read_file(a, str_printf(a, "%s/new/%06d.eml", s->folder, n).ptr);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)st, (void)type, (void)where;
    return remove(path);
}

void smtpd_stop(struct smtpd *s)
{
    close(s->stdin_fd);
    if (s->pid > 0)
        waitpid(s->pid, NULL, 0);
    nftw(s->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
