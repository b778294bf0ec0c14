/*
 * follow: every session follows its GET stream, on which the upstream numbers events, while a node is killed. A stream
 * that is cut asks for the rest at the next URL. Strict: the next number has to be exactly the one after the last.
 */
#include "load.h"

#include <signal.h>
#include <stdlib.h>

struct follower {
    struct numbered numbered;
    bool up, started, cut, resumed;
    uint64_t retry;   /* when to ask again; 0: not waiting */
    uint64_t last_at, worst;
};

static struct follower *all;
static uint64_t killed_at, refused, broken_calls;
static int up, cut, closed, resumed, refused_with;
static struct hist resume_time, head_time, late_cut, late_kept;

static struct follower *of(const struct session *s) {
    return &all[s->index];
}

static void on_stream_up(struct session *s) {
    struct follower *f = of(s);
    f->up = true;
    up++;
    if (f->cut && killed_at)
        hist_add(&head_time, loop_now - killed_at);
    if (f->started)
        return;
    f->started = true;
    snprintf(f->numbered.tag, sizeof f->numbered.tag, "%s-%05u", mcp.run, s->index);
    numbers_ask(s, &f->numbered);
}

static void on_stream_message(struct session *s, struct span json) {
    struct follower *f = of(s);
    uint64_t late;
    if (numbers_take(&f->numbered, json, &late) != NUMBER_NEW)
        return;
    f->last_at = loop_now;
    if (killed_at && late > f->worst)
        f->worst = late;
    if (f->cut && !f->resumed) {
        f->resumed = true;
        resumed++;
        hist_add(&resume_time, loop_now - killed_at);
    }
}

/* Cut by the kill, or by something that had no reason to; or refused, which is tried again like a cut. */
static void on_stream_down(struct session *s, struct link *l) {
    struct follower *f = of(s);
    if (f->up) {
        f->up = false;
        up--;
        if (killed_at && !f->cut && (mcp.url_count == 1 || l->url == mcp.kill_url))
            f->cut = true, cut++;
        else
            closed++;
    } else if (l->status != 0) {
        refused++;
        refused_with = l->status;
    }
    f->retry = now_ns() + (uint64_t)(mcp.retry_ms * 1e6);
}

static void call_message(struct session *s, struct span json) {
    broken_calls += json_get(json, "result").at == NULL;
    (void)s;
}

static void call_done(struct session *s, struct link *l) {
    broken_calls += !l->answered;
    sessions_drop_posts(s);
}

static void call_broken(struct session *s) {
    (void)s;
    broken_calls++;
}

static void follow_for(double seconds) {
    uint64_t end = now_ns() + (uint64_t)(seconds * 1e9);
    for (uint64_t now = now_ns(); now < end; now = now_ns()) {
        for (int i = 0; i < ss.count; i++) {
            if (all[i].retry == 0 || all[i].retry > now)
                continue;
            all[i].retry = 0;
            session_stream(&ss.all[i]);
        }
        mcp_poll(now + 5000000);
    }
}

/* A stream on which nothing has come for so long has not been resumed, whatever its connection says. */
static int stalled(void) {
    uint64_t now = now_ns(), patience = (uint64_t)mcp.every_ms * 3000000 + NS_PER_S;
    int n = 0;
    for (int i = 0; i < ss.count; i++)
        n += all[i].last_at == 0 || now - all[i].last_at > patience;
    return n;
}

static void report(int silent) {
    for (int i = 0; i < ss.count; i++)
        broken_calls += ss.all[i].busy; /* never answered */
    for (int i = 0; i < ss.count; i++)
        hist_add(all[i].cut ? &late_cut : &late_kept, all[i].worst);
    printf("{\"mode\": \"follow\", \"sessions\": %d, \"up\": %d, \"failed\": %d, \"cut\": %d, \"resumed\": %d, ", mcp.sessions,
           up, mcp.sessions - ss.ready, cut, resumed);
    printf("\"received\": %llu, \"lost\": %llu, \"dup\": %llu, \"foreign\": %llu, \"stalled\": %d, \"closed\": %d, ",
           (unsigned long long)numbers.received, (unsigned long long)numbers.lost, (unsigned long long)numbers.dup,
           (unsigned long long)numbers.foreign, silent, closed);
    printf("\"refused\": %llu, \"refused_with\": %d, \"broken\": %llu, ", (unsigned long long)refused, refused_with,
           (unsigned long long)broken_calls);
    printf("\"head_p50_ms\": %.1f, \"head_p99_ms\": %.1f, \"p50_ms\": %.1f, \"p99_ms\": %.1f, \"max_ms\": %.1f, ",
           hist_ms(&head_time, 0.5), hist_ms(&head_time, 0.99), hist_ms(&resume_time, 0.5), hist_ms(&resume_time, 0.99),
           hist_ms(&resume_time, 1));
    printf("\"late_cut_p99_ms\": %.1f, \"late_cut_max_ms\": %.1f, \"late_kept_p99_ms\": %.1f, \"late_kept_max_ms\": %.1f}\n",
           hist_ms(&late_cut, 0.99), hist_ms(&late_cut, 1), hist_ms(&late_kept, 0.99), hist_ms(&late_kept, 1));
}

int run_follow(void) {
    sessions_init(mcp.sessions);
    all = calloc((size_t)mcp.sessions + 1, sizeof *all);
    if (all == NULL)
        die("mcp_load: memory");
    ss.on_ready = session_stream;
    ss.on_message = call_message;
    ss.on_done = call_done;
    ss.on_broken = call_broken;
    ss.on_stream_up = on_stream_up;
    ss.on_stream_message = on_stream_message;
    ss.on_stream_down = on_stream_down;
    sessions_open(mcp.timeout);
    follow_for(mcp.kill_at);
    if (mcp.kill_pid > 0) {
        killed_at = now_ns();
        if (kill(mcp.kill_pid, SIGKILL) != 0)
            die("mcp_load: kill");
    }
    follow_for(mcp.seconds);
    report(stalled());
    return 0;
}
