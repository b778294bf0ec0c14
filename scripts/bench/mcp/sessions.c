/* Sessions: opened as clients open them, and the requests they send. What a response means is decided here. */
#include "load.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

struct sessions ss;

/* ---- requests ---- */

static struct link *link_new(struct session *s, int url, bool is_stream) {
    struct link *l = calloc(1, sizeof *l);
    if (l == NULL)
        die("mcp_load: memory");
    l->fd = -1;
    l->url = url;
    l->session = s;
    l->is_stream = is_stream;
    return l;
}

static int next_url(struct session *s) {
    return (int)(s->turn++ % (uint32_t)mcp.url_count);
}

static void request(struct link *l, const char *method, const char *accept, const char *body) {
    struct session *s = l->session;
    const struct target *t = &mcp.url[l->url];
    bool resume = l->is_stream && s->last_event_id[0];
    int n = snprintf(l->out, sizeof l->out, "%s %s HTTP/1.1\r\nHost: %s:%d\r\nUser-Agent: mcp-load\r\nAccept: %s\r\n", method,
                     t->path, t->host, t->port, accept);
    if (s->id[0])
        n += snprintf(l->out + n, sizeof l->out - (size_t)n, "Mcp-Session-Id: %s\r\nMCP-Protocol-Version: %s\r\n", s->id,
                      s->version);
    if (resume)
        n += snprintf(l->out + n, sizeof l->out - (size_t)n, "Last-Event-ID: %s\r\n", s->last_event_id);
    if (body)
        n += snprintf(l->out + n, sizeof l->out - (size_t)n, "Content-Type: application/json\r\nContent-Length: %zu\r\n",
                      strlen(body));
    n += snprintf(l->out + n, sizeof l->out - (size_t)n, "\r\n%s", body ? body : "");
    if ((size_t)n >= sizeof l->out)
        die("mcp_load: request too long");
    l->out_len = (size_t)n;
    link_send(l);
}

static void post(struct session *s, const char *body) {
    int url = next_url(s);
    if (s->post[url] == NULL)
        s->post[url] = link_new(s, url, false);
    request(s->post[url], "POST", "application/json, text/event-stream", body);
}

void session_call(struct session *s, const char *tool, const char *arguments) {
    char body[600];
    s->number++;
    s->busy = true;
    s->sent = now_ns();
    snprintf(body, sizeof body,
             "{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"tools/call\",\"params\":{\"name\":\"%s\",\"arguments\":{%s}}}",
             s->number, tool, arguments);
    post(s, body);
}

void session_stream(struct session *s) {
    int url = s->stream == NULL && mcp.stream_url >= 0 ? mcp.stream_url : next_url(s);
    if (s->stream == NULL)
        s->stream = link_new(s, url, true);
    s->stream->url = url;
    request(s->stream, "GET", "text/event-stream", NULL);
}

void sessions_drop_posts(struct session *s) {
    for (int i = 0; i < mcp.url_count; i++)
        if (s->post[i])
            link_close(s->post[i]);
}

/* ---- opening ---- */

static void initialize(struct session *s) {
    char body[300];
    s->phase = INITIALIZING;
    s->turn = s->index;
    s->sent = now_ns();
    snprintf(body, sizeof body,
             "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"%s\","
             "\"capabilities\":{},\"clientInfo\":{\"name\":\"mcp-load\",\"version\":\"1\"}}}",
             mcp.protocol);
    post(s, body);
}

static void opening_failed(struct session *s, const char *why, int status) {
    if (ss.failed++ == 0)
        fprintf(stderr, "mcp_load: a session could not be opened: %s (%d)\n", why, status);
    ss.opening--;
    s->phase = FAILED;
}

