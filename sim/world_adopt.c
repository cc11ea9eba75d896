/* A world that came from elsewhere: from a file, or from a past with other parameters. */
#include <string.h>

#include "ludd/scratch.h"
#include "ludd/world.h"

void world_recount(struct world *w)
{
	w->census.employed = 0;
	memset(w->scratch->reserve, 0, sizeof(int64_t) * (size_t)w->regions);
	for (int64_t n = 0; n < w->people; n++) {
		bool employed = w->worker.employer[n] != NO_FIRM;
		w->census.employed += employed;
		w->scratch->reserve[w->worker.region[n]] += !employed;
	}
	w->stocks_tick = INT64_MIN;
}

/* The first parameter by which p would lay out other rows; NULL where there is none. */
static const char *layout_changed(const struct world *w, const struct params *p)
{
	struct world_size z = world_size(p);
	const struct {
		const char *key;
		bool changed;
	} rules[] = {
		{"population.people", z.people != w->people},
		{"population.periphery_share", z.periphery != w->periphery},
		{"population.firms", z.firms != w->firms},
		{"population.owners_share", z.owners != w->owners},
		{"population.contractors_share", z.contractors != w->contractors},
		{"population.regions", z.regions != w->regions},
		{"population.capital_goods_firms", p->population.capital_goods_firms !=
						   w->par.population.capital_goods_firms},
		{"giant.staff_share", (p->giant.staff_share > 0.0) != (w->giant >= 0)},
	};

	for (int i = 0; i < LENGTH(rules); i++)
		if (rules[i].changed)
			return rules[i].key;
	return NULL;
}

int world_layout_checked(const struct world *w, const struct params *p, struct err *e)
{
	const char *changed = layout_changed(w, p);

	if (!changed)
		return 0;
	return err_set(e, EXIT_USAGE, "%s differs from the saved state's, which cannot change its "
		       "size or layout; give it the same value", changed);
}

int world_adopt(struct world *w, const struct params *p, uint64_t seed, struct err *e)
{
	if (world_layout_checked(w, p, e))
		return -1;
	w->par = *p;
	w->seed = seed;
	for (int64_t j = 0; j < w->firms; j++)
		w->firm.policy[j] = world_policy(w, j);
	scratch_free(w->scratch); /* its room follows from the parameters */
	w->scratch = scratch_new(w);
	world_recount(w);
	return 0;
}
