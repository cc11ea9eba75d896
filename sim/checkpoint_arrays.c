/* Writing and reading the file; see arrays.h. Numbers are put together byte by byte, so that a
 * machine of either byte order writes and reads the same file. */
#define _POSIX_C_SOURCE 200809L
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "ludd/mem.h"
#include "ludd/output.h"
#include "arrays.h"

enum { PREAMBLE = 40, ENTRY = 72, TRAILER = 8, BLOCK = 1 << 16 };

static const unsigned char magic[8] = {0x89, 'L', 'U', 'D', 'D', '\r', '\n', 0x1a};

static const struct {
	char code[4];
	size_t width;
} kinds[] = {
	[COLUMN_I64] = {"i64", 8}, [COLUMN_I32] = {"i32", 4}, [COLUMN_U32] = {"u32", 4},
	[COLUMN_U16] = {"u16", 2}, [COLUMN_U8] = {"u8", 1},   [COLUMN_F64] = {"f64", 8},
};

static void put(unsigned char *to, uint64_t x, size_t width)
{
	for (size_t i = 0; i < width; i++)
		to[i] = (unsigned char)(x >> (8 * i));
}

static uint64_t get(const unsigned char *from, size_t width)
{
	uint64_t x = 0;
	for (size_t i = 0; i < width; i++)
		x |= (uint64_t)from[i] << (8 * i);
	return x;
}

#define ENCODE(type)                                                             \
	for (size_t i = 0; i < count; i++) {                                     \
		type x;                                                          \
		memcpy(&x, (const char *)from + i * sizeof(x), sizeof(x));       \
		put(to + i * sizeof(x), x, sizeof(x));                           \
	}

static void encode(unsigned char *to, const void *from, size_t width, size_t count)
{
	switch (width) {
	case 8: ENCODE(uint64_t) break;
	case 4: ENCODE(uint32_t) break;
	case 2: ENCODE(uint16_t) break;
	default: memcpy(to, from, count); break;
	}
}

#define DECODE(type)                                                       \
	for (size_t i = 0; i < count; i++) {                               \
		type x = (type)get(from + i * sizeof(x), sizeof(x));       \
		memcpy((char *)to + i * sizeof(x), &x, sizeof(x));         \
	}

static void decode(void *to, const unsigned char *from, size_t width, size_t count)
{
	switch (width) {
	case 8: DECODE(uint64_t) break;
	case 4: DECODE(uint32_t) break;
	case 2: DECODE(uint16_t) break;
	default: memcpy(to, from, count); break;
	}
}

void arrays_add(struct arrays *s, const char *name, enum column_kind kind, int64_t rows,
		  const void *data)
{
	struct array *new = &s->items[s->count++];

	assert(s->count <= ARRAYS && strlen(name) < ARRAY_NAME);
	*new = (struct array){.kind = kind, .rows = rows, .data = data};
	snprintf(new->name, sizeof(new->name), "%s", name);
}

static uint64_t array_bytes(const struct array *s)
{
	return (uint64_t)s->rows * kinds[s->kind].width;
}

struct sink { /* where bytes go: into a hash, and into a file where there is one */
	struct outfile *file;
	XXH3_state_t hash;
};

static int sink_put(struct sink *k, const unsigned char *bytes, size_t count, struct err *e)
{
	XXH3_64bits_update(&k->hash, bytes, count);
	return k->file ? outfile_write(k->file, (const char *)bytes, count, e) : 0;
}

static int sink_array(struct sink *k, const struct array *s, struct err *e)
{
	unsigned char block[BLOCK];
	size_t width = kinds[s->kind].width, most = BLOCK / width;

	for (size_t row = 0, n; row < (size_t)s->rows; row += n) {
		n = (size_t)s->rows - row < most ? (size_t)s->rows - row : most;
		encode(block, (const char *)s->data + row * width, width, n);
		if (sink_put(k, block, n * width, e))
			return -1;
	}
	return 0;
}

static uint64_t array_checksum(const struct array *s)
{
	struct sink k = {0};
	struct err none;

	XXH3_64bits_reset(&k.hash);
	sink_array(&k, s, &none);
	return XXH3_64bits_digest(&k.hash);
}

