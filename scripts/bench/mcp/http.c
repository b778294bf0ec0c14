/* Connections: connect, send one request, read its response: JSON or events, chunked, sized or to the end. */
#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum body_state { BODY_CHUNK_SIZE, BODY_CHUNK_REST, BODY_CHUNK_DATA, BODY_CHUNK_END, BODY_TRAILER, BODY_PLAIN };

struct hooks hooks;
int mcp_epoll;
uint64_t loop_now, stream_comments;
static char inbox[64 * 1024];

/* ---- opening, sending, closing ---- */

void link_close(struct link *l) {
    if (l->fd >= 0)
        close(l->fd);
    l->fd = -1;
    l->state = LINK_CLOSED;
}

static void link_broken(struct link *l) {
    bool under_way = l->state != LINK_IDLE && l->state != LINK_CLOSED;
    link_close(l);
    if (under_way)
        hooks.broken(l);
}

static void watch(struct link *l, uint32_t events, int how) {
    struct epoll_event ev = {.events = events, .data.ptr = l};
    if (epoll_ctl(mcp_epoll, how, l->fd, &ev) != 0)
        die("mcp_load: epoll_ctl");
}

static void link_write(struct link *l) {
    l->state = LINK_HEAD;
    l->status = 0;
    l->left = -1;
    l->line_len = l->text_len = 0;
    l->chunked = l->sse = l->closing = l->answered = false;
    l->session_id[0] = l->event_id[0] = 0;
    if (write(l->fd, l->out, l->out_len) != (ssize_t)l->out_len)
        link_broken(l);
}

static void link_connect(struct link *l) {
    const struct target *t = &mcp.url[l->url];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)t->port)};
    int yes = 1;
    l->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (l->fd < 0)
        die("mcp_load: socket");
    inet_pton(AF_INET, t->host, &to.sin_addr);
    setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    l->state = LINK_CONNECTING;
    l->status = 0;
    if (connect(l->fd, (struct sockaddr *)&to, sizeof to) != 0 && errno != EINPROGRESS) {
        link_broken(l);
        return;
    }
    watch(l, EPOLLOUT, EPOLL_CTL_ADD);
}

void link_send(struct link *l) {
    if (l->state == LINK_CLOSED)
        link_connect(l);
    else
        link_write(l);
}

/* ---- reading: the body's content ---- */

static void event_end(struct link *l) {
    if (l->event_id[0] && l->is_stream)
        memcpy(l->session->last_event_id, l->event_id, ID_ROOM);
    l->event_id[0] = 0;
    size_t len = l->text_len;
    l->text_len = 0;
    if (len > 0)
        hooks.message(l, (struct span){l->text, len});
}

static void field(char *out, size_t room, const char *line, size_t at) {
    snprintf(out, room, "%s", line + (line[at] == ' ' ? at + 1 : at));
}

static void add_text(struct link *l, const char *p, size_t n) {
    size_t room = TEXT_ROOM - l->text_len;
    memcpy(l->text + l->text_len, p, n < room ? n : room);
    l->text_len += n < room ? n : room;
}

static void sse_line(struct link *l) {
    if (l->line_len == 0) {
        event_end(l);
    } else if (strncmp(l->line, "data:", 5) == 0) {
        size_t at = l->line[5] == ' ' ? 6 : 5;
        add_text(l, l->line + at, l->line_len - at);
    } else if (strncmp(l->line, "id:", 3) == 0) {
        field(l->event_id, ID_ROOM, l->line, 3);
    } else if (l->line[0] == ':') {
        stream_comments += l->is_stream;
    }
}

/* Adds bytes to the line; true if it is whole, without its end and with a 0 behind it. */
static bool take_line(struct link *l, const char **p, const char *end) {
    const char *lf = memchr(*p, '\n', (size_t)(end - *p));
    size_t n = (size_t)((lf ? lf : end) - *p), room = LINE_ROOM - 1 - l->line_len;
    memcpy(l->line + l->line_len, *p, n < room ? n : room);
    l->line_len += n < room ? n : room;
    *p = lf ? lf + 1 : end;
    if (lf && l->line_len > 0 && l->line[l->line_len - 1] == '\r')
        l->line_len--;
    l->line[l->line_len] = 0;
    return lf != NULL;
}

static void content(struct link *l, const char *p, const char *end) {
    if (!l->sse) {
        add_text(l, p, (size_t)(end - p));
        return;
    }
    while (p < end && l->state == LINK_BODY)
        if (take_line(l, &p, end)) {
            sse_line(l);
            l->line_len = 0;
        }
}

static void response_done(struct link *l) {
    if (!l->sse && l->text_len > 0)
        hooks.message(l, (struct span){l->text, l->text_len});
    if (l->state != LINK_BODY)
        return;
    if (l->closing)
        link_close(l);
    else
        l->state = LINK_IDLE;
    hooks.done(l);
}

/* ---- reading: HTTP ---- */

