/* ludd diff: where and when two runs part. */
#define _POSIX_C_SOURCE 200809L
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ludd/commands.h"
#include "ludd/lockstep.h"
#include "ludd/mem.h"
#include "ludd/output.h"
#include "ludd/par.h"
#include "ludd/tick.h"

static const char help[] =
"usage: ludd diff RUN RUN [-t THREADS] | --series\n\n"
"Does two runs again, side by side, and says in which month, after which step and in which entry\n"
"of the state they part first. Exit 0 where they are equal, 1 where they part.\n\n"
"  RUN        DIR:NUMBER, DIR:SCENARIO, DIR:SCENARIO/POINT/REPLICATE, or DIR for run 0; DIR may\n"
"             be an output directory or an experiment file\n"
"  -t N       threads inside a run (default: 1)\n"
"  --series   compares their rows in series.csv instead: the first month and metric that differ\n\n"
"Which policy a firm holds is passed over: it differs from the start, and matters later.\n";

static const struct option longs[] = {
	{"help", no_argument, NULL, 'h'}, {"threads", required_argument, NULL, 't'},
	{"series", no_argument, NULL, 's'}, {0},
};

struct side { /* one of the two runs */
	const char *text; /* as given */
	char *place;      /* directory or file */
	struct experiment *x;
	struct run_id id;
	struct world *world;
};

/* Splits "PLACE:WHAT"; a place may have colons in its name. */
static const char *what_cut(struct side *s)
{
	char *colon;
	s->place = mem_text(s->text);
	colon = strrchr(s->place, ':');
	if (!access(s->place, F_OK) || !colon)
		return "0";
	*colon = 0;
	return s->text + (colon - s->place) + 1;
}

/* The experiment of a place: of results, of shards not yet collected, or the file itself. */
static struct experiment *side_experiment(const struct side *s, int *code)
{
	static const char *const inside[] = {"experiment.json", "shards/experiment.json"};
	struct changes none = {0};
	struct experiment *x;
	char *file = NULL;
	for (int i = 0; i < LENGTH(inside) && !file; i++) {
		file = mem_format("%s/%s", s->place, inside[i]);
		if (access(file, F_OK)) {
			mem_free(file);
			file = NULL;
		}
	}
	x = experiment_take(file ? file : s->place, &none, code);
	mem_free(file);
	return x;
}

