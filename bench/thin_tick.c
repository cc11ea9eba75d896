/* A thin labour tick on floor 0 of ludd, to be compared with thin_numpy.py and thin_python.py,
 * which give the same flows and the same hash. bench/README.md states the tick; thin_tick() lists
 * its steps. Everything is an integer, so no result depends on blocks or threads.
 *
 * usage: thin_tick PEOPLE WARM_UP TICKS FLOWS [THREADS]
 * writes the flows of every tick to FLOWS and prints the seconds that TICKS took */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "ludd/mem.h"
#include "ludd/par.h"
#include "ludd/rng_rows.h"
#include "ludd/vector.h"

enum { SEED = 1, PEOPLE_PER_FIRM = 20, APPLICATIONS = 3 };
enum { WAGE = 3000000 };                                         /* mills a month, at the start */
static const int64_t wage_least = 1 << 10, wage_most = (int64_t)1 << 32;
static const uint32_t jobless_at_start = UINT32_C(1) << 28;      /* one in 16 */
static const uint32_t quit_below = UINT32_C(1) << 26;            /* one in 64 */
static const uint32_t look_below = UINT32_C(1) << 27;            /* one in 32 */

struct flows {
	int64_t separations, hires, employed, wage_bill, demand;
};

struct thin {
	int64_t people, firms, tick;
	int threads;
	struct flows flows;
	/* of a person */
	uint32_t *employer, *seller; /* employer == firms: none */
	int64_t *cash;
	/* of a firm; wage and leave_below have one entry more, for those without an employer */
	int64_t *wage, *price, *demand, *wanted;
	int32_t *efficiency, *staff, *vacancies;
	uint32_t *leave_below;
	/* of a block of people: who seeks (rows) and which applications are theirs; who goes to
	 * another seller (row << 32 | seller) */
	uint16_t *seeker;
	int64_t *seekers_from;
	uint64_t *change;
	int32_t *changes;
	/* of an application: the vacancy it goes to and its lot */
	uint32_t *target, *lot;
	/* of a vacancy: its firm, and the least lot << 32 | person that applied */
	int64_t *vacancies_from, vacant;
	uint32_t *vacancy_firm;
	uint64_t *vacancy_least;
	int64_t *demand_by_thread;
};

/* ---- The start */

static void arrays_new(struct thin *w)
{
	int64_t n = w->people, firms = w->firms, most = n / 8 + firms;

	MEM_NEW(w->employer, n, "people");
	MEM_NEW(w->seller, n, "people");
	MEM_NEW(w->cash, n, "people");
	MEM_NEW(w->wage, firms + 1, "firms");
	MEM_NEW(w->price, firms, "firms");
	MEM_NEW(w->demand, firms, "firms");
	MEM_NEW(w->wanted, firms, "firms");
	MEM_NEW(w->efficiency, firms, "firms");
	MEM_NEW(w->staff, firms, "firms");
	MEM_NEW(w->vacancies, firms, "firms");
	MEM_NEW(w->leave_below, firms + 1, "firms");
	MEM_NEW(w->seekers_from, par_blocks(n) + 1, "blocks");
	MEM_NEW(w->changes, par_blocks(n), "blocks");
	MEM_NEW(w->vacancies_from, par_blocks(firms) + 1, "blocks");
	MEM_NEW(w->demand_by_thread, firms * w->threads, "demand");
	w->seeker = mem_reserve((size_t)n, sizeof(*w->seeker), "seekers");
	w->change = mem_reserve((size_t)n, sizeof(*w->change), "changes of seller");
	w->target = mem_reserve((size_t)n * APPLICATIONS, sizeof(*w->target), "applications");
	w->lot = mem_reserve((size_t)n * APPLICATIONS, sizeof(*w->lot), "applications");
	w->vacancy_firm = mem_reserve((size_t)most, sizeof(*w->vacancy_firm), "vacancies");
	w->vacancy_least = mem_reserve((size_t)most, sizeof(*w->vacancy_least), "vacancies");
}

