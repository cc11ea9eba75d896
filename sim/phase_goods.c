/* The market for consumption goods (E30, E31). When workers are paid, some compare their seller
 * with another, found through a fellow buyer or by chance, by last month's prices and shortages;
 * and all order what they want to spend (orders.h). Owners and state spread their budgets over
 * firms as workers did last month. A firm short of goods serves everybody the same part; what is
 * left of workers' orders goes once more to a firm with stock. */
#include "ludd/budgets.h"
#include "ludd/orders.h"
#include "ludd/owners.h"
#include "ludd/phases.h"
#include "ludd/scratch.h"
#include "ludd/vector.h"

/* What firms do goes by strips in vectors; which department a firm belongs to is told first, in
 * numbers as wide as money. */
struct strip {
	int64_t goods[PAR_STRIP]; /* 0 at firms of department I, else -1 */
	int64_t alive[PAR_STRIP]; /* 0, -1 */
};

VECTOR_BODY strip_opened(const struct world *w, int64_t first, int count, struct strip *s)
{
	VECTOR_ROWS
	for (int k = 0; k < count; k++)
		s->goods[k] = w->firm.capital_goods[first + k] ? 0 : -1;
	VECTOR_ROWS
	for (int k = 0; k < count; k++)
		s->alive[k] = w->firm.alive[first + k] ? -1 : 0;
}

static int strip_rows(int64_t b, int64_t firms)
{
	return (int)(par_strip_end(b, firms) - b * PAR_STRIP);
}

/* Custom by which they spread: of last month, or if there was none, of now. */
struct custom {
	int64_t before, now; /* mills, of all firms */
};

static struct custom custom_counted(const struct world *w)
{
	const struct firms *f = &w->firm;
	struct scratch *s = w->scratch;
	struct tally t;

	PAR_STRIPS(b, w->firms, w->threads) {
		int64_t before = 0, now = 0;
		STRIP_ROWS(j, b, w->firms) {
			now += either_i64(f->capital_goods[j], 0, f->demand[j]);
			before += either_i64(f->alive[j], f->household_demand[j], 0);
		}
		s->tally[b] = (struct tally){.money = {before, now}};
	}
	t = tally_sum(s->tally, par_strips(w->firms));
	return (struct custom){t.money[0], t.money[1]};
}

/* Each owner pays the part of what owners bought that its budget is of all budgets. */
static void owners_pay(struct world *w)
{
	owners_share(w, w->census.flow.consumption_owners, w->scratch->owner_part,
		     &w->ledger.clearing, OWNERS_PAY);
}

/* ---- Rounds */

/* Part of the orders at hand that the stock can serve. */
static inline double ration_of(double value, int64_t orders)
{
	return orders > 0 ? smaller(1.0, value / (double)orders) : 1.0;
}

static inline double stock_after(double inventory, double price, int64_t sold)
{
	return larger(0.0, inventory - (double)sold / price);
}

/* What owners and state spend, and how they spread it: by last month's custom. */
struct others {
	struct custom all;
	double owners, state; /* mills */
};

/* Everybody at the own seller, the same part for all. Of workers firms sell what they ordered,
 * less what unserved_turn takes off; who can serve all will have sold what was ordered. */
VECTOR_BODY first_body(const struct world *w, int64_t first, int count, struct others others,
		       struct tally *t)
{
	const struct firms f = w->firm;
	const struct scratch s = *w->scratch;
	bool by_before = others.all.before > 0;
	double custom = (double)larger_i64(1, by_before ? others.all.before : others.all.now);
	int64_t to_owners = 0, to_state = 0, mark[PAR_STRIP];
	struct strip strip;

	strip_opened(w, first, count, &strip);
	VECTOR_ROWS
	for (int k = 0; k < count; k++) {
		int64_t j = first + k, goods = strip.goods[k], workers = goods & f.demand[j];
		int64_t before = strip.alive[k] & f.household_demand[j];
		double share = (double)either_i64(by_before, before, workers) / custom;
		int64_t owners = (int64_t)(others.owners * share);
		int64_t state = (int64_t)(others.state * share);
		int64_t ordered = workers + owners + state, sales;
		double ration = ration_of(f.inventory[j] * f.price[j], ordered);
		int64_t more = stock_after(f.inventory[j], f.price[j], ordered) > 0.0 ? -1 : 0;
		int64_t again = more & strip.alive[k] & SELLS_AGAIN;
		owners = order_served(owners, ration);
		state = order_served(state, ration);
		sales = workers + owners + state;
		f.household_demand[j] = workers;
		f.fill[j] = goods ? ration : f.fill[j];
		f.demand[j] = either_i64(goods, ordered, f.demand[j]);
		f.sales[j] = either_i64(goods, sales, f.sales[j]);
		mark[k] = goods & (ration < 1.0 ? SELLER_SHORT : again);
		s.orders[j] = 0;
		to_owners += goods & owners;
		to_state += goods & state;
	}
	VECTOR_ROWS
	for (int k = 0; k < count; k++)
		s.mark[first + k] = (uint8_t)mark[k];
	*t = (struct tally){.money = {to_owners, to_state}};
}

