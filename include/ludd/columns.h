/* Floor 2. Operations over all columns of columns.def. */
#ifndef LUDD_COLUMNS_H
#define LUDD_COLUMNS_H

#include "ludd/world.h"

void columns_new(struct world *w); /* allocates all columns for the sizes in w */
void columns_copy(struct world *to, const struct world *from);
void columns_free(struct world *w);
int64_t columns_bytes(const struct world_size *z);
uint64_t column_hash(const struct world *w, int i); /* order-free hash of column_at(i) */

#endif
