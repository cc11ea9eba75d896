/* Everything that goes over all columns: allocation, copy, hash, values by name. */
#include "ludd/columns.h"

#include <string.h>

#include "ludd/income.h"
#include "ludd/mem.h"
#include "ludd/scratch.h"

#define KIND_OF(type)                                                              \
	_Generic((type)0, int64_t: COLUMN_I64, int32_t: COLUMN_I32, uint32_t: COLUMN_U32, \
		 uint16_t: COLUMN_U16, uint8_t: COLUMN_U8, double: COLUMN_F64)
#define ENTRY(table, part, name, type, unit, doc, flow) \
	{table, #name, unit, doc, KIND_OF(type), sizeof(type), \
	 offsetof(struct world, part.name), flow},

static const struct column_info columns[] = {
#define WORKER(name, type, unit, doc) ENTRY(COLUMN_WORKER, worker, name, type, unit, doc, false)
#define FIRM(name, type, unit, doc) ENTRY(COLUMN_FIRM, firm, name, type, unit, doc, false)
#define FIRM_FLOW(name, type, unit, doc) ENTRY(COLUMN_FIRM, firm, name, type, unit, doc, true)
#define OWNER(name, type, unit, doc) ENTRY(COLUMN_OWNER, owner, name, type, unit, doc, false)
#define CONTRACTOR(name, type, unit, doc) \
	ENTRY(COLUMN_CONTRACTOR, contractor, name, type, unit, doc, false)
#include "ludd/columns.def"
};

static const struct view_info views[] = {
#define WORKER_VIEW(name, function, unit, doc) {COLUMN_WORKER, #name, unit, doc, function},
#include "ludd/columns.def"
};

int view_count(void)
{
	return LENGTH(views);
}

const struct view_info *view_at(int i)
{
	return &views[i];
}

int column_count(void)
{
	return LENGTH(columns);
}

const struct column_info *column_at(int i)
{
	return &columns[i];
}

void *column_data(const struct world *w, const struct column_info *c)
{
	void *data;
	memcpy(&data, (const char *)w + c->offset, sizeof(data));
	return data;
}

static void column_point(struct world *w, const struct column_info *c, void *data)
{
	memcpy((char *)w + c->offset, &data, sizeof(data));
}

int64_t column_rows(const struct world *w, const struct column_info *c)
{
	switch (c->table) {
	case COLUMN_WORKER: return w->people + w->periphery;
	case COLUMN_FIRM: return w->firms;
	case COLUMN_OWNER: return w->owners;
	case COLUMN_CONTRACTOR: return w->contractors;
	}
	return 0;
}

double column_value(const struct world *w, const struct column_info *c, int64_t row)
{
	const void *data = column_data(w, c);

	switch (c->kind) {
	case COLUMN_I64: return (double)((const int64_t *)data)[row];
	case COLUMN_I32: return ((const int32_t *)data)[row];
	case COLUMN_U32: return ((const uint32_t *)data)[row];
	case COLUMN_U16: return ((const uint16_t *)data)[row];
	case COLUMN_U8: return ((const uint8_t *)data)[row];
	case COLUMN_F64: return ((const double *)data)[row];
	}
	return 0.0;
}

/* Gives each column its place in the room that all share (NULL: none yet) and tells how large the
 * room must be. Columns begin at lines of 64 bytes, with a line between two of them: where many are
 * walked side by side, rows of all columns would else compete for the same places of the caches
 * whenever the columns' length is a multiple of a page. */
static size_t columns_laid_out(struct world *w, char *room)
{
	size_t used = 0;

	if (room)
		room = mem_first_line(room);
	for (int i = 0; i < column_count(); i++) {
		const struct column_info *c = &columns[i];
		size_t bytes = (size_t)column_rows(w, c) * c->size, taken = mem_line_apart(bytes);
		if (room) {
			column_point(w, c, room + used);
			mem_forbid(room + used + bytes, taken - bytes);
		}
		used += taken;
	}
	return used + 64;
}

void columns_new(struct world *w)
{
	w->columns = mem_new(1, columns_laid_out(w, NULL), "columns");
	columns_laid_out(w, w->columns);
}

void columns_copy(struct world *to, const struct world *from)
{
	for (int i = 0; i < column_count(); i++) {
		const struct column_info *c = &columns[i];
		memcpy(column_data(to, c), column_data(from, c),
		       (size_t)column_rows(from, c) * c->size);
	}
}

void columns_free(struct world *w)
{
	mem_free(w->columns);
}

int64_t columns_bytes(const struct world_size *z)
{
	struct world shape = {.people = z->people,
			      .periphery = z->periphery,
			      .firms = z->firms,
			      .owners = z->owners,
			      .contractors = z->contractors};

	return (int64_t)columns_laid_out(&shape, NULL);
}

/* The bits of an entry as an integer; a double by its bits, so that every change shows. */
static uint64_t entry_bits(const void *data, enum column_kind kind, int64_t row)
{
	uint64_t bits;

	switch (kind) {
	case COLUMN_I64: return (uint64_t)((const int64_t *)data)[row];
	case COLUMN_I32: return (uint64_t)((const int32_t *)data)[row];
	case COLUMN_U32: return ((const uint32_t *)data)[row];
	case COLUMN_U16: return ((const uint16_t *)data)[row];
	case COLUMN_U8: return ((const uint8_t *)data)[row];
	case COLUMN_F64: break;
	}
	memcpy(&bits, (const double *)data + row, sizeof(bits));
	return bits;
}

/* A column's place in the hash is its name, so that adding another column changes no hash of it. */
static uint64_t name_hash(const char *name, enum column_table table)
{
	uint64_t h = mix64((uint64_t)table + 1);

	for (; *name; name++)
		h = mix64(h ^ (uint64_t)(unsigned char)*name);
	return h;
}

uint64_t column_hash(const struct world *w, int i)
{
	const struct column_info *c = &columns[i];
	const void *data = column_data(w, c);
	uint64_t salt = name_hash(c->name, c->table), sum = 0;
	int64_t rows = column_rows(w, c);
	struct tally *t = w->scratch->tally;

	PAR_BLOCKS(b, rows, w->threads) {
		uint64_t here = 0;
		BLOCK_ROWS(row, b, rows)
			here += mix64(entry_bits(data, c->kind, row) ^ mix64(salt + (uint64_t)row));
		t[b].count[0] = (int64_t)here;
	}
	for (int64_t b = 0; b < par_blocks(rows); b++)
		sum += (uint64_t)t[b].count[0];
	return sum;
}

static uint64_t bytes_hash(const void *bytes, size_t count, uint64_t salt)
{
	uint64_t sum = 0, word;

	for (size_t i = 0; i + sizeof(word) <= count; i += sizeof(word)) {
		memcpy(&word, (const char *)bytes + i, sizeof(word));
		sum += mix64(word ^ mix64(salt + i));
	}
	return sum;
}

uint64_t world_hash(const struct world *w)
{
	uint64_t sum = mix64((uint64_t)w->tick);

	for (int i = 0; i < column_count(); i++)
		if (!columns[i].flow)
			sum += column_hash(w, i);
	sum += bytes_hash(&w->pub, sizeof(w->pub), 0x1001);
	sum += bytes_hash(w->region, sizeof(*w->region) * (size_t)w->regions, 0x2002);
	sum += bytes_hash(&w->ledger, sizeof(w->ledger), 0x3003);
	return sum;
}
