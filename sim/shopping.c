/* How buyers find sellers (E31): through a fellow buyer, so in proportion to custom, or by chance.
 * Buyers judge by last month's prices and shortages. Everything here only reads. */
#include "ludd/shopping.h"

#include "ludd/rng_rows.h"
#include "ludd/vector.h"

enum { CHUNK = SHOPPING_CHUNK };

void sellers_listed(struct world *w)
{
	struct scratch *s = w->scratch;
	int64_t count = 0;

	PAR_ROWS(r, w->regions, w->threads) {
		int64_t here = 0;
		for (int64_t j = w->goods_first[r]; j < w->firms_first[r + 1]; j++)
			here += w->firm.alive[j];
		s->sellers_first[r] = here;
	}
	for (int64_t r = 0; r < w->regions; r++) {
		int64_t here = s->sellers_first[r];
		s->sellers_first[r] = count;
		count += here;
	}
	s->sellers_first[w->regions] = count;
	PAR_ROWS(r, w->regions, w->threads) {
		uint32_t *next = &s->sellers[s->sellers_first[r]];
		for (int64_t j = w->goods_first[r]; j < w->firms_first[r + 1]; j++)
			if (w->firm.alive[j])
				*next++ = (uint32_t)j;
	}
}

static bool searches_locally(const struct world *w, struct pcg32 *g, int64_t n)
{
	return n < w->people && w->regions > 1 && rng_unit(g) < w->par.households.local_search;
}

uint32_t seller_of_another(const struct world *w, struct pcg32 *g, int64_t n)
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

struct manners { /* of all who look around */
	double price_sensitivity, stockout_sensitivity, search, churn;
};

static struct manners manners_of(const struct world *w)
{
	const struct params *p = &w->par;

	return (struct manners){p->households.price_sensitivity,
				p->households.stockout_sensitivity, p->households.search,
				p->households.churn};
}

struct offer { /* of a seller last month */
	double price, fill;
};

static struct offer offer_of(const struct world *w, uint32_t seller)
{
	return (struct offer){w->firm.price_before[seller], w->firm.fill[seller]};
}

/* E31: whether two draws lead from `own` to `other`: by price and by how much was served last
 * month, or now and then without a reason. */
static inline bool changes(struct manners m, struct offer own, struct offer other, double compare,
			   double churn)
{
	double cheaper = (own.price - other.price) / own.price;
	double chance = m.price_sensitivity * larger(0.0, cheaper);
	double supplied = chance + m.stockout_sensitivity * (other.fill - own.fill);

	chance = own.fill < 0.98 ? supplied : chance;
	return (compare < chance) | (churn * m.search < m.churn);
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
	double compare;

	if (other == own || !in_business(w, other))
		return own;
	compare = rng_unit(g);
	return changes(manners_of(w), offer_of(w, own), offer_of(w, other), compare, rng_unit(g))
		       ? other
		       : own;
}

struct grapevine grapevine_of(const struct world *w, int64_t first)
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

VECTOR_BODY looks_body(int count, const uint32_t *restrict draw, uint64_t search,
		       uint8_t *restrict flag)
{
	for (int i = 0; i < count; i++)
		flag[i] = (draw[i] < search) | (flag[i] ^ 1);
}

VECTOR_VERSIONS(looks, (int count, const uint32_t *draw, uint64_t search, uint8_t *flag), count,
		draw, search, flag)

