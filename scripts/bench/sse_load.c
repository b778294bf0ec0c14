/* sse_load: options and the choice of sub-command. What it is for stands in sse_load.h. */
#include "sse_load.h"

#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct options opt = {.subs = 1000, .channels = 1, .in_flight = 256, .pub_conns = 1, .events = 1000, .rate = 100,
                      .seconds = 10, .warmup = 3, .settle = 1, .timeout = 30, .run = "00000000", .first = -1, .cut_every = 5,
                      .away_ms = 500, .elsewhere = 0.5, .pub_type = "text/plain", .pub_body = "{}"};

static const char usage_text[] =
    "usage: sse_load fanout|idle|connect|replay|churn --sub HOST:PORT/PATH [options]\n"
    "  --sub URL            where subscribers connect (127.0.0.0/8 only); {n} in the path: number modulo --channels;\n"
    "                       several: clients connect to them in turn, and in churn come back to others\n"
    "  --pub URL            fanout, churn: where events are posted\n"
    "  --subs N             connections (1000)\n"
    "  --channels N         see --sub (1)\n"
    "  --in-flight K        connections being opened at a time (256)\n"
    "  --pub-type T         content type of what is posted (text/plain)\n"
    "  --pub-head H         one more header of it, \"Name: value\" (none)\n"
    "  --pub-body B         what is posted, {} in it is the payload ({})\n"
    "  --pub-conns K        fanout, churn: publishing keep-alive connections, at most 16 (1)\n"
    "  --rate R             fanout, churn: events a second over all of them (100)\n"
    "  --seconds S          fanout, churn: counted window; idle and connect: time to hold (10)\n"
    "  --warmup S           fanout: publishing before the counted window (3)\n"
    "  --settle S           fanout, idle: pause after connecting (1)\n"
    "  --timeout S          connecting, replay: give up after (30)\n"
    "  --events M           replay: events every client must get (1000)\n"
    "  --first N            replay: number of the first one (that of the first seen)\n"
    "  --last-event-id ID   header sent by subscribers\n"
    "  --cut-every S        churn: each client is cut once in S seconds, on average; 0: never (5)\n"
    "  --away-ms M          churn: and asks again after up to M ms (500)\n"
    "  --elsewhere P        churn: with this probability at another of the URLs (0.5)\n"
    "  --sample S           churn: a line of JSON every S seconds, before that of the end (none)\n"
    "  --run XXXXXXXX       8 characters that mark this run's payloads\n"
    "  --pids P,P,..        server processes whose CPU and memory are read from /proc\n"
    "One line of JSON goes to standard output.\n";

static void parse_option(int key, char *value) {
    switch (key) {
    case 's':
        if (opt.sub_count == MAX_TARGETS)
            bad("too many", "--sub");
        target_parse(value, &opt.sub[opt.sub_count++]);
        break;
    case 'p': target_parse(value, &opt.pub); break;
    case 'n': opt.subs = atoi(value); break;
    case 'c': opt.channels = atoi(value); break;
    case 'k': opt.in_flight = atoi(value); break;
    case 'l': opt.pub_conns = atoi(value); break;
    case 'r': opt.rate = atof(value); break;
    case 'S': opt.seconds = atof(value); break;
    case 'w': opt.warmup = atof(value); break;
    case 't': opt.settle = atof(value); break;
    case 'T': opt.timeout = atof(value); break;
    case 'm': opt.events = atoi(value); break;
    case 'f': opt.first = atol(value); break;
    case 'y': snprintf(opt.pub_type, sizeof opt.pub_type, "%s", value); break;
    case 'H': snprintf(opt.pub_head, sizeof opt.pub_head, "%s\r\n", value); break;
    case 'b': snprintf(opt.pub_body, sizeof opt.pub_body, "%s", value); break;
    case 'C': opt.cut_every = atof(value); break;
    case 'A': opt.away_ms = atof(value); break;
    case 'E': opt.elsewhere = atof(value); break;
    case 'e': opt.sample = atof(value); break;
    case 'i': snprintf(opt.last_event_id, sizeof opt.last_event_id, "%s", value); break;
    case 'R':
        if (strlen(value) != 8)
            bad("--run needs 8 characters", value);
        memcpy(opt.run, value, 8);
        break;
    case 'P': pids_parse(value); break;
    case 'h': fputs(usage_text, stdout); exit(0);
    default: exit(2);
    }
}

static void parse_options(int argc, char **argv) {
    static const struct option known[] = {
        {"sub", 1, 0, 's'},       {"pub", 1, 0, 'p'},           {"subs", 1, 0, 'n'},    {"channels", 1, 0, 'c'},
        {"in-flight", 1, 0, 'k'}, {"pub-conns", 1, 0, 'l'},     {"rate", 1, 0, 'r'},    {"seconds", 1, 0, 'S'},
        {"warmup", 1, 0, 'w'},    {"settle", 1, 0, 't'},        {"timeout", 1, 0, 'T'}, {"events", 1, 0, 'm'},
        {"first", 1, 0, 'f'},     {"last-event-id", 1, 0, 'i'}, {"run", 1, 0, 'R'},     {"pids", 1, 0, 'P'},
        {"cut-every", 1, 0, 'C'}, {"away-ms", 1, 0, 'A'},       {"elsewhere", 1, 0, 'E'}, {"sample", 1, 0, 'e'},
        {"pub-type", 1, 0, 'y'},  {"pub-head", 1, 0, 'H'},      {"pub-body", 1, 0, 'b'},  {"help", 0, 0, 'h'},
        {0, 0, 0, 0}};
    int key;
    while ((key = getopt_long(argc, argv, "", known, NULL)) != -1)
        parse_option(key, optarg);
    if (opt.sub_count == 0)
        bad("missing", "--sub (see --help)");
    if (opt.subs < 0 || opt.channels < 1 || opt.in_flight < 1 || opt.rate <= 0 || opt.events < 1)
        bad("out of range", "--subs, --channels, --in-flight, --rate or --events");
    if (strstr(opt.pub_body, "{}") == NULL)
        bad("no {} in it", "--pub-body");
    if (opt.pub_conns < 1 || opt.pub_conns > MAX_LANES)
        bad("out of range", "--pub-conns");
}

int main(int argc, char **argv) {
    const char *mode = argc > 1 ? argv[1] : "--help";
    if (strcmp(mode, "--help") == 0) {
        fputs(usage_text, stdout);
        return 0;
    }
    parse_options(argc - 1, argv + 1);
    signal(SIGPIPE, SIG_IGN);
    file_limit_raise(opt.subs + 64);
    alarm((unsigned)(opt.seconds + opt.warmup + opt.settle + opt.timeout) + 180); /* never runs on for ever */
    bool churn = strcmp(mode, "churn") == 0;
    if (churn || strcmp(mode, "fanout") == 0) {
        if (opt.pub.port == 0)
            bad("missing", "--pub (see --help)");
        return churn ? run_churn() : run_fanout();
    }
    if (strcmp(mode, "idle") == 0)
        return run_idle();
    if (strcmp(mode, "connect") == 0)
        return run_connect();
    if (strcmp(mode, "replay") == 0)
        return run_replay();
    bad("unknown sub-command", mode);
}
