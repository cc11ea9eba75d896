/* Firms dismiss the people they decided to, chosen by lot among their own staff; others quit
 * into the reserve army (E25). Writes workers' employer and firms' staff. */
#include "ludd/phases.h"
#include "ludd/rng_rows.h"
#include "ludd/rows.h"
#include "ludd/scratch.h"

enum { CHUNK = 512 }; /* rows at a time: what they need stays in the nearest cache */

static void worker_leaves(struct world *w, int64_t n)
{
	w->worker.employer[n] = NO_FIRM;
	w->worker.spell[n] = 0;
}

/* Marks the firms that dismiss; tells whether there are any. */
static bool dismissals_marked(struct world *w)
{
	struct scratch *s = w->scratch;

	PAR_STRIPS(b, w->firms, w->threads) {
		int64_t any = 0;
		STRIP_ROWS(j, b, w->firms) {
			s->mark[j] = w->firm.layoffs[j] > 0;
			any += s->mark[j];
		}
		s->tally[b] = (struct tally){.count = {any}};
	}
	s->mark[w->firms] = 0;
	return tally_sum(s->tally, par_strips(w->firms)).count[0] > 0;
}

/* Rows of the chunk that work at a marked firm. */
static int staff_of_marked(const struct world *w, int64_t first, int count, uint16_t *row)
{
	const uint32_t *employer = &w->worker.employer[first];
	const uint8_t *mark = w->scratch->mark;
	uint32_t nobody = (uint32_t)w->firms;
	uint8_t flag[CHUNK];

	for (int i = 0; i < count; i++)
		flag[i] = mark[employer[i] < nobody ? employer[i] : nobody];
	return rows_where(flag, count, row);
}

/* Lists the staff of marked firms by block, as entries of lists by firm, and counts it by firm. */
static void block_counted(const struct world *w, struct rng_key key, int64_t b, int64_t *count)
{
	int64_t end = par_end(b, w->people);
	uint64_t *entry = scratch_staff(w->scratch, b), *next = entry;

	for (int64_t first = b * PAR_BLOCK; first < end; first += CHUNK) {
		uint16_t row[CHUNK + ROWS_SLACK];
		uint32_t lot[CHUNK];
		int staff = staff_of_marked(w, first, (int)smaller_i64(CHUNK, end - first), row);
		rng_rows_chosen(key, (uint64_t)first, row, staff, 1, (uint32_t *[]){lot});
		for (int k = 0; k < staff; k++) {
			int64_t n = first + row[k];
			*next++ = (uint64_t)lot[k] << 32 | (uint64_t)n;
			count[w->worker.employer[n]]++;
		}
	}
	w->scratch->staff[b] = (int32_t)(next - entry);
}

static void block_listed(const struct world *w, int64_t b, int64_t *next)
{
	const uint64_t *entry = scratch_staff(w->scratch, b);

	for (int32_t k = 0; k < w->scratch->staff[b]; k++)
		*list_place(w, next, w->worker.employer[(uint32_t)entry[k]]) = entry[k];
}

/* Lists the staff of the marked firms, with lots. */
static void staff_listed(struct world *w)
{
	struct rng_key key = rng_key(w->seed, DRAW_layoff, w->tick);

	lists_begin(w);
	PAR_PARTS(part, w->threads) {
		struct shelf *lists = &w->scratch->lists;
		int64_t at = shelf_opened(lists, PART_FIRST(part, w->people, w->threads));
		PART_BLOCKS(b, part, w->people, w->threads) {
			shelf_placed(lists, b, at);
			block_counted(w, key, b, lists_count(w, part));
			at = shelf_next(at, w->scratch->staff[b] * (int64_t)sizeof(uint64_t));
		}
	}
	lists_lay_out(w);
	PAR_PARTS(part, w->threads)
		PART_BLOCKS(b, part, w->people, w->threads)
			block_listed(w, b, lists_count(w, part));
	lists_written(w);
}

/* Puts those whom firm j dismisses before the others of its list, and asks for their rows. */
static void dismissed_selected(struct world *w, int64_t j)
{
	struct scratch *s = w->scratch;
	uint64_t *list = &s->list[s->first[j]];

	select_keys(list, s->first[j + 1] - s->first[j], w->firm.layoffs[j]);
	for (int32_t i = 0; i < w->firm.layoffs[j]; i++) {
		uint32_t n = (uint32_t)list[i];
		fetch(&w->worker.employer[n]);
		fetch(&w->worker.spell[n]);
		fetch(&w->worker.region[n]);
	}
}

