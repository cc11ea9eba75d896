# gnuplot -c plots/sensitivity.gp DIR [METRIC [WINDOW [SCENARIO]]]: draws sensitivity.csv of DIR into
# DIR/plots/sensitivity.png. Left the ranking with 95 % bootstrap intervals, right what tells a
# parameter that acts alone and in proportion from one that does not: sigma beside mu* (Morris), the
# first-order beside the total index (Saltelli). Default: unemployment_rate, the last window, the first
# difference between scenarios. sensitivity.awk beside this file makes the table.
dir = ARG1
here = ARG0[1:strlen(ARG0) - strlen("sensitivity.gp")]
file = dir . "/sensitivity.csv"
first_with(condition, field) = system(sprintf("awk -F, 'NR > 1 && (%s) { print $%d; exit }' '%s'", \
	condition, field, file))

metric = ARGC > 1 ? ARG2 : "unemployment_rate"
window = ARGC > 2 ? ARG3 : system(sprintf("awk -F, 'NR > 1 { w = $2 } END { print w }' '%s'", file))
scenario = ARGC > 3 ? ARG4 : first_with("$4 != \"\"", 3)
if (scenario eq "") { scenario = first_with("1", 3) }
baseline = first_with(sprintf("$3 == \"%s\" && $4 != \"\"", scenario), 4)
morris = strstrt(system(sprintf("head -n 1 '%s'", file)), "mu_star") > 0
say(name) = system("echo '" . name . "' | sed 's/_/ /g'")
shares = " unemployment_rate unemployment_peak labour_share profit_rate profit_share surplus_value_rate "
percent = morris && strstrt(shares, " " . metric . " ") > 0
unit = !morris ? "share of variance" : percent ? "percentage points" : "unit of the metric"

system(sprintf("mkdir -p '%s/plots'", dir))
table = dir . "/plots/sensitivity.dat"
system(sprintf("awk -v metric='%s' -v window='%s' -v scenario='%s' -v baseline='%s' -v factor=%d ".\
	"-f '%ssensitivity.awk' '%s' | sort -k2,2gr > '%s'", metric, window, scenario, baseline, \
	percent ? 100 : 1, here, file, table))
stats table using 2 name "value" nooutput
stats table using 4 name "high" nooutput
stats table using 5 name "other" nooutput
count = value_records
name(i) = system(sprintf("sed -n '%dp' '%s' | cut -d' ' -f1", i, table))

set encoding utf8
height = 200 + 26 * (count > 8 ? count : 8)
bottom = 90.0 / height
top = 1 - 85.0 / height
set terminal pngcairo size 1500,height font "DejaVu Sans,12" linewidth 1.2
set output dir . "/plots/sensitivity.png"
set border 3 linecolor rgb "#444444"
set tics nomirror out scale 0.6
set grid xtics linecolor rgb "#e0e0e0" linewidth 0.8 linetype 1
unset key
set multiplot
set label 100 sprintf("What moves %s, %s: %s%s", say(metric), say(window), say(scenario), \
	baseline eq "" ? "" : " less " . say(baseline)) at screen 0.012,1 - 30.0 / height left font ',15' noenhanced

# The ranking.
set lmargin at screen 0.27
set rmargin at screen 0.60
set bmargin at screen bottom
set tmargin at screen top
set title (morris ? "mean absolute effect over the range, µ*, and 95 % interval" : \
	"total index and 95 % interval") offset 0,-0.5
set xlabel unit . (morris ? " (grey: what noise alone would give)" : "")
set xrange [0:high_max > 0 ? 1.05 * high_max : 1]
set yrange [count + 0.5:0.5]
set ytics () scale 0 noenhanced
do for [i = 1:count] { set ytics add (sprintf("%s  %d", name(i), i) i) }
set style fill solid noborder
plot table using (0):0:(0):2:($0 + 0.7):($0 + 1.3) with boxxyerror linecolor rgb "#0072B2", \
	table using (0):0:(0):6:($0 + 0.7):($0 + 1.3) with boxxyerror linecolor rgb "#b8b8b8", \
	table using 2:($0 + 1):3:4 with xerrorbars pointtype 7 pointsize 0 linewidth 1.6 \
	linecolor rgb "black"
unset label 100

# Alone and in proportion, or not.
set lmargin at screen 0.67
set rmargin at screen 0.985
set ytics autofreq scale 0.6
set grid xtics ytics
set title (morris ? "standard deviation of the effects, σ" : "first-order index") offset 0,-0.5
set xlabel (morris ? "µ*, " : "total index, ") . unit
set yrange [0:other_max > 0 ? 1.1 * other_max : 1]
set xrange [0:value_max > 0 ? 1.1 * value_max : 1]
plot x linecolor rgb "#b8b8b8" dashtype 2, \
	table using 2:5 with points pointtype 7 pointsize 1 linecolor rgb "#0072B2", \
	table using 2:5:(int($0) < 10 ? sprintf("%d", $0 + 1) : "") with labels offset 1,0.5 \
	font ',10'
unset multiplot
