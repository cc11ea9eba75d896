/* A month of one firm by hand, digit for digit, and what the clock, a firm's expectations, prices
 * and vacancies must do. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "ludd/firm.h"
#include "worlds.h"

/* ---- The worked month */

static void the_worked_firm_plans_as_by_hand(void **state)
{
	(void)state;
	struct world *w = worked_firm();
	struct firms *f = &w->firm;
	double excess;

	month_until(w, PHASE_firms_expect, NULL);
	CLOSE(f->demand_expected[GOODS], 905.0, 1e-9);
	CLOSE(f->demand_slow[GOODS], 901.0, 1e-9);
	CLOSE(f->effort[GOODS], 1.0, 0.0);
	CLOSE(firm_labour_cost(w, GOODS), 30000.0, 1e-9);
	CLOSE(firm_wear_cost(w, GOODS), 7058.823529, 5e-7);
	policies_decide(w);
	firms_plan(w);
	CLOSE(f->unit_cost[GOODS], 37058.823529, 5e-7);
	/* gap .003311258278 and growth .004439511654 enter the markup */
	CLOSE(f->markup[GOODS], 0.38 + 0.02 * 0.2 * 0.003311258278 + 0.5 * 0.005 * 0.004439511654,
	      1e-14);
	CLOSE(f->markup[GOODS], 0.380024344, 5e-10);
	CLOSE(f->price[GOODS], 50000.0 + 0.08 * (1.380024344 * 37058.823529 - 50000.0), 5e-6);
	CLOSE(f->wage[GOODS], 3000000.0, 0.0);
	CLOSE(f->capacity[GOODS], 1100.0, 1e-9);
	CLOSE(f->target[GOODS], 906.2, 1e-9);
	CLOSE(f->need[GOODS], 9.062, 1e-9);
	excess = 10.0 - f->need[GOODS] * 1.05;
	CLOSE(excess, 0.4849, 1e-9);
	assert_int_equal(f->layoffs[GOODS],
			 (int)(0.14547 + rng_draw(1, DRAW_plan, 0, GOODS, 0) * 0x1p-32));
	CLOSE(f->need[GOODS] - 10.0 * (1.0 - 0.013 - w->pub.job_to_job_rate), -0.708, 1e-9);
	assert_int_equal(f->vacancies[GOODS], 0);
	world_free(w);
}

static struct world *worked_firm_planned(void)
{
	struct world *w = worked_firm();
	month_until(w, PHASE_firms_plan, NULL);
	return w;
}

static void the_worked_firm_pays_and_makes_as_by_hand(void **state)
{
	(void)state;
	struct world *w = worked_firm_planned();
	int64_t public_purse = w->ledger.state;

	wages_paid(w);
	for (int64_t n = 0; n < 10; n++) {
		assert_int_equal(w->worker.last_pay[n], 3000000);
		assert_int_equal(person_income(w, n), 2340000);
		assert_int_equal(ordered_by(w, n), 2332800);
		assert_int_equal(w->worker.cash[n], 8340000 - 2332800);
	}
	assert_int_equal(w->prepaid.core, 23328000);
	assert_int_equal(w->firm.cash[GOODS], 60000000 - 30000000);
	assert_int_equal(w->ledger.state - public_purse, 6600000);
	goods_made(w);
	CLOSE(w->firm.output[GOODS], 906.2, 1e-9);
	CLOSE(w->firm.inventory[GOODS], 1446.2, 1e-9);
	world_free(w);
}

static void the_worked_firm_sells_as_by_hand(void **state)
{
	(void)state;
	struct world *w = worked_firm_planned();
	struct flows *flow = &w->census.flow;

	wages_paid(w);
	goods_made(w);
	households_buy(w);
	for (int64_t n = 0; n < 10; n++)
		assert_int_equal(w->worker.cash[n], 8340000 - 2332800);
	assert_int_equal(flow->consumption_core, 23328000);
	assert_int_equal(flow->purchases, 5000000);
	assert_int_equal(flow->consumption_owners, 8000000);
	assert_int_equal(w->firm.sales[GOODS], 36328000);
	assert_int_equal(w->firm.cash[GOODS], 30000000 + 36328000);
	assert_int_equal(w->firm.demand[GOODS], 36328000);
	CLOSE(w->firm.fill[GOODS], 1.0, 0.0);
	CLOSE(1446.2 - w->firm.inventory[GOODS], 725.23476, 5e-6);
	CLOSE(w->firm.inventory[GOODS], 720.96524, 5e-6);
	world_free(w);
}

