/* What every command needs: options, their errors, lists of problems. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ludd/commands.h"

enum { OPTIONS = 64 };

int usage_error(const char *command, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fprintf(stderr, "ludd %s: ", command);
	vfprintf(stderr, format, args);
	fprintf(stderr, " (try 'ludd %s --help')\n", command);
	va_end(args);
	return EXIT_USAGE;
}

static void unknown_option(const char *command, const char *given, const struct option *longs)
{
	const char *names[OPTIONS], *near;
	char name[100];
	int count = 0, alike = 0;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(given + 2, "="), given + 2);
	for (const struct option *o = longs; o->name && count < OPTIONS; o++) {
		alike += *name && !strncmp(o->name, name, strlen(name));
		names[count++] = o->name;
	}
	near = nearest_word(name, names, count);
	if (alike > 1)
		usage_error(command, "--%s could mean %d options; write it in full", name, alike);
	else if (near)
		usage_error(command, "--%s: no such option (did you mean --%s?)", name, near);
	else
		usage_error(command, "--%s: no such option", name);
}

int option_next(int argc, char **argv, const char *shorts, const struct option *longs)
{
	opterr = 0;
	int option = getopt_long(argc, argv, shorts, longs, NULL);
	const char *given = argv[optind - 1];
	if (option == ':') {
		usage_error(argv[0], "%s needs a value", given);
		return '?';
	}
	if (option == '?' && !optopt)
		unknown_option(argv[0], given, longs);
	else if (option == '?' && !strncmp(given, "--", 2))
		usage_error(argv[0], "%.*s takes no value", (int)strcspn(given, "="), given);
	else if (option == '?')
		usage_error(argv[0], "-%c: no such option", optopt);
	return option;
}

bool option_whole(const char *command, const char *option, const char *text, int64_t low,
		  int64_t high, int64_t *value)
{
	char *end;
	errno = 0;
	long long number = strtoll(text, &end, 10);
	*value = number;
	if (isdigit((unsigned char)text[0]) && !*end && !errno && number >= low && number <= high)
		return true;
	usage_error(command, "%s %s: must be a whole number from %lld to %lld", option, text,
		    (long long)low, (long long)high);
	return false;
}

const char *operand_only(int argc, char **argv, const char *what)
{
	if (optind == argc - 1)
		return argv[optind];
	if (optind >= argc)
		usage_error(argv[0], "%s is missing", what);
	else
		usage_error(argv[0], "'%s' is one operand too many; there is one %s",
			    argv[optind + 1], what);
	return NULL;
}

bool change_take(const char *command, int option, struct changes *c)
{
	struct overrides *o = &c->overrides;
	switch (option) {
	case 'S': o->seed = optarg; return true;
	case 'R':
		return option_whole(command, "--replicates", optarg, 1, RUNS_MOST, &o->replicates);
	case 'T': return option_whole(command, "--ticks", optarg, 1, TICKS_MOST, &o->ticks);
	case 's':
		if (o->set_count == LENGTH(c->set))
			return usage_error(command, "more than %d times --set", LENGTH(c->set)),
			       false;
		c->set[o->set_count++] = optarg;
		return true;
	default: return false;
	}
}

struct experiment *experiment_take(const char *file, struct changes *c, int *code)
{
	static const struct overrides none = {0};
	struct problems problems = {0};
	if (c)
		c->overrides.set = c->set;
	struct experiment *x = experiment_read(file, c ? &c->overrides : &none, &problems);
	*code = c || !x ? problems_print(&problems) : EXIT_DONE;
	problems_free(&problems);
	return x;
}

char *command_line_text(int argc, char **argv)
{
	struct text t = {0};
	text_add(&t, "ludd");
	for (int i = 0; i < argc; i++)
		text_add(&t, " %s", argv[i]);
	return t.s;
}

int problems_print(const struct problems *p)
{
	for (int i = 0; i < p->count; i++)
		fprintf(stderr, "%s%s\n", p->items[i].warning ? "warning: " : "", p->items[i].text);
	return p->errors ? EXIT_USAGE : EXIT_DONE;
}

int err_print(const struct err *e)
{
	fprintf(stderr, "ludd: %s\n", e->text);
	return (int)e->code;
}
