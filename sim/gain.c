/* Who got the gain. The base is the mean month of the year before automation.start: output per
 * person employed, hours per person, and the split of GDP into net wages, the state's take and
 * profits. Today, with the same number of people employed, all of it valued at a reference price
 * that grows at the inflation target from the base:
 *
 *   total   = output today - base output + free time at today's output per hour
 *   wages   = net wages - their part of base output        (money of today)
 *   state   = taxes, levy, fees - their part of base output
 *   profits = the rest of GDP - its part of base output    (gross of wear)
 *   prices  = output at the reference price - GDP in money of today
 *   hours   = free time: output forgone by working less than in the base
 *
 * Everything is whole mills, so the five parts add up to the total exactly. Trend productivity
 * is part of the gain; the paired difference to a scenario without AI shows what AI added. */
#include "ludd/gain.h"

static int64_t gdp_of(const struct flows *f)
{
	return f->consumption_core + f->consumption_periphery + f->consumption_owners +
	       f->purchases + f->investment + f->data_labour;
}

static int64_t wages_of(const struct flows *f)
{
	return f->wages + f->wages_periphery - f->wage_tax;
}

static int64_t state_of(const struct flows *f)
{
	return f->wage_tax + f->profit_tax + f->levy + f->training;
}

static void base_remembered(struct world *w)
{
	struct published *pub = &w->pub;
	const struct census *c = &w->census;

	pub->base_ticks++;
	pub->base_gdp += gdp_of(&c->flow);
	pub->base_wages += wages_of(&c->flow);
	pub->base_state += state_of(&c->flow);
	pub->base_output += (double)gdp_of(&c->flow) / pub->price;
	pub->base_hours += c->hours_sum;
	pub->base_employed += c->employed;
	pub->base_price += pub->price;
	pub->reference_price = pub->base_price / (double)pub->base_ticks;
}

void gain_counted(struct world *w)
{
	struct published *pub = &w->pub;
	struct census *c = &w->census;
	int64_t start = w->par.automation.start, gdp = gdp_of(&c->flow);
	int64_t base, base_wages, base_state;
	double output, hours, employed = (double)c->employed, reference;

	if (w->tick >= start - 12 && w->tick < start)
		base_remembered(w);
	if (w->tick < start || pub->base_employed == 0 || pub->base_gdp == 0 || c->hours_sum <= 0.0)
		return;
	pub->reference_price *= 1.0 + w->par.finance.inflation_target / 12.0;
	reference = pub->reference_price;
	output = (double)gdp / pub->price;
	hours = pub->base_hours / (double)pub->base_employed * employed - c->hours_sum;
	base = mills(pub->base_output / (double)pub->base_employed * employed * reference,
		     &w->fault, 0, "base output");
	base_wages = (int64_t)((double)base * ((double)pub->base_wages / (double)pub->base_gdp));
	base_state = (int64_t)((double)base * ((double)pub->base_state / (double)pub->base_gdp));

	c->gain_wages = wages_of(&c->flow) - base_wages;
	c->gain_state = state_of(&c->flow) - base_state;
	c->gain_profits =
		gdp - wages_of(&c->flow) - state_of(&c->flow) - (base - base_wages - base_state);
	c->gain_prices = mills(output * reference, &w->fault, 0, "output") - gdp;
	c->gain_hours = mills(output / c->hours_sum * hours * reference, &w->fault, 0, "free time");
	c->gain_total = mills(output * reference, &w->fault, 0, "output") - base + c->gain_hours;
}
