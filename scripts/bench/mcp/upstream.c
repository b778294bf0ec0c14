/* mcp_upstream: start, the queue of late answers, stdio. What it is for stands in upstream.h. */
#define _GNU_SOURCE
#include "upstream.h"

#include "../sse_load.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct options opt; /* sse_util.c wants it */

/* ---- late answers: all are late by the same time, so the queue is in order of their due times ---- */

#define LATE 65536

static struct late {
    uint64_t due;
    uint32_t who, generation;
    size_t len;
    char *answer;
} late[LATE];
static uint32_t late_head, late_tail;

void later_add(uint32_t who, uint32_t generation, const char *answer, size_t len) {
    struct late *l = &late[late_tail++ % LATE];
    if (late_tail - late_head > LATE || (l->answer = malloc(len)) == NULL)
        die("mcp_upstream: too many late answers");
    memcpy(l->answer, answer, len);
    l->due = now_ns() + SLEEP_NS;
    l->who = who;
    l->generation = generation;
    l->len = len;
}

uint64_t later_next(void) {
    return late_head == late_tail ? UINT64_MAX : late[late_head % LATE].due;
}

void later_send(uint64_t now, void (*send)(uint32_t, uint32_t, const char *, size_t)) {
    while (later_next() <= now) {
        struct late *l = &late[late_head++ % LATE];
        send(l->who, l->generation, l->answer, l->len);
        free(l->answer);
    }
}

/* ---- stdio: one message a line ---- */

static void print(uint32_t who, uint32_t generation, const char *answer, size_t len) {
    (void)who, (void)generation;
    fwrite(answer, 1, len, stdout);
    fputc('\n', stdout);
}

static void take_line(const char *line, size_t len) {
    char answer[ANSWER_ROOM];
    struct asked asked;
    size_t answer_len;
    enum verdict verdict = tools_answer((struct span){line, len}, answer, &answer_len, &asked);
    if (verdict == SAY)
        print(0, 0, answer, answer_len);
    else if (verdict == SAY_LATER)
        later_add(0, 0, answer, answer_len);
}

static void serve_stdio(void) {
    static char in[1 << 20];
    size_t got = 0;
    for (;;) {
        struct pollfd ready = {.fd = 0, .events = POLLIN};
        uint64_t now = now_ns(), next = later_next();
        struct timespec wait = {.tv_nsec = (long)(next > now ? next - now : 0)}; /* never a second */
        if (ppoll(&ready, 1, next == UINT64_MAX ? NULL : &wait, NULL) > 0) {
            ssize_t n = read(0, in + got, sizeof in - got);
            if (n <= 0 && errno != EINTR)
                return;
            got += n > 0 ? (size_t)n : 0;
        }
        char *line = in, *lf;
        while ((lf = memchr(line, '\n', got - (size_t)(line - in))) != NULL) {
            take_line(line, (size_t)(lf - line));
            line = lf + 1;
        }
        got -= (size_t)(line - in);
        memmove(in, line, got);
        later_send(now_ns(), print);
        fflush(stdout);
    }
}

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN);
    if (argc == 2 && strcmp(argv[1], "stdio") == 0) {
        serve_stdio();
    } else if (argc == 3 && strcmp(argv[1], "http") == 0) {
        serve_http(atoi(argv[2]));
    } else {
        fprintf(stderr, "usage: mcp_upstream stdio | http PORT (127.0.0.1, path /mcp; GET /stats)\n");
        return 2;
    }
    return 0;
}
