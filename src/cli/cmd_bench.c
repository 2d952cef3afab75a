/* src/cli/cmd_bench.c - evx bench: how fast a host reads its own logs, and writes them as text */
#include "bench.h"
#include "sandbox.h"

#include <stdlib.h>
#include <string.h>

static const char help[] =
    "evx bench - measure how fast these logs are read here, and written as text\n"
    "\n"
    "usage: evx bench [options] PATH...   files or folders\n"
    "\n"
    "      --json                   one JSON document, schema evx.bench/1\n"
    "      --rounds N               so many, 1 to 99; without it up to 9, and no\n"
    "                               further one after a minute\n"
    "  -v, --verbose                say more: all losses, files left out; -vv: more\n"
    "  -h, --help; -V, --version; --no-sandbox: see evx(1)\n"
    "\n"
    "One thread goes over all logs again and again. It reads them; scans chunks and\n"
    "heads of records too; and decodes fields, or walks all tokens, or makes JSON or\n"
    "XML, which goes nowhere. Each stage is given with the reading that it needs: the\n"
    "median of all rounds, MB (1,000,000 bytes) of log and records a second. Logs\n"
    "were read once before, so they come from memory where they fit into it.\n"
    "If evtx_dump is on the PATH, it and evx dump are run on each log, in turn, and\n"
    "compared: first how many records they write, then how long they take.\n"
    "\n"
    "exit status: 0 measured; 1 something was lost, or could not be read; 2 usage;\n"
    "             3 no log that can be measured; 4 the output failed\n";

enum { ROUNDS = 9, ROUNDS_LEAST = 3 };
#define MINUTE 60000000000u

typedef struct arguments {
    bool json, help, version;
    const char *rounds;
    unsigned verbose;
} arguments;

/* ---- once over the logs, to know them ------------------------------------------------------- */

static bool keep(bench *b, const cli_log *log)
{
    size_t len = strlen(log->given) + 1, cap = b->cap > 0 ? 2 * b->cap : 64;
    bench_log *to = b->count < b->cap ? b->logs : realloc(b->logs, cap * sizeof *b->logs);

    if (!to)
        return false;
    b->cap = b->count < b->cap ? b->cap : cap;
    b->logs = to;
    to += b->count;
    to->path = malloc(len);
    if (!to->path)
        return false;
    memcpy(to->path, log->given, len);
    to->headless = (log->header.damage & EVX_FILE_SIGNATURE) != 0;
    b->count++;
    return true;
}

static evx_status on_record(void *user, cli_log *log, const evx_chunk *c, const evx_record *r,
                            cli_seen *seen)
{
    bench *b = user;

    (void)c;
    b->records += log->evt == NULL;
    seen->time = r->written;
    return EVX_OK;
}

static void on_end(void *user, cli_log *log)
{
    bench *b = user;

    if (log->evt) {
        b->legacy++;
        return;
    }
    b->bytes += log->bytes;
    if (!keep(b, log))
        cli_say("%s: left out: not enough memory", log->path);
}

static void forget(bench *b)
{
    for (size_t i = 0; i < b->count; i++)
        free(b->logs[i].path);
    free(b->logs);
    bench_stages_end();
}

/* ---- rounds --------------------------------------------------------------------------------- */

/* False: a log went away, or memory did, or somebody wants an end. */
static bool one_round(bench *b)
{
    for (unsigned i = 0; i < BENCH_STAGES; i++)
        if (!bench_stage(b, i, &b->stage[i].round[b->rounds], &b->text[i]))
            return false;
    bench_rival_round(b, b->rounds);
    if (cli_interrupted())
        return false;
    b->rounds++;
    return true;
}

static bool measure(bench *b, unsigned rounds)
{
    uint64_t begin = cli_clock_ns();
    unsigned most = rounds > 0 ? rounds : ROUNDS;

    bench_rival_count(b);
    while (b->rounds < most && !cli_interrupted()) {
        if (rounds == 0 && b->rounds >= ROUNDS_LEAST && cli_clock_ns() - begin > MINUTE)
            break;
        if (!one_round(b))
            return false;
    }
    b->peak = cli_peak();
    return true;
}

static int show(const bench *b, bool json)
{
    cli_output o;

    cli_output_begin(&o);
    if (json)
        bench_json(&o, b);
    else
        bench_text(&o, b);
    return cli_output_end(&o);
}

static int run(bench *b, const arguments *a, unsigned rounds, char **paths, int count)
{
    cli_run all = { .verbose = a->verbose, .lists = true };
    cli_visitor visitor = { .user = b, .record = on_record, .end = on_end };
    bool measured;
    int status;

    bench_rival_find(b);
    cli_unconfined |= b->compared;   /* a sandbox runs no programs */
    cli_run_paths(&all, &visitor, paths, count);
    status = cli_run_status(&all);
    if (b->count == 0 && status != CLI_NO_INPUT) {
        cli_say("bench: legacy logs are not measured, and there is no other log");
        return CLI_NO_INPUT;
    }
    if (b->count == 0)
        return status;
    measured = measure(b, rounds);
    if (b->rounds == 0)
        return cli_interrupted() ? CLI_LOST : CLI_NO_INPUT;
    return show(b, a->json) != CLI_CLEAN ? CLI_OUTPUT : measured ? status : CLI_LOST;
}

/* ---- the call ------------------------------------------------------------------------------- */

static int check(const arguments *a, char **paths, int count, unsigned *rounds)
{
    uint64_t n = 0;

    if (a->rounds && (!cli_number(a->rounds, &n) || n == 0 || n > BENCH_ROUNDS_MAX))
        return cli_usage("bench: --rounds wants a number from 1 to %d, not '%s'",
                         BENCH_ROUNDS_MAX, a->rounds);
    *rounds = (unsigned)n;
    for (int i = 0; i < count; i++)
        if (strcmp(paths[i], "-") == 0)
            return cli_usage("bench: logs are read many times, and standard input can be once");
    return cli_check_paths("bench", paths, count);
}

int cmd_bench(int argc, char **argv)
{
    static bench b;
    arguments a = { 0 };
    const cli_option options[] = { { "json", 0, CLI_FLAG, &a.json },
                                   { "rounds", 0, CLI_VALUE, &a.rounds },
                                   { "no-sandbox", 0, CLI_FLAG, &cli_unconfined },
                                   { "verbose", 'v', CLI_COUNT, &a.verbose },
                                   { "help", 'h', CLI_FLAG, &a.help },
                                   { "version", 'V', CLI_FLAG, &a.version },
                                   { NULL, 0, 0, NULL } };
    unsigned rounds = 0;
    int paths, status = cli_args("bench", options, argc, argv, &paths);

    if (status == CLI_CLEAN && a.help)
        return cli_help(help);
    if (status == CLI_CLEAN && a.version)
        return cli_version();
    if (status == CLI_CLEAN)
        status = check(&a, argv, paths, &rounds);
    if (status != CLI_CLEAN)
        return status;
    status = run(&b, &a, rounds, argv, paths);
    forget(&b);
    return status;
}
