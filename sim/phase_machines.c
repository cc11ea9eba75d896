/* The market for machines (E23, E24). A firm's order is split in four parts; for each it
 * asks two makers, found in proportion to what they have to offer, and takes the cheaper. Makers
 * short of stock serve all the same part; what is left goes once more to a maker with stock. AI
 * capital is part machine, part data labour: the contractor is paid as far as the machines
 * arrive. Firms are worked on in chunks, part by part: what a loop needs of a maker lies in one
 * row. */
#include <string.h>

#include "ludd/makers.h"
#include "ludd/phases.h"
#include "ludd/rng_rows.h"
#include "ludd/rows.h"
#include "ludd/vector.h"

enum { PARTS = 4 };
enum { TRIES = 4 }; /* a part, to find a maker with stock */
enum { CHUNK = PAR_STRIP };
#define NO_MAKER UINT32_MAX

/* Money for machines: the whole machine order, and AI capital less data labour. */
VECTOR_BODY money_body(int count, const uint8_t *restrict alive, const int64_t *restrict machines,
		       const int64_t *restrict ai, double data_share, int64_t *restrict money)
{
	for (int k = 0; k < count; k++) {
		int64_t all = machines[k] + ai[k] - (int64_t)(data_share * (double)ai[k]);
		money[k] = either_i64(alive[k] != 0, larger_i64(0, all), 0);
	}
}

VECTOR_VERSIONS(money,
		(int count, const uint8_t *alive, const int64_t *machines, const int64_t *ai,
		 double data_share, int64_t *money),
		count, alive, machines, ai, data_share, money)

/* Part i of the money: quarters, the mills over to the first parts. */
static inline int64_t part_of(int64_t money, int i)
{
	return (int64_t)((uint64_t)(money + (PARTS - 1 - i)) / PARTS);
}

/* The first `outputs` draws of every firm of a chunk. */
static void chunk_draws(struct rng_key key, int64_t first, int count, int outputs,
			uint32_t draw[][CHUNK])
{
	uint32_t *to[PARTS * TRIES];
	uint16_t row[CHUNK];

	for (int k = 0; k < count; k++)
		row[k] = (uint16_t)k;
	for (int i = 0; i < outputs; i++)
		to[i] = draw[i];
	rng_rows_chosen(key, (uint64_t)first, row, count, outputs, to);
}

/* Each part of an order goes to the cheaper of two makers. */
static void chunk_orders(struct world *w, struct rng_key key, int64_t first, int count,
			 int64_t *restrict orders)
{
	struct scratch *s = w->scratch;
	const double *price = s->maker_price;
	const int64_t *money = &s->money[first];
	uint32_t asked[2 * PARTS][CHUNK];

	VECTOR_CALL(money, count, &w->firm.alive[first], &w->firm.machine_order[first],
		    &w->firm.ai_order[first], w->par.periphery.data_share, &s->money[first]);
	chunk_draws(key, first, count, 2 * PARTS, asked);
	for (int i = 0; i < 2 * PARTS; i++)
		makers_drawn(s, count, asked[i]);
	for (int i = 0; i < PARTS; i++) {
		const uint32_t *one = asked[2 * i], *other = asked[2 * i + 1];
		uint32_t *restrict supplier = &s->supplier[i * w->firms + first];
		for (int k = 0; k < count; k++) {
			bool cheaper = price[other[k]] < price[one[k]];
			supplier[k] = (uint32_t)either_i64(cheaper, other[k], one[k]);
			orders[supplier[k]] += part_of(money[k], i);
		}
	}
}

static void orders_placed(struct world *w)
{
	struct scratch *s = w->scratch;
	struct rng_key key = rng_key(w->seed, DRAW_order, w->tick);

	PAR_STRIPS(b, w->firms, w->threads) {
		int64_t first = b * PAR_STRIP;
		chunk_orders(w, key, first, (int)(par_strip_end(b, w->firms) - first),
			     row_sum(w, s->maker_orders, 0));
	}
	row_sum_fold(w, s->maker_orders, 0, s->maker_count);
}

/* Part of the orders that maker m can serve. */
static double ration_of(const struct world *w, int64_t m)
{
	int64_t j = w->scratch->makers[m].firm, orders = w->scratch->maker_orders[m];
	double value = w->firm.inventory[j] * w->firm.price[j];

	return orders > 0 ? smaller(1.0, value / (double)orders) : 1.0;
}

