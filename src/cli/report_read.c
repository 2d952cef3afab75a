/* src/cli/report_read.c - inputs -> the writer's events, and the little to know of all others */
#include "report.h"

#include <stdlib.h>
#include <string.h>

/*
 * Most records are not the writer's. Where a chunk's record headers are sound, those that are
 * whole, another provider's, and say the ids and times of their headers are passed over: of a run
 * of them the first and the last one are read, which tell when the computer was last heard of, and
 * whether a log was cleared. Of all other records, of those in other chunks (the windows of losses
 * need times), and on standard input (see report_near.c), the System fields are read, and all
 * fields of the writer's; of those in damaged chunks too. Checksums are looked at where its events
 * are.
 */

enum {
    LOSSES_A_CHUNK = 16384,          /* more do not fit into one: a record takes 24 bytes      */
    LOSSES_MAX = 1 << 20,            /* of a file; of more, one large one is made              */
    COMPUTERS_MAX = 65536,           /* with events of others only                             */
    NAMES_MAX = 65536,
    NOTED = EVX_HAS_PROVIDER | EVX_HAS_TIME | EVX_HAS_RECORD_ID | EVX_HAS_COMPUTER
          | EVX_HAS_CHANNEL          /* of records that are not the writer's                   */
};

typedef struct reading {
    report *r;
    evx_reader reader;
    evx_filter filter;
    evx_loss *losses;                /* of the log that is being read                          */
    size_t loss_cap;
    uint32_t order;
    bool streamed;
    bool doubtful;                   /* the chunk: its records are read to their ends          */
    bool checked;                    /* this chunk's checksums, and what is wrong was said     */
    bool passing;                    /* the chunk: records of others are passed over           */
    bool read_on;                    /* the next record is read, whatever it is                */
    evx_record first, last;          /* of it                                                  */
    uint64_t first_time;             /* the first one is noted already                         */
    bool untimed;                    /* one of both has no time of its own                     */
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
    f->first_span = r->span_count;
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
    if (me.checked)
        return;
    me.checked = true;
    if (evx_chunk_check(c, cli_kernels()) == 0)
        return;
    log->ledger.crc_failures++;
    log->ledger.chunks_damaged += c->damage == 0;
    if (me.r->args.verbose > 0)
        cli_say("%s: chunk at offset %llu: its checksums do not fit; its records were read",
                log->path, (unsigned long long)c->file_off);
}

/* ---- records --------------------------------------------------------------------------------- */

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
    computer = report_number_of(&r->computers, f, EVX_HAS_COMPUTER, &f->computer, COMPUTERS_MAX);
    channel = report_number_of(&r->channels, f, EVX_HAS_CHANNEL, &f->channel, NAMES_MAX);
    if (computer == REPORT_NO_NAME)
        return;
    report_heard_of(&r->computers.names[computer], f);
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
    e->computer = report_number_of(&r->computers, f, EVX_HAS_COMPUTER, &f->computer, SIZE_MAX);
    report_heard_of(&r->computers.names[e->computer], f);
    channel = report_number_of(&r->channels, f, EVX_HAS_CHANNEL, &f->channel, SIZE_MAX);
    r->computers.names[e->computer].writes = r->channels.names[channel].writes = true;
    this_file()->vss_events++;
    r->events = report_more(r->events, r->event_count, &r->event_cap, sizeof *r->events);
    r->events[r->event_count++] = *e;
}

/* Of the writer's events all is read, and of what may be damaged; of others what there is to know
 * of any. */
static evx_status read_fields(const evx_chunk *c, const evx_record *r, evx_fields *f)
{
    evx_status st = me.doubtful ? EVX_OK
                  : me.streamed ? evx_fields_system(&me.reader, c, r, f)
                                : evx_fields_some(&me.reader, c, r, f, NOTED);
    bool ours = st >= 0 && (me.doubtful || evx_text_view_is(&f->provider, me.filter.provider));

    return ours ? evx_fields_read(&me.reader, c, r, f) : st;
}

/* Are the record's id and time those of its header? */
static bool is_own(const evx_record *r, const evx_fields *f)
{
    const uint32_t both = EVX_HAS_TIME | EVX_HAS_RECORD_ID;

    return (f->present & both) == both && f->record_id == r->id && f->time == r->written;
}

