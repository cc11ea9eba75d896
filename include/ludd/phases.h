/* Floor 3. The steps of a month. Each sees what the ones above it left. */
#ifndef LUDD_PHASES_H
#define LUDD_PHASES_H

#include "ludd/world.h"

enum phase {
#define PHASE(name) PHASE_##name,
#include "ludd/phases.def"
	PHASE_COUNT
};

#define PHASE(name) void name(struct world *w);
#include "ludd/phases.def"

#endif
