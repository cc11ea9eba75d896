/* The labour market (P2c-P2f, E25). Firms post their vacancies; people out of work apply to
 * several, some people in work to one they like better, most of them in their own region. Each
 * firm puts its applicants in a drawn order and calls as many as it has posts; people take the
 * best offer; posts left empty are offered to the next who hold no offer yet. Then people move.
 *
 * All of it is propose and accept in rounds: firms write only to the applications they hold,
 * people only to their own row, so nothing depends on who comes first. Applications of a block
 * of people lie in one segment, in order of person. */
#include "ludd/firm.h"
#include "ludd/phases.h"
#include "ludd/scratch.h"

enum { NO_OFFER, OFFER, DECLINED };
#define NO_CHOICE UINT32_MAX

void vacancies_open(struct world *w)
{
	struct scratch *s = w->scratch;
	int64_t total = 0;

	for (int64_t r = 0; r < w->regions; r++) {
		s->vacancy_first[r] = total;
		for (int64_t j = w->firms_first[r]; j < w->firms_first[r + 1]; j++)
			total += w->firm.vacancies[j];
	}
	s->vacancy_first[w->regions] = total;
	scratch_vacancy_reserve(s, total);
	PAR_ROWS(r, w->regions, w->threads) {
		uint32_t *post = &s->vacancy[s->vacancy_first[r]];
		for (int64_t j = w->firms_first[r]; j < w->firms_first[r + 1]; j++)
			for (int32_t i = 0; i < w->firm.vacancies[j]; i++)
				*post++ = (uint32_t)j;
	}
	w->census.head.vacancies = total;
}

/* A post drawn at random: in the own region if the draw says so and it has any, else anywhere. */
static uint32_t post_seen(const struct world *w, struct pcg32 *g, uint16_t region)
{
	const struct scratch *s = w->scratch;
	int64_t first = 0, count = s->vacancy_first[w->regions];

	if (w->regions > 1 && rng_unit(g) < w->par.labour.local_search) {
		int64_t here = s->vacancy_first[region + 1] - s->vacancy_first[region];
		if (here > 0) {
			first = s->vacancy_first[region];
			count = here;
		}
	}
	return s->vacancy[first + rng_below(g, (uint32_t)count)];
}

struct seeker { /* looks for posts, one person after the other */
	struct world *w;
	struct rng_key match, apply;
	uint64_t on_the_job; /* chance that an employed person looks, as a threshold */
	struct application *list;
	int32_t count;
};

/* Pay and the value of hours that person n would have at firm j. */
static double pay_at(const struct world *w, int64_t n, int64_t j, uint16_t match)
{
	double worth = w->scratch->value[j].by_skill[w->worker.skilled[n]];
	return worth * (1.0 + w->par.labour.match_spread * (match * 0x1p-15 - 1.0));
}

static void person_applies(struct seeker *s, int64_t n, uint32_t firm)
{
	uint16_t match = firm_match(s->match, (uint64_t)n, firm);
	s->list[s->count++] = (struct application){(uint32_t)n, firm, pay_at(s->w, n, firm, match)};
}

static bool applied_already(const struct seeker *s, int32_t from, uint32_t firm)
{
	for (int32_t i = from; i < s->count; i++)
		if (s->list[i].firm == firm)
			return true;
	return false;
}

/* Out of work: several posts. */
static void jobless_searches(struct seeker *s, int64_t n)
{
	const struct world *w = s->w;
	struct pcg32 g = rng_agent(s->apply, (uint64_t)n);
	int32_t from = s->count;

	for (int64_t k = 0; k < w->par.labour.applications; k++) {
		uint32_t firm = post_seen(w, &g, w->worker.region[n]);
		if (!applied_already(s, from, firm))
			person_applies(s, n, firm);
	}
}

/* In work: one post, if it is better than the own by what makes a move worth while. */
static void employee_searches(struct seeker *s, int64_t n, uint32_t own)
{
	const struct world *w = s->w;
	struct pcg32 g = rng_after_first(s->apply, (uint64_t)n);
	uint32_t firm = post_seen(w, &g, w->worker.region[n]);

	if (firm == own)
		return;
	person_applies(s, n, firm);
	if (s->list[s->count - 1].value <=
	    (1.0 + w->par.labour.acceptance_gain) * pay_at(w, n, own, w->worker.match[n]))
		s->count--;
}

static void people_apply(struct world *w)
{
	struct scratch *s = w->scratch;
	struct seeker looks = {
		.w = w,
		.match = rng_key(w->seed, DRAW_match, 0),
		.apply = rng_key(w->seed, DRAW_apply, w->tick),
		.on_the_job = rng_threshold(w->par.labour.on_the_job_search),
	};
	bool any = s->vacancy_first[w->regions] > 0;

	PAR_BLOCKS(b, w->people, w->threads) {
		struct seeker seeker = looks;
		seeker.list = &s->application[b * s->application_room];
		BLOCK_ROWS(n, b, w->people) {
			uint32_t own = w->worker.employer[n];
			s->choice[n] = NO_CHOICE;
			if (!any)
				continue;
			if (own == NO_FIRM)
				jobless_searches(&seeker, n);
			else if (rng_first(seeker.apply, (uint64_t)n) < seeker.on_the_job)
				employee_searches(&seeker, n, own);
		}
		for (int32_t i = 0; i < seeker.count; i++) {
			s->offered[b * s->application_room + i] = NO_OFFER;
			par_add(&s->next[seeker.list[i].firm], 1, w->threads);
		}
		s->applications[b] = seeker.count;
	}
}

