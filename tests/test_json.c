#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ludd/json.h"

static struct json_doc *parse(const char *text, struct problems *p)
{
	return json_parse("t.json", text, strlen(text), 1, p);
}

/* `text` is refused with exactly this one line. */
static void refused(const char *text, const char *line)
{
	struct problems p = {0};
	assert_null(parse(text, &p));
	assert_int_equal(p.errors, 1);
	assert_string_equal(p.items[0].text, line);
	problems_free(&p);
}

static void accepted(const char *text)
{
	struct problems p = {0};
	struct json_doc *d = parse(text, &p);
	assert_non_null(d);
	assert_int_equal(p.count, 0);
	json_free(d);
}

static void every_form_of_json_is_read(void **state)
{
	(void)state;
	accepted("{}");
	accepted(" [1, -2, 0.5, 1e3, 1E-3, -0, true, false, null, \"\", [], {}]\r\n");
	accepted("{\"a\": {\"b\": [{\"c\": \"\\u00e9\\n\\\"\\ud83d\\ude00\"}]}}");
	accepted("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"");
}

static void a_value_knows_its_line_and_a_member_that_of_its_key(void **state)
{
	(void)state;
	struct problems p = {0};
	struct json_doc *d = parse("\n{\n\"a\":\n 1,\n \"b\": [2,\n3]}", &p);
	const cJSON *root = json_root(d), *b = cJSON_GetObjectItemCaseSensitive(root, "b");
	assert_int_equal(json_line(d, root), 2);
	assert_int_equal(json_line(d, cJSON_GetObjectItemCaseSensitive(root, "a")), 3);
	assert_int_equal(json_line(d, b), 5);
	assert_int_equal(json_line(d, cJSON_GetArrayItem(b, 1)), 6);
	json_free(d);
}

static void a_number_keeps_its_text(void **state)
{
	(void)state;
	struct problems p = {0};
	struct json_doc *d = parse("[9007199254740993, \"1\", 1.50e2]", &p);
	const cJSON *root = json_root(d);
	assert_string_equal(json_number_text(d, cJSON_GetArrayItem(root, 0)), "9007199254740993");
	assert_null(json_number_text(d, cJSON_GetArrayItem(root, 1)));
	assert_string_equal(json_number_text(d, cJSON_GetArrayItem(root, 2)), "1.50e2");
	json_free(d);
}

static void numbers_outside_json_are_refused(void **state)
{
	(void)state;
	refused("[01]", "t.json:1: a number begins with a needless 0; leave it out");
	refused("[1.]", "t.json:1: a number needs digits after its point");
	refused("[1e]", "t.json:1: a number needs digits after its e");
	refused("[-]",
		"t.json:1: a number needs digits after its sign (NaN and Infinity are none)");
	refused("[+1]", "t.json:1: '+' where a value should stand");
	refused("[.5]", "t.json:1: '.' where a value should stand");
	refused("[0x10]", "t.json:1: '0x' is no number of JSON");
	refused("[1_000]", "t.json:1: '1_' is no number of JSON");
	refused("[NaN]", "t.json:1: NaN is no number of JSON; leave the key out instead");
	refused("[-Infinity]",
		"t.json:1: a number needs digits after its sign (NaN and Infinity are none)");
}

static void numbers_that_a_double_cannot_hold_are_refused_all_at_once(void **state)
{
	(void)state;
	struct problems p = {0};
	assert_null(parse("[1e999,\n-1e999,\n1e-999, 0e5, 0.0e-999]", &p));
	assert_int_equal(p.errors, 3);
	assert_string_equal(p.items[1].text, "t.json:2: -1e999 is too large: numbers here have 64 "
			    "bits (at most 1.8e308)");
	assert_non_null(strstr(p.items[2].text, "1e-999 is too small"));
	problems_free(&p);
}

static void duplicate_keys_are_refused_all_at_once_however_they_are_spelt(void **state)
{
	(void)state;
	struct problems p = {0};
	assert_null(parse("{\"a\": 1,\n\"b\": {\"x\": 1, \"x\": 2},\n\"\\u0061\": 2}", &p));
	assert_int_equal(p.errors, 2);
	assert_string_equal(p.items[0].text,
			    "t.json:2: x: given twice (before on line 2); keep one");
	assert_string_equal(p.items[1].text,
			    "t.json:3: a: given twice (before on line 1); keep one");
	problems_free(&p);
	accepted("{\"a\": {\"x\": 1}, \"b\": {\"x\": 1}, \"A\": 1}");
}

static void texts_are_checked_byte_by_byte(void **state)
{
	(void)state;
	refused("[\"a\tb\"]",
		"t.json:1: a text holds the control character 0x09; leave it out");
	refused("[\"\\u0000\"]", "t.json:1: \\u0000 is a control character; leave it out");
	refused("[\"\\x\"]", "t.json:1: \\x is no escape of JSON");
	refused("[\"\\u12g4\"]", "t.json:1: \\u needs four hex digits");
	refused("[\"\\ud800\"]", "t.json:1: \\ud800 is half of a surrogate pair");
	refused("[\"\\udc00\\ud800\"]", "t.json:1: \\udc00 is half of a surrogate pair");
	refused("[\"\xff\"]", "t.json:1: byte 0xff is not valid UTF-8; save the file as UTF-8");
	refused("[\"\xc0\xaf\"]", "t.json:1: byte 0xc0 is not valid UTF-8; save the file as UTF-8");
	refused("[\"\xe0\x80\xaf\"]",
		"t.json:1: byte 0xe0 is not valid UTF-8; save the file as UTF-8");
	refused("[\"\xed\xa0\x80\"]",
		"t.json:1: byte 0xed is not valid UTF-8; save the file as UTF-8");
	refused("[\"\xf4\x90\x80\x80\"]",
		"t.json:1: byte 0xf4 is not valid UTF-8; save the file as UTF-8");
	refused("[\"\xc3\"]", "t.json:1: byte 0xc3 is not valid UTF-8; save the file as UTF-8");
	refused("[\"a\nb\"]", "t.json:1: a text lacks its closing quote on the same line");
	refused("[\"a", "t.json:1: a text lacks its closing quote");
}

static void what_is_not_json_is_refused_with_its_line(void **state)
{
	(void)state;
	refused("", "t.json:1: the text ends where a value should stand");
	refused("{\n} x", "t.json:2: text after the end of the value; leave it out");
	refused("{\n// no\n}", "t.json:2: JSON has no comments; use the key \"why\"");
	refused("{'a': 1}", "t.json:1: texts stand in double quotes, not in single ones");
	refused("{a: 1}", "t.json:1: 'a' where a key in double quotes should stand");
	refused("{\"a\" 1}", "t.json:1: '1' where a colon should stand");
	refused("[1 2]", "t.json:1: '2' where a comma or ']' should stand");
	refused("[1,]", "t.json:1: ']' where a value should stand (a comma too many?)");
	refused("{\"a\": 1,\n}",
		"t.json:2: '}' where a key in double quotes should stand (a comma too many?)");
	refused("[True]", "t.json:1: 'True' is no value of JSON (did you mean true?)");
	refused("[yes]", "t.json:1: 'yes' is no value of JSON; texts stand in double quotes");
	refused("\xef\xbb\xbf{}",
		"t.json:1: begins with a byte order mark; save the file without it");
}

static void a_zero_byte_does_not_hide_what_follows(void **state)
{
	(void)state;
	struct problems p = {0};
	assert_null(json_parse("t.json", "{}\0x", 4, 1, &p));
	assert_string_equal(p.items[0].text,
			    "t.json:1: text after the end of the value; leave it out");
	problems_free(&p);
}

static void nesting_ends_at_32(void **state)
{
	(void)state;
	char text[80] = "";
	for (int i = 0; i < 32; i++)
		text[i] = '[', text[32 + i] = ']';
	accepted(text);
	memmove(text + 1, text, 64);
	text[65] = ']';
	refused(text, "t.json:1: nested deeper than 32");
}

static void an_option_has_no_lines(void **state)
{
	(void)state;
	struct problems p = {0};
	assert_null(json_parse("--set a=[", "[", 1, 0, &p));
	assert_string_equal(p.items[0].text,
			    "--set a=[: the text ends where a value should stand");
	problems_free(&p);
}

static void any_change_of_a_byte_is_survived(void **state)
{
	(void)state;
	static const char good[] = "{\"a\": [1, -2.5e3, \"\\u00e9\xc3\xa9\"], "
				   "\"b\": {\"c\": null}}";
	int refusals = 0;
	for (size_t i = 0; i < sizeof(good) - 1; i++)
		for (int byte = 0; byte < 256; byte++) {
			char text[sizeof(good)];
			struct problems p = {0};
			memcpy(text, good, sizeof(good));
			text[i] = (char)byte;
			struct json_doc *d = json_parse("t", text, sizeof(good) - 1, 1, &p);
			assert_int_equal(d == NULL, p.errors > 0);
			refusals += d == NULL;
			json_free(d);
			problems_free(&p);
		}
	assert_in_range(refusals, 5000, 256 * sizeof(good));
}

static void a_file_that_is_not_there_is_named(void **state)
{
	(void)state;
	struct problems p = {0};
	assert_null(json_read("no/such.json", &p));
	assert_string_equal(p.items[0].text,
			    "no/such.json: cannot be opened: No such file or directory");
	problems_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_of_json_is_read),
		cmocka_unit_test(a_value_knows_its_line_and_a_member_that_of_its_key),
		cmocka_unit_test(a_number_keeps_its_text),
		cmocka_unit_test(numbers_outside_json_are_refused),
		cmocka_unit_test(numbers_that_a_double_cannot_hold_are_refused_all_at_once),
		cmocka_unit_test(duplicate_keys_are_refused_all_at_once_however_they_are_spelt),
		cmocka_unit_test(texts_are_checked_byte_by_byte),
		cmocka_unit_test(what_is_not_json_is_refused_with_its_line),
		cmocka_unit_test(a_zero_byte_does_not_hide_what_follows),
		cmocka_unit_test(nesting_ends_at_32),
		cmocka_unit_test(an_option_has_no_lines),
		cmocka_unit_test(any_change_of_a_byte_is_survived),
		cmocka_unit_test(a_file_that_is_not_there_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
