/* fuzz/fuzz_vss.c - op bytes -> events, sorted and solved in any order; lies, small arrays */
#include "check.h"
#include "fuzz.h"

#include "../tests/vss/model.h"

/*
 * The input is a program: its first byte says which of three worlds it plays in.
 *   events   fields as no record would hold them -> events that keep their own promises
 *   lies     events, losses and counts without any sense, sorted and solved in any order: only
 *            documented answers; arrays that are too small are filled and counted, not overrun
 *   model    sane events with many ties, copies and gaps: the library says what the slow model says
 */
enum { EVENTS = 40 };

typedef struct script {
    const uint8_t *p;
    size_t left;
} script;

static uint32_t take(script *s, uint32_t n)
{
    uint32_t v = s->left ? *s->p : 0;

    if (s->left) {
        s->p++;
        s->left--;
    }
    return n ? v % n : v;
}

static uint64_t take_wide(script *s)
{
    static const uint64_t edges[] = { 0, 1, 127881504000000000u, UINT64_MAX, 1u << 31, INT64_MAX };
    uint32_t kind = take(s, 16);

    return kind < 6 ? edges[kind] : (uint64_t)take(s, 0) << 8 | take(s, 0);
}

static const uint16_t ids[] = { 9600, 9604, 9606, 9607, 9608, 9609, 9610, 9611, 9612, 9613, 9614,
                                9615, 9616, 9617, 9618, 9619, 9620, 9621, 9622, 9623, 9648, 9649,
                                9840, 0 };

/* ---- events out of fields -------------------------------------------------------------------- */

static evx_text_view a_view(script *s, const uint8_t *data, size_t len)
{
    static const char *const words[] = {
        "MSExchangeIS", "{58d7d4e8-0a5c-4e2b-9d3c-3b1f1f6f2a10}", "0x50d", "-2403", "fffff6a0",
        "58d7d4e8-0a5c-4e2b-9d3c-3b1f1f6f2a10", "Application", ""
    };
    uint32_t at = take(s, 16), off;
    evx_text_view v = { NULL, 0, 1 };

    if (at < 8) {
        v.ptr = (const uint8_t *)words[at];
        v.len = (uint32_t)strlen(words[at]);
        return v;
    }
    off = (uint32_t)(len ? (take(s, 0) << 4) % len : 0);
    v.ptr = data + off;
    v.len = take(s, 0) % (uint32_t)(len - off + 1) & ~1u;
    v.utf8 = 0;
    return v;
}

static void some_fields(script *s, const uint8_t *data, size_t len, evx_fields *f)
{
    static const char *const payloads[] = { "Backup in progress.", "Abort ignored.", "x", "" };
    static const uint8_t types[] = { EVX_STRING, EVX_STRING, EVX_ANSI, EVX_UTF8, EVX_UINT32,
                                     EVX_NULL, EVX_BINARY, EVX_HEX32 };
    uint32_t payload = take(s, 6);

    memset(f, 0, sizeof *f);
    f->present = take(s, 0) | take(s, 0) << 8 | take(s, 4) << 16 | EVX_HAS_EVENT_ID;
    f->provider = take(s, 4) ? (evx_text_view){ (const uint8_t *)"msexchangeis", 12, 1 }
                             : a_view(s, data, len);
    f->channel = a_view(s, data, len);
    f->event_id = ids[take(s, sizeof ids / sizeof ids[0])] | take(s, 3) << 30;
    f->time = take_wide(s);
    f->record_id = take_wide(s);
    f->payload.type = EVX_BINARY;
    if (payload < 4) {
        f->payload.raw.ptr = (const uint8_t *)payloads[payload];
        f->payload.raw.len = strlen(payloads[payload]) + take(s, 2);
    } else
        f->payload.raw = (evx_bytes){ data, len };
    f->data_total = take(s, 80);
    f->data_count = f->data_total < EVX_FIELDS_MAX ? f->data_total : EVX_FIELDS_MAX;
    for (uint32_t i = 0; i < f->data_count; i++) {
        evx_text_view v = a_view(s, data, len);
        f->data[i].type = v.utf8 ? EVX_UTF8 : types[take(s, sizeof types)];
        f->data[i].raw = (evx_bytes){ v.ptr, v.len };
        if (f->data[i].type == EVX_UTF8 && !v.utf8)
            f->data[i].raw.len = 0;      /* text that is said to be UTF-8 is */
    }
}

