/* Worlds side by side. */
#include "ludd/lockstep.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/metrics.h"
#include "ludd/output.h"
#include "ludd/tick.h"

enum { WORLDS_MOST = 64 };

struct field { /* of a struct of the state that is no column: an int64_t or double, or an array */
	const char *name;
	size_t offset;
	bool whole;
};
#define FIELD(type, member) \
	{#member, offsetof(struct type, member), \
	 _Generic(((struct type *)0)->member, int64_t: true, default: false)}
#define P(member) FIELD(published, member)
#define R(member) FIELD(regional, member)
#define L(member) FIELD(ledger, member)

static const struct field published[] = {
	P(frontier), P(productivity), P(confidence), P(price), P(price_history), P(price_average),
	P(capital_price), P(inflation), P(layoff_rate), P(job_to_job_rate), P(profit_rate),
	P(utilisation), P(utilisation_slow), P(unemployment), P(unemployment_now),
	P(productivity_real), P(productivity_trend), P(surplus), P(wage), P(periphery_wage),
	P(loan_rate), P(household_demand), P(base_output), P(base_hours), P(base_price),
	P(reference_price), P(base_ticks), P(base_employed), P(base_gdp), P(base_wages),
	P(base_state),
};
static const struct field regional[] = {R(job_finding), R(wage), R(hours), R(unemployment)};
static const struct field ledger[] = {
	L(state), L(bank), L(fund), L(clearing), L(pool), L(fund_dividend),
};
_Static_assert(sizeof(struct published) == 8 * (LENGTH(published) + 11), "name the new field");
_Static_assert(sizeof(struct regional) == 8 * LENGTH(regional), "name the new field");
_Static_assert(sizeof(struct ledger) == 8 * LENGTH(ledger), "name the new field");

struct part { /* rows of fields */
	const char *name;
	const struct field *fields;
	int count;
	size_t size; /* of a row */
};
static const struct part parts[] = {
	{"published", published, LENGTH(published), sizeof(struct published)},
	{"region", regional, LENGTH(regional), sizeof(struct regional)},
	{"ledger", ledger, LENGTH(ledger), sizeof(struct ledger)},
};

void worlds_mismatch(const struct world *a, const struct world *b, char text[128])
{
	const struct {
		const char *name;
		int64_t a, b;
	} sizes[] = {
		{"people", a->people, b->people}, {"periphery", a->periphery, b->periphery},
		{"firms", a->firms, b->firms}, {"owners", a->owners, b->owners},
		{"contractors", a->contractors, b->contractors},
		{"regions", a->regions, b->regions},
		{"first tick", a->tick, b->tick},
	};
	*text = 0;
	for (int i = 0; i < LENGTH(sizes) && !*text; i++)
		if (sizes[i].a != sizes[i].b)
			snprintf(text, 128, "%s: %" PRId64 " and %" PRId64, sizes[i].name,
				 sizes[i].a, sizes[i].b);
}

static void difference_add(struct parting *p, const struct difference *d)
{
	if (p->count < DIFFERENCES)
		p->list[p->count] = *d;
	p->count++;
}

static void whole_text(int64_t x, char text[32])
{
	snprintf(text, 32, "%" PRId64, x);
}

static void entry_text(const char *entry, enum column_kind kind, char text[32])
{
	int64_t whole = 0;
	double real;
	switch (kind) {
	case COLUMN_I64: memcpy(&whole, entry, sizeof(whole)); break;
	case COLUMN_I32: whole = *(const int32_t *)(const void *)entry; break;
	case COLUMN_U32: whole = *(const uint32_t *)(const void *)entry; break;
	case COLUMN_U16: whole = *(const uint16_t *)(const void *)entry; break;
	case COLUMN_U8: whole = *(const uint8_t *)entry; break;
	case COLUMN_F64:
		memcpy(&real, entry, sizeof(real));
		number_text(real, text);
		return;
	}
	whole_text(whole, text);
}

/* Rows of `size` bytes, `stride` bytes apart. */
static void rows_compare(const char *a, const char *b, int64_t rows, size_t size, size_t stride,
			 enum column_kind kind, struct difference *d)
{
	d->differ = 0;
	d->rows = rows;
	for (int64_t row = 0; row < rows; row++) {
		const char *x = a + (size_t)row * stride, *y = b + (size_t)row * stride;
		if (!memcmp(x, y, size) || d->differ++)
			continue;
		d->row = row;
		entry_text(x, kind, d->a);
		entry_text(y, kind, d->b);
	}
}

