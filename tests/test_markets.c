/* Goods and machines: shortages are shared, stocks are never oversold, the cheaper seller gains. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "worlds.h"

/* ---- Consumption goods */

static void a_firm_short_of_goods_serves_everybody_the_same_part(void **state)
{
	(void)state;
	struct world *w = worked_firm();
	double stock, value, part;

	month_until(w, PHASE_goods_made, NULL);
	stock = w->firm.inventory[GOODS] = 300.0;
	value = stock * w->firm.price[GOODS];
	part = value / 36328000.0;
	households_buy(w);
	for (int64_t n = 0; n < 10; n++)
		assert_int_equal(w->worker.cash[n], 8340000 - (int64_t)(2332800 * part));
	assert_int_equal(w->census.flow.purchases, (int64_t)(5000000 * part));
	assert_int_equal(w->census.flow.consumption_owners, (int64_t)(8000000 * part));
	assert_true((double)w->firm.sales[GOODS] <= value);
	assert_true((double)w->firm.sales[GOODS] > value - 13.0); /* a mill a buyer at most */
	CLOSE(w->firm.inventory[GOODS], 0.0, 0.001);
	CLOSE(w->firm.fill[GOODS], part, 1e-12);
	assert_int_equal(w->firm.demand[GOODS], 36328000);
	world_free(w);
}

/* Two sellers, one sold out: its customers ask three fellow buyers where they shop, and go there if
 * it is the other one. */
static void unserved_budgets_look_for_stock_elsewhere(void **state)
{
	(void)state;
	struct params p = params_small(2000, 3);
	struct world *w;
	int64_t cash[2000], customers = 0, unserved = 0;
	double chance;

	p.population.periphery_share = 0.0;
	p.households.search = 0.0;
	w = world_new(&p, 1, 0, 1);
	month_until(w, PHASE_goods_made, NULL);
	w->firm.inventory[1] = 0.0;
	w->firm.inventory[2] = 1e9;
	for (int64_t n = 0; n < 2000; n++)
		cash[n] = w->worker.cash[n] + ordered_by(w, n);
	households_buy(w);
	for (int64_t n = 0; n < 2000; n++) {
		customers += w->worker.seller[n] == 1;
		unserved += w->worker.cash[n] == cash[n];
		assert_true(w->worker.seller[n] == 1 || w->worker.cash[n] < cash[n]);
	}
	chance = pow((double)customers / 2000, 3);
	CLOSE((double)unserved, (double)customers * chance,
	      4 * sqrt((double)customers * chance * (1 - chance)));
	assert_true(w->firm.fill[1] <= 0.0 && w->firm.fill[2] >= 1.0);
	assert_int_equal(w->firm.sales[1], 0);
	assert_int_equal(w->firm.sales[2], w->census.flow.consumption_core +
			 w->census.flow.consumption_owners + w->census.flow.purchases);
	assert_int_equal(w->firm.demand[2], w->firm.sales[2]);
	assert_true(w->firm.demand[1] > 0);
	world_free(w);
}

static void stocks_are_never_oversold(void **state)
{
	(void)state;
	struct params p = params_ai(3000, 150);
	struct world *w = world_new(&p, 2, 0, 1);
	double stock[150];
	int64_t short_sellers = 0;

	for (int t = 0; t < 48; t++) {
		const struct firms *f = &w->firm;
		int64_t sales = 0;
		month_until(w, PHASE_goods_made, NULL);
		memcpy(stock, f->inventory, sizeof(stock));
		households_buy(w);
		machines_delivered(w);
		for (int64_t j = 0; j < 150; j++) {
			double sold = (double)f->sales[j] / f->price[j];
			assert_true(sold <= stock[j] * (1 + 1e-12) + 1e-9);
			CLOSE(stock[j] - sold, f->inventory[j], 1e-6 * (1 + stock[j]));
			assert_true(f->inventory[j] >= 0.0);
			assert_true(f->fill[j] >= 0.0 && f->fill[j] <= 1.0);
			sales += f->sales[j];
			short_sellers += f->fill[j] < 1.0;
		}
		assert_int_equal(sales, w->census.flow.consumption_core +
				 w->census.flow.consumption_periphery +
				 w->census.flow.consumption_owners + w->census.flow.purchases +
				 w->census.flow.investment);
		for (int64_t n = 0; n < w->people + w->periphery; n++)
			assert_true(w->worker.cash[n] >= 0);
		month_finished(w, PHASE_machines_delivered);
	}
	assert_true(short_sellers > 10); /* else the test saw no shortage */
	world_free(w);
}