static uint64_t read_event(const evx_fields *f)
{
    evx_vss_event e, again;
    evx_status st;

    memset(&e, 0x5a, sizeof e);
    memset(&again, 0xa5, sizeof again);
    st = evx_vss_event_read(f, &e);
    FUZZ_CHECK(st == EVX_OK || st == EVX_SKIP);
    FUZZ_CHECK(evx_vss_event_read(f, &again) == st);
    if (st == EVX_SKIP)
        return 0;
    fuzz_stats.tokens++;
    FUZZ_CHECK(e.phase == again.phase && e.outcome == again.outcome && e.flags == again.flags);
    FUZZ_CHECK(e.strings_len == again.strings_len && e.payload_len == again.payload_len);
    FUZZ_CHECK(e.strings_len + (size_t)e.payload_len <= EVX_VSS_TEXT_MAX);
    FUZZ_CHECK(memcmp(e.text, again.text, e.strings_len + (size_t)e.payload_len) == 0);
    FUZZ_CHECK(e.strings_len == 0 || e.text[e.strings_len - 1] == 0);
    FUZZ_CHECK(check_utf8(e.text, e.strings_len).ok);
    FUZZ_CHECK(*evx_vss_phase_text(e.phase) && *evx_vss_outcome_text(e.outcome));
    FUZZ_CHECK(e.session == -1 && (f->event_id & 0xffff) == e.event_id);
    (void)evx_vss_error_text(e.error);
    (void)evx_vss_tracked(&e);
    return fuzz_mix(e.digest ^ (uint64_t)e.flags << 40, (uint64_t)(uint32_t)e.error);
}

/* ---- lies ------------------------------------------------------------------------------------ */

static evx_vss_event events[EVENTS], copy[EVENTS];
static evx_vss_session sessions[2 * EVENTS + 1], few_sessions[2 * EVENTS + 1];
static evx_vss_writer writer[EVENTS + 1], few_writers[EVENTS + 1];
static evx_loss losses[8];

static void a_liar(script *s, evx_vss_event *e, uint32_t order)
{
    memset(e, (int)(take(s, 2) * 0xa5), sizeof *e);
    e->event_id = ids[take(s, sizeof ids / sizeof ids[0])];
    e->phase = (uint8_t)take(s, 16);
    e->outcome = (uint8_t)take(s, 6);
    e->flags = (uint8_t)take(s, 0);
    e->time = take_wide(s);
    e->record_id = take_wide(s);
    e->file_off = take_wide(s);
    e->computer = take(s, 5);
    e->file = take(s, 3);
    e->order = take(s, 4) ? order : take(s, 0);
    e->error = (int32_t)take_wide(s);
    e->instance.b[take(s, 16)] = (uint8_t)take(s, 3);
    e->channel = take(s, 3);
    e->digest = take(s, 3);
    fuzz_stats.tokens++;
}

static size_t some_losses(script *s)
{
    size_t n = take(s, 8);

    for (size_t i = 0; i < n; i++) {
        losses[i] = (evx_loss){ .file_off = take_wide(s), .len = take_wide(s),
                                .reason = EVX_E_RECORD_SIGNATURE };
        losses[i].before = take_wide(s);
        losses[i].after = take_wide(s);
        losses[i].records = take_wide(s);
        losses[i].file = take(s, 4);
        losses[i].computer = take(s, 2) ? EVX_ANY_COMPUTER : take(s, 6);
    }
    return n;
}

/* Everything that is an index points somewhere, and runs lie in their arrays. */
static void check_indexes(const evx_vss_input *in, const evx_vss_result *r)
{
    int32_t n = (int32_t)in->event_count, m = (int32_t)r->session_count;
    int32_t writers = (int32_t)r->writer_count;

    FUZZ_CHECK(r->session_count <= 2 * in->event_count && r->writer_count <= in->event_count);
    for (size_t i = 0; i < r->session_count; i++) {
        const evx_vss_session *x = &r->sessions[i];
        FUZZ_CHECK(x->writer < r->writer_count && *evx_vss_state_text(x->state));
        FUZZ_CHECK(x->blocked_by < m && x->blocked_by_candidate < writers);
        FUZZ_CHECK(x->first_event < n && x->last_event < n && x->set_event < n
                   && x->reset_event < n && x->error_event < n);
    }
    for (size_t i = 0; i < r->writer_count; i++) {
        const evx_vss_writer *w = &r->writers[i];
        FUZZ_CHECK(w->first_session <= r->session_count
                   && w->sessions <= r->session_count - w->first_session);
        FUZZ_CHECK(w->first_event <= in->event_count
                   && w->events <= in->event_count - w->first_event);
        FUZZ_CHECK(w->proof < n && w->holder < m && *evx_vss_verdict_text(w->verdict)
                   && w->blocked_by_candidate < writers);
    }
    for (size_t i = 0; i < in->event_count; i++)
        FUZZ_CHECK(in->events[i].session < m);
}

