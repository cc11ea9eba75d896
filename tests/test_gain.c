/* Who got the gain: five parts that add up to the whole, to the mill. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "ludd/gain.h"
#include "worlds.h"

static int64_t parts_of(const struct census *c)
{
	return c->gain_wages + c->gain_hours + c->gain_prices + c->gain_profits + c->gain_state;
}

static void the_parts_add_up_to_the_gain_exactly(void **state)
{
	(void)state;
	static const enum policy_id policy[] = {
		POLICY_cut_jobs, POLICY_share_hours, POLICY_share_gains, POLICY_ai_dividend,
	};
	for (int i = 0; i < LENGTH(policy); i++) {
		struct params p = params_ai(3000, 150);
		struct world *w;
		mix_pure(&p, policy[i]);
		w = world_new(&p, 1, 60, 1);
		months_pass(w, 60);
		for (int t = 0; t < 60; t++) {
			months_pass(w, 1);
			assert_int_equal(parts_of(&w->census), w->census.gain_total);
			assert_true((w->census.gain_total != 0) == (t >= p.automation.start));
		}
		world_free(w);
	}
}

static void hours_get_their_part_only_where_they_are_shared(void **state)
{
	(void)state;
	int64_t hours[2], total[2];

	for (int i = 0; i < 2; i++) {
		struct params p = params_ai(3000, 150);
		struct world *w;
		mix_pure(&p, i ? POLICY_share_hours : POLICY_cut_jobs);
		w = world_new(&p, 1, 120, 1);
		months_pass(w, 180);
		hours[i] = w->census.gain_hours;
		total[i] = w->census.gain_total;
		world_free(w);
	}
	assert_int_equal(hours[0], 0);
	assert_true(hours[1] > total[1] / 4 && total[1] > 0);
}

/* A base month and a month after the start, all numbers round: 100 people made 1,000 units at price
 * 10, then 100 people make 1,500 at price 8 in nine tenths of the time. No inflation target. */
static struct world *two_months(void)
{
	struct params p = params_small(100, 10);
	struct world *w;
	struct census *c;

	p.automation.start = 12;
	p.finance.inflation_target = 0.0;
	w = world_new(&p, 1, 0, 1);
	c = &w->census;
	w->pub.price = 10.0;
	*c = (struct census){.employed = 100, .hours_sum = 100.0};
	c->flow.consumption_core = 8000;
	c->flow.investment = 2000;
	c->flow.wages = 6000;
	c->flow.wage_tax = 1000;
	c->flow.profit_tax = 500;
	for (w->tick = 0; w->tick < 12; w->tick++)
		gain_counted(w);
	w->pub.price = 8.0;
	c->hours_sum = 90.0;
	c->flow.consumption_core = 9000;
	c->flow.investment = 3000;
	c->flow.wages = 7000;
	c->flow.wage_tax = 1200;
	c->flow.profit_tax = 800;
	c->flow.levy = 100;
	return w;
}

static void a_gain_by_hand(void **state)
{
	(void)state;
	struct world *w = two_months();
	const struct census *c = &w->census;

	gain_counted(w);
	assert_int_equal(c->gain_wages, 5800 - 5000);
	assert_int_equal(c->gain_state, 2100 - 1500);
	assert_int_equal(c->gain_profits, (12000 - 5800 - 2100) - (10000 - 5000 - 1500));
	assert_int_equal(c->gain_prices, 15000 - 12000);
	CLOSE((double)c->gain_hours, 15000.0 / 90.0 * 10.0, 1.0);
	CLOSE((double)c->gain_total, 15000.0 - 10000.0 + 15000.0 / 9.0, 1.0);
	assert_int_equal(parts_of(c), c->gain_total);
	world_free(w);
}

static void half_the_people_are_compared_with_half_the_base(void **state)
{
	(void)state;
	struct world *w = two_months();
	struct census *c = &w->census;

	c->employed = 50;
	c->hours_sum = 50.0;
	gain_counted(w);
	assert_int_equal(c->gain_hours, 0);
	CLOSE((double)c->gain_total, 15000.0 - 5000.0, 1.0);
	CLOSE((double)c->gain_wages, 5800.0 - 2500.0, 1.0);
	assert_int_equal(parts_of(c), c->gain_total);
	world_free(w);
}

static void the_reference_price_grows_at_the_inflation_target(void **state)
{
	(void)state;
	struct world *w = two_months();

	w->par.finance.inflation_target = 0.12;
	CLOSE(w->pub.reference_price, 10.0, 1e-12);
	for (int i = 0; i < 12; i++)
		gain_counted(w);
	CLOSE(w->pub.reference_price, 10.0 * pow(1.01, 12), 1e-9);
	world_free(w);
}

static void without_a_base_there_is_no_gain(void **state)
{
	(void)state;
	struct params p = params_small(1000, 50);
	struct world *w;

	p.automation.start = 0; /* no month before it, so nothing to compare with */
	w = world_new(&p, 1, 0, 1);
	months_pass(w, 12);
	assert_int_equal(w->census.gain_total, 0);
	assert_int_equal(parts_of(&w->census), 0);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_parts_add_up_to_the_gain_exactly),
		cmocka_unit_test(hours_get_their_part_only_where_they_are_shared),
		cmocka_unit_test(a_gain_by_hand),
		cmocka_unit_test(half_the_people_are_compared_with_half_the_base),
		cmocka_unit_test(the_reference_price_grows_at_the_inflation_target),
		cmocka_unit_test(without_a_base_there_is_no_gain),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
