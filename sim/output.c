/* The results of an experiment as they come: recorded in journals until the files are made. */
#include "ludd/output.h"

#include <inttypes.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "ludd/mem.h"
#include "ludd/output_parts.h"
#include "ludd/par.h"

enum { OPEN_MOST = 200 }; /* journals open at once */
static const double sync_seconds = 1; /* a power cut costs no more */

/* The columns that the rows of a record must fit. */
static uint64_t layout_hash(const struct experiment *x)
{
	static const enum table_name names[] = {TABLE_SERIES, TABLE_SUMMARY, TABLE_FIRMS,
						TABLE_WORKERS};
	struct text all = {0};
	for (int i = 0; i < LENGTH(names); i++) {
		struct table t = table_of(x, names[i]);
		table_header(&t, &all);
		table_free(&t);
	}
	uint64_t hash = XXH3_64bits(all.s, all.length);
	text_free(&all);
	return hash;
}

static struct output *output_new(const struct experiment *x, const char *directory)
{
	struct output *o;
	char *resolved = experiment_resolved(x);
	MEM_NEW(o, 1, "the outputs");
	MEM_NEW(o->runs, x->run_count, "the table of runs");
	o->x = x;
	o->directory = mem_text(directory);
	o->identity.experiment = XXH3_64bits(resolved, strlen(resolved));
	o->identity.layout = layout_hash(x);
	mem_free(resolved);
	return o;
}

void output_free(struct output *o)
{
	if (!o)
		return;
	for (int i = 0; i < o->journal_count; i++)
		journal_free(&o->journals[i]);
	growing_abandon(&o->grown);
	mem_free(o->journals);
	mem_free(o->sessions);
	mem_free(o->runs);
	mem_free(o->directory);
	mem_free(o);
}

/* A run that is recorded twice in a journal was found damaged or failed before. */
static void entry_put(struct output *o, int64_t run, int journal, int64_t offset, bool done)
{
	struct entry *entry = &o->runs[run];
	if (entry->state == RUN_DONE && entry->journal != journal)
		return;
	o->failed += !done - (entry->state == RUN_FAILED);
	o->done += done - (entry->state == RUN_DONE);
	*entry = (struct entry){offset, journal, done ? RUN_DONE : RUN_FAILED};
}

static void session_put(struct output *o, int journal, int64_t offset)
{
	int64_t n = o->session_count;
	if ((n & (n - 1)) == 0)
		o->sessions = mem_resize(o->sessions, n ? 2 * (size_t)n : 1, sizeof(*o->sessions),
					 "the list of sessions");
	o->sessions[o->session_count++] = (struct session){offset, journal};
}

static void record_take(void *context, const struct record *r, int64_t offset)
{
	struct output *o = context;
	int journal = o->journal_count - 1;
	if (r->run == RECORD_SESSION)
		session_put(o, journal, offset);
	else if (r->run >= 0 && r->run < o->x->run_count)
		entry_put(o, r->run, journal, offset, r->code == EXIT_DONE);
}

static int journal_take(struct output *o, const struct shard *shard, bool own, bool whole,
			struct err *e)
{
	o->journals = mem_resize(o->journals, (size_t)o->journal_count + 1, sizeof(*o->journals),
				 "the journals");
	struct journal *j = &o->journals[o->journal_count++];
	if (journal_open(j, o->directory, shard, &o->identity, own, o->traced, e))
		return -1;
	if (o->journal_count == 1 && !whole)
		o->traced = j->traced;
	if (j->traced != o->traced)
		return err_set(e, EXIT_USAGE, "%s was written %s --trace-hash; go on as it was "
			       "begun, or begin again with --force", j->path,
			       j->traced ? "with" : "without");
	if (journal_scan(j, whole, record_take, o, e))
		return -1;
	if (!own)
		journal_close(j); /* there may be more of them than files can be open */
	return 0;
}

/* Who does a shard also reads what other divisions have done, and none may be at work there; the
 * other shards of its division are no matter of his. Who only watches reads all. */
static int others_take(struct output *o, const struct shard *own, struct err *e)
{
	struct shard *list;
	int count = journals_list(o->directory, &list, e), failed = count < 0;
	for (int i = 0; i < count && !failed; i++) {
		if (own && own->count == list[i].count)
			continue;
		failed = journal_take(o, &list[i], false, own != NULL, e);
		const struct journal *j = &o->journals[o->journal_count - 1];
		if (!failed && own && j->busy)
			failed = err_set(e, EXIT_IO, "%s: another process (%ld) is writing to it; "
					 "wait for it, or end it", j->path, j->holder);
	}
	mem_free(list);
	return failed;
}

