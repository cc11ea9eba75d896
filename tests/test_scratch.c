/* Lists and sums that threads make together: the smallest keys, lists by firm, owners' parts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "ludd/mem.h"
#include "ludd/owners.h"
#include "worlds.h"

__extension__ typedef __int128 wide;

static uint64_t any(uint64_t i)
{
	return mix64(i * 0x9e3779b97f4a7c15ULL + 1);
}

/* ---- The smallest keys */

enum { MOST = 2000 };
#define GUARD 0xfeedf00dfeedf00du

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

/* The first k after select_keys are those of the sorted keys, the others behind them. */
static void selection_checked(const uint64_t *from, int64_t n, int64_t k)
{
	static uint64_t key[MOST + 2], sorted[MOST];
	size_t bytes = sizeof(*key) * (size_t)n;

	key[0] = key[n + 1] = GUARD;
	memcpy(&key[1], from, bytes);
	memcpy(sorted, from, bytes);
	qsort(sorted, (size_t)n, sizeof(*sorted), by_size);
	select_keys(&key[1], n, k);
	assert_true(key[0] == GUARD && key[n + 1] == GUARD);
	qsort(&key[1], (size_t)k, sizeof(*key), by_size);
	qsort(&key[1 + k], (size_t)(n - k), sizeof(*key), by_size);
	assert_memory_equal(&key[1], sorted, bytes);
}

static void selections_checked(uint64_t (*key_at)(uint64_t i, uint64_t n))
{
	static const int64_t sizes[] = {1, 2, 3, 4, 10, 33, 250, MOST};
	uint64_t key[MOST];

	for (int s = 0; s < LENGTH(sizes); s++) {
		int64_t n = sizes[s];
		const int64_t ks[] = {0, 1, 2, n / 3, n / 2, n - 2, n - 1, n};
		for (int64_t i = 0; i < n; i++)
			key[i] = key_at((uint64_t)i, (uint64_t)n);
		for (int i = 0; i < LENGTH(ks); i++)
			if (ks[i] >= 0 && ks[i] <= n)
				selection_checked(key, n, ks[i]);
	}
}

static uint64_t spread(uint64_t i, uint64_t n) { (void)n; return any(i) << 32 | i; }
static uint64_t low_half(uint64_t i, uint64_t n) { (void)n; return any(i) >> 1 << 20 >> 20 | 1; }
static uint64_t one_lot(uint64_t i, uint64_t n) { return (uint64_t)7 << 32 | any(i) % n << 12 | i; }
static uint64_t last_lot(uint64_t i, uint64_t n) { (void)n; return UINT64_MAX - i; }
static uint64_t no_lot(uint64_t i, uint64_t n) { (void)n; return i; }
static uint64_t falling(uint64_t i, uint64_t n) { return (n - i) << 40 | i; }
static uint64_t two_ends(uint64_t i, uint64_t n)
{
	(void)n;
	return any(i) & 1 ? i : UINT64_MAX - i;
}
static uint64_t octaves(uint64_t i, uint64_t n) /* each a power above the last: no even spread */
{
	(void)n;
	return ((uint64_t)1 << 11 << i % 50) + i;
}
static uint64_t one_far_away(uint64_t i, uint64_t n) { return i == n / 2 ? UINT64_MAX : 1000 + i; }

static void evenly_spread_lots_are_selected(void **state)
{
	(void)state;
	selections_checked(spread);
	selections_checked(low_half);
}

static void equal_lots_are_selected_by_what_follows_them(void **state)
{
	(void)state;
	selections_checked(one_lot);
	selections_checked(last_lot);
	selections_checked(no_lot);
}

static void keys_in_any_order_and_crowd_are_selected(void **state)
{
	(void)state;
	selections_checked(falling);
	selections_checked(two_ends);
	selections_checked(octaves);
	selections_checked(one_far_away);
}

