/* The search for sellers by chunks of people finds what each of them alone would find by the rules
 * of E31, drawing in the order: look, explore, where, which, price, churn. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "levels.h"
#include "ludd/orders.h"
#include "ludd/shopping.h"
#include "worlds.h"

enum { PEOPLE = 5000, FIRMS = 80 };

static uint32_t any(uint64_t i)
{
	return (uint32_t)mix64(i * 0x9e3779b97f4a7c15ULL + 1);
}

/* Prices and shares served of all kinds; one seller in four has closed, in the last region all. */
static struct world *market(int64_t regions)
{
	struct params p = params_small(PEOPLE, FIRMS);
	struct world *w;

	p.population.regions = regions;
	p.households.search = 0.5;
	p.households.exploration = 0.3;
	p.households.churn = 0.1;
	p.households.local_search = 0.7;
	w = world_new(&p, 1, 0, 1);
	for (int64_t j = 0; j < w->firms; j++) {
		uint32_t x = any((uint64_t)j);
		w->firm.alive[j] = x % 4 != 0;
		w->firm.price_before[j] = 50000.0 + x % 1009 * 30.0;
		w->firm.fill[j] = x / 4 % 3 ? 1.0 : 0.2 + x % 1013 / 1300.0;
	}
	for (int64_t j = w->firms_first[regions - 1]; regions > 1 && j < w->firms; j++)
		w->firm.alive[j] = 0;
	sellers_listed(w);
	return w;
}

/* ---- One by one */

static bool stays_in_region(const struct world *w, struct pcg32 *g, int64_t n)
{
	if (n >= w->people || w->regions == 1)
		return false;
	return rng_unit(g) < w->par.households.local_search;
}

static uint32_t heard_of(const struct world *w, struct pcg32 *g, int64_t n)
{
	bool here = stays_in_region(w, g, n);
	uint16_t r = w->worker.region[n];
	int64_t from = here ? w->people_first[r] : 0;
	int64_t to = here ? w->people_first[r + 1] : w->people + w->periphery;

	return w->worker.seller[from + rng_below(g, (uint32_t)(to - from))];
}

static uint32_t come_across(const struct world *w, struct pcg32 *g, int64_t n)
{
	const struct scratch *s = w->scratch;
	bool here = stays_in_region(w, g, n);
	uint16_t r = w->worker.region[n];

	if (here && s->sellers_first[r] == s->sellers_first[r + 1])
		here = false;
	int64_t from = here ? s->sellers_first[r] : 0;
	int64_t to = s->sellers_first[here ? r + 1 : w->regions];
	return s->sellers[from + rng_below(g, (uint32_t)(to - from))];
}

static bool is_better(const struct world *w, struct pcg32 *g, uint32_t own, uint32_t other)
{
	const struct params *p = &w->par;
	const double *price = w->firm.price_before, *fill = w->firm.fill;
	double gap = price[own] - price[other], chance = 0.0;

	if (gap > 0.0)
		chance = p->households.price_sensitivity * (gap / price[own]);
	if (fill[own] < 0.98)
		chance += p->households.stockout_sensitivity * (fill[other] - fill[own]);
	if (rng_unit(g) < chance)
		return true;
	return rng_unit(g) * p->households.search < p->households.churn;
}

static uint32_t seller_next(const struct world *w, struct rng_key key, int64_t n)
{
	struct pcg32 g = rng_agent(key, (uint64_t)n);
	uint32_t own = w->worker.seller[n], other;

	if (!w->firm.alive[own]) {
		for (int i = 0; i < 3; i++) {
			other = heard_of(w, &g, n);
			if (w->firm.alive[other])
				return other;
		}
		return come_across(w, &g, n);
	}
	if (pcg32_next(&g) >= rng_threshold(w->par.households.search))
		return own;
	other = rng_unit(&g) < w->par.households.exploration ? come_across(w, &g, n)
							     : heard_of(w, &g, n);
	if (other == own || !w->firm.alive[other])
		return own;
	return is_better(w, &g, own, other) ? other : own;
}

static uint32_t seller_again(const struct world *w, struct rng_key key, int64_t n)
{
	struct pcg32 g = rng_agent(key, (uint64_t)n);

	for (int i = 0; i < 3; i++) {
		uint32_t other = heard_of(w, &g, n);
		if (w->scratch->mark[other] == SELLS_AGAIN)
			return other;
	}
	return (uint32_t)w->firms;
}

/* ---- By chunks */

/* Calls check for every chunk of the core and of the periphery, in every version; tells how many of
 * its people it counted. */
static int64_t chunks_checked(const struct world *w, struct rng_key key,
			      int64_t (*check)(const struct world *w, struct rng_key key,
					       int64_t first, int count))
{
	int64_t seen = 0, all = w->people + w->periphery;

	LEVELS(level) {
		seen = 0;
		for (int64_t first = 0, count; first < all; first += count) {
			int64_t end = all;
			if (first < w->people)
				end = w->people_first[w->worker.region[first] + 1];
			int64_t block = par_end(first / PAR_BLOCK, all);
			count = smaller_i64(SHOPPING_CHUNK, smaller_i64(end, block) - first);
			seen += check(w, key, first, (int)count);
		}
	}
	vector_limit(VECTOR_AVX512);
	return seen;
}

