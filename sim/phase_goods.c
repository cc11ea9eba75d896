/* The market for consumption goods (P4, E30, E31). Some buyers compare their seller with
 * another, found through a fellow buyer or by chance; workers set a budget; owners and state
 * spread theirs over firms as workers did last month. A firm short of goods serves everybody the
 * same part; what is left of workers' budgets goes once more to a firm with stock. Buyers judge
 * by last month's prices and shortages. */
#include "ludd/phases.h"
#include "ludd/scratch.h"

#define NO_SELLER UINT32_MAX

/* Firms of department II in business, by region. */
static void sellers_listed(struct world *w)
{
	struct scratch *s = w->scratch;
	int64_t count = 0;

	for (int64_t r = 0; r < w->regions; r++) {
		s->sellers_first[r] = count;
		for (int64_t j = w->goods_first[r]; j < w->firms_first[r + 1]; j++)
			if (w->firm.alive[j])
				s->sellers[count++] = (uint32_t)j;
	}
	s->sellers_first[w->regions] = count;
}

static bool searches_locally(const struct world *w, struct pcg32 *g, int64_t n)
{
	return n < w->people && w->regions > 1 && rng_unit(g) < w->par.households.local_search;
}

/* Last month's seller of a buyer drawn at random: firms are found in proportion to their custom. */
static uint32_t seller_of_another(const struct world *w, struct pcg32 *g, int64_t n)
{
	int64_t first = 0, count = w->people + w->periphery;

	if (searches_locally(w, g, n)) {
		uint16_t r = w->worker.region[n];
		first = w->people_first[r];
		count = w->people_first[r + 1] - first;
	}
	return w->worker.seller[first + rng_below(g, (uint32_t)count)];
}

static uint32_t seller_at_random(const struct world *w, struct pcg32 *g, int64_t n)
{
	const struct scratch *s = w->scratch;
	int64_t first = 0, count = s->sellers_first[w->regions];

	if (searches_locally(w, g, n)) {
		uint16_t r = w->worker.region[n];
		if (s->sellers_first[r + 1] > s->sellers_first[r]) {
			first = s->sellers_first[r];
			count = s->sellers_first[r + 1] - first;
		}
	}
	return count ? s->sellers[first + rng_below(g, (uint32_t)count)] : NO_SELLER;
}

static bool in_business(const struct world *w, uint32_t j)
{
	return j != NO_SELLER && w->firm.alive[j];
}

/* E31: chance of leaving `own` for `other`, by price and by how much was served last month. */
static double switch_chance(const struct world *w, uint32_t own, uint32_t other)
{
	const struct params *p = &w->par;
	const struct firms *f = &w->firm;
	double cheaper = (f->price_before[own] - f->price_before[other]) / f->price_before[own];
	double chance = p->households.price_sensitivity * larger(0.0, cheaper);

	if (f->fill[own] < 0.98)
		chance += p->households.stockout_sensitivity * (f->fill[other] - f->fill[own]);
	return chance;
}

/* The seller closed: ask others for theirs, else take any. */
static uint32_t seller_found(const struct world *w, struct pcg32 *g, int64_t n)
{
	for (int i = 0; i < 3; i++) {
		uint32_t other = seller_of_another(w, g, n);
		if (in_business(w, other))
			return other;
	}
	return seller_at_random(w, g, n);
}

/* E31: a buyer who looks around changes for a better seller, or now and then without a reason. */
static uint32_t seller_compared(const struct world *w, struct pcg32 *g, int64_t n, uint32_t own)
{
	const struct params *p = &w->par;
	uint32_t other = rng_unit(g) < p->households.exploration ? seller_at_random(w, g, n)
								 : seller_of_another(w, g, n);


	if (other == own || !in_business(w, other))
		return own;
	if (rng_unit(g) < switch_chance(w, own, other))
		return other;
	return rng_unit(g) * p->households.search < p->households.churn ? other : own;
}

/* E30 for workers: out of this month's income and out of deposits. */
static int64_t budget_set(const struct world *w, int64_t n)
{
	const struct params *p = &w->par;
	int64_t cash = w->worker.cash[n], income = w->worker.income[n];
	double wish =
		p->households.consumption_of_income * (1.0 + w->pub.confidence) * (double)income +
		p->households.consumption_of_wealth * (double)(cash - income);
	return smaller_i64(cash, (int64_t)larger(0.0, wish));
}

