#include "ludd/scratch.h"

#include <string.h>

#include "ludd/distribution.h"
#include "ludd/mem.h"
#include "ludd/rows.h"

struct scratch_counts {
	int64_t people_blocks, blocks, firms, makers, owners, regions;
};

static struct scratch_counts counts_of(const struct world_size *z)
{
	return (struct scratch_counts){
		.people_blocks = par_blocks(z->people + z->periphery),
		.blocks = larger_i64(par_blocks(larger_i64(z->people + z->periphery, z->owners)),
				     par_strips(z->firms)),
		.firms = z->firms,
		.makers = z->makers,
		.owners = z->owners,
		.regions = z->regions,
	};
}

/* Places a block of people needs for its applications: all out of work, or all looking
 * elsewhere. */
static int64_t application_room(const struct params *p)
{
	return PAR_BLOCK * larger_i64(1, p->labour.applications);
}

static int64_t list_bytes(const struct params *p)
{
	int64_t applications = (application_room(p) + ROWS_SLACK) * (int64_t)sizeof(uint64_t);
	int64_t orders = PAR_BLOCK * (int64_t)(sizeof(uint32_t) + sizeof(struct change) +
					       sizeof(struct large_order));

	return larger_i64(applications, orders);
}

static int64_t extra_bytes(const struct params *p)
{
	int64_t lots = (application_room(p) + ROWS_SLACK) * (int64_t)sizeof(uint32_t);

	return larger_i64(lots, PAR_BLOCK * (int64_t)sizeof(struct leftover));
}

/* Pages of 2 MiB are asked for where what a part leaves unused of its last ones does not count. */
static bool shelves_large(int64_t people_blocks) { return people_blocks >= 4096; }

static struct shelf shelf_new(int64_t blocks, int64_t block_bytes, int64_t *first)
{
	struct shelf s = {.block_bytes = shelf_next(0, block_bytes), .first = first};

	s.room = shelves_large(blocks)
			 ? mem_new((size_t)blocks, (size_t)s.block_bytes, "lists")
			 : mem_reserve((size_t)blocks, (size_t)s.block_bytes, "lists");
	return s;
}

/* Gives each array its place in the room that all share (NULL: none yet), as columns have theirs:
 * the arrays that stay, then those of the markets, each market from the same place on. Tells how
 * large the room must be. */
static size_t arrays_laid_out(struct scratch *s, struct scratch_counts n, char *room)
{
	enum { labour, pay, goods, machines, firms, MARKETS };
	size_t stay = 0, used[MARKETS] = {0}, most = 0;

	if (room)
		room = mem_first_line(room);
#define ARRAY(type, name, count, doc)                                 \
	s->name = (type *)(void *)(room ? room + stay : NULL);        \
	stay += mem_line_apart(sizeof(type) * (size_t)(count));
#include "ludd/scratch.def"
#define MARKET(market, type, name, count, doc)                                       \
	s->name = (type *)(void *)(room ? room + stay + used[market] : NULL);        \
	used[market] += mem_line_apart(sizeof(type) * (size_t)(count));
#include "ludd/scratch.def"
	for (int i = 0; i < MARKETS; i++)
		most = used[i] > most ? used[i] : most;
	return stay + most + 64;
}

struct scratch *scratch_new(const struct world *w)
{
	struct world_size z = world_size(&w->par);
	struct scratch_counts n = counts_of(&z);
	struct scratch *s;

	MEM_NEW(s, 1, "scratch");
	s->room = mem_new(1, arrays_laid_out(s, n, NULL), "scratch");
	arrays_laid_out(s, n, s->room);
	s->application_room = application_room(&w->par);
	s->lists = shelf_new(n.people_blocks, list_bytes(&w->par), s->lists_first);
	s->extras = shelf_new(n.people_blocks, extra_bytes(&w->par), s->extras_first);
	return s;
}