static void the_worked_firm_closes_its_books_as_by_hand(void **state)
{
	(void)state;
	struct world *w = worked_firm_planned();
	struct firms *f = &w->firm;
	struct err e;

	wages_paid(w);
	goods_made(w);
	households_buy(w);
	accounts_close(w);
	assert_int_equal(w->census.flow.interest, 66666);
	CLOSE(w->census.wear, 6600000.0, 0.0);
	CLOSE(w->census.tax_base, -338666.0, 0.0);
	assert_int_equal(w->census.flow.profit_tax, 0);
	assert_int_equal(f->loss_months[GOODS], 1);
	assert_int_equal(w->census.flow.repaid, 240000 + 313066);
	assert_int_equal(f->loan[GOODS], 20000000 - 553066);
	/* of what exceeds two months of wages after repayment, a tenth goes to the owners (E33) */
	assert_int_equal(w->census.flow.dividends, (66261334 - 553066 - 60000000) / 10);
	assert_int_equal(f->cash[GOODS], 66261334 - 553066 - 570826);
	CLOSE(f->capital[GOODS], 22000.0 * 0.994, 1e-9);
	NO_ERROR(money_checked(w, "the worked month", &e), e);
	world_free(w);
}

static void the_worked_firm_bargains_as_by_hand(void **state)
{
	(void)state;
	struct world *w = worked_firm();
	struct firms *f = &w->firm;
	double jf = 6 * 0.3 / (1 + 6 * 0.3), outside = 3000000.0 * (jf + (1 - jf) * 0.5);

	w->par.labour.bargaining_power = 0.64;
	w->par.labour.own_surplus_weight = 1.0;
	w->tick = GOODS; /* the month in which this firm bargains */
	CLOSE(w->region[0].job_finding, 0.3, 0.0);
	month_until(w, PHASE_firms_plan, NULL);
	CLOSE(jf, 0.642857, 5e-7);
	CLOSE(outside, 2464285.71, 5e-3);
	CLOSE(f->surplus[GOODS], 3322862.12, 5e-3);
	CLOSE(0.64 * f->surplus[GOODS] + 0.36 * outside, 3013774.61, 5e-3);
	CLOSE(f->wage[GOODS], 3018642.23, 5e-3);
	world_free(w);
}

static void the_worked_firms_labour_share_is_that_of_its_prices(void **state)
{
	(void)state;
	struct world *w = worked_firm();
	double share = firm_labour_cost(w, GOODS) /
		       ((1.0 + w->firm.markup[GOODS]) * firm_unit_cost(w, GOODS));
	CLOSE(share, 0.58661, 5e-6);
	world_free(w);
}

/* ---- Clock, expectations, effort */

static void the_frontier_follows_the_rational_curve(void **state)
{
	(void)state;
	struct world *w = worked_firm();
	static const struct { int64_t month; double share; } curve[] = {
		{-1, 0.0}, {0, 0.0}, {30, 0.04}, {60, 0.2}, {90, 0.36}, {120, 0.4}, {500, 0.4},
	};
	for (int i = 0; i < LENGTH(curve); i++) {
		w->tick = w->par.automation.start + curve[i].month;
		frontier_advances(w);
		CLOSE(w->pub.frontier, curve[i].share, 1e-15);
	}
	world_free(w);
}

static void productivity_drifts_by_a_twelfth_of_its_yearly_growth(void **state)
{
	(void)state;
	struct world *w = worked_firm();
	w->par.production.growth = 0.024;
	for (int i = 0; i < 12; i++)
		frontier_advances(w);
	CLOSE(w->pub.productivity, 100.0 * pow(1.002, 12), 1e-10);
	world_free(w);
}

