/* One run from burn-in to the last tick: series of metrics, panels, final state hash. */
#include "ludd/checkpoint.h"

#include <inttypes.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/metrics.h"
#include "ludd/output.h"
#include "ludd/par.h"
#include "ludd/text.h"
#include "ludd/tick.h"
#include "ludd/transitions.h"

static bool due(int64_t tick, int64_t every)
{
	return every > 0 && tick >= 0 && tick % every == 0;
}

bool row_sampled(const struct world *w, int64_t row, int64_t rows, int64_t sample)
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
	for (int i = 0; i < view_count(); i++)
		if (view_at(i)->table == table)
			text_add(text, ",%" PRId64, view_at(i)->value(w, row));
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

static void trace_taken(const struct world *w, struct text *trace)
{
	for (int i = 0; i < phase_count(); i++)
		text_add(trace, "%" PRId64 ",%s,%016" PRIx64 "\n", w->tick - 1, phase_name(i),
			 w->phase_hash[i]);
}

struct life { /* a run under way */
	const struct experiment *x;
	const struct run_id *id;
	const struct run_options *o;
	struct world *w;
	struct run_progress p;
	struct followed followed; /* where transitions are wanted */
	uint64_t fingerprint; /* where checkpoints are wanted */
	double saved_at;      /* the last checkpoint: seconds, monotonic */
	struct err *e;
	struct text note;
};

static void month_recorded(struct life *l)
{
	const struct experiment *x = l->x;
	const struct world *w = l->w;
	struct run_progress *p = &l->p;

	if (due(w->tick - 1, x->series_every)) {
		p->ticks[p->rows] = w->tick - 1;
		metrics_of(&w->census, &p->series[p->rows * metric_count()]);
		p->rows++;
	}
	panel_taken(x, w, l->id, COLUMN_FIRM, &x->firms, &p->firms);
	panel_taken(x, w, l->id, COLUMN_WORKER, &x->workers, &p->workers);
	if (x->transitions)
		reserve_noted(x, w, &l->followed, &p->transitions);
	if (w->hashing)
		trace_taken(w, &p->trace);
}

static void note_add(struct life *l, const char *sentence)
{
	text_add(&l->note, "%s%s", l->note.length ? "; " : "", sentence);
}

/* A checkpoint to go on from. */
static int life_saved(struct life *l, struct err *e)
{
	char *name = checkpoint_name(l->id->run);
	int failed = checkpoint_write(l->o->checkpoint_directory, name, l->w, &l->p,
				      l->fingerprint, e);

	l->saved_at = par_clock();
	mem_free(name);
	return failed;
}

/* One that the experiment asks for. */
static int state_kept(struct life *l)
{
	char *name;
	int failed;

	if (!l->o->checkpoint_directory || !due(l->w->tick, l->x->checkpoint_every))
		return 0;
	name = checkpoint_kept_name(l->id->run, l->w->tick);
	failed = checkpoint_write(l->o->checkpoint_directory, name, l->w, NULL, 0, l->e);
	mem_free(name);
	return failed;
}

/* By ticks or minutes. A full disk does not end the run, which may be done before it is stopped. */
static void life_saved_in_time(struct life *l)
{
	const struct run_options *o = l->o;
	bool ticks = o->checkpoint_every > 0 && l->w->tick % o->checkpoint_every == 0;
	bool minutes = o->checkpoint_minutes > 0.0 &&
		       par_clock() - l->saved_at >= 60.0 * o->checkpoint_minutes;
	struct err e = {0};

	if (o->checkpoint_directory && (ticks || minutes) && life_saved(l, &e))
		note_add(l, e.text);
}

/* Whether the run is to stop; the reason is in e. */
static bool life_stopped(struct life *l)
{
	if (!l->o->stop || !*l->o->stop)
		return false;
	if (!l->o->checkpoint_directory)
		err_set(l->e, EXIT_STOPPED, "stopped before tick %" PRId64
			", without a checkpoint", l->w->tick);
	else if (!life_saved(l, l->e))
		err_set(l->e, EXIT_STOPPED, "stopped before tick %" PRId64
			"; it goes on from there", l->w->tick);
	return true;
}

