/* Floor 5. An experiment: what the JSON file says, resolved, and the table of runs it means. */
#ifndef LUDD_EXPERIMENT_H
#define LUDD_EXPERIMENT_H

#include "ludd/err.h"
#include "ludd/params.h"

enum { NAME_LENGTH = 64, WINDOWS = 64, SCENARIOS = 256 };
enum { TICKS_MOST = 1000000, POINTS_MOST = 100000, RUNS_MOST = 10000000 };

struct window { /* ticks first .. last, both included; tick 0 is the first after burn-in */
	char name[NAME_LENGTH + 1];
	int64_t first, last;
};

enum origin { FROM_DEFAULT, FROM_FILE, FROM_SCENARIO, FROM_COMMAND, FROM_POINT };
enum { ORIGINS = FROM_POINT + 1 };

struct setting { /* one parameter fixed by file, scenario, --set or point */
	int param; /* position for param_at; PARAM_MIX where mix[] holds the value */
	double value;
	double mix[PARAMS_POLICIES];
	enum origin origin;
	int line; /* in the file, 0 where none */
};
enum { PARAM_MIX = -2 };

struct settings {
	struct setting *items;
	int count;
};

/* The setting of a parameter (or PARAM_MIX), or NULL. */
const struct setting *settings_find(const struct settings *s, int param);
void settings_append(struct settings *s, const struct setting *item);
void settings_put(struct settings *s, const struct setting *item); /* replaces or appends */
const char *setting_key(const struct setting *s); /* "labour.applications", "policy.mix" */
const char *origin_name(enum origin o); /* "default", "file", "scenario", "--set", "point" */

struct scenario {
	char name[NAME_LENGTH + 1];
	struct settings settings;
};

struct panel { /* rows of workers.csv or firms.csv */
	bool wanted;
	int64_t every;  /* ticks */
	int64_t sample; /* rows at most; 0 = all */
};

enum sweep_method {
	SWEEP_NONE,
	SWEEP_GRID, /* every combination of the axes' values, the last axis fastest */
	SWEEP_LIST, /* the points as they stand in the file */
	SWEEP_LATIN_HYPERCUBE,
	SWEEP_SOBOL,
	SWEEP_SALTELLI, /* `points` blocks for Sobol' indices: points * (axes + 2) in all */
	SWEEP_MORRIS    /* `trajectories` of axes + 1 points */
};
enum { SWEEP_METHODS = SWEEP_MORRIS + 1 };

struct axis {
	int param;              /* or PARAM_MIX */
	struct settings values; /* grid: all of them; methods that draw: the two ends */
};

struct sweep {
	enum sweep_method method;
	struct axis *axes;
	int axis_count;
	/* methods that draw their points */
	int64_t wanted; /* points or trajectories, as the file says */
	int levels;     /* Morris */
	bool scrambled; /* Sobol', Saltelli */
	uint64_t seed;  /* of the design; by default the file's, whatever --seed says */
};

struct design;

struct experiment {
	char name[NAME_LENGTH + 1];
	char *why; /* may be NULL */
	char *file; /* as given on the command line, for messages */
	uint64_t seed;
	int64_t replicates, burn_in, ticks;
	/* "parameters"; --set too, which also removes a scenario's own value */
	struct settings base;
	struct scenario *scenarios; /* at least one: "base" where the file has none */
	int scenario_count;
	int baseline;              /* position of the scenario others are compared with */
	struct window windows[WINDOWS];
	int window_count;          /* at least one: "all" where the file has none */
	int *series_metrics;       /* positions of the metrics in series.csv */
	int series_metric_count;
	int64_t series_every;      /* ticks */
	struct panel firms, workers;
	bool transitions;          /* people are followed: transitions.csv */
	int64_t checkpoint_every;  /* ticks; 0 = none */
	/* sweep: points 0 .. point_count-1; without a sweep one point with no settings */
	struct sweep sweep;
	struct settings *points; /* of a list, or the one; NULL where the axes make them */
	struct design *design;   /* of a method that draws its points: row i, column k is axis k */
	int64_t point_count;
	/* cross product of scenarios, points, replicates */
	int64_t run_count;
};

/* One row of the table of runs: run = (scenario * points + point) * replicates + replicate. */
struct run_id {
	int64_t run, point, replicate;
	int scenario;
	uint64_t seed; /* the same for a replicate in every scenario and point */
};
struct run_id experiment_run(const struct experiment *x, int64_t run);
/* The settings of a point, in place of what s holds ({0} at first); caller frees s->items. */
void experiment_point(const struct experiment *x, int64_t point, struct settings *s);
/* The parameters of a run: defaults, file and --set, scenario, point, in this order. */
void experiment_params(const struct experiment *x, const struct run_id *id, struct params *p);

struct overrides { /* what the command line changes */
	const char *const *set; /* "key=value" */
	int set_count;
	const char *seed; /* text, NULL = as in the file */
	int64_t replicates, ticks; /* 0 = as in the file */
};

/* Reads and checks FILE; adds every problem found to `problems`, each "file:line: sentence".
 * Returns NULL if there was an error (warnings alone do not count). */
struct experiment *experiment_read(const char *file, const struct overrides *o,
				   struct problems *problems);
void experiment_free(struct experiment *x);

bool experiment_sweeps(const struct experiment *x, int param); /* whether some point sets it */
const char *sweep_method_name(enum sweep_method m); /* "grid" ... */
bool sweep_draws(enum sweep_method m);   /* between the two ends of each axis */
bool sweep_analysed(enum sweep_method m); /* made for a sensitivity analysis: Saltelli, Morris */

/* The resolved experiment as JSON text: every parameter with value, unit and origin. Reading it
 * gives the same runs. Caller frees with mem_free. */
char *experiment_resolved(const struct experiment *x);
char *experiment_schema(void); /* JSON Schema (draft 2020-12) of the file, from the tables */

#endif
