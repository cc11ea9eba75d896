/* Books, loans, investment, and firms that close and open: to the mill. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "ludd/firm.h"
#include "worlds.h"

static int64_t owners_cash(const struct world *w)
{
	int64_t sum = 0;
	for (int64_t o = 0; o < w->owners; o++)
		sum += w->owner.cash[o];
	return sum;
}

/* ---- Books */

static void an_overdraft_becomes_a_loan(void **state)
{
	(void)state;
	struct world *w = worked_firm();

	month_until(w, PHASE_machines_delivered, NULL);
	w->firm.cash[GOODS] = -7000000;
	w->firm.loan[GOODS] = 0;
	money_balanced(w);
	w->firm.sales[GOODS] = w->firm.wages[GOODS] = 0;
	accounts_close(w);
	assert_int_equal(w->census.flow.lent, 7000000);
	assert_int_equal(w->firm.cash[GOODS], 0);
	assert_int_equal(w->firm.loan[GOODS], 7000000);
	invariants_hold(w, PHASE_accounts_close);
	world_free(w);
}

static void profits_are_taxed_and_losses_are_not(void **state)
{
	(void)state;
	struct world *w = worked_firm();

	month_until(w, PHASE_machines_delivered, NULL);
	w->firm.loan[GOODS] = 0;
	w->firm.capital[GOODS] = 0.0;
	w->firm.ai_capital[GOODS] = 0.0;
	w->firm.sales[GOODS] = 40000003;
	w->firm.wages[GOODS] = 30000000;
	money_balanced(w);
	accounts_close(w);
	CLOSE(w->census.tax_base, 10000003.0, 0.0);
	assert_int_equal(w->census.flow.profit_tax, 2500000);
	assert_int_equal(w->firm.net_profit[GOODS], 7500003);
	CLOSE(w->firm.profit[GOODS], 0.08 * 7500003.0, 1e-6);
	assert_int_equal(w->firm.loss_months[GOODS], 0);
	w->firm.sales[GOODS] = 20000000;
	accounts_close(w);
	assert_int_equal(w->census.flow.profit_tax, 0);
	assert_int_equal(w->firm.loss_months[GOODS], 1);
	accounts_close(w);
	assert_int_equal(w->firm.loss_months[GOODS], 2);
	world_free(w);
}

/* E32: what AI saves in wages less the wear of AI capital, at most the profit after tax. */
static int64_t levy_at(double rate, double fund_share, double automation, int64_t sales)
{
	struct world *w = worked_firm();
	int64_t levy;

	month_until(w, PHASE_machines_delivered, NULL);
	w->par.state.ai_levy = rate;
	w->firm.fund_share[GOODS] = fund_share;
	w->firm.automation[GOODS] = automation;
	w->firm.demand_slow[GOODS] = 850.0;
	w->firm.loan[GOODS] = 0;
	w->firm.capital[GOODS] = 0.0;
	w->firm.sales[GOODS] = sales;
	w->firm.wages[GOODS] = 30000000;
	money_balanced(w);
	accounts_close(w);
	levy = w->census.flow.levy;
	assert_int_equal(w->ledger.fund, levy);
	assert_int_equal(w->ledger.fund_dividend, (int64_t)(0.25 * (double)levy) / 10);
	invariants_hold(w, PHASE_accounts_close);
	world_free(w);
	return levy;
}

static void the_levy_takes_its_part_of_the_ai_rent(void **state)
{
	(void)state;
	double rent = 30000000.0 * 0.2 / 0.8 - 6.0 * 0.2 * 1000.0 * 0.02 * 50000.0;

	assert_int_equal(levy_at(0.3, 0.0, 0.2, 60000000), (int64_t)(0.3 * rent));
	assert_int_equal(levy_at(0.0, 0.3, 0.2, 60000000), (int64_t)(0.3 * rent));
	assert_int_equal(levy_at(0.3, 0.1, 0.2, 60000000), (int64_t)(0.4 * rent));
	assert_int_equal(levy_at(0.8, 0.8, 0.2, 60000000), (int64_t)rent);
	/* at most the profit after tax: half of 4 million less a quarter */
	assert_int_equal(levy_at(0.5, 0.0, 0.2, 34000000), 1500000);
	assert_int_equal(levy_at(0.3, 0.0, 0.0, 60000000), 0);
	assert_int_equal(levy_at(0.3, 0.0, 0.2, 20000000), 0);
}

