/* A disk that fails on command. Preloaded into the server; the first byte of the file named by
 * DISK_FAULT says how regular files fail: '-' not at all, 'f' full (ENOSPC), 'r' read-only (EROFS),
 * 's' syncing fails (EIO: what was written since may be gone). The byte is mapped, so the test
 * changes the disk's mind between two system calls and the server need not be restarted. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static const volatile char *mode = "-"; /* mutable: what a preloaded library has instead of main */

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("DISK_FAULT");
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *map = fd < 0 ? MAP_FAILED : mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0);

    if (fd >= 0)
        close(fd);
    if (map != MAP_FAILED)
        mode = map;
}

/* Logs and sockets go on working; only the server's own regular files fail. */
static bool refused(int fd)
{
    struct stat st;

    if (*mode != 'f' && *mode != 'r')
        return false;
    if (fd <= STDERR_FILENO || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return false;
    errno = *mode == 'f' ? ENOSPC : EROFS;
    return true;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *data, size_t size)
{
    return refused(fd) ? -1 : REAL(write)(fd, data, size);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at)
{
    return refused(fd) ? -1 : REAL(pwrite64)(fd, data, size, at);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at)
{
    return refused(fd) ? -1 : REAL(pwrite)(fd, data, size, at);
}

int ftruncate64(int fd, off64_t size)
{
    return *mode == 'r' && refused(fd) ? -1 : REAL(ftruncate64)(fd, size);
}

int fdatasync(int fd)
{
    if (*mode == 's') {
        errno = EIO;
        return -1;
    }
    return REAL(fdatasync)(fd);
}

int fsync(int fd)
{
    if (*mode == 's') {
        errno = EIO;
        return -1;
    }
    return REAL(fsync)(fd);
}
