/* Floor 5. Strict JSON on top of cJSON: one walk over the text refuses what cJSON lets pass
 * (duplicate keys, 01, 1e999, control characters, bad UTF-8, comments, trailing text, depth above
 * 32) and keeps the line of every value and the exact text of every number. */
#ifndef LUDD_JSON_H
#define LUDD_JSON_H

#include <cjson/cJSON.h>

#include "ludd/err.h"

struct json_doc;

enum { JSON_DEPTH = 32, JSON_SIZE = 1 << 20 }; /* deepest nesting; most bytes */

/* Problems are reported as "name:line: sentence", lines counted from first_line; first_line 0 means
 * that the text has no lines (an option): "name: sentence". NULL on error. `text` needs no final
 * zero. */
struct json_doc *json_parse(const char *name, const char *text, size_t length, int first_line,
			    struct problems *problems);
/* Reads a file of at most 1 MiB. */
struct json_doc *json_read(const char *file, struct problems *problems);
void json_free(struct json_doc *d);
const cJSON *json_root(const struct json_doc *d);
const char *json_name(const struct json_doc *d); /* as given to json_parse or json_read */
/* Line of the value; in an object, of its key. */
int json_line(const struct json_doc *d, const cJSON *item);
/* The number as written; NULL if it is none. */
const char *json_number_text(const struct json_doc *d, const cJSON *item);
const char *json_kind(const cJSON *item); /* "a number", "an object" ... */

#endif
