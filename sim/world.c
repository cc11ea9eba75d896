/* A world and its first state (section 4 of docs/model.md). The start is no steady state: a
 * burn-in of 25 years settles it. */
#include "ludd/world.h"

#include <string.h>

#include "ludd/columns.h"
#include "ludd/firm.h"
#include "ludd/mem.h"
#include "ludd/policy.h"
#include "ludd/scratch.h"

/* As many as asked for; else one per 2,000 people, at most 700, each with two firms at least. */
static int64_t regions_of(const struct params *p)
{
	int64_t most = smaller_i64(700, p->population.firms / 2);

	if (p->population.regions > 0)
		return p->population.regions;
	return larger_i64(1, smaller_i64(most, p->population.people / 2000));
}

/* Rows of `total` that belong to regions before r when all are of one size. */
static int64_t even_split(int64_t total, int64_t r, int64_t regions)
{
	return total / regions * r + total % regions * r / regions;
}

/* Slots of department I among those of a region. */
static int64_t makers_among(const struct params *p, int64_t here)
{
	int64_t makers = (int64_t)(p->population.capital_goods_firms * (double)here + 0.5);
	return here > 1 ? larger_i64(1, smaller_i64(here - 1, makers)) : makers;
}

struct world_size world_size(const struct params *p)
{
	struct world_size z = {
		.people = p->population.people,
		.periphery =
			(int64_t)(p->population.periphery_share * (double)p->population.people),
		.firms = p->population.firms,
		.owners = larger_i64(
			1, (int64_t)(p->population.owners_share * (double)p->population.people)),
		.contractors = larger_i64(1, (int64_t)(p->population.contractors_share *
						       (double)p->population.firms)),
		.regions = regions_of(p),
	};
	for (int64_t r = 0; r < z.regions; r++)
		z.makers += makers_among(p, even_split(z.firms, r + 1, z.regions) -
						    even_split(z.firms, r, z.regions));
	z.bytes = columns_bytes(&z) + scratch_bytes(&z) +
		  z.regions * (int64_t)(sizeof(struct regional) + 3 * sizeof(int64_t));
	z.bytes_a_thread = scratch_thread_bytes(&z);
	return z;
}

/* Rows of each region; its firms of department I come first. */
static void regions_bounded(struct world *w)
{
	for (int64_t r = 0; r <= w->regions; r++) {
		w->people_first[r] = even_split(w->people, r, w->regions);
		w->firms_first[r] = even_split(w->firms, r, w->regions);
	}
	for (int64_t r = 0; r < w->regions; r++)
		w->goods_first[r] =
			w->firms_first[r] +
			makers_among(&w->par, w->firms_first[r + 1] - w->firms_first[r]);
}

static void regions_laid_out(struct world *w)
{
	for (int64_t r = 0; r < w->regions; r++) {
		for (int64_t n = w->people_first[r]; n < w->people_first[r + 1]; n++)
			w->worker.region[n] = (uint16_t)r;
		for (int64_t j = w->firms_first[r]; j < w->firms_first[r + 1]; j++) {
			w->firm.region[j] = (uint16_t)r;
			w->firm.capital_goods[j] = j < w->goods_first[r];
		}
	}
}

/* Prices that cover cost and markup at the first wage, both departments (a fixed point). */
static void prices_started(struct world *w)
{
	const struct params *p = &w->par;
	double labour = p->population.initial_wage / p->production.initial_productivity;
	double factor = 1.0 + p->firms.markup;
	double wear = p->production.depreciation / p->production.normal_utilisation;
	double pk = factor * labour /
		    (1.0 - factor * p->production.capital_per_output_capital_goods * wear);

	w->pub.capital_price = pk;
	w->pub.price = factor * (labour + p->production.capital_per_output * wear * pk);
	w->pub.price_average = w->pub.price;
	for (int i = 0; i < 12; i++)
		w->pub.price_history[i] = w->pub.price;
}

