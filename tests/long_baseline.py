"""Compares a century without AI with the prototype of the model and with data: long_baseline.py
DIR.

Prints two Markdown tables, those of docs/validation.md, and exits 1 if a value of the first is
neither within three times the prototype's spread over seeds nor as near to its target as the
prototype.
"""
import json
import sys

import numpy as np
import pandas as pd

from facts import facts_of, wage_curve

# name, mean and standard error over 5 seeds of the prototype, target from data (None: open)
PROTOTYPE = [
    ("unemployment", 0.0480, 0.0003, 0.04, 0.08),
    ("unemployment sd", 0.0132, 0.0008, 0.010, 0.015),
    ("unemployment max", 0.0840, 0.0023, None, None),
    ("unemployment autocorrelation, 12 months", 0.58, 0.01, None, None),
    ("unemployment autocorrelation, 48 months", -0.26, 0.03, None, None),
    ("separations a month", 0.0360, 0.0002, 0.03, 0.04),
    ("layoffs a month", 0.0068, 0.0001, 0.010, 0.016),
    ("job-to-job moves a month", 0.0163, 0.0001, 0.015, 0.020),
    ("job finding a month", 0.2925, 0.0028, 0.20, 0.45),
    ("vacancy rate", 0.0347, 0.0002, 0.02, 0.05),
    ("Beveridge correlation", -0.630, 0.015, -0.96, -0.5),
    ("Okun slope, 12-month changes", -0.852, 0.008, -0.50, -0.28),
    ("wage curve, aggregate", -0.0196, 0.0004, -0.15, -0.05),
    ("12-month inflation on unemployment", -0.058, 0.005, -1, 0),
    ("labour share of GDP", 0.6043, 0.0003, 0.55, 0.65),
    ("profit rate a year", 0.1424, 0.0004, 0.08, 0.20),
    ("inflation a year", 0.0210, 0.0001, 0, 0.04),
    ("inflation sd, 12 months", 0.0040, 0.0004, None, None),
    ("s/v", 0.4383, 0.0007, None, None),
    ("c/v, flows", 0.2168, 0.0006, None, None),
    ("investment / GDP", 0.1629, 0.0004, None, None),
    ("deficit / GDP", 0.0209, 0.0002, None, None),
    ("public debt / GDP", 0.5787, 0.0020, None, None),
    ("Gini of income", 0.3258, 0.0011, None, None),
    ("Gini of wealth", 0.9560, 0.0003, 0.8, 0.9),
    ("mean markup", 0.4329, 0.0003, None, None),
    ("firm size, Hill index of the top 10 %", 1.062, 0.034, 0.95, 1.15),
    ("median firm, people", 5.8, 0.2, None, None),
    ("largest firm, people", 1328, 412, None, None),
    ("yearly growth of firms: sd", 0.3114, 0.0017, 0.2, 0.4),
    ("yearly growth of firms: kurtosis", 23.78, 0.73, None, None),
    ("yearly growth of firms: mean abs deviation / sd", 0.600, 0.002, None, None),
    ("exits per firm and month", 0.00122, 0.00004, 0.0050, 0.0088),
]