static void budgets_never_exceed_deposits(void **state)
{
	(void)state;
	struct params p = params_small(1000, 40);
	struct world *w;

	p.households.consumption_of_income = p.households.consumption_of_wealth = 1.0;
	p.households.owners_consumption_of_income = 1.0;
	p.households.owners_consumption_of_wealth = 1.0;
	p.households.confidence_sd = 0.2;
	w = world_new(&p, 1, 0, 1);
	for (int t = 0; t < 12; t++) {
		month_until(w, PHASE_households_buy, NULL);
		for (int64_t n = 0; n < w->people + w->periphery; n++)
			assert_true(w->worker.cash[n] >= 0);
		for (int64_t o = 0; o < w->owners; o++)
			assert_true(w->owner.cash[o] >= 0);
		month_finished(w, PHASE_households_buy);
	}
	world_free(w);
}

/* People look for sellers when they are paid. */
static void people_shop(struct world *w)
{
	wages_paid(w);
	goods_made(w);
	households_buy(w);
}

/* Everybody looks at one seller drawn at random; the second of two is a tenth cheaper. */
static struct world *two_sellers(double churn)
{
	struct params p = params_small(10000, 3);
	struct world *w;

	p.population.regions = 1;
	p.population.periphery_share = 0.0;
	p.households.search = p.households.exploration = 1.0;
	p.households.churn = churn;
	w = world_new(&p, 1, 0, 1);
	month_until(w, PHASE_periphery_hires, NULL);
	w->firm.price_before[1] = 100.0;
	w->firm.price_before[2] = 90.0;
	for (int64_t n = 0; n < w->people; n++)
		w->worker.seller[n] = 1 + (uint32_t)(n % 2);
	return w;
}

static void buyers_go_to_the_cheaper_seller_by_the_price_gap(void **state)
{
	(void)state;
	struct world *w = two_sellers(0.0);
	int64_t to_cheap = 0, to_dear = 0;
	double chance = 0.5 * 4.0 * 0.1;

	people_shop(w);
	for (int64_t n = 0; n < w->people; n++) {
		to_cheap += n % 2 == 0 && w->worker.seller[n] == 2;
		to_dear += n % 2 == 1 && w->worker.seller[n] == 1;
	}
	CLOSE((double)to_cheap, 5000 * chance, 4 * sqrt(5000 * chance * (1 - chance)));
	assert_int_equal(to_dear, 0);
	world_free(w);
}

static void a_seller_that_leaves_buyers_unserved_loses_them(void **state)
{
	(void)state;
	static const double fill[] = {0.4, 0.9, 0.99}; /* from 0.98 on nobody complains */

	for (int i = 0; i < LENGTH(fill); i++) {
		struct world *w = two_sellers(0.0);
		int64_t lost = 0;
		double chance = i < 2 ? 0.5 * 0.5 * (1.0 - fill[i]) : 0.0;
		w->firm.price_before[2] = 100.0;
		w->firm.fill[1] = fill[i];
		w->firm.fill[2] = 1.0;
		people_shop(w);
		for (int64_t n = 0; n < w->people; n += 2)
			lost += w->worker.seller[n] == 2;
		CLOSE((double)lost, 5000 * chance, 4 * sqrt(5000 * chance * (1 - chance)));
		world_free(w);
	}
}

static void some_buyers_change_seller_without_a_reason(void **state)
{
	(void)state;
	struct world *w = two_sellers(0.1);
	int64_t changed = 0;
	double chance = 0.5 * 0.1;

	w->firm.price_before[2] = 100.0;
	people_shop(w);
	for (int64_t n = 0; n < w->people; n++)
		changed += w->worker.seller[n] != 1 + (uint32_t)(n % 2);
	CLOSE((double)changed, 10000 * chance, 4 * sqrt(10000 * chance * (1 - chance)));
	world_free(w);
}

