/* mcp_load: options and the choice of sub-command. What it is for stands in load.h. */
#define _GNU_SOURCE
#include "load.h"

#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct options opt; /* sse_util.c reads the pids from it */
struct mcp_options mcp = {.sessions = 32, .in_flight = 64, .every_ms = 500, .stream_url = -1, .seconds = 10, .warmup = 3,
                          .settle = 2, .timeout = 60, .kill_at = 10, .retry_ms = 100, .cuts = 10, .leaves = 5, .silent = 0.5, .sample = 60,
                          .tool = "echo",
                          .protocol = "2025-11-25", .run = "00000000"};

static const char usage_text[] =
    "usage: mcp_load calls|hold|follow|soak --url URL [--url URL ...] [options]\n"
    "  --url URL            MCP endpoint, 127.0.0.0/8 only; several: a session's requests go to them in turn\n"
    "  --sessions N         sessions (32)\n"
    "  --in-flight K        sessions being opened at a time (64)\n"
    "  --seconds S          calls: counted window; hold: time to hold; follow: time after the kill (10)\n"
    "  --timeout S          opening: give up after (60)\n"
    "  --protocol V         revision asked for (2025-11-25)\n"
    "  --run XXXXXXXX       8 characters that mark this run's calls\n"
    "  --pids P,P,..        server processes whose CPU and memory are read from /proc\n"
    "calls:\n"
    "  --tool NAME          echo or sleep10 (echo)\n"
    "  --rate R             calls a second over all sessions; 0: as fast as answers come (0)\n"
    "  --warmup S           calling before the counted window (3)\n"
    "  --streams            every session has a GET stream open too\n"
    "hold, soak:\n"
    "  --settle S           pause before holding; soak: before all leave (2)\n"
    "follow:\n"
    "  --every-ms M         one event a stream every M ms (500)\n"
    "  --kill-at S          follow so long before the kill (10)\n"
    "  --kill-pid P         SIGKILL this process then; none: nothing is killed\n"
    "  --kill-url K         which of the URLs that process serves, from 0 (0)\n"
    "  --stream-url K       where all streams are opened first; none: in turn, as with other requests\n"
    "  --retry-ms M         wait before asking for a cut stream again (100)\n"
    "soak: every stream carries numbered events (--every-ms), some sessions call echo (--rate), and meanwhile\n"
    "  --cuts R             streams cut a second, which ask for the rest at the next URL (10)\n"
    "  --leaves R           sessions that leave a second, a new one comes for each (5)\n"
    "  --silent P           with this probability one leaves without a DELETE (0.5)\n"
    "  --sample S           a line of JSON every S seconds, before that of the end (60)\n"
    "One line of JSON goes to standard output.\n";

static void number_option(int key, double value) {
    switch (key) {
    case 'n': mcp.sessions = (int)value; break;
    case 'k': mcp.in_flight = (int)value; break;
    case 's': mcp.seconds = value; break;
    case 'T': mcp.timeout = value; break;
    case 'r': mcp.rate = value; break;
    case 'w': mcp.warmup = value; break;
    case 't': mcp.settle = value; break;
    case 'e': mcp.every_ms = (int)value; break;
    case 'K': mcp.kill_at = value; break;
    case 'D': mcp.kill_pid = (int)value; break;
    case 'U': mcp.kill_url = (int)value; break;
    case 'G': mcp.stream_url = (int)value; break;
    case 'y': mcp.retry_ms = value; break;
    case 'C': mcp.cuts = value; break;
    case 'L': mcp.leaves = value; break;
    case 'S': mcp.silent = value; break;
    case 'E': mcp.sample = value; break;
    default: exit(2);
    }
}

static void text_option(int key, char *value) {
    switch (key) {
    case 'u':
        if (mcp.url_count == MAX_URLS)
            bad("too many", "--url");
        target_parse(value, &mcp.url[mcp.url_count++]);
        break;
    case 'o': snprintf(mcp.tool, sizeof mcp.tool, "%s", value); break;
    case 'v': snprintf(mcp.protocol, sizeof mcp.protocol, "%s", value); break;
    case 'R': snprintf(mcp.run, sizeof mcp.run, "%s", value); break;
    case 'P': pids_parse(value); break;
    case 'g': mcp.streams = true; break;
    case 'h': fputs(usage_text, stdout); exit(0);
    default: number_option(key, value ? atof(value) : 0);
    }
}

static void parse_options(int argc, char **argv) {
    static const struct option known[] = {
        {"url", 1, 0, 'u'},      {"sessions", 1, 0, 'n'}, {"in-flight", 1, 0, 'k'}, {"seconds", 1, 0, 's'},
        {"timeout", 1, 0, 'T'},  {"protocol", 1, 0, 'v'}, {"run", 1, 0, 'R'},       {"pids", 1, 0, 'P'},
        {"tool", 1, 0, 'o'},     {"rate", 1, 0, 'r'},     {"warmup", 1, 0, 'w'},    {"streams", 0, 0, 'g'},
        {"settle", 1, 0, 't'},   {"every-ms", 1, 0, 'e'}, {"kill-at", 1, 0, 'K'},   {"kill-pid", 1, 0, 'D'},
        {"kill-url", 1, 0, 'U'}, {"retry-ms", 1, 0, 'y'}, {"stream-url", 1, 0, 'G'}, {"help", 0, 0, 'h'},
        {"cuts", 1, 0, 'C'},     {"leaves", 1, 0, 'L'},   {"silent", 1, 0, 'S'},    {"sample", 1, 0, 'E'},
        {0, 0, 0, 0}};
    int key;
    while ((key = getopt_long(argc, argv, "", known, NULL)) != -1)
        text_option(key, optarg);
    if (mcp.url_count == 0)
        bad("missing", "--url (see --help)");
    if (mcp.sessions < 1 || mcp.in_flight < 1 || mcp.every_ms < 1 || mcp.rate < 0 ||
        mcp.stream_url >= mcp.url_count)
        bad("out of range", "--sessions, --in-flight, --every-ms, --rate or --stream-url");
}

int main(int argc, char **argv) {
    const char *mode = argc > 1 ? argv[1] : "--help";
    if (strcmp(mode, "--help") == 0) {
        fputs(usage_text, stdout);
        return 0;
    }
    parse_options(argc - 1, argv + 1);
    signal(SIGPIPE, SIG_IGN);
    bool soak = strcmp(mode, "soak") == 0; /* the only one that keeps no connection but the streams */
    file_limit_raise(soak ? mcp.sessions + mcp.in_flight * 8 + 256 : mcp.sessions * (mcp.url_count + 2) + 64);
    alarm((unsigned)(mcp.seconds + mcp.warmup + mcp.settle + mcp.timeout + mcp.kill_at) + 300); /* never runs on for ever */
    if (strcmp(mode, "calls") == 0)
        return run_calls();
    if (strcmp(mode, "hold") == 0)
        return run_hold();
    if (strcmp(mode, "follow") == 0)
        return run_follow();
    if (soak)
        return run_soak();
    bad("unknown sub-command", mode);
}
