#include "notify/mime.h"

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"

enum { WIDTH = 76, LONGEST_WORD = 60, ENCODED_FRAME = 12 /* =?UTF-8?B??= */ };

static struct str without_controls(struct arena *a, struct str s)
{
    char *p = (char *)str_copy(a, s.ptr ? s : S("")).ptr;

    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)p[i] < ' ' || p[i] == 0x7f)
            p[i] = ' ';
    return str_trim((struct str){p, s.len});
}

/* True if the text can stand in a header as it is and be folded at its spaces without change. */
static bool ascii_words(struct str s)
{
    size_t word = 0;

    for (size_t i = 0; i < s.len; i++) {
        if ((unsigned char)s.ptr[i] >= 0x7f)
            return false;
        if (s.ptr[i] == ' ' && word == 0)
            return false;
        word = s.ptr[i] == ' ' ? 0 : word + 1;
        if (word > LONGEST_WORD)
            return false;
    }
    return !str_contains(s, S("=?"));
}

/* These three return the column they end in. */
static size_t fold(struct buf *out)
{
    buf_add(out, S("\r\n "));
    return 1;
}

static size_t add_words(struct buf *out, size_t col, struct str s)
{
    bool first = true;

    while (s.ptr) {
        struct str word;

        s = str_cut(s, ' ', &word);
        if (!first && col + 1 + word.len > WIDTH) {
            col = fold(out);
        } else if (!first) {
            buf_addc(out, ' ');
            col++;
        }
        buf_add(out, word);
        col += word.len;
        first = false;
    }
    return col;
}

static size_t add_encoded(struct buf *out, size_t col, struct str s)
{
    while (s.len) {
        size_t n = col + ENCODED_FRAME < WIDTH ? (WIDTH - col - ENCODED_FRAME) / 4 * 3 : 0;

        if (n < 8) { /* not worth a word; no character is longer than four bytes */
            col = fold(out);
            continue;
        }
        if (n >= s.len)
            n = s.len;
        else /* a character is not split between two words */
            for (size_t back = 0; back < 3 && ((unsigned char)s.ptr[n] & 0xc0) == 0x80; back++)
                n--;
        struct str word = base64_encode(out->arena, str_slice(s, 0, n));
        buf_printf(out, "=?UTF-8?B?%.*s?=", STR(word));
        col += ENCODED_FRAME + word.len;
        s = str_slice(s, n, s.len);
        if (s.len)
            col = fold(out);
    }
    return col;
}

void mime_header(struct buf *out, struct str name, struct str text)
{
    struct str clean = without_controls(out->arena, text);

    buf_printf(out, "%.*s: ", STR(name));
    if (ascii_words(clean))
        add_words(out, name.len + 2, clean);
    else
        add_encoded(out, name.len + 2, clean);
    buf_add(out, S("\r\n"));
}

static size_t add_quoted(struct buf *out, size_t col, struct str s)
{
    buf_addc(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"' || s.ptr[i] == '\\') {
            buf_addc(out, '\\');
            col++;
        }
        buf_addc(out, s.ptr[i]);
    }
    buf_addc(out, '"');
    return col + s.len + 2;
}

void mime_mailbox(struct buf *out, struct str name, struct str display, struct str address)
{
    struct str clean = without_controls(out->arena, display);
    size_t col = name.len + 2;

    buf_printf(out, "%.*s: ", STR(name));
    if (ascii_words(clean) && clean.len <= LONGEST_WORD / 2) {
        if (clean.len)
            col = add_quoted(out, col, clean);
    } else {
        col = add_encoded(out, col, clean);
    }
    if (clean.len && col + address.len + 3 > WIDTH)
        fold(out);
    else if (clean.len)
        buf_addc(out, ' ');
    buf_printf(out, "<%.*s>\r\n", STR(address));
}

void mime_date(struct buf *out, instant t)
{
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t day = t.us / DAY_US - (t.us % DAY_US < 0);
    int seconds = (int)((t.us - day * DAY_US) / SECOND_US);
    struct date d = date_of_days(day);

    buf_printf(out, "Date: %.3s, %d %.3s %d %02d:%02d:%02d +0000\r\n",
        days + 3 * weekday_of_days(day), d.day, months + 3 * (d.month - 1), d.year, seconds / 3600,
        seconds / 60 % 60, seconds % 60);
}

static void add_line(struct buf *out, struct str line)
{
    static const char hex[] = "0123456789ABCDEF";
    size_t col = 0;

    for (size_t i = 0; i < line.len; i++) {
        unsigned char c = (unsigned char)line.ptr[i];
        bool blank = c == ' ' || c == '\t';
        bool literal = blank ? i + 1 < line.len : c > ' ' && c < 0x7f && c != '=';
        char code[3] = {'=', hex[c >> 4], hex[c & 15]};

        if (col + (literal ? 1 : 3) > WIDTH - 1) {
            buf_add(out, S("=\r\n"));
            col = 0;
        }
        if (literal)
            buf_addc(out, (char)c);
        else
            buf_add(out, (struct str){code, sizeof code});
        col += literal ? 1 : 3;
    }
    buf_add(out, S("\r\n"));
}

void mime_quoted_printable(struct buf *out, struct str text)
{
    while (text.len) {
        struct str line;

        text = str_cut(text, '\n', &line);
        if (str_ends(line, S("\r")))
            line.len--;
        add_line(out, line);
    }
}
