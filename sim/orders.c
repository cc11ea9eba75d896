/* The buyers' side of the market for consumption goods. People pay with the order; so later only
 * those are looked at whose seller was short: in a usual month half of all. What a person orders,
 * and then what of it is left for a second seller, is kept in 32 bits by row; the few orders that
 * need more in a list of their own, which goes through the same steps one by one. */
#include "ludd/orders.h"

#include <string.h>

#include "ludd/rows.h"
#include "ludd/scratch.h"
#include "ludd/shopping.h"
#include "ludd/vector.h"

enum { CHUNK = SHOPPING_CHUNK, PIECE = 512 }; /* rows at a time */

/* Rows to one chunk from `first` on: of one block, and of one region or of the periphery. */
static int chunk_of(const struct world *w, int64_t first, int64_t end, int64_t most)
{
	end = smaller_i64(end, first + most);
	if (first < w->people)
		end = smaller_i64(end, w->people_first[w->worker.region[first] + 1]);
	return (int)(end - first);
}

/* ---- Orders */

bool orders_opened(struct world *w)
{
	PAR_ROWS(r, w->regions, w->threads)
		memset(&w->firm.demand[w->goods_first[r]], 0,
		       sizeof(int64_t) * (size_t)(w->firms_first[r + 1] - w->goods_first[r]));
	sellers_listed(w);
	return w->scratch->sellers_first[w->regions] > 0;
}

void orders_begun(struct orders *o, struct world *w, int64_t b)
{
	const struct scratch *s = w->scratch;

	o->w = w;
	o->key = rng_key(w->seed, DRAW_shop, w->tick);
	o->demand = row_sum(w, w->firm.demand, 2);
	o->ordered = scratch_ordered(s, b);
	o->change = scratch_changes(s, b);
	o->large = o->placed = scratch_large(s, b);
}

int orders_chunk(const struct world *w, int64_t first, int64_t end)
{
	return chunk_of(w, first, end, CHUNK);
}

void orders_asked(struct orders *o, int64_t first, int count)
{
	if (o->w->scratch->sellers_first[o->w->regions] > 0)
		sellers_asked(o->w, o->key, first, count, &o->lookers);
	else
		o->lookers.count = 0;
}

/* At the sellers of the chunk, and of who changes at the new one instead. */
void orders_placed(struct orders *o, int64_t first, int count)
{
	const uint32_t *seller = &o->w->worker.seller[first];
	const uint32_t *ordered = &o->ordered[first % PAR_BLOCK];
	int place = (int)(first % PAR_BLOCK), changed;
	const struct large_order *large = o->placed;
	int64_t *at = o->demand;

	changed = sellers_changed(o->w, &o->lookers, o->change);
	for (int i = 0; i < count; i++)
		at[seller[i]] += ordered[i];
	for (; o->placed < o->large; o->placed++)
		at[seller[o->placed->row - place]] += o->placed->money;
	for (; changed > 0; changed--, o->change++) {
		int i = o->change->row - place;
		money_pay(&at[seller[i]], &at[o->change->seller], ordered[i]);
		while (large < o->large && large->row < o->change->row)
			large++;
		if (large < o->large && large->row == o->change->row)
			money_pay(&at[seller[i]], &at[o->change->seller], large->money);
	}
}

int64_t orders_ended(struct orders *o, int64_t b)
{
	struct scratch *s = o->w->scratch;
	const void *end = o->change;

	s->changes[b] = (int32_t)(o->change - scratch_changes(s, b));
	s->large[b] = (int32_t)(o->large - scratch_large(s, b));
	if (s->large[b] > 0)
		end = o->large;
	return (const char *)end - (const char *)scratch_ordered(s, b);
}

void orders_folded(struct world *w)
{
	row_sum_fold(w, w->firm.demand, 2, w->firms);
}

/* ---- Second sellers */

struct turns { /* of a block of people */
	struct world *w;
	struct rng_key again;
	int64_t *sales, *orders; /* by firm; orders: of the second round */
	uint32_t *ordered;
	const struct change *change, *last_change; /* still to come */
	struct large_order *large, *last_large;    /* still to come */
	struct leftover *leftover; /* behind the last */
};

struct rests { /* of people of a chunk whose sellers were short */
	int count;
	double ration[PIECE];   /* of the first seller */
	uint16_t row[PIECE + ROWS_SLACK];
	uint32_t seller[PIECE]; /* the first, then the second */
	int64_t money[PIECE];   /* ordered, then not served: mills */
};

