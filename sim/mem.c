#define _GNU_SOURCE 1
#include "ludd/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "ludd/err.h"

static _Noreturn void mem_exhausted(double bytes, const char *what)
{
	fflush(stdout);
	fprintf(stderr, "ludd: out of memory: %.1f MiB wanted for %s; "
		"run fewer at once (-j), or lower population.people\n", bytes / 0x1p20, what);
	exit(EXIT_RESOURCE);
}

/* count * size, at least 1 so that NULL always means failure. */
static size_t bytes_wanted(size_t count, size_t size, const char *what)
{
	if (size && count > (size_t)PTRDIFF_MAX / size)
		mem_exhausted((double)count * (double)size, what);
	return size && count ? count * size : 1;
}

enum { LARGE = 4 << 20 }; /* bytes from which pages of 2 MiB waste little */

void *mem_reserve(size_t count, size_t size, const char *what)
{
	size_t bytes = bytes_wanted(count, size, what);
	void *p = calloc(1, bytes);
	if (!p)
		mem_exhausted((double)bytes, what);
	return p;
}

/* A large array in pages of 2 MiB where the system gives them: random access then misses the
 * processor's table of pages less often. Nothing is touched here, so that the threads that fill the
 * array get its pages side by side. */
static void large_pages(void *array, size_t bytes)
{
#ifdef MADV_HUGEPAGE
	const uintptr_t page = (uintptr_t)2 << 20;
	uintptr_t first = ((uintptr_t)array + page - 1) / page * page;
	uintptr_t end = ((uintptr_t)array + bytes) / page * page;

	if (first < end)
		(void)madvise((void *)first, end - first, MADV_HUGEPAGE); /* a wish */
#else
	(void)array;
	(void)bytes;
#endif
}

void *mem_new(size_t count, size_t size, const char *what)
{
	size_t bytes = bytes_wanted(count, size, what);
	void *p = mem_reserve(count, size, what);

	if (bytes >= LARGE)
		large_pages(p, bytes);
	return p;
}

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
void mem_forbid(void *p, size_t bytes)
{
	ASAN_POISON_MEMORY_REGION(p, bytes);
}
#else
void mem_forbid(void *p, size_t bytes)
{
	(void)p;
	(void)bytes;
}
#endif

void *mem_resize(void *old, size_t count, size_t size, const char *what)
{
	size_t bytes = bytes_wanted(count, size, what);
	void *p = realloc(old, bytes);
	if (!p)
		mem_exhausted((double)bytes, what);
	if (bytes >= LARGE)
		large_pages(p, bytes);
	return p;
}

char *mem_text(const char *text)
{
	size_t bytes = strlen(text) + 1;
	return memcpy(mem_new(bytes, 1, "a text"), text, bytes);
}

char *mem_format(const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	size_t bytes = length < 0 ? 1 : (size_t)length + 1;
	char *text = mem_new(bytes, 1, "a text");
	if (length > 0)
		vsnprintf(text, bytes, format, again);
	va_end(again);
	va_end(args);
	return text;
}

void mem_free(void *p)
{
	free(p);
}

int64_t mem_peak(void)
{
	struct rusage usage;
	if (getrusage(RUSAGE_SELF, &usage))
		return 0;
#ifdef __APPLE__
	return usage.ru_maxrss; /* bytes there, KiB elsewhere: getrusage(2) */
#else
	return (int64_t)usage.ru_maxrss * 1024;
#endif
}

int64_t mem_available(void)
{
	FILE *f = fopen("/proc/meminfo", "r");
	if (!f)
		return INT64_MAX;
	char line[256];
	long long kib = -1;
	while (kib < 0 && fgets(line, sizeof(line), f))
		if (sscanf(line, "MemAvailable: %lld", &kib) != 1)
			kib = -1;
	fclose(f);
	return kib < 0 ? INT64_MAX : (int64_t)kib * 1024;
}
