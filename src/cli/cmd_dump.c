/* src/cli/cmd_dump.c - evx dump: records as xml, json, json lines */
#include "dump.h"
#include "recover.h"
#include "render.h"

#include <string.h>

static const char help[] =
    "evx dump - write records of event logs as text, as evtx_dump 0.12 does\n"
    "usage: evx dump [options] PATH...   files or folders; '-' reads standard input\n"
    "  -o, --format FORMAT          xml (default), json, jsonl: one object a line\n"
    "  -f, --output FILE            write to FILE, made with its folders; may ask\n"
    "      --no-confirm-overwrite   overwrite without asking (never an event log)\n"
    "      --style STYLE            evtx_dump (default), windows: as Windows has it\n"
    "      --no-indent; --root      xml: a line for each record; one document of all\n"
    "      --separate-json-attributes; --dont-show-record-number    as evtx_dump\n"
    "      --event-id IDS; --record-id RANGE    only these: 1,4624-4634; 100-\n"
    "      --provider NAME; --channel NAME; --computer NAME; --level LEVELS\n"
    "      --since TIME; --until TIME    from this time on, before this one\n"
    "      --exclude CONDITIONS     turn these around: event-id,level,time...\n"
    "      --events RANGES          by the number of the record: 7 or 0-10,20-30\n"
    "      --ansi-codec NAME        code page of ANSI strings (default windows-1252)\n"
    "      --recover; --wevt PATH   also hidden, slack; lost templates from DLLs\n"
    "      --validate-checksums; --stop-after-one-error    skip bad; stop\n"
    "      --ledger FILE; --hash    account as evx verify --json does; with SHA-256\n"
    "  -t, --threads N              0, the default: one for each processor\n"
    "  -v, --verbose                say more: all losses, files left out; -vv: more\n"
    "  -h, --help; -V, --version; --no-sandbox: see evx(1)\n"
    "Records go to standard output; what was lost, and where, to standard error.\n"
    "exit status: 0 clean; 1 something was lost, the output is valid; 2 usage;\n"
    "             3 nothing readable, or no log at all; 4 the output failed\n";

enum { FLUSH_AT = 64 * 1024 };

typedef struct dump {
    cli_output output, ledger;
    bool books;                      /* is there a ledger to write?                            */
    bool recovers, wevt;
    recover found;
    verify_total total;
    dump_options is;
    renderer mine;                   /* for chunks that nobody has rendered ahead              */
    cli_pool *pool;
} dump;

static uint8_t ledger_buffer[16 * 1024];
static info now;                     /* of the log that is being read, for the ledger          */

/* ---- records ------------------------------------------------------------------------------- */

/* Does the record's own head, its number and the time of writing, meet what it can? */
static bool head_wanted(const evx_filter *f, const evx_record *r)
{
    bool time = (f->since == 0 || r->written >= f->since)
             && (f->until == 0 || r->written < f->until);
    bool id = r->id >= f->first_id && (f->last_id == 0 || r->id <= f->last_id);

    if (f->since != 0 || f->until != 0)
        time ^= (f->exclude & EVX_FILTER_TIME) != 0;
    if (f->first_id != 0 || f->last_id != 0)
        id ^= (f->exclude & EVX_FILTER_RECORD_ID) != 0;
    return time && id;
}

/* Of a recovered record that cannot be read, the head decides: in doubt it is shown. */
static bool recovered_wanted(void *user, const evx_chunk *c, const evx_record *r)
{
    dump *d = user;

    evx_reader_renew(&d->mine.reader);           /* these lie in memory of many chunks */
    if (!render_wanted(&d->mine, c, r))
        return false;
    return !d->is.filtered || head_wanted(&d->is.filter, r)
        || evx_filter_record(&d->is.filter, &d->mine.reader, c, r) == EVX_OK;
}

