/* Budgets of workers and the periphery (E30) follow from deposit and income of the month, in every
 * version of the loop and in any place of a row of people. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "levels.h"
#include "ludd/budgets.h"
#include "ludd/income.h"
#include "worlds.h"

enum { PEOPLE = 3000, MOST = 700 };

static uint32_t any(uint64_t i)
{
	return (uint32_t)mix64(i * 0x9e3779b97f4a7c15ULL + 7);
}

/* People in work and out of it for all times, with deposits of all sizes, debts among them. */
static struct world *world_of_all_kinds(double basic_income)
{
	static const uint16_t spells[] = {0, 1, 6, 7, 12, 13, UINT16_MAX};
	struct params p = params_small(PEOPLE, 100);
	struct world *w;

	p.state.benefit_months = 12;
	w = world_new(&p, 1, 0, 1);
	w->pub.confidence = 0.01;
	w->terms = (struct terms){.basic_income = (int64_t)(basic_income * 1e6),
				  .assistance = 777777,
				  .dividend = 12345,
				  .periphery_pay = 555555};
	for (int64_t n = 0; n < w->people + w->periphery; n++) {
		uint64_t i = (uint64_t)n;
		w->worker.employer[n] = any(i) % 3 ? 5 : NO_FIRM;
		w->worker.spell[n] = spells[any(i + 100000) % LENGTH(spells)];
		w->worker.last_pay[n] = any(i + 200000) >> any(i + 300000) % 32;
		w->worker.cash[n] = (int64_t)(any(i + 400000) >> any(i + 500000) % 32) - 50;
		if (n % 50 == 0)
			w->worker.cash[n] = MONEY_LIMIT - 1 - any(i);
	}
	return w;
}

static int64_t budget_should_be(const struct world *w, int64_t n)
{
	const struct params *p = &w->par;
	int64_t cash = w->worker.cash[n], income = person_income(w, n), whole;
	double of_income = p->households.consumption_of_income * (1.0 + w->pub.confidence);
	double wish = of_income * (double)income;

	wish += p->households.consumption_of_wealth * (double)(cash - income);
	if (wish <= 0.0)
		wish = 0.0;
	whole = (int64_t)wish;
	return whole < cash ? whole : cash;
}

static void budgets_compared(const struct world *w, int64_t first, int count)
{
	int64_t budget[MOST + 1];

	budget[count] = -12345;
	budgets_of(w, first, count, budget);
	for (int i = 0; i < count; i++)
		if (budget[i] != budget_should_be(w, first + i))
			fail_msg("level %d, row %lld: %lld, not %lld", (int)vector_level,
				 (long long)(first + i), (long long)budget[i],
				 (long long)budget_should_be(w, first + i));
	assert_int_equal(budget[count], -12345);
}

static void budgets_follow_from_deposit_and_income(void **state)
{
	(void)state;
	static const int counts[] = {0, 1, 7, 8, 15, 16, 17, 31, 63, 64, 65, 128, 511, 512, MOST};

	for (int basic = 0; basic <= 1; basic++) {
		struct world *w = world_of_all_kinds(basic);
		assert_true(w->periphery > 0 && w->periphery < MOST);
		LEVELS(level) {
			for (int c = 0; c < LENGTH(counts); c++)
				for (int64_t first = 0; first < 40; first += 3)
					budgets_compared(w, first, counts[c]);
			budgets_compared(w, w->people - MOST, MOST);
			budgets_compared(w, w->people, (int)w->periphery);
			budgets_compared(w, w->people + 3, 40);
		}
		vector_limit(VECTOR_AVX512);
		world_free(w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(budgets_follow_from_deposit_and_income),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
