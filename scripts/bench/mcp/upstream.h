/*
 * mcp_upstream - an MCP server that does almost nothing, so that what is measured is whoever stands in front of it.
 *
 * Tools: echo (gives its text back), sleep10 (the same after 10 ms), follow (numbers notifications of the session, one
 * every so many ms, for ever). Streamable HTTP with sessions, JSON answers and a GET stream that can be resumed by
 * Last-Event-ID from any point, since event n can always be made again from n; or stdio.
 *
 * Files: upstream.c (start, stdio), upstream_http.c (connections, requests), upstream_streams.c (sessions, GET
 * streams), tools.c (JSON-RPC), json.c.
 */
#ifndef MCP_UPSTREAM_H
#define MCP_UPSTREAM_H

#include "json.h"

#include <stdint.h>

#define ANSWER_ROOM 8192
#define SLEEP_NS 10000000ULL

/* ---- JSON-RPC (tools.c) ---- */

enum verdict { SAY, SAY_LATER, ACCEPT };

struct asked { /* what a message asks for beside its answer */
    bool initialize;
    long follow_ms; /* > 0: start to number notifications */
    char tag[64];
};

/* Answers one message into out (ANSWER_ROOM bytes). ACCEPT: it wants no answer. */
enum verdict tools_answer(struct span message, char *out, size_t *out_len, struct asked *asked);
extern struct counters {
    uint64_t echo, sleep10, follow, initialize, streams, resumed;
} counters;

/* ---- answers that are not due yet (upstream.c) ---- */

void later_add(uint32_t who, uint32_t generation, const char *answer, size_t len);
uint64_t later_next(void); /* when the first is due, UINT64_MAX if there is none */
void later_send(uint64_t now, void (*send)(uint32_t who, uint32_t generation, const char *answer, size_t len));

/* ---- Streamable HTTP (upstream_http.c) ---- */

struct peer { /* one TCP connection */
    int fd;
    uint32_t generation;
    bool busy, blocked;     /* an answer is due later; the socket is full */
    int session;            /* its GET stream, or -1 */
    uint64_t sent, written; /* number of the last event on it; when anything was written */
    size_t got, left_len;
    char *left;             /* what a full socket did not take */
    char in[16384];
};

void serve_http(int port);
void peer_write(struct peer *p, const char *bytes, size_t len);
void peer_close(struct peer *p);
struct peer *peer_of(int fd);

/* ---- sessions (upstream_streams.c) ---- */

int session_new(char *id, size_t room);
int session_find(const char *id); /* -1 if unknown */
int sessions_live(void);
void session_end(int session);
void session_follow(int session, const struct asked *asked);
void session_attach(int session, struct peer *p, long last_event_id); /* -1: none named */
void session_detach(struct peer *p);
void streams_flush(struct peer *p);   /* what the stream has not had yet, as far as the socket takes it */
uint64_t streams_tick(uint64_t now);  /* numbers and sends what is due; when to come back */

#endif
