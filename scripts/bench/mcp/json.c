/* See json.h. Malformed text gives an absent value, never a read past the end. */
#include "json.h"

#include <stdlib.h>
#include <string.h>

static const char *skip_blank(const char *p, const char *end) {
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
        p++;
    return p;
}

static const char *skip_string(const char *p, const char *end) {
    for (p++; p < end && *p != '"'; p++)
        if (*p == '\\')
            p++;
    return p < end ? p + 1 : NULL;
}

static const char *skip_nested(const char *p, const char *end) {
    int depth = 0;
    while (p && p < end) {
        if (*p == '"') {
            p = skip_string(p, end);
            continue;
        }
        if (*p == '{' || *p == '[')
            depth++;
        if ((*p == '}' || *p == ']') && --depth == 0)
            return p + 1;
        p++;
    }
    return NULL;
}

static const char *skip_value(const char *p, const char *end) {
    if (p >= end)
        return NULL;
    if (*p == '"')
        return skip_string(p, end);
    if (*p == '{' || *p == '[')
        return skip_nested(p, end);
    while (p < end && !strchr(",}] \t\r\n", *p))
        p++;
    return p;
}

struct span json_get(struct span object, const char *key) {
    struct span none = {NULL, 0};
    if (object.at == NULL)
        return none;
    const char *end = object.at + object.len, *p = skip_blank(object.at, end);
    size_t key_len = strlen(key);
    if (p == end || *p++ != '{')
        return none;
    for (;;) {
        const char *name = skip_blank(p, end), *after, *value;
        if (name == end || *name != '"' || (after = skip_string(name, end)) == NULL)
            return none;
        value = skip_blank(after, end);
        if (value == end || *value != ':')
            return none;
        value = skip_blank(value + 1, end);
        if ((p = skip_value(value, end)) == NULL)
            return none;
        if ((size_t)(after - name) == key_len + 2 && memcmp(name + 1, key, key_len) == 0)
            return (struct span){value, (size_t)(p - value)};
        p = skip_blank(p, end);
        if (p == end || *p++ != ',')
            return none;
    }
}

struct span json_first(struct span array) {
    struct span none = {NULL, 0};
    if (array.len < 2 || array.at[0] != '[')
        return none;
    const char *end = array.at + array.len, *value = skip_blank(array.at + 1, end), *after = skip_value(value, end);
    return after && after > value ? (struct span){value, (size_t)(after - value)} : none;
}

bool json_is(struct span value, const char *raw) {
    return value.at && value.len == strlen(raw) && memcmp(value.at, raw, value.len) == 0;
}

bool json_copy(struct span string, char *out, size_t room) {
    if (string.len < 2 || string.at[0] != '"' || string.len - 1 > room)
        return false;
    memcpy(out, string.at + 1, string.len - 2);
    out[string.len - 2] = 0;
    return true;
}

long json_long(struct span number, long otherwise) {
    char text[24];
    if (number.at == NULL || number.len >= sizeof text)
        return otherwise;
    memcpy(text, number.at, number.len);
    text[number.len] = 0;
    char *end;
    long value = strtol(text, &end, 10);
    return *end == 0 && end != text ? value : otherwise;
}