static void productivity_shocks_revert_to_the_mean_and_stay_in_bounds(void **state)
{
	(void)state;
	struct params p = params_small(1000, 1000);
	struct world *w = world_new(&p, 3, 0, 1);
	double sum = 0, squares = 0;

	for (int64_t j = 0; j < w->firms; j++)
		w->firm.productivity[j] = 1.2;
	firms_expect(w);
	for (int64_t j = 0; j < w->firms; j++) {
		double shock = w->firm.productivity[j] - (1.2 - p.production.shock_reversion * 0.2);
		sum += shock / (double)w->firms;
		squares += shock * shock / (double)w->firms;
	}
	CLOSE(sum, 0.0, 4 * p.production.shock_sd / sqrt(1000));
	CLOSE(sqrt(squares), p.production.shock_sd, 4 * p.production.shock_sd / sqrt(2 * 1000));
	w->par.production.shock_sd = 0.2;
	for (int i = 0; i < 100; i++) {
		w->tick++;
		firms_expect(w);
	}
	for (int64_t j = 0; j < w->firms; j++)
		assert_true(w->firm.productivity[j] >= 0.5 && w->firm.productivity[j] <= 2.0);
	world_free(w);
}

/* E6 by hand: half a month's pay lost a month, found at 0.3, and monitoring. */
static void effort_rises_with_the_cost_of_job_loss_and_with_surveillance(void **state)
{
	(void)state;
	struct world *w = worked_firm();
	struct firms *f = &w->firm;
	double loss = 0.5 / 0.3, watched;

	w->par.labour.effort_base = 0.95;
	w->par.labour.effort_gain = 0.1;
	firms_expect(w);
	CLOSE(f->effort[GOODS], 0.95 + 0.1 * loss / (loss + 1.65), 1e-15);
	CLOSE(f->effort_normal[GOODS], 1.0 + 0.02 * (f->effort[GOODS] - 1.0), 1e-15);
	f->surveillance[GOODS] = 1.0;
	firms_expect(w);
	watched = f->effort[GOODS];
	CLOSE(watched, 0.95 + 0.1 * 2 * loss / (2 * loss + 1.65), 1e-15);
	w->par.state.benefit_replacement = 0.7;
	firms_expect(w);
	assert_true(f->effort[GOODS] < watched);
	w->region[0].job_finding = 0.01; /* counts as 0.05 */
	w->par.state.basic_income = 1.0; /* counts as 0.95 of pay */
	firms_expect(w);
	loss = 2.0 * 0.05 / 0.05;
	CLOSE(f->effort[GOODS], 0.95 + 0.1 * loss / (loss + 1.65), 1e-15);
	world_free(w);
}

/* ---- Prices */

static void target_return_prices_yield_the_return_at_normal_use(void **state)
{
	(void)state;
	struct world *w = worked_firm();
	double made, capital = 50000.0 * 20.0 / 0.85;

	w->par.firms.pricing = PRICING_TARGET_RETURN;
	w->par.firms.markup_reversion = 1.0;
	w->par.firms.markup_adjustment = w->par.firms.markup_share_response = 0.0;
	month_until(w, PHASE_firms_plan, NULL);
	made = w->firm.markup[GOODS] * w->firm.unit_cost[GOODS];
	CLOSE(12.0 * made / capital, w->par.firms.target_return, 1e-12);
	world_free(w);
}

static void a_slump_raises_the_degree_of_monopoly(void **state)
{
	(void)state;
	double price[3], use[3] = {0.8, 1.0, 1.1};

	for (int i = 0; i < 3; i++) {
		struct world *w = worked_firm();
		w->pub.utilisation = use[i] * w->pub.utilisation_slow;
		month_until(w, PHASE_firms_plan, NULL);
		price[i] = w->firm.price[GOODS];
		world_free(w);
	}
	assert_true(price[0] > price[1] && price[1] > price[2]);
}

/* ---- Vacancies */

