/* Floor 2. How buyers find sellers; reads last month's sellers, prices and shortages. Rows come in
 * chunks: what of a block lies in one region, or in the periphery. */
#ifndef LUDD_SHOPPING_H
#define LUDD_SHOPPING_H

#include "ludd/rng_rows.h"
#include "ludd/rows.h"
#include "ludd/scratch.h"

#define NO_SELLER UINT32_MAX

enum { SHOPPING_CHUNK = PAR_BLOCK }; /* at most */

/* Fills scratch->sellers: firms of department II in business, by region. */
void sellers_listed(struct world *w);

enum { LOOK_DRAWS = 6 }; /* to look; explore; where, which; price; churn */

struct lookers { /* of a chunk, and where they look: what comes between asking and deciding */
	struct rng_key key;
	int64_t first;
	int count, step; /* step: draws a search takes */
	uint16_t row[SHOPPING_CHUNK + ROWS_SLACK];
	uint32_t own[SHOPPING_CHUNK], draw[LOOK_DRAWS][SHOPPING_CHUNK];
	const uint32_t *entry[SHOPPING_CHUNK];
};

/* Who of the chunk looks around this month, and where; asks for the memory. There is at least one
 * seller in business. */
void sellers_asked(const struct world *w, struct rng_key key, int64_t first, int count,
		   struct lookers *l);

/* Who of them changes sellers, in order of row; tells how many. */
int sellers_changed(const struct world *w, const struct lookers *l, struct change *changes);

/* Last month's seller of a buyer drawn at random: firms are found in proportion to their custom. */
uint32_t seller_of_another(const struct world *w, struct pcg32 *g, int64_t n);

/* Of whom and of which firm a chunk's people hear, by draws made in advance. People of the core
 * look in their region first; a chunk lies in one. */
struct grapevine {
	const struct world *w;
	int64_t first;           /* row of the chunk's first person */
	int step;                /* draws a search takes */
	struct rng_look buyers;  /* rows of worker */
	struct rng_look sellers; /* places in scratch->sellers */
};
struct grapevine grapevine_of(const struct world *w, int64_t first);

/* Where person n looks for what its seller could not serve: a firm marked SELLS_AGAIN (orders.h),
 * or firms: none was found in three tries. */
uint32_t second_seller(const struct world *w, struct rng_key key, int64_t n);

/* The same for `count` rows of a chunk. */
void second_sellers(const struct world *w, struct rng_key key, int64_t first, const uint16_t *row,
		    int count, uint32_t *seller);

#endif
