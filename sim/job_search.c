/* How people look for posts (E25): those out of work apply to several; of those in work some see
 * one, and apply if it is better than their own by what makes a move worth while. Chunks of a
 * region's people go through each step together, so that draws, places and comparisons are made in
 * vectors and no step branches on what no processor could foresee. */
#include "ludd/job_search.h"

#include "ludd/firm.h"
#include "ludd/rng_rows.h"
#include "ludd/rows.h"
#include "ludd/vector.h"

enum { CHUNK = 512 }; /* rows at a time: what they need stays in the nearest cache */
enum { IN_ADVANCE = 6 }; /* posts a person for which draws are made in advance */

/* What the posts of firm j are worth: pay, and the value of hours shorter than full time. */
static struct post_value post_valued(const struct world *w, int64_t j)
{
	const struct params *p = &w->par;
	const struct firms *f = &w->firm;
	double appeal = f->wage[j] * (1.0 + p->labour.leisure_value * (1.0 - f->hours[j]));
	double skilled = firm_skill_factor(p->skills.premium, f->automation[j]);

	return (struct post_value){{appeal, appeal * skilled}};
}

void posts_valued(struct world *w)
{
	PAR_LIGHT(j, w->firms, w->threads)
		w->scratch->value[j] = post_valued(w, j);
}

static inline double pay_matched(double worth, double spread, int match)
{
	return worth * (1.0 + spread * (match * 0x1p-15 - 1.0));
}

double pay_at(const struct world *w, int64_t n, int64_t j, uint16_t match)
{
	double worth = w->scratch->value[j].by_skill[w->worker.skilled[n]];
	return pay_matched(worth, w->par.labour.match_spread, match);
}

struct job_search job_search_opened(const struct world *w)
{
	return (struct job_search){
		.w = w,
		.apply = rng_key(w->seed, DRAW_apply, w->tick),
		.match = rng_key(w->seed, DRAW_match, 0),
		.hire = rng_key(w->seed, DRAW_hire, w->tick),
		.near = w->regions > 1 ? rng_limit(w->par.labour.local_search) : 0,
	};
}

struct seekers { /* a chunk of people, first .. first + count - 1, of one block and region */
	const struct job_search *search;
	int64_t first;
	int count;
	uint16_t place; /* of the first row in its block */
	struct rng_look look; /* among posts: those of the chunk's region are near */
	uint64_t *list; /* where the next application goes */
};

/* A post drawn at random, by its place among all: in the own region if the draw says so and it has
 * any, else anywhere. */
static int64_t post_seen(const struct seekers *s, struct pcg32 *g)
{
	struct rng_look look = s->look;

	if (s->search->w->regions > 1 && pcg32_next(g) < look.near && look.count > 0)
		return look.first + rng_below(g, (uint32_t)look.count);
	return rng_below(g, (uint32_t)look.all);
}

/* Applications whose lots may be called: all but these are in vain, and are not written. Words as
 * in scratch.h, with the last lot that is called at each. */
struct tries {
	int count;
	uint64_t application[IN_ADVANCE * CHUNK + ROWS_SLACK];
	uint32_t last_lot[IN_ADVANCE * CHUNK];
};

VECTOR_BODY hopeful_body(int n, const uint32_t *restrict lot, const uint32_t *restrict last,
			 uint8_t *restrict flag)
{
	for (int i = 0; i < n; i++)
		flag[i] = lot[i] <= last[i];
}
VECTOR_VERSIONS(hopeful, (int n, const uint32_t *lot, const uint32_t *last, uint8_t *flag), n, lot,
		last, flag)

/* Keeps those that are not in vain. */
static int tries_kept(const struct seekers *s, struct tries *t)
{
	uint64_t block_first = (uint64_t)(s->first - s->place);
	uint32_t lot[IN_ADVANCE * CHUNK];
	uint8_t flag[IN_ADVANCE * CHUNK];

	rng_rows_agents(s->search->hire, block_first << 32, t->application, t->count, lot);
	VECTOR_CALL(hopeful, t->count, lot, t->last_lot, flag);
	return words_kept(flag, t->application, t->count, t->application);
}

/* ---- Out of work */

/* Several posts, each firm once. */
static void person_searches(struct seekers *s, int row)
{
	const struct world *w = s->search->w;
	uint16_t sender = (uint16_t)(s->place + row);
	uint64_t n = (uint64_t)(s->first + row);
	struct pcg32 g = rng_agent(s->search->apply, n);
	const uint64_t *from = s->list, *other;

	for (int64_t k = 0; k < w->par.labour.applications; k++) {
		struct post post = w->scratch->vacancy[post_seen(s, &g)];
		if (rng_first(s->search->hire, n << 32 | post.firm) > post.last_lot)
			continue;
		for (other = from; other < s->list; other++)
			if (application_firm(*other) == post.firm)
				break;
		if (other == s->list)
			*s->list++ = application(post.firm, sender);
	}
}

