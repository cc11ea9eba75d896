/* Policies: who gets the gain when machines go live, and who is dismissed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "ludd/firm.h"
#include "worlds.h"

enum { HOURS, WAGES, PRICES, FUND, RETRAINING, SURVEILLANCE, DISMISSAL }; /* fields of a preset */

/* The worked firm in the month its machines go live, from no automation to a tenth of tasks. */
static struct world *going_live(enum policy_id policy, double hours, double wages, double prices)
{
	struct world *w = worked_firm();
	double *v = w->par.policy[policy];

	w->firm.policy[GOODS] = (uint8_t)policy;
	v[HOURS] = hours;
	v[WAGES] = wages;
	v[PRICES] = prices;
	v[FUND] = v[RETRAINING] = v[SURVEILLANCE] = 0.0;
	w->firm.automation_next[GOODS] = 0.1;
	w->firm.adoption_scale[GOODS] = 900.0 / 0.85;
	w->firm.ai_capital[GOODS] = 6.0 * 0.1 * 900.0 / 0.85;
	w->firm.price[GOODS] = 1.38 * firm_unit_cost(w, GOODS);
	return w;
}

static const double gnet = 0.1 - 823.5294117647 / 30000.0;

static void the_worked_firm_goes_live_as_by_hand(void **state)
{
	(void)state;
	struct world *w = going_live(POLICY_share_hours, 1, 0, 0);

	policies_decide(w);
	CLOSE(gnet, 0.0725490, 5e-8);
	CLOSE(w->firm.hours[GOODS], 0.9274510, 5e-8);
	CLOSE(w->firm.automation[GOODS], 0.1, 0.0);
	CLOSE(w->firm.automation_next[GOODS], 0.0, 0.0);
	assert_int_equal(w->firm.went_live[GOODS], 1);
	assert_int_equal(w->firm.dismissal[GOODS], DISMISS_NEVER_FOR_AI);
	world_free(w);

	w = going_live(POLICY_cut_jobs, 0, 0, 0);
	policies_decide(w);
	CLOSE(firm_unit_cost(w, GOODS), 34764.70588, 5e-6);
	CLOSE(w->firm.markup[GOODS], 0.471065990, 5e-10);
	CLOSE((1.0 + w->firm.markup[GOODS]) * firm_unit_cost(w, GOODS), 51141.1765, 5e-5);
	CLOSE(w->firm.hours[GOODS], 1.0, 0.0);
	CLOSE(w->firm.wage[GOODS], 3000000.0, 0.0);
	world_free(w);
}

static bool adopts_with_payback(double years)
{
	struct world *w = worked_firm();
	bool adopts;

	w->tick = 240 + 7; /* the month in which this firm decides; the frontier is at its end */
	w->par.automation.payback = years;
	w->firm.demand[GOODS] = 45000000; /* sold 900: expectations stay */
	month_until(w, PHASE_firms_plan, NULL);
	w->firm.wage[GOODS] = 3000000.0;
	firms_invest(w);
	adopts = w->firm.automation_next[GOODS] > 0.0;
	if (adopts) {
		CLOSE(w->firm.automation_next[GOODS], 0.1, 1e-15);
		CLOSE(w->firm.adoption_scale[GOODS], 900.0 / 0.85, 1e-9);
	}
	world_free(w);
	return adopts;
}

/* Cost 31,764,705.88, saving 23,505,882.35 a year: 50/37 years. */
static void the_worked_firm_adopts_if_machines_pay_back_in_time(void **state)
{
	(void)state;
	CLOSE(31764705.88 / 23505882.35, 50.0 / 37.0, 1e-9);
	CLOSE(50.0 / 37.0, 1.351351, 5e-7);
	assert_true(adopts_with_payback(50.0 / 37.0 * (1 + 1e-9)));
	assert_false(adopts_with_payback(50.0 / 37.0 * (1 - 1e-9)));
}

