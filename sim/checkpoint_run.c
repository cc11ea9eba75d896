/* A run's own checkpoints: whose they are, their names, which one serves. */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "ludd/checkpoint.h"
#include "ludd/mem.h"
#include "ludd/metrics.h"

static void panel_told(struct text *t, const char *name, const struct panel *p)
{
	text_add(t, "%s %d %" PRId64 " %" PRId64 "\n", name, p->wanted, p->every, p->sample);
}

static void params_told(struct text *t, const struct params *p)
{
	for (int i = 0; i < param_count(); i++) {
		double value = param_get(p, i);
		uint64_t bits;
		memcpy(&bits, &value, sizeof(bits));
		text_add(t, "%s %016" PRIx64 "\n", param_at(i)->key, bits);
	}
}

uint64_t run_fingerprint(const struct experiment *x, const struct run_id *id,
			 const struct run_options *o)
{
	struct text t = {0};
	struct params params;

	text_add(&t, "run %" PRId64 " %s %" PRId64 " %" PRId64 " %" PRIu64 "\n", id->run,
		 x->scenarios[id->scenario].name, id->point, id->replicate, id->seed);
	if (o->origin)
		text_add(&t, "origin %016" PRIx64 "\n", world_hash(o->origin));
	else
		text_add(&t, "burn-in %" PRId64 "\n", x->burn_in);
	text_add(&t, "every %" PRId64 " trace %d\n", x->series_every, o->trace_hash);
	panel_told(&t, "firms", &x->firms);
	panel_told(&t, "workers", &x->workers);
	for (int k = 0; k < x->window_count && x->transitions; k++)
		text_add(&t, "window %" PRId64 " %" PRId64 "\n", x->windows[k].first,
			 x->windows[k].last);
	experiment_params(x, id, &params);
	params_told(&t, &params);
	for (int i = 0; i < metric_count(); i++)
		text_add(&t, "%s\n", metric_at(i)->name);
	for (int i = 0; i < column_count(); i++)
		text_add(&t, "%s\n", column_at(i)->name);
	uint64_t hash = XXH3_64bits(t.s, t.length);
	text_free(&t);
	return hash;
}

char *checkpoint_name(int64_t run)
{
	return mem_format("run-%" PRId64 ".checkpoint", run);
}

char *checkpoint_kept_name(int64_t run, int64_t tick)
{
	return mem_format("run-%" PRId64 "-tick-%" PRId64 ".checkpoint", run, tick);
}

enum { AGES = 2 };

static char *aged_path(const char *directory, int64_t run, int age)
{
	static const char *const ages[AGES] = {"", ".previous"};
	char *name = checkpoint_name(run);
	char *path = mem_format("%s/%s%s", directory, name, ages[age]);

	mem_free(name);
	return path;
}

struct world *checkpoint_newest(const char *directory, int64_t run, uint64_t experiment,
				struct run_progress *p, int threads, struct text *note)
{
	char *newest = aged_path(directory, run, 0);
	struct world *w = NULL;

	for (int age = 0; age < AGES && !w; age++) {
		struct err e = {0};
		char *path = aged_path(directory, run, age);
		if (access(path, F_OK) == 0) {
			w = checkpoint_read(path, &experiment, p, threads, &e);
			if (w && age > 0)
				rename(path, newest); /* lest the next one push it out */
			if (!w)
				text_add(note, "%s%s", note->length ? "; " : "", e.text);
		}
		mem_free(path);
	}
	mem_free(newest);
	return w;
}

void checkpoint_remove(const char *directory, int64_t run)
{
	for (int age = 0; age < AGES; age++) {
		char *path = aged_path(directory, run, age);
		unlink(path);
		mem_free(path);
	}
}

/* "run-N.checkpoint", "run-N-tick-T.checkpoint", with a dot before where it is a temporary file. */
static bool checkpoint_named(const char *name, bool kept)
{
	bool temporary = *name == '.';

	name += temporary;
	return !strncmp(name, "run-", 4) && strstr(name, ".checkpoint") &&
	       (kept || temporary || !strstr(name, "-tick-"));
}

void checkpoints_clear(const char *directory, bool kept)
{
	DIR *d = opendir(directory);
	struct dirent *entry;

	while (d && (entry = readdir(d)))
		if (checkpoint_named(entry->d_name, kept))
			unlinkat(dirfd(d), entry->d_name, 0);
	if (d)
		closedir(d);
	rmdir(directory);
}