static void people_choose_sellers(struct world *w)
{
	struct scratch *s = w->scratch;
	struct rng_key key = rng_key(w->seed, DRAW_shop, w->tick);
	uint64_t search = rng_threshold(w->par.households.search);

	PAR_ROWS(n, w->people + w->periphery, w->threads) {
		uint32_t seller = w->worker.seller[n];
		if (!in_business(w, seller)) {
			struct pcg32 g = rng_agent(key, (uint64_t)n);
			seller = seller_found(w, &g, n);
		} else if (rng_first(key, (uint64_t)n) < search) {
			struct pcg32 g = rng_after_first(key, (uint64_t)n);
			seller = seller_compared(w, &g, n, seller);
		}
		s->seller_next[n] = seller;
		s->budget[n] = seller == NO_SELLER ? 0 : budget_set(w, n);
		if (s->budget[n])
			par_add(&w->firm.orders[seller], s->budget[n], w->threads);
	}
}

/* E30: owners spend out of last month's dividends and out of deposits. */
static int64_t owners_budget(struct world *w)
{
	const struct params *p = &w->par;
	int64_t total = 0;

	for (int64_t o = 0; o < w->owners; o++) {
		int64_t cash = w->owner.cash[o], income = w->owner.dividends[o];
		double wish = p->households.owners_consumption_of_income *
				      (1.0 + w->pub.confidence) * (double)income +
			      p->households.owners_consumption_of_wealth * (double)(cash - income);
		w->scratch->owner_part[o] = smaller_i64(larger_i64(0, cash),
			mills(larger(0.0, wish), &w->fault, o, "owner's budget"));
		total += w->scratch->owner_part[o];
	}
	return total;
}

/* E30: real purchases per head follow output per worker, or from automation.start the old trend. */
static int64_t state_budget(struct world *w)
{
	const struct params *p = &w->par;
	double real = p->state.spending == SPENDING_EXOGENOUS_TREND ? w->pub.productivity_trend
								    : w->pub.productivity_real;
	return mills(p->state.purchases * 0.94 * (double)w->people * w->pub.price * real, &w->fault,
		     0, "public purchases");
}

/* Adds owners' and state's demand to the firms' orders in last month's proportions. */
static void others_demand(struct world *w, int64_t owners, int64_t state)
{
	struct firms *f = &w->firm;
	int64_t now = 0, sum = 0;

	for (int64_t j = 0; j < w->firms; j++) {
		now += f->orders[j];
		sum += f->alive[j] ? f->household_demand[j] : 0;
	}
	PAR_ROWS(j, w->firms, w->threads) {
		int64_t custom =
			sum > 0 ? (f->alive[j] ? f->household_demand[j] : 0) : f->orders[j];
		double share = (double)custom / (double)larger_i64(1, sum > 0 ? sum : now);
		w->scratch->owners_seats[j] = (int64_t)((double)owners * share);
		w->scratch->seats[j] = (int64_t)((double)state * share);
		f->household_demand[j] = f->orders[j];
		f->orders[j] += w->scratch->owners_seats[j] + w->scratch->seats[j];
	}
}

/* Part of the orders at hand that the stock can serve. */
static double ration_of(const struct firms *f, int64_t j)
{
	double value = f->inventory[j] * f->price[j];
	return f->orders[j] > 0 ? smaller(1.0, value / (double)f->orders[j]) : 1.0;
}

static int64_t served(int64_t amount, double ration)
{
	return ration >= 1.0 ? amount : (int64_t)((double)amount * ration);
}

/* Goods leave the stock of a firm that sold for `money`. */
static void goods_leave(struct firms *f, int64_t j, int64_t money)
{
	f->inventory[j] = larger(0.0, f->inventory[j] - (double)money / f->price[j]);
}

/* People pay for the part of their order that is served; workers' purchases pass through
 * clearing. */
