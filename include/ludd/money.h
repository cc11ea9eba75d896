/* Floor 0. Money: int64 mills (thousandths of the currency), never a fraction, never created.
 * Every payment goes through money_pay: what one account loses another gains. */
#ifndef LUDD_MONEY_H
#define LUDD_MONEY_H

#include "ludd/base.h"
#include "ludd/par.h"

#define MONEY_LIMIT ((int64_t)1 << 60) /* no amount and no account may reach it: the run stops */

struct money_fault { /* an amount that did not fit, of the lowest agent; agent < 0: none */
	int64_t agent;
	double amount;
	const char *what;
};

/* The whole mills in x, towards zero. An x that is no number or too large is reported in `fault`
 * and counts as 0; the tick's check then stops the run with agent and amount. */
int64_t money_floor(double x, struct money_fault *fault, int64_t agent, const char *what);

/* Inline for hot loops: the range test is one compare. */
static inline int64_t mills(double x, struct money_fault *fault, int64_t agent, const char *what)
{
	if (x > -0x1p60 && x < 0x1p60)
		return (int64_t)x;
	return money_floor(x, fault, agent, what);
}

/* Accounts that only one row touches in the loop at hand. */
static inline void money_pay(int64_t *from, int64_t *to, int64_t amount)
{
	*from -= amount;
	*to += amount;
}

/* Empties one account into another: how a block's sums reach the ledger. */
static inline int64_t money_drain(int64_t *from, int64_t *to)
{
	int64_t amount = *from;
	money_pay(from, to, amount);
	return amount;
}

/* A loan makes a deposit and a debt of one size, repayment unmakes both: net positions stay. */
static inline void money_lend(int64_t *deposit, int64_t *loan, int64_t amount)
{
	*deposit += amount;
	*loan += amount;
}

/* Splits `total` over n weights so that the parts add up to it exactly: part i is
 * floor(total * W(i+1) / W) - floor(total * W(i) / W), W(i) the sum of the weights before i. All
 * weights >= 0; with all 0 everything goes to row 0. */
void money_apportion(int64_t total, const int64_t *weight, int64_t n, int64_t *part, int threads);

#endif