/* Before the first round: who can serve all and will have more is known from the orders. */
static void makers_ration(struct world *w)
{
	struct firms *f = &w->firm;
	struct scratch *s = w->scratch;

	PAR_LIGHT(i, s->maker_count, w->threads) {
		struct maker *m = &s->makers[i];
		int64_t j = m->firm, orders = s->maker_orders[i];
		double over = f->inventory[j] - (double)orders / f->price[j];
		m->ration[0] = ration_of(w, i);
		s->maker_sells_again[i] = m->ration[0] >= 1.0 && over > 0.0;
		f->demand[j] = orders;
		f->fill[j] = m->ration[0];
		f->sales[j] = 0;
		s->maker_orders[i] = 0;
	}
}

/* What is served of an amount. */
static inline int64_t served(int64_t amount, double ration)
{
	return smaller_i64((int64_t)((double)amount * ration), amount);
}

/* What part i of the orders is about in the second round: what the first left, if another maker was
 * found; else nothing, of maker 0, whose row is near. */
VECTOR_BODY asked_again_body(int count, int i, const int64_t *restrict money,
			     const double *restrict ration, const uint32_t *restrict second,
			     uint32_t *restrict maker, int64_t *restrict asked,
			     int64_t *restrict received)
{
	for (int k = 0; k < count; k++) {
		int64_t wanted = part_of(money[k], i), before = served(wanted, ration[k]);
		asked[k] = second[k] != NO_MAKER ? wanted - before : 0;
		maker[k] = second[k] != NO_MAKER ? second[k] : 0;
		received[k] += before;
	}
}

VECTOR_VERSIONS(asked_again,
		(int count, int i, const int64_t *money, const double *ration,
		 const uint32_t *second, uint32_t *maker, int64_t *asked, int64_t *received),
		count, i, money, ration, second, maker, asked, received)

struct delivery { /* to the firms of a chunk in one round */
	int64_t paid[CHUNK]; /* mills */
	double units[CHUNK];
	double ration[CHUNK], price[CHUNK]; /* of the makers of the part at hand */
};

/* What the makers of a part deliver, each in its ration. */
VECTOR_BODY delivered_body(int count, int64_t *restrict asked, int64_t *restrict paid,
			   struct delivery *restrict d)
{
	for (int k = 0; k < count; k++) {
		paid[k] = served(asked[k], d->ration[k]);
		asked[k] -= paid[k];
		d->paid[k] += paid[k];
		d->units[k] += (double)paid[k] / d->price[k];
	}
}

VECTOR_VERSIONS(delivered, (int count, int64_t *asked, int64_t *paid, struct delivery *d), count,
		asked, paid, d)

static void conditions_found(const struct maker *makers, int count, int round,
			     const uint32_t *maker, struct delivery *d)
{
	for (int k = 0; k < count; k++) {
		d->ration[k] = makers[maker[k]].ration[round];
		d->price[k] = makers[maker[k]].price;
	}
}

/* What was asked for shrinks by what is delivered. */
static void part_delivered(const struct maker *makers, int count, int round, const uint32_t *maker,
			   int64_t *asked, struct delivery *d, int64_t *restrict sales)
{
	int64_t paid[CHUNK];

	conditions_found(makers, count, round, maker, d);
	VECTOR_CALL(delivered, count, asked, paid, d);
	for (int k = 0; k < count; k++)
		sales[maker[k]] += paid[k];
}

/* Buyers pay for what they get; their machines grow by the units delivered. */
VECTOR_BODY settled_body(int count, const int64_t *restrict paid, const double *restrict units,
			 const int64_t *restrict money, const int64_t *restrict ordered,
			 double data_share, int64_t *restrict cash, double *restrict capital,
			 double *restrict ai_capital)
{
	for (int k = 0; k < count; k++) {
		double all = (double)larger_i64(1, money[k]);
		double machines = units[k] * ((double)ordered[k] / all);
		cash[k] -= paid[k];
		capital[k] += machines;
		ai_capital[k] += (units[k] - machines) / (1.0 - data_share);
	}
}

VECTOR_VERSIONS(settled,
		(int count, const int64_t *paid, const double *units, const int64_t *money,
		 const int64_t *ordered, double data_share, int64_t *cash, double *capital,
		 double *ai_capital),
		count, paid, units, money, ordered, data_share, cash, capital, ai_capital)

