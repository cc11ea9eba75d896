/* A world to arrays and back. */
#include "ludd/checkpoint.h"

#include <inttypes.h>
#include <string.h>

#include "ludd/columns.h"
#include "ludd/invariants.h"
#include "ludd/mem.h"
#include "ludd/metrics.h"
#include "ludd/policy.h"
#include "arrays.h"

enum { RUN, SEED, TICK, PEOPLE, PERIPHERY, FIRMS, OWNERS, CONTRACTORS, REGIONS, HEADER };

/* These hold members of 8 bytes only and are saved as words; a new layout asks for a new format. */
#define WORDS(type) ((int64_t)(sizeof(type) / 8))
_Static_assert(sizeof(struct published) % 8 == 0 && sizeof(struct regional) % 8 == 0 &&
	       sizeof(struct ledger) % 8 == 0, "words");

void run_progress_free(struct run_progress *p)
{
	mem_free(p->ticks);
	mem_free(p->series);
	text_free(&p->firms);
	text_free(&p->workers);
	text_free(&p->trace);
	text_free(&p->transitions);
	*p = (struct run_progress){0};
}

static void column_array(const struct column_info *c, char name[ARRAY_NAME])
{
	static const char *const tables[] = {
		[COLUMN_WORKER] = "worker", [COLUMN_FIRM] = "firm", [COLUMN_OWNER] = "owner",
		[COLUMN_CONTRACTOR] = "contractor",
	};
	snprintf(name, ARRAY_NAME, "%s.%s", tables[c->table], c->name);
}

/* A line a parameter; the values, in the same order. */
static struct text params_listed(const struct params *p, double **values)
{
	struct text keys = {0};

	MEM_NEW(*values, param_count(), "parameters");
	for (int i = 0; i < param_count(); i++) {
		text_add(&keys, "%s\n", param_at(i)->key);
		(*values)[i] = param_get(p, i);
	}
	return keys;
}

static void world_listed(struct arrays *s, const struct world *w)
{
	arrays_add(s, "published", COLUMN_I64, WORDS(struct published), &w->pub);
	arrays_add(s, "ledger", COLUMN_I64, WORDS(struct ledger), &w->ledger);
	arrays_add(s, "regions", COLUMN_I64, WORDS(struct regional) * w->regions, w->region);
	for (int i = 0; i < column_count(); i++) {
		const struct column_info *c = column_at(i);
		char name[ARRAY_NAME];
		if (c->flow)
			continue;
		column_array(c, name);
		arrays_add(s, name, c->kind, column_rows(w, c), column_data(w, c));
	}
}

static void progress_listed(struct arrays *s, const struct run_progress *p)
{
	arrays_add(s, "progress.ticks", COLUMN_I64, p->rows, p->ticks);
	arrays_add(s, "progress.series", COLUMN_F64, p->rows * metric_count(), p->series);
	arrays_add(s, "progress.firms", COLUMN_U8, (int64_t)p->firms.length, p->firms.s);
	arrays_add(s, "progress.workers", COLUMN_U8, (int64_t)p->workers.length, p->workers.s);
	arrays_add(s, "progress.trace", COLUMN_U8, (int64_t)p->trace.length, p->trace.s);
	arrays_add(s, "progress.transitions", COLUMN_U8, (int64_t)p->transitions.length,
		   p->transitions.s);
}

int checkpoint_write(const char *directory, const char *name, const struct world *w,
		     const struct run_progress *p, uint64_t experiment, struct err *e)
{
	struct arrays s = {.experiment = experiment};
	int64_t header[HEADER] = {
		[RUN] = p ? p->run : -1, [SEED] = (int64_t)w->seed, [TICK] = w->tick,
		[PEOPLE] = w->people, [PERIPHERY] = w->periphery, [FIRMS] = w->firms,
		[OWNERS] = w->owners, [CONTRACTORS] = w->contractors, [REGIONS] = w->regions,
	};
	double *values;
	struct text keys = params_listed(&w->par, &values);

	arrays_add(&s, "header", COLUMN_I64, HEADER, header);
	arrays_add(&s, "parameter.keys", COLUMN_U8, (int64_t)keys.length, keys.s);
	arrays_add(&s, "parameter.values", COLUMN_F64, param_count(), values);
	world_listed(&s, w);
	if (p)
		progress_listed(&s, p);
	int failed = arrays_write(&s, directory, name, p != NULL, e);
	mem_free(values);
	text_free(&keys);
	return failed;
}

/* The same parameters in the same order as this program knows, all in range. */
static int params_read(const struct arrays *s, struct params *p, struct err *e)
{
	struct problems problems = {0};
	double *values;
	int64_t length = array_rows(s, "parameter.keys");
	char *there = mem_new((size_t)length + 1, 1, "parameters");
	struct text keys = params_listed(p, &values);
	int failed = array_read(s, "parameter.keys", COLUMN_U8, length, there, e) ||
		     array_read(s, "parameter.values", COLUMN_F64, param_count(), values, e);

	if (!failed && strcmp(there, keys.s) != 0)
		failed = err_set(e, EXIT_USAGE, "%s: the checkpoint has other parameters than "
				 "this ludd", s->path);
	for (int i = 0; i < param_count() && !failed; i++)
		param_set(p, i, values[i]);
	if (!failed)
		params_check(p, "", &problems);
	if (problems.errors > 0)
		failed = err_set(e, EXIT_IO, "%s: the checkpoint is damaged: %s", s->path,
				 problems.items[0].text);
	problems_free(&problems);
	mem_free(there);
	mem_free(values);
	text_free(&keys);
	return failed ? -1 : 0;
}

