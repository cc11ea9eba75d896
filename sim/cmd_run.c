/* ludd run: every run of an experiment, side by side; then the comparison of its scenarios. */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ludd/commands.h"
#include "ludd/mem.h"
#include "ludd/output.h"
#include "ludd/output_sensitivity.h"
#include "ludd/par.h"
#include "ludd/footprint.h"
#include "ludd/text.h"

static const char help[] =
"usage: ludd run FILE [OPTIONS]\n\n"
"Does every run of the experiment (scenarios x points x replicates), writes the results and\n"
"prints the paired comparison of the scenarios.\n\n"
"  -o DIR             where results go (default: outputs/NAME)\n"
"  -j RUNS            runs at once (default: what uses the machine best)\n"
"  -t THREADS         threads inside a run (default: 1 under 100,000 people)\n"
"  --set KEY=VALUE    sets a parameter in every run, stronger than the file; may be repeated\n"
"  --seed N           seed of the first replicate, from which the others follow\n"
"  --replicates N     replicates of every scenario and point\n"
"  --ticks N          ticks after the burn-in; windows that end later are cut\n"
"  --force            replaces the results of an earlier run in the same directory\n"
"  --trace-hash       also writes trace.csv: the state hash after every phase of every tick\n"
"  --quiet            prints errors only\n"
"  --progress=WHEN    auto (on a terminal), always or never\n";

enum { SETS = 256 };
enum { NEVER, ALWAYS, AUTO };

struct request {
	const char *file, *directory;
	const char *set[SETS];
	struct overrides overrides;
	int64_t jobs, threads;
	int progress;
	bool force, quiet, trace;
};

static const struct option longs[] = {
	{"help", no_argument, NULL, 'h'}, {"output", required_argument, NULL, 'o'},
	{"jobs", required_argument, NULL, 'j'}, {"threads", required_argument, NULL, 't'},
	{"set", required_argument, NULL, 's'}, {"seed", required_argument, NULL, 'S'},
	{"replicates", required_argument, NULL, 'R'}, {"ticks", required_argument, NULL, 'T'},
	{"force", no_argument, NULL, 'f'}, {"quiet", no_argument, NULL, 'q'},
	{"progress", required_argument, NULL, 'p'}, {"trace-hash", no_argument, NULL, 'x'}, {0},
};

static bool progress_read(const char *command, const char *text, int *when)
{
	static const char *const names[] = {"never", "always", "auto"}; /* NEVER, ALWAYS, AUTO */
	for (int i = 0; i < LENGTH(names); i++)
		if (!strcmp(text, names[i])) {
			*when = i;
			return true;
		}
	usage_error(command, "--progress=%s: must be auto, always or never", text);
	return false;
}

static bool option_take(const char *command, int option, struct request *q)
{
	struct overrides *o = &q->overrides;
	switch (option) {
	case 'o': q->directory = optarg; return true;
	case 'j': return option_whole(command, "-j", optarg, 1, 4096, &q->jobs);
	case 't': return option_whole(command, "-t", optarg, 1, 4096, &q->threads);
	case 'S': o->seed = optarg; return true;
	case 'R':
		return option_whole(command, "--replicates", optarg, 1, RUNS_MOST, &o->replicates);
	case 'T': return option_whole(command, "--ticks", optarg, 1, TICKS_MOST, &o->ticks);
	case 'f': q->force = true; return true;
	case 'q': q->quiet = true; return true;
	case 'p': return progress_read(command, optarg, &q->progress);
	case 'x': q->trace = true; return true;
	case 's':
		if (o->set_count == SETS)
			return usage_error(command, "more than %d times --set", SETS), false;
		q->set[o->set_count++] = optarg;
		return true;
	default: return false;
	}
}

/* -1 to go on, else the exit code. */
static int options_read(int argc, char **argv, struct request *q)
{
	int option;
	q->overrides.set = q->set;
	q->progress = AUTO;
	while ((option = option_next(argc, argv, ":ho:j:t:", longs)) != -1) {
		if (option == 'h')
			return fputs(help, stdout), EXIT_DONE;
		if (!option_take(argv[0], option, q))
			return EXIT_USAGE;
	}
	q->file = operand_only(argc, argv, "FILE");
	if (q->directory && !*q->directory)
		return usage_error(argv[0], "-o needs a directory's name");
	return q->file ? -1 : EXIT_USAGE;
}

