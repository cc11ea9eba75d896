/* Floor 5. Strict JSON on top of cJSON: one walk over the text refuses what cJSON lets pass (duplicate
 * keys, 01, 1e999, control characters, bad UTF-8, comments, trailing text, depth above 32) and keeps the
 * line of every value and the exact text of every number. */
#ifndef LUDD_JSON_H
#define LUDD_JSON_H

#include <cjson/cJSON.h>

#include "ludd/err.h"

struct json_doc;

/* Problems are reported as "name:line: sentence". NULL on error. `text` needs no final zero. */
struct json_doc *json_parse(const char *name, const char *text, size_t length,
			    struct problems *problems);
/* Reads a file of at most 1 MiB. */
struct json_doc *json_read(const char *file, struct problems *problems);
void json_free(struct json_doc *d);
const cJSON *json_root(const struct json_doc *d);
int json_line(const struct json_doc *d, const cJSON *item); /* line of the value (its key, in an object) */
const char *json_number_text(const struct json_doc *d, const cJSON *item); /* as written; NULL if no number */

#endif
