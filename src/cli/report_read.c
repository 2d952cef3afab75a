/* src/cli/report_read.c - inputs -> the writer's events, and the little to know of all others */
#include "report.h"

#include <stdlib.h>
#include <string.h>

/*
 * A chunk in which the writer's provider is not named holds none of its events. Of such a chunk, if
 * it is sound, the record headers are walked, for counts and gaps, and the first and last record is
 * read: by their times and ids the report knows when the computer was last heard of, and whether a
 * log was cleared. In other sound chunks the same is done for the records that are whole and, by
 * their template, another provider's; all others are read. In damaged chunks (the windows of losses
 * need times), and on standard input (see report_near.c), the System fields of each record are
 * read, and all fields of the writer's; of those in damaged chunks too.
 */

enum {
    LOSSES_A_CHUNK = 16384,          /* more do not fit into one: a record takes 24 bytes      */
    LOSSES_MAX = 1 << 20,            /* of a file; of more, one large one is made              */
    COMPUTERS_MAX = 65536,           /* with events of others only                             */
    NAMES_MAX = 65536
};

typedef struct reading {
    report *r;
    evx_reader reader;
    evx_filter filter;
    evx_loss *losses;                /* of the log that is being read                          */
    size_t loss_cap;
    uint64_t losses_seen;            /* windows up to here are closed                          */
    uint32_t order;
    bool streamed;
    bool doubtful;                   /* the chunk: its records are read to their ends          */
    bool checked;                    /* this chunk's checksums                                 */
    bool passing;                    /* the chunk: records of others are passed over           */
    evx_record first;                /* of it                                                  */
} reading;

static reading me;
static uint64_t memory[EVX_READER_MEMORY / sizeof(uint64_t)];

static report_file *this_file(void)
{
    return &me.r->files[me.r->file_count - 1];
}

static report_file *add_file(const char *path)
{
    report *r = me.r;
    report_file *f;

    r->files = report_more(r->files, r->file_count, &r->file_cap, sizeof *r->files);
    f = &r->files[r->file_count++];
    memset(f, 0, sizeof *f);
    f->path = report_copy(path, strlen(path));
    f->first_loss = r->loss_count;
    return f;
}

/* ---- a log begins and ends ------------------------------------------------------------------- */

static void make_room(evx_ledger *l)
{
    while (me.loss_cap < l->loss_count + LOSSES_A_CHUNK && me.loss_cap < LOSSES_MAX)
        me.losses = report_more(me.losses, me.loss_cap, &me.loss_cap, sizeof *me.losses);
    l->losses = me.losses;
    l->loss_cap = me.loss_cap;
}

static void on_begin(void *user, cli_log *log)
{
    (void)user;
    (void)add_file(log->given);
    this_file()->legacy = log->evt != NULL;
    this_file()->head = log->head;
    me.streamed = log->evt || strcmp(log->given, "-") == 0;
    me.doubtful = true;              /* where there are no chunks to ask                       */
    me.passing = false;
    evx_reader_renew(&me.reader);
    me.losses_seen = 0;
    evx_ledger_begin(&log->ledger, me.losses, me.loss_cap);
    make_room(&log->ledger);
}

/* Losses in a row have one window: they are one. */
static void keep_loss(const evx_loss *loss)
{
    report *r = me.r;
    report_file *f = this_file();
    evx_loss *last = f->losses > 0 ? &r->losses[r->loss_count - 1] : NULL;

    if (last && last->before == loss->before && last->after == loss->after
        && (loss->before == 0 || loss->before != loss->after)) {
        last->len = loss->file_off + loss->len - last->file_off;
        last->records += loss->records;
        return;
    }
    r->losses = report_more(r->losses, r->loss_count, &r->loss_cap, sizeof *r->losses);
    r->losses[r->loss_count] = *loss;
    r->losses[r->loss_count++].file = (uint32_t)(me.r->file_count - 1);
    f->losses++;
}

static void on_end(void *user, cli_log *log)
{
    const evx_ledger *l = &log->ledger;
    report_file *f = this_file();
    size_t kept = l->loss_count < l->loss_cap ? l->loss_count : l->loss_cap;
    evx_loss rest = { .records = 1, .reason = EVX_E_CHUNK_SIGNATURE };

    (void)user;
    f->records = l->records;
    f->lost_records = l->lost;
    f->lost_bytes = l->lost_bytes;
    f->crc_failures = l->crc_failures;
    f->vague = log->vague && l->lost > 0;
    if (f->crc_failures > 0)
        cli_say("%s: %llu chunk%s with the writer's events %s a wrong checksum: they may not be "
                "what was written", log->path, (unsigned long long)f->crc_failures,
                cli_s(f->crc_failures), f->crc_failures == 1 ? "has" : "have");
    for (size_t i = 0; i < kept; i++)
        if (l->losses[i].records > 0)
            keep_loss(&l->losses[i]);
    if (kept < l->loss_count)        /* anywhere, at any time                                  */
        keep_loss(&rest);
    for (size_t i = 0; i < f->losses; i++)
        me.r->losses[f->first_loss + i].computer = f->any_computer ? f->computer
                                                                   : EVX_ANY_COMPUTER;
}

