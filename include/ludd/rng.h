/* Floor 0. Randomness: PCG32 (XSH-RR 64/32) and PCG64 (XSL-RR 128/64) as published by O'Neill
 * (2014, "PCG: A family of simple fast space-efficient statistically good algorithms for random
 * number generation", HMC-CS-2014-0905), and keyed draws built on them.
 *
 * A draw is a pure function of (seed, purpose, tick, agent, k): state AND stream of a PCG32 are
 * hashed from the first four, k counts its outputs. So no draw depends on which thread runs first,
 * and paired runs share their draws. (PCG streams numbered 0, 1, 2 ... are correlated; hashing both
 * words removes that: tests/test_rng.c shows both.) */
#ifndef LUDD_RNG_H
#define LUDD_RNG_H

#include "ludd/base.h"

struct pcg32 {
	uint64_t state, inc; /* inc is odd and chooses the stream */
};

#define PCG32_MULTIPLIER 6364136223846793005ULL

static inline uint32_t pcg32_output(uint64_t state)
{
	uint32_t x = (uint32_t)(((state >> 18) ^ state) >> 27);
	uint32_t rotation = (uint32_t)(state >> 59);
	return (x >> rotation) | (x << ((32 - rotation) & 31));
}

/* The next 32 bits. */
static inline uint32_t pcg32_next(struct pcg32 *g)
{
	uint64_t old = g->state;
	g->state = old * PCG32_MULTIPLIER + g->inc;
	return pcg32_output(old);
}

void pcg32_seed(struct pcg32 *g, uint64_t state, uint64_t sequence); /* the published srandom */
void pcg32_advance(struct pcg32 *g, uint64_t delta); /* delta steps (modulo 2^64) in O(log delta) */
uint32_t pcg32_bounded(struct pcg32 *g, uint32_t bound); /* [0, bound), bound >= 1; as published */

struct pcg64 {
	uint64_t state_high, state_low, inc_high, inc_low;
};
void pcg64_seed(struct pcg64 *g, uint64_t state_high, uint64_t state_low, uint64_t sequence_high,
		uint64_t sequence_low);
uint64_t pcg64_next(struct pcg64 *g);
void pcg64_advance(struct pcg64 *g, uint64_t delta_high, uint64_t delta_low);

/* What a draw is for. One line of purposes.def each; never a bare number. */
enum purpose {
#define PURPOSE(name, doc) DRAW_##name,
#include "ludd/purposes.def"
#undef PURPOSE
	DRAW_COUNT
};
const char *purpose_name(enum purpose p);

static inline uint64_t mix64(uint64_t z) /* Stafford's variant 13 finalizer of splitmix64 */
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

struct rng_key { /* (seed, purpose, tick), hashed once a loop */
	uint64_t state, stream;
};
struct rng_key rng_key(uint64_t seed, enum purpose purpose, int64_t tick);

/* The generator of one agent under a key. */
static inline struct pcg32 rng_agent(struct rng_key key, uint64_t agent)
{
	uint64_t a = (agent + 1) * 0x9e3779b97f4a7c15ULL;
	struct pcg32 g = {mix64(key.state ^ a), mix64(key.stream + a) | 1};
	return g;
}

/* The first output of rng_agent(key, agent), for loops where most agents need only that. */
static inline uint32_t rng_first(struct rng_key key, uint64_t agent)
{
	return pcg32_output(mix64(key.state ^ ((agent + 1) * 0x9e3779b97f4a7c15ULL)));
}

/* The generator after its first output was used. */
static inline struct pcg32 rng_after_first(struct rng_key key, uint64_t agent)
{
	struct pcg32 g = rng_agent(key, agent);
	pcg32_next(&g);
	return g;
}

static inline double rng_unit(struct pcg32 *g) /* [0, 1), steps of 2^-32 */
{
	return pcg32_next(g) * 0x1p-32;
}

/* A 32-bit output below this happens with chance p (to 2^-32); p <= 0 never, p >= 1 always. */
static inline uint64_t rng_threshold(double p)
{
	return p <= 0.0 ? 0 : p >= 1.0 ? (uint64_t)1 << 32 : (uint64_t)(p * 0x1p32);
}

/* rng_unit(g) < p as a test on the 32 bits alone: true if they are below this, the smallest whole
 * number not below p * 2^32. */
static inline uint64_t rng_limit(double p)
{
	uint64_t floor = rng_threshold(p);
	return floor + ((double)floor < p * 0x1p32 && p < 1.0);
}

/* Irwin-Hall of four: mean 0, standard deviation 1, range +-3.46; no logarithm, no root. */
static inline double rng_normal(struct pcg32 *g)
{
	double sum = rng_unit(g);
	sum += rng_unit(g);
	sum += rng_unit(g);
	sum += rng_unit(g);
	return (sum - 2.0) * 1.7320508075688772;
}

/* Uniform on [0, n), n >= 1; exact (Lemire 2019, "Fast random integer generation
 * in an interval"). */
static inline uint32_t rng_below(struct pcg32 *g, uint32_t n)
{
	uint64_t m = (uint64_t)pcg32_next(g) * n;
	if ((uint32_t)m < n) {
		uint32_t threshold = (uint32_t)(-n) % n;
		while ((uint32_t)m < threshold)
			m = (uint64_t)pcg32_next(g) * n;
	}
	return (uint32_t)(m >> 32);
}

/* Draw k of (seed, purpose, tick, agent): the long form, for single draws and tests. */
uint32_t rng_draw(uint64_t seed, enum purpose purpose, int64_t tick, uint64_t agent, uint64_t k);

/* The seed of replicate r of an experiment: hashed to 53 bits, so that experiments with seeds 1
 * and 2 do not share replicates and every seed survives a trip through JSON and CSV. */
uint64_t rng_replicate_seed(uint64_t experiment_seed, uint64_t replicate);

#endif
