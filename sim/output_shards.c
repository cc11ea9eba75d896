/* DIR/shards: the experiment that was begun there, and the journals of its shards. */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ludd/mem.h"
#include "ludd/output_parts.h"

int shards_lock(const char *directory, struct err *e)
{
	char *path = mem_format("%s/shards/lock", directory);
	long holder;
	int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (descriptor < 0) {
		io_failed(e, "cannot be written", path, errno);
	} else if (file_hold(descriptor, true, &holder) < 0) {
		io_failed(e, "cannot be locked (the file system must support it)", path, errno);
		close(descriptor);
		descriptor = -1;
	}
	mem_free(path);
	return descriptor;
}

static int shard_order(const void *a, const void *b)
{
	const struct shard *s = a, *t = b;
	if (s->count != t->count)
		return s->count < t->count ? -1 : 1;
	return (s->number > t->number) - (s->number < t->number);
}

int journals_list(const char *directory, struct shard **list, struct err *e)
{
	char *path = mem_format("%s/shards", directory);
	DIR *d = opendir(path);
	struct dirent *entry;
	int count = 0;
	*list = NULL;
	if (!d && errno != ENOENT)
		count = io_failed(e, "cannot be read", path, errno);
	while (d && (entry = readdir(d))) {
		struct shard s;
		int length = 0;
		if (sscanf(entry->d_name, "%" SCNd64 "-of-%" SCNd64 ".runs%n", &s.number, &s.count,
			   &length) != 2 || !length || entry->d_name[length] ||
		    s.number < 0 || s.number >= s.count)
			continue;
		if ((count & (count - 1)) == 0)
			*list = mem_resize(*list, count ? 2 * (size_t)count : 1, sizeof(s),
					   "the list of journals");
		(*list)[count++] = s;
	}
	if (d)
		closedir(d);
	if (count > 1)
		qsort(*list, (size_t)count, sizeof(**list), shard_order);
	mem_free(path);
	return count;
}

static int journals_idle(const char *directory, const struct shard *list, int count, struct err *e)
{
	struct journal_identity any = {0};
	struct err other = {0}; /* whose they are does not matter */
	for (int i = 0; i < count; i++) {
		struct journal j;
		journal_open(&j, directory, &list[i], &any, false, false, &other);
		if (j.busy)
			err_set(e, EXIT_IO, "%s: another process (%ld) is writing to it; wait for "
				"it, or end it", j.path, j.holder);
		bool busy = j.busy;
		journal_free(&j);
		if (busy)
			return -1;
	}
	return 0;
}

static int journals_remove(const char *directory, const struct shard *list, int count,
			   struct err *e)
{
	int failed = 0;
	for (int i = 0; i < count && !failed; i++) {
		char *name = mem_format("shards/%" PRId64 "-of-%" PRId64 ".runs", list[i].number,
					list[i].count);
		failed = file_remove(directory, name, e);
		mem_free(name);
	}
	return failed;
}

/* experiment.json goes first: without it nothing is begun. */
int shards_remove(const char *directory, struct err *e)
{
	struct shard *list;
	char *path = mem_format("%s/shards", directory);
	int count = journals_list(directory, &list, e), lock = -1;
	int failed = count < 0;
	if (!failed && !access(path, F_OK)) {
		lock = shards_lock(directory, e);
		failed = lock < 0 || journals_idle(directory, list, count, e) ||
			 file_remove(directory, "shards/experiment.json", e) ||
			 journals_remove(directory, list, count, e) ||
			 file_remove(directory, "shards/lock", e);
		if (!failed)
			temporaries_remove(path);
		if (!failed && rmdir(path))
			failed = io_failed(e, "cannot be removed", path, errno);
		if (lock >= 0)
			close(lock);
	}
	mem_free(list);
	mem_free(path);
	return failed ? -1 : 0;
}

int output_clear(const char *directory, struct err *e)
{
	struct shard *list;
	int count = journals_list(directory, &list, e);
	bool several = count > 0 && list[count - 1].count > 1; /* they are in order */
	mem_free(list);
	return count < 0 || (!several && shards_remove(directory, e)) ? -1 : 0;
}

/* Names the first line in which the two differ. */
static int texts_compare(const char *there, const char *now, const char *path, struct err *e)
{
	for (int line = 1; *there || *now; line++) {
		int n = (int)strcspn(there, "\n"), m = (int)strcspn(now, "\n");
		if (n != m || memcmp(there, now, (size_t)n)) {
			int blank_there = (int)strspn(there, "\t"), blank = (int)strspn(now, "\t");
			return err_set(e, EXIT_USAGE, "%s:%d: another experiment was begun here: "
				       "it has %.*s and this one %.*s; give another directory "
				       "with -o, or --force to begin again", path, line,
				       (int)smaller_i64(n - blank_there, 200), there + blank_there,
				       (int)smaller_i64(m - blank, 200), now + blank);
		}
		there += n + (there[n] != 0);
		now += m + (now[m] != 0);
	}
	return 0;
}

int experiment_same(const struct experiment *x, const char *directory, const char *name,
		    struct err *e)
{
	char *path = mem_format("%s/%s", directory, name), *now = experiment_resolved(x);
	char *there = file_text(directory, name, e);
	int failed = !there || texts_compare(there, now, path, e);
	mem_free(there);
	mem_free(now);
	mem_free(path);
	return failed ? -1 : 0;
}

/* Processes that begin the same experiment at once agree on who writes experiment.json. */
int shards_begin(const struct experiment *x, const char *directory, struct err *e)
{
	char *path = mem_format("%s/shards", directory);
	int failed = directory_make(path, e);
	if (!failed && !file_there(path, "experiment.json", NULL)) {
		int lock = shards_lock(directory, e);
		char *resolved = experiment_resolved(x);
		failed = lock < 0 || (!file_there(path, "experiment.json", NULL) &&
				      write_text_file(path, "experiment.json", resolved, e));
		mem_free(resolved);
		if (lock >= 0)
			close(lock);
	}
	mem_free(path);
	return failed || experiment_same(x, directory, "shards/experiment.json", e) ? -1 : 0;
}
