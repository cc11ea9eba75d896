/* Floor 2. Makers of machines, found in proportion to what they offer (E23). A draw of 32 bits
 * falls on one maker's offer; which draws fall on whose is worked out once a month, so that a look
 * takes two comparisons of whole numbers. */
#ifndef LUDD_MAKERS_H
#define LUDD_MAKERS_H

#include "ludd/scratch.h"

/* Lists the firms of department I in business and lays out their offers. */
void makers_listed(struct world *w);

/* Turns draws into the makers, of at least one, on whose offers they fall. */
void makers_drawn(const struct scratch *s, int n, uint32_t *draw);

#endif