static int hex_digit(char ch) {
    if (ch >= '0' && ch <= '9')
        return ch - '0';
    ch |= 0x20;
    return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

/* A chunk's frame is cut anywhere, independently of lines: one byte at a time outside of its data. */
static void chunk_byte(struct link *l, char ch) {
    if (l->body == BODY_TRAILER) { /* left: length of the line */
        if (ch == '\n' && l->left == 0)
            response_done(l);
        else
            l->left = ch == '\n' ? 0 : l->left + (ch != '\r');
    } else if (l->body == BODY_CHUNK_SIZE && hex_digit(ch) >= 0) {
        l->left = l->left * 16 + hex_digit(ch);
    } else if (ch != '\n') {
        l->body = l->body == BODY_CHUNK_SIZE ? BODY_CHUNK_REST : l->body; /* extension, or the CR */
    } else if (l->body == BODY_CHUNK_END) {
        l->body = BODY_CHUNK_SIZE;
    } else {
        l->body = l->left > 0 ? BODY_CHUNK_DATA : BODY_TRAILER;
    }
}

static void body_bytes(struct link *l, const char *p, const char *end) {
    while (p < end && l->state == LINK_BODY) {
        if (l->body != BODY_CHUNK_DATA && l->body != BODY_PLAIN) {
            chunk_byte(l, *p++);
            continue;
        }
        size_t n = l->left < 0 || (size_t)(end - p) < (size_t)l->left ? (size_t)(end - p) : (size_t)l->left;
        content(l, p, p + n);
        p += n;
        if (l->left < 0 || l->state != LINK_BODY)
            continue;
        l->left -= (long)n;
        if (l->left == 0 && l->body == BODY_CHUNK_DATA)
            l->body = BODY_CHUNK_END;
        else if (l->left == 0)
            response_done(l);
    }
}

static void head_end(struct link *l) {
    if (l->status == 202 || l->status == 204 || l->status == 304)
        l->left = l->left < 0 && !l->chunked ? 0 : l->left;
    l->state = LINK_BODY;
    l->body = l->chunked ? BODY_CHUNK_SIZE : BODY_PLAIN;
    if (l->chunked)
        l->left = 0;
    hooks.head(l);
    if (l->state == LINK_BODY && !l->chunked && l->left == 0)
        response_done(l);
}

static void head_line(struct link *l) {
    if (l->status == 0)
        l->status = strncmp(l->line, "HTTP/1.", 7) == 0 && l->line_len > 11 ? (uint16_t)atoi(l->line + 9) : 1;
    else if (l->line_len == 0)
        head_end(l);
    else if (strncasecmp(l->line, "content-length:", 15) == 0)
        l->left = atol(l->line + 15);
    else if (strncasecmp(l->line, "transfer-encoding:", 18) == 0)
        l->chunked = strcasestr(l->line, "chunked") != NULL;
    else if (strncasecmp(l->line, "content-type:", 13) == 0)
        l->sse = strcasestr(l->line, "text/event-stream") != NULL;
    else if (strncasecmp(l->line, "connection:", 11) == 0)
        l->closing = strcasestr(l->line, "close") != NULL;
    else if (strncasecmp(l->line, "mcp-session-id:", 15) == 0)
        field(l->session_id, ID_ROOM, l->line, 15);
}

static void link_bytes(struct link *l, const char *p, const char *end) {
    while (p < end && l->state == LINK_HEAD)
        if (take_line(l, &p, end)) {
            head_line(l);
            l->line_len = 0;
        }
    if (l->state == LINK_BODY)
        body_bytes(l, p, end);
}

static void link_event(struct link *l, uint32_t events) {
    if (l->state == LINK_CLOSED)
        return;
    if (l->state == LINK_CONNECTING) {
        if (events & (EPOLLERR | EPOLLHUP)) {
            link_broken(l);
            return;
        }
        watch(l, EPOLLIN, EPOLL_CTL_MOD);
        link_write(l);
        return;
    }
    ssize_t n = read(l->fd, inbox, sizeof inbox);
    if (n > 0) {
        loop_now = now_ns();
        link_bytes(l, inbox, inbox + n);
    } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
        l->closing = true;
        if (n == 0 && l->state == LINK_BODY && !l->chunked && l->left < 0 && !l->is_stream)
            response_done(l); /* a body without a length ends with its connection */
        else
            link_broken(l);
    }
}

void mcp_poll(uint64_t until) {
    struct epoll_event events[256];
    uint64_t now = now_ns(), left = until > now ? until - now : 0;
    struct timespec wait = {.tv_sec = (time_t)(left / NS_PER_S), .tv_nsec = (long)(left % NS_PER_S)};
    int n = epoll_pwait2(mcp_epoll, events, 256, &wait, NULL);
    if (n < 0 && errno != EINTR)
        die("mcp_load: epoll");
    loop_now = now_ns();
    for (int i = 0; i < n; i++)
        link_event(events[i].data.ptr, events[i].events);
}
