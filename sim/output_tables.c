/* The tables of an output directory: one declaration gives the header line and the description in
 * datapackage.json. */
#include "ludd/mem.h"
#include "ludd/metrics.h"
#include "ludd/output_parts.h"

static const struct table_column identity[] = {
	{"run", "integer", "", "(scenario * points + point) * replicates + replicate"},
	{"scenario", "string", "", "name of the scenario"},
	{"point", "integer", "", "point of the sweep: a row of design.csv; 0 without a sweep"},
	{"replicate", "integer", "", "replicate; the same seed in every scenario and point"},
};
static const struct table_column seed = {"seed", "integer", "", "seed of the replicate"};
static const struct table_column tick = {"tick", "integer", "months",
					 "0 is the first after burn-in"};
static const struct table_column window = {"window", "string", "", "name of the window of ticks"};
static const struct table_column row_id = {"id", "integer", "", "row of the person or firm slot"};
static const struct table_column peak = {"unemployment_peak", "number", "share of labour force",
	"highest unemployment_rate of a tick in the window"};
static const struct table_column high = {"unemployment_high_months", "integer", "months",
	"months with unemployment_rate more than one point above the same replicate and point of "
	"the baseline"};
static const struct table_column structure[] = {
	{"block", "integer", "", "trajectory (Morris) or base point (Saltelli)"},
	{"step", "integer", "", "row within the block"},
	{"changed", "string", "", "parameter that moved since the row before (Morris) or was taken "
	 "from the block's last row (Saltelli); empty in the first row, all in Saltelli's last"},
};
static const struct table_column question[] = {
	{"metric", "string", "", "column of summary.csv whose sensitivity this is"},
	{"window", "string", "", "name of the window of ticks"},
	{"scenario", "string", "", "name of the scenario"},
	{"baseline", "string", "", "scenario subtracted from it, run by run; empty: nothing"},
	{"parameter", "string", "", "axis of the sweep"},
};
static const struct table_column morris[] = {
	{"mu", "number", "unit of the metric", "mean effect of moving a parameter over its range"},
	{"mu_low", "number", "unit of the metric", "lower end of its 95 % bootstrap interval"},
	{"mu_high", "number", "unit of the metric", "upper end"},
	{"mu_star", "number", "unit of the metric", "mean of the effects' absolute values"},
	{"mu_star_low", "number", "unit of the metric", "lower end of its 95 % bootstrap interval"},
	{"mu_star_high", "number", "unit of the metric", "upper end"},
	{"sigma", "number", "unit of the metric", "standard deviation of the effects"},
	{"sigma_low", "number", "unit of the metric", "lower end of its 95 % bootstrap interval"},
	{"sigma_high", "number", "unit of the metric", "upper end"},
	{"noise", "number", "unit of the metric", "what mu_star would be of a parameter that does "
	 "nothing but shift random draws, from the differences between replicates"},
};
static const struct table_column sobol[] = {
	{"first", "number", "share of variance", "first-order index: the parameter's alone"},
	{"first_low", "number", "share of variance", "lower end of its 95 % bootstrap interval"},
	{"first_high", "number", "share of variance", "upper end"},
	{"total", "number", "share of variance", "total index: with all it does with others"},
	{"total_low", "number", "share of variance", "lower end of its 95 % bootstrap interval"},
	{"total_high", "number", "share of variance", "upper end"},
};
static const struct table_column seeds[] = {
	{"seed_share", "number", "share of variance", "what the seed does alike at every point"},
	{"seed_share_total", "number", "share of variance",
	 "the same and what it does with the parameters: mean variance within a point"},
};
static const struct table_column comparison[] = {
	{"metric", "string", "", "column of summary.csv that is compared"},
	{"window", "string", "", "name of the window of ticks"},
	{"scenario", "string", "", "scenario that is compared with the baseline"},
	{"baseline", "string", "", "scenario it is compared with"},
	{"n", "integer", "pairs", "replicates that both have"},
	{"mean", "number", "", "mean of the scenario over them; unit as in summary.csv"},
	{"baseline_mean", "number", "", "mean of the baseline"},
	{"difference", "number", "", "mean of the paired differences, scenario - baseline"},
	{"ci_low", "number", "", "lower end of their 95 % Student t interval"},
	{"ci_high", "number", "", "upper end"},
	{"p10", "number", "", "10 % quantile of the differences"},
	{"p50", "number", "", "median of the differences"},
	{"p90", "number", "", "90 % quantile of the differences"},
	{"correlation", "number", "", "correlation of scenario and baseline over replicates"},
	{"variance_ratio", "number", "", "variance of the differences / sum of both variances"},
	{"point", "integer", "", "point of the sweep: a row of design.csv; 0 without a sweep"},
	{"boot_low", "number", "", "lower end of the 95 % bootstrap interval of difference"},
	{"boot_high", "number", "", "upper end"},
	{"reduction", "number", "ratio", "1 / variance_ratio: so many times the runs it would take "
	 "without pairing"},
	{"scenario_p10", "number", "", "10 % quantile of the scenario's own values"},
	{"scenario_p50", "number", "", "their median"},
	{"scenario_p90", "number", "", "their 90 % quantile"},
	{"baseline_p10", "number", "", "10 % quantile of the baseline's values"},
	{"baseline_p50", "number", "", "their median"},
	{"baseline_p90", "number", "", "their 90 % quantile"},
	{"dip", "number", "", "Hartigan's dip of the differences: distance to the nearest "
	 "distribution with one mode"},
	{"dip_p", "number", "", "chance of such a dip with one mode; empty under 4 pairs"},
	{"scenario_dip", "number", "", "Hartigan's dip of the scenario's own values"},
	{"scenario_dip_p", "number", "", "chance of such a dip with one mode"},
	{"bimodal", "integer", "flag", "1 where dip_p or scenario_dip_p is under 0.01: the mean "
	 "stands for no typical run; look at the quantiles"},
	{"parted_first", "integer", "months", "first tick of series.csv at which a replicate of "
	 "the scenario differs from the baseline's, in any metric but those by policy and "
	 "automation_frontier; empty where none does"},
	{"parted_median", "number", "months", "median of these ticks over replicates, one that "
	 "never differs counting as infinite"},
};