/* With arrays that are too small: the same counts, the same beginning, nothing behind it. */
static void solve_small(script *s, evx_vss_input in, const evx_vss_result *want)
{
    evx_vss_result r = { few_sessions, 0, 0, few_writers, 0, 0 };
    bool enough;
    evx_status st;

    r.session_cap = take(s, 0) % (want->session_count + 1);
    r.writer_cap = take(s, 0) % (want->writer_count + 1);
    memset(&few_sessions[r.session_cap], 0x77, sizeof few_sessions[0]);
    memset(&few_writers[r.writer_cap], 0x77, sizeof few_writers[0]);
    in.events = copy;
    st = evx_vss_solve(&in, &r);
    enough = r.session_cap == want->session_count && r.writer_cap == want->writer_count;
    FUZZ_CHECK(st == (enough ? EVX_OK : EVX_E_SPACE));
    FUZZ_CHECK(r.session_count == want->session_count && r.writer_count == want->writer_count);
    FUZZ_CHECK(((uint8_t *)&few_sessions[r.session_cap])[sizeof few_sessions[0] - 1] == 0x77);
    FUZZ_CHECK(((uint8_t *)&few_writers[r.writer_cap])[sizeof few_writers[0] - 1] == 0x77);
}

static uint64_t lie(script *s)
{
    uint32_t n = take(s, EVENTS + 1);
    static uint64_t last_seen[8];
    evx_vss_result r = { sessions, 2 * EVENTS, 0, writer, EVENTS, 0 };
    evx_vss_input in = { events, n, losses, 0, NULL, 8 };
    evx_status st;

    for (uint32_t i = 0; i < n; i++)
        a_liar(s, &events[i], i);
    for (size_t i = 0; i < 8; i++)
        last_seen[i] = take_wide(s);
    in.loss_count = some_losses(s);
    in.last_seen = take(s, 2) ? last_seen : NULL;
    in.computer_count = 8 - take(s, 6);
    if (take(s, 4) == 0) {                   /* solved as they come: refused, or no harm */
        st = evx_vss_solve(&in, &r);
        FUZZ_CHECK(st == EVX_OK || st == EVX_E_ARG);
    }
    in.event_count = evx_vss_sort(events, n);
    FUZZ_CHECK(in.event_count <= n);
    memcpy(copy, events, in.event_count * sizeof *events);
    st = evx_vss_solve(&in, &r);
    FUZZ_CHECK(st == EVX_OK || st == EVX_E_ARG);
    FUZZ_CHECK(st == EVX_OK || in.computer_count < 5);
    if (st != EVX_OK)
        return in.event_count;
    check_indexes(&in, &r);
    solve_small(s, in, &r);
    return fuzz_mix(in.event_count, r.session_count ^ (uint64_t)r.writer_count << 32);
}

/* ---- the model ------------------------------------------------------------------------------- */

typedef struct kind {
    uint16_t id;
    uint8_t phase, outcome;
} kind;

static const kind kinds[] = {
    { 9604, EVX_VSS_BEGIN, EVX_VSS_SUCCEEDED }, { 9606, EVX_VSS_PREPARE, EVX_VSS_SUCCEEDED },
    { 9607, EVX_VSS_PREPARE, EVX_VSS_BLOCKED }, { 9607, EVX_VSS_PREPARE, EVX_VSS_FAILED },
    { 9840, EVX_VSS_BUSY, EVX_VSS_BLOCKED },
    { 9608, EVX_VSS_PREPARE_SNAPSHOT, EVX_VSS_SUCCEEDED },
    { 9611, EVX_VSS_FREEZE, EVX_VSS_FAILED }, { 9612, EVX_VSS_THAW, EVX_VSS_SUCCEEDED },
    { 9614, EVX_VSS_ABORT, EVX_VSS_SUCCEEDED }, { 9614, EVX_VSS_ABORT, EVX_VSS_IGNORED },
    { 9615, EVX_VSS_ABORT, EVX_VSS_FAILED }, { 9616, EVX_VSS_COMPLETE, EVX_VSS_SUCCEEDED },
    { 9617, EVX_VSS_COMPLETE, EVX_VSS_FAILED }, { 9648, EVX_VSS_SHUTDOWN, EVX_VSS_SUCCEEDED },
    { 9600, EVX_VSS_INITIALIZE, EVX_VSS_SUCCEEDED },
    { 9622, EVX_VSS_POST_RESTORE, EVX_VSS_SUCCEEDED }
};

