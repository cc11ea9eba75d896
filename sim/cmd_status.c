/* ludd status: how far an experiment is. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ludd/commands.h"
#include "ludd/mem.h"
#include "ludd/output.h"

static const char help[] =
"usage: ludd status DIR [--missing | --json] [--shards N]\n\n"
"How many runs of the experiment in DIR are done, failed, running and missing, by shard, and why\n"
"runs failed. Reads DIR alone: no scheduler is asked.\n\n"
"  --missing          prints the shards that have runs left and no process at work, as 4,8,15-20\n"
"                     (for sbatch --array); nothing where there are none\n"
"  --shards N         in terms of N shards (default: those in use)\n"
"  --json             the same as JSON\n";

static const struct option longs[] = {
	{"help", no_argument, NULL, 'h'}, {"missing", no_argument, NULL, 'm'},
	{"shards", required_argument, NULL, 'n'}, {"json", no_argument, NULL, 'J'}, {0},
};

struct state { /* what is known of a directory */
	const char *directory;
	const struct experiment *x;
	struct output *output; /* NULL where it is finished and its shards are gone */
	struct output_shard *shards;
	int64_t count, done, failed, running, missing;
	struct text runs_left, shards_left;
};

static const char *shard_state(const struct output_shard *s)
{
	if (s->done == s->runs)
		return "done";
	if (s->busy)
		return "running";
	if (s->done + s->failed == s->runs)
		return "failed";
	return s->begun ? "stopped" : "not begun";
}

static int state_read(struct state *s, int64_t count, struct err *e)
{
	s->output = output_watch(s->x, s->directory, e);
	if (!s->output)
		return -1;
	s->count = count ? count : output_shards(s->output);
	s->shards = output_progress(s->output, s->count);
	for (int64_t i = 0; i < s->count; i++) {
		const struct output_shard *shard = &s->shards[i];
		int64_t left = shard->runs - shard->done - shard->failed;
		s->done += shard->done;
		s->failed += shard->failed;
		*(shard->busy ? &s->running : &s->missing) += left;
	}
	output_runs_left(s->output, &s->runs_left);
	output_shards_left(s->output, s->count, &s->shards_left);
	return 0;
}

static void state_free(struct state *s)
{
	output_free(s->output);
	mem_free(s->shards);
	text_free(&s->runs_left);
	text_free(&s->shards_left);
}

static void failures_print(const struct state *s, bool json)
{
	const char *comma = "";
	for (int64_t run = 0; run < s->x->run_count && s->failed > 0; run++) {
		struct run_id id = experiment_run(s->x, run);
		const char *scenario = s->x->scenarios[id.scenario].name;
		char *reason = output_failure(s->output, run);
		struct text quoted = {0};
		if (!reason)
			continue;
		text_quote(&quoted, reason);
		if (json)
			printf("%s\n\t\t{\"run\": %" PRId64 ", \"scenario\": \"%s\", \"point\": %"
			       PRId64 ", \"replicate\": %" PRId64 ", \"seed\": %" PRIu64
			       ", \"shard\": %" PRId64 ", \"reason\": %s}", comma, run, scenario,
			       id.point, id.replicate, id.seed, run % s->count, quoted.s);
		else
			printf("run %" PRId64 " failed (scenario %s, point %" PRId64 ", replicate %"
			       PRId64 ", seed %" PRIu64 ", shard %" PRId64 "): %s\n", run, scenario,
			       id.point, id.replicate, id.seed, run % s->count, reason);
		comma = ",";
		text_free(&quoted);
		mem_free(reason);
	}
}

static void shards_print(const struct state *s)
{
	printf("%10s %8s %8s %8s\n", "shard", "runs", "done", "failed");
	for (int64_t i = 0; i < s->count; i++) {
		const struct output_shard *shard = &s->shards[i];
		char name[48];
		snprintf(name, sizeof(name), "%" PRId64 "/%" PRId64, i, s->count);
		printf("%10s %8" PRId64 " %8" PRId64 " %8" PRId64 "  %s", name, shard->runs,
		       shard->done, shard->failed, shard_state(shard));
		if (shard->busy && shard->holder > 0)
			printf(" (process %ld)", shard->holder);
		printf("\n");
	}
}