static void small_sets_are_selected_in_every_order(void **state)
{
	(void)state;
	for (uint64_t round = 0; round < 5000; round++) {
		uint64_t key[6];
		int64_t n = (int64_t)(any(round) % 6) + 1;
		for (int64_t i = 0; i < n; i++)
			key[i] = any(round * 6 + (uint64_t)i) << (round % 3 * 16) | (uint64_t)i;
		for (int64_t k = 0; k <= n; k++)
			selection_checked(key, n, k);
	}
}

/* ---- Lists by firm */

enum { PEOPLE = 9 * PAR_BLOCK + 100, FIRMS = 83 };

static void people_listed(struct world *w)
{
	lists_begin(w);
	PAR_PARTS(part, w->threads)
		PART_BLOCKS(b, part, w->people, w->threads)
			BLOCK_ROWS(n, b, w->people)
				if (w->worker.employer[n] != NO_FIRM)
					lists_count(w, part)[w->worker.employer[n]]++;
	lists_lay_out(w);
	PAR_PARTS(part, w->threads)
		PART_BLOCKS(b, part, w->people, w->threads)
			BLOCK_ROWS(n, b, w->people)
				if (w->worker.employer[n] != NO_FIRM)
					*list_place(w, lists_count(w, part),
						    w->worker.employer[n]) = (uint64_t)n;
	lists_written(w);
}

/* Every firm's stretch holds its staff in order of rows, and nothing else. */
static void lists_hold_the_staff(const struct world *w)
{
	const struct scratch *s = w->scratch;
	int64_t *next, seen = 0;

	MEM_NEW(next, w->firms, "a test");
	memcpy(next, s->first, sizeof(*next) * (size_t)w->firms);
	assert_memory_equal(s->next, s->first, sizeof(*next) * (size_t)w->firms);
	for (int64_t n = 0; n < w->people; n++) {
		uint32_t j = w->worker.employer[n];
		if (j == NO_FIRM)
			continue;
		assert_true(next[j] < s->first[j + 1]);
		assert_int_equal(s->list[next[j]++], n);
		seen++;
	}
	assert_int_equal(s->first[0], 0);
	assert_int_equal(s->first[w->firms], seen);
	mem_free(next);
}

static void lists_by_firm_do_not_depend_on_the_parts(void **state)
{
	(void)state;
	static const int threads[] = {1, 2, 3, 7};

	for (int t = 0; t < LENGTH(threads); t++) {
		struct params p = params_small(PEOPLE, FIRMS);
		struct world *w = world_new(&p, 1, 0, threads[t]);
		for (int64_t n = 0; n < w->people; n++)
			w->worker.employer[n] = n % 5 ? (uint32_t)(any((uint64_t)n) % (FIRMS - 1))
						      : NO_FIRM;
		people_listed(w);
		lists_hold_the_staff(w);
		for (int64_t n = 0; n < w->people; n += 2) /* once more: nothing is left over */
			w->worker.employer[n] = FIRMS - 1;
		people_listed(w);
		lists_hold_the_staff(w);
		world_free(w);
	}
}

/* ---- Parts of a sum */

enum { MANY = 3 * PAR_LIGHT_ROWS };

/* floor(total * before / all), by division. */
static int64_t due(int64_t total, int64_t before, int64_t all)
{
	wide product = (wide)total * before, quotient = product / all;
	return (int64_t)(quotient * all > product ? quotient - 1 : quotient);
}

static void parts_checked(int64_t total, const int64_t *weight, int64_t n, int threads)
{
	static int64_t part[MANY];
	int64_t all = 0, before = 0;

	for (int64_t i = 0; i < n; i++)
		all += weight[i];
	money_apportion(total, weight, n, part, threads);
	for (int64_t i = 0; i < n; i++) {
		int64_t given = due(total, before, all);
		before += weight[i];
		if (part[i] != due(total, before, all) - given)
			fail_msg("%lld over %lld, %d threads: part %lld is %lld", (long long)total,
				 (long long)all, threads, (long long)i, (long long)part[i]);
	}
}

static const int64_t totals[] = {
	0, 1, -1, 7, -7, 1000003, -1000003, 123456789012345678, -123456789012345678,
	MONEY_LIMIT - 1, 1 - MONEY_LIMIT,
};

