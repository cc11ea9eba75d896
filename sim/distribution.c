#include "ludd/distribution.h"

#include <string.h>

#include "ludd/income.h"
#include "ludd/mem.h"
#include "ludd/scratch.h"
#include "ludd/vector.h"

enum { SUB = 64, BINS = 62 * SUB };
enum { CHUNK = 128 }; /* rows at a time */

struct bin {
	int64_t count, sum; /* people; mills */
};
struct histogram {
	struct bin bin[BINS];
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
 * and the first digits of the same number as a double (made short enough for that to be exact); 0
 * and less go to bin 0. */
static inline int bin_of(int64_t x)
{
	int64_t value = x > 0 ? x : 0;
	double number = (double)(value >> 40 ? value & ~(int64_t)0x3ff : value);
	uint64_t bits;

	memcpy(&bits, &number, sizeof(bits));
	return (int)(value < SUB ? value : (int64_t)(bits >> 46) - (1023 + 5) * SUB);
}

/* Where the amounts of a chunk belong, and what each adds there. */
struct entries {
	int32_t bin[CHUNK];
	struct bin adds[CHUNK];
};

VECTOR_BODY bins_body(int count, const int64_t *restrict x, int32_t *restrict bin)
{
	for (int i = 0; i < count; i++)
		bin[i] = bin_of(x[i]);
}

VECTOR_BODY entries_body(int count, const int64_t *restrict x, struct entries *restrict e)
{
	for (int i = 0; i < count; i++) {
		e->bin[i] = bin_of(x[i]);
		e->adds[i] = (struct bin){1, larger_i64(0, x[i])};
	}
}

VECTOR_VERSIONS(bins, (int count, const int64_t *x, int32_t *bin), count, x, bin)
VECTOR_VERSIONS(entries, (int count, const int64_t *x, struct entries *e), count, x, e)

static inline void bin_add(struct histogram *h, int bin, struct bin adds)
{
	h->bin[bin].count += adds.count;
	h->bin[bin].sum += adds.sum;
}

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

static void chunk_added(struct histograms *h, const struct world *w, int64_t first, int count)
{
	const uint32_t *employer = &w->worker.employer[first];
	const int64_t *pay = &w->worker.last_pay[first], *cash = &w->worker.cash[first];
	int64_t income[CHUNK];
	struct entries incomes, wealth;
	int32_t pay_bin[CHUNK];

	incomes_of(w, first, count, income);
	VECTOR_CALL(bins, count, pay, pay_bin);
	VECTOR_CALL(entries, count, income, &incomes);
	VECTOR_CALL(entries, count, cash, &wealth);
	for (int i = 0; i < count; i++) {
		h->of[PAY].bin[pay_bin[i]].count += employer[i] != NO_FIRM;
		bin_add(&h->of[INCOME], incomes.bin[i], incomes.adds[i]);
		bin_add(&h->of[WEALTH], wealth.bin[i], wealth.adds[i]);
	}
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
	if (w->threads > 1)
		h += par_thread();
	for (; from < to; from += CHUNK)
		chunk_added(h, w, from, (int)smaller_i64(CHUNK, to - from));
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

static void range_found(struct histogram *h)
{
	h->first = 0;
	h->last = BINS - 1;
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
		bin_add(&h->of[INCOME], bin_of(income), (struct bin){1, larger_i64(0, income)});
		bin_add(&h->of[WEALTH], bin_of(wealth), (struct bin){1, larger_i64(0, wealth)});
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
