/* Random valid experiments on several thread counts at once, compared month by month.
 *
 *   verify_random FIRST LAST THREADS...
 *
 * tries the experiments of seeds FIRST .. LAST. Most are tiny; some have several blocks of
 * people. It prints the seed of every one that differs, meets a broken invariant, or computes
 * something that is no number; exit 1 if there was one. A run that stops because an amount is
 * too large must do so in the same words on any threads. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ludd/par.h"
#include "ludd/policy.h"
#include "ludd/tick.h"

enum { WORLDS_MOST = 16 };

/* Two fifths of the values are the default's; `wild` in a hundred lie anywhere in their range, the
 * others near the default. */
static double value_drawn(const struct param_info *info, uint32_t wild, struct pcg32 *g)
{
	double low = info->low, high = info->high, x;
	uint32_t kind = rng_below(g, 100);

	if (kind < 40)
		return info->value;
	if (kind < 100 - wild) {
		double reach = larger(fabs(info->value), 0.1 * smaller(1.0, high - low));
		low = larger(low, info->value - 0.5 * reach);
		high = smaller(high, info->value + 0.5 * reach);
	}
	x = low + rng_unit(g) * (high - low);
	return info->type == PARAM_TYPE_REAL ? x : floor(x + 0.5);
}

/* What a policy gives away and the shares of a mix must add up. */
static void splits_scaled(struct params *p, struct pcg32 *g)
{
	double mix = 0.0;

	for (int k = 0; k < POLICY_COUNT; k++) {
		double given =
			p->policy[k][0] + p->policy[k][1] + p->policy[k][2] + p->policy[k][3];
		for (int i = 0; i < 4; i++)
			p->policy[k][i] /= larger(1.0, given);
		p->policy[k][6] = rng_below(g, 3);
		p->mix[k] = rng_below(g, 2) ? rng_unit(g) : 0.0;
		mix += p->mix[k];
	}
	for (int k = 0; k < POLICY_COUNT; k++)
		p->mix[k] = mix > 0.0 ? p->mix[k] / mix : k == 0;
}

static void population_drawn(struct params *p, struct pcg32 *g)
{
	int64_t people = rng_below(g, 12) ? 50 + rng_below(g, 351) : 2049 + rng_below(g, 7000);

	p->population.people = people;
	p->population.firms = larger_i64(2, people / (2 + rng_below(g, 40)));
	p->population.regions =
		1 + rng_below(g, (uint32_t)smaller_i64(8, p->population.firms / 2));
	p->automation.start = rng_below(g, 24);
	p->giant.dismissal_tick = rng_below(g, 36);
}

/* The first valid set of parameters that the seed draws. */
static struct params params_drawn(uint64_t seed)
{
	struct params p;
	bool valid;
	uint32_t wild = seed % 4 ? 6 : 30;

	for (uint64_t attempt = 0;; attempt++) {
		struct pcg32 g = rng_agent(rng_key(seed, DRAW_design, 0), attempt);
		struct problems problems = {0};
		params_default(&p);
		for (int i = 0; i < param_count(); i++)
			if (!param_at(i)->mix)
				param_set(&p, i, value_drawn(param_at(i), wild, &g));
		splits_scaled(&p, &g);
		population_drawn(&p, &g);
		params_check(&p, "", &problems);
		valid = !problems.errors;
		problems_free(&problems);
		if (valid)
			return p;
	}
}

/* A column with an entry that is no finite number, or NULL: such bits differ between machines. */
static const char *column_not_finite(const struct world *w)
{
	for (int i = 0; i < column_count(); i++) {
		const struct column_info *c = column_at(i);
		for (int64_t row = 0; c->kind == COLUMN_F64 && row < column_rows(w, c); row++)
			if (!c->flow && !isfinite(column_value(w, c, row)))
				return c->name;
	}
	return NULL;
}

static bool complain(uint64_t seed, int64_t month, const char *what)
{
	printf("seed %" PRIu64 ", month %" PRId64 ": %s\n", seed, month, what);
	return false;
}

/* The same month in every world; *stopped where it ended the run. */
static bool month_same(struct world *const *w, const int *threads, int count, uint64_t seed,
		       bool *stopped)
{
	struct err first = {0};
	uint64_t hash = 0;
	char text[1200];

	for (int i = 0; i < count; i++) {
		struct err e = {0};
		int64_t month = w[i]->tick;
		bool failed = tick(w[i], &e);
		if (i == 0) {
			first = e;
			hash = world_hash(w[i]);
			*stopped = failed;
		}
		snprintf(text, sizeof(text), "%d and %d threads differ; %s", threads[0],
			 threads[i], e.text);
		if (hash != world_hash(w[i]) || strcmp(first.text, e.text))
			return complain(seed, month, text);
		if (failed && !strstr(e.text, "more than an account can hold"))
			return complain(seed, month, e.text);
		if (!failed && column_not_finite(w[i]))
			return complain(seed, month, column_not_finite(w[i]));
	}
	return true;
}

static bool experiment_same(uint64_t seed, const int *threads, int count, int *overflows)
{
	struct params p = params_drawn(seed);
	struct world *w[WORLDS_MOST];
	int64_t months = 24 + (int64_t)(mix64(seed) % 37);
	bool same = true, stopped = false;

	for (int i = 0; i < count; i++) {
		w[i] = world_new(&p, seed, 0, threads[i]);
		w[i]->counting = seed % 2;
	}
	for (int64_t t = 0; t < months && same && !stopped; t++)
		same = month_same(w, threads, count, seed, &stopped);
	for (int i = 0; i < count; i++)
		world_free(w[i]);
	*overflows += stopped;
	return same;
}

int main(int argc, char **argv)
{
	int threads[WORLDS_MOST], count = argc - 3, overflows = 0, wrong = 0;
	int64_t first, last;

	if (count < 1 || count > WORLDS_MOST) {
		fprintf(stderr, "usage: verify_random FIRST LAST THREADS...\n");
		return 2;
	}
	par_wait_asleep(argv);
	par_start();
	first = atoll(argv[1]);
	last = atoll(argv[2]);
	for (int i = 0; i < count; i++)
		threads[i] = (int)larger_i64(1, atoll(argv[3 + i]));
	for (int64_t seed = first; seed <= last; seed++)
		wrong += !experiment_same((uint64_t)seed, threads, count, &overflows);
	printf("experiments %" PRId64 " to %" PRId64
	       ": %d wrong, %d stopped by an amount too large "
	       "for an account\n",
	       first, last, wrong, overflows);
	return wrong > 0;
}
