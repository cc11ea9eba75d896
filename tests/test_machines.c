/* The market for machines, worked on in chunks and parts, does what the rules of E23 and E24 say
 * of one firm after the other. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "levels.h"
#include "ludd/makers.h"
#include "worlds.h"

enum { PARTS = 4, TRIES = 4, FIRMS = 700 };
#define NOBODY UINT32_MAX

static uint32_t any(uint64_t i)
{
	return (uint32_t)mix64(i * 0x9e3779b97f4a7c15ULL + 1);
}

/* ---- Makers and draws */

/* What the makers listed offer, as they stand. */
static void offers_made(const struct world *w, int64_t offer[FIRMS])
{
	const struct firms *f = &w->firm;

	for (int64_t m = 0; m < w->scratch->maker_count; m++) {
		int64_t j = w->scratch->makers[m].firm;
		offer[m] = 1 + (int64_t)((f->inventory[j] + 0.5 * f->output[j]) * 1024.0);
	}
}

/* The maker whose offer holds the place of a draw among all offers. */
static uint32_t maker_by_rule(const struct world *w, const int64_t offer[FIRMS], uint32_t draw)
{
	int64_t total = 0, before = 0, at;
	uint32_t m = 0;

	for (int64_t i = 0; i < w->scratch->maker_count; i++)
		total += offer[i];
	at = (int64_t)(draw * 0x1p-32 * (double)total);
	while (before + offer[m] <= at)
		before += offer[m++];
	return m;
}

/* Stocks of `kind`: 0 alike; 1 of all sizes; 2 one has nearly everything; 3 so much that many
 * draws fall on the same mill. */
static void makers_stocked(struct world *w, int kind)
{
	for (int64_t j = 0; j < w->firms; j++) {
		double size = any((uint64_t)j) % 1000;
		w->firm.output[j] = 0.0;
		w->firm.inventory[j] = kind == 0   ? 5.0
				       : kind == 1 ? (j % 3 ? size * size : 0.0)
				       : kind == 2 ? (j == 20 ? 1e9 : 0.0)
						   : size * 1e7;
		w->firm.alive[j] = j % 7 != 3;
	}
}

static void draws_fall_on_makers_by_what_they_offer(void **state)
{
	(void)state;
	struct params p = params_small(3500, FIRMS);
	struct world *w = world_new(&p, 1, 0, 1);
	int64_t offer[FIRMS];

	for (int kind = 0; kind < 4; kind++) {
		const struct scratch *s = w->scratch;
		makers_stocked(w, kind);
		makers_listed(w);
		offers_made(w, offer);
		assert_true(s->maker_count > 30);
		for (int64_t m = 0; m < s->maker_count; m++) {
			uint32_t last = s->maker_last[m];
			uint32_t draw[] = {last, last + 1, last - 1, any((uint64_t)m), 0};
			uint32_t maker[LENGTH(draw)];
			memcpy(maker, draw, sizeof(maker));
			makers_drawn(s, LENGTH(maker), maker);
			for (int i = 0; i < LENGTH(draw); i++)
				assert_int_equal(maker[i], maker_by_rule(w, offer, draw[i]));
		}
	}
	world_free(w);
}

/* ---- The market by its rules */

struct rules { /* the market of one world: by maker, then by firm and part */
	int64_t offer[FIRMS], orders[FIRMS], sales[FIRMS];
	double ration[2][FIRMS];
	bool sells_again[FIRMS];
	uint32_t supplier[FIRMS][PARTS], second[FIRMS][PARTS];
};

static int64_t money_of(const struct world *w, int64_t j)
{
	double data = w->par.periphery.data_share * (double)w->firm.ai_order[j];
	return w->firm.alive[j] ? w->firm.machine_order[j] + w->firm.ai_order[j] - (int64_t)data
				: 0;
}

static int64_t part_of(int64_t money, int i)
{
	return money / PARTS + (i < money % PARTS);
}

static int64_t served(int64_t amount, double ration)
{
	return smaller_i64((int64_t)((double)amount * ration), amount);
}

static double ration_of(const struct world *w, int64_t m, int64_t orders)
{
	int64_t j = w->scratch->makers[m].firm;
	double value = w->firm.inventory[j] * w->firm.price[j];
	return orders > 0 ? smaller(1.0, value / (double)orders) : 1.0;
}

