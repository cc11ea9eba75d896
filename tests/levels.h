/* Every version of the vectorised loops that this processor can run, the plain one first. */
#ifndef LEVELS_H
#define LEVELS_H

#include "ludd/vector.h"

static inline bool level_runs(enum vector_level level)
{
	vector_limit(level);
	return vector_level == level;
}

#define LEVELS(level)                                                                    \
	for (enum vector_level level = VECTOR_NONE; level <= VECTOR_AVX512; level++)     \
		if (level_runs(level))

#endif