/* --recover: a record whose template, or names, are lost still has values: it was read in part. */
static evx_status only_values(dump *d, const evx_chunk *c, const evx_record *r, cli_seen *seen,
                              evx_status why)
{
    bool of_template = why <= EVX_E_TOKEN && why >= EVX_E_TEMPLATE && why != EVX_E_FUEL;
    evx_status st = of_template ? recover_put(&d->found, c, r, "values", true) : EVX_SKIP;

    if (st == EVX_END)
        return EVX_END;
    seen->partial = st == EVX_OK;
    seen->why = why;
    return st == EVX_OK ? EVX_OK : why;
}

/* The record's text goes out, made now or ahead. */
static rendered put_text(dump *d, const cli_log *log, const evx_chunk *c, const evx_record *r)
{
    evx_out *out = &d->output.out;
    const rendered *ahead = NULL;
    const uint8_t *text;
    rendered made;

    if (out->len > FLUSH_AT)         /* the rest of the buffer is for large records: untouched */
        (void)evx_out_flush(out);
    if (log->ahead)
        ahead = rendered_next(log->ahead, &text);
    if (ahead)
        (void)evx_out_write(out, text, ahead->len);
    else
        render_record(&d->mine, c, r, out, &made);
    return ahead ? *ahead : made;
}

static evx_status put_record(dump *d, cli_log *log, const evx_chunk *c, const evx_record *r,
                             cli_seen *seen)
{
    rendered is = put_text(d, log, c, r);

    if (!is.wanted)
        return EVX_SKIP;
    if (d->output.out.failed < 0)
        return EVX_END;
    seen->off = is.failed_off;
    if (is.st < 0)
        return d->recovers ? only_values(d, c, r, seen, is.st) : is.st;
    if (d->recovers)
        recover_note(c, r);
    seen->partial = is.damage != 0;
    seen->why = is.failed;
    return EVX_OK;
}

/* --wevt: with the provider's template, where that is what is missing. */
static evx_status put_grafted(dump *d, cli_log *log, const evx_chunk *c, const evx_record *r,
                              cli_seen *seen)
{
    evx_status st = EVX_SKIP;

    if (!log->evt && render_wanted(&d->mine, c, r))
        st = recover_wevt(&d->found, c, r);
    if (st == EVX_SKIP)
        return put_record(d, log, c, r, seen);
    seen->partial = true;
    seen->why = EVX_E_TEMPLATE;
    return st;
}

static evx_status on_record(void *user, cli_log *log, const evx_chunk *c, const evx_record *r,
                            cli_seen *seen)
{
    dump *d = user;
    evx_status st;

    seen->time = r->written;
    if (d->books)
        info_hidden(&now, c, r);
    st = d->wevt ? put_grafted(d, log, c, r, seen) : put_record(d, log, c, r, seen);
    if (d->recovers && !log->evt && st != EVX_END && recover_hidden(&d->found, c, r) == EVX_END)
        return EVX_END;
    return st;
}

static evx_status on_next(void *user, cli_log *log, evx_records *it, evx_record *r)
{
    return render_next(&((dump *)user)->mine, log, it, r);
}

static evx_status on_chunk_end(void *user, cli_log *log, const evx_chunk *c)
{
    dump *d = user;

    return d->recovers && !log->evt ? recover_slack(&d->found, c) : EVX_OK;
}

/* ---- the ledger ---------------------------------------------------------------------------- */

static void on_begin(void *user, cli_log *log)
{
    dump *d = user;

    render_renew(&d->mine);
    recover_renew(&d->found);
    if (d->books)
        info_begin(&now, log);
}

/* Of a chunk that was worked on ahead, mostly all text goes out at once. */
static evx_status on_chunk(void *user, cli_log *log, const evx_chunk *c)
{
    dump *d = user;
    const uint8_t *text;
    size_t len;

    if (d->books)
        info_chunk(&now);
    if (!log->ahead || d->books || d->recovers
        || !rendered_whole(log->ahead, c, &log->ledger, &text, &len))
        return EVX_OK;
    cli_put_past(&d->output, text, len);
    return d->output.out.failed < 0 ? EVX_END : EVX_SKIP;
}

static void on_end(void *user, cli_log *log)
{
    dump *d = user;

    (void)log;
    info_end(&now);
    verify_json(&d->ledger, &now, &d->total);
    verify_add(&d->total, &now);
}

