/* fanout: N subscribers of one channel, R events a second; who got what, when, and at what cost for the server. */
#include "sse_load.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW 4096                   /* numbers for which a subscriber remembers whether it saw them */
#define QUIET_NS (2 * NS_PER_S)       /* no delivery for this long: nothing more will come */
#define DRAIN_LIMIT_NS (60 * NS_PER_S)

struct track { /* what one subscriber has seen */
    uint32_t highest, lane_last[MAX_LANES];
    uint64_t seen[WINDOW / 64];
};

struct window { /* one publishing window: warm-up, or the counted one */
    uint32_t first;
    uint64_t delivered, dup, reordered, last_delivery;
    struct hist latency;
};

static struct track *tracks;
static struct window warm, counted, *current;

/* Returns true if n is new for this subscriber. Older than the window counts as seen: it cannot be told any more. */
static bool track_new(struct track *t, uint32_t n) {
    if (n > t->highest) {
        if (n - t->highest >= WINDOW)
            memset(t->seen, 0, sizeof t->seen);
        else
            for (uint32_t k = t->highest + 1; k < n; k++)
                t->seen[k % WINDOW / 64] &= ~(1ULL << (k % 64));
        t->highest = n;
    } else if (t->highest - n >= WINDOW || (t->seen[n % WINDOW / 64] >> (n % 64)) & 1) {
        return false;
    }
    t->seen[n % WINDOW / 64] |= 1ULL << (n % 64);
    return true;
}

/*
 * Events are numbered across all lanes, but the servers only owe the order within one publishing connection, so
 * "reordered" is judged per lane. A late event is reordered, not lost; a repeated one is dup, never reordered.
 */
static void fanout_event(struct conn *c, uint32_t n, uint64_t stamp) {
    struct track *t = &tracks[c->index];
    struct window *w = n >= counted.first ? &counted : &warm;
    w->last_delivery = cl.now;
    if (!track_new(t, n)) {
        w->dup++;
        return;
    }
    uint32_t *lane_last = &t->lane_last[n % (uint32_t)opt.pub_conns];
    if (n < *lane_last)
        w->reordered++;
    else
        *lane_last = n;
    w->delivered++;
    hist_add(&w->latency, cl.now - stamp);
}

/* Waits until all that was published has arrived, or nothing arrives any more. */
static void drain(void) {
    uint64_t start = now_ns(), all = pub.published * (uint64_t)opt.subs;
    while (current->delivered < all && now_ns() - start < DRAIN_LIMIT_NS) {
        uint64_t since = current->last_delivery > start ? current->last_delivery : start;
        if (cl.now > since + QUIET_NS)
            break;
        poll_for(1000000);
    }
}

static void window_run(struct window *w, double seconds) {
    current = w;
    publish_window(w->first, seconds);
    drain();
}

/* Lost means: published with a 2xx answer and never seen. A publish without a clear answer is under publish_errors. */
static uint64_t lost_of(const struct window *w, uint64_t published) {
    uint64_t all = published * (uint64_t)opt.subs;
    return all > w->delivered ? all - w->delivered : 0;
}

static void report(double connect_s, double client_cpu, uint64_t warm_faults, const struct usage from[],
                   const struct usage to[]) {
    const struct hist *h = &counted.latency;
    uint64_t end = counted.last_delivery > pub.last_sent ? counted.last_delivery : pub.last_sent;
    double wall = pub.first_sent ? (double)(end - pub.first_sent) / 1e9 : 0;
    printf("{\"mode\": \"fanout\", \"subs\": %d, \"offered\": %llu, \"published\": %llu, \"delivered\": %llu, ", opt.subs,
           (unsigned long long)(opt.rate * opt.seconds), (unsigned long long)pub.published,
           (unsigned long long)counted.delivered);
    printf("\"lost\": %llu, \"dup\": %llu, \"reordered\": %llu, \"gaps\": %llu, \"foreign\": %llu, \"closed\": %d, ",
           (unsigned long long)lost_of(&counted, pub.published), (unsigned long long)counted.dup,
           (unsigned long long)counted.reordered, (unsigned long long)cl.gaps, (unsigned long long)cl.foreign, cl.closed);
    printf("\"warm_faults\": %llu, \"publish_errors\": %llu, ", (unsigned long long)warm_faults,
           (unsigned long long)pub.errors);
    printf("\"p50_ms\": %.3f, \"p99_ms\": %.3f, \"p999_ms\": %.3f, \"max_ms\": %.3f, ", hist_ms(h, 0.5), hist_ms(h, 0.99),
           hist_ms(h, 0.999), hist_ms(h, 1));
    printf("\"lag_p50_ms\": %.3f, \"lag_p99_ms\": %.3f, \"reply_p50_ms\": %.3f, \"reply_p99_ms\": %.3f, ",
           hist_ms(&pub.lag, 0.5), hist_ms(&pub.lag, 0.99), hist_ms(&pub.reply, 0.5), hist_ms(&pub.reply, 0.99));
    printf("\"connect_s\": %.3f, \"client_cpu_s\": %.3f, \"wall_s\": %.3f, ", connect_s, client_cpu, wall);
    usage_json(from, to);
    printf("}\n");
}

int run_fanout(void) {
    struct usage from[MAX_PIDS], to[MAX_PIDS];
    uint64_t start = now_ns();
    clients_init(opt.subs);
    cl.on_event = fanout_event;
    tracks = calloc((size_t)opt.subs + 1, sizeof *tracks);
    if (tracks == NULL)
        die("sse_load: memory");
    if (!clients_connect_all(opt.timeout)) {
        fprintf(stderr, "sse_load: only %d of %d subscribers came up (%d refused)\n", cl.up, opt.subs, cl.failed);
        return 1;
    }
    double connect_s = seconds_since(start);
    lanes_open();
    poll_until(now_ns() + (uint64_t)(opt.settle * 1e9));

    warm.first = 1;
    counted.first = 1 + (uint32_t)(opt.rate * opt.warmup);
    window_run(&warm, opt.warmup);
    uint64_t warm_faults = lost_of(&warm, pub.published) + warm.dup + warm.reordered + pub.errors;

    /* Both readings are taken with nothing under way, so the cost belongs to exactly the counted deliveries. */
    usage_read(from);
    double client_cpu = own_cpu_s();
    window_run(&counted, opt.seconds);
    usage_read(to);
    client_cpu = own_cpu_s() - client_cpu;

    poll_until(now_ns() + NS_PER_S / 2); /* late duplicates */
    report(connect_s, client_cpu, warm_faults, from, to);
    clients_close();
    return 0;
}
