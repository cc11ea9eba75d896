#include "ludd/distribution.h"

#include "ludd/scratch.h"

enum { SUB = 64, BINS = 62 * SUB };

struct histogram {
	int64_t count[BINS], sum[BINS];
};

/* Bin of an amount: position of the leading bit and the six bits after it; 0 and less go to bin
 * 0. */
static int bin_of(int64_t x)
{
	uint64_t u = x > 0 ? (uint64_t)x : 0;
	int top = 0;

	if (u < SUB)
		return (int)u;
	top = 63 - __builtin_clzll(u);
	return (top - 5) * SUB + (int)((u >> (top - 6)) & (SUB - 1));
}

static void histogram_add(struct histogram *h, int64_t x)
{
	int64_t value = larger_i64(0, x);
	int bin = bin_of(value);
	h->count[bin]++;
	h->sum[bin] += value;
}

static double gini_of(const struct histogram *h)
{
	double people = 0.0, money = 0.0, below = 0.0, area = 0.0, n = 0.0;

	for (int i = 0; i < BINS; i++) {
		people += (double)h->count[i];
		money += (double)h->sum[i];
	}
	if (people <= 0.0 || money <= 0.0)
		return 0.0;
	for (int i = 0; i < BINS; i++) { /* area under the Lorenz curve by trapezia */
		area += (double)h->count[i] * (2.0 * below + (double)h->sum[i]);
		below += (double)h->sum[i];
		n += (double)h->count[i];
	}
	return 1.0 - area / (n * money);
}

/* The amount below which `part` of the people lie, linear within the bin that holds it. */
static double quantile_of(const struct histogram *h, double part)
{
	double people = 0.0, seen = 0.0;

	for (int i = 0; i < BINS; i++)
		people += (double)h->count[i];
	for (int i = 0; i < BINS; i++) {
		double count = (double)h->count[i];
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

	for (int i = 0; i < BINS; i++) {
		people += (double)h->count[i];
		money += (double)h->sum[i];
	}
	left = part * people;
	for (int i = BINS - 1; i >= 0 && left > 0.0; i--) {
		double count = (double)h->count[i];
		if (count <= 0.0)
			continue;
		held += (double)h->sum[i] * smaller(1.0, left / count);
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

void distribution_measured(struct world *w)
{
	static _Thread_local struct histogram pay, income, wealth;
	const struct workers *x = &w->worker;
	double book = book_value(w);

	pay = income = wealth = (struct histogram){0};
	for (int64_t n = 0; n < w->people; n++) {
		if (x->employer[n] != NO_FIRM)
			histogram_add(&pay, x->last_pay[n]);
		histogram_add(&income, x->income[n]);
		histogram_add(&wealth, x->cash[n]);
	}
	for (int64_t o = 0; o < w->owners; o++) {
		double equity = book * ((double)w->owner.weight[o] * 0x1p-40);
		histogram_add(&income, w->owner.dividends[o]);
		histogram_add(&wealth, w->owner.cash[o] + mills(equity, &w->fault, o, "equity"));
	}
	w->census.median_pay = quantile_of(&pay, 0.5);
	w->census.gini_income = gini_of(&income);
	w->census.gini_wealth = gini_of(&wealth);
	w->census.top1_wealth = top_share(&wealth, 0.01);
}
