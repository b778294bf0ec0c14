/*
 * calls: every session calls a tool, one call under way each; as fast as answers come, or at a rate. At a rate the
 * latency runs from the moment a call was due, so that a server which stalls pays for the calls that had to wait.
 */
#include "load.h"

static struct {
    uint64_t sent, answered, wrong, refused, broken;
    struct hist latency;
} counted, warm, *now_in = &warm;
static bool stopping;
static uint64_t busy_count;
static double period_ns;

static void call_next(struct session *s) {
    now_in->sent++;
    busy_count++;
    echo_call(s, mcp.tool);
}

static void on_message(struct session *s, struct span json) {
    enum echo echo = echo_take(s, json);
    now_in->refused += echo == ECHO_MISSING;
    now_in->wrong += echo == ECHO_WRONG;
    now_in->answered += echo == ECHO_RIGHT;
    hist_add(&now_in->latency, now_ns() - (mcp.rate > 0 ? s->due : s->sent));
}

static void on_free(struct session *s) {
    busy_count--;
    s->due += (uint64_t)period_ns;
    if (mcp.rate <= 0 && !stopping)
        call_next(s);
}

static void on_done(struct session *s, struct link *l) {
    now_in->broken += l->status == 200 && !l->answered; /* a response without the answer */
    now_in->refused += l->status != 200;
    on_free(s);
}

static void on_broken(struct session *s) {
    now_in->broken++;
    on_free(s);
}

static void stream_ignored(struct session *s) {
    (void)s;
}

static void stream_message_ignored(struct session *s, struct span json) {
    (void)s, (void)json;
}

static void stream_down_ignored(struct session *s, struct link *l) {
    (void)s, (void)l;
}

/* Sends what is due; returns when the next one is. */
static uint64_t send_due(uint64_t now, uint64_t soonest) {
    for (int i = 0; i < ss.count; i++) {
        struct session *s = &ss.all[i];
        if (s->busy)
            continue;
        if (s->due <= now)
            call_next(s);
        else if (s->due < soonest)
            soonest = s->due;
    }
    return soonest;
}

static void window(double seconds) {
    uint64_t start = now_ns(), end = start + (uint64_t)(seconds * 1e9);
    stopping = false;
    period_ns = mcp.rate > 0 ? (double)ss.count * 1e9 / mcp.rate : 0;
    for (int i = 0; i < ss.count; i++) {
        ss.all[i].due = start + (uint64_t)(period_ns * i / ss.count);
        if (mcp.rate <= 0)
            call_next(&ss.all[i]);
    }
    for (uint64_t now = start; now < end; now = now_ns())
        mcp_poll(mcp.rate > 0 ? send_due(now, end) : end);
    stopping = true;
    for (uint64_t limit = now_ns() + 10 * NS_PER_S; busy_count > 0 && now_ns() < limit;)
        mcp_poll(limit);
}

static void report(double wall, double client_cpu, const struct usage from[], const struct usage to[]) {
    const struct hist *h = &counted.latency;
    printf("{\"mode\": \"calls\", \"tool\": \"%s\", \"sessions\": %d, \"rate\": %g, \"sent\": %llu, \"answered\": %llu, ",
           mcp.tool, mcp.sessions, mcp.rate, (unsigned long long)counted.sent, (unsigned long long)counted.answered);
    printf("\"lost\": %llu, \"wrong\": %llu, \"refused\": %llu, \"broken\": %llu, \"warm_faults\": %llu, \"failed\": %d, ",
           (unsigned long long)busy_count, (unsigned long long)counted.wrong, (unsigned long long)counted.refused,
           (unsigned long long)counted.broken, (unsigned long long)(warm.wrong + warm.refused + warm.broken), ss.failed);
    printf("\"all_sent\": %llu, \"calls_per_s\": %.1f, \"wall_s\": %.3f, \"open_p50_ms\": %.3f, ",
           (unsigned long long)(counted.sent + warm.sent), (double)counted.answered / wall, wall,
           hist_ms(&ss.open_time, 0.5));
    printf("\"p50_ms\": %.3f, \"p95_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f, \"client_cpu_s\": %.3f, ",
           hist_ms(h, 0.5), hist_ms(h, 0.95), hist_ms(h, 0.99), hist_ms(h, 1), client_cpu);
    usage_json(from, to);
    printf("}\n");
}

int run_calls(void) {
    struct usage from[MAX_PIDS], to[MAX_PIDS];
    sessions_init(mcp.sessions);
    ss.on_ready = mcp.streams ? session_stream : NULL;
    ss.on_message = on_message;
    ss.on_done = on_done;
    ss.on_broken = on_broken;
    ss.on_stream_up = stream_ignored;
    ss.on_stream_message = stream_message_ignored;
    ss.on_stream_down = stream_down_ignored;
    if (!sessions_open(mcp.timeout))
        ss.failed += ss.failed == 0;
    else if (mcp.warmup > 0)
        window(mcp.warmup);
    now_in = &counted;
    usage_read(from);
    double client_cpu = own_cpu_s();
    uint64_t start = now_ns();
    if (ss.failed == 0 && busy_count == 0)
        window(mcp.seconds);
    double wall = seconds_since(start);
    usage_read(to);
    report(wall, own_cpu_s() - client_cpu, from, to);
    sessions_leave(5);
    return 0;
}
