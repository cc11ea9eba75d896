/* The market for machines (P5, E23, E24). A firm's order is split in four parts; for each it
 * asks two makers, found in proportion to what they have to offer, and takes the cheaper. Makers
 * short of stock serve all the same part; what is left goes once more to a maker with stock. AI
 * capital is part machine, part data labour: the contractor is paid as far as the machines
 * arrive. */
#include "ludd/phases.h"
#include "ludd/rng_rows.h"
#include "ludd/scratch.h"

enum { PARTS = 4 };
enum { CHUNK = 256 }; /* rows at a time: what they need stays in the nearest cache */
#define NO_MAKER UINT32_MAX

/* For every n-th of the offers the maker it falls on: searches start there and mostly end there. */
static void guide_made(struct scratch *s)
{
	int64_t cells = GUIDE_CELLS * s->maker_count, sum = s->maker_weight[s->maker_count];
	int64_t maker = 0;

	for (int64_t i = 0; i < cells; i++) {
		double from = (double)i / (double)cells * (double)sum;
		while (maker < s->maker_count - 1 && (double)s->maker_weight[maker + 1] <= from)
			maker++;
		s->maker_guide[i] = (uint32_t)maker;
	}
}

/* Firms of department I in business, with the sum of offers before each: stock and half of the
 * month's output, in 1/1024 units. */
static void makers_listed(struct world *w)
{
	const struct firms *f = &w->firm;
	struct scratch *s = w->scratch;
	int64_t count = 0, sum = 0;

	for (int64_t r = 0; r < w->regions; r++) {
		for (int64_t j = w->firms_first[r]; j < w->goods_first[r]; j++) {
			if (!f->alive[j])
				continue;
			s->makers[count] = (struct maker){(uint32_t)j, f->price[j], 0};
			s->maker_weight[count++] = sum;
			sum += 1 + (int64_t)((f->inventory[j] + 0.5 * f->output[j]) * 1024.0);
		}
	}
	s->maker_weight[count] = sum;
	s->maker_count = count;
	guide_made(s);
}

/* The maker on which a draw falls, in proportion to what makers offer. */
static inline struct maker maker_at(const struct scratch *s, uint32_t draw)
{
	double u = draw * 0x1p-32;
	int64_t at = (int64_t)(u * (double)s->maker_weight[s->maker_count]);
	int64_t maker = s->maker_guide[(int64_t)(u * (double)(GUIDE_CELLS * s->maker_count))];

	maker += s->maker_weight[maker + 1] <= at; /* mostly enough, without a branch */
	while (s->maker_weight[maker + 1] <= at)
		maker++;
	while (s->maker_weight[maker] > at) /* the guide's start may lie one too far by rounding */
		maker--;
	return s->makers[maker];
}

/* Money for machines: the whole machine order, and AI capital less data labour. */
static int64_t machine_money(const struct world *w, int64_t j)
{
	double share = w->par.periphery.data_share;
	return w->firm.machine_order[j] + w->firm.ai_order[j] -
	       (int64_t)(share * (double)w->firm.ai_order[j]);
}

/* Firms of the chunk that order machines; the others have nothing to be delivered. */
static int buyers_found(struct world *w, int64_t first, int count, uint16_t *row, int64_t *money)
{
	struct scratch *s = w->scratch;
	int found = 0;

	for (int i = 0; i < count; i++) {
		int64_t j = first + i;
		row[found] = (uint16_t)i;
		money[found] = w->firm.alive[j] && s->maker_count ? machine_money(w, j) : 0;
		s->mark[j] = money[found] > 0;
		found += money[found] > 0;
	}
	return found;
}