/* A sound record that names its computer says whose it is, and what the writer says is told by its
 * event id: where that is gone, a template or its names were overwritten, and nobody knows what the
 * record was. */
static bool is_nobodys(const evx_chunk *c, const evx_record *r, const evx_fields *f)
{
    static evx_fields all;

    if (f->present & EVX_HAS_PROVIDER)
        return !(f->present & EVX_HAS_EVENT_ID)
            && evx_text_view_is(&f->provider, me.filter.provider);
    return (f->present & EVX_HAS_COMPUTER) && evx_fields_system(&me.reader, c, r, &all) == EVX_OK
        && !(all.present & EVX_HAS_PROVIDER_GUID);
}

static evx_status on_record(void *user, cli_log *log, const evx_chunk *c, const evx_record *r,
                            cli_seen *seen)
{
    static evx_fields f;
    static evx_vss_event e;
    evx_status st = read_fields(c, r, &f);

    (void)user;
    me.read_on = me.passing && (st < 0 || !is_own(r, &f));
    me.untimed |= me.read_on;
    if (st < 0)
        return st;
    if (is_nobodys(c, r, &f))
        return EVX_E_TEMPLATE;
    seen->time = f.present & EVX_HAS_TIME ? f.time : r->written;
    seen->partial = f.damaged;
    if (!me.passing || r->off != me.first.off)
        note_record(r, &f);
    if (!evx_text_view_is(&f.provider, me.filter.provider) || evx_vss_event_read(&f, &e) != EVX_OK)
        return EVX_OK;
    check_sums(log, c);
    add_event(c, r, &f, &e);
    return EVX_OK;
}

/* ---- sound chunks ---------------------------------------------------------------------------- */

/* One record that is passed over: its time, or 0 if it cannot be read. */
static uint64_t glance(const evx_chunk *c, const evx_record *r)
{
    static evx_fields f;

    if (evx_fields_some(&me.reader, c, r, &f, NOTED) < 0)
        return 0;
    note_record(r, &f);
    me.untimed |= !(f.present & EVX_HAS_TIME);
    return f.present & EVX_HAS_TIME ? f.time : r->written;
}

static void add_span(const evx_chunk *c, uint64_t last)
{
    if (!me.streamed)
        report_add_span(me.r, c, me.untimed ? 0 : me.first_time, last);
}

/*
 * Of those that are passed over the first one is read and the last one, in front of a record that
 * is not, of what is lost, or of the chunk's end: the chunk's first record was read already. Behind
 * a record with an id or a time of its own the next one is read: what lies between them may be a
 * clearing.
 */
static evx_status on_next(void *user, cli_log *log, evx_records *it, evx_record *r)
{
    evx_records run = *it;
    evx_record begun, passed;
    evx_status st;

    (void)user;
    if (!me.passing || me.read_on) {
        me.read_on = false;
        passed.size = 0;
        st = evx_records_next(it, r);
    } else {
        st = evx_filter_next(&me.filter, cli_kernels(), &me.reader, it, &log->ledger, r,
                             &passed);
    }
    if (passed.size != 0 && evx_records_next(&run, &begun) == EVX_OK) {
        uint64_t time = begun.off == me.first.off ? me.first_time : glance(it->chunk, &begun);
        evx_ledger_time(&log->ledger, begun.off == passed.off ? time
                                                              : glance(it->chunk, &passed));
    }
    if (me.passing && st == EVX_END)
        add_span(it->chunk, log->ledger.last_time);
    return st;
}

/* Is every record where it should be? */
static bool is_sound(const evx_chunk *c)
{
    evx_ledger books;

    evx_ledger_begin(&books, NULL, 0);
    return evx_ledger_skim(&books, c, &me.first, &me.last) == EVX_OK;
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
    (void)user;
    make_room(&log->ledger);
    me.checked = me.untimed = me.read_on = false;
    me.passing = !me.streamed && is_sound(c);
    if (me.passing)
        me.first_time = glance(c, &me.first);
    else
        add_span(c, me.first_time = 0);
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
