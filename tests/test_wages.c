/* The yearly wage bargain; pay, benefits and skill of every person. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "ludd/firm.h"
#include "worlds.h"

/* ---- The bargain */

static double wage_next(void (*change)(struct world *w))
{
	struct world *w = worked_firm();
	double wage;

	w->tick = GOODS;
	change(w);
	month_until(w, PHASE_firms_plan, NULL);
	wage = w->firm.wage[GOODS];
	world_free(w);
	return wage;
}

static void nothing_changes(struct world *w)
{
	w->par.labour.bargaining_power = 0.7;
	w->par.labour.own_surplus_weight = 0.0;
	w->pub.surplus = 3800000.0;
}
static void unions_grow(struct world *w)
{
	nothing_changes(w);
	w->par.labour.union_density = 0.1;
}
static void machines_threaten(struct world *w)
{
	nothing_changes(w);
	w->tick += 240; /* the frontier has come, the firm has not adopted */
}
static void layoffs_frighten(struct world *w)
{
	nothing_changes(w);
	w->pub.layoff_rate = 0.05;
}
static void hours_are_short_elsewhere(struct world *w)
{
	nothing_changes(w);
	w->region[0].hours = 0.8;
}
static void hours_are_short_here(struct world *w)
{
	nothing_changes(w);
	w->firm.hours[GOODS] = 0.8;
}
static void surplus_is_gone(struct world *w) { w->pub.surplus = 0.0; }
static void surplus_is_gone_for_long(struct world *w)
{
	w->pub.surplus = 0.0;
	w->firm.loss_months[GOODS] = 7;
}
static void surplus_explodes(struct world *w) { w->pub.surplus = 1e9; }
static void posts_stay_empty(struct world *w)
{
	w->tick = 0;
	w->firm.unfilled[GOODS] = 0.1;
}

static void bargaining_answers_unions_threat_fear_and_hours(void **state)
{
	(void)state;
	double plain = wage_next(nothing_changes);
	assert_true(plain > 3000000.0);
	assert_true(wage_next(unions_grow) > plain);
	assert_true(wage_next(machines_threaten) < plain);
	assert_true(wage_next(layoffs_frighten) < plain);
	assert_true(wage_next(hours_are_short_elsewhere) > plain);
	assert_true(wage_next(hours_are_short_here) < plain);
}

static void wages_fall_only_after_long_losses_and_rise_by_a_sixth_at_most(void **state)
{
	(void)state;
	CLOSE(wage_next(surplus_is_gone), 3000000.0, 0.0);
	CLOSE(wage_next(surplus_is_gone_for_long), 0.97 * 3000000.0, 1e-6);
	CLOSE(wage_next(surplus_explodes), 1.15 * 3000000.0, 1e-6);
	CLOSE(wage_next(posts_stay_empty), 3000000.0 * (1.0 + 0.05 * 0.1), 1e-6);
}

static void flexible_wages_fall(void **state)
{
	(void)state;
	struct world *w = worked_firm();
	w->tick = GOODS;
	w->par.labour.wage_rigidity = 0.0;
	w->pub.surplus = 0.0;
	month_until(w, PHASE_firms_plan, NULL);
	assert_true(w->firm.wage[GOODS] < 0.97 * 3000000.0);
	world_free(w);
}

/* ---- Pay, benefits, skill */

static void benefits_last_their_months_and_assistance_follows(void **state)
{
	(void)state;
	struct world *w = worked_firm();

	w->par.state.benefit_months = 12;
	w->worker.employer[4] = NO_FIRM;
	w->worker.last_pay[4] = 2500001;
	staff_recounted(w);
	for (int month = 1; month <= 14; month++) {
		int64_t cash = w->worker.cash[4], support = month <= 12
			? (int64_t)(0.5 * 2500001.0 * 0.78) : (int64_t)(0.2 * 3000000.0 * 0.78);
		month_until(w, PHASE_firms_plan, NULL);
		w->pub.wage = 3000000.0;
		wages_paid(w);
		assert_int_equal(w->worker.spell[4], month);
		assert_int_equal(person_income(w, 4), support);
		assert_int_equal(w->worker.cash[4] + ordered_by(w, 4) - cash, support);
		assert_int_equal(w->census.flow.benefits, support);
	}
	world_free(w);
}

