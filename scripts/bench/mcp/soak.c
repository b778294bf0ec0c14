/*
 * soak: sessions with an open stream each for a long time, while some call, some streams are cut and taken up again, and
 * some sessions leave, with a word or without, and others come. In the end all leave. Every stream carries numbered
 * events, and as in follow the next number has to be exactly the one after the last.
 */
#include "load.h"

#include <stdlib.h>

struct guest {
    struct numbered numbered;
    uint32_t generation;   /* how many sessions have been in this place */
    bool up, following, echo;
    uint64_t retry, anew;  /* when to ask for the stream again, to begin a new session; 0: not */
    uint64_t last_at;
};

struct pace { /* something that happens so many times a second */
    double per_s;
    uint64_t next;
};

static struct guest *all;
static uint64_t closed, refused, broken, wrong, sent, answered, cut, resumed, left_loud, left_silent, began;
static int up, goodbyes;
static bool closing_down;
static struct hist late, answer_time;

static struct guest *of(const struct session *s) {
    return &all[s->index];
}

static double chance(void) {
    return drand48();
}

/* ---- streams ---- */

static void on_stream_up(struct session *s) {
    struct guest *g = of(s);
    g->up = true;
    g->last_at = loop_now;
    up++;
    if (g->following)
        return;
    g->following = true;
    g->echo = false;
    snprintf(g->numbered.tag, sizeof g->numbered.tag, "%s-%05u-%u", mcp.run, s->index, g->generation);
    numbers_ask(s, &g->numbered);
}

static void on_stream_message(struct session *s, struct span json) {
    struct guest *g = of(s);
    uint64_t took;
    enum number number = numbers_take(&g->numbered, json, &took);
    if (number != NUMBER_FOREIGN)
        g->last_at = loop_now;
    if (number == NUMBER_NEW)
        hist_add(&late, took);
}

static void on_stream_down(struct session *s, struct link *l) {
    struct guest *g = of(s);
    if (s->phase != READY)
        return; /* it has said goodbye, so that is right */
    if (g->up) {
        g->up = false;
        up--;
        closed++;
    } else {
        refused++;
        fprintf(stderr, "mcp_load: a stream was answered with %d\n", l->status);
    }
    g->retry = now_ns() + NS_PER_S;
}

/* ---- calls ---- */

static void call_one(struct session *s) {
    of(s)->echo = true;
    sent++;
    echo_call(s, "echo");
}

static void on_message(struct session *s, struct span json) {
    enum echo echo = echo_take(s, json);
    if (echo == ECHO_MISSING) {
        if (broken++ == 0)
            fprintf(stderr, "mcp_load: a call was answered with %.*s\n", (int)json.len, json.at);
        return;
    }
    if (!of(s)->echo)
        return;
    wrong += echo == ECHO_WRONG;
    answered += echo == ECHO_RIGHT;
    hist_add(&answer_time, now_ns() - s->sent);
}

/* Opening is over with the first answer only: so no more connections are open than --in-flight allows. */
static void opened(struct session *s) {
    ss.opening -= !of(s)->echo;
}

static void on_ready(struct session *s) {
    ss.opening++;
    session_stream(s);
}

static void on_done(struct session *s, struct link *l) {
    opened(s);
    if (!l->answered && broken++ == 0)
        fprintf(stderr, "mcp_load: a call was not answered: %d %s\n", l->status, l->text);
    sessions_drop_posts(s);
}

static void on_broken(struct session *s) {
    opened(s);
    broken++;
}

/* ---- coming and going ---- */

static void on_left(struct session *s, struct link *l) {
    refused += l->status / 100 != 2;
    goodbyes--;
    of(s)->anew = closing_down ? 0 : now_ns();
}

static void stream_is_down(struct guest *g) {
    up -= g->up;
    g->up = false;
    g->retry = 0;
}

static void leave_one(struct session *s) {
    struct guest *g = of(s);
    stream_is_down(g);
    if (chance() >= mcp.silent) {
        left_loud++;
        goodbyes++;
        session_leave(s);
        return;
    }
    left_silent++;
    s->phase = LEAVING; /* for us; nobody is told */
    ss.ready--;
    sessions_drop_posts(s);
    link_close(s->stream);
    g->anew = closing_down ? 0 : now_ns();
}

