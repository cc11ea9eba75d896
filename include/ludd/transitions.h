/* Floor 5. People followed through two worlds. A person keeps row and draws in every scenario, so
 * what happened to person n in one run can be set beside what happened to the same person in
 * another run of the same seed.
 *
 * A run records two bytes a window and person: the months that ended with the person in the reserve
 * army (at most 32767), low byte first, and in the highest bit whether the person held a post when
 * the window began. Windows come in the order of the experiment, people in that of their rows; of
 * more than 10,000 people a sample drawn by the run's seed, the one of panels. */
#ifndef LUDD_TRANSITIONS_H
#define LUDD_TRANSITIONS_H

#include "ludd/experiment.h"
#include "ludd/text.h"
#include "ludd/world.h"

enum { FOLLOWED_MOST = 10000 }; /* people, about */

struct followed { /* who is recorded */
	int64_t count;
	uint32_t *person; /* rows, ascending */
};
void followed_choose(struct followed *f, const struct world *w);
void followed_free(struct followed *f);

/* Before a tick: who holds a post where a window begins with it. `record` grows to its size with
 * the first call; done twice before the same tick it changes nothing. */
void posts_noted(const struct experiment *x, const struct world *w, const struct followed *f,
		 struct text *record);
/* After a tick: who is in the reserve army. */
void reserve_noted(const struct experiment *x, const struct world *w, const struct followed *f,
		   struct text *record);

enum { MONTH_BINS = 5 }; /* 0, 1-3, 4-6, 7-12, 13 or more months in the reserve army */
struct transitions { /* people of two runs, a and b, in one window */
	int64_t people;
	int64_t held_both; /* a post when the window began, in both; they split into: */
	int64_t kept_both, kept_a_lost_b, lost_a_kept_b, lost_both; /* lost: came to the reserve */
	int64_t months_a, months_b; /* in the reserve, of all people */
	int64_t bins[MONTH_BINS][MONTH_BINS]; /* all people by months in a, in b */
};
/* Adds to out[0 .. windows-1] what the records of two runs say of the same people; false, and
 * nothing added, where the records are not of the same number of people. */
bool transitions_add(const char *a, size_t length_a, const char *b, size_t length_b, int windows,
		     struct transitions *out);

#endif