static void firms_decide_once_a_year_and_order_until_machines_are_there(void **state)
{
	(void)state;
	struct world *w = worked_firm();
	int64_t decided = 0;

	w->tick = 240;
	w->firm.cash[GOODS] = 100000000000;
	for (int month = 0; month < 12; month++) {
		month_until(w, PHASE_firms_invest, NULL);
		if (w->firm.automation_next[GOODS] > 0.0) {
			double wanted = 6.0 * w->firm.automation_next[GOODS] *
					w->firm.adoption_scale[GOODS];
			CLOSE((double)w->firm.ai_order[GOODS], wanted * 50000.0, 2.0);
			decided++;
		}
		w->tick++;
	}
	assert_int_equal(decided, 5); /* months 7 to 11: no machines arrive here */
	world_free(w);
}

static void sharers_who_count_only_what_they_keep_adopt_less(void **state)
{
	(void)state;
	static const struct { enum policy_id policy; double criterion; bool adopts; } cases[] = {
		{POLICY_share_hours, 0.0, true}, {POLICY_share_hours, 1.0, false},
		{POLICY_share_wages, 1.0, false}, {POLICY_cut_jobs, 1.0, true},
	};
	for (int i = 0; i < LENGTH(cases); i++) {
		struct world *w = worked_firm();
		w->tick = 240 + 7;
		w->par.automation.private_criterion = cases[i].criterion;
		w->firm.policy[GOODS] = (uint8_t)cases[i].policy;
		month_until(w, PHASE_firms_invest, NULL);
		assert_true((w->firm.automation_next[GOODS] > 0.0) == cases[i].adopts);
		world_free(w);
	}
}

static void a_step_of_a_hundredth_is_not_worth_a_decision(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct world *w = worked_firm();
		w->tick = 240 + 7;
		w->firm.automation[GOODS] = i ? 0.395 : 0.38; /* of a frontier of 0.4 */
		w->firm.ai_capital[GOODS] = 6.0 * 0.4 * 1100.0;
		month_until(w, PHASE_firms_invest, NULL);
		CLOSE(w->firm.automation_next[GOODS], i ? 0.0 : 0.4, 1e-15);
		world_free(w);
	}
}

static void half_arrived_machines_do_not_go_live(void **state)
{
	(void)state;
	struct world *w = going_live(POLICY_cut_jobs, 0, 0, 0);

	w->firm.ai_capital[GOODS] *= 0.94;
	policies_decide(w);
	CLOSE(w->firm.automation[GOODS], 0.0, 0.0);
	assert_int_equal(w->firm.went_live[GOODS], 0);
	world_free(w);
}

/* ---- Shares of the gain */

static void the_gain_goes_where_the_policy_says(void **state)
{
	(void)state;
	struct world *w = going_live(POLICY_share_gains, 0.5, 0.3, 0.2);
	double old_cost = firm_unit_cost(w, GOODS), full, rest;

	policies_decide(w);
	CLOSE(w->firm.hours[GOODS], 1 - 0.5 * gnet, 1e-12);
	CLOSE(w->firm.wage[GOODS], 3000000.0 * (1 + 0.3 * gnet), 1e-5);
	full = (1 + w->firm.markup[GOODS]) * firm_unit_cost(w, GOODS);
	CLOSE(full, 1.38 * (old_cost - 0.2 * gnet * 30000.0), 1e-6);
	world_free(w);

	w = going_live(POLICY_share_gains, 0.5, 0.3, 0.2);
	w->par.policy[POLICY_share_gains][RETRAINING] = 0.25; /* off the top */
	w->firm.training[GOODS] = 0.01; /* from machines that came before */
	rest = 0.75 * gnet;
	policies_decide(w);
	CLOSE(w->firm.training[GOODS], 0.01 + 0.25 * gnet, 1e-15);
	CLOSE(w->firm.hours[GOODS], 1 - 0.5 * rest, 1e-12);
	CLOSE(w->firm.wage[GOODS], 3000000.0 * (1 + 0.3 * rest), 1e-5);
	world_free(w);
}

/* What the whole gain in prices takes off is the whole fall of unit cost, not more. */
static void a_price_cut_passes_on_the_fall_of_cost(void **state)
{
	(void)state;
	struct world *w = going_live(POLICY_share_prices, 0, 0, 1);

	policies_decide(w);
	assert_true(w->firm.markup[GOODS] >= 0.38 - 1e-12);
	CLOSE((1 + w->firm.markup[GOODS]) * firm_unit_cost(w, GOODS),
	      1.38 * (37058.8235294 - gnet * 30000.0), 1e-4);
	world_free(w);
}

