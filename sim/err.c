#include "ludd/err.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ludd/mem.h"

int err_set(struct err *e, enum exit_code code, const char *format, ...)
{
	char text[sizeof(e->text)]; /* apart, because e->text may be among the arguments */
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	memcpy(e->text, text, sizeof(text));
	e->code = code;
	return -1;
}

static void line_add(struct problems *p, bool warning, const char *format, va_list args)
{
	char line[sizeof(((struct err *)0)->text)];
	vsnprintf(line, sizeof(line), format, args);
	if ((p->count & (p->count - 1)) == 0) /* room for 0, 1, 2, 4 ... is used up */
		p->items = mem_resize(p->items, p->count ? 2 * (size_t)p->count : 1,
				      sizeof(*p->items), "the list of problems");
	p->items[p->count++] = (struct problem){mem_text(line), warning};
	p->errors += !warning;
}

void problem_add(struct problems *p, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	line_add(p, false, format, args);
	va_end(args);
}

void warning_add(struct problems *p, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	line_add(p, true, format, args);
	va_end(args);
}

void problems_free(struct problems *p)
{
	for (int i = 0; i < p->count; i++)
		mem_free(p->items[i].text);
	mem_free(p->items);
	*p = (struct problems){0};
}

enum { WORD_MAX = 128 }; /* longer words get no suggestion */

static int smallest(int a, int b, int c)
{
	int ab = a < b ? a : b;
	return ab < c ? ab : c;
}

static bool same_letter(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Edit distance (Levenshtein 1966; insert, delete, replace one letter), blind to case, with a swap
 * of two neighbours as one edit (Damerau 1964). */
static int word_distance(const char *a, const char *b)
{
	int rows[3][WORD_MAX + 1];
	int *above2 = rows[0], *above = rows[1], *row = rows[2];
	int n = (int)strlen(a), m = (int)strlen(b);
	for (int j = 0; j <= m; j++)
		row[j] = j;
	for (int i = 1; i <= n; i++) {
		int *free_row = above2;
		above2 = above;
		above = row;
		row = free_row;
		row[0] = i;
		for (int j = 1; j <= m; j++) {
			int replaced = above[j - 1] + !same_letter(a[i - 1], b[j - 1]);
			row[j] = smallest(above[j] + 1, row[j - 1] + 1, replaced);
			if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) &&
			    same_letter(a[i - 2], b[j - 1]) && above2[j - 2] + 1 < row[j])
				row[j] = above2[j - 2] + 1;
		}
	}
	return row[m];
}

const char *nearest_word(const char *word, const char *const *candidates, int count)
{
	size_t length = strlen(word);
	if (length > WORD_MAX)
		return NULL;
	int best = length < 6 ? 2 : (int)(length / 3) + 1; /* the first distance that is too far */
	const char *nearest = NULL;
	for (int i = 0; i < count; i++) {
		if (strlen(candidates[i]) > WORD_MAX)
			continue;
		int distance = word_distance(word, candidates[i]);
		if (distance < best) {
			best = distance;
			nearest = candidates[i];
		}
	}
	return nearest;
}