/* Posts are opened for this month's need alone: what last month left empty is not kept. */
static void vacancies_start_anew_each_month(void **state)
{
	(void)state;
	struct params p = params_ai(2000, 100);
	struct world *w = world_new(&p, 5, 0, 1);

	for (int t = 0; t < 60; t++) {
		const struct firms *f = &w->firm;
		double need = 0.0, leaving = p.labour.quit_rate + w->pub.job_to_job_rate;
		int64_t posts = 0;
		month_until(w, PHASE_firms_plan, NULL);
		for (int64_t j = 0; j < w->firms; j++) {
			double open = f->need[j] - f->staff[j] * (1.0 - leaving);
			if (f->vacancies[j])
				assert_true(f->alive[j] && !f->layoffs[j] &&
					    f->vacancies[j] < open + 1.0 &&
					    f->vacancies[j] <= f->staff[j] / 4 + 2);
			need += f->need[j];
			posts += f->vacancies[j];
		}
		assert_true((double)posts <= need);
		month_finished(w, PHASE_firms_plan);
		assert_int_equal(posts, w->census.head.vacancies);
	}
	world_free(w);
}

/* Posts are opened for those expected to quit and to be hired away, too. */
static void vacancies_replace_people_expected_to_leave(void **state)
{
	(void)state;
	double open = 9.062 - 10.0 * (1.0 - 0.013 - 0.2);

	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct world *w = worked_firm();
		w->seed = seed;
		w->par.firms.hoarding_tolerance = 1.0; /* nobody is dismissed */
		w->pub.job_to_job_rate = 0.2;
		month_until(w, PHASE_firms_plan, NULL);
		assert_int_equal(w->firm.vacancies[GOODS],
				 (int)(open + rng_draw(seed, DRAW_plan, 0, GOODS, 0) * 0x1p-32));
		world_free(w);
	}
}

static void output_needs_ai_capital_for_the_tasks_it_does(void **state)
{
	(void)state;
	struct world *w = worked_firm();

	w->firm.automation[GOODS] = 0.2;
	w->firm.ai_capital[GOODS] = 6.0 * 0.2 * 700.0;
	month_until(w, PHASE_firms_plan, NULL);
	CLOSE(w->firm.capacity[GOODS], 700.0, 1e-9);
	CLOSE(w->firm.target[GOODS], 700.0, 1e-9);
	CLOSE(w->firm.need[GOODS], 700.0 / 125.0, 1e-9);
	wages_paid(w);
	goods_made(w);
	CLOSE(w->firm.output[GOODS], 700.0, 1e-9);
	world_free(w);
}

static void output_is_what_people_can_make(void **state)
{
	(void)state;
	struct world *w = worked_firm();

	w->firm.hours[GOODS] = 0.8;
	w->worker.employer[3] = NO_FIRM;
	staff_recounted(w);
	month_until(w, PHASE_firms_plan, NULL);
	wages_paid(w);
	goods_made(w);
	CLOSE(w->firm.output[GOODS], 9 * 80.0, 1e-9);
	CLOSE(w->firm.efficiency[GOODS], 1.0, 1e-12);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worked_firm_plans_as_by_hand),
		cmocka_unit_test(the_worked_firm_pays_and_makes_as_by_hand),
		cmocka_unit_test(the_worked_firm_sells_as_by_hand),
		cmocka_unit_test(the_worked_firm_closes_its_books_as_by_hand),
		cmocka_unit_test(the_worked_firm_bargains_as_by_hand),
		cmocka_unit_test(the_worked_firms_labour_share_is_that_of_its_prices),
		cmocka_unit_test(the_frontier_follows_the_rational_curve),
		cmocka_unit_test(productivity_drifts_by_a_twelfth_of_its_yearly_growth),
		cmocka_unit_test(productivity_shocks_revert_to_the_mean_and_stay_in_bounds),
		cmocka_unit_test(effort_rises_with_the_cost_of_job_loss_and_with_surveillance),
		cmocka_unit_test(target_return_prices_yield_the_return_at_normal_use),
		cmocka_unit_test(a_slump_raises_the_degree_of_monopoly),
		cmocka_unit_test(vacancies_start_anew_each_month),
		cmocka_unit_test(vacancies_replace_people_expected_to_leave),
		cmocka_unit_test(output_needs_ai_capital_for_the_tasks_it_does),
		cmocka_unit_test(output_is_what_people_can_make),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
