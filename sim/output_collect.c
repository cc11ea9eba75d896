/* The files of the output directory, made from the journals run by run: memory does not grow with
 * the number of runs. */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "ludd/mem.h"
#include "ludd/output_parts.h"

struct collection {
	struct output *o;
	struct outfile summary;
	struct record run, own, base; /* unemployment: the run's own, that of the baseline */
};

/* The same point and replicate in the first scenario; in the others it is `apart` runs on. */
static int64_t group_first(const struct experiment *x, int64_t run, int64_t *apart)
{
	*apart = x->point_count * x->replicates;
	return run % *apart;
}

bool group_done(const struct output *o, int64_t run)
{
	int64_t apart, first = group_first(o->x, run, &apart);
	for (int s = 0; s < o->x->scenario_count; s++)
		if (!output_done(o, first + s * apart))
			return false;
	return true;
}

/* The summary's rows lack their last column. */
static int rows_complete(struct collection *c, const int64_t *months, struct err *e)
{
	const char *line = c->run.section[SECTION_SUMMARY];
	const char *end = line + c->run.length[SECTION_SUMMARY];
	char column[32];
	for (int w = 0; w < c->o->x->window_count && line < end; w++) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		int n = snprintf(column, sizeof(column), ",%" PRId64 "\n", months[w]);
		if (!stop)
			stop = end;
		if (outfile_write(&c->summary, line, (size_t)(stop - line), e) ||
		    outfile_write(&c->summary, column, (size_t)n, e))
			return -1;
		line = stop + 1;
	}
	return 0;
}

static int run_summarised(struct collection *c, int64_t run, struct err *e)
{
	const struct experiment *x = c->o->x;
	int64_t months[WINDOWS] = {0}, apart, base;
	base = group_first(x, run, &apart) + x->baseline * apart;
	if (output_record(c->o, run, SECTION_SUMMARY, &c->run, e))
		return -1;
	if (run != base) {
		if (output_record(c->o, run, SECTION_UNEMPLOYMENT, &c->own, e) ||
		    output_record(c->o, base, SECTION_UNEMPLOYMENT, &c->base, e))
			return -1;
		high_months_count(x, &c->own, &c->base, months);
	}
	return rows_complete(c, months, e);
}

static int summary_write(struct collection *c, struct err *e)
{
	struct text header = {0};
	struct table t = table_of(c->o->x, TABLE_SUMMARY);
	table_header(&t, &header);
	int failed = outfile_open(&c->summary, c->o->directory, t.file, e) ||
		     outfile_write(&c->summary, header.s, header.length, e);
	table_free(&t);
	text_free(&header);
	for (int64_t run = 0; run < c->o->x->run_count && !failed; run++)
		failed = group_done(c->o, run) && run_summarised(c, run, e);
	return failed;
}

/* What forbids to make the files. */
static int output_checked(struct output *o, bool partial, struct err *e)
{
	bool enough = o->done == o->x->run_count;
	for (int64_t run = 0; run < o->x->run_count && partial && !enough; run++)
		enough = group_done(o, run);
	if (enough)
		return 0;
	char *rest = output_rest(o);
	err_set(e, EXIT_RUN, "%s: %s%s", o->directory, partial ?
		"no replicate is done in every scenario yet: " : "", rest);
	mem_free(rest);
	return -1;
}

/* The manifest vouches for what was there: it goes first. Then what this experiment does not
 * write. */
static int old_results_remove(const struct output *o, struct err *e)
{
	int failed = file_remove(o->directory, "manifest.json", e);
	if (!failed && !o->traced)
		failed = file_remove(o->directory, "trace.csv", e);
	for (int i = 0; i < TABLE_COUNT && !failed; i++) {
		struct table t = table_of(o->x, (enum table_name)i);
		if (!table_wanted(o->x, (enum table_name)i))
			failed = file_remove(o->directory, t.file, e);
		table_free(&t);
	}
	return failed ? -1 : 0;
}

static int json_write(const char *directory, const char *name, char *text, struct err *e)
{
	int failed = write_text_file(directory, name, text, e);
	mem_free(text);
	return failed;
}

/* PARTIAL is there before any incomplete result and as long as there is one. */
static int mark_write(struct output *o, struct err *e)
{
	struct text text = {0};
	struct ranges left = ranges_begin(&text);
	text_add(&text, "%" PRId64 " of %" PRId64 " runs are done. summary.csv and compare.csv "
		 "hold the replicates that are done in every scenario, the other files every run "
		 "that is done.\nfailed: %" PRId64 "\nnot done: runs ", o->done, o->x->run_count,
		 o->failed);
	for (int64_t run = 0; run < o->x->run_count; run++)
		if (!output_done(o, run))
			range_add(&left, run);
	range_close(&left);
	text_add(&text, "\n");
	int failed = write_text_file(o->directory, "PARTIAL", text.s, e);
	text_free(&text);
	return failed;
}

static int files_commit(struct collection *c, const struct manifest *m, struct err *e)
{
	struct output *o = c->o;
	const struct experiment *x = o->x;
	struct compare_options options = {.baseline = x->scenarios[x->baseline].name};
	bool partial = o->done < x->run_count;
	if (old_results_remove(o, e) || (partial && mark_write(o, e)))
		return -1;
	if (growing_commit(&o->grown, e) || outfile_commit(&c->summary, e))
		return -1;
	if (compare_write(o->directory, &options, e) || design_write(x, o->directory, e) ||
	    transitions_write(o, e) ||
	    sensitivity_write(x, o->directory, e) ||
	    json_write(o->directory, "datapackage.json", package_text(x), e) ||
	    json_write(o->directory, "experiment.json", experiment_resolved(x), e) ||
	    (!partial && file_remove(o->directory, "PARTIAL", e)))
		return -1;
	return m ? manifest_write(o, m, e) : 0;
}

static int files_make(struct collection *c, const struct manifest *m, struct err *e)
{
	struct output *o = c->o;
	return (!o->grown.open && growing_begin(o, false, e)) || growing_finish(o, e) ||
	       summary_write(c, e) || files_commit(c, m, e);
}

int output_complete(struct output *o, const struct manifest *m, bool partial, struct err *e)
{
	struct collection c = {.o = o};
	if (output_checked(o, partial, e))
		return -1;
	int lock = shards_lock(o->directory, e);
	if (lock < 0)
		return -1;
	temporaries_remove(o->directory);
	int failed = files_make(&c, m, e);
	growing_abandon(&o->grown);
	outfile_abandon(&c.summary);
	record_free(&c.run);
	record_free(&c.own);
	record_free(&c.base);
	close(lock);
	return failed ? -1 : 0;
}
