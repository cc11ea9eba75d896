/* How people look for posts (E25): those out of work apply to several; of those in work some see
 * one, and apply if it is better than their own by what makes a move worth while. Chunks of a
 * region's people go through each step together, so that draws, places and comparisons are made in
 * vectors and no step branches on what no processor could foresee. */
#include "ludd/job_search.h"

#include "ludd/firm.h"
#include "ludd/rng_rows.h"
#include "ludd/rows.h"
#include "ludd/vector.h"

enum { CHUNK = 1024 }; /* rows at a time: what they need stays in the nearest caches */
enum { IN_ADVANCE = RNG_TRIES }; /* posts a person for which draws are made in advance */

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
	uint32_t *lot;  /* and its lot */
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

/* ---- Posts seen */

/* What people of a chunk try: applications whose lots are too high to be called are in vain, and
 * are not written. */
struct tries {
	int count; /* of those that are not in vain */
	uint64_t application[IN_ADVANCE * CHUNK + ROWS_SLACK];
	uint32_t lot[IN_ADVANCE * CHUNK + ROWS_SLACK];
	uint8_t flag[IN_ADVANCE * CHUNK];
};

/* People of rows row[] of the chunk try the posts at place[]. */
static void posts_tried(const struct seekers *s, const uint16_t *row, const int64_t *place, int n,
			struct tries *t)
{
	const uint64_t *vacancy = s->search->w->scratch->vacancy;
	uint64_t block_first = (uint64_t)(s->first - s->place), post[IN_ADVANCE * CHUNK];

	for (int i = 0; i < n; i++)
		post[i] = vacancy[place[i]];
	t->count = rng_pairs_kept(s->search->hire, block_first << 32, s->place, row, post, n,
				  t->application, t->lot);
}

/* Writes the flagged applications. */
static void tries_written(struct seekers *s, const struct tries *t)
{
	s->lot += rows_kept(t->flag, t->lot, t->count, s->lot);
	s->list += words_kept(t->flag, t->application, t->count, s->list);
}

/* ---- Out of work */

/* Several posts, each firm once; the plain rule. */
static void person_searches(struct seekers *s, int row)
{
	const struct world *w = s->search->w;
	uint16_t sender = (uint16_t)(s->place + row);
	uint64_t n = (uint64_t)(s->first + row);
	struct pcg32 g = rng_agent(s->search->apply, n);
	const uint64_t *from = s->list, *other;

	for (int64_t k = 0; k < w->par.labour.applications; k++) {
		uint64_t post = w->scratch->vacancy[post_seen(s, &g)];
		uint32_t firm = post_firm(post), lot = rng_first(s->search->hire, n << 32 | firm);
		if (lot > post_last_lot(post))
			continue;
		for (other = from; other < s->list; other++)
			if (application_firm(*other) == firm)
				break;
		if (other < s->list)
			continue;
		*s->list++ = application(firm, sender);
		*s->lot++ = lot;
	}
}

/* What `count` people try, the posts of a person side by side; tells whether draws made in advance
 * suffice. */
static bool jobless_try(const struct seekers *s, const uint16_t *row, int count, struct tries *t)
{
	const struct world *w = s->search->w;
	int posts = (int)w->par.labour.applications;
	uint16_t sender[IN_ADVANCE * CHUNK + ROWS_SLACK];
	uint32_t where[IN_ADVANCE * CHUNK + ROWS_SLACK], which[IN_ADVANCE * CHUNK + ROWS_SLACK];
	int64_t place[IN_ADVANCE * CHUNK];
	bool near = w->regions > 1;

	if (posts > IN_ADVANCE)
		return false;
	rng_rows_tries(s->search->apply, (uint64_t)s->first, row, count, posts,
		       (struct rng_tries){sender, near ? where : NULL, which});
	if (rng_places(s->look, near ? where : which, which, posts * count, place))
		return false;
	posts_tried(s, sender, place, posts * count, t);
	return true;
}

VECTOR_BODY fresh_body(int n, int posts, const uint64_t *restrict a, uint8_t *restrict flag)
{
	for (int k = 0; k < n; k++)
		flag[k] = 1;
	for (int h = 1; h < posts; h++)
		for (int k = h; k < n; k++)
			flag[k] &= a[k] != a[k - h];
}
VECTOR_VERSIONS(fresh, (int n, int posts, const uint64_t *a, uint8_t *flag), n, posts, a, flag)

/* Several posts of one firm are one application; a person's are the last `posts` at most. */
static void jobless_apply(struct seekers *s, struct tries *t)
{
	VECTOR_CALL(fresh, t->count, (int)s->search->w->par.labour.applications, t->application,
		    t->flag);
	tries_written(s, t);
}

/* ---- In work */

