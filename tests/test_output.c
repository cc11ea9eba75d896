#define _XOPEN_SOURCE 700
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <dirent.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ludd/json.h"
#include "ludd/mem.h"
#include "ludd/metrics.h"
#include "ludd/output_parts.h"
#include "ludd/rng.h"

/* A directory of its own for each test, emptied afterwards. */
static char directory[256];

static int directory_new(void **state)
{
	const char *place = getenv("TMPDIR");
	(void)state;
	snprintf(directory, sizeof(directory), "%s/ludd-output-XXXXXX", place ? place : P_tmpdir);
	return mkdtemp(directory) ? 0 : -1;
}

static int entries(const char *path)
{
	int n = 0;
	DIR *d = opendir(path);
	for (struct dirent *entry; d && (entry = readdir(d));)
		n += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
	if (d)
		closedir(d);
	return n;
}

static void tree_remove(const char *path)
{
	DIR *d = opendir(path);
	for (struct dirent *entry; d && (entry = readdir(d));) {
		char *inner = mem_format("%s/%s", path, entry->d_name);
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") && unlink(inner))
			tree_remove(inner);
		mem_free(inner);
	}
	if (d)
		closedir(d);
	rmdir(path);
}

static int directory_remove(void **state)
{
	(void)state;
	tree_remove(directory);
	return 0;
}

static char *slurp(const char *name)
{
	char *path = mem_format("%s/%s", directory, name), *text;
	FILE *f = fopen(path, "r");
	mem_free(path);
	if (!f)
		return NULL;
	MEM_NEW(text, 1 << 20, "a test");
	size_t got = fread(text, 1, (1 << 20) - 1, f);
	text[got] = 0;
	fclose(f);
	return text;
}

static void assert_file(const char *name, const char *wanted)
{
	char *text = slurp(name);
	assert_non_null(text);
	assert_string_equal(text, wanted);
	mem_free(text);
}

static void assert_no_file(const char *name)
{
	char *text = slurp(name);
	assert_null(text);
}

static void assert_holds(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("\"%s\" is not in: %s", part, text);
}

/* Three scenarios, the baseline in the middle, two points, three replicates, six months. */
enum { SCENARIO_COUNT = 3, POINTS = 2, REPLICATES = 3, TICKS = 6 };

static int shown[2];
static struct scenario scenarios[SCENARIO_COUNT] = {
	{.name = "ai"}, {.name = "plain"}, {.name = "shared"}};
static struct setting point_settings[POINTS][2];
static struct settings points[POINTS];

static struct experiment example(void)
{
	struct experiment x = {.name = "Example",
			       .seed = 7,
			       .replicates = REPLICATES,
			       .ticks = TICKS,
			       .scenarios = scenarios,
			       .scenario_count = SCENARIO_COUNT,
			       .baseline = 1,
			       .windows = {{"early", 0, 2}, {"late", 3, 5}},
			       .window_count = 2,
			       .series_metrics = shown,
			       .series_metric_count = 2,
			       .series_every = 1,
			       .points = points,
			       .point_count = POINTS,
			       .run_count = SCENARIO_COUNT * POINTS * REPLICATES};
	shown[0] = metric_by_name("unemployment_rate");
	shown[1] = metric_by_name("real_wage");
	for (int p = 0; p < POINTS; p++) {
		point_settings[p][0].param = param_by_key("state.benefit_replacement");
		point_settings[p][0].value = p ? 0.7 : 0.25;
		point_settings[p][1].param = param_by_key("firms.pricing");
		point_settings[p][1].value = p;
		points[p] = (struct settings){point_settings[p], 2};
	}
	x.why = (char *)"a test";
	x.file = (char *)"example.json";
	return x;
}

/* Unemployment is 5 %, with "ai" half a point more and from month 3 two points and more. */
static double unemployment(const struct run_id *id, int64_t tick)
{
	if (id->scenario != 0)
		return 0.05;
	return tick < 3 ? 0.055 : 0.07 + 0.001 * (double)tick;
}

static double wage(const struct run_id *id, int64_t tick)
{
	static const double gain[SCENARIO_COUNT] = {-2, 0, 3};
	return 100 + 10 * (double)id->replicate + (double)tick +
	       gain[id->scenario] * (1 + 0.5 * (double)id->replicate);
}