static void customers_of_a_closed_seller_find_another(void **state)
{
	(void)state;
	struct params p = params_small(2000, 40);
	struct world *w = world_new(&p, 1, 0, 1);
	int64_t orphans = 0;

	month_until(w, PHASE_periphery_hires, NULL);
	for (int64_t j = 10; j < 20; j++)
		w->firm.alive[j] = 0;
	for (int64_t n = 0; n < w->people; n++)
		orphans += !w->firm.alive[w->worker.seller[n]];
	assert_true(orphans > 100);
	people_shop(w);
	for (int64_t n = 0; n < w->people + w->periphery; n++)
		assert_true(w->firm.alive[w->worker.seller[n]]);
	for (int64_t j = 10; j < 20; j++)
		assert_int_equal(w->firm.sales[j], 0);
	world_free(w);
}

/* ---- Public purchases */

static int64_t purchases_at(enum spending spending, double now, double trend)
{
	struct world *w = worked_firm();
	int64_t bought;

	w->par.state.spending = spending;
	w->pub.productivity_real *= now;
	w->pub.productivity_trend = trend * w->pub.productivity_real;
	month_until(w, PHASE_households_buy, NULL);
	bought = w->census.flow.purchases;
	world_free(w);
	return bought;
}

static void public_purchases_follow_productivity_or_the_old_trend(void **state)
{
	(void)state;
	assert_int_equal(purchases_at(SPENDING_FOLLOWS_PRODUCTIVITY, 1.0, 0.5), 5000000);
	assert_int_equal(purchases_at(SPENDING_FOLLOWS_PRODUCTIVITY, 1.5, 0.5), 7500000);
	assert_int_equal(purchases_at(SPENDING_EXOGENOUS_TREND, 1.5, 1.0 / 1.5), 5000000);
}

static void the_public_trend_is_frozen_when_the_frontier_starts(void **state)
{
	(void)state;
	struct params p = params_ai(2000, 100);
	struct world *w = world_new(&p, 1, 0, 1);
	double trend = 0.0, growth = p.production.growth / 12;

	for (int t = 0; t < 24; t++) {
		months_pass(w, 1);
		if (t < p.automation.start)
			CLOSE(w->pub.productivity_trend, w->pub.productivity_real, 0.0);
		else
			CLOSE(w->pub.productivity_trend, trend * (1.0 + growth), 1e-9);
		trend = w->pub.productivity_trend;
	}
	assert_true(fabs(trend - w->pub.productivity_real) > 1e-6);
	world_free(w);
}

/* ---- Machines */

/* One buyer orders from two makers that offer the same and differ in price; stocks as given. */
static struct world *makers_two(double stock_first, double stock_second)
{
	struct params p = params_small(100, 4);
	struct world *w;

	p.population.regions = 1;
	p.population.capital_goods_firms = 0.5;
	w = world_new(&p, 1, 0, 1);
	month_opened(w);
	firms_expect(w);
	for (int64_t j = 0; j < 2; j++) {
		w->firm.output[j] = 0.0;
		w->firm.price[j] = j == 0 ? 50000.0 : 40000.0;
	}
	w->firm.inventory[0] = stock_first;
	w->firm.inventory[1] = stock_second;
	w->firm.capital[2] = w->firm.ai_capital[2] = 1000.0;
	return w;
}

static void the_cheaper_of_two_makers_asked_gets_the_order(void **state)
{
	(void)state;
	int64_t cheap = 0, all = 0;

	for (int t = 0; t < 200; t++) {
		struct world *w = makers_two(1000.0, 1000.0);
		w->tick = t;
		w->firm.machine_order[2] = 4000000;
		machines_delivered(w);
		assert_int_equal(w->census.flow.investment, 4000000);
		assert_int_equal(w->firm.sales[0] + w->firm.sales[1], 4000000);
		CLOSE(w->firm.capital[2] - 1000.0, (double)w->firm.sales[0] / 50000.0 +
						   (double)w->firm.sales[1] / 40000.0, 1e-9);
		assert_int_equal(w->ledger.clearing, 0);
		cheap += w->firm.sales[1] / 1000000;
		all += 4;
		world_free(w);
	}
	CLOSE((double)cheap, 0.75 * (double)all, 4 * sqrt(0.75 * 0.25 * (double)all));
}