static int64_t worth(int64_t wage) /* of what a worker makes in a tick: a markup of 1/32 */
{
	return wage + wage / 32;
}

static void thin_start(struct thin *w)
{
	struct rng_key person = rng_key(SEED, DRAW_initial_person, 0);
	struct rng_key firm = rng_key(SEED, DRAW_initial_firm, 0);

	arrays_new(w);
	for (int64_t i = 0; i < w->people; i++) {
		struct pcg32 g = rng_agent(person, (uint64_t)i);
		bool jobless = pcg32_next(&g) < jobless_at_start;
		uint64_t employer = (uint64_t)pcg32_next(&g) * (uint64_t)w->firms >> 32;
		w->employer[i] = (uint32_t)(jobless ? (uint64_t)w->firms : employer);
		w->seller[i] = (uint32_t)((uint64_t)pcg32_next(&g) * (uint64_t)w->firms >> 32);
		if (!jobless)
			w->staff[employer]++;
	}
	for (int64_t j = 0; j < w->firms; j++) {
		struct pcg32 g = rng_agent(firm, (uint64_t)j);
		w->wage[j] = WAGE + (pcg32_next(&g) >> 12);
		w->efficiency[j] = (int32_t)(960 + (pcg32_next(&g) >> 25));
		w->demand[j] = w->staff[j] * worth(w->wage[j]);
		w->flows.employed += w->staff[j];
		w->flows.wage_bill += w->staff[j] * w->wage[j];
	}
}

/* ---- The steps */

static void firms_plan(struct thin *w)
{
	const struct flows *last = &w->flows;

	w->wage[w->firms] = last->employed ? last->wage_bill / last->employed / 2 : 0;
	w->leave_below[w->firms] = 0;
	PAR_LIGHT(j, w->firms, w->threads) {
		int64_t staff = w->staff[j], surplus;
		w->price[j] = w->wage[j] * 1024 / w->efficiency[j];
		w->wanted[j] = w->demand[j] / worth(w->wage[j]);
		surplus = larger_i64(0, staff - w->wanted[j]);
		w->leave_below[j] = quit_below + (uint32_t)((surplus << 30) / larger_i64(1, staff));
	}
	w->flows = (struct flows){0};
}

VECTOR_BODY leave_body(int n, const uint32_t *restrict employer, const uint32_t *restrict draw,
		       const uint32_t *restrict leave_below, uint32_t none,
		       uint8_t *restrict leaves, uint8_t *restrict seeks)
{
	for (int i = 0; i < n; i++) {
		leaves[i] = draw[i] < leave_below[employer[i]];
		seeks[i] = leaves[i] | (employer[i] == none);
	}
}
VECTOR_VERSIONS(leave,
		(int n, const uint32_t *employer, const uint32_t *draw, const uint32_t *leave_below,
		 uint32_t none, uint8_t *leaves, uint8_t *seeks),
		n, employer, draw, leave_below, none, leaves, seeks)

static int rows_marked(int n, const uint8_t *mark, uint16_t *row)
{
	int count = 0;

	for (int i = 0; i < n; i++) {
		row[count] = (uint16_t)i; /* count <= i: there is room */
		count += mark[i];
	}
	return count;
}

static void people_leave(struct thin *w)
{
	struct rng_key key = rng_key(SEED, DRAW_quit, w->tick);
	uint32_t none = (uint32_t)w->firms;

	PAR_BLOCKS(b, w->people, w->threads) {
		uint32_t draw[PAR_BLOCK];
		uint8_t leaves[PAR_BLOCK], seeks[PAR_BLOCK];
		uint16_t leaver[PAR_BLOCK];
		int64_t first = b * PAR_BLOCK;
		int n = (int)(par_end(b, w->people) - first), count;
		uint32_t *employer = w->employer + first;

		rng_rows(key, (uint64_t)first, n, draw);
		VECTOR_CALL(leave, n, employer, draw, w->leave_below, none, leaves, seeks);
		count = rows_marked(n, leaves, leaver);
		for (int i = 0; i < count; i++) {
			par_add_i32(&w->staff[employer[leaver[i]]], -1, w->threads);
			employer[leaver[i]] = none;
		}
		w->seekers_from[b + 1] = rows_marked(n, seeks, w->seeker + first);
		par_add(&w->flows.separations, count, w->threads);
	}
	for (int64_t b = 0; b < par_blocks(w->people); b++)
		w->seekers_from[b + 1] += w->seekers_from[b];
}

