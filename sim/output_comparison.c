/* A comparison: which columns and windows of summary.csv, against which scenario. */
#include <inttypes.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/output_parts.h"

/* The positions of the chosen names; all of them where none is chosen. */
static int names_find(char *const *names, int count, const char *const *chosen, int chosen_count,
		      const char *what, int **places, struct err *e)
{
	int n = chosen_count > 0 ? chosen_count : count;
	MEM_NEW(*places, n, "the choice of a comparison");
	for (int i = 0; i < n; i++) {
		int at = 0;
		while (chosen_count > 0 && at < count && strcmp(names[at], chosen[i]))
			at++;
		if (at == count) {
			const char *near =
				nearest_word(chosen[i], (const char *const *)names, count);
			return err_set(e, EXIT_USAGE, "%s: summary.csv has no such %s%s%s%s",
				       chosen[i], what, near ? " (did you mean " : "",
				       near ? near : "", near ? "?)" : "");
		}
		(*places)[i] = chosen_count > 0 ? at : i;
	}
	return n;
}

static struct json_doc *experiment_doc(const char *directory, struct problems *problems)
{
	char *path = mem_format("%s/experiment.json", directory);
	struct json_doc *d = NULL;
	if (file_there(directory, "experiment.json", NULL))
		d = json_read(path, problems);
	else
		problem_add(problems, "%s is missing", path);
	mem_free(path);
	return d;
}

const cJSON *comparison_fact(const struct comparison *c, const char *key)
{
	return c->experiment ? cJSON_GetObjectItemCaseSensitive(json_root(c->experiment), key)
			     : NULL;
}

static int baseline_find(struct comparison *c, const char *name, const struct problems *problems,
			 struct err *e)
{
	int *place;
	const struct summary_table *t = c->table;
	if (!name)
		name = cJSON_GetStringValue(comparison_fact(c, "baseline"));
	if (!name)
		return err_set(e, EXIT_USAGE,
			       "the baseline is unknown%s%s; name it with --baseline",
			       problems->count > 0 ? ": " : "",
			       problems->count > 0 ? problems->items[0].text : "");
	int failed =
		names_find(t->scenarios, t->scenario_count, &name, 1, "scenario", &place, e) < 0;
	c->baseline = place[0];
	mem_free(place);
	return failed ? -1 : 0;
}

int comparison_open(struct comparison *c, const char *directory, const struct compare_options *o,
		    struct err *e)
{
	static const struct compare_options all = {0};
	struct problems problems = {0};
	*c = (struct comparison){.table = summary_open(directory, e)};
	const struct summary_table *t = c->table;
	if (!t)
		return -1;
	if (!o)
		o = &all;
	c->experiment = experiment_doc(directory, &problems);
	int failed = baseline_find(c, o->baseline, &problems, e);
	problems_free(&problems);
	if (!failed) {
		c->column_count = names_find(t->columns, t->column_count, o->metrics,
					     o->metric_count, "metric", &c->columns, e);
		failed = c->column_count < 0;
	}
	if (!failed) {
		c->window_count = names_find(t->windows, t->window_count, o->windows,
					     o->window_count, "window", &c->windows, e);
		failed = c->window_count < 0;
	}
	if (failed)
		comparison_close(c);
	return failed ? -1 : 0;
}

int comparison_load(struct comparison *c, const char *directory, int64_t points, struct err *e)
{
	struct summary_choice choice = {c->columns, c->windows, c->column_count, c->window_count,
					points};
	return summary_load(c->table, directory, &choice, e);
}

void comparison_close(struct comparison *c)
{
	summary_free(c->table);
	json_free(c->experiment);
	mem_free(c->columns);
	mem_free(c->windows);
	*c = (struct comparison){0};
}
