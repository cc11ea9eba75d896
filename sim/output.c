/* The results of an experiment as they come, written in the order of runs. */
#include "ludd/output.h"

#include <inttypes.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/output_parts.h"
#include "ludd/par.h"

/* files that grow run by run */
enum stream { STREAM_SERIES, STREAM_FIRMS, STREAM_WORKERS, STREAMS };
static const enum table_name stream_table[STREAMS] = {TABLE_SERIES, TABLE_FIRMS, TABLE_WORKERS};

struct output {
	const struct experiment *x;
	char *directory;
	struct outfile files[STREAMS]; /* stream NULL where the file is not wanted */
	struct pending {
		bool here;
		char *text[STREAMS];
	} *runs;
	int64_t next; /* all runs before it are written */
	int64_t failed_count, failed_run; /* the first that failed */
	struct err failure;               /* its reason */
	struct err io;                    /* the first write that failed */
	struct summary *summary;
};

static int stream_open(struct output *o, enum stream s, struct err *e)
{
	struct text header = {0};
	if (!table_wanted(o->x, stream_table[s]))
		return 0;
	struct table t = table_of(o->x, stream_table[s]);
	table_header(&t, &header);
	int failed = outfile_open(&o->files[s], o->directory, t.file, e) ||
		     outfile_write(&o->files[s], header.s, header.length, e);
	table_free(&t);
	text_free(&header);
	return failed ? -1 : 0;
}

struct output *output_open(const struct experiment *x, const char *directory, struct err *e)
{
	struct output *o;
	MEM_NEW(o, 1, "the outputs");
	MEM_NEW(o->runs, x->run_count, "the table of runs");
	o->x = x;
	o->directory = mem_text(directory);
	o->summary = summary_new(x);
	for (int s = 0; s < STREAMS; s++)
		if (stream_open(o, (enum stream)s, e)) {
			output_abandon(o);
			return NULL;
		}
	return o;
}

static void pending_free(struct pending *p)
{
	for (int s = 0; s < STREAMS; s++) {
		mem_free(p->text[s]);
		p->text[s] = NULL;
	}
}

void output_abandon(struct output *o)
{
	if (!o)
		return;
	for (int s = 0; s < STREAMS; s++)
		outfile_abandon(&o->files[s]);
	for (int64_t i = 0; i < o->x->run_count; i++)
		pending_free(&o->runs[i]);
	summary_free(o->summary);
	mem_free(o->runs);
	mem_free(o->directory);
	mem_free(o);
}

static void pending_write(struct output *o, struct pending *p)
{
	for (int s = 0; s < STREAMS; s++) {
		const char *text = p->text[s];
		if (text && o->files[s].stream && o->io.code == EXIT_DONE)
			outfile_write(&o->files[s], text, strlen(text), &o->io);
	}
	pending_free(p);
}

static void failure_note(struct output *o, const struct run_result *r)
{
	if (o->failed_count == 0 || r->id.run < o->failed_run) {
		o->failed_run = r->id.run;
		o->failure = r->err;
	}
	o->failed_count++;
}

struct handover {
	struct output *o;
	const struct run_result *r;
	struct pending pending;
	struct err io;
};

static void run_take(void *context)
{
	struct handover *h = context;
	struct output *o = h->o;
	if (h->r->err.code != EXIT_DONE)
		failure_note(o, h->r);
	else
		summary_add(o->summary, h->r);
	o->runs[h->r->id.run] = h->pending;
	for (; o->next < o->x->run_count && o->runs[o->next].here; o->next++)
		pending_write(o, &o->runs[o->next]);
	h->io = o->io;
}

int output_add(struct output *o, struct run_result *r, struct err *e)
{
	struct text series = {0};
	struct handover h = {o, r, {true, {NULL, r->firms_rows, r->workers_rows}}, {0}};
	if (r->err.code == EXIT_DONE)
		series_rows(o->x, r, &series);
	h.pending.text[STREAM_SERIES] = series.s;
	par_locked(run_take, &h);
	mem_free(r->ticks);
	mem_free(r->series);
	r->ticks = NULL;
	r->series = NULL;
	r->firms_rows = r->workers_rows = NULL;
	r->rows = 0;
	if (h.io.code != EXIT_DONE)
		*e = h.io;
	return h.io.code != EXIT_DONE ? -1 : 0;
}

/* What forbids to complete the files. */
static int output_checked(const struct output *o, struct err *e)
{
	if (o->io.code != EXIT_DONE) {
		*e = o->io;
		return -1;
	}
	if (o->failed_count > 0) {
		struct run_id id = experiment_run(o->x, o->failed_run);
		return err_set(e, EXIT_RUN,
			       "%" PRId64 " of %" PRId64 " runs failed; the first is run %" PRId64
			       " (scenario %s, point %" PRId64 ", replicate %" PRId64
			       ", seed %" PRIu64 "): %s",
			       o->failed_count, o->x->run_count, id.run,
			       o->x->scenarios[id.scenario].name, id.point, id.replicate, id.seed,
			       o->failure.text);
	}
	if (o->next < o->x->run_count)
		return err_set(e, EXIT_RUN, "run %" PRId64 " of %" PRId64 " is missing", o->next,
			       o->x->run_count);
	return 0;
}

/* The manifest vouches for what was there: it goes first. Then what this experiment does not
 * write. */
static int old_results_remove(const struct output *o, struct err *e)
{
	int failed = file_remove(o->directory, "manifest.json", e) ||
		     file_remove(o->directory, "trace.csv", e);
	for (int i = 0; i < TABLE_COUNT && !failed; i++) {
		struct table t = table_of(o->x, (enum table_name)i);
		if (!table_wanted(o->x, (enum table_name)i))
			failed = file_remove(o->directory, t.file, e);
		table_free(&t);
	}
	return failed ? -1 : 0;
}

static int table_write(const struct output *o, enum table_name name, struct err *e)
{
	struct text text = {0};
	struct table t = table_of(o->x, name);
	table_header(&t, &text);
	if (name == TABLE_SUMMARY)
		summary_rows(o->summary, &text);
	else
		design_rows(o->x, &text);
	int failed = write_text_file(o->directory, t.file, text.s, e);
	table_free(&t);
	text_free(&text);
	return failed;
}

static int json_write(const char *directory, const char *name, char *text, struct err *e)
{
	int failed = write_text_file(directory, name, text, e);
	mem_free(text);
	return failed;
}

static int files_complete(struct output *o, struct err *e)
{
	const struct experiment *x = o->x;
	struct compare_options options = {.baseline = x->scenarios[x->baseline].name};
	if (old_results_remove(o, e))
		return -1;
	for (int s = 0; s < STREAMS; s++)
		if (o->files[s].stream && outfile_commit(&o->files[s], e))
			return -1;
	if (table_write(o, TABLE_SUMMARY, e) || compare_write(o->directory, &options, e) ||
	    (table_wanted(x, TABLE_DESIGN) && table_write(o, TABLE_DESIGN, e)) ||
	    sensitivity_write(x, o->directory, e) ||
	    json_write(o->directory, "datapackage.json", package_text(x), e))
		return -1;
	return json_write(o->directory, "experiment.json", experiment_resolved(x), e);
}

int output_close(struct output *o, struct err *e)
{
	int failed = output_checked(o, e) || files_complete(o, e);
	output_abandon(o);
	return failed ? -1 : 0;
}
