/* design_print METHOD AXES POINTS [INDICES]: a design as CSV, unscrambled; with INDICES ("yes") the
 * g-function's output in a last column, and after an empty line a line of estimates for each axis.
 * The oracles compare it with packaged implementations. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/sensitivity.h"

static double g_function(const double *x, int n)
{
	double y = 1;
	for (int i = 0; i < n; i++)
		y *= (fabs(4 * x[i] - 2) + i) / (1 + i);
	return y;
}

static int indices_print(const struct design *d, const double *y, struct err *e)
{
	struct bootstrap b = {2, 0.95, 1};
	if (d->method == DESIGN_MORRIS) {
		struct morris_effect *m;
		MEM_NEW(m, d->dimensions, "effects");
		if (sensitivity_morris(d, y, 1, &b, m, e))
			return -1;
		for (int i = 0; i < d->dimensions; i++)
			printf("%.17g,%.17g,%.17g\n", m[i].mu.value, m[i].mu_star.value,
			       m[i].sigma.value);
		mem_free(m);
	} else if (d->method == DESIGN_SALTELLI) {
		struct sobol_index *s;
		MEM_NEW(s, d->dimensions, "indices");
		if (sensitivity_sobol(d, y, 1, &b, s, e))
			return -1;
		for (int i = 0; i < d->dimensions; i++)
			printf("%.17g,%.17g\n", s[i].first.value, s[i].total.value);
		mem_free(s);
	}
	return 0;
}

int main(int argc, char **argv)
{
	static const char *const names[] = {"latin_hypercube", "sobol", "saltelli", "morris"};
	int method = 0;
	while (argc > 3 && method < LENGTH(names) && strcmp(argv[1], names[method]) != 0)
		method++;
	if (argc < 4 || method == LENGTH(names)) {
		fprintf(stderr, "usage: design_print METHOD AXES POINTS [INDICES]\n");
		return EXIT_USAGE;
	}
	struct design_request q = {(enum design_method)method, atoi(argv[2]), atoll(argv[3]), 0,
				   false, 1};
	struct design d;
	struct err e = {0};
	if (design_make(&d, &q, &e)) {
		fprintf(stderr, "%s\n", e.text);
		return (int)e.code;
	}
	double *y;
	MEM_NEW(y, d.rows, "outputs");
	for (int64_t row = 0; row < d.rows; row++) {
		const double *x = design_row(&d, row);
		y[row] = g_function(x, d.dimensions);
		for (int i = 0; i < d.dimensions; i++)
			printf("%s%.17g", i ? "," : "", x[i]);
		if (argc > 4)
			printf(",%.17g", y[row]);
		printf("\n");
	}
	if (argc > 4) {
		printf("\n");
		if (indices_print(&d, y, &e)) {
			fprintf(stderr, "%s\n", e.text);
			return (int)e.code;
		}
	}
	mem_free(y);
	design_free(&d);
	return 0;
}
