/* The market for consumption goods (E30, E31). Some buyers compare their seller with
 * another, found through a fellow buyer or by chance; workers set a budget; owners and state
 * spread theirs over firms as workers did last month. A firm short of goods serves everybody the
 * same part; what is left of workers' budgets goes once more to a firm with stock. Buyers judge
 * by last month's prices and shortages. */
#include <string.h>

#include "ludd/budgets.h"
#include "ludd/owners.h"
#include "ludd/phases.h"
#include "ludd/rows.h"
#include "ludd/scratch.h"
#include "ludd/shopping.h"
#include "ludd/vector.h"

enum { CHUNK = SHOPPING_CHUNK }; /* rows at a time */

/* Rows to one chunk from `first` on: of one region, or of the periphery. */
static int chunk_of(const struct world *w, int64_t first, int64_t end)
{
	if (first < w->people)
		end = smaller_i64(end, w->people_first[w->worker.region[first] + 1]);
	return (int)(end - first);
}

/* The sellers of a chunk this month: last month's, and the changes from `next` on. Tells the first
 * change behind the chunk. */
static const struct change *sellers_now(const struct world *w, int64_t first, int count,
					const struct change *next, const struct change *end,
					uint32_t *seller)
{
	int place = (int)(first % PAR_BLOCK);

	memcpy(seller, &w->worker.seller[first], sizeof(*seller) * (size_t)count);
	for (; next < end && next->row < place + count; next++)
		seller[next->row - place] = next->seller;
	return next;
}

/* Who of a chunk changes sellers, and the orders of all. Tells how many change. */
static int chunk_orders(const struct world *w, struct rng_key key, int64_t first, int count,
			int64_t *orders, struct change *changes)
{
	const uint32_t *seller = &w->worker.seller[first];
	int place = (int)(first % PAR_BLOCK), changed;
	int64_t budget[CHUNK];
	struct lookers lookers;

	sellers_asked(w, key, first, count, &lookers);
	for (int i = 0; i < count; i++)
		fetch(&orders[seller[i]]);
	budgets_of(w, first, count, budget);
	changed = sellers_changed(w, &lookers, changes);
	for (int i = 0; i < count; i++)
		orders[seller[i]] += budget[i];
	for (int k = 0; k < changed; k++) {
		int i = changes[k].row - place;
		money_pay(&orders[seller[i]], &orders[changes[k].seller], budget[i]);
	}
	return changed;
}

/* Everybody's orders at sellers. */
static void people_order(struct world *w)
{
	struct scratch *s = w->scratch;
	struct rng_key key = rng_key(w->seed, DRAW_shop, w->tick);
	int64_t everybody = w->people + w->periphery;

	PAR_BLOCKS(b, everybody, w->threads) {
		int64_t end = par_end(b, everybody);
		int64_t *orders = row_sum(w, w->scratch->orders, 0);
		struct change *changes = scratch_changes(s, b), *next = changes;
		int count;
		for (int64_t first = b * PAR_BLOCK; first < end; first += count) {
			count = chunk_of(w, first, end);
			next += chunk_orders(w, key, first, count, orders, next);
		}
		s->changes[b] = (int32_t)(next - changes);
	}
	row_sum_fold(w, w->scratch->orders, 0, w->firms);
}

/* Adds owners' and state's demand to the firms' orders in last month's proportions. */
static void others_demand(struct world *w, int64_t owners, int64_t state)
{
	struct firms *f = &w->firm;
	struct scratch *s = w->scratch;
	int64_t now, sum;
	struct tally t;

	PAR_STRIPS(b, w->firms, w->threads) {
		int64_t ordered = 0, before = 0;
		STRIP_ROWS(j, b, w->firms) {
			ordered += s->orders[j];
			before += f->alive[j] ? f->household_demand[j] : 0;
		}
		s->tally[b] = (struct tally){.money = {ordered, before}};
	}
	t = tally_sum(s->tally, par_strips(w->firms));
	now = t.money[0];
	sum = t.money[1];
	PAR_LIGHT(j, w->firms, w->threads) {
		int64_t custom =
			sum > 0 ? (f->alive[j] ? f->household_demand[j] : 0) : s->orders[j];
		double share = (double)custom / (double)larger_i64(1, sum > 0 ? sum : now);
		s->owners_seats[j] = (int64_t)((double)owners * share);
		s->seats[j] = (int64_t)((double)state * share);
		f->household_demand[j] = s->orders[j];
		s->orders[j] += s->owners_seats[j] + s->seats[j];
	}
}

