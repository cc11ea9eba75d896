"""The thin tick in plain Python objects, with the flows of thin_tick.c: bench/README.md."""
from thin import (APPLICATIONS, APPLY, INITIAL_FIRM, INITIAL_PERSON, JOBLESS_AT_START, LOOK_BELOW, MASK,
                  MULTIPLIER, QUIT, QUIT_BELOW, SHOP, SHOP_AGAIN, STEP, WAGE, WAGE_LEAST, WAGE_MOST, key,
                  main, mix64)


def output(state):
    x = ((state >> 18) ^ state) >> 27 & 0xFFFFFFFF
    rotation = state >> 59
    return (x >> rotation | x << (32 - rotation)) & 0xFFFFFFFF


def draw_first(k, agent):
    return output(mix64(k[0] ^ (agent + 1) * STEP & MASK))


def draws(k, agent, count):
    a = (agent + 1) * STEP & MASK
    state, inc = mix64(k[0] ^ a), mix64((k[1] + a) & MASK) | 1
    for _ in range(count):
        yield output(state)
        state = (state * MULTIPLIER + inc) & MASK


class Firm:
    def __init__(self, number, k):
        wage, efficiency = draws(k, number, 2)
        self.number = number
        self.wage = WAGE + (wage >> 12)
        self.efficiency = 960 + (efficiency >> 25)
        self.staff = 0
        self.demand = 0
        self.vacancies = 0

    def worth(self):
        return self.wage + self.wage // 32

    def plan(self):
        self.price = self.wage * 1024 // self.efficiency
        self.wanted = self.demand // self.worth()
        surplus = max(0, self.staff - self.wanted)
        self.leave_below = QUIT_BELOW + (surplus << 30) // max(1, self.staff)
        self.demand = 0

    def vacancies_open(self):
        self.vacancies = min(max(0, self.wanted - self.staff), self.staff // 8 + 1)

    def wage_adjust(self):
        if self.vacancies > 0:
            self.wage += self.wage // 128
        elif self.staff > self.wanted:
            self.wage -= self.wage // 512
        self.wage = min(WAGE_MOST, max(WAGE_LEAST, self.wage))


class Person:
    def __init__(self, number, k, firms):
        jobless, employer, seller = draws(k, number, 3)
        self.number = number
        self.cash = 0
        self.employer = None
        self.seller = firms[seller * len(firms) >> 32]
        if jobless >= JOBLESS_AT_START:
            self.join(firms[employer * len(firms) >> 32])

    def join(self, firm):
        self.employer = firm
        firm.staff += 1

    def leave(self):
        self.employer.staff -= 1
        self.employer = None


class Vacancy:
    def __init__(self, firm):
        self.firm = firm
        self.least = None  # lot and number of the applicant chosen

    def apply(self, lot, person):
        if self.least is None or (lot, person.number) < self.least:
            self.least = lot, person.number


class World:
    def __init__(self, people, firms):
        k = key(INITIAL_FIRM, 0)
        self.firms = [Firm(j, k) for j in range(firms)]
        k = key(INITIAL_PERSON, 0)
        self.people = [Person(i, k, self.firms) for i in range(people)]
        for firm in self.firms:
            firm.demand = firm.staff * firm.worth()
        self.employed = sum(firm.staff for firm in self.firms)
        self.wage_bill = sum(firm.staff * firm.wage for firm in self.firms)

    def tick(self, tick):
        self.benefit = self.wage_bill // self.employed // 2 if self.employed else 0
        for firm in self.firms:
            firm.plan()
        separations = self.people_leave(key(QUIT, tick))
        hires = self.market_clear(key(APPLY, tick))
        for firm in self.firms:
            firm.wage_adjust()
        demand = self.people_buy()
        self.sellers_compare(key(SHOP, tick), key(SHOP_AGAIN, tick))
        return separations, hires, self.employed, self.wage_bill, demand

    def people_leave(self, k):
        separations = 0
        for person in self.people:
            if person.employer and draw_first(k, person.number) < person.employer.leave_below:
                person.leave()
                separations += 1
        return separations

    def market_clear(self, k):
        vacancies = []
        for firm in self.firms:
            firm.vacancies_open()
            vacancies += [Vacancy(firm) for _ in range(firm.vacancies)]
        if not vacancies:
            return 0
        applications = []
        for person in self.people:
            if person.employer is None:
                d = list(draws(k, person.number, 2 * APPLICATIONS))
                to = [vacancies[x * len(vacancies) >> 32] for x in d[:APPLICATIONS]]
                for vacancy, lot in zip(to, d[APPLICATIONS:]):
                    vacancy.apply(lot, person)
                applications.append((person, to))
        hires = 0
        for person, to in applications:
            offers = [v.firm for v in to if v.least[1] == person.number]
            if offers:
                firm = min(offers, key=lambda firm: (-firm.wage, firm.number))
                person.join(firm)
                firm.vacancies -= 1
                hires += 1
        return hires

    def people_buy(self):
        self.employed = self.wage_bill = demand = 0
        for person in self.people:
            if person.employer:
                person.cash += person.employer.wage
                self.employed += 1
                self.wage_bill += person.employer.wage
            else:
                person.cash += self.benefit
            budget = person.cash - person.cash // 8
            person.cash -= budget
            person.seller.demand += budget
            demand += budget
        return demand

    def sellers_compare(self, look, whom):
        changes = []
        for person in self.people:
            if draw_first(look, person.number) < LOOK_BELOW:
                other = self.people[draw_first(whom, person.number) * len(self.people) >> 32]
                if other.seller.price < person.seller.price:
                    changes.append((person, other.seller))
        for person, seller in changes:
            person.seller = seller

    def hash(self):
        def hashed(number, *values):
            h = mix64(number + 1)
            for x in values:
                h = mix64((h + x) & MASK)
            return h

        people, firms = len(self.people), len(self.firms)
        total = sum(hashed(p.number, p.employer.number if p.employer else firms, p.seller.number, p.cash)
                    for p in self.people)
        total += sum(hashed(people + f.number, f.wage, f.staff, f.demand) for f in self.firms)
        return total & MASK


if __name__ == "__main__":
    main(World)