static void published_started(struct world *w)
{
	const struct params *p = &w->par;
	struct published *pub = &w->pub;

	pub->productivity = p->production.initial_productivity;
	prices_started(w);
	pub->inflation = p->finance.inflation_target;
	pub->layoff_rate = 0.01;
	pub->job_to_job_rate = 0.01;
	pub->profit_rate = p->firms.entry_reference_return;
	pub->utilisation = pub->utilisation_slow = p->production.normal_utilisation;
	pub->unemployment = pub->unemployment_now = 1.0 - p->population.initial_employment;
	pub->productivity_real = pub->productivity_trend = 1.15 * 1.15 * pub->productivity;
	pub->wage = p->population.initial_wage;
	pub->periphery_wage = p->periphery.wage_ratio * pub->wage;
	pub->loan_rate = p->finance.loan_rate;
	for (int64_t r = 0; r < w->regions; r++)
		w->region[r] = (struct regional){0.3, pub->wage, 1.0, pub->unemployment};
}

uint8_t world_policy(const struct world *w, int64_t j)
{
	struct pcg32 g = rng_agent(rng_key(w->seed, DRAW_policy, 0), (uint64_t)j);
	double u = rng_unit(&g), sum = 0.0;
	int last = 0;

	for (int k = 0; k < POLICY_COUNT; k++) {
		if (w->par.mix[k] <= 0.0)
			continue;
		last = k;
		sum += w->par.mix[k];
		if (u < sum)
			break;
	}
	return (uint8_t)last;
}

static double weight_of(const struct world *w, int64_t j) /* 0.3 .. 1.7 */
{
	struct pcg32 g = rng_agent(rng_key(w->seed, DRAW_initial_firm, 0), (uint64_t)j);
	return 0.3 + 1.4 * rng_unit(&g);
}

/* A row of firms low .. high-1 drawn in proportion to weight, from their running sums: the first
 * whose running sum exceeds what u says. Mostly it lies near where it would if all weights were
 * equal. */
static uint32_t firm_by_weight(const double *sum, int64_t low, int64_t high, double u)
{
	enum { NEAR = 64 };
	double before = low > 0 ? sum[low - 1] : 0.0;
	double at = before + u * (sum[high - 1] - before);
	int64_t guess = low + (int64_t)(u * (double)(high - low));
	int64_t left = larger_i64(low, guess - NEAR), right = smaller_i64(high - 1, guess + NEAR);

	if (left > low && sum[left - 1] > at)
		left = low;
	if (right < high - 1 && sum[right] <= at)
		right = high - 1;
	while (left < right) {
		int64_t middle = left + (right - left) / 2;
		if (sum[middle] > at)
			right = middle;
		else
			left = middle + 1;
	}
	return (uint32_t)left;
}

/* Employer and seller in the own region where it has such firms, else anywhere. */
static void person_started(struct world *w, const double *sum, int64_t n)
{
	const struct params *p = &w->par;
	struct workers *x = &w->worker;
	struct pcg32 g = rng_agent(rng_key(w->seed, DRAW_initial_person, 0), (uint64_t)n);
	int64_t r = n < w->people ? x->region[n] : rng_below(&g, (uint32_t)w->regions);
	int64_t first = w->firms_first[r], goods = w->goods_first[r], end = w->firms_first[r + 1];
	bool core = n < w->people;
	bool employed = rng_unit(&g) < p->population.initial_employment;
	bool makes_machines = rng_unit(&g) < p->population.initial_capital_goods_staff &&
			      goods > first;
	double u = rng_unit(&g), v = rng_unit(&g);

	bool for_giant = w->giant >= 0 && rng_unit(&g) < p->giant.staff_share;

	x->skilled[n] = core && rng_unit(&g) < p->skills.initial_share;
	x->seller[n] = w->giant >= 0 && rng_unit(&g) < p->giant.staff_share
			       ? (uint32_t)w->giant : firm_by_weight(sum, goods, end, v);
	x->employer[n] = NO_FIRM;
	x->spell[n] = core && !employed ? 1 : 0;
	if (!core)
		return;
	x->last_pay[n] = (int64_t)p->population.initial_wage;
	x->cash[n] = (int64_t)(2.7 * p->population.initial_wage);
	if (employed) {
		x->employer[n] = for_giant        ? (uint32_t)w->giant
				 : makes_machines ? firm_by_weight(sum, first, goods, u)
						  : firm_by_weight(sum, goods, end, u);
		x->match[n] =
			firm_match(rng_key(w->seed, DRAW_match, 0), (uint64_t)n, x->employer[n]);
		par_add_i32(&w->firm.staff[x->employer[n]], 1, w->threads);
	}
}