/* Before anything large is allocated: the sizes that follow from the parameters are the file's. */
static int sizes_checked(const struct arrays *s, const int64_t *header, const struct params *p,
			 struct err *e)
{
	struct world_size z = world_size(p);
	struct world shape = {.people = z.people, .periphery = z.periphery, .firms = z.firms,
			      .owners = z.owners, .contractors = z.contractors};

	if (header[PEOPLE] != z.people || header[PERIPHERY] != z.periphery ||
	    header[FIRMS] != z.firms || header[OWNERS] != z.owners ||
	    header[CONTRACTORS] != z.contractors || header[REGIONS] != z.regions)
		return err_set(e, EXIT_USAGE, "%s: the sizes in the checkpoint do not follow from "
			       "its parameters; another ludd wrote it", s->path);
	for (int i = 0; i < column_count(); i++) {
		const struct column_info *c = column_at(i);
		char name[ARRAY_NAME];
		column_array(c, name);
		if (!c->flow && array_expect(s, name, c->kind, column_rows(&shape, c), e))
			return -1;
	}
	return 0;
}

static int state_read(const struct arrays *s, struct world *w, struct err *e)
{
	int64_t regional = WORDS(struct regional) * w->regions;

	if (array_read(s, "published", COLUMN_I64, WORDS(struct published), &w->pub, e) ||
	    array_read(s, "ledger", COLUMN_I64, WORDS(struct ledger), &w->ledger, e) ||
	    array_read(s, "regions", COLUMN_I64, regional, w->region, e))
		return -1;
	for (int i = 0; i < column_count(); i++) {
		const struct column_info *c = column_at(i);
		char name[ARRAY_NAME];
		column_array(c, name);
		if (!c->flow &&
		    array_read(s, name, c->kind, column_rows(w, c), column_data(w, c), e))
			return -1;
	}
	return 0;
}

/* Whatever points at a row points at one that is there. */
static bool pointers_hold(const struct world *w)
{
	bool fine = true;

	for (int64_t n = 0; n < w->people + w->periphery; n++) {
		int64_t employers = n < w->people ? w->firms : w->contractors;
		uint32_t employer = w->worker.employer[n];
		fine = fine && (employer == NO_FIRM || employer < employers) &&
		       w->worker.seller[n] < w->firms && w->worker.region[n] < w->regions;
	}
	for (int64_t j = 0; j < w->firms; j++)
		fine = fine && w->firm.region[j] < w->regions && w->firm.policy[j] < POLICY_COUNT &&
		       w->firm.capital_goods[j] <= 1 && w->firm.alive[j] <= 1;
	return fine;
}

static int state_checked(const struct arrays *s, const struct world *w, struct err *e)
{
	struct err bug;

	if (pointers_hold(w) && !heads_checked(w, "reading", &bug) &&
	    !money_checked(w, "reading", &bug))
		return 0;
	return err_set(e, EXIT_IO, "%s: the checkpoint is damaged: its heads or accounts do not "
		       "add up", s->path);
}

static int text_read(const struct arrays *s, const char *name, struct text *t, struct err *e)
{
	t->length = (size_t)array_rows(s, name);
	t->room = t->length + 1;
	if (t->length > 0)
		t->s = mem_new(t->room, 1, "a text");
	else
		t->room = 0;
	return array_read(s, name, COLUMN_U8, (int64_t)t->length, t->s, e);
}

static int progress_read(const struct arrays *s, int64_t run, struct run_progress *p,
			 struct err *e)
{
	int64_t rows = array_rows(s, "progress.ticks"), values = rows * metric_count();

	*p = (struct run_progress){.run = run, .rows = rows};
	MEM_NEW(p->ticks, rows + 1, "series");
	MEM_NEW(p->series, values + 1, "series");
	return array_read(s, "progress.ticks", COLUMN_I64, rows, p->ticks, e) ||
	       array_read(s, "progress.series", COLUMN_F64, values, p->series, e) ||
	       text_read(s, "progress.firms", &p->firms, e) ||
	       text_read(s, "progress.workers", &p->workers, e) ||
	       text_read(s, "progress.trace", &p->trace, e) ||
	       text_read(s, "progress.transitions", &p->transitions, e);
}

static struct world *world_read(const struct arrays *s, struct run_progress *p, int threads,
				struct err *e)
{
	struct params params;
	struct world *w;
	int64_t header[HEADER];

	params_default(&params);
	if (array_read(s, "header", COLUMN_I64, HEADER, header, e) ||
	    params_read(s, &params, e) || sizes_checked(s, header, &params, e) ||
	    (p && progress_read(s, header[RUN], p, e)))
		return NULL;
	w = world_new(&params, (uint64_t)header[SEED], 0, threads); /* lays out regions and firms */
	w->tick = header[TICK];
	if (state_read(s, w, e) || state_checked(s, w, e)) {
		world_free(w);
		return NULL;
	}
	world_recount(w);
	return w;
}

struct world *checkpoint_read(const char *path, const uint64_t *experiment, struct run_progress *p,
			      int threads, struct err *e)
{
	struct arrays s = {0};
	struct world *w = NULL;

	if (p)
		*p = (struct run_progress){0};
	if (!arrays_open(&s, path, e)) {
		if (experiment && *experiment != s.experiment)
			err_set(e, EXIT_USAGE, "%s: the checkpoint is of another experiment or run",
				path);
		else
			w = world_read(&s, p, threads, e);
	}
	arrays_close(&s);
	if (p && !w)
		run_progress_free(p);
	return w;
}