/* Part of the orders at hand that the stock can serve. */
static double ration_of(const struct world *w, int64_t j)
{
	double value = w->firm.inventory[j] * w->firm.price[j];
	int64_t orders = w->scratch->orders[j];
	return orders > 0 ? smaller(1.0, value / (double)orders) : 1.0;
}

static int64_t served(int64_t amount, double ration)
{
	return either_i64(ration >= 1.0, amount, (int64_t)((double)amount * ration));
}

static double stock_after(const struct firms *f, int64_t j, int64_t sold)
{
	return larger(0.0, f->inventory[j] - (double)sold / f->price[j]);
}

/* Of the next block, if there is one. */
static const struct leftover *leftovers_ahead(const struct scratch *s, int64_t b, int64_t rows)
{
	return scratch_leftovers(s, smaller_i64(b + 1, par_blocks(rows) - 1));
}

struct payments { /* of a block of people */
	struct world *w;
	struct rng_key again;
	int64_t *sales, *orders; /* by firm; orders: of the second round */
	const struct change *next, *last; /* changes of sellers still to come */
	struct leftover *left;   /* orders of the second round */
	const struct leftover *left_ahead; /* of the next block: where its memory lies */
	int left_count;
	struct tally t;
};

/* People pay for what is served of `left`, which they want to spend. */
VECTOR_BODY served_body(int count, const uint32_t *restrict seller, const double *restrict ration,
			int64_t *restrict left, int64_t *restrict cash, int64_t *restrict spent)
{
	int64_t sum = 0;

	for (int i = 0; i < count; i++) {
		int64_t paid = served(left[i], ration[seller[i]]);
		cash[i] -= paid;
		left[i] -= paid;
		sum += paid;
	}
	*spent += sum;
}

VECTOR_VERSIONS(served,
		(int count, const uint32_t *seller, const double *ration, int64_t *left,
		 int64_t *cash, int64_t *spent),
		count, seller, ration, left, cash, spent)

/* Asks for the rations of a chunk's sellers, and for the sellers of a later chunk. */
static inline __attribute__((always_inline)) void rations_fetched(const struct world *w,
								  int64_t first, int count,
								  const uint32_t *seller)
{
	int64_t everybody = w->people + w->periphery;

	for (int i = 0, end; i < count; i = end) {
		end = i + SHOPPING_PIECE < count ? i + SHOPPING_PIECE : count;
		FETCH_ROWS(w->worker.seller, first + i + PAR_BLOCK, end - i, everybody);
		for (int k = i; k < end; k++)
			fetch(&w->firm.fill[seller[k]]);
	}
}

static int64_t chunk_served(struct world *w, int64_t first, int count, const uint32_t *seller,
			    int64_t *left)
{
	int64_t everybody = w->people + w->periphery, spent = 0;

	for (int i = 0, piece; i < count; i += piece) {
		piece = (int)smaller_i64(SHOPPING_PIECE, count - i);
		FETCH_ROWS(w->worker.last_pay, first + i + CHUNK, piece, everybody);
		VECTOR_CALL(served, piece, &seller[i], w->firm.fill, &left[i],
			    &w->worker.cash[first + i], &spent);
	}
	return spent;
}

/* What the first round left of `count` people's orders goes to second sellers. Their stock nearly
 * always suffices, so it is paid at once; the second round gives back what they could not serve.
 * Tells how much that is. */
