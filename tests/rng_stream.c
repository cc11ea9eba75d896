/* Writes the keyed draws as raw 32-bit words for statistical batteries, in the order in which the
 * model would meet them: agents fastest, a few draws each, then ticks, then purposes, then seeds.
 * Usage: rng_stream [FIRST_SEED [WORDS]]; without WORDS it writes until the reader has enough. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "ludd/rng.h"

enum { AGENTS = 1000, DRAWS = 3, TICKS = 24 };

static uint64_t words_left = UINT64_MAX;

static bool tick_written(uint64_t seed, enum purpose purpose, int64_t tick)
{
	static uint32_t words[AGENTS * DRAWS];
	struct rng_key key = rng_key(seed, purpose, tick);
	for (uint64_t agent = 0; agent < AGENTS; agent++) {
		struct pcg32 g = rng_agent(key, agent);
		for (uint64_t k = 0; k < DRAWS; k++)
			words[agent * DRAWS + k] = pcg32_next(&g);
	}
	size_t n = words_left < AGENTS * DRAWS ? (size_t)words_left : AGENTS * DRAWS;
	words_left -= n;
	return fwrite(words, sizeof(*words), n, stdout) == n && words_left > 0;
}

static bool seed_written(uint64_t seed)
{
	for (int purpose = 0; purpose < DRAW_COUNT; purpose++)
		for (int64_t tick = 0; tick < TICKS; tick++)
			if (!tick_written(seed, (enum purpose)purpose, tick))
				return false;
	return true;
}

int main(int count, char **words)
{
	uint64_t seed = count > 1 ? strtoull(words[1], NULL, 10) : 1;
	if (count > 2)
		words_left = strtoull(words[2], NULL, 10);
	while (words_left && seed_written(seed))
		seed++;
	return 0;
}
