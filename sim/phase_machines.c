/* The market for machines (E23, E24). A firm's order is split in four parts; for each it
 * asks two makers, found in proportion to what they have to offer, and takes the cheaper. Makers
 * short of stock serve all the same part; what is left goes once more to a maker with stock. AI
 * capital is part machine, part data labour: the contractor is paid as far as the machines
 * arrive. */
#include "ludd/phases.h"
#include "ludd/rng_rows.h"
#include "ludd/scratch.h"

enum { PARTS = 4 };
enum { CHUNK = PAR_STRIP };
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
			s->makers[count] = (struct maker){
				.firm = (uint32_t)j,
				.price = f->price[j],
			};
			s->maker_orders[count] = s->maker_sales[count] = 0;
			s->maker_weight[count++] = sum;
			sum += 1 + (int64_t)((f->inventory[j] + 0.5 * f->output[j]) * 1024.0);
		}
	}
	s->maker_weight[count] = sum;
	s->maker_count = count;
	guide_made(s);
}

/* Where a draw falls among the offers: the search for the maker starts at the guide's cell. */
struct offer {
	int64_t at;
	const uint32_t *cell;
};

static inline struct offer offer_drawn(const struct scratch *s, uint32_t draw)
{
	double u = draw * 0x1p-32;
	return (struct offer){
		.at = (int64_t)(u * (double)s->maker_weight[s->maker_count]),
		.cell = &s->maker_guide[(int64_t)(u * (double)(GUIDE_CELLS * s->maker_count))],
	};
}

/* The maker whose offer it is: makers are found in proportion to what they offer. */
static inline uint32_t offer_maker(const struct scratch *s, struct offer offer)
{
	int64_t maker = *offer.cell;

	maker += s->maker_weight[maker + 1] <= offer.at; /* mostly enough, without a branch */
	while (s->maker_weight[maker + 1] <= offer.at)
		maker++;
	/* the guide's start may lie one too far by rounding */
	while (s->maker_weight[maker] > offer.at)
		maker--;
	return (uint32_t)maker;
}

/* The makers on which draws fall; memory is asked for some steps ahead. */
static void makers_drawn(const struct scratch *s, int count, const uint32_t *draw, uint32_t *maker)
{
	struct offer offer[CHUNK];

	for (int k = 0; k < count; k++) {
		offer[k] = offer_drawn(s, draw[k]);
		fetch(offer[k].cell);
	}
	for (int k = 0; k < count; k++)
		fetch(&s->maker_weight[*offer[k].cell + 1]);
	for (int k = 0; k < count; k++) {
		maker[k] = offer_maker(s, offer[k]);
		fetch(&s->makers[maker[k]]);
	}
}

/* Money for machines: the whole machine order, and AI capital less data labour. */
static int64_t machine_money(const struct world *w, int64_t j)
{
	double share = w->par.periphery.data_share;
	return w->firm.machine_order[j] + w->firm.ai_order[j] -
	       (int64_t)(share * (double)w->firm.ai_order[j]);
}

