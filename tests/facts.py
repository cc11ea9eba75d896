"""What a long run without AI is judged by: one dictionary a replicate, name -> value.

Everything is computed from series.csv, firms.csv and workers.csv alone. Monthly series are not
filtered unless said; u is unemployment, v the vacancy rate, y real output, p the price level.
"""
import numpy as np

NO_FIRM = 4294967295  # employer of people out of work


def slope(x, y):
    return np.polyfit(x, y, 1)[0]


def autocorrelation(x, lag):
    return np.corrcoef(x[:-lag], x[lag:])[0, 1]


def kurtosis(x):
    return ((x - x.mean()) ** 4).mean() / x.var() ** 2


def quarters(x):
    """Means of three months."""
    return x[: len(x) // 3 * 3].reshape(-1, 3).mean(1)


def cycle(x, smoothing=1e5):
    """Deviation from the Hodrick-Prescott trend."""
    d = np.diff(np.eye(len(x)), 2, axis=0)
    return x - np.linalg.solve(np.eye(len(x)) + smoothing * d.T @ d, x)


def less_block_means(x, months=120):
    """Deviation from the mean of its decade: decades count from month 0."""
    block = np.arange(len(x)) // months
    means = np.bincount(block, x) / np.bincount(block)
    return x - means[block]


def labour_market(g):
    """Stocks and flows; g is one replicate of series.csv."""
    u, v = g.unemployment_rate.to_numpy(), g.vacancy_rate.to_numpy()
    to_reserve = g.layoff_rate + g.quit_rate - g.job_to_job_rate
    hires = g.hires_rate * (1 - g.unemployment_rate)
    open_posts = g.vacancy_rate / (1 - g.vacancy_rate) * (1 - g.unemployment_rate)
    return {
        "unemployment": u.mean(),
        "unemployment sd": u.std(),
        "unemployment max": u.max(),
        "unemployment autocorrelation, 12 months": autocorrelation(u, 12),
        "unemployment autocorrelation, 48 months": autocorrelation(u, 48),
        "unemployment AR(1), monthly": autocorrelation(u, 1),
        "separations a month": g.separation_rate.mean(),
        "layoffs a month": g.layoff_rate.mean(),
        "quits a month, moves included": g.quit_rate.mean(),
        "job-to-job moves a month": g.job_to_job_rate.mean(),
        "hires a month": g.hires_rate.mean(),
        "work to unemployment a month": (to_reserve * (1 - g.job_finding_rate)).mean(),
        "job finding a month": g.job_finding_rate.mean(),
        "vacancy rate": v.mean(),
        "vacancies / monthly hires": (open_posts / hires).mean(),
        "mean time out of work, weeks": g.mean_unemployment_months.mean() * 4.345,
        "out of work 27 weeks and more, share": (g.reserve_stagnant / g.unemployment_rate).mean(),
        "Beveridge correlation": np.corrcoef(u, v)[0, 1],
        "matching elasticity": slope(np.log(open_posts / u), np.log(hires / u)),
        "quits on unemployment, elasticity": slope(np.log(u), np.log(g.quit_rate)),
        "layoffs on unemployment, elasticity": slope(np.log(u), np.log(g.layoff_rate)),
    }


def cycles(g):
    """Quarterly logarithms less their Hodrick-Prescott trend."""
    u = cycle(np.log(quarters(g.unemployment_rate.to_numpy())))
    v = cycle(np.log(quarters(g.vacancy_rate.to_numpy())))
    f = cycle(np.log(quarters(g.job_finding_rate.to_numpy())))
    return {
        "cyclical sd of unemployment": u.std(),
        "cyclical sd of vacancies": v.std(),
        "cyclical sd of job finding": f.std(),
        "cyclical autocorrelation of unemployment": autocorrelation(u, 1),
        "Beveridge correlation of cycles": np.corrcoef(u, v)[0, 1],
        "Beveridge slope of cycles": slope(u, v),
    }


def prices_and_wages(g, productivity):
    """`productivity`: mean productivity of every month (A of E2)."""
    u, p = g.unemployment_rate.to_numpy(), g.price_level.to_numpy()
    w, y = g.nominal_wage.to_numpy(), np.log(g.real_output.to_numpy())
    inflation = p[12:] / p[:-12] - 1
    pay = less_block_means(np.log(g.real_wage.to_numpy() / productivity))
    wage_growth = (w[12:] / w[:-12] - 1)[12:]
    regressors = np.column_stack([u[24:], inflation[:-12], np.ones(len(wage_growth))])
    return {
        "Okun slope, 12-month changes": slope(y[12:] - y[:-12], u[12:] - u[:-12]),
        "wage curve, aggregate": slope(less_block_means(np.log(u + 0.001)), pay),
        "12-month inflation on unemployment": slope(u[12:], inflation),
        "monthly inflation on unemployment": slope(u[1:], 12 * (p[1:] / p[:-1] - 1)),
        "wage growth on unemployment": np.linalg.lstsq(regressors, wage_growth, rcond=None)[0][0],
        "inflation a year": g.inflation.mean(),
        "inflation sd, 12 months": inflation.std(),
        "productivity growth a year": slope(np.arange(len(g)), np.log(g.labour_productivity)) * 12,
        "real wage growth a year": slope(np.arange(len(g)), np.log(g.real_wage_hourly)) * 12,
    }


def accounts(g):
    yearly = g.profit_rate.to_numpy()[: len(g) // 12 * 12].reshape(-1, 12).mean(1)
    u = g.unemployment_rate.to_numpy()[: len(g) // 12 * 12].reshape(-1, 12).mean(1)
    return {
        "labour share of GDP": g.labour_share.mean(),
        "wages / net value added": (1 - g.unpaid_hours_share).mean(),
        "profit rate a year": g.profit_rate.mean(),
        "surplus / capital a year": (g.output_capital_ratio * g.unpaid_hours_share).mean(),
        "profit rate AR(1), yearly": autocorrelation(yearly, 1),
        "profit rate sd of yearly change": np.diff(yearly).std(),
        "profit rate change on unemployment change": np.corrcoef(np.diff(yearly), np.diff(u))[0, 1],
        "net output / capital a year": g.output_capital_ratio.mean(),
        "capital / yearly wages": g.capital_wages_ratio.mean(),
        "wear of capital a year": (g.organic_composition / g.capital_wages_ratio).mean(),
        "s/v": g.surplus_value_rate.mean(),
        "c/v, flows": g.organic_composition.mean(),
        "investment / GDP": g.investment_share.mean(),
        "deficit / GDP": g.deficit_ratio.mean(),
        "public debt / GDP": g.debt_ratio.mean(),
        "Gini of income": g.gini_income.mean(),
        "Gini of wealth": g.gini_wealth.mean(),
        "exits per firm and month": (g.exits / g.firms).mean(),
        "exits per firm and year": (g.exits / g.firms).mean() * 12,
    }


def firm_sizes(p):
    """Sizes and yearly growth; p is one replicate of firms.csv, every 12 months."""
    staff = p.pivot(index="tick", columns="id", values="staff").to_numpy().astype(float)
    last = np.sort(staff[-1][staff[-1] > 0])[::-1]
    tail = last[: len(last) // 10]
    before, after = staff[:-1], staff[1:]
    staying = (before > 5) & (after > 0)
    growth = np.log(after[staying] / before[staying])
    change, mean = after - before, (after.sum(1) + before.sum(1)) / 2
    working = p[p.staff > 0]
    return {
        "firm size, Hill index of the top 10 %": 1 / np.log(tail / last[len(tail)]).mean(),
        "median firm, people": np.median(last),
        "largest firm, people": last[0],
        "mean firm, people": last.mean(),
        "yearly growth of firms: sd": growth.std(),
        "yearly growth of firms: kurtosis": kurtosis(growth),
        "yearly growth of firms: mean abs deviation / sd":
            np.abs(growth - growth.mean()).mean() / growth.std(),
        "jobs created a year": (np.maximum(change, 0).sum(1) / mean).mean(),
        "jobs destroyed a year": (np.maximum(-change, 0).sum(1) / mean).mean(),
        "mean markup": np.average(working.markup, weights=working.staff),
    }


def wage_curve(p):
    """Elasticity of pay to local unemployment, effects of region and month taken out; p is one
    replicate of workers.csv."""
    working = p[p.employer != NO_FIRM]
    place = ["tick", "region"]
    u = 1 - working.groupby(place).size().unstack() / p.groupby(place).size().unstack()
    u = np.log(u + 0.001).to_numpy()
    pay = np.log(working.last_pay).groupby([working.tick, working.region]).mean()
    pay = pay.unstack().to_numpy()
    for x in (u, pay):
        x -= x.mean(0)
        x -= x.mean(1, keepdims=True)
    return slope(u.ravel(), pay.ravel())


def facts_of(g, p, initial_productivity, growth, burn_in):
    months = burn_in + 1 + g.tick.to_numpy()
    productivity = initial_productivity * (1 + growth / 12) ** months
    return {**labour_market(g), **cycles(g), **prices_and_wages(g, productivity), **accounts(g),
            **firm_sizes(p)}
