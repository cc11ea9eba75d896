#include "ludd/json.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ludd/mem.h"
#include "scan.h"

/* The scan lists the values in the order they begin; cJSON's tree, walked in the same order, gets
 * each one's position in its field valueint (which cJSON itself writes but never reads back). */
struct json_doc {
	char *name;
	cJSON *root;
	struct scan scan;
};

static void number_check(struct json_doc *d, const cJSON *item, struct problems *problems)
{
	const char *text = json_number_text(d, item);
	const char *verdict = NULL;
	if (!isfinite(item->valuedouble))
		verdict = "large";
	else if (item->valuedouble == 0 && strcspn(text, "123456789") < strcspn(text, "eE"))
		verdict = "small";
	if (verdict)
		scan_report(&d->scan, json_line(d, item), problems,
			    "%s is too %s: numbers here have 64 bits (at most 1.8e308)", text,
			    verdict);
}

static int key_order(const void *a, const void *b)
{
	const cJSON *x = *(const cJSON *const *)a, *y = *(const cJSON *const *)b;
	int order = strcmp(x->string, y->string);
	return order ? order : x->valueint - y->valueint;
}

static void duplicates_check(struct json_doc *d, const cJSON *object, struct problems *problems)
{
	int n = cJSON_GetArraySize(object), at = 0;
	const cJSON **member, *item;
	if (n < 2)
		return;
	MEM_NEW(member, n, "the keys of an object");
	cJSON_ArrayForEach(item, object)
		member[at++] = item;
	qsort(member, (size_t)n, sizeof(*member), key_order);
	for (int i = 1; i < n; i++)
		if (!strcmp(member[i]->string, member[i - 1]->string))
			scan_report(&d->scan, json_line(d, member[i]), problems,
				    "%s: given twice (before on line %d); keep one",
				    member[i]->string, json_line(d, member[i - 1]));
	mem_free(member);
}

/* Numbers the items of the tree like the scan did; returns the next free position. */
static int tree_number(struct json_doc *d, cJSON *item, int position, struct problems *problems)
{
	cJSON *child;
	item->valueint = position++;
	cJSON_ArrayForEach(child, item)
		position = tree_number(d, child, position, problems);
	if (cJSON_IsNumber(item))
		number_check(d, item, problems);
	if (cJSON_IsObject(item))
		duplicates_check(d, item, problems);
	return position;
}

struct json_doc *json_parse(const char *name, const char *text, size_t length, int first_line,
			    struct problems *problems)
{
	struct json_doc *d;
	int before = problems->errors;
	MEM_NEW(d, 1, "a JSON document");
	d->name = mem_text(name);
	if (scan_text(&d->scan, d->name, text, length, first_line, problems)) {
		d->root = cJSON_ParseWithLength(text, length);
		scan_cut_numbers(&d->scan);
		if (d->root)
			tree_number(d, d->root, 0, problems);
		else
			scan_report(&d->scan, 0, problems, "cannot be held in memory");
	}
	if (problems->errors == before)
		return d;
	json_free(d);
	return NULL;
}

struct json_doc *json_read(const char *file, struct problems *problems)
{
	FILE *f = fopen(file, "rb");
	if (!f) {
		problem_add(problems, "%s: cannot be opened: %s", file, strerror(errno));
		return NULL;
	}
	struct json_doc *d = NULL;
	char *text = mem_new(JSON_SIZE + 1, 1, "the text of a file");
	size_t length = fread(text, 1, JSON_SIZE + 1, f);
	if (ferror(f))
		problem_add(problems, "%s: cannot be read: %s", file, strerror(errno));
	else if (length > JSON_SIZE)
		problem_add(problems, "%s: is above 1 MiB; an experiment file must be smaller",
			    file);
	else
		d = json_parse(file, text, length, 1, problems);
	fclose(f);
	mem_free(text);
	return d;
}

void json_free(struct json_doc *d)
{
	if (!d)
		return;
	cJSON_Delete(d->root);
	scan_free(&d->scan);
	mem_free(d->name);
	mem_free(d);
}

const cJSON *json_root(const struct json_doc *d)
{
	return d->root;
}

const char *json_name(const struct json_doc *d)
{
	return d->name;
}

int json_line(const struct json_doc *d, const cJSON *item)
{
	return d->scan.values[item->valueint].line;
}

const char *json_number_text(const struct json_doc *d, const cJSON *item)
{
	if (!cJSON_IsNumber(item))
		return NULL;
	return d->scan.text + d->scan.values[item->valueint].start;
}

const char *json_kind(const cJSON *item)
{
	if (cJSON_IsNumber(item))
		return "a number";
	if (cJSON_IsString(item))
		return "a text";
	if (cJSON_IsObject(item))
		return "an object";
	if (cJSON_IsArray(item))
		return "an array";
	return cJSON_IsTrue(item) ? "true" : cJSON_IsFalse(item) ? "false" : "null";
}
