/* Floor 0. The only place that allocates. Memory is zeroed. A failure ends the process with exit
 * code 3 and a sentence that says how much was wanted for what: no caller can do better. */
#ifndef LUDD_MEM_H
#define LUDD_MEM_H

#include "ludd/base.h"

/* count * size bytes, zeroed; overflow of the product is a failure. `what` is for the message. */
void *mem_new(size_t count, size_t size, const char *what);
/* The same for room of which only a part may be used: what is not touched takes no memory. */
void *mem_reserve(size_t count, size_t size, const char *what);
/* What an array takes of room that several share, so that the next begins at a line of 64 bytes,
 * with a line between them. */
static inline size_t mem_line_apart(size_t bytes)
{
	return (bytes + 63) / 64 * 64 + 64;
}
/* The first line of 64 bytes of room from mem_new that is 64 bytes larger than needed. */
static inline void *mem_first_line(void *room)
{
	return (char *)room + (64 - (uintptr_t)room % 64) % 64;
}
/* Makes the address sanitizer, in builds with it, report who touches these bytes. */
void mem_forbid(void *p, size_t bytes);
/* Grows or shrinks; the new part is NOT zeroed. */
void *mem_resize(void *old, size_t count, size_t size, const char *what);
char *mem_text(const char *text); /* a copy */
/* printf into fresh memory. */
char *mem_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
void mem_free(void *p);
int64_t mem_peak(void); /* bytes: the process's peak resident size; 0 if unknown */
int64_t mem_available(void); /* bytes the machine could still give; INT64_MAX if unknown */

#define MEM_NEW(pointer, count, what) \
	((pointer) = mem_new((size_t)(count), sizeof(*(pointer)), (what)))

#endif