static int64_t part_of(int64_t money, int i)
{
	return money / PARTS + (i < money % PARTS);
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
	for (int i = 0; i < PARTS; i++) {
		uint32_t a[CHUNK], b[CHUNK];
		makers_drawn(s, count, draw[2 * i], a);
		makers_drawn(s, count, draw[2 * i + 1], b);
		for (int k = 0; k < count; k++) {
			bool cheaper = s->makers[b[k]].price < s->makers[a[k]].price;
			uint32_t m = (uint32_t)either_i64(cheaper, b[k], a[k]);
			s->supplier[PARTS * (first + row[k]) + i] = m;
			orders[m] += part_of(money[k], i);
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

static void makers_ration(struct world *w, int round)
{
	struct firms *f = &w->firm;
	struct scratch *s = w->scratch;

	PAR_LIGHT(m, s->maker_count, w->threads) {
		int64_t j = s->makers[m].firm, orders = s->maker_orders[m];
		double value = f->inventory[j] * f->price[j];
		s->makers[m].ration[round] =
			orders > 0 ? smaller(1.0, value / (double)orders) : 1.0;
	}
}

/* What maker m serves of an amount in a round. */
static int64_t served(const struct scratch *s, uint32_t m, int64_t amount, int round)
{
	int64_t part = (int64_t)((double)amount * s->makers[m].ration[round]);
	return smaller_i64(part, amount);
}

struct delivery {
	int64_t paid, left; /* mills */
	double units;
};

/* What firm j gets of its order in a round. Without branches on amounts: parts of 0 add 0. */
static struct delivery order_delivered(const struct world *w, int64_t j, int round, int64_t *sales)
{
	const struct scratch *s = w->scratch;
	int64_t money = machine_money(w, j);
	struct delivery d = {0};

	for (int i = 0; i < PARTS; i++) {
		uint32_t m = s->supplier[PARTS * j + i];
		int64_t wanted = part_of(money, i), asked = wanted, paid;
		if (round == 1) {
			uint32_t second = s->second[PARTS * j + i];
			wanted -= served(s, m, wanted, 0);
			asked = either_i64(second == NO_MAKER, 0, wanted);
			m = (uint32_t)either_i64(second == NO_MAKER, m, second);
		}
		paid = served(s, m, asked, round);
		d.left += wanted - paid;
		d.paid += paid;
		d.units += (double)paid / s->makers[m].price;
		sales[m] += paid;
	}
	return d;
}

/* Buyers pay for what they get; their machines grow by the units delivered. */
static int64_t order_paid(struct world *w, int64_t j, int round, int64_t *sales)
{
	struct firms *f = &w->firm;
	struct delivery d = order_delivered(w, j, round, sales);
	double machines;

	if (round == 0)
		w->scratch->mark[j] = d.left > 0;
	if (d.paid == 0)
		return 0;
	f->cash[j] -= d.paid;
	machines = d.units * ((double)f->machine_order[j] / (double)machine_money(w, j));
	f->capital[j] += machines;
	f->ai_capital[j] += (d.units - machines) / (1.0 - w->par.periphery.data_share);
	return d.paid;
}

/* Asks for the makers of a strip's orders. */
static void strip_fetched(const struct world *w, int64_t b, const int64_t *sales, int round)
{
	const struct scratch *s = w->scratch;

	STRIP_ROWS(j, b, w->firms) {
		if (!s->mark[j])
			continue;
		for (int64_t i = PARTS * j; i < PARTS * j + PARTS; i++) {
			fetch(&s->makers[s->supplier[i]]);
			if (round == 0)
				fetch(&sales[s->supplier[i]]);
			else if (s->second[i] != NO_MAKER)
				fetch(&s->makers[s->second[i]]);
		}
	}
}

static void orders_paid(struct world *w, int round)
{
	struct scratch *s = w->scratch;
	struct tally sum;

	PAR_STRIPS(b, w->firms, w->threads) {
		int64_t *sales = row_sum(w, s->maker_sales, 0), paid = 0;
		strip_fetched(w, b, sales, round);
		STRIP_ROWS(j, b, w->firms)
			if (s->mark[j])
				paid += order_paid(w, j, round, sales);
		s->tally[b] = (struct tally){.money = {paid}};
	}
	row_sum_fold(w, s->maker_sales, 0, s->maker_count);
	sum = tally_sum(s->tally, par_strips(w->firms));
	w->census.flow.investment += money_drain(&sum.money[0], &w->ledger.clearing);
}

/* What a part of firm j's order still lacks after the first round. */
static int64_t part_left(const struct world *w, int64_t j, int i)
{
	const struct scratch *s = w->scratch;
	int64_t part = part_of(machine_money(w, j), i);
	return part - served(s, s->supplier[PARTS * j + i], part, 0);
}

enum { TRIES = 4, IN_ADVANCE = 8 }; /* tries a part; draws made in advance, mostly enough */

/* Makers that a firm finds one after the other: the first IN_ADVANCE are found already, and bit i
 * of `sells` tells whether number i sells again. */
struct search {
	struct rng_key key;
	int64_t firm;
	uint32_t found[PARTS * TRIES];
	uint32_t sells;
	int known;
};

/* The others, where the first are not enough. */
static void search_completed(const struct scratch *s, struct search *search)
{
	struct pcg32 g = rng_agent(search->key, (uint64_t)search->firm);

	pcg32_advance(&g, (uint64_t)search->known);
	for (; search->known < PARTS * TRIES; search->known++) {
		uint32_t m = offer_maker(s, offer_drawn(s, pcg32_next(&g)));
		search->found[search->known] = m;
		search->sells |= (uint32_t)s->makers[m].sells_again << search->known;
	}
}

/* What was not delivered looks for a maker that had enough for all: each part takes the first of
 * its tries that sells again, and leaves the makers behind it to the next part. */
static void order_split_again(struct world *w, struct search *search, int64_t *orders)
{
	struct scratch *s = w->scratch;
	int used = 0;

	for (int i = 0; i < PARTS; i++) {
		int64_t left = part_left(w, search->firm, i);
		bool found;
		int tries;
		uint32_t m;
		if (left > 0 && used + TRIES > search->known)
			search_completed(s, search);
		tries = __builtin_ctz(search->sells >> used | 1U << TRIES);
		found = (left > 0) & (tries < TRIES);
		m = search->found[(used + tries) & -(int)found];
		s->second[PARTS * search->firm + i] = (uint32_t)either_i64(found, m, NO_MAKER);
		orders[m] += either_i64(found, left, 0);
		used += (tries + found) & -(int)(left > 0);
	}
}

static void strip_orders_again(struct world *w, struct rng_key key, int64_t b, int64_t *orders)
{
	struct scratch *s = w->scratch;
	uint32_t draw[IN_ADVANCE][CHUNK], *draws[IN_ADVANCE], found[IN_ADVANCE][CHUNK];
	int64_t first = b * PAR_STRIP;
	uint16_t row[CHUNK];
	int count = 0;

	STRIP_ROWS(j, b, w->firms) {
		row[count] = (uint16_t)(j - first);
		count += s->mark[j];
	}
	for (int i = 0; i < IN_ADVANCE; i++)
		draws[i] = draw[i];
	rng_rows_chosen(key, (uint64_t)first, row, count, IN_ADVANCE, draws);
	for (int i = 0; i < IN_ADVANCE; i++)
		makers_drawn(s, count, draw[i], found[i]);
	for (int k = 0; k < count; k++) {
		struct search search = {.key = key, .firm = first + row[k], .known = IN_ADVANCE};
		for (int i = 0; i < IN_ADVANCE; i++) {
			search.found[i] = found[i][k];
			search.sells |= (uint32_t)s->makers[found[i][k]].sells_again << i;
		}
		order_split_again(w, &search, orders);
	}
}

static void orders_placed_again(struct world *w)
{
	struct scratch *s = w->scratch;
	struct rng_key key = rng_key(w->seed, DRAW_order_again, w->tick);

	PAR_STRIPS(b, w->firms, w->threads)
		strip_orders_again(w, key, b, row_sum(w, s->maker_orders, 0));
	row_sum_fold(w, s->maker_orders, 0, s->maker_count);
}

/* What the first round sold leaves the makers' stocks. */
static void machines_leave(struct world *w)
{
	struct firms *f = &w->firm;
	struct scratch *s = w->scratch;

	PAR_LIGHT(i, s->maker_count, w->threads) {
		struct maker *m = &s->makers[i];
		int64_t j = m->firm, sold = s->maker_sales[i];
		f->inventory[j] = larger(0.0, f->inventory[j] - (double)sold / f->price[j]);
		f->demand[j] = s->maker_orders[i];
		f->fill[j] = m->ration[0];
		f->sales[j] = sold;
		m->sells_again = m->ration[0] >= 1.0 && f->inventory[j] > 0.0;
		s->maker_orders[i] = 0;
	}
}

/* And what the second round sold. */
static void more_machines_leave(struct world *w)
{
	struct firms *f = &w->firm;
	struct scratch *s = w->scratch;

	PAR_LIGHT(i, s->maker_count, w->threads) {
		int64_t j = s->makers[i].firm, sold = s->maker_sales[i] - f->sales[j];
		f->inventory[j] = larger(0.0, f->inventory[j] - (double)sold / f->price[j]);
		f->demand[j] += sold;
		f->sales[j] += sold;
	}
}

/* E24: the data labour in the AI capital that arrived. */
static int64_t data_labour_of(const struct world *w, int64_t j)
{
	const struct scratch *s = w->scratch;
	int64_t money = machine_money(w, j), left = 0;

	if (money == 0)
		return 0;
	for (int i = 0; s->mark[j] && i < PARTS; i++) {
		int64_t part = part_of(money, i);
		uint32_t second = s->second[PARTS * j + i];
		part -= served(s, s->supplier[PARTS * j + i], part, 0);
		left += second == NO_MAKER ? part : part - served(s, second, part, 1);
	}
	return (int64_t)(w->par.periphery.data_share * (double)w->firm.ai_order[j] *
			 ((double)(money - left) / (double)money));
}

/* To one contractor a firm drawn at random. */
static void data_labour_paid(struct world *w)
{
	struct scratch *s = w->scratch;
	struct firms *f = &w->firm;
	struct rng_key key = rng_key(w->seed, DRAW_data_labour, w->tick);
	struct tally sum;

	for (int64_t c = 0; c < w->contractors; c++)
		w->contractor.sales[c] = 0;
	PAR_STRIPS(b, w->firms, w->threads) {
		struct tally t = {0};
		STRIP_ROWS(j, b, w->firms) {
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
	sum = tally_sum(s->tally, par_strips(w->firms));
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
	row_sums_reserve(w);
	makers_listed(w);
	orders_placed(w);
	makers_ration(w, 0);
	orders_paid(w, 0);
	machines_leave(w);
	orders_placed_again(w);
	makers_ration(w, 1);
	orders_paid(w, 1);
	more_machines_leave(w);
	makers_paid(w);
	data_labour_paid(w);
}