static void all_totals_checked(const int64_t *weight, int64_t n)
{
	for (int i = 0; i < LENGTH(totals); i++) {
		parts_checked(totals[i], weight, n, 1);
		parts_checked(totals[i], weight, n, 4);
	}
}

static void weights_that_sum_to_powers_of_two_need_no_division(void **state)
{
	(void)state;
	static int64_t weight[MANY];

	for (int i = 0; i < MANY; i++)
		weight[i] = (int64_t)(any((uint64_t)i) >> 40) + (i % 3 == 0);
	for (int power = 0; power <= 62; power += 2) {
		static int64_t split[MANY];
		if (power < 60)
			money_apportion((int64_t)1 << power, weight, MANY, split, 1);
		else /* more than there is money */
			for (int i = 0; i < MANY; i++)
				split[i] = i % 4096 ? 0 : ((int64_t)1 << power) / 4 << (i > 4096);
		all_totals_checked(split, MANY);
	}
	all_totals_checked((const int64_t[]){0, 1, 0}, 3);
	all_totals_checked((const int64_t[]){5, 0, 3}, 3);
}

static void other_weights_divide(void **state)
{
	(void)state;
	static int64_t weight[MANY];

	for (int i = 0; i < MANY; i++)
		weight[i] = (int64_t)(any((uint64_t)i) >> 16);
	all_totals_checked(weight, MANY);
	all_totals_checked(weight, PAR_LIGHT_ROWS + 1);
	all_totals_checked(weight, 97);
	all_totals_checked((const int64_t[]){0, 3, 0, 4}, 4);
}

static struct world *many_owners(int threads)
{
	struct params p = params_small(2 * MANY, 50);
	p.population.owners_share = 0.5;
	return world_new(&p, 1, 0, threads);
}

/* Every deposit moves by its part, the account by the total. */
static void shares_checked(struct world *w, int64_t total, const int64_t *weight,
			   enum owners_direction direction)
{
	int64_t *before, *part, account = 5, sum = 0;
	int64_t sign = direction == OWNERS_RECEIVE ? 1 : -1;

	MEM_NEW(before, w->owners, "a test");
	MEM_NEW(part, w->owners, "a test");
	memcpy(before, w->owner.cash, sizeof(*before) * (size_t)w->owners);
	money_apportion(total, weight, w->owners, part, 1);
	owners_share(w, total, weight, &account, direction);
	assert_memory_equal(w->scratch->owner_part, part, sizeof(*part) * (size_t)w->owners);
	for (int64_t o = 0; o < w->owners; o++) {
		assert_int_equal(w->owner.cash[o] - before[o], sign * part[o]);
		sum += part[o];
	}
	assert_int_equal(sum, total);
	assert_int_equal(account, 5 - sign * total);
	mem_free(part);
	mem_free(before);
}

static void owners_share_to_the_mill(void **state)
{
	(void)state;
	for (int threads = 1; threads <= 4; threads += 3) {
		struct world *w = many_owners(threads);
		assert_int_equal(w->owners, MANY);
		for (int i = 0; i < LENGTH(totals); i++) {
			int64_t total = totals[i] / 1000;
			shares_checked(w, total, w->owner.weight, OWNERS_RECEIVE);
			shares_checked(w, total, w->owner.weight, OWNERS_PAY);
			for (int64_t o = 0; o < w->owners; o++)
				w->scratch->owner_part[o] = (int64_t)(any((uint64_t)o) >> 30);
			shares_checked(w, total, w->scratch->owner_part, OWNERS_PAY);
		}
		world_free(w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(evenly_spread_lots_are_selected),
		cmocka_unit_test(equal_lots_are_selected_by_what_follows_them),
		cmocka_unit_test(keys_in_any_order_and_crowd_are_selected),
		cmocka_unit_test(small_sets_are_selected_in_every_order),
		cmocka_unit_test(lists_by_firm_do_not_depend_on_the_parts),
		cmocka_unit_test(weights_that_sum_to_powers_of_two_need_no_division),
		cmocka_unit_test(other_weights_divide),
		cmocka_unit_test(owners_share_to_the_mill),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
