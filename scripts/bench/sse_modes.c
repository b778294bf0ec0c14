/* idle, connect and replay: many connections, few events. */
#include "sse_load.h"

#include <stdlib.h>

/* ---- idle: what a quiet connection costs ---- */

static void ignore_event(struct conn *c, uint32_t n, uint64_t stamp) {
    (void)c, (void)n, (void)stamp;
}

static void print_rss(const char *name, const struct usage u[]) {
    long sum = 0;
    for (int i = 0; i < opt.pid_count; i++)
        sum += u[i].rss_kb;
    printf("\"%s\": %ld, ", name, sum);
}

int run_idle(void) {
    struct usage before[MAX_PIDS], settled[MAX_PIDS], after[MAX_PIDS];
    clients_init(opt.subs);
    cl.on_event = ignore_event;
    usage_read(before);
    uint64_t start = now_ns();
    bool all = clients_connect_all(opt.timeout);
    double connect_s = seconds_since(start);
    if (!all) {
        fprintf(stderr, "sse_load: only %d of %d connections came up (%d refused)\n", cl.up, opt.subs, cl.failed);
        return 1;
    }
    poll_until(now_ns() + (uint64_t)(opt.settle * 1e9));
    usage_read(settled);
    uint64_t comments = cl.comments, bytes = cl.bytes;
    double client_cpu = own_cpu_s();
    poll_until(now_ns() + (uint64_t)(opt.seconds * 1e9));
    usage_read(after);
    client_cpu = own_cpu_s() - client_cpu;

    printf("{\"mode\": \"idle\", \"subs\": %d, \"up\": %d, \"closed\": %d, \"connect_s\": %.3f, \"hold_s\": %.1f, ",
           opt.subs, cl.up, cl.closed, connect_s, opt.seconds);
    print_rss("rss_before_kb", before);
    print_rss("rss_settled_kb", settled);
    print_rss("rss_end_kb", after);
    printf("\"heartbeats\": %llu, \"bytes\": %llu, \"client_cpu_s\": %.3f, ", (unsigned long long)(cl.comments - comments),
           (unsigned long long)(cl.bytes - bytes), client_cpu);
    usage_json(settled, after);
    printf("}\n");
    clients_close();
    return 0;
}

/* ---- connect: how fast links come up ---- */

static struct hist open_time;
static uint64_t last_up;

static void timed_open(struct conn *c) {
    hist_add(&open_time, cl.now - c->started);
    last_up = cl.now;
}

int run_connect(void) {
    struct usage from[MAX_PIDS], to[MAX_PIDS];
    clients_init(opt.subs);
    cl.on_event = ignore_event;
    cl.on_open = timed_open;
    usage_read(from);
    double client_cpu = own_cpu_s();
    uint64_t start = now_ns(), deadline = start + (uint64_t)(opt.timeout * 1e9);
    last_up = start;
    while (cl.up + cl.failed + cl.closed < cl.count && cl.now < deadline) {
        clients_fill();
        poll_for(100000000);
    }
    usage_read(to);
    client_cpu = own_cpu_s() - client_cpu;
    double wall = (double)(last_up - start) / 1e9;
    poll_until(now_ns() + (uint64_t)(opt.seconds * 1e9));

    printf("{\"mode\": \"connect\", \"subs\": %d, \"up\": %llu, \"failed\": %d, \"closed\": %d, \"in_flight\": %d, ",
           opt.subs, (unsigned long long)open_time.total, cl.failed + cl.connecting, cl.closed, opt.in_flight);
    printf("\"links_per_s\": %.0f, \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f, \"wall_s\": %.3f, "
           "\"client_cpu_s\": %.3f, ",
           wall > 0 ? (double)open_time.total / wall : 0, hist_ms(&open_time, 0.5), hist_ms(&open_time, 0.99),
           hist_ms(&open_time, 1), wall, client_cpu);
    usage_json(from, to);
    printf("}\n");
    clients_close();
    return 0;
}

/* ---- replay: everybody comes back at once and has missed the same events ---- */

struct progress {
    long first, next; /* -1 until the first event */
    bool done;
};

static struct progress *progress;
static struct hist replay_time;
static uint64_t missing, repeated, extra, last_done, received;

/* Strict: the next number must be exactly the one after the last. A number that is skipped is missing for good. */
static void replay_event(struct conn *c, uint32_t n, uint64_t stamp) {
    struct progress *p = &progress[c->index];
    (void)stamp;
    received++;
    if (p->next < 0)
        p->first = p->next = (long)n;
    if ((long)n < p->next) {
        repeated++;
        return;
    }
    if (p->done) {
        extra++;
        return;
    }
    missing += (uint64_t)((long)n - p->next);
    p->next = (long)n + 1;
    if (p->next >= p->first + opt.events) {
        p->done = true;
        last_done = cl.now;
        hist_add(&replay_time, cl.now - c->started);
    }
}

int run_replay(void) {
    struct usage from[MAX_PIDS], to[MAX_PIDS];
    clients_init(opt.subs);
    cl.on_event = replay_event;
    progress = calloc((size_t)opt.subs + 1, sizeof *progress);
    if (progress == NULL)
        die("sse_load: memory");
    for (int i = 0; i < opt.subs; i++)
        progress[i] = (struct progress){.first = opt.first, .next = opt.first};
    usage_read(from);
    double client_cpu = own_cpu_s();
    uint64_t start = now_ns(), deadline = start + (uint64_t)(opt.timeout * 1e9);
    last_done = start;
    while (replay_time.total < (uint64_t)opt.subs && cl.now < deadline && cl.failed + cl.closed < cl.count) {
        clients_fill();
        poll_for(100000000);
    }
    usage_read(to);
    client_cpu = own_cpu_s() - client_cpu;
    if (replay_time.total < (uint64_t)opt.subs)
        last_done = now_ns(); /* somebody never got everything: the time is at least this long */
    poll_until(now_ns() + NS_PER_S / 2); /* late duplicates */
    for (int i = 0; i < opt.subs; i++) /* the tail that never came */
        if (!progress[i].done)
            missing += (uint64_t)(progress[i].next < 0 ? opt.events : progress[i].first + opt.events - progress[i].next);

    printf("{\"mode\": \"replay\", \"subs\": %d, \"events\": %d, \"complete\": %llu, \"failed\": %d, \"closed\": %d, ",
           opt.subs, opt.events, (unsigned long long)replay_time.total, cl.failed, cl.closed);
    printf("\"received\": %llu, \"missing\": %llu, \"dup\": %llu, \"extra\": %llu, \"gaps\": %llu, \"foreign\": %llu, ",
           (unsigned long long)received, (unsigned long long)missing, (unsigned long long)repeated,
           (unsigned long long)extra, (unsigned long long)cl.gaps, (unsigned long long)cl.foreign);
    printf("\"all_s\": %.3f, \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"client_cpu_s\": %.3f, ",
           (double)(last_done - start) / 1e9, hist_ms(&replay_time, 0.5), hist_ms(&replay_time, 0.99), client_cpu);
    usage_json(from, to);
    printf("}\n");
    clients_close();
    return 0;
}
