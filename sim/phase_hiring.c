/* The labour market (E25). Firms post their vacancies; people out of work apply to
 * several, some people in work to one they like better, most of them in their own region. Each
 * firm puts its applicants in a drawn order and calls as many as it has posted; people take the
 * best offer; posts left empty are offered to the next who hold no offer yet. Then people move.
 *
 * All of it is propose and accept in rounds: firms write only to the applications they hold,
 * people only to their own, so nothing depends on who comes first. Applications of a block of
 * people lie in one segment, those of a person side by side. */
#include "ludd/firm.h"
#include "ludd/phases.h"
#include "ludd/rng_rows.h"
#include "ludd/scratch.h"

enum { OPEN, OFFERED, TAKEN, CLOSED }; /* states of an application; closed: its sender has a post */
enum { CHUNK = 512 }; /* rows at a time: what they need stays in the nearest cache */

void vacancies_open(struct world *w)
{
	struct scratch *s = w->scratch;
	int64_t total = 0;

	for (int64_t r = 0; r < w->regions; r++) {
		s->vacancy_first[r] = total;
		for (int64_t j = w->firms_first[r]; j < w->firms_first[r + 1]; j++)
			total += w->firm.vacancies[j];
	}
	s->vacancy_first[w->regions] = total;
	scratch_vacancy_reserve(s, total);
	PAR_ROWS(r, w->regions, w->threads) {
		uint32_t *post = &s->vacancy[s->vacancy_first[r]];
		for (int64_t j = w->firms_first[r]; j < w->firms_first[r + 1]; j++)
			for (int32_t i = 0; i < w->firm.vacancies[j]; i++)
				*post++ = (uint32_t)j;
	}
	w->census.head.vacancies = total;
}

/* A post drawn at random, by its place among all: in the own region if the draw says so and it has
 * any, else anywhere. */
static int64_t post_seen(const struct world *w, struct pcg32 *g, uint16_t region)
{
	const struct scratch *s = w->scratch;
	int64_t first = 0, count = s->vacancy_first[w->regions];

	if (w->regions > 1 && rng_unit(g) < w->par.labour.local_search) {
		int64_t here = s->vacancy_first[region + 1] - s->vacancy_first[region];
		if (here > 0) {
			first = s->vacancy_first[region];
			count = here;
		}
	}
	return first + rng_below(g, (uint32_t)count);
}

struct seekers { /* a chunk of people, first .. first + count - 1, who look for posts */
	const struct world *w;
	struct rng_key apply, match;
	int64_t first;
	int count;
	uint16_t place; /* of the first row in its block */
	struct rng_look look; /* among posts: those of the chunk's region are near */
	struct application *list;
	int32_t listed;
};

/* What the posts of firm j are worth: pay, and the value of hours shorter than full time. */
static struct post_value post_valued(const struct world *w, int64_t j)
{
	const struct params *p = &w->par;
	const struct firms *f = &w->firm;
	double appeal = f->wage[j] * (1.0 + p->labour.leisure_value * (1.0 - f->hours[j]));
	double skilled = firm_skill_factor(p->skills.premium, f->automation[j]);

	return (struct post_value){{appeal, appeal * skilled}};
}

/* Pay and the value of hours that person n would have at firm j. */
static double pay_at(const struct world *w, int64_t n, int64_t j, uint16_t match)
{
	double worth = w->scratch->value[j].by_skill[w->worker.skilled[n]];
	return worth * (1.0 + w->par.labour.match_spread * (match * 0x1p-15 - 1.0));
}

static void person_applies(struct seekers *s, int row, uint32_t firm)
{
	s->list[s->listed++] = (struct application){firm, (uint16_t)(s->place + row), OPEN};
}

/* One more application of a person whose others begin at `from`, unless it went there already. */
static void person_applies_once(struct seekers *s, int row, uint32_t firm, int32_t from)
{
	for (; from < s->listed; from++)
		if (s->list[from].firm == firm)
			return;
	person_applies(s, row, firm);
}

/* Out of work: several posts, each firm once. */
static void jobless_searches(struct seekers *s, int row)
{
	const struct world *w = s->w;
	int64_t n = s->first + row;
	struct pcg32 g = rng_agent(s->apply, (uint64_t)n);
	int32_t from = s->listed;

	for (int64_t k = 0; k < w->par.labour.applications; k++) {
		int64_t post = post_seen(w, &g, w->worker.region[n]);
		person_applies_once(s, row, w->scratch->vacancy[post], from);
	}
}

