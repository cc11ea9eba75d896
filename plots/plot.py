#!/usr/bin/python3
"""plot.py DIR: draws the results in an output directory of ludd into DIR/plots (python-*.png).

Reads series.csv, summary.csv, compare.csv and experiment.json, nothing else. Needs pandas and
matplotlib. Lines are medians over replicates of yearly means; bands reach from the 5th to the 95th
percentile.
"""
import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import pandas as pd

# Okabe and Ito (2008): told apart in every common form of colour blindness.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999"]
PARTS = {"wages": "#0072B2", "hours": "#009E73", "prices": "#56B4E9", "profits": "#D55E00",
         "state": "#CC79A7"}

OUTCOMES = [  # metric, title, unit, factor; None: index, the year before AI = 100
    ("unemployment_rate", "Unemployment", "% of labour force", 100),
    ("real_wage", "Real wage", "index, year before AI = 100", None),
    ("profit_rate", "Profit rate", "% a year", 100),
    ("weekly_hours", "Working time", "hours a week", 1),
    ("labour_share", "Labour share", "% of GDP", 100),
    ("surplus_value_rate", "Rate of surplus value, s/v", "%", 100),
]
DIFFERENCES = [  # metric, title, unit, factor; None: in % of the baseline's mean
    ("unemployment_rate", "Unemployment", "percentage points", 100),
    ("real_wage", "Real wage", "% of baseline", None),
    ("profit_rate", "Profit rate", "percentage points", 100),
    ("weekly_hours", "Working time", "hours a week", 1),
    ("labour_share", "Labour share", "percentage points", 100),
    ("surplus_value_rate", "Rate of surplus value", "percentage points", 100),
]

plt.rcParams.update({
    "figure.dpi": 110, "savefig.dpi": 160, "font.size": 9, "axes.titlesize": 10,
    "axes.titlelocation": "left", "axes.spines.top": False, "axes.spines.right": False,
    "axes.grid": True, "axes.axisbelow": True, "grid.color": "#e6e6e6", "grid.linewidth": 0.6,
    "legend.frameon": False,
})


def read_csv(path):
    return pd.read_csv(path, float_precision="round_trip")


def words(name):
    return name.replace("_", " ").replace(" ai", " AI")


def one_point(table):
    """Scenarios are compared at one point of a sweep: the first."""
    return table[table["point"] == table["point"].min()] if "point" in table else table


