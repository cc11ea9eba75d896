/* Floor 0. Loops built several times: for what every processor of an architecture has, and on
 * x86-64 also for AVX2 and AVX-512, chosen when the program runs. The loop is plain C, written so
 * that compilers vectorise it; all versions do the same operations on each row, so they give the
 * same bits. A file that uses it defines
 *   VECTOR_BODY sum_body(int n, const int *x, ...) { ... }
 *   VECTOR_VERSIONS(sum, (int n, const int *x, ...), n, x, ...)
 * and calls VECTOR_CALL(sum, n, x, ...). Where the AVX-512 version is written by hand, it is called
 * sum_avx512, and VECTOR_LOWER_VERSIONS makes the others. */
#ifndef LUDD_VECTOR_H
#define LUDD_VECTOR_H

#include "ludd/base.h"

enum vector_level { VECTOR_NONE, VECTOR_AVX2, VECTOR_AVX512 };
/* The best version this processor can run and the variable LUDD_VECTORS (none, avx2) and
 * vector_limit allow; set before main begins. */
extern enum vector_level vector_level;
void vector_limit(enum vector_level most); /* not while loops run */

#define VECTOR_BODY static inline __attribute__((always_inline)) void

/* Before a loop over rows each of which touches its own row of columns only: gcc then vectorises it
 * without asking whether columns overlap. */
#if defined(__GNUC__) && !defined(__clang__)
#define VECTOR_ROWS _Pragma("GCC ivdep")
#else
#define VECTOR_ROWS
#endif

#define VECTOR_PLAIN(name, parameters, ...)   \
	static void name##_plain parameters   \
	{                                     \
		name##_body(__VA_ARGS__);     \
	}

#if defined(__x86_64__) && defined(__GNUC__)
/* Before a function that may use AVX-512; defined where there is any. */
#define AVX512 __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx512cd")))
#define VECTOR_LOWER_VERSIONS(name, parameters, ...)                       \
	VECTOR_PLAIN(name, parameters, __VA_ARGS__)                        \
	__attribute__((target("avx2"))) static void name##_avx2 parameters \
	{                                                                  \
		name##_body(__VA_ARGS__);                                  \
	}
#define VECTOR_VERSIONS(name, parameters, ...)                                         \
	VECTOR_LOWER_VERSIONS(name, parameters, __VA_ARGS__)                           \
	AVX512 static void name##_avx512 parameters                                    \
	{                                                                              \
		name##_body(__VA_ARGS__);                                              \
	}
#define VECTOR_CALL(name, ...)                               \
	do {                                                 \
		if (vector_level == VECTOR_AVX512)           \
			name##_avx512(__VA_ARGS__);          \
		else if (vector_level == VECTOR_AVX2)        \
			name##_avx2(__VA_ARGS__);            \
		else                                         \
			name##_plain(__VA_ARGS__);           \
	} while (0)
#else
#define VECTOR_LOWER_VERSIONS(name, parameters, ...) VECTOR_PLAIN(name, parameters, __VA_ARGS__)
#define VECTOR_VERSIONS(name, parameters, ...) VECTOR_PLAIN(name, parameters, __VA_ARGS__)
#define VECTOR_CALL(name, ...) name##_plain(__VA_ARGS__)
#endif

#endif
