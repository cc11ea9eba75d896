#!/usr/bin/python3
"""sensitivity.py DIR [METRIC [WINDOW [SCENARIO]]]: draws sensitivity.csv of an output directory of
ludd into DIR/plots/python-sensitivity.png.

Left the ranking with 95 % bootstrap intervals, right what tells a parameter that acts alone and in
proportion from one that does not: sigma beside mu* (Morris), the first-order beside the total index
(Saltelli). Default: unemployment_rate, the last window, the first difference between scenarios. Needs
pandas and matplotlib.
"""
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import pandas as pd

SHARES = ["unemployment_rate", "unemployment_peak", "labour_share", "profit_rate", "profit_share",
          "surplus_value_rate"]

plt.rcParams.update({
    "savefig.dpi": 160, "font.size": 9, "axes.titlesize": 10, "axes.titlelocation": "left",
    "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True,
    "axes.axisbelow": True, "grid.color": "#e6e6e6", "grid.linewidth": 0.6,
})


def chosen(table, metric="unemployment_rate", window=None, scenario=None):
    """The rows of one metric, window and scenario: of its difference to the baseline if there is one."""
    table = table[table["metric"] == metric]
    table = table[table["window"] == (window or table["window"].iloc[-1])]
    if scenario:
        table = table[table["scenario"] == scenario]
    if table["baseline"].notna().any():
        table = table[table["baseline"].notna()]
    first = table.iloc[0]
    return table[table["scenario"] == first["scenario"]]


def ranking(axes, rows, value, unit):
    rank = range(1, len(rows) + 1)
    below, above = rows[value] - rows[value + "_low"], rows[value + "_high"] - rows[value]
    axes.barh(rank, rows[value], height=0.6, color="#0072B2")
    if "noise" in rows and rows["noise"].notna().all():
        axes.barh(rank, rows["noise"], height=0.6, color="#b8b8b8")
        unit += " (grey: what noise alone would give)"
    axes.errorbar(rows[value], rank, xerr=[below.clip(lower=0), above.clip(lower=0)], fmt="none",
                  ecolor="black", elinewidth=1, capsize=2)
    axes.set_yticks(rank, [f"{name}  {i}" for i, name in zip(rank, rows["parameter"])])
    axes.set_ylim(len(rows) + 0.5, 0.5)
    axes.set_xlim(left=0)
    axes.set_xlabel(unit)
    axes.grid(False, axis="y")


def scatter(axes, rows, value, other):
    axes.plot(rows[value], rows[other], "o", color="#0072B2", markersize=4)
    top = 1.1 * max(rows[value].max(), 1e-12)
    axes.plot([0, top], [0, top], "--", color="#b8b8b8", linewidth=0.8)
    for i, (x, y) in enumerate(zip(rows[value][:10], rows[other][:10])):
        axes.annotate(str(i + 1), (x, y), xytext=(4, 3), textcoords="offset points")
    axes.set_xlim(0, top)
    axes.set_ylim(0, 1.1 * max(rows[other].max(), 1e-12))


def main():
    directory = Path(sys.argv[1])
    table = pd.read_csv(directory / "sensitivity.csv", float_precision="round_trip")
    rows = chosen(table, *sys.argv[2:5])
    morris = "mu_star" in rows
    value, other = ("mu_star", "sigma") if morris else ("total", "first")
    first = rows.iloc[0]
    unit = "unit of the metric" if morris else "share of variance"
    if morris and first["metric"] in SHARES:
        numbers = [name for name in rows.columns if rows[name].dtype == float]
        rows = rows.assign(**{name: 100 * rows[name] for name in numbers if "seed" not in name})
        unit = "percentage points"
    rows = rows.sort_values(value, ascending=False, kind="stable").reset_index()
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 1.4 + 0.19 * len(rows)),
                                         width_ratios=[1, 0.9], layout="constrained")
    versus = "" if pd.isna(first["baseline"]) else f" less {first['baseline']}"
    figure.suptitle(f"What moves {first['metric']}, {first['window']}: {first['scenario']}{versus}"
                    .replace("_", " "), x=0.01, ha="left")
    left.set_title("µ*, mean absolute effect over the range, and 95 % interval" if morris
                   else "total index and 95 % interval")
    ranking(left, rows, value, unit)
    right.set_title("σ, standard deviation of the effects" if morris else "first-order index")
    right.set_xlabel(("µ*, " if morris else "total index, ") + unit)
    scatter(right, rows, value, other)
    (directory / "plots").mkdir(exist_ok=True)
    figure.savefig(directory / "plots" / "python-sensitivity.png")


main()