static struct run_result run_example(const struct experiment *x, int64_t run)
{
	struct run_result r = {.id = experiment_run(x, run), .rows = x->ticks, .seconds = 0.25};
	MEM_NEW(r.ticks, r.rows, "a test");
	MEM_NEW(r.series, r.rows * metric_count(), "a test");
	for (int64_t t = 0; t < r.rows; t++) {
		double *row = r.series + t * metric_count();
		r.ticks[t] = t;
		for (int m = 0; m < metric_count(); m++)
			row[m] = (double)(run + 1) / (double)(m + 3 + t);
		row[shown[0]] = unemployment(&r.id, t);
		row[shown[1]] = wage(&r.id, t);
		row[metric_by_name("gini_income")] = t % 3 ? NAN : (double)(t + 1);
	}
	if (x->firms.wanted)
		r.firms_rows = mem_format("firms of run %" PRId64 "\n", run);
	return r;
}

static int output_finish(struct output *o, const struct manifest *m, struct err *e)
{
	int failed = output_complete(o, m, false, e) || output_clear(directory, e);
	output_free(o);
	return failed ? -1 : 0;
}

static void run_add(struct output *o, struct run_result r)
{
	struct err e = {0};
	assert_int_equal(output_add(o, &r, &e), 0);
	run_result_free(&r);
}

/* Runs in the order step, 2 step ... modulo their number, which is prime to step. */
static struct output *experiment_recorded(const struct experiment *x, int64_t step)
{
	struct err e = {0};
	struct output *o = output_open(x, directory, NULL, &e);
	assert_non_null(o);
	for (int64_t i = 1; i <= x->run_count; i++)
		run_add(o, run_example(x, i * step % x->run_count));
	return o;
}

static void experiment_written(const struct experiment *x, int64_t step)
{
	struct err e = {0};
	assert_int_equal(output_finish(experiment_recorded(x, step), NULL, &e), 0);
}

static void numbers_are_as_short_as_they_can_be(void **state)
{
	static const struct {
		double x;
		const char *text;
	} table[] = {
		{0, "0"},
		{-0.0, "0"},
		{1, "1"},
		{-17, "-17"},
		{0.1, "0.1"},
		{1.0 / 3, "0.3333333333333333"},
		{0.1 + 0.2, "0.30000000000000004"},
		{2.5, "2.5"},
		{-1234.5678, "-1234.5678"},
		{0.0001, "0.0001"},
		{0.00012345, "0.00012345"},
		{1e-5, "1e-05"},
		{5e-324, "5e-324"},
		{9007199254740991, "9007199254740991"},
		{1e22, "1e+22"},
		{1e15, "1000000000000000"},
		{123456789.125, "123456789.125"},
		{99999999999999.98, "99999999999999.98"},
		{0.5, "0.5"},
		{0.25, "0.25"},
		{1.7976931348623157e308, "1.7976931348623157e+308"},
		{NAN, ""},
	};
	char text[32];
	(void)state;
	for (int i = 0; i < LENGTH(table); i++) {
		assert_int_equal(number_text(table[i].x, text), (int)strlen(table[i].text));
		assert_string_equal(text, table[i].text);
	}
}

static void every_number_reads_back_from_the_fewest_digits(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 300000; i++) {
		uint64_t bits = mix64(i + 1);
		double x = (double)(bits >> 11) * 0x1p-53, back;
		char text[32], fewest[40];
		for (uint64_t k = i % 20; k > 0; k--)
			x *= 10;
		if (i % 4 == 0)
			memcpy(&x, &bits, sizeof(x));
		if (i % 4 == 1)
			x = (double)(bits % 1000000) / (double)(1 + i % 997);
		if (!isfinite(x))
			continue;
		number_text(x, text);
		assert_true(number_read(text, &back));
		assert_true(back == x);
		for (int digits = fabs(x) < 0x1p-1022 ? 1 : 15; digits <= 17; digits++) {
			snprintf(fewest, sizeof(fewest), "%.*g", digits, x);
			if (strtod(fewest, NULL) == x)
				break;
		}
		if (fabs(x) < 1e15)
			assert_string_equal(text, fewest);
	}
}

/* Where the system has none, a locale with a decimal comma is made for the test. */
static bool comma_set(void)
{
	static const char *const commas[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "ru_RU.UTF-8"};
	for (int i = 0; i < LENGTH(commas); i++)
		if (setlocale(LC_NUMERIC, commas[i]))
			return true;
	char *command = mem_format("localedef -i de_DE -f UTF-8 '%s/de_DE.UTF-8' >/dev/null 2>&1",
				   directory);
	bool made = system(command) == 0;
	mem_free(command);
	setenv("LOCPATH", directory, 1);
	return made && setlocale(LC_NUMERIC, "de_DE.UTF-8");
}

static void numbers_have_a_point_in_every_locale(void **state)
{
	char text[32], comma[32];
	double back;
	(void)state;
	if (!comma_set())
		skip();
	snprintf(comma, sizeof(comma), "%g", 1.5e-7);
	number_text(1.5e-7, text);
	bool read = number_read("0.75", &back);
	setlocale(LC_NUMERIC, "C");
	unsetenv("LOCPATH");
	assert_string_equal(comma, "1,5e-07");
	assert_string_equal(text, "1.5e-07");
	assert_true(read && back == 0.75);
}

