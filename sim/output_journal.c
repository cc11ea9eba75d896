/* Journals: files that hold every finished run whatever ends the process. */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "ludd/journal.h"
#include "ludd/mem.h"
#include "ludd/output_parts.h"

enum {
	HEAD_MAGIC, HEAD_FORMAT, HEAD_MODEL, HEAD_EXPERIMENT, HEAD_LAYOUT, HEAD_SHARD, HEAD_SHARDS,
	HEAD_TRACED, HEAD_SUM, HEAD_WORDS
};
enum { HEAD = 8 * HEAD_WORDS, BLOCK = 65536 };
static const uint64_t journal_magic = 0x534e55524444554cULL; /* "LUDDRUNS" */

static int journal_failed(const struct journal *j, const char *what, struct err *e)
{
	return err_set(e, EXIT_IO, "%s: %s: %s", j->path, what, strerror(errno ? errno : EIO));
}

/* Reads at an offset as much as there is; the number of bytes, or -1. */
static int64_t bytes_read(const struct journal *j, char *to, size_t length, int64_t offset)
{
	size_t got = 0;
	while (got < length) {
		ssize_t n = pread(j->descriptor, to + got, length - got,
				  (off_t)(offset + (int64_t)got));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		got += (size_t)n;
	}
	return (int64_t)got;
}

static int bytes_write(const struct journal *j, const char *from, size_t length, int64_t offset)
{
	size_t put = 0;
	while (put < length) {
		ssize_t n = pwrite(j->descriptor, from + put, length - put,
				   (off_t)(offset + (int64_t)put));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		put += (size_t)n;
	}
	return 0;
}

/* 1: held from now on; 0: another process has it (its number in *holder); -1: errno says why. */
int file_hold(int descriptor, bool wait, long *holder)
{
	struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	while (fcntl(descriptor, wait ? F_SETLKW : F_SETLK, &all)) {
		if (errno == EINTR)
			continue;
		if (errno != EACCES && errno != EAGAIN)
			return -1;
		*holder = 0;
		if (!fcntl(descriptor, F_GETLK, &all) && all.l_type != F_UNLCK)
			*holder = (long)all.l_pid;
		return 0;
	}
	return 1;
}

static void head_make(char *head, const struct journal *j, const struct journal_identity *identity)
{
	word_put(head + 8 * HEAD_MAGIC, journal_magic);
	word_put(head + 8 * HEAD_FORMAT, JOURNAL_FORMAT);
	word_put(head + 8 * HEAD_MODEL, LUDD_MODEL_VERSION);
	word_put(head + 8 * HEAD_EXPERIMENT, identity->experiment);
	word_put(head + 8 * HEAD_LAYOUT, identity->layout);
	word_put(head + 8 * HEAD_SHARD, (uint64_t)j->shard.number);
	word_put(head + 8 * HEAD_SHARDS, (uint64_t)j->shard.count);
	word_put(head + 8 * HEAD_TRACED, j->traced);
	word_put(head + 8 * HEAD_SUM, XXH3_64bits(head, 8 * HEAD_SUM));
}

static int head_check(const struct journal *j, const char *head,
		      const struct journal_identity *identity, struct err *e)
{
	static const char *const others[HEAD_WORDS] = {
		[HEAD_FORMAT] = "has another format",
		[HEAD_MODEL] = "was written by another version of the model",
		[HEAD_EXPERIMENT] = "belongs to another experiment",
		[HEAD_LAYOUT] = "was written by a ludd with other metrics or columns",
	};
	char wanted[HEAD];
	head_make(wanted, j, identity);
	if (word_get(head + 8 * HEAD_MAGIC) != journal_magic ||
	    word_get(head + 8 * HEAD_SUM) != XXH3_64bits(head, 8 * HEAD_SUM))
		return err_set(e, EXIT_IO, "%s: its head is damaged; remove the file to have its "
			       "runs done again", j->path);
	for (int i = 0; i < HEAD_WORDS; i++)
		if (others[i] && memcmp(head + 8 * i, wanted + 8 * i, 8))
			return err_set(e, EXIT_USAGE, "%s %s; go on as it was begun, or begin "
				       "again in another directory or with --force", j->path,
				       others[i]);
	return 0;
}

/* Whether the name still leads to the open file: someone may have removed it meanwhile. */
static bool journal_named(const struct journal *j)
{
	struct stat by_name, opened;
	return !stat(j->path, &by_name) && !fstat(j->descriptor, &opened) &&
	       by_name.st_ino == opened.st_ino && by_name.st_dev == opened.st_dev;
}