enum { IN_ADVANCE = 6 }; /* posts a person for which draws are made in advance */

/* The places of the posts that people of a chunk see with two draws, as post_seen finds them. */
static void posts_drawn(const struct seekers *s, const uint32_t *where, const uint32_t *which,
			int count, int64_t *place)
{
	rng_places(s->look, where, which, count, place);
	for (int k = 0; k < count; k++)
		fetch(&s->w->scratch->vacancy[larger_i64(0, place[k])]);
}

/* jobless_searches for the chunk. */
static void jobless_search(struct seekers *s)
{
	const struct world *w = s->w;
	const uint32_t *vacancy = w->scratch->vacancy;
	int step = w->regions > 1 ? 2 : 1, posts = (int)w->par.labour.applications, count = 0;
	uint32_t draw[2 * IN_ADVANCE][CHUNK], *draws[2 * IN_ADVANCE];
	int64_t place[IN_ADVANCE][CHUNK];
	uint16_t row[CHUNK];

	for (int i = 0; i < s->count; i++) {
		row[count] = (uint16_t)i;
		count += w->worker.employer[s->first + i] == NO_FIRM;
	}
	for (int i = 0; i < 2 * IN_ADVANCE; i++)
		draws[i] = draw[i];
	rng_rows_chosen(s->apply, (uint64_t)s->first, row, count, step * posts, draws);
	for (int i = 0; i < posts; i++)
		posts_drawn(s, draw[step * i], draw[step * (i + 1) - 1], count, place[i]);
	for (int k = 0; k < count; k++) {
		int32_t from = s->listed;
		bool again = false;
		for (int i = 0; i < posts; i++)
			again |= place[i][k] < 0;
		if (again)
			jobless_searches(s, row[k]);
		for (int i = 0; i < posts && !again; i++)
			person_applies_once(s, row[k], vacancy[place[i][k]], from);
	}
}

/* The posts that those in work see who look this month; post_seen with draws made in advance. */
static int posts_seen(const struct seekers *s, uint16_t *row, uint32_t *firm)
{
	const struct world *w = s->w;
	const struct scratch *v = w->scratch;
	uint32_t look[CHUNK], where[CHUNK], which[CHUNK];
	uint64_t looks = rng_threshold(w->par.labour.on_the_job_search);
	const uint32_t *employer = &w->worker.employer[s->first];
	int64_t place[CHUNK];
	int count = 0, seen = 0;

	for (int i = 0; i < s->count; i++)
		row[i] = (uint16_t)i;
	rng_rows_chosen(s->apply, (uint64_t)s->first, row, s->count, 3,
			(uint32_t *[]){look, where, which});
	for (int i = 0; i < s->count; i++) {
		row[count] = (uint16_t)i;
		where[count] = where[i];
		which[count] = which[i];
		count += (look[i] < looks) & (employer[i] != NO_FIRM);
	}
	posts_drawn(s, where, w->regions > 1 ? which : where, count, place);
	for (int k = 0; k < count; k++) {
		int i = row[k];
		uint32_t post;
		if (place[k] < 0) {
			struct pcg32 g = rng_after_first(s->apply, (uint64_t)(s->first + i));
			place[k] = post_seen(w, &g, w->worker.region[s->first + i]);
		}
		post = v->vacancy[place[k]];
		row[seen] = (uint16_t)i;
		firm[seen] = post;
		fetch(&v->value[post]);
		fetch(&v->value[employer[i]]);
		seen += post != employer[i];
	}
	return seen;
}

/* In work: one post, if it is better than the own by what makes a move worth while. */
static void employees_search(struct seekers *s)
{
	const struct world *w = s->w;
	double better = 1.0 + w->par.labour.acceptance_gain;
	uint16_t row[CHUNK];
	uint32_t firm[CHUNK], match[CHUNK];
	int count = posts_seen(s, row, firm);

	rng_rows_pairs(s->match, (uint64_t)s->first, row, firm, count, match);
	for (int k = 0; k < count; k++) {
		int64_t n = s->first + row[k];
		double there = pay_at(w, n, firm[k], (uint16_t)(match[k] >> 16));
		double here = pay_at(w, n, w->worker.employer[n], w->worker.match[n]);
		s->list[s->listed] =
			(struct application){firm[k], (uint16_t)(s->place + row[k]), OPEN};
		s->listed += there > better * here;
	}
}

