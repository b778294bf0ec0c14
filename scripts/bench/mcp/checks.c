/* What has to come back: numbered events, each exactly the next one, and the text that went out with a call. */
#include "load.h"

#include <string.h>

struct numbers numbers;

void numbers_ask(struct session *s, struct numbered *stream) {
    char arguments[120];
    stream->next = 1;
    snprintf(arguments, sizeof arguments, "\"tag\":\"%s\",\"everyMs\":%d", stream->tag, mcp.every_ms);
    session_call(s, "follow", arguments);
}

enum number numbers_take(struct numbered *stream, struct span json, uint64_t *late) {
    char tag[64];
    struct span data = json_get(json_get(json, "params"), "data");
    long n = json_long(json_get(data, "n"), -1);
    uint64_t at = (uint64_t)json_long(json_get(data, "at"), 0);
    if (!json_copy(json_get(data, "tag"), tag, sizeof tag) || strcmp(tag, stream->tag) != 0 || n < 1) {
        numbers.foreign++;
        return NUMBER_FOREIGN;
    }
    numbers.received++;
    if (n < stream->next) {
        numbers.dup++;
        return NUMBER_AGAIN;
    }
    numbers.lost += (uint64_t)(n - stream->next);
    stream->next = n + 1;
    *late = loop_now > at ? loop_now - at : 0;
    return NUMBER_NEW;
}

static void text_of(const struct session *s, uint32_t number, char out[64]) {
    snprintf(out, 64, "b1 %s %05u %010u", mcp.run, s->index, number);
}

void echo_call(struct session *s, const char *tool) {
    char text[64], arguments[160];
    text_of(s, s->number + 1, text);
    snprintf(arguments, sizeof arguments, "\"text\":\"%s %-64s\"", text, "x");
    session_call(s, tool, arguments);
}

enum echo echo_take(const struct session *s, struct span json) {
    char wanted[64], text[256];
    struct span first = json_first(json_get(json_get(json, "result"), "content"));
    if (first.at == NULL)
        return ECHO_MISSING;
    text_of(s, s->number, wanted);
    bool same = json_copy(json_get(first, "text"), text, sizeof text) && strncmp(text, wanted, strlen(wanted)) == 0;
    return same ? ECHO_RIGHT : ECHO_WRONG;
}