JOLTS = "BLS JOLTS 2001-2019"
NIPA = "BEA, nonfinancial corporate business 1948-2017"
SHIMER = "BLS 1951-2019, method of Shimer 2005"
# name, value and band in the data, source
DATA = [
    ("unemployment", 0.058, 0.045, 0.065, "BLS 1951-2019"),
    ("job finding a month", 0.253, 0.20, 0.30, "BLS, CPS gross flows 1990-2019"),
    ("work to unemployment a month", 0.0136, 0.010, 0.016, "BLS, CPS gross flows 1990-2019"),
    ("quits a month, moves included", 0.0191, 0.017, 0.022, JOLTS),
    ("layoffs a month", 0.0139, 0.010, 0.016, JOLTS),
    ("hires a month", 0.0362, 0.032, 0.040, JOLTS),
    ("separations a month", 0.0356, 0.032, 0.040, JOLTS),
    ("vacancy rate", 0.0313, 0.025, 0.045, JOLTS),
    ("vacancies / monthly hires", 0.86, 0.6, 1.2, JOLTS),
    ("job-to-job moves a month", 0.026, 0.018, 0.027, "Fallick and Fleischman 2004, CPS from 1994"),
    ("wages / net value added", 0.71, 0.68, 0.74, NIPA),
    ("surplus / capital a year", 0.108, 0.08, 0.13, NIPA),
    ("net output / capital a year", 0.56, 0.50, 0.65, NIPA),
    ("capital / yearly wages", 2.53, 2.1, 3.0, NIPA),
    ("wear of capital a year", 0.036, 0.030, 0.050, "Penn World Table 10.01, 1950-2019"),
    ("productivity growth a year", 0.020, 0.012, 0.028, "BLS, nonfarm business 1959-2019"),
    ("real wage growth a year", 0.012, 0.007, 0.022, "BLS, nonfarm business 1959-2019"),
    ("matching elasticity", 0.6, 0.4, 0.75, "JOLTS and CPS 2001-2019"),
    ("firm size, Hill index of the top 10 %", 1.03, 0.95, 1.15,
     "Census SUSB 2019; Axtell 2001: 1.06"),
    ("mean firm, people", 22.4, 15, 30, "Census SUSB 2019"),
    ("jobs created a year", 0.161, 0.13, 0.19, "Census BDS 1978-2018, establishments"),
    ("jobs destroyed a year", 0.142, 0.12, 0.17, "Census BDS 1978-2018, establishments"),
    ("exits per firm and year", 0.082, 0.06, 0.10, "Census BDS 1978-2018"),
    ("cyclical sd of unemployment", 0.203, 0.14, 0.24, SHIMER),
    ("cyclical sd of vacancies", 0.199, 0.16, 0.24, SHIMER),
    ("cyclical sd of job finding", 0.141, 0.10, 0.17, SHIMER),
    ("cyclical autocorrelation of unemployment", 0.954, 0.90, 0.98, SHIMER),
    ("Beveridge correlation of cycles", -0.906, -0.96, -0.85, SHIMER),
    ("Beveridge slope of cycles", -0.88, -1.15, -0.75, SHIMER),
    ("unemployment AR(1), monthly", 0.994, 0.98, 0.998, "BLS 1959-2019"),
    ("Okun slope, 12-month changes", -0.37, -0.50, -0.28, "BEA and BLS 1959-2019, four quarters"),
    ("quits on unemployment, elasticity", -0.57, -0.75, -0.40, JOLTS),
    ("layoffs on unemployment, elasticity", 0.16, 0.0, 0.60, JOLTS),
    ("out of work 27 weeks and more, share", 0.172, 0.10, 0.31, "BLS 1959-2019"),
    ("mean time out of work, weeks", 17.1, 12, 22, "BLS 1959-2019"),
    ("wage curve, regions", -0.07, -0.15, -0.02,
     "Nijkamp and Poot 2005; Blanchflower and Oswald 1994"),
    ("wage growth on unemployment", -0.46, -0.9, -0.15, "BLS 1961-2019"),
    ("profit rate AR(1), yearly", 0.85, 0.6, 0.95, NIPA),
    ("profit rate sd of yearly change", 0.010, 0.006, 0.020, NIPA),
    ("profit rate change on unemployment change", -0.44, -0.8, -0.2, NIPA),
]


def digits(x):
    return f"{x:.0f}" if abs(x) >= 100 else f"{x:.3g}" if abs(x) >= 1 else f"{x:.4f}"


def distance(x, low, high):
    return max(low - x, x - high, 0)


def verdict(mean, theirs, spread, low, high):
    near = abs(mean - theirs) <= 3 * spread
    if low is None:
        return "within 3 sd" if near else "DIFFERS"
    met = "meets the target" if distance(mean, low, high) == 0 else "target missed"
    if near:
        return f"within 3 sd, {met}"
    if distance(mean, low, high) <= distance(theirs, low, high):
        return met if met == "meets the target" else "nearer to the target"
    return "DIFFERS"


def measured(directory):
    """One row of facts a replicate; the regions' wage curve has its own, shorter run."""
    with open(directory + "/experiment.json") as file:
        experiment = json.load(file)
    parameters = experiment["parameters"]
    series = pd.read_csv(directory + "/series.csv", float_precision="round_trip")
    firms = pd.read_csv(directory + "/firms.csv", float_precision="round_trip",
                        usecols=["replicate", "tick", "id", "staff", "markup"])
    rows = [facts_of(g, firms[firms.replicate == r],
                     parameters["production.initial_productivity"]["value"],
                     parameters["production.growth"]["value"], experiment["burn_in"])
            for r, g in series.groupby("replicate")]
    workers = pd.read_csv(directory + "/regions/workers.csv",
                          usecols=["replicate", "tick", "employer", "region", "last_pay"])
    curves = [wage_curve(p) for _, p in workers.groupby("replicate")]
    return pd.DataFrame(rows).join(pd.Series(curves, name="wage curve, regions"))


def main(directory):
    facts = measured(directory)
    mean, sd = facts.mean(), facts.std()
    failed = 0
    print(f"{len(facts)} replicates\n")
    print("| quantity | ludd | sd over seeds | prototype | sd over seeds | target | verdict |")
    print("|---|---|---|---|---|---|---|")
    for name, theirs, error, low, high in PROTOTYPE:
        said = verdict(mean[name], theirs, error * np.sqrt(5), low, high)
        failed += said == "DIFFERS"
        target = "" if low is None else f"{low:g} .. {high:g}"
        print(f"| {name} | {digits(mean[name])} | {digits(sd[name])} | {digits(theirs)} "
              f"| {digits(error * np.sqrt(5))} | {target} | {said} |")
    print("\n| quantity | ludd | sd over seeds | data | band | met | source |")
    print("|---|---|---|---|---|---|---|")
    for name, value, low, high, source in DATA:
        met = "yes" if distance(mean[name], low, high) == 0 else "no"
        print(f"| {name} | {digits(mean[name])} | {digits(sd[name])} | {value:g} "
              f"| {low:g} .. {high:g} | {met} | {source} |")
    if failed:
        print(f"\n{failed} values differ from the prototype and are no nearer to their target")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
