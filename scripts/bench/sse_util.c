/* Clock, latency histogram, what /proc says about the server processes, and option values both generators know. */
#define _GNU_SOURCE
#include "sse_load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

double seconds_since(uint64_t start_ns) {
    return (double)(now_ns() - start_ns) / NS_PER_S;
}

void die(const char *what) {
    perror(what);
    exit(2);
}

/* Values under 128 have a bucket each; above, the leading 8 bits choose the bucket. */
static unsigned bucket_of(uint64_t v) {
    if (v < 128)
        return (unsigned)v;
    unsigned shift = 63u - (unsigned)__builtin_clzll(v) - 7u;
    return shift * 128 + (unsigned)(v >> shift);
}

static uint64_t bucket_value(unsigned bucket) {
    if (bucket < 128)
        return bucket;
    unsigned shift = bucket / 128 - 1;
    return (uint64_t)(128 + bucket % 128) << shift;
}

void hist_add(struct hist *h, uint64_t ns) {
    h->count[bucket_of(ns)]++;
    h->total++;
    if (ns > h->max)
        h->max = ns;
}

double hist_ms(const struct hist *h, double quantile) {
    if (quantile >= 1.0)
        return (double)h->max / 1e6;
    uint64_t want = (uint64_t)((double)h->total * quantile) + 1, seen = 0;
    for (unsigned b = 0; b < HIST_BUCKETS && h->total > 0; b++) {
        seen += h->count[b];
        if (seen >= want)
            return (double)bucket_value(b) / 1e6;
    }
    return (double)h->max / 1e6;
}

static double clock_s(clockid_t clock) {
    struct timespec t;
    return clock_gettime(clock, &t) == 0 ? (double)t.tv_sec + (double)t.tv_nsec / 1e9 : 0.0;
}

double own_cpu_s(void) {
    return clock_s(CLOCK_PROCESS_CPUTIME_ID);
}

/* utime and stime are fields 14 and 15; the command name before them may hold blanks, so start after its bracket. */
static void read_stat(int pid, struct usage *u) {
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *f = fopen(path, "r");
    if (f == NULL)
        return;
    size_t n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[n] = 0;
    char *after = strrchr(text, ')');
    unsigned long user, sys;
    if (after && sscanf(after + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &sys) == 2) {
        u->user_s = (double)user / (double)sysconf(_SC_CLK_TCK);
        u->sys_s = (double)sys / (double)sysconf(_SC_CLK_TCK);
    }
}

static void read_rss(int pid, struct usage *u) {
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    FILE *f = fopen(path, "r");
    if (f == NULL)
        return;
    while (fgets(line, sizeof line, f))
        if (sscanf(line, "VmRSS: %ld", &u->rss_kb) == 1)
            break;
    fclose(f);
}

/*
 * utime and stime move in steps of 10 ms, too coarse for a window that costs 0.2 s. The process CPU clock is the
 * same account (all threads, also ended ones) in nanoseconds, so the sum comes from it and the split from /proc.
 */
void usage_read(struct usage out[MAX_PIDS]) {
    memset(out, 0, sizeof(struct usage) * MAX_PIDS);
    for (int i = 0; i < opt.pid_count; i++) {
        clockid_t clock;
        read_stat(opt.pids[i], &out[i]);
        read_rss(opt.pids[i], &out[i]);
        if (clock_getcpuclockid(opt.pids[i], &clock) == 0)
            out[i].cpu_s = clock_s(clock);
        else
            out[i].cpu_s = out[i].user_s + out[i].sys_s;
    }
}

void usage_json(const struct usage from[MAX_PIDS], const struct usage to[MAX_PIDS]) {
    double sum = 0;
    for (int i = 0; i < opt.pid_count; i++)
        sum += to[i].cpu_s - from[i].cpu_s;
    printf("\"server_cpu_s\": %.6f, \"pids\": [", sum);
    for (int i = 0; i < opt.pid_count; i++)
        printf("%s{\"pid\": %d, \"cpu_s\": %.6f, \"user_s\": %.2f, \"sys_s\": %.2f, \"rss_kb\": %ld}",
               i ? ", " : "", opt.pids[i], to[i].cpu_s - from[i].cpu_s, to[i].user_s - from[i].user_s,
               to[i].sys_s - from[i].sys_s, to[i].rss_kb);
    printf("]");
}

void bad(const char *why, const char *value) {
    fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, why, value);
    exit(2);
}

void target_parse(const char *text, struct target *t) {
    struct in_addr a;
    if (strncmp(text, "http://", 7) == 0)
        text += 7;
    if (sscanf(text, "%63[^:]:%d%511s", t->host, &t->port, t->path) != 3 || t->path[0] != '/')
        bad("not HOST:PORT/PATH", text);
    if (inet_pton(AF_INET, t->host, &a) != 1 || (ntohl(a.s_addr) >> 24) != 127)
        bad("load goes to 127.0.0.0/8 only", t->host);
}

void pids_parse(char *text) {
    for (char *p = strtok(text, ","); p && opt.pid_count < MAX_PIDS; p = strtok(NULL, ","))
        opt.pids[opt.pid_count++] = atoi(p);
}

void file_limit_raise(int needed) {
    struct rlimit r;
    getrlimit(RLIMIT_NOFILE, &r);
    if (r.rlim_cur >= (rlim_t)needed)
        return;
    if (r.rlim_max < (rlim_t)needed)
        r.rlim_max = (rlim_t)needed; /* works for root only */
    r.rlim_cur = r.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &r) != 0)
        bad("not enough open files allowed for so many connections", "raise ulimit -n");
}
