/* A page as the engine would make it, for the tests of this floor. */
#pragma once

#include "notify/channels.h"

static inline struct message sample_page(const struct message_alert *alerts, size_t n)
{
    return (struct message){
        .kind = MESSAGE_PAGE,
        .delivery_id = S("dlv_01kagbcd00123456789abcdefg"),
        .incident_id = S("inc_01kagbcd00000000000000000a"),
        .number = S("INC-20261121-003"),
        .title = S("Card payments fail"),
        .severity = S("SEV1"),
        .status = S("investigating"),
        .summary = S("Every second card payment is declined.\nStarted after the 11:40 deploy."),
        .service = S("checkout"),
        .started_at = {INT64_C(1795261200) * SECOND_US},
        .incident_url = S("https://tocsin.example.com/incidents/INC-20261121-003"),
        .acknowledge_url =
            S("https://tocsin.example.com/a/inc_01kagbcd00000000000000000a.usr_x.ack.1.m"),
        .reason = S("CardErrors → policy Payments, step 1 → schedule Primary → Alice"),
        .recipient_id = S("usr_01kagbcd00000000000000000b"),
        .recipient_name = S("Alice Müller"),
        .address = S("alice@example.com"),
        .alerts = alerts,
        .nalerts = n,
        .alert_count = (int64_t)n,
        .now = {INT64_C(1795262400) * SECOND_US},
    };
}
