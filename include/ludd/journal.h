/* Floor 5. A journal: what the runs of one shard leave as they finish, in an append-only file
 * shards/I-of-N.runs. A head, then records: one a process that writes (its session), one a finished
 * or failed run. Numbers are 64 bits, little endian; texts are as the CSV files will have them. A
 * record that is not complete or not as it was written does not count. One process at a time holds
 * a journal to write to it; others may read.
 *
 * head:   magic, format, model version, experiment, layout, shard, shards, traced, xxh3 of these
 * record: magic, bytes, run, exit code, seed, state hash, seconds, peak bytes, seconds of 32
 *         phases, bytes of each section, xxh3 of each section, xxh3 of these; the sections */
#ifndef LUDD_JOURNAL_H
#define LUDD_JOURNAL_H

#include "ludd/err.h"
#include "ludd/experiment.h"
#include "ludd/run.h"
#include "ludd/text.h"

enum { JOURNAL_FORMAT = 2, SHARDS_MOST = 1000000 };

struct shard { /* the runs r with r % count == number */
	int64_t number, count;
};

enum section {
	SECTION_NOTE, /* why a run failed; of a session: JSON */
	SECTION_SERIES, SECTION_FIRMS, SECTION_WORKERS, SECTION_TRACE, /* rows of these files */
	SECTION_SUMMARY,      /* rows of summary.csv without their last column, a line a window */
	SECTION_UNEMPLOYMENT, /* first tick, ticks from row to row, unemployment_rate by row */
	SECTION_TRANSITIONS,  /* as transitions.h has it */
	SECTIONS
};
enum { RECORD_SESSION = -1, RECORD_PHASES = 32 };

struct record {
	int64_t run; /* or RECORD_SESSION */
	enum exit_code code; /* EXIT_DONE, or why it failed */
	uint64_t seed, state_hash;
	double seconds, phase_seconds[RECORD_PHASES];
	int64_t peak_bytes; /* of the process, when the run finished */
	const char *section[SECTIONS]; /* no final zero; NULL where only the head was read */
	size_t length[SECTIONS];
	uint64_t sum[SECTIONS];
	int64_t bytes; /* of the whole record */
	char *held;    /* what the sections point into: reused by the next read */
	size_t room;
};

void record_free(struct record *r);
/* The bytes of a record. */
void record_make(const struct experiment *x, const struct run_result *result, struct text *bytes);
void record_make_session(const char *json, struct text *bytes);
/* Reads a head; false where it is none, or not as it was written. */
bool record_head_read(const char *head, struct record *r);
/* Sets the sections of a record whose head was read, or one of them; false where they are not as
 * written. */
bool record_sections_read(struct record *r, const char *sections);
bool record_section_read(struct record *r, enum section section, const char *bytes);
enum { RECORD_HEAD = 8 * (8 + RECORD_PHASES + 2 * SECTIONS + 1) }; /* bytes */

struct journal_identity { /* the journals of a directory share it */
	uint64_t experiment, layout; /* hashes of the resolved experiment, of the tables' columns */
};

struct journal {
	struct shard shard;
	char *path;
	int descriptor; /* -1: closed for now */
	bool traced;    /* its runs keep the hash of every phase */
	bool own;       /* this process holds it */
	bool busy;      /* another process held it when it was opened */
	long holder;    /* that process; 0 where its machine does not tell */
	bool broken;    /* a write failed and could not be taken back */
	int64_t end;    /* where the next record goes */
};

/* Opens shards/I-of-N.runs of DIR. With `own` it is created if need be and held until closed:
 * EXIT_IO where another process has it; `traced` is for a new one. Otherwise a journal without
 * a whole head is empty. */
int journal_open(struct journal *j, const char *directory, const struct shard *shard,
		 const struct journal_identity *identity, bool own, bool traced, struct err *e);
/* Closes the file: a journal that this process holds is released. */
void journal_close(struct journal *j);
void journal_free(struct journal *j);
/* Calls take() for every record that is whole, with its offset, heads alone or, with `whole`, what
 * follows them checked too. A tail that is no record is cut off where the journal is our own. */
int journal_scan(struct journal *j, bool whole,
		 void (*take)(void *context, const struct record *r, int64_t offset), void *context,
		 struct err *e);
/* Reads the record at an offset, whole or (`only` >= 0) one section of it, and checks it. */
int journal_read(struct journal *j, int64_t offset, int only, struct record *r, struct err *e);
/* Appends; a record that does not fit leaves the journal as it was. One caller at a time. */
int journal_append(struct journal *j, const struct text *bytes, int64_t *offset, struct err *e);
int journal_sync(struct journal *j, struct err *e); /* to the disk */

#endif