static void people_started(struct world *w)
{
	double *sum;

	MEM_NEW(sum, w->firms, "weights");
	for (int64_t j = 0; j < w->firms; j++)
		sum[j] = (j > 0 ? sum[j - 1] : 0.0) + weight_of(w, j);
	PAR_ROWS(n, w->people + w->periphery, w->threads)
		person_started(w, sum, n);
	mem_free(sum);
	PAR_ROWS(n, w->people, w->threads)
		par_add(&w->firm.household_demand[w->worker.seller[n]],
			(int64_t)w->par.population.initial_wage, w->threads);
	world_recount(w);
}

static void firm_started(struct world *w, int64_t j)
{
	const struct params *p = &w->par;
	struct firms *f = &w->firm;
	struct pcg32 g = rng_agent(rng_key(w->seed, DRAW_initial_firm, 0), (uint64_t)j);
	double staff, output, pk = w->pub.capital_price;

	(void)rng_unit(&g); /* the weight */
	staff = f->staff[j];
	f->alive[j] = 1;
	f->age[j] = 12;
	f->policy[j] = world_policy(w, j);
	f->productivity[j] = clamp(1.0 + 0.05 * rng_normal(&g), 0.5, 2.0);
	f->wage[j] = p->population.initial_wage * (0.97 + 0.06 * rng_unit(&g));
	if (j == w->giant)
		f->wage[j] = p->giant.wage_ratio * p->population.initial_wage;
	f->markup[j] = firm_markup(w, j);
	f->price[j] = f->capital_goods[j] ? pk : w->pub.price;
	f->hours[j] = f->effort[j] = f->effort_normal[j] = 1.0;
	f->efficiency[j] = 1.0 + p->skills.premium * p->skills.initial_share;
	output = 0.97 * staff * w->pub.productivity * 1.15;
	f->demand_expected[j] = f->demand_slow[j] = f->output[j] = output;
	f->demand[j] = (int64_t)(output * f->price[j]);
	f->inventory[j] = p->firms.inventory_target * output;
	f->capital[j] = output * firm_capital_per_output(w, j) / p->production.normal_utilisation;
	f->fill[j] = 1.0;
	f->surplus[j] = f->wage[j];
	f->cash[j] = (int64_t)(p->finance.liquidity * staff * p->population.initial_wage);
	f->loan[j] = (int64_t)(0.15 * pk * f->capital[j]);
}

/* Owners' weights 1 / (0.02 + U): a few own most. Whole numbers that add up to 2^40. */
static void owners_started(struct world *w)
{
	struct rng_key key = rng_key(w->seed, DRAW_initial_owner, 0);
	int64_t total = (int64_t)(3.0 * w->par.population.initial_wage * (double)w->people);

	for (int64_t o = 0; o < w->owners; o++) {
		struct pcg32 g = rng_agent(key, (uint64_t)o);
		w->scratch->owner_part[o] = (int64_t)(0x1p30 / (0.02 + rng_unit(&g)));
	}
	money_apportion((int64_t)1 << 40, w->scratch->owner_part, w->owners, w->owner.weight, 1);
	money_apportion(total, w->owner.weight, w->owners, w->owner.cash, 1);
}

