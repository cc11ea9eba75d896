/* The runs of an experiment side by side: what is left of them, recorded as they finish. */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "ludd/checkpoint.h"
#include "ludd/commands.h"
#include "ludd/footprint.h"
#include "ludd/mem.h"
#include "ludd/output.h"
#include "ludd/output_sensitivity.h"
#include "ludd/par.h"
#include "ludd/stop.h"

struct work { /* what the runs share */
	const struct experiment *x;
	struct output *output;
	struct run_options options;
	int64_t *runs, count; /* those to do */
	/* seconds, monotonic: the first run's begin, the last progress line */
	double started, shown;
	int64_t done, failed; /* of them */
	bool progress;
	struct err e; /* the first failure to write */
};

struct finished { /* one run, on its way into the shared notes */
	struct work *work;
	struct run_result *result;
	struct err e;
};

static void progress_print(struct work *w)
{
	double now = par_clock(), rate = (double)w->done / larger(now - w->started, 1e-9);
	if (now - w->shown < 0.1 && w->done < w->count)
		return;
	w->shown = now;
	int64_t left = (int64_t)((double)(w->count - w->done) / larger(rate, 1e-9) + 0.5);
	int filled = (int)(24 * w->done / w->count);
	fprintf(stderr, "\r[%.*s%.*s] %" PRId64 "/%" PRId64 " runs, %.3g a second, %" PRId64
		":%02" PRId64 " left ", filled, "########################", 24 - filled,
		"........................", w->done, w->count, rate, left / 60, left % 60);
	if (w->done == w->count)
		fprintf(stderr, "\n");
	fflush(stderr);
}

static void failure_print(const struct work *w, const struct run_result *r)
{
	fprintf(stderr, "%sludd: run %" PRId64 " (scenario %s, point %" PRId64 ", replicate %"
		PRId64 ", seed %" PRIu64 ") failed: %s\n", w->progress ? "\n" : "", r->id.run,
		w->x->scenarios[r->id.scenario].name, r->id.point, r->id.replicate, r->id.seed,
		r->err.text);
}

static void run_note(void *context)
{
	struct finished *f = context;
	struct work *w = f->work;
	const struct run_result *r = f->result;
	if (r->note)
		fprintf(stderr, "%sludd: run %" PRId64 ": %s\n", w->progress ? "\n" : "", r->id.run,
			r->note);
	if (r->err.code == EXIT_STOPPED)
		return;
	w->done++;
	if (r->err.code != EXIT_DONE) {
		w->failed++;
		failure_print(w, r);
	}
	if (f->e.code != EXIT_DONE && w->e.code == EXIT_DONE)
		w->e = f->e;
	if (w->progress)
		progress_print(w);
}

static void run_one(void *context, int64_t i)
{
	struct work *w = context;
	struct run_id id = experiment_run(w->x, w->runs[i]);
	struct run_result result;
	struct finished finished = {.work = w, .result = &result};
	if (w->e.code != EXIT_DONE || stop_requested())
		return; /* the disk is full, or what is done by now is all that will be */
	run_do(w->x, &id, &w->options, &result);
	if (result.err.code == EXIT_IO)
		finished.e = result.err; /* a checkpoint: the run may well be done another time */
	else if (result.err.code != EXIT_STOPPED &&
		 !output_add(w->output, &result, &finished.e) && result.err.code == EXIT_DONE)
		checkpoint_remove(w->options.checkpoint_directory, id.run);
	par_locked(run_note, &finished);
	run_result_free(&result);
}

static void runs_choose(struct work *w, const struct shard *shard)
{
	int64_t step = shard->count ? shard->count : 1;
	MEM_NEW(w->runs, (w->x->run_count - 1) / step + 1, "the list of runs");
	for (int64_t run = shard->number; run < w->x->run_count; run += step)
		if (!output_done(w->output, run))
			w->runs[w->count++] = run;
}

static void files_list(const char *directory)
{
	static const char *const names[] = {
		"experiment.json", "manifest.json", "series.csv", "summary.csv", "compare.csv",
		"design.csv", "sensitivity.csv", "transitions.csv", "firms.csv", "workers.csv",
		"datapackage.json", "trace.csv", "PARTIAL",
	};
	printf("\n");
	for (int i = 0; i < LENGTH(names); i++) {
		char *path = mem_format("%s/%s", directory, names[i]);
		if (!access(path, R_OK))
			printf("%s\n", path);
		mem_free(path);
	}
}

