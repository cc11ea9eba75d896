#include "ludd/footprint.h"

#include "ludd/mem.h"
#include "ludd/metrics.h"
#include "ludd/par.h"

enum {
	PEOPLE_FOR_THREADS = 100000, /* from here threads inside a run pay */
	NUMBER_BYTES = 14,           /* of a number and its comma in a CSV file, about */
	ROW_BYTES = 40,              /* of what names a row */
	FIRM_COLUMNS = 60, WORKER_COLUMNS = 10, /* of the panels, about */
	BYTES_KEPT = 4 << 20, BYTES_KEPT_A_RUN = 80, /* of a comparison */
};
static const double seconds_per_person_tick = 8e-8; /* one thread, about */

static int64_t panel_bytes(const struct experiment *x, const struct panel *panel, int64_t rows,
			   int64_t columns)
{
	if (!panel->wanted)
		return 0;
	if (panel->sample && panel->sample < rows)
		rows = panel->sample;
	return ((x->ticks - 1) / panel->every + 1) * rows *
	       (ROW_BYTES + columns * NUMBER_BYTES / 2);
}

static int64_t run_disk_bytes(const struct experiment *x, const struct world_size *z)
{
	int64_t rows = (x->ticks - 1) / x->series_every + 1;
	return rows * (ROW_BYTES + (int64_t)x->series_metric_count * NUMBER_BYTES) +
	       x->window_count * (ROW_BYTES + (int64_t)metric_count() * NUMBER_BYTES) +
	       panel_bytes(x, &x->firms, z->firms, FIRM_COLUMNS) +
	       panel_bytes(x, &x->workers, z->people, WORKER_COLUMNS);
}

/* Adds up the sizes of all runs; replicates of a scenario and point are alike. */
static void sizes_sum(struct footprint *need, const struct experiment *x)
{
	int64_t cells = x->run_count / x->replicates;
	for (int64_t cell = 0; cell < cells; cell++) {
		struct run_id id = experiment_run(x, cell * x->replicates);
		struct params p;
		struct world_size z;
		experiment_params(x, &id, &p);
		z = world_size(&p);
		if (z.bytes > need->largest.bytes)
			need->largest = z;
		need->person_ticks += (double)z.people * (double)(x->burn_in + x->ticks) *
				      (double)x->replicates;
		need->disk_bytes += run_disk_bytes(x, &z) * x->replicates;
	}
	int64_t rows = (x->ticks - 1) / x->series_every + 1;
	need->bytes_a_run = need->largest.bytes +
			    rows * metric_count() * (int64_t)(sizeof(double) + NUMBER_BYTES) +
			    panel_bytes(x, &x->firms, need->largest.firms, FIRM_COLUMNS) +
			    panel_bytes(x, &x->workers, need->largest.people, WORKER_COLUMNS);
	need->bytes_kept = BYTES_KEPT + x->run_count * BYTES_KEPT_A_RUN;
}

static void jobs_choose(struct footprint *need, const struct experiment *x, int jobs, int threads,
			int64_t memory)
{
	int cpus = par_cpus();
	bool large = need->largest.people >= PEOPLE_FOR_THREADS;
	if (!threads)
		threads = !large ? 1 : jobs ? (int)larger_i64(1, cpus / jobs) : cpus;
	if (!jobs) {
		jobs = (int)larger_i64(1, large ? 1 : cpus / threads);
		jobs = (int)larger_i64(1, smaller_i64(jobs, memory / need->bytes_a_run));
	}
	need->jobs = (int)smaller_i64(jobs, x->run_count);
	need->threads = threads;
}

int footprint_make(struct footprint *need, const struct experiment *x, int jobs, int threads,
		   struct err *e)
{
	*need = (struct footprint){0};
	sizes_sum(need, x);
	int64_t available = mem_available();
	jobs_choose(need, x, jobs, threads, available - need->bytes_kept);
	need->bytes_a_run += (need->threads - 1) * need->largest.bytes_a_thread;
	int busy = (int)smaller_i64((int64_t)need->jobs * need->threads, par_cpus());
	need->seconds = need->person_ticks * seconds_per_person_tick / busy;
	double wanted = (double)need->bytes_a_run * need->jobs + (double)need->bytes_kept;
	if (wanted <= (double)available)
		return 0;
	return err_set(e, EXIT_RESOURCE, "%.0f MiB of memory are needed for %d run%s at once, and "
		       "the machine has %.0f MiB left; lower %spopulation.people", wanted / 0x1p20,
		       need->jobs, need->jobs > 1 ? "s" : "", (double)available / 0x1p20,
		       need->jobs > 1 ? "-j or " : "");
}