static void on_failed(void *user, const char *path, const char *why)
{
    dump *d = user;

    verify_json_failed(&d->ledger, path, why, &d->total);
    d->total.failed++;
}

/* ---- where it goes ------------------------------------------------------------------------- */

static bool to_file(const char *path)
{
    return path && strcmp(path, "-") != 0;
}

/* The files to be written must be no input, and two. */
static int check_outputs(const dump_arguments *a, char **paths, int count)
{
    if (a->hash && !a->ledger)
        return cli_usage("dump: --hash goes into the ledger: add --ledger FILE, or use evx verify "
                         "--hash");
    if (a->ledger && !to_file(a->ledger))
        return cli_usage("dump: --ledger wants a file: standard output is for the records");
    if (a->ledger && to_file(a->output)
        && (strcmp(a->ledger, a->output) == 0 || cli_same_file(a->ledger, a->output)))
        return cli_usage("dump: --ledger and --output name one file: %s", a->ledger);
    if ((a->ledger && !cli_output_safe("dump", a->ledger, paths, count))
        || (to_file(a->output) && !cli_output_safe("dump", a->output, paths, count)))
        return CLI_USAGE;
    return CLI_CLEAN;
}

/* Nothing is made or emptied for inputs that are not there. */
static int open_outputs(dump *d, const dump_arguments *a, char **paths, int count)
{
    bool any = cli_any_input(paths, count);
    int status = CLI_CLEAN;

    d->books = a->ledger != NULL && any;
    if (d->books) {
        cli_output_beside(&d->ledger, ledger_buffer, sizeof ledger_buffer);
        status = cli_output_file(&d->ledger, a->ledger, a->sure);
    }
    cli_output_begin(&d->output);
    if (status == CLI_CLEAN && any && to_file(a->output))
        status = cli_output_file(&d->output, a->output, a->sure);
    return status;
}

/* ---- the run ------------------------------------------------------------------------------- */

static int prepare(dump *d, const dump_arguments *a)
{
    d->is.config.kernels = cli_kernels();
    if (!render_begin(&d->mine, &d->is))
        return cli_usage("dump: out of memory, or the library is of another version");
    d->recovers = a->recover;
    d->wevt = a->wevt != NULL;
    if ((d->recovers || d->wevt)
        && !recover_init(&d->found, &d->is.config, d->is.numbered, a->wevt, &d->output))
        return CLI_USAGE;
    d->found.wanted = recovered_wanted;
    d->found.user = d;
    return CLI_CLEAN;
}

/* Threads work on what can be read ahead; for pipes alone, memory for them would be wasted. */
static bool any_file(char **paths, int count)
{
    bool any = false;

    for (int i = 0; i < count && !any; i++) {
        int error, kind = strcmp(paths[i], "-") != 0 ? cli_kind(paths[i], false, &error) : 0;
        any = kind == CLI_FILE || kind == CLI_FOLDER;
    }
    return any;
}

/* Outputs are open: threads begin in the sandbox, so that it holds for them too. */
static void begin_threads(dump *d, const dump_arguments *a, char **paths, int count)
{
    cli_run_confined(paths, count, a->verbose);
    if (d->is.threads > 1 && !d->wevt && any_file(paths, count))
        d->pool = render_ahead(&d->is, d->is.threads);
}

