/* The market for machines (P5, E23, E24). A firm's order is split in four parts; for each it
 * asks two makers, found in proportion to what they have to offer, and takes the cheaper. Makers
 * short of stock serve all the same part; what is left goes once more to a maker with stock. AI
 * capital is part machine, part data labour: the contractor is paid as far as the machines
 * arrive. */
#include "ludd/phases.h"
#include "ludd/scratch.h"

enum { PARTS = 4 };
#define NO_MAKER UINT32_MAX

/* For every n-th of the offers the maker it falls on: searches start there and end a step or two
 * later. */
static void guide_made(struct scratch *s)
{
	int64_t count = s->maker_count, sum = s->maker_weight[count], maker = 0;

	for (int64_t i = 0; i < count; i++) {
		double from = (double)i / (double)count * (double)sum;
		while (maker < count - 1 && (double)s->maker_weight[maker + 1] <= from)
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
			s->makers[count] = (uint32_t)j;
			s->maker_weight[count++] = sum;
			sum += 1 + (int64_t)((f->inventory[j] + 0.5 * f->output[j]) * 1024.0);
		}
	}
	s->maker_weight[count] = sum;
	s->maker_count = count;
	guide_made(s);
}

/* A maker in proportion to what it offers. */
static uint32_t maker_found(const struct scratch *s, struct pcg32 *g)
{
	double u = rng_unit(g);
	int64_t at = (int64_t)(u * (double)s->maker_weight[s->maker_count]);
	int64_t maker = s->maker_guide[(int64_t)(u * (double)s->maker_count)];

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

static void orders_placed(struct world *w)
{
	struct scratch *s = w->scratch;
	struct firms *f = &w->firm;
	struct rng_key key = rng_key(w->seed, DRAW_order, w->tick);

	PAR_ROWS(j, w->firms, w->threads) {
		struct pcg32 g = rng_agent(key, (uint64_t)j);
		int64_t money = f->alive[j] && s->maker_count ? machine_money(w, j) : 0;
		for (int i = 0; i < PARTS; i++) {
			uint32_t a, b;
			s->part[PARTS * j + i] = money / PARTS + (i < money % PARTS);
			if (s->part[PARTS * j + i] == 0)
				continue;
			a = maker_found(s, &g);
			b = maker_found(s, &g);
			s->supplier[PARTS * j + i] = f->price[b] < f->price[a] ? b : a;
			par_add(&f->orders[s->supplier[PARTS * j + i]], s->part[PARTS * j + i],
				w->threads);
		}
	}
}

static void makers_ration(struct world *w)
{
	struct firms *f = &w->firm;
	const struct scratch *s = w->scratch;

	PAR_ROWS(i, s->maker_count, w->threads) {
		int64_t j = s->makers[i];
		double value = f->inventory[j] * f->price[j];
		f->ration[j] = f->orders[j] > 0 ? smaller(1.0, value / (double)f->orders[j]) : 1.0;
	}
}

/* Buyers pay for what they get; their machines grow by the units delivered. */
static void orders_paid(struct world *w)
{
	struct scratch *s = w->scratch;
	struct firms *f = &w->firm;
	double data = w->par.periphery.data_share;
	struct tally sum;

	PAR_BLOCKS(b, w->firms, w->threads) {
		struct tally t = {0};
		BLOCK_ROWS(j, b, w->firms) {
			double units = 0.0, machines;
			int64_t money = 0, wanted = 0;
			for (int64_t i = PARTS * j; i < PARTS * j + PARTS; i++) {
				int64_t paid;
				if (s->part[i] == 0 || s->supplier[i] == NO_MAKER)
					continue;
				paid = (int64_t)((double)s->part[i] * f->ration[s->supplier[i]]);
				paid = smaller_i64(paid, s->part[i]);
				s->part[i] -= paid;
				units += (double)paid / f->price[s->supplier[i]];
				par_add(&f->sales[s->supplier[i]], paid, w->threads);
				money += paid;
			}
			if (money == 0)
				continue;
			money_pay(&f->cash[j], &t.money[0], money);
			wanted = machine_money(w, j);
			machines = units * ((double)f->machine_order[j] / (double)wanted);
			f->capital[j] += machines;
			f->ai_capital[j] += (units - machines) / (1.0 - data);
		}
		s->tally[b] = t;
	}
	sum = tally_sum(s->tally, par_blocks(w->firms));
	w->census.flow.investment += money_drain(&sum.money[0], &w->ledger.clearing);
}

/* What was not delivered looks for a maker that had enough for all; four tries a part. */
static void orders_placed_again(struct world *w)
{
	struct scratch *s = w->scratch;
	struct firms *f = &w->firm;
	struct rng_key key = rng_key(w->seed, DRAW_order_again, w->tick);

	PAR_ROWS(i, s->maker_count, w->threads)
		f->orders[s->makers[i]] = 0;
	PAR_ROWS(j, w->firms, w->threads) {
		struct pcg32 g = rng_agent(key, (uint64_t)j);
		for (int64_t i = PARTS * j; i < PARTS * j + PARTS; i++) {
			if (s->part[i] == 0)
				continue;
			s->supplier[i] = NO_MAKER;
			for (int try = 0; try < 4 && s->supplier[i] == NO_MAKER; try++) {
				uint32_t m = maker_found(s, &g);
				if (f->ration[m] >= 1.0 && f->inventory[m] > 0.0)
					s->supplier[i] = m;
			}
			if (s->supplier[i] != NO_MAKER)
				par_add(&f->orders[s->supplier[i]], s->part[i], w->threads);
		}
	}
}

/* Takes what was sold since `before` from the makers' stocks. */
static void machines_leave(struct world *w, bool first)
{
	struct firms *f = &w->firm;
	const struct scratch *s = w->scratch;

	PAR_ROWS(i, s->maker_count, w->threads) {
		int64_t j = s->makers[i];
		int64_t sold = f->sales[j] - (first ? 0 : s->seats[j]);
		f->inventory[j] = larger(0.0, f->inventory[j] - (double)sold / f->price[j]);
		if (first) {
			f->demand[j] = f->orders[j];
			f->fill[j] = f->ration[j];
			s->seats[j] = sold;
		} else {
			f->demand[j] += sold;
		}
	}
}

/* E24: the data labour in the AI capital that arrived, to one contractor a firm drawn at random. */
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
			struct pcg32 g = rng_agent(key, (uint64_t)j);
			int64_t left = 0, wanted = machine_money(w, j), pay;
			if (f->ai_order[j] == 0 || wanted == 0 || !s->maker_count)
				continue;
			for (int i = 0; i < PARTS; i++)
				left += s->part[PARTS * j + i];
			pay = (int64_t)(w->par.periphery.data_share * (double)f->ai_order[j] *
					((double)(wanted - left) / (double)wanted));
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

void machines_delivered(struct world *w)
{
	const struct scratch *s = w->scratch;

	makers_listed(w);
	orders_placed(w);
	makers_ration(w);
	orders_paid(w);
	machines_leave(w, true);
	orders_placed_again(w);
	makers_ration(w);
	orders_paid(w);
	machines_leave(w, false);
	for (int64_t i = 0; i < s->maker_count; i++)
		money_pay(&w->ledger.clearing, &w->firm.cash[s->makers[i]],
			  w->firm.sales[s->makers[i]]);
	data_labour_paid(w);
}
