/* How buyers find sellers (E31): through a fellow buyer, so in proportion to custom, or by chance.
 * Buyers judge by last month's prices and shortages. Everything here only reads. */
#include "ludd/shopping.h"

#include "ludd/rng_rows.h"

enum { CHUNK = SHOPPING_CHUNK };

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

/* Of whom and of which firm a chunk's people hear: seller_of_another and seller_at_random with
 * draws made in advance. People of the core look in their region first; a chunk lies in one. */
struct grapevine {
	const struct world *w;
	int64_t first;          /* row of the chunk's first person */
	int step;               /* draws a search takes */
	struct rng_look buyers; /* rows of worker */
	struct rng_look sellers; /* places in scratch->sellers */
};

static struct grapevine grapevine_of(const struct world *w, int64_t first)
{
	bool regional = first < w->people && w->regions > 1;
	uint64_t near = regional ? rng_limit(w->par.households.local_search) : 0;
	uint16_t r = first < w->people ? w->worker.region[first] : 0;
	const int64_t *people = &w->people_first[r], *sellers = &w->scratch->sellers_first[r];

	return (struct grapevine){
		.w = w,
		.first = first,
		.step = regional ? 2 : 1,
		.buyers = {near, people[0], people[1] - people[0], w->people + w->periphery},
		.sellers = {near, sellers[0], sellers[1] - sellers[0],
			    w->scratch->sellers_first[w->regions]},
	};
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

/* The sellers that lookers of a chunk hear of or come across; NO_SELLER where the search has to be
 * made one by one. */
static void sellers_found(const struct world *w, int64_t first, const uint16_t *row, int count,
			  uint32_t draw[LOOK_DRAWS][CHUNK], uint32_t *other)
{
	struct grapevine heard = grapevine_of(w, first);
	uint64_t explores = rng_limit(w->par.households.exploration);
	const uint32_t *where = draw[2], *which = draw[1 + heard.step];
	const uint32_t *entry[CHUNK];
	int64_t buyer[CHUNK], met[CHUNK];

	rng_places(heard.buyers, where, which, count, buyer);
	rng_places(heard.sellers, where, which, count, met);
	for (int k = 0; k < count; k++) {
		bool explore = draw[1][k] < explores;
		int64_t at = explore ? met[k] : buyer[k];
		const uint32_t *from = explore ? w->scratch->sellers : w->worker.seller;
		entry[k] = at < 0 ? NULL : &from[at];
		fetch(entry[k]);
	}
	for (int k = 0; k < count; k++) {
		other[k] = entry[k] ? *entry[k] : NO_SELLER;
		if (other[k] != NO_SELLER) {
			fetch(&w->firm.price_before[other[k]]);
			fetch(&w->firm.fill[other[k]]);
			fetch(&w->firm.alive[other[k]]);
		}
		fetch(&w->firm.price_before[w->worker.seller[first + row[k]]]);
		fetch(&w->firm.fill[w->worker.seller[first + row[k]]]);
	}
}

/* seller_looked_for for a chunk: who changes, and to whom. */
int sellers_changed(const struct world *w, struct rng_key key, int64_t first, int count,
		    struct change *changes)
{
	const struct params *p = &w->par;
	const uint32_t *seller = &w->worker.seller[first];
	uint32_t draw[LOOK_DRAWS][CHUNK], *draws[LOOK_DRAWS], other[CHUNK];
	int step = grapevine_of(w, first).step;
	const uint32_t *compare = draw[2 + step], *churn = draw[3 + step];
	uint16_t row[CHUNK];
	int changed = 0;

	count = lookers_found(w, key, first, count, row);
	for (int k = 0; k < LOOK_DRAWS; k++)
		draws[k] = draw[k];
	rng_rows_chosen(key, (uint64_t)first, row, count, 4 + step, draws);
	sellers_found(w, first, row, count, draw, other);
	for (int k = 0; k < count; k++) {
		uint32_t own = seller[row[k]], next = own;
		if (other[k] == NO_SELLER || !in_business(w, own))
			next = seller_looked_for(w, key, first + row[k]);
		else if (other[k] != own && in_business(w, other[k]) &&
			 (compare[k] * 0x1p-32 < switch_chance(w, own, other[k]) ||
			  churn[k] * 0x1p-32 * p->households.search < p->households.churn))
			next = other[k];
		changes[changed] = (struct change){next, (uint16_t)(first % PAR_BLOCK + row[k])};
		changed += next != own;
	}
	return changed;
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

/* One try of the rows `left` of a chunk; those that fail are left again. */
static int sellers_tried(const struct grapevine *heard, struct rng_key key, const uint16_t *row,
			 const int64_t *buyer, uint16_t *left, int count, uint32_t *other)
{
	const struct world *w = heard->w;
	int failed = 0;

	for (int i = 0; i < count; i++)
		fetch(&w->worker.seller[larger_i64(0, buyer[left[i]])]);
	for (int i = 0; i < count; i++) {
		int k = left[i];
		bool sells;
		if (buyer[k] < 0) { /* hardly ever */
			other[k] = second_seller(w, key, heard->first + row[k]);
			continue;
		}
		other[k] = w->worker.seller[buyer[k]];
		sells = sells_again(w, other[k]);
		other[k] |= (uint32_t)sells - 1; /* it or NO_SELLER */
		left[failed] = (uint16_t)k;
		failed += !sells;
	}
	return failed;
}

/* second_seller for `count` rows of a chunk. */
void second_sellers(const struct world *w, struct rng_key key, int64_t first, const uint16_t *row,
		    int count, uint32_t *other)
{
	struct grapevine heard = grapevine_of(w, first);
	uint32_t draw[2 * TRIES][CHUNK], *draws[2 * TRIES];
	uint16_t left[CHUNK];
	int tried = count;

	for (int k = 0; k < 2 * TRIES; k++)
		draws[k] = draw[k];
	rng_rows_chosen(key, (uint64_t)first, row, count, heard.step * TRIES, draws);
	for (int k = 0; k < count; k++)
		left[k] = (uint16_t)k;
	for (int try = 0; try < TRIES; try++) {
		int64_t buyer[CHUNK];
		rng_places(heard.buyers, draw[heard.step * try], draw[heard.step * (try + 1) - 1],
			   count, buyer);
		tried = sellers_tried(&heard, key, row, buyer, left, tried, other);
	}
}