/* Each part of an order goes to the cheaper of two makers. */
static void chunk_orders(struct world *w, struct rng_key key, int64_t first, int count,
			 int64_t *orders)
{
	struct scratch *s = w->scratch;
	uint32_t draw[2 * PARTS][CHUNK], *draws[2 * PARTS];
	int64_t money[CHUNK];
	uint16_t row[CHUNK];

	count = buyers_found(w, first, count, row, money);
	for (int k = 0; k < 2 * PARTS; k++)
		draws[k] = draw[k];
	rng_rows_chosen(key, (uint64_t)first, row, count, 2 * PARTS, draws);
	for (int k = 0; k < count; k++) {
		int64_t *part = &s->part[PARTS * (first + row[k])];
		uint32_t *supplier = &s->supplier[PARTS * (first + row[k])];
		for (int i = 0; i < PARTS; i++) {
			struct maker a = maker_at(s, draw[2 * i][k]);
			struct maker b = maker_at(s, draw[2 * i + 1][k]);
			part[i] = money[k] / PARTS + (i < money[k] % PARTS);
			supplier[i] = (uint32_t)either_i64(b.price < a.price, b.firm, a.firm);
			orders[supplier[i]] += part[i];
		}
	}
}

static void orders_placed(struct world *w)
{
	struct rng_key key = rng_key(w->seed, DRAW_order, w->tick);

	PAR_BLOCKS(b, w->firms, w->threads) {
		int64_t *orders = firm_sum(w, w->firm.orders, 0), end = par_end(b, w->firms);
		for (int64_t first = b * PAR_BLOCK; first < end; first += CHUNK)
			chunk_orders(w, key, first, (int)smaller_i64(CHUNK, end - first), orders);
	}
	firm_sum_fold(w, w->firm.orders, 0);
}

static void makers_ration(struct world *w)
{
	struct firms *f = &w->firm;
	const struct scratch *s = w->scratch;

	PAR_ROWS(i, s->maker_count, w->threads) {
		int64_t j = s->makers[i].firm;
		double value = f->inventory[j] * f->price[j];
		f->ration[j] = f->orders[j] > 0 ? smaller(1.0, value / (double)f->orders[j]) : 1.0;
	}
}

/* A buyer pays for what it gets; its machines grow by the units delivered. */
static int64_t order_paid(struct world *w, int64_t j, int64_t *sales)
{
	struct scratch *s = w->scratch;
	struct firms *f = &w->firm;
	double units = 0.0, machines;
	int64_t money = 0, left = 0;

	for (int64_t i = PARTS * j; i < PARTS * j + PARTS; i++) {
		int64_t paid;
		if (s->part[i] == 0)
			continue;
		if (s->supplier[i] != NO_MAKER) {
			paid = (int64_t)((double)s->part[i] * f->ration[s->supplier[i]]);
			paid = smaller_i64(paid, s->part[i]);
			s->part[i] -= paid;
			units += (double)paid / f->price[s->supplier[i]];
			sales[s->supplier[i]] += paid;
			money += paid;
		}
		left += s->part[i];
	}
	s->mark[j] = left > 0;
	if (money == 0)
		return 0;
	f->cash[j] -= money;
	machines = units * ((double)f->machine_order[j] / (double)machine_money(w, j));
	f->capital[j] += machines;
	f->ai_capital[j] += (units - machines) / (1.0 - w->par.periphery.data_share);
	return money;
}

static void orders_paid(struct world *w)
{
	struct tally sum;

	PAR_BLOCKS(b, w->firms, w->threads) {
		int64_t *sales = firm_sum(w, w->firm.sales, 0), paid = 0;
		BLOCK_ROWS(j, b, w->firms)
			if (w->scratch->mark[j])
				paid += order_paid(w, j, sales);
		w->scratch->tally[b] = (struct tally){.money = {paid}};
	}
	firm_sum_fold(w, w->firm.sales, 0);
	sum = tally_sum(w->scratch->tally, par_blocks(w->firms));
	w->census.flow.investment += money_drain(&sum.money[0], &w->ledger.clearing);
}

/* What was not delivered looks for a maker that had enough for all; four tries a part. */
static void order_split_again(struct world *w, struct rng_key key, int64_t j, int64_t *orders)
{
	struct scratch *s = w->scratch;
	const struct firms *f = &w->firm;
	struct pcg32 g = rng_agent(key, (uint64_t)j);

	for (int64_t i = PARTS * j; i < PARTS * j + PARTS; i++) {
		if (s->part[i] == 0)
			continue;
		s->supplier[i] = NO_MAKER;
		for (int try = 0; try < 4 && s->supplier[i] == NO_MAKER; try++) {
			uint32_t m = maker_at(s, pcg32_next(&g)).firm;
			if (f->ration[m] >= 1.0 && f->inventory[m] > 0.0)
				s->supplier[i] = m;
		}
		if (s->supplier[i] != NO_MAKER)
			orders[s->supplier[i]] += s->part[i];
	}
}

