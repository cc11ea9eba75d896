/* manifest.json: what made the results: processes, runs, and the digest of every file. */
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

static double milliseconds_rounded(double seconds)
{
	return (double)(int64_t)(seconds * 1000 + 0.5) / 1000;
}

/* Milliseconds are enough for times. */
static void seconds_add(cJSON *object, const char *key, double seconds)
{
	number_add(object, key, milliseconds_rounded(seconds));
}

static void time_add(cJSON *object, const char *key, double epoch)
{
	char text[64];
	struct tm utc;
	time_t whole = (time_t)epoch;
	if (gmtime_r(&whole, &utc) && strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc))
		cJSON_AddStringToObject(object, key, text);
}

double seconds_since_epoch(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
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

/* Sums over the runs that are done, and the largest process that did one. */
static int totals_add(cJSON *manifest, struct output *o, struct err *e)
{
	double seconds = 0, phases[RECORD_PHASES] = {0};
	int64_t peak = mem_peak();
	struct record r = {0};
	for (int64_t run = 0; run < o->x->run_count; run++) {
		if (!output_done(o, run))
			continue;
		if (output_record(o, run, SECTION_NOTE, &r, e))
			return -1;
		seconds += r.seconds;
		peak = larger_i64(peak, r.peak_bytes);
		for (int i = 0; i < RECORD_PHASES; i++)
			phases[i] += r.phase_seconds[i];
	}
	record_free(&r);
	seconds_add(manifest, "run_seconds", seconds);
	cJSON *object = cJSON_AddObjectToObject(manifest, "phase_seconds");
	for (int i = 0; i < phase_count() && i < RECORD_PHASES; i++)
		seconds_add(object, phase_name(i), phases[i]);
	number_add(manifest, "peak_memory_bytes", (double)peak);
	return 0;
}

static void process_add(cJSON *object, const struct manifest *m)
{
	program_add(object);
	machine_add(object);
	number_add(object, "jobs", m->jobs);
	number_add(object, "threads", m->threads);
	cJSON_AddStringToObject(object, "command_line", m->command_line ? m->command_line : "");
	time_add(object, "started", m->started);
}

char *session_text(const struct manifest *m, const struct shard *shard)
{
	cJSON *session = cJSON_CreateObject();
	char *text = mem_format("%" PRId64 "/%" PRId64, shard->number, shard->count);
	cJSON_AddStringToObject(session, "shard", text);
	mem_free(text);
	process_add(session, m);
	char *printed = cJSON_PrintUnformatted(session);
	text = mem_text(printed);
	cJSON_free(printed);
	cJSON_Delete(session);
	return text;
}

static int sessions_write(struct outfile *f, struct output *o, struct err *e)
{
	struct record r = {0};
	int failed = outfile_print(f, e, ",\n\t\"sessions\":\t[");
	for (int64_t i = 0; i < o->session_count && !failed; i++)
		failed = output_session(o, i, &r, e) ||
			 outfile_print(f, e, "%s\n\t\t%.*s", i ? "," : "",
				       (int)r.length[SECTION_NOTE], r.section[SECTION_NOTE]);
	record_free(&r);
	return failed ? -1 : outfile_print(f, e, "]");
}

static int run_write(struct outfile *f, struct output *o, int64_t run, struct record *r,
		     struct err *e)
{
	struct run_id id = experiment_run(o->x, run);
	int failed = outfile_print(f, e, "%s\n\t\t{\"run\": %" PRId64 ", \"scenario\": \"%s\", "
				   "\"point\": %" PRId64 ", \"replicate\": %" PRId64
				   ", \"seed\": %" PRIu64, run ? "," : "", run,
				   o->x->scenarios[id.scenario].name, id.point, id.replicate,
				   id.seed);
	struct text status = {0};
	if (o->runs[run].state == RUN_MISSING) {
		text_quote(&status, "missing");
	} else if (!failed && !(failed = output_record(o, run, SECTION_NOTE, r, e))) {
		char *reason = output_failure(o, run), seconds[32];
		text_quote(&status, reason ? reason : "done");
		mem_free(reason);
		number_text(milliseconds_rounded(r->seconds), seconds);
		failed = outfile_print(f, e, ", \"state_hash\": \"%016" PRIx64
				       "\", \"seconds\": %s", r->state_hash, seconds);
	}
	if (!failed)
		failed = outfile_print(f, e, ", \"status\": %s}", status.s);
	text_free(&status);
	return failed;
}

static int runs_write(struct outfile *f, struct output *o, struct err *e)
{
	struct record r = {0};
	int failed = outfile_print(f, e, ",\n\t\"runs\":\t[");
	for (int64_t run = 0; run < o->x->run_count && !failed; run++)
		failed = run_write(f, o, run, &r, e);
	record_free(&r);
	return failed ? -1 : outfile_print(f, e, "]");
}

/* digest: NULL where it is not known. */
static int file_write(struct outfile *f, const char *directory, const char *name,
		      const char *digest, bool *first, struct err *e)
{
	int64_t bytes;
	char hex[17];
	if (!file_there(directory, name, &bytes))
		return 0;
	if (!digest && file_digest(directory, name, hex, e))
		return -1;
	int failed = outfile_print(f, e, "%s\n\t\t{\"path\": \"%s\", \"bytes\": %" PRId64
				   ", \"xxh3_64\": \"%s\"}", *first ? "" : ",", name, bytes,
				   digest ? digest : hex);
	*first = false;
	return failed;
}

static int files_write(struct outfile *f, const struct output *o, struct err *e)
{
	static const char *const others[] = {"trace.csv", "datapackage.json", "experiment.json",
					     "PARTIAL"};
	bool first = true;
	int failed = outfile_print(f, e, ",\n\t\"files\":\t[");
	for (int i = 0; i < TABLE_COUNT && !failed; i++) {
		struct table t = table_of(o->x, (enum table_name)i);
		failed = file_write(f, o->directory, t.file,
				    growing_digest(&o->grown, (enum table_name)i), &first, e);
		table_free(&t);
	}
	for (int i = 0; i < LENGTH(others) && !failed; i++)
		failed = file_write(f, o->directory, others[i], NULL, &first, e);
	return failed ? -1 : outfile_print(f, e, "]\n}\n");
}

/* All but the lists, which may be long and are written as they are read. */
static char *beginning_text(struct output *o, const struct manifest *m, struct err *e)
{
	cJSON *manifest = cJSON_CreateObject();
	double ended = seconds_since_epoch();
	cJSON_AddStringToObject(manifest, "experiment", o->x->name);
	process_add(manifest, m);
	time_add(manifest, "ended", ended);
	seconds_add(manifest, "seconds", ended - m->started);
	number_add(manifest, "runs_done", (double)o->done);
	number_add(manifest, "runs_failed", (double)o->failed);
	number_add(manifest, "runs_missing", (double)(o->x->run_count - o->done - o->failed));
	cJSON_AddBoolToObject(manifest, "partial", o->done < o->x->run_count);
	int failed = totals_add(manifest, o, e);
	char *text = json_text(manifest);
	if (!failed) {
		text[strlen(text) - strlen("\n}\n")] = 0;
		return text;
	}
	mem_free(text);
	return NULL;
}

int manifest_write(struct output *o, const struct manifest *m, struct err *e)
{
	struct outfile f = {0};
	char *beginning = beginning_text(o, m, e);
	int failed = !beginning || outfile_open(&f, o->directory, "manifest.json", e) ||
		     outfile_print(&f, e, "%s", beginning) || sessions_write(&f, o, e) ||
		     runs_write(&f, o, e) || files_write(&f, o, e) || outfile_commit(&f, e);
	outfile_abandon(&f);
	mem_free(beginning);
	return failed ? -1 : 0;
}