static void read_all(dump *d, cli_run *all, char **paths, int count)
{
    cli_visitor visitor = { .user = d, .begin = on_begin, .chunk = on_chunk, .record = on_record,
                            .chunk_end = on_chunk_end };

    if (!d->books && !d->recovers && !d->wevt && (d->is.filtered || d->is.range_count != 0))
        visitor.next = on_next;
    if (d->books) {
        visitor.end = on_end;
        visitor.failed = on_failed;
        verify_json_begin(&d->ledger, "dump");
    }
    if (d->is.root)
        cli_put(&d->output, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Events>\n");
    cli_run_paths(all, &visitor, paths, count);
    if (d->is.root)
        cli_put(&d->output, "</Events>\n");
    if (d->recovers || d->wevt)
        recover_say(&d->found);
    if (d->books)
        verify_json_end(&d->ledger, &d->total);
}

static int run(dump *d, const dump_arguments *a, char **paths, int count)
{
    cli_run all = { .verbose = a->verbose, .stop_after_one = a->stop, .check_crc = a->check_crc,
                    .count_crc = d->books, .hash = a->hash, .streams = d->output.path == NULL,
                    .pool = d->pool };
    int status, written = CLI_CLEAN;

    read_all(d, &all, paths, count);
    if (d->pool)
        cli_pool_end(d->pool);
    status = cli_output_end(&d->output);
    if (d->books)
        written = cli_output_end(&d->ledger);
    if (status == CLI_CLEAN)
        status = written;
    return status != CLI_CLEAN ? status : cli_run_status(&all);
}

static int read_arguments(dump_arguments *a, int argc, char **argv, int *paths)
{
    const cli_option options[] = { { "format", 'o', CLI_VALUE, &a->format },
                                   { "style", 0, CLI_VALUE, &a->style },
                                   { "output", 'f', CLI_VALUE, &a->output },
                                   { "no-confirm-overwrite", 0, CLI_FLAG, &a->sure },
                                   { "no-indent", 0, CLI_FLAG, &a->compact },
                                   { "root", 0, CLI_FLAG, &a->root },
                                   { "separate-json-attributes", 0, CLI_FLAG, &a->separate },
                                   { "dont-show-record-number", 0, CLI_FLAG, &a->bare },
                                   { "event-id", 0, CLI_VALUE, &a->event_id },
                                   { "provider", 0, CLI_VALUE, &a->provider },
                                   { "channel", 0, CLI_VALUE, &a->channel },
                                   { "computer", 0, CLI_VALUE, &a->computer },
                                   { "level", 0, CLI_VALUE, &a->level },
                                   { "record-id", 0, CLI_VALUE, &a->record_id },
                                   { "exclude", 0, CLI_VALUE, &a->exclude },
                                   { "events", 0, CLI_VALUE, &a->events },
                                   { "since", 0, CLI_VALUE, &a->since },
                                   { "until", 0, CLI_VALUE, &a->until },
                                   { "ansi-codec", 0, CLI_VALUE, &a->codec },
                                   { "recover", 0, CLI_FLAG, &a->recover },
                                   { "wevt", 0, CLI_VALUE, &a->wevt },
                                   { "validate-checksums", 0, CLI_FLAG, &a->check_crc },
                                   { "stop-after-one-error", 0, CLI_FLAG, &a->stop },
                                   { "ledger", 0, CLI_VALUE, &a->ledger },
                                   { "hash", 0, CLI_FLAG, &a->hash },
                                   { "threads", 't', CLI_VALUE, &a->threads },
                                   { "no-sandbox", 0, CLI_FLAG, &cli_unconfined },
                                   { "verbose", 'v', CLI_COUNT, &a->verbose },
                                   { "help", 'h', CLI_FLAG, &a->help },
                                   { "version", 'V', CLI_FLAG, &a->version },
                                   { NULL, 0, 0, NULL } };

    return cli_args("dump", options, argc, argv, paths);
}

int cmd_dump(int argc, char **argv)
{
    static dump d;
    dump_arguments a = { 0 };
    int paths, status = read_arguments(&a, argc, argv, &paths);

    if (status == CLI_CLEAN && a.help)
        return cli_help(help);
    if (status == CLI_CLEAN && a.version)
        return cli_version();
    if (status == CLI_CLEAN)
        status = cli_check_paths("dump", argv, paths);
    if (status == CLI_CLEAN)
        status = dump_options_read(&d.is, &a);
    if (status == CLI_CLEAN)
        status = check_outputs(&a, argv, paths);
    if (status == CLI_CLEAN)
        status = prepare(&d, &a);
    if (status == CLI_CLEAN)
        status = open_outputs(&d, &a, argv, paths);
    if (status == CLI_CLEAN) {
        begin_threads(&d, &a, argv, paths);
        status = run(&d, &a, argv, paths);
    }
    dump_options_free(&d.is);
    return status;
}
