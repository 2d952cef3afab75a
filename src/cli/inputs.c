/* src/cli/inputs.c - paths, folders and standard input -> one log after the other */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

/* Folders inside folders. Links to folders are not followed, so only real trees count. */
enum { FOLDERS_MAX = 256 };

/* A folder that is being read: its names, and how far we are. */
typedef struct level {
    cli_names names;
    size_t at;
    size_t path_len;                 /* of the folder itself                                   */
} level;

static const char *shown(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : *path ? path : "an empty path";
}

static void fail(cli_run *run, const cli_visitor *v, const char *path, const char *why)
{
    if (!v)
        return;                      /* nothing is read yet: see is_output                     */
    run->failed++;
    cli_say("%s: %s", shown(path), why);
    if (v->failed)
        v->failed(v->user, path, why);
}

static void leave_out(cli_run *run, const char *path, const char *why)
{
    run->left_out++;
    if (run->verbose > 1)
        cli_say("%s: left out: %s", path, why);
}

/* Scan an open input. In a folder, what is no log is no news, unless it is called one. */
static void scan(cli_run *run, const cli_visitor *v, const char *given, int fd, bool in_folder)
{
    cli_log log;
    evx_status st;
    int error;

    memset(&log, 0, sizeof log);
    log.path = shown(given);
    log.given = given;
    log.number = (uint32_t)run->logs;
    log.size = cli_size(fd);
    st = cli_scan(run, v, &log, fd, &error);
    if (log.broken_off || (error != 0 && cli_interrupted()))
        fail(run, v, given, "stopped by a signal before its end");
    else if (error != 0)
        fail(run, v, given, cli_error_text(error));
    else if (st == EVX_OK)
        run->logs++;
    else if (log.bytes < log.size && log.bytes < CLI_LOG_HEAD)
        fail(run, v, given, "became shorter while it was read");
    else if (in_folder && st == EVX_E_FILE_SIGNATURE && !cli_head_named(given))
        leave_out(run, given, "no event log");
    else
        fail(run, v, given,
             st != EVX_E_FILE_SIGNATURE ? evx_status_text(st)
             : log.bytes == 0           ? "is empty"
             : cli_head_packed(fd)      ? "no event log, but a compressed file: unpack it first"
                                        : "no event log: it begins neither with \"ElfFile\" nor as "
                                          "a legacy log; evx carve finds records in any bytes");
}

static void scan_path(cli_run *run, const cli_visitor *v, const char *path, bool in_folder)
{
    int error, fd = cli_open(path, in_folder, &error);

    if (fd < 0) {
        fail(run, v, path, cli_interrupted() ? "stopped by a signal" : cli_error_text(error));
        return;
    }
    scan(run, v, path, fd, in_folder);
    (void)cli_close(fd);
}

/* ---- folders ------------------------------------------------------------------------------- */

typedef struct search {
    cli_run *run;
    const cli_visitor *v;
    char *path;                      /* of what is being looked at                             */
    size_t cap;
    level *levels;
    size_t depth;
} search;

/* Put `name` behind the first `len` bytes of the path. */
static bool join(search *s, size_t len, const char *name)
{
    size_t add = strlen(name), need = len + add + 2;

    if (need > s->cap) {
        char *more = realloc(s->path, need * 2);
        if (!more)
            return false;
        s->path = more;
        s->cap = need * 2;
    }
    if (len > 0 && s->path[len - 1] != '/')
        s->path[len++] = '/';
    memcpy(s->path + len, name, add + 1);
    return true;
}

static void enter(search *s)
{
    level *l = &s->levels[s->depth];
    int error;

    if (s->depth == FOLDERS_MAX) {
        fail(s->run, s->v, s->path, "too many folders inside each other");
        return;
    }
    error = cli_names_read(&l->names, s->path);
    if (error != 0)
        fail(s->run, s->v, s->path, cli_error_text(error));
    l->at = 0;
    l->path_len = strlen(s->path);
    s->depth++;                      /* what could be listed is read all the same */
}

