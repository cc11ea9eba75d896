/* Rows of summary.csv: window means of a run, and the months in which unemployment is more than a
 * point above the baseline's. */
#include <inttypes.h>
#include <math.h>

#include "ludd/mem.h"
#include "ludd/metrics.h"
#include "ludd/output_parts.h"
#include "ludd/statistics.h"

#define HIGH_UNEMPLOYMENT 0.01 /* share of the labour force above the baseline */

static bool inside(const struct window *w, int64_t tick)
{
	return tick >= w->first && tick <= w->last;
}

/* A metric's mean over the window's ticks, those left out in which it was not computed. */
static double window_mean(const struct window *w, const struct run_result *r, int metric,
			  double *room)
{
	int64_t n = 0;
	for (int64_t i = 0; i < r->rows; i++) {
		double x = r->series[i * metric_count() + metric];
		if (inside(w, r->ticks[i]) && !isnan(x))
			room[n++] = x;
	}
	return stat_mean(room, n);
}

static double window_peak(const struct window *w, const struct run_result *r, int metric)
{
	double peak = NAN;
	for (int64_t i = 0; i < r->rows; i++)
		if (inside(w, r->ticks[i]))
			peak = fmax(peak, r->series[i * metric_count() + metric]);
	return peak;
}

static void number_add(struct text *text, double x)
{
	char number[33] = ",";
	text_bytes(text, number, 1 + (size_t)number_text(x, number + 1));
}

void summary_rows(const struct experiment *x, const struct run_result *r, struct text *text)
{
	const struct run_id *id = &r->id;
	int unemployment = metric_by_name("unemployment_rate");
	double *room;
	MEM_NEW(room, r->rows + 1, "a summary");
	for (int w = 0; w < x->window_count; w++) {
		const struct window *window = &x->windows[w];
		text_add(text, "%" PRId64 ",%s,%" PRId64 ",%" PRId64 ",%" PRIu64 ",%s", id->run,
			 x->scenarios[id->scenario].name, id->point, id->replicate, id->seed,
			 window->name);
		for (int m = 0; m < metric_count(); m++)
			number_add(text, window_mean(window, r, m, room));
		number_add(text, window_peak(window, r, unemployment));
		text_bytes(text, "\n", 1);
	}
	mem_free(room);
}

/* A row stands for the months to the next one. */
void high_months_count(const struct experiment *x, const struct record *r,
		       const struct record *base, int64_t *months)
{
	const char *mine = r->section[SECTION_UNEMPLOYMENT];
	const char *theirs = base->section[SECTION_UNEMPLOYMENT];
	int64_t words = (int64_t)r->length[SECTION_UNEMPLOYMENT] / 8;
	int64_t first = (int64_t)word_get(mine), step = (int64_t)word_get(mine + 8);
	words = smaller_i64(words, (int64_t)base->length[SECTION_UNEMPLOYMENT] / 8);
	for (int w = 0; w < x->window_count; w++) {
		months[w] = 0;
		for (int64_t i = 2; i < words; i++)
			if (inside(&x->windows[w], first + (i - 2) * step) &&
			    number_get(mine + 8 * i) >
				    number_get(theirs + 8 * i) + HIGH_UNEMPLOYMENT)
				months[w] += step;
	}
}
