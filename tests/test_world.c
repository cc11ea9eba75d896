/* The first state, the columns, copies and hashes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "worlds.h"

/* ---- The start */

static void first_prices_are_the_fixed_point_by_hand(void **state)
{
	(void)state;
	struct params p = params_small(1000, 50);
	struct world *w = world_new(&p, 1, 0, 1);

	CLOSE(w->pub.capital_price, 49043.929089, 5e-7);
	CLOSE(w->pub.price, 50954.911361, 5e-7);
	CLOSE(w->pub.capital_price, 1.38 * 30000 / (1 - 1.38 * 16 * 0.006 / 0.85), 1e-8);
	CLOSE(w->pub.price, 1.38 * (30000 + (20 * 0.006 / 0.85) * w->pub.capital_price), 1e-8);
	world_free(w);
}

static void the_start_owns_nothing_that_nobody_owes(void **state)
{
	(void)state;
	static const int64_t people[] = {10, 1000, 6000}, firms[] = {2, 50, 300};

	for (int i = 0; i < 3; i++) {
		struct params p = params_small(people[i], firms[i]);
		struct world *w = world_new(&p, 1, 0, 1);
		int64_t loans = 0, weights = 0;
		invariants_hold(w, PHASE_frontier_advances);
		for (int64_t j = 0; j < w->firms; j++)
			loans += w->firm.loan[j];
		for (int64_t o = 0; o < w->owners; o++)
			weights += w->owner.weight[o];
		CLOSE((double)w->ledger.bank, 0.05 * (double)loans, 1.0);
		assert_int_equal(weights, (int64_t)1 << 40);
		world_free(w);
	}
}

static void the_start_has_the_shares_of_its_parameters(void **state)
{
	(void)state;
	struct params p = params_small(10000, 500);
	struct world *w = world_new(&p, 1, 0, 1);
	int64_t employed = 0, makers = 0, skilled = 0, department_one = 0;

	for (int64_t n = 0; n < w->people; n++) {
		uint32_t j = w->worker.employer[n];
		employed += j != NO_FIRM;
		makers += j != NO_FIRM && w->firm.capital_goods[j];
		skilled += w->worker.skilled[n];
	}
	for (int64_t j = 0; j < w->firms; j++)
		department_one += w->firm.capital_goods[j];
	assert_int_equal(w->regions, 5);
	assert_int_equal(department_one, 40);
	assert_int_equal(employed, w->census.employed);
	CLOSE((double)employed, 9400, 4 * sqrt(9400 * 0.06));
	CLOSE((double)makers, 0.13 * 9400, 4 * sqrt(0.13 * 9400));
	CLOSE((double)skilled, 5000, 4 * 50);
	assert_int_equal(w->owners, 110);
	assert_int_equal(w->periphery, 1000);
	assert_int_equal(w->contractors, 5);
	world_free(w);
}

static void firms_start_with_machines_stocks_and_debts_for_their_staff(void **state)
{
	(void)state;
	struct params p = params_small(20000, 400);
	struct world *w = world_new(&p, 1, 0, 1);
	const struct firms *f = &w->firm;
	double lowest = 1.0, highest = 1.0;

	for (int64_t j = 0; j < w->firms; j++) {
		double output = 0.97 * f->staff[j] * 100.0 * 1.15, pk = w->pub.capital_price;
		double machines = output * (f->capital_goods[j] ? 16.0 : 20.0) / 0.85;
		CLOSE(f->demand_expected[j], output, 1e-6);
		CLOSE(f->capital[j], machines, 1e-6);
		CLOSE(f->inventory[j], 0.6 * output, 1e-6);
		CLOSE((double)f->loan[j], 0.15 * pk * machines, 1.0);
		assert_int_equal(f->cash[j], 2 * 3000000LL * f->staff[j]);
		lowest = smaller(lowest, f->wage[j] / 3000000.0);
		highest = larger(highest, f->wage[j] / 3000000.0);
	}
	CLOSE(lowest, 0.97, 0.001);
	CLOSE(highest, 1.03, 0.001);
	world_free(w);
}

