/* src/cli/report_read.c - inputs -> the writer's events, and the little to know of all others */
#include "report.h"

#include <stdlib.h>
#include <string.h>

/*
 * Most records are not the writer's. Where a chunk's record headers are sound, those that are
 * whole, another provider's, and in the order of their ids and times are passed over: of a run
 * of them the first and the last one are noted, which tell when the computer was last heard of, and
 * whether a log was cleared. Of all other records, of those in other chunks (the windows of losses
 * need times), and on standard input (see report_near.c), the System fields are read, and all
 * fields of the writer's; of those in damaged chunks too. Checksums are looked at where its events
 * are.
 */

enum {
    LOSSES_A_CHUNK = 16384,          /* more do not fit into one: a record takes 24 bytes      */
    LOSSES_MAX = 1 << 20,            /* of a file; of more, one large one is made              */
    RUNS_AHEAD = 8,                  /* a chunk with more is gone on with where they end       */
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
    bool checked, wrong;             /* this chunk's checksums, and what is wrong was said     */
    bool passing;                    /* the chunk: records of others are passed over           */
    bool ahead;                      /* its first ones were, and the next call goes on at `at` */
    bool ours;                       /* the record that was read last: the writer's           */
    bool untimed;                    /* one of its records cannot be read, or has no time      */
    uint64_t low, high;              /* of the chunk's times so far; low is 0: there is none   */
    evx_records at;
    evx_passed passed[RUNS_AHEAD];
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
    me.passing = me.ahead = me.untimed = me.checked = false;
    evx_reader_renew(&me.reader);
    evx_ledger_begin(&log->ledger, me.losses, me.loss_cap);
    make_room(&log->ledger);
}