static void cut_one(struct session *s) {
    stream_is_down(of(s));
    link_close(s->stream);
    of(s)->retry = now_ns() + (uint64_t)(chance() * 1e9);
    cut++;
}

static bool is_settled(const struct session *s) {
    const struct guest *g = &all[s->index];
    return s->phase == READY && !s->busy && g->up && g->following;
}

/* Somebody at random of whom nothing is under way; NULL if there was nobody in some tries. */
static struct session *anybody(void) {
    for (int tries = 0; tries < 8; tries++) {
        struct session *s = &ss.all[lrand48() % ss.count];
        if (is_settled(s) && s->last_event_id[0])
            return s;
    }
    return NULL;
}

static void keep_pace(struct pace *p, uint64_t now, void (*act)(struct session *s)) {
    for (; p->per_s > 0 && p->next <= now; p->next += (uint64_t)(1e9 / p->per_s)) {
        struct session *s = anybody();
        if (s)
            act(s);
    }
}

static void begin_anew(struct session *s) {
    struct guest *g = of(s);
    *g = (struct guest){.generation = g->generation + 1};
    began++;
    session_anew(s);
}

static void do_due(uint64_t now) {
    for (int i = 0; i < ss.count; i++) {
        struct guest *g = &all[i];
        if (g->retry && g->retry <= now) {
            g->retry = 0;
            resumed++;
            session_stream(&ss.all[i]);
        }
        if (g->anew && g->anew <= now)
            begin_anew(&ss.all[i]);
    }
}

/* ---- the run ---- */

static int stalled(void) {
    uint64_t now = now_ns(), patience = (uint64_t)mcp.every_ms * 2000000 + 10 * NS_PER_S;
    int n = 0;
    for (int i = 0; i < ss.count; i++)
        n += all[i].up && now - all[i].last_at > patience;
    return n;
}

static void sample(const char *phase, double at_s) {
    printf("{\"phase\": \"%s\", \"at_s\": %.1f, \"up\": %d, \"sessions\": %d, \"received\": %llu, \"heartbeats\": %llu, "
           "\"calls\": %llu, \"cuts\": %llu, \"left\": %llu, \"faults\": %llu}\n",
           phase, at_s, up, ss.ready, (unsigned long long)numbers.received, (unsigned long long)stream_comments,
           (unsigned long long)answered, (unsigned long long)cut, (unsigned long long)(left_loud + left_silent),
           (unsigned long long)(numbers.lost + numbers.dup + numbers.foreign + closed + refused + broken + wrong +
                                (uint64_t)ss.failed + (uint64_t)stalled()));
    fflush(stdout);
}

static void soak(double seconds) {
    uint64_t start = now_ns(), end = start + (uint64_t)(seconds * 1e9), next_sample = start;
    struct pace calls = {mcp.rate, start}, cuts = {mcp.cuts, start}, leaves = {mcp.leaves, start};
    for (uint64_t now = start; now < end; now = now_ns()) {
        if (next_sample <= now) {
            sample("soak", (double)(now - start) / 1e9);
            next_sample += (uint64_t)(mcp.sample * 1e9);
        }
        keep_pace(&calls, now, call_one);
        keep_pace(&cuts, now, cut_one);
        keep_pace(&leaves, now, leave_one);
        do_due(now);
        mcp_poll(now + 5000000);
    }
}

static bool all_settled(void) {
    for (int i = 0; i < ss.count; i++)
        if (!is_settled(&ss.all[i]) && ss.all[i].phase != FAILED) /* one that failed is a fault, not awaited */
            return false;
    return true;
}

/* Everybody back where they belong, so that what is counted then is what is held, and nothing under way. */
static bool settle(double limit_s) {
    uint64_t end = now_ns() + (uint64_t)(limit_s * 1e9);
    while (!all_settled() && now_ns() < end) {
        do_due(now_ns());
        mcp_poll(now_ns() + 20000000);
    }
    return all_settled();
}

