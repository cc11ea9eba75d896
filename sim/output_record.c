/* A finished run as the bytes of a record, and back. */
#include <inttypes.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "ludd/journal.h"
#include "ludd/mem.h"
#include "ludd/metrics.h"
#include "ludd/output_parts.h"

enum {
	WORD_MAGIC, WORD_BYTES, WORD_RUN, WORD_CODE, WORD_SEED, WORD_HASH, WORD_SECONDS, WORD_PEAK,
	WORD_PHASES,
	WORD_SECTIONS = WORD_PHASES + RECORD_PHASES,
	WORD_SUMS = WORD_SECTIONS + SECTIONS,
	WORD_SUM = WORD_SUMS + SECTIONS,
};
static const uint64_t record_magic = 0x314e5552444a554cULL; /* "LUJDRUN1" */

void word_put(char *to, uint64_t x)
{
	for (int i = 0; i < 8; i++)
		to[i] = (char)(unsigned char)(x >> 8 * i);
}

uint64_t word_get(const char *from)
{
	uint64_t x = 0;
	for (int i = 0; i < 8; i++)
		x |= (uint64_t)(unsigned char)from[i] << 8 * i;
	return x;
}

bool record_starts(const char *bytes)
{
	return word_get(bytes) == record_magic;
}

static uint64_t bits_of(double x)
{
	uint64_t bits;
	memcpy(&bits, &x, sizeof(bits));
	return bits;
}

static double double_of(uint64_t bits)
{
	double x;
	memcpy(&x, &bits, sizeof(x));
	return x;
}

double number_get(const char *from)
{
	return double_of(word_get(from));
}

static void word_add(struct text *t, uint64_t x)
{
	char bytes[8];
	word_put(bytes, x);
	text_bytes(t, bytes, sizeof(bytes));
}

static void lines_add(struct text *t, const char *lines)
{
	if (lines)
		text_bytes(t, lines, strlen(lines));
}

/* Lines "tick,phase,hash", each after the run's number. */
static void trace_add(struct text *t, const struct run_result *r)
{
	const char *line = r->trace, *end;
	for (; line && (end = strchr(line, '\n')) != NULL; line = end + 1)
		text_add(t, "%" PRId64 ",%.*s", r->id.run, (int)(end - line) + 1, line);
}

static void unemployment_add(struct text *t, const struct run_result *r)
{
	int metric = metric_by_name("unemployment_rate");
	word_add(t, (uint64_t)(r->rows > 0 ? r->ticks[0] : 0));
	word_add(t, (uint64_t)(r->rows > 1 ? r->ticks[1] - r->ticks[0] : 1));
	for (int64_t i = 0; i < r->rows; i++)
		word_add(t, bits_of(r->series[i * metric_count() + metric]));
}

static void section_add(struct text *t, const struct experiment *x, const struct run_result *r,
			enum section section)
{
	if ((r->err.code != EXIT_DONE) != (section == SECTION_NOTE))
		return; /* a failed run leaves its reason and nothing else */
	switch (section) {
	case SECTION_NOTE: lines_add(t, r->err.text); break;
	case SECTION_SERIES: series_rows(x, r, t); break;
	case SECTION_FIRMS: lines_add(t, r->firms_rows); break;
	case SECTION_WORKERS: lines_add(t, r->workers_rows); break;
	case SECTION_TRACE: trace_add(t, r); break;
	case SECTION_SUMMARY: summary_rows(x, r, t); break;
	case SECTION_UNEMPLOYMENT: unemployment_add(t, r); break;
	case SECTION_TRANSITIONS:
		if (r->transitions)
			text_bytes(t, r->transitions, r->transitions_length);
		break;
	default: break;
	}
}

static void record_begin(struct text *t)
{
	static const char blank[RECORD_HEAD];
	*t = (struct text){0};
	text_bytes(t, blank, sizeof(blank));
}

