/* Floor 0. The signals that ask a run to stop: it ends after the month at hand, with a
 * checkpoint. */
#ifndef LUDD_STOP_H
#define LUDD_STOP_H

#include <signal.h>

#include "ludd/base.h"

/* From now on TERM, INT, USR1 and USR2 set the flag; a second INT ends the process at once. */
void stop_install(void);
bool stop_requested(void);
const volatile sig_atomic_t *stop_flag(void); /* what they set, for struct run_options */

#endif
