/* Private to json.c: the walk over a JSON text (RFC 8259, with limits) that finds what is wrong
 * with it and where each value begins. */
#ifndef LUDD_SCAN_H
#define LUDD_SCAN_H

#include "ludd/err.h"

struct scan {
	const char *name; /* of the text, for messages */
	char *text;       /* own copy, ends with a zero */
	size_t length, at;
	int line, depth;
	bool lines; /* false: messages name no line */
	struct scan_value {
		size_t start, end; /* of its text */
		int line;          /* where it begins; in an object, its key; 0 without lines */
		bool number;
	} *values; /* in the order they begin */
	int count;
	struct problems *problems;
};

/* False after the first mistake, which is reported. */
bool scan_text(struct scan *s, const char *name, const char *text, size_t length, int first_line,
	       struct problems *problems);
void scan_cut_numbers(struct scan *s); /* ends each number in `text` with a zero */
void scan_free(struct scan *s);
/* Adds "name:line: sentence"; control characters in it become '?'. */
void scan_report(const struct scan *s, int line, struct problems *problems, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
