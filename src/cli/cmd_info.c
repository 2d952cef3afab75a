/* src/cli/cmd_info.c - evx info: headers, counts, damage, order, who logged what and when */
#include "info.h"

#include <string.h>

static const char help[] =
    "evx info - say what event logs hold, and what is wrong with them\n"
    "\n"
    "usage: evx info [options] PATH...   files or folders; '-' reads standard input\n"
    "\n"
    "      --json                   one JSON document, schema evx.info/1\n"
    "  -v, --verbose                list all names, losses and runs of chunks, and\n"
    "                               say more: losses, files left out; -vv: chunks\n"
    "  -h, --help; -V, --version; --no-sandbox: see evx(1)\n"
    "\n"
    "For each log: size, version and flags; damage of header and chunks; records\n"
    "present, decoded, recovered and lost; whether it is a ring that has wrapped,\n"
    "and its oldest chunk; ranges of record ids and times (UTC); how many records\n"
    "are of which provider, channel and computer; losses, with offset and reason.\n"
    "\n"
    "exit status: 0 clean; 1 something was lost, the output is valid; 2 usage;\n"
    "             3 nothing readable, or no log at all; 4 the output failed\n";

typedef struct arguments {
    bool json, help, version;
    unsigned verbose;
} arguments;

typedef struct reporter {
    cli_output output;
    const arguments *a;
    evx_reader reader;
    uint64_t shown, records, lost;   /* logs and their sums, for the last line of the text     */
    bool no_memory;                  /* names are missing                                      */
    bool vague;                      /* more may be lost                                       */
} reporter;

static info now;                     /* the log that is being read                             */
static uint64_t memory[EVX_READER_MEMORY / sizeof(uint64_t)];

const char *info_order(const info *i)
{
    const evx_evt *e = i->log->evt;

    if (e)
        return e->end_off == 0 ? "unknown" : e->oldest_off == e->end_off ? "none"
             : e->oldest_off > e->end_off ? "ring" : "ascending";
    if (i->runs < 2)
        return i->runs == 0 ? "none" : "ascending";
    return i->runs == 2 && i->place_id < i->run[0].first_id ? "ring" : "mixed";
}

/* ---- facts --------------------------------------------------------------------------------- */

static void widen(info_range *r, uint64_t value)
{
    if (!r->any || value < r->first)
        r->first = value;
    if (!r->any || value > r->last)
        r->last = value;
    r->any = true;
}

