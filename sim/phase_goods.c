/* The market for consumption goods (P4, E30, E31). Some buyers compare their seller with
 * another, found through a fellow buyer or by chance; workers set a budget; owners and state
 * spread theirs over firms as workers did last month. A firm short of goods serves everybody the
 * same part; what is left of workers' budgets goes once more to a firm with stock. Buyers judge
 * by last month's prices and shortages. */
#include <string.h>

#include "ludd/income.h"
#include "ludd/phases.h"
#include "ludd/rng_rows.h"
#include "ludd/scratch.h"
#include "ludd/vector.h"

#define NO_SELLER UINT32_MAX

enum { CHUNK = 512 }; /* rows at a time: what they need stays in the nearest cache */

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
VECTOR_BODY budgets_body(int count, const int64_t *restrict cash, const int64_t *restrict income,
			 double of_income, double of_wealth, int64_t *restrict budget)
{
	for (int i = 0; i < count; i++) {
		double wish = of_income * (double)income[i] +
			      of_wealth * (double)(cash[i] - income[i]);
		int64_t whole = (int64_t)(wish > 0.0 ? wish : 0.0);
		budget[i] = cash[i] < whole ? cash[i] : whole;
	}
}

VECTOR_VERSIONS(budgets,
		(int count, const int64_t *cash, const int64_t *income, double of_income,
		 double of_wealth, int64_t *budget),
		count, cash, income, of_income, of_wealth, budget)

static void budgets_set(const struct world *w, int64_t first, int count, int64_t *budget)
{
	const struct params *p = &w->par;
	int64_t income[CHUNK];

	incomes_of(w, first, count, income);
	VECTOR_CALL(budgets, count, &w->worker.cash[first], income,
		    p->households.consumption_of_income * (1.0 + w->pub.confidence),
		    p->households.consumption_of_wealth, budget);
}

/* Of whom and of which firm a chunk's people hear: seller_of_another and seller_at_random with draws
 * made in advance, without branches on them. People of the core look in their region first. */
struct grapevine {
	const struct world *w;
	int64_t first; /* row of the chunk's first person */
	uint64_t local; /* below this a draw means the own region; 0: there is one market */
	int step;      /* draws a search takes */
};

static struct grapevine grapevine_of(const struct world *w, int64_t first)
{
	bool regional = first < w->people && w->regions > 1;
	return (struct grapevine){
		.w = w,
		.first = first,
		.local = regional ? rng_limit(w->par.households.local_search) : 0,
		.step = regional ? 2 : 1,
	};
}

/* A place in 0 .. all-1 or, if `here`, in first .. first+count-1; false where rng_below would have
 * to draw again: then the search is made one by one. */
static inline bool place_drawn(bool here, int64_t first, int64_t count, int64_t all, uint32_t which,
			       int64_t *place)
{
	uint32_t among = (uint32_t)either_i64(here, count, all);
	uint64_t at = (uint64_t)which * among;

	*place = either_i64(here, first, 0) + (int64_t)(at >> 32);
	return (uint32_t)at >= among;
}

static inline bool seller_heard_of(const struct grapevine *g, int row, uint32_t where,
				   uint32_t which, uint32_t *seller)
{
	const struct world *w = g->w;
	const int64_t *first = &w->people_first[w->worker.region[g->first + row]];
	int64_t n;
	bool good = place_drawn(where < g->local, first[0], first[1] - first[0],
				w->people + w->periphery, which, &n);

	*seller = w->worker.seller[n];
	return good;
}

static inline bool seller_met(const struct grapevine *g, int row, uint32_t where, uint32_t which,
			      uint32_t *seller)
{
	const struct scratch *s = g->w->scratch;
	const int64_t *first = &s->sellers_first[g->w->worker.region[g->first + row]];
	int64_t i;
	bool good = place_drawn((where < g->local) & (first[1] > first[0]), first[0],
				first[1] - first[0], s->sellers_first[g->w->regions], which, &i);

	*seller = s->sellers[i];
	return good;
}

/* Who looks around this month, or has to: rows of the chunk. */
static int lookers_found(const struct world *w, struct rng_key key, int64_t first, int count,
			 uint16_t *row)
{
	const uint32_t *seller = &w->worker.seller[first];
	uint64_t search = rng_threshold(w->par.households.search);
	uint32_t draw[CHUNK];
	int found = 0;

	rng_rows(key, (uint64_t)first, count, draw);
	for (int i = 0; i < count; i++) {
		row[found] = (uint16_t)i;
		found += (draw[i] < search) | !in_business(w, seller[i]);
	}
	return found;
}

