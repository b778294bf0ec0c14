/* Sessions and their GET streams. A stream holds a number, not a queue: event n is made from n when it is written. */
#include "upstream.h"

#include "../sse_load.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define TICK_NS 5000000ULL
#define COMMENT_NS (15 * NS_PER_S)

struct session {
    bool live, attached_once;
    int stream; /* fd of its GET stream, or -1 */
    int next_free;
    uint64_t secret, number, every, due;
    char tag[64];
};

static struct session *sessions;
static int session_count, session_room, live_count, first_free = -1;

/* A soak begins sessions for hours: the place of one that has ended is used again, under another secret. */
static int place(void) {
    int free = first_free;
    if (free >= 0) {
        first_free = sessions[free].next_free;
        return free;
    }
    if (session_count == session_room) {
        session_room = session_room ? session_room * 2 : 1024;
        sessions = realloc(sessions, sizeof *sessions * (size_t)session_room);
        if (sessions == NULL)
            die("mcp_upstream: memory");
    }
    return session_count++;
}

int session_new(char *id, size_t room) {
    int index = place();
    struct session *s = &sessions[index];
    *s = (struct session){.live = true, .stream = -1};
    if (getrandom(&s->secret, sizeof s->secret, 0) != sizeof s->secret)
        die("mcp_upstream: random");
    snprintf(id, room, "u%d-%016llx", index, (unsigned long long)s->secret);
    live_count++;
    return index;
}

int sessions_live(void) {
    return live_count;
}

int session_find(const char *id) {
    int index;
    unsigned long long secret;
    if (sscanf(id, "u%d-%16llx", &index, &secret) != 2 || index < 0 || index >= session_count)
        return -1;
    return sessions[index].live && sessions[index].secret == secret ? index : -1;
}

void session_end(int session) {
    struct session *s = &sessions[session];
    if (s->stream >= 0)
        peer_close(peer_of(s->stream));
    s->live = false;
    s->next_free = first_free;
    first_free = session;
    live_count--;
}

void session_follow(int session, const struct asked *asked) {
    struct session *s = &sessions[session];
    s->every = (uint64_t)asked->follow_ms * 1000000;
    s->due = now_ns() + s->every;
    memcpy(s->tag, asked->tag, sizeof s->tag);
}

/* The newest stream wins. One that names no event goes on where things stand now; only the first one gets all. */
void session_attach(int session, struct peer *p, long last_event_id) {
    struct session *s = &sessions[session];
    if (s->stream >= 0)
        peer_close(peer_of(s->stream));
    s->stream = p->fd;
    p->session = session;
    p->sent = last_event_id >= 0 && (uint64_t)last_event_id <= s->number ? (uint64_t)last_event_id
              : s->attached_once                                         ? s->number
                                                                         : 0;
    counters.streams++;
    counters.resumed += last_event_id >= 0;
    s->attached_once = true;
    streams_flush(p);
}

void session_detach(struct peer *p) {
    if (p->session >= 0)
        sessions[p->session].stream = -1;
    p->session = -1;
}

/* The stamp is the time the event was due, so that a late one is seen to be late. */
static int event_text(const struct session *s, uint64_t n, char *out, size_t room) {
    uint64_t stamp = s->due - (s->number - n + 1) * s->every;
    char data[400];
    int len = snprintf(data, sizeof data,
                       "id: %llu\nevent: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":"
                       "{\"level\":\"info\",\"logger\":\"bench\",\"data\":{\"tag\":\"%s\",\"n\":%llu,\"at\":%llu}}}\n\n",
                       (unsigned long long)n, s->tag, (unsigned long long)n, (unsigned long long)stamp);
    return snprintf(out, room, "%x\r\n%s\r\n", len, data);
}

void streams_flush(struct peer *p) {
    struct session *s = &sessions[p->session];
    char text[512];
    while (p->sent < s->number && !p->blocked && p->fd >= 0) {
        int n = event_text(s, p->sent + 1, text, sizeof text);
        p->sent++;
        peer_write(p, text, (size_t)n);
    }
}

uint64_t streams_tick(uint64_t now) {
    static uint64_t next;
    if (live_count == 0)
        return UINT64_MAX;
    if (now < next)
        return next;
    for (int i = 0; i < session_count; i++) {
        struct session *s = &sessions[i];
        if (!s->live)
            continue;
        for (; s->every > 0 && s->due <= now; s->due += s->every)
            s->number++;
        if (s->stream < 0)
            continue;
        struct peer *p = peer_of(s->stream);
        streams_flush(p);
        if (s->stream >= 0 && now > p->written + COMMENT_NS && !p->blocked)
            peer_write(p, "3\r\n:\n\n\r\n", 8);
    }
    return next = now_ns() + TICK_NS;
}