static bool scenario_find(const char *command, const struct side *s, const char *name,
			  int *scenario)
{
	const char *names[SCENARIOS], *near;
	for (int i = 0; i < s->x->scenario_count; i++) {
		names[i] = s->x->scenarios[i].name;
		if (!strcmp(name, names[i])) {
			*scenario = i;
			return true;
		}
	}
	near = nearest_word(name, names, s->x->scenario_count);
	usage_error(command, "%s: %s is no scenario of it%s%s%s", s->text, name,
		    near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
	return false;
}

/* "7", "SCENARIO", "SCENARIO/POINT" or "SCENARIO/POINT/REPLICATE". */
static bool run_find(const char *command, struct side *s, const char *what)
{
	const struct experiment *x = s->x;
	int64_t run, point = 0, replicate = 0;
	int scenario;
	if (isdigit((unsigned char)*what) && !strchr(what, '/')) {
		if (!option_whole(command, "run", what, 0, x->run_count - 1, &run))
			return false;
		s->id = experiment_run(x, run);
		return true;
	}
	char *name = mem_text(what), *slash = strchr(name, '/'), *second = NULL;
	if (slash) {
		*slash++ = 0;
		second = strchr(slash, '/');
		if (second)
			*second++ = 0;
	}
	bool good = scenario_find(command, s, name, &scenario) &&
		    (!slash || option_whole(command, "point", slash, 0, x->point_count - 1,
					    &point)) &&
		    (!second || option_whole(command, "replicate", second, 0, x->replicates - 1,
					     &replicate));
	if (good)
		s->id = experiment_run(x, (scenario * x->point_count + point) * x->replicates +
						  replicate);
	mem_free(name);
	return good;
}

static bool side_open(const char *command, struct side *s, int *code)
{
	const char *what = what_cut(s);
	*code = EXIT_USAGE;
	s->x = side_experiment(s, code);
	if (!s->x || run_find(command, s, what))
		return s->x != NULL;
	*code = EXIT_USAGE;
	return false;
}

static void side_close(struct side *s)
{
	world_free(s->world);
	experiment_free(s->x);
	mem_free(s->place);
}

static void side_print(const struct side *s, const char *name)
{
	printf("%s: run %" PRId64 " of %s: scenario %s, point %" PRId64 ", replicate %" PRId64
	       ", seed %" PRIu64 "\n", name, s->id.run, s->place,
	       s->x->scenarios[s->id.scenario].name, s->id.point, s->id.replicate, s->id.seed);
}

static void parameters_print(const struct params *a, const struct params *b)
{
	char x[64], y[64];
	for (int i = 0; i < param_count(); i++) {
		const struct param_info *info = param_at(i);
		double left = param_get(a, i), right = param_get(b, i);
		if (left == right)
			continue;
		number_text(left, x);
		number_text(right, y);
		if (info->type == PARAM_TYPE_CHOICE) {
			param_choice_name(info, (int)left, x);
			param_choice_name(info, (int)right, y);
		}
		printf("   %-34s %s and %s\n", info->key, x, y);
	}
}

static void parting_print(const struct parting *p)
{
	const char *after = p->phase < 0 ? "before its first step" : "after the step ";
	printf("They part in month %" PRId64 ", %s%s:\n", p->tick, after,
	       p->phase < 0 ? "" : phase_name(p->phase));
	for (int i = 0; i < p->count && i < DIFFERENCES; i++) {
		const struct difference *d = &p->list[i];
		char row[48] = "";
		if (d->rows > 1)
			snprintf(row, sizeof(row), "row %" PRId64, d->row);
		printf("   %-26s %-12s %s and %s", d->name, row, d->a, d->b);
		if (d->differ > 1)
			printf("; %" PRId64 " of %" PRId64 " rows differ", d->differ, d->rows);
		printf("\n");
	}
	if (p->count > DIFFERENCES)
		printf("   and %d more columns\n", p->count - DIFFERENCES);
}

static void world_make(struct side *s, int threads, struct params *params)
{
	experiment_params(s->x, &s->id, params);
	s->world = world_new(params, s->id.seed, s->x->burn_in, threads);
}

static int states_compare(struct side side[2], int threads)
{
	struct params params[2];
	struct parting p;
	struct err e = {0};
	char mismatch[128];
	int result = 0;
	for (int i = 0; i < 2; i++)
		world_make(&side[i], threads, &params[i]);
	parameters_print(&params[0], &params[1]);
	worlds_mismatch(side[0].world, side[1].world, mismatch);
	if (*mismatch) {
		printf("They cannot be compared: %s.\n", mismatch);
		return EXIT_RUN;
	}
	struct world *worlds[2] = {side[0].world, side[1].world};
	int64_t months = smaller_i64(side[0].x->ticks, side[1].x->ticks);
	while (!result && worlds[0]->tick < months)
		result = lockstep_month(worlds, 2, false, &p, &e);
	if (result < 0)
		return err_print(&e);
	if (result) {
		parting_print(&p);
		return EXIT_RUN;
	}
	printf("They are equal in every entry after every step of %" PRId64 " months.\n",
	       months + side[0].x->burn_in);
	if (side[0].x->ticks == side[1].x->ticks)
		return EXIT_DONE;
	printf("One ends there, the other after month %" PRId64 ".\n",
	       larger_i64(side[0].x->ticks, side[1].x->ticks) - 1);
	return EXIT_RUN;
}

static int series_compare(const struct side side[2])
{
	struct series_parting p;
	struct err e = {0};
	int result = series_part(side[0].place, side[0].id.run, side[1].place, side[1].id.run, &p,
				 &e);
	if (result < 0)
		return err_print(&e);
	if (result == 0) {
		printf("Their %" PRId64 " rows are equal.\n", p.rows);
		return EXIT_DONE;
	}
	if (!p.count) {
		printf("They are equal until one of them ends, before month %" PRId64 ".\n",
		       p.tick);
		return EXIT_RUN;
	}
	printf("They part in month %" PRId64 ":\n", p.tick);
	for (int i = 0; i < p.count && i < CELLS - 1; i++)
		printf("   %-34s %s and %s\n", p.list[i].metric, p.list[i].a, p.list[i].b);
	if (p.count > CELLS - 1)
		printf("   and %d more metrics\n", p.count - (CELLS - 1));
	return EXIT_RUN;
}

int cmd_diff(int argc, char **argv)
{
	struct side side[2] = {{0}};
	int64_t threads = 1;
	bool series = false, good = true;
	int option, code = EXIT_USAGE;
	while (good && (option = option_next(argc, argv, ":ht:", longs)) != -1)
		switch (option) {
		case 'h': return fputs(help, stdout), EXIT_DONE;
		case 't': good = option_whole(argv[0], "-t", optarg, 1, 4096, &threads); break;
		case 's': series = true; break;
		default: good = false;
		}
	if (!good)
		return EXIT_USAGE;
	if (argc - optind != 2)
		return usage_error(argv[0], "there must be two RUNs, not %d", argc - optind);
	for (int i = 0; i < 2 && good; i++) {
		side[i].text = argv[optind + i];
		good = side_open(argv[0], &side[i], &code);
	}
	if (good) {
		side_print(&side[0], "a");
		side_print(&side[1], "b");
		code = series ? series_compare(side) : states_compare(side, (int)threads);
	}
	for (int i = 0; i < 2; i++)
		side_close(&side[i]);
	return code;
}
