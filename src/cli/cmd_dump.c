/* src/cli/cmd_dump.c - evx dump: records as xml, json, json lines */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

static const char help[] =
    "evx dump - write every record of event logs as text, as evtx_dump 0.12 does\n"
    "\n"
    "usage: evx dump [options] PATH...   files or folders; '-' reads standard input\n"
    "\n"
    "  -o, --format FORMAT          xml (default), json, jsonl: one object a line\n"
    "  -f, --output FILE            write to FILE, made with its folders; may ask\n"
    "      --no-confirm-overwrite   overwrite without asking (never an event log)\n"
    "      --no-indent              xml: each record on one line\n"
    "      --separate-json-attributes    json: attributes of X in X_attributes\n"
    "      --dont-show-record-number     no 'Record N' lines\n"
    "      --events RANGES          only records of these numbers: 7 or 0-10,20-30\n"
    "      --since TIME             only events from this time on, as 2006-09-02\n"
    "      --until TIME             and before this one, as 2006-09-02T02:00Z (UTC)\n"
    "      --ansi-codec NAME        code page of ANSI strings (default windows-1252)\n"
    "      --validate-checksums     leave out chunks whose checksum is wrong\n"
    "      --stop-after-one-error   stop at the first damage, with status 1\n"
    "  -t, --threads N              accepted; this version uses one\n"
    "  -v, --verbose                say more: all losses, files left out; -vv: more\n"
    "  -h, --help; -V, --version\n"
    "\n"
    "Records go to standard output; what was lost, and where, to standard error.\n"
    "exit status: 0 clean; 1 something was lost, the output is valid; 2 usage;\n"
    "             3 nothing readable, or no log at all; 4 the output failed\n";

typedef struct range {
    uint64_t first, last;            /* record numbers, both included                          */
} range;

/* Options as given. */
typedef struct arguments {
    const char *format, *output, *events, *since, *until, *codec, *threads;
    bool sure, compact, separate, bare, check_crc, stop, help, version;
    unsigned verbose;
} arguments;

typedef struct dump {
    cli_output output;
    evx_text text;
    bool numbered;                   /* a line "Record N" before each record                   */
    range *ranges;
    size_t range_count;
    evx_filter filter;               /* the times asked for                                    */
    evx_reader reader;
} dump;

/* Compiled templates of one host's logs. */
enum { ARENA = 1536 * 1024 };

static uint64_t work[EVX_TEXT_WORK / sizeof(uint64_t)];
static uint64_t arena[ARENA / sizeof(uint64_t)];
static uint64_t memory[EVX_READER_MEMORY / sizeof(uint64_t)];

/* ---- records ------------------------------------------------------------------------------- */

static bool wanted(const dump *d, uint64_t number)
{
    for (size_t i = 0; i < d->range_count; i++)
        if (number >= d->ranges[i].first && number <= d->ranges[i].last)
            return true;
    return d->range_count == 0;
}

/*
 * The heading stands in front of text that may turn out not to exist. There is room for it, so it
 * stays in the buffer until the record is judged, and can be taken back.
 */
static size_t put_heading(dump *d, uint64_t number)
{
    enum { HEADING_MAX = 32 };       /* "Record ", 20 digits, line break                       */
    evx_out *out = &d->output.out;
    size_t before;

    if (out->cap - out->len < HEADING_MAX)
        (void)evx_out_flush(out);
    before = out->len;
    cli_put(&d->output, "Record ");
    cli_put_u64(&d->output, number);
    cli_put(&d->output, "\n");
    return out->len - before;
}

static evx_status on_record(void *user, cli_log *log, const evx_chunk *c, const evx_record *r,
                            cli_seen *seen)
{
    dump *d = user;
    evx_out *out = &d->output.out;
    size_t heading;
    evx_status st;

    (void)log;
    seen->time = r->written;
    if (!wanted(d, r->id))
        return EVX_SKIP;
    if ((d->filter.since || d->filter.until)
        && evx_filter_record(&d->filter, &d->reader, c, r) == EVX_SKIP)
        return EVX_SKIP;
    heading = d->numbered ? put_heading(d, r->id) : 0;
    st = evx_text_record(&d->text, c, r, out);
    if (out->failed < 0)
        return EVX_END;
    if (st < 0) {
        out->len -= heading;
        out->total -= heading;
        seen->off = d->text.failed_off;
        return st;
    }
    cli_put(&d->output, "\n");
    seen->partial = d->text.damage != 0;
    seen->why = d->text.failed;
    seen->off = d->text.failed_off;
    return out->failed < 0 ? EVX_END : EVX_OK;
}

/* ---- options ------------------------------------------------------------------------------- */

static int set_format(dump *d, evx_text_config *config, const arguments *a)
{
    static const char *const formats[] = { "xml", "json", "jsonl", NULL };
    int format = a->format ? cli_choice(a->format, formats) : 0;

    if (format < 0)
        return cli_usage("dump: no format '%s'; there are xml, json, jsonl", a->format);
    config->format = format == 0 ? EVX_XML : EVX_JSON;
    config->flags = format > 0 ? (a->separate ? EVX_TEXT_SEPARATE : 0u)
                               : EVX_TEXT_DECLARATION | (a->compact ? EVX_TEXT_COMPACT : 0u);
    d->numbered = format < 2 && !a->bare;
    return CLI_CLEAN;
}

static void say_codecs(void)
{
    char line[1024];
    size_t len = 0;

    for (size_t i = 0; cli_codepage_name(i) != NULL; i++) {
        const char *name = cli_codepage_name(i);
        size_t add = strlen(name);
        if (add + 2 > sizeof line - len)
            break;
        line[len++] = ' ';
        memcpy(line + len, name, add);
        len += add;
    }
    line[len] = 0;
    cli_say("there are:%s", line);
}

