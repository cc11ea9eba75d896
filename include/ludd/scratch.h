/* Floor 2. Arrays that every tick reuses; none of them is state. */
#ifndef LUDD_SCRATCH_H
#define LUDD_SCRATCH_H

#include "ludd/world.h"

struct tally { /* what one block of rows adds up; folded in block order */
	int64_t money[8];
	int64_t count[8];
	double real[8];
};

/* An application in one word: the firm, above it the row of its sender in its block, above that
 * its state (phase_hiring.c; 0 at first). */
static inline uint64_t application(uint32_t firm, uint16_t row)
{
	return (uint64_t)row << 32 | firm;
}
static inline uint32_t application_firm(uint64_t a) { return (uint32_t)a; }
static inline uint16_t application_row(uint64_t a) { return (uint16_t)(a >> 32); }

struct change { /* a person goes to another seller */
	uint32_t seller;
	uint16_t row; /* of the person in its block */
};

/* An order at a second seller; what it comes to has taken the place of the first. In six bytes. */
struct leftover {
	uint16_t seller_low, seller_high; /* or firms: none was found */
	uint16_t row; /* of the person in its block */
};
static inline struct leftover leftover(uint32_t seller, uint32_t row)
{
	return (struct leftover){(uint16_t)seller, (uint16_t)(seller >> 16), (uint16_t)row};
}
static inline uint32_t leftover_seller(struct leftover l)
{
	return (uint32_t)l.seller_high << 16 | l.seller_low;
}

struct large_order { /* that 32 bits do not hold */
	int64_t money; /* mills; then the part that goes to a second seller */
	uint32_t seller; /* the second; or firms: none was asked or found */
	uint16_t row; /* of the person in its block */
};

enum { GUIDE_CELLS = 4 }; /* more would seldom save a step, and leave the near caches */

struct maker { /* a firm of department I in business */
	uint32_t firm;
	double price;     /* mills/unit */
	double ration[2]; /* part of the orders served, by round */
};


struct pay_terms { /* of a firm, side by side: read at random */
	double wage, automation; /* as in the columns */
};

struct earned { /* by the staff of a firm, or by one person */
	int64_t wages;      /* mills */
	int64_t efficiency; /* 1/65536 */
};

/* An open post in one word: its firm, above it the highest lot with which one is listed. */
static inline uint64_t post(uint32_t firm, uint32_t last_lot)
{
	return (uint64_t)last_lot << 32 | firm;
}
static inline uint32_t post_firm(uint64_t post) { return (uint32_t)post; }
static inline uint32_t post_last_lot(uint64_t post) { return (uint32_t)(post >> 32); }

struct post_value { /* what a post of the firm is worth at an average match, mills/month */
	double by_skill[2]; /* to an unskilled, to a skilled person */
};

/* Room for lists of blocks of people. The blocks of a part (par.h) lay theirs down one behind the
 * other, so that of room for the worst month a usual one touches little, and that without gaps. */
struct shelf {
	char *room;
	int64_t block_bytes; /* at most */
	int64_t *first;      /* by block: bytes from the room's begin to its lists */
};

struct scratch {
#define ARRAY(type, name, ...) type *name;
#define MARKET(market, type, name, ...) type *name;
#include "ludd/scratch.def"
	void *room; /* of all these */
	/* Of a block of people first those whose firms dismiss, PAR_BLOCK at most; then its
	 * applications, application_room at most; then its orders, PAR_BLOCK of each at most:
	 * what they come to, changes of sellers, large ones. */
	struct shelf lists;
	struct shelf extras; /* lots of the applications; orders at second sellers, PAR_BLOCK */
	int64_t application_room;
	int64_t maker_count;
	int guide_shift; /* a cell of maker_guide holds 2^this draws */
	/* as long as the month needs */
	uint64_t *vacancy; /* every open post */
	uint64_t *list;    /* by firm: lots above, persons or applications below */
	int64_t vacancy_room, list_room;
	int64_t *sums;       /* SUMS * firms a thread but the first: see row_sum */
	int64_t sum_threads; /* for how many */
	struct histograms *histograms; /* one a thread: see distribution.h */
	int histogram_threads;
};