static void people_pay(struct world *w, const uint32_t *seller)
{
	struct scratch *s = w->scratch;
	int64_t everybody = w->people + w->periphery;
	struct tally sum;

	PAR_BLOCKS(b, everybody, w->threads) {
		struct tally t = {0};
		BLOCK_ROWS(n, b, everybody) {
			int64_t paid;
			if (s->budget[n] == 0 || seller[n] == NO_SELLER)
				continue;
			paid = served(s->budget[n], w->firm.ration[seller[n]]);
			money_pay(&w->worker.cash[n], &t.money[0], paid);
			t.money[n < w->people ? 1 : 2] += paid;
			s->budget[n] -= paid;
			par_add(&w->firm.sales[seller[n]], paid, w->threads);
		}
		s->tally[b] = t;
	}
	sum = tally_sum(s->tally, par_blocks(everybody));
	money_drain(&sum.money[0], &w->ledger.clearing);
	w->census.flow.consumption_core += sum.money[1];
	w->census.flow.consumption_periphery += sum.money[2];
}

/* First round: everybody at the own seller, the same part for all. */
static void first_round(struct world *w)
{
	struct scratch *s = w->scratch;
	struct firms *f = &w->firm;
	int64_t by_owners = 0, by_state = 0;

	PAR_ROWS(j, w->firms, w->threads) {
		if (f->capital_goods[j])
			continue;
		f->ration[j] = ration_of(f, j);
		f->fill[j] = f->ration[j];
		f->demand[j] = f->orders[j];
		s->owners_seats[j] = served(s->owners_seats[j], f->ration[j]);
		s->seats[j] = served(s->seats[j], f->ration[j]);
		f->sales[j] = s->owners_seats[j] + s->seats[j];
	}
	people_pay(w, s->seller_next);
	for (int64_t j = 0; j < w->firms; j++) {
		if (f->capital_goods[j])
			continue;
		by_owners += s->owners_seats[j];
		by_state += s->seats[j];
		goods_leave(f, j, f->sales[j]);
	}
	money_pay(&w->ledger.state, &w->ledger.clearing, by_state);
	w->census.flow.purchases = by_state;
	w->census.flow.consumption_owners = by_owners;
}

/* Each owner pays the part of what owners bought that its budget is of all budgets. */
static void owners_pay(struct world *w)
{
	int64_t *part = w->scratch->owner_part;

	money_apportion(w->census.flow.consumption_owners, part, w->owners, part);
	for (int64_t o = 0; o < w->owners; o++)
		money_pay(&w->owner.cash[o], &w->ledger.clearing, part[o]);
}

/* A firm that had enough for all in the first round and still has goods; three tries. */
static uint32_t second_seller(const struct world *w, struct pcg32 *g, int64_t n)
{
	for (int i = 0; i < 3; i++) {
		uint32_t j = seller_of_another(w, g, n);
		if (in_business(w, j) && w->firm.ration[j] >= 1.0 && w->firm.inventory[j] > 0.0)
			return j;
	}
	return NO_SELLER;
}

static void second_round(struct world *w)
{
	struct scratch *s = w->scratch;
	struct firms *f = &w->firm;
	struct rng_key key = rng_key(w->seed, DRAW_shop_again, w->tick);

	PAR_ROWS(j, w->firms, w->threads) {
		f->orders[j] = 0;
		s->seats[j] = f->sales[j]; /* sold in the first round */
	}
	PAR_ROWS(n, w->people + w->periphery, w->threads) {
		struct pcg32 g;
		s->choice[n] = NO_SELLER;
		if (s->budget[n] == 0)
			continue;
		g = rng_agent(key, (uint64_t)n);
		s->choice[n] = second_seller(w, &g, n);
		if (s->choice[n] != NO_SELLER)
			par_add(&f->orders[s->choice[n]], s->budget[n], w->threads);
	}
	PAR_ROWS(j, w->firms, w->threads)
		f->ration[j] = f->capital_goods[j] ? 1.0 : ration_of(f, j);
	people_pay(w, s->choice);
	PAR_ROWS(j, w->firms, w->threads) {
		int64_t sold = f->sales[j] - s->seats[j];
		f->demand[j] += sold;
		goods_leave(f, j, sold);
	}
}

void households_buy(struct world *w)
{
	struct firms *f = &w->firm;
	uint32_t *sellers = w->worker.seller;

	sellers_listed(w);
	people_choose_sellers(w);
	others_demand(w, owners_budget(w), state_budget(w));
	first_round(w);
	owners_pay(w);
	second_round(w);
	for (int64_t j = 0; j < w->firms; j++)
		money_pay(&w->ledger.clearing, &f->cash[j], f->sales[j]);
	w->worker.seller = w->scratch->seller_next;
	w->scratch->seller_next = sellers;
}
