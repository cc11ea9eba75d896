/* One run from burn-in to the last tick: series of metrics, panels, final state hash. */
#include "ludd/run.h"

#include <inttypes.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/metrics.h"
#include "ludd/output.h"
#include "ludd/par.h"
#include "ludd/text.h"
#include "ludd/tick.h"

static bool due(int64_t tick, int64_t every)
{
	return every > 0 && tick >= 0 && tick % every == 0;
}

/* The rows a panel shows: all, or `sample` of them drawn by the run's seed, the same in all its
 * ticks. */
static bool row_sampled(const struct world *w, int64_t row, int64_t rows, int64_t sample)
{
	struct pcg32 g = rng_agent(rng_key(w->seed, DRAW_sample, 0), (uint64_t)row);
	return sample == 0 || sample >= rows || rng_unit(&g) < (double)sample / (double)rows;
}

static void panel_row(const struct world *w, const struct run_id *id, const char *scenario,
		      enum column_table table, int64_t row, struct text *text)
{
	char number[32];

	text_add(text, "%" PRId64 ",%s,%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64, id->run,
		 scenario, id->point, id->replicate, w->tick - 1, row);
	for (int i = 0; i < column_count(); i++) {
		const struct column_info *c = column_at(i);
		if (c->table != table)
			continue;
		number_text(column_value(w, c, row), number);
		text_add(text, ",%s", number);
	}
	text_add(text, "\n");
}

static void panel_taken(const struct experiment *x, const struct world *w, const struct run_id *id,
			enum column_table table, const struct panel *panel, struct text *text)
{
	int64_t rows = table == COLUMN_WORKER ? w->people : w->firms;

	if (!panel->wanted || !due(w->tick - 1, panel->every))
		return;
	for (int64_t row = 0; row < rows; row++)
		if (row_sampled(w, row, rows, panel->sample))
			panel_row(w, id, x->scenarios[id->scenario].name, table, row, text);
}

struct progress { /* what a run has put together so far */
	struct text firms, workers;
	struct text trace;
};

static void trace_taken(const struct world *w, struct text *trace)
{
	for (int i = 0; i < phase_count(); i++)
		text_add(trace, "%" PRId64 ",%s,%016" PRIx64 "\n", w->tick - 1, phase_name(i),
			 w->phase_hash[i]);
}

static void month_recorded(const struct experiment *x, const struct world *w, struct run_result *r,
			   struct progress *p)
{
	if (due(w->tick - 1, x->series_every)) {
		r->ticks[r->rows] = w->tick - 1;
		metrics_of(&w->census, &r->series[r->rows * metric_count()]);
		r->rows++;
	}
	panel_taken(x, w, &r->id, COLUMN_FIRM, &x->firms, &p->firms);
	panel_taken(x, w, &r->id, COLUMN_WORKER, &x->workers, &p->workers);
	if (w->hashing)
		trace_taken(w, &p->trace);
}

static void ticks_done(const struct experiment *x, struct world *w, struct run_result *r,
		       struct progress *p)
{
	for (int64_t t = -x->burn_in; t < x->ticks; t++) {
		w->counting = due(t, x->series_every);
		if (tick(w, &r->err))
			return;
		month_recorded(x, w, r, p);
	}
}

void run_do(const struct experiment *x, const struct run_id *id, const struct run_options *o,
	    struct run_result *r)
{
	struct params params;
	struct progress p = {0};
	struct world *w;
	double started = par_clock();
	int64_t rows = (x->ticks + x->series_every - 1) / x->series_every;

	memset(r, 0, sizeof(*r));
	r->id = *id;
	experiment_params(x, id, &params);
	MEM_NEW(r->ticks, rows, "series");
	MEM_NEW(r->series, rows * metric_count(), "series");
	w = world_new(&params, id->seed, x->burn_in, o->threads);
	w->timing = true;
	w->hashing = o->trace_hash;
	ticks_done(x, w, r, &p);
	r->firms_rows = p.firms.s;
	r->workers_rows = p.workers.s;
	r->trace = p.trace.s;
	r->state_hash = world_hash(w);
	memcpy(r->phase_seconds, w->phase_seconds, sizeof(r->phase_seconds));
	r->seconds = par_clock() - started;
	world_free(w);
}

void run_result_free(struct run_result *r)
{
	mem_free(r->ticks);
	mem_free(r->series);
	mem_free(r->firms_rows);
	mem_free(r->workers_rows);
	mem_free(r->trace);
	memset(r, 0, sizeof(*r));
}
