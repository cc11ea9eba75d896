/* The labour market by the plain rule (E25 of docs/model.md), one person and firm after another: a
 * market that lists only those who may be called, and works in vectors, ends in the same state. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "levels.h"
#include "ludd/firm.h"
#include "ludd/mem.h"
#include "worlds.h"

enum state { OPEN, OFFERED, TAKEN, CLOSED };

struct application {
	uint32_t firm, lot;
	int64_t person;
	enum state state;
};

struct market {
	struct world *w;
	struct application *a; /* those of a person side by side */
	int64_t count;
	int64_t *from;         /* first of person n; from[n + 1] is behind its last */
	int64_t *filled;       /* by firm */
};

/* ---- The rule */

static int64_t posts_in(const struct world *w, int64_t first, int64_t end)
{
	int64_t posts = 0;
	for (int64_t j = first; j < end; j++)
		posts += w->firm.vacancies[j];
	return posts;
}

static uint32_t firm_seen(const struct world *w, struct pcg32 *g, int64_t n)
{
	const int64_t *here = &w->firms_first[w->worker.region[n]];
	int64_t first = 0, end = w->firms, post;

	if (w->regions > 1 && rng_unit(g) < w->par.labour.local_search &&
	    posts_in(w, here[0], here[1]) > 0) {
		first = here[0];
		end = here[1];
	}
	post = rng_below(g, (uint32_t)posts_in(w, first, end));
	for (; post >= w->firm.vacancies[first]; first++)
		post -= w->firm.vacancies[first];
	return (uint32_t)first;
}

static double worth(const struct world *w, int64_t n, uint32_t j, uint16_t match)
{
	const struct params *p = &w->par;
	double appeal = w->firm.wage[j] *
			(1.0 + p->labour.leisure_value * (1.0 - w->firm.hours[j]));

	if (w->worker.skilled[n])
		appeal *= firm_skill_factor(p->skills.premium, w->firm.automation[j]);
	return appeal * (1.0 + p->labour.match_spread * (match * 0x1p-15 - 1.0));
}

static uint16_t match_at(const struct world *w, int64_t n, uint32_t j)
{
	return firm_match(rng_key(w->seed, DRAW_match, 0), (uint64_t)n, j);
}

static void apply_once(struct market *m, int64_t n, uint32_t j)
{
	struct rng_key key = rng_key(m->w->seed, DRAW_hire, m->w->tick);

	for (int64_t i = m->from[n]; i < m->count; i++)
		if (m->a[i].firm == j)
			return;
	m->a[m->count++] = (struct application){
		j, rng_first(key, (uint64_t)n << 32 | j), n, OPEN};
}

static void person_searches(struct market *m, int64_t n)
{
	struct world *w = m->w;
	struct pcg32 g = rng_agent(rng_key(w->seed, DRAW_apply, w->tick), (uint64_t)n);
	uint32_t own = w->worker.employer[n], j;

	m->from[n] = m->count;
	if (own == NO_FIRM) {
		for (int64_t k = 0; k < w->par.labour.applications; k++)
			apply_once(m, n, firm_seen(w, &g, n));
	} else if (rng_unit(&g) < w->par.labour.on_the_job_search) {
		j = firm_seen(w, &g, n);
		if (j != own && worth(w, n, j, match_at(w, n, j)) >
					(1.0 + w->par.labour.acceptance_gain) *
						worth(w, n, own, w->worker.match[n]))
			apply_once(m, n, j);
	}
	m->from[n + 1] = m->count;
}

/* The next in order of lots behind `lot` at firm j, or NULL (no two lots are equal here). */
static struct application *next_applicant(struct market *m, int64_t j, int64_t lot)
{
	struct application *next = NULL;

	for (int64_t i = 0; i < m->count; i++)
		if (m->a[i].firm == j && m->a[i].lot > lot && (!next || m->a[i].lot < next->lot))
			next = &m->a[i];
	return next;
}

static void firm_calls(struct market *m, int64_t j)
{
	int64_t open = m->w->firm.vacancies[j] - m->filled[j];
	struct application *a = next_applicant(m, j, -1);

	for (; open > 0 && a; a = next_applicant(m, j, a->lot))
		if (a->state == OPEN) {
			a->state = OFFERED;
			open--;
		}
}

static void person_chooses(struct market *m, int64_t n)
{
	struct application *best = NULL;
	double most = 0.0;

	for (struct application *a = &m->a[m->from[n]]; a < &m->a[m->from[n + 1]]; a++) {
		double value = worth(m->w, n, a->firm, match_at(m->w, n, a->firm));
		if (a->state == OFFERED && (!best || value > most ||
					    (value >= most && a->firm < best->firm))) {
			best = a;
			most = value;
		}
	}
	if (!best)
		return;
	for (struct application *a = &m->a[m->from[n]]; a < &m->a[m->from[n + 1]]; a++)
		a->state = CLOSED;
	best->state = TAKEN;
	m->filled[best->firm]++;
}