/* Who looks around this month, or has to: rows of the chunk. */
static int lookers_found(const struct world *w, struct rng_key key, int64_t first, int count,
			 uint16_t *row)
{
	const uint32_t *seller = &w->worker.seller[first];
	uint64_t search = rng_threshold(w->par.households.search);
	const uint8_t *alive = w->firm.alive;
	uint32_t draw[CHUNK];
	uint8_t flag[CHUNK];

	rng_rows(key, (uint64_t)first, count, draw);
	for (int i = 0; i < count; i++)
		flag[i] = alive[seller[i]];
	VECTOR_CALL(looks, count, draw, search, flag);
	return rows_where(flag, count, row);
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

/* Finds the lookers and where they look: entries of worker.seller or scratch->sellers, whose memory
 * is asked for; NULL where the search has to be made one by one. */
void sellers_asked(const struct world *w, struct rng_key key, int64_t first, int count,
		   struct lookers *l)
{
	struct grapevine heard = grapevine_of(w, first);
	uint64_t explores = rng_limit(w->par.households.exploration);
	const uint32_t *where = l->draw[2], *which = l->draw[1 + heard.step];
	const uint32_t *const table[] = {w->worker.seller, w->scratch->sellers};
	uint32_t *draws[LOOK_DRAWS];
	int64_t place[2][CHUNK]; /* of buyers, of sellers */

	l->key = key;
	l->first = first;
	l->step = heard.step;
	l->count = lookers_found(w, key, first, count, l->row);
	for (int k = 0; k < LOOK_DRAWS; k++)
		draws[k] = l->draw[k];
	rng_rows_chosen(key, (uint64_t)first, l->row, l->count, 4 + heard.step, draws);
	rng_places(heard.buyers, where, which, l->count, place[0]);
	rng_places(heard.sellers, where, which, l->count, place[1]);
	for (int k = 0; k < l->count; k++) {
		bool explore = l->draw[1][k] < explores;
		int64_t at = place[explore][k];
		l->own[k] = w->worker.seller[first + l->row[k]];
		l->entry[k] = at < 0 || !w->firm.alive[l->own[k]] ? NULL : &table[explore][at];
		fetch(l->entry[k]);
		fetch(&w->firm.price_before[l->own[k]]);
		fetch(&w->firm.fill[l->own[k]]);
	}
}

struct offers { /* as struct offer, of the sellers of many */
	double price[CHUNK], fill[CHUNK];
};

/* stays[k]: 0 who changes, else 1 */
VECTOR_BODY stays_body(int count, const struct offers *restrict own,
		       const struct offers *restrict other, const uint32_t *restrict compare,
		       const uint32_t *restrict churn, struct manners m, uint32_t *restrict stays)
{
	for (int k = 0; k < count; k++) {
		struct offer here = {own->price[k], own->fill[k]};
		struct offer there = {other->price[k], other->fill[k]};
		stays[k] = !changes(m, here, there, compare[k] * 0x1p-32, churn[k] * 0x1p-32);
	}
}

VECTOR_VERSIONS(stays,
		(int count, const struct offers *own, const struct offers *other,
		 const uint32_t *compare, const uint32_t *churn, struct manners m,
		 uint32_t *stays),
		count, own, other, compare, churn, m, stays)

static void offers_taken(const struct world *w, const uint32_t *seller, int count,
			 struct offers *offers)
{
	rows_take(w->firm.price_before, 1, seller, count, offers->price);
	rows_take(w->firm.fill, 1, seller, count, offers->fill);
}

/* The sellers that lookers hear of or come across; NO_SELLER where the search has to be made one by
 * one. */
static void answers_heard(const struct world *w, const struct lookers *l, uint32_t *other)
{
	for (int k = 0; k < l->count; k++) {
		other[k] = l->entry[k] ? *l->entry[k] : NO_SELLER;
		if (other[k] == NO_SELLER)
			continue;
		fetch(&w->firm.price_before[other[k]]);
		fetch(&w->firm.fill[other[k]]);
		fetch(&w->firm.alive[other[k]]);
	}
}

/* seller_looked_for for all lookers: who changes, and to whom. */
int sellers_changed(const struct world *w, const struct lookers *l, struct change *changes)
{
	uint32_t other[CHUNK], stays[CHUNK];
	const uint32_t *compare = l->draw[2 + l->step], *churn = l->draw[3 + l->step];
	struct offers own_offers, other_offers;
	uint16_t some[CHUNK + ROWS_SLACK];
	int changed = 0, count;

	answers_heard(w, l, other);
	offers_taken(w, l->own, l->count, &own_offers);
	offers_taken(w, other, l->count, &other_offers);
	VECTOR_CALL(stays, l->count, &own_offers, &other_offers, compare, churn, manners_of(w),
		    stays);
	for (int k = 0; k < l->count; k++)
		stays[k] &= other[k] != NO_SELLER;
	count = rows_below(stays, 1, l->count, some);
	for (int i = 0; i < count; i++) {
		int k = some[i];
		uint32_t own = l->own[k], next = other[k];
		if (next == NO_SELLER)
			next = seller_looked_for(w, l->key, l->first + l->row[k]);
		else if (!in_business(w, next))
			next = own;
		changes[changed] = (struct change){
			next, (uint16_t)(l->first % PAR_BLOCK + l->row[k])};
		changed += next != own;
	}
	return changed;
}
