/* Hartigan's dip: the largest distance between the distribution of a sample and the nearest
 * distribution with one mode (Hartigan and Hartigan 1985, The Annals of Statistics 13(1), 70-84),
 * which has a convex part, then its mode, then a concave part. */
#include <math.h>

#include "ludd/mem.h"
#include "ludd/statistics.h"

struct steps { /* the distribution of a sample */
	double *at, *below, *upto; /* distinct values; how many lie below, and up to each */
	double *minorant, *majorant; /* hulls at each value: convex of `below`, concave of `upto` */
	int64_t *low_corners, *high_corners, low_count, high_count;
	int64_t count;
};

static void steps_new(struct steps *s, int64_t n)
{
	MEM_NEW(s->at, 5 * n, "a dip");
	s->below = s->at + n;
	s->upto = s->below + n;
	s->minorant = s->upto + n;
	s->majorant = s->minorant + n;
	MEM_NEW(s->low_corners, 2 * n, "a dip");
	s->high_corners = s->low_corners + n;
}

static void steps_free(struct steps *s)
{
	mem_free(s->at);
	mem_free(s->low_corners);
}

static void steps_fill(struct steps *s, double *x, int64_t n)
{
	stat_sort(x, n);
	s->count = 0;
	for (int64_t i = 0; i < n; i++) {
		if (i == 0 || x[i] > x[i - 1]) {
			s->at[s->count] = x[i];
			s->below[s->count++] = (double)i;
		}
		s->upto[s->count - 1] = (double)(i + 1);
	}
}

/* Corners of the hull of (x, y) over low .. high, and its height at every x between. A sign of 1
 * gives the greatest convex minorant, -1 the least concave majorant. */
static int64_t hull_fill(const double *x, const double *y, double sign, int64_t low, int64_t high,
			 int64_t *corner, double *height)
{
	int64_t n = 0;
	for (int64_t i = low; i <= high; i++) {
		for (; n > 1; n--) {
			int64_t a = corner[n - 2], b = corner[n - 1];
			double bend = (y[i] - y[b]) * (x[b] - x[a]) - (y[b] - y[a]) * (x[i] - x[b]);
			if (sign * bend > 0)
				break;
		}
		corner[n++] = i;
	}
	for (int64_t k = 1; k < n; k++) {
		int64_t a = corner[k - 1], b = corner[k];
		for (int64_t i = a; i < b; i++)
			height[i] = y[a] + (y[b] - y[a]) * ((x[i] - x[a]) / (x[b] - x[a]));
	}
	height[high] = y[high];
	return n;
}

static void hulls_fill(struct steps *s, int64_t low, int64_t high)
{
	s->low_count = hull_fill(s->at, s->below, 1, low, high, s->low_corners, s->minorant);
	s->high_count = hull_fill(s->at, s->upto, -1, low, high, s->high_corners, s->majorant);
}

/* The corner at which the hulls are widest apart. Their distance is concave, so no other place is
 * wider; with rounding one could seem so. */
static int64_t widest_corner(const struct steps *s)
{
	int64_t at = s->low_corners[0];
	for (int64_t k = 0; k < s->low_count + s->high_count; k++) {
		int64_t i = k < s->low_count ? s->low_corners[k]
					     : s->high_corners[k - s->low_count];
		if (s->majorant[i] - s->minorant[i] > s->majorant[at] - s->minorant[at])
			at = i;
	}
	return at;
}

/* The mode lies where the hulls are widest apart: between the last corner of the convex one and
 * the first of the concave one. Outside, the distance to the hulls counts; inside, the same again
 * on the shorter interval, until the hulls there are no further apart than what was found.
 * Distances are twice the dip, in observations. */
static double steps_dip(struct steps *s)
{
	double dip = 1;
	int64_t low = 0, high = s->count - 1;
	while (low < high) {
		int64_t left = 0, right, widest;
		hulls_fill(s, low, high);
		widest = widest_corner(s);
		if (s->majorant[widest] - s->minorant[widest] <= dip)
			break;
		while (left + 1 < s->low_count && s->low_corners[left + 1] <= widest)
			left++;
		right = s->high_count - 1;
		while (right > 0 && s->high_corners[right - 1] >= widest)
			right--;
		for (; low < s->low_corners[left]; low++)
			dip = larger(dip, s->upto[low] - s->minorant[low]);
		for (; high > s->high_corners[right]; high--)
			dip = larger(dip, s->majorant[high] - s->below[high]);
	}
	return dip;
}

double stat_dip(double *x, int64_t n)
{
	struct steps s;
	if (n < 1)
		return NAN;
	steps_new(&s, n);
	steps_fill(&s, x, n);
	double dip = steps_dip(&s) / (2 * (double)n);
	steps_free(&s);
	return dip;
}
