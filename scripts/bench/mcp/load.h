/*
 * mcp_load - load generator for MCP over Streamable HTTP.
 *
 * One thread, one epoll loop. A session is opened as a client opens it (initialize, initialized) and then calls a tool,
 * holds a GET stream, or follows one through cuts. Its requests go to the given URLs in turn, over connections that are
 * kept. Every call carries a text of its own that has to come back, as JSON or as an event. It speaks to 127.0.0.0/8 only.
 *
 * Files: load.c (options), http.c (connections, responses), sessions.c (opening, requests), checks.c (what comes back),
 * calls.c (calls), streams.c (hold), follow.c (follow), soak.c (soak), json.c; clock, histogram and process figures are
 * ../sse_util.c.
 */
#ifndef MCP_LOAD_H
#define MCP_LOAD_H

#include "../sse_load.h"
#include "json.h"

#define MAX_URLS 8
#define ID_ROOM 200
#define LINE_ROOM 4096
#define TEXT_ROOM 4096

struct mcp_options {
    struct target url[MAX_URLS];
    int url_count, sessions, in_flight, every_ms, kill_pid, kill_url, stream_url;
    double rate, seconds, warmup, settle, timeout, kill_at, retry_ms;
    double cuts, leaves, silent, sample; /* soak */
    char tool[32], protocol[24], run[9];
    bool streams;
};
extern struct mcp_options mcp;

/* ---- connections (http.c) ---- */

enum link_state { LINK_CLOSED, LINK_CONNECTING, LINK_IDLE, LINK_HEAD, LINK_BODY };

struct session;

struct link { /* one connection of a session to one URL */
    int fd, url;
    uint8_t state, body;
    bool is_stream, chunked, sse, closing, answered;
    uint16_t status;
    long left; /* of the chunk, or of the body; -1: until the end of the connection */
    struct session *session;
    size_t out_len, line_len, text_len;
    char session_id[ID_ROOM], event_id[ID_ROOM];
    char out[1200], line[LINE_ROOM], text[TEXT_ROOM];
};

/* What a response brings; set once, by the mode and by sessions.c. */
struct hooks {
    void (*head)(struct link *l);                      /* status and headers are known */
    void (*message)(struct link *l, struct span json); /* an event's data, or a JSON body */
    void (*done)(struct link *l);                      /* the response is over, the connection is free */
    void (*broken)(struct link *l);                    /* the connection ended before that, or never came */
};
extern struct hooks hooks;
extern int mcp_epoll;

void link_send(struct link *l); /* sends l->out, connecting first if need be */
void link_close(struct link *l);
void mcp_poll(uint64_t until);  /* one turn of the loop; sets loop_now */
extern uint64_t loop_now;
extern uint64_t stream_comments; /* heartbeats */

/* ---- sessions (sessions.c) ---- */

enum phase { NEW, INITIALIZING, CONFIRMING, READY, LEAVING, FAILED };

struct session {
    uint32_t index, turn; /* turn: which URL is next */
    uint8_t phase;
    bool busy;
    uint32_t number;                  /* of the call under way: the JSON-RPC id */
    uint64_t due, sent;
    char id[ID_ROOM], version[24], last_event_id[ID_ROOM];
    struct link *post[MAX_URLS], *stream;
};

struct sessions {
    struct session *all;
    int count, opened, opening, ready, failed;
    struct hist open_time;
    void (*on_ready)(struct session *s);
    void (*on_message)(struct session *s, struct span json);
    void (*on_done)(struct session *s, struct link *l); /* a call's response is over */
    void (*on_broken)(struct session *s);               /* a call's connection broke */
    void (*on_left)(struct session *s, struct link *l); /* its DELETE was answered, or not: see l->status */
    void (*on_stream_up)(struct session *s);
    void (*on_stream_message)(struct session *s, struct span json);
    void (*on_stream_down)(struct session *s, struct link *l); /* cut, ended or refused: see l->status */
};
extern struct sessions ss;

void sessions_init(int count);
bool sessions_open(double limit_s);                  /* true if all of them are ready */
void session_leave(struct session *s);               /* DELETE; on_left follows */
void session_anew(struct session *s);                /* closes what is open and begins a new session */
void sessions_leave(double limit_s);                 /* DELETE each, as far as the time allows */
void session_call(struct session *s, const char *tool, const char *arguments);
void session_stream(struct session *s);              /* opens, or opens again, its GET stream */
void sessions_drop_posts(struct session *s);         /* closes the connections that carry no stream */

/* ---- what has to come back (checks.c) ---- */

struct numbered { /* one stream of events */
    char tag[64]; /* its name, which every event carries */
    long next;    /* the number that has to come */
};

struct numbers {
    uint64_t received, lost, dup, foreign;
};
extern struct numbers numbers; /* of all streams */

enum number { NUMBER_FOREIGN, NUMBER_AGAIN, NUMBER_NEW };
enum echo { ECHO_MISSING, ECHO_WRONG, ECHO_RIGHT };

void numbers_ask(struct session *s, struct numbered *stream); /* for events from 1 on, under its tag */
enum number numbers_take(struct numbered *stream, struct span json, uint64_t *late); /* late: how long a new one took */
void echo_call(struct session *s, const char *tool);  /* a call with a text of its own, that has to come back */
/* Anything else is somebody else's answer, or a made-up one. */
enum echo echo_take(const struct session *s, struct span json);

/* ---- sub-commands ---- */

int run_calls(void);
int run_hold(void);
int run_follow(void);
int run_soak(void);

#endif
