#include "ludd/distribution.h"

#include <string.h>

#include "ludd/income.h"
#include "ludd/mem.h"
#include "ludd/scratch.h"
#include "ludd/vector.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { SUB = 64, BINS = 62 * SUB };
enum { CHUNK = 64 }; /* rows at a time */

struct bin {
	_Alignas(16) int64_t count; /* people */
	int64_t sum;                /* mills */
};
struct histogram {
	struct bin bin[BINS + 1]; /* the last is for people who do not count */
	int first, last; /* bins that hold anybody; set when all are counted */
};
enum { PAY, INCOME, WEALTH, KINDS };
struct histograms { /* of one thread */
	struct histogram of[KINDS];
};

int64_t distribution_bytes(void)
{
	return sizeof(struct histograms);
}

/* Bin of an amount: position of the leading bit and the six bits after it, which are the exponent
 * and the first digits of the same number as a double; the seventh is left out, so that rounding
 * does not reach them. 0 and less go to bin 0. */
static inline int64_t bin_of(int64_t x)
{
	int64_t value = larger_i64(0, x);
	double number = (double)(value & ~(value >> 7));
	uint64_t bits;

	memcpy(&bits, &number, sizeof(bits));
	return value < SUB ? value : (int64_t)(bits >> 46) - (1023 + 5) * SUB;
}

/* One more person. Both sums change in one addition where the processor has it: a histogram is
 * bound by how often it can write. */
static inline void bin_add(struct bin *bin, int64_t amount)
{
#ifdef __SSE2__
	__m128i *both = (__m128i *)(void *)bin, adds = _mm_set_epi64x(amount, 1);

	_mm_store_si128(both, _mm_add_epi64(_mm_load_si128(both), adds));
#else
	bin->count++;
	bin->sum += amount;
#endif
}

struct places { /* of the people of a chunk */
	struct bin *pay[CHUNK], *income[CHUNK], *wealth[CHUNK];
	int64_t incomes[CHUNK]; /* mills, at least 0 */
};

/* Pay counts for people in work. */
VECTOR_BODY places_found(int count, const uint32_t *restrict employer,
			 const uint16_t *restrict spell, const int64_t *restrict pay,
			 const int64_t *restrict cash, struct income_rules rules,
			 struct histograms *h, struct places *restrict at)
{
	struct bin *pays = h->of[PAY].bin, *incomes = h->of[INCOME].bin;
	struct bin *wealths = h->of[WEALTH].bin;

	for (int i = 0; i < count; i++) {
		int64_t income = income_of(rules, employer[i], spell[i], pay[i]);
		at->pay[i] = pays + (employer[i] == NO_FIRM ? BINS : bin_of(pay[i]));
		at->income[i] = incomes + bin_of(income);
		at->wealth[i] = wealths + bin_of(cash[i]);
		at->incomes[i] = larger_i64(0, income);
	}
}

VECTOR_BODY chunk_added(int count, const uint32_t *restrict employer,
			const uint16_t *restrict spell, const int64_t *restrict pay,
			const int64_t *restrict cash, struct income_rules rules,
			struct histograms *h)
{
	struct places at;

	places_found(count, employer, spell, pay, cash, rules, h, &at);
	for (int i = 0; i < count; i++) {
		at.pay[i]->count++;
		bin_add(at.income[i], at.incomes[i]);
		bin_add(at.wealth[i], larger_i64(0, cash[i]));
	}
}

/* All chunks in one function, most of them of a size known to the compiler: so the processor works
 * out places of the next chunk while additions of the last one wait. */
VECTOR_BODY people_body(int64_t count, const uint32_t *restrict employer,
			const uint16_t *restrict spell, const int64_t *restrict pay,
			const int64_t *restrict cash, struct income_rules rules,
			struct histograms *h)
{
	int64_t i = 0;

	for (; i + CHUNK <= count; i += CHUNK)
		chunk_added(CHUNK, &employer[i], &spell[i], &pay[i], &cash[i], rules, h);
	chunk_added((int)(count - i), &employer[i], &spell[i], &pay[i], &cash[i], rules, h);
}

VECTOR_VERSIONS(people,
		(int64_t count, const uint32_t *employer, const uint16_t *spell, const int64_t *pay,
		 const int64_t *cash, struct income_rules rules, struct histograms *h),
		count, employer, spell, pay, cash, rules, h)

static double gini_of(const struct histogram *h)
{
	double people = 0.0, money = 0.0, below = 0.0, area = 0.0, n = 0.0;

	for (int i = h->first; i <= h->last; i++) {
		people += (double)h->bin[i].count;
		money += (double)h->bin[i].sum;
	}
	if (people <= 0.0 || money <= 0.0)
		return 0.0;
	for (int i = h->first; i <= h->last; i++) { /* area under the Lorenz curve by trapezia */
		area += (double)h->bin[i].count * (2.0 * below + (double)h->bin[i].sum);
		below += (double)h->bin[i].sum;
		n += (double)h->bin[i].count;
	}
	return 1.0 - area / (n * money);
}

