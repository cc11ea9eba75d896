/* ludd collect: the results of an experiment that was run in shards. */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "ludd/checkpoint.h"
#include "ludd/commands.h"
#include "ludd/mem.h"
#include "ludd/output.h"

static const char help[] =
"usage: ludd collect DIR [--partial] [--quiet]\n\n"
"Writes series.csv, summary.csv, compare.csv and the other results from what the shards of an\n"
"experiment recorded in DIR/shards. An experiment with missing or failed runs is refused.\n\n"
"  --partial          takes what is there: series and panels of the runs that are done, summary\n"
"                     and comparison of the replicates that are done in every scenario; the\n"
"                     file PARTIAL and the manifest name what is missing\n"
"  --quiet            prints errors only\n";

static const struct option longs[] = {
	{"help", no_argument, NULL, 'h'}, {"partial", no_argument, NULL, 'P'},
	{"quiet", no_argument, NULL, 'q'}, {0},
};

/* What runs that were stopped left where every run is done now. */
static void checkpoints_remove(const char *directory)
{
	char *checkpoints = mem_format("%s/checkpoints", directory);
	checkpoints_clear(checkpoints, false);
	mem_free(checkpoints);
}

static int collect(const struct experiment *x, const char *directory, bool partial, bool quiet,
		   const char *command_line)
{
	struct err e = {0};
	struct manifest self = {.command_line = command_line, .started = seconds_since_epoch(),
				.jobs = 1, .threads = 1};
	struct output *o = output_watch(x, directory, &e);
	int failed = !o || output_complete(o, &self, partial, &e);
	output_free(o);
	if (!failed && !partial)
		checkpoints_remove(directory);
	if (!failed && !quiet)
		failed = results_print(x, directory, &e);
	return failed ? err_print(&e) : EXIT_DONE;
}

int cmd_collect(int argc, char **argv)
{
	bool partial = false, quiet = false;
	int option, code;
	while ((option = option_next(argc, argv, ":h", longs)) != -1)
		switch (option) {
		case 'h': return fputs(help, stdout), EXIT_DONE;
		case 'P': partial = true; break;
		case 'q': quiet = true; break;
		default: return EXIT_USAGE;
		}
	const char *directory = operand_only(argc, argv, "DIR");
	if (!directory)
		return EXIT_USAGE;
	char *file = mem_format("%s/shards/experiment.json", directory);
	if (access(file, F_OK)) {
		code = usage_error(argv[0], "%s: holds no shards", directory);
	} else {
		struct experiment *x = experiment_take(file, NULL, &code);
		char *command_line = command_line_text(argc, argv);
		if (x)
			code = collect(x, directory, partial, quiet, command_line);
		mem_free(command_line);
		experiment_free(x);
	}
	mem_free(file);
	return code;
}