/* The seller of person n after a look around: as seller_found and seller_compared say. */
static uint32_t seller_looked_for(const struct world *w, struct rng_key key, int64_t n)
{
	uint32_t own = w->worker.seller[n];
	struct pcg32 g = rng_agent(key, (uint64_t)n);

	if (!in_business(w, own))
		return seller_found(w, &g, n);
	pcg32_next(&g); /* the decision to look */
	return seller_compared(w, &g, n, own);
}

enum { LOOK_DRAWS = 6 }; /* to look; explore; where, which; price; churn */

/* seller_looked_for for a chunk. */
static void sellers_chosen(struct world *w, struct rng_key key, int64_t first, int count)
{
	const struct params *p = &w->par;
	struct grapevine heard = grapevine_of(w, first);
	uint32_t *next = &w->scratch->seller_next[first];
	uint32_t draw[LOOK_DRAWS][CHUNK], *draws[LOOK_DRAWS];
	uint64_t explores = rng_limit(p->households.exploration);
	const uint32_t *where = draw[2], *which = draw[1 + heard.step];
	const uint32_t *compare = draw[2 + heard.step], *churn = draw[3 + heard.step];
	uint16_t row[CHUNK];

	memcpy(next, &w->worker.seller[first], sizeof(*next) * (size_t)count);
	count = lookers_found(w, key, first, count, row);
	for (int k = 0; k < LOOK_DRAWS; k++)
		draws[k] = draw[k];
	rng_rows_chosen(key, (uint64_t)first, row, count, 4 + heard.step, draws);
	for (int k = 0; k < count; k++) {
		uint32_t own = next[row[k]], other;
		bool explore = draw[1][k] < explores;
		bool good = explore ? seller_met(&heard, row[k], where[k], which[k], &other)
				    : seller_heard_of(&heard, row[k], where[k], which[k], &other);
		if (!good || !in_business(w, own))
			next[row[k]] = seller_looked_for(w, key, first + row[k]);
		else if (other != own && in_business(w, other) &&
			 (compare[k] * 0x1p-32 < switch_chance(w, own, other) ||
			  churn[k] * 0x1p-32 * p->households.search < p->households.churn))
			next[row[k]] = other;
	}
}

/* Rows to one chunk from `first` on: core and periphery apart. */
static int chunk_of(const struct world *w, int64_t first, int64_t end)
{
	if (first < w->people)
		end = smaller_i64(end, w->people);
	return (int)smaller_i64(CHUNK, end - first);
}

static void people_order(struct world *w)
{
	struct scratch *s = w->scratch;
	struct rng_key key = rng_key(w->seed, DRAW_shop, w->tick);
	int64_t everybody = w->people + w->periphery;

	PAR_BLOCKS(b, everybody, w->threads) {
		int64_t end = par_end(b, everybody);
		int64_t *orders = firm_sum(w, w->firm.orders, 0);
		int count;
		for (int64_t first = b * PAR_BLOCK; first < end; first += count) {
			int64_t budget[CHUNK];
			count = chunk_of(w, first, end);
			sellers_chosen(w, key, first, count);
			budgets_set(w, first, count, budget);
			for (int i = 0; i < count; i++)
				orders[s->seller_next[first + i]] += budget[i];
		}
	}
	firm_sum_fold(w, w->firm.orders, 0);
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
	int64_t now, sum;
	struct tally t;

	PAR_BLOCKS(b, w->firms, w->threads) {
		int64_t ordered = 0, before = 0;
		BLOCK_ROWS(j, b, w->firms) {
			ordered += f->orders[j];
			before += f->alive[j] ? f->household_demand[j] : 0;
		}
		w->scratch->tally[b] = (struct tally){.money = {ordered, before}};
	}
	t = tally_sum(w->scratch->tally, par_blocks(w->firms));
	now = t.money[0];
	sum = t.money[1];
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
	return either_i64(ration >= 1.0, amount, (int64_t)((double)amount * ration));
}

