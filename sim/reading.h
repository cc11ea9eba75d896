/* Private to experiment_*.c: what the parts of the reader share. */
#ifndef LUDD_READING_H
#define LUDD_READING_H

#include "ludd/experiment.h"
#include "ludd/json.h"

struct reading {
	const struct json_doc *doc; /* the file, or the value of a --set */
	struct experiment *x;
	struct problems *problems;
	bool values_refused; /* some parameter's value was refused: rules that join several wait */
};

/* Adds "file:line: sentence", the line being that of `at`. */
void refuse(const struct reading *r, const cJSON *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void warn(const struct reading *r, const cJSON *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

bool name_valid(const char *name); /* [A-Za-z0-9][A-Za-z0-9._-]{0,63} */
/* Reports keys of `object` that are not among the known ones; `where` names it ("" for the file).
 * Does nothing where it is no object. */
void keys_check(const struct reading *r, const cJSON *object, const char *where,
		const char *const *known, int count);
/* The whole number under `key` of `object`, `otherwise` where the key is absent or was refused. */
int64_t whole_read(const struct reading *r, const cJSON *object, const char *where, const char *key,
		   int64_t low, int64_t high, int64_t otherwise);

/* A seed, a number or a text of digits; `otherwise` where it is absent or was refused. */
uint64_t seed_read(const struct reading *r, const cJSON *seed, const char *key, uint64_t otherwise);

/* One parameter's (or PARAM_MIX's) value in any of its forms; false after a refusal. */
bool setting_read(struct reading *r, int param, const cJSON *value, enum origin origin,
		  struct setting *s);
/* The parameter of a full key: a position, PARAM_MIX, or -1 after a refusal. */
int key_read(struct reading *r, const cJSON *at, const char *key);
/* An object of parameters, nested or dotted; appends to s. */
void settings_read(struct reading *r, const cJSON *object, enum origin origin, struct settings *s);
/* "key=value"; a later one replaces an earlier one in s. */
void command_read(struct reading *r, const char *text, struct settings *s);
void sweep_read(struct reading *r, const cJSON *sweep);
/* Of a method that draws its points: the ends of the axes, what the method takes, the points. */
void ranges_read(struct reading *r, const cJSON *sweep, const cJSON *axes);
/* With their defaults; outputs first, for windows must hold ticks that are reported. ticks_cut:
 * --ticks was given, so windows that end later are cut. */
void outputs_read(struct reading *r, const cJSON *outputs);
void windows_read(struct reading *r, const cJSON *windows, bool ticks_cut);

/* What only the whole experiment shows: rules that join parameters, warnings, sizes. */
void experiment_check(struct reading *r);

#endif
