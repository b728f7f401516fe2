#include "base/error.h"

#include <string.h>

#include "base/utf8.h"
#include "test.h"

/* Of every length around the room there is, with characters of one to four bytes: what remains is
 * text, and as long as it can be. */
TEST(a_message_ends_with_a_whole_character)
{
    static const char *const characters[] = {"a", "ж", "€", "🔔"};

    for (size_t c = 0; c < 4; c++) {
        for (size_t shift = 0; shift < 5; shift++) {
            struct error err = {0};
            char text[400] = "";
            size_t size = strlen(characters[c]), len = shift;
            memset(text, 'x', shift);
            while (len + size < sizeof text) {
                memcpy(text + len, characters[c], size);
                len += size;
            }
            text[len] = '\0';
            fail(&err, INVALID, "%s", text);
            struct str got = str_from(err.message);
            CHECK(utf8_valid(got));
            CHECK(got.len + size > sizeof err.message - 1);
            CHECK(str_starts(str_from(text), got));
            err = (struct error){0};
            fail_field(&err, "name", "%s", text);
            CHECK(utf8_valid(str_from(err.fields[0].message)));
        }
    }
}

TEST(a_short_message_is_whole)
{
    struct error err = {0};

    fail(&err, CONFLICT, "%s", "ёж");
    CHECK_STR(str_from(err.message), S("ёж"));
    CHECK_INT(err.kind, ERROR_CONFLICT);
}