static double stock_after(const struct firms *f, int64_t j, int64_t sold)
{
	return larger(0.0, f->inventory[j] - (double)sold / f->price[j]);
}

static bool sells_again(const struct world *w, uint32_t j)
{
	uint32_t nobody = (uint32_t)w->firms; /* whose mark is 0 */
	return w->scratch->mark[j < nobody ? j : nobody];
}

enum { TRIES = 3 };

/* A firm that had enough for all in the first round and still has goods. */
static uint32_t second_seller(const struct world *w, struct rng_key key, int64_t n)
{
	struct pcg32 g = rng_agent(key, (uint64_t)n);

	for (int i = 0; i < TRIES; i++) {
		uint32_t j = seller_of_another(w, &g, n);
		if (sells_again(w, j))
			return j;
	}
	return NO_SELLER;
}

/* second_seller for `count` rows of a chunk. */
static void second_sellers(const struct world *w, struct rng_key key, int64_t first,
			   const uint16_t *row, int count, uint32_t *other)
{
	struct grapevine heard = grapevine_of(w, first);
	uint32_t draw[2 * TRIES][CHUNK], *draws[2 * TRIES];
	uint16_t left[CHUNK];

	for (int k = 0; k < 2 * TRIES; k++)
		draws[k] = draw[k];
	rng_rows_chosen(key, (uint64_t)first, row, count, heard.step * TRIES, draws);
	for (int k = 0; k < count; k++)
		left[k] = (uint16_t)k;
	for (int try = 0, tried = count; try < TRIES; try++) {
		const uint32_t *where = draw[heard.step * try];
		const uint32_t *which = draw[heard.step * (try + 1) - 1];
		int failed = 0;
		for (int i = 0; i < tried; i++) {
			int k = left[i];
			uint32_t j;
			bool sells, good = seller_heard_of(&heard, row[k], where[k], which[k], &j);
			if (!good) {
				other[k] = second_seller(w, key, first + row[k]);
				continue;
			}
			sells = sells_again(w, j);
			other[k] = j | ((uint32_t)sells - 1); /* j or NO_SELLER */
			left[failed] = (uint16_t)k;
			failed += !sells;
		}
		tried = failed;
	}
}

struct payments { /* of a block of people */
	struct world *w;
	struct rng_key again;
	int64_t *sales, *orders; /* by firm; orders: of the second round */
	struct leftover *left;   /* orders of the second round */
	int left_count;
	struct tally t;
};

/* People pay for the part of their order that is served; with the rest they turn to another
 * seller. Purchases pass through clearing. */
static void chunk_pays(struct payments *p, int64_t first, int count)
{
	struct world *w = p->w;
	const uint32_t *seller = &w->scratch->seller_next[first];
	const double *ration = w->firm.ration;
	int64_t *cash = &w->worker.cash[first], *sales = p->sales, left[CHUNK], spent = 0;
	uint32_t other[CHUNK];
	uint16_t row[CHUNK];
	int unserved = 0;

	budgets_set(w, first, count, left);
	for (int i = 0; i < count; i++) {
		int64_t paid = served(left[i], ration[seller[i]]);
		cash[i] -= paid;
		sales[seller[i]] += paid;
		left[i] -= paid;
		spent += paid;
		row[unserved] = (uint16_t)i;
		unserved += left[i] != 0;
	}
	p->t.money[0] += spent;
	p->t.money[first < w->people ? 1 : 2] += spent;
	second_sellers(w, p->again, first, row, unserved, other);
	for (int k = 0; k < unserved; k++) {
		if (other[k] == NO_SELLER)
			continue;
		p->orders[other[k]] += left[row[k]];
		p->left[p->left_count++] = (struct leftover){
			left[row[k]], other[k], (uint16_t)(first % PAR_BLOCK + row[k])};
	}
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
			.sales = firm_sum(w, w->firm.sales, 0),
			.orders = firm_sum(w, w->firm.orders, 1),
		};
		int count;
		for (int64_t first = b * PAR_BLOCK; first < end; first += count) {
			count = chunk_of(w, first, end);
			chunk_pays(&p, first, count);
		}
		s->leftovers[b] = p.left_count;
		s->tally[b] = p.t;
	}
	firm_sum_fold(w, w->firm.sales, 0);
	firm_sum_fold(w, w->firm.orders, 1);
	purchases_counted(w);
}

