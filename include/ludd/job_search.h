/* Floor 2. How people look for posts and what these are worth to them (E25). */
#ifndef LUDD_JOB_SEARCH_H
#define LUDD_JOB_SEARCH_H

#include "ludd/scratch.h"

/* Fills scratch->value: what the posts of each firm are worth. */
void posts_valued(struct world *w);

/* Pay and the value of hours that person n would have at firm j. */
double pay_at(const struct world *w, int64_t n, int64_t j, uint16_t match);

struct job_search { /* of all people this month; posts are laid out in scratch->vacancy */
	const struct world *w;
	struct rng_key apply, match, hire;
	uint64_t near; /* draws below this look in the own region */
};
struct job_search job_search_opened(const struct world *w);

/* Writes the applications of block b whose lots may be called to its list, those of a person side
 * by side, and the lots to lot[], which has room for application_room + ROWS_SLACK; tells how
 * many. */
int32_t block_applies(const struct job_search *search, int64_t b, uint32_t *lot);

#endif
