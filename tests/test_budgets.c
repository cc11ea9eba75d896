/* What workers and the periphery order (E30) follows from deposit and income of the month, in every
 * version of the loop, for amounts of all sizes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "levels.h"
#include "ludd/budgets.h"
#include "ludd/income.h"
#include "worlds.h"

enum { PEOPLE = 3000 };

static uint32_t any(uint64_t i)
{
	return (uint32_t)mix64(i * 0x9e3779b97f4a7c15ULL + 7);
}

/* People in work and out of it for all times, with deposits of all sizes, debts among them. */
static struct world *world_of_all_kinds(double basic_income, double wage)
{
	static const uint16_t spells[] = {0, 1, 6, 7, 12, 13, UINT16_MAX};
	struct params p = params_small(PEOPLE, 100);
	struct world *w;

	p.state.benefit_months = 12;
	p.state.basic_income = basic_income;
	w = world_new(&p, 1, 0, 1);
	w->pub.confidence = 0.01;
	w->pub.periphery_wage = 555555.0;
	for (int64_t j = 0; j < w->firms; j++)
		w->firm.wage[j] *= wage;
	for (int64_t n = 0; n < w->people + w->periphery; n++) {
		uint64_t i = (uint64_t)n;
		w->worker.employer[n] = any(i) % 3 ? 5 : NO_FIRM;
		w->worker.spell[n] = spells[any(i + 100000) % LENGTH(spells)];
		w->worker.last_pay[n] = any(i + 200000) >> any(i + 300000) % 32;
		w->worker.cash[n] = (int64_t)(any(i + 400000) >> any(i + 500000) % 32) - 50;
		if (n % 50 == 0)
			w->worker.cash[n] = MONEY_LIMIT / 2 - any(i);
	}
	return w;
}

/* `cash`: with the income. */
static int64_t budget_should_be(const struct world *w, int64_t n, int64_t cash)
{
	const struct params *p = &w->par;
	int64_t income = person_income(w, n), whole;
	double of_income = p->households.consumption_of_income * (1.0 + w->pub.confidence);
	double wish = of_income * (double)income;

	wish += p->households.consumption_of_wealth * (double)(cash - income);
	if (wish <= 0.0)
		wish = 0.0;
	whole = (int64_t)wish;
	return whole < cash ? whole : cash;
}

/* Tells how many orders are too large for 32 bits. */
static int64_t orders_compared(const struct world *before)
{
	struct world *w = world_copy(before);
	int64_t core = 0, periphery = 0, demand = 0, large = 0;

	wages_paid(w);
	for (int64_t n = 0; n < w->people + w->periphery; n++) {
		int64_t cash = before->worker.cash[n] + person_income(w, n);
		int64_t budget = budget_should_be(w, n, cash);
		if (ordered_by(w, n) != budget || w->worker.cash[n] != cash - budget)
			fail_msg("level %d, person %lld: %lld, not %lld, of %lld",
				 (int)vector_level, (long long)n, (long long)ordered_by(w, n),
				 (long long)budget, (long long)cash);
		*(n < w->people ? &core : &periphery) += budget;
		large += budget > UINT32_MAX;
	}
	for (int64_t j = 0; j < w->firms; j++)
		demand += w->firm.capital_goods[j] ? 0 : w->firm.demand[j];
	assert_int_equal(w->prepaid.core, core);
	assert_int_equal(w->prepaid.periphery, periphery);
	assert_int_equal(demand, core + periphery);
	world_free(w);
	return large;
}

static void orders_follow_from_deposit_and_income(void **state)
{
	(void)state;
	for (int basic = 0; basic <= 1; basic++) {
		struct world *w = world_of_all_kinds(basic * 0.3, 1.0);
		assert_true(w->periphery > 0);
		LEVELS(level)
			assert_true(orders_compared(w) > PEOPLE / 60);
		vector_limit(VECTOR_AVX512);
		world_free(w);
	}
}

/* Pay of ten million a month: all orders of people in work are too large for 32 bits. */
static void large_orders_follow_the_same_rule(void **state)
{
	(void)state;
	struct world *w = world_of_all_kinds(0.0, 4000.0);

	LEVELS(level)
		assert_true(orders_compared(w) > PEOPLE / 2);
	vector_limit(VECTOR_AVX512);
	world_free(w);
}

/* Everybody's order is too large, and some sellers are short: money is kept, what is paid is what
 * is sold, nobody pays more than was ordered. */
static void large_orders_are_served_and_refunded(void **state)
{
	(void)state;
	struct params p = params_small(PEOPLE, 100);
	struct world *w = world_new(&p, 1, 0, 1);
	int64_t cash[2 * PEOPLE], sales = 0, unserved = 0, served = 0;
	struct err e = {0};

	for (int64_t n = 0; n < w->people + w->periphery; n++)
		w->worker.cash[n] = cash[n] = (int64_t)1 << 40;
	money_balanced(w);
	month_until(w, PHASE_goods_made, NULL);
	for (int64_t n = 0; n < w->people; n++)
		assert_true(ordered_by(w, n) > UINT32_MAX);
	for (int64_t j = 0; j < w->firms; j++)
		w->firm.inventory[j] =
			(double)(w->firm.demand[j] * (j % 4)) / w->firm.price[j];
	for (int64_t n = 0; n < w->people + w->periphery; n++)
		cash[n] = w->worker.cash[n] + ordered_by(w, n);
	households_buy(w);
	NO_ERROR(money_checked(w, "households_buy", &e), e);
	assert_int_equal(w->prepaid.core + w->prepaid.periphery, 0);
	for (int64_t n = 0; n < w->people + w->periphery; n++) {
		assert_true(w->worker.cash[n] >= 0 && w->worker.cash[n] <= cash[n]);
		unserved += w->worker.cash[n] == cash[n];
		served += w->worker.cash[n] < cash[n];
	}
	for (int64_t j = 0; j < w->firms; j++) {
		double worth = w->firm.inventory[j] * w->firm.price[j];
		sales += w->firm.sales[j];
		assert_true(worth >= 0.0);
	}
	assert_int_equal(sales, w->census.flow.consumption_core +
				w->census.flow.consumption_periphery +
				w->census.flow.consumption_owners + w->census.flow.purchases);
	assert_true(served > PEOPLE / 2 && unserved > 0);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_follow_from_deposit_and_income),
		cmocka_unit_test(large_orders_follow_the_same_rule),
		cmocka_unit_test(large_orders_are_served_and_refunded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