static int set_codec(evx_text_config *config, const char *name)
{
    if (!name)
        return CLI_CLEAN;
    config->ansi = cli_codepage(name);
    if (config->ansi)
        return CLI_CLEAN;
    cli_say("dump: no code page '%s'", name);
    say_codecs();
    return CLI_USAGE;
}

/* "3" or "3-9", up to the comma or the end. */
static bool read_range(const char *text, size_t len, range *r)
{
    char number[2][24];
    const char *dash = memchr(text, '-', len);
    size_t first = dash ? (size_t)(dash - text) : len, last = dash ? len - first - 1 : len;
    const char *second = dash ? dash + 1 : text;

    if (first >= sizeof number[0] || last >= sizeof number[1])
        return false;
    memcpy(number[0], text, first);
    memcpy(number[1], second, last);
    number[0][first] = number[1][last] = 0;
    return cli_number(number[0], &r->first) && cli_number(number[1], &r->last);
}

static int set_events(dump *d, const char *text)
{
    size_t count = 1;

    if (!text)
        return CLI_CLEAN;
    for (const char *p = text; *p; p++)
        count += *p == ',';
    d->ranges = calloc(count, sizeof *d->ranges);
    if (!d->ranges)
        return cli_usage("dump: --events: out of memory");
    for (const char *at = text; d->range_count < count; d->range_count++) {
        size_t len = strcspn(at, ",");
        if (!read_range(at, len, &d->ranges[d->range_count]))
            return cli_usage("dump: --events wants record numbers as in 0-10,20-30, not '%s'",
                             text);
        at += len + 1;
    }
    return CLI_CLEAN;
}

static int set_times(dump *d, const arguments *a)
{
    int status = cli_when_option("dump", "since", a->since, &d->filter.since);

    if (status == CLI_CLEAN)
        status = cli_when_option("dump", "until", a->until, &d->filter.until);
    return status;
}

static int check(const arguments *a, char **paths, int count)
{
    uint64_t n;

    if (a->threads && !cli_number(a->threads, &n))
        return cli_usage("dump: --threads wants a number, not '%s'", a->threads);
    return cli_check_paths("dump", paths, count);
}

static int prepare(dump *d, const arguments *a)
{
    evx_text_config config = { 0 };
    int status = set_format(d, &config, a);

    if (status == CLI_CLEAN)
        status = set_codec(&config, a->codec);
    if (status == CLI_CLEAN)
        status = set_events(d, a->events);
    if (status == CLI_CLEAN)
        status = set_times(d, a);
    if (status != CLI_CLEAN)
        return status;
    config.kernels = evx_kernels_best();
    config.work = (uint8_t *)work;
    config.work_len = sizeof work;
    config.arena = (uint8_t *)arena;
    config.arena_len = sizeof arena;
    status = evx_text_init(&d->text, sizeof d->text, &config);
    if (status == EVX_OK)
        status = evx_reader_init(&d->reader, sizeof d->reader, (uint8_t *)memory, sizeof memory,
                                 NULL);
    if (status < 0)
        return cli_usage("dump: the library is of another version");
    cli_output_begin(&d->output);
    if (a->output && strcmp(a->output, "-") != 0)
        return cli_output_file(&d->output, a->output, a->sure);
    return CLI_CLEAN;
}

static int run(dump *d, const arguments *a, char **paths, int count)
{
    cli_run all = { 0 };
    cli_visitor visitor = { .user = d, .record = on_record };
    int status;

    all.verbose = a->verbose;
    all.stop_after_one = a->stop;
    all.check_crc = a->check_crc;
    all.streams = d->output.path == NULL;
    cli_run_paths(&all, &visitor, paths, count);
    status = cli_output_end(&d->output);
    return status != CLI_CLEAN ? status : cli_run_status(&all);
}

int cmd_dump(int argc, char **argv)
{
    static dump d;
    arguments a = { 0 };
    const cli_option options[] = { { "format", 'o', CLI_VALUE, &a.format },
                                   { "output", 'f', CLI_VALUE, &a.output },
                                   { "no-confirm-overwrite", 0, CLI_FLAG, &a.sure },
                                   { "no-indent", 0, CLI_FLAG, &a.compact },
                                   { "separate-json-attributes", 0, CLI_FLAG, &a.separate },
                                   { "dont-show-record-number", 0, CLI_FLAG, &a.bare },
                                   { "events", 0, CLI_VALUE, &a.events },
                                   { "since", 0, CLI_VALUE, &a.since },
                                   { "until", 0, CLI_VALUE, &a.until },
                                   { "ansi-codec", 0, CLI_VALUE, &a.codec },
                                   { "validate-checksums", 0, CLI_FLAG, &a.check_crc },
                                   { "stop-after-one-error", 0, CLI_FLAG, &a.stop },
                                   { "threads", 't', CLI_VALUE, &a.threads },
                                   { "verbose", 'v', CLI_COUNT, &a.verbose },
                                   { "help", 'h', CLI_FLAG, &a.help },
                                   { "version", 'V', CLI_FLAG, &a.version },
                                   { NULL, 0, 0, NULL } };
    int paths, status = cli_args("dump", options, argc, argv, &paths);

    if (status == CLI_CLEAN && a.help)
        return cli_help(help);
    if (status == CLI_CLEAN && a.version)
        return cli_version();
    if (status == CLI_CLEAN)
        status = check(&a, argv, paths);
    if (status == CLI_CLEAN)
        status = prepare(&d, &a);
    if (status == CLI_CLEAN)
        status = run(&d, &a, argv, paths);
    free(d.ranges);
    return status;
}
