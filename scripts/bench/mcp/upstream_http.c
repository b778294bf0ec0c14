/* HTTP/1.1 as far as an MCP gateway needs it: keep-alive, Content-Length, one request at a time on a connection. */
#define _GNU_SOURCE
#include "upstream.h"

#include "../sse_load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_FDS 65536

struct request {
    char method[8], path[64], session[80];
    long last_event_id, length;
};

static struct peer *peers[MAX_FDS]; /* by descriptor; a slot is kept when its connection ends */
static int epoll_fd;

struct peer *peer_of(int fd) {
    return peers[fd];
}

/* ---- writing ---- */

static void watch(struct peer *p, uint32_t events, int how) {
    struct epoll_event ev = {.events = events, .data.fd = p->fd};
    epoll_ctl(epoll_fd, how, p->fd, &ev);
}

void peer_close(struct peer *p) {
    if (p->fd < 0)
        return;
    session_detach(p);
    free(p->left);
    p->left = NULL;
    close(p->fd);
    p->fd = -1;
    p->generation++;
}

void peer_write(struct peer *p, const char *bytes, size_t len) {
    if (p->fd < 0)
        return;
    ssize_t n = p->blocked ? 0 : send(p->fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno != EAGAIN && errno != EINTR) {
        peer_close(p);
        return;
    }
    size_t done = n > 0 ? (size_t)n : 0;
    p->written = now_ns();
    if (done == len)
        return;
    p->left = realloc(p->left, p->left_len + len - done);
    if (p->left == NULL)
        die("mcp_upstream: memory");
    memcpy(p->left + p->left_len, bytes + done, len - done);
    p->left_len += len - done;
    p->blocked = true;
    watch(p, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
}

static void peer_writable(struct peer *p) {
    ssize_t n = send(p->fd, p->left, p->left_len, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0) {
        if (errno != EAGAIN && errno != EINTR)
            peer_close(p);
        return;
    }
    p->left_len -= (size_t)n;
    memmove(p->left, p->left + n, p->left_len);
    if (p->left_len > 0)
        return;
    p->blocked = false;
    watch(p, EPOLLIN, EPOLL_CTL_MOD);
    if (p->session >= 0)
        streams_flush(p);
}

static void respond(struct peer *p, const char *status, const char *extra, const char *body, size_t len) {
    char out[ANSWER_ROOM + 512];
    int n = snprintf(out, sizeof out, "HTTP/1.1 %s\r\n%s%sContent-Length: %zu\r\n\r\n", status, extra,
                     len ? "Content-Type: application/json\r\n" : "", len);
    memcpy(out + n, body, len);
    peer_write(p, out, (size_t)n + len);
}

static void respond_late(uint32_t who, uint32_t generation, const char *answer, size_t len) {
    struct peer *p = peers[who];
    if (p->generation != generation)
        return;
    p->busy = false;
    respond(p, "200 OK", "", answer, len);
}

/* ---- requests ---- */

static void stats(struct peer *p) {
    char body[400];
    int n = snprintf(body, sizeof body,
                     "{\"initialize\":%llu,\"echo\":%llu,\"sleep10\":%llu,\"follow\":%llu,\"streams\":%llu,\"resumed\":%llu,"
                     "\"sessions\":%d}",
                     (unsigned long long)counters.initialize, (unsigned long long)counters.echo,
                     (unsigned long long)counters.sleep10, (unsigned long long)counters.follow,
                     (unsigned long long)counters.streams, (unsigned long long)counters.resumed, sessions_live());
    respond(p, "200 OK", "", body, (size_t)n);
}

static void get_stream(struct peer *p, const struct request *r, int session) {
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
                               "Transfer-Encoding: chunked\r\n\r\n";
    peer_write(p, head, sizeof head - 1);
    session_attach(session, p, r->last_event_id);
}

static void post(struct peer *p, const struct request *r, struct span body) {
    char answer[ANSWER_ROOM], extra[128] = "", id[80];
    struct asked asked;
    size_t len;
    int session = session_find(r->session);
    bool initialize = json_is(json_get(body, "method"), "\"initialize\"");
    if (session < 0 && !initialize) {
        respond(p, r->session[0] ? "404 Not Found" : "400 Bad Request", "", "", 0);
        return;
    }
    enum verdict verdict = tools_answer(body, answer, &len, &asked);
    if (asked.follow_ms > 0)
        session_follow(session, &asked);
    if (asked.initialize) {
        session_new(id, sizeof id);
        snprintf(extra, sizeof extra, "Mcp-Session-Id: %s\r\n", id);
    }
    if (verdict == SAY) {
        respond(p, "200 OK", extra, answer, len);
    } else if (verdict == ACCEPT) {
        respond(p, "202 Accepted", "", "", 0);
    } else {
        p->busy = true;
        later_add((uint32_t)p->fd, p->generation, answer, len);
    }
}

static void handle(struct peer *p, const struct request *r, struct span body) {
    if (strncmp(r->path, "/stats", 6) == 0) {
        stats(p);
        return;
    }
    if (strcmp(r->method, "POST") == 0) {
        post(p, r, body);
        return;
    }
    int session = session_find(r->session);
    if (session < 0) {
        respond(p, r->session[0] ? "404 Not Found" : "400 Bad Request", "", "", 0);
    } else if (strcmp(r->method, "GET") == 0) {
        get_stream(p, r, session);
    } else if (strcmp(r->method, "DELETE") == 0) {
        session_end(session);
        respond(p, "200 OK", "", "", 0);
    } else {
        respond(p, "405 Method Not Allowed", "", "", 0);
    }
}

static void header(struct request *r, const char *line) {
    if (strncasecmp(line, "content-length:", 15) == 0)
        r->length = atol(line + 15);
    else if (strncasecmp(line, "mcp-session-id:", 15) == 0)
        sscanf(line + 15, " %79s", r->session);
    else if (strncasecmp(line, "last-event-id:", 14) == 0)
        r->last_event_id = atol(line + 14);
    else if (strncasecmp(line, "transfer-encoding:", 18) == 0)
        r->length = -1; /* nobody here sends it; refused rather than misread */
}

/* Handles one whole request at the start of the buffer and takes it out. False: more bytes must come. */
static bool take_request(struct peer *p) {
    char *end = memmem(p->in, p->got, "\r\n\r\n", 4);
    if (end == NULL)
        return false;
    struct request r = {.last_event_id = -1};
    size_t head = (size_t)(end - p->in) + 4;
    if (sscanf(p->in, "%7s %63s", r.method, r.path) != 2) {
        peer_close(p);
        return false;
    }
    for (char *line = memmem(p->in, head, "\r\n", 2) + 2; line < end; line = (char *)memmem(line, head, "\r\n", 2) + 2)
        header(&r, line);
    if (r.length < 0 || head + (size_t)r.length > sizeof p->in) {
        respond(p, "411 Length Required", "Connection: close\r\n", "", 0);
        peer_close(p);
        return false;
    }
    size_t whole = head + (size_t)r.length;
    if (p->got < whole)
        return false;
    handle(p, &r, (struct span){p->in + head, (size_t)r.length});
    if (p->fd < 0)
        return false;
    memmove(p->in, p->in + whole, p->got - whole);
    p->got -= whole;
    return true;
}

static void peer_readable(struct peer *p) {
    ssize_t n = read(p->fd, p->in + p->got, sizeof p->in - p->got);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        peer_close(p);
        return;
    }
    p->got += (size_t)n;
    while (p->got > 0 && !p->busy && take_request(p))
        ;
}

