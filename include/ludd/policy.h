/* Floor 3. A policy decides who gets the gain when a firm's new machines go live. It sees one firm,
 * read only, and fills one plan; the engine checks that the plan adds up and carries it out. */
#ifndef LUDD_POLICY_H
#define LUDD_POLICY_H

#include "ludd/base.h"
#include "ludd/err.h"

enum dismissal {       /* what happens to people whose posts the machines made redundant */
	DISMISS_AT_ONCE,       /* all above need leave this month */
	DISMISS_NEVER_FOR_AI,  /* none; numbers fall by quits */
	DISMISS_ONLY_AT_A_LOSS /* none until three months of losses in a row */
};

struct policy_view { /* one firm at go-live */
	double gain;         /* net gain as a share of unit labour cost, 0 .. 1 */
	double hours;        /* working time, 1 = full time */
	double wage;         /* mills a month, full-time post */
	double price, unit_cost; /* mills a unit, before go-live */
	double automation, automation_new; /* share of tasks */
	double staff;        /* people */
	double loss_months;  /* months of losses in a row */
	double profit_rate;  /* 1/year, last month */
	double unemployment; /* published rate of the region */
};

/* shares of the net gain; retraining comes off the top, the others split the rest */
struct policy_plan {
	/* each in [0, 1], together at most 1; what is left is profit */
	double hours, wages, prices, fund;
	double retraining;                 /* [0, 1] */
	double surveillance;               /* level of monitoring from now on, >= 0 */
	enum dismissal dismissal;
};

struct policy_field { /* one parameter of a policy: key policy.NAME.field */
	const char *name;
	double value, low, high;
	const char *unit, *doc, *source;
};

enum { POLICY_FIELDS = 12 }; /* most fields a policy may have */

struct policy {
	const char *name, *doc;
	struct policy_field fields[POLICY_FIELDS]; /* ends at the first without a name */
	/* Cross-field rules; adds to p. `value` holds one number a field, in table order. */
	void (*check)(const char *name, const double *value, struct problems *p);
	void (*decide)(const double *value, const struct policy_view *firm,
		       struct policy_plan *plan);
};

enum policy_id {
#define POLICY(name) POLICY_##name,
#include "ludd/policies.def"
	POLICY_COUNT
};

extern const struct policy *const policies[POLICY_COUNT];
#define POLICY(name) extern const struct policy policy_##name;
#include "ludd/policies.def"

/* Calls the policy's decide: a switch, so that hot loops hold no function pointer. */
void policy_decide(enum policy_id id, const double *value, const struct policy_view *firm,
		   struct policy_plan *plan);

int policy_by_name(const char *name); /* -1 where there is none */
int policy_fields(const struct policy *p);

/* A preset is a fixed split. These fields, in this order, and the two functions serve every
 * preset. */
#define SPLIT_FIELDS(HOURS, WAGES, PRICES, FUND, RETRAINING, SURVEILLANCE, DISMISSAL) \
	{"hours", HOURS, 0, 1, "share of the net gain", \
	 "goes into shorter hours at full pay", "scenario"}, \
	{"wages", WAGES, 0, 1, "share of the net gain", "goes into higher pay", "scenario"}, \
	{"prices", PRICES, 0, 1, "share of the net gain", "goes into lower prices", "scenario"}, \
	{"fund", FUND, 0, 1, "share of AI rent", \
	 "goes to the citizens' fund every month", "scenario"}, \
	{"retraining", RETRAINING, 0, 1, "share of the net gain", \
	 "pays for courses, off the top", "scenario"}, \
	{"surveillance", SURVEILLANCE, 0, 10, "level", \
	 "monitoring of work from go-live", "scenario"}, \
	{"dismissal", DISMISSAL, 0, 2, "0 at_once, 1 never_for_ai, 2 only_at_a_loss", \
	 "rule for redundant staff", "scenario"}
void split_check(const char *name, const double *value, struct problems *p);
void split_decide(const double *value, const struct policy_view *firm, struct policy_plan *plan);

#endif
