/* ludd check: validates, and says what a run would take. */
#include <stdio.h>
#include <string.h>

#include "ludd/commands.h"
#include "ludd/footprint.h"

static const char help[] =
"usage: ludd check FILE [--set KEY=VALUE]... [--seed N] [--replicates N] [--ticks N]\n\n"
"Lists every problem of an experiment file, or prints the number of runs and agents, the\n"
"memory, and about how much time and disk they take. Writes nothing.\n";

enum { SETS = 256 };

static const struct option longs[] = {
	{"help", no_argument, NULL, 'h'}, {"set", required_argument, NULL, 's'},
	{"seed", required_argument, NULL, 'S'}, {"replicates", required_argument, NULL, 'R'},
	{"ticks", required_argument, NULL, 'T'}, {0},
};

/* -1 to go on, else the exit code. */
static int options_read(int argc, char **argv, struct overrides *o, const char **set)
{
	int option;
	bool good = true;
	while (good && (option = option_next(argc, argv, ":h", longs)) != -1)
		switch (option) {
		case 'h':
			fputs(help, stdout);
			return EXIT_DONE;
		case 's':
			if (o->set_count == SETS)
				return usage_error(argv[0], "more than %d times --set", SETS);
			set[o->set_count++] = optarg;
			break;
		case 'S':
			o->seed = optarg;
			break;
		case 'R':
			good = option_whole(argv[0], "--replicates", optarg, 1, RUNS_MOST,
					    &o->replicates);
			break;
		case 'T':
			good = option_whole(argv[0], "--ticks", optarg, 1, TICKS_MOST, &o->ticks);
			break;
		default:
			good = false;
		}
	return good ? -1 : EXIT_USAGE;
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
	const char *set[SETS], *file;
	struct overrides overrides = {.set = set};
	struct problems problems = {0};
	struct footprint need;
	struct err e = {0};
	int code = options_read(argc, argv, &overrides, set);
	if (code >= 0)
		return code;
	file = operand_only(argc, argv, "FILE");
	if (!file)
		return EXIT_USAGE;
	struct experiment *x = experiment_read(file, &overrides, &problems);
	code = problems_print(&problems);
	problems_free(&problems);
	if (!x)
		return code;
	if (footprint_make(&need, x, 0, 0, &e))
		fprintf(stderr, "warning: %s\n", e.text);
	footprint_print(x, &need);
	experiment_free(x);
	return EXIT_DONE;
}