VECTOR_BODY idle_body(int n, const uint32_t *restrict employer, uint8_t *restrict flag)
{
	for (int i = 0; i < n; i++)
		flag[i] = employer[i] == NO_FIRM;
}
VECTOR_VERSIONS(idle, (int n, const uint32_t *employer, uint8_t *flag), n, employer, flag)

/* Places of the posts that `count` people see; tells whether somebody must draw again. */
static bool places_drawn(const struct seekers *s, const uint16_t *row, int count, int posts,
			 int64_t (*place)[CHUNK])
{
	int step = s->search->w->regions > 1 ? 2 : 1;
	uint32_t draw[2 * IN_ADVANCE][CHUNK], *draws[2 * IN_ADVANCE];
	bool again = false;

	for (int i = 0; i < 2 * IN_ADVANCE; i++)
		draws[i] = draw[i];
	rng_rows_chosen(s->search->apply, (uint64_t)s->first, row, count, step * posts, draws);
	for (int i = 0; i < posts; i++)
		again |= rng_places(s->look, draw[step * i], draw[step * (i + 1) - 1], count,
				    place[i]);
	return again;
}

/* person_searches for `count` people with places of posts found in advance. */
static void people_search(struct seekers *s, const uint16_t *row, int count, int posts,
			  int64_t (*place)[CHUNK])
{
	const struct post *vacancy = s->search->w->scratch->vacancy;
	struct tries t = {.count = posts * count};
	int kept;

	for (int i = 0; i < posts; i++)
		for (int k = 0; k < count; k++) {
			struct post post = vacancy[place[i][k]];
			t.application[k * posts + i] =
				application(post.firm, (uint16_t)(s->place + row[k]));
			t.last_lot[k * posts + i] = post.last_lot;
		}
	kept = tries_kept(s, &t);
	for (int k = 0; k < kept; k++) {
		bool first = true;
		for (int h = 1; h < posts && h <= k; h++)
			first &= t.application[k - h] != t.application[k];
		*s->list = t.application[k];
		s->list += first;
	}
}

static void jobless_search(struct seekers *s)
{
	const struct world *w = s->search->w;
	int posts = (int)w->par.labour.applications, count;
	int64_t place[IN_ADVANCE][CHUNK];
	uint16_t row[CHUNK + ROWS_SLACK];
	uint8_t flag[CHUNK];

	VECTOR_CALL(idle, s->count, &w->worker.employer[s->first], flag);
	count = rows_where(flag, s->count, row);
	if (posts <= IN_ADVANCE && !places_drawn(s, row, count, posts, place))
		people_search(s, row, count, posts, place);
	else
		for (int k = 0; k < count; k++)
			person_searches(s, row[k]);
}

/* ---- In work */

VECTOR_BODY looking_body(int n, const uint32_t *restrict draw, uint32_t last,
			 const uint32_t *restrict employer, uint8_t *restrict flag)
{
	for (int i = 0; i < n; i++)
		flag[i] = (draw[i] <= last) & (employer[i] != NO_FIRM);
}
VECTOR_VERSIONS(looking,
		(int n, const uint32_t *draw, uint32_t last, const uint32_t *employer,
		 uint8_t *flag),
		n, draw, last, employer, flag)

/* Rows of those in work who look this month, and the places of the posts they see. */
static int posts_seen(const struct seekers *s, uint16_t *row, int64_t *place)
{
	const struct world *w = s->search->w;
	uint32_t look[CHUNK], where[CHUNK + ROWS_SLACK], which[CHUNK + ROWS_SLACK];
	uint32_t *draws[] = {look, where, which};
	uint64_t looks = rng_threshold(w->par.labour.on_the_job_search);
	int step = w->regions > 1 ? 2 : 1, count;
	uint8_t flag[CHUNK];

	if (looks == 0)
		return 0;
	for (int i = 0; i < s->count; i++)
		row[i] = (uint16_t)i;
	rng_rows_chosen(s->search->apply, (uint64_t)s->first, row, s->count, 1 + step, draws);
	VECTOR_CALL(looking, s->count, look, (uint32_t)(looks - 1), &w->worker.employer[s->first],
		    flag);
	count = rows_where(flag, s->count, row);
	rows_kept(flag, where, s->count, where);
	if (step > 1)
		rows_kept(flag, which, s->count, which);
	if (!rng_places(s->look, where, step > 1 ? which : where, count, place))
		return count;
	for (int k = 0; k < count; k++) {
		struct pcg32 g = rng_after_first(s->search->apply, (uint64_t)(s->first + row[k]));
		if (place[k] < 0)
			place[k] = post_seen(s, &g);
	}
	return count;
}

