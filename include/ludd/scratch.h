/* Floor 2. Arrays that every tick reuses; none of them is state. */
#ifndef LUDD_SCRATCH_H
#define LUDD_SCRATCH_H

#include "ludd/world.h"

struct tally { /* what one block of rows adds up; folded in block order */
	int64_t money[8];
	int64_t count[8];
	double real[8];
};

struct application {
	uint32_t firm;
	uint16_t row; /* of the person in its block */
	uint8_t state;
};

struct leftover { /* what a buyer's seller could not serve, ordered elsewhere */
	int64_t money; /* mills */
	uint32_t seller;
	uint16_t row; /* of the person in its block */
};

enum { GUIDE_CELLS = 4 };

struct maker { /* a firm of department I in business */
	uint32_t firm;
	double price; /* mills/unit */
};

struct post_value { /* what a post of the firm is worth at an average match, mills/month */
	double by_skill[2]; /* to an unskilled, to a skilled person */
};

struct scratch {
	struct tally *tally;    /* one a block of people, periphery or firms */
	uint32_t *seller_next;  /* people + periphery */
	/* a segment of a block of people holds its applications, application_room at most, and later
	 * its leftovers, PAR_BLOCK at most */
	void *segments;
	int64_t segment_bytes;
	int32_t *leftovers;     /* how many in a block's segment */
	/* hiring */
	struct post_value *value; /* firms */
	int32_t *applications;  /* how many in a block's segment */
	int64_t application_room;
	uint32_t *vacancy;      /* firm of every open post */
	int64_t vacancy_room;
	int64_t *vacancy_first; /* regions + 1 */
	uint8_t *mark;          /* firms + 1: one of those the loop at hand is about; the last is for
	                           people without a firm */
	/* lists by firm: entries first[j] .. first[j+1]-1 */
	int64_t *first, *next;  /* firms + 1; firms: next free place, then cursor */
	uint64_t *list;
	int64_t list_room;
	int64_t *sums;          /* 2 * firms a thread but the first: see firm_sum */
	int64_t sum_threads;    /* for how many */
	/* goods market: firms of department II in business, by region */
	uint32_t *sellers;
	int64_t *sellers_first; /* regions + 1 */
	int64_t *seats;         /* firms: state's demand */
	int64_t *owners_seats;  /* firms: owners' demand */
	/* machines market */
	struct maker *makers;   /* firms of department I in business */
	int64_t *maker_weight;  /* sum of the offers before, one more than makers */
	uint32_t *maker_guide;  /* GUIDE_CELLS a maker: where to start looking */
	uint32_t *supplier;     /* 4 a firm */
	int64_t *part;          /* 4 a firm: money of a part, then what was not served */
	int64_t maker_count;
	/* owners */
	int64_t *owner_part;
	/* regions */
	int64_t *reserve, *separated, *hired; /* heads this tick */
	uint32_t *entrants;
};

struct scratch *scratch_new(const struct world *w);
void scratch_free(struct scratch *s);
int64_t scratch_bytes(const struct world_size *size, const struct params *p);

/* Applications, and leftovers, of block b. */
static inline struct application *scratch_applications(const struct scratch *s, int64_t b)
{
	return (struct application *)((char *)s->segments + b * s->segment_bytes);
}
static inline struct leftover *scratch_leftovers(const struct scratch *s, int64_t b)
{
	return (struct leftover *)((char *)s->segments + b * s->segment_bytes);
}

/* Makes room for n entries; keeps nothing. */
void scratch_list_reserve(struct scratch *s, int64_t n);
void scratch_vacancy_reserve(struct scratch *s, int64_t n);

/* Where this thread adds up by firm, in sum number `which` (0 or 1): thread 0 in the column itself,
 * the others in arrays of their own, which firm_sum_fold adds to the column and clears. */
void firm_sums_reserve(struct world *w); /* before the first; done by every phase that adds up */
static inline int64_t *firm_sum(const struct world *w, int64_t *column, int which)
{
	int thread = w->threads > 1 ? par_thread() : 0;
	return thread == 0 ? column : w->scratch->sums + (2 * (thread - 1) + which) * w->firms;
}
void firm_sum_fold(struct world *w, int64_t *column, int which);

/* Folds tally[0 .. blocks-1] in order. */
struct tally tally_sum(const struct tally *t, int64_t blocks);

/* Ascending, in place. */
void sort_keys(uint64_t *key, int64_t n);
/* Moves the k smallest (all different) to the front, in any order; 0 <= k <= n. */
void select_keys(uint64_t *key, int64_t n, int64_t k);

#endif
