/* One job on one libcurl easy handle: job → options, outcome → result. Part of net/client. */
#pragma once

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

#include "net/address.h"
#include "net/client.h"

/* What all transfers of a client have in common. */
struct transfer_rules {
    const struct address_range *allow;
    size_t nallow;
    const char *proxy, *ca_file;
    int64_t connect_timeout_us;
};

struct transfer {
    CURL *easy;
    const struct transfer_rules *rules;
    struct client_job *job;
    struct curl_slist *list;      /* headers or recipients */
    struct transfer *prev, *next; /* of the client's list */
    size_t offset;                /* SMTP: bytes of the message that libcurl has taken */
    char *room;
    size_t room_size, kept, seen; /* HTTP: bytes of the body kept and seen */
    bool opened, refused;
    struct address refused_address;
    char line[200]; /* last SMTP reply line */
    char problem[CURL_ERROR_SIZE];
    char keep[CLIENT_KEEP];
};

/* False when the job cannot be tried at all; *result says why. */
bool transfer_begin(
    struct transfer *t, struct client_job *job, int64_t timeout_us, struct client_result *result);
/* Reads the outcome; releases what belongs to the job, keeps the handle. result->body may point
 * into the transfer. */
void transfer_end(struct transfer *t, CURLcode code, struct client_result *result);
/* Fills the result of a job that is given up, with the reason. */
void transfer_abort(struct transfer *t, const char *why, struct client_result *result);
int64_t transfer_timeout(const struct client_job *job);
