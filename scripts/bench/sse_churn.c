/*
 * churn: subscribers of one channel are cut at random, in the middle of whatever comes, and take up where they were with
 * Last-Event-ID, at the same server or another. Every event of every client is remembered: what was published with a
 * 2xx answer has to be there once, in order, at the end.
 */
#include "sse_load.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define QUIET_NS (5 * NS_PER_S)
#define DRAIN_LIMIT_NS (60 * NS_PER_S)

struct follower {
    uint32_t lane_last[MAX_LANES];
    uint64_t asked_again; /* 0: what was asked for has begun to come */
};

struct absent { /* a client that is away, and until when */
    uint32_t index;
    uint64_t until;
};

static struct follower *followers;
static struct absent *away;
static uint64_t *seen, *acked;          /* a bit for each event: of each client, and answered with 2xx */
static uint32_t total, words, away_count, first_counted;
static uint64_t delivered, counted_delivered, dup, reordered, strange, cuts, elsewhere, resumed, broken, refused;
static uint64_t last_delivery, next_cut, next_sample, began;
static struct hist latency, resume_time;
static uint64_t warm_published, warm_errors;
static bool cutting;

static bool take_bit(uint64_t *bits, uint32_t n) {
    uint64_t mask = 1ULL << (n % 64);
    bool old = bits[n / 64] & mask;
    bits[n / 64] |= mask;
    return old;
}

static void churn_acked(uint32_t n) {
    if (n <= total)
        take_bit(acked, n);
}

/* The order is owed within one publishing connection only, as in fanout. */
static void churn_event(struct conn *c, uint32_t n, uint64_t stamp) {
    struct follower *f = &followers[c->index];
    last_delivery = cl.now;
    if (n == 0 || n > total) {
        strange++;
        return;
    }
    if (f->asked_again) {
        resumed++;
        hist_add(&resume_time, cl.now - f->asked_again);
        f->asked_again = 0;
    }
    if (take_bit(seen + (size_t)c->index * words, n)) {
        dup++;
        return;
    }
    uint32_t *last = &f->lane_last[n % (uint32_t)opt.pub_conns];
    if (n < *last)
        reordered++;
    else
        *last = n;
    delivered++;
    if (n < first_counted)
        return;
    counted_delivered++;
    hist_add(&latency, cl.now - stamp);
}

/* ---- leaving and coming back ---- */

static double chance(void) {
    return drand48();
}

static void comes_back(struct conn *c, uint64_t delay) {
    away[away_count++] = (struct absent){c->index, cl.now + delay};
}

static void churn_closed(struct conn *c, bool was_open) {
    if (was_open)
        broken++;
    else
        refused++;
    comes_back(c, NS_PER_S / 10);
}

static uint64_t until_next_cut(void) {
    return (uint64_t)(-log(1 - chance()) * opt.cut_every / opt.subs * 1e9);
}

/* One that has got nothing yet has no id to come back with, and is spared. */
static void cut_one(void) {
    struct conn *c = &cl.conn[lrand48() % opt.subs];
    if (c->state != CONN_OPEN || c->id[0] == 0)
        return;
    cuts++;
    conn_cut(c, chance() < 0.5);
    if (opt.sub_count > 1 && chance() < opt.elsewhere) {
        c->target = (uint8_t)((c->target + 1 + lrand48() % (opt.sub_count - 1)) % opt.sub_count);
        elsewhere++;
    }
    comes_back(c, (uint64_t)(chance() * opt.away_ms * 1e6));
}

static uint64_t back_again(uint64_t now) {
    uint64_t soonest = UINT64_MAX;
    for (uint32_t i = 0; i < away_count;) {
        if (away[i].until <= now) {
            struct conn *c = &cl.conn[away[i].index];
            away[i] = away[--away_count];
            followers[c->index].asked_again = now;
            conn_open(c);
            continue;
        }
        soonest = away[i].until < soonest ? away[i].until : soonest;
        i++;
    }
    return soonest;
}

static void sample(uint64_t now) {
    printf("{\"at_s\": %.1f, \"up\": %d, \"away\": %u, \"published\": %llu, \"delivered\": %llu, \"cuts\": %llu, "
           "\"heartbeats\": %llu, \"faults\": %llu}\n",
           (double)(now - began) / 1e9, cl.up, away_count, (unsigned long long)(warm_published + pub.published),
           (unsigned long long)delivered, (unsigned long long)cuts, (unsigned long long)cl.comments,
           (unsigned long long)(dup + reordered + strange + cl.gaps + cl.foreign + broken + refused));
    fflush(stdout);
}

static uint64_t churn_turn(uint64_t now) {
    uint64_t next = back_again(now);
    for (; cutting && next_cut <= now; next_cut += until_next_cut())
        cut_one();
    if (opt.sample > 0 && next_sample <= now) {
        sample(now);
        next_sample += (uint64_t)(opt.sample * 1e9);
    }
    next = cutting && next_cut < next ? next_cut : next;
    return opt.sample > 0 && next_sample < next ? next_sample : next;
}