static void ticks_done(struct life *l)
{
	struct world *w = l->w;

	while (!state_kept(l) && w->tick < l->x->ticks) {
		w->counting = due(w->tick, l->x->series_every);
		if (l->x->transitions)
			posts_noted(l->x, w, &l->followed, &l->p.transitions);
		if (tick(w, l->e))
			return;
		month_recorded(l);
		if (w->tick == l->x->ticks)
			continue;
		if (life_stopped(l))
			return;
		life_saved_in_time(l);
	}
}

/* From the run's checkpoint; false where none serves. */
static bool life_resumed(struct life *l, int64_t room)
{
	const struct run_options *o = l->o;

	if (!o->resume || !o->checkpoint_directory)
		return false;
	l->w = checkpoint_newest(o->checkpoint_directory, l->id->run, l->fingerprint, &l->p,
				 o->threads, &l->note);
	if (l->w && (l->w->tick > l->x->ticks || l->p.rows > room)) {
		world_free(l->w);
		l->w = NULL;
		run_progress_free(&l->p);
		note_add(l, "the checkpoint is of a later tick than the experiment's last");
	}
	if (l->note.length)
		note_add(l, l->w ? "the run goes on from the checkpoint before it"
				 : "the run starts from its beginning");
	if (!l->w)
		return false;
	l->p.ticks = mem_resize(l->p.ticks, (size_t)room, sizeof(*l->p.ticks), "series");
	l->p.series = mem_resize(l->p.series, (size_t)(room * metric_count()), sizeof(*l->p.series),
				 "series");
	return true;
}

static int life_started(struct life *l, int64_t room)
{
	const struct run_options *o = l->o;
	struct params params;
	int failed = 0;

	experiment_params(l->x, l->id, &params);
	l->p.run = l->id->run;
	MEM_NEW(l->p.ticks, room, "series");
	MEM_NEW(l->p.series, room * metric_count(), "series");
	if (o->origin) {
		l->w = world_copy(o->origin);
		l->w->threads = o->threads;
		failed = world_adopt(l->w, &params, l->id->seed, l->e);
	} else {
		l->w = world_new(&params, l->id->seed, l->x->burn_in, o->threads);
	}
	return failed;
}

static void result_filled(struct run_result *r, const struct life *l)
{
	r->rows = l->p.rows;
	r->ticks = l->p.ticks;
	r->series = l->p.series;
	r->firms_rows = l->p.firms.s;
	r->workers_rows = l->p.workers.s;
	r->trace = l->p.trace.s;
	r->transitions = l->p.transitions.s;
	r->transitions_length = l->p.transitions.length;
	r->note = l->note.s;
	r->state_hash = world_hash(l->w);
	memcpy(r->phase_seconds, l->w->phase_seconds, sizeof(r->phase_seconds));
}

void run_do(const struct experiment *x, const struct run_id *id, const struct run_options *o,
	    struct run_result *r)
{
	struct life l = {.x = x, .id = id, .o = o, .e = &r->err, .saved_at = par_clock()};
	double started = par_clock();
	int64_t room = (x->ticks + x->series_every - 1) / x->series_every;

	memset(r, 0, sizeof(*r));
	r->id = *id;
	if (o->checkpoint_directory)
		l.fingerprint = run_fingerprint(x, id, o);
	if (life_resumed(&l, room) || !life_started(&l, room)) {
		l.w->timing = true;
		l.w->hashing = o->trace_hash;
		if (x->transitions)
			followed_choose(&l.followed, l.w);
		ticks_done(&l);
	}
	result_filled(r, &l);
	followed_free(&l.followed);
	world_free(l.w);
	r->seconds = par_clock() - started;
}

void run_result_free(struct run_result *r)
{
	mem_free(r->ticks);
	mem_free(r->series);
	mem_free(r->firms_rows);
	mem_free(r->workers_rows);
	mem_free(r->trace);
	mem_free(r->transitions);
	mem_free(r->note);
	memset(r, 0, sizeof(*r));
}
