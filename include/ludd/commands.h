/* Floor 6. The commands of the program and what they share. Only they and main.c print or exit. */
#ifndef LUDD_COMMANDS_H
#define LUDD_COMMANDS_H

#include <getopt.h>

#include "ludd/err.h"

/* Each takes its own name as argv[0] and returns the exit code. */
struct command {
	const char *name;
	int (*main)(int argc, char **argv);
	const char *doc;
};
int cmd_run(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_sensitivity(int argc, char **argv);
int cmd_params(int argc, char **argv);
int cmd_metrics(int argc, char **argv);
int cmd_policies(int argc, char **argv);
int cmd_schema(int argc, char **argv);
int cmd_bench(int argc, char **argv);

/* Prints "ludd COMMAND: sentence (try 'ludd COMMAND --help')" and returns EXIT_USAGE. */
int usage_error(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* getopt_long with messages of our own: '?' after one was printed. Begin `shorts` with ':'. */
int option_next(int argc, char **argv, const char *shorts, const struct option *longs);
/* A whole number given to an option; false after a message. */
bool option_whole(const char *command, const char *option, const char *text, int64_t low,
		  int64_t high, int64_t *value);
/* The one operand that is left after the options; NULL after a message. */
const char *operand_only(int argc, char **argv, const char *what);
/* Lists to stderr, warnings marked; the exit code for them: EXIT_USAGE if there are errors. */
int problems_print(const struct problems *p);
/* Prints "ludd: sentence" and returns the code. */
int err_print(const struct err *e);

#endif