/* Lists every firm's applications in the drawn order; ties go to the earlier application. */
static void applicants_listed(struct world *w)
{
	struct scratch *s = w->scratch;
	struct rng_key key = rng_key(w->seed, DRAW_hire, w->tick);
	int64_t total = 0;

	for (int64_t j = 0; j < w->firms; j++) {
		s->first[j] = total;
		total += s->next[j];
		s->next[j] = s->first[j];
	}
	s->first[w->firms] = total;
	scratch_list_reserve(s, total);
	PAR_BLOCKS(b, w->people, w->threads) {
		for (int64_t i = b * s->application_room;
		     i < b * s->application_room + s->applications[b]; i++) {
			const struct application *a = &s->application[i];
			uint64_t lot = rng_first(key, (uint64_t)a->person << 32 | a->firm);
			s->list[par_take(&s->next[a->firm], w->threads)] = lot << 32 | (uint64_t)i;
		}
	}
	PAR_ROWS(j, w->firms, w->threads) {
		sort_keys(&s->list[s->first[j]], s->first[j + 1] - s->first[j]);
		s->next[j] = s->first[j];
	}
	w->census.head.applications += total;
}

/* Every firm with open posts calls the next applicants who hold no offer. */
static void firms_call(struct world *w)
{
	struct scratch *s = w->scratch;

	PAR_ROWS(j, w->firms, w->threads) {
		int32_t open = w->firm.vacancies[j] - w->firm.filled[j];
		while (open > 0 && s->next[j] < s->first[j + 1]) {
			uint32_t i = (uint32_t)s->list[s->next[j]++];
			if (s->choice[s->application[i].person] == NO_CHOICE) {
				s->offered[i] = OFFER;
				open--;
			}
		}
	}
}

static bool better(const struct application *a, const struct application *b)
{
	return a->value > b->value || (a->value >= b->value && a->firm < b->firm);
}

/* People take the best offer of this round; applications of a person are neighbours. */
static void people_choose(struct world *w)
{
	struct scratch *s = w->scratch;

	PAR_BLOCKS(b, w->people, w->threads) {
		int64_t from = b * s->application_room;
		for (int64_t i = from; i < from + s->applications[b]; i++) {
			const struct application *a = &s->application[i];
			uint32_t *choice = &s->choice[a->person];
			if (s->offered[i] != OFFER)
				continue;
			s->offered[i] = DECLINED;
			if (*choice == NO_CHOICE || better(a, &s->application[*choice]))
				*choice = (uint32_t)i;
		}
	}
	PAR_BLOCKS(b, w->people, w->threads) {
		int64_t from = b * s->application_room;
		for (int64_t i = from; i < from + s->applications[b]; i++) {
			const struct application *a = &s->application[i];
			if (s->offered[i] == DECLINED && s->choice[a->person] == (uint32_t)i) {
				s->offered[i] = NO_OFFER;
				par_add_i32(&w->firm.filled[a->firm], 1, w->threads);
			}
		}
	}
}

static void person_moves(struct world *w, struct rng_key match, int64_t n, struct tally *t)
{
	uint32_t to = w->scratch->application[w->scratch->choice[n]].firm;
	uint32_t from = w->worker.employer[n];

	if (from == NO_FIRM) {
		t->count[0]++;
		par_add(&w->scratch->hired[w->worker.region[n]], 1, w->threads);
	} else {
		t->count[1]++;
		par_add_i32(&w->firm.staff[from], -1, w->threads);
	}
	w->worker.employer[n] = to;
	w->worker.match[n] = firm_match(match, (uint64_t)n, to);
	w->worker.spell[n] = 0;
	par_add_i32(&w->firm.staff[to], 1, w->threads);
}

static void people_move(struct world *w)
{
	struct rng_key match = rng_key(w->seed, DRAW_match, 0);
	struct tally sum;

	PAR_BLOCKS(b, w->people, w->threads) {
		struct tally t = {0};
		BLOCK_ROWS(n, b, w->people)
			if (w->scratch->choice[n] != NO_CHOICE)
				person_moves(w, match, n, &t);
		w->scratch->tally[b] = t;
	}
	sum = tally_sum(w->scratch->tally, par_blocks(w->people));
	w->census.head.hires_from_reserve += sum.count[0];
	w->census.head.moves += sum.count[1];
	w->census.head.hires += sum.count[0] + sum.count[1];
}

void applications_clear(struct world *w)
{
	struct firms *f = &w->firm;

	PAR_ROWS(j, w->firms, w->threads) {
		w->scratch->next[j] = 0;
		w->scratch->value[j] =
			(struct post_value){{f->appeal[j], f->appeal[j] * f->skill_factor[j]}};
	}
	people_apply(w);
	applicants_listed(w);
	for (int64_t round = 0; round < w->par.labour.hiring_rounds; round++) {
		firms_call(w);
		people_choose(w);
	}
	people_move(w);
	PAR_ROWS(j, w->firms, w->threads) {
		double empty = f->vacancies[j] - f->filled[j];
		if (f->alive[j])
			f->unfilled[j] += 0.3 * (empty / (f->staff[j] + 2.0) - f->unfilled[j]);
	}
}
