/*
 * sse_load - load generator for Server-Sent Events gateways.
 *
 * One thread, one epoll loop. Nothing is allocated once the connections exist: every subscriber owns one fixed
 * `struct conn`, bytes are parsed where the kernel put them, and only the start of the current line is kept, so an
 * event may arrive cut at any byte. The generator speaks to 127.0.0.0/8 only and ends by itself.
 *
 * Files: sse_load.c (options), sse_util.c (clock, histogram, /proc, option values), sse_client.c (subscribers),
 * sse_publish.c (publishers), sse_fanout.c (fanout), sse_modes.c (idle, connect, replay), sse_churn.c (churn).
 */
#ifndef SSE_LOAD_H
#define SSE_LOAD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define NS_PER_S 1000000000ULL
#define BODY_BYTES 100 /* size of every published payload */
#define LINE_KEEP 96   /* longest prefix of a line that is ever looked at */
#define MAX_PIDS 16
#define MAX_LANES 16
#define MAX_TARGETS 8
#define ID_KEEP 64     /* longest event id that is taken up again */

/* ---- options (sse_load.c) ---- */

struct target {
    char host[64];
    int port;
    char path[512]; /* "{n}" in it becomes connection number modulo --channels */
};

struct options {
    struct target sub[MAX_TARGETS], pub;
    int sub_count, subs, channels, in_flight, pub_conns, events;
    double rate, seconds, warmup, settle, timeout;
    double cut_every, away_ms, elsewhere, sample; /* churn */
    char run[9];             /* marks the payloads of this run: 8 characters */
    char pub_type[64], pub_head[512]; /* of a publishing request: content type, one more header */
    char pub_body[256];               /* what is around the payload, which takes the place of {} */
    char last_event_id[256]; /* header sent by the subscribers, empty for none */
    long first;              /* replay: number of the first event, -1 to take it from the first one seen */
    int pids[MAX_PIDS], pid_count;
};
extern struct options opt;

/* What the options' values mean (sse_util.c). A wrong one ends the program with a word why. */
void bad(const char *why, const char *value) __attribute__((noreturn));
void target_parse(const char *text, struct target *t);
void pids_parse(char *text);
void file_limit_raise(int needed);

/* ---- clock, histogram, process figures (sse_util.c) ---- */

uint64_t now_ns(void);
double seconds_since(uint64_t start_ns);
void die(const char *what);

#define HIST_BUCKETS (58 * 128)
struct hist { /* log-linear: 128 steps per power of two, so under 1 % error at any size */
    uint64_t count[HIST_BUCKETS], total, max;
};
void hist_add(struct hist *h, uint64_t ns);
double hist_ms(const struct hist *h, double quantile);

struct usage { /* of one process, at one moment */
    double cpu_s, user_s, sys_s;
    long rss_kb;
};
void usage_read(struct usage out[MAX_PIDS]); /* of opt.pids */
double own_cpu_s(void);
/* Prints "server_cpu_s": sum, "pids": [...] for the window between two readings. */
void usage_json(const struct usage from[MAX_PIDS], const struct usage to[MAX_PIDS]);

/* ---- subscribers (sse_client.c) ---- */

enum conn_state { CONN_FREE, CONN_CONNECTING, CONN_HEAD, CONN_OPEN, CONN_CLOSED };

struct conn {
    int fd;
    uint8_t state, body, event_flags, target; /* target: which --sub */
    bool chunked;
    uint16_t status, line_len;
    uint32_t index, chunk_left, seq;
    uint64_t stamp, started;
    char line[LINE_KEEP];
    char id[ID_KEEP], next_id[ID_KEEP]; /* of the last whole event; of the one that is being read */
};

struct clients {
    struct conn *conn;
    int epoll, count, opened, connecting, up, failed, closed;
    uint64_t now, bytes, comments, gaps, foreign;
    void (*on_open)(struct conn *c);
    void (*on_event)(struct conn *c, uint32_t seq, uint64_t stamp);
    void (*on_close)(struct conn *c, bool was_open); /* not by us */
    uint64_t (*on_turn)(uint64_t now);               /* does what is due; returns when it wants to be asked again */
};
extern struct clients cl;

void clients_init(int count);
void clients_fill(void);                   /* starts connections, at most --in-flight at a time */
bool clients_connect_all(double limit_s);  /* true when every one of them is up */
void clients_close(void);
void conn_cut(struct conn *c, bool reset);  /* by us, in the middle of whatever comes; reset: RST instead of FIN */
void conn_open(struct conn *c);             /* the first time, or again: with the last id, at c->target */
int socket_to(const struct target *t, int index, bool blocking);
void poll_for(uint64_t wait_ns);           /* one turn of the loop */
void poll_until(uint64_t deadline_ns);

/* ---- publishers (sse_publish.c) ---- */

struct publishing {
    uint64_t published, errors, first_sent, last_sent;
    struct hist lag, reply; /* sent later than due; time until the server's answer */
};
extern struct publishing pub;
extern void (*publish_acked)(uint32_t number); /* answered with 2xx */

void lanes_open(void);
void lanes_event(uint32_t lane);
/* Publishes numbers first..first+rate*seconds-1 at their due times; stops at the end of the window even if behind. */
void publish_window(uint32_t first, double seconds);
#define LANE_TAG 0x40000000u /* epoll data of lane k is LANE_TAG | k */

/* ---- sub-commands ---- */

int run_fanout(void);
int run_idle(void);
int run_connect(void);
int run_replay(void);
int run_churn(void);

#endif