static int sink_table(struct sink *k, const struct arrays *s, struct err *e)
{
	unsigned char head[PREAMBLE], entry[ENTRY];
	uint64_t offset = PREAMBLE + ENTRY * (uint64_t)s->count, size = offset + TRAILER;

	for (int i = 0; i < s->count; i++)
		size += array_bytes(&s->items[i]);
	memcpy(head, magic, sizeof(magic));
	put(head + 8, ARRAY_FORMAT, 4);
	put(head + 12, LUDD_MODEL_VERSION, 4);
	put(head + 16, s->experiment, 8);
	put(head + 24, size, 8);
	put(head + 32, (uint64_t)s->count, 8);
	if (sink_put(k, head, sizeof(head), e))
		return -1;
	for (int i = 0; i < s->count; i++) {
		const struct array *one = &s->items[i];
		memset(entry, 0, sizeof(entry));
		memcpy(entry, one->name, ARRAY_NAME);
		memcpy(entry + 40, kinds[one->kind].code, 4);
		put(entry + 48, (uint64_t)one->rows, 8);
		put(entry + 56, offset, 8);
		put(entry + 64, array_checksum(one), 8);
		if (sink_put(k, entry, sizeof(entry), e))
			return -1;
		offset += array_bytes(one);
	}
	return 0;
}

static int sink_all(struct sink *k, const struct arrays *s, struct err *e)
{
	unsigned char trailer[TRAILER];

	XXH3_64bits_reset(&k->hash);
	if (sink_table(k, s, e))
		return -1;
	for (int i = 0; i < s->count; i++)
		if (sink_array(k, &s->items[i], e))
			return -1;
	put(trailer, XXH3_64bits_digest(&k->hash), TRAILER);
	return sink_put(k, trailer, TRAILER, e);
}

/* Everything is in the file before the old one makes way: a full disk costs nothing. */
static int file_flushed(struct outfile *f, struct err *e)
{
	errno = 0;
	if (fflush(f->stream) == 0)
		return 0;
	return err_set(e, EXIT_IO, "%s: writing failed: %s", f->path,
		       strerror(errno ? errno : EIO));
}

int arrays_write(const struct arrays *s, const char *directory, const char *name, bool keep,
		   struct err *e)
{
	struct outfile file = {0};
	struct sink k = {.file = &file};

	mkdir(directory, 0777); /* if this fails, so will the next line, with a sentence */
	if (outfile_open(&file, directory, name, e))
		return -1;
	if (sink_all(&k, s, e) || file_flushed(&file, e)) {
		outfile_abandon(&file);
		return -1;
	}
	if (keep) {
		char *previous = mem_format("%s.previous", file.path);
		rename(file.path, previous); /* the first time there is none */
		mem_free(previous);
	}
	return outfile_commit(&file, e);
}

static int damaged(const struct arrays *s, const char *how, struct err *e)
{
	return err_set(e, EXIT_IO, "%s: the checkpoint is damaged: %s", s->path, how);
}

static int preamble_read(struct arrays *s, uint64_t *size, struct err *e)
{
	unsigned char head[PREAMBLE];
	unsigned format, model;

	if (fread(head, 1, PREAMBLE, s->stream) < PREAMBLE ||
	    memcmp(head, magic, sizeof(magic)) != 0)
		return err_set(e, EXIT_USAGE, "%s: is no checkpoint, or only a piece of one",
			       s->path);
	format = (unsigned)get(head + 8, 4);
	model = (unsigned)get(head + 12, 4);
	if (format != ARRAY_FORMAT)
		return err_set(e, EXIT_USAGE, "%s: has checkpoint format %u; this ludd reads "
			       "format %d", s->path, format, ARRAY_FORMAT);
	if (model != LUDD_MODEL_VERSION)
		return err_set(e, EXIT_USAGE, "%s: comes from model version %u; this ludd has "
			       "version %d, which gives other numbers", s->path, model,
			       LUDD_MODEL_VERSION);
	s->experiment = get(head + 16, 8);
	*size = get(head + 24, 8);
	s->count = get(head + 32, 8) <= ARRAYS ? (int)get(head + 32, 8) : ARRAYS + 1;
	return 0;
}

/* The trailer must be the checksum of everything before it. */
static int whole_checked(struct arrays *s, uint64_t size, struct err *e)
{
	unsigned char block[BLOCK], trailer[TRAILER];
	XXH3_state_t hash;
	int64_t there;

	if (fseeko(s->stream, 0, SEEK_END) || (there = ftello(s->stream)) < 0)
		return damaged(s, strerror(errno), e);
	if ((uint64_t)there != size || size < PREAMBLE + TRAILER)
		return err_set(e, EXIT_IO, "%s: the checkpoint is cut: %" PRId64 " of %" PRIu64
			       " bytes are there", s->path, there, size);
	rewind(s->stream);
	XXH3_64bits_reset(&hash);
	for (uint64_t left = size - TRAILER, n; left > 0; left -= n) {
		n = left < BLOCK ? left : BLOCK;
		if (fread(block, 1, n, s->stream) < n)
			return damaged(s, "it cannot be read to its end", e);
		XXH3_64bits_update(&hash, block, n);
	}
	if (fread(trailer, 1, TRAILER, s->stream) < TRAILER ||
	    get(trailer, TRAILER) != XXH3_64bits_digest(&hash))
		return damaged(s, "its bytes are not those that were written", e);
	return 0;
}

