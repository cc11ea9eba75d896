/* Inequality by histogram against the exact formulas on the sorted amounts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "levels.h"
#include "ludd/distribution.h"
#include "worlds.h"

enum { PEOPLE = 5000 };

/* People with work for all, no owner's money, no firms' book value: wealth is deposits alone. */
static struct world *people_alone(void)
{
	struct params p = params_small(PEOPLE, 10);
	struct world *w;

	p.population.owners_share = 0.0001;
	w = world_new(&p, 1, 0, 1);
	for (int64_t n = 0; n < PEOPLE; n++)
		w->worker.employer[n] = 1;
	memset(w->firm.alive, 0, sizeof(*w->firm.alive) * (size_t)w->firms);
	w->ledger.bank = 0;
	w->owner.cash[0] = w->owner.dividends[0] = 0;
	return w;
}

static void people_measured(struct world *w)
{
	struct histograms *h = distribution_begun(w);
	distribution_adds(h, w, 0, w->people);
	distribution_measured(w, h);
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

struct exact {
	double gini, median, top1;
};

/* The amounts and one zero (the owner). */
static struct exact exact_of(const int64_t *amount)
{
	static int64_t x[PEOPLE + 1];
	double money = 0.0, ranked = 0.0, top = 0.0, left = 0.01 * (PEOPLE + 1);
	int n = PEOPLE + 1;

	memcpy(x, amount, sizeof(*x) * PEOPLE);
	x[PEOPLE] = 0;
	qsort(x, (size_t)n, sizeof(*x), by_size);
	for (int i = 0; i < n; i++) {
		money += (double)x[i];
		ranked += (i + 1.0) * (double)x[i];
	}
	for (int i = n - 1; i >= 0 && left > 0; i--, left -= 1.0)
		top += (double)x[i] * smaller(1.0, left);
	return (struct exact){
		.gini = 2.0 * ranked / (n * money) - (n + 1.0) / n,
		.median = (double)x[n / 2],
		.top1 = top / money,
	};
}

static void measured(const int64_t *amount, struct exact *exact, struct census *census)
{
	struct world *w = people_alone();

	memcpy(w->worker.cash, amount, sizeof(*amount) * PEOPLE);
	w->par.state.wage_tax = 0.0; /* so that income is pay */
	memcpy(w->worker.last_pay, amount, sizeof(*amount) * PEOPLE);
	people_measured(w);
	*exact = exact_of(amount);
	*census = w->census;
	world_free(w);
}

/* Even, two peaked (sums of draws) and two with long tails (inverse of a draw). */
static int64_t amount_drawn(int kind, struct pcg32 *g)
{
	switch (kind) {
	case 0: return (int64_t)(1e6 * rng_unit(g));
	case 1: return (int64_t)(3e6 * (1.0 + 0.2 * rng_normal(g)));
	case 2: return (int64_t)(5e9 * (4.0 + rng_normal(g)));
	case 3: return (int64_t)(1e5 / (0.001 + rng_unit(g)));
	default: return (int64_t)(1e4 / sqrt(1e-8 + rng_unit(g)));
	}
}

static void histograms_agree_with_sorted_amounts(void **state)
{
	(void)state;
	static int64_t amount[PEOPLE];

	for (int kind = 0; kind < 5; kind++) {
		struct pcg32 g = rng_agent(rng_key(1, DRAW_design, kind), 0);
		struct exact e;
		struct census c;
		for (int i = 0; i < PEOPLE; i++)
			amount[i] = amount_drawn(kind, &g);
		measured(amount, &e, &c);
		assert_true(c.gini_income <= e.gini + 1e-12 && c.gini_income > e.gini - 0.0001);
		CLOSE(c.gini_wealth, c.gini_income, 0.0);
		CLOSE(c.median_pay / e.median, 1.0, 1.0 / 64);
		CLOSE(c.top1_wealth / e.top1, 1.0, 1.0 / 64);
	}
}

static void equal_amounts_have_no_inequality_and_one_owner_has_all(void **state)
{
	(void)state;
	static int64_t amount[PEOPLE];
	struct exact e;
	struct census c;

	for (int i = 0; i < PEOPLE; i++)
		amount[i] = 3000000;
	measured(amount, &e, &c);
	CLOSE(c.gini_income, 1.0 / (PEOPLE + 1), 1e-12); /* the owner has nothing */
	CLOSE(c.median_pay, 3000000.0, 3000000.0 / 64);
	CLOSE(c.top1_wealth, 0.01 * (PEOPLE + 1) / PEOPLE, 1e-12);
	memset(amount, 0, sizeof(amount));
	amount[77] = 1000000007;
	measured(amount, &e, &c);
	CLOSE(c.gini_wealth, PEOPLE / (PEOPLE + 1.0), 1e-12);
	CLOSE(c.top1_wealth, 1.0, 1e-12);
}

static void small_amounts_are_told_apart_and_debts_count_as_nothing(void **state)
{
	(void)state;
	static int64_t amount[PEOPLE], floored[PEOPLE];
	struct exact e;
	struct census c;

	for (int i = 0; i < PEOPLE; i++) {
		amount[i] = i % 60 - 20;
		floored[i] = larger_i64(0, amount[i]);
	}
	measured(amount, &e, &c);
	e = exact_of(floored);
	CLOSE(c.gini_wealth, e.gini, 1e-12); /* below 64 mills a bin holds one amount */
	CLOSE(c.top1_wealth, e.top1, 1e-12);
}

static void nobody_with_money_is_no_inequality(void **state)
{
	(void)state;
	static int64_t amount[PEOPLE];
	struct exact e;
	struct census c;

	memset(amount, 0, sizeof(amount));
	measured(amount, &e, &c);
	CLOSE(c.gini_income + c.gini_wealth + c.top1_wealth, 0.0, 0.0);
	CLOSE(c.median_pay, 0.0, 1.0);
}

static void owners_count_with_their_share_of_firms_and_bank(void **state)
{
	(void)state;
	struct world *w = people_alone();

	for (int64_t n = 0; n < PEOPLE; n++)
		w->worker.cash[n] = 1000;
	w->ledger.bank = 1000LL * PEOPLE; /* owned by the one owner */
	people_measured(w);
	CLOSE(w->census.top1_wealth, 0.5, 0.01);
	CLOSE(w->census.gini_wealth, 0.5, 0.001);
	w->ledger.bank = 0;
	w->firm.alive[1] = 1;
	w->firm.cash[1] = 3000LL * PEOPLE;
	w->firm.loan[1] = 1000LL * PEOPLE;
	w->firm.capital[1] = w->firm.ai_capital[1] = w->firm.inventory[1] = 0.0;
	people_measured(w);
	CLOSE(w->census.gini_wealth, 2.0 / 3.0, 0.001);
	world_free(w);
}

/* 2^k - 1 is the last amount of its bin, however many ones would be rounded up. */
static void amounts_just_below_a_power_of_two_stay_below(void **state)
{
	(void)state;
	static int64_t amount[PEOPLE];
	struct exact e;
	struct census c;

	LEVELS(level)
	for (int k = 8; k < 62; k++) {
		for (int i = 0; i < PEOPLE; i++)
			amount[i] = ((int64_t)1 << k) - 1;
		measured(amount, &e, &c);
		CLOSE(c.median_pay, ldexp(1.0, k) - ldexp(1.0, k - 8), 0.0); /* middle of it */
	}
	vector_limit(VECTOR_AVX512);
}

/* Some out of work, in debt or rich; a last chunk that is not full. */
static struct world *people_of_all_kinds(void)
{
	struct world *w = people_alone();
	struct workers *x = &w->worker;

	for (int64_t n = 0; n < PEOPLE; n++) {
		struct pcg32 g = rng_agent(rng_key(1, DRAW_design, 9), (uint64_t)n);
		x->last_pay[n] = amount_drawn((int)(n % 5), &g);
		x->cash[n] = amount_drawn((int)(n % 3 + 2), &g) - 1000000;
		x->spell[n] = (uint16_t)(n % 40);
		x->employer[n] = n % 7 ? 1 : NO_FIRM;
	}
	return w;
}

static void all_versions_and_threads_measure_the_same(void **state)
{
	(void)state;
	struct world *w = people_of_all_kinds();
	struct census c = {0};

	LEVELS(level)
	for (w->threads = 1; w->threads <= 3; w->threads++) {
		struct histograms *h = distribution_begun(w);
		PAR_BLOCKS(b, w->people, w->threads)
			distribution_adds(h, w, b * PAR_BLOCK, par_end(b, w->people));
		distribution_measured(w, h);
		if (level == VECTOR_NONE && w->threads == 1)
			c = w->census;
		assert_memory_equal(&c, &w->census, sizeof(c));
	}
	vector_limit(VECTOR_AVX512);
	assert_true(c.median_pay > 0.0 && c.gini_income > 0.0 && c.gini_wealth > 0.0);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(histograms_agree_with_sorted_amounts),
		cmocka_unit_test(equal_amounts_have_no_inequality_and_one_owner_has_all),
		cmocka_unit_test(small_amounts_are_told_apart_and_debts_count_as_nothing),
		cmocka_unit_test(nobody_with_money_is_no_inequality),
		cmocka_unit_test(owners_count_with_their_share_of_firms_and_bank),
		cmocka_unit_test(amounts_just_below_a_power_of_two_stay_below),
		cmocka_unit_test(all_versions_and_threads_measure_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
