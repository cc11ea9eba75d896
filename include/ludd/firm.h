/* Floor 3. What a firm's accountant knows: unit costs and output per worker (E7, E8). */
#ifndef LUDD_FIRM_H
#define LUDD_FIRM_H

#include "ludd/world.h"

static inline double firm_technology(const struct world *w, int64_t j) /* A of E4 */
{
	return w->pub.productivity * w->firm.productivity[j];
}

static inline double firm_capital_per_output(const struct world *w, int64_t j) /* k0 */
{
	return w->firm.capital_goods[j] ? w->par.production.capital_per_output_capital_goods
					: w->par.production.capital_per_output;
}

static inline double firm_markup(const struct world *w, int64_t j) /* mu0 of E9 */
{
	return j == w->giant ? w->par.giant.markup : w->par.firms.markup;
}

/* E7: units a month and person, at the present effort. */
static inline double output_per_worker(double technology, double hours, double effort,
				       double efficiency, double automation)
{
	return technology * hours * effort * efficiency / (1.0 - automation);
}

/* E8: labour cost of a unit at normal effort. */
static inline double labour_cost(double wage, double efficiency, double output,
				 double effort_normal, double effort)
{
	return wage * efficiency / (output * effort_normal / effort);
}

/* E8: wear of machines a unit, at the published capital price; k0 is capital a unit of output. */
static inline double wear_cost(const struct world *w, double k0, double automation)
{
	const struct params *p = &w->par;
	double ai = p->automation.capital_per_output * automation * p->automation.depreciation;
	return w->pub.capital_price * (k0 * p->production.depreciation + ai) /
	       p->production.normal_utilisation;
}

/* Capital of both kinds a unit of normal monthly output, in units. */
static inline double capital_per_unit(const struct world *w, double k0, double automation)
{
	return (k0 + w->par.automation.capital_per_output * automation) /
	       w->par.production.normal_utilisation;
}

/* The same of a firm as its row stands. */
static inline double firm_output_per_worker(const struct world *w, int64_t j)
{
	const struct firms *f = &w->firm;
	return output_per_worker(firm_technology(w, j), f->hours[j], f->effort[j], f->efficiency[j],
				 f->automation[j]);
}

static inline double firm_labour_cost(const struct world *w, int64_t j)
{
	const struct firms *f = &w->firm;
	return labour_cost(f->wage[j], f->efficiency[j], firm_output_per_worker(w, j),
			   f->effort_normal[j], f->effort[j]);
}

static inline double firm_wear_cost(const struct world *w, int64_t j)
{
	return wear_cost(w, firm_capital_per_output(w, j), w->firm.automation[j]);
}

static inline double firm_unit_cost(const struct world *w, int64_t j)
{
	return firm_labour_cost(w, j) + firm_wear_cost(w, j);
}

/* E7: efficiency of a skilled person where machines do the part a of tasks, at an average match. */
static inline double firm_skill_factor(double premium, double a)
{
	return 1.0 + premium * (1.0 - a);
}

/* The fit of person n with firm j in 1/65536: a hash of both, so it needs no storage (E7). */
static inline uint16_t firm_match(struct rng_key key, uint64_t n, uint64_t j)
{
	return (uint16_t)(rng_first(key, n << 32 | j) >> 16);
}

/* E7: efficiency and pay factor in 1/65536. */
static inline int64_t firm_efficiency(double skill_factor, double match_spread, uint16_t match)
{
	return (int64_t)(skill_factor * (1.0 + match_spread * (match * 0x1p-15 - 1.0)) * 65536.0);
}

#endif