static void what_is_no_number_is_refused(void **state)
{
	static const char *const wrong[] = {"x",     "1.2.3", "1,5", "nan", "inf",
					    "1e999", "1 ",    "--1", "0x10"};
	double x;
	(void)state;
	for (int i = 0; i < LENGTH(wrong); i++)
		assert_false(number_read(wrong[i], &x));
	assert_true(number_read("", &x) && isnan(x));
}

static void fields_are_quoted_only_where_needed(void **state)
{
	char text[64] = {0};
	FILE *f = tmpfile();
	(void)state;
	csv_field(f, "plain");
	fputc(',', f);
	csv_field(f, "a,b");
	fputc(',', f);
	csv_field(f, "say \"no\"");
	rewind(f);
	assert_true(fread(text, 1, sizeof(text) - 1, f) > 0);
	fclose(f);
	assert_string_equal(text, "plain,\"a,b\",\"say \"\"no\"\"\"");
}

static void a_file_has_its_name_only_when_complete(void **state)
{
	struct outfile f = {0};
	struct err e = {0};
	(void)state;
	assert_int_equal(outfile_open(&f, directory, "x.csv", &e), 0);
	assert_int_equal(outfile_write(&f, "a\n", 2, &e), 0);
	assert_no_file("x.csv");
	assert_int_equal(outfile_commit(&f, &e), 0);
	assert_file("x.csv", "a\n");
	assert_int_equal(entries(directory), 1);
	outfile_abandon(&f);
	assert_int_equal(outfile_open(&f, directory, "x.csv", &e), 0);
	fputs("other", f.stream);
	outfile_abandon(&f);
	assert_file("x.csv", "a\n");
	assert_int_equal(entries(directory), 1);
}

static void a_full_disk_leaves_no_file(void **state)
{
	struct outfile f = {0};
	struct err e = {0};
	(void)state;
	if (access("/dev/full", W_OK))
		skip();
	assert_int_equal(outfile_open(&f, directory, "x.csv", &e), 0);
	assert_non_null(freopen("/dev/full", "w", f.stream));
	fputs("short enough to stay in the buffer", f.stream);
	assert_int_equal(outfile_commit(&f, &e), -1);
	assert_int_equal(e.code, EXIT_IO);
	assert_holds(e.text, "x.csv");
	assert_holds(e.text, "No space left on device");
	assert_int_equal(entries(directory), 0);
}

static void a_digest_is_xxh3_of_the_bytes(void **state)
{
	char hex[17];
	struct err e = {0};
	(void)state;
	assert_int_equal(write_text_file(directory, "empty", "", &e), 0);
	assert_int_equal(file_digest(directory, "empty", hex, &e), 0);
	assert_string_equal(hex, "2d06800538d394c2"); /* published, for no bytes and seed 0 */
	assert_int_equal(file_digest(directory, "none", hex, &e), -1);
	assert_int_equal(e.code, EXIT_IO);
}

static void a_directory_is_made_with_its_parents(void **state)
{
	struct err e = {0};
	char *deep = mem_format("%s/a/b/c/", directory);
	(void)state;
	assert_int_equal(output_prepare(deep, false, &e), 0);
	assert_int_equal(entries(deep), 0);
	mem_free(deep);
}

static void a_used_directory_is_refused_without_force(void **state)
{
	static const char *const marks[] = {"experiment.json", "series.csv"};
	struct err e = {0};
	(void)state;
	for (int i = 0; i < LENGTH(marks); i++) {
		char *path = mem_format("%s/%s", directory, marks[i]);
		assert_int_equal(write_text_file(directory, marks[i], "old", &e), 0);
		assert_int_equal(write_text_file(directory, ".series.csv.tmp-1", "left", &e), 0);
		assert_int_equal(output_prepare(directory, false, &e), -1);
		assert_int_equal(e.code, EXIT_USAGE);
		assert_holds(e.text, "--force");
		assert_int_equal(entries(directory), 2);
		assert_int_equal(output_prepare(directory, true, &e), 0);
		/* the temporary is gone, the result is not */
		assert_int_equal(entries(directory), 1);
		assert_file(marks[i], "old");
		unlink(path);
		mem_free(path);
	}
}

static void a_place_that_cannot_be_written_is_named(void **state)
{
	struct err e = {0};
	char *inside_file;
	(void)state;
	assert_int_equal(write_text_file(directory, "file", "x", &e), 0);
	inside_file = mem_format("%s/file/results", directory);
	assert_int_equal(output_prepare(inside_file, false, &e), -1);
	assert_int_equal(e.code, EXIT_IO);
	assert_holds(e.text, "file/results: ");
	assert_int_equal(output_prepare("", false, &e), -1);
	assert_int_equal(e.code, EXIT_USAGE);
	mem_free(inside_file);
}