/* Nothing but what was due anyway, so that whoever reads the sample can look at the servers too. */
static void hold(double seconds) {
    for (uint64_t end = now_ns() + (uint64_t)(seconds * 1e9); now_ns() < end;) {
        do_due(now_ns());
        mcp_poll(now_ns() + 20000000);
    }
}

static void all_leave(double limit_s) {
    uint64_t end = now_ns() + (uint64_t)(limit_s * 1e9);
    closing_down = true;
    for (int i = 0; i < ss.count; i++) {
        if (ss.all[i].phase == READY && !ss.all[i].busy)
            leave_one(&ss.all[i]);
        while (goodbyes >= mcp.in_flight && now_ns() < end)
            mcp_poll(now_ns() + 20000000);
    }
    while (goodbyes > 0 && now_ns() < end)
        mcp_poll(now_ns() + 20000000);
}

static void report(double held_s, double client_cpu, int unsettled, const struct usage from[], const struct usage to[]) {
    printf("{\"mode\": \"soak\", \"sessions\": %d, \"held_s\": %.1f, \"failed\": %d, \"unsettled\": %d, \"began\": %llu, ",
           mcp.sessions, held_s, ss.failed, unsettled, (unsigned long long)began + (unsigned long long)mcp.sessions);
    printf("\"received\": %llu, \"lost\": %llu, \"dup\": %llu, \"foreign\": %llu, \"closed\": %llu, \"refused\": %llu, ",
           (unsigned long long)numbers.received, (unsigned long long)numbers.lost, (unsigned long long)numbers.dup,
           (unsigned long long)numbers.foreign, (unsigned long long)closed, (unsigned long long)refused);
    printf("\"broken\": %llu, \"wrong\": %llu, \"all_sent\": %llu, \"answered\": %llu, \"cut\": %llu, \"reattached\": %llu, ",
           (unsigned long long)broken, (unsigned long long)wrong, (unsigned long long)sent, (unsigned long long)answered,
           (unsigned long long)cut, (unsigned long long)resumed);
    printf("\"left_with_delete\": %llu, \"left_silently\": %llu, \"heartbeats\": %llu, ", (unsigned long long)left_loud,
           (unsigned long long)left_silent, (unsigned long long)stream_comments);
    printf("\"p50_ms\": %.3f, \"p95_ms\": %.3f, \"p99_ms\": %.3f, \"late_p50_ms\": %.1f, \"late_p99_ms\": %.1f, "
           "\"late_max_ms\": %.1f, ",
           hist_ms(&answer_time, 0.5), hist_ms(&answer_time, 0.95), hist_ms(&answer_time, 0.99), hist_ms(&late, 0.5),
           hist_ms(&late, 0.99), hist_ms(&late, 1));
    printf("\"wall_s\": %.1f, \"client_cpu_s\": %.3f, ", held_s, client_cpu);
    usage_json(from, to);
    printf("}\n");
}

int run_soak(void) {
    struct usage from[MAX_PIDS], to[MAX_PIDS];
    sessions_init(mcp.sessions);
    all = calloc((size_t)mcp.sessions + 1, sizeof *all);
    if (all == NULL)
        die("mcp_load: memory");
    srand48((long)strtoul(mcp.run, NULL, 16));
    ss.on_ready = on_ready;
    ss.on_message = on_message;
    ss.on_done = on_done;
    ss.on_broken = on_broken;
    ss.on_left = on_left;
    ss.on_stream_up = on_stream_up;
    ss.on_stream_message = on_stream_message;
    ss.on_stream_down = on_stream_down;
    sessions_open(mcp.timeout);
    settle(mcp.timeout);
    usage_read(from);
    double client_cpu = own_cpu_s();
    uint64_t start = now_ns();
    soak(mcp.seconds);
    settle(60);
    double held_s = seconds_since(start);
    usage_read(to);
    client_cpu = own_cpu_s() - client_cpu;
    int unsettled = 0;
    for (int i = 0; i < ss.count; i++)
        unsettled += !is_settled(&ss.all[i]);
    unsettled += stalled();
    sample("held", held_s);
    hold(mcp.settle);
    all_leave(120);
    sample("left", seconds_since(start));
    report(held_s, client_cpu, unsettled, from, to);
    return 0;
}