struct offers { /* what people in work compare: the post they see and their own */
	double there[CHUNK], here[CHUNK]; /* worth before the match */
	uint16_t match[CHUNK];            /* with the own firm */
	uint32_t employer[CHUNK], match_there[CHUNK]; /* the latter in the upper 16 bits */
};

static void worths_fetched(const struct seekers *s, const struct tries *t)
{
	const struct post_value *value = s->search->w->scratch->value;
	const uint32_t *employer = &s->search->w->worker.employer[s->first - s->place];

	for (int k = 0; k < t->count; k++) {
		fetch(&value[application_firm(t->application[k])]);
		fetch(&value[employer[application_row(t->application[k])]]);
	}
}

static void worths_read(const struct seekers *s, const struct tries *t, struct offers *o)
{
	const struct world *w = s->search->w;
	const struct post_value *value = w->scratch->value;
	const uint32_t *employer = &w->worker.employer[s->first - s->place];
	const uint16_t *match = &w->worker.match[s->first - s->place];
	const uint8_t *skilled = &w->worker.skilled[s->first - s->place];

	for (int k = 0; k < t->count; k++) {
		uint64_t a = t->application[k];
		int i = application_row(a);
		o->employer[k] = employer[i];
		o->match[k] = match[i];
		o->there[k] = value[application_firm(a)].by_skill[skilled[i]];
		o->here[k] = value[employer[i]].by_skill[skilled[i]];
	}
}

VECTOR_BODY better_body(int n, const uint64_t *restrict a, const struct offers *restrict o,
			double better, double spread, uint8_t *restrict flag)
{
	for (int k = 0; k < n; k++) {
		double there = pay_matched(o->there[k], spread, (int)(o->match_there[k] >> 16));
		double here = pay_matched(o->here[k], spread, o->match[k]);
		bool elsewhere = application_firm(a[k]) != o->employer[k];
		flag[k] = (there > better * here) & elsewhere;
	}
}
VECTOR_VERSIONS(better,
		(int n, const uint64_t *a, const struct offers *o, double better, double spread,
		 uint8_t *flag),
		n, a, o, better, spread, flag)

static void employees_search(struct seekers *s)
{
	const struct world *w = s->search->w;
	const struct post *vacancy = w->scratch->vacancy;
	uint64_t block_first = (uint64_t)(s->first - s->place);
	uint16_t row[CHUNK + ROWS_SLACK];
	int64_t place[CHUNK];
	uint8_t flag[CHUNK];
	struct tries t;
	struct offers o;

	t.count = posts_seen(s, row, place);
	for (int k = 0; k < t.count; k++) {
		struct post post = vacancy[place[k]];
		t.application[k] = application(post.firm, (uint16_t)(s->place + row[k]));
		t.last_lot[k] = post.last_lot;
	}
	t.count = tries_kept(s, &t);
	worths_fetched(s, &t);
	rng_rows_agents(s->search->match, block_first << 32, t.application, t.count,
			o.match_there);
	worths_read(s, &t, &o);
	VECTOR_CALL(better, t.count, t.application, &o, 1.0 + w->par.labour.acceptance_gain,
		    w->par.labour.match_spread, flag);
	s->list += words_kept(flag, t.application, t.count, s->list);
}

/* The chunk from s->first on: within a block and a region. */
static void chunk_opened(struct seekers *s, int64_t end)
{
	const struct world *w = s->search->w;
	uint16_t r = w->worker.region[s->first];
	const int64_t *posts = &w->scratch->vacancy_first[r];

	s->count = (int)smaller_i64(CHUNK, smaller_i64(end, w->people_first[r + 1]) - s->first);
	s->place = (uint16_t)(s->first % PAR_BLOCK);
	s->look.first = posts[0];
	s->look.count = posts[1] - posts[0];
}

int32_t block_applies(const struct job_search *search, int64_t b)
{
	const struct world *w = search->w;
	int64_t end = par_end(b, w->people);
	uint64_t *list = scratch_applications(w->scratch, b);
	struct seekers s = {
		.search = search,
		.list = list,
		.look = {.near = search->near, .all = w->scratch->vacancy_first[w->regions]},
	};

	for (s.first = b * PAR_BLOCK; s.first < end; s.first += s.count) {
		chunk_opened(&s, end);
		employees_search(&s);
		jobless_search(&s);
	}
	return (int32_t)(s.list - list);
}
