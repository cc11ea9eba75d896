#include "ludd/scratch.h"

#include "ludd/mem.h"

/* Places a block of people needs for its applications: all out of work, or all looking
 * elsewhere. */
static int64_t application_room(const struct params *p)
{
	return PAR_BLOCK * larger_i64(1, p->labour.applications);
}

static int64_t segment_bytes(int64_t application_room)
{
	return larger_i64(application_room * (int64_t)sizeof(struct application),
			  PAR_BLOCK * (int64_t)sizeof(struct leftover));
}

struct scratch *scratch_new(const struct world *w)
{
	struct scratch *s;
	int64_t everybody = w->people + w->periphery;
	int64_t blocks = par_blocks(larger_i64(everybody, w->firms)), makers = 0;

	for (int64_t r = 0; r < w->regions; r++)
		makers += w->goods_first[r] - w->firms_first[r];
	MEM_NEW(s, 1, "scratch");
	s->application_room = application_room(&w->par);
	MEM_NEW(s->tally, blocks, "block sums");
	MEM_NEW(s->seller_next, everybody, "sellers");
	MEM_NEW(s->leftovers, par_blocks(everybody), "leftovers");
	MEM_NEW(s->mark, w->firms + 1, "marks");
	MEM_NEW(s->value, w->firms, "values of posts");
	s->segment_bytes = segment_bytes(s->application_room);
	s->segments = mem_reserve((size_t)par_blocks(everybody), (size_t)s->segment_bytes,
			      "applications");
	MEM_NEW(s->applications, par_blocks(w->people), "application counts");
	MEM_NEW(s->vacancy_first, w->regions + 1, "vacancies by region");
	MEM_NEW(s->first, w->firms + 1, "list starts");
	MEM_NEW(s->next, w->firms, "list cursors");
	MEM_NEW(s->sellers, w->firms, "sellers in business");
	MEM_NEW(s->sellers_first, w->regions + 1, "sellers by region");
	MEM_NEW(s->seats, w->firms, "public demand");
	MEM_NEW(s->owners_seats, w->firms, "owners' demand");
	MEM_NEW(s->makers, makers, "makers in business");
	MEM_NEW(s->maker_weight, makers + 1, "makers' weights");
	MEM_NEW(s->maker_guide, GUIDE_CELLS * makers, "makers' guide");
	MEM_NEW(s->supplier, 4 * w->firms, "suppliers");
	MEM_NEW(s->part, 4 * w->firms, "parts of orders");
	MEM_NEW(s->owner_part, w->owners, "owners' parts");
	MEM_NEW(s->reserve, w->regions, "reserve by region");
	MEM_NEW(s->separated, w->regions, "separations by region");
	MEM_NEW(s->hired, w->regions, "hires by region");
	MEM_NEW(s->entrants, w->firms, "entrants");
	return s;
}

void scratch_free(struct scratch *s)
{
	void *all[] = {s->tally, s->seller_next, s->leftovers, s->mark, s->segments, 		       s->applications, s->vacancy, s->vacancy_first, s->first, s->next, s->list,
		       s->sellers, s->sellers_first, s->seats, s->owners_seats, s->makers,
		       s->maker_weight, s->supplier, s->part, s->owner_part, s->reserve,
		       s->separated, s->hired, s->entrants, s->value, s->maker_guide, s->sums, s};
	for (int i = 0; i < LENGTH(all); i++)
		mem_free(all[i]);
}

int64_t scratch_bytes(const struct world_size *z, const struct params *p)
{
	int64_t everybody = z->people + z->periphery;
	int64_t blocks = par_blocks(larger_i64(everybody, z->firms));

	/* segments for applications are reserved, but only what is used becomes resident */
	(void)p;
	return blocks * (int64_t)sizeof(struct tally) + everybody * (4 + 4 + 8) +
	       z->people * 8 + z->firms * (8 * 5 + 4 * 3 + 4 * 4 + 4 * 8 + 8 + 16) +
	       z->owners * 8 + z->regions * 8 * 5;
}

void scratch_list_reserve(struct scratch *s, int64_t n)
{
	if (n <= s->list_room)
		return;
	s->list_room = n + n / 4;
	s->list = mem_resize(s->list, (size_t)s->list_room, sizeof(*s->list), "lists");
}

void scratch_vacancy_reserve(struct scratch *s, int64_t n)
{
	if (n <= s->vacancy_room)
		return;
	s->vacancy_room = n + n / 4;
	s->vacancy = mem_resize(s->vacancy, (size_t)s->vacancy_room, sizeof(*s->vacancy),
				"vacancies");
}

void firm_sums_reserve(struct world *w)
{
	struct scratch *s = w->scratch;

	if (w->threads - 1 <= s->sum_threads)
		return;
	mem_free(s->sums);
	s->sum_threads = w->threads - 1;
	MEM_NEW(s->sums, 2 * s->sum_threads * w->firms, "sums by thread");
}

void firm_sum_fold(struct world *w, int64_t *column, int which)
{
	if (w->threads == 1)
		return;
	PAR_ROWS(j, w->firms, w->threads) {
		for (int t = 0; t < w->threads - 1; t++) {
			int64_t *sum = &w->scratch->sums[(2 * t + which) * w->firms + j];
			column[j] += *sum;
			*sum = 0;
		}
	}
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

/* Shell sort with Ciura's gaps, extended by 9/4: no recursion, no memory; lists of a firm are
 * short. */
void sort_keys(uint64_t *key, int64_t n)
{
	static const int64_t ciura[] = {1, 4, 10, 23, 57, 132, 301, 701};
	int64_t gaps[64];
	int count = 0;

	for (int64_t gap = 1; gap == 1 || gap < n / 4;
	     gap = count < LENGTH(ciura) ? ciura[count] : gap * 9 / 4)
		gaps[count++] = gap;
	while (count--) {
		int64_t gap = gaps[count];
		for (int64_t i = gap; i < n; i++) {
			uint64_t k = key[i];
			int64_t at = i;
			for (; at >= gap && key[at - gap] > k; at -= gap)
				key[at] = key[at - gap];
			key[at] = k;
		}
	}
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