/* The amount below which `part` of the people lie, linear within the bin that holds it. */
static double quantile_of(const struct histogram *h, double part)
{
	double people = 0.0, seen = 0.0;

	for (int i = h->first; i <= h->last; i++)
		people += (double)h->bin[i].count;
	for (int i = h->first; i <= h->last; i++) {
		double count = (double)h->bin[i].count;
		if (count > 0.0 && seen + count >= part * people) {
			int octave = i < 2 * SUB ? 0 : i / SUB - 1;
			double low = i < SUB ? i : (double)(((uint64_t)(SUB + i % SUB)) << octave);
			double width = (double)((uint64_t)1 << octave);
			return low + width * (part * people - seen) / count;
		}
		seen += count;
	}
	return 0.0;
}

/* Part of all money that the richest `part` of people hold. */
static double top_share(const struct histogram *h, double part)
{
	double people = 0.0, money = 0.0, left, held = 0.0;

	for (int i = h->first; i <= h->last; i++) {
		people += (double)h->bin[i].count;
		money += (double)h->bin[i].sum;
	}
	left = part * people;
	for (int i = h->last; i >= h->first && left > 0.0; i--) {
		double count = (double)h->bin[i].count;
		if (count <= 0.0)
			continue;
		held += (double)h->bin[i].sum * smaller(1.0, left / count);
		left -= count;
	}
	return money > 0.0 ? held / money : 0.0;
}

/* Book value of all firms and the bank, which owners hold by weight. */
static double book_value(const struct world *w)
{
	const struct firms *f = &w->firm;
	double value = (double)w->ledger.bank;

	for (int64_t j = 0; j < w->firms; j++) {
		if (!f->alive[j])
			continue;
		value += w->pub.capital_price * (f->capital[j] + f->ai_capital[j]) +
			 f->inventory[j] * f->unit_cost[j] + (double)(f->cash[j] - f->loan[j]);
	}
	return larger(0.0, value);
}

struct histograms *distribution_begun(struct world *w)
{
	struct scratch *s = w->scratch;

	if (w->threads > s->histogram_threads) {
		mem_free(s->histograms);
		s->histogram_threads = w->threads;
		MEM_NEW(s->histograms, w->threads, "histograms");
	}
	return s->histograms;
}

/* Bins outside the range in use are empty already. */
static void histograms_cleared(struct histograms *h, int threads)
{
	for (int k = 0; k < KINDS; k++) {
		int first = h->of[k].first, count = h->of[k].last - first + 1;
		for (int t = 0; t < threads; t++)
			memset(&h[t].of[k].bin[first], 0, sizeof(struct bin) * (size_t)count);
	}
}

void distribution_adds(struct histograms *h, const struct world *w, int64_t from, int64_t to)
{
	const struct workers *x = &w->worker;

	if (w->threads > 1)
		h += par_thread();
	VECTOR_CALL(people, to - from, &x->employer[from], &x->spell[from], &x->last_pay[from],
		    &x->cash[from], income_rules(w), h);
}

/* Adds what the other threads counted to the first one's histograms. */
static void histograms_fold(struct histograms *h, int threads)
{
	for (int t = 1; t < threads; t++)
		for (int k = 0; k < KINDS; k++)
			for (int i = 0; i < BINS; i++) {
				h->of[k].bin[i].count += h[t].of[k].bin[i].count;
				h->of[k].bin[i].sum += h[t].of[k].bin[i].sum;
			}
}

enum { STRETCH = 32 }; /* bins looked at together */

static bool stretch_empty(const struct bin *bin)
{
	int64_t any = 0;

	for (int i = 0; i < STRETCH; i++)
		any |= bin[i].count;
	return any == 0;
}

static void range_found(struct histogram *h)
{
	h->first = 0;
	h->last = BINS - 1;
	while (h->first + STRETCH < BINS && stretch_empty(&h->bin[h->first]))
		h->first += STRETCH;
	while (h->last - STRETCH > h->first && stretch_empty(&h->bin[h->last - STRETCH + 1]))
		h->last -= STRETCH;
	while (h->first < h->last && h->bin[h->first].count == 0)
		h->first++;
	while (h->last > h->first && h->bin[h->last].count == 0)
		h->last--;
}

static void owners_added(struct histograms *h, struct world *w)
{
	double book = book_value(w);

	for (int64_t o = 0; o < w->owners; o++) {
		double equity = book * ((double)w->owner.weight[o] * 0x1p-40);
		int64_t income = w->owner.dividends[o];
		int64_t wealth = w->owner.cash[o] + mills(equity, &w->fault, o, "equity");
		bin_add(&h->of[INCOME].bin[bin_of(income)],
			larger_i64(0, income));
		bin_add(&h->of[WEALTH].bin[bin_of(wealth)],
			larger_i64(0, wealth));
	}
}

void distribution_measured(struct world *w, struct histograms *h)
{
	histograms_fold(h, w->threads);
	owners_added(h, w);
	for (int k = 0; k < KINDS; k++)
		range_found(&h->of[k]);
	w->census.median_pay = quantile_of(&h->of[PAY], 0.5);
	w->census.gini_income = gini_of(&h->of[INCOME]);
	w->census.gini_wealth = gini_of(&h->of[WEALTH]);
	w->census.top1_wealth = top_share(&h->of[WEALTH], 0.01);
	histograms_cleared(h, w->threads);
}