void scratch_free(struct scratch *s)
{
	mem_free(s->room);
	mem_free(s->lists.room);
	mem_free(s->extras.room);
	mem_free(s->vacancy);
	mem_free(s->list);
	mem_free(s->sums);
	mem_free(s->histograms);
	mem_free(s);
}

/* Of room that is reserved for the worst month a usual one touches a part: about 0.3 applications
 * (their list too) and 0.04 posts a person, what people order, and 0.5 orders at second sellers. */
static int64_t usual_bytes(const struct world_size *z)
{
	double people = (double)z->people, all = (double)(z->people + z->periphery);
	double orders = sizeof(uint32_t) + 0.03 * sizeof(struct change);
	double second = 0.5 * sizeof(struct leftover);

	return (int64_t)(people * (0.3 * sizeof(uint64_t) + 0.04 * sizeof(uint64_t)) +
			 all * (orders + second));
}

int64_t scratch_bytes(const struct world_size *z)
{
	struct scratch_counts n = counts_of(z);
	struct scratch s;

	return (int64_t)arrays_laid_out(&s, n, NULL) + usual_bytes(z) + distribution_bytes();
}

int64_t scratch_thread_bytes(const struct world_size *z)
{
	return SUMS * (int64_t)sizeof(int64_t) * z->firms + distribution_bytes();
}

void scratch_vacancy_reserve(struct scratch *s, int64_t n)
{
	if (n <= s->vacancy_room)
		return;
	s->vacancy_room = n + n / 4;
	mem_free(s->vacancy);
	s->vacancy = mem_new((size_t)s->vacancy_room, sizeof(*s->vacancy), "vacancies");
}

void row_sums_reserve(struct world *w)
{
	struct scratch *s = w->scratch;

	if (w->threads - 1 <= s->sum_threads)
		return;
	mem_free(s->sums);
	s->sum_threads = w->threads - 1;
	MEM_NEW(s->sums, SUMS * s->sum_threads * w->firms, "sums by thread");
}

void lists_begin(struct world *w)
{
	row_sums_reserve(w);
	PAR_LIGHT(j, w->firms, w->threads)
		w->scratch->next[j] = 0;
}

int64_t *lists_count(const struct world *w, int64_t part)
{
	return part == 0 ? w->scratch->next : w->scratch->sums + SUMS * (part - 1) * w->firms;
}

static void list_reserve(struct scratch *s, int64_t n)
{
	if (n <= s->list_room)
		return;
	s->list_room = n + n / 4;
	mem_free(s->list);
	s->list = mem_new((size_t)s->list_room, sizeof(*s->list), "lists");
}

/* Entries of all parts at the firms of strip b. */
static int64_t strip_counted(const struct world *w, int64_t b)
{
	int64_t sum = 0;

	for (int part = 0; part < w->threads; part++) {
		const int64_t *count = lists_count(w, part);
		STRIP_ROWS(j, b, w->firms)
			sum += count[j];
	}
	return sum;
}

static void strip_laid_out(struct world *w, int64_t b, int64_t total)
{
	STRIP_ROWS(j, b, w->firms) {
		w->scratch->first[j] = total;
		for (int part = 0; part < w->threads; part++) {
			int64_t *next = &lists_count(w, part)[j], count = *next;
			*next = total;
			total += count;
		}
	}
}

int64_t lists_lay_out(struct world *w)
{
	struct scratch *s = w->scratch;
	int64_t total = 0;

	PAR_STRIPS(b, w->firms, w->threads)
		s->tally[b].count[0] = strip_counted(w, b);
	for (int64_t b = 0; b < par_strips(w->firms); b++) {
		int64_t count = s->tally[b].count[0];
		s->tally[b].count[0] = total;
		total += count;
	}
	PAR_STRIPS(b, w->firms, w->threads)
		strip_laid_out(w, b, s->tally[b].count[0]);
	s->first[w->firms] = total;
	list_reserve(s, total);
	return total;
}