static void vacancies_open(struct thin *w)
{
	PAR_BLOCKS(b, w->firms, w->threads) {
		int64_t sum = 0;
		BLOCK_ROWS(j, b, w->firms) {
			int64_t gap = larger_i64(0, w->wanted[j] - w->staff[j]);
			w->vacancies[j] = (int32_t)smaller_i64(gap, w->staff[j] / 8 + 1);
			sum += w->vacancies[j];
		}
		w->vacancies_from[b + 1] = sum;
	}
	for (int64_t b = 0; b < par_blocks(w->firms); b++)
		w->vacancies_from[b + 1] += w->vacancies_from[b];
	w->vacant = w->vacancies_from[par_blocks(w->firms)];
	PAR_BLOCKS(b, w->firms, w->threads) {
		int64_t at = w->vacancies_from[b];
		BLOCK_ROWS(j, b, w->firms) {
			for (int32_t i = 0; i < w->vacancies[j]; i++, at++) {
				w->vacancy_firm[at] = (uint32_t)j;
				w->vacancy_least[at] = UINT64_MAX;
			}
		}
	}
}

/* The least of all that are offered stays, whoever comes first. */
static void least_keep(uint64_t *least, uint64_t x, int threads)
{
	uint64_t old = *(volatile uint64_t *)least;

	if (threads == 1) {
		*least = x < old ? x : old;
		return;
	}
	while (x < old && !__atomic_compare_exchange_n(least, &old, x, true, __ATOMIC_RELAXED,
						       __ATOMIC_RELAXED))
		;
}

static void seekers_apply(struct thin *w)
{
	struct rng_key key = rng_key(SEED, DRAW_apply, w->tick);

	PAR_BLOCKS(b, w->people, w->threads) {
		uint32_t draws[2 * APPLICATIONS][PAR_BLOCK], *draw[2 * APPLICATIONS];
		int64_t first = b * PAR_BLOCK, from = w->seekers_from[b];
		int n = (int)(w->seekers_from[b + 1] - from);
		const uint16_t *row = w->seeker + first;

		for (int k = 0; k < 2 * APPLICATIONS; k++)
			draw[k] = draws[k];
		rng_rows_chosen(key, (uint64_t)first, row, n, 2 * APPLICATIONS, draw);
		for (int i = 0; i < n; i++)
			for (int k = 0; k < APPLICATIONS; k++) {
				int64_t a = (from + i) * APPLICATIONS + k;
				uint64_t to = (uint64_t)draw[k][i] * (uint64_t)w->vacant >> 32;
				uint64_t lot = draw[APPLICATIONS + k][i];
				w->target[a] = (uint32_t)to;
				w->lot[a] = (uint32_t)lot;
				least_keep(&w->vacancy_least[to],
					   lot << 32 | (uint64_t)(first + row[i]), w->threads);
			}
	}
}

/* The best paid of the firms that chose a person's applications, the first three from `a` on. */
static uint32_t offer_best(const struct thin *w, int64_t person, int64_t a)
{
	uint32_t best = (uint32_t)w->firms;
	int64_t pay = 0;

	for (int64_t end = a + APPLICATIONS; a < end; a++) {
		uint64_t mine = (uint64_t)w->lot[a] << 32 | (uint64_t)person;
		if (w->vacancy_least[w->target[a]] == mine) {
			uint32_t firm = w->vacancy_firm[w->target[a]];
			if (w->wage[firm] > pay || (w->wage[firm] == pay && firm < best)) {
				best = firm;
				pay = w->wage[firm];
			}
		}
	}
	return best;
}