static void a_series_has_a_row_a_tick(void **state)
{
	struct experiment x = example();
	char start[256];
	(void)state;
	experiment_written(&x, 1);
	struct run_id first = experiment_run(&x, 0);
	char *text = slurp("series.csv");
	snprintf(start, sizeof(start),
		 "run,scenario,point,replicate,seed,tick,unemployment_rate,real_wage\n"
		 "0,ai,0,0,%" PRIu64 ",0,0.055,98\n0,ai,0,0,%" PRIu64 ",1,0.055,99\n",
		 first.seed, first.seed);
	assert_int_equal(strncmp(text, start, strlen(start)), 0);
	int64_t lines = 0;
	for (const char *s = text; *s; s++)
		lines += *s == '\n';
	assert_int_equal(lines, 1 + x.run_count * TICKS);
	mem_free(text);
}

/* All of summary.csv. */
static struct summary_table *table_read(void)
{
	struct err e = {0};
	struct summary_table *t = summary_open(directory, &e);
	struct summary_choice all = {0};
	int places[300];
	for (int i = 0; i < LENGTH(places); i++)
		places[i] = i;
	assert_non_null(t);
	assert_true(t->column_count < LENGTH(places));
	all.columns = all.windows = places;
	all.column_count = t->column_count;
	all.window_count = t->window_count;
	assert_int_equal(summary_load(t, directory, &all, &e), 0);
	return t;
}

static double value(const struct summary_table *t, int scenario, int64_t point, int window,
		    int column, int64_t replicate)
{
	struct err e = {0};
	double cell[REPLICATES];
	assert_true(replicate < t->replicates && t->replicates <= REPLICATES);
	assert_int_equal(summary_cells(t, scenario, point, 1, window, column, cell, &e), 0);
	return cell[replicate];
}

static void a_summary_reads_back_as_it_was_written(void **state)
{
	struct experiment x = example();
	(void)state;
	experiment_written(&x, 1);
	struct summary_table *t = table_read();
	assert_int_equal(t->column_count, metric_count() + 2);
	assert_int_equal(t->scenario_count, SCENARIO_COUNT);
	assert_int_equal(t->window_count, 2);
	assert_int_equal(t->points, POINTS);
	assert_int_equal(t->replicates, REPLICATES);
	assert_string_equal(t->scenarios[2], "shared");
	/* run 17 = (2, 1, 2), a plain metric: the mean of x/(m+3+t) over t = 3, 4, 5 */
	int m = metric_by_name("vacancy_rate");
	double wanted = (18.0 / (m + 6) + 18.0 / (m + 7) + 18.0 / (m + 8)) / 3;
	assert_true(fabs(value(t, 2, 1, 1, m, 2) - wanted) < 1e-14);
	/* a metric that is computed in some ticks only */
	assert_true(value(t, 0, 0, 1, metric_by_name("gini_income"), 0) == 4);
	summary_free(t);
}

static void high_unemployment_is_counted_against_the_baseline(void **state)
{
	struct experiment x = example();
	(void)state;
	for (int64_t step = 1; step < x.run_count; step += x.run_count - 2) { /* both ways */
		experiment_written(&x, step);
		struct summary_table *t = table_read();
		int peak = metric_count(), high = metric_count() + 1;
		assert_string_equal(t->columns[peak], "unemployment_peak");
		assert_string_equal(t->columns[high], "unemployment_high_months");
		assert_true(value(t, 0, 0, 0, peak, 1) == 0.055);
		assert_true(fabs(value(t, 0, 0, 1, peak, 1) - 0.075) < 1e-15);
		assert_true(value(t, 0, 1, 0, high, 0) == 0);
		assert_true(value(t, 0, 1, 1, high, 0) == 3);
		assert_true(value(t, 1, 1, 1, high, 0) == 0);
		assert_true(value(t, 2, 1, 1, high, 0) == 0);
		summary_free(t);
	}
}

static void a_row_stands_for_the_months_to_the_next(void **state)
{
	struct experiment x = example();
	struct err e = {0};
	(void)state;
	x.point_count = x.replicates = 1;
	x.run_count = SCENARIO_COUNT;
	x.windows[1].last = 17;
	struct output *o = output_open(&x, directory, NULL, &e);
	for (int64_t run = 0; run < x.run_count; run++) {
		struct run_result r = run_example(&x, run);
		for (int64_t i = 0; i < r.rows; i++)
			r.ticks[i] *= 3;
		run_add(o, r);
	}
	assert_int_equal(output_finish(o, NULL, &e), 0);
	struct summary_table *t = table_read();
	assert_true(value(t, 0, 0, 1, metric_count() + 1, 0) == 9); /* ticks 9, 12, 15 */
	summary_free(t);
}