static int64_t changes_checked(const struct world *w, struct rng_key key, int64_t first, int count)
{
	struct change changes[SHOPPING_CHUNK];
	struct lookers lookers;
	int changed, seen = 0;

	sellers_asked(w, key, first, count, &lookers);
	changed = sellers_changed(w, &lookers, changes);

	for (int64_t n = first; n < first + count; n++) {
		uint32_t next = seller_next(w, key, n);
		if (next == w->worker.seller[n])
			continue;
		assert_true(seen < changed);
		assert_int_equal(changes[seen].row, n % PAR_BLOCK);
		if (changes[seen].seller != next)
			fail_msg("person %lld goes to %u, not %u", (long long)n,
				 changes[seen].seller, next);
		seen++;
	}
	assert_int_equal(seen, changed);
	return seen;
}

static int64_t second_checked(const struct world *w, struct rng_key key, int64_t first, int count)
{
	uint32_t other[SHOPPING_CHUNK];
	uint16_t row[SHOPPING_CHUNK] = {0};
	int some = 0, found = 0;

	for (int i = 0; i < count; i++) {
		row[some] = (uint16_t)i;
		some += any((uint64_t)(first + i)) % 5 != 0;
	}
	second_sellers(w, key, first, row, some, other);
	for (int k = 0; k < some; k++) {
		uint32_t should = seller_again(w, key, first + row[k]);
		if (other[k] != should)
			fail_msg("person %lld turns to %u, not %u", (long long)(first + row[k]),
				 other[k], should);
		assert_int_equal(second_seller(w, key, first + row[k]), should);
		found += should != (uint32_t)w->firms;
	}
	second_sellers(w, key, first, row, 0, other);
	return found;
}

static struct rng_key month(const struct world *w, int64_t tick)
{
	return rng_key(w->seed, DRAW_shop, tick);
}

static void changes_of_sellers_follow_the_rules(int64_t regions)
{
	struct world *w = market(regions);
	int64_t changed = 0;

	for (int64_t tick = 0; tick < 10; tick++)
		changed += chunks_checked(w, month(w, tick), changes_checked);
	assert_true(changed > PEOPLE && changed < 10 * PEOPLE);
	world_free(w);
}

static void in_one_market_people_change_sellers_by_the_rules(void **state)
{
	(void)state;
	changes_of_sellers_follow_the_rules(1);
}

static void in_four_regions_people_change_sellers_by_the_rules(void **state)
{
	(void)state;
	changes_of_sellers_follow_the_rules(4);
}

static void extreme_chances_keep_the_rules(void **state)
{
	(void)state;
	struct world *w = market(4);

	for (int i = 0; i < 32; i++) {
		w->par.households.search = i & 1;
		w->par.households.exploration = i >> 1 & 1;
		w->par.households.local_search = i >> 2 & 1;
		w->par.households.churn = i >> 3 & 1;
		w->par.households.price_sensitivity = i >> 4 & 1 ? 100.0 : 0.0;
		chunks_checked(w, month(w, i), changes_checked);
	}
	world_free(w);
}

static void unserved_buyers_turn_to_marked_firms(void **state)
{
	(void)state;
	for (int64_t regions = 1; regions <= 4; regions += 3) {
		struct world *w = market(regions);
		for (int share = 1; share <= 16; share *= 4) {
			int64_t found = 0;
			for (int64_t j = 0; j < w->firms; j++)
				w->scratch->mark[j] = any((uint64_t)j + 9) % 16 < (uint32_t)share
							      ? SELLS_AGAIN
							      : SELLER_SHORT;
			for (int64_t tick = 0; tick < 5; tick++)
				found += chunks_checked(w, month(w, tick), second_checked);
			assert_true(found > 0 && (share < 16) == (found < 5 * PEOPLE * 7 / 10));
		}
		memset(w->scratch->mark, 0, (size_t)w->firms);
		assert_int_equal(chunks_checked(w, month(w, 0), second_checked), 0);
		world_free(w);
	}
}

/* ---- Draws that rng_below makes once more */

/* A month in which output k of somebody's generator is too low for a whole number below n. */
static int64_t month_with_a_draw_too_low(const struct world *w, int k, uint32_t n, bool alive)
{
	for (int64_t tick = 0; tick < 20000; tick++)
		for (int64_t person = 0; person < w->people; person++) {
			struct pcg32 g = rng_agent(month(w, tick), (uint64_t)person);
			pcg32_advance(&g, (uint64_t)k);
			if ((uint32_t)(pcg32_next(&g) * n) < (uint32_t)-n % n &&
			    w->firm.alive[w->worker.seller[person]] == alive)
				return tick;
		}
	fail();
	return 0;
}

static void draws_that_have_to_be_made_again_are(void **state)
{
	(void)state;
	struct world *w = market(1);
	uint32_t buyers = (uint32_t)(w->people + w->periphery);
	int64_t tick;

	w->par.households.search = 1.0;
	w->par.households.exploration = 0.0;
	w->par.households.churn = 1.0;
	for (int k = 0; k < 3; k++) {
		tick = month_with_a_draw_too_low(w, k, buyers, k == 2);
		chunks_checked(w, month(w, tick), changes_checked);
		for (int64_t j = 0; j < w->firms; j++)
			w->scratch->mark[j] = j % 9 == 0 ? SELLS_AGAIN : 0;
		chunks_checked(w, month(w, tick), second_checked);
	}
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_one_market_people_change_sellers_by_the_rules),
		cmocka_unit_test(in_four_regions_people_change_sellers_by_the_rules),
		cmocka_unit_test(extreme_chances_keep_the_rules),
		cmocka_unit_test(unserved_buyers_turn_to_marked_firms),
		cmocka_unit_test(draws_that_have_to_be_made_again_are),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
