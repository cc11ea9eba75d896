/* Where buyers turn whose seller was short of goods (E31): three fellow buyers are asked where they
 * shop, until one's seller had enough for all and has more. */
#include "ludd/orders.h"
#include "ludd/rng_rows.h"

static bool sells_again(const struct world *w, uint32_t j)
{
	uint32_t nobody = (uint32_t)w->firms; /* whose mark is 0 */
	return w->scratch->mark[j < nobody ? j : nobody] == SELLS_AGAIN;
}

enum { TRIES = 3, AT_ONCE = 256 }; /* AT_ONCE: people whose draws stay in the nearest cache */

uint32_t second_seller(const struct world *w, struct rng_key key, int64_t n)
{
	struct pcg32 g = rng_agent(key, (uint64_t)n);

	for (int i = 0; i < TRIES; i++) {
		uint32_t j = seller_of_another(w, &g, n);
		if (sells_again(w, j))
			return j;
	}
	return (uint32_t)w->firms;
}

/* The searches of some people of a chunk; all who are still looking take a step of a try
 * together. */
struct second_search {
	const struct world *w;
	struct grapevine heard;
	int open; /* still looking: rows who[0 .. open-1] of the arrays */
	uint16_t who[AT_ONCE + ROWS_SLACK];
	uint32_t draw[2 * TRIES][AT_ONCE];
	bool odd[AT_ONCE], any_odd; /* who must draw again: hardly anybody */
};

/* Whom those still looking ask, by two draws: rows of worker. */
static void buyers_asked(struct second_search *s, const uint32_t *where, const uint32_t *which,
			 int64_t *buyer)
{
	if (!rng_places(s->heard.buyers, where, which, s->open, buyer))
		return;
	for (int i = 0; i < s->open; i++) {
		bool again = buyer[i] < 0;
		s->any_odd |= again;
		s->odd[s->who[i]] |= again;
		buyer[i] = either_i64(again, 0, buyer[i]);
	}
}

/* The sellers of those who are asked. Tells how many of these do not sell again, and which. */
static int sellers_heard(const struct second_search *s, const int64_t *restrict buyer,
			 uint32_t *restrict seller, uint16_t *row)
{
	const uint8_t *mark = s->w->scratch->mark;
	const uint32_t *of = s->w->worker.seller;
	uint32_t nobody = (uint32_t)s->w->firms;
	uint8_t fails[AT_ONCE];

	for (int i = 0; i < s->open; i++) {
		uint32_t j = of[buyer[i]];
		seller[i] = j < nobody ? j : nobody;
	}
	for (int i = 0; i < s->open; i++)
		fails[i] = mark[seller[i]] != SELLS_AGAIN;
	return rows_where(fails, s->open, row);
}

/* The first try, of all. */
static void first_tried(struct second_search *s, int count, uint32_t *seller)
{
	int64_t buyer[AT_ONCE];

	s->open = count;
	s->any_odd = false;
	for (int k = 0; k < count; k++) {
		s->who[k] = (uint16_t)k;
		s->odd[k] = false;
	}
	buyers_asked(s, s->draw[0], s->draw[s->heard.step - 1], buyer);
	s->open = sellers_heard(s, buyer, seller, s->who);
}

/* Another, of those still looking. */
static void next_tried(struct second_search *s, int try, uint32_t *restrict seller)
{
	const uint32_t *where = s->draw[s->heard.step * try];
	const uint32_t *which = s->draw[s->heard.step * (try + 1) - 1];
	uint32_t place[2][AT_ONCE], found[AT_ONCE];
	uint16_t left[AT_ONCE + ROWS_SLACK], *who = s->who;
	int64_t buyer[AT_ONCE];
	int still;

	for (int i = 0; i < s->open; i++) {
		place[0][i] = where[who[i]];
		place[1][i] = which[who[i]];
	}
	buyers_asked(s, place[0], place[1], buyer);
	still = sellers_heard(s, buyer, found, left);
	for (int i = 0; i < s->open; i++)
		seller[who[i]] = found[i];
	for (int i = 0; i < still; i++)
		who[i] = who[left[i]];
	s->open = still;
}

static void some_second_sellers(const struct world *w, struct rng_key key, int64_t first,
				const uint16_t *row, int count, uint32_t *seller)
{
	struct second_search s;
	uint32_t *draws[2 * TRIES];

	s.w = w;
	s.heard = grapevine_of(w, first);
	for (int k = 0; k < 2 * TRIES; k++)
		draws[k] = s.draw[k];
	rng_rows_chosen(key, (uint64_t)first, row, count, TRIES * s.heard.step, draws);
	first_tried(&s, count, seller);
	for (int try = 1; try < TRIES; try++)
		next_tried(&s, try, seller);
	for (int i = 0; i < s.open; i++)
		seller[s.who[i]] = (uint32_t)w->firms;
	for (int k = 0; s.any_odd && k < count; k++)
		if (s.odd[k])
			seller[k] = second_seller(w, key, first + row[k]);
}

void second_sellers(const struct world *w, struct rng_key key, int64_t first, const uint16_t *row,
		    int count, uint32_t *seller)
{
	for (int from = 0; from < count; from += AT_ONCE)
		some_second_sellers(w, key, first, &row[from],
				    (int)smaller_i64(AT_ONCE, count - from), &seller[from]);
}