static void on_failed(void *user, const char *path, const char *why)
{
    report_file *f = add_file(path);

    (void)user;
    f->error = report_copy(why, strlen(why));
    f->computer = EVX_ANY_COMPUTER;
}

/* ---- chunks ---------------------------------------------------------------------------------- */

/* What holds events that count must be what was written. Records are read all the same. */
static void check_sums(cli_log *log, const evx_chunk *c)
{
    uint32_t bad;

    if (me.checked)
        return;
    me.checked = true;
    bad = evx_chunk_check(c, cli_kernels());
    if (bad == 0)
        return;
    log->ledger.crc_failures++;
    log->ledger.chunks_damaged += c->damage == 0;
    if (me.r->args.verbose > 0)
        cli_say("%s: chunk at offset %llu: its checksums do not fit; its records were read",
                log->path, (unsigned long long)c->file_off);
}

/* ---- records --------------------------------------------------------------------------------- */

static uint32_t number_of(report_names *t, const evx_fields *f, uint32_t bit,
                          const evx_text_view *view, size_t most)
{
    static const evx_text_view none = { (const uint8_t *)"", 0, 1 };

    return report_number(t, f->present & bit ? view : &none, most);
}

static void heard_of(uint32_t computer, const evx_fields *f)
{
    report_name *n = &me.r->computers.names[computer];

    if (!(f->present & EVX_HAS_TIME))
        return;
    if (f->time > n->last)
        n->last = f->time;
    if (n->first == 0 || f->time < n->first) {
        n->first = f->time;
        n->first_id = f->present & EVX_HAS_RECORD_ID ? f->record_id : 0;
    }
}

static void note_file(const evx_fields *f, uint32_t computer, uint32_t channel)
{
    report_file *file = this_file();

    if (f->present & EVX_HAS_TIME) {
        if (file->first == 0 || f->time < file->first)
            file->first = f->time;
        if (f->time > file->last)
            file->last = f->time;
    }
    file->computer = !file->any_computer || file->computer == computer ? computer
                                                                       : EVX_ANY_COMPUTER;
    file->channel = !file->any_channel || file->channel == channel ? channel : REPORT_NO_NAME;
    file->any_computer = file->any_channel = true;
}

/* What is worth knowing of any record. Values out of a torn one may be anything. */
static void note_record(const evx_record *record, const evx_fields *f)
{
    report *r = me.r;
    uint32_t computer, channel, both = EVX_HAS_TIME | EVX_HAS_RECORD_ID;

    if (f->damaged || (record->damage & ~(uint32_t)EVX_RECORD_ID) != 0)
        return;
    computer = number_of(&r->computers, f, EVX_HAS_COMPUTER, &f->computer, COMPUTERS_MAX);
    channel = number_of(&r->channels, f, EVX_HAS_CHANNEL, &f->channel, NAMES_MAX);
    if (computer == REPORT_NO_NAME)
        return;
    heard_of(computer, f);
    note_file(f, computer, channel);
    if ((f->present & both) == both)
        report_place(r, (uint32_t)(r->file_count - 1), computer, channel, f->time, f->record_id);
    if (me.streamed)
        report_remember(r, f, computer);
}

static void add_event(const evx_chunk *c, const evx_record *record, const evx_fields *f,
                      evx_vss_event *e)
{
    report *r = me.r;
    uint32_t channel;

    e->file_off = c->file_off + record->off;
    e->file = (uint32_t)(r->file_count - 1);
    e->order = me.order++;
    e->computer = number_of(&r->computers, f, EVX_HAS_COMPUTER, &f->computer, SIZE_MAX);
    heard_of(e->computer, f);
    channel = number_of(&r->channels, f, EVX_HAS_CHANNEL, &f->channel, SIZE_MAX);
    r->computers.names[e->computer].writes = r->channels.names[channel].writes = true;
    this_file()->vss_events++;
    r->events = report_more(r->events, r->event_count, &r->event_cap, sizeof *r->events);
    r->events[r->event_count++] = *e;
}

/* Of the writer's events all is read, and of what may be damaged; of others what there is to know
 * of any. */