#define BIN(own, base, months, base_months) \
	{"s" own "_b" base, "number", "people", "of them with " months " months in the reserve " \
	 "in the scenario and " base_months " in the baseline"}
#define BINS(own, months) \
	BIN(own, "0", months, "0"), BIN(own, "1to3", months, "1 to 3"), \
	BIN(own, "4to6", months, "4 to 6"), BIN(own, "7to12", months, "7 to 12"), \
	BIN(own, "13up", months, "13 or more")
static const struct table_column transitions[] = {
	{"window", "string", "", "name of the window of ticks"},
	{"scenario", "string", "", "scenario in which the people are followed"},
	{"baseline", "string", "", "scenario in which the same people are followed too"},
	{"point", "integer", "", "point of the sweep: a row of design.csv; 0 without a sweep"},
	{"replicates", "integer", "", "pairs of runs; all numbers are means over them"},
	{"people", "number", "people", "people followed: all, or a sample of about 10000"},
	{"held_both", "number", "people", "of them in work in both when the window begins"},
	{"kept_both", "number", "people", "of these without a month in the reserve in both"},
	{"kept_scenario_lost_baseline", "number", "people", "without one in the scenario alone"},
	{"lost_scenario_kept_baseline", "number", "people", "without one in the baseline alone"},
	{"lost_both", "number", "people", "with a month in the reserve or more in both"},
	{"reserve_months_scenario", "number", "months", "a person in the reserve, of all people"},
	{"reserve_months_baseline", "number", "months", "the same in the baseline"},
	{"difference", "number", "months", "of the two"},
	{"ci_low", "number", "months", "lower end of its 95 % Student t interval"},
	{"ci_high", "number", "months", "upper end"},
	BINS("0", "0"), BINS("1to3", "1 to 3"), BINS("4to6", "4 to 6"), BINS("7to12", "7 to 12"),
	BINS("13up", "13 or more"),
};

static void columns_add(struct table *t, const struct table_column *columns, int count)
{
	t->columns = mem_resize(t->columns, (size_t)(t->count + count), sizeof(*columns),
				"the columns of a table");
	for (int i = 0; i < count; i++)
		t->columns[t->count++] = columns[i];
}

static void column_add(struct table *t, const char *name, const char *type, const char *unit,
		       const char *doc)
{
	columns_add(t, &(struct table_column){name, type, unit, doc}, 1);
}

static void metric_add(struct table *t, int metric)
{
	const struct metric_info *m = metric_at(metric);
	column_add(t, m->name, "number", m->unit, m->doc);
}

static void series_columns(struct table *t, const struct experiment *x)
{
	columns_add(t, &seed, 1);
	columns_add(t, &tick, 1);
	for (int i = 0; i < x->series_metric_count; i++)
		metric_add(t, x->series_metrics[i]);
}

