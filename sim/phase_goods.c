/* The market for consumption goods (E30, E31). Some buyers compare their seller with
 * another, found through a fellow buyer or by chance; workers set a budget; owners and state
 * spread theirs over firms as workers did last month. A firm short of goods serves everybody the
 * same part; what is left of workers' budgets goes once more to a firm with stock. Buyers judge
 * by last month's prices and shortages. */
#include <string.h>

#include "ludd/budgets.h"
#include "ludd/orders.h"
#include "ludd/owners.h"
#include "ludd/phases.h"
#include "ludd/scratch.h"
#include "ludd/shopping.h"
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

/* ---- Owners and state */

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
			now += s->orders[j];
			before += either_i64(f->alive[j], f->household_demand[j], 0);
		}
		s->tally[b] = (struct tally){.money = {before, now}};
	}
	t = tally_sum(s->tally, par_strips(w->firms));
	return (struct custom){t.money[0], t.money[1]};
}

VECTOR_BODY spread_body(const struct world *w, int64_t first, int count, struct custom all,
			double owners, double state)
{
	const struct firms f = w->firm;
	const struct scratch s = *w->scratch;
	bool by_before = all.before > 0;
	double sum = (double)larger_i64(1, by_before ? all.before : all.now);
	struct strip strip;

	strip_opened(w, first, count, &strip);
	VECTOR_ROWS
	for (int k = 0; k < count; k++) {
		int64_t j = first + k, now = s.orders[j], seats, owners_seats;
		int64_t custom = either_i64(by_before, strip.alive[k] & f.household_demand[j], now);
		double share = (double)custom / sum;
		owners_seats = (int64_t)(owners * share);
		seats = (int64_t)(state * share);
		s.owners_seats[j] = owners_seats;
		s.seats[j] = seats;
		f.household_demand[j] = now;
		s.orders[j] = now + owners_seats + seats;
	}
}

VECTOR_VERSIONS(spread,
		(const struct world *w, int64_t first, int count, struct custom all, double owners,
		 double state),
		w, first, count, all, owners, state)

/* Adds owners' and state's demand to the firms' orders in last month's proportions. */
static void others_demand(struct world *w, int64_t owners, int64_t state)
{
	struct custom all = custom_counted(w);

	PAR_STRIPS(b, w->firms, w->threads)
		VECTOR_CALL(spread, w, b * PAR_STRIP, strip_rows(b, w->firms), all, (double)owners,
			    (double)state);
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

/* Everybody at the own seller, the same part for all. Of workers firms sell what they ordered,
 * less what unserved_turn takes off; who can serve all will have sold what was ordered. */
VECTOR_BODY first_body(const struct world *w, int64_t first, int count, struct tally *t)
{
	const struct firms f = w->firm;
	const struct scratch s = *w->scratch;
	int64_t to_owners = 0, to_state = 0, mark[PAR_STRIP];
	struct strip strip;

	strip_opened(w, first, count, &strip);
	VECTOR_ROWS
	for (int k = 0; k < count; k++) {
		int64_t j = first + k, goods = strip.goods[k], ordered = s.orders[j];
		double ration = ration_of(f.inventory[j] * f.price[j], ordered);
		int64_t owners = order_served(s.owners_seats[j], ration);
		int64_t state = order_served(s.seats[j], ration);
		int64_t sales = f.household_demand[j] + owners + state;
		int64_t more = stock_after(f.inventory[j], f.price[j], ordered) > 0.0 ? -1 : 0;
		int64_t again = more & strip.alive[k] & SELLS_AGAIN;
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
		int64_t j = first + k, goods = strip.goods[k], sold = f.sales[j];
		double stock = stock_after(f.inventory[j], f.price[j], sold);
		f.inventory[j] = goods ? stock : f.inventory[j];
		s.ration[j] = ration_of(stock * f.price[j], s.orders[j]);
		s.seats[j] = sold; /* in the first round */
		f.sales[j] = sold + (goods & s.orders[j]); /* less what comes back */
	}
}

/* Sellers get their money. */
VECTOR_BODY paid_body(const struct world *w, int64_t first, int count, struct tally *t)
{
	const struct firms f = w->firm;
	const struct scratch s = *w->scratch;
	int64_t from = 0;

	VECTOR_ROWS
	for (int k = 0; k < count; k++) {
		int64_t j = first + k, sold = f.sales[j] - s.seats[j];
		f.demand[j] += sold;
		f.inventory[j] = stock_after(f.inventory[j], f.price[j], sold);
		f.cash[j] += f.sales[j];
		from -= f.sales[j];
	}
	*t = (struct tally){.money = {from}};
}

VECTOR_VERSIONS(first, (const struct world *w, int64_t first, int count, struct tally *t), w, first,
		count, t)
VECTOR_VERSIONS(second, (const struct world *w, int64_t first, int count), w, first, count)
VECTOR_VERSIONS(paid, (const struct world *w, int64_t first, int count, struct tally *t), w, first,
		count, t)

static void first_round(struct world *w)
{
	struct tally t;

	PAR_STRIPS(b, w->firms, w->threads)
		VECTOR_CALL(first, w, b * PAR_STRIP, strip_rows(b, w->firms), &w->scratch->tally[b]);
	w->scratch->mark[w->firms] = 0;
	t = tally_sum(w->scratch->tally, par_strips(w->firms));
	w->census.flow.consumption_owners = t.money[0];
	w->census.flow.purchases = t.money[1];
	money_pay(&w->ledger.state, &w->ledger.clearing, t.money[1]);
	owners_pay(w);
	unserved_turn(w);
}

static void second_round(struct world *w)
{
	struct tally t;

	PAR_STRIPS(b, w->firms, w->threads)
		VECTOR_CALL(second, w, b * PAR_STRIP, strip_rows(b, w->firms));
	w->scratch->ration[w->firms] = 0.0; /* who found no second seller */
	leftovers_settled(w);
	PAR_STRIPS(b, w->firms, w->threads)
		VECTOR_CALL(paid, w, b * PAR_STRIP, strip_rows(b, w->firms), &w->scratch->tally[b]);
	t = tally_sum(w->scratch->tally, par_strips(w->firms));
	money_drain(&t.money[0], &w->ledger.clearing);
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
	second_round(w);
}
