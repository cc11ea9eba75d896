/* ludd params, metrics, policies, schema: the tables the program is built from. */
#include <stdio.h>
#include <string.h>

#include "ludd/commands.h"
#include "ludd/experiment.h"
#include "ludd/mem.h"
#include "ludd/metrics.h"
#include "ludd/output.h"
#include "ludd/policy.h"
#include "ludd/text.h"

enum form { FORM_TEXT, FORM_MARKDOWN, FORM_JSON };

struct listing_column {
	const char *name;
	bool number; /* in JSON */
	bool text;   /* shown in the text form too */
};

struct listing {
	const struct listing_column *columns;
	int column_count;
	char **cells; /* rows x column_count */
	int row_count;
};

static char **row_append(struct listing *l)
{
	l->cells = mem_resize(l->cells, (size_t)(l->row_count + 1) * (size_t)l->column_count,
			      sizeof(*l->cells), "a listing");
	return l->cells + l->row_count++ * l->column_count;
}

static void listing_free(struct listing *l)
{
	for (int i = 0; i < l->row_count * l->column_count; i++)
		mem_free(l->cells[i]);
	mem_free(l->cells);
}

static int column_width(const struct listing *l, int column)
{
	int width = (int)strlen(l->columns[column].name);
	for (int i = 0; i < l->row_count; i++) {
		int length = (int)strlen(l->cells[i * l->column_count + column]);
		width = length > width ? length : width;
	}
	return width;
}

static void print_text(const struct listing *l)
{
	for (int i = -1; i < l->row_count; i++) {
		int padding = 0;
		for (int k = 0; k < l->column_count; k++) {
			const char *cell = i < 0 ? l->columns[k].name
						 : l->cells[i * l->column_count + k];
			if (!l->columns[k].text)
				continue;
			printf("%*s%s", padding, "", cell);
			padding = column_width(l, k) - (int)strlen(cell) + 2;
		}
		printf("\n");
	}
}

/* Everything about one row. */
static void print_row(const struct listing *l)
{
	for (int k = 0; k < l->column_count; k++)
		if (*l->cells[k])
			printf("%-12s  %s\n", l->columns[k].name, l->cells[k]);
}

static void print_markdown(const struct listing *l)
{
	for (int k = 0; k < l->column_count; k++)
		printf("| %s ", l->columns[k].name);
	printf("|\n");
	for (int k = 0; k < l->column_count; k++)
		printf("|---");
	printf("|\n");
	for (int i = 0; i < l->row_count * l->column_count; i++) {
		printf("| ");
		for (const char *c = l->cells[i]; *c; c++)
			printf(*c == '|' ? "\\|" : "%c", *c);
		printf((i + 1) % l->column_count ? " " : " |\n");
	}
}

/* A column of numbers may hold a choice's name, or nothing. */
static void cell_json(struct text *t, const struct listing_column *column, const char *cell)
{
	if (column->number && !*cell)
		text_add(t, "null");
	else if (column->number && strchr("-0123456789", *cell))
		text_add(t, "%s", cell);
	else
		text_quote(t, cell);
}

static void print_json(const struct listing *l)
{
	struct text t = {0};
	text_add(&t, "[");
	for (int i = 0; i < l->row_count; i++) {
		text_add(&t, "%s\n\t{", i ? "," : "");
		for (int k = 0; k < l->column_count; k++) {
			text_add(&t, "%s\"%s\": ", k ? ", " : "", l->columns[k].name);
			cell_json(&t, &l->columns[k], l->cells[i * l->column_count + k]);
		}
		text_add(&t, "}");
	}
	text_add(&t, "\n]\n");
	fputs(t.s, stdout);
	text_free(&t);
}

static void listing_print(const struct listing *l, enum form form)
{
	if (form == FORM_JSON)
		print_json(l);
	else if (form == FORM_MARKDOWN)
		print_markdown(l);
	else if (l->row_count == 1)
		print_row(l);
	else
		print_text(l);
}

static char *value_cell(const struct param_info *info, double x)
{
	char text[64];
	if (info->type == PARAM_TYPE_CHOICE)
		return mem_text(param_choice_name(info, (int)x, text));
	number_text(x, text);
	return mem_text(text);
}

static const struct listing_column param_columns[] = {
	{"key", false, true}, {"type", false, false}, {"default", true, true}, {"low", true, true},
	{"high", true, true}, {"unit", false, true}, {"symbol", false, false},
	{"matters_from", false, false}, {"what", false, true}, {"source", false, false},
};

static void param_append(struct listing *l, const struct param_info *info)
{
	static const char *const types[] = {"real", "whole", "choice"};
	char **cell = row_append(l);
	*cell++ = mem_text(info->key);
	*cell++ = mem_text(types[info->type]);
	*cell++ = value_cell(info, info->value);
	*cell++ = info->type == PARAM_TYPE_CHOICE ? mem_text("") : value_cell(info, info->low);
	*cell++ = info->type == PARAM_TYPE_CHOICE ? mem_text("") : value_cell(info, info->high);
	*cell++ = mem_text(info->unit);
	*cell++ = mem_text(info->symbol);
	*cell++ = mem_text(info->matters_from_ai ? "automation.start" : "start");
	*cell++ = mem_text(info->doc);
	*cell++ = mem_text(info->source);
}

