/* Small runs that stop and go on, in a directory of their own. */
#ifndef CHECKPOINTS_H
#define CHECKPOINTS_H

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ludd/checkpoint.h"
#include "ludd/mem.h"
#include "ludd/metrics.h"

static char directory[256]; /* of its own for each test, emptied afterwards */

static inline void tree_empty(const char *path)
{
	DIR *d = opendir(path);
	for (struct dirent *entry; d && (entry = readdir(d));) {
		char *inner = mem_format("%s/%s", path, entry->d_name);
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") && unlink(inner)) {
			tree_empty(inner);
			rmdir(inner);
		}
		mem_free(inner);
	}
	if (d)
		closedir(d);
}

static inline int directory_new(void **state)
{
	const char *place = getenv("TMPDIR");
	(void)state;
	snprintf(directory, sizeof(directory), "%s/ludd-checkpoint-XXXXXX",
		 place ? place : P_tmpdir);
	return mkdtemp(directory) ? 0 : -1;
}

static inline int directory_remove(void **state)
{
	(void)state;
	tree_empty(directory);
	return rmdir(directory);
}

static inline char *path_of(const char *name)
{
	return mem_format("%s/%s", directory, name);
}

static inline bool there(const char *name)
{
	char *path = path_of(name);
	bool is = access(path, F_OK) == 0;
	mem_free(path);
	return is;
}

static inline void bytes_write(const char *name, const char *bytes, size_t count)
{
	char *path = path_of(name);
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, count, f), count);
	assert_int_equal(fclose(f), 0);
	mem_free(path);
}

static inline char *bytes_read(const char *name, size_t *count)
{
	char *path = path_of(name), *bytes;
	FILE *f = fopen(path, "rb");
	assert_non_null(f);
	fseek(f, 0, SEEK_END);
	*count = (size_t)ftell(f);
	rewind(f);
	bytes = mem_new(*count, 1, "a test");
	assert_int_equal(fread(bytes, 1, *count, f), *count);
	fclose(f);
	mem_free(path);
	return bytes;
}

static inline void file_copy(const char *from, const char *to)
{
	size_t count;
	char *bytes = bytes_read(from, &count);
	bytes_write(to, bytes, count);
	mem_free(bytes);
}

/* 240 months of a small world, the AI from the 60th on. */
#define PARAMETERS "\"population\": {\"people\": 300, \"firms\": 20, \"regions\": 2}, " \
	"\"automation\": {\"start\": 48, \"years\": 8}, " \
	"\"policy.mix\": {\"cut_jobs\": 0.5, \"share_gains\": 0.5}"
#define OUTPUTS "\"outputs\": {\"every\": 3, \"panels\": {\"firms\": {\"every\": 7}, " \
	"\"workers\": {\"every\": 30, \"sample\": 20}}, \"transitions\": true"
#define SHORT "{\"name\": \"small\", \"burn_in\": 12, \"ticks\": 228, " \
	"\"parameters\": {" PARAMETERS "}, "
static const char small[] = SHORT OUTPUTS "}}";

static inline struct experiment *experiment_of(const char *text)
{
	struct problems problems = {0};
	struct overrides none = {0};
	char *path = path_of("experiment.json");
	struct experiment *x;
	bytes_write("experiment.json", text, strlen(text));
	x = experiment_read(path, &none, &problems);
	if (!x)
		fail_msg("%s", problems.items[0].text);
	problems_free(&problems);
	mem_free(path);
	return x;
}

static inline struct run_result result_of(const struct experiment *x, int64_t run,
					  const struct run_options *o)
{
	struct run_result r;
	struct run_id id = experiment_run(x, run);
	run_do(x, &id, o, &r);
	return r;
}

static inline void texts_equal(const char *a, const char *b)
{
	assert_int_equal(!a, !b);
	if (a)
		assert_string_equal(a, b);
}

static inline void results_equal(const struct run_result *a, const struct run_result *b)
{
	assert_string_equal(a->err.text, "");
	assert_string_equal(b->err.text, "");
	assert_int_equal(a->state_hash, b->state_hash);
	assert_int_equal(a->rows, b->rows);
	assert_memory_equal(a->ticks, b->ticks, sizeof(*a->ticks) * (size_t)a->rows);
	assert_memory_equal(a->series, b->series,
			    sizeof(*a->series) * (size_t)(a->rows * metric_count()));
	texts_equal(a->firms_rows, b->firms_rows);
	texts_equal(a->workers_rows, b->workers_rows);
	texts_equal(a->trace, b->trace);
	assert_int_equal(a->transitions_length, b->transitions_length);
	if (a->transitions_length)
		assert_memory_equal(a->transitions, b->transitions, a->transitions_length);
}

static const volatile sig_atomic_t stop_now = 1;

/* Stops n times, a month each. */
static inline void months_done(const struct experiment *x, struct run_options o, int n)
{
	o.stop = &stop_now;
	o.resume = true;
	for (int i = 0; i < n; i++) {
		struct run_result r = result_of(x, 0, &o);
		assert_int_equal(r.err.code, EXIT_STOPPED);
		run_result_free(&r);
	}
}

static inline struct run_result resumed(const struct experiment *x)
{
	struct run_options o = {.threads = 1, .checkpoint_directory = directory, .resume = true};
	return result_of(x, 0, &o);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, directory_new, directory_remove)

#endif
