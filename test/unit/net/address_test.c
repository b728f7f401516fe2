#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "test.h"

static const struct {
    const char *text;
    bool is_public;
} addresses[] = {
    {"1.1.1.1", true},
    {"8.8.8.8", true},
    {"93.184.216.34", true},
    {"223.255.255.255", true},
    {"0.0.0.0", false},
    {"0.255.255.255", false},
    {"1.0.0.0", true},
    {"9.255.255.255", true},
    {"10.0.0.0", false},
    {"10.255.255.255", false},
    {"11.0.0.0", true},
    {"100.63.255.255", true},
    {"100.64.0.0", false},
    {"100.127.255.255", false},
    {"100.128.0.0", true},
    {"126.255.255.255", true},
    {"127.0.0.1", false},
    {"127.255.255.255", false},
    {"128.0.0.0", true},
    {"169.253.255.255", true},
    {"169.254.169.254", false},
    {"169.255.0.0", true},
    {"172.15.255.255", true},
    {"172.16.0.0", false},
    {"172.31.255.255", false},
    {"172.32.0.0", true},
    {"192.0.0.1", false},
    {"192.0.1.0", true},
    {"192.0.2.1", false},
    {"192.88.99.1", false},
    {"192.167.255.255", true},
    {"192.168.0.1", false},
    {"192.169.0.0", true},
    {"198.17.255.255", true},
    {"198.18.0.1", false},
    {"198.19.255.255", false},
    {"198.20.0.0", true},
    {"198.51.100.1", false},
    {"203.0.113.1", false},
    {"224.0.0.1", false},
    {"239.255.255.255", false},
    {"240.0.0.1", false},
    {"255.255.255.255", false},
    {"::", false},
    {"::1", false},
    {"::2", false},
    {"::127.0.0.1", false},
    {"::8.8.8.8", false},
    {"::ffff:127.0.0.1", false},
    {"::ffff:10.1.2.3", false},
    {"::ffff:8.8.8.8", true},
    {"::ffff:0:127.0.0.1", false},
    {"64:ff9b::7f00:1", false},
    {"64:ff9b::808:808", false},
    {"64:ff9b:1::a00:1", false},
    {"100::1", false},
    {"1fff:ffff::1", false},
    {"2000::1", true},
    {"2001::1", false},
    {"2001:0:7f00:1::", false},
    {"2001:10::1", false},
    {"2001:1ff:ffff::1", false},
    {"2001:200::1", true},
    {"2001:db7:ffff::1", true},
    {"2001:db8::1", false},
    {"2001:db9::1", true},
    {"2002:7f00:1::", false},
    {"2002:808:808::1", false},
    {"2003::1", true},
    {"2606:4700:4700::1111", true},
    {"3ffe:ffff::1", true},
    {"3fff::1", false},
    {"3fff:1000::1", true},
    {"4000::1", false},
    {"fc00::1", false},
    {"fdff::1", false},
    {"fe80::1", false},
    {"fec0::1", false},
    {"ff02::1", false},
    {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false},
};

TEST(public_or_not)
{
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        struct address address;
        REQUIRE(address_parse(str_from(addresses[i].text), &address));
        if (address_public(&address) != addresses[i].is_public)
            test_fail(t, __FILE__, __LINE__, "%s", addresses[i].text);
    }
}

TEST(only_strict_addresses)
{
    const char *bad[] = {"", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1 ",
        "1.2.3", "1.2.3.4.5", "256.1.1.1", "localhost", "[::1]", "::1%lo", ":::", "1.2.3.4/8",
        "0000:0000:0000:0000:0000:0000:0000:0000:0000:0001"};
    struct address address;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(!address_parse(str_from(bad[i]), &address));
    CHECK(!address_parse(S("127.0.0.1\0"), &address));
}

TEST(ranges)
{
    struct error err = {0};
    const char *good[] = {"*", "0.0.0.0/0", "127.0.0.0/8", "10.1.2.3", "10.1.2.3/32", "::/0",
        "fd00::/8", "::1", "fe80::/10", "255.255.255.255/32"};
    const char *bad[] = {"", "/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8/8",
        "10.0.0.1/31", "10.0.0.0/x", "fd00::/129", "fd00::1/127", "**", "10.0.0.0/ 8"};
    struct address_range r;

    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        REQUIRE_OK(address_range_parse(str_from(good[i]), &r, &err));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (address_range_parse(str_from(bad[i]), &r, &err))
            test_fail(t, __FILE__, __LINE__, "%s", bad[i]);
}

TEST(membership_at_the_edges)
{
    const struct {
        const char *range, *address;
        bool in;
    } cases[] = {
        {"10.32.0.0/11", "10.32.0.0", true},
        {"10.32.0.0/11", "10.63.255.255", true},
        {"10.32.0.0/11", "10.31.255.255", false},
        {"10.32.0.0/11", "10.64.0.0", false},
        {"127.0.0.0/8", "::ffff:127.0.0.1", true},
        {"127.0.0.1", "127.0.0.2", false},
        {"0.0.0.0/0", "10.0.0.1", true},
        {"0.0.0.0/0", "::1", false},
        {"*", "::1", true},
        {"*", "127.0.0.1", true},
        {"::/0", "127.0.0.1", true},
        {"fe80::/10", "febf::1", true},
        {"fe80::/10", "fec0::1", false},
        {"::1", "::1", true},
        {"64:ff9b::/96", "64:ff9b::7f00:1", true},
    };
    struct error err = {0};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct address_range r;
        struct address address;
        REQUIRE_OK(address_range_parse(str_from(cases[i].range), &r, &err));
        REQUIRE(address_parse(str_from(cases[i].address), &address));
        if (address_in(&address, &r) != cases[i].in)
            test_fail(t, __FILE__, __LINE__, "%s in %s", cases[i].address, cases[i].range);
        CHECK(address_allowed(&address, &r, 1) == (cases[i].in || address_public(&address)));
    }
}

TEST(socket_addresses)
{
    struct sockaddr_in in = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    struct sockaddr other = {.sa_family = AF_UNIX};
    struct address address;
    char text[ADDRESS_MAX_TEXT];

    inet_pton(AF_INET, "192.168.1.2", &in.sin_addr);
    CHECK(address_of((struct sockaddr *)&in, &address));
    CHECK_STR(address_text(&address, text), S("192.168.1.2"));
    inet_pton(AF_INET6, "::ffff:192.168.1.2", &in6.sin6_addr);
    CHECK(address_of((struct sockaddr *)&in6, &address));
    CHECK_STR(address_text(&address, text), S("192.168.1.2"));
    inet_pton(AF_INET6, "2001:db8::1", &in6.sin6_addr);
    CHECK(address_of((struct sockaddr *)&in6, &address));
    CHECK_STR(address_text(&address, text), S("2001:db8::1"));
    CHECK(!address_of(&other, &address));
}