static void on_end(void *user, cli_log *log)
{
    evx_ledger *l = &log->ledger;
    report_file *f = this_file();

    (void)user;
    evx_ledger_end(l, log->header.last_chunk < log->header.first_chunk);
    f->records = l->records;
    f->lost_records = l->lost;
    f->lost_bytes = l->lost_bytes;
    f->crc_failures = l->crc_failures;
    f->vague = log->vague && l->lost > 0;
    if (f->crc_failures > 0)
        cli_say("%s: %llu chunk%s with the writer's events %s a wrong checksum: they may not be "
                "what was written", log->path, (unsigned long long)f->crc_failures,
                cli_s(f->crc_failures), f->crc_failures == 1 ? "has" : "have");
    report_keep_losses(me.r, f, l);
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
    me.wrong = evx_chunk_check(c, cli_kernels()) != 0;
    if (!me.wrong)
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

    if ((f->present & EVX_HAS_TIME) && f->time != 0) {
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

/* Between the first and the last of those that are passed over are all others of them. */
static void note_time(const evx_fields *f)
{
    me.untimed |= !(f->present & EVX_HAS_TIME) || f->time == 0;
    if (me.low == 0 || f->time < me.low)
        me.low = f->time;
    if (f->time > me.high)
        me.high = f->time;
}

static void note_sound(const evx_record *record, const evx_fields *f,
                       const report_whose *w)
{
    const uint32_t both = EVX_HAS_TIME | EVX_HAS_RECORD_ID;
    report *r = me.r;

    if (w->computer == REPORT_NO_NAME)
        return;
    report_heard_of(&r->computers.names[w->computer], f);
    note_file(f, w->computer, w->channel);
    if (f->present & EVX_HAS_RECORD_ID)
        this_file()->renumbered |= f->record_id != record->id;
    if ((f->present & both) == both)
        report_place(r, (uint32_t)(r->file_count - 1), w->computer, w->channel, f->time,
                     f->record_id);
    if (me.streamed)
        report_remember(r, f, w->computer);
}

/* What is worth knowing of any record. Values out of a torn one may be anything. */
static void note_record(const evx_record *record, const evx_fields *f)
{
    if (!f->damaged && (record->damage & ~(uint32_t)EVX_RECORD_ID) == 0) {
        report_whose w = report_whose_of(me.r, f);
        note_sound(record, f, &w);
    }
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
    if (me.checked && me.wrong) {
        r->doubts = report_more(r->doubts, r->doubt_count, &r->doubt_cap, sizeof *r->doubts);
        r->doubts[r->doubt_count++] = (uint32_t)r->event_count;
    }
    r->events[r->event_count++] = *e;
}

static bool is_ours(const evx_fields *f)
{
    return evx_text_view_is(&f->provider, me.filter.provider);
}

/* Of the writer's events all is read, and of what may be damaged; of others what there is to know
 * of any. Where others are passed over, behind an event there is mostly another one. */
static evx_status read_fields(const evx_chunk *c, const evx_record *r, evx_fields *f)
{
    evx_status st = me.passing && me.ours ? evx_fields_read(&me.reader, c, r, f) : EVX_E_ARG;

    if (st >= 0 && is_ours(f))
        return st;
    st = me.doubtful ? EVX_OK
       : me.streamed ? evx_fields_system(&me.reader, c, r, f)
       : evx_fields_some(&me.reader, c, r, f, NOTED);
    me.ours = st >= 0 && (me.doubtful || is_ours(f));
    return me.ours ? evx_fields_read(&me.reader, c, r, f) : st;
}

/* A sound record that names its computer says whose it is, and what the writer says is told by its
 * event id: where that is gone, a template or its names were overwritten, and nobody knows what the
 * record was. */
static bool is_nobodys(const evx_chunk *c, const evx_record *r, const evx_fields *f)
{
    static evx_fields all;

    if (f->present & EVX_HAS_PROVIDER)
        return !(f->present & EVX_HAS_EVENT_ID)
            && is_ours(f);
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
    me.untimed |= st < 0;
    if (st < 0)
        return st;
    note_time(&f);
    if (is_nobodys(c, r, &f))
        return EVX_E_TEMPLATE;
    seen->time = f.present & EVX_HAS_TIME ? f.time : r->written;
    seen->partial = f.damaged;
    note_record(r, &f);
    if (!is_ours(&f) || evx_vss_event_read(&f, &e) != EVX_OK)
        return EVX_OK;
    check_sums(log, c);
    add_event(c, r, &f, &e);
    return EVX_OK;
}

/* ---- sound chunks ---------------------------------------------------------------------------- */

/* Of those that are passed over the first one and the last one are noted: in their ids there is no
 * gap, and their times rise. */
static void note_passed(cli_log *log, const evx_passed *p)
{
    static evx_fields f;
    const evx_record *both[] = { &p->first, &p->last };
    const uint64_t ids[] = { p->first_id, p->last_id }, times[] = { p->first_time, p->last_time };
    report_whose w;

    f.present = EVX_HAS_TIME | EVX_HAS_RECORD_ID | EVX_HAS_COMPUTER | EVX_HAS_CHANNEL;
    f.computer = p->computer;
    f.channel = p->channel;
    w = report_whose_of(me.r, &f);
    for (size_t i = 0; i < (p->count > 1 ? 2 : 1); i++) {
        f.time = times[i];
        f.record_id = ids[i];
        note_time(&f);
        note_sound(both[i], &f, &w);
    }
    evx_ledger_time(&log->ledger, p->last_time);
}

static bool pass_run(cli_log *log, evx_records *it, evx_passed *p)
{
    if (it->pos >= it->end)
        return false;
    evx_filter_pass(&me.filter, cli_kernels(), &me.reader, it, &log->ledger, p);
    return p->count > 0;
}

static evx_status on_next(void *user, cli_log *log, evx_records *it, evx_record *r)
{
    evx_status st;

    (void)user;
    if (me.ahead) {
        *it = me.at;
        me.ahead = false;
    } else if (me.passing) {
        while (pass_run(log, it, me.passed))
            note_passed(log, me.passed);
    }
    st = evx_records_next(it, r);
    if (st == EVX_END && !me.streamed)
        report_add_span(me.r, it->chunk, me.passing && !me.untimed ? me.low : 0, me.high);
    return st;
}

/* Is every record from here on where it should be? */
static bool is_sound(const evx_records *it)
{
    evx_record first, last;
    evx_ledger none;

    evx_ledger_begin(&none, NULL, 0);
    return it->pos >= it->end || evx_ledger_skim(&none, it, &first, &last) == EVX_OK;
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

/* The chunk's first records are passed over, if they can be, before it is known that all others are
 * sound: mostly there are none. False: one is not, and nothing was done. */
static bool pass_ahead(cli_log *log, const evx_chunk *c)
{
    evx_ledger before = log->ledger;
    size_t runs = 0;

    evx_records_begin(&me.at, c);
    while (runs < RUNS_AHEAD && pass_run(log, &me.at, &me.passed[runs]))
        runs++;
    if (!is_sound(&me.at)) {
        log->ledger = before;
        return false;
    }
    me.ahead = runs > 0;
    for (size_t i = 0; i < runs; i++)
        note_passed(log, &me.passed[i]);
    return true;
}

static evx_status on_chunk(void *user, cli_log *log, const evx_chunk *c)
{
    evx_records all;

    (void)user;
    make_room(&log->ledger);
    evx_records_begin(&all, c);
    me.checked = me.untimed = me.ahead = false;
    me.low = me.high = 0;
    me.passing = !me.streamed && c->damage == 0 && c->claimed != 0 && all.pos < all.end
              && pass_ahead(log, c);
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
    report_leave_doubtful(r);
    report_order_computers(r);
    report_find_clearings(r);
}