/* One byte of kind, one of what it lacks, one of time and id; now and then another file. */
static void an_event(script *s, evx_vss_event *e, uint32_t i)
{
    static uint64_t time, id;
    static uint32_t file;
    kind k = kinds[take(s, sizeof kinds / sizeof kinds[0])];
    uint32_t lacks = take(s, 0), step = take(s, 0);

    if (i == 0) {
        time = 1000;
        id = 1;
        file = 0;
    }
    if ((step & 0xe0) == 0xe0 && file < 2) {
        file++;
        time = lacks & 1 ? 1000 : time;
        id = lacks & 2 ? 1 : id;
    }
    if (i > 0 && file > 0 && (step & 0x18) == 0x18)
        *e = events[take(s, i)];             /* a copy, in another file */
    else {
        time = (step & 7) == 7 ? 1000 + take(s, 20) : time + (step & 3) % 3;
        id = (step & 0x1f) == 0x15 ? 1 + take(s, 20) : id + 1;
        memset(e, 0, sizeof *e);
        e->event_id = k.id;
        e->phase = k.phase;
        e->outcome = k.outcome;
        e->computer = (lacks & 0xf0) == 0xf0;
        e->digest = (lacks & 0xf) == 0xf;
        if ((step & 0x30) == 0x30) {
            e->flags |= EVX_VSS_HAS_INSTANCE;
            e->instance.b[3] = (uint8_t)(1 + (lacks & 1));
        }
        if ((lacks & 0x0e) != 0x0e) {
            e->flags |= EVX_VSS_HAS_TIME;
            e->time = time;
        }
        if ((lacks & 0x1c) != 0x1c) {
            e->flags |= EVX_VSS_HAS_RECORD_ID;
            e->record_id = id;
        }
        if ((lacks & 0x38) != 0x38) {
            e->flags |= EVX_VSS_HAS_CHANNEL;
            e->channel = 1 + ((lacks & 0xc0) == 0xc0);
        }
    }
    e->file = file;
    e->order = i;
    e->file_off = 10 * (uint64_t)i;
    fuzz_stats.tokens++;
}

static uint64_t compare(script *s)
{
    static answer library, model;
    size_t n = 1 + take(s, EVENTS), lost = take(s, 4);

    for (size_t i = 0; i < lost; i++) {
        uint32_t before = take(s, 0), after = take(s, 0), more = take(s, 0);
        losses[i] = (evx_loss){ .file_off = 10 * (uint64_t)(more % (n + 1)) + 5, .len = 1,
                                .records = 1, .reason = EVX_E_RECORD_SIGNATURE,
                                .file = more % 3,
                                .computer = more & 0x40 ? more & 1 : EVX_ANY_COMPUTER };
        losses[i].before = before & 3 ? 1000 + before / 4 % 40 : 0;
        losses[i].after = after & 3 ? losses[i].before + after / 4 % 4 : 0;
    }
    for (size_t i = 0; i < n && (s->left || i == 0); i++) {
        an_event(s, &events[i], (uint32_t)i);
        if (!s->left)
            n = i + 1;
    }
    FUZZ_CHECK(library_solve(events, n, losses, lost, &library) == EVX_OK);
    model_solve(events, n, losses, lost, &model);
    FUZZ_CHECK(library.count == model.count);
    FUZZ_CHECK(memcmp(library.n, model.n, model.count * sizeof model.n[0]) == 0);
    return fuzz_hash(FUZZ_HASH_BEGIN, model.n, model.count * sizeof model.n[0]);
}

uint64_t fuzz_one(fuzz_dice *d, const uint8_t *data, size_t len)
{
    script s = { data, len };
    static evx_fields f;
    uint64_t digest = 0;
    uint32_t world = take(&s, 4);

    (void)d;
    fuzz_stats.records++;
    if (world >= 2)
        return compare(&s);
    if (world == 1)
        return lie(&s);
    for (int i = 0; i < 4 && s.left; i++) {
        some_fields(&s, data, len, &f);
        digest = fuzz_mix(digest, read_event(&f));
    }
    return digest;
}
