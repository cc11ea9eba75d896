/* Means, spreads and Student's t, for comparing replicates. */
#include "ludd/statistics.h"

#include <math.h>
#include <string.h>

#include "ludd/mem.h"

/* Two passes: the second adds what rounding lost in the first. */
double stat_mean(const double *x, int64_t n)
{
	double sum = 0, rest = 0;
	if (n < 1)
		return NAN;
	for (int64_t i = 0; i < n; i++)
		sum += x[i];
	double mean = sum / (double)n;
	for (int64_t i = 0; i < n; i++)
		rest += x[i] - mean;
	return mean + rest / (double)n;
}

/* sum (x - mean x)(y - mean y), corrected for the rounding of the means (Chan, Golub and LeVeque
 * 1983, The American Statistician 37(3), 242-247). */
static double co_moment(const double *x, const double *y, int64_t n)
{
	double mean_x = stat_mean(x, n), mean_y = stat_mean(y, n);
	double sum = 0, rest_x = 0, rest_y = 0;
	for (int64_t i = 0; i < n; i++) {
		double dx = x[i] - mean_x, dy = y[i] - mean_y;
		sum += dx * dy;
		rest_x += dx;
		rest_y += dy;
	}
	return sum - rest_x * rest_y / (double)n;
}

double stat_variance(const double *x, int64_t n)
{
	return n < 2 ? 0 : co_moment(x, x, n) / (double)(n - 1);
}

double stat_correlation(const double *x, const double *y, int64_t n)
{
	if (n < 2)
		return NAN;
	double xx = co_moment(x, x, n), yy = co_moment(y, y, n);
	if (!(xx > 0 && yy > 0))
		return NAN;
	return clamp(co_moment(x, y, n) / (sqrt(xx) * sqrt(yy)), -1, 1);
}

enum { SHORT = 8 }; /* numbers that are sorted by insertion */

static void short_sort(double *x, int64_t n)
{
	for (int64_t i = 1; i < n; i++) {
		double moved = x[i];
		int64_t k = i;
		for (; k > 0 && moved < x[k - 1]; k--)
			x[k] = x[k - 1];
		x[k] = moved;
	}
}

/* Two sorted parts, the first `half` of n and the rest, into one. */
static void parts_merge(const double *x, int64_t half, int64_t n, double *to)
{
	int64_t i = 0, j = half, k = 0;
	while (i < half && j < n) {
		bool second = x[j] < x[i];
		to[k++] = second ? x[j] : x[i];
		j += second;
		i += !second;
	}
	memcpy(to + k, x + i, (size_t)(half - i) * sizeof(*x));
	memcpy(to + k + half - i, x + j, (size_t)(n - j) * sizeof(*x));
}

void stat_sort(double *x, int64_t n)
{
	double *from = x, *to, *room;
	MEM_NEW(room, n + 1, "numbers to sort");
	to = room;
	for (int64_t first = 0; first < n; first += SHORT)
		short_sort(x + first, smaller_i64(SHORT, n - first));
	for (int64_t half = SHORT; half < n; half *= 2) {
		for (int64_t first = 0; first < n; first += 2 * half) {
			int64_t rest = n - first;
			parts_merge(from + first, smaller_i64(half, rest),
				    smaller_i64(2 * half, rest), to + first);
		}
		double *swapped = from;
		from = to;
		to = swapped;
	}
	if (from != x)
		memcpy(x, from, (size_t)n * sizeof(*x));
	mem_free(room);
}

static double sorted_quantile(const double *x, int64_t n, double q)
{
	double place = q * (double)(n - 1);
	int64_t low = smaller_i64((int64_t)place, n - 1), high = smaller_i64(low + 1, n - 1);
	return x[low] + (place - (double)low) * (x[high] - x[low]);
}

/* Hyndman and Fan 1996, The American Statistician 50(4), 361-365. */
double stat_quantile(double *x, int64_t n, double q)
{
	if (n < 1)
		return NAN;
	stat_sort(x, n);
	return sorted_quantile(x, n, q);
}

