/* The server's side of JSON-RPC: four methods, three tools. Values are passed on as they came, escapes and all. */
#include "upstream.h"

#include <stdio.h>
#include <string.h>

struct counters counters;

static const char tools_list[] =
    "{\"tools\":[{\"name\":\"echo\",\"description\":\"gives its text back\",\"annotations\":{\"readOnlyHint\":true},"
    "\"inputSchema\":{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\"}}}},"
    "{\"name\":\"sleep10\",\"description\":\"the same after 10 ms\","
    "\"inputSchema\":{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\"}}}},"
    "{\"name\":\"follow\",\"description\":\"numbers notifications\",\"inputSchema\":{\"type\":\"object\",\"properties\":"
    "{\"tag\":{\"type\":\"string\"},\"everyMs\":{\"type\":\"integer\"}}}}]}";

static size_t result(char *out, struct span id, const char *body, size_t len) {
    int n = snprintf(out, ANSWER_ROOM, "{\"jsonrpc\":\"2.0\",\"id\":%.*s,\"result\":", (int)id.len, id.at);
    if ((size_t)n + len + 2 > ANSWER_ROOM)
        return 0;
    memcpy(out + n, body, len);
    out[(size_t)n + len] = '}';
    return (size_t)n + len + 1;
}

static size_t error(char *out, struct span id, int code, const char *text) {
    return (size_t)snprintf(out, ANSWER_ROOM, "{\"jsonrpc\":\"2.0\",\"id\":%.*s,\"error\":{\"code\":%d,\"message\":\"%s\"}}",
                            (int)id.len, id.at, code, text);
}

static size_t initialize(char *out, struct span id, struct span params) {
    char body[400];
    struct span version = json_get(params, "protocolVersion");
    if (version.at == NULL || version.len > 24)
        version = (struct span){"\"2025-11-25\"", 12};
    int n = snprintf(body, sizeof body,
                     "{\"protocolVersion\":%.*s,\"capabilities\":{\"tools\":{},\"logging\":{}},"
                     "\"serverInfo\":{\"name\":\"bench-upstream\",\"version\":\"1\"}}",
                     (int)version.len, version.at);
    return result(out, id, body, (size_t)n);
}

static enum verdict call(struct span id, struct span params, char *out, size_t *len, struct asked *asked) {
    char body[ANSWER_ROOM - 256];
    struct span name = json_get(params, "name"), given = json_get(params, "arguments"), text = json_get(given, "text");
    bool late = json_is(name, "\"sleep10\""), follow = json_is(name, "\"follow\"");
    if (!late && !follow && !json_is(name, "\"echo\"")) {
        *len = error(out, id, -32602, "no such tool");
        return SAY;
    }
    if (follow && json_copy(json_get(given, "tag"), asked->tag, sizeof asked->tag))
        asked->follow_ms = json_long(json_get(given, "everyMs"), 1000);
    if (text.at == NULL || text.len > sizeof body - 100)
        text = (struct span){"\"\"", 2};
    *(late ? &counters.sleep10 : follow ? &counters.follow : &counters.echo) += 1;
    int n = snprintf(body, sizeof body, "{\"content\":[{\"type\":\"text\",\"text\":%.*s}]}", (int)text.len, text.at);
    *len = result(out, id, body, (size_t)n);
    return late ? SAY_LATER : SAY;
}

enum verdict tools_answer(struct span message, char *out, size_t *out_len, struct asked *asked) {
    struct span id = json_get(message, "id"), method = json_get(message, "method"), params = json_get(message, "params");
    *asked = (struct asked){0};
    *out_len = 0;
    if (id.at == NULL || method.at == NULL || id.len > 200)
        return ACCEPT;
    if (json_is(method, "\"tools/call\""))
        return call(id, params, out, out_len, asked);
    if (json_is(method, "\"initialize\"")) {
        asked->initialize = true;
        counters.initialize++;
        *out_len = initialize(out, id, params);
    } else if (json_is(method, "\"tools/list\"")) {
        *out_len = result(out, id, tools_list, sizeof tools_list - 1);
    } else if (json_is(method, "\"ping\"") || json_is(method, "\"logging/setLevel\"")) {
        *out_len = result(out, id, "{}", 2);
    } else {
        *out_len = error(out, id, -32601, "no such method");
    }
    return SAY;
}
