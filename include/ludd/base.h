/* Floor 0. Plain types and what every file uses. */
#ifndef LUDD_BASE_H
#define LUDD_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LUDD_VERSION "0.1.0"
#define LUDD_MODEL_VERSION 1 /* rises whenever the same experiment gives other numbers */

#define LENGTH(a) ((int)(sizeof(a) / sizeof((a)[0])))

static inline double clamp(double x, double low, double high)
{
	return x < low ? low : x > high ? high : x;
}
static inline double larger(double a, double b) { return a > b ? a : b; }
static inline double smaller(double a, double b) { return a < b ? a : b; }
static inline int64_t smaller_i64(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t larger_i64(int64_t a, int64_t b) { return a > b ? a : b; }

/* A count of months that stops at what 16 bits hold. */
static inline uint16_t month_more(uint16_t months)
{
	return (uint16_t)(months + (months < UINT16_MAX));
}

/* condition ? a : b in hot loops whose condition no processor could foresee: written without a
 * branch. */
static inline int64_t either_i64(bool condition, int64_t a, int64_t b)
{
	return b ^ ((a ^ b) & -(int64_t)condition);
}

/* Asks for memory that will be read or written soon. */
static inline void fetch(const void *p)
{
	__builtin_prefetch(p);
}

/* The same for `count` entries of an array of `size` from `first` on, as far as there are some; a
 * macro, because compilers drop calls of functions that do nothing else. */
#define FETCH_ROWS(array, first, count, size)                                               \
	for (int64_t row_ = (first), end_ = smaller_i64(row_ + (count), size); row_ < end_; \
	     row_ += (int64_t)(64 / sizeof(*(array))))                                      \
	fetch(&(array)[row_])

#endif
