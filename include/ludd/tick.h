/* Floor 4. One month of the model. */
#ifndef LUDD_TICK_H
#define LUDD_TICK_H

#include "ludd/invariants.h"
#include "ludd/world.h"

/* 0, or -1 with e set: an invariant failed or an amount overflowed. */
int tick(struct world *w, struct err *e);

/* The same month step by step, for who looks at the world in between: begin, the phases 0 ..
 * phase_count() - 1 in order, end. */
struct stocks tick_begin(struct world *w);
int tick_phase(struct world *w, int phase, struct err *e);
int tick_end(struct world *w, const struct stocks *before, struct err *e);

int phase_count(void);
const char *phase_name(int i); /* position in phase_seconds and phase_hash */

#endif
