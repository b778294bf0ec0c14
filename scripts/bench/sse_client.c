/* Subscriber connections: connect, response head, chunked body, SSE lines. */
#define _GNU_SOURCE
#include "sse_load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define TURN_EVENTS 256         /* small, so that a due publish never waits long behind subscribers */
#define PORTS_PER_SOURCE 20000  /* beyond this many connections the source address changes */

enum body_state { BODY_SIZE, BODY_SIZE_REST, BODY_DATA, BODY_DATA_END, BODY_RAW };
enum { EVENT_DATA = 1, EVENT_GAP = 2, EVENT_FOREIGN = 4 };

struct clients cl;
static char inbox[256 * 1024]; /* one for all: it is parsed to the end before the next read */

/* ---- opening and closing ---- */

void clients_init(int count) {
    cl.count = count;
    cl.conn = calloc((size_t)count + 1, sizeof *cl.conn);
    cl.epoll = epoll_create1(0);
    if (cl.conn == NULL || cl.epoll < 0)
        die("sse_load: start");
    for (int i = 0; i < count; i++) {
        cl.conn[i].index = (uint32_t)i;
        cl.conn[i].target = (uint8_t)(i % opt.sub_count);
    }
    cl.now = now_ns();
}

/* A loopback address has some 28,000 ports for one target; only larger runs need more source addresses. */
static void choose_source(int fd, int index) {
    if (opt.subs <= PORTS_PER_SOURCE)
        return;
    struct sockaddr_in from = {.sin_family = AF_INET};
    int yes = 1;
    from.sin_addr.s_addr = htonl(0x7f000001u + (uint32_t)(index / PORTS_PER_SOURCE));
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    if (bind(fd, (struct sockaddr *)&from, sizeof from) != 0)
        die("sse_load: bind source address");
}

int socket_to(const struct target *t, int index, bool blocking) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)t->port)};
    int yes = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | (blocking ? 0 : SOCK_NONBLOCK), 0);
    if (fd < 0)
        die("sse_load: socket");
    inet_pton(AF_INET, t->host, &to.sin_addr);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    choose_source(fd, index);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0 && errno != EINPROGRESS) {
        close(fd);
        return -1;
    }
    if (blocking)
        fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    return fd;
}

static void conn_close(struct conn *c) {
    bool was_open = c->state == CONN_OPEN;
    if (was_open)
        cl.closed++, cl.up--;
    else
        cl.failed++, cl.connecting--;
    if (c->fd >= 0)
        close(c->fd);
    c->state = CONN_CLOSED;
    if (cl.on_close)
        cl.on_close(c, was_open);
}

void conn_cut(struct conn *c, bool reset) {
    struct linger at_once = {.l_onoff = 1};
    if (reset)
        setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(c->fd);
    c->state = CONN_CLOSED;
    cl.up--;
}

void conn_open(struct conn *c) {
    c->started = now_ns();
    c->state = CONN_CONNECTING;
    c->status = c->line_len = 0;
    c->chunk_left = 0;
    c->chunked = false;
    c->event_flags = 0;
    c->next_id[0] = 0;
    cl.connecting++;
    c->fd = socket_to(&opt.sub[c->target], (int)c->index, false);
    struct epoll_event ev = {.events = EPOLLOUT, .data.u32 = c->index};
    if (c->fd < 0 || epoll_ctl(cl.epoll, EPOLL_CTL_ADD, c->fd, &ev) != 0)
        conn_close(c);
}

static void conn_request(struct conn *c) {
    char request[1400], path[600];
    const struct target *to = &opt.sub[c->target];
    const char *mark = strstr(to->path, "{n}"), *id = c->id[0] ? c->id : opt.last_event_id;
    if (mark)
        snprintf(path, sizeof path, "%.*s%d%s", (int)(mark - to->path), to->path, (int)c->index % opt.channels, mark + 3);
    else
        snprintf(path, sizeof path, "%s", to->path);
    int n = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: %s:%d\r\nAccept: text/event-stream\r\n%s%s%s\r\n",
                     path, to->host, to->port, id[0] ? "Last-Event-ID: " : "", id, id[0] ? "\r\n" : "");
    struct epoll_event ev = {.events = EPOLLIN, .data.u32 = c->index};
    if (write(c->fd, request, (size_t)n) != n || epoll_ctl(cl.epoll, EPOLL_CTL_MOD, c->fd, &ev) != 0) {
        conn_close(c);
        return;
    }
    c->state = CONN_HEAD;
}