/* Wage differences of "ai" at a point are -2, -3, -4; of "shared" 3, 4.5, 6. */
static void a_comparison_pairs_the_replicates_of_a_point(void **state)
{
	static const char header[] =
		"metric,window,scenario,baseline,n,mean,baseline_mean,difference,"
		"ci_low,ci_high,p10,p50,p90,correlation,variance_ratio,point,"
		"boot_low,boot_high,reduction,scenario_p10,scenario_p50,scenario_p90,"
		"baseline_p10,baseline_p50,baseline_p90,dip,dip_p,scenario_dip,scenario_dip_p,"
		"bimodal,parted_first,parted_median\n";
	struct experiment x = example();
	(void)state;
	experiment_written(&x, 1);
	char *text = slurp("compare.csv");
	assert_int_equal(strncmp(text, header, strlen(header)), 0);
	const char *row = strstr(text, "\nreal_wage,early,ai,plain,3,108,111,-3,");
	assert_non_null(row);
	double low, high;
	assert_int_equal(sscanf(row + strlen("\nreal_wage,early,ai,plain,3,108,111,-3,"),
				"%lf,%lf,", &low, &high),
			 2);
	double half = 4.302652729749462 / sqrt(3);
	assert_true(fabs(low + 3 + half) < 1e-12 && fabs(high + 3 - half) < 1e-12);
	assert_holds(text, "\nreal_wage,late,shared,plain,3,118.5,114,4.5,");
	assert_null(strstr(text, ",plain,plain,"));
	mem_free(text);
}

static void the_order_of_runs_leaves_no_trace(void **state)
{
	static const char *const files[] = {"series.csv",     "summary.csv", "compare.csv",
					    "design.csv",     "firms.csv",   "datapackage.json",
					    "experiment.json"};
	struct experiment x = example();
	char hex[LENGTH(files)][17], again[17];
	struct err e = {0};
	(void)state;
	x.firms.wanted = true;
	for (int64_t step = 1; step < x.run_count; step += 2) {
		if (step % 3 == 0)
			continue;
		experiment_written(&x, step);
		assert_int_equal(entries(directory), LENGTH(files));
		for (int i = 0; i < LENGTH(files); i++) {
			assert_int_equal(file_digest(directory, files[i], again, &e), 0);
			if (step == 1)
				memcpy(hex[i], again, sizeof(again));
			assert_string_equal(hex[i], again);
		}
	}
}

static void a_comparison_can_be_made_again_from_the_directory(void **state)
{
	struct experiment x = example();
	struct compare_options o = {.baseline = "plain"};
	struct err e = {0};
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);
	(void)state;
	experiment_written(&x, 1);
	char *written = slurp("compare.csv");
	assert_int_equal(compare_rows(directory, &o, stream, &e), 0);
	assert_string_equal(text, written);
	fclose(stream);
	free(text);
	assert_int_equal(compare_write(directory, &o, &e), 0);
	assert_file("compare.csv", written);
	mem_free(written);
}

static void the_baseline_is_the_experiments_own(void **state)
{
	struct experiment x = example();
	struct err e = {0};
	(void)state;
	experiment_written(&x, 1);
	char *written = slurp("compare.csv"), *path = mem_format("%s/experiment.json", directory);
	assert_int_equal(compare_write(directory, NULL, &e), 0);
	assert_file("compare.csv", written);
	unlink(path);
	assert_int_equal(compare_write(directory, NULL, &e), -1);
	assert_int_equal(e.code, EXIT_USAGE);
	assert_holds(e.text, "--baseline");
	mem_free(path);
	mem_free(written);
}

static void unknown_names_are_refused_with_a_suggestion(void **state)
{
	const char *metric = "unemploymnt_rate", *window = "lat";
	struct compare_options wrong[] = {
		{.baseline = "plan"},
		{.baseline = "plain", .metrics = &metric, .metric_count = 1},
		{.baseline = "plain", .windows = &window, .window_count = 1},
	};
	static const char *const near[] = {"did you mean plain?", "did you mean unemployment_rate?",
					   "did you mean late?"};
	struct experiment x = example();
	struct err e = {0};
	(void)state;
	experiment_written(&x, 1);
	for (int i = 0; i < LENGTH(wrong); i++) {
		assert_int_equal(compare_print(directory, &wrong[i], stderr, &e), -1);
		assert_int_equal(e.code, EXIT_USAGE);
		assert_holds(e.text, near[i]);
	}
}

