/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is connected, since when, and what is waited for. A client that sends its head or its body too slowly (one byte now and
 * then keeps every idle timer content) is cut off; an address may have only so many connections.
 */
#ifndef SERVE_HTTP_WATCH_H
#define SERVE_HTTP_WATCH_H

#include <stdbool.h>
#include <stddef.h>

struct sockaddr;
typedef struct serve_watch serve_watch;
typedef struct serve_watched serve_watched; /* one connection */

typedef enum serve_watch_stage {
    SERVE_WATCH_HEAD,  /* a head is waited for: it has receive_seconds in all */
    SERVE_WATCH_BODY,  /* a body: so many seconds, and one more for each 64 KiB that came */
    SERVE_WATCH_ANSWER /* the server works or sends: libmicrohttpd's idle timer is enough */
} serve_watch_stage;

/* per_address 0 = any number from loopback (a proxy), 128 from each other address. NULL when there is no memory or no thread. */
serve_watch *serve_watch_new(unsigned per_address, unsigned receive_seconds);
void serve_watch_free(serve_watch *watch);
bool serve_watch_admits(serve_watch *watch, const struct sockaddr *from);
/* NULL when there is no memory: the connection is then not watched. */
serve_watched *serve_watch_add(serve_watch *watch, int fd, const struct sockaddr *from);
void serve_watch_remove(serve_watch *watch, serve_watched *watched);
/* watched may be NULL in all of these. */
void serve_watch_state(serve_watch *watch, serve_watched *watched, serve_watch_stage stage, size_t received);
/* Its address as text; "" when it is not watched. */
const char *serve_watch_address(const serve_watched *watched);
/* The server stops: who has sent nothing yet is cut off now. */
void serve_watch_hurry(serve_watch *watch);

#endif