static void column_compare(const struct world *a, const struct world *b, int i, struct parting *p)
{
	static const char *const tables[] = {"person", "firm", "owner", "contractor"};
	const struct column_info *c = column_at(i);
	const char *x = column_data(a, c), *y = column_data(b, c);
	int64_t rows = column_rows(a, c);
	struct difference d;
	if (!memcmp(x, y, (size_t)rows * c->size))
		return;
	snprintf(d.name, sizeof(d.name), "%s.%s", tables[c->table], c->name);
	rows_compare(x, y, rows, c->size, c->size, c->kind, &d);
	difference_add(p, &d);
}

static void field_compare(const struct part *part, int i, const char *a, const char *b,
			  int64_t rows, struct parting *p)
{
	const struct field *f = &part->fields[i];
	size_t end = i + 1 < part->count ? f[1].offset : part->size;
	for (size_t at = f->offset; at < end; at += 8) {
		struct difference d;
		rows_compare(a + at, b + at, rows, 8, part->size,
			     f->whole ? COLUMN_I64 : COLUMN_F64, &d);
		if (!d.differ)
			continue;
		if (end - f->offset > 8)
			snprintf(d.name, sizeof(d.name), "%s.%s[%d]", part->name, f->name,
				 (int)((at - f->offset) / 8));
		else
			snprintf(d.name, sizeof(d.name), "%s.%s", part->name, f->name);
		difference_add(p, &d);
	}
}

static void part_compare(const struct part *part, const void *a, const void *b, int64_t rows,
			 struct parting *p)
{
	if (!memcmp(a, b, (size_t)rows * part->size))
		return;
	for (int i = 0; i < part->count; i++)
		field_compare(part, i, a, b, rows, p);
}

int worlds_compare(const struct world *a, const struct world *b, bool labels_too,
		   struct parting *p)
{
	p->count = 0;
	for (int i = 0; i < column_count(); i++) {
		const struct column_info *c = column_at(i);
		bool label = c->table == COLUMN_FIRM && !strcmp(c->name, "policy");
		if (!c->flow && (labels_too || !label))
			column_compare(a, b, i, p);
	}
	part_compare(&parts[0], &a->pub, &b->pub, 1, p);
	part_compare(&parts[1], a->region, b->region, a->regions, p);
	part_compare(&parts[2], &a->ledger, &b->ledger, 1, p);
	return p->count;
}

/* What the month is reported as. */
static void metrics_compare(const struct world *a, const struct world *b, bool labels_too,
			    struct parting *p)
{
	double *x, *y;
	MEM_NEW(x, 2 * metric_count(), "metrics");
	y = x + metric_count();
	metrics_of(&a->census, x);
	metrics_of(&b->census, y);
	for (int i = 0; i < metric_count(); i++) {
		struct difference d = {.rows = 1, .differ = 1};
		const char *name = metric_at(i)->name;
		if (!memcmp(&x[i], &y[i], sizeof(*x)) ||
		    (!labels_too && strstr(name, "_by_policy")))
			continue;
		snprintf(d.name, sizeof(d.name), "metric.%s", name);
		number_text(x[i], d.a);
		number_text(y[i], d.b);
		difference_add(p, &d);
	}
	mem_free(x);
}

static bool parted(struct world *const *worlds, int count, int phase, bool labels_too,
		   struct parting *p)
{
	p->tick = worlds[0]->tick;
	p->phase = phase;
	for (p->world = 1; p->world < count; p->world++) {
		worlds_compare(worlds[0], worlds[p->world], labels_too, p);
		if (phase == phase_count() - 1)
			metrics_compare(worlds[0], worlds[p->world], labels_too, p);
		if (p->count)
			return true;
	}
	return false;
}

int lockstep_month(struct world *const *worlds, int count, bool labels_too, struct parting *p,
		   struct err *e)
{
	struct stocks before[WORLDS_MOST];
	if (count > WORLDS_MOST)
		return err_set(e, EXIT_USAGE, "at most %d worlds go side by side", WORLDS_MOST);
	if (parted(worlds, count, -1, labels_too, p))
		return 1;
	for (int i = 0; i < count; i++) {
		worlds[i]->counting = true;
		before[i] = tick_begin(worlds[i]);
	}
	for (int phase = 0; phase < phase_count(); phase++) {
		for (int i = 0; i < count; i++)
			if (tick_phase(worlds[i], phase, e))
				return -1;
		if (parted(worlds, count, phase, labels_too, p))
			return 1;
	}
	for (int i = 0; i < count; i++)
		if (tick_end(worlds[i], &before[i], e))
			return -1;
	return 0;
}
