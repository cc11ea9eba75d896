/* Floor 4. One month of the model. */
#ifndef LUDD_TICK_H
#define LUDD_TICK_H

#include "ludd/world.h"

/* 0, or -1 with e set: an invariant failed or an amount overflowed. */
int tick(struct world *w, struct err *e);

int phase_count(void);
const char *phase_name(int i); /* position in phase_seconds and phase_hash */

#endif
