#include "net/gate.h"

#include "base/rand.h"
#include "test.h"

static struct address address(const char *text)
{
    struct address a = {{0}};

    address_parse(str_from(text), &a);
    return a;
}

TEST(limits_per_address_and_in_total)
{
    struct gate *g = gate_new(5, 2);
    struct address one = address("10.0.0.1"), two = address("10.0.0.2"),
                   three = address("10.0.0.3");

    CHECK(gate_enter(g, &one) && gate_enter(g, &one) && !gate_enter(g, &one));
    CHECK(gate_enter(g, &two) && gate_enter(g, &two) && !gate_enter(g, &two));
    CHECK(gate_enter(g, &three) && !gate_enter(g, &three));
    gate_leave(g, &one);
    CHECK(gate_enter(g, &three) && !gate_enter(g, &one));
    gate_free(g);
}

TEST(a_network_of_ipv6_is_one_address)
{
    struct gate *g = gate_new(100, 2);
    struct address near = address("2001:db8:1:2::1"), same = address("2001:db8:1:2:ffff::9");
    struct address other = address("2001:db8:1:3::1");

    CHECK(gate_enter(g, &near) && gate_enter(g, &same) && !gate_enter(g, &near));
    CHECK(gate_enter(g, &other));
    gate_leave(g, &near);
    CHECK(gate_enter(g, &same));
    gate_free(g);
}

/* Against a plain array of counts; many leave and enter, so gaps in the table are closed often. */
TEST(agrees_with_a_model)
{
    enum { MAX = 60, PER = 3, ADDRESSES = 90 };
    struct gate *g = gate_new(MAX, PER);
    struct rand rng = {3};
    int counts[ADDRESSES] = {0}, total = 0;

    for (int i = 0; i < 200000; i++) {
        size_t k = rand_below(&rng, ADDRESSES);
        struct address from = {.bytes = {[10] = 0xff, [11] = 0xff, [12] = 10, [15] = (uint8_t)k}};
        if (rand_below(&rng, 2)) {
            bool open = counts[k] < PER && total < MAX;
            REQUIRE(gate_enter(g, &from) == open);
            counts[k] += open;
            total += open;
        } else if (counts[k]) {
            gate_leave(g, &from);
            counts[k]--;
            total--;
        }
    }
    gate_free(g);
}
