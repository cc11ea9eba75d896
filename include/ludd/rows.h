/* Floor 0. Picks rows of a chunk, and values by row, without a branch on what no processor could
 * foresee. */
#ifndef LUDD_ROWS_H
#define LUDD_ROWS_H

#include "ludd/base.h"

enum { ROWS_SLACK = 16 }; /* entries behind the last of row[] that may be overwritten */

/* The numbers i of 0 .. n-1 with flag[i] set, in order, n <= 65536; flags are 0 or 1. Tells how
 * many. row[] has room for n + ROWS_SLACK. */
int rows_where(const uint8_t *flag, int n, uint16_t *row);

/* The same for draw[i] < below. */
int rows_below(const uint32_t *draw, uint64_t below, int n, uint16_t *row);

/* The same for money[i] != 0. */
int rows_left(const int64_t *money, int n, uint16_t *row);

/* The same for at[i] == NO_ROW. */
#define NO_ROW UINT32_MAX
int rows_without(const uint32_t *at, int n, uint16_t *row);

/* The same for (word[i] & mask) == value. */
int rows_matching(const uint64_t *word, uint64_t mask, uint64_t value, int n, uint16_t *row);

/* The numbers or words from[i] themselves with flag[i] set, in order; to[] has room for n +
 * ROWS_SLACK and may be from[]. Tells how many. */
int rows_kept(const uint8_t *flag, const uint32_t *from, int n, uint32_t *to);
int words_kept(const uint8_t *flag, const uint64_t *from, int n, uint64_t *to);

/* to[i] = table[stride * at[i]], 0 where at[i] is NO_ROW; else stride * at[i] is below 2^31. */
void rows_take(const double *table, int stride, const uint32_t *at, int n, double *to);

/* The sum of the money[i] with flag[i] set; flags are 0 or 1. */
int64_t rows_sum(const uint8_t *flag, const int64_t *money, int n);

#endif