/* The sections lie in the text already: fills in the head. */
static void record_end(struct text *t, const struct record *r)
{
	char *head = t->s, *section = head + RECORD_HEAD;
	word_put(head + 8 * WORD_MAGIC, record_magic);
	word_put(head + 8 * WORD_BYTES, t->length);
	word_put(head + 8 * WORD_RUN, (uint64_t)r->run);
	word_put(head + 8 * WORD_CODE, (uint64_t)r->code);
	word_put(head + 8 * WORD_SEED, r->seed);
	word_put(head + 8 * WORD_HASH, r->state_hash);
	word_put(head + 8 * WORD_SECONDS, bits_of(r->seconds));
	word_put(head + 8 * WORD_PEAK, (uint64_t)r->peak_bytes);
	for (int i = 0; i < RECORD_PHASES; i++)
		word_put(head + 8 * (WORD_PHASES + i), bits_of(r->phase_seconds[i]));
	for (int i = 0; i < SECTIONS; i++) {
		word_put(head + 8 * (WORD_SECTIONS + i), r->length[i]);
		word_put(head + 8 * (WORD_SUMS + i), XXH3_64bits(section, r->length[i]));
		section += r->length[i];
	}
	word_put(head + 8 * WORD_SUM, XXH3_64bits(head, 8 * WORD_SUM));
}

void record_make(const struct experiment *x, const struct run_result *result, struct text *bytes)
{
	struct record r = {.run = result->id.run, .code = result->err.code,
			   .seed = result->id.seed, .state_hash = result->state_hash,
			   .seconds = result->seconds, .peak_bytes = mem_peak()};
	memcpy(r.phase_seconds, result->phase_seconds, sizeof(r.phase_seconds));
	record_begin(bytes);
	for (int i = 0; i < SECTIONS; i++) {
		size_t before = bytes->length;
		section_add(bytes, x, result, (enum section)i);
		r.length[i] = bytes->length - before;
	}
	record_end(bytes, &r);
}

void record_make_session(const char *json, struct text *bytes)
{
	struct record r = {.run = RECORD_SESSION};
	record_begin(bytes);
	lines_add(bytes, json);
	r.length[SECTION_NOTE] = bytes->length - RECORD_HEAD;
	record_end(bytes, &r);
}

bool record_head_read(const char *head, struct record *r)
{
	uint64_t bytes = RECORD_HEAD;
	if (word_get(head + 8 * WORD_MAGIC) != record_magic ||
	    word_get(head + 8 * WORD_SUM) != XXH3_64bits(head, 8 * WORD_SUM))
		return false;
	r->bytes = (int64_t)word_get(head + 8 * WORD_BYTES);
	r->run = (int64_t)word_get(head + 8 * WORD_RUN);
	r->code = (enum exit_code)word_get(head + 8 * WORD_CODE);
	r->seed = word_get(head + 8 * WORD_SEED);
	r->state_hash = word_get(head + 8 * WORD_HASH);
	r->seconds = number_get(head + 8 * WORD_SECONDS);
	r->peak_bytes = (int64_t)word_get(head + 8 * WORD_PEAK);
	for (int i = 0; i < RECORD_PHASES; i++)
		r->phase_seconds[i] = number_get(head + 8 * (WORD_PHASES + i));
	for (int i = 0; i < SECTIONS; i++) {
		r->section[i] = NULL;
		r->length[i] = word_get(head + 8 * (WORD_SECTIONS + i));
		r->sum[i] = word_get(head + 8 * (WORD_SUMS + i));
		bytes += r->length[i];
	}
	return bytes == (uint64_t)r->bytes;
}

bool record_section_read(struct record *r, enum section section, const char *bytes)
{
	r->section[section] = bytes;
	return XXH3_64bits(bytes, r->length[section]) == r->sum[section];
}

bool record_sections_read(struct record *r, const char *sections)
{
	bool good = true;
	for (int i = 0; i < SECTIONS && good; i++) {
		good = record_section_read(r, (enum section)i, sections);
		sections += r->length[i];
	}
	return good;
}

void record_free(struct record *r)
{
	mem_free(r->held);
	*r = (struct record){0};
}