static void people_start_with_work_and_shops_in_their_region(void **state)
{
	(void)state;
	struct params p = params_small(10007, 503);
	struct world *w = world_new(&p, 1, 0, 1);

	assert_int_equal(w->people_first[w->regions], w->people);
	assert_int_equal(w->firms_first[w->regions], w->firms);
	for (int64_t r = 0; r < w->regions; r++) {
		assert_in_range(w->people_first[r + 1] - w->people_first[r], 2001, 2002);
		assert_true(w->firms_first[r] < w->goods_first[r]);
		assert_true(w->goods_first[r] < w->firms_first[r + 1]);
	}
	for (int64_t n = 0; n < w->people; n++) {
		uint16_t r = w->worker.region[n];
		uint32_t j = w->worker.employer[n];
		assert_true(n >= w->people_first[r] && n < w->people_first[r + 1]);
		assert_int_equal(w->firm.region[w->worker.seller[n]], r);
		assert_false(w->firm.capital_goods[w->worker.seller[n]]);
		if (j != NO_FIRM)
			assert_int_equal(w->firm.region[j], r);
	}
	world_free(w);
}

static void seeds_and_burn_in_make_other_worlds(void **state)
{
	(void)state;
	struct params p = params_small(1000, 50);
	struct world *a = world_new(&p, 1, 0, 1), *b = world_new(&p, 1, 0, 1);
	struct world *c = world_new(&p, 2, 0, 1), *d = world_new(&p, 1, 24, 1);

	assert_true(world_hash(a) == world_hash(b));
	assert_true(world_hash(a) != world_hash(c));
	assert_true(world_hash(a) != world_hash(d));
	assert_int_equal(d->tick, -24);
	world_free(a);
	world_free(b);
	world_free(c);
	world_free(d);
}

static void memory_is_told_before_it_is_taken(void **state)
{
	(void)state;
	struct params p = params_small(100000, 5000);
	struct world_size z = world_size(&p), small;
	double a_person;

	assert_int_equal(z.people, 100000);
	assert_int_equal(z.regions, 50);
	p.population.people = 50000;
	small = world_size(&p);
	a_person = (double)(z.bytes - small.bytes) / 50000;
	assert_true(a_person > 30 && a_person < 150);
}

/* ---- Columns */

static void columns_tell_their_values_by_name(void **state)
{
	(void)state;
	struct params p = params_small(1000, 50);
	struct world *w = world_new(&p, 1, 0, 1);
	int found = 0;

	w->firm.price[7] = 1234.5;
	w->firm.staff[7] = -3;
	w->firm.alive[7] = 2;
	w->worker.cash[7] = -5000000000;
	w->worker.employer[7] = NO_FIRM;
	w->worker.match[7] = 65535;
	for (int i = 0; i < column_count(); i++) {
		const struct column_info *c = column_at(i);
		static const struct {
			enum column_table table;
			const char *name;
			double value;
		} known[] = {
			{COLUMN_FIRM, "price", 1234.5}, {COLUMN_FIRM, "staff", -3},
			{COLUMN_FIRM, "alive", 2}, {COLUMN_WORKER, "cash", -5e9},
			{COLUMN_WORKER, "employer", 4294967295.0}, {COLUMN_WORKER, "match", 65535},
		};
		for (int k = 0; k < LENGTH(known); k++) {
			if (c->table != known[k].table || strcmp(c->name, known[k].name) != 0)
				continue;
			CLOSE(column_value(w, c, 7), known[k].value, 0.0);
			found++;
		}
		assert_true(column_rows(w, c) > 0);
		assert_true(c->unit[0] && c->doc[0]);
	}
	assert_int_equal(found, 6);
	world_free(w);
}

/* ---- Hashes */

static void the_hash_sees_a_change_in_any_state_column(void **state)
{
	(void)state;
	struct params p = params_ai(1000, 50);
	struct world *w = world_new(&p, 1, 0, 1);
	uint64_t whole;

	months_pass(w, 12);
	whole = world_hash(w);
	for (int i = 0; i < column_count(); i++) {
		const struct column_info *c = column_at(i);
		int64_t rows = column_rows(w, c), row[] = {0, rows / 2, rows - 1};
		for (int k = 0; k < LENGTH(row); k++) {
			for (size_t byte = 0; byte < c->size; byte++) {
				unsigned char *at = (unsigned char *)column_data(w, c) +
						    (size_t)row[k] * c->size + byte;
				*at ^= 1;
				if ((world_hash(w) != whole) == c->flow)
					fail_msg("column %s, row %d, byte %d", c->name, (int)row[k],
						 (int)byte);
				*at ^= 1;
			}
		}
	}
	assert_true(world_hash(w) == whole);
	world_free(w);
}