static void machines_got(struct world *w, int64_t j, double units)
{
	double share = (double)w->firm.machine_order[j] / (double)money_of(w, j);
	double machines = units * share;
	w->firm.capital[j] += machines;
	w->firm.ai_capital[j] += (units - machines) / (1.0 - w->par.periphery.data_share);
}

static void stock_leaves(struct world *w, int64_t m, int64_t sold)
{
	int64_t j = w->scratch->makers[m].firm;
	double left = w->firm.inventory[j] - (double)sold / w->firm.price[j];
	w->firm.inventory[j] = larger(0.0, left);
	w->firm.sales[j] += sold;
}

static void data_labour_by_rule(struct world *w, int64_t j, int64_t received)
{
	struct pcg32 g = rng_agent(rng_key(w->seed, DRAW_data_labour, w->tick), (uint64_t)j);
	double share = w->par.periphery.data_share * (double)w->firm.ai_order[j];
	int64_t pay;

	if (w->firm.ai_order[j] == 0)
		return;
	pay = (int64_t)(share * ((double)received / (double)money_of(w, j)));
	w->firm.cash[j] -= pay;
	w->contractor.sales[rng_below(&g, (uint32_t)w->contractors)] += pay;
	w->census.flow.data_labour += pay;
}

static void orders_by_rule(struct world *w, struct rules *r)
{
	struct rng_key key = rng_key(w->seed, DRAW_order, w->tick);

	for (int64_t j = 0; j < w->firms; j++) {
		struct pcg32 g = rng_agent(key, (uint64_t)j);
		for (int i = 0; i < PARTS && money_of(w, j); i++) {
			uint32_t a = maker_by_rule(w, r->offer, pcg32_next(&g));
			uint32_t b = maker_by_rule(w, r->offer, pcg32_next(&g));
			bool cheaper = w->scratch->makers[b].price < w->scratch->makers[a].price;
			r->supplier[j][i] = cheaper ? b : a;
			r->orders[r->supplier[j][i]] += part_of(money_of(w, j), i);
		}
	}
	for (int64_t m = 0; m < w->scratch->maker_count; m++) {
		int64_t j = w->scratch->makers[m].firm;
		r->ration[0][m] = w->firm.fill[j] = ration_of(w, m, r->orders[m]);
		w->firm.demand[j] = r->orders[m];
		r->orders[m] = 0;
	}
}

static int64_t left_by_rule(const struct world *w, const struct rules *r, int64_t j, int i)
{
	int64_t part = part_of(money_of(w, j), i);
	return part - served(part, r->ration[0][r->supplier[j][i]]);
}

static double part_got(struct world *w, struct rules *r, int64_t j, uint32_t m, int64_t paid)
{
	r->sales[m] += paid;
	w->firm.cash[j] -= paid;
	w->census.flow.investment += paid;
	return (double)paid / w->scratch->makers[m].price;
}

static void first_round_by_rule(struct world *w, struct rules *r)
{
	for (int64_t j = 0; j < w->firms; j++) {
		double units = 0.0;
		for (int i = 0; i < PARTS && money_of(w, j); i++) {
			int64_t paid = part_of(money_of(w, j), i) - left_by_rule(w, r, j, i);
			units += part_got(w, r, j, r->supplier[j][i], paid);
		}
		if (units > 0.0)
			machines_got(w, j, units);
	}
	for (int64_t m = 0; m < w->scratch->maker_count; m++) {
		stock_leaves(w, m, r->sales[m]);
		r->sells_again[m] = r->ration[0][m] >= 1.0 &&
				    w->firm.inventory[w->scratch->makers[m].firm] > 0.0;
		r->sales[m] = 0;
	}
}

static void orders_again_by_rule(struct world *w, struct rules *r)
{
	struct rng_key key = rng_key(w->seed, DRAW_order_again, w->tick);

	for (int64_t j = 0; j < w->firms; j++) {
		struct pcg32 g = rng_agent(key, (uint64_t)j);
		for (int i = 0; i < PARTS && money_of(w, j); i++) {
			int64_t left = left_by_rule(w, r, j, i);
			uint32_t *second = &r->second[j][i];
			*second = NOBODY;
			for (int t = 0; left > 0 && t < TRIES && *second == NOBODY; t++) {
				uint32_t m = maker_by_rule(w, r->offer, pcg32_next(&g));
				*second = r->sells_again[m] ? m : NOBODY;
			}
			if (*second != NOBODY)
				r->orders[*second] += left;
		}
	}
	for (int64_t m = 0; m < w->scratch->maker_count; m++)
		r->ration[1][m] = ration_of(w, m, r->orders[m]);
}