static void courses_are_paid_to_the_state(void **state)
{
	(void)state;
	struct world *w = worked_firm();

	month_until(w, PHASE_machines_delivered, NULL);
	w->firm.training[GOODS] = 0.01;
	w->firm.sales[GOODS] = 60000000;
	accounts_close(w);
	assert_int_equal(w->census.flow.training, 300000);
	invariants_hold(w, PHASE_accounts_close);
	world_free(w);
}

static void owners_get_every_mill_of_dividends(void **state)
{
	(void)state;
	struct params p = params_small(3000, 100);
	struct world *w = world_new(&p, 1, 0, 1);

	for (int t = 0; t < 12; t++) {
		int64_t before, received = 0;
		month_until(w, PHASE_machines_delivered, NULL);
		before = owners_cash(w);
		accounts_close(w);
		for (int64_t o = 0; o < w->owners; o++)
			received += w->owner.dividends[o];
		assert_int_equal(received, w->census.flow.dividends + w->census.flow.bank_dividend);
		assert_int_equal(owners_cash(w) - before, received);
		assert_int_equal(w->ledger.pool, 0);
		month_finished(w, PHASE_accounts_close);
	}
	assert_true(w->census.flow.dividends > 0);
	world_free(w);
}

static void machines_in_empty_slots_wear_three_times_as_fast(void **state)
{
	(void)state;
	struct world *w = worked_firm();

	w->firm.capital[MAKER] = 1000.0;
	month_until(w, PHASE_accounts_close, NULL);
	CLOSE(w->firm.capital[MAKER], 1000.0 * 0.994 * 0.994 * 0.994, 1e-9);
	world_free(w);
}

/* ---- Investment */

static void orders_stay_within_own_money_and_the_leverage_limit(void **state)
{
	(void)state;
	struct params p = params_ai(3000, 150);
	struct world *w = world_new(&p, 4, 0, 1);
	int64_t lent = 0;

	for (int t = 0; t < 48; t++) {
		struct firms *f = &w->firm;
		int64_t cash[150], loan[150];
		month_until(w, PHASE_firms_plan, NULL);
		memcpy(cash, f->cash, sizeof(cash));
		memcpy(loan, f->loan, sizeof(loan));
		firms_invest(w);
		for (int64_t j = 0; j < 150; j++) {
			int64_t fresh = f->loan[j] - loan[j];
			double most = p.finance.leverage * w->pub.capital_price *
				      (f->capital[j] + f->ai_capital[j]), kept;
			assert_true(fresh >= 0);
			assert_int_equal(f->cash[j] - cash[j], fresh);
			if (fresh)
				assert_true((double)f->loan[j] <= most + 1.0);
			kept = 0.7 * 2.0 * f->wage[j] * f->efficiency[j] * f->staff[j];
			assert_true((double)(f->machine_order[j] + f->ai_order[j]) <=
				    larger(0.0, (double)cash[j] - kept) + (double)fresh + 2.0);
			lent += fresh;
		}
		month_finished(w, PHASE_firms_invest);
	}
	assert_true(lent > 0);
	world_free(w);
}

static int64_t machines_ordered(double demand, double real_rate, double speed)
{
	struct world *w = worked_firm();
	int64_t order;

	month_until(w, PHASE_firms_plan, NULL);
	w->par.firms.investment_speed = speed;
	w->firm.demand_slow[GOODS] = demand;
	w->firm.cash[GOODS] = 1000000000000;
	w->pub.loan_rate = real_rate + w->pub.inflation;
	firms_invest(w);
	order = w->firm.machine_order[GOODS];
	world_free(w);
	return order;
}

static void machines_follow_slow_demand_and_the_rate_of_interest(void **state)
{
	(void)state;
	double wanted = 20.0 * 1000.0 / 0.85, order;

	order = 50000.0 * (0.006 * 22000.0 + 0.04 * (wanted - 22000.0));
	CLOSE((double)machines_ordered(1000.0, 0.02, 0.04), order, 1.0);
	order = 50000.0 * (0.006 * 22000.0 + 0.04 * (0.95 * wanted - 22000.0));
	CLOSE((double)machines_ordered(1000.0, 0.07, 0.04), order, 1.0);
	assert_int_equal(machines_ordered(100.0, 0.02, 0.04), 0);
	order = 50000.0 * 0.05 * 10.0 * wanted; /* the most a month */
	CLOSE((double)machines_ordered(10000.0, 0.02, 0.5), order, 1.0);
}

/* ---- Closing */

static struct world *books_closed(int64_t seed)
{
	struct params p = params_small(2000, 100);
	struct world *w = world_new(&p, (uint64_t)seed, 0, 1);