/* The second serves what was turned away, as far as stocks go. */
VECTOR_BODY second_body(const struct world *w, int64_t first, int count)
{
	const struct firms f = w->firm;
	const struct scratch s = *w->scratch;
	struct strip strip;

	strip_opened(w, first, count, &strip);
	VECTOR_ROWS
	for (int k = 0; k < count; k++) {
		int64_t j = first + k, goods = strip.goods[k];
		double stock = stock_after(f.inventory[j], f.price[j], f.sales[j]);
		f.inventory[j] = goods ? stock : f.inventory[j];
		s.ration[j] = ration_of(stock * f.price[j], s.orders[j]);
	}
}

/* Sellers get their money; the orders are now what was sold in the second round. */
VECTOR_BODY paid_body(const struct world *w, int64_t first, int count, struct tally *t)
{
	const struct firms f = w->firm;
	const struct scratch s = *w->scratch;
	int64_t from = 0;

	VECTOR_ROWS
	for (int k = 0; k < count; k++) {
		int64_t j = first + k, sold = s.orders[j], sales = f.sales[j] + sold;
		f.demand[j] += sold;
		f.inventory[j] = stock_after(f.inventory[j], f.price[j], sold);
		f.sales[j] = sales;
		f.cash[j] += sales;
		from -= sales;
	}
	*t = (struct tally){.money = {from}};
}

VECTOR_VERSIONS(first,
		(const struct world *w, int64_t first, int count, struct others others,
		 struct tally *t),
		w, first, count, others, t)
VECTOR_VERSIONS(second, (const struct world *w, int64_t first, int count), w, first, count)
VECTOR_VERSIONS(paid, (const struct world *w, int64_t first, int count, struct tally *t), w, first,
		count, t)

static void first_round(struct world *w, struct others others)
{
	struct flows *flow = &w->census.flow;
	struct tally t;

	PAR_STRIPS(b, w->firms, w->threads)
		VECTOR_CALL(first, w, b * PAR_STRIP, strip_rows(b, w->firms), others,
			    &w->scratch->tally[b]);
	w->scratch->mark[w->firms] = 0;
	t = tally_sum(w->scratch->tally, par_strips(w->firms));
	flow->consumption_owners = t.money[0];
	flow->purchases = t.money[1];
	money_pay(&w->ledger.state, &w->ledger.clearing, flow->purchases);
	owners_pay(w);
	unserved_turn(w);
}

static void second_round(struct world *w)
{
	struct flows *flow = &w->census.flow;
	struct tally t;

	PAR_STRIPS(b, w->firms, w->threads)
		VECTOR_CALL(second, w, b * PAR_STRIP, strip_rows(b, w->firms));
	w->scratch->ration[w->firms] = 0.0; /* who found no second seller */
	leftovers_settled(w);
	flow->consumption_core = money_drain(&w->prepaid.core, &w->ledger.clearing);
	flow->consumption_periphery = money_drain(&w->prepaid.periphery, &w->ledger.clearing);
	PAR_STRIPS(b, w->firms, w->threads)
		VECTOR_CALL(paid, w, b * PAR_STRIP, strip_rows(b, w->firms), &w->scratch->tally[b]);
	t = tally_sum(w->scratch->tally, par_strips(w->firms));
	money_drain(&t.money[0], &w->ledger.clearing);
}

void households_buy(struct world *w)
{
	struct others others;

	if (w->scratch->sellers_first[w->regions] == 0)
		return; /* nobody sells anything */
	row_sums_reserve(w);
	others.owners = (double)owners_budgets(w);
	others.state = (double)state_budget(w);
	others.all = custom_counted(w);
	first_round(w, others);
	second_round(w);
}