/* ---- parsing: lines ---- */

/*
 * Adds bytes up to the next LF to the kept start of the line. Returns where to go on; *whole says that the line is
 * complete. LF and CRLF end a line; a bare CR, which no gateway here sends, does not.
 */
static const char *take_line(struct conn *c, const char *p, const char *end, bool *whole) {
    const char *lf = memchr(p, '\n', (size_t)(end - p));
    size_t n = (size_t)((lf ? lf : end) - p), room = LINE_KEEP - c->line_len;
    memcpy(c->line + c->line_len, p, n < room ? n : room);
    c->line_len = (uint16_t)(c->line_len + (n < room ? n : room));
    *whole = lf != NULL;
    if (lf && c->line_len > 0 && c->line_len < LINE_KEEP && c->line[c->line_len - 1] == '\r')
        c->line_len--;
    return lf ? lf + 1 : end;
}

static bool line_starts(const struct conn *c, const char *prefix, size_t n) {
    return c->line_len >= n && memcmp(c->line, prefix, n) == 0;
}

static uint64_t digits(const char *p, int n) {
    uint64_t v = 0;
    while (n-- > 0)
        v = v * 10 + (uint64_t)(*p++ - '0');
    return v;
}

/* Payload: "b1 RRRRRRRR NNNNNNNNNN TTTTTTTTTTTTTTTTTTTT xxx...": run, number, CLOCK_MONOTONIC ns, padding. */
static void take_payload(struct conn *c) {
    size_t at = c->line_len > 5 && c->line[5] == ' ' ? 6 : 5;
    const char *p = c->line + at;
    if (c->line_len < at + 44 || memcmp(p, "b1 ", 3) != 0 || memcmp(p + 3, opt.run, 8) != 0) {
        c->event_flags |= EVENT_FOREIGN;
        return;
    }
    c->event_flags |= EVENT_DATA;
    c->seq = (uint32_t)digits(p + 12, 10);
    c->stamp = digits(p + 23, 20);
}

static void end_of_event(struct conn *c) {
    uint8_t flags = c->event_flags;
    c->event_flags = 0;
    if (c->next_id[0])
        memcpy(c->id, c->next_id, ID_KEEP);
    if (flags & EVENT_GAP)
        cl.gaps++;
    else if (flags & EVENT_DATA)
        cl.on_event(c, c->seq, c->stamp);
    else if (flags & EVENT_FOREIGN)
        cl.foreign++;
}

static void take_id(struct conn *c) {
    size_t at = c->line_len > 3 && c->line[3] == ' ' ? 4 : 3, n = c->line_len - at;
    if (n >= ID_KEEP)
        bad("an event id is longer than can be taken up again", "ID_KEEP");
    memcpy(c->next_id, c->line + at, n);
    c->next_id[n] = 0;
}

static void sse_line(struct conn *c) {
    if (c->line_len == 0)
        end_of_event(c);
    else if (c->line[0] == ':')
        cl.comments++;
    else if (line_starts(c, "data:", 5))
        take_payload(c);
    else if (line_starts(c, "id:", 3))
        take_id(c);
    else if (line_starts(c, "event:gap", 9) || line_starts(c, "event: gap", 10))
        c->event_flags |= EVENT_GAP;
}

static void sse_bytes(struct conn *c, const char *p, const char *end) {
    while (p < end) {
        bool whole;
        p = take_line(c, p, end, &whole);
        if (whole) {
            sse_line(c);
            c->line_len = 0;
        }
    }
}

/* ---- parsing: HTTP ---- */