def yearly(series, start):
    """Yearly means of every run, by whole years since AI started."""
    series = series.assign(year=(series["tick"] - start) // 12)
    keys = ["scenario", "replicate", "year"]
    return series.drop(columns=["run", "point", "seed", "tick"]).groupby(keys, sort=False).mean()


def indexed(values):
    """Each run as an index: its last year before AI (else its first) = 100."""
    def one(run):
        before = run[run.index.get_level_values("year") < 0]
        return 100 * run / (before if len(before) else run).iloc[-1 if len(before) else 0]
    return values.groupby(level=["scenario", "replicate"], group_keys=False, sort=False).apply(one)


def shade(axes, years):
    axes.axvspan(0, years, color="#f2f2f2", zorder=0, linewidth=0)


def draw_outcomes(table, scenarios, rollout, title, path):
    metrics = [m for m in OUTCOMES if m[0] in table]
    figure, axes = plt.subplots(2, (len(metrics) + 1) // 2, figsize=(11, 6), sharex=True,
                                squeeze=False)
    for panel, (metric, name, unit, factor) in zip(axes.flat, metrics):
        values = indexed(table[metric]) if factor is None else factor * table[metric]
        shade(panel, rollout)
        for colour, scenario in zip(COLOURS, scenarios):
            bands = values[scenario].groupby(level="year").quantile([0.05, 0.5, 0.95]).unstack()
            panel.fill_between(bands.index, bands[0.05], bands[0.95], color=colour, alpha=0.18,
                               linewidth=0)
            panel.plot(bands.index, bands[0.5], color=colour, linewidth=1.6, label=words(scenario))
        panel.set_title(name)
        panel.set_ylabel(unit)
        panel.margins(x=0)
    for panel in axes.flat[len(metrics):]:
        panel.set_visible(False)
    for panel in axes[-1]:
        panel.set_xlabel("years since AI starts")
    finish(figure, axes.flat[0].get_legend_handles_labels(), title, path)


def draw_differences(compare, scenarios, title, path):
    windows = list(dict.fromkeys(compare["window"]))
    metrics = [m for m in DIFFERENCES if (compare["metric"] == m[0]).any()]
    figure, axes = plt.subplots(2, (len(metrics) + 1) // 2, figsize=(11, 5.5), squeeze=False)
    shown = [s for s in scenarios if (compare["scenario"] == s).any()]
    for panel, (metric, name, unit, factor) in zip(axes.flat, metrics):
        rows = compare[compare["metric"] == metric]
        panel.axhline(0, color="#555555", linewidth=0.8)
        for k, scenario in enumerate(shown):
            own = rows[rows["scenario"] == scenario].set_index("window").reindex(windows)
            scale = 100 / own["baseline_mean"].abs() if factor is None else factor
            middle, low, high = (own[c] * scale for c in ("difference", "ci_low", "ci_high"))
            place = [i + 0.18 * (k - (len(shown) - 1) / 2) for i in range(len(windows))]
            panel.errorbar(place, middle, yerr=[middle - low, high - middle], fmt="o", markersize=4,
                           color=COLOURS[scenarios.index(scenario)], capsize=2.5,
                           label=words(scenario))
        panel.set_title(name)
        panel.set_ylabel(unit)
        panel.set_xticks(range(len(windows)), [words(w).replace(" ", "\n", 1) for w in windows])
        panel.grid(axis="x", visible=False)
    for panel in axes.flat[len(metrics):]:
        panel.set_visible(False)
    finish(figure, axes.flat[0].get_legend_handles_labels(), title, path)


def gain_shares(summary):
    """Parts of the gain in % of output, both at the reference price (so output is GDP and what lower
    prices gave): window means, then the mean over replicates."""
    output = summary["real_output"] * summary["price_level"] + summary["gain_to_prices"]
    shares = {part: 100 * summary["gain_to_" + part] / output for part in PARTS}
    keys = [summary["window"], summary["scenario"]]
    return pd.DataFrame(shares).groupby(keys, sort=False).mean()


def draw_gain(summary, scenarios, title, path):
    shares = gain_shares(summary)
    windows = [w for w in dict.fromkeys(summary["window"]) if shares.loc[w].abs().to_numpy().any()]
    if not windows:
        return
    figure, axes = plt.subplots(1, len(windows), figsize=(11, 4.2), sharey=True, squeeze=False)
    for panel, window in zip(axes.flat, windows):
        rows = shares.loc[window].reindex(scenarios)
        up, down = pd.Series(0.0, rows.index), pd.Series(0.0, rows.index)
        for part, colour in PARTS.items():
            value = rows[part]
            panel.bar(range(len(rows)), value, bottom=up.where(value >= 0, down), width=0.62,
                      color=colour, label=part, edgecolor="white", linewidth=0.5)
            up, down = up + value.clip(lower=0), down + value.clip(upper=0)
        panel.plot(range(len(rows)), rows.sum(axis=1), "D", color="white", markersize=6,
                   markeredgecolor="black", label="whole gain", linestyle="none")
        panel.axhline(0, color="#555555", linewidth=0.8)
        panel.set_xticks(range(len(rows)), [words(s).replace(" ", "\n", 1) for s in rows.index])
        panel.set_title(words(window))
        panel.grid(axis="x", visible=False)
    axes.flat[0].set_ylabel("% of output at reference prices")
    finish(figure, axes.flat[0].get_legend_handles_labels(), title, path)


def finish(figure, legend, title, path):
    figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    figure.legend(*legend, loc="lower center", ncol=len(legend[1]))
    figure.tight_layout(rect=(0, 0.05, 1, 0.97))
    figure.savefig(path, metadata={"Software": None})
    plt.close(figure)
    print(path)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: plot.py DIR")
    directory = Path(sys.argv[1])
    try:
        experiment = json.loads((directory / "experiment.json").read_text(encoding="utf-8"))
        series, summary, compare = (read_csv(directory / name) for name in
                                    ("series.csv", "summary.csv", "compare.csv"))
    except OSError as error:
        sys.exit(f"plot.py: {error}")
    plots = directory / "plots"
    plots.mkdir(exist_ok=True)
    scenarios = list(dict.fromkeys(series["scenario"]))
    name, n = words(experiment["name"]), series["replicate"].nunique()
    start, years = (experiment["parameters"]["automation." + key]["value"]
                    for key in ("start", "years"))

    table = yearly(one_point(series), int(start))
    draw_outcomes(table, scenarios, years,
                  f"{name}: median and 5-95 % band over {n} replicates (shaded: machines arrive)",
                  plots / "python-outcomes.png")
    if len(compare):
        baseline = words(compare["baseline"].iloc[0])
        draw_differences(one_point(compare), scenarios,
                         f"Difference to {baseline}: same replicates, 95 % intervals",
                         plots / "python-differences.png")
    draw_gain(one_point(summary), scenarios,
              "Who got the productivity gain since AI starts (trend growth is part of it)",
              plots / "python-gain.png")


if __name__ == "__main__":
    main()