/* Where everybody works in the end. */
static void market_by_rule(struct world *w, uint32_t *employer)
{
	struct market m = {.w = w};

	MEM_NEW(m.a, w->people * w->par.labour.applications, "a test");
	MEM_NEW(m.from, w->people + 1, "a test");
	MEM_NEW(m.filled, w->firms, "a test");
	for (int64_t n = 0; n < w->people; n++) {
		employer[n] = w->worker.employer[n];
		person_searches(&m, n);
	}
	for (int64_t round = 0; round < w->par.labour.hiring_rounds; round++) {
		for (int64_t j = 0; j < w->firms; j++)
			firm_calls(&m, j);
		for (int64_t n = 0; n < w->people; n++)
			person_chooses(&m, n);
	}
	for (int64_t i = 0; i < m.count; i++)
		if (m.a[i].state == TAKEN)
			employer[m.a[i].person] = m.a[i].firm;
	mem_free(m.a);
	mem_free(m.from);
	mem_free(m.filled);
}

/* ---- The comparison */

/* A third are out of work; every fifth firm has posts, the larger the number the more. */
static struct world *market_opened(const struct params *p, int threads)
{
	struct world *w = world_new(p, 17, 0, threads);

	for (int64_t n = 0; n < w->people; n++) {
		w->worker.skilled[n] = n % 7 < 3;
		if (n % 3 == 0)
			w->worker.employer[n] = NO_FIRM;
	}
	staff_recounted(w);
	for (int64_t j = 0; j < w->firms; j++) {
		w->firm.vacancies[j] = j % 5 ? 0 : (int32_t)(1 + j / 5 % 4);
		w->firm.filled[j] = 0;
		w->firm.wage[j] *= 0.9 + 0.2 * (double)(j % 11) / 10.0;
		w->firm.hours[j] = j % 2 ? 1.0 : 0.9;
	}
	month_opened(w);
	return w;
}

/* `out_of_work`: by how much the market thinks there are more than there are. */
static void market_checked(const struct params *p, int64_t out_of_work)
{
	struct world *w = market_opened(p, 1);
	uint32_t *employer;
	int64_t moved = 0;

	MEM_NEW(employer, w->people, "a test");
	market_by_rule(w, employer);
	for (int64_t n = 0; n < w->people; n++)
		moved += employer[n] != w->worker.employer[n];
	assert_true(moved > 5);
	world_free(w);
	LEVELS(level)
	for (int threads = 1; threads <= 3; threads++) {
		w = market_opened(p, threads);
		for (int64_t r = 0; r < w->regions; r++)
			w->scratch->reserve[r] *= out_of_work;
		vacancies_open(w);
		applications_clear(w);
		assert_memory_equal(w->worker.employer, employer,
				    sizeof(*employer) * (size_t)w->people);
		assert_int_equal(w->census.head.hires, moved);
		for (int64_t n = 0; n < w->people; n += 3) {
			uint32_t j = w->worker.employer[n];
			if (j != NO_FIRM && w->worker.spell[n] == 0)
				assert_int_equal(w->worker.match[n], match_at(w, n, j));
		}
		invariants_hold(w, PHASE_applications_clear);
		world_free(w);
	}
	vector_limit(VECTOR_AVX512);
	mem_free(employer);
}

static struct params market_params(int64_t regions, int64_t applications, int64_t rounds)
{
	struct params p = params_small(2600, 120);

	p.population.regions = regions;
	p.labour.applications = applications;
	p.labour.hiring_rounds = rounds;
	return p;
}

static void the_market_ends_as_the_rule_says(void **state)
{
	(void)state;
	static const int64_t applications[] = {1, 3, 6, 7};

	for (int64_t regions = 1; regions <= 3; regions += 2)
		for (int i = 0; i < LENGTH(applications); i++) {
			struct params p = market_params(regions, applications[i], 2);
			market_checked(&p, 1);
		}
}

static void everybody_or_nobody_looks_from_a_post(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct params p = market_params(3, 3, 2);
		p.labour.on_the_job_search = i;
		p.labour.local_search = 0.5;
		market_checked(&p, 1);
	}
}

/* Lists far too short, since the market expects many more people: it begins again with all. */
static void lists_that_are_too_short_are_made_anew(void **state)
{
	(void)state;
	for (int64_t rounds = 1; rounds <= 5; rounds += 2) {
		struct params p = market_params(3, 4, rounds);
		market_checked(&p, 1000000);
		market_checked(&p, 20);
		market_checked(&p, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_market_ends_as_the_rule_says),
		cmocka_unit_test(everybody_or_nobody_looks_from_a_post),
		cmocka_unit_test(lists_that_are_too_short_are_made_anew),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
