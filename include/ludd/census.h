/* Floor 1. What is counted at the end of a tick: the only input of the metrics. Money in mills,
 * flows a month; reals in the unit named. */
#ifndef LUDD_CENSUS_H
#define LUDD_CENSUS_H

#include "ludd/base.h"

enum { CENSUS_POLICIES = 32 };

struct flows { /* money that changed hands this tick, mills; cleared when a tick starts */
	int64_t consumption_core, consumption_periphery, consumption_owners, purchases;
	int64_t investment; /* machines and AI machines */
	int64_t data_labour; /* paid to contractors; investment too */
	int64_t wages, wages_periphery, wage_tax, profit_tax, levy, training;
	int64_t benefits, basic_income, fund_dividend;
	int64_t interest, interest_state, dividends, bank_dividend;
	int64_t equity, scrap, liquidation, written_off, lent, repaid;
};

struct heads { /* people and posts counted this tick */
	int64_t layoffs, quits, hires, hires_from_reserve, moves; /* moves: job to job */
	int64_t reserve_at_start, posts_before, vacancies, exits, entries;
};

struct census {
	int64_t tick; /* 0 is the first after burn-in */
	struct flows flow;
	struct heads head;
	/* people */
	int64_t people, employed, reserve, reserve_short, reserve_long; /* under / from 6 months */
	int64_t latent_short_hours, latent_insecure, hidden; /* hidden: at work in the periphery */
	int64_t reserve_months; /* sum of spells of those out of work */
	int64_t skilled, periphery;
	double wage_sum;        /* sum over employees of the firm's wage, mills/month */
	double hours_sum, effort_sum; /* sum over employees */
	double pay_skilled, pay_unskilled; /* sums of pay, mills */
	int64_t employed_skilled;
	/* NaN where not computed this tick */
	double median_pay, gini_income, gini_wealth, top1_wealth;
	double periphery_wage;
	/* firms */
	int64_t firms;
	double units, capacity; /* units a month, both departments */
	/* units; automation * output */
	double capital, ai_capital, automation_weighted, output_weight;
	double wear;            /* depreciation, mills */
	double tax_base;        /* profits before tax, mills */
	double price, capital_price, inflation; /* mills a unit; 1/year */
	int64_t firms_by_policy[CENSUS_POLICIES];
	int64_t sales_by_policy[CENSUS_POLICIES], sales_all;
	double profit_by_policy[CENSUS_POLICIES], capital_by_policy[CENSUS_POLICIES]; /* mills */
	int64_t loans, debt, fund;
	/* the one very large firm; 0 where there is none */
	/* profit before tax */
	int64_t giant_staff, giant_sales, giant_wages, giant_profit, giant_orders;
	/* published */
	double frontier, productivity, loan_rate, job_finding, union_density;
	/* who got the gain since automation.start, mills a month at reference prices; 0 before */
	int64_t gain_wages, gain_hours, gain_prices, gain_profits, gain_state, gain_total;
};

#endif
