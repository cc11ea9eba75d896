/* Firms close and open (E35, E36). A firm closes when its debt exceeds what it owns, or
 * when it has hardly had staff or work for months; its people join the reserve, its deposit
 * repays its loan, the bank bears the rest, the owners get what is left, its machines stand idle
 * in the slot. Owners open new firms in slots that were empty when the month began. */
#include "ludd/firm.h"
#include "ludd/owners.h"
#include "ludd/phases.h"
#include "ludd/scratch.h"
#include "ludd/vector.h"

static bool firm_fails(struct world *w, int64_t j)
{
	struct firms *f = &w->firm;
	double owned = w->pub.capital_price * (f->capital[j] + f->ai_capital[j]) +
		       f->inventory[j] * f->unit_cost[j];

	f->age[j] = month_more(f->age[j]);
	f->idle_months[j] =
		f->need[j] < 1.0 && f->staff[j] <= 1 ? month_more(f->idle_months[j]) : 0;
	return (f->age[j] > 6 && (double)(f->loan[j] - f->cash[j]) > owned) ||
	       f->idle_months[j] >= 7;
}

/* E35: the estate is settled. */
static void firm_closes(struct world *w, int64_t j)
{
	struct firms *f = &w->firm;
	struct flows *flow = &w->census.flow;
	int64_t repaid = smaller_i64(f->cash[j], f->loan[j]);

	money_lend(&f->cash[j], &f->loan[j], -repaid);
	flow->repaid += repaid;
	flow->written_off += f->loan[j];
	money_lend(&w->ledger.bank, &f->loan[j], -f->loan[j]); /* the bank bears the loss */
	flow->liquidation += f->cash[j];
	money_pay(&f->cash[j], &w->ledger.pool, f->cash[j]);
	w->census.head.layoffs += f->staff[j];
	w->census.head.exits++;
	f->alive[j] = 0;
	f->staff[j] = 0;
	f->inventory[j] = f->output[j] = f->profit[j] = 0.0;
	f->demand[j] = f->household_demand[j] = 0;
	f->automation_next[j] = f->protected_staff[j] = 0.0;
}

enum { FEW = 12 }; /* as many firms are sought one by one faster than by their marks */

VECTOR_BODY staff_body(int count, const uint32_t *restrict employer, int closed_count,
		       const uint32_t *restrict closed, uint32_t *restrict found)
{
	uint32_t any = 0;

	for (int c = 0; c < closed_count; c++)
		for (int i = 0; i < count; i++)
			any |= employer[i] == closed[c];
	*found = any;
}

VECTOR_VERSIONS(staff,
		(int count, const uint32_t *employer, int closed_count, const uint32_t *closed,
		 uint32_t *found),
		count, employer, closed_count, closed, found)

/* Whether anybody of a block may work at a firm that closed; taken for granted if many did. */
static bool block_concerned(const struct world *w, int64_t b, int64_t closed_count,
			    const uint32_t *closed)
{
	int64_t first = b * PAR_BLOCK;
	uint32_t found = 1;

	if (closed_count <= FEW)
		VECTOR_CALL(staff, (int)(par_end(b, w->people) - first),
			    &w->worker.employer[first], (int)closed_count, closed, &found);
	return found;
}

/* Marked are the closed firms, and empty slots, where nobody works; the first FEW of them are told
 * by row. */
static void people_of_closed_firms_leave(struct world *w, int64_t closed_count,
					 const uint32_t *closed)
{
	uint32_t nobody = (uint32_t)w->firms; /* whose mark is 0 */

	w->scratch->mark[nobody] = 0;
	PAR_BLOCKS(b, w->people, w->threads) {
		if (!block_concerned(w, b, closed_count, closed))
			continue;
		BLOCK_ROWS(n, b, w->people) {
			uint32_t j = w->worker.employer[n];
			if (!w->scratch->mark[j < nobody ? j : nobody])
				continue;
			w->worker.employer[n] = NO_FIRM;
			w->worker.spell[n] = 0;
			par_add(&w->scratch->separated[w->worker.region[n]], 1, w->threads);
		}
	}
}

static void owners_receive_estates(struct world *w)
{
	owners_share(w, w->ledger.pool, w->owner.weight, &w->ledger.pool, OWNERS_RECEIVE);
}

struct start { /* what opening a firm in a slot takes */
	double output, capital;     /* units a month, units */
	/* mills: working capital, price of idle machines, of new ones */
	int64_t wages, scrap, machines;
};

static struct start start_planned(struct world *w, int64_t j)
{
	const struct params *p = &w->par;
	struct firms *f = &w->firm;
	double wage = w->region[f->region[j]].wage, size = p->firms.entry_size;
	double efficiency = 1.0 + p->skills.premium * p->skills.initial_share;
	struct start s;

	s.output = 0.97 * size * firm_technology(w, j) * efficiency;
	s.capital = firm_capital_per_output(w, j) * s.output / p->production.normal_utilisation;
	s.wages = mills(3.0 * wage * efficiency * size, &w->fault, j, "start-up wages");
	s.scrap = mills(0.5 * w->pub.capital_price * smaller(f->capital[j], s.capital), &w->fault,
			j, "idle machines");
	s.machines = mills(0.6 * w->pub.capital_price * larger(0.0, s.capital - f->capital[j]),
			   &w->fault, j, "start-up machines");
	return s;
}

