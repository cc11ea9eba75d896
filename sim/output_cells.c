/* Numbers by their place, few in memory and many in a file without a name. A place where nothing
 * was put is NaN: a file's holes read as zeros, so numbers are kept with the bits of a NaN
 * flipped. */
#define _XOPEN_SOURCE 700
#define _FILE_OFFSET_BITS 64
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ludd/mem.h"
#include "ludd/output_parts.h"

enum { FLIPPED = 512 }; /* numbers at a time, on the stack */

static void bits_flip(const void *from, void *to, int64_t n)
{
	static const double nothing = NAN;
	uint64_t mask, bits;
	memcpy(&mask, &nothing, sizeof(mask));
	for (int64_t i = 0; i < n; i++) {
		memcpy(&bits, (const char *)from + 8 * i, sizeof(bits));
		bits ^= mask;
		memcpy((char *)to + 8 * i, &bits, sizeof(bits));
	}
}

/* Beside the results there is room for results; who may only read them has another directory. */
static int file_open(struct cells *c, const char *directory)
{
	const char *place = getenv("TMPDIR");
	const char *const places[] = {directory, place && *place ? place : "/tmp"};
	c->descriptor = -1;
	for (int i = 0; i < LENGTH(places) && c->descriptor < 0; i++) {
		c->descriptor = file_nameless(places[i]);
		c->directory = places[i];
	}
	return c->descriptor < 0 ? -1 : 0;
}

static int cells_failed(const struct cells *c, const char *what, struct err *e)
{
	return err_set(e, EXIT_IO, "%s: a temporary file for the comparison %s: %s", c->directory,
		       what, strerror(errno ? errno : EIO));
}

int cells_open(struct cells *c, int64_t count, const char *directory, struct err *e)
{
	*c = (struct cells){.directory = directory, .descriptor = -1};
	if (count <= CELLS_HELD)
		MEM_NEW(c->held, count, "numbers to compare");
	else if (file_open(c, directory))
		return cells_failed(c, "cannot be made", e);
	return 0;
}

void cells_close(struct cells *c)
{
	if (c->held)
		mem_free(c->held);
	else if (c->descriptor > 0)
		close(c->descriptor);
	*c = (struct cells){.descriptor = -1};
}

/* A comparison makes thousands of small writes to a file that nothing depends on but itself: one
 * that fails is tried again, so that a file system over a network with hiccups serves too. */
static bool bytes_put(const struct cells *c, const char *from, size_t bytes, int64_t at)
{
	enum { TRIES = 4 };
	int failed = 0;

	while (bytes > 0 && failed < TRIES) {
		ssize_t got = pwrite(c->descriptor, from, bytes, (off_t)at);
		if (got > 0) {
			from += got;
			at += got;
			bytes -= (size_t)got;
		} else {
			failed += got == 0 || errno != EINTR;
		}
	}
	return bytes == 0;
}

int cells_put(struct cells *c, int64_t at, const double *x, int64_t n, struct err *e)
{
	uint64_t flipped[FLIPPED];
	for (int64_t done = 0, part; done < n; done += part) {
		part = smaller_i64(n - done, FLIPPED);
		bits_flip(x + done, c->held ? c->held + at + done : flipped, part);
		if (!c->held &&
		    !bytes_put(c, (const char *)flipped, (size_t)part * 8, 8 * (at + done)))
			return cells_failed(c, "cannot be written", e);
	}
	return 0;
}

int cells_get(const struct cells *c, int64_t at, double *x, int64_t n, struct err *e)
{
	char *to = (char *)x;
	size_t bytes = (size_t)n * 8, got = 0;
	if (c->held)
		memcpy(to, c->held + at, bytes);
	while (!c->held && got < bytes) {
		ssize_t more = pread(c->descriptor, to + got, bytes - got,
				     (off_t)(8 * at + (int64_t)got));
		if (more < 0 && errno != EINTR)
			return cells_failed(c, "cannot be read", e);
		if (more == 0) { /* behind the last number that was put */
			memset(to + got, 0, bytes - got);
			break;
		}
		got += more > 0 ? (size_t)more : 0;
	}
	bits_flip(x, x, n);
	return 0;
}