static int session_begin(struct output *o, const struct manifest *self, struct err *e)
{
	struct journal *own = &o->journals[0];
	struct text bytes = {0};
	int64_t offset;
	char *json = session_text(self, &own->shard);
	record_make_session(json, &bytes);
	int failed = journal_append(own, &bytes, &offset, e);
	if (!failed)
		session_put(o, 0, offset);
	mem_free(json);
	text_free(&bytes);
	return failed;
}

struct output *output_open(const struct experiment *x, const char *directory,
			   const struct output_options *options, struct err *e)
{
	static const struct output_options all = {0};
	struct output *o = output_new(x, directory);
	struct shard shard = {0, 1};
	if (!options)
		options = &all;
	if (options->shard.count)
		shard = options->shard;
	o->traced = options->traced;
	o->synced = par_clock();
	if (shards_begin(x, directory, e) || journal_take(o, &shard, true, true, e) ||
	    others_take(o, &shard, e) || session_begin(o, &options->self, e) ||
	    (!options->shard.count && growing_begin(o, true, e))) {
		output_free(o);
		return NULL;
	}
	return o;
}

struct output *output_watch(const struct experiment *x, const char *directory, struct err *e)
{
	struct output *o = output_new(x, directory);
	if (!others_take(o, NULL, e))
		return o;
	output_free(o);
	return NULL;
}

bool output_done(const struct output *o, int64_t run)
{
	return o->runs[run].state == RUN_DONE;
}

struct handover {
	struct output *o;
	const struct text *bytes;
	int64_t run;
	bool done, sync;
	struct err e; /* code 0: recorded */
};

static void run_take(void *context)
{
	struct handover *h = context;
	struct output *o = h->o;
	int64_t offset;
	if (journal_append(&o->journals[0], h->bytes, &offset, &h->e))
		return;
	entry_put(o, h->run, 0, offset, h->done);
	h->sync = !o->syncing && par_clock() - o->synced > sync_seconds;
	o->syncing = o->syncing || h->sync;
}

static void sync_note(void *context)
{
	struct output *o = context;
	o->syncing = false;
	o->synced = par_clock();
}

int output_add(struct output *o, const struct run_result *r, struct err *e)
{
	struct text bytes;
	struct record record;
	struct handover h = {.o = o, .bytes = &bytes, .run = r->id.run,
			     .done = r->err.code == EXIT_DONE};
	record_make(o->x, r, &bytes);
	par_locked(run_take, &h);
	if (h.e.code == EXIT_DONE && record_head_read(bytes.s, &record) &&
	    record_sections_read(&record, bytes.s + RECORD_HEAD))
		growing_add(o, &record, &h.e);
	text_free(&bytes);
	if (h.sync) {
		journal_sync(&o->journals[0], &h.e);
		par_locked(sync_note, o);
	}
	if (h.e.code == EXIT_DONE)
		return 0;
	*e = h.e;
	return -1;
}

static int record_fetch(struct output *o, int journal, int64_t offset, int only, struct record *r,
			struct err *e)
{
	struct journal *j = &o->journals[journal];
	if (j->descriptor < 0 && o->open_count++ == OPEN_MOST) {
		for (int i = 0; i < o->journal_count; i++)
			if (!o->journals[i].own)
				journal_close(&o->journals[i]);
		o->open_count = 1;
	}
	return journal_read(j, offset, only, r, e);
}

int output_record(struct output *o, int64_t run, int only, struct record *r, struct err *e)
{
	const struct entry *entry = &o->runs[run];
	return record_fetch(o, entry->journal, entry->offset, only, r, e);
}

int output_session(struct output *o, int64_t session, struct record *r, struct err *e)
{
	const struct session *s = &o->sessions[session];
	return record_fetch(o, s->journal, s->offset, -1, r, e);
}

char *output_failure(struct output *o, int64_t run)
{
	struct record r = {0};
	struct err e = {0};
	char *reason = NULL;
	if (o->runs[run].state == RUN_FAILED) {
		bool good = !output_record(o, run, SECTION_NOTE, &r, &e);
		reason = good ? mem_format("%.*s", (int)r.length[SECTION_NOTE],
					   r.section[SECTION_NOTE]) : mem_text(e.text);
	}
	record_free(&r);
	return reason;
}