static void what_the_hours_floor_cuts_off_is_paid(void **state)
{
	(void)state;
	struct world *w = going_live(POLICY_share_hours, 1, 0, 0);

	w->firm.hours[GOODS] = 0.62;
	w->firm.efficiency[GOODS] = 1.0 / 0.62; /* keeps unit labour cost and gain */
	w->firm.wage[GOODS] = 3000000.0 * 0.62;
	policies_decide(w);
	CLOSE(w->firm.hours[GOODS], 0.6, 0.0);
	CLOSE(w->firm.wage[GOODS] / (3000000.0 * 0.62), 2.0 - 0.62 * (1 - gnet) / 0.6, 1e-9);
	world_free(w);
}

static void surveillance_and_fund_begin_at_go_live(void **state)
{
	(void)state;
	struct world *w = going_live(POLICY_cut_jobs, 0, 0, 0);

	w->par.policy[POLICY_cut_jobs][SURVEILLANCE] = 1.5;
	w->par.policy[POLICY_cut_jobs][FUND] = 0.3;
	CLOSE(w->firm.surveillance[GOODS] + w->firm.fund_share[GOODS], 0.0, 0.0);
	policies_decide(w);
	CLOSE(w->firm.surveillance[GOODS], 1.5, 0.0);
	CLOSE(w->firm.fund_share[GOODS], 0.3, 0.0);
	world_free(w);
}

static void every_policy_returns_a_plan_that_adds_up(void **state)
{
	(void)state;
	for (int k = 0; k < POLICY_COUNT; k++) {
		struct params p;
		params_default(&p);
		for (double gain = 0.0; gain <= 1.0; gain += 0.125) {
			struct policy_view view = {
				.gain = gain, .hours = 1 - 0.4 * gain, .wage = 3e6, .price = 5e4,
				.unit_cost = 4e4, .automation_new = gain, .staff = 10,
				.loss_months = 12 * gain, .profit_rate = 0.2 - gain,
				.unemployment = gain,
			};
			struct policy_plan plan = {-1, -1, -1, -1, -1, -1, 99};
			policy_decide((enum policy_id)k, p.policy[k], &view, &plan);
			assert_true(plan.hours >= 0 && plan.wages >= 0 && plan.prices >= 0);
			assert_true(plan.fund >= 0 && plan.surveillance >= 0);
			assert_true(plan.hours + plan.wages + plan.prices + plan.fund <= 1 + 1e-9);
			assert_true(plan.retraining >= 0 && plan.retraining <= 1);
			assert_true(plan.dismissal <= DISMISS_ONLY_AT_A_LOSS);
		}
		assert_int_equal(policy_by_name(policies[k]->name), k);
		assert_true(policies[k]->doc && policies[k]->doc[0]);
	}
	assert_int_equal(policy_by_name("share_nothing"), -1);
}

static void a_split_of_more_than_the_gain_is_refused(void **state)
{
	(void)state;
	struct problems problems = {0};
	double value[POLICY_FIELDS] = {0.5, 0.3, 0.2, 0.1, 0, 0, 1};

	split_check("share_gains", value, &problems);
	assert_int_equal(problems.errors, 1);
	value[FUND] = 0.0;
	value[DISMISSAL] = 0.5;
	split_check("share_gains", value, &problems);
	assert_int_equal(problems.errors, 2);
	value[DISMISSAL] = 2.0;
	split_check("share_gains", value, &problems);
	assert_int_equal(problems.errors, 2);
	problems_free(&problems);
}

/* ---- Dismissal rules */