static void orders_placed_again(struct world *w)
{
	struct scratch *s = w->scratch;
	struct firms *f = &w->firm;
	struct rng_key key = rng_key(w->seed, DRAW_order_again, w->tick);

	PAR_ROWS(i, s->maker_count, w->threads)
		f->orders[s->makers[i].firm] = 0;
	PAR_BLOCKS(b, w->firms, w->threads) {
		int64_t *orders = firm_sum(w, f->orders, 0);
		BLOCK_ROWS(j, b, w->firms)
			if (s->mark[j])
				order_split_again(w, key, j, orders);
	}
	firm_sum_fold(w, f->orders, 0);
}

/* Takes what was sold since `before` from the makers' stocks. */
static void machines_leave(struct world *w, bool first)
{
	struct firms *f = &w->firm;
	const struct scratch *s = w->scratch;

	PAR_ROWS(i, s->maker_count, w->threads) {
		int64_t j = s->makers[i].firm;
		int64_t sold = f->sales[j] - s->makers[i].sold;
		f->inventory[j] = larger(0.0, f->inventory[j] - (double)sold / f->price[j]);
		if (first) {
			f->demand[j] = f->orders[j];
			f->fill[j] = f->ration[j];
			s->makers[i].sold = sold;
		} else {
			f->demand[j] += sold;
		}
	}
}

/* E24: the data labour in the AI capital that arrived, to one contractor a firm drawn at random. */
static int64_t data_labour_of(const struct world *w, int64_t j)
{
	const struct scratch *s = w->scratch;
	int64_t wanted = machine_money(w, j), left = 0;

	if (wanted == 0)
		return 0;
	for (int i = 0; s->mark[j] && i < PARTS; i++)
		left += s->part[PARTS * j + i];
	return (int64_t)(w->par.periphery.data_share * (double)w->firm.ai_order[j] *
			 ((double)(wanted - left) / (double)wanted));
}

static void data_labour_paid(struct world *w)
{
	struct scratch *s = w->scratch;
	struct firms *f = &w->firm;
	struct rng_key key = rng_key(w->seed, DRAW_data_labour, w->tick);
	struct tally sum;

	for (int64_t c = 0; c < w->contractors; c++)
		w->contractor.sales[c] = 0;
	PAR_BLOCKS(b, w->firms, w->threads) {
		struct tally t = {0};
		BLOCK_ROWS(j, b, w->firms) {
			struct pcg32 g;
			int64_t pay;
			if (f->ai_order[j] == 0 || !s->maker_count)
				continue;
			g = rng_agent(key, (uint64_t)j);
			pay = data_labour_of(w, j);
			money_pay(&f->cash[j], &t.money[0], pay);
			par_add(&w->contractor.sales[rng_below(&g, (uint32_t)w->contractors)], pay,
				w->threads);
		}
		s->tally[b] = t;
	}
	sum = tally_sum(s->tally, par_blocks(w->firms));
	w->census.flow.data_labour = money_drain(&sum.money[0], &w->ledger.clearing);
	for (int64_t c = 0; c < w->contractors; c++)
		money_pay(&w->ledger.clearing, &w->contractor.cash[c], w->contractor.sales[c]);
}

static void makers_paid(struct world *w)
{
	for (int64_t i = 0; i < w->scratch->maker_count; i++) {
		int64_t j = w->scratch->makers[i].firm;
		money_pay(&w->ledger.clearing, &w->firm.cash[j], w->firm.sales[j]);
	}
}

void machines_delivered(struct world *w)
{
	firm_sums_reserve(w);
	makers_listed(w);
	orders_placed(w);
	makers_ration(w);
	orders_paid(w);
	machines_leave(w, true);
	orders_placed_again(w);
	makers_ration(w);
	orders_paid(w);
	machines_leave(w, false);
	makers_paid(w);
	data_labour_paid(w);
}