static bool kind_known(const unsigned char *code, enum column_kind *kind)
{
	for (int i = 0; i < LENGTH(kinds); i++)
		if (!memcmp(code, kinds[i].code, sizeof(kinds[i].code))) {
			*kind = (enum column_kind)i;
			return true;
		}
	return false;
}

static int table_read(struct arrays *s, uint64_t size, struct err *e)
{
	static const char nonsense[] = "its table of arrays makes no sense";
	unsigned char entry[ENTRY];
	uint64_t offset = PREAMBLE + ENTRY * (uint64_t)s->count;

	if (s->count > ARRAYS || fseeko(s->stream, PREAMBLE, SEEK_SET))
		return damaged(s, nonsense, e);
	for (int i = 0; i < s->count; i++) {
		struct array *one = &s->items[i];
		if (fread(entry, 1, ENTRY, s->stream) < ENTRY || entry[ARRAY_NAME - 1] ||
		    !kind_known(entry + 40, &one->kind) || get(entry + 48, 8) > size ||
		    get(entry + 56, 8) != offset)
			return damaged(s, nonsense, e);
		memcpy(one->name, entry, ARRAY_NAME);
		one->rows = (int64_t)get(entry + 48, 8);
		one->offset = offset;
		one->checksum = get(entry + 64, 8);
		offset += array_bytes(one);
	}
	return offset + TRAILER == size ? 0 : damaged(s, nonsense, e);
}

int arrays_open(struct arrays *s, const char *path, struct err *e)
{
	uint64_t size = 0;

	s->path = mem_text(path);
	s->stream = fopen(path, "rb");
	if (!s->stream)
		return err_set(e, EXIT_IO, "%s: cannot be read: %s", path, strerror(errno));
	if (preamble_read(s, &size, e) || whole_checked(s, size, e))
		return -1;
	return table_read(s, size, e);
}

void arrays_close(struct arrays *s)
{
	if (s->stream)
		fclose(s->stream);
	mem_free(s->path);
	s->stream = NULL;
	s->path = NULL;
}

static const struct array *array_find(const struct arrays *s, const char *name)
{
	for (int i = 0; i < s->count; i++)
		if (!strcmp(s->items[i].name, name))
			return &s->items[i];
	return NULL;
}

int64_t array_rows(const struct arrays *s, const char *name)
{
	const struct array *one = array_find(s, name);
	return one ? one->rows : 0;
}

int array_expect(const struct arrays *s, const char *name, enum column_kind kind, int64_t rows,
		   struct err *e)
{
	const struct array *one = array_find(s, name);

	if (!one)
		return err_set(e, EXIT_USAGE, "%s: the checkpoint has no array %s; another ludd "
			       "wrote it", s->path, name);
	if (one->kind != kind || one->rows != rows)
		return err_set(e, EXIT_USAGE, "%s: array %s has %" PRId64 " rows of %s, not %"
			       PRId64 " of %s; another ludd wrote it", s->path, name, one->rows,
			       kinds[one->kind].code, rows, kinds[kind].code);
	return 0;
}

int array_read(const struct arrays *s, const char *name, enum column_kind kind, int64_t rows,
		 void *to, struct err *e)
{
	unsigned char block[BLOCK];
	const struct array *one = array_find(s, name);
	size_t width = kinds[kind].width, most = BLOCK / width;
	XXH3_state_t hash;

	if (array_expect(s, name, kind, rows, e))
		return -1;
	XXH3_64bits_reset(&hash);
	if (fseeko(s->stream, (off_t)one->offset, SEEK_SET))
		return damaged(s, strerror(errno), e);
	for (size_t row = 0, n; row < (size_t)rows; row += n) {
		n = (size_t)rows - row < most ? (size_t)rows - row : most;
		if (fread(block, width, n, s->stream) < n)
			return damaged(s, name, e);
		XXH3_64bits_update(&hash, block, n * width);
		decode((char *)to + row * width, block, width, n);
	}
	return XXH3_64bits_digest(&hash) == one->checksum ? 0 : damaged(s, name, e);
}