/* atan(x), x >= 0: three halvings of the angle, then its series. */
static double arctan(double x)
{
	double term, sum = 0;
	if (x > 1)
		return 1.5707963267948966 - arctan(1 / x);
	for (int i = 0; i < 3; i++)
		x /= 1 + sqrt(1 + x * x);
	term = x;
	for (int i = 1; i < 24; i += 2) {
		sum += term / i;
		term *= -x * x;
	}
	return 8 * sum;
}

/* P(|T| < t) for whole degrees of freedom and t >= 0, by the finite sums of Abramowitz and Stegun
 * 1964, 26.7.3 and 26.7.4. The term after the last one is the density but for a factor. */
static double t_inside(double t, int64_t degrees, double *density)
{
	bool odd = degrees % 2;
	double n = (double)degrees, factor = odd ? 0.6366197723675814 : 1; /* 2/pi */
	double sine = t / sqrt(n + t * t), cosine = sqrt(n) / sqrt(n + t * t);
	double term = odd ? cosine : 1, sum = 0;
	for (int64_t k = odd ? 1 : 0; k < degrees; k += 2) {
		sum += term;
		term *= cosine * cosine * (double)(k + 1) / (double)(k + 2);
	}
	*density = factor * sqrt(n) * term * cosine;
	return factor * ((odd ? arctan(t / sqrt(n)) : 0) + sine * sum);
}

/* Newton's method from 0: the probability is concave in t, so the steps come from the left and
 * shrink to the root without passing it. */
double stat_t_quantile(double q, int64_t degrees)
{
	if (!(q > 0 && q < 1) || degrees < 1)
		return NAN;
	if (q < 0.5)
		return -stat_t_quantile(1 - q, degrees);
	double t = 0, density;
	for (int i = 0; i < 500; i++) {
		double missing = 2 * q - 1 - t_inside(t, degrees, &density);
		double next = t + missing / density;
		if (!(next > t))
			break;
		t = next;
	}
	return t;
}

static void interval_set(struct stat_paired *out, double variance)
{
	double half = stat_t_quantile(0.975, out->n - 1) * sqrt(variance / (double)out->n);
	out->ci_low = out->difference - half;
	out->ci_high = out->difference + half;
}

int64_t stat_pairs(const double *a, const double *b, int64_t n, double *x, double *y, double *d)
{
	int64_t count = 0;
	for (int64_t i = 0; i < n; i++) {
		if (isnan(a[i]) || isnan(b[i]))
			continue;
		x[count] = a[i];
		y[count] = b[i];
		d[count++] = a[i] - b[i];
	}
	return count;
}

static void quantiles_set(double *x, int64_t n, double *p10, double *p50, double *p90)
{
	*p10 = stat_quantile(x, n, 0.1);
	*p50 = sorted_quantile(x, n, 0.5);
	*p90 = sorted_quantile(x, n, 0.9);
}

void stat_compare(const double *a, const double *b, int64_t n, struct stat_paired *out)
{
	double *x, *y, *d;
	*out = (struct stat_paired){0,   NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN,
				    NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
	MEM_NEW(x, 3 * n + 1, "a comparison");
	y = x + n;
	d = y + n;
	out->n = stat_pairs(a, b, n, x, y, d);
	if (out->n > 0) {
		double variance = stat_variance(d, out->n);
		double apart = stat_variance(x, out->n) + stat_variance(y, out->n);
		out->mean_a = stat_mean(x, out->n);
		out->mean_b = stat_mean(y, out->n);
		out->difference = stat_mean(d, out->n);
		out->correlation = stat_correlation(x, y, out->n);
		out->variance_ratio = apart > 0 ? variance / apart : NAN;
		out->reduction = variance > 0 ? apart / variance : NAN;
		if (out->n > 1)
			interval_set(out, variance);
		quantiles_set(d, out->n, &out->p10, &out->p50, &out->p90);
		quantiles_set(x, out->n, &out->a10, &out->a50, &out->a90);
		quantiles_set(y, out->n, &out->b10, &out->b50, &out->b90);
	}
	mem_free(x);
}