static void seekers_accept(struct thin *w)
{
	PAR_BLOCKS(b, w->people, w->threads) {
		int64_t first = b * PAR_BLOCK, hires = 0;
		const uint16_t *row = w->seeker + first;

		for (int64_t i = w->seekers_from[b]; i < w->seekers_from[b + 1]; i++, row++) {
			uint32_t firm = offer_best(w, first + *row, i * APPLICATIONS);
			if (firm == w->firms)
				continue;
			w->employer[first + *row] = firm;
			par_add_i32(&w->staff[firm], 1, w->threads);
			par_add_i32(&w->vacancies[firm], -1, w->threads);
			hires++;
		}
		par_add(&w->flows.hires, hires, w->threads);
	}
}

static void wages_adjust(struct thin *w)
{
	PAR_LIGHT(j, w->firms, w->threads) {
		int64_t wage = w->wage[j];
		if (w->vacancies[j] > 0)
			wage += wage / 128;
		else if (w->staff[j] > w->wanted[j])
			wage -= wage / 512;
		w->wage[j] = smaller_i64(wage_most, larger_i64(wage_least, wage));
	}
}

VECTOR_BODY spend_body(int n, const uint32_t *restrict employer, const int64_t *restrict wage,
		       const uint32_t *restrict draw, uint32_t none, int64_t *restrict cash,
		       int64_t *restrict budget, uint8_t *restrict looks, int64_t *restrict sum)
{
	int64_t income = 0, spent = 0, employed = 0;

	for (int i = 0; i < n; i++) {
		int64_t have = cash[i] + wage[employer[i]];
		income += wage[employer[i]];
		employed += employer[i] != none;
		cash[i] = have >> 3; /* have >= 0 */
		budget[i] = have - (have >> 3);
		spent += budget[i];
		looks[i] = draw[i] < look_below;
	}
	sum[0] = income;
	sum[1] = employed;
	sum[2] = spent;
}
VECTOR_VERSIONS(spend,
		(int n, const uint32_t *employer, const int64_t *wage, const uint32_t *draw,
		 uint32_t none, int64_t *cash, int64_t *budget, uint8_t *looks, int64_t *sum),
		n, employer, wage, draw, none, cash, budget, looks, sum)

/* Those who look at another person's seller and find it cheaper; nobody moves yet. */
static int32_t sellers_compare(const struct thin *w, struct rng_key whom, int64_t first, int n,
			       const uint8_t *looks, uint64_t *change)
{
	uint16_t row[PAR_BLOCK];
	uint32_t draws[PAR_BLOCK], *draw = draws;
	int32_t changes = 0;

	n = rows_marked(n, looks, row);
	rng_rows_chosen(whom, (uint64_t)first, row, n, 1, &draw);
	for (int i = 0; i < n; i++) {
		uint32_t own = w->seller[first + row[i]];
		uint32_t other = w->seller[(uint64_t)draw[i] * (uint64_t)w->people >> 32];
		change[changes] = (uint64_t)row[i] << 32 | other;
		changes += w->price[other] < w->price[own];
	}
	return changes;
}

static void people_buy(struct thin *w)
{
	struct rng_key look = rng_key(SEED, DRAW_shop, w->tick);
	struct rng_key whom = rng_key(SEED, DRAW_shop_again, w->tick);

	PAR_BLOCKS(b, w->people, w->threads) {
		uint32_t draw[PAR_BLOCK];
		uint8_t looks[PAR_BLOCK];
		int64_t budget[PAR_BLOCK], sum[3], first = b * PAR_BLOCK;
		int64_t *demand = w->demand_by_thread + par_thread() * w->firms;
		int n = (int)(par_end(b, w->people) - first);

		rng_rows(look, (uint64_t)first, n, draw);
		VECTOR_CALL(spend, n, w->employer + first, w->wage, draw, (uint32_t)w->firms,
			    w->cash + first, budget, looks, sum);
		for (int i = 0; i < n; i++)
			demand[w->seller[first + i]] += budget[i];
		w->changes[b] = sellers_compare(w, whom, first, n, looks, w->change + first);
		par_add(&w->flows.wage_bill, sum[0] - (n - sum[1]) * w->wage[w->firms], w->threads);
		par_add(&w->flows.employed, sum[1], w->threads);
		par_add(&w->flows.demand, sum[2], w->threads);
	}
}

