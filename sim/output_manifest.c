/* manifest.json: what made the results, run by run, and the digest of every file. */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "ludd/mem.h"
#include "ludd/output_parts.h"
#include "ludd/par.h"
#include "ludd/tick.h"

#ifndef LUDD_GIT
#define LUDD_GIT "unknown"
#endif
#ifndef LUDD_FLAGS
#define LUDD_FLAGS "unknown"
#endif

static void number_add(cJSON *object, const char *key, double x)
{
	char number[32];
	if (number_text(x, number))
		cJSON_AddRawToObject(object, key, number);
	else
		cJSON_AddNullToObject(object, key);
}

/* Milliseconds are enough for times. */
static void seconds_add(cJSON *object, const char *key, double seconds)
{
	number_add(object, key, (double)(int64_t)(seconds * 1000 + 0.5) / 1000);
}

static void time_add(cJSON *object, const char *key, double epoch)
{
	char text[64];
	struct tm utc;
	time_t whole = (time_t)epoch;
	if (gmtime_r(&whole, &utc) && strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc))
		cJSON_AddStringToObject(object, key, text);
}

static void program_add(cJSON *manifest)
{
	cJSON_AddStringToObject(manifest, "ludd_version", LUDD_VERSION);
	number_add(manifest, "model_version", LUDD_MODEL_VERSION);
	cJSON_AddStringToObject(manifest, "git", LUDD_GIT);
#ifdef __clang__
	cJSON_AddStringToObject(manifest, "compiler", __VERSION__);
#else
	cJSON_AddStringToObject(manifest, "compiler", "gcc " __VERSION__);
#endif
	cJSON_AddStringToObject(manifest, "flags", LUDD_FLAGS);
	cJSON_AddStringToObject(manifest, "openmp", par_version());
}

/* "" where the system does not tell. */
static void cpu_model(char *model, size_t size)
{
	char line[256];
	FILE *f = fopen("/proc/cpuinfo", "r");
	*model = 0;
	while (f && !*model && fgets(line, sizeof(line), f)) {
		const char *colon = strchr(line, ':');
		if (colon && !strncmp(line, "model name", 10))
			snprintf(model, size, "%.*s", (int)strcspn(colon + 2, "\n"), colon + 2);
	}
	if (f)
		fclose(f);
}

static void machine_add(cJSON *manifest)
{
	struct utsname system;
	char model[256];
	if (uname(&system) >= 0) {
		cJSON_AddStringToObject(manifest, "host", system.nodename);
		char *text = mem_format("%s %s %s", system.sysname, system.release, system.machine);
		cJSON_AddStringToObject(manifest, "system", text);
		mem_free(text);
	}
	cpu_model(model, sizeof(model));
	cJSON_AddStringToObject(manifest, "cpu", model);
	number_add(manifest, "cpus", par_cpus());
}

static void phases_add(cJSON *manifest, const struct manifest *m)
{
	cJSON *phases = cJSON_AddObjectToObject(manifest, "phase_seconds");
	for (int i = 0; i < phase_count() && i < LENGTH(m->phase_seconds); i++)
		seconds_add(phases, phase_name(i), m->phase_seconds[i]);
}

static cJSON *run_new(const struct experiment *x, const struct run_note *note)
{
	cJSON *run = cJSON_CreateObject();
	char text[32];
	number_add(run, "run", (double)note->id.run);
	cJSON_AddStringToObject(run, "scenario", x->scenarios[note->id.scenario].name);
	number_add(run, "point", (double)note->id.point);
	number_add(run, "replicate", (double)note->id.replicate);
	snprintf(text, sizeof(text), "%" PRIu64, note->id.seed);
	cJSON_AddRawToObject(run, "seed", text);
	snprintf(text, sizeof(text), "%016" PRIx64, note->state_hash);
	cJSON_AddStringToObject(run, "state_hash", text);
	cJSON_AddStringToObject(run, "status", note->status);
	seconds_add(run, "seconds", note->seconds);
	return run;
}

static int file_add(cJSON *files, const char *directory, const char *name, struct err *e)
{
	int64_t bytes;
	char hex[17];
	if (!file_there(directory, name, &bytes))
		return 0;
	if (file_digest(directory, name, hex, e))
		return -1;
	cJSON *file = cJSON_CreateObject();
	cJSON_AddItemToArray(files, file);
	cJSON_AddStringToObject(file, "path", name);
	number_add(file, "bytes", (double)bytes);
	cJSON_AddStringToObject(file, "xxh3_64", hex);
	return 0;
}

static int files_add(cJSON *manifest, const struct experiment *x, const char *directory,
		     struct err *e)
{
	static const char *const others[] = {"trace.csv", "datapackage.json", "experiment.json"};
	cJSON *files = cJSON_AddArrayToObject(manifest, "files");
	for (int i = 0; i < TABLE_COUNT; i++) {
		struct table t = table_of(x, (enum table_name)i);
		int failed = file_add(files, directory, t.file, e);
		table_free(&t);
		if (failed)
			return -1;
	}
	for (int i = 0; i < LENGTH(others); i++)
		if (file_add(files, directory, others[i], e))
			return -1;
	return 0;
}

int manifest_write(const struct experiment *x, const struct manifest *m, const char *directory,
		   struct err *e)
{
	cJSON *manifest = cJSON_CreateObject();
	cJSON_AddStringToObject(manifest, "experiment", x->name);
	program_add(manifest);
	machine_add(manifest);
	number_add(manifest, "jobs", m->jobs);
	number_add(manifest, "threads", m->threads);
	cJSON_AddStringToObject(manifest, "command_line", m->command_line ? m->command_line : "");
	time_add(manifest, "started", m->started);
	time_add(manifest, "ended", m->ended);
	seconds_add(manifest, "seconds", m->ended - m->started);
	phases_add(manifest, m);
	number_add(manifest, "peak_memory_bytes", (double)mem_peak());
	cJSON *runs = cJSON_AddArrayToObject(manifest, "runs");
	for (int64_t i = 0; i < m->run_count; i++)
		cJSON_AddItemToArray(runs, run_new(x, &m->runs[i]));
	int failed = files_add(manifest, x, directory, e);
	char *text = json_text(manifest);
	if (!failed)
		failed = write_text_file(directory, "manifest.json", text, e);
	mem_free(text);
	return failed;
}
