/* hold: sessions with an open GET stream each and nothing to do; what they cost while they are held. */
#include "load.h"

static int up, closed, refused;
static uint64_t messages;

static void on_ready(struct session *s) {
    session_stream(s);
}

static void on_stream_up(struct session *s) {
    up++;
    sessions_drop_posts(s); /* as a client's pool does after some seconds without a request */
}

static void on_stream_message(struct session *s, struct span json) {
    (void)s, (void)json;
    messages++;
}

static void on_stream_down(struct session *s, struct link *l) {
    (void)s;
    if (l->status == 200 && l->sse)
        closed++, up--;
    else
        refused++;
}

static long rss_of(const struct usage u[]) {
    long sum = 0;
    for (int i = 0; i < opt.pid_count; i++)
        sum += u[i].rss_kb;
    return sum;
}

static void poll_for_s(double seconds) {
    uint64_t end = now_ns() + (uint64_t)(seconds * 1e9);
    while (now_ns() < end)
        mcp_poll(end);
}

int run_hold(void) {
    struct usage before[MAX_PIDS], settled[MAX_PIDS], end[MAX_PIDS];
    sessions_init(mcp.sessions);
    ss.on_ready = on_ready;
    ss.on_stream_up = on_stream_up;
    ss.on_stream_message = on_stream_message;
    ss.on_stream_down = on_stream_down;
    usage_read(before);
    uint64_t start = now_ns();
    sessions_open(mcp.timeout);
    for (uint64_t limit = start + (uint64_t)(mcp.timeout * 1e9); up + refused < ss.ready && now_ns() < limit;)
        mcp_poll(limit);
    double open_s = seconds_since(start);
    poll_for_s(mcp.settle);
    usage_read(settled);
    double client_cpu = own_cpu_s();
    uint64_t held = now_ns();
    poll_for_s(mcp.seconds);
    usage_read(end);
    printf("{\"mode\": \"hold\", \"sessions\": %d, \"up\": %d, \"failed\": %d, \"closed\": %d, \"refused\": %d, ", mcp.sessions,
           up, mcp.sessions - ss.ready, closed, refused);
    printf("\"messages\": %llu, \"open_s\": %.3f, \"open_p50_ms\": %.3f, \"open_p99_ms\": %.3f, \"hold_s\": %.3f, ",
           (unsigned long long)messages, open_s, hist_ms(&ss.open_time, 0.5), hist_ms(&ss.open_time, 0.99),
           seconds_since(held));
    printf("\"rss_before_kb\": %ld, \"rss_settled_kb\": %ld, \"rss_end_kb\": %ld, \"client_cpu_s\": %.3f, ", rss_of(before),
           rss_of(settled), rss_of(end), own_cpu_s() - client_cpu);
    usage_json(settled, end);
    printf("}\n");
    sessions_leave(5);
    return 0;
}
