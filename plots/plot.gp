# gnuplot -c plots/plot.gp DIR: draws the results in an output directory of ludd into DIR/plots:
# outcomes.png, differences.png and gain.png. Reads series.csv, summary.csv, compare.csv and
# experiment.json, nothing else; the .awk files beside this one make the tables *.dat from them.
# Lines are medians over replicates of yearly means; bands reach from the 5th to the 95th
# percentile.
dir = ARG1
system(sprintf("mkdir -p '%s/plots'", dir))
here = ARG0[1:strlen(ARG0) - strlen("plot.gp")]

automation(key) = real(system(sprintf("sed -n 's/.*\"automation\\.%s\": {\"value\": ".\
	"\\([0-9.]*\\).*/\\1/p' '%s/experiment.json' | head -n 1", key, dir)))
distinct(file, name) = system(sprintf("awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) ".\
	"if ($i == \"%s\") c = i; next } !seen[$c]++ { print $c }' '%s/%s'", name, dir, file))
say(name) = system("echo '" . name . "' | sed 's/_/ /g; s/ ai/ AI/g'")
lines(name) = system("echo '" . say(name) . "' | sed 's/ /\\n/'")

experiment = say(system(sprintf("sed -n 's/^[ \t]*\"name\": \"\\(.*\\)\",$/\\1/p' ".\
	"'%s/experiment.json'", dir)))

# Okabe and Ito (2008): told apart in every common form of colour blindness.
array colour = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000, 0x999999]
scenarios = distinct("series.csv", "scenario")
colour_of(name) = (_k = 0, sum [_i = 1:words(scenarios)] (word(scenarios, _i) eq name ? \
	_k = (_i - 1) % 8 + 1 : 0), colour[_k])

names = "unemployment_rate real_wage profit_rate weekly_hours labour_share surplus_value_rate"
array title = ["Unemployment", "Real wage", "Profit rate", "Working time", "Labour share", \
	"Rate of surplus value, s/v"]
array unit = ["% of labour force", "index, year before AI = 100", "% a year", "hours a week", \
	"% of GDP", "%"]
array factor = [100, 1, 100, 1, 100, 100]

set encoding utf8
set border 3 linecolor rgb "#444444"
set tics nomirror out scale 0.6
set grid ytics linecolor rgb "#e0e0e0" linewidth 0.8 linetype 1
set datafile missing "nan"
unset key
heading(text) = "set label 100 \"" . text . "\" at screen 0.012,0.968 left font ',15' noenhanced"
step = 0.14 # of the width, for an entry of the legend
entry(i, n) = 0.5 + step * (i - 1 - n / 2.0)

# Outcomes over time.
start = automation("start")
system(sprintf("awk -v metrics='%s' -v indexed=real_wage -v start=%d -f '%sbands.awk' ".\
	"'%s/series.csv' > '%s/plots/bands.dat'", names, start, here, dir, dir))
bands = dir . "/plots/bands.dat"
block(m, s) = word(names, m) . ":" . word(scenarios, s)

set terminal pngcairo size 1500,860 font "DejaVu Sans,12" linewidth 1.2
set output dir . "/plots/outcomes.png"
set multiplot layout 2,3 margins 0.06,0.985,0.145,0.89 spacing 0.062,0.12
eval heading(sprintf("%s: median and 5-95 %% band over %d replicates (shaded: machines arrive)", \
	experiment, words(distinct("series.csv", "replicate"))))
do for [s = 1:words(scenarios)] {
	x = entry(s, words(scenarios))
	set arrow s from screen x,0.035 to screen x + 0.025,0.035 nohead linewidth 3 \
		linecolor rgb colour_of(word(scenarios, s))
	set label s say(word(scenarios, s)) at screen x + 0.03,0.035 left noenhanced
}
set object 1 rectangle from first 0, graph 0 to first automation("years"), graph 1 behind \
	fillcolor rgb "#f0f0f0" fillstyle solid noborder
set style fill transparent solid 0.18 noborder
set autoscale xfix
set offsets 0,0,graph 0.04,0
do for [m = 1:6] {
	set title title[m] offset 0,-0.5
	set ylabel unit[m] offset 0.3,0
	set xlabel (m > 3 ? "years since AI starts" : "") offset 0,0.4
	k = factor[m]
	plot for [s = 1:words(scenarios)] bands index block(m, s) using 1:(k * $2):(k * $4) \
		with filledcurves linecolor rgb colour_of(word(scenarios, s)), \
		for [s = 1:words(scenarios)] bands index block(m, s) using 1:(k * $3) \
		with lines linewidth 2 linecolor rgb colour_of(word(scenarios, s))
	if (m == 1) { unset label; unset arrow }
}
unset multiplot
unset object 1
unset xlabel
set offsets 0,0,graph 0.04,graph 0.04