static int hex_digit(char ch) {
    if (ch >= '0' && ch <= '9')
        return ch - '0';
    ch |= 0x20;
    return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

/* Chunk framing and SSE lines are cut independently of each other, hence two state machines on one connection. */
static void body_bytes(struct conn *c, const char *p, const char *end) {
    while (p < end) {
        if (c->body == BODY_RAW) {
            sse_bytes(c, p, end);
            return;
        }
        if (c->body == BODY_DATA) {
            size_t n = (size_t)(end - p) < c->chunk_left ? (size_t)(end - p) : c->chunk_left;
            sse_bytes(c, p, p + n);
            p += n;
            c->chunk_left -= (uint32_t)n;
            if (c->chunk_left == 0)
                c->body = BODY_DATA_END;
            continue;
        }
        char ch = *p++;
        if (c->body == BODY_SIZE && hex_digit(ch) >= 0) {
            c->chunk_left = c->chunk_left * 16 + (uint32_t)hex_digit(ch);
        } else if (ch != '\n') {
            c->body = c->body == BODY_SIZE ? BODY_SIZE_REST : c->body; /* extension, or the CR */
        } else if (c->body == BODY_DATA_END) {
            c->body = BODY_SIZE;
        } else {
            c->body = c->chunk_left > 0 ? BODY_DATA : BODY_DATA_END; /* a 0 chunk: the server closes next */
        }
    }
}

static void head_line(struct conn *c) {
    c->line[c->line_len < LINE_KEEP ? c->line_len : LINE_KEEP - 1] = 0;
    if (c->status == 0) {
        c->status = line_starts(c, "HTTP/1.", 7) && c->line_len > 11 ? (uint16_t)atoi(c->line + 9) : 1;
    } else if (strncasecmp(c->line, "transfer-encoding:", 18) == 0) {
        c->chunked = strcasestr(c->line, "chunked") != NULL;
    } else if (c->line_len == 0) {
        if (c->status != 200) {
            conn_close(c);
            return;
        }
        c->state = CONN_OPEN;
        c->body = c->chunked ? BODY_SIZE : BODY_RAW;
        cl.up++;
        cl.connecting--;
        if (cl.on_open)
            cl.on_open(c);
    }
}

static void conn_bytes(struct conn *c, const char *p, const char *end) {
    while (p < end && c->state == CONN_HEAD) {
        bool whole;
        p = take_line(c, p, end, &whole);
        if (whole) {
            head_line(c);
            c->line_len = 0;
        }
    }
    if (c->state == CONN_OPEN)
        body_bytes(c, p, end);
}

static void conn_event(struct conn *c, uint32_t events) {
    if (c->state == CONN_CLOSED)
        return;
    if (c->state == CONN_CONNECTING) {
        if (events & (EPOLLERR | EPOLLHUP))
            conn_close(c);
        else
            conn_request(c);
        return;
    }
    ssize_t n = read(c->fd, inbox, sizeof inbox); /* what is left over shows up in the next turn */
    if (n > 0) {
        cl.now = now_ns();
        cl.bytes += (uint64_t)n;
        conn_bytes(c, inbox, inbox + n);
    } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
        conn_close(c);
    }
}

/* ---- the loop ---- */

void poll_for(uint64_t wait_ns) {
    struct epoll_event events[TURN_EVENTS];
    if (cl.on_turn) {
        uint64_t now = now_ns(), next = cl.on_turn(now);
        uint64_t left = next > now ? next - now : 0;
        wait_ns = left < wait_ns ? left : wait_ns;
    }
    struct timespec wait = {.tv_sec = (time_t)(wait_ns / NS_PER_S), .tv_nsec = (long)(wait_ns % NS_PER_S)};
    int n = epoll_pwait2(cl.epoll, events, TURN_EVENTS, &wait, NULL);
    if (n < 0 && errno != EINTR)
        die("sse_load: epoll");
    cl.now = now_ns();
    for (int i = 0; i < n; i++) {
        uint32_t who = events[i].data.u32;
        if (who & LANE_TAG)
            lanes_event(who & ~LANE_TAG);
        else
            conn_event(&cl.conn[who], events[i].events);
    }
}

void poll_until(uint64_t deadline_ns) {
    while (cl.now < deadline_ns)
        poll_for(deadline_ns - cl.now);
}

void clients_fill(void) {
    while (cl.opened < cl.count && cl.connecting < opt.in_flight)
        conn_open(&cl.conn[cl.opened++]);
}

bool clients_connect_all(double limit_s) {
    uint64_t deadline = now_ns() + (uint64_t)(limit_s * 1e9);
    while (cl.up < cl.count && cl.now < deadline && cl.failed == 0) {
        clients_fill();
        poll_for(100000000);
    }
    return cl.up == cl.count;
}

void clients_close(void) {
    for (int i = 0; i < cl.count; i++)
        if (cl.conn[i].state != CONN_FREE && cl.conn[i].state != CONN_CLOSED)
            close(cl.conn[i].fd);
}
