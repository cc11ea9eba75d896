/* The PCG family as O'Neill (2014) publishes it, with her constants, and the keys of draws. */
#include "ludd/rng.h"

#include <assert.h>

__extension__ typedef unsigned __int128 wide;

/* A linear congruential generator jumps ahead by composing x -> x * multiplier + inc with itself
 * (Brown 1994, "Random number generation with arbitrary strides"): delta in O(log delta) steps. */
void pcg32_advance(struct pcg32 *g, uint64_t delta)
{
	uint64_t multiplier = PCG32_MULTIPLIER, plus = g->inc;
	uint64_t all_multiplier = 1, all_plus = 0;
	for (; delta; delta >>= 1) {
		if (delta & 1) {
			all_multiplier *= multiplier;
			all_plus = all_plus * multiplier + plus;
		}
		plus *= multiplier + 1;
		multiplier *= multiplier;
	}
	g->state = all_multiplier * g->state + all_plus;
}

void pcg32_seed(struct pcg32 *g, uint64_t state, uint64_t sequence)
{
	g->inc = (sequence << 1) | 1;
	g->state = (g->inc + state) * PCG32_MULTIPLIER + g->inc;
}

uint32_t pcg32_bounded(struct pcg32 *g, uint32_t bound)
{
	assert(bound > 0);
	uint32_t threshold = (uint32_t)-bound % bound;
	uint32_t x;
	do
		x = pcg32_next(g);
	while (x < threshold);
	return x % bound;
}

static wide wide_of(uint64_t high, uint64_t low)
{
	return (wide)high << 64 | low;
}

static wide pcg64_multiplier(void)
{
	return wide_of(2549297995355413924ULL, 4865540595714422341ULL);
}

static void pcg64_state_set(struct pcg64 *g, wide state)
{
	g->state_high = (uint64_t)(state >> 64);
	g->state_low = (uint64_t)state;
}

void pcg64_seed(struct pcg64 *g, uint64_t state_high, uint64_t state_low, uint64_t sequence_high,
		uint64_t sequence_low)
{
	wide inc = wide_of(sequence_high, sequence_low) << 1 | 1;
	g->inc_high = (uint64_t)(inc >> 64);
	g->inc_low = (uint64_t)inc;
	pcg64_state_set(g, (inc + wide_of(state_high, state_low)) * pcg64_multiplier() + inc);
}

uint64_t pcg64_next(struct pcg64 *g)
{
	wide inc = wide_of(g->inc_high, g->inc_low);
	pcg64_state_set(g, wide_of(g->state_high, g->state_low) * pcg64_multiplier() + inc);
	uint64_t x = g->state_high ^ g->state_low;
	uint64_t rotation = g->state_high >> 58;
	return (x >> rotation) | (x << ((64 - rotation) & 63));
}

void pcg64_advance(struct pcg64 *g, uint64_t delta_high, uint64_t delta_low)
{
	wide multiplier = pcg64_multiplier(), plus = wide_of(g->inc_high, g->inc_low);
	wide all_multiplier = 1, all_plus = 0;
	for (wide delta = wide_of(delta_high, delta_low); delta; delta >>= 1) {
		if (delta & 1) {
			all_multiplier *= multiplier;
			all_plus = all_plus * multiplier + plus;
		}
		plus *= multiplier + 1;
		multiplier *= multiplier;
	}
	pcg64_state_set(g, all_multiplier * wide_of(g->state_high, g->state_low) + all_plus);
}

const char *purpose_name(enum purpose p)
{
	static const char *const names[] = {
#define PURPOSE(name, doc) #name,
#include "ludd/purposes.def"
	};
	return names[p];
}

/* Each part passes through its own round of mix64, so that no two of them can trade places or
 * cancel. The two chains differ only in where they start: digits of pi (state), of e (stream). */
static uint64_t key_hash(uint64_t start, uint64_t seed, uint64_t purpose, uint64_t tick)
{
	uint64_t step = 0x9e3779b97f4a7c15ULL; /* 2^64 over the golden ratio, odd */
	uint64_t h = mix64(start + seed * step);
	h = mix64(h + (purpose + 1) * step);
	return mix64(h + tick * step);
}

struct rng_key rng_key(uint64_t seed, enum purpose purpose, int64_t tick)
{
	return (struct rng_key){
		key_hash(0x243f6a8885a308d3ULL, seed, purpose, (uint64_t)tick),
		key_hash(0xb7e151628aed2a6aULL, seed, purpose, (uint64_t)tick),
	};
}

uint32_t rng_draw(uint64_t seed, enum purpose purpose, int64_t tick, uint64_t agent, uint64_t k)
{
	struct pcg32 g = rng_agent(rng_key(seed, purpose, tick), agent);
	pcg32_advance(&g, k);
	return pcg32_next(&g);
}

uint64_t rng_replicate_seed(uint64_t experiment_seed, uint64_t replicate)
{
	return rng_key(experiment_seed, DRAW_replicate, (int64_t)replicate).state >> 11;
}
