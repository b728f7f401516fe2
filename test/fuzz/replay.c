/* Replays a corpus without a fuzzer: `replay FOLDER`. Each file is given whole and cut short at
 * every length, since a parser reads past the end where its author thought of complete input.
 * A finding is a crash or a sanitizer report, so the program says only how many files it gave. */
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAX = 1 << 20, CUT_MAX = 2048 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Gives a copy of exactly `size` bytes, so that the sanitizer sees the first byte past it read. */
static void give(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);

    if (!copy)
        abort();
    memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static bool replay_file(int folder, const char *name, uint8_t *room)
{
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
    ssize_t size = fd < 0 ? -1 : read(fd, room, FILE_MAX);

    if (fd >= 0)
        close(fd);
    if (size < 0)
        return false;
    for (size_t cut = 0; cut < (size_t)size && cut < CUT_MAX; cut++)
        give(room, cut);
    give(room, (size_t)size);
    return true;
}

int main(int argc, char **argv)
{
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    uint8_t *room = malloc(FILE_MAX);
    int passed = 0, failed = 0;

    if (!folder || !room) {
        fprintf(stderr, "usage: replay FOLDER\n");
        return 2;
    }
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.')
            continue;
        if (replay_file(dirfd(folder), entry->d_name, room)) {
            passed++;
        } else {
            failed++;
            printf("cannot read %s\n", entry->d_name);
        }
    }
    free(room);
    closedir(folder);
    printf("%d passed, %d failed, 0 skipped\n", passed, failed);
    return failed || !passed;
}