/* Staff and losses as given, machines just gone live; returns layoffs of that month. */
static int32_t layoffs_at(enum dismissal rule, uint16_t loss_months, double *kept)
{
	struct world *w = going_live(POLICY_cut_jobs, 0, 0, 0);
	int32_t layoffs;

	w->par.policy[POLICY_cut_jobs][DISMISSAL] = rule;
	w->firm.demand_expected[GOODS] = w->firm.demand_slow[GOODS] = 500.0; /* half the staff */
	w->firm.demand[GOODS] = (int64_t)(500.0 * w->firm.price[GOODS]);
	w->firm.inventory[GOODS] = 300.0;
	w->firm.loss_months[GOODS] = loss_months;
	month_until(w, PHASE_firms_plan, NULL);
	CLOSE(w->firm.need[GOODS], 4.5, 1e-6);
	layoffs = w->firm.layoffs[GOODS];
	*kept = w->firm.protected_staff[GOODS];
	world_free(w);
	return layoffs;
}

static void dismissal_rules_do_what_they_say(void **state)
{
	(void)state;
	double kept;

	assert_in_range(layoffs_at(DISMISS_AT_ONCE, 0, &kept), 5, 6); /* 10 - 4.5, all at once */
	CLOSE(kept, 0.0, 0.0);
	assert_int_equal(layoffs_at(DISMISS_NEVER_FOR_AI, 0, &kept), 0);
	CLOSE(kept, 5.5, 1e-6);
	assert_int_equal(layoffs_at(DISMISS_NEVER_FOR_AI, 12, &kept), 0);
	assert_int_equal(layoffs_at(DISMISS_ONLY_AT_A_LOSS, 2, &kept), 0);
	CLOSE(kept, 5.5, 1e-6);
	/* after three months of losses the ordinary, damped rule applies: 0.3 of the excess */
	assert_in_range(layoffs_at(DISMISS_ONLY_AT_A_LOSS, 3, &kept), 1, 2);
	CLOSE(kept, 0.0, 0.0);
}

static void protection_shrinks_with_the_redundant_staff(void **state)
{
	(void)state;
	struct world *w = worked_firm();
	struct firms *f = &w->firm;

	f->dismissal[GOODS] = DISMISS_NEVER_FOR_AI;
	f->protected_staff[GOODS] = 8.0; /* more than are redundant now */
	month_until(w, PHASE_firms_plan, NULL);
	CLOSE(f->protected_staff[GOODS], 10.0 - f->need[GOODS], 1e-12);
	assert_int_equal(f->layoffs[GOODS], 0);
	world_free(w);
}

static void never_for_ai_dismisses_far_fewer_in_the_transition(void **state)
{
	(void)state;
	int64_t layoffs[2] = {0};

	for (int i = 0; i < 2; i++) {
		struct params p = params_ai(4000, 200);
		struct world *w;
		mix_pure(&p, i ? POLICY_attrition : POLICY_cut_jobs);
		w = world_new(&p, 1, 60, 1);
		for (int t = -60; t < 48; t++) {
			months_pass(w, 1);
			layoffs[i] += t < 12 ? 0 : w->census.head.layoffs;
		}
		assert_true(metric(w, "automation_share") > 0.1);
		world_free(w);
	}
	assert_true(10 * layoffs[1] < 7 * layoffs[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worked_firm_goes_live_as_by_hand),
		cmocka_unit_test(the_worked_firm_adopts_if_machines_pay_back_in_time),
		cmocka_unit_test(firms_decide_once_a_year_and_order_until_machines_are_there),
		cmocka_unit_test(sharers_who_count_only_what_they_keep_adopt_less),
		cmocka_unit_test(a_step_of_a_hundredth_is_not_worth_a_decision),
		cmocka_unit_test(half_arrived_machines_do_not_go_live),
		cmocka_unit_test(the_gain_goes_where_the_policy_says),
		cmocka_unit_test(a_price_cut_passes_on_the_fall_of_cost),
		cmocka_unit_test(what_the_hours_floor_cuts_off_is_paid),
		cmocka_unit_test(surveillance_and_fund_begin_at_go_live),
		cmocka_unit_test(every_policy_returns_a_plan_that_adds_up),
		cmocka_unit_test(a_split_of_more_than_the_gain_is_refused),
		cmocka_unit_test(dismissal_rules_do_what_they_say),
		cmocka_unit_test(protection_shrinks_with_the_redundant_staff),
		cmocka_unit_test(never_for_ai_dismisses_far_fewer_in_the_transition),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
