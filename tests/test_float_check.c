/* A process that does not compute with doubles as IEEE 754 has it is found out. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <fenv.h>
#include <string.h>

#include "ludd/float_check.h"

#ifdef __SSE2__
#include <xmmintrin.h>
enum { FLUSH_RESULTS = 0x8000, FLUSH_OPERANDS = 0x0040 };

static int checked_with_mode(unsigned bits, struct err *e)
{
	unsigned mode = _mm_getcsr();
	int result;
	_mm_setcsr(mode | bits);
	result = floats_checked(e);
	_mm_setcsr(mode);
	return result;
}
#elif defined(__aarch64__)
enum { FLUSH_RESULTS = 1 << 24, FLUSH_OPERANDS = 1 << 24 };

static int checked_with_mode(uint64_t bits, struct err *e)
{
	uint64_t mode;
	int result;
	__asm__ volatile("mrs %0, fpcr" : "=r"(mode));
	__asm__ volatile("msr fpcr, %0" : : "r"(mode | bits));
	result = floats_checked(e);
	__asm__ volatile("msr fpcr, %0" : : "r"(mode));
	return result;
}
#else
enum { FLUSH_RESULTS = 0, FLUSH_OPERANDS = 0 };

static int checked_with_mode(unsigned bits, struct err *e)
{
	(void)bits;
	(void)e;
	skip(); /* no such mode is known here */
	return 0;
}
#endif

static void the_usual_mode_is_fine(void **state)
{
	(void)state;
	struct err e = {0};
	assert_int_equal(floats_checked(&e), 0);
	assert_int_equal(e.code, EXIT_DONE);
}

static void other_roundings_are_refused(void **state)
{
	(void)state;
	static const int modes[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
	for (int i = 0; i < LENGTH(modes); i++) {
		struct err e = {0};
		int result;
		assert_int_equal(fesetround(modes[i]), 0);
		result = floats_checked(&e);
		fesetround(FE_TONEAREST);
		assert_int_equal(result, -1);
		assert_int_equal(e.code, EXIT_RESOURCE);
		assert_non_null(strstr(e.text, "round"));
	}
}

static void flushing_results_is_refused(void **state)
{
	(void)state;
	struct err e = {0};
	assert_int_equal(checked_with_mode(FLUSH_RESULTS, &e), -1);
	assert_int_equal(e.code, EXIT_RESOURCE);
	assert_non_null(strstr(e.text, "flushes"));
}

static void flushing_operands_is_refused(void **state)
{
	(void)state;
	struct err e = {0};
	assert_int_equal(checked_with_mode(FLUSH_OPERANDS, &e), -1);
	assert_int_equal(e.code, EXIT_RESOURCE);
	assert_non_null(strstr(e.text, "zero"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_usual_mode_is_fine),
		cmocka_unit_test(other_roundings_are_refused),
		cmocka_unit_test(flushing_results_is_refused),
		cmocka_unit_test(flushing_operands_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
