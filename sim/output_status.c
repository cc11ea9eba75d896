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