static void second_round_by_rule(struct world *w, struct rules *r)
{
	for (int64_t j = 0; j < w->firms; j++) {
		int64_t received = 0;
		double units = 0.0;
		for (int i = 0; i < PARTS && money_of(w, j); i++) {
			int64_t left = left_by_rule(w, r, j, i), paid = 0;
			uint32_t m = r->second[j][i];
			if (m != NOBODY) {
				paid = served(left, r->ration[1][m]);
				units += part_got(w, r, j, m, paid);
			}
			received += part_of(money_of(w, j), i) - left + paid;
		}
		if (units > 0.0)
			machines_got(w, j, units);
		data_labour_by_rule(w, j, received);
	}
	for (int64_t m = 0; m < w->scratch->maker_count; m++) {
		int64_t j = w->scratch->makers[m].firm;
		stock_leaves(w, m, r->sales[m]);
		w->firm.demand[j] += r->sales[m];
		w->firm.cash[j] += w->firm.sales[j];
	}
}

static void market_by_rules(struct world *w, struct rules *r)
{
	memset(r, 0, sizeof(*r));
	memset(w->contractor.sales, 0, sizeof(int64_t) * (size_t)w->contractors);
	makers_listed(w);
	offers_made(w, r->offer);
	orders_by_rule(w, r);
	first_round_by_rule(w, r);
	orders_again_by_rule(w, r);
	second_round_by_rule(w, r);
	for (int64_t c = 0; c < w->contractors; c++)
		w->contractor.cash[c] += w->contractor.sales[c];
}

static void same_worlds(const struct world *a, const struct world *b)
{
	for (int64_t j = 0; j < a->firms; j++) {
		assert_int_equal(a->firm.cash[j], b->firm.cash[j]);
		assert_int_equal(a->firm.demand[j], b->firm.demand[j]);
		assert_int_equal(a->firm.sales[j], b->firm.sales[j]);
		CLOSE(a->firm.fill[j], b->firm.fill[j], 0.0);
		CLOSE(a->firm.inventory[j], b->firm.inventory[j], 0.0);
		CLOSE(a->firm.capital[j], b->firm.capital[j], 0.0);
		CLOSE(a->firm.ai_capital[j], b->firm.ai_capital[j], 0.0);
	}
	for (int64_t c = 0; c < a->contractors; c++)
		assert_int_equal(a->contractor.cash[c], b->contractor.cash[c]);
	assert_int_equal(a->census.flow.investment, b->census.flow.investment);
	assert_int_equal(a->census.flow.data_labour, b->census.flow.data_labour);
	assert_int_equal(world_hash(a), world_hash(b));
}

static void bought_as_by_rules(const struct world *before, const struct world *rules)
{
	for (int threads = 1; threads <= 3; threads++) {
		struct world *w = world_copy(before);
		w->census = before->census;
		w->threads = threads;
		machines_delivered(w);
		assert_int_equal(w->ledger.clearing, 0);
		same_worlds(w, rules);
		world_free(w);
	}
}

static void chunks_of_firms_buy_as_each_would_alone(void **state)
{
	(void)state;
	struct params p = params_ai(3500, FIRMS);
	struct world *before = world_new(&p, 3, 0, 1);
	static struct rules r;
	int64_t again = 0, data = 0, short_makers = 0;

	for (int t = 0; t < 14; t++) {
		struct world *rules;
		month_until(before, PHASE_households_buy, NULL);
		rules = world_copy(before);
		rules->census = before->census;
		market_by_rules(rules, &r);
		for (int64_t m = 0; m < rules->scratch->maker_count; m++) {
			again += r.sales[m] > 0;
			short_makers += r.ration[0][m] < 1.0;
		}
		data += rules->census.flow.data_labour;
		LEVELS(level)
			bought_as_by_rules(before, rules);
		vector_limit(VECTOR_AVX512);
		world_free(rules);
		machines_delivered(before);
		month_finished(before, PHASE_machines_delivered);
	}
	assert_true(again > 50 && short_makers > 50 && data > 0); /* else the test saw too little */
	world_free(before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(draws_fall_on_makers_by_what_they_offer),
		cmocka_unit_test(chunks_of_firms_buy_as_each_would_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