static void basic_income_and_fund_dividend_reach_everybody_of_the_core(void **state)
{
	(void)state;
	struct params p = params_small(1000, 50);
	struct world *w = world_new(&p, 1, 0, 1);
	int64_t gift;
	struct err e;

	w->par.state.basic_income = 0.1;
	w->ledger.fund = 5000000000;
	w->ledger.fund_dividend = 1250000;
	money_balanced(w);
	gift = (int64_t)(0.1 * w->pub.wage) + 1250000;
	month_until(w, PHASE_wages_paid, NULL);
	for (int64_t n = 0; n < w->people; n++) {
		int64_t pay = w->worker.last_pay[n];
		int64_t tax = (int64_t)(0.22 * (double)pay);
		if (w->worker.employer[n] != NO_FIRM)
			assert_int_equal(person_income(w, n), pay - tax + gift);
	}
	for (int64_t n = w->people; n < w->people + w->periphery; n++)
		assert_int_equal(person_income(w, n), 0);
	assert_int_equal(w->census.flow.fund_dividend, 1000 * 1250000LL);
	assert_int_equal(w->ledger.fund, 5000000000 - 1000 * 1250000LL);
	NO_ERROR(money_checked(w, "wages_paid", &e), e);
	world_free(w);
}

static int64_t skilled_after_pay(double loss, double gain, double automation, double training,
				 bool employed, bool skilled)
{
	struct params p = params_small(4000, 50);
	struct world *w;
	int64_t count = 0;

	p.skills.loss = loss;
	p.skills.gain = gain;
	w = world_new(&p, 1, 0, 1);
	for (int64_t n = 0; n < w->people; n++) {
		w->worker.skilled[n] = skilled;
		w->worker.employer[n] = employed ? (uint32_t)(n % 50) : NO_FIRM;
	}
	for (int64_t j = 0; j < w->firms; j++) {
		w->firm.automation[j] = automation;
		w->firm.training[j] = training;
	}
	staff_recounted(w);
	month_until(w, PHASE_firms_plan, NULL);
	wages_paid(w);
	for (int64_t n = 0; n < w->people; n++)
		count += w->worker.skilled[n];
	world_free(w);
	return count;
}

static void counted_near(int64_t count, double chance, int64_t n)
{
	double expected = chance * (double)n;
	CLOSE((double)count, expected, 4 * sqrt(expected * (1 - chance)));
}

static void skill_is_lost_out_of_work_and_gained_in_it(void **state)
{
	(void)state;
	counted_near(4000 - skilled_after_pay(0.1, 0, 0, 0, false, true), 0.1, 4000);
	counted_near(skilled_after_pay(0, 0.2, 0, 0, true, false), 0.2, 4000);
	counted_near(skilled_after_pay(0, 0.2, 0.4, 0, true, false), 0.2 * 0.8, 4000);
	counted_near(skilled_after_pay(0, 0.2, 0.4, 0.15, true, false), 0.16 + 0.15 / 3.0, 4000);
	assert_int_equal(skilled_after_pay(1, 0, 0, 0, true, true), 4000);
	assert_int_equal(skilled_after_pay(0, 1, 0, 0, false, false), 0);
}

static void skill_and_match_decide_pay_and_the_firm_pays_it(void **state)
{
	(void)state;
	struct params p = params_small(1000, 20);
	struct world *w = world_new(&p, 7, 0, 1);
	int64_t *bill = calloc(20, sizeof(*bill));

	for (int64_t j = 0; j < 20; j++)
		w->firm.automation[j] = 0.5;
	month_until(w, PHASE_wages_paid, NULL);
	for (int64_t n = 0; n < w->people; n++) {
		uint32_t j = w->worker.employer[n];
		double fit = 1.0 + 0.3 * (w->worker.match[n] / 32768.0 - 1.0), pay;
		if (j == NO_FIRM)
			continue;
		pay = (double)w->worker.last_pay[n];
		assert_int_equal(w->worker.match[n],
				 firm_match(rng_key(7, DRAW_match, 0), (uint64_t)n, j));
		if (!w->worker.skilled[n]) /* skill may have been gained after this month's pay */
			CLOSE(pay / (w->firm.wage[j] * fit), 1.0, 1e-4);
		else
			assert_true(fabs(pay / (w->firm.wage[j] * fit) - 1.15) < 1e-4 ||
				    fabs(pay / (w->firm.wage[j] * fit) - 1.0) < 1e-4);
		bill[j] += w->worker.last_pay[n];
	}
	for (int64_t j = 0; j < 20; j++)
		assert_int_equal(bill[j], w->firm.wages[j]);
	free(bill);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bargaining_answers_unions_threat_fear_and_hours),
		cmocka_unit_test(wages_fall_only_after_long_losses_and_rise_by_a_sixth_at_most),
		cmocka_unit_test(flexible_wages_fall),
		cmocka_unit_test(benefits_last_their_months_and_assistance_follows),
		cmocka_unit_test(basic_income_and_fund_dividend_reach_everybody_of_the_core),
		cmocka_unit_test(skill_is_lost_out_of_work_and_gained_in_it),
		cmocka_unit_test(skill_and_match_decide_pay_and_the_firm_pays_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