/* Tells what the chunk paid. */
static int64_t chunk_settled(struct world *w, int64_t first, int count, const struct delivery *d)
{
	struct firms *f = &w->firm;
	int64_t paid = 0;

	VECTOR_CALL(settled, count, d->paid, d->units, &w->scratch->money[first],
		    &f->machine_order[first], w->par.periphery.data_share, &f->cash[first],
		    &f->capital[first], &f->ai_capital[first]);
	for (int k = 0; k < count; k++)
		paid += d->paid[k];
	return paid;
}

/* The first round: tells what the chunk paid, and what is left of every part. */
static int64_t chunk_delivered(struct world *w, int64_t first, int count, int64_t *sales,
			       int64_t left[PARTS][CHUNK])
{
	const struct scratch *s = w->scratch;
	struct delivery d;

	memset(&d, 0, sizeof(d));
	for (int i = 0; i < PARTS; i++) {
		for (int k = 0; k < count; k++)
			left[i][k] = part_of(s->money[first + k], i);
		part_delivered(s->makers, count, 0, &s->supplier[i * w->firms + first], left[i],
			       &d, sales);
	}
	return chunk_settled(w, first, count, &d);
}

/* What was not delivered of one part looks for a maker that had enough for all: each firm takes the
 * first of its tries that sells again, and leaves the makers behind it to the next part. Those who
 * still look are listed anew after every try; next[k] is the place of firm k's next draw. Who found
 * none adds nothing, at maker 0, whose row is near. */
static void part_ordered_again(const struct scratch *s, int count, const int64_t *restrict left,
			       const uint32_t *draw, uint16_t *restrict next,
			       uint32_t *restrict second, int64_t *restrict orders)
{
	const uint8_t *sells_again = s->maker_sells_again;
	uint16_t looking[CHUNK + ROWS_SLACK];
	uint32_t maker[CHUNK];
	int still = rows_left(left, count, looking);

	memset(second, 0xff, sizeof(*second) * (size_t)count); /* NO_MAKER */
	for (int try = 0; try < TRIES; try++) {
		int n = still;
		for (int l = 0; l < n; l++) {
			maker[l] = draw[next[looking[l]]];
			next[looking[l]] = (uint16_t)(next[looking[l]] + CHUNK);
		}
		makers_drawn(s, n, maker);
		still = 0;
		for (int l = 0; l < n; l++) {
			int k = looking[l];
			int64_t found = -(int64_t)sells_again[maker[l]];
			second[k] = maker[l] | ~(uint32_t)found;
			orders[maker[l] & (uint32_t)found] += left[k] & found;
			looking[still] = (uint16_t)k;
			still += 1 + (int)found;
		}
	}
}

static void chunk_orders_again(struct world *w, struct rng_key key, int64_t first, int count,
			       int64_t left[PARTS][CHUNK], int64_t *orders)
{
	uint32_t draw[PARTS * TRIES][CHUNK];
	uint16_t next[CHUNK];

	chunk_draws(key, first, count, PARTS * TRIES, draw);
	for (int k = 0; k < count; k++)
		next[k] = (uint16_t)k;
	for (int i = 0; i < PARTS; i++)
		part_ordered_again(w->scratch, count, left[i], &draw[0][0], next,
				   &w->scratch->second[i * w->firms + first], orders);
}

static void first_round(struct world *w)
{
	struct scratch *s = w->scratch;
	struct rng_key key = rng_key(w->seed, DRAW_order_again, w->tick);
	struct tally sum;

	PAR_STRIPS(b, w->firms, w->threads) {
		int64_t first = b * PAR_STRIP, left[PARTS][CHUNK], paid;
		int count = (int)(par_strip_end(b, w->firms) - first);
		paid = chunk_delivered(w, first, count, row_sum(w, s->maker_sales, 1), left);
		chunk_orders_again(w, key, first, count, left, row_sum(w, s->maker_orders, 0));
		s->tally[b] = (struct tally){.money = {paid}};
	}
	row_sum_fold(w, s->maker_sales, 1, s->maker_count);
	row_sum_fold(w, s->maker_orders, 0, s->maker_count);
	sum = tally_sum(s->tally, par_strips(w->firms));
	w->census.flow.investment += money_drain(&sum.money[0], &w->ledger.clearing);
}

/* What a round sold leaves the makers' stocks. The first leaves rations for the second; what the
 * second sold is demand besides what was ordered in the first. */
