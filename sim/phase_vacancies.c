/* Firms post their vacancies (E25), region by region, and say which lots of applicants they may
 * come to call. */
#include "ludd/phases.h"
#include "ludd/scratch.h"

/* Who looks for posts: people out of work, in the region and in all. */
struct crowd {
	double here, all;
	double posts_here, posts;
	double near; /* share of looks that stay in the region */
	double spare; /* applicants who are listed beyond twice as many as there are posts */
};

/* The more, the more firms there are, so that the list of some firm is too short in few months: the
 * chance that one is falls by more than half with each applicant. */
static double spare_applicants(int64_t firms)
{
	double spare = -3.5;

	for (; firms > 0; firms /= 2)
		spare += 0.8;
	return larger(spare, 1.0);
}

/* The highest lot with which an applicant may be called at a firm with `open` posts. Nobody else is
 * listed (phase_hiring.c): as many are as all but certainly suffice, also where some who are called
 * have a post by then, even if nobody applied but the people out of work that must be expected. All
 * are listed where these are not more. */
static uint32_t last_lot_of(const struct world *w, const struct crowd *c, int32_t open)
{
	double listed = 2.0 * open + c->spare, all = (1.0 - c->near) * open / c->posts;
	double seen_here = c->near * open / c->posts_here + all, not_here = 1.0, n;

	for (int64_t i = 0; i < w->par.labour.applications; i++)
		not_here *= 1.0 - seen_here;
	n = c->here * (1.0 - not_here) +
	    (c->all - c->here) * all * (double)w->par.labour.applications;
	return listed < n ? (uint32_t)(listed / n * 0x1p32) : UINT32_MAX;
}

static void posts_written(struct world *w, int64_t r, const struct crowd *c)
{
	struct scratch *s = w->scratch;
	uint64_t *next = &s->vacancy[s->vacancy_first[r]];

	for (int64_t j = w->firms_first[r]; j < w->firms_first[r + 1]; j++) {
		int32_t open = w->firm.vacancies[j];
		if (open == 0)
			continue;
		s->last_lot[j] = last_lot_of(w, c, open);
		for (int32_t i = 0; i < open; i++)
			*next++ = post((uint32_t)j, s->last_lot[j]);
	}
}

void vacancies_open(struct world *w)
{
	struct scratch *s = w->scratch;
	double spare = spare_applicants(w->firms);
	int64_t total = 0, looking = 0;

	PAR_ROWS(r, w->regions, w->threads) {
		int64_t posts = 0;
		for (int64_t j = w->firms_first[r]; j < w->firms_first[r + 1]; j++)
			posts += w->firm.vacancies[j];
		s->vacancy_first[r] = posts;
	}
	for (int64_t r = 0; r < w->regions; r++) {
		int64_t posts = s->vacancy_first[r];
		s->vacancy_first[r] = total;
		looking += s->reserve[r] + s->separated[r];
		total += posts;
	}
	s->vacancy_first[w->regions] = total;
	scratch_vacancy_reserve(s, total);
	PAR_ROWS(r, w->regions, w->threads) {
		struct crowd c = {
			.here = (double)(s->reserve[r] + s->separated[r]),
			.all = (double)looking,
			.posts_here = (double)(s->vacancy_first[r + 1] - s->vacancy_first[r]),
			.posts = (double)total,
			.near = w->regions > 1 ? w->par.labour.local_search : 0.0,
			.spare = spare,
		};
		posts_written(w, r, &c);
	}
	w->census.head.vacancies = total;
}
