/* Floor 0. Whether this process computes with doubles as IEEE 754 has it: the promise of the same
 * bits on every machine rests on that. */
#ifndef LUDD_FLOAT_CHECK_H
#define LUDD_FLOAT_CHECK_H

#include "ludd/err.h"

/* 0, or -1 (EXIT_RESOURCE) and a sentence: rounds another way than to the nearest even, flushes
 * subnormal results or operands to zero, keeps more digits than a double has, or fuses a product
 * and a sum. Judged by results, so it holds for every compiler and processor; threads started later
 * inherit the mode. */
int floats_checked(struct err *e);

#endif
