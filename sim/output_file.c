/* Files that are complete or not there, their digests, and the directory they lie in. */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "ludd/mem.h"
#include "ludd/output_parts.h"

enum { BUFFER = 1 << 20 }; /* bytes: few large writes suit disks of clusters */
static const char temporary_mark[] = ".tmp-"; /* .NAME.tmp-NUMBER */

int io_failed(struct err *e, const char *what, const char *path, int reason)
{
	return err_set(e, EXIT_IO, "%s: %s: %s", path, what, strerror(reason));
}

/* Processes on several machines may write to the same directory. */
static uint64_t name_unique(void)
{
	struct {
		char host[256];
		struct timespec now;
		pid_t process;
	} self = {0};
	gethostname(self.host, sizeof(self.host) - 1);
	clock_gettime(CLOCK_REALTIME, &self.now);
	self.process = getpid();
	return XXH3_64bits(&self, sizeof(self));
}

/* The state of the digest has a line of the cache to itself, in front of the stream's buffer. */
enum { LINE = 64, STATE = (sizeof(XXH3_state_t) + LINE - 1) / LINE * LINE };

static XXH3_state_t *digest_state(const struct outfile *f)
{
	return (void *)(f->buffer + (LINE - (uintptr_t)f->buffer % LINE) % LINE);
}

static int outfile_begin(struct outfile *f, const char *directory, const char *name,
			 const char *workplace, uint64_t number, struct err *e)
{
	f->path = mem_format("%s/%s", directory, name);
	f->temporary = mem_format("%s/.%s%s%" PRIu64, workplace, name, temporary_mark, number);
	f->stream = fopen(f->temporary, "w");
	if (f->stream) {
		f->buffer = mem_new(LINE + STATE + BUFFER, 1, "a file to write");
		XXH3_64bits_reset(digest_state(f));
		setvbuf(f->stream, (char *)digest_state(f) + STATE, _IOFBF, BUFFER);
		return 0;
	}
	io_failed(e, "cannot be written", f->path, errno);
	outfile_abandon(f);
	return -1;
}

int outfile_open(struct outfile *f, const char *directory, const char *name, struct err *e)
{
	return outfile_begin(f, directory, name, directory, name_unique(), e);
}

int outfile_open_in(struct outfile *f, const char *directory, const char *name,
		    const char *workplace, struct err *e)
{
	return outfile_begin(f, directory, name, workplace, 0, e);
}

int file_nameless(const char *directory)
{
	char *path = mem_format("%s/.cells%s%" PRIu64, directory, temporary_mark, name_unique());
	int descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (descriptor >= 0)
		unlink(path);
	int reason = errno;
	mem_free(path);
	errno = reason;
	return descriptor;
}

int outfile_write(struct outfile *f, const char *text, size_t length, struct err *e)
{
	errno = 0;
	if (fwrite(text, 1, length, f->stream) < length)
		return io_failed(e, "writing failed", f->path, errno ? errno : EIO);
	XXH3_64bits_update(digest_state(f), text, length);
	return 0;
}

int outfile_print(struct outfile *f, struct err *e, const char *format, ...)
{
	struct text text = {0};
	va_list args;
	va_start(args, format);
	text_add_list(&text, format, args);
	va_end(args);
	int failed = outfile_write(f, text.s, text.length, e);
	text_free(&text);
	return failed;
}

bool file_synced(int descriptor)
{
	return fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP;
}

static bool directory_synced(const char *path)
{
	char *directory = mem_text(path);
	*strrchr(directory, '/') = 0;
	int descriptor = open(*directory ? directory : "/", O_RDONLY | O_DIRECTORY);
	bool done = descriptor >= 0 && file_synced(descriptor);
	int reason = errno;
	if (descriptor >= 0)
		close(descriptor);
	mem_free(directory);
	errno = reason;
	return done;
}

static void digest_text(uint64_t digest, char hex[17])
{
	snprintf(hex, 17, "%016" PRIx64, digest);
}

int outfile_commit(struct outfile *f, struct err *e)
{
	int failed = 0, reason = EIO; /* an earlier write may have failed: its reason is lost */
	char digest[17] = "";
	errno = 0;
	failed = ferror(f->stream) || fflush(f->stream) || !file_synced(fileno(f->stream));
	if (failed && errno)
		reason = errno;
	if (fclose(f->stream) && !failed) {
		failed = 1;
		reason = errno;
	}
	f->stream = NULL;
	if (!failed && (rename(f->temporary, f->path) || !directory_synced(f->path))) {
		failed = 1;
		reason = errno;
	}
	if (failed)
		io_failed(e, "writing failed", f->path, reason);
	else
		digest_text(XXH3_64bits_digest(digest_state(f)), digest);
	outfile_abandon(f);
	memcpy(f->digest, digest, sizeof(digest));
	return failed ? -1 : 0;
}