/* Some look at one post each. With one region the draw for the place is the first behind the one
 * that says whether to look. What posts are worth to those who have a chance lies here and there:
 * it is asked for, and read when others have searched. */
static void employees_try(const struct seekers *s, struct tries *t)
{
	const struct world *w = s->search->w;
	uint64_t looks = rng_threshold(w->par.labour.on_the_job_search);
	int outputs = w->regions > 1 ? 2 : 1, count;
	uint16_t row[CHUNK + ROWS_SLACK];
	uint32_t draw[2][CHUNK + ROWS_SLACK], *draws[] = {draw[0], draw[1]};
	int64_t place[CHUNK];
	bool again;

	count = rng_rows_below(s->search->apply, (uint64_t)s->first, s->count, looks,
			       &w->worker.employer[s->first], outputs, row, draws);
	again = rng_places(s->look, draw[0], draw[outputs - 1], count, place);
	for (int k = 0; again && k < count; k++) {
		struct pcg32 g = rng_after_first(s->search->apply, (uint64_t)(s->first + row[k]));
		if (place[k] < 0)
			place[k] = post_seen(s, &g);
	}
	posts_tried(s, row, place, count, t);
	for (int k = 0; k < t->count; k++)
		fetch(&w->scratch->value[application_firm(t->application[k])]);
}

struct offers { /* what people in work compare: the post they see and their own */
	double there[CHUNK], here[CHUNK]; /* worth before the match */
	uint32_t employer[CHUNK];
	uint32_t match[CHUNK], match_there[CHUNK]; /* the latter in the upper 16 bits */
};

static void worths_read(const struct seekers *s, const struct tries *t, struct offers *o)
{
	const struct world *w = s->search->w;
	const struct post_value *value = w->scratch->value;
	const uint32_t *employer = &w->worker.employer[s->first - s->place];
	const uint16_t *match = &w->worker.match[s->first - s->place];
	const uint8_t *skilled = &w->worker.skilled[s->first - s->place];

	for (int k = 0; k < t->count; k++) {
		uint64_t a = t->application[k];
		int i = application_row(a), skill = skilled[i];
		uint32_t own = employer[i];
		o->match[k] = match[i];
		o->there[k] = value[application_firm(a)].by_skill[skill];
		o->here[k] = value[own].by_skill[skill];
		o->employer[k] = own;
	}
}

VECTOR_BODY better_body(int n, const uint64_t *restrict a, const struct offers *restrict o,
			double better, double spread, uint8_t *restrict flag)
{
	for (int k = 0; k < n; k++) {
		double there = pay_matched(o->there[k], spread, (int)(o->match_there[k] >> 16));
		double here = pay_matched(o->here[k], spread, (int)o->match[k]);
		bool elsewhere = application_firm(a[k]) != o->employer[k];
		flag[k] = (there > better * here) & elsewhere;
	}
}
VECTOR_VERSIONS(better,
		(int n, const uint64_t *a, const struct offers *o, double better, double spread,
		 uint8_t *flag),
		n, a, o, better, spread, flag)

/* Who would be better off applies. */
static void employees_apply(struct seekers *s, struct tries *t)
{
	const struct params *p = &s->search->w->par;
	uint64_t block_first = (uint64_t)(s->first - s->place);
	struct offers o;

	worths_read(s, t, &o);
	rng_rows_agents(s->search->match, block_first << 32, t->application, t->count,
			o.match_there);
	VECTOR_CALL(better, t->count, t->application, &o, 1.0 + p->labour.acceptance_gain,
		    p->labour.match_spread, t->flag);
	tries_written(s, t);
}

/* ---- A chunk */

static void chunk_searches(struct seekers *s)
{
	struct tries employees, jobless;
	uint16_t row[CHUNK + ROWS_SLACK];
	int out_of_work = rows_without(&s->search->w->worker.employer[s->first], s->count, row);
	bool tried;

	employees_try(s, &employees);
	tried = jobless_try(s, row, out_of_work, &jobless);
	employees_apply(s, &employees);
	if (tried)
		jobless_apply(s, &jobless);
	else
		for (int k = 0; k < out_of_work; k++)
			person_searches(s, row[k]);
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

int32_t block_applies(const struct job_search *search, int64_t b, uint32_t *lot)
{
	const struct world *w = search->w;
	int64_t end = par_end(b, w->people);
	uint64_t *list = scratch_applications(w->scratch, b);
	struct seekers s = {
		.search = search,
		.list = list,
		.lot = lot,
		.look = {.near = search->near, .all = w->scratch->vacancy_first[w->regions]},
	};

	for (s.first = b * PAR_BLOCK; s.first < end; s.first += s.count) {
		chunk_opened(&s, end);
		chunk_searches(&s);
	}
	return (int32_t)(s.list - list);
}
