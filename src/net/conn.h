/* Inside a connection: what conn.c, conn_read.c and conn_write.c know of each other. */
#pragma once

#include <sys/types.h>

#include "net/loop.h"

#define NOTHING_NOW (-1)

void conn_deadline(struct conn *c, int64_t after_us);
struct ticket conn_ticket(const struct conn *c);
/* Bytes moved; NOTHING_NOW; or 0, and the connection is dead. */
ssize_t conn_receive(struct conn *c, void *p, size_t n);
ssize_t conn_transmit(struct conn *c, const struct str pieces[2]);

/* The server's own answer to what is no request, or comes too late; the connection closes after
 * it. True, so that a step can return it: the answer is to be written. */
bool conn_refuse(struct conn *c, int status);
bool conn_refuse_request(struct conn *c, int status); /* the same while a request is being read */

/* Steps: what a connection does in a state. True if it should be stepped again. */
bool conn_step_head(struct conn *c);
bool conn_step_body(struct conn *c);
bool conn_step_answer(struct conn *c);
bool conn_step_stream(struct conn *c);
bool conn_step_linger(struct conn *c);