static void the_hash_sees_rows_that_trade_places(void **state)
{
	(void)state;
	struct params p = params_small(1000, 50);
	struct world *w = world_new(&p, 1, 0, 1);
	uint64_t whole = world_hash(w);

	w->firm.markup[3] = 0.5;
	assert_true(world_hash(w) != whole);
	w->firm.markup[3] = w->firm.markup[4];
	assert_true(world_hash(w) == whole);
	w->firm.markup[3] = 0.5;
	whole = world_hash(w);
	w->firm.markup[3] = w->firm.markup[4];
	w->firm.markup[4] = 0.5;
	assert_true(world_hash(w) != whole);
	world_free(w);
}

static void the_hash_sees_published_values_regions_ledger_and_tick(void **state)
{
	(void)state;
	struct params p = params_small(5000, 200);
	struct world *w = world_new(&p, 1, 0, 1);
	uint64_t whole = world_hash(w);
	struct { void *at; size_t size; } part[] = {
		{&w->pub, sizeof(w->pub)},
		{w->region, sizeof(*w->region) * (size_t)w->regions},
		{&w->ledger, sizeof(w->ledger)},
		{&w->tick, sizeof(w->tick)},
	};

	for (int i = 0; i < LENGTH(part); i++) {
		for (size_t byte = 0; byte < part[i].size; byte++) {
			((unsigned char *)part[i].at)[byte] ^= 4;
			if (world_hash(w) == whole)
				fail_msg("part %d, byte %d", i, (int)byte);
			((unsigned char *)part[i].at)[byte] ^= 4;
		}
	}
	world_free(w);
}

/* ---- Copies */

static void a_copy_continues_as_the_original_would(void **state)
{
	(void)state;
	struct params p = params_ai(4000, 200);
	struct world *w = world_new(&p, 1, 6, 1), *copy;

	for (int i = 0; i < 6; i++) { /* copies before, at and after the start of AI */
		months_pass(w, 5);
		copy = world_copy(w);
		assert_true(world_hash(copy) == world_hash(w));
		months_pass(copy, 7);
		for (int t = 0; t < 7; t++)
			months_pass(w, 1);
		assert_true(world_hash(copy) == world_hash(w));
		assert_memory_equal(&copy->census, &w->census, sizeof(w->census));
		world_free(copy);
	}
	world_free(w);
}

static void a_copy_shares_nothing_with_its_original(void **state)
{
	(void)state;
	struct params p = params_ai(2000, 100);
	struct world *w = world_new(&p, 1, 0, 1), *copy, *again;
	uint64_t before;

	months_pass(w, 10);
	before = world_hash(w);
	copy = world_copy(w);
	again = world_copy(w);
	copy->par.state.basic_income = 0.2;
	months_pass(copy, 10);
	assert_true(world_hash(w) == before);
	world_free(w);
	months_pass(again, 10);
	assert_true(world_hash(again) != world_hash(copy));
	world_free(copy);
	world_free(again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_prices_are_the_fixed_point_by_hand),
		cmocka_unit_test(the_start_owns_nothing_that_nobody_owes),
		cmocka_unit_test(the_start_has_the_shares_of_its_parameters),
		cmocka_unit_test(firms_start_with_machines_stocks_and_debts_for_their_staff),
		cmocka_unit_test(people_start_with_work_and_shops_in_their_region),
		cmocka_unit_test(seeds_and_burn_in_make_other_worlds),
		cmocka_unit_test(memory_is_told_before_it_is_taken),
		cmocka_unit_test(columns_tell_their_values_by_name),
		cmocka_unit_test(the_hash_sees_a_change_in_any_state_column),
		cmocka_unit_test(the_hash_sees_rows_that_trade_places),
		cmocka_unit_test(the_hash_sees_published_values_regions_ledger_and_tick),
		cmocka_unit_test(a_copy_continues_as_the_original_would),
		cmocka_unit_test(a_copy_shares_nothing_with_its_original),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
