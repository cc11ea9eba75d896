#include "ludd/vector.h"

#include <stdlib.h>
#include <string.h>

enum vector_level vector_level = VECTOR_NONE;

static enum vector_level best_here(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
	__builtin_cpu_init();
	if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
	    __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
	    __builtin_cpu_supports("avx512cd"))
		return VECTOR_AVX512;
	if (__builtin_cpu_supports("avx2"))
		return VECTOR_AVX2;
#endif
	return VECTOR_NONE;
}

void vector_limit(enum vector_level most)
{
	enum vector_level best = best_here();
	vector_level = best < most ? best : most;
}

__attribute__((constructor)) static void vector_start(void)
{
	const char *limit = getenv("LUDD_VECTORS");

	if (limit && !strcmp(limit, "none"))
		vector_limit(VECTOR_NONE);
	else if (limit && !strcmp(limit, "avx2"))
		vector_limit(VECTOR_AVX2);
	else
		vector_limit(VECTOR_AVX512);
}