static int journal_hold(struct journal *j, struct err *e)
{
	do {
		if (j->descriptor >= 0)
			close(j->descriptor);
		j->descriptor = open(j->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
		if (j->descriptor < 0)
			return journal_failed(j, "cannot be written", e);
		int held = file_hold(j->descriptor, false, &j->holder);
		if (held < 0)
			return journal_failed(j, "cannot be locked (the file system must "
					      "support it)", e);
		if (!held)
			return err_set(e, EXIT_IO, "%s: another process (%ld) is writing to it; "
				       "wait for it, or end it", j->path, j->holder);
	} while (!journal_named(j));
	j->own = true;
	return 0;
}

static void journal_watch(struct journal *j)
{
	struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	j->busy = !fcntl(j->descriptor, F_GETLK, &all) && all.l_type != F_UNLCK;
	j->holder = j->busy ? (long)all.l_pid : 0;
}

static int journal_reopen(struct journal *j, struct err *e)
{
	if (j->descriptor < 0)
		j->descriptor = open(j->path, O_RDONLY | O_CLOEXEC);
	return j->descriptor < 0 ? journal_failed(j, "cannot be read", e) : 0;
}

int journal_open(struct journal *j, const char *directory, const struct shard *shard,
		 const struct journal_identity *identity, bool own, bool traced, struct err *e)
{
	char head[HEAD];
	*j = (struct journal){.shard = *shard, .descriptor = -1, .traced = traced};
	j->path = mem_format("%s/shards/%" PRId64 "-of-%" PRId64 ".runs", directory, shard->number,
			     shard->count);
	if (own ? journal_hold(j, e) : journal_reopen(j, e))
		return -1;
	if (!own)
		journal_watch(j);
	int64_t got = bytes_read(j, head, HEAD, 0);
	if (got < 0)
		return journal_failed(j, "cannot be read", e);
	j->end = HEAD;
	if (got == HEAD) {
		j->traced = word_get(head + 8 * HEAD_TRACED) != 0;
		return head_check(j, head, identity, e);
	}
	head_make(head, j, identity);
	if (own && (ftruncate(j->descriptor, 0) || bytes_write(j, head, HEAD, 0)))
		return journal_failed(j, "writing failed", e);
	return 0;
}

void journal_close(struct journal *j)
{
	if (j->descriptor >= 0)
		close(j->descriptor);
	j->descriptor = -1;
	j->own = false;
}

void journal_free(struct journal *j)
{
	journal_close(j);
	mem_free(j->path);
	*j = (struct journal){.descriptor = -1};
}

static void record_reserve(struct record *r, size_t bytes)
{
	if (r->room >= bytes)
		return;
	r->room = bytes + bytes / 4;
	r->held = mem_resize(r->held, r->room, 1, "a finished run");
}

/* 1: whole; 0: its head is good and what follows is not; -1: no record of this file. */
static int record_at(const struct journal *j, int64_t offset, int64_t size, bool whole,
		     struct record *r)
{
	char head[RECORD_HEAD];
	if (bytes_read(j, head, RECORD_HEAD, offset) != RECORD_HEAD || !record_head_read(head, r) ||
	    r->bytes > size - offset)
		return -1;
	if (!whole && r->run != RECORD_SESSION)
		return 1;
	int64_t rest = r->bytes - RECORD_HEAD;
	record_reserve(r, (size_t)rest);
	return bytes_read(j, r->held, (size_t)rest, offset + RECORD_HEAD) == rest &&
	       record_sections_read(r, r->held);
}

/* Where the next good record begins after damage; `size` where there is none. */
static int64_t record_search(const struct journal *j, int64_t offset, int64_t size,
			     struct record *r)
{
	char block[BLOCK + 8];
	while (size - offset >= RECORD_HEAD) {
		int64_t got = bytes_read(j, block, sizeof(block), offset);
		for (int64_t i = 0; i + 8 <= got; i++)
			if (record_starts(block + i) &&
			    record_at(j, offset + i, size, false, r) > 0)
				return offset + i;
		if (got <= 8)
			break;
		offset += got - 7;
	}
	return size;
}

int journal_scan(struct journal *j, bool whole,
		 void (*take)(void *context, const struct record *r, int64_t offset), void *context,
		 struct err *e)
{
	struct stat file;
	struct record r = {0};
	if (fstat(j->descriptor, &file))
		return journal_failed(j, "cannot be read", e);
	int64_t size = (int64_t)file.st_size, offset = HEAD;
	while (offset < size) {
		int found = record_at(j, offset, size, whole, &r);
		if (found < 0) {
			int64_t next = record_search(j, offset + 1, size, &r);
			if (next == size)
				break; /* a tail that was never finished */
			offset = next;
			continue;
		}
		if (found > 0)
			take(context, &r, offset);
		offset += r.bytes;
	}
	record_free(&r);
	j->end = offset;
	if (j->own && offset < size && ftruncate(j->descriptor, (off_t)offset))
		return journal_failed(j, "cannot be cut", e);
	return 0;
}

int journal_read(struct journal *j, int64_t offset, int only, struct record *r, struct err *e)
{
	char head[RECORD_HEAD];
	if (journal_reopen(j, e))
		return -1;
	errno = 0;
	bool good = bytes_read(j, head, RECORD_HEAD, offset) == RECORD_HEAD &&
		    record_head_read(head, r);
	int64_t from = offset + RECORD_HEAD, length = r->bytes - RECORD_HEAD;
	for (int i = 0; i < only && good; i++)
		from += (int64_t)r->length[i];
	if (only >= 0)
		length = (int64_t)r->length[only];
	if (good) {
		record_reserve(r, (size_t)length);
		good = bytes_read(j, r->held, (size_t)length, from) == length;
	}
	if (good)
		good = only < 0 ? record_sections_read(r, r->held)
				: record_section_read(r, (enum section)only, r->held);
	if (good)
		return 0;
	if (errno)
		return journal_failed(j, "cannot be read", e);
	return err_set(e, EXIT_IO, "%s: the record at byte %" PRId64 " is damaged; ludd run "
		       "--resume does its run again", j->path, offset);
}

int journal_append(struct journal *j, const struct text *bytes, int64_t *offset, struct err *e)
{
	errno = 0;
	if (j->broken)
		return err_set(e, EXIT_IO, "%s: an earlier write failed", j->path);
	if (bytes_write(j, bytes->s, bytes->length, j->end)) {
		int reason = errno;
		j->broken = ftruncate(j->descriptor, (off_t)j->end) != 0;
		errno = reason;
		return journal_failed(j, "writing failed", e);
	}
	*offset = j->end;
	j->end += (int64_t)bytes->length;
	return 0;
}

int journal_sync(struct journal *j, struct err *e)
{
	return file_synced(j->descriptor) ? 0 : journal_failed(j, "writing failed", e);
}