/* The chunk from s->first on: within a block and a region. */
static void chunk_opened(struct seekers *s, int64_t end)
{
	const struct world *w = s->w;
	uint16_t r = w->worker.region[s->first];
	const int64_t *posts = &w->scratch->vacancy_first[r];

	s->count = (int)smaller_i64(CHUNK, smaller_i64(end, w->people_first[r + 1]) - s->first);
	s->place = (uint16_t)(s->first % PAR_BLOCK);
	s->look.first = posts[0];
	s->look.count = posts[1] - posts[0];
}

static int32_t block_applies(struct seekers s, int64_t b, struct application *list)
{
	const struct world *w = s.w;
	int64_t end = par_end(b, w->people);

	s.list = list;
	for (s.first = b * PAR_BLOCK; s.first < end; s.first += s.count) {
		chunk_opened(&s, end);
		employees_search(&s);
		if (w->par.labour.applications <= IN_ADVANCE)
			jobless_search(&s);
		else
			for (int i = 0; i < s.count; i++)
				if (w->worker.employer[s.first + i] == NO_FIRM)
					jobless_searches(&s, i);
	}
	return s.listed;
}

static void people_apply(struct world *w)
{
	struct scratch *s = w->scratch;
	struct seekers look = {
		.w = w,
		.match = rng_key(w->seed, DRAW_match, 0),
		.apply = rng_key(w->seed, DRAW_apply, w->tick),
		.look = {
			.near = w->regions > 1 ? rng_limit(w->par.labour.local_search) : 0,
			.all = s->vacancy_first[w->regions],
		},
	};

	lists_begin(w);
	PAR_PARTS(part, w->threads) {
		int64_t *applicants = lists_count(w, part);
		PART_BLOCKS(b, part, w->people, w->threads) {
			struct application *list = scratch_applications(s, b);
			s->applications[b] = block_applies(look, b, list);
			for (int32_t i = 0; i < s->applications[b]; i++)
				applicants[list[i].firm]++;
		}
	}
	w->census.head.applications += lists_lay_out(w);
}

/* Lists the applications of block b with the lots that decide whom a firm calls first; ties go to
 * the earlier application. */
static void block_listed(struct world *w, struct rng_key key, int64_t b, int64_t *next)
{
	struct scratch *s = w->scratch;
	const struct application *a = scratch_applications(s, b);
	int64_t at = b * s->application_room, end = at + s->applications[b];
	uint16_t row[CHUNK];
	uint32_t firm[CHUNK], lot[CHUNK];
	uint64_t *place[CHUNK];

	while (at < end) {
		int count = (int)smaller_i64(CHUNK, end - at);
		for (int i = 0; i < count; i++, a++) {
			row[i] = a->row;
			firm[i] = a->firm;
			fetch(&next[a->firm]);
		}
		rng_rows_pairs(key, (uint64_t)(b * PAR_BLOCK), row, firm, count, lot);
		for (int i = 0; i < count; i++) {
			place[i] = list_place(w, next, firm[i]);
			fetch(place[i]);
		}
		for (int i = 0; i < count; i++, at++)
			*place[i] = (uint64_t)lot[i] << 32 | (uint64_t)at;
	}
}

static void applicants_listed(struct world *w)
{
	struct rng_key key = rng_key(w->seed, DRAW_hire, w->tick);

	PAR_PARTS(part, w->threads)
		PART_BLOCKS(b, part, w->people, w->threads)
			block_listed(w, key, b, lists_count(w, part));
	lists_written(w);
}

/* The application a list's entry stands for. */
static struct application *application_at(const struct scratch *s, uint64_t entry)
{
	uint32_t i = (uint32_t)entry, room = (uint32_t)s->application_room;
	return &scratch_applications(s, i / room)[i % room];
}

/* Puts the next applicants of firm j, as many as it has open posts, before the others of its
 * list. */
static void next_selected(struct world *w, int64_t j)
{
	struct scratch *s = w->scratch;
	int64_t open = w->firm.vacancies[j] - w->firm.filled[j];
	int64_t from = s->next[j], left = s->first[j + 1] - from;

	if (open <= 0 || left == 0)
		return;
	open = smaller_i64(open, left);
	select_keys(&s->list[from], left, open);
	for (int64_t i = 0; i < open; i++)
		fetch(application_at(s, s->list[from + i]));
}

/* Offers firm j's open posts to the next applicants; those who took a post elsewhere do not come,
 * and others are called in their place. */