/* ---- the loop ---- */

static int listen_on(int port) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int yes = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 4096) != 0)
        die("mcp_upstream: listen");
    return fd;
}

static void accept_all(int listener) {
    int fd, yes = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        if (fd >= MAX_FDS || (peers[fd] == NULL && (peers[fd] = calloc(1, sizeof **peers)) == NULL))
            die("mcp_upstream: connections");
        struct peer *p = peers[fd];
        p->fd = fd;
        p->generation++;
        p->busy = p->blocked = false;
        p->session = -1;
        p->got = p->left_len = 0;
        p->written = now_ns();
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        watch(p, EPOLLIN, EPOLL_CTL_ADD);
    }
}

static void wait_for(uint64_t until, int listener) {
    struct epoll_event events[256];
    uint64_t now = now_ns(), left = until > now ? until - now : 0;
    struct timespec wait = {.tv_sec = (time_t)(left / NS_PER_S), .tv_nsec = (long)(left % NS_PER_S)};
    int n = epoll_pwait2(epoll_fd, events, 256, until == UINT64_MAX ? NULL : &wait, NULL);
    for (int i = 0; i < n; i++) {
        struct peer *p = peers[events[i].data.fd];
        if (events[i].data.fd == listener) {
            accept_all(listener);
            continue;
        }
        if (p->fd >= 0 && p->blocked && events[i].events & EPOLLOUT)
            peer_writable(p);
        if (p->fd >= 0 && events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
            peer_readable(p);
    }
}

void serve_http(int port) {
    struct rlimit files = {MAX_FDS, MAX_FDS};
    setrlimit(RLIMIT_NOFILE, &files);
    int listener = listen_on(port);
    struct epoll_event ev = {.events = EPOLLIN, .data.fd = listener};
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listener, &ev);
    for (;;) {
        uint64_t tick = streams_tick(now_ns()), later = later_next();
        wait_for(tick < later ? tick : later, listener);
        later_send(now_ns(), respond_late);
    }
}
