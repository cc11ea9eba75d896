/* Floor 2. The state of one run: everything a tick reads and writes. */
#ifndef LUDD_WORLD_H
#define LUDD_WORLD_H

#include "ludd/census.h"
#include "ludd/err.h"
#include "ludd/money.h"
#include "ludd/params.h"
#include "ludd/rng.h"

#define NO_FIRM UINT32_MAX

struct workers {
#define WORKER(name, type, ...) type *name;
#include "ludd/columns.def"
};
struct firms {
#define FIRM(name, type, ...) type *name;
#define FIRM_FLOW(name, type, ...) type *name;
#include "ludd/columns.def"
};
struct owners {
#define OWNER(name, type, ...) type *name;
#include "ludd/columns.def"
};
struct contractors {
#define CONTRACTOR(name, type, ...) type *name;
#include "ludd/columns.def"
};

/* aggregates known to everybody: computed at the end of a tick, read in the next */
struct published {
	double frontier;         /* automatable share of tasks */
	double productivity;     /* mean output of an efficiency worker, units/month */
	double confidence;       /* shock to the propensity to consume */
	double price;            /* sales-weighted consumption price, mills/unit */
	double price_history[12]; /* of the last 12 ticks, place tick mod 12 */
	double price_average;    /* mean price of department II firms, for entrants */
	double capital_price;    /* mills/unit, smoothed */
	double inflation;        /* 1/year, smoothed */
	double layoff_rate, job_to_job_rate; /* 1/month, smoothed */
	double profit_rate;      /* 1/year, smoothed */
	double utilisation, utilisation_slow;
	double unemployment;     /* smoothed */
	double unemployment_now; /* last tick */
	double productivity_real; /* units per employed person, smoothed (prodE) */
	double productivity_trend; /* the same frozen at automation.start, growing by trend */
	double surplus;          /* staff-weighted mean surplus of firms */
	double wage;             /* mean over employees of their firm's wage */
	double periphery_wage;
	double loan_rate;        /* 1/year */
	int64_t household_demand; /* sum of firms' household_demand */
	/* reference of the gain since automation.start: sums over the 12 ticks before it */
	double base_output, base_hours, base_price; /* units; posts at full time; mills/unit */
	double reference_price; /* base price, growing at the inflation target; 0 before */
	int64_t base_ticks, base_employed, base_gdp, base_wages, base_state; /* people; mills */
};

struct regional { /* published aggregates of one region */
	double job_finding, wage, hours, unemployment;
};

struct ledger { /* accounts that are not rows */
	int64_t state, bank, fund; /* state: minus the public debt; bank: net worth */
	/* between the two halves of a mass payment; 0 after every phase */
	int64_t clearing;
	int64_t pool;              /* dividends on their way to the owners; 0 after every tick */
	int64_t fund_dividend;     /* announced, mills a person (no account) */
};

struct stocks { /* sums of accounts, mills */
	int64_t workers, state, fund; /* for Kalecki's identity */
	int64_t all;                  /* of all there are: 0 */
};

/* What people have paid for goods they ordered, mills: from wages_paid to households_buy, else
 * 0. */
struct prepaid {
	int64_t core, periphery;
};

struct terms { /* of the month's payments, mills a person; set when wages are paid */
	int64_t basic_income, assistance, dividend, periphery_pay;
};

struct scratch; /* reused arrays; see sim/scratch.c */

struct world {
	struct params par;
	uint64_t seed;
	int64_t tick;    /* of the model: starts at -burn_in; 0 is the first reported */
	int threads;
	int64_t people, periphery, firms, owners, contractors, regions;

	void *columns; /* the room that all columns share */
	struct workers worker; /* people + periphery rows */
	struct firms firm;
	struct owners owner;
	struct contractors contractor;
	struct published pub;
	struct regional *region;
	struct ledger ledger;
	struct terms terms;
	struct stocks stocks; /* at the end of the last tick */
	int64_t stocks_tick;  /* the tick that begins with them; another: not counted */
	struct prepaid prepaid;

	int64_t giant; /* row of the one very large firm, or -1 */

	/* by region: rows first[r] .. first[r+1]-1; firms of department I come first, up to
	 * goods[r] */
	int64_t *people_first, *firms_first, *goods_first;

	struct census census;
	struct scratch *scratch;
	struct money_fault fault;
	double phase_seconds[32]; /* filled when timing is on */
	bool timing;
	bool counting; /* take the census of people this tick; set by who reports */
	bool hashing;             /* keep a state hash of every phase in phase_hash */
	uint64_t phase_hash[32];
};

/* Sizes implied by the parameters; needs no world. */
struct world_size {
	int64_t people, periphery, firms, owners, contractors, regions;
	int64_t makers; /* firms of department I */
	int64_t bytes;  /* all it takes on one thread, scratch included */
	int64_t bytes_a_thread; /* what each further thread takes */
};
struct world_size world_size(const struct params *p);

/* A world before its first tick; burn_in >= 0 ticks will run before tick 0. */
struct world *world_new(const struct params *p, uint64_t seed, int64_t burn_in, int threads);
void world_free(struct world *w);
/* an independent copy: one burn-in, many futures */
struct world *world_copy(const struct world *w);
/* EXIT_USAGE where the parameters make a world of other sizes, or laid out in another way. */
int world_layout_checked(const struct world *w, const struct params *p, struct err *e);
/* From now on with these parameters and this seed; firms hold the policies of the new mix. Nothing
 * changes where the layout does not fit. */
int world_adopt(struct world *w, const struct params *p, uint64_t seed, struct err *e);
/* The policy of a slot by the mix: the same firms hold it in paired runs. */
uint8_t world_policy(const struct world *w, int64_t j);
/* After columns were set: counts heads, which follow from them; the next tick will count stocks. */
void world_recount(struct world *w);

/* Order-free hash of the state columns and published values: each row's hash is mixed with its
 * id and summed, so it does not depend on threads. */
uint64_t world_hash(const struct world *w);

enum column_table { COLUMN_WORKER, COLUMN_FIRM, COLUMN_OWNER, COLUMN_CONTRACTOR };
enum column_kind { COLUMN_I64, COLUMN_I32, COLUMN_U32, COLUMN_U16, COLUMN_U8, COLUMN_F64 };
struct column_info { /* generated from columns.def */
	enum column_table table;
	const char *name, *unit, *doc;
	enum column_kind kind;
	size_t size;   /* bytes an entry */
	size_t offset; /* of the pointer in struct world */
	bool flow;     /* rewritten each tick: no state */
};
int column_count(void);
const struct column_info *column_at(int i);
void *column_data(const struct world *w, const struct column_info *c);
int64_t column_rows(const struct world *w, const struct column_info *c);
double column_value(const struct world *w, const struct column_info *c, int64_t row);

struct view_info { /* what panels tell of a row besides its columns: computed, not kept */
	enum column_table table;
	const char *name, *unit, *doc;
	int64_t (*value)(const struct world *w, int64_t row);
};
int view_count(void);
const struct view_info *view_at(int i);

#endif
