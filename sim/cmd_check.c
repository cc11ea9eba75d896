/* ludd check: validates, and says what a run would take. */
#include <stdio.h>

#include "ludd/commands.h"
#include "ludd/footprint.h"

static const char help[] =
"usage: ludd check FILE [--set KEY=VALUE]... [--seed N] [--replicates N] [--ticks N]\n\n"
"Lists every problem of an experiment file, or prints the number of runs and agents, the\n"
"memory, and about how much time and disk they take. Writes nothing.\n";

static const struct option longs[] = {
	{"help", no_argument, NULL, 'h'}, CHANGE_OPTIONS, {0},
};

/* -1 to go on, else the exit code. */
static int options_read(int argc, char **argv, struct changes *changes)
{
	int option;
	while ((option = option_next(argc, argv, ":h", longs)) != -1) {
		if (option == 'h')
			return fputs(help, stdout), EXIT_DONE;
		if (!change_take(argv[0], option, changes))
			return EXIT_USAGE;
	}
	return -1;
}

static void duration_text(double seconds, char text[40])
{
	if (seconds < 120)
		snprintf(text, 40, "%.0f s", seconds + 0.5);
	else if (seconds < 7200)
		snprintf(text, 40, "%.0f min", seconds / 60);
	else
		snprintf(text, 40, "%.1f h", seconds / 3600);
}

static void footprint_print(const struct experiment *x, const struct footprint *need)
{
	const struct world_size *z = &need->largest;
	char duration[40];
	duration_text(need->seconds, duration);
	printf("%s: good\n", x->file);
	printf("  runs    %lld (scenarios %d x points %lld x replicates %lld)\n",
	       (long long)x->run_count, x->scenario_count, (long long)x->point_count,
	       (long long)x->replicates);
	printf("  ticks   %lld of burn-in + %lld\n", (long long)x->burn_in, (long long)x->ticks);
	printf("  agents  %lld people, %lld in the periphery, %lld firms, %lld owners, "
	       "%lld contractors; %lld regions\n", (long long)z->people, (long long)z->periphery,
	       (long long)z->firms, (long long)z->owners, (long long)z->contractors,
	       (long long)z->regions);
	printf("  memory  %.1f MiB a run, %d at once on %d thread%s each\n",
	       (double)need->bytes_a_run / 0x1p20, need->jobs, need->threads,
	       need->threads > 1 ? "s" : "");
	printf("  time    about %s\n  disk    about %.1f MiB\n", duration,
	       (double)need->disk_bytes / 0x1p20);
}

int cmd_check(int argc, char **argv)
{
	struct changes changes = {0};
	struct footprint need;
	struct err e = {0};
	int code = options_read(argc, argv, &changes);
	if (code >= 0)
		return code;
	const char *file = operand_only(argc, argv, "FILE");
	if (!file)
		return EXIT_USAGE;
	struct experiment *x = experiment_take(file, &changes, &code);
	if (!x)
		return code;
	if (footprint_make(&need, x, 0, 0, &e))
		fprintf(stderr, "warning: %s\n", e.text);
	footprint_print(x, &need);
	experiment_free(x);
	return EXIT_DONE;
}