struct work { /* what the runs share */
	const struct experiment *x;
	struct output *output;
	struct run_options options;
	struct run_note *notes;
	char **traces;
	double phase_seconds[32];
	/* seconds, monotonic: the first run's begin, the last progress line */
	double started, shown;
	int64_t done, failed;
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
	if (now - w->shown < 0.1 && w->done < w->x->run_count)
		return;
	w->shown = now;
	int64_t left = (int64_t)((double)(w->x->run_count - w->done) / larger(rate, 1e-9) + 0.5);
	int filled = (int)(24 * w->done / w->x->run_count);
	fprintf(stderr, "\r[%.*s%.*s] %" PRId64 "/%" PRId64 " runs, %.3g a second, %" PRId64
		":%02" PRId64 " left ", filled, "########################", 24 - filled,
		"........................", w->done, w->x->run_count, rate, left / 60, left % 60);
	if (w->done == w->x->run_count)
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
	w->notes[r->id.run] = (struct run_note){
		.id = r->id, .state_hash = r->state_hash, .seconds = r->seconds,
		.status = r->err.code == EXIT_DONE ? "done" : mem_text(r->err.text),
	};
	for (int i = 0; i < LENGTH(w->phase_seconds); i++)
		w->phase_seconds[i] += r->phase_seconds[i];
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

static void run_one(void *context, int64_t run)
{
	struct work *w = context;
	struct run_id id = experiment_run(w->x, run);
	struct run_result result;
	struct finished finished = {.work = w, .result = &result};
	if (w->e.code != EXIT_DONE)
		return; /* the disk is full: nothing more can be kept */
	run_do(w->x, &id, &w->options, &result);
	if (w->traces) {
		w->traces[run] = result.trace;
		result.trace = NULL;
	}
	output_add(w->output, &result, &finished.e);
	par_locked(run_note, &finished);
	run_result_free(&result);
}

static void file_forget(const char *directory, const char *name)
{
	char *path = mem_format("%s/%s", directory, name);
	remove(path);
	mem_free(path);
}

/* trace.csv: each run's lines "tick,phase,hash" after its number. An old one is of no use. */
static int traces_write(const struct work *w, const char *directory, struct err *e)
{
	struct text text = {0};
	if (!w->traces) {
		file_forget(directory, "trace.csv");
		return 0;
	}
	text_add(&text, "run,tick,phase,hash\n");
	for (int64_t run = 0; run < w->x->run_count; run++) {
		char *line = w->traces[run], *end;
		for (; line && (end = strchr(line, '\n')) != NULL; line = end + 1)
			text_add(&text, "%" PRId64 ",%.*s", run, (int)(end - line) + 1, line);
	}
	int failed = write_text_file(directory, "trace.csv", text.s, e);
	text_free(&text);
	return failed;
}

static char *command_line_text(int argc, char **argv)
{
	struct text t = {0};
	text_add(&t, "ludd");
	for (int i = 0; i < argc; i++)
		text_add(&t, " %s", argv[i]);
	return t.s;
}

static double seconds_since_epoch(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void files_list(const char *directory)
{
	static const char *const names[] = {
		"experiment.json", "manifest.json", "series.csv", "summary.csv", "compare.csv",
		"design.csv", "sensitivity.csv", "firms.csv", "workers.csv", "datapackage.json",
		"trace.csv",
	};
	printf("\n");
	for (int i = 0; i < LENGTH(names); i++) {
		char *path = mem_format("%s/%s", directory, names[i]);
		if (!access(path, R_OK))
			printf("%s\n", path);
		mem_free(path);
	}
}

static void work_free(struct work *w)
{
	for (int64_t i = 0; i < w->x->run_count; i++) {
		if (w->notes[i].status && strcmp(w->notes[i].status, "done") != 0)
			mem_free((char *)w->notes[i].status);
		if (w->traces)
			mem_free(w->traces[i]);
	}
	mem_free(w->notes);
	mem_free(w->traces);
}

/* The runs, their files and the manifest; 0 or -1 with e set. */
static int experiment_do(const struct experiment *x, const struct request *q,
			 const struct footprint *need, const char *directory, char *command_line,
			 struct err *e)
{
	struct work w = {.x = x, .options = {need->threads, q->trace}, .started = par_clock()};
	struct manifest m = {.command_line = command_line, .started = seconds_since_epoch(),
			     .jobs = need->jobs, .threads = need->threads,
			     .run_count = x->run_count};
	int failed = output_prepare(directory, q->force, e);
	if (failed || !(w.output = output_open(x, directory, e)))
		return -1;
	w.progress = !q->quiet && (q->progress == AUTO ? isatty(STDERR_FILENO) != 0
							: q->progress == ALWAYS);
	MEM_NEW(w.notes, x->run_count, "the notes of the runs");
	if (q->trace)
		MEM_NEW(w.traces, x->run_count, "the traces of the runs");
	par_tasks(x->run_count, need->jobs, run_one, &w);
	if (w.e.code != EXIT_DONE) {
		*e = w.e;
		output_abandon(w.output);
		failed = -1;
	} else {
		failed = output_close(w.output, e);
	}
	m.ended = seconds_since_epoch();
	m.runs = w.notes;
	memcpy(m.phase_seconds, w.phase_seconds, sizeof(m.phase_seconds));
	if (!failed)
		failed = traces_write(&w, directory, e);
	if (!failed)
		failed = manifest_write(x, &m, directory, e);
	work_free(&w);
	return failed;
}

static int result_print(const struct experiment *x, const char *directory, struct err *e)
{
	static const struct sensitivity_options all = {0};
	if (sweep_analysed(x->sweep.method))
		return sensitivity_print(x, directory, &all, stdout, e);
	return compare_print(directory, NULL, stdout, e);
}

static int run_and_tell(const struct experiment *x, const struct request *q, char *command_line)
{
	struct err e = {0};
	struct footprint need;
	char *directory = q->directory ? mem_text(q->directory) : mem_format("outputs/%s", x->name);
	int failed = footprint_make(&need, x, (int)q->jobs, (int)q->threads, &e) ||
		     experiment_do(x, q, &need, directory, command_line, &e);
	if (!failed && !q->quiet) {
		failed = result_print(x, directory, &e);
		if (!failed)
			files_list(directory);
	}
	mem_free(directory);
	return failed ? err_print(&e) : EXIT_DONE;
}

int cmd_run(int argc, char **argv)
{
	struct request q = {0};
	struct problems problems = {0};
	struct experiment *x;
	int code = options_read(argc, argv, &q);
	if (code >= 0)
		return code;
	x = experiment_read(q.file, &q.overrides, &problems);
	code = problems_print(&problems);
	problems_free(&problems);
	if (!x)
		return code;
	char *command_line = command_line_text(argc, argv);
	code = run_and_tell(x, &q, command_line);
	mem_free(command_line);
	experiment_free(x);
	return code;
}