static void machines_leave(struct world *w, int round)
{
	struct firms *f = &w->firm;
	struct scratch *s = w->scratch;

	PAR_LIGHT(i, s->maker_count, w->threads) {
		int64_t j = s->makers[i].firm, sold = s->maker_sales[i] - f->sales[j];
		f->inventory[j] = larger(0.0, f->inventory[j] - (double)sold / f->price[j]);
		f->sales[j] += sold;
		if (round == 0)
			s->makers[i].ration[1] = ration_of(w, i);
		else
			f->demand[j] += sold;
	}
}

/* The second round: tells what was paid in it, and in `received` what of both. */
static int64_t chunk_delivered_again(struct world *w, int64_t first, int count, int64_t *sales,
				     int64_t *received)
{
	const struct scratch *s = w->scratch;
	struct delivery d;

	memset(&d, 0, sizeof(d));
	memset(received, 0, sizeof(*received) * (size_t)count);
	for (int i = 0; i < PARTS; i++) {
		const uint32_t *supplier = &s->supplier[i * w->firms + first];
		int64_t asked[CHUNK];
		uint32_t maker[CHUNK];
		conditions_found(s->makers, count, 0, supplier, &d);
		VECTOR_CALL(asked_again, count, i, &s->money[first], d.ration,
			    &s->second[i * w->firms + first], maker, asked, received);
		part_delivered(s->makers, count, 1, maker, asked, &d, sales);
	}
	for (int k = 0; k < count; k++)
		received[k] += d.paid[k];
	return chunk_settled(w, first, count, &d);
}

/* E24: the data labour in the AI capital that arrived is paid, by each firm to one contractor drawn
 * at random. */
static int64_t data_labour_paid(struct world *w, struct rng_key key, int64_t first, int count,
				const int64_t *received)
{
	struct firms *f = &w->firm;
	double share = w->par.periphery.data_share;
	int64_t sum = 0;

	for (int k = 0; k < count; k++) {
		int64_t j = first + k, money = w->scratch->money[j], pay;
		struct pcg32 g;
		if (f->ai_order[j] == 0 || money == 0)
			continue;
		g = rng_agent(key, (uint64_t)j);
		pay = (int64_t)(share * (double)f->ai_order[j] *
				((double)received[k] / (double)money));
		money_pay(&f->cash[j], &sum, pay);
		par_add(&w->contractor.sales[rng_below(&g, (uint32_t)w->contractors)], pay,
			w->threads);
	}
	return sum;
}

static void second_round(struct world *w)
{
	struct scratch *s = w->scratch;
	struct rng_key key = rng_key(w->seed, DRAW_data_labour, w->tick);
	struct tally sum;

	PAR_STRIPS(b, w->firms, w->threads) {
		int64_t first = b * PAR_STRIP, received[CHUNK], paid, data;
		int count = (int)(par_strip_end(b, w->firms) - first);
		paid = chunk_delivered_again(w, first, count, row_sum(w, s->maker_sales, 0),
					     received);
		data = data_labour_paid(w, key, first, count, received);
		s->tally[b] = (struct tally){.money = {paid, data}};
	}
	row_sum_fold(w, s->maker_sales, 0, s->maker_count);
	sum = tally_sum(s->tally, par_strips(w->firms));
	w->census.flow.investment += money_drain(&sum.money[0], &w->ledger.clearing);
	w->census.flow.data_labour = money_drain(&sum.money[1], &w->ledger.clearing);
}

static void sellers_paid(struct world *w)
{
	struct scratch *s = w->scratch;
	struct tally sum;

	PAR_STRIPS(b, s->maker_count, w->threads) {
		struct tally t = {0};
		STRIP_ROWS(i, b, s->maker_count) {
			int64_t j = s->makers[i].firm;
			money_pay(&t.money[0], &w->firm.cash[j], w->firm.sales[j]);
		}
		s->tally[b] = t;
	}
	sum = tally_sum(s->tally, par_strips(s->maker_count));
	money_drain(&sum.money[0], &w->ledger.clearing);
	for (int64_t c = 0; c < w->contractors; c++)
		money_pay(&w->ledger.clearing, &w->contractor.cash[c], w->contractor.sales[c]);
}

void machines_delivered(struct world *w)
{
	memset(w->contractor.sales, 0, sizeof(int64_t) * (size_t)w->contractors);
	row_sums_reserve(w);
	makers_listed(w);
	if (w->scratch->maker_count == 0)
		return;
	orders_placed(w);
	makers_ration(w);
	first_round(w);
	machines_leave(w, 0);
	second_round(w);
	machines_leave(w, 1);
	sellers_paid(w);
}