/* First round: everybody at the own seller, the same part for all. */
static void first_round(struct world *w)
{
	struct scratch *s = w->scratch;
	struct firms *f = &w->firm;
	struct tally t;

	s->mark[w->firms] = 0;
	PAR_BLOCKS(b, w->firms, w->threads) {
		struct tally sum = {0};
		BLOCK_ROWS(j, b, w->firms) {
			s->mark[j] = 0; /* no goods for a second round */
			if (f->capital_goods[j])
				continue;
			f->ration[j] = ration_of(f, j);
			f->fill[j] = f->ration[j];
			f->demand[j] = f->orders[j];
			sum.money[0] += served(s->owners_seats[j], f->ration[j]);
			sum.money[1] += served(s->seats[j], f->ration[j]);
			f->sales[j] = served(s->owners_seats[j], f->ration[j]) +
				      served(s->seats[j], f->ration[j]);
			/* who can serve all will have sold what was ordered */
			s->mark[j] = f->alive[j] && f->ration[j] >= 1.0 &&
					  stock_after(f, j, f->orders[j]) > 0.0;
			f->orders[j] = 0;
		}
		s->tally[b] = sum;
	}
	t = tally_sum(s->tally, par_blocks(w->firms));
	w->census.flow.consumption_owners = t.money[0];
	w->census.flow.purchases = t.money[1];
	money_pay(&w->ledger.state, &w->ledger.clearing, t.money[1]);
	people_pay(w);
}

/* Each owner pays the part of what owners bought that its budget is of all budgets. */
static void owners_pay(struct world *w)
{
	int64_t *part = w->scratch->owner_part;

	money_apportion(w->census.flow.consumption_owners, part, w->owners, part);
	for (int64_t o = 0; o < w->owners; o++)
		money_pay(&w->owner.cash[o], &w->ledger.clearing, part[o]);
}

/* What was left of the orders, at sellers with stock. */
static void leftovers_paid(struct world *w)
{
	struct scratch *s = w->scratch;
	int64_t everybody = w->people + w->periphery;

	PAR_BLOCKS(b, everybody, w->threads) {
		const struct leftover *left = scratch_leftovers(s, b);
		int64_t *sales = firm_sum(w, w->firm.sales, 0);
		struct tally t = {0};
		for (int i = 0; i < s->leftovers[b]; i++) {
			int64_t n = b * PAR_BLOCK + left[i].row;
			int64_t paid = served(left[i].money, w->firm.ration[left[i].seller]);
			money_pay(&w->worker.cash[n], &t.money[0], paid);
			t.money[n < w->people ? 1 : 2] += paid;
			sales[left[i].seller] += paid;
		}
		s->tally[b] = t;
	}
	firm_sum_fold(w, w->firm.sales, 0);
	purchases_counted(w);
}

static void second_round(struct world *w)
{
	struct scratch *s = w->scratch;
	struct firms *f = &w->firm;
	struct tally sum;

	PAR_ROWS(j, w->firms, w->threads) {
		s->seats[j] = f->sales[j]; /* sold in the first round */
		if (!f->capital_goods[j]) {
			f->inventory[j] = stock_after(f, j, f->sales[j]);
			f->ration[j] = ration_of(f, j);
		}
	}
	leftovers_paid(w);
	PAR_BLOCKS(b, w->firms, w->threads) {
		struct tally t = {0};
		BLOCK_ROWS(j, b, w->firms) {
			int64_t sold = f->sales[j] - s->seats[j];
			f->demand[j] += sold;
			f->inventory[j] = stock_after(f, j, sold);
			money_pay(&t.money[0], &f->cash[j], f->sales[j]);
		}
		s->tally[b] = t;
	}
	sum = tally_sum(s->tally, par_blocks(w->firms));
	money_drain(&sum.money[0], &w->ledger.clearing);
}

void households_buy(struct world *w)
{
	uint32_t *sellers = w->worker.seller;

	firm_sums_reserve(w);
	sellers_listed(w);
	if (w->scratch->sellers_first[w->regions] == 0)
		return; /* nobody sells anything */
	people_order(w);
	others_demand(w, owners_budget(w), state_budget(w));
	first_round(w);
	owners_pay(w);
	second_round(w);
	w->worker.seller = w->scratch->seller_next;
	w->scratch->seller_next = sellers;
}