static int64_t second_orders(struct payments *p, int64_t first, const uint16_t *row, int count,
			     const int64_t *left, const uint32_t *other)
{
	int64_t *cash = &p->w->worker.cash[first], *orders = p->orders, spent = 0;
	struct leftover *next = &p->left[p->left_count];
	const struct leftover *ahead = &p->left_ahead[p->left_count];
	int place = (int)(first % PAR_BLOCK);

	for (int k = 0; k < count; k++) {
		int64_t rest = left[row[k]];
		if (other[k] == NO_SELLER)
			continue;
		money_pay(&cash[row[k]], &spent, rest);
		orders[other[k]] += rest;
		fetch(&ahead[k]);
		*next++ = (struct leftover){rest, other[k], (uint16_t)(place + row[k])};
	}
	p->left_count = (int)(next - p->left);
	return spent;
}

/* People pay for the part of their order that is served; with the rest they turn to another
 * seller. Purchases pass through clearing. What sellers sell is what was ordered less the rest. */
static void chunk_pays(struct payments *p, int64_t first, int count)
{
	struct world *w = p->w;
	int64_t left[CHUNK], buyer[CHUNK], *sales = p->sales, spent;
	uint32_t seller[CHUNK], other[CHUNK];
	uint16_t row[CHUNK + ROWS_SLACK];
	int unserved;

	p->next = sellers_now(w, first, count, p->next, p->last, seller);
	rations_fetched(w, first, count, seller);
	budgets_of(w, first, count, left);
	spent = chunk_served(w, first, count, seller, left);
	unserved = rows_left(left, count, row);
	second_sellers_asked(w, p->again, first, row, unserved, buyer);
	for (int k = 0; k < unserved; k++)
		sales[seller[row[k]]] -= left[row[k]];
	second_sellers(w, p->again, first, row, unserved, buyer, other);
	spent += second_orders(p, first, row, unserved, left, other);
	p->t.money[0] += spent;
	p->t.money[first < w->people ? 1 : 2] += spent;
}

static void purchases_counted(struct world *w)
{
	struct tally sum = tally_sum(w->scratch->tally, par_blocks(w->people + w->periphery));

	money_drain(&sum.money[0], &w->ledger.clearing);
	w->census.flow.consumption_core += sum.money[1];
	w->census.flow.consumption_periphery += sum.money[2];
}

static void people_pay(struct world *w)
{
	struct scratch *s = w->scratch;
	int64_t everybody = w->people + w->periphery;
	struct rng_key key = rng_key(w->seed, DRAW_shop_again, w->tick);

	PAR_BLOCKS(b, everybody, w->threads) {
		int64_t end = par_end(b, everybody);
		struct payments p = {
			.w = w, .again = key, .left = scratch_leftovers(s, b),
			.left_ahead = leftovers_ahead(s, b, everybody),
			.next = scratch_changes(s, b),
			.last = scratch_changes(s, b) + s->changes[b],
			.sales = row_sum(w, w->firm.sales, 0),
			.orders = row_sum(w, w->scratch->orders, 1),
		};
		int count;
		for (int64_t first = b * PAR_BLOCK; first < end; first += count) {
			count = chunk_of(w, first, end);
			chunk_pays(&p, first, count);
		}
		s->leftovers[b] = p.left_count;
		s->tally[b] = p.t;
	}
	row_sum_fold(w, w->firm.sales, 0, w->firms);
	row_sum_fold(w, w->scratch->orders, 1, w->firms);
	purchases_counted(w);
}