static void look_at(search *s)
{
    int error, kind = cli_kind(s->path, true, &error);

    if (kind == CLI_FOLDER)
        enter(s);
    else if (!s->v)
        s->run->stopped |= kind == CLI_FILE && cli_is_output(s->path) && cli_output_is_log(s->path);
    else if (kind == CLI_FILE)
        scan_path(s->run, s->v, s->path, true);
    else if (kind == CLI_LINK_TO_FOLDER)
        leave_out(s->run, s->path, "a link to a folder");
    else if (kind == CLI_OTHER && cli_head_named(s->path))
        fail(s->run, s->v, s->path, "no file, and no link to one, but called a log");
    else if (kind == CLI_OTHER)
        leave_out(s->run, s->path, "no regular file");
    else
        fail(s->run, s->v, s->path, cli_error_text(error));
}

static void walk(search *s)
{
    enter(s);
    while (s->depth > 0) {
        level *l = &s->levels[s->depth - 1];
        if (cli_stopping(s->run) || l->at == l->names.count) {
            cli_names_free(&l->names);
            s->depth--;
        } else if (join(s, l->path_len, l->names.names[l->at++]))
            look_at(s);
        else
            fail(s->run, s->v, l->names.names[l->at - 1], "out of memory");
    }
}

/* With no visitor: look only if standard output is a log in this folder, and stop if so. */
static void search_folder(cli_run *run, const cli_visitor *v, const char *path)
{
    search s = { run, v, NULL, 0, malloc(FOLDERS_MAX * sizeof(level)), 0 };
    uint64_t before = run->logs + run->failed;

    if (!s.levels || !join(&s, 0, path))
        fail(run, v, path, "out of memory");
    else
        walk(&s);
    if (run->logs + run->failed == before && !run->stopped)
        fail(run, v, path, "no event logs in this folder");
    free(s.path);
    free(s.levels);
}

/* Would what is written be appended to an input, or stand over it? Of a folder, the logs count. */
static bool is_output(const char *path)
{
    cli_run look = { 0 };
    int error;

    if (strcmp(path, "-") == 0)
        return cli_is_output(NULL);
    if (cli_is_output(path))
        return true;
    if (cli_size(CLI_OUT) > 0 && cli_kind(path, false, &error) == CLI_FOLDER)
        search_folder(&look, NULL, path);
    return look.stopped;
}

int cli_check_paths(const char *command, char **paths, int count)
{
    int stdins = 0;

    if (count == 0)
        return cli_usage("%s: no path given; '-' reads standard input, --help says more", command);
    for (int i = 0; i < count; i++)
        stdins += strcmp(paths[i], "-") == 0;
    if (stdins > 1)
        return cli_usage("%s: '-' can be given once", command);
    for (int i = 0; i < count; i++)
        if (is_output(paths[i]))
            return cli_usage("%s: standard output goes into an input, %s: nothing was written",
                             command, shown(paths[i]));
    return CLI_CLEAN;
}

void cli_run_confined(char **paths, int count, unsigned verbose)
{
    static bool said;
    unsigned done = cli_confine(paths, count);

    if (verbose == 0 || said || cli_unconfined || done == CLI_CONFINED)
        return;
    cli_say("no sandbox for %s: this system or this build has none",
            done == 0 ? "files and system calls" : done & CLI_CONFINED_FILES ? "system calls"
                                                                             : "files");
    said = true;
}

void cli_run_paths(cli_run *run, const cli_visitor *v, char **paths, int count)
{
    cli_run_confined(paths, count, run->verbose);
    cli_progress_begin(!run->streams || !cli_is_terminal(CLI_OUT));
    for (int i = 0; i < count && !cli_stopping(run); i++) {
        int error;
        if (strcmp(paths[i], "-") == 0)
            scan(run, v, "-", CLI_IN, false);
        else if (cli_kind(paths[i], false, &error) == CLI_FOLDER)
            search_folder(run, v, paths[i]);
        else
            scan_path(run, v, paths[i], false);
    }
    cli_progress_clear();
    if (run->verbose > 0 && run->left_out > 0)
        cli_say("%llu thing%s in folders %s left out: no event logs",
                (unsigned long long)run->left_out, cli_s(run->left_out),
                run->left_out == 1 ? "was" : "were");
}

bool cli_stopping(cli_run *run)
{
    run->stopped |= cli_interrupted() != 0;
    return run->stopped;
}

int cli_run_status(const cli_run *run)
{
    if (run->logs == 0)
        return run->failed > 0 ? CLI_NO_INPUT : CLI_CLEAN;
    return run->failed > 0 || run->damaged_logs > 0 ? CLI_LOST : CLI_CLEAN;
}
