# From summary.csv: for every window in which there is a gain a block `# WINDOW` of one line a
# scenario: NUMBER WHOLE, then FROM TO of each part of -v parts="a b", stacked up from zero where it
# is positive and down where it is negative. In % of output, both at the reference price (so output is
# GDP and what lower prices gave); means over replicates at the first point.
BEGIN {
	FS = ","
	part_count = split(parts, part, " ")
}
NR == 1 {
	for (i = 1; i <= NF; i++)
		column[$i] = i
	next
}
NR == 2 { point = $column["point"] }
$column["point"] == point {
	window = $column["window"]
	scenario = $column["scenario"]
	if (!(window in has_window)) {
		has_window[window] = 0
		window_at[++windows] = window
	}
	if (!(scenario in has_scenario)) {
		has_scenario[scenario]
		scenario_at[++scenarios] = scenario
	}
	n[window, scenario]++
	output = $column["real_output"] * $column["price_level"] + $column["gain_to_prices"]
	for (p = 1; p <= part_count; p++) {
		x = 100 * $column["gain_to_" part[p]] / output
		share[window, scenario, p] += x
		if (x != 0)
			has_window[window] = 1
	}
}
function stacked(w, s,   p, x, whole, up, down, text) {
	up = down = whole = 0
	for (p = 1; p <= part_count; p++) {
		x = share[w, s, p] / n[w, s]
		whole += x
		if (x >= 0) {
			text = text sprintf(" %.10g %.10g", up, up + x)
			up += x
		} else {
			text = text sprintf(" %.10g %.10g", down, down + x)
			down += x
		}
	}
	return sprintf("%.10g", whole) text
}
END {
	for (w = 1; w <= windows; w++) {
		if (!has_window[window_at[w]])
			continue
		printf "# %s\n", window_at[w]
		for (s = 1; s <= scenarios; s++)
			print s - 1, stacked(window_at[w], scenario_at[s])
		printf "\n\n"
	}
}
