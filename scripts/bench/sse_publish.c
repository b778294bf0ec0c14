/*
 * Publishers: --pub-conns keep-alive connections ("lanes"), one POST an event, never two under way on one lane.
 * Event number n always belongs to lane n % lanes, so order is defined within a lane and no queue is needed: a lane
 * only knows its next number, and a lane that is behind sends as soon as its previous answer is in.
 */
#define _GNU_SOURCE
#include "sse_load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <unistd.h>

struct lane {
    int fd;
    bool busy;
    uint32_t next;
    uint64_t sent;
    size_t got;
    char answer[4096];
};

struct publishing pub;
void (*publish_acked)(uint32_t number);
static struct lane lanes[MAX_LANES];
static char request[2048];
static size_t head_bytes, request_bytes; /* up to the payload, and in all */

static void lane_connect(uint32_t k) {
    struct lane *l = &lanes[k];
    struct epoll_event ev = {.events = EPOLLIN, .data.u32 = LANE_TAG | k};
    l->busy = false;
    l->got = 0;
    l->fd = socket_to(&opt.pub, 0, true);
    if (l->fd < 0 || epoll_ctl(cl.epoll, EPOLL_CTL_ADD, l->fd, &ev) != 0)
        die("sse_load: connect publisher");
}

void lanes_open(void) {
    const char *mark = strstr(opt.pub_body, "{}");
    int n = snprintf(request, sizeof request,
                     "POST %s HTTP/1.1\r\nHost: %s:%d\r\n%sContent-Type: %s\r\nContent-Length: %zu\r\n\r\n%.*s%*s%s",
                     opt.pub.path, opt.pub.host, opt.pub.port, opt.pub_head, opt.pub_type,
                     strlen(opt.pub_body) - 2 + BODY_BYTES, (int)(mark - opt.pub_body), opt.pub_body, BODY_BYTES, "",
                     mark + 2);
    request_bytes = (size_t)n;
    head_bytes = request_bytes - strlen(mark + 2) - BODY_BYTES;
    for (int k = 0; k < opt.pub_conns; k++)
        lane_connect((uint32_t)k);
}

/* The connection ended or cannot be trusted any more. The event under way counts as an error, even if it arrives. */
static void lane_broken(struct lane *l) {
    if (l->busy)
        pub.errors++;
    close(l->fd);
    lane_connect((uint32_t)(l - lanes));
}

/* The body is rewritten in place behind the fixed request head; take_payload in sse_client.c reads it. */
static void lane_send(struct lane *l, uint64_t due) {
    char text[64];
    l->sent = now_ns();
    int n = snprintf(text, sizeof text, "b1 %s %010u %020llu ", opt.run, l->next, (unsigned long long)l->sent);
    if (strstr(opt.pub_type, "urlencoded"))
        for (char *p = text; *p; p++)
            *p = *p == ' ' ? '+' : *p;
    memset(request + head_bytes, 'x', BODY_BYTES);
    memcpy(request + head_bytes, text, (size_t)n);
    hist_add(&pub.lag, l->sent - due);
    if (pub.first_sent == 0)
        pub.first_sent = l->sent;
    pub.last_sent = l->sent;
    l->busy = true;
    l->next += (uint32_t)opt.pub_conns;
    if (write(l->fd, request, request_bytes) != (ssize_t)request_bytes)
        lane_broken(l);
}

/* Length of a complete answer at the start of l->answer, 0 if more bytes must come. *status and *last are set. */
static size_t answer_length(struct lane *l, int *status, bool *last) {
    l->answer[l->got] = 0;
    char *body = strstr(l->answer, "\r\n\r\n");
    if (body == NULL)
        return 0;
    body[2] = 0; /* so that the searches below stay in the head */
    char *length = strcasestr(l->answer, "\r\ncontent-length:");
    bool chunked = strcasestr(l->answer, "\r\ntransfer-encoding: chunked") != NULL;
    *last = strcasestr(l->answer, "\r\nconnection: close") != NULL;
    *status = l->got > 12 ? atoi(l->answer + 9) : 0;
    body[2] = '\r';
    body += 4;
    size_t head = (size_t)(body - l->answer);
    if (chunked) {
        char *end = strstr(body, "0\r\n\r\n");
        return end ? (size_t)(end + 5 - l->answer) : 0;
    }
    size_t whole = head + (length ? (size_t)strtoul(length + 17, NULL, 10) : 0);
    return l->got >= whole ? whole : 0;
}

void lanes_event(uint32_t k) {
    struct lane *l = &lanes[k];
    ssize_t n = read(l->fd, l->answer + l->got, sizeof l->answer - 1 - l->got);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) { /* also when an answer is larger than the buffer */
        lane_broken(l);
        return;
    }
    l->got += (size_t)n;
    int status = 0;
    bool last = false;
    if (answer_length(l, &status, &last) == 0)
        return;
    if (status >= 200 && status < 300) {
        pub.published++;
        if (publish_acked)
            publish_acked(l->next - (uint32_t)opt.pub_conns);
    } else
        pub.errors++;
    hist_add(&pub.reply, now_ns() - l->sent);
    l->busy = false;
    l->got = 0;
    if (last)
        lane_broken(l);
}

/* Sends what is due and returns the time of the next thing to send, UINT64_MAX if every lane waits or is through. */
static uint64_t lanes_pump(uint64_t start, uint32_t first, uint32_t end) {
    uint64_t soonest = UINT64_MAX;
    for (int k = 0; k < opt.pub_conns; k++) {
        struct lane *l = &lanes[k];
        if (l->busy || l->next >= end)
            continue;
        uint64_t due = start + (uint64_t)((double)(l->next - first) * 1e9 / opt.rate);
        if (due <= now_ns())
            lane_send(l, due);
        else if (due < soonest)
            soonest = due;
    }
    return soonest;
}

static bool lanes_busy(void) {
    for (int k = 0; k < opt.pub_conns; k++)
        if (lanes[k].busy)
            return true;
    return false;
}

void publish_window(uint32_t first, double seconds) {
    uint32_t lane_count = (uint32_t)opt.pub_conns, end = first + (uint32_t)(opt.rate * seconds);
    memset(&pub, 0, sizeof pub);
    for (uint32_t n = first; n < first + lane_count; n++)
        lanes[n % lane_count].next = n;
    uint64_t start = now_ns(), stop = start + (uint64_t)(seconds * 1e9);
    while (now_ns() < stop) {
        uint64_t next = lanes_pump(start, first, end), now = now_ns();
        next = next < stop ? next : stop;
        poll_for(next > now ? next - now : 0);
    }
    for (uint64_t limit = stop + 5 * NS_PER_S; lanes_busy() && now_ns() < limit;)
        poll_for(10000000);
    for (uint32_t k = 0; k < lane_count; k++)
        if (lanes[k].busy)
            lane_broken(&lanes[k]);
}
