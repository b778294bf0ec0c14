/* Just enough JSON to find one value: no tree, no copies, a span is a stretch of the bytes it was found in. */
#ifndef MCP_JSON_H
#define MCP_JSON_H

#include <stdbool.h>
#include <stddef.h>

struct span {
    const char *at; /* NULL: there is no such value */
    size_t len;
};

struct span json_get(struct span object, const char *key); /* the raw value, strings with their quotes */
struct span json_first(struct span array);
bool json_is(struct span value, const char *raw);          /* the value is exactly these bytes */
bool json_copy(struct span string, char *out, size_t room); /* without the quotes; escapes stay; false if not a string */
long json_long(struct span number, long otherwise);

#endif