/* The sellers of a chunk this month: last month's, and the changes. */
static void sellers_now(struct turns *t, int64_t first, int count, uint32_t *seller)
{
	int place = (int)(first % PAR_BLOCK);

	memcpy(seller, &t->w->worker.seller[first], sizeof(*seller) * (size_t)count);
	for (; t->change < t->last_change && t->change->row < place + count; t->change++)
		seller[t->change->row - place] = t->change->seller;
}

VECTOR_BODY unserved_body(int count, const uint32_t *restrict ordered, uint8_t *restrict flag)
{
	for (int i = 0; i < count; i++)
		flag[i] = (flag[i] == SELLER_SHORT) & (ordered[i] != 0);
}

VECTOR_VERSIONS(unserved, (int count, const uint32_t *ordered, uint8_t *flag), count, ordered, flag)

VECTOR_BODY rests_body(int count, const double *restrict ration, int64_t *restrict money)
{
	for (int k = 0; k < count; k++)
		money[k] -= order_served(money[k], ration[k]);
}

VECTOR_VERSIONS(rests, (int count, const double *ration, int64_t *money), count, ration, money)

/* Who of a chunk ordered anything at a seller that was short, and how much of it is left. */
static void rests_found(const struct turns *t, int64_t first, int count, const uint32_t *seller,
			struct rests *r)
{
	const uint32_t *ordered = &t->ordered[first % PAR_BLOCK];
	const uint8_t *mark = t->w->scratch->mark;
	const double *fill = t->w->firm.fill;
	uint8_t flag[PIECE];

	for (int i = 0; i < count; i++)
		flag[i] = mark[seller[i]];
	VECTOR_CALL(unserved, count, ordered, flag);
	count = rows_where(flag, count, r->row);
	for (int k = 0; k < count; k++) {
		int i = r->row[k];
		r->seller[k] = seller[i];
		r->money[k] = ordered[i];
		r->ration[k] = fill[seller[i]];
	}
	VECTOR_CALL(rests, count, r->ration, r->money);
	r->count = count;
}

/* Adds to what is ordered; of who found no seller nothing, to any. */
static inline void order_add(int64_t *at, uint32_t firms, uint32_t seller, int64_t money)
{
	bool found = seller < firms;

	at[either_i64(found, seller, 0)] += either_i64(found, money, 0);
}

/* The large orders of a chunk. */
static void large_turn(struct turns *t, int64_t first, int count, const uint32_t *seller)
{
	struct world *w = t->w;
	uint32_t place = (uint32_t)(first % PAR_BLOCK), firms = (uint32_t)w->firms, second[PIECE];
	struct large_order *order[PIECE];
	uint16_t row[PIECE];
	int some = 0;

	for (; t->large < t->last_large && t->large->row < place + (uint32_t)count; t->large++) {
		struct large_order *o = t->large;
		uint32_t from = seller[o->row - place];
		int64_t rest = 0;
		if (w->scratch->mark[from] == SELLER_SHORT) {
			rest = o->money - order_served(o->money, w->firm.fill[from]);
			row[some] = (uint16_t)(o->row - place);
			order[some++] = o;
		}
		o->money = rest;
		o->seller = firms;
		t->sales[from] -= rest;
	}
	second_sellers(w, t->again, first, row, some, second);
	for (int k = 0; k < some; k++) {
		order[k]->seller = second[k];
		order_add(t->orders, firms, second[k], order[k]->money);
	}
}

/* What the first round left of people's orders goes to second sellers. What sellers sell is what
 * was ordered less the rest. */
static void chunk_turns(struct turns *t, int64_t first, int count)
{
	struct world *w = t->w;
	uint32_t seller[PIECE], place = (uint32_t)(first % PAR_BLOCK), firms = (uint32_t)w->firms;
	int64_t *sales = t->sales, *orders = t->orders;
	uint32_t *ordered = t->ordered;
	struct leftover *left = t->leftover;
	struct rests r;

	sellers_now(t, first, count, seller);
	rests_found(t, first, count, seller, &r);
	for (int k = 0; k < r.count; k++)
		sales[r.seller[k]] -= r.money[k];
	second_sellers(w, t->again, first, r.row, r.count, r.seller);
	for (int k = 0; k < r.count; k++) {
		uint32_t row = place + r.row[k];
		left[k] = leftover(r.seller[k], row);
		ordered[row] = (uint32_t)r.money[k];
	}
	for (int k = 0; k < r.count; k++)
		order_add(orders, firms, r.seller[k], r.money[k]);
	t->leftover += r.count;
	large_turn(t, first, count, seller);
}

