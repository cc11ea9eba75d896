/* datapackage.json: every table, column, unit and meaning, as a Frictionless data package
 * (specs.frictionlessdata.io, Data Package v1). */
#include <ctype.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/output_parts.h"

static cJSON *field_new(const struct table_column *c)
{
	cJSON *field = cJSON_CreateObject();
	cJSON_AddStringToObject(field, "name", c->name);
	cJSON_AddStringToObject(field, "type", c->type);
	if (*c->unit)
		cJSON_AddStringToObject(field, "unit", c->unit);
	cJSON_AddStringToObject(field, "description", c->doc);
	return field;
}

static cJSON *resource_new(const struct experiment *x, enum table_name name)
{
	struct table t = table_of(x, name);
	cJSON *resource = cJSON_CreateObject(), *schema = cJSON_CreateObject();
	cJSON *fields = cJSON_AddArrayToObject(schema, "fields");
	char *short_name = mem_format("%.*s", (int)strcspn(t.file, "."), t.file);
	const char *missing = "";
	cJSON_AddStringToObject(resource, "name", short_name);
	cJSON_AddStringToObject(resource, "path", t.file);
	cJSON_AddStringToObject(resource, "description", t.doc);
	cJSON_AddStringToObject(resource, "profile", "tabular-data-resource");
	cJSON_AddStringToObject(resource, "format", "csv");
	cJSON_AddStringToObject(resource, "encoding", "utf-8");
	for (int i = 0; i < t.count; i++)
		cJSON_AddItemToArray(fields, field_new(&t.columns[i]));
	cJSON_AddItemToObject(schema, "missingValues", cJSON_CreateStringArray(&missing, 1));
	cJSON_AddItemToObject(resource, "schema", schema);
	mem_free(short_name);
	table_free(&t);
	return resource;
}

char *package_text(const struct experiment *x)
{
	cJSON *package = cJSON_CreateObject();
	char *name = mem_text(x->name);
	for (char *s = name; *s; s++)
		*s = (char)tolower((unsigned char)*s);
	cJSON_AddStringToObject(package, "name", name);
	cJSON_AddStringToObject(package, "title", x->name);
	if (x->why)
		cJSON_AddStringToObject(package, "description", x->why);
	cJSON_AddStringToObject(package, "profile", "tabular-data-package");
	cJSON *resources = cJSON_AddArrayToObject(package, "resources");
	for (int i = 0; i < TABLE_COUNT; i++)
		if (table_wanted(x, (enum table_name)i))
			cJSON_AddItemToArray(resources, resource_new(x, (enum table_name)i));
	mem_free(name);
	return json_text(package);
}

char *json_text(cJSON *item)
{
	char *printed = cJSON_Print(item);
	char *text = mem_format("%s\n", printed);
	cJSON_free(printed);
	cJSON_Delete(item);
	return text;
}
