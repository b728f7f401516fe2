#include "domain/delivery.h"

#include "test.h"

static const struct delivery page = {.incident_id = {"inc_1", 5},
    .kind = {"page", 4},
    .channel = {"email", 5},
    .user_id = {"usr_1", 5},
    .address = {"a@b.c", 5},
    .loop = 1,
    .step = 2};

TEST(the_id_is_what_the_delivery_is_for)
{
    struct str id = delivery_id(a, &page);
    struct delivery d[8];

    CHECK_INT(id.len, 30);
    CHECK(str_starts(id, S("dlv_")));
    for (int i = 0; i < 8; i++)
        d[i] = page;
    d[0].incident_id = S("inc_2");
    d[1].kind = S("resolved");
    d[2].channel = S("webhook");
    d[3].user_id = S("usr_2");
    d[4].address = S("a@b.d");
    d[5].loop = 2;
    d[6].step = 1;
    d[7].loop = 12;
    for (int i = 0; i < 8; i++)
        CHECK(!str_eq(delivery_id(a, &d[i]), id));
    struct delivery same = page;
    same.reason = S("other words");
    same.attempts = 7;
    same.recipient = S("new name");
    CHECK_STR(delivery_id(a, &same), id);
}

TEST(superseded)
{
    struct delivery d = page;

    CHECK(!delivery_superseded(&d, true, false));
    CHECK(delivery_superseded(&d, true, true));
    CHECK(delivery_superseded(&d, false, false));
    d.step = DELIVERY_BY_HAND;
    CHECK(!delivery_superseded(&d, true, true));
    CHECK(delivery_superseded(&d, false, true));
    d.kind = S("resolved");
    CHECK(!delivery_superseded(&d, false, true));
}
