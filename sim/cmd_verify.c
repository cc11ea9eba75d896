/* ludd verify: the same runs on several numbers of threads, compared entry by entry. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ludd/commands.h"
#include "ludd/lockstep.h"
#include "ludd/tick.h"

static const char help[] =
"usage: ludd verify FILE [--threads 1,2,7] [--all] [OPTIONS]\n\n"
"Does the first run of every scenario on each number of threads, side by side, and compares the\n"
"whole state after every step of every month. Names the first month, step, column and row that\n"
"differ. Exit 0 where all are equal, 1 where not.\n\n"
"  --threads LIST   numbers of threads, up to 8 of them (default: 1,2,7)\n"
"  --all            every run of the experiment\n"
"  --set KEY=VALUE, --seed N, --replicates N, --ticks N   as for ludd run\n";

enum { LISTED = 8 };

static const struct option longs[] = {
	{"help", no_argument, NULL, 'h'}, {"threads", required_argument, NULL, 't'},
	{"all", no_argument, NULL, 'a'}, CHANGE_OPTIONS, {0},
};

struct threads {
	int number[LISTED], count;
};

static bool threads_read(const char *command, const char *text, struct threads *t)
{
	char part[16];
	t->count = 0;
	for (const char *rest = text, *comma; rest; rest = comma ? comma + 1 : NULL) {
		int64_t number;
		if (t->count == LISTED) {
			usage_error(command, "--threads %s: at most %d numbers", text, LISTED);
			return false;
		}
		comma = strchr(rest, ',');
		snprintf(part, sizeof(part), "%.*s", (int)strcspn(rest, ","), rest);
		if (!option_whole(command, "--threads", part, 1, 1024, &number))
			return false;
		t->number[t->count++] = (int)number;
	}
	return true;
}

static void parting_print(const struct threads *t, const struct parting *p)
{
	const struct difference *d = &p->list[0];
	printf("%d and %d threads part in month %" PRId64 ", %s%s: %s, row %" PRId64
	       ": %s and %s; %d column%s differ\n", t->number[0], t->number[p->world], p->tick,
	       p->phase < 0 ? "before the first step" : "after the step ",
	       p->phase < 0 ? "" : phase_name(p->phase), d->name, d->row, d->a, d->b, p->count,
	       p->count > 1 ? "s" : "");
}

/* 0: equal; 1: they part; -1. */
static int run_verify(const struct experiment *x, int64_t run, const struct threads *t,
		      struct err *e)
{
	struct world *worlds[LISTED];
	struct run_id id = experiment_run(x, run);
	struct params params;
	struct parting p;
	int result = 0;
	experiment_params(x, &id, &params);
	for (int i = 0; i < t->count; i++)
		worlds[i] = world_new(&params, id.seed, x->burn_in, t->number[i]);
	printf("run %" PRId64 " (scenario %s, point %" PRId64 ", replicate %" PRId64 "): ", run,
	       x->scenarios[id.scenario].name, id.point, id.replicate);
	fflush(stdout);
	while (!result && worlds[0]->tick < x->ticks)
		result = lockstep_month(worlds, t->count, true, &p, e);
	if (result > 0)
		parting_print(t, &p);
	else
		printf("%s, state hash %016" PRIx64 "\n", result ? "stopped" : "equal",
		       world_hash(worlds[0]));
	for (int i = 0; i < t->count; i++)
		world_free(worlds[i]);
	return result;
}

static int experiment_verify(const struct experiment *x, const struct threads *t, bool all)
{
	int64_t step = all ? 1 : x->point_count * x->replicates;
	struct err e = {0};
	int result = 0;
	for (int64_t run = 0; run < x->run_count && result >= 0; run += step) {
		int parted = run_verify(x, run, t, &e);
		result = parted < 0 ? -1 : result | parted;
	}
	return result < 0 ? err_print(&e) : result ? EXIT_RUN : EXIT_DONE;
}

int cmd_verify(int argc, char **argv)
{
	struct threads threads = {{1, 2, 7}, 3};
	struct changes changes = {0};
	bool all = false, good = true;
	int option, code;
	while (good && (option = option_next(argc, argv, ":h", longs)) != -1)
		switch (option) {
		case 'h': return fputs(help, stdout), EXIT_DONE;
		case 't': good = threads_read(argv[0], optarg, &threads); break;
		case 'a': all = true; break;
		default: good = change_take(argv[0], option, &changes);
		}
	const char *file = good ? operand_only(argc, argv, "FILE") : NULL;
	if (!file)
		return EXIT_USAGE;
	struct experiment *x = experiment_take(file, &changes, &code);
	if (x)
		code = experiment_verify(x, &threads, all);
	experiment_free(x);
	return code;
}