void outfile_abandon(struct outfile *f)
{
	if (f->stream)
		fclose(f->stream);
	if (f->temporary)
		unlink(f->temporary);
	mem_free(f->path);
	mem_free(f->temporary);
	mem_free(f->buffer);
	*f = (struct outfile){0};
}

int write_text_file(const char *directory, const char *name, const char *text, struct err *e)
{
	struct outfile f = {0};
	if (outfile_open(&f, directory, name, e))
		return -1;
	if (outfile_write(&f, text, strlen(text), e)) {
		outfile_abandon(&f);
		return -1;
	}
	return outfile_commit(&f, e);
}

int file_digest(const char *directory, const char *name, char hex[17], struct err *e)
{
	XXH3_state_t state;
	char block[65536];
	size_t got;
	char *path = mem_format("%s/%s", directory, name);
	FILE *f = fopen(path, "rb");
	XXH3_64bits_reset(&state);
	while (f && (got = fread(block, 1, sizeof(block), f)) > 0)
		XXH3_64bits_update(&state, block, got);
	int failed = !f || ferror(f) ? io_failed(e, "cannot be read", path, errno) : 0;
	if (f)
		fclose(f);
	digest_text(XXH3_64bits_digest(&state), hex);
	mem_free(path);
	return failed;
}

bool file_there(const char *directory, const char *name, int64_t *bytes)
{
	struct stat status;
	char *path = mem_format("%s/%s", directory, name);
	bool there = stat(path, &status) == 0;
	if (there && bytes)
		*bytes = (int64_t)status.st_size;
	mem_free(path);
	return there;
}

int file_remove(const char *directory, const char *name, struct err *e)
{
	char *path = mem_format("%s/%s", directory, name);
	int failed = 0;
	if (unlink(path) && errno != ENOENT)
		failed = io_failed(e, "cannot be removed", path, errno);
	mem_free(path);
	return failed;
}

char *file_text(const char *directory, const char *name, struct err *e)
{
	size_t used = 0, room = 1 << 16, got;
	char *path = mem_format("%s/%s", directory, name), *text = NULL;
	FILE *f = fopen(path, "r");
	if (f)
		text = mem_resize(NULL, room, 1, "a file to read");
	while (f && (got = fread(text + used, 1, room - used - 1, f)) > 0) {
		used += got;
		if (room - used < 2)
			text = mem_resize(text, room *= 2, 1, "a file to read");
	}
	if (!f || ferror(f)) {
		io_failed(e, "cannot be read", path, errno);
		mem_free(text);
		text = NULL;
	} else {
		text[used] = 0;
	}
	if (f)
		fclose(f);
	mem_free(path);
	return text;
}

size_t line_take(FILE *f, char **line, size_t *room)
{
	size_t length = 0;
	do {
		if (*room - length < 2)
			*line = mem_resize(*line, *room = 2 * *room + 4096, 1, "a line");
		if (!fgets(*line + length, (int)smaller_i64((int64_t)(*room - length), 1 << 30), f))
			break;
		length += strlen(*line + length);
	} while (length > 0 && (*line)[length - 1] != '\n');
	(*line)[length] = 0;
	return length;
}

int directory_make(const char *directory, struct err *e)
{
	char *path = mem_text(directory);
	int failed = 0;
	for (char *s = path + 1; !failed; s++) {
		char kept = *s;
		if (kept != '/' && kept != 0)
			continue;
		*s = 0;
		if (mkdir(path, 0777) && errno != EEXIST)
			failed = io_failed(e, "cannot be created", path, errno);
		*s = kept;
		if (!kept)
			break;
	}
	mem_free(path);
	return failed;
}

void temporaries_remove(const char *directory)
{
	DIR *d = opendir(directory);
	struct dirent *entry;
	while (d && (entry = readdir(d))) {
		const char *mark = strstr(entry->d_name, temporary_mark);
		if (entry->d_name[0] != '.' || !mark)
			continue;
		mark += strlen(temporary_mark);
		if (*mark && !mark[strspn(mark, "0123456789")])
			unlinkat(dirfd(d), entry->d_name, 0);
	}
	if (d)
		closedir(d);
}
