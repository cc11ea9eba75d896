/* The labour market (E25). People out of work apply to several posts, some people in work to one
 * they like better, most of them in their own region (sim/job_search.c). Each firm puts its
 * applicants in a drawn order and calls as many as it has posted; people take the best offer; posts
 * left empty are offered to the next who hold no offer yet. Then people move.
 *
 * All of it is propose and accept in rounds: firms write only to the applications they hold,
 * people only to their own, so nothing depends on who comes first. Applications of a block of
 * people lie in one list, those of a person side by side.
 *
 * Most applications are in vain: a firm with one post and sixty applicants calls one or two of
 * them, those with the lowest lots. So an application whose lot is too high is not even written;
 * should a firm then have called everybody on its list and have a post left, all begins anew with a
 * longer list. */
#include "ludd/firm.h"
#include "ludd/job_search.h"
#include "ludd/phases.h"
#include "ludd/rng_rows.h"
#include "ludd/rows.h"
#include "ludd/vector.h"

enum { OPEN, OFFERED, TAKEN, CLOSED }; /* states of an application; closed: its sender has a post */
enum { CHUNK = 512 }; /* applications at a time: what they need stays in the nearest cache */
enum { STATE_AT = 48 };

#define STATE(state) ((uint64_t)(state) << STATE_AT)
#define STATES STATE(UINT16_MAX)

static int state_of(uint64_t a) { return (int)(a >> STATE_AT); }

static void state_set(uint64_t *a, int state)
{
	*a = (*a & ~STATES) | STATE(state);
}

/* Chunks of `total` applications: the first of each and how many it has. */
#define APPLICATION_CHUNKS(from, count, total)                                             \
	for (int32_t from = 0, count; count = (int32_t)smaller_i64(CHUNK, (total) - from), \
		     from < (total);                                                       \
	     from += count)

/* ---- Lists */

/* Lists the applications of block b and their lots, and counts them by firm; tells how many. */
static int32_t block_counted(struct scratch *s, const struct job_search *search, int64_t b,
			     int64_t *applicants)
{
	const uint64_t *a = scratch_applications(s, b);
	int32_t count = block_applies(search, b, scratch_lots(s, b));

	s->applications[b] = count;
	for (int32_t i = 0; i < count; i++)
		applicants[application_firm(a[i])]++;
	return count;
}

static void people_apply(struct world *w)
{
	struct scratch *s = w->scratch;
	struct job_search search = job_search_opened(w);

	lists_begin(w);
	PAR_PARTS(part, w->threads) {
		int64_t first = PART_FIRST(part, w->people, w->threads);
		int64_t at = shelf_opened(&s->lists, first), lots = shelf_opened(&s->extras, first);
		PART_BLOCKS(b, part, w->people, w->threads) {
			int64_t count;
			shelf_placed(&s->lists, b, at);
			shelf_placed(&s->extras, b, lots);
			count = block_counted(s, &search, b, lists_count(w, part));
			at = shelf_next(at, count * (int64_t)sizeof(uint64_t));
			lots = shelf_next(lots, count * (int64_t)sizeof(uint32_t));
		}
	}
	lists_lay_out(w);
}

/* Numbers rise with the rows of senders. */
static uint64_t application_number(const struct scratch *s, const uint64_t *a)
{
	return (uint64_t)(a - (const uint64_t *)(const void *)s->lists.room);
}

/* Lists the applications of block b with the lots that decide whom a firm calls first; ties go to
 * the earlier application. */
static void block_listed(const struct world *w, int64_t b, int64_t *next)
{
	const struct scratch *s = w->scratch;
	const uint32_t *lot = scratch_lots(s, b);

	APPLICATION_CHUNKS(from, count, s->applications[b]) {
		const uint64_t *a = scratch_applications(s, b) + from;
		uint64_t at = application_number(s, a), *place[CHUNK];
		for (int i = 0; i < count; i++) {
			place[i] = list_place(w, next, application_firm(a[i]));
			fetch(place[i]);
		}
		for (int i = 0; i < count; i++)
			*place[i] = (uint64_t)lot[from + i] << 32 | (at + (uint64_t)i);
	}
}

static void applicants_listed(struct world *w)
{
	PAR_PARTS(part, w->threads)
		PART_BLOCKS(b, part, w->people, w->threads)
			block_listed(w, b, lists_count(w, part));
	lists_written(w);
}

/* ---- Calls */

/* The application a list's entry stands for. */
static uint64_t *application_at(const struct scratch *s, uint64_t entry)
{
	return (uint64_t *)(void *)s->lists.room + (uint32_t)entry;
}