static void initialized(struct session *s, struct link *l) {
    if (l->status != 200 || s->version[0] == 0) {
        opening_failed(s, "initialize was not answered", l->status);
        return;
    }
    memcpy(s->id, l->session_id, ID_ROOM);
    s->phase = CONFIRMING;
    post(s, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
}

static void confirmed(struct session *s, struct link *l) {
    if (l->status / 100 != 2) {
        opening_failed(s, "initialized was refused", l->status);
        return;
    }
    hist_add(&ss.open_time, now_ns() - s->sent);
    s->phase = READY;
    ss.opening--;
    ss.ready++;
    if (ss.on_ready)
        ss.on_ready(s);
}

/* ---- responses ---- */

static void on_head(struct link *l) {
    if (!l->is_stream)
        return;
    if (l->status == 200 && l->sse)
        ss.on_stream_up(l->session);
    else
        link_close(l), ss.on_stream_down(l->session, l);
}

static void on_message(struct link *l, struct span json) {
    struct session *s = l->session;
    if (s->phase == INITIALIZING)
        json_copy(json_get(json_get(json, "result"), "protocolVersion"), s->version, sizeof s->version);
    else if (l->is_stream)
        ss.on_stream_message(s, json);
    else if (s->busy && json_long(json_get(json, "id"), -1) == (long)s->number) {
        l->answered = true;
        ss.on_message(s, json);
    }
}

static void left(struct session *s, struct link *l) {
    s->phase = FAILED;
    if (ss.on_left)
        ss.on_left(s, l);
}

static void on_done(struct link *l) {
    struct session *s = l->session;
    if (l->is_stream) {
        link_close(l);
        ss.on_stream_down(s, l);
    } else if (s->phase == INITIALIZING) {
        initialized(s, l);
    } else if (s->phase == CONFIRMING) {
        confirmed(s, l);
    } else if (s->phase == LEAVING) {
        left(s, l);
    } else if (s->busy) {
        s->busy = false;
        ss.on_done(s, l);
    }
}

static void on_broken(struct link *l) {
    struct session *s = l->session;
    if (l->is_stream)
        ss.on_stream_down(s, l);
    else if (s->phase == INITIALIZING || s->phase == CONFIRMING)
        opening_failed(s, "the connection broke", l->status);
    else if (s->phase == LEAVING)
        left(s, l);
    else if (s->busy) {
        s->busy = false;
        ss.on_broken(s);
    }
}

void sessions_init(int count) {
    hooks = (struct hooks){on_head, on_message, on_done, on_broken};
    mcp_epoll = epoll_create1(EPOLL_CLOEXEC);
    ss.all = calloc((size_t)count + 1, sizeof *ss.all);
    ss.count = count;
    if (ss.all == NULL || mcp_epoll < 0)
        die("mcp_load: start");
    for (int i = 0; i < count; i++)
        ss.all[i].index = (uint32_t)i;
}

bool sessions_open(double limit_s) {
    uint64_t end = now_ns() + (uint64_t)(limit_s * 1e9);
    while (ss.ready + ss.failed < ss.count && now_ns() < end) {
        for (; ss.opened < ss.count && ss.opening < mcp.in_flight; ss.opening++)
            initialize(&ss.all[ss.opened++]);
        mcp_poll(now_ns() + 20000000);
    }
    return ss.ready == ss.count;
}

void session_leave(struct session *s) {
    int url = next_url(s);
    s->phase = LEAVING;
    ss.ready--;
    if (s->post[url] == NULL)
        s->post[url] = link_new(s, url, false);
    request(s->post[url], "DELETE", "application/json", NULL);
}

void session_anew(struct session *s) {
    sessions_drop_posts(s);
    if (s->stream)
        link_close(s->stream);
    ss.ready -= s->phase == READY;
    s->busy = false;
    s->id[0] = s->version[0] = s->last_event_id[0] = 0;
    ss.opening++;
    initialize(s);
}

static int leaving(void) {
    int n = 0;
    for (int i = 0; i < ss.count; i++)
        n += ss.all[i].phase == LEAVING;
    return n;
}

/* So that the next run does not find the sessions of this one. A server that has no DELETE says so, and that is fine. */
void sessions_leave(double limit_s) {
    uint64_t end = now_ns() + (uint64_t)(limit_s * 1e9);
    for (int i = 0; i < ss.count && now_ns() < end; i++) {
        struct session *s = &ss.all[i];
        if (s->phase != READY || s->id[0] == 0)
            continue;
        s->phase = LEAVING;
        struct link *l = link_new(s, next_url(s), false);
        request(l, "DELETE", "application/json", NULL);
        while (leaving() >= mcp.in_flight && now_ns() < end)
            mcp_poll(now_ns() + 20000000);
    }
    while (leaving() > 0 && now_ns() < end)
        mcp_poll(now_ns() + 20000000);
}