static evx_status read_fields(const evx_chunk *c, const evx_record *r, evx_fields *f)
{
    evx_status st = me.doubtful ? EVX_OK : evx_fields_system(&me.reader, c, r, f);

    if (st < 0 || (!me.doubtful && !evx_text_view_is(&f->provider, me.filter.provider)))
        return st;
    return evx_fields_read(&me.reader, c, r, f);
}

static evx_status on_record(void *user, cli_log *log, const evx_chunk *c, const evx_record *r,
                            cli_seen *seen)
{
    static evx_fields f;
    static evx_vss_event e;
    evx_status st = read_fields(c, r, &f);

    (void)user;
    if (st < 0)
        return st;
    me.losses_seen = log->ledger.loss_count;
    seen->time = f.present & EVX_HAS_TIME ? f.time : r->written;
    seen->partial = f.damaged;
    note_record(r, &f);
    if (!evx_text_view_is(&f.provider, me.filter.provider) || evx_vss_event_read(&f, &e) != EVX_OK)
        return EVX_OK;
    check_sums(log, c);
    add_event(c, r, &f, &e);
    return EVX_OK;
}

/* ---- chunks without any of the writer's events ----------------------------------------------- */

/* One record of such a chunk: its time, or 0 if it cannot be read. */
static uint64_t glance(const evx_chunk *c, const evx_record *r)
{
    static evx_fields f;

    if (evx_fields_system(&me.reader, c, r, &f) < 0)
        return 0;
    note_record(r, &f);
    return f.present & EVX_HAS_TIME ? f.time : r->written;
}

/* None of the chunk's records is of the writer: the first and the last one are enough. */
static bool skim(cli_log *log, const evx_chunk *c)
{
    evx_record first, last;
    uint64_t time;

    if (evx_ledger_skim(&log->ledger, c, &first, &last) != EVX_OK)
        return false;
    time = glance(c, &first);
    evx_ledger_time(&log->ledger, first.off == last.off ? time : glance(c, &last));
    return true;
}

/* ---- sound chunks with some of them ---------------------------------------------------------- */

/* As long as records are passed over: the chunk's first one is read, and the last of them in front
 * of its end, or of what is lost. */
static evx_status on_next(void *user, cli_log *log, evx_records *it, evx_record *r)
{
    evx_record passed, first = me.first;
    uint64_t time = 0;
    evx_status st;

    (void)user;
    if (!me.passing)
        return evx_records_next(it, r);
    me.first.size = 0;
    st = evx_filter_next(&me.filter, &me.reader, it, &log->ledger, r, &passed);
    if (passed.size == 0)
        return st;
    if (first.size != 0)
        time = glance(it->chunk, &first);
    if (st == EVX_OK)
        return st;
    evx_ledger_time(&log->ledger, first.size != 0 && first.off == passed.off
                                  ? time : glance(it->chunk, &passed));
    return st;
}

/* Is every record where it should be, and as it should? */
static bool is_sound(const evx_chunk *c)
{
    evx_record last;
    evx_ledger books;

    evx_ledger_begin(&books, NULL, 0);
    return evx_ledger_skim(&books, c, &me.first, &last) == EVX_OK;
}

/* Is any of its records not where it should be, or not as it should? */
static bool is_doubtful(const evx_chunk *c)
{
    evx_records it;
    evx_record r;
    evx_status st;
    bool sound = c->damage == 0;

    evx_records_begin(&it, c);
    while (sound && (st = evx_records_next(&it, &r)) != EVX_END)
        sound = st == EVX_OK && (r.damage & ~(uint32_t)EVX_RECORD_ID) == 0;
    return !sound;
}

static evx_status on_chunk(void *user, cli_log *log, const evx_chunk *c)
{
    bool waits = log->ledger.loss_count != me.losses_seen;   /* a loss, for a record's time */
    bool ours = me.streamed || waits || c->damage != 0
             || evx_filter_chunk(&me.filter, cli_kernels(), c) == EVX_OK;

    (void)user;
    make_room(&log->ledger);
    me.checked = false;
    if (!ours && skim(log, c))
        return EVX_SKIP;
    me.passing = !me.streamed && is_sound(c);
    me.doubtful = !me.passing && is_doubtful(c);
    return EVX_OK;
}

void report_read(report *r, cli_run *run, char **paths, int count)
{
    cli_visitor visitor = { .begin = on_begin, .chunk = on_chunk, .next = on_next,
                            .record = on_record, .end = on_end, .failed = on_failed };

    me.r = r;
    me.filter.provider = "MSExchangeIS";
    if (evx_reader_init(&me.reader, sizeof me.reader, (uint8_t *)memory, sizeof memory, NULL) < 0) {
        cli_say("sessions: the library is of another version");
        exit(CLI_USAGE);
    }
    cli_run_paths(run, &visitor, paths, count);
    free(me.losses);
    report_find_clearings(r);
}
