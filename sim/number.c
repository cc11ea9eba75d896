/* Numbers as text and back, exact and the same in every locale. */
#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ludd/output.h"

static int whole_text(uint64_t x, char *text)
{
	char digits[24];
	int n = 0;
	do
		digits[n++] = (char)('0' + x % 10);
	while (x /= 10);
	for (int i = 0; i < n; i++)
		text[i] = digits[n - 1 - i];
	text[n] = 0;
	return n;
}

/* snprintf's text with whatever the locale puts before the decimals as ".". */
static int point_set(char *text)
{
	int n = 0;
	for (const char *s = text; *s; s++) {
		if (isdigit((unsigned char)*s) || strchr("+-einf", *s))
			text[n++] = *s;
		else if (n > 0 && text[n - 1] != '.')
			text[n++] = '.';
	}
	text[n] = 0;
	return n;
}

static int any_text(double x, char text[32])
{
	int few = fabs(x) < 0x1p-1022 ? 1 : 15; /* %.15g is short but for subnormal numbers */
	for (int digits = few; digits <= 17; digits++) {
		snprintf(text, 32, "%.*g", digits, x);
		if (digits == 17 || strtod(text, NULL) == x)
			break;
	}
	return point_set(text);
}

#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 u128;

static const uint64_t ten17 = 100000000000000000;

/* x = fraction * 2^power as 17 digits before the point: (fraction * 5^k) >> shift is x * 10^k. */
struct scaled {
	u128 number;   /* fraction * 5^k, exact */
	uint64_t half; /* half the distance to the next double, on twice the scale of number: 5^k */
	int k, shift;
};

static bool number_scale(struct scaled *s, uint64_t fraction, int power, int k)
{
	s->k = k;
	s->shift = -(power + k);
	s->half = 1;
	for (int i = 0; i < k; i++)
		s->half *= 5;
	s->number = (u128)fraction * s->half;
	return (uint64_t)(s->number >> s->shift) >= ten17 / 10;
}

/* The nearest number with `unit` at its last digit, or 0 where it does not read back as x. */
static uint64_t nearest_digits(const struct scaled *s, uint64_t unit)
{
	u128 count = (s->number >> s->shift) / unit, low = count * unit;
	u128 below = s->number - (low << s->shift), above = ((u128)unit << s->shift) - below;
	bool up = above < below || (above == below && count % 2); /* ties to even, as printf does */
	return 2 * (up ? above : below) < s->half ? (uint64_t)(up ? low + unit : low) : 0;
}

/* Puts the point into digits * 10^-k, 1e-4 <= x < 1e15, and drops closing zeros. */
static int digits_text(uint64_t digits, int k, char *text)
{
	char s[24];
	int n = whole_text(digits, s), whole = n - k, at = 0;
	while (s[n - 1] == '0')
		n--;
	if (whole <= 0) {
		memcpy(text, "0.0000", 6);
		at = 2 - whole;
		whole = 0;
	}
	for (int i = 0; i < n; i++) {
		if (i == whole && i > 0)
			text[at++] = '.';
		text[at++] = s[i];
	}
	text[at] = 0;
	return at;
}

/* For 1e-4 <= x < 1e15 all arithmetic fits 128 bits and is exact. 0 where this way does not serve:
 * outside the range and at powers of 2, whose neighbours are not equally far. */
static int quick_text(double x, char *text)
{
	uint64_t bits, digits = 0;
	if (!(x >= 1e-4 && x < 1e15))
		return 0;
	memcpy(&bits, &x, sizeof(bits));
	uint64_t fraction = bits & ((UINT64_C(1) << 52) - 1);
	int power = (int)(bits >> 52) - 1075;
	if (fraction == 0)
		return 0;
	fraction |= UINT64_C(1) << 52;
	/* floor(log10 x), or one less */
	int exponent = ((power + 52) * 1233 + 20 * 4096) / 4096 - 20;
	struct scaled s;
	if (!number_scale(&s, fraction, power, 16 - exponent - 1))
		number_scale(&s, fraction, power, 16 - exponent);
	for (uint64_t unit = 100; !digits && unit > 0; unit /= 10)
		digits = nearest_digits(&s, unit);
	return digits ? digits_text(digits, s.k, text) : 0;
}
#else
static int quick_text(double x, char *text)
{
	(void)x;
	(void)text;
	return 0;
}
#endif

int number_text(double x, char text[32])
{
	if (isnan(x)) {
		text[0] = 0;
		return 0;
	}
	int sign = x < 0, n = 0;
	double size = fabs(x);
	if (sign)
		text[0] = '-';
	if (size < 0x1p53 && size == (double)(uint64_t)size)
		return sign + whole_text((uint64_t)size, text + sign);
	n = quick_text(size, text + sign);
	return n ? sign + n : any_text(x, text);
}

bool number_read(const char *field, double *x)
{
	char text[64], *end;
	const char *point = localeconv()->decimal_point;
	size_t n = 0;
	*x = NAN;
	if (!*field)
		return true;
	for (const char *s = field; *s; s++) {
		size_t wide = *s == '.' ? strlen(point) : 1;
		if (n + wide >= sizeof(text) ||
		    !(isdigit((unsigned char)*s) || strchr("+-.eE", *s)))
			return false;
		memcpy(text + n, *s == '.' ? point : s, wide);
		n += wide;
	}
	text[n] = 0;
	*x = strtod(text, &end);
	return !*end && isfinite(*x);
}

void csv_field(FILE *f, const char *text)
{
	if (!text[strcspn(text, ",\"\r\n")]) {
		fputs(text, f);
		return;
	}
	fputc('"', f);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', f);
		fputc(*text, f);
	}
	fputc('"', f);
}