/* ---- the run ---- */

static uint64_t lost(void) {
    uint64_t missing = 0;
    for (int i = 0; i < opt.subs; i++)
        for (uint32_t w = 0; w < words; w++)
            missing += (uint64_t)__builtin_popcountll(acked[w] & ~seen[(size_t)i * words + w]);
    return missing;
}

static void drain(void) {
    uint64_t start = now_ns(), all = (warm_published + pub.published) * (uint64_t)opt.subs;
    cutting = false;
    while ((delivered < all || away_count > 0) && now_ns() - start < DRAIN_LIMIT_NS) {
        uint64_t since = last_delivery > start ? last_delivery : start;
        if (cl.now > since + QUIET_NS)
            break;
        poll_for(20000000);
    }
    poll_until(now_ns() + NS_PER_S / 2); /* late duplicates */
}

static void report(double wall, double client_cpu, const struct usage from[], const struct usage to[]) {
    printf("{\"mode\": \"churn\", \"subs\": %d, \"offered\": %u, \"published\": %llu, \"publish_errors\": %llu, \"up\": %d, ",
           opt.subs, total, (unsigned long long)(warm_published + pub.published),
           (unsigned long long)(warm_errors + pub.errors), cl.up);
    printf("\"delivered\": %llu, \"all_delivered\": %llu, \"lost\": %llu, \"dup\": %llu, \"reordered\": %llu, ",
           (unsigned long long)counted_delivered, (unsigned long long)delivered, (unsigned long long)lost(),
           (unsigned long long)dup, (unsigned long long)reordered);
    printf("\"gaps\": %llu, \"foreign\": %llu, \"closed\": %llu, \"refused\": %llu, ", (unsigned long long)cl.gaps,
           (unsigned long long)(cl.foreign + strange), (unsigned long long)broken, (unsigned long long)refused);
    printf("\"cuts\": %llu, \"elsewhere\": %llu, \"resumed\": %llu, \"heartbeats\": %llu, \"resume_p50_ms\": %.3f, "
           "\"resume_p99_ms\": %.3f, \"resume_max_ms\": %.3f, ",
           (unsigned long long)cuts, (unsigned long long)elsewhere, (unsigned long long)resumed,
           (unsigned long long)cl.comments, hist_ms(&resume_time, 0.5), hist_ms(&resume_time, 0.99),
           hist_ms(&resume_time, 1));
    printf("\"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f, \"lag_p99_ms\": %.3f, \"wall_s\": %.3f, "
           "\"client_cpu_s\": %.3f, ",
           hist_ms(&latency, 0.5), hist_ms(&latency, 0.99), hist_ms(&latency, 1), hist_ms(&pub.lag, 0.99), wall,
           client_cpu);
    usage_json(from, to);
    printf("}\n");
}

static void prepare(void) {
    uint32_t warm = (uint32_t)(opt.rate * opt.warmup);
    first_counted = warm + 1;
    total = warm + (uint32_t)(opt.rate * opt.seconds);
    words = total / 64 + 1;
    clients_init(opt.subs);
    followers = calloc((size_t)opt.subs + 1, sizeof *followers);
    away = calloc((size_t)opt.subs + 1, sizeof *away);
    acked = calloc(words, sizeof *acked);
    seen = calloc((size_t)opt.subs * words + 1, sizeof *seen);
    if (followers == NULL || away == NULL || acked == NULL || seen == NULL)
        die("sse_load: memory");
    srand48((long)strtoul(opt.run, NULL, 16));
    cl.on_event = churn_event;
    publish_acked = churn_acked;
}

int run_churn(void) {
    struct usage from[MAX_PIDS], to[MAX_PIDS];
    prepare();
    if (!clients_connect_all(opt.timeout)) {
        fprintf(stderr, "sse_load: only %d of %d subscribers came up (%d refused)\n", cl.up, opt.subs, cl.failed);
        return 1;
    }
    lanes_open();
    poll_until(now_ns() + (uint64_t)(opt.settle * 1e9));
    cl.on_close = churn_closed;
    cl.on_turn = churn_turn;
    began = next_sample = now_ns();
    cutting = opt.cut_every > 0;
    next_cut = began + (cutting ? until_next_cut() : 0);
    if (opt.warmup > 0) {
        publish_window(1, opt.warmup);
        warm_published = pub.published;
        warm_errors = pub.errors;
        memset(&pub, 0, sizeof pub);
    }
    usage_read(from);
    double client_cpu = own_cpu_s();
    uint64_t start = now_ns();
    publish_window(first_counted, opt.seconds);
    drain();
    usage_read(to);
    report((double)(last_delivery - start) / 1e9, own_cpu_s() - client_cpu, from, to);
    clients_close();
    return 0;
}
