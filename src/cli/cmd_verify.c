/* src/cli/cmd_verify.c - evx verify: checksums, every record judged, the books of each log */
#include "info.h"

#include <string.h>

static const char help[] =
    "evx verify - account for every byte of event logs\n"
    "\n"
    "usage: evx verify [options] PATH...   files or folders; '-' reads standard input\n"
    "\n"
    "      --json                   one JSON document, schema evx.verify/1\n"
    "      --hash                   the SHA-256 of every input, for a case file\n"
    "  -v, --verbose                list all losses and hints; -vv: chunks too\n"
    "  -h, --help; -V, --version; --no-sandbox: see evx(1)\n"
    "\n"
    "Every checksum is compared and every record is judged to its end; nothing of it\n"
    "is written. For each log: chunks, and what is wrong with them; records present,\n"
    "decoded, recovered and lost; each loss with offset and reason; tamper hints:\n"
    "records hidden inside others, gaps in the record ids, clocks that went back.\n"
    "A hint is no proof: a filtered export has gaps too.\n"
    "\n"
    "exit status: 0 all is sound, hints of gaps and clocks apart; 1 something is\n"
    "             lost, hidden, cut off, or has a wrong checksum; 2 usage; 3 nothing\n"
    "             readable, or no log at all; 4 the output failed\n";

typedef struct arguments {
    bool json, hash, help, version;
    unsigned verbose;
} arguments;

typedef struct verifier {
    cli_output output;
    const arguments *a;
    verify_total total;
    evx_text text;
    evx_out nowhere;
} verifier;

enum { ARENA = 1536 * 1024 };

static info now;                     /* the log that is being read                             */
static uint64_t work[EVX_TEXT_WORK / sizeof(uint64_t)], arena[ARENA / sizeof(uint64_t)];
static uint8_t scratch[128 * 1024];

static evx_status forget(void *user, const uint8_t *data, size_t len)
{
    (void)user;
    (void)data;
    (void)len;
    return EVX_OK;
}

static void on_begin(void *user, cli_log *log)
{
    verifier *me = user;

    evx_text_renew(&me->text);
    info_begin(&now, log);
}

static evx_status on_chunk(void *user, cli_log *log, const evx_chunk *c)
{
    (void)user;
    (void)log;
    (void)c;
    info_chunk(&now);
    return EVX_OK;
}

static evx_status on_record(void *user, cli_log *log, const evx_chunk *c, const evx_record *r,
                            cli_seen *seen)
{
    verifier *me = user;
    evx_status st = evx_text_record(&me->text, c, r, &me->nowhere);

    (void)log;
    me->nowhere.len = 0;
    seen->time = r->written;
    seen->off = me->text.failed_off;
    info_hidden(&now, c, r);
    if (st < 0)
        return st;
    seen->partial = me->text.damage != 0;
    seen->why = me->text.failed;
    return EVX_OK;
}

/* What makes the exit status 1 where no record is lost; of those that are the scan tells. */
static void tell(const cli_log *log)
{
    uint64_t sums = log->ledger.crc_failures, hidden = log->ledger.hidden;

    if (sums > 0)
        cli_say("%s: %llu checksum%s wrong: it may not be what was written", log->path,
                (unsigned long long)sums, sums == 1 ? " is" : "s are");
    if (hidden > 0)
        cli_say("%s: %llu record%s hidden inside another one", log->path,
                (unsigned long long)hidden, hidden == 1 ? " is" : "s are");
    if (log->bytes_missing > 0)
        cli_say("%s: %lu bytes of the last slot are missing: the file was cut", log->path,
                (unsigned long)log->bytes_missing);
}

static void on_end(void *user, cli_log *log)
{
    verifier *me = user;
    cli_output *o = &me->output;

    info_end(&now);
    tell(log);
    if (me->a->json) {
        verify_json(o, &now, &me->total);
    } else {
        cli_put(o, me->total.logs > 0 ? "\n" : "");
        verify_text(o, &now, me->a->verbose > 0);
    }
    verify_add(&me->total, &now);
    if (cli_is_terminal(o->fd))      /* whole lines, before a progress line comes behind them */
        (void)evx_out_flush(&o->out);
}

static void on_failed(void *user, const char *path, const char *why)
{
    verifier *me = user;

    if (me->a->json)
        verify_json_failed(&me->output, path, why, &me->total);
    me->total.failed++;
}

static int run(verifier *me, char **paths, int count)
{
    cli_run all = { .verbose = me->a->verbose, .lists = true, .count_crc = true,
                    .hash = me->a->hash };
    cli_visitor visitor = { .user = me, .begin = on_begin, .chunk = on_chunk,
                            .record = on_record, .end = on_end, .failed = on_failed };
    int status;

    cli_output_begin(&me->output);
    if (me->a->json)
        verify_json_begin(&me->output, "verify");
    cli_run_paths(&all, &visitor, paths, count);
    if (me->a->json)
        verify_json_end(&me->output, &me->total);
    else if (me->total.logs + me->total.failed > 1)
        verify_text_total(&me->output, &me->total);
    status = cli_output_end(&me->output);
    if (status == CLI_CLEAN)
        status = cli_run_status(&all);
    return status == CLI_CLEAN && all.crc_failures + all.hidden + all.bytes_missing > 0 ? CLI_LOST
                                                                                       : status;
}

static bool prepare(verifier *me)
{
    evx_text_config config;

    memset(&config, 0, sizeof config);
    config.format = EVX_JSON;
    config.kernels = cli_kernels();
    config.work = (uint8_t *)work;
    config.work_len = sizeof work;
    config.arena = (uint8_t *)arena;
    config.arena_len = sizeof arena;
    evx_out_init(&me->nowhere, scratch, sizeof scratch, forget, NULL);
    return evx_text_init(&me->text, sizeof me->text, &config) == EVX_OK;
}

int cmd_verify(int argc, char **argv)
{
    static verifier me;
    arguments a = { 0 };
    const cli_option options[] = { { "json", 0, CLI_FLAG, &a.json },
                                   { "hash", 0, CLI_FLAG, &a.hash },
                                   { "no-sandbox", 0, CLI_FLAG, &cli_unconfined },
                                   { "verbose", 'v', CLI_COUNT, &a.verbose },
                                   { "help", 'h', CLI_FLAG, &a.help },
                                   { "version", 'V', CLI_FLAG, &a.version },
                                   { NULL, 0, 0, NULL } };
    int paths, status = cli_args("verify", options, argc, argv, &paths);

    if (status == CLI_CLEAN && a.help)
        return cli_help(help);
    if (status == CLI_CLEAN && a.version)
        return cli_version();
    if (status == CLI_CLEAN)
        status = cli_check_paths("verify", argv, paths);
    if (status != CLI_CLEAN)
        return status;
    if (!prepare(&me))
        return cli_usage("verify: the library is of another version");
    me.a = &a;
    return run(&me, argv, paths);
}