/* Firms of strip b with posts left, as rows of the strip; tells how many. */
static int strip_open(const struct world *w, int64_t b, uint16_t *row)
{
	const int32_t *vacancies = &w->firm.vacancies[b * PAR_STRIP];
	const int32_t *filled = &w->firm.filled[b * PAR_STRIP];
	int count = (int)(par_strip_end(b, w->firms) - b * PAR_STRIP);
	uint8_t open[PAR_STRIP];

	for (int i = 0; i < count; i++)
		open[i] = vacancies[i] > filled[i];
	return rows_where(open, count, row);
}

/* Puts the next applicants of firm j, as many as it has open posts, before the others of its
 * list. */
static void next_selected(struct world *w, int64_t j)
{
	struct scratch *s = w->scratch;
	int64_t from = s->next[j], left = s->first[j + 1] - from;
	int64_t calls = smaller_i64(w->firm.vacancies[j] - w->firm.filled[j], left);

	select_keys(&s->list[from], left, calls);
	for (int64_t i = 0; i < calls; i++)
		fetch(application_at(s, s->list[from + i]));
}

/* Offers firm j's open posts to the next applicants; those who took a post elsewhere do not come,
 * and others are called in their place. Tells whether the list was too short: the firm has posts
 * left and may have applicants who are not listed. It lists all in the next try. */
static bool firm_calls(struct world *w, int64_t j)
{
	struct scratch *s = w->scratch;
	int64_t open = w->firm.vacancies[j] - w->firm.filled[j], end = s->first[j + 1];

	for (bool selected = true; open > 0 && s->next[j] < end; selected = false) {
		int64_t calls = smaller_i64(open, end - s->next[j]);
		if (!selected)
			select_keys(&s->list[s->next[j]], end - s->next[j], calls);
		for (; calls > 0; calls--) {
			uint64_t *a = application_at(s, s->list[s->next[j]++]);
			if (state_of(*a) == OPEN) {
				state_set(a, OFFERED);
				open--;
			}
		}
	}
	if (open <= 0 || s->last_lot[j] == UINT32_MAX)
		return false;
	s->last_lot[j] = UINT32_MAX;
	return true;
}

/* Tells whether all lists were long enough. */
static bool firms_call(struct world *w)
{
	int64_t short_lists = 0;

	PAR_STRIPS(b, w->firms, w->threads) {
		uint16_t row[PAR_STRIP + ROWS_SLACK];
		int64_t too_short = 0, first = b * PAR_STRIP;
		int open = strip_open(w, b, row);
		for (int k = 0; k < open; k++)
			next_selected(w, first + row[k]);
		for (int k = 0; k < open; k++)
			too_short += firm_calls(w, first + row[k]);
		w->scratch->tally[b] = (struct tally){.count = {too_short}};
	}
	for (int64_t b = 0; b < par_strips(w->firms); b++)
		short_lists += w->scratch->tally[b].count[0];
	return short_lists == 0;
}

/* ---- Choice */

static double value_of(const struct world *w, int64_t n, uint32_t firm)
{
	return pay_at(w, n, firm, firm_match(rng_key(w->seed, DRAW_match, 0), (uint64_t)n, firm));
}

/* The best offer among the applications a .. end-1 of person n, which hold one at least; equal
 * ones by firm. */
static uint64_t *best_offer(const struct world *w, int64_t n, uint64_t *a, const uint64_t *end)
{
	uint64_t *best = NULL;
	double best_value = 0.0;

	for (; a < end; a++) {
		double value;
		if (state_of(*a) != OFFERED)
			continue;
		value = value_of(w, n, application_firm(*a));
		if (!best || value > best_value ||
		    (value >= best_value && application_firm(*a) < application_firm(*best))) {
			best = a;
			best_value = value;
		}
	}
	return best;
}

/* The person who sent offer `a` takes the best of its offers and closes its other applications,
 * which lie around it between `first` and `end`. */
static void offer_answered(struct world *w, int64_t first_row, const uint64_t *first, uint64_t *a,
			   const uint64_t *end)
{
	uint16_t row = application_row(*a);
	uint64_t *behind = a + 1, *best = a;
	int offers = 1;

	for (; a > first && application_row(a[-1]) == row; a--)
		offers += state_of(a[-1]) == OFFERED;
	for (; behind < end && application_row(*behind) == row; behind++)
		offers += state_of(*behind) == OFFERED;
	if (offers > 1)
		best = best_offer(w, first_row + row, a, behind);
	for (; a < behind; a++)
		state_set(a, a == best ? TAKEN : CLOSED);
	par_add_i32(&w->firm.filled[application_firm(*best)], 1, w->threads);
}