static void state_print(const struct state *s)
{
	printf("%s: %" PRId64 " runs: %" PRId64 " done, %" PRId64 " failed, %" PRId64 " of running "
	       "shards, %" PRId64 " missing\n", s->directory, s->x->run_count, s->done, s->failed,
	       s->running, s->missing);
	if (s->count > 1)
		shards_print(s);
	failures_print(s, false);
	if (s->runs_left.s)
		printf("not done and not running: runs %s\n", s->runs_left.s);
	if (s->shards_left.s && s->count > 1)
		printf("they are in the shards %s of %" PRId64 "\n", s->shards_left.s, s->count);
}

static void state_print_json(const struct state *s)
{
	struct text name = {0};
	text_quote(&name, s->directory);
	printf("{\n\t\"directory\": %s,\n\t\"experiment\": \"%s\",\n\t\"runs\": %" PRId64
	       ",\n\t\"done\": %" PRId64 ",\n\t\"failed\": %" PRId64 ",\n\t\"running\": %" PRId64
	       ",\n\t\"missing\": %" PRId64 ",\n\t\"missing_runs\": \"%s\",\n"
	       "\t\"missing_shards\": \"%s\",\n\t\"shards\": [", name.s, s->x->name,
	       s->x->run_count, s->done, s->failed, s->running, s->missing,
	       s->runs_left.s ? s->runs_left.s : "", s->shards_left.s ? s->shards_left.s : "");
	for (int64_t i = 0; i < s->count; i++) {
		const struct output_shard *shard = &s->shards[i];
		printf("%s\n\t\t{\"shard\": %" PRId64 ", \"of\": %" PRId64 ", \"runs\": %" PRId64
		       ", \"done\": %" PRId64 ", \"failed\": %" PRId64 ", \"state\": \"%s\"}",
		       i ? "," : "", i, s->count, shard->runs, shard->done, shard->failed,
		       shard_state(shard));
	}
	printf("\n\t],\n\t\"failures\": [");
	failures_print(s, true);
	printf("]\n}\n");
	text_free(&name);
}

enum form { FORM_TEXT, FORM_JSON, FORM_MISSING };

static int status_print(const struct experiment *x, const char *directory, bool begun,
			int64_t count, enum form form)
{
	struct state s = {.directory = directory, .x = x, .count = 0, .done = x->run_count};
	struct err e = {0};
	if (begun) {
		s.done = 0;
		if (state_read(&s, count, &e)) {
			state_free(&s);
			return err_print(&e);
		}
	}
	if (form == FORM_JSON)
		state_print_json(&s);
	else if (form == FORM_TEXT)
		state_print(&s);
	else if (s.shards_left.s)
		printf("%s\n", s.shards_left.s);
	state_free(&s);
	return EXIT_DONE;
}

/* The experiment of a directory, begun or finished. */
static char *experiment_path(const char *directory, bool *begun)
{
	char *path = mem_format("%s/shards/experiment.json", directory);
	*begun = !access(path, F_OK);
	if (*begun)
		return path;
	mem_free(path);
	path = mem_format("%s/manifest.json", directory);
	bool finished = !access(path, F_OK);
	mem_free(path);
	return finished ? mem_format("%s/experiment.json", directory) : NULL;
}

int cmd_status(int argc, char **argv)
{
	enum form form = FORM_TEXT;
	int64_t count = 0;
	int option, code;
	bool begun, good = true;
	while (good && (option = option_next(argc, argv, ":h", longs)) != -1)
		switch (option) {
		case 'h': return fputs(help, stdout), EXIT_DONE;
		case 'm': form = FORM_MISSING; break;
		case 'J': form = FORM_JSON; break;
		case 'n':
			good = option_whole(argv[0], "--shards", optarg, 1, SHARDS_MOST, &count);
			break;
		default: good = false;
		}
	const char *directory = good ? operand_only(argc, argv, "DIR") : NULL;
	if (!directory)
		return EXIT_USAGE;
	char *path = experiment_path(directory, &begun);
	if (!path)
		return usage_error(argv[0], "%s: no experiment was begun there", directory);
	struct experiment *x = experiment_take(path, NULL, &code);
	if (x)
		code = status_print(x, directory, begun, count, form);
	experiment_free(x);
	mem_free(path);
	return code;
}
