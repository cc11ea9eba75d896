/* People followed through two worlds: what a run records of them, and two records side by side. A
 * person who is dismissed and hired within one month keeps, for this, the post: months are looked
 * at when they end. */
#include "ludd/transitions.h"

#include "ludd/mem.h"
#include "ludd/run.h"

#define HELD 0x8000 /* the bit of two bytes */
enum { MONTHS_MOST = 0x7fff };

void followed_choose(struct followed *f, const struct world *w)
{
	int64_t room = smaller_i64(w->people, 2 * FOLLOWED_MOST);
	*f = (struct followed){0};
	MEM_NEW(f->person, room, "people to follow");
	for (int64_t n = 0; n < w->people && f->count < room; n++)
		if (row_sampled(w, n, w->people, FOLLOWED_MOST))
			f->person[f->count++] = (uint32_t)n;
}

void followed_free(struct followed *f)
{
	mem_free(f->person);
	*f = (struct followed){0};
}

static unsigned entry_get(const char *record, int64_t place)
{
	const unsigned char *at = (const unsigned char *)record + 2 * place;
	return at[0] | (unsigned)at[1] << 8;
}

static void entry_put(char *record, int64_t place, unsigned entry)
{
	unsigned char *at = (unsigned char *)record + 2 * place;
	at[0] = (unsigned char)(entry & 0xff);
	at[1] = (unsigned char)(entry >> 8);
}

static bool in_work(const struct world *w, const struct followed *f, int64_t i)
{
	return w->worker.employer[f->person[i]] != NO_FIRM;
}

void posts_noted(const struct experiment *x, const struct world *w, const struct followed *f,
		 struct text *record)
{
	while (record->length < 2 * (size_t)(x->window_count * f->count))
		text_bytes(record, "\0", 2);
	for (int k = 0; k < x->window_count; k++)
		for (int64_t i = 0; i < f->count && w->tick == x->windows[k].first; i++)
			entry_put(record->s, k * f->count + i, in_work(w, f, i) ? HELD : 0);
}

void reserve_noted(const struct experiment *x, const struct world *w, const struct followed *f,
		   struct text *record)
{
	int64_t month = w->tick - 1;
	for (int k = 0; k < x->window_count; k++) {
		if (month < x->windows[k].first || month > x->windows[k].last)
			continue;
		for (int64_t i = 0; i < f->count; i++) {
			unsigned entry = entry_get(record->s, k * f->count + i);
			if (!in_work(w, f, i) && (entry & MONTHS_MOST) < MONTHS_MOST)
				entry_put(record->s, k * f->count + i, entry + 1);
		}
	}
}

static int month_bin(int64_t months)
{
	return months == 0 ? 0 : months <= 3 ? 1 : months <= 6 ? 2 : months <= 12 ? 3 : 4;
}

static void person_add(struct transitions *t, unsigned a, unsigned b)
{
	int64_t months_a = a & MONTHS_MOST, months_b = b & MONTHS_MOST;
	t->people++;
	t->months_a += months_a;
	t->months_b += months_b;
	t->bins[month_bin(months_a)][month_bin(months_b)]++;
	if (!(a & b & HELD))
		return;
	t->held_both++;
	t->kept_both += !months_a && !months_b;
	t->kept_a_lost_b += !months_a && months_b;
	t->lost_a_kept_b += months_a && !months_b;
	t->lost_both += months_a && months_b;
}

bool transitions_add(const char *a, size_t length_a, const char *b, size_t length_b, int windows,
		     struct transitions *out)
{
	int64_t people = (int64_t)length_a / 2 / windows;
	if (length_a != length_b || length_a != 2 * (size_t)(people * windows))
		return false;
	for (int k = 0; k < windows; k++)
		for (int64_t i = 0; i < people; i++)
			person_add(&out[k], entry_get(a, k * people + i),
				   entry_get(b, k * people + i));
	return true;
}