static struct listing params_listing(const char *prefix)
{
	struct listing l = {.columns = param_columns, .column_count = LENGTH(param_columns)};
	size_t length = strlen(prefix);
	for (int i = 0; i < param_count(); i++) {
		const char *key = param_at(i)->key;
		if (!strncmp(key, prefix, length) &&
		    (!length || key[length] == '.' || key[length] == '\0'))
			param_append(&l, param_at(i));
	}
	return l;
}

static struct listing metrics_listing(const char *name)
{
	static const struct listing_column columns[] = {
		{"name", false, true}, {"unit", false, true}, {"formula", false, true},
		{"source", false, false},
	};
	struct listing l = {.columns = columns, .column_count = LENGTH(columns)};
	for (int i = 0; i < metric_count(); i++) {
		const struct metric_info *info = metric_at(i);
		if (*name && strcmp(name, info->name) != 0)
			continue;
		char **cell = row_append(&l);
		*cell++ = mem_text(info->name);
		*cell++ = mem_text(info->unit);
		*cell++ = mem_text(info->doc);
		*cell++ = mem_text(info->source);
	}
	return l;
}

static struct listing policies_listing(const char *name)
{
	static const struct listing_column columns[] = {
		{"name", false, true}, {"parameters", false, true}, {"what", false, true},
	};
	struct listing l = {.columns = columns, .column_count = LENGTH(columns)};
	for (int i = 0; i < POLICY_COUNT; i++) {
		const struct policy *p = policies[i];
		struct text numbers = {0};
		if (*name && strcmp(name, p->name) != 0)
			continue;
		text_add(&numbers, "%s", "");
		for (int k = 0; k < policy_fields(p); k++)
			if (p->fields[k].value != 0)
				text_add(&numbers, "%s%s=%g", numbers.length ? " " : "",
					 p->fields[k].name, p->fields[k].value);
		char **cell = row_append(&l);
		*cell++ = mem_text(p->name);
		*cell++ = mem_text(numbers.s);
		*cell++ = mem_text(p->doc);
		text_free(&numbers);
	}
	return l;
}

static void table_help(const char *command)
{
	printf("usage: ludd %s [NAME] [--json | --markdown]\n\n"
	       "Prints the table of %s, or all about NAME.\n\n"
	       "  --json       as an array of objects, every column\n"
	       "  --markdown   as a table for documents, every column\n", command, command);
}

/* The options all tables share: -1 to go on, else the exit code. *name is "" for the whole
 * table. */
static int table_options(int argc, char **argv, enum form *form, const char **name)
{
	static const struct option longs[] = {
		{"help", no_argument, NULL, 'h'}, {"json", no_argument, NULL, 'j'},
		{"markdown", no_argument, NULL, 'm'}, {0},
	};
	int option;
	*form = FORM_TEXT;
	*name = "";
	while ((option = option_next(argc, argv, ":h", longs)) != -1) {
		if (option == 'h')
			return table_help(argv[0]), EXIT_DONE;
		if (option == '?')
			return EXIT_USAGE;
		*form = option == 'j' ? FORM_JSON : FORM_MARKDOWN;
	}
	if (optind < argc) {
		*name = operand_only(argc, argv, "NAME");
		if (!*name)
			return EXIT_USAGE;
	}
	return -1;
}

static int table_print(struct listing l, enum form form, const char *command, const char *name,
		       const char *near)
{
	int code = EXIT_DONE;
	if (l.row_count)
		listing_print(&l, form);
	else if (near)
		code = usage_error(command, "%s: no such name (did you mean %s?)", name, near);
	else
		code = usage_error(command, "%s: no such name", name);
	listing_free(&l);
	return code;
}

int cmd_params(int argc, char **argv)
{
	enum form form;
	const char *name;
	int code = table_options(argc, argv, &form, &name);
	if (code >= 0)
		return code;
	return table_print(params_listing(name), form, argv[0], name, param_nearest(name));
}

int cmd_metrics(int argc, char **argv)
{
	enum form form;
	const char *name;
	int code = table_options(argc, argv, &form, &name);
	if (code >= 0)
		return code;
	return table_print(metrics_listing(name), form, argv[0], name, metric_nearest(name));
}

int cmd_policies(int argc, char **argv)
{
	enum form form;
	const char *name, *names[POLICY_COUNT];
	int code = table_options(argc, argv, &form, &name);
	if (code >= 0)
		return code;
	for (int i = 0; i < POLICY_COUNT; i++)
		names[i] = policies[i]->name;
	return table_print(policies_listing(name), form, argv[0], name,
			   nearest_word(name, names, POLICY_COUNT));
}

int cmd_schema(int argc, char **argv)
{
	static const struct option longs[] = {{"help", no_argument, NULL, 'h'}, {0}};
	int option = option_next(argc, argv, ":h", longs);
	if (option == '?')
		return EXIT_USAGE;
	if (option == 'h') {
		printf("usage: ludd schema\n\nPrints the JSON Schema (draft 2020-12) of experiment "
		       "files.\n");
		return EXIT_DONE;
	}
	if (optind < argc)
		return usage_error(argv[0], "'%s': takes no operand", argv[optind]);
	char *text = experiment_schema();
	fputs(text, stdout);
	mem_free(text);
	return EXIT_DONE;
}