static void firm_dismisses(struct world *w, int64_t j)
{
	struct scratch *s = w->scratch;

	for (int32_t i = 0; i < w->firm.layoffs[j]; i++) {
		uint32_t n = (uint32_t)s->list[s->first[j] + i];
		worker_leaves(w, n);
		par_add(&s->separated[w->worker.region[n]], 1, w->threads);
	}
	w->firm.staff[j] -= w->firm.layoffs[j];
}

static void staff_dismissed(struct world *w)
{
	struct scratch *s = w->scratch;

	PAR_STRIPS(b, w->firms, w->threads) {
		int64_t dismissed = 0;
		STRIP_ROWS(j, b, w->firms)
			if (s->mark[j])
				dismissed_selected(w, j);
		STRIP_ROWS(j, b, w->firms)
			if (s->mark[j]) {
				firm_dismisses(w, j);
				dismissed += w->firm.layoffs[j];
			}
		s->tally[b] = (struct tally){.count = {dismissed}};
	}
	w->census.head.layoffs += tally_sum(s->tally, par_strips(w->firms)).count[0];
}

struct quits { /* E25: chance of quitting at a firm, 2^-32: rate * (1 + more * monitoring) */
	struct rng_key key;
	double rate, more;
	uint64_t highest; /* at the strictest firm: who draws more stays */
};

/* Quits of a chunk. */
static int64_t chunk_quits(struct world *w, const struct quits *q, int64_t first, int count)
{
	const uint32_t *employer = &w->worker.employer[first];
	uint32_t draw[CHUNK];
	uint16_t row[CHUNK + ROWS_SLACK];
	int64_t quits = 0;
	int found;

	rng_rows(q->key, (uint64_t)first, count, draw);
	found = rows_below(draw, q->highest, count, row);
	for (int k = 0; k < found; k++) {
		fetch(&employer[row[k]]);
		fetch(&w->worker.spell[first + row[k]]);
	}
	for (int k = 0; k < found; k++) {
		uint32_t j = employer[row[k]];
		if (j == NO_FIRM ||
		    draw[row[k]] >= q->rate * (1.0 + q->more * w->firm.surveillance[j]))
			continue;
		worker_leaves(w, first + row[k]);
		par_add_i32(&w->firm.staff[j], -1, w->threads);
		quits++;
	}
	return quits;
}

/* Quits of a block, by chunks of one region. */
static int64_t block_quits(struct world *w, const struct quits *q, int64_t b)
{
	int64_t end = par_end(b, w->people), all = 0;

	for (int64_t first = b * PAR_BLOCK, behind; first < end; first = behind) {
		uint16_t r = w->worker.region[first];
		int64_t left;
		behind = smaller_i64(smaller_i64(first + CHUNK, end), w->people_first[r + 1]);
		left = chunk_quits(w, q, first, (int)(behind - first));
		par_add(&w->scratch->separated[r], left, w->threads);
		all += left;
	}
	return all;
}

/* E25: quits into unemployment, more where work is monitored. */
static void people_quit(struct world *w)
{
	const struct params *p = &w->par;
	double strictest = firms_largest(w, w->firm.surveillance);
	double most = 1.0 + p->labour.surveillance_quits * strictest;
	struct quits quits = {
		.key = rng_key(w->seed, DRAW_quit, w->tick),
		.rate = p->labour.quit_rate * 0x1p32,
		.more = p->labour.surveillance_quits,
		.highest = rng_limit(p->labour.quit_rate * most) + 1, /* for rounding */
	};

	PAR_BLOCKS(b, w->people, w->threads)
		w->scratch->tally[b] = (struct tally){.count = {block_quits(w, &quits, b)}};
	w->census.head.quits += tally_sum(w->scratch->tally, par_blocks(w->people)).count[0];
}

void layoffs_happen(struct world *w)
{
	if (dismissals_marked(w)) {
		staff_listed(w);
		staff_dismissed(w);
	}
	people_quit(w);
}