/* Who holds an offer takes the best. */
static void people_choose(struct world *w)
{
	struct scratch *s = w->scratch;

	PAR_BLOCKS(b, w->people, w->threads) {
		uint64_t *first = scratch_applications(s, b), *end = first + s->applications[b];
		APPLICATION_CHUNKS(from, count, s->applications[b]) {
			uint16_t row[CHUNK + ROWS_SLACK];
			int found = rows_matching(&first[from], STATES, STATE(OFFERED), count, row);
			for (int k = 0; k < found; k++) {
				uint64_t *a = &first[from + row[k]];
				if (state_of(*a) == OFFERED) /* and not answered with another */
					offer_answered(w, b * PAR_BLOCK, first, a, end);
			}
		}
	}
}

static void person_moves(struct world *w, int64_t n, uint32_t to, uint16_t match, struct tally *t)
{
	uint32_t from = w->worker.employer[n];

	if (from == NO_FIRM) {
		t->count[0]++;
		par_add(&w->scratch->hired[w->worker.region[n]], 1, w->threads);
	} else {
		t->count[1]++;
		par_add_i32(&w->firm.staff[from], -1, w->threads);
	}
	w->worker.employer[n] = to;
	w->worker.match[n] = match;
	w->worker.spell[n] = 0;
	par_add_i32(&w->firm.staff[to], 1, w->threads);
}

/* Applications that were taken, of `count` of block b from `a` on; tells how many. Asks for their
 * senders' rows. */
static int chunk_taken(const struct world *w, int64_t b, const uint64_t *a, int count,
		       uint64_t *taken)
{
	uint16_t row[CHUNK + ROWS_SLACK];
	int found = rows_matching(a, STATES, STATE(TAKEN), count, row);

	for (int k = 0; k < found; k++) {
		int64_t n = b * PAR_BLOCK + application_row(a[row[k]]);
		taken[k] = a[row[k]] & ~STATES;
		fetch(&w->worker.employer[n]);
		fetch(&w->worker.match[n]);
		fetch(&w->worker.spell[n]);
	}
	return found;
}

/* Those of block b who took a post; each took one. */
static struct tally block_moves(struct world *w, struct rng_key key, int64_t b)
{
	struct tally t = {0};

	APPLICATION_CHUNKS(from, count, w->scratch->applications[b]) {
		uint64_t taken[CHUNK] = {0};
		uint32_t match[CHUNK];
		int moves = chunk_taken(w, b, scratch_applications(w->scratch, b) + from, count,
					taken);
		rng_rows_agents(key, (uint64_t)(b * PAR_BLOCK) << 32, taken, moves, match);
		for (int k = 0; k < moves; k++)
			person_moves(w, b * PAR_BLOCK + application_row(taken[k]),
				     application_firm(taken[k]), (uint16_t)(match[k] >> 16), &t);
	}
	return t;
}

static void people_move(struct world *w)
{
	struct scratch *s = w->scratch;
	struct rng_key match = rng_key(w->seed, DRAW_match, 0);
	struct tally sum;

	PAR_BLOCKS(b, w->people, w->threads)
		s->tally[b] = block_moves(w, match, b);
	sum = tally_sum(s->tally, par_blocks(w->people));
	w->census.head.hires_from_reserve += sum.count[0];
	w->census.head.moves += sum.count[1];
	w->census.head.hires += sum.count[0] + sum.count[1];
}

static void unfilled_noted(struct world *w)
{
	struct firms *f = &w->firm;

	PAR_LIGHT(j, w->firms, w->threads) {
		double empty = f->vacancies[j] - f->filled[j];
		if (f->alive[j])
			f->unfilled[j] += 0.3 * (empty / (f->staff[j] + 2.0) - f->unfilled[j]);
	}
}

/* From applications to answers; tells whether all lists were long enough. */
static bool posts_filled(struct world *w)
{
	people_apply(w);
	applicants_listed(w);
	for (int64_t round = 0; round < w->par.labour.hiring_rounds; round++) {
		if (!firms_call(w))
			return false;
		people_choose(w);
	}
	return true;
}

/* Should a list have been too short, all begins anew: the second time with a longer one there, the
 * third with everybody on all lists. */
static void lists_lengthened(struct world *w, bool all)
{
	struct scratch *s = w->scratch;

	for (int64_t j = 0; j < w->firms; j++) {
		s->last_lot[j] = all ? UINT32_MAX : s->last_lot[j];
		w->firm.filled[j] = 0;
	}
	for (int64_t i = 0; i < s->vacancy_first[w->regions]; i++) {
		uint32_t firm = post_firm(s->vacancy[i]);
		s->vacancy[i] = post(firm, s->last_lot[firm]);
	}
}

void applications_clear(struct world *w)
{
	if (w->scratch->vacancy_first[w->regions] > 0) {
		posts_valued(w);
		for (int failed = 0; !posts_filled(w); failed++)
			lists_lengthened(w, failed > 0);
		people_move(w);
	}
	unfilled_noted(w);
}
