/* May an experiment be begun in a directory, or go on there? */
#include "ludd/mem.h"
#include "ludd/output_parts.h"

static const char *results_there(const char *directory)
{
	static const char *const results[] = {"experiment.json", "series.csv"};
	for (int i = 0; i < LENGTH(results); i++)
		if (file_there(directory, results[i], NULL))
			return results[i];
	return NULL;
}

static bool begun(const char *directory)
{
	return file_there(directory, "shards/experiment.json", NULL);
}

static int directory_probe(const char *directory, struct err *e)
{
	struct outfile probe = {0};
	if (directory_make(directory, e) || outfile_open(&probe, directory, "probe", e))
		return -1;
	outfile_abandon(&probe);
	return 0;
}

int output_prepare(const char *directory, bool force, struct err *e)
{
	const char *results = results_there(directory);
	if (!*directory)
		return err_set(e, EXIT_USAGE, "the name of the output directory is empty");
	if (!force && begun(directory))
		return err_set(e, EXIT_USAGE, "%s: holds an experiment that was begun and not "
			       "finished; --resume goes on with it, --force begins again, -o "
			       "gives another directory", directory);
	if (!force && results)
		return err_set(e, EXIT_USAGE, "%s: holds %s of an earlier experiment; give "
			       "another directory with -o, or --force to replace it", directory,
			       results);
	if (directory_probe(directory, e))
		return -1;
	if (!force)
		return 0;
	temporaries_remove(directory);
	return shards_remove(directory, e) || file_remove(directory, "manifest.json", e) ? -1 : 0;
}

int output_resume(const struct experiment *x, const char *directory, bool *finished, struct err *e)
{
	*finished = false;
	if (!*directory)
		return err_set(e, EXIT_USAGE, "the name of the output directory is empty");
	if (results_there(directory) && file_there(directory, "manifest.json", NULL) &&
	    !file_there(directory, "PARTIAL", NULL)) {
		*finished = true;
		return experiment_same(x, directory, "experiment.json", e);
	}
	if (begun(directory))
		return experiment_same(x, directory, "shards/experiment.json", e);
	if (results_there(directory))
		return err_set(e, EXIT_USAGE, "%s: holds %s of an earlier experiment and nothing "
			       "to go on from; give another directory with -o, or --force to "
			       "replace it", directory, results_there(directory));
	return directory_probe(directory, e);
}