/* First round: everybody at the own seller, the same part for all. */
static void first_round(struct world *w)
{
	struct scratch *s = w->scratch;
	struct firms *f = &w->firm;
	struct tally t;

	s->mark[w->firms] = 0;
	PAR_STRIPS(b, w->firms, w->threads) {
		struct tally sum = {0};
		STRIP_ROWS(j, b, w->firms) {
			s->mark[j] = 0; /* no goods for a second round */
			if (f->capital_goods[j])
				continue;
			f->fill[j] = ration_of(w, j);
			f->demand[j] = s->orders[j];
			sum.money[0] += served(s->owners_seats[j], f->fill[j]);
			sum.money[1] += served(s->seats[j], f->fill[j]);
			/* workers' part: what they ordered, less what people_pay takes off */
			f->sales[j] = f->household_demand[j] +
				      served(s->owners_seats[j], f->fill[j]) +
				      served(s->seats[j], f->fill[j]);
			/* who can serve all will have sold what was ordered */
			s->mark[j] = f->alive[j] && f->fill[j] >= 1.0 &&
					  stock_after(f, j, s->orders[j]) > 0.0;
			s->orders[j] = 0;
		}
		s->tally[b] = sum;
	}
	t = tally_sum(s->tally, par_strips(w->firms));
	w->census.flow.consumption_owners = t.money[0];
	w->census.flow.purchases = t.money[1];
	money_pay(&w->ledger.state, &w->ledger.clearing, t.money[1]);
	people_pay(w);
}

/* Each owner pays the part of what owners bought that its budget is of all budgets. */
static void owners_pay(struct world *w)
{
	owners_share(w, w->census.flow.consumption_owners, w->scratch->owner_part,
		     &w->ledger.clearing, OWNERS_PAY);
}

/* Who ordered at a second seller that was short as well gets back what was not served. Who changed
 * sellers stays with the new one. */
static void leftovers_settled(struct world *w)
{
	struct scratch *s = w->scratch;
	int64_t everybody = w->people + w->periphery;

	PAR_BLOCKS(b, everybody, w->threads) {
		const struct leftover *left = scratch_leftovers(s, b);
		const struct leftover *next = leftovers_ahead(s, b, everybody);
		const struct change *changes = scratch_changes(s, b);
		int64_t *sales = row_sum(w, w->firm.sales, 0);
		struct tally t = {0};
		for (int i = 0; i < s->leftovers[b]; i++) {
			int64_t n = b * PAR_BLOCK + left[i].row, rest;
			double ration = s->ration[left[i].seller];
			fetch(&next[i]);
			if (ration >= 1.0) /* nearly always */
				continue;
			rest = left[i].money - served(left[i].money, ration);
			money_pay(&t.money[0], &w->worker.cash[n], rest);
			t.money[n < w->people ? 1 : 2] -= rest;
			sales[left[i].seller] -= rest;
		}
		for (int i = 0; i < s->changes[b]; i++)
			w->worker.seller[b * PAR_BLOCK + changes[i].row] = changes[i].seller;
		s->tally[b] = t;
	}
	row_sum_fold(w, w->firm.sales, 0, w->firms);
	purchases_counted(w);
}

static void second_round(struct world *w)
{
	struct scratch *s = w->scratch;
	struct firms *f = &w->firm;
	struct tally sum;

	PAR_LIGHT(j, w->firms, w->threads) {
		s->seats[j] = f->sales[j]; /* sold in the first round */
		if (!f->capital_goods[j]) {
			f->inventory[j] = stock_after(f, j, f->sales[j]);
			s->ration[j] = ration_of(w, j);
			f->sales[j] += s->orders[j]; /* less what leftovers_settled gives back */
		}
	}
	leftovers_settled(w);
	PAR_STRIPS(b, w->firms, w->threads) {
		struct tally t = {0};
		STRIP_ROWS(j, b, w->firms) {
			int64_t sold = f->sales[j] - s->seats[j];
			f->demand[j] += sold;
			f->inventory[j] = stock_after(f, j, sold);
			money_pay(&t.money[0], &f->cash[j], f->sales[j]);
		}
		s->tally[b] = t;
	}
	sum = tally_sum(s->tally, par_strips(w->firms));
	money_drain(&sum.money[0], &w->ledger.clearing);
}

void households_buy(struct world *w)
{
	row_sums_reserve(w);
	memset(w->scratch->orders, 0, sizeof(int64_t) * (size_t)w->firms);
	sellers_listed(w);
	if (w->scratch->sellers_first[w->regions] == 0)
		return; /* nobody sells anything */
	people_order(w);
	others_demand(w, owners_budgets(w), state_budget(w));
	first_round(w);
	owners_pay(w);
	second_round(w);
}
