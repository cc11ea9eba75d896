/* Floor 3. Who got the productivity gain since automation.start; see docs/model.md. */
#ifndef LUDD_GAIN_H
#define LUDD_GAIN_H

#include "ludd/world.h"

/* Before automation.start: remembers the last twelve months as the base. From then on: writes
 * the census' gain_* in mills a month at reference prices. */
void gain_counted(struct world *w);

#endif