static void a_damaged_summary_is_refused_with_its_line(void **state)
{
	static const char *const wrong[] = {
		"", "nothing\n",
		"run,scenario,point,replicate,seed,window,a\n",
		"run,scenario,point,replicate,seed,window,a\n0,s,0,0,1,w,1\n1,s,0,1,1,w\n",
		"run,scenario,point,replicate,seed,window,a\n0,s,0,0,1,w,1\n1,s,0,1,1,w,1,2\n",
		"run,scenario,point,replicate,seed,window,a\n0,s,0,0,1,w,1\n1,s,0,1,1,w,one\n",
		"run,scenario,point,replicate,seed,window,a\n0,s,0,0,1,w,1\n1,s,-1,1,1,w,1\n",
		"run,scenario,point,replicate,seed,window,a\n0,s,0,2000000000,1,w,1\n",
	};
	static const char *const place[] = {
		":1:", ":1:", "missing", ":3:", ":3:", ":3:", ":3:", "missing"};
	struct compare_options o = {.baseline = "s"};
	struct err e = {0};
	(void)state;
	assert_int_equal(compare_write(directory, &o, &e), -1);
	assert_int_equal(e.code, EXIT_IO);
	assert_holds(e.text, "No such file");
	for (int i = 0; i < LENGTH(wrong); i++) {
		assert_int_equal(write_text_file(directory, "summary.csv", wrong[i], &e), 0);
		assert_int_equal(compare_write(directory, &o, &e), -1);
		assert_int_equal(e.code, EXIT_IO);
		assert_holds(e.text, place[i]);
		assert_no_file("compare.csv");
	}
}

static char *printed(const struct compare_options *o)
{
	struct err e = {0};
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);
	assert_int_equal(compare_print(directory, o, stream, &e), 0);
	fclose(stream);
	return text;
}

static void the_result_table_fits_a_terminal(void **state)
{
	const char *metric = "gini_wealth", *window = "late";
	struct compare_options plain = {.baseline = "plain"};
	struct compare_options one = {.baseline = "plain", .metrics = &metric, .metric_count = 1,
				      .windows = &window, .window_count = 1};
	struct experiment x = example();
	(void)state;
	experiment_written(&x, 1);
	char *text = printed(&plain);
	for (const char *s = text; *s; s += strcspn(s, "\n") + 1)
		assert_true(strcspn(s, "\n") <= 80);
	assert_holds(text, "3 scenarios, 3 replicates each");
	assert_holds(text, "unemployment");
	assert_holds(text, "-3.0 +/- 2.5*");
	assert_holds(text, "less plain");
	assert_holds(text, "differs from plain:\n"
		     "  ai                   month 0, in the middle 0\n");
	assert_null(strstr(text, "more than one group"));
	free(text);
	text = printed(&one);
	assert_holds(text, "gini_wealth");
	assert_null(strstr(text, "early"));
	assert_null(strstr(text, "profit rate"));
	free(text);
}

/* a - b is 1 or 2 by turns, c - b spreads evenly. */
static void differences_in_two_groups_are_told(void **state)
{
	struct compare_options o = {.baseline = "b"};
	struct err e = {0};
	struct text t = {0};
	(void)state;
	text_add(&t, "run,scenario,point,replicate,seed,window,real_wage,weekly_hours\n");
	for (int run = 0; run < 36; run++) {
		int r = run % 12;
		double common = 7.3 * r, more = run < 12 ? 1 + r % 2 : run < 24 ? 0 : r;
		text_add(&t, "%d,%c,0,%d,1,w,%g,40\n", run, 'a' + run / 12, r, common + more);
	}
	assert_int_equal(write_text_file(directory, "summary.csv", t.s, &e), 0);
	char *text = printed(&o);
	assert_holds(text, "whose mean stands for no run:\n  real_wage of a, w\n\n");
	assert_holds(text, "\n  c                    never\n"); /* there is no series.csv */
	free(text);
	text_free(&t);
}

static void one_replicate_has_no_interval(void **state)
{
	struct experiment x = example();
	struct compare_options o = {.baseline = "plain"};
	(void)state;
	x.replicates = x.point_count = 1;
	x.run_count = SCENARIO_COUNT;
	experiment_written(&x, 1);
	char *text = printed(&o);
	assert_holds(text, "no interval");
	assert_null(strstr(text, "+/-"));
	free(text);
	text = slurp("compare.csv");
	assert_holds(text, "\nreal_wage,early,ai,plain,1,99,101,-2,,,-2,-2,-2,,,0,,,,"
		     "99,99,99,101,101,101,,,,,0,0,0\n");
	mem_free(text);
}

