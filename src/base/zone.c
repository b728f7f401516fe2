#include "base/zone.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/utf8.h"
#include "base/zone_rule.h"

#define DAY_S 86400
#define MAX_NAME 64
#define MAX_SECONDS INT64_C(9000000000000) /* what fits an instant, either side of 1970 */

struct zone {
    size_t count;
    const int64_t *at; /* seconds, rising: settings[of[i]] holds from at[i] on */
    const uint8_t *of;
    const struct zone_setting *settings; /* the first holds before at[0] */
    bool has_rule;
    struct zone_rule rule; /* holds from the last transition on */
};

static struct zone_span span_at(const struct zone *z, int64_t t)
{
    size_t low = 0, high = z->count;

    if (z->has_rule && (z->count == 0 || t >= z->at[z->count - 1]))
        return zone_rule_span(&z->rule, t, z->count ? z->at[z->count - 1] : INT64_MIN);
    while (low < high) { /* how many transitions are not after t */
        size_t mid = (low + high) / 2;
        if (z->at[mid] <= t)
            low = mid + 1;
        else
            high = mid;
    }
    return (struct zone_span){
        .from = low ? z->at[low - 1] : INT64_MIN,
        .until = low < z->count ? z->at[low] : INT64_MAX,
        .set = &z->settings[low ? z->of[low - 1] : 0],
    };
}

struct civil zone_civil(const struct zone *z, instant t, int *offset_s, struct str *abbrev)
{
    int64_t seconds = floor_div(t.us, SECOND_US);
    const struct zone_setting *set = span_at(z, seconds).set;
    int64_t local = seconds + set->offset_s;
    int64_t days = floor_div(local, DAY_S);
    int of_day = (int)(local - days * DAY_S);
    struct date d = date_of_days(days);

    if (offset_s)
        *offset_s = set->offset_s;
    if (abbrev)
        *abbrev = set->abbrev;
    return (struct civil){
        .year = d.year,
        .month = d.month,
        .day = d.day,
        .hour = of_day / 3600,
        .minute = of_day / 60 % 60,
        .second = of_day % 60,
        .weekday = weekday_of_days(days),
    };
}

/* Seconds since 1970 as if the civil time were UTC, held within what an instant can say. */
static int64_t civil_seconds(struct civil c)
{
    int64_t months = (int64_t)c.month - 1;
    int64_t year = c.year + floor_div(months, 12);

    if (year < -250000 || year > 250000)
        return year < 0 ? -MAX_SECONDS : MAX_SECONDS;
    struct date first = {(int)year, (int)(months - floor_div(months, 12) * 12) + 1, 1};
    int64_t seconds = (days_of_date(first) + c.day - 1) * DAY_S + c.hour * INT64_C(3600) +
        c.minute * INT64_C(60) + c.second;
    return seconds < -MAX_SECONDS ? -MAX_SECONDS : seconds > MAX_SECONDS ? MAX_SECONDS : seconds;
}

instant zone_instant(const struct zone *z, struct civil local, bool *gap, bool *fold)
{
    int64_t wanted = civil_seconds(local), first = 0, after_gap = 0;
    struct zone_span s = span_at(z, wanted - ZONE_MAX_OFFSET_S);
    int found = 0;

    /* Every span in which the clock could show it; no offset reaches further. */
    for (;;) {
        int64_t t = wanted - s.set->offset_s;
        if (t >= s.from && t < s.until && found++ == 0)
            first = t;
        if (s.until > wanted + ZONE_MAX_OFFSET_S)
            break;
        int before = s.set->offset_s;
        s = span_at(z, s.until);
        if (s.from + before <= wanted && wanted < s.from + s.set->offset_s)
            after_gap = s.from;
    }
    if (gap)
        *gap = found == 0;
    if (fold)
        *fold = found > 1;
    return (instant){(found ? first : after_gap) * SECOND_US};
}

bool zone_next_transition(const struct zone *z, instant after, instant *out)
{
    struct zone_span s = span_at(z, floor_div(after.us, SECOND_US));

    /* Some transitions change the name only; the rule repeats itself after two. */
    for (size_t i = 0; i < z->count + 4 && s.until < MAX_SECONDS; i++) {
        int before = s.set->offset_s;
        s = span_at(z, s.until);
        if (s.set->offset_s != before) {
            *out = (instant){s.from * SECOND_US};
            return true;
        }
    }
    return false;
}

/* The next `n` bytes of the file, or NULL. */
static const unsigned char *take(struct str *file, uint64_t n)
{
    const unsigned char *p = (const unsigned char *)file->ptr;

    if (n > file->len)
        return NULL;
    *file = str_slice(*file, (size_t)n, file->len);
    return p;
}

static uint64_t big_endian(const unsigned char *p, int bytes)
{
    uint64_t v = 0;

    for (int i = 0; i < bytes; i++)
        v = v << 8 | p[i];
    return v;
}

enum { UTC_FLAGS, STD_FLAGS, LEAPS, TIMES, TYPES, CHARS, COUNTS };

static bool read_header(struct str *file, uint64_t n[COUNTS])
{
    const unsigned char *p = take(file, 44);

    if (!p || memcmp(p, "TZif", 4) != 0 || p[4] < '2')
        return false;
    for (int i = 0; i < COUNTS; i++)
        n[i] = big_endian(p + 20 + 4 * i, 4);
    return true;
}