struct scratch *scratch_new(const struct world *w);
void scratch_free(struct scratch *s);
/* What it takes: arrays, and of room that follows the month's needs as much as is usual. */
int64_t scratch_bytes(const struct world_size *size);
int64_t scratch_thread_bytes(const struct world_size *size); /* for each thread but the first */

/* PAR_PARTS of blocks fill a shelf: shelf_opened gives the place of the part's first block, which
 * is noted with shelf_placed; what its lists took tells the place of the next. */
static inline int64_t shelf_opened(const struct shelf *s, int64_t first_block)
{
	return first_block * s->block_bytes;
}
static inline void shelf_placed(struct shelf *s, int64_t b, int64_t at) { s->first[b] = at; }
static inline int64_t shelf_next(int64_t at, int64_t bytes) { return at + (bytes + 63) / 64 * 64; }

/* The lists of block b. */
static inline uint64_t *scratch_applications(const struct scratch *s, int64_t b)
{
	return (uint64_t *)(void *)(s->lists.room + s->lists.first[b]);
}
static inline uint32_t *scratch_lots(const struct scratch *s, int64_t b)
{
	return (uint32_t *)(void *)(s->extras.room + s->extras.first[b]);
}
static inline uint64_t *scratch_staff(const struct scratch *s, int64_t b)
{
	return (uint64_t *)(void *)(s->lists.room + s->lists.first[b]);
}
static inline uint32_t *scratch_ordered(const struct scratch *s, int64_t b) /* mills; by row */
{
	return (uint32_t *)(void *)(s->lists.room + s->lists.first[b]);
}
static inline struct change *scratch_changes(const struct scratch *s, int64_t b)
{
	return (struct change *)(scratch_ordered(s, b) + PAR_BLOCK);
}
static inline struct large_order *scratch_large(const struct scratch *s, int64_t b)
{
	return (struct large_order *)(void *)(scratch_changes(s, b) + PAR_BLOCK);
}
static inline struct leftover *scratch_leftovers(const struct scratch *s, int64_t b)
{
	return (struct leftover *)(void *)(s->extras.room + s->extras.first[b]);
}

/* Makes room for n posts; keeps nothing. */
void scratch_vacancy_reserve(struct scratch *s, int64_t n);

/* Where this thread adds up by firm, maker and the like, in sum number `which` below SUMS: thread 0
 * in the array itself, the others in arrays of their own, which row_sum_fold adds to it and clears.
 * At most as many rows as there are firms. Sums of struct earned take 0 and 1 of them together. */
enum { SUMS = 3 };
void row_sums_reserve(struct world *w); /* by every phase that adds up, first */
static inline int64_t *row_sum(const struct world *w, int64_t *array, int which)
{
	int thread = w->threads > 1 ? par_thread() : 0;
	return thread == 0 ? array : w->scratch->sums + (SUMS * (thread - 1) + which) * w->firms;
}
static inline struct earned *row_earned(const struct world *w)
{
	return (struct earned *)row_sum(w, &w->scratch->earned->wages, 0);
}
void row_earned_fold(struct world *w);
void row_sum_fold(struct world *w, int64_t *array, int which, int64_t rows);

/* Lists by firm: PAR_PARTS count entries in lists_count, then lists_lay_out gives every firm its
 * stretch first[j] .. first[j+1]-1 of s->list, and the same parts write at list_place. */
void lists_begin(struct world *w);
int64_t *lists_count(const struct world *w, int64_t part); /* by firm; then its next places */
int64_t lists_lay_out(struct world *w); /* tells how many entries there are */
static inline uint64_t *list_place(const struct world *w, int64_t *next, uint32_t firm)
{
	return &w->scratch->list[next[firm]++];
}
/* When all is written: s->next[j] is first[j]. */
void lists_written(struct world *w);

/* The largest entry of a column of firms; at least 0. */
double firms_largest(struct world *w, const double *column);

/* Folds tally[0 .. blocks-1] in order. */
struct tally tally_sum(const struct tally *t, int64_t blocks);

/* Moves the k smallest (all different) to the front, in any order; 0 <= k <= n. */
void select_keys(uint64_t *key, int64_t n, int64_t k);

#endif