static void makers_short_of_stock_share_it_and_the_rest_looks_on(void **state)
{
	(void)state;
	struct world *w = makers_two(10.0, 1000.0);
	int64_t cash;
	struct err e;

	for (int64_t j = 2; j < 4; j++)
		w->firm.machine_order[j] = 20000000;
	cash = w->firm.cash[2];
	machines_delivered(w);
	NO_ERROR(money_checked(w, "machines_delivered", &e), e);
	assert_true((double)w->firm.sales[0] <= 10.0 * 50000.0);
	assert_true((double)w->firm.sales[1] <= 1000.0 * 40000.0);
	assert_true(w->firm.inventory[0] >= 0.0 && w->firm.inventory[1] >= 0.0);
	assert_true(cash - w->firm.cash[2] <= 20000000);
	assert_true(w->census.flow.investment > 39000000); /* the second maker has nearly enough */
	world_free(w);
}

/* E24: a tenth of the money for AI capital pays data labour, as far as machines arrive. */
static void ai_capital_is_part_data_labour(void **state)
{
	(void)state;
	struct world *w = makers_two(0.0, 1e6);
	int64_t cash, paid = 0;
	struct err e;

	w->firm.alive[0] = 0;
	w->firm.ai_order[2] = 4000000;
	w->firm.machine_order[2] = 400000;
	cash = w->firm.cash[2];
	machines_delivered(w);
	assert_int_equal(w->census.flow.investment, 400000 + 3600000);
	assert_int_equal(w->census.flow.data_labour, 400000);
	assert_int_equal(cash - w->firm.cash[2], 4400000);
	CLOSE(w->firm.capital[2], 1000.0 + 10.0, 1e-9);
	CLOSE(w->firm.ai_capital[2], 1000.0 + 100.0, 1e-9); /* at the makers' price a unit */
	for (int64_t c = 0; c < w->contractors; c++)
		paid += w->contractor.sales[c];
	assert_int_equal(paid, 400000);
	NO_ERROR(money_checked(w, "machines_delivered", &e), e);
	world_free(w);
}

static void data_labour_is_paid_only_as_far_as_machines_arrive(void **state)
{
	(void)state;
	struct world *w = makers_two(0.0, 45.0);

	w->firm.alive[0] = 0;
	w->firm.ai_order[2] = 4000000;
	machines_delivered(w);
	CLOSE((double)w->census.flow.investment, 45.0 * 40000.0, 4.0);
	CLOSE((double)w->census.flow.data_labour, 200000.0, 2.0);
	CLOSE(w->firm.ai_capital[2], 1000.0 + 50.0, 1e-3);
	world_free(w);
}

static void no_maker_in_business_means_no_machines(void **state)
{
	(void)state;
	struct world *w = makers_two(10.0, 10.0);
	int64_t cash;

	w->firm.alive[0] = w->firm.alive[1] = 0;
	w->firm.machine_order[2] = w->firm.ai_order[2] = 4000000;
	cash = w->firm.cash[2];
	machines_delivered(w);
	assert_int_equal(w->firm.cash[2], cash);
	assert_int_equal(w->census.flow.investment + w->census.flow.data_labour, 0);
	CLOSE(w->firm.capital[2], 1000.0, 0.0);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_firm_short_of_goods_serves_everybody_the_same_part),
		cmocka_unit_test(unserved_budgets_look_for_stock_elsewhere),
		cmocka_unit_test(stocks_are_never_oversold),
		cmocka_unit_test(budgets_never_exceed_deposits),
		cmocka_unit_test(buyers_go_to_the_cheaper_seller_by_the_price_gap),
		cmocka_unit_test(a_seller_that_leaves_buyers_unserved_loses_them),
		cmocka_unit_test(some_buyers_change_seller_without_a_reason),
		cmocka_unit_test(customers_of_a_closed_seller_find_another),
		cmocka_unit_test(public_purchases_follow_productivity_or_the_old_trend),
		cmocka_unit_test(the_public_trend_is_frozen_when_the_frontier_starts),
		cmocka_unit_test(the_cheaper_of_two_makers_asked_gets_the_order),
		cmocka_unit_test(makers_short_of_stock_share_it_and_the_rest_looks_on),
		cmocka_unit_test(ai_capital_is_part_data_labour),
		cmocka_unit_test(data_labour_is_paid_only_as_far_as_machines_arrive),
		cmocka_unit_test(no_maker_in_business_means_no_machines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