int results_print(const struct experiment *x, const char *directory, struct err *e)
{
	static const struct sensitivity_options all = {0};
	int failed = sweep_analysed(x->sweep.method)
			     ? sensitivity_print(x, directory, &all, stdout, e)
			     : compare_print(directory, NULL, stdout, e);
	if (!failed)
		files_list(directory);
	return failed;
}

/* What follows when all runs are done: the results; of a shard, a line that says so. */
static int results_make(struct work *w, const struct runs_request *q, const struct manifest *self,
			const char *directory, struct err *e)
{
	if (q->shard.count) {
		if (!q->quiet)
			printf("%s: shard %" PRId64 "/%" PRId64 " is done (runs: %" PRId64 " now, %"
			       PRId64 " of them failed)\n", directory, q->shard.number,
			       q->shard.count, w->count, w->failed);
		return w->failed ? err_set(e, EXIT_RUN, "%s: %" PRId64 " runs failed; the same "
					   "command tries them again", directory, w->failed) : 0;
	}
	if (output_complete(w->output, self, false, e))
		return -1;
	checkpoints_clear(w->options.checkpoint_directory, false);
	if (!q->keep_shards && output_clear(directory, e))
		return -1;
	return q->quiet ? 0 : results_print(w->x, directory, e);
}

static struct run_options options_of(const struct runs_request *q, int threads,
				     const char *checkpoints)
{
	return (struct run_options){
		.threads = threads,
		.trace_hash = q->trace,
		.checkpoint_directory = checkpoints,
		.checkpoint_every = q->checkpoint_ticks,
		.checkpoint_minutes = (double)q->checkpoint_minutes,
		.resume = q->resume || q->shard.count,
		.stop = stop_flag(),
		.origin = q->origin,
	};
}

static int runs_work(const struct experiment *x, const struct runs_request *q,
		     const struct footprint *need, const char *directory, struct err *e)
{
	char *checkpoints = mem_format("%s/checkpoints", directory);
	struct work w = {.x = x, .started = par_clock(),
			 .options = options_of(q, need->threads, checkpoints)};
	struct output_options o = {.shard = q->shard, .traced = q->trace, .self = {
		.command_line = q->command_line, .started = seconds_since_epoch(),
		.jobs = need->jobs, .threads = need->threads}};
	w.output = output_open(x, directory, &o, e);
	if (!w.output) {
		mem_free(checkpoints);
		return -1;
	}
	w.progress = !q->quiet && (q->progress == PROGRESS_AUTO ? isatty(STDERR_FILENO) != 0
							: q->progress == PROGRESS_ALWAYS);
	runs_choose(&w, &q->shard);
	if (q->force)
		checkpoints_clear(checkpoints, true);
	par_tasks(w.count, need->jobs, run_one, &w);
	mem_free(w.runs);
	int failed = -1;
	if (w.e.code != EXIT_DONE)
		err_set(e, w.e.code, "%s (what is recorded is kept: --resume goes on with it)",
			w.e.text);
	else if (w.done < w.count)
		err_set(e, EXIT_STOPPED, "%s: stopped by a signal; %s goes on with the %" PRId64
			" runs that are left", directory, q->shard.count ? "the same command"
			: "--resume", w.count - w.done);
	else
		failed = results_make(&w, q, &o.self, directory, e);
	mem_free(checkpoints);
	output_free(w.output);
	return failed;
}

int runs_do(const struct experiment *x, const struct runs_request *q)
{
	struct err e = {0};
	struct footprint need;
	bool finished = false, goes_on = q->resume || q->shard.count;
	char *directory = q->directory ? mem_text(q->directory) : mem_format("outputs/%s", x->name);
	int failed = footprint_make(&need, x, (int)q->jobs, (int)q->threads, &e) ||
		     (goes_on ? output_resume(x, directory, &finished, &e)
			      : output_prepare(directory, q->force, &e));
	if (!failed)
		failed = origin_remember(directory, q, goes_on, &e);
	if (!failed && finished && q->resume && !q->keep_shards)
		failed = output_clear(directory, &e);
	if (!failed && finished && !q->quiet)
		printf("%s: all %" PRId64 " runs are done and their results written; nothing is "
		       "left to do\n", directory, x->run_count);
	stop_install();
	if (!failed && !finished)
		failed = runs_work(x, q, &need, directory, &e);
	mem_free(directory);
	return failed ? err_print(&e) : EXIT_DONE;
}
