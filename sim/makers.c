/* Who makes machines this month, and on whose offer a draw falls. */
#include "ludd/makers.h"

/* A draw as a place among all offers, 0 .. total-1. */
static int64_t place_of(uint32_t draw, int64_t total)
{
	return (int64_t)(draw * 0x1p-32 * (double)total);
}

/* The last draw that falls before `end`, 0 < end < total: near what a division says. */
static uint32_t last_draw(int64_t end, int64_t total)
{
	uint32_t draw = (uint32_t)((double)end / (double)total * 0x1p32);

	while (place_of(draw, total) >= end)
		draw--;
	while (draw < UINT32_MAX && place_of(draw + 1, total) < end)
		draw++;
	return draw;
}

/* Cells are a power of two, GUIDE_CELLS a maker at most: a shift tells a draw's cell. */
static void guide_made(struct scratch *s, int threads)
{
	s->guide_shift = 32;
	while ((int64_t)2 << (32 - s->guide_shift) <= GUIDE_CELLS * s->maker_count)
		s->guide_shift--;
	PAR_LIGHT(m, s->maker_count, threads) {
		int64_t cell = m > 0 ? (s->maker_last[m - 1] >> s->guide_shift) + 1 : 0;
		for (; cell << s->guide_shift <= s->maker_last[m]; cell++)
			s->maker_guide[cell] = (uint32_t)m;
	}
}

/* Sales, not yet begun, hold the sums of the offers up to each maker's. */
static void offers_laid_out(struct scratch *s, int threads)
{
	int64_t total = s->maker_sales[s->maker_count - 1];

	PAR_LIGHT(m, s->maker_count, threads) {
		bool ends = m == s->maker_count - 1;
		s->maker_last[m] = ends ? UINT32_MAX : last_draw(s->maker_sales[m], total);
		s->maker_sales[m] = 0;
	}
	guide_made(s, threads);
}

/* A firm offers its stock and half of the month's output, in 1/1024 units. */
static int64_t offer_of(const struct firms *f, int64_t j)
{
	return 1 + (int64_t)((f->inventory[j] + 0.5 * f->output[j]) * 1024.0);
}

/* How many makers region r has, and what they offer. */
static void region_counted(struct world *w, int64_t r)
{
	int64_t count = 0, sum = 0;

	for (int64_t j = w->firms_first[r]; j < w->goods_first[r]; j++) {
		count += w->firm.alive[j];
		sum += either_i64(w->firm.alive[j], offer_of(&w->firm, j), 0);
	}
	w->scratch->makers_first[r] = count;
	w->scratch->offers_first[r] = sum;
}

static void region_listed(struct world *w, int64_t r)
{
	const struct firms *f = &w->firm;
	struct scratch *s = w->scratch;
	int64_t m = s->makers_first[r], sum = s->offers_first[r];

	for (int64_t j = w->firms_first[r]; j < w->goods_first[r]; j++) {
		if (!f->alive[j])
			continue;
		sum += offer_of(f, j);
		s->makers[m] = (struct maker){.firm = (uint32_t)j, .price = f->price[j]};
		s->maker_price[m] = f->price[j];
		s->maker_orders[m] = 0;
		s->maker_sales[m++] = sum;
	}
}

void makers_listed(struct world *w)
{
	struct scratch *s = w->scratch;
	int64_t count = 0, sum = 0;

	PAR_ROWS(r, w->regions, w->threads)
		region_counted(w, r);
	for (int64_t r = 0; r < w->regions; r++) {
		int64_t here = s->makers_first[r], offers = s->offers_first[r];
		s->makers_first[r] = count;
		s->offers_first[r] = sum;
		count += here;
		sum += offers;
	}
	s->maker_count = count;
	PAR_ROWS(r, w->regions, w->threads)
		region_listed(w, r);
	if (count)
		offers_laid_out(s, w->threads);
}

void makers_drawn(const struct scratch *s, int n, uint32_t *draw)
{
	const uint32_t *guide = s->maker_guide, *last = s->maker_last;
	int shift = s->guide_shift;

	for (int k = 0; k < n; k++) {
		uint32_t maker = guide[draw[k] >> shift];

		maker += draw[k] > last[maker]; /* mostly enough, without a branch */
		while (draw[k] > last[maker])
			maker++;
		draw[k] = maker;
	}
}
