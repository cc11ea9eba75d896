/* The floating-point environment is inherited: a library built for speed may have set the processor
 * to flush subnormal numbers when it was loaded, a calling process may have set the rounding. */
#include "ludd/float_check.h"

#include <float.h>

#ifdef __FAST_MATH__
#error "ludd cannot be built with fast-math: its results would differ between machines"
#endif
/* 1 (s390x) widens float alone, which the model does not use. */
_Static_assert(FLT_EVAL_METHOD == 0 || FLT_EVAL_METHOD == 1,
	       "doubles must be computed as doubles, not in wider registers");
_Static_assert(FLT_RADIX == 2 && DBL_MANT_DIG == 53 && DBL_MAX_EXP == 1024 &&
	       sizeof(double) == 8, "double must be the 64-bit format of IEEE 754");

/* Numbers the compiler cannot know, so that the processor computes. */
static const volatile double one = 1.0, half_step = 0x1p-53, smallest = 0x1p-1074,
			     smallest_normal = 0x1p-1022;

/* 1 + h and 1 + 3h lie midway between two doubles: to even means down, then up. */
static bool rounds_to_nearest(void)
{
	double x = one, h = half_step;
	volatile double down = x + h, up = x + 3.0 * h, below = -x - h;
	return down == 1.0 && up == 1.0 + 0x1p-51 && below == -1.0;
}

static bool keeps_subnormal_results(void)
{
	double x = smallest_normal;
	volatile double half = x * 0.5;
	return half > 0.0;
}

static bool keeps_subnormal_operands(void)
{
	double x = smallest;
	volatile double large = x * 0x1p1000;
	return large == 0x1p-74;
}

/* (1 + d)^2 - (1 + 2d) is 0 where the product is rounded first, and d^2 where it is not. */
static bool rounds_every_result(void)
{
	double d = half_step * 0x1p20, x = one + d, y = one + 2.0 * d;
	volatile double rest = x * x - y;
	return rest == 0.0;
}

int floats_checked(struct err *e)
{
	const char *why = !rounds_to_nearest()        ? "does not round to the nearest number"
			  : !keeps_subnormal_results()  ? "flushes subnormal results to zero"
			  : !keeps_subnormal_operands() ? "takes subnormal numbers for zero"
			  : !rounds_every_result() ? "does not round each product and each sum"
						   : NULL;
	if (!why)
		return 0;
	return err_set(e, EXIT_RESOURCE,
		       "this process %s, so results would differ from those of other machines; "
		       "look for a library (LD_PRELOAD) that changes the floating-point mode, or "
		       "for compiler flags that allow fast-math or contraction", why);
}