static void firm_calls(struct world *w, int64_t j)
{
	struct scratch *s = w->scratch;
	int64_t open = w->firm.vacancies[j] - w->firm.filled[j], end = s->first[j + 1];

	for (bool selected = true; open > 0 && s->next[j] < end; selected = false) {
		int64_t calls = smaller_i64(open, end - s->next[j]);
		if (!selected)
			select_keys(&s->list[s->next[j]], end - s->next[j], calls);
		for (; calls > 0; calls--) {
			struct application *a = application_at(s, s->list[s->next[j]++]);
			open -= a->state == OPEN;
			a->state = a->state == OPEN ? OFFERED : a->state;
		}
	}
}

static void firms_call(struct world *w)
{
	PAR_STRIPS(b, w->firms, w->threads) {
		STRIP_ROWS(j, b, w->firms)
			next_selected(w, j);
		STRIP_ROWS(j, b, w->firms)
			firm_calls(w, j);
	}
}

static double value_of(const struct world *w, int64_t first, const struct application *a)
{
	struct rng_key key = rng_key(w->seed, DRAW_match, 0);
	int64_t n = first + a->row;
	return pay_at(w, n, a->firm, firm_match(key, (uint64_t)n, a->firm));
}

/* The best offer among the `count` applications of one person, or NULL; equal ones by firm. */
static struct application *best_offer(const struct world *w, int64_t first,
				      struct application *a, int count)
{
	struct application *best = NULL;
	double best_value = 0.0;

	for (int i = 0; i < count; i++) {
		double value;
		if (a[i].state != OFFERED)
			continue;
		value = value_of(w, first, &a[i]);
		if (!best || value > best_value ||
		    (value >= best_value && a[i].firm < best->firm)) {
			best = &a[i];
			best_value = value;
		}
	}
	return best;
}

/* The person who sent offer `a` takes the best of its offers and closes its other applications,
 * which lie around it between `first` and `end`; tells the first one behind them. */
static struct application *offer_answered(struct world *w, int64_t first_row,
					  struct application *first, struct application *a,
					  struct application *end)
{
	struct application *behind = a + 1, *best = a;

	while (a > first && a[-1].row == a->row)
		a--;
	while (behind < end && behind->row == a->row)
		behind++;
	if (behind - a > 1)
		best = best_offer(w, first_row, a, (int)(behind - a));
	for (; a < behind; a++)
		a->state = a == best ? TAKEN : CLOSED;
	par_add_i32(&w->firm.filled[best->firm], 1, w->threads);
	return behind;
}

/* Who holds an offer takes the best. */
static void people_choose(struct world *w)
{
	struct scratch *s = w->scratch;

	PAR_BLOCKS(b, w->people, w->threads) {
		struct application *first = scratch_applications(s, b), *a = first;
		struct application *end = a + s->applications[b];
		while (a < end) {
			if (a->state == OFFERED)
				a = offer_answered(w, b * PAR_BLOCK, first, a, end);
			else
				a++;
		}
	}
}

static void person_moves(struct world *w, struct rng_key match, int64_t n, uint32_t to,
			 struct tally *t)
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
	w->worker.match[n] = firm_match(match, (uint64_t)n, to);
	w->worker.spell[n] = 0;
	par_add_i32(&w->firm.staff[to], 1, w->threads);
}

static void people_move(struct world *w)
{
	struct scratch *s = w->scratch;
	struct rng_key match = rng_key(w->seed, DRAW_match, 0);
	struct tally sum;

	PAR_BLOCKS(b, w->people, w->threads) {
		const struct application *a = scratch_applications(s, b);
		struct tally t = {0};
		for (int32_t i = 0; i < s->applications[b]; i++)
			if (a[i].state == TAKEN)
				person_moves(w, match, b * PAR_BLOCK + a[i].row, a[i].firm, &t);
		s->tally[b] = t;
	}
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

void applications_clear(struct world *w)
{
	struct scratch *s = w->scratch;

	if (s->vacancy_first[w->regions] > 0) {
		PAR_LIGHT(j, w->firms, w->threads)
			s->value[j] = post_valued(w, j);
		people_apply(w);
		applicants_listed(w);
		for (int64_t round = 0; round < w->par.labour.hiring_rounds; round++) {
			firms_call(w);
			people_choose(w);
		}
		people_move(w);
	}
	unfilled_noted(w);
}
