/* How far an experiment is, by run and by shard. */
#include <inttypes.h>

#include "ludd/mem.h"
#include "ludd/output_parts.h"

int64_t output_shards(const struct output *o)
{
	int64_t count = 1;
	for (int i = 0; i < o->journal_count; i++)
		count = larger_i64(count, o->journals[i].shard.count);
	return count;
}

struct output_shard *output_progress(const struct output *o, int64_t count)
{
	struct output_shard *shards;
	MEM_NEW(shards, count, "the shards");
	for (int64_t i = 0; i < count; i++)
		shards[i].shard = (struct shard){i, count};
	for (int i = 0; i < o->journal_count; i++) {
		const struct journal *j = &o->journals[i];
		struct output_shard *s = &shards[j->shard.number % count];
		if (j->shard.count != count)
			continue;
		s->begun = true;
		s->busy = j->busy;
		s->holder = j->holder;
	}
	for (int64_t run = 0; run < o->x->run_count; run++) {
		struct output_shard *s = &shards[run % count];
		s->runs++;
		s->done += o->runs[run].state == RUN_DONE;
		s->failed += o->runs[run].state == RUN_FAILED;
	}
	return shards;
}

/* Whether a process is at work on the shard, of whatever division, that has this run. */
static bool run_busy(const struct output *o, int64_t run)
{
	for (int i = 0; i < o->journal_count; i++)
		if (o->journals[i].busy &&
		    run % o->journals[i].shard.count == o->journals[i].shard.number)
			return true;
	return false;
}

struct ranges ranges_begin(struct text *text)
{
	return (struct ranges){text, 0, -1, ""};
}

void range_close(struct ranges *l)
{
	if (l->first > l->last)
		return;
	text_add(l->text, "%s%" PRId64, l->comma, l->first);
	if (l->last > l->first)
		text_add(l->text, "-%" PRId64, l->last);
	l->comma = ",";
}

void range_add(struct ranges *l, int64_t n)
{
	if (n != l->last + 1 || l->first > l->last) {
		range_close(l);
		l->first = n;
	}
	l->last = n;
}

/* At most `most` bytes of a list. */
static void list_add(struct text *text, const char *before, const struct text *list, int most)
{
	int shown = (int)smaller_i64(most, (int64_t)list->length);
	text_add(text, "%s%.*s%s", before, shown, list->s ? list->s : "",
		 (size_t)shown < list->length ? "..." : "");
}

static void state_add(const struct output *o, enum run_state state, const char *before,
		      struct text *text)
{
	struct text list = {0};
	struct ranges runs = ranges_begin(&list);
	for (int64_t run = 0; run < o->x->run_count; run++)
		if (o->runs[run].state == (int32_t)state)
			range_add(&runs, run);
	range_close(&runs);
	list_add(text, before, &list, 200);
	text_free(&list);
}

static void first_failure_add(struct output *o, struct text *text)
{
	int64_t run = 0;
	while (o->runs[run].state != RUN_FAILED)
		run++;
	struct run_id id = experiment_run(o->x, run);
	char *reason = output_failure(o, run);
	text_add(text, "; the first is run %" PRId64 " (scenario %s, point %" PRId64 ", replicate %"
		 PRId64 ", seed %" PRIu64 "): %.300s; ", run, o->x->scenarios[id.scenario].name,
		 id.point, id.replicate, id.seed, reason);
	mem_free(reason);
}

char *output_rest(struct output *o)
{
	struct text text = {0}, shards = {0};
	int64_t runs = o->x->run_count, missing = runs - o->done - o->failed;
	int64_t count = output_shards(o);
	if (o->failed > 0) {
		text_add(&text, "%" PRId64 " of %" PRId64 " runs failed", o->failed, runs);
		state_add(o, RUN_FAILED, ": ", &text);
		first_failure_add(o, &text);
	}
	if (missing > 0) {
		text_add(&text, "%" PRId64 " of %" PRId64 " runs are missing", missing, runs);
		state_add(o, RUN_MISSING, ": ", &text);
		text_add(&text, "; ");
	}
	output_shards_left(o, count, &shards);
	if (!shards.s) {
		text_add(&text, "a process is at work on them");
	} else {
		if (count > 1) {
			list_add(&text, "shards ", &shards, 200);
			text_add(&text, " of %" PRId64 " have runs left; ", count);
		}
		text_add(&text, "ludd run with --resume%s does what is left",
			 count > 1 ? " (or with --shard)" : "");
	}
	text_free(&shards);
	return text.s;
}

void output_runs_left(const struct output *o, struct text *text)
{
	struct ranges list = ranges_begin(text);
	for (int64_t run = 0; run < o->x->run_count; run++)
		if (o->runs[run].state != RUN_DONE && !run_busy(o, run))
			range_add(&list, run);
	range_close(&list);
}

void output_shards_left(const struct output *o, int64_t count, struct text *text)
{
	struct ranges list = ranges_begin(text);
	bool *left;
	MEM_NEW(left, count, "the shards");
	for (int64_t run = 0; run < o->x->run_count; run++)
		if (o->runs[run].state != RUN_DONE && !left[run % count] && !run_busy(o, run))
			left[run % count] = true;
	for (int64_t i = 0; i < count; i++)
		if (left[i])
			range_add(&list, i);
	range_close(&list);
	mem_free(left);
}
