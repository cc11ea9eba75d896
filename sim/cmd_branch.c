/* ludd branch: the runs of an experiment, all from one saved state. */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ludd/checkpoint.h"
#include "ludd/commands.h"
#include "ludd/mem.h"
#include "ludd/output.h"

static const char help[] =
"usage: ludd branch CHECKPOINT FILE [OPTIONS]\n\n"
"Does every run of the experiment from a saved state, as outputs.checkpoints or a stopped run\n"
"leaves it in DIR/checkpoints: one burn-in, many futures. What a scenario gives is byte for byte\n"
"what a run from the start gives, if seed and parameters were the same up to the state's tick;\n"
"where they were not, a warning says so. Sizes must be the same. Replicates share the past and\n"
"differ from then on.\n\n"
"  -o DIR             where results go (default: outputs/NAME)\n"
RUNS_OPTIONS_HELP;

static const char memory[] = "branch.json"; /* in the output directory: from which state */

static char *origin_text(const struct runs_request *q)
{
	struct text t = {0};

	text_add(&t, "{\n\t\"checkpoint\": ");
	text_quote(&t, q->origin_path);
	text_add(&t, ",\n\t\"tick\": %" PRId64 ",\n\t\"seed\": \"%" PRIu64 "\",\n"
		 "\t\"state_hash\": \"%016" PRIx64 "\"\n}\n", q->origin->tick, q->origin->seed,
		 world_hash(q->origin));
	return t.s;
}

/* Whether branch.json in the directory names this state; without one: that there is none. */
static bool origin_same(const char *directory, const struct world *origin)
{
	char text[4096], hash[17], *path = mem_format("%s/%s", directory, memory);
	FILE *f = fopen(path, "r");
	size_t got = f ? fread(text, 1, sizeof(text) - 1, f) : 0;

	if (f)
		fclose(f);
	mem_free(path);
	text[got] = 0;
	if (!f || !origin)
		return !f && !origin;
	snprintf(hash, sizeof(hash), "%016" PRIx64, world_hash(origin));
	return strstr(text, hash) != NULL;
}

static bool begun(const char *directory)
{
	char *file = mem_format("%s/shards/experiment.json", directory);
	char *result = mem_format("%s/experiment.json", directory);
	bool is = access(file, F_OK) == 0 || access(result, F_OK) == 0;

	mem_free(file);
	mem_free(result);
	return is;
}

int origin_remember(const char *directory, const struct runs_request *q, bool goes_on,
		    struct err *e)
{
	char *text;
	int failed;

	if (goes_on && begun(directory)) {
		if (origin_same(directory, q->origin))
			return 0;
		return err_set(e, EXIT_USAGE, "%s: its runs began from another state (%s); go on "
			       "with the command that began them, or give another directory with "
			       "-o", directory, memory);
	}
	if (!q->origin) {
		char *path = mem_format("%s/%s", directory, memory);
		unlink(path);
		mem_free(path);
		return 0;
	}
	text = origin_text(q);
	failed = write_text_file(directory, memory, text, e);
	mem_free(text);
	return failed;
}

/* Parameters that shaped the past and are others in a run: none from the start gives its future. */
static void differences_tell(const struct experiment *x, const struct run_id *id,
			     const struct world *origin, const struct params *p, bool *told)
{
	for (int i = 0; i < param_count(); i++) {
		const struct param_info *info = param_at(i);
		bool mattered = !info->matters_from_ai ||
				origin->tick > origin->par.automation.start;
		double was = param_get(&origin->par, i), is = param_get(p, i);
		if (told[i] || was == is || !mattered)
			continue;
		told[i] = true;
		fprintf(stderr, "warning: %s is %g in scenario %s and was %g before the branch\n",
			info->key, is, x->scenarios[id->scenario].name, was);
	}
}

/* Every scenario and point must fit the state. */
static int runs_fit(const struct experiment *x, const struct world *origin, struct err *e)
{
	bool *told, seed = false;
	int failed = 0;

	if (origin->tick >= x->ticks)
		return err_set(e, EXIT_USAGE, "the checkpoint is of tick %" PRId64 "; the "
			       "experiment ends before it, after %" PRId64 " ticks", origin->tick,
			       x->ticks);
	MEM_NEW(told, param_count(), "differences");
	for (int64_t run = 0; run < x->run_count && !failed; run++) {
		struct run_id id = experiment_run(x, run);
		struct params p;
		seed = seed || id.seed == origin->seed;
		if (id.replicate > 0)
			continue;
		experiment_params(x, &id, &p);
		failed = world_layout_checked(origin, &p, e);
		if (!failed)
			differences_tell(x, &id, origin, &p, told);
	}
	if (!failed && !seed)
		fprintf(stderr, "warning: no run has the seed %" PRIu64 " of the checkpoint\n",
			origin->seed);
	mem_free(told);
	return failed;
}

static int branch_do(const char *checkpoint, const struct experiment *x, struct runs_request *q)
{
	struct err e = {0};
	struct world *origin = checkpoint_read(checkpoint, NULL, NULL, 1, &e);
	int code;

	q->origin = origin;
	q->origin_path = checkpoint;
	code = !origin || runs_fit(x, origin, &e) ? err_print(&e) : runs_do(x, q);
	world_free(origin);
	return code;
}

int cmd_branch(int argc, char **argv)
{
	struct runs_request q = {0};
	struct changes changes = {0};
	int code = runs_options_read(argc, argv, help, &q, &changes);

	if (code >= 0)
		return code;
	if (optind >= argc)
		return usage_error(argv[0], "CHECKPOINT is missing");
	const char *checkpoint = argv[optind++];
	const char *file = operand_only(argc, argv, "FILE");
	struct experiment *x = file ? experiment_take(file, &changes, &code) : NULL;
	if (!x)
		return file ? code : EXIT_USAGE;
	char *command_line = command_line_text(argc, argv);
	q.command_line = command_line;
	code = branch_do(checkpoint, x, &q);
	mem_free(command_line);
	experiment_free(x);
	return code;
}