static void block_turns(struct world *w, struct rng_key key, int64_t b)
{
	struct scratch *s = w->scratch;
	int64_t end = par_end(b, w->people + w->periphery);
	struct turns t = {
		.w = w,
		.again = key,
		.sales = row_sum(w, w->firm.sales, 0),
		.orders = row_sum(w, s->orders, 1),
		.ordered = scratch_ordered(s, b),
		.change = scratch_changes(s, b),
		.last_change = scratch_changes(s, b) + s->changes[b],
		.large = scratch_large(s, b),
		.last_large = scratch_large(s, b) + s->large[b],
		.leftover = scratch_leftovers(s, b),
	};
	int count;

	for (int64_t first = b * PAR_BLOCK; first < end; first += count) {
		count = chunk_of(w, first, end, PIECE);
		chunk_turns(&t, first, count);
	}
	s->leftovers[b] = (int32_t)(t.leftover - scratch_leftovers(s, b));
}

void unserved_turn(struct world *w)
{
	struct scratch *s = w->scratch;
	int64_t everybody = w->people + w->periphery;
	struct rng_key key = rng_key(w->seed, DRAW_shop_again, w->tick);

	PAR_PARTS(part, w->threads) {
		struct shelf *shelf = &s->extras;
		int64_t at = shelf_opened(shelf, PART_FIRST(part, everybody, w->threads));
		PART_BLOCKS(b, part, everybody, w->threads) {
			shelf_placed(shelf, b, at);
			block_turns(w, key, b);
			at = shelf_next(at, s->leftovers[b] * (int64_t)sizeof(struct leftover));
		}
	}
	row_sum_fold(w, w->firm.sales, 0, w->firms);
	row_sum_fold(w, s->orders, 1, w->firms);
}

/* ---- Settlement */

struct settlement { /* of a block of people */
	struct world *w;
	int64_t first; /* row of its first person */
	int64_t *orders; /* by firm */
	struct prepaid paid; /* back */
};

/* Gives back the rest of an order at a second seller, or at none. */
static inline void refunded(struct settlement *s, int64_t n, uint32_t seller, int64_t rest)
{
	int64_t core = either_i64(n < s->w->people, rest, 0);

	s->w->worker.cash[n] += rest;
	s->paid.core += core;
	s->paid.periphery += rest - core;
	order_add(s->orders, (uint32_t)s->w->firms, seller, -rest);
}

/* Of the leftovers l[0 .. count-1]. */
static void leftovers_refunded(struct settlement *s, const struct leftover *l, int count,
			       const uint32_t *ordered)
{
	const double *ration = s->w->scratch->ration;
	uint16_t row[PIECE + ROWS_SLACK];
	uint8_t flag[PIECE];

	for (int k = 0; k < count; k++)
		flag[k] = ration[leftover_seller(l[k])] < 1.0;
	count = rows_where(flag, count, row);
	for (int k = 0; k < count; k++) {
		struct leftover at = l[row[k]];
		uint32_t seller = leftover_seller(at);
		int64_t money = ordered[at.row];
		refunded(s, s->first + at.row, seller,
			 money - order_served(money, ration[seller]));
	}
}

static void block_settled(struct settlement *block, int64_t b)
{
	struct world *w = block->w;
	const struct scratch *s = w->scratch;
	const struct leftover *left = scratch_leftovers(s, b);
	const struct large_order *large = scratch_large(s, b);
	const struct change *changes = scratch_changes(s, b);

	for (int from = 0; from < s->leftovers[b]; from += PIECE)
		leftovers_refunded(block, left + from,
				   (int)smaller_i64(PIECE, s->leftovers[b] - from),
				   scratch_ordered(s, b));
	for (int i = 0; i < s->large[b]; i++) {
		int64_t money = large[i].money;
		refunded(block, block->first + large[i].row, large[i].seller,
			 money - order_served(money, s->ration[large[i].seller]));
	}
	for (int i = 0; i < s->changes[b]; i++)
		w->worker.seller[block->first + changes[i].row] = changes[i].seller;
}

void leftovers_settled(struct world *w)
{
	struct scratch *s = w->scratch;
	int64_t everybody = w->people + w->periphery;
	struct tally sum;

	PAR_BLOCKS(b, everybody, w->threads) {
		struct settlement block = {
			.w = w, .first = b * PAR_BLOCK, .orders = row_sum(w, s->orders, 1),
		};
		block_settled(&block, b);
		s->tally[b] = (struct tally){.money = {block.paid.core, block.paid.periphery}};
	}
	row_sum_fold(w, s->orders, 1, w->firms);
	sum = tally_sum(s->tally, par_blocks(everybody));
	w->prepaid.core -= sum.money[0];
	w->prepaid.periphery -= sum.money[1];
}