static void demand_met(struct thin *w)
{
	PAR_LIGHT(j, w->firms, w->threads) {
		int64_t sum = 0;
		for (int t = 0; t < w->threads; t++) {
			sum += w->demand_by_thread[t * w->firms + j];
			w->demand_by_thread[t * w->firms + j] = 0;
		}
		w->demand[j] = sum;
	}
	PAR_BLOCKS(b, w->people, w->threads) {
		const uint64_t *change = w->change + b * PAR_BLOCK;
		uint32_t *seller = w->seller + b * PAR_BLOCK;
		for (int32_t i = 0; i < w->changes[b]; i++)
			seller[change[i] >> 32] = (uint32_t)change[i];
	}
}

static void thin_tick(struct thin *w)
{
	firms_plan(w);
	people_leave(w);
	vacancies_open(w);
	if (w->vacant > 0) {
		seekers_apply(w);
		seekers_accept(w);
	}
	wages_adjust(w);
	people_buy(w);
	demand_met(w);
	w->tick++;
}

/* ---- The program */

static uint64_t thin_hash(const struct thin *w)
{
	uint64_t sum = 0;

	for (int64_t i = 0; i < w->people; i++) {
		uint64_t h = mix64((uint64_t)i + 1);
		h = mix64(h + w->employer[i]);
		h = mix64(h + w->seller[i]);
		sum += mix64(h + (uint64_t)w->cash[i]);
	}
	for (int64_t j = 0; j < w->firms; j++) {
		uint64_t h = mix64((uint64_t)(w->people + j) + 1);
		h = mix64(h + (uint64_t)w->wage[j]);
		h = mix64(h + (uint64_t)w->staff[j]);
		sum += mix64(h + (uint64_t)w->demand[j]);
	}
	return sum;
}

static void flows_write(const struct thin *w, FILE *file)
{
	const struct flows *f = &w->flows;

	fprintf(file, "%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64 "\n",
		w->tick, f->separations, f->hires, f->employed, f->wage_bill, f->demand);
}

static int64_t whole(const char *text)
{
	char *end;
	long long n = strtoll(text, &end, 10);

	return end == text || *end || n < 0 ? -1 : n;
}

int main(int argc, char **argv)
{
	struct thin w = {.threads = 1};
	int64_t warm_up, ticks;
	double seconds = 0.0;
	FILE *file;

	par_wait_asleep(argv);
	par_start();
	if (argc < 5 || argc > 6 || (w.people = whole(argv[1])) < PEOPLE_PER_FIRM ||
	    w.people > INT32_MAX || (warm_up = whole(argv[2])) < 0 ||
	    (ticks = whole(argv[3])) < 1 ||
	    (argc == 6 && (w.threads = (int)whole(argv[5])) < 1)) {
		fprintf(stderr, "usage: thin_tick PEOPLE WARM_UP TICKS FLOWS [THREADS]\n");
		return 2;
	}
	file = fopen(argv[4], "w");
	if (!file) {
		perror(argv[4]);
		return 4;
	}
	w.firms = w.people / PEOPLE_PER_FIRM;
	thin_start(&w);
	fprintf(file, "tick,separations,hires,employed,wage_bill,demand\n");
	for (int64_t t = 0; t < warm_up + ticks; t++) {
		double start = par_clock();
		thin_tick(&w);
		seconds += t < warm_up ? 0.0 : par_clock() - start;
		flows_write(&w, file);
	}
	fprintf(file, "hash,%016" PRIx64 "\n", thin_hash(&w));
	if (fclose(file)) {
		perror(argv[4]);
		return 4;
	}
	printf("%.9f\n", seconds);
	return 0;
}