/* The state's debt is what all others own. */
static void ledger_started(struct world *w)
{
	int64_t sum = 0, loans = 0;

	for (int64_t c = 0; c < w->contractors; c++) {
		w->contractor.cash[c] = (int64_t)(5.0 * w->par.population.initial_wage);
		sum += w->contractor.cash[c];
	}
	for (int64_t j = 0; j < w->firms; j++) {
		loans += w->firm.loan[j];
		sum += w->firm.cash[j] - w->firm.loan[j];
	}
	w->ledger.bank = (int64_t)(w->par.finance.bank_capital * (double)loans);
	for (int64_t n = 0; n < w->people + w->periphery; n++)
		sum += w->worker.cash[n];
	for (int64_t o = 0; o < w->owners; o++)
		sum += w->owner.cash[o];
	w->ledger.state = -(sum + w->ledger.bank);
}

static struct world *world_allocated(const struct params *p, int threads)
{
	struct world_size z = world_size(p);
	struct world *w;

	MEM_NEW(w, 1, "world");
	w->par = *p;
	w->threads = threads;
	w->people = z.people;
	w->periphery = z.periphery;
	w->firms = z.firms;
	w->owners = z.owners;
	w->contractors = z.contractors;
	w->regions = z.regions;
	w->fault.agent = -1;
	w->giant = -1;
	MEM_NEW(w->people_first, w->regions + 1, "regions");
	MEM_NEW(w->firms_first, w->regions + 1, "regions");
	MEM_NEW(w->goods_first, w->regions, "regions");
	MEM_NEW(w->region, w->regions, "regions");
	regions_bounded(w);
	columns_new(w);
	w->scratch = scratch_new(w);
	return w;
}

struct world *world_new(const struct params *p, uint64_t seed, int64_t burn_in, int threads)
{
	struct world *w = world_allocated(p, threads);

	w->seed = seed;
	w->tick = -burn_in;
	regions_laid_out(w);
	if (p->giant.staff_share > 0.0)
		w->giant = w->firms_first[1] - 1; /* a slot of department II */
	published_started(w);
	people_started(w);
	PAR_ROWS(j, w->firms, w->threads)
		firm_started(w, j);
	for (int64_t j = 0; j < w->firms; j++) {
		w->pub.surplus += w->firm.surplus[j] * w->firm.staff[j];
	}
	w->pub.surplus /= (double)larger_i64(1, w->census.employed);
	owners_started(w);
	ledger_started(w);
	return w;
}

struct world *world_copy(const struct world *from)
{
	struct world *w = world_allocated(&from->par, from->threads);
	struct world fresh = *w;

	*w = *from;
	w->columns = fresh.columns;
	w->worker = fresh.worker;
	w->firm = fresh.firm;
	w->owner = fresh.owner;
	w->contractor = fresh.contractor;
	w->region = fresh.region;
	w->people_first = fresh.people_first;
	w->firms_first = fresh.firms_first;
	w->goods_first = fresh.goods_first;
	w->scratch = fresh.scratch;
	columns_copy(w, from);
	memcpy(w->region, from->region, sizeof(*w->region) * (size_t)w->regions);
	memcpy(w->people_first, from->people_first, sizeof(int64_t) * (size_t)(w->regions + 1));
	memcpy(w->firms_first, from->firms_first, sizeof(int64_t) * (size_t)(w->regions + 1));
	memcpy(w->goods_first, from->goods_first, sizeof(int64_t) * (size_t)w->regions);
	memcpy(w->scratch->reserve, from->scratch->reserve, sizeof(int64_t) * (size_t)w->regions);
	return w;
}

void world_free(struct world *w)
{
	if (!w)
		return;
	columns_free(w);
	scratch_free(w->scratch);
	mem_free(w->region);
	mem_free(w->people_first);
	mem_free(w->firms_first);
	mem_free(w->goods_first);
	mem_free(w);
}
