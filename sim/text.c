#include "ludd/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ludd/mem.h"

static void text_reserve(struct text *t, size_t more)
{
	size_t wanted = t->length + more + 1;
	if (wanted <= t->room)
		return;
	t->room = wanted > 2 * t->room ? wanted : 2 * t->room;
	t->s = mem_resize(t->s, t->room, 1, "a text");
}

void text_add_list(struct text *t, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	if (length >= 0) {
		text_reserve(t, (size_t)length);
		vsnprintf(t->s + t->length, (size_t)length + 1, format, again);
		t->length += (size_t)length;
	}
	va_end(again);
}

void text_add(struct text *t, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	text_add_list(t, format, args);
	va_end(args);
}

void text_bytes(struct text *t, const void *bytes, size_t length)
{
	text_reserve(t, length);
	memcpy(t->s + t->length, bytes, length);
	t->length += length;
	t->s[t->length] = 0;
}

void text_quote(struct text *t, const char *s)
{
	text_add(t, "\"");
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		if (c == '"' || c == '\\')
			text_add(t, "\\%c", c);
		else if (c == '\n')
			text_add(t, "\\n");
		else if (c == '\t')
			text_add(t, "\\t");
		else if (c < 0x20)
			text_add(t, "\\u%04x", c);
		else
			text_add(t, "%c", c);
	}
	text_add(t, "\"");
}

void text_free(struct text *t)
{
	mem_free(t->s);
	*t = (struct text){0};
}