static void a_design_lists_what_its_points_set(void **state)
{
	struct experiment x = example();
	(void)state;
	experiment_written(&x, 1);
	char *text = slurp("design.csv");
	assert_holds(text, "state.benefit_replacement");
	assert_holds(text, "firms.pricing");
	assert_holds(text, "\n0,unit_cost,0.25\n1,target_return,0.7\n");
	mem_free(text);
}

static void a_failed_run_leaves_no_results(void **state)
{
	struct experiment x = example();
	struct err e = {0};
	struct output *o = output_open(&x, directory, NULL, &e);
	(void)state;
	for (int64_t run = x.run_count - 1; run >= 0; run--) {
		struct run_result r = run_example(&x, run);
		if (run == 4 || run == 9)
			err_set(&r.err, EXIT_RUN, "agent %d overflowed", (int)run);
		run_add(o, r);
	}
	assert_int_equal(output_finish(o, NULL, &e), -1);
	assert_int_equal(e.code, EXIT_RUN);
	assert_holds(e.text, "2 of 18 runs failed");
	assert_holds(e.text, "run 4 (scenario ai, point 1, replicate 1");
	assert_holds(e.text, "agent 4 overflowed");
	assert_int_equal(entries(directory), 1); /* shards */
}

static void a_missing_run_is_named(void **state)
{
	struct experiment x = example();
	struct err e = {0};
	struct output *o = output_open(&x, directory, NULL, &e);
	(void)state;
	for (int64_t run = 0; run < x.run_count; run++)
		if (run != 5)
			run_add(o, run_example(&x, run));
	assert_int_equal(output_finish(o, NULL, &e), -1);
	assert_int_equal(e.code, EXIT_RUN);
	assert_holds(e.text, "1 of 18 runs are missing: 5; ludd run with --resume does");
	assert_int_equal(entries(directory), 1); /* shards */
}

/* A limit on file size stands for a full disk. */
static void results_that_do_not_fit_are_reported_and_removed(void **state)
{
	struct experiment x = example();
	struct err e = {0};
	struct rlimit before, small;
	struct output *o = experiment_recorded(&x, 1);
	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	small = before;
	small.rlim_cur = 512;
	setrlimit(RLIMIT_FSIZE, &small);
	int finished = output_finish(o, NULL, &e);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_int_equal(finished, -1);
	assert_int_equal(e.code, EXIT_IO);
	assert_holds(e.text, ".csv");
	assert_holds(e.text, "File too large");
	assert_int_equal(entries(directory), 1); /* shards */
}

static void a_new_experiment_removes_what_it_does_not_write(void **state)
{
	struct experiment x = example();
	struct err e = {0};
	(void)state;
	assert_int_equal(write_text_file(directory, "workers.csv", "old", &e), 0);
	assert_int_equal(write_text_file(directory, "manifest.json", "old", &e), 0);
	assert_int_equal(write_text_file(directory, "notes.txt", "mine", &e), 0);
	experiment_written(&x, 1);
	assert_no_file("workers.csv");
	assert_no_file("manifest.json");
	assert_file("notes.txt", "mine");
}

static const cJSON *member(const cJSON *item, const char *key)
{
	const cJSON *found = cJSON_GetObjectItemCaseSensitive(item, key);
	if (!found)
		fail_msg("%s is missing", key);
	return found;
}

static cJSON *json_slurp(const char *name)
{
	char *text = slurp(name);
	cJSON *item = cJSON_Parse(text);
	assert_non_null(item);
	mem_free(text);
	return item;
}

static void the_data_package_describes_every_column(void **state)
{
	struct experiment x = example();
	const cJSON *resource, *field;
	(void)state;
	x.firms.wanted = x.workers.wanted = true;
	experiment_written(&x, 1);
	cJSON *package = json_slurp("datapackage.json");
	assert_string_equal(member(package, "name")->valuestring, "example");
	assert_int_equal(cJSON_GetArraySize(member(package, "resources")), 6);
	cJSON_ArrayForEach(resource, member(package, "resources")) {
		char header[16384] = "", *text = slurp(member(resource, "path")->valuestring);
		cJSON_ArrayForEach(field, member(member(resource, "schema"), "fields")) {
			size_t n = strlen(header);
			snprintf(header + n, sizeof(header) - n, "%s%s", n ? "," : "",
				 member(field, "name")->valuestring);
			assert_true(*member(field, "description")->valuestring);
		}
		assert_non_null(text);
		text[strcspn(text, "\n")] = 0;
		assert_string_equal(text, header);
		mem_free(text);
	}
	cJSON_Delete(package);
}

