"""The thin tick in vectorised NumPy, with the flows of thin_tick.c: bench/README.md.

Sums by firm are np.bincount's, which adds in double precision: exact as long as a firm's demand stays
below 2^53 mills.
"""
import numpy as np

from thin import (APPLICATIONS, APPLY, INITIAL_FIRM, INITIAL_PERSON, JOBLESS_AT_START, LOOK_BELOW,
                  MULTIPLIER, QUIT, QUIT_BELOW, SHOP, SHOP_AGAIN, STEP, WAGE, WAGE_LEAST, WAGE_MOST, key,
                  main)

U = np.uint64


def mix64(z):
    z ^= z >> U(30)
    z *= U(0xBF58476D1CE4E5B9)
    z ^= z >> U(27)
    z *= U(0x94D049BB133111EB)
    z ^= z >> U(31)
    return z


def output(state):
    x = (((state >> U(18)) ^ state) >> U(27)).astype(np.uint32)
    rotation = (state >> U(59)).astype(np.uint32)
    return x >> rotation | x << (-rotation & np.uint32(31))


def spread(number):
    """Of an agent's number, what its keys are mixed from."""
    return (number.astype(U) + U(1)) * U(STEP)


def draw_first(k, a):
    return output(mix64(U(k[0]) ^ a))


def draws(k, a, count):
    state, inc = mix64(U(k[0]) ^ a), mix64(U(k[1]) + a) | U(1)
    result = np.empty((count, len(a)), np.uint32)
    for i in range(count):
        result[i] = output(state)
        state = state * U(MULTIPLIER) + inc
    return result


def below(draw, n):
    """32 random bits as a number under n."""
    return (draw.astype(U) * U(n) >> U(32)).astype(np.int64)


def first_of_each(x):
    """Where a sorted array holds a value for the first time."""
    return np.flatnonzero(np.concatenate(([True], x[1:] != x[:-1])))


class World:
    # A person without employer has employer == firms, an entry more of wage and leave_below.
    def __init__(self, people, firms):
        self.people, self.firms = people, firms
        self.spread = spread(np.arange(people))
        jobless, employer, seller = draws(key(INITIAL_PERSON, 0), self.spread, 3)
        self.employer = np.where(jobless < JOBLESS_AT_START, firms, below(employer, firms))
        self.seller = below(seller, firms)
        self.cash = np.zeros(people, np.int64)
        wage, efficiency = draws(key(INITIAL_FIRM, 0), spread(np.arange(firms)), 2).astype(np.int64)
        self.wage = np.append(WAGE + (wage >> 12), 0)
        self.efficiency = 960 + (efficiency >> 25)
        self.staff = np.bincount(self.employer, minlength=firms + 1)[:firms]
        self.demand = self.staff * self.worth()
        self.employed = int(self.staff.sum())
        self.wage_bill = int((self.staff * self.wage[:firms]).sum())

    def worth(self):
        return self.wage[:-1] + self.wage[:-1] // 32

    def tick(self, tick):
        self.firms_plan()
        separations = self.people_leave(key(QUIT, tick))
        hires = self.market_clear(key(APPLY, tick))
        self.wages_adjust()
        demand = self.people_buy()
        self.sellers_compare(key(SHOP, tick), key(SHOP_AGAIN, tick))
        return separations, hires, self.employed, self.wage_bill, demand

    def firms_plan(self):
        self.wage[-1] = self.wage_bill // self.employed // 2 if self.employed else 0
        self.price = self.wage[:-1] * 1024 // self.efficiency
        self.wanted = self.demand // self.worth()
        surplus = np.maximum(0, self.staff - self.wanted)
        self.leave_below = np.append(QUIT_BELOW + (surplus << 30) // np.maximum(1, self.staff), 0)

    def people_leave(self, k):
        leavers = np.flatnonzero(draw_first(k, self.spread) < self.leave_below[self.employer])
        self.staff -= np.bincount(self.employer[leavers], minlength=self.firms)
        self.employer[leavers] = self.firms
        return len(leavers)

    def market_clear(self, k):
        self.vacancies = np.minimum(np.maximum(0, self.wanted - self.staff), self.staff // 8 + 1)
        vacancy_firm = np.repeat(np.arange(self.firms), self.vacancies)
        seekers = np.flatnonzero(self.employer == self.firms)
        if not len(vacancy_firm) or not len(seekers):
            return 0
        d = draws(k, self.spread[seekers], 2 * APPLICATIONS)
        target = below(d[:APPLICATIONS], len(vacancy_firm))
        mine = d[APPLICATIONS:].astype(U) << U(32) | seekers.astype(U)
        least = np.full(len(vacancy_firm), ~U(0))
        np.minimum.at(least, target, mine)
        chosen = least[target] == mine
        person = np.broadcast_to(seekers, target.shape)[chosen]
        firm = vacancy_firm[target[chosen]]
        # Of each person's offers the best paid, then that of the lower firm.
        order = np.lexsort((firm, -self.wage[firm], person))
        best = order[first_of_each(person[order])]
        person, firm = person[best], firm[best]
        self.employer[person] = firm
        hired = np.bincount(firm, minlength=self.firms)
        self.staff += hired
        self.vacancies -= hired
        return len(person)

    def wages_adjust(self):
        wage = self.wage[:-1]
        up = self.vacancies > 0
        down = ~up & (self.staff > self.wanted)
        self.wage[:-1] = np.clip(wage + up * (wage // 128) - down * (wage // 512), WAGE_LEAST, WAGE_MOST)

    def people_buy(self):
        income = self.wage[self.employer]
        self.employed = int(np.count_nonzero(self.employer < self.firms))
        self.wage_bill = int(income.sum()) - (self.people - self.employed) * int(self.wage[-1])
        self.cash += income
        budget = self.cash - (self.cash >> 3)
        self.cash >>= 3
        self.demand = np.bincount(self.seller, budget, self.firms).astype(np.int64)
        return int(budget.sum())

    def sellers_compare(self, look, whom):
        looking = np.flatnonzero(draw_first(look, self.spread) < LOOK_BELOW)
        other = self.seller[below(draw_first(whom, self.spread[looking]), self.people)]
        cheaper = self.price[other] < self.price[self.seller[looking]]
        self.seller[looking[cheaper]] = other[cheaper]

    def hash(self):
        def hashed(number, *values):
            h = mix64(number.astype(U) + U(1))
            for x in values:
                h = mix64(h + x.astype(U))
            return int(h.sum())

        return (hashed(np.arange(self.people), self.employer, self.seller, self.cash)
                + hashed(self.people + np.arange(self.firms), self.wage[:-1], self.staff, self.demand)
                ) & (1 << 64) - 1


if __name__ == "__main__":
    main(World)