static void on_begin(void *user, cli_log *log)
{
    (void)user;
    cli_tally_clear(&now.providers);
    cli_tally_clear(&now.channels);
    cli_tally_clear(&now.computers);
    now.times.any = now.ids.any = now.header_ids.any = false;
    now.last_chunk_off = 0;
    now.runs = 0;
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

/* The first record of a chunk: does it go on where the chunk before it began? */
static void place(uint64_t slot, uint64_t id)
{
    info_run *r;

    if (now.runs == 0 || id <= now.place_id) {
        if (++now.runs <= INFO_RUNS_MAX) {
            r = &now.run[now.runs - 1];
            r->first_slot = slot;
            r->first_id = r->last_id = id;
        }
    }
    now.place_id = id;
    if (now.runs <= INFO_RUNS_MAX)
        now.run[now.runs - 1].last_slot = slot;
}

/* Which chunk of the file: behind a header's block, or in a file that has none. */
static uint64_t slot_of(const evx_chunk *c)
{
    uint64_t off = c->file_off;

    if (off % EVX_CHUNK_SIZE == EVX_FILE_HEADER_SIZE)
        off -= EVX_FILE_HEADER_SIZE;
    return off / EVX_CHUNK_SIZE;
}

static void note_id(const evx_chunk *c, const evx_record *r)
{
    uint64_t slot = slot_of(c);
    info_range *ids = &now.header_ids;
    info_run *last;

    if (now.log->evt) {
        widen(ids, r->id);           /* its chunks are none of the file's */
        return;
    }
    if (now.runs == 0 || now.last_chunk_off != c->file_off)
        place(slot, r->id);
    now.last_chunk_off = c->file_off;
    if (!ids->any || r->id < ids->first)
        now.oldest_slot = slot;
    if (!ids->any || r->id > ids->last)
        now.newest_slot = slot;
    widen(ids, r->id);
    if (now.runs > INFO_RUNS_MAX)
        return;
    last = &now.run[now.runs - 1];
    if (r->id > last->last_id)
        last->last_id = r->id;
}

static void count(cli_tally *t, const evx_fields *f, uint32_t bit, const evx_text_view *name)
{
    cli_tally_add(t, f->present & bit ? name : NULL);
}

static evx_status on_record(void *user, cli_log *log, const evx_chunk *c, const evx_record *r,
                            cli_seen *seen)
{
    static evx_fields f;
    reporter *me = user;
    evx_status st = evx_fields_read(&me->reader, c, r, &f);
    bool sound;

    (void)log;
    if (st < 0)
        return st;
    seen->partial = f.damaged;
    seen->time = f.present & EVX_HAS_TIME ? f.time : r->written;
    /* values out of a torn record may be anything, and one of them would spoil a range */
    sound = !f.damaged && (r->damage & ~(uint32_t)EVX_RECORD_ID) == 0;
    if (sound)
        note_id(c, r);
    if (sound && (f.present & EVX_HAS_TIME))
        widen(&now.times, f.time);
    if (sound && (f.present & EVX_HAS_RECORD_ID))
        widen(&now.ids, f.record_id);
    count(&now.providers, &f, EVX_HAS_PROVIDER, &f.provider);
    count(&now.channels, &f, EVX_HAS_CHANNEL, &f.channel);
    count(&now.computers, &f, EVX_HAS_COMPUTER, &f.computer);
    return EVX_OK;
}

/* ---- report -------------------------------------------------------------------------------- */

static void on_end(void *user, cli_log *log)
{
    reporter *me = user;
    cli_output *o = &me->output;

    info_end(&now);
    if (now.providers.no_memory || now.channels.no_memory || now.computers.no_memory) {
        cli_say("%s: out of memory: not all names are listed", log->path);
        me->no_memory = true;
    }
    cli_tally_sort(&now.providers);
    cli_tally_sort(&now.channels);
    cli_tally_sort(&now.computers);
    if (me->a->json) {
        cli_put(o, me->shown > 0 ? ",\n" : "\n");
        info_json(o, &now);
    } else {
        cli_put(o, me->shown > 0 ? "\n" : "");
        info_text(o, &now, me->a->verbose > 0);
    }
    me->shown++;
    me->records += log->ledger.records;
    me->lost += log->ledger.lost;
    me->vague |= log->vague && log->ledger.lost > 0;
    if (cli_is_terminal(o->fd))      /* whole lines, before a progress line comes behind them */
        (void)evx_out_flush(&o->out);
}

static void on_failed(void *user, const char *path, const char *why)
{
    reporter *me = user;

    if (!me->a->json)
        return;
    cli_put(&me->output, me->shown++ > 0 ? ",\n" : "\n");
    info_json_failed(&me->output, path, why);
}

static void put_sum(reporter *me)
{
    cli_output *o = &me->output;

    cli_put(o, "\n");
    cli_put_u64(o, me->shown);
    cli_put(o, " logs, ");
    cli_put_u64(o, me->records);
    cli_put(o, " records, ");
    cli_put(o, me->vague ? "at least " : "");
    cli_put_u64(o, me->lost);
    cli_put(o, " of them lost\n");
}

static int run(reporter *me, char **paths, int count)
{
    cli_run all = { 0 };
    cli_visitor visitor = { .user = me, .begin = on_begin, .chunk = on_chunk,
                            .record = on_record, .end = on_end, .failed = on_failed };
    int status;

    all.verbose = me->a->verbose;
    all.lists = true;
    all.count_crc = true;
    cli_output_begin(&me->output);
    if (me->a->json)
        cli_put(&me->output, "{\"schema\":\"evx.info/1\",\"files\":[");
    cli_run_paths(&all, &visitor, paths, count);
    if (me->a->json)
        cli_put(&me->output, "\n]}\n");
    else if (me->shown > 1)
        put_sum(me);
    cli_tally_clear(&now.providers);
    cli_tally_clear(&now.channels);
    cli_tally_clear(&now.computers);
    status = cli_output_end(&me->output);
    if (status == CLI_CLEAN)
        status = cli_run_status(&all);
    return status == CLI_CLEAN && me->no_memory ? CLI_LOST : status;
}

int cmd_info(int argc, char **argv)
{
    static reporter me;
    arguments a = { 0 };
    const cli_option options[] = { { "json", 0, CLI_FLAG, &a.json },
                                   { "no-sandbox", 0, CLI_FLAG, &cli_unconfined },
                                   { "verbose", 'v', CLI_COUNT, &a.verbose },
                                   { "help", 'h', CLI_FLAG, &a.help },
                                   { "version", 'V', CLI_FLAG, &a.version },
                                   { NULL, 0, 0, NULL } };
    int paths, status = cli_args("info", options, argc, argv, &paths);

    if (status == CLI_CLEAN && a.help)
        return cli_help(help);
    if (status == CLI_CLEAN && a.version)
        return cli_version();
    if (status == CLI_CLEAN)
        status = cli_check_paths("info", argv, paths);
    if (status != CLI_CLEAN)
        return status;
    if (evx_reader_init(&me.reader, sizeof me.reader, (uint8_t *)memory, sizeof memory, NULL) < 0)
        return cli_usage("info: the library is of another version");
    me.a = &a;
    return run(&me, argv, paths);
}