static void summary_columns(struct table *t)
{
	columns_add(t, &seed, 1);
	columns_add(t, &window, 1);
	for (int i = 0; i < metric_count(); i++)
		metric_add(t, i);
	columns_add(t, &peak, 1);
	columns_add(t, &high, 1);
}

static void panel_columns(struct table *t, enum column_table which)
{
	columns_add(t, &tick, 1);
	columns_add(t, &row_id, 1);
	for (int i = 0; i < column_count(); i++) {
		const struct column_info *c = column_at(i);
		const char *type = c->kind == COLUMN_F64 ? "number" : "integer";
		if (c->table == which)
			column_add(t, c->name, type, c->unit, c->doc);
	}
	for (int i = 0; i < view_count(); i++)
		if (view_at(i)->table == which)
			column_add(t, view_at(i)->name, "integer", view_at(i)->unit,
				   view_at(i)->doc);
}

static void design_columns(struct table *t, const struct experiment *x)
{
	static const char *const types[] = {"number", "integer", "string"}; /* by enum param_type */
	bool *varied = design_varied(x);
	columns_add(t, &identity[2], 1);
	if (sweep_analysed(x->sweep.method))
		columns_add(t, structure, LENGTH(structure));
	for (int i = 0; i < param_count(); i++) {
		const struct param_info *p = param_at(i);
		if (varied[i])
			column_add(t, p->key, types[p->type], p->unit, p->doc);
	}
	mem_free(varied);
}

static void sensitivity_columns(struct table *t, const struct experiment *x)
{
	columns_add(t, question, LENGTH(question));
	if (x->sweep.method == SWEEP_MORRIS)
		columns_add(t, morris, LENGTH(morris));
	else
		columns_add(t, sobol, LENGTH(sobol));
	columns_add(t, seeds, LENGTH(seeds));
}

struct table table_of(const struct experiment *x, enum table_name name)
{
	static const struct table tables[TABLE_COUNT] = {
		[TABLE_SERIES] = {"series.csv", "metrics, one row a run and tick", NULL, 0},
		[TABLE_SUMMARY] = {"summary.csv", "means of metrics, one row a run and window",
				   NULL, 0},
		[TABLE_COMPARE] = {"compare.csv", "paired differences to the baseline", NULL, 0},
		[TABLE_DESIGN] = {"design.csv", "the points of the sweep", NULL, 0},
		[TABLE_SENSITIVITY] = {"sensitivity.csv", "which parameters of the sweep matter",
				       NULL, 0},
		[TABLE_TRANSITIONS] = {"transitions.csv", "people followed through scenario and "
				       "baseline", NULL, 0},
		[TABLE_FIRMS] = {"firms.csv", "panel of firms", NULL, 0},
		[TABLE_WORKERS] = {"workers.csv", "panel of people", NULL, 0},
	};
	struct table t = tables[name];
	if (name == TABLE_COMPARE)
		columns_add(&t, comparison, LENGTH(comparison));
	else if (name == TABLE_TRANSITIONS)
		columns_add(&t, transitions, LENGTH(transitions));
	else if (name != TABLE_DESIGN && name != TABLE_SENSITIVITY)
		columns_add(&t, identity, LENGTH(identity));
	switch (name) {
	case TABLE_SERIES: series_columns(&t, x); break;
	case TABLE_SUMMARY: summary_columns(&t); break;
	case TABLE_DESIGN: design_columns(&t, x); break;
	case TABLE_SENSITIVITY: sensitivity_columns(&t, x); break;
	case TABLE_FIRMS: panel_columns(&t, COLUMN_FIRM); break;
	case TABLE_WORKERS: panel_columns(&t, COLUMN_WORKER); break;
	default: break;
	}
	return t;
}

void table_free(struct table *t)
{
	mem_free(t->columns);
	*t = (struct table){0};
}

bool table_wanted(const struct experiment *x, enum table_name name)
{
	switch (name) {
	case TABLE_DESIGN: return x->point_count > 1 || !x->points || x->points[0].count > 0;
	case TABLE_SENSITIVITY: return sweep_analysed(x->sweep.method);
	case TABLE_TRANSITIONS: return x->transitions && x->scenario_count > 1;
	case TABLE_FIRMS: return x->firms.wanted;
	case TABLE_WORKERS: return x->workers.wanted;
	default: return true;
	}
}

void table_header(const struct table *t, struct text *text)
{
	for (int i = 0; i < t->count; i++)
		text_add(text, "%s%s", i ? "," : "", t->columns[i].name);
	text_add(text, "\n");
}
