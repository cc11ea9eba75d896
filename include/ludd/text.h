/* Floor 0. A text that grows as it is written, and the quoting JSON wants. */
#ifndef LUDD_TEXT_H
#define LUDD_TEXT_H

#include <stdarg.h>

#include "ludd/base.h"

struct text { /* {0} is an empty text */
	char *s; /* NULL while nothing was added; ends with a zero */
	size_t length, room;
};

void text_add(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_add_list(struct text *t, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));
void text_bytes(struct text *t, const void *bytes, size_t length); /* as they are */
void text_quote(struct text *t, const char *s); /* as a JSON string, quotes included */
void text_free(struct text *t);

#endif