	w->par.firms.entry = 0.0;
	month_until(w, PHASE_accounts_close, NULL);
	for (int64_t j = 0; j < w->firms; j++) { /* nobody fails unless the test says so */
		w->firm.idle_months[j] = 0;
		w->firm.age[j] = 12;
	}
	return w;
}

static void a_firm_that_closes_leaves_no_employee_and_no_money_behind(void **state)
{
	(void)state;
	struct world *w = books_closed(1);
	struct firms *f = &w->firm;
	uint32_t before[2000];
	int64_t bank, staff = f->staff[30];

	assert_true(staff > 3);
	f->cash[30] = 1000;
	f->loan[30] = 1000000000000;
	money_balanced(w);
	bank = w->ledger.bank;
	memcpy(before, w->worker.employer, sizeof(before));
	month_opened(w);
	firms_exit_and_enter(w);
	invariants_hold(w, PHASE_firms_exit_and_enter);
	assert_int_equal(w->census.head.exits, 1);
	assert_int_equal(w->census.head.layoffs, staff);
	assert_int_equal(w->census.flow.repaid, 1000);
	assert_int_equal(w->census.flow.written_off, 1000000000000 - 1000);
	assert_int_equal(bank - w->ledger.bank, 1000000000000 - 1000);
	assert_true(!f->alive[30] && f->staff[30] == 0 && f->cash[30] == 0 && f->loan[30] == 0);
	for (int64_t n = 0; n < 2000; n++) {
		if (before[n] == 30)
			assert_true(w->worker.employer[n] == NO_FIRM && w->worker.spell[n] == 0);
		else
			assert_int_equal(w->worker.employer[n], before[n]);
	}
	world_free(w);
}

static void a_firm_without_work_closes_after_seven_months(void **state)
{
	(void)state;
	struct world *w = books_closed(1);
	struct firms *f = &w->firm;
	int64_t before;

	for (int64_t n = 0; n < 2000; n++)
		if (w->worker.employer[n] == 40)
			w->worker.employer[n] = NO_FIRM;
	staff_recounted(w);
	f->cash[40] = 5000007;
	f->loan[40] = 2000000;
	money_balanced(w);
	before = owners_cash(w);
	for (int month = 1; month <= 7; month++) {
		assert_true(f->alive[40]);
		f->need[40] = 0.5;
		firms_exit_and_enter(w);
	}
	assert_true(!f->alive[40]);
	assert_int_equal(w->census.flow.liquidation, 3000007);
	assert_int_equal(owners_cash(w) - before, 3000007);
	assert_int_equal(w->ledger.pool, 0);
	invariants_hold(w, PHASE_firms_exit_and_enter);
	world_free(w);
}

static void a_young_firm_may_owe_more_than_it_owns(void **state)
{
	(void)state;
	struct world *w = books_closed(1);

	w->firm.loan[30] = 1000000000000;
	w->firm.age[30] = 5;
	firms_exit_and_enter(w);
	assert_true(w->firm.alive[30]);
	firms_exit_and_enter(w);
	assert_true(!w->firm.alive[30]);
	world_free(w);
}

/* ---- Opening */

/* A world where slots 20 .. 20+count-1 are empty and every empty slot is entered. */
static struct world *slots_emptied(int64_t count)
{
	struct world *w = books_closed(2);

	for (int64_t j = 20; j < 20 + count; j++)
		w->firm.loan[j] = 100000000000000;
	money_balanced(w);
	firms_exit_and_enter(w);
	assert_int_equal(w->census.head.exits, count);
	month_opened(w);
	w->par.firms.entry = 1.0;
	w->pub.profit_rate = w->par.firms.entry_reference_return;
	for (int64_t j = 20; j < 20 + count; j++) {
		w->firm.capital[j] = 4000.0; /* some machines are left to reuse, some are missing */
		w->firm.automation[j] = w->firm.training[j] = 0.3;
	}
	return w;
}