/* E36. A new firm knows no AI yet and is not tied by what its predecessor promised. */
static void firm_opens(struct world *w, int64_t j, struct start s)
{
	const struct params *p = &w->par;
	struct firms *f = &w->firm;
	struct regional *r = &w->region[f->region[j]];

	f->alive[j] = 1;
	f->age[j] = f->loss_months[j] = f->idle_months[j] = 0;
	f->productivity[j] = 1.0;
	f->wage[j] = r->wage;
	f->markup[j] = 0.8 * firm_markup(w, j);
	f->price[j] = f->capital_goods[j] ? w->pub.capital_price : 0.97 * w->pub.price_average;
	f->price_before[j] = f->price[j];
	f->hours[j] = 1.0;
	f->effort[j] = f->effort_normal[j] = 1.0;
	f->efficiency[j] = 1.0 + p->skills.premium * p->skills.initial_share;
	f->demand_expected[j] = f->demand_slow[j] = s.output;
	f->demand[j] = mills(s.output * f->price[j], &w->fault, j, "first demand");
	f->household_demand[j] = f->capital_goods[j] ? 0 : f->demand[j];
	f->output[j] = s.output; /* what it offers to buyers of machines */
	f->inventory[j] = 0.0;
	f->capital[j] = smaller(f->capital[j], s.capital);
	f->ai_capital[j] = f->automation[j] = f->automation_next[j] = 0.0;
	f->training[j] = f->fund_share[j] = f->surveillance[j] = 0.0;
	f->dismissal[j] = 0;
	f->unfilled[j] = f->profit[j] = f->protected_staff[j] = f->surplus[j] = 0.0;
	f->fill[j] = 1.0;
	w->census.head.entries++;
}

/* The first customers: buyers drawn at random, mostly of the region, who change to the new firm. */
static void customers_won(struct world *w, struct rng_key key, int64_t j)
{
	struct pcg32 g = rng_agent(key, (uint64_t)j);
	uint16_t r = w->firm.region[j];
	int64_t wanted = (int64_t)(1.4 * w->par.firms.entry_size);

	for (int64_t i = 0; i < wanted; i++) {
		int64_t first = 0, count = w->people + w->periphery;
		if (w->regions > 1 && rng_unit(&g) < w->par.households.local_search) {
			first = w->people_first[r];
			count = w->people_first[r + 1] - first;
		}
		w->worker.seller[first + rng_below(&g, (uint32_t)count)] = (uint32_t)j;
	}
}

/* Owners pay by weight what the entrants need; together at most half of what owners hold. */
static int64_t entrants_funded(struct world *w, int64_t count, int64_t *total)
{
	int64_t held = 0, funded = 0;

	*total = 0;
	for (int64_t o = 0; o < w->owners; o++)
		held += w->owner.cash[o];
	for (; funded < count; funded++) {
		struct start s = start_planned(w, w->scratch->entrants[funded]);
		if (*total + s.wages + s.scrap + s.machines > held / 2)
			break;
		*total += s.wages + s.scrap + s.machines;
	}
	return funded;
}

static void entrants_open(struct world *w, int64_t count)
{
	struct scratch *s = w->scratch;
	struct rng_key key = rng_key(w->seed, DRAW_customers, w->tick);
	int64_t total, funded = entrants_funded(w, count, &total);

	owners_share(w, total, w->owner.weight, &w->ledger.clearing, OWNERS_PAY);
	/* in order of slot: the larger number wins a customer */
	for (int64_t i = 0; i < funded; i++) {
		int64_t j = s->entrants[i];
		struct start start = start_planned(w, j);
		money_pay(&w->ledger.clearing, &w->ledger.bank, start.scrap);
		money_pay(&w->ledger.clearing, &w->firm.cash[j], start.wages + start.machines);
		w->census.flow.scrap += start.scrap;
		firm_opens(w, j, start);
		if (!w->firm.capital_goods[j])
			customers_won(w, key, j);
	}
	w->census.flow.equity += total;
}

/* Marks firms that close and slots that open; tells whether there are any. */
static bool turnover_decided(struct world *w)
{
	const struct params *p = &w->par;
	struct rng_key key = rng_key(w->seed, DRAW_entry, w->tick);
	double chance = p->firms.entry *
			clamp(w->pub.profit_rate / p->firms.entry_reference_return, 0.2, 3.0);
	int64_t marked;

	PAR_STRIPS(b, w->firms, w->threads) {
		int64_t here = 0;
		STRIP_ROWS(j, b, w->firms) {
			struct pcg32 g;
			bool changes;
			if (w->firm.alive[j]) {
				changes = firm_fails(w, j);
			} else {
				g = rng_agent(key, (uint64_t)j);
				changes = rng_unit(&g) < chance;
			}
			w->scratch->mark[j] = changes;
			here += changes;
		}
		w->scratch->tally[b] = (struct tally){.count = {here}};
	}
	marked = tally_sum(w->scratch->tally, par_strips(w->firms)).count[0];
	return marked > 0;
}

void firms_exit_and_enter(struct world *w)
{
	struct scratch *s = w->scratch;
	int64_t entrants = 0, exits = 0;
	uint32_t closed[FEW];

	if (!turnover_decided(w))
		return;
	for (int64_t j = 0; j < w->firms; j++) {
		if (!s->mark[j])
			continue;
		if (w->firm.alive[j]) {
			if (exits < FEW)
				closed[exits] = (uint32_t)j;
			firm_closes(w, j);
			exits++;
		} else {
			s->entrants[entrants++] = (uint32_t)j;
		}
	}
	if (exits) {
		people_of_closed_firms_leave(w, exits, closed);
		owners_receive_estates(w);
	}
	if (entrants)
		entrants_open(w, entrants);
}
