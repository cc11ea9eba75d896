/* ludd compare: paired differences between the scenarios of a finished experiment. */
#include <stdio.h>

#include "ludd/commands.h"
#include "ludd/output.h"

static const char help[] =
"usage: ludd compare DIR [--baseline SCENARIO] [--metric NAME]... [--window NAME]... [--csv]\n\n"
"Prints means and paired differences (same replicate, same seed) with 95 % intervals, from the\n"
"files in DIR.\n\n"
"  --baseline NAME  the scenario others are compared with (default: the experiment's)\n"
"  --metric NAME    only this metric; may be repeated\n"
"  --window NAME    only this window; may be repeated\n"
"  --csv            every column of compare.csv, as CSV\n";

enum { NAMES = 256 };

static const struct option longs[] = {
	{"help", no_argument, NULL, 'h'}, {"baseline", required_argument, NULL, 'b'},
	{"metric", required_argument, NULL, 'm'}, {"window", required_argument, NULL, 'w'},
	{"csv", no_argument, NULL, 'c'}, {0},
};

static bool name_append(const char *command, const char **names, int *count)
{
	if (*count == NAMES) {
		usage_error(command, "more than %d names", NAMES);
		return false;
	}
	names[(*count)++] = optarg;
	return true;
}

int cmd_compare(int argc, char **argv)
{
	const char *metrics[NAMES], *windows[NAMES], *directory;
	struct compare_options o = {.metrics = metrics, .windows = windows};
	struct err e = {0};
	int option, failed;
	bool good = true, csv = false;
	while (good && (option = option_next(argc, argv, ":h", longs)) != -1) {
		if (option == 'h')
			return fputs(help, stdout), EXIT_DONE;
		if (option == 'b')
			o.baseline = optarg;
		else if (option == 'm')
			good = name_append(argv[0], metrics, &o.metric_count);
		else if (option == 'w')
			good = name_append(argv[0], windows, &o.window_count);
		else if (option == 'c')
			csv = true;
		else
			good = false;
	}
	if (!good)
		return EXIT_USAGE;
	directory = operand_only(argc, argv, "DIR");
	if (!directory)
		return EXIT_USAGE;
	failed = csv ? compare_rows(directory, &o, stdout, &e)
		     : compare_print(directory, &o, stdout, &e);
	return failed ? err_print(&e) : EXIT_DONE;
}