/* E36: wages of three months, half the price of machines found, 0.6 of that of those missing. */
static void entrants_are_funded_exactly(void **state)
{
	(void)state;
	struct world *w = slots_emptied(3);
	int64_t owners = owners_cash(w), bank = w->ledger.bank, cash = 0;
	double pk = w->pub.capital_price, wages = 3.0 * w->region[0].wage * 1.15 * 6.0, before[3];

	for (int64_t j = 0; j < 3; j++)
		before[j] = firm_technology(w, 20 + j);
	firms_exit_and_enter(w);
	invariants_hold(w, PHASE_firms_exit_and_enter);
	assert_int_equal(w->census.head.entries, 3);
	for (int64_t j = 20; j < 23; j++) {
		const struct firms *f = &w->firm;
		assert_true(f->alive[j] && f->cash[j] > 0 && f->loan[j] == 0 && f->age[j] == 0);
		CLOSE(f->markup[j], 0.8 * 0.38, 1e-12);
		CLOSE(f->price[j], 0.97 * w->pub.price_average, 1e-6);
		CLOSE(f->automation[j] + f->training[j] + f->surveillance[j], 0.0, 0.0);
		CLOSE((double)f->cash[j], wages + 0.6 * pk *
		      (20.0 * 0.97 * 6.0 * before[j - 20] * 1.15 / 0.85 - 4000.0), 2.0);
		cash += f->cash[j];
	}
	CLOSE((double)w->census.flow.scrap, 3 * 0.5 * pk * 4000.0, 3.0);
	assert_int_equal(w->census.flow.equity, cash + w->census.flow.scrap);
	assert_int_equal(owners - owners_cash(w), w->census.flow.equity);
	assert_int_equal(w->ledger.bank - bank, w->census.flow.scrap);
	world_free(w);
}

static void an_entrant_wins_its_first_customers(void **state)
{
	(void)state;
	struct world *w = slots_emptied(1);
	int64_t customers = 0;

	for (int64_t n = 0; n < w->people + w->periphery; n++)
		if (w->worker.seller[n] == 20)
			w->worker.seller[n] = 21;
	firms_exit_and_enter(w);
	for (int64_t n = 0; n < w->people + w->periphery; n++)
		customers += w->worker.seller[n] == 20;
	assert_in_range(customers, 6, 8); /* 1.4 a planned post, fewer if one was drawn twice */
	world_free(w);
}

static void owners_risk_at_most_half_of_their_deposits(void **state)
{
	(void)state;
	struct world *w = slots_emptied(10);
	int64_t ten, held;

	w->owner.cash[0] += 1000000000000;
	firms_exit_and_enter(w);
	assert_int_equal(w->census.head.entries, 10);
	ten = w->census.flow.equity;
	world_free(w);

	w = slots_emptied(10);
	memset(w->owner.cash, 0, sizeof(*w->owner.cash) * (size_t)w->owners);
	w->owner.cash[0] = held = ten; /* enough for ten, were it not for the limit */
	money_balanced(w);
	firms_exit_and_enter(w);
	assert_in_range(w->census.head.entries, 4, 5);
	assert_true(w->census.flow.equity <= held / 2);
	assert_int_equal(held - owners_cash(w), w->census.flow.equity);
	invariants_hold(w, PHASE_firms_exit_and_enter);
	world_free(w);
}

static void low_profits_keep_entrants_away(void **state)
{
	(void)state;
	int64_t entries[2];

	for (int i = 0; i < 2; i++) {
		struct world *w = slots_emptied(60);
		w->par.firms.entry = 0.3;
		w->pub.profit_rate = i == 0 ? -1.0 : 0.48;
		w->owner.cash[0] += 1000000000000;
		firms_exit_and_enter(w);
		entries[i] = w->census.head.entries;
		world_free(w);
	}
	CLOSE((double)entries[0], 60 * 0.06, 4 * sqrt(60 * 0.06 * 0.94));
	CLOSE((double)entries[1], 60 * 0.9, 4 * sqrt(60 * 0.9 * 0.1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_overdraft_becomes_a_loan),
		cmocka_unit_test(profits_are_taxed_and_losses_are_not),
		cmocka_unit_test(the_levy_takes_its_part_of_the_ai_rent),
		cmocka_unit_test(courses_are_paid_to_the_state),
		cmocka_unit_test(owners_get_every_mill_of_dividends),
		cmocka_unit_test(machines_in_empty_slots_wear_three_times_as_fast),
		cmocka_unit_test(orders_stay_within_own_money_and_the_leverage_limit),
		cmocka_unit_test(machines_follow_slow_demand_and_the_rate_of_interest),
		cmocka_unit_test(a_firm_that_closes_leaves_no_employee_and_no_money_behind),
		cmocka_unit_test(a_firm_without_work_closes_after_seven_months),
		cmocka_unit_test(a_young_firm_may_owe_more_than_it_owns),
		cmocka_unit_test(entrants_are_funded_exactly),
		cmocka_unit_test(an_entrant_wins_its_first_customers),
		cmocka_unit_test(owners_risk_at_most_half_of_their_deposits),
		cmocka_unit_test(low_profits_keep_entrants_away),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