static void files_checked(const cJSON *files)
{
	const cJSON *file;
	struct err e = {0};
	char hex[17];
	assert_int_equal(cJSON_GetArraySize(files), entries(directory) - 1);
	cJSON_ArrayForEach(file, files) {
		const char *name = member(file, "path")->valuestring;
		char *text = slurp(name);
		assert_true(member(file, "bytes")->valuedouble == (double)strlen(text));
		assert_int_equal(file_digest(directory, name, hex, &e), 0);
		assert_string_equal(member(file, "xxh3_64")->valuestring, hex);
		mem_free(text);
	}
}

static void a_manifest_vouches_for_every_file(void **state)
{
	struct experiment x = example();
	struct manifest m = {
		.command_line = "ludd run \"example\".json", .started = 1e9, .jobs = 2};
	struct output_options options = {.self = m};
	struct err e = {0};
	struct output *o = output_open(&x, directory, &options, &e);
	(void)state;
	for (int64_t run = 0; run < x.run_count; run++) {
		struct run_result r = run_example(&x, run);
		r.state_hash = 0xabc;
		r.phase_seconds[0] = 0.5;
		run_add(o, r);
	}
	assert_int_equal(output_finish(o, &m, &e), 0);
	cJSON *manifest = json_slurp("manifest.json");
	assert_string_equal(member(manifest, "started")->valuestring, "2001-09-09T01:46:40Z");
	assert_string_equal(member(manifest, "command_line")->valuestring, m.command_line);
	assert_true(member(manifest, "run_seconds")->valuedouble == 0.25 * 18);
	assert_true(member(manifest, "phase_seconds")->child->valuedouble == 9);
	const cJSON *session = cJSON_GetArrayItem(member(manifest, "sessions"), 0);
	assert_string_equal(member(session, "shard")->valuestring, "0/1");
	assert_string_equal(member(session, "command_line")->valuestring, m.command_line);
	assert_int_equal(cJSON_GetArraySize(member(manifest, "runs")), 18);
	const cJSON *run = cJSON_GetArrayItem(member(manifest, "runs"), 17);
	assert_string_equal(member(run, "scenario")->valuestring, "shared");
	assert_string_equal(member(run, "status")->valuestring, "done");
	assert_string_equal(member(run, "state_hash")->valuestring, "0000000000000abc");
	assert_true(member(run, "seconds")->valuedouble == 0.25);
	assert_true((uint64_t)member(run, "seed")->valuedouble == experiment_run(&x, 17).seed);
	files_checked(member(manifest, "files"));
	cJSON_Delete(manifest);
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, directory_new, directory_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_as_short_as_they_can_be),
		cmocka_unit_test(every_number_reads_back_from_the_fewest_digits),
		IN_DIRECTORY(numbers_have_a_point_in_every_locale),
		cmocka_unit_test(what_is_no_number_is_refused),
		cmocka_unit_test(fields_are_quoted_only_where_needed),
		IN_DIRECTORY(a_file_has_its_name_only_when_complete),
		IN_DIRECTORY(a_full_disk_leaves_no_file),
		IN_DIRECTORY(a_digest_is_xxh3_of_the_bytes),
		IN_DIRECTORY(a_directory_is_made_with_its_parents),
		IN_DIRECTORY(a_used_directory_is_refused_without_force),
		IN_DIRECTORY(a_place_that_cannot_be_written_is_named),
		IN_DIRECTORY(a_series_has_a_row_a_tick),
		IN_DIRECTORY(a_summary_reads_back_as_it_was_written),
		IN_DIRECTORY(high_unemployment_is_counted_against_the_baseline),
		IN_DIRECTORY(a_row_stands_for_the_months_to_the_next),
		IN_DIRECTORY(a_comparison_pairs_the_replicates_of_a_point),
		IN_DIRECTORY(the_order_of_runs_leaves_no_trace),
		IN_DIRECTORY(a_comparison_can_be_made_again_from_the_directory),
		IN_DIRECTORY(the_baseline_is_the_experiments_own),
		IN_DIRECTORY(unknown_names_are_refused_with_a_suggestion),
		IN_DIRECTORY(a_damaged_summary_is_refused_with_its_line),
		IN_DIRECTORY(the_result_table_fits_a_terminal),
		IN_DIRECTORY(differences_in_two_groups_are_told),
		IN_DIRECTORY(one_replicate_has_no_interval),
		IN_DIRECTORY(a_design_lists_what_its_points_set),
		IN_DIRECTORY(a_failed_run_leaves_no_results),
		IN_DIRECTORY(a_missing_run_is_named),
		IN_DIRECTORY(results_that_do_not_fit_are_reported_and_removed),
		IN_DIRECTORY(a_new_experiment_removes_what_it_does_not_write),
		IN_DIRECTORY(the_data_package_describes_every_column),
		IN_DIRECTORY(a_manifest_vouches_for_every_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
