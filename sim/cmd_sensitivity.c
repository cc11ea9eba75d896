/* ludd sensitivity: which parameters of a finished sweep matter. */
#include <stdio.h>

#include "ludd/commands.h"
#include "ludd/mem.h"
#include "ludd/output_sensitivity.h"

static const char help[] =
"usage: ludd sensitivity DIR [--difference SCENARIO | --level SCENARIO] [--baseline SCENARIO]\n"
"                        [--metric NAME]... [--window NAME]... [--csv]\n\n"
"Ranks the parameters of a sweep with the method morris or saltelli by how much they move a\n"
"metric, with 95 % bootstrap intervals, from the files in DIR.\n\n"
"  --difference NAME  of this scenario less the baseline (default: every scenario)\n"
"  --level NAME       of this scenario's own values instead\n"
"  --baseline NAME    the scenario that is subtracted (default: the experiment's)\n"
"  --metric NAME      this metric (default: unemployment_rate); may be repeated\n"
"  --window NAME      only this window; may be repeated\n"
"  --csv              the columns of sensitivity.csv, as CSV\n";

enum { NAMES = 256 };

struct request {
	struct sensitivity_options options;
	const char *metrics[NAMES], *windows[NAMES];
	bool csv;
};

static const struct option longs[] = {
	{"help", no_argument, NULL, 'h'}, {"difference", required_argument, NULL, 'd'},
	{"level", required_argument, NULL, 'l'}, {"baseline", required_argument, NULL, 'b'},
	{"metric", required_argument, NULL, 'm'}, {"window", required_argument, NULL, 'w'},
	{"csv", no_argument, NULL, 'c'}, {0},
};

static bool name_append(const char *command, const char **names, int *count)
{
	if (*count == NAMES)
		return usage_error(command, "more than %d names", NAMES), false;
	names[(*count)++] = optarg;
	return true;
}

/* -1 to go on, else the exit code. */
static int options_read(int argc, char **argv, struct request *q)
{
	struct sensitivity_options *o = &q->options;
	int option;
	bool good = true;
	o->metrics = q->metrics;
	o->windows = q->windows;
	while (good && (option = option_next(argc, argv, ":h", longs)) != -1)
		switch (option) {
		case 'h': return fputs(help, stdout), EXIT_DONE;
		case 'd': o->difference = optarg; break;
		case 'l': o->level = optarg; break;
		case 'b': o->baseline = optarg; break;
		case 'm': good = name_append(argv[0], q->metrics, &o->metric_count); break;
		case 'w': good = name_append(argv[0], q->windows, &o->window_count); break;
		case 'c': q->csv = true; break;
		default: good = false;
		}
	if (good && o->difference && o->level)
		return usage_error(argv[0], "--difference and --level exclude each other");
	return good ? -1 : EXIT_USAGE;
}

int cmd_sensitivity(int argc, char **argv)
{
	struct request q = {0};
	struct overrides none = {0};
	struct problems problems = {0};
	struct err e = {0};
	const char *directory;
	int code = options_read(argc, argv, &q), failed;
	if (code >= 0)
		return code;
	directory = operand_only(argc, argv, "DIR");
	if (!directory)
		return EXIT_USAGE;
	char *file = mem_format("%s/experiment.json", directory);
	struct experiment *x = experiment_read(file, &none, &problems);
	mem_free(file);
	if (!x)
		code = problems_print(&problems);
	problems_free(&problems);
	if (!x)
		return code;
	failed = q.csv ? sensitivity_rows(x, directory, &q.options, stdout, &e)
		       : sensitivity_print(x, directory, &q.options, stdout, &e);
	experiment_free(x);
	return failed ? err_print(&e) : EXIT_DONE;
}
