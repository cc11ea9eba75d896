/* Floor 3. What must hold exactly, always. */
#ifndef LUDD_INVARIANTS_H
#define LUDD_INVARIANTS_H

#include "ludd/err.h"
#include "ludd/world.h"

struct stocks stocks_counted(const struct world *w);

/* 0, or -1 and a sentence. */
/* accounts add up to 0, and nothing is left in clearing */
int stocks_checked(const struct world *w, const struct stocks *s, const char *phase,
		   struct err *e);
int money_checked(const struct world *w, const char *phase, struct err *e);
/* each person has one employer, firms' staff adds up, posts filled were open */
int heads_checked(const struct world *w, const char *phase, struct err *e);
int kalecki_checked(const struct world *w, const struct stocks *before,
		    const struct stocks *after, struct err *e);
int fault_checked(const struct world *w, struct err *e); /* no amount was too large */

#endif
