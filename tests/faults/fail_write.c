/* To be loaded before a program: a share of its writes to files fails, as on a full or broken disk.
 * In the environment: FAIL_PERCENT, FAIL_SEED. A write that fails may have put down its first half.
 * Streams write a block of a MiB at a time. Each failure is noted in the file FAIL_LOG, so that a
 * test can tell. */
#define _GNU_SOURCE 1
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static uint64_t state;

/* splitmix64 (Steele, Lea and Flood 2014) */
static uint64_t draw(void)
{
	uint64_t z;
	if (!state)
		state = strtoull(getenv("FAIL_SEED"), NULL, 10) * 2 + 1;
	z = __atomic_add_fetch(&state, 0x9e3779b97f4a7c15, __ATOMIC_RELAXED);
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static void *real(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

static int fails(const char *what)
{
	static ssize_t (*write_real)(int, const void *, size_t);
	const char *percent = getenv("FAIL_PERCENT"), *log = getenv("FAIL_LOG");
	if (!percent || draw() % 100 >= strtoull(percent, NULL, 10))
		return 0;
	if (!write_real)
		*(void **)&write_real = real("write");
	int f = log ? open(log, O_WRONLY | O_CREAT | O_APPEND, 0666) : -1;
	char line[64];
	int length = snprintf(line, sizeof(line), "%s\n", what);
	if (f >= 0 && write_real(f, line, (size_t)length) < 0)
		abort();
	if (f >= 0)
		close(f);
	errno = draw() % 2 ? ENOSPC : EIO;
	return 1;
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t offset)
{
	static ssize_t (*next)(int, const void *, size_t, off_t);
	if (!next)
		*(void **)&next = real("pwrite");
	if (!fails("pwrite"))
		return next(file, bytes, length, offset);
	int reason = errno;
	if (length > 1)
		next(file, bytes, length / 2, offset);
	errno = reason;
	return -1;
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off_t offset)
{
	return pwrite(file, bytes, length, offset);
}

size_t fwrite(const void *bytes, size_t size, size_t count, FILE *f)
{
	static size_t (*next)(const void *, size_t, size_t, FILE *);
	static size_t waiting;
	if (!next)
		*(void **)&next = real("fwrite");
	size_t before = __atomic_fetch_add(&waiting, size * count, __ATOMIC_RELAXED);
	if (f == stdout || f == stderr || before >> 20 == (before + size * count) >> 20 ||
	    !fails("fwrite"))
		return next(bytes, size, count, f);
	int reason = errno;
	next(bytes, size, count / 2, f);
	errno = reason;
	return count / 2;
}

int fsync(int file)
{
	static int (*next)(int);
	if (!next)
		*(void **)&next = real("fsync");
	return fails("fsync") ? -1 : next(file);
}

int rename(const char *from, const char *to)
{
	static int (*next)(const char *, const char *);
	if (!next)
		*(void **)&next = real("rename");
	return fails("rename") ? -1 : next(from, to);
}