static bool read_settings(struct arena *a, struct zone *z, const unsigned char *types, size_t n,
    struct str names)
{
    struct zone_setting *settings = arena_array(a, struct zone_setting, n);

    for (size_t i = 0; i < n; i++) {
        const unsigned char *p = types + 6 * i;
        int32_t offset = (int32_t)big_endian(p, 4);
        struct str rest = str_slice(names, p[5], names.len);
        size_t end = str_find(rest, '\0');
        if (offset <= -ZONE_MAX_OFFSET_S || offset >= ZONE_MAX_OFFSET_S || end == rest.len)
            return false;
        settings[i] = (struct zone_setting){offset, str_slice(rest, 0, end)};
    }
    z->settings = settings;
    return true;
}

static bool read_transitions(struct arena *a, struct zone *z, const unsigned char *times,
    const unsigned char *of, size_t n, uint64_t ntypes)
{
    int64_t *at = arena_array(a, int64_t, n);

    for (size_t i = 0; i < n; i++) {
        at[i] = (int64_t)big_endian(times + 8 * i, 8);
        if ((i && at[i] <= at[i - 1]) || of[i] >= ntypes)
            return false;
    }
    z->at = at;
    z->of = of;
    z->count = n;
    return true;
}

/* The first block, of 32-bit times, is skipped; leap seconds are refused, since an instant does not
 * count them. */
static bool read_zone(struct arena *a, struct str file, struct zone *z)
{
    uint64_t n[COUNTS];

    if (!read_header(&file, n) ||
        !take(&file, n[TIMES] * 5 + n[TYPES] * 6 + n[CHARS] + n[LEAPS] * 8 + n[STD_FLAGS] +
            n[UTC_FLAGS]))
        return false;
    if (!read_header(&file, n) || n[LEAPS] || n[TYPES] < 1 || n[TYPES] > 256)
        return false;
    const unsigned char *times = take(&file, n[TIMES] * 8);
    const unsigned char *of = take(&file, n[TIMES]);
    const unsigned char *types = take(&file, n[TYPES] * 6);
    const char *names = (const char *)take(&file, n[CHARS]);
    if (!times || !of || !types || !names || !take(&file, n[STD_FLAGS] + n[UTC_FLAGS]))
        return false;
    if (!read_settings(a, z, types, n[TYPES], (struct str){names, n[CHARS]}) ||
        !read_transitions(a, z, times, of, n[TIMES], n[TYPES]))
        return false;
    /* The footer, between two line feeds; empty when nothing is known about the future. */
    const unsigned char *feed = take(&file, 1);
    size_t end = feed && *feed == '\n' ? str_find(file, '\n') : file.len;
    if (end + 1 != file.len)
        return false;
    z->has_rule = end > 0;
    return !z->has_rule || zone_rule_parse(str_slice(file, 0, end), &z->rule);
}

bool zone_parse(struct arena *a, struct str file, const struct zone **out, struct error *err)
{
    struct zone *z = arena_new(a, struct zone);

    if (file.len > ZONE_MAX_FILE)
        return fail(err, INTERNAL, "a time zone file of more than %d bytes", ZONE_MAX_FILE);
    if (!read_zone(a, file, z))
        return fail(err, INTERNAL, "not a time zone file of version 2 or later");
    *out = z;
    return true;
}

static bool good_name(struct str name)
{
    if (!name.len || name.len > MAX_NAME)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i], lower = (char)(c | 0x20);
        bool slash = c == '/' && i > 0 && i + 1 < name.len && name.ptr[i - 1] != '/';
        if (!slash && !(lower >= 'a' && lower <= 'z') && !(c >= '0' && c <= '9') && c != '_' &&
            c != '+' && c != '-')
            return false;
    }
    return true;
}

static void close_file(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static bool read_file(struct arena *a, struct str name, struct str *out, struct error *err)
{
    const char *set = getenv("TZDIR"), *dir = set && *set ? set : "/usr/share/zoneinfo";
    struct str path = str_printf(a, "%s/%.*s", dir, STR(name));
    CLEANUP(close_file) int fd = open(path.ptr, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;

    if (fd < 0 && errno != ENOENT && errno != ENOTDIR)
        return fail(err, INTERNAL, "%s: %s", path.ptr, strerror(errno));
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return fail(err, INVALID, "there is no time zone \"%.*s\"", STR(name));
    /* One byte too many is enough to be refused. */
    size_t size = st.st_size > ZONE_MAX_FILE ? ZONE_MAX_FILE + 1 : (size_t)st.st_size;
    char *p = arena_alloc(a, size, 1);
    if (read(fd, p, size) != (ssize_t)size)
        return fail(err, INTERNAL, "%s: cannot be read", path.ptr);
    *out = (struct str){p, size};
    return true;
}

bool zone_load(struct arena *a, struct str name, const struct zone **out, struct error *err)
{
    struct str file;

    if (str_eq(name, S("UTC"))) {
        struct zone *z = arena_new(a, struct zone);
        z->has_rule = true;
        z->rule.standard.abbrev = S("UTC");
        *out = z;
        return true;
    }
    if (!good_name(name))
        return fail(err, INVALID, "there is no time zone \"%.*s\"",
            STR(utf8_truncate(name, MAX_NAME)));
    return read_file(a, name, &file, err) &&
        (zone_parse(a, file, out, err) || error_prefix(err, "%.*s", STR(name)));
}
