/* What makes a set of parameters impossible to run, beyond each one's range. */
#include <math.h>

#include "ludd/params.h"
#include "ludd/policy.h"

/* Deposits and capital together stay under this many monthly wages a person, prices included. */
#define WAGES_A_PERSON 1000.0
#define MONEY_ROOM 0x1p60 /* money.h: MONEY_LIMIT */

bool param_in_range(const struct param_info *info, double value)
{
	return value >= info->low && value <= info->high &&
	       (info->type == PARAM_TYPE_REAL || value == floor(value));
}

static bool check_ranges(const struct params *p, const char *place, struct problems *problems)
{
	int before = problems->errors;
	for (int i = 0; i < param_count(); i++) {
		const struct param_info *info = param_at(i);
		double value = param_get(p, i);
		if (!param_in_range(info, value))
			problem_add(problems, "%s%s is %g; it must %slie in [%g, %g]", place,
				    info->key, value,
				    info->type == PARAM_TYPE_REAL ? "" : "be whole and ",
				    info->low, info->high);
	}
	return problems->errors == before;
}

static void check_population(const struct params *p, const char *place, struct problems *problems)
{
	int64_t people = p->population.people, firms = p->population.firms;
	int64_t regions = p->population.regions;
	int64_t goods = (int64_t)floor(p->population.capital_goods_firms * (double)firms + 0.5);
	int64_t most = smaller_i64(people, smaller_i64(goods, firms - goods));

	if (firms > people)
		problem_add(problems, "%spopulation.firms is %lld for %lld people; there must be "
			    "at least one person per firm", place, (long long)firms,
			    (long long)people);
	if (most < 1)
		problem_add(problems, "%spopulation.capital_goods_firms is %g: of %lld firms "
			    "%lld are in department I; each department needs at least one", place,
			    p->population.capital_goods_firms, (long long)firms, (long long)goods);
	else if (regions > most)
		problem_add(problems, "%spopulation.regions is %lld; each region needs people and "
			    "a firm of each department, so it must be at most %lld here (or 0: "
			    "chosen from the population)", place, (long long)regions,
			    (long long)most);
}

static void check_money(const struct params *p, const char *place, struct problems *problems)
{
	double people = (double)p->population.people * (1 + p->population.periphery_share);
	double most = MONEY_ROOM / (people * WAGES_A_PERSON);
	if (p->population.initial_wage > most)
		problem_add(problems, "%spopulation.initial_wage is %g mills for %lld people; the "
			    "accounts hold 2^60 mills, so it must be at most %g here", place,
			    p->population.initial_wage, (long long)p->population.people, most);
}

/* Department I uses its own machines: what a unit wears out must cost less than the unit, or no
 * price covers it (unit cost = wages + markup * wear * unit cost). */
static void check_machines(const struct params *p, const char *place, struct problems *problems)
{
	double wear = p->production.capital_per_output_capital_goods * p->production.depreciation /
		      p->production.normal_utilisation;
	double factor = 1 + (p->firms.pricing == PRICING_UNIT_COST ? p->firms.markup : 0);
	if (wear * factor >= 1)
		problem_add(problems, "%sproduction.capital_per_output_capital_goods is %g: with "
			    "this wear, use and markup a machine needs %.3g machines to be "
			    "replaced; lower it, or production.depreciation, below 1", place,
			    p->production.capital_per_output_capital_goods, wear * factor);
}

static void check_mix(const struct params *p, const char *place, struct problems *problems)
{
	double sum = 0;
	for (int i = 0; i < POLICY_COUNT; i++)
		sum += p->mix[i];
	if (!(fabs(sum - 1) <= 1e-9))
		problem_add(problems, "%spolicy.mix adds up to %.12g; the shares must add up to 1",
			    place, sum);
}

static void check_policies(const struct params *p, const char *place, struct problems *problems)
{
	struct problems own = {0};
	for (int i = 0; i < POLICY_COUNT; i++)
		if (policies[i]->check)
			policies[i]->check(policies[i]->name, p->policy[i], &own);
	for (int i = 0; i < own.count; i++) {
		if (own.items[i].warning)
			warning_add(problems, "%s%s", place, own.items[i].text);
		else
			problem_add(problems, "%s%s", place, own.items[i].text);
	}
	problems_free(&own);
}

void params_check(const struct params *p, const char *place, struct problems *problems)
{
	if (!check_ranges(p, place, problems))
		return; /* the rules below would speak of impossible numbers */
	check_population(p, place, problems);
	check_money(p, place, problems);
	check_machines(p, place, problems);
	check_mix(p, place, problems);
	check_policies(p, place, problems);
}
