/* The files that have rows of every run, in the order of runs: series.csv, panels, trace.csv. The
 * process that will make the results writes them while runs are under way, so that little is left
 * to do at the end: whoever finishes the run that comes next adds its rows, and those of the runs
 * behind it that were finished before. The journals stay what counts: after a kill the files are
 * begun anew. */
#include <string.h>

#include "ludd/mem.h"
#include "ludd/output_parts.h"
#include "ludd/par.h"

enum { TURN = 32 << 20 }; /* bytes read back before a thread returns to its runs */
static const struct {
	enum table_name table; /* TABLE_COUNT: trace.csv */
	enum section section;
} grown[GROWN] = {
	{TABLE_SERIES, SECTION_SERIES}, {TABLE_FIRMS, SECTION_FIRMS},
	{TABLE_WORKERS, SECTION_WORKERS}, {TABLE_COUNT, SECTION_TRACE},
};

static int file_begin(struct outfile *f, const char *directory, const char *name,
		      const char *workplace, const char *header, struct err *e)
{
	return (workplace ? outfile_open_in(f, directory, name, workplace, e)
			  : outfile_open(f, directory, name, e)) ||
	       outfile_write(f, header, strlen(header), e) ? -1 : 0;
}

static int table_begin(struct output *o, int i, const char *workplace, struct err *e)
{
	struct outfile *f = &o->grown.files[i];
	if (grown[i].table == TABLE_COUNT)
		return o->traced ? file_begin(f, o->directory, "trace.csv", workplace,
					      "run,tick,phase,hash\n", e) : 0;
	if (!table_wanted(o->x, grown[i].table))
		return 0;
	struct text header = {0};
	struct table t = table_of(o->x, grown[i].table);
	table_header(&t, &header);
	int failed = file_begin(f, o->directory, t.file, workplace, header.s, e);
	table_free(&t);
	text_free(&header);
	return failed;
}

int growing_begin(struct output *o, bool early, struct err *e)
{
	char *shards = mem_format("%s/shards", o->directory);
	int failed = 0;
	for (int i = 0; i < GROWN && !failed; i++)
		failed = table_begin(o, i, early ? shards : NULL, e);
	mem_free(shards);
	o->grown.open = !failed;
	if (failed)
		growing_abandon(&o->grown);
	return failed;
}

void growing_abandon(struct growing *g)
{
	for (int i = 0; i < GROWN; i++)
		outfile_abandon(&g->files[i]);
	record_free(&g->read);
	g->next = 0;
	g->open = g->busy = false;
}

/* The next run's rows: of the record at hand where it is that run's. */
static int run_write(struct output *o, const struct record *at_hand, int64_t *bytes, struct err *e)
{
	struct growing *g = &o->grown;
	const struct record *r = at_hand;
	if (!r || r->run != g->next) {
		if (output_record(o, g->next, -1, &g->read, e))
			return -1;
		r = &g->read;
		*bytes += r->bytes;
	}
	for (int i = 0; i < GROWN; i++) {
		enum section section = grown[i].section;
		if (g->files[i].stream &&
		    outfile_write(&g->files[i], r->section[section], r->length[section], e))
			return -1;
	}
	return 0;
}

struct turn {
	struct output *o;
	bool mine, failed;
	int64_t bytes; /* read back */
};

static void turn_next(void *context)
{
	struct turn *t = context;
	struct growing *g = &t->o->grown;
	bool unclaimed = t->mine || !g->busy;
	if (t->failed)
		growing_abandon(g);
	else if (t->mine)
		g->next++;
	t->mine = g->open && unclaimed && t->bytes < TURN && g->next < t->o->x->run_count &&
		  output_done(t->o, g->next);
	if (unclaimed)
		g->busy = t->mine;
}

int growing_add(struct output *o, const struct record *r, struct err *e)
{
	struct turn t = {.o = o};
	for (par_locked(turn_next, &t); t.mine; par_locked(turn_next, &t))
		t.failed = run_write(o, r, &t.bytes, e);
	return t.failed ? -1 : 0;
}

int growing_finish(struct output *o, struct err *e)
{
	struct growing *g = &o->grown;
	int64_t bytes = 0;
	for (; g->next < o->x->run_count; g->next++)
		if (output_done(o, g->next) && run_write(o, NULL, &bytes, e))
			return -1;
	return 0;
}

int growing_commit(struct growing *g, struct err *e)
{
	for (int i = 0; i < GROWN; i++)
		if (g->files[i].stream && outfile_commit(&g->files[i], e))
			return -1;
	return 0;
}

const char *growing_digest(const struct growing *g, enum table_name table)
{
	for (int i = 0; i < GROWN; i++)
		if (grown[i].table == table && *g->files[i].digest)
			return g->files[i].digest;
	return NULL;
}
