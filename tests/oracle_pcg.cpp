/* Oracle: the C generators against the reference library (pcg_random.hpp, Debian libpcg-cpp-dev).
 * Build: c++ -std=c++17 -Iinclude tests/oracle_pcg.cpp rng.o */
#include <pcg_random.hpp>

#include <cstdint>
#include <cstdio>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

namespace ludd { /* both declare a pcg32 */
extern "C" {
#include "ludd/rng.h"
}
}

static long passed, failed;

static void check(bool same, const char *what, std::uint64_t i)
{
	(same ? passed : failed)++;
	if (!same && failed <= 10)
		std::fprintf(stderr, "oracle_pcg: %s differs at %llu\n", what, (unsigned long long)i);
}

static pcg_extras::pcg128_t wide(std::uint64_t high, std::uint64_t low)
{
	return (pcg_extras::pcg128_t(high) << 64) | low;
}

/* Deltas of every size: single bits, their complements, and hashed ones. */
static std::uint64_t delta_of(std::uint64_t i)
{
	std::uint64_t bit = std::uint64_t(1) << i % 64;
	return i < 64 ? bit : i < 128 ? ~bit : ludd::mix64(i) >> i % 64;
}

static void pcg32_compare(std::uint64_t state, std::uint64_t sequence, int draws)
{
	ludd::pcg32 ours;
	pcg32 theirs(state, sequence);
	ludd::pcg32_seed(&ours, state, sequence);
	for (int i = 0; i < draws; i++)
		check(ludd::pcg32_next(&ours) == theirs(), "pcg32", i);
	for (std::uint64_t i = 0; i < 1000; i++) {
		ludd::pcg32_advance(&ours, delta_of(i));
		theirs.advance(delta_of(i));
		check(ludd::pcg32_next(&ours) == theirs(), "pcg32 advance", i);
		std::uint32_t bound = std::uint32_t(ludd::mix64(i) >> (32 + i % 32)) | 1;
		check(ludd::pcg32_bounded(&ours, bound) == theirs(bound), "pcg32 bounded", i);
	}
}

static void pcg64_compare(std::uint64_t state, std::uint64_t sequence, int draws)
{
	std::uint64_t state_low = ludd::mix64(state), sequence_low = ludd::mix64(sequence);
	ludd::pcg64 ours;
	pcg64 theirs(wide(state, state_low), wide(sequence, sequence_low));
	ludd::pcg64_seed(&ours, state, state_low, sequence, sequence_low);
	for (int i = 0; i < draws; i++)
		check(ludd::pcg64_next(&ours) == theirs(), "pcg64", i);
	for (std::uint64_t i = 0; i < 1000; i++) {
		ludd::pcg64_advance(&ours, delta_of(i + 77), delta_of(i));
		theirs.advance(wide(delta_of(i + 77), delta_of(i)));
		check(ludd::pcg64_next(&ours) == theirs(), "pcg64 advance", i);
	}
}

int main()
{
	pcg32_compare(42, 54, 1 << 20);
	pcg64_compare(42, 54, 1 << 20);
	for (std::uint64_t i = 0; i < 100; i++) {
		pcg32_compare(ludd::mix64(i), ludd::mix64(~i), 1000);
		pcg64_compare(ludd::mix64(i), ludd::mix64(~i), 1000);
	}
	std::printf("%ld passed, %ld failed\n", passed, failed);
	return failed != 0;
}
