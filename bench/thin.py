"""What the two Python forms of the thin tick share: constants, keys of draws, the program around a world.

bench/README.md states the tick; the keys are those of include/ludd/rng.h.
"""
import sys
import time

SEED = 1
PEOPLE_PER_FIRM = 20
APPLICATIONS = 3
WAGE = 3_000_000  # mills a month, at the start
WAGE_LEAST, WAGE_MOST = 1 << 10, 1 << 32
JOBLESS_AT_START = 1 << 28  # of 2^32: one in 16
QUIT_BELOW = 1 << 26  # one in 64
LOOK_BELOW = 1 << 27  # one in 32

# Places in include/ludd/purposes.def.
INITIAL_PERSON, INITIAL_FIRM, QUIT, APPLY, SHOP, SHOP_AGAIN = 0, 1, 10, 11, 15, 16

MASK = (1 << 64) - 1
STEP = 0x9E3779B97F4A7C15
MULTIPLIER = 6364136223846793005


def mix64(z):
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
    return z ^ (z >> 31)


def key(purpose, tick):
    """State and stream shared by the draws of all agents for one purpose in one tick."""

    def chain(start):
        h = mix64((start + SEED * STEP) & MASK)
        h = mix64((h + (purpose + 1) * STEP) & MASK)
        return mix64((h + tick * STEP) & MASK)

    return chain(0x243F6A8885A308D3), chain(0xB7E151628AED2A6A)


def main(World):
    if len(sys.argv) != 5:
        sys.exit(f"usage: {sys.argv[0]} PEOPLE WARM_UP TICKS FLOWS")
    people, warm_up, ticks = map(int, sys.argv[1:4])
    world = World(people, people // PEOPLE_PER_FIRM)
    seconds = 0.0
    with open(sys.argv[4], "w", encoding="ascii") as file:
        file.write("tick,separations,hires,employed,wage_bill,demand\n")
        for t in range(warm_up + ticks):
            start = time.perf_counter()
            flows = world.tick(t)
            if t >= warm_up:
                seconds += time.perf_counter() - start
            file.write(",".join(map(str, (t + 1, *flows))) + "\n")
        file.write(f"hash,{world.hash():016x}\n")
    print(f"{seconds:.9f}")
