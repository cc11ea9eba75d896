/* Floor 0. A failure is a value: functions return 0 or a negative number and describe the failure
 * in a struct err; a struct problems collects many (an experiment file reports all at once). */
#ifndef LUDD_ERR_H
#define LUDD_ERR_H

#include "ludd/base.h"

enum exit_code { /* what the process returns; see ludd(1) */
	EXIT_DONE = 0,
	EXIT_RUN = 1,      /* a run failed */
	EXIT_USAGE = 2,    /* command line or experiment file */
	EXIT_RESOURCE = 3, /* out of memory or threads */
	EXIT_IO = 4,       /* input or output */
	EXIT_STOPPED = 75  /* stopped by a signal after a checkpoint */
};

struct err {
	enum exit_code code;
	char text[1024]; /* a sentence with place, value and remedy; "" = no error */
};

/* Sets code and text (printf form; e->text may be among the arguments); always returns -1, so that
 * `return err_set(...)` reads well. */
int err_set(struct err *e, enum exit_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

struct problems { /* errors and warnings, each a whole line without the newline */
	struct problem {
		char *text;
		bool warning;
	} *items;
	int count, errors;
};

void problem_add(struct problems *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
void warning_add(struct problems *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
void problems_free(struct problems *p);

/* The candidate nearest to `word` by edit distance, blind to case; NULL where none is near. */
const char *nearest_word(const char *word, const char *const *candidates, int count);

#endif
