/* What makes a set of parameters impossible to run, beyond each one's range. */
#include "ludd/params.h"

#include <math.h>

#include "ludd/policy.h"
#include "ludd/world.h"

/* All accounts together stay under this many first monthly wages a person, growth and inflation of
 * some decades included; money_floor guards the rest. */
#define WAGES_A_PERSON 300.0
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
	long long people = p->population.people, firms = p->population.firms;
	long long regions = world_size(p).regions;

	if (firms > people)
		problem_add(problems, "%spopulation.firms is %lld for %lld people; there must be "
			    "at least one person per firm", place, firms, people);
	if (firms < 2 * regions)
		problem_add(problems, "%spopulation.regions is %lld; each region needs a firm of "
			    "each department, so %lld firms allow at most %lld", place, regions,
			    firms, firms / 2);
	if (people < regions)
		problem_add(problems, "%spopulation.regions is %lld for %lld people; there must be "
			    "at least one person per region", place, regions, people);
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
	double factor = 1 + p->firms.markup;
	if (wear * factor >= 1)
		problem_add(problems, "%sproduction.capital_per_output_capital_goods is %g: with "
			    "this wear, use and markup a machine needs %.3g machines to be "
			    "replaced; lower it, or production.depreciation, below 1", place,
			    p->production.capital_per_output_capital_goods, wear * factor);
}

/* Applications are numbered with 32 bits, in lists of whole blocks of people with some places to
 * spare. */
static void check_applications(const struct params *p, const char *place, struct problems *problems)
{
	enum { SPARE = 32 };
	int64_t blocks = par_blocks(p->population.people);
	if (blocks * (PAR_BLOCK * p->labour.applications + SPARE) > UINT32_MAX)
		problem_add(problems,
			    "%slabour.applications is %lld for %lld people; there is room "
			    "for 2^32 applications a month, so it must be at most %lld here",
			    place, (long long)p->labour.applications,
			    (long long)p->population.people,
			    (long long)((UINT32_MAX / blocks - SPARE) / PAR_BLOCK));
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
	check_applications(p, place, problems);
	check_mix(p, place, problems);
	check_policies(p, place, problems);
}
