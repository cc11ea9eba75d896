#include "scan.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ludd/json.h"
#include "ludd/mem.h"

enum { NUMBER_LENGTH = 60 }; /* what cJSON reads of a number */

void scan_report(const struct scan *s, int line, struct problems *problems, const char *format, ...)
{
	char sentence[900];
	va_list args;
	va_start(args, format);
	vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	for (char *c = sentence; *c; c++)
		if (iscntrl((unsigned char)*c))
			*c = '?';
	if (line > 0)
		problem_add(problems, "%s:%d: %s", s->name, line, sentence);
	else
		problem_add(problems, "%s: %s", s->name, sentence);
}

#define FAIL(s, ...) \
	(scan_report((s), (s)->lines ? (s)->line : 0, (s)->problems, __VA_ARGS__), false)

/* The byte at hand; 0 at the end (a zero inside is refused before). */
static unsigned char here(const struct scan *s)
{
	return (unsigned char)s->text[s->at];
}

static void skip_space(struct scan *s)
{
	for (;; s->at++) {
		unsigned char c = here(s);
		if (c == '\n')
			s->line++;
		else if (c != ' ' && c != '\t' && c != '\r')
			return;
	}
}

/* Length of the UTF-8 character at s (RFC 3629), 0 if it is none. */
static int utf8_length(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	int more = s[0] < 0x80 ? 0 : s[0] >= 0xc2 && s[0] <= 0xdf ? 1 :
		   (s[0] & 0xf0) == 0xe0 ? 2 : s[0] >= 0xf0 && s[0] <= 0xf4 ? 3 : -1;
	for (int i = 1; i <= more; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0; /* overlong, half of a surrogate pair, above U+10FFFF */
	return more + 1;
}

/* The four hex digits after \u, or -1. */
static int hex4(const char *s)
{
	static const char digits[] = "0123456789abcdef";
	int value = 0;
	for (int i = 0; i < 4; i++) {
		const char *digit = s[i] ? strchr(digits, tolower((unsigned char)s[i])) : NULL;
		if (!digit)
			return -1;
		value = 16 * value + (int)(digit - digits);
	}
	return value;
}

static bool scan_escape(struct scan *s)
{
	const char *at = s->text + s->at; /* the backslash */
	int code, low;
	if (at[1] != 'u') {
		if (!at[1] || !strchr("\"\\/bfnrt", at[1]))
			return FAIL(s, "\\%.1s is no escape of JSON", at + 1);
		s->at += 2;
		return true;
	}
	code = hex4(at + 2);
	if (code < 0)
		return FAIL(s, "\\u needs four hex digits");
	if (code < 0x20 || code == 0x7f)
		return FAIL(s, "\\u%04x is a control character; leave it out", (unsigned)code);
	if (code >= 0xd800 && code <= 0xdfff) {
		low = code < 0xdc00 && at[6] == '\\' && at[7] == 'u' ? hex4(at + 8) : -1;
		if (low < 0xdc00 || low > 0xdfff)
			return FAIL(s, "\\u%04x is half of a surrogate pair", (unsigned)code);
		s->at += 6;
	}
	s->at += 6;
	return true;
}

static bool scan_string(struct scan *s)
{
	s->at++;
	while (here(s) != '"') {
		int length;
		if (s->at >= s->length)
			return FAIL(s, "a text lacks its closing quote");
		if (here(s) == '\\') {
			if (!scan_escape(s))
				return false;
			continue;
		}
		if (here(s) == '\n')
			return FAIL(s, "a text lacks its closing quote on the same line");
		if (iscntrl(here(s)))
			return FAIL(s, "a text holds the control character 0x%02x; leave it out",
				    here(s));
		length = utf8_length(s->text + s->at);
		if (!length)
			return FAIL(s, "byte 0x%02x is not valid UTF-8; save the file as UTF-8",
				    here(s));
		s->at += (size_t)length;
	}
	s->at++;
	return true;
}

static size_t digits_skip(struct scan *s)
{
	size_t before = s->at;
	while (isdigit(here(s)))
		s->at++;
	return s->at - before;
}

static bool scan_number(struct scan *s)
{
	size_t start = s->at;
	if (here(s) == '-')
		s->at++;
	if (here(s) == '0' && isdigit((unsigned char)s->text[s->at + 1]))
		return FAIL(s, "a number begins with a needless 0; leave it out");
	if (!digits_skip(s))
		return FAIL(s, "a number needs digits after its sign (NaN and Infinity are none)");
	if (here(s) == '.') {
		s->at++;
		if (!digits_skip(s))
			return FAIL(s, "a number needs digits after its point");
	}
	if (here(s) == 'e' || here(s) == 'E') {
		s->at++;
		if (here(s) == '+' || here(s) == '-')
			s->at++;
		if (!digits_skip(s))
			return FAIL(s, "a number needs digits after its e");
	}
	if (isalnum(here(s)) || here(s) == '_' || here(s) == '.')
		return FAIL(s, "'%.*s' is no number of JSON", (int)(s->at - start) + 1,
			    s->text + start);
	if (s->at - start > NUMBER_LENGTH)
		return FAIL(s, "a number has more than %d characters; round it", NUMBER_LENGTH);
	return true;
}

static bool scan_word(struct scan *s)
{
	static const char *const words[] = {"true", "false", "null"};
	char word[32];
	size_t length = 0;
	const char *near;
	while (length < sizeof(word) - 1 && isalnum((unsigned char)s->text[s->at + length]))
		length++;
	snprintf(word, sizeof(word), "%.*s", (int)length, s->text + s->at);
	for (int i = 0; i < LENGTH(words); i++)
		if (!strcmp(word, words[i])) {
			s->at += length;
			return true;
		}
	if (!strcmp(word, "NaN") || !strcmp(word, "Infinity"))
		return FAIL(s, "%s is no number of JSON; leave the key out instead", word);
	near = nearest_word(word, words, LENGTH(words));
	if (near)
		return FAIL(s, "'%s' is no value of JSON (did you mean %s?)", word, near);
	return FAIL(s, "'%s' is no value of JSON; texts stand in double quotes", word);
}

static bool scan_stray(struct scan *s, const char *wanted)
{
	unsigned char c = here(s);
	if (s->at >= s->length)
		return FAIL(s, "the text ends where %s should stand", wanted);
	if (c == '/' || c == '#')
		return FAIL(s, "JSON has no comments; use the key \"why\"");
	if (c == '\'')
		return FAIL(s, "texts stand in double quotes, not in single ones");
	if (c == '}' || c == ']')
		return FAIL(s, "'%c' where %s should stand (a comma too many?)", c, wanted);
	if (c >= 0x80 || iscntrl(c))
		return FAIL(s, "byte 0x%02x where %s should stand", c, wanted);
	return FAIL(s, "'%c' where %s should stand", c, wanted);
}

static bool scan_value(struct scan *s, int line);

/* After a value in an array or object: a comma (then *more) or the closing bracket. */
static bool scan_next(struct scan *s, char closing, bool *more)
{
	skip_space(s);
	*more = here(s) == ',';
	if (!*more && here(s) != (unsigned char)closing)
		return scan_stray(s, closing == '}' ? "a comma or '}'" : "a comma or ']'");
	s->at++;
	return true;
}

static bool scan_members(struct scan *s)
{
	bool more = true;
	while (more) {
		skip_space(s);
		int line = s->line;
		if (here(s) != '"')
			return scan_stray(s, "a key in double quotes");
		if (!scan_string(s))
			return false;
		skip_space(s);
		if (here(s) != ':')
			return scan_stray(s, "a colon");
		s->at++;
		if (!scan_value(s, line) || !scan_next(s, '}', &more))
			return false;
	}
	return true;
}

static bool scan_elements(struct scan *s)
{
	bool more = true;
	while (more)
		if (!scan_value(s, 0) || !scan_next(s, ']', &more))
			return false;
	return true;
}

static bool scan_container(struct scan *s, char closing)
{
	bool good = true;
	if (++s->depth > JSON_DEPTH)
		return FAIL(s, "nested deeper than %d", JSON_DEPTH);
	s->at++;
	skip_space(s);
	if (here(s) == (unsigned char)closing)
		s->at++;
	else
		good = closing == '}' ? scan_members(s) : scan_elements(s);
	s->depth--;
	return good;
}

static int value_append(struct scan *s, int line)
{
	if ((s->count & (s->count - 1)) == 0) /* room for 0, 1, 2, 4 ... is used up */
		s->values = mem_resize(s->values, s->count ? 2 * (size_t)s->count : 1,
				       sizeof(*s->values), "the values of a JSON text");
	s->values[s->count] = (struct scan_value){.start = s->at, .line = s->lines ? line : 0};
	return s->count++;
}

/* line: of the key, 0 where the value has none. */
static bool scan_value(struct scan *s, int line)
{
	bool good;
	skip_space(s);
	int position = value_append(s, line ? line : s->line);
	unsigned char c = here(s);
	if (c == '{')
		good = scan_container(s, '}');
	else if (c == '[')
		good = scan_container(s, ']');
	else if (c == '"')
		good = scan_string(s);
	else if (c == '-' || isdigit(c))
		good = scan_number(s);
	else if (isalpha(c))
		good = scan_word(s);
	else
		good = scan_stray(s, "a value");
	s->values[position].end = s->at;
	s->values[position].number = c == '-' || isdigit(c);
	return good;
}

bool scan_text(struct scan *s, const char *name, const char *text, size_t length, int first_line,
	       struct problems *problems)
{
	*s = (struct scan){.name = name, .length = length, .line = first_line,
			   .lines = first_line > 0, .problems = problems};
	s->text = mem_new(length + 1, 1, "a JSON text");
	memcpy(s->text, text, length);
	if (!strncmp(s->text, "\xef\xbb\xbf", 3))
		return FAIL(s, "begins with a byte order mark; save the file without it");
	if (!scan_value(s, 0))
		return false;
	skip_space(s);
	if (s->at < s->length)
		return FAIL(s, "text after the end of the value; leave it out");
	return true;
}

void scan_cut_numbers(struct scan *s)
{
	for (int i = 0; i < s->count; i++)
		if (s->values[i].number)
			s->text[s->values[i].end] = '\0';
}

void scan_free(struct scan *s)
{
	mem_free(s->text);
	mem_free(s->values);
}
