/* Private to checkpoint*.c: the file that a checkpoint is, arrays under names.
 *
 * All numbers are little-endian. Offsets and sizes are in bytes.
 *   0   8  89 4C 55 44 44 0D 0A 1A: "LUDD" between bytes that a transfer as text would change
 *   8   4  version of this format       12   4  version of the model
 *   16  8  whose it is: run_fingerprint  24  8  size of the whole file     32   8  arrays
 *   40     the table, 72 an array: 40 name (zero padded), 4 kind ("i64", "f64" ...), 4 zero,
 *          8 rows, 8 offset, 8 xxh3-64 of the array
 *          the arrays, in the order of the table, without gaps
 *   -8  8  xxh3-64 of all bytes before */
#ifndef LUDD_ARRAYS_H
#define LUDD_ARRAYS_H

#include <stdio.h>

#include "ludd/err.h"
#include "ludd/world.h"

enum { ARRAY_FORMAT = 1, ARRAY_NAME = 40, ARRAYS = 256 };

struct array {
	char name[ARRAY_NAME];
	enum column_kind kind;
	int64_t rows;
	const void *data; /* when writing */
	uint64_t offset, checksum;
};

struct arrays {
	struct array items[ARRAYS];
	int count;
	uint64_t experiment; /* run_fingerprint() */
	char *path;          /* when reading */
	FILE *stream;
};

/* Data must live until arrays_write. */
void arrays_add(struct arrays *s, const char *name, enum column_kind kind, int64_t rows,
		  const void *data);
/* Replaces DIRECTORY/NAME, which becomes NAME.previous where `keep` says so. */
int arrays_write(const struct arrays *s, const char *directory, const char *name, bool keep,
		   struct err *e);

/* Opens a file and checks it as a whole; arrays_close in any case. */
int arrays_open(struct arrays *s, const char *path, struct err *e);
void arrays_close(struct arrays *s);
int64_t array_rows(const struct arrays *s, const char *name); /* 0 where there is none */
/* Refused unless the file has just this array. */
int array_expect(const struct arrays *s, const char *name, enum column_kind kind, int64_t rows,
		   struct err *e);
int array_read(const struct arrays *s, const char *name, enum column_kind kind, int64_t rows,
		 void *to, struct err *e);

#endif