void lists_written(struct world *w)
{
	struct scratch *s = w->scratch;

	PAR_LIGHT(j, w->firms, w->threads) {
		s->next[j] = s->first[j];
		for (int part = 1; part < w->threads; part++)
			lists_count(w, part)[j] = 0;
	}
}

void row_sum_fold(struct world *w, int64_t *array, int which, int64_t rows)
{
	if (w->threads == 1)
		return;
	PAR_LIGHT(j, rows, w->threads) {
		for (int t = 0; t < w->threads - 1; t++) {
			int64_t *sum = &w->scratch->sums[(SUMS * t + which) * w->firms + j];
			array[j] += *sum;
			*sum = 0;
		}
	}
}

void row_earned_fold(struct world *w)
{
	if (w->threads == 1)
		return;
	PAR_LIGHT(j, w->firms, w->threads) {
		struct earned *all = &w->scratch->earned[j];
		for (int t = 0; t < w->threads - 1; t++) {
			int64_t *sum = &w->scratch->sums[SUMS * t * w->firms + 2 * j];
			all->wages += sum[0];
			all->efficiency += sum[1];
			sum[0] = sum[1] = 0;
		}
	}
}

double firms_largest(struct world *w, const double *column)
{
	double most = 0.0;

	PAR_STRIPS(b, w->firms, w->threads) {
		double here = 0.0;
		STRIP_ROWS(j, b, w->firms)
			here = larger(here, column[j]);
		w->scratch->tally[b] = (struct tally){.real = {here}};
	}
	for (int64_t b = 0; b < par_strips(w->firms); b++)
		most = larger(most, w->scratch->tally[b].real[0]);
	return most;
}

struct tally tally_sum(const struct tally *t, int64_t blocks)
{
	struct tally sum = {0};

	for (int64_t b = 0; b < blocks; b++) {
		for (int i = 0; i < LENGTH(sum.money); i++) {
			sum.money[i] += t[b].money[i];
			sum.count[i] += t[b].count[i];
			sum.real[i] += t[b].real[i];
		}
	}
	return sum;
}

static void keys_swap(uint64_t *a, uint64_t *b)
{
	uint64_t key = *a;
	*a = *b;
	*b = key;
}

/* Moves the keys below `pivot` to the front and tells how many; without a branch on keys, which no
 * processor could foresee. */
static int64_t keys_parted(uint64_t *key, int64_t n, uint64_t pivot)
{
	int64_t below = 0;

	for (int64_t i = 0; i < n; i++) {
		uint64_t k = key[i];
		key[i] = key[below];
		key[below] = k;
		below += k < pivot;
	}
	return below;
}

static void smallest_first(uint64_t *key, int64_t n)
{
	int64_t at = 0;
	uint64_t least = key[0];

	for (int64_t i = 1; i < n; i++) {
		at = key[i] < least ? i : at;
		least = key[i] < least ? key[i] : least;
	}
	keys_swap(&key[0], &key[at]);
}

/* The pivot is where the k-th of n evenly spread numbers of 32 bits would lie, in the range that
 * is left: keys are lots. Should they not be spread evenly, a key of the middle serves. */
void select_keys(uint64_t *key, int64_t n, int64_t k)
{
	uint64_t low = 0, high = UINT64_MAX;

	for (int round = 0; k > 0 && k < n; round++) {
		double part = ((double)k + 0.5) / ((double)n + 1.0);
		uint64_t pivot = low + (uint64_t)(part * (double)(high - low));
		int64_t below;
		if (k == 1) {
			smallest_first(key, n);
			return;
		}
		if (round > 3)
			pivot = key[n / 2];
		below = keys_parted(key, n, pivot);
		if (round > 3 && below == 0) { /* the pivot itself is the smallest */
			smallest_first(key, n);
			below = 1;
			pivot = key[0] + 1;
		}
		if (below > k) {
			n = below;
			high = pivot;
		} else {
			key += below;
			n -= below;
			k -= below;
			low = pivot;
		}
	}
}