# Paired differences to the baseline by window.
others = distinct("compare.csv", "scenario")
windows = distinct("compare.csv", "window")
if (words(others) > 0) {
	do for [m in "1 3 5 6"] { unit[int(m)] = "percentage points" }
	unit[2] = "% of baseline"
	system(sprintf("awk -f '%scompare.awk' '%s/compare.csv' > '%s/plots/compare.dat'", here, dir, dir))
	differences = dir . "/plots/compare.dat"
	set output dir . "/plots/differences.png"
	set multiplot layout 2,3 margins 0.06,0.985,0.135,0.89 spacing 0.062,0.15
	eval heading("Difference to " . say(word(distinct("compare.csv", "baseline"), 1)) . \
		": same replicates, 95 % intervals")
	n = words(others)
	do for [s = 1:n] {
		set label s say(word(others, s)) at screen entry(s, n),0.035 left noenhanced offset 1,0 \
			point pointtype 7 linecolor rgb colour_of(word(others, s))
	}
	set xrange [-0.5:words(windows) - 0.5]
	set xtics () scale 0
	do for [w = 1:words(windows)] { set xtics add (lines(word(windows, w)) w - 1) }
	set xzeroaxis linecolor rgb "#555555" linetype 1
	do for [m = 1:6] {
		set title title[m] offset 0,-0.5
		set ylabel unit[m] offset 0.3,0
		scale(base) = m == 2 ? 100 / abs(base) : factor[m]
		plot for [s = 1:n] differences index word(names, m) . ":" . word(others, s) \
			using ($1 + 0.16 * (s - (n + 1) / 2.0)):(scale($5) * $2): \
			(scale($5) * $3):(scale($5) * $4) with yerrorbars pointtype 7 pointsize 1 \
			linewidth 1.6 linecolor rgb colour_of(word(others, s))
		if (m == 1) { unset label }
	}
	unset multiplot
}

# Who got the gain: parts in % of output by window and scenario; negative parts hang below zero.
parts = "wages hours prices profits state"
array part_colour = [0x0072B2, 0x009E73, 0x56B4E9, 0xD55E00, 0xCC79A7]
system(sprintf("awk -v parts='%s' -f '%sgain.awk' '%s/summary.csv' > '%s/plots/gain.dat'", \
	parts, here, dir, dir))
gain = dir . "/plots/gain.dat"
windows = system("sed -n 's/^# //p' '" . gain . "'")
n = words(windows)
if (n > 0) {
	set terminal pngcairo size 1500,620 font "DejaVu Sans,12" linewidth 1.2
	set output dir . "/plots/gain.png"
	set multiplot layout 1,n margins 0.05,0.985,0.24,0.85 spacing 0.03,0
	eval heading("Who got the productivity gain since AI starts (trend growth is part of it)")
	do for [p = 1:5] {
		set label p word(parts, p) at screen entry(p, 6),0.05 left noenhanced offset 1,0 \
			point pointtype 5 pointsize 2 linecolor rgb part_colour[p]
	}
	set label 6 "whole gain" at screen entry(6, 6),0.05 left offset 1,0 point pointtype 4 pointsize 1.4
	set xrange [-0.5:words(scenarios) - 0.5]
	set xtics () scale 0 rotate by 0 noenhanced
	do for [s = 1:words(scenarios)] {
		set xtics add (lines(word(scenarios, s)) s - 1)
	}
	set style fill solid border rgb "white"
	from(p) = column(2 * p + 1)
	to(p) = column(2 * p + 2)
	low = high = 0
	do for [p = 1:5] {
		stats gain using (to(p)) nooutput
		low = low < STATS_min ? low : STATS_min
		high = high > STATS_max ? high : STATS_max
	}
	set yrange [1.06 * low:1.06 * high]
	do for [w = 1:n] {
		set title say(word(windows, w)) offset 0,-0.5
		set ylabel (w == 1 ? "% of output at reference prices" : "") offset 1,0
		plot for [p = 1:5] gain index word(windows, w) \
			using (from(p) == to(p) ? NaN : $1):(from(p)):($1 - 0.32):($1 + 0.32): \
			(from(p)):(to(p)) with boxxyerror \
			linecolor rgb part_colour[p], \
			gain index word(windows, w) using 1:2 with points pointtype 4 pointsize 1.4 \
			linecolor rgb "black"
		if (w == 1) { unset label }
	}
	unset multiplot
}
