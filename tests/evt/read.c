/* tests/evt/read.c - a legacy log -> one line of words, the same from every cut */
#include "read.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "cliff.h"

enum { LINE = 1 << 18, TEXT = 1 << 20, PIECES = 1 << 17 };

evx_evt evt_stream;
size_t evt_count;

static uint8_t memory[EVX_EVT_MEMORY], image[EVX_CHUNK_SIZE], text[TEXT + 1];
static uint64_t work[EVX_TEXT_WORK / 8 + 1], reading[EVX_READER_MEMORY / 8 + 1];
static char lines[2][LINE];
static size_t used;
static bool ended;

/* ---- records -------------------------------------------------------------------------------- */

static void check_fields(const evx_evt_record *r, const evx_chunk *c, const evx_record *x)
{
    static evx_reader reader;
    static evx_fields f;

    cr_assert(evx_reader_init(&reader, sizeof reader, (uint8_t *)reading, sizeof reading, NULL)
              == EVX_OK);
    cr_assert(evx_fields_read(&reader, c, x, &f) == EVX_OK && !f.damaged);
    cr_assert(f.record_id == r->number && f.header_id == r->number);
    cr_assert(f.event_id == (r->event_id & 0xffff) && f.qualifiers == r->event_id >> 16);
    cr_assert(f.task == r->category && !(f.present & EVX_HAS_CHANNEL));
    cr_assert(!(f.present & EVX_HAS_TIME) == (r->generated == 0));
    cr_assert(f.time == (r->generated ? (r->generated + 11644473600u) * 10000000u : 0));
    cr_assert(!(f.present & EVX_HAS_USER) == (r->sid.len == 0));
    if ((f.present & EVX_HAS_PROVIDER) && !(x->damage & EVX_EVT_CLIPPED))
        cr_assert(f.provider.len == 2 * r->source.units
                  && memcmp(f.provider.ptr, r->source.ptr, f.provider.len) == 0);
    if (!(x->damage & EVX_EVT_CLIPPED))
        cr_assert(f.payload.raw.len == r->data.len && (r->data.len == 0
                  || memcmp(f.payload.raw.ptr, r->data.ptr, r->data.len) == 0));
}

static void check_chunk(const evx_chunk *c, const evx_record *x)
{
    evx_records it;
    evx_record again;

    cr_assert(c->damage == 0 && evx_chunk_check(c, NULL) == 0);
    evx_records_begin(&it, c);
    cr_assert(evx_records_next(&it, &again) == EVX_OK && again.damage == 0);
    cr_assert(again.id == x->id && again.written == x->written);
    cr_assert(again.off == x->off && again.size == x->size);
    cr_assert(evx_records_next(&it, &again) == EVX_END);
}

static const char *render(const evx_chunk *c, const evx_record *x, uint32_t format)
{
    static evx_text t;
    evx_text_config config;
    evx_out out;

    memset(&config, 0, sizeof config);
    config.format = format;
    config.work = (uint8_t *)work;
    config.work_len = sizeof work;
    cr_assert(evx_text_init(&t, sizeof t, &config) == EVX_OK);
    evx_out_init(&out, text, TEXT, NULL, NULL);
    cr_assert(evx_text_record(&t, c, x, &out) == EVX_OK && t.damage == 0 && t.failed == EVX_OK);
    text[out.len] = 0;
    return (const char *)text;
}

const char *evt_text(const evx_evt_record *r, uint32_t format, const char *channel)
{
    evx_evt_image m;
    evx_chunk c;
    evx_record x;

    cr_assert(evx_evt_image_init(&m, sizeof m, image, channel) == EVX_OK);
    cr_assert(evx_evt_image_record(&m, r, &c, &x) == EVX_OK);
    return render(&c, &x, format);
}

static void check_record(const evx_evt_record *r)
{
    static evx_evt_image m;
    evx_chunk c;
    evx_record x;

    if (!m.memory)
        cr_assert(evx_evt_image_init(&m, sizeof m, image, NULL) == EVX_OK);
    cr_assert(evx_evt_image_record(&m, r, &c, &x) == EVX_OK);
    cr_assert(c.file_off + x.off == r->file_off && x.origin == r->origin);
    cr_assert((x.damage & ~(uint32_t)EVX_EVT_CLIPPED) == r->damage);
    check_chunk(&c, &x);
    check_fields(r, &c, &x);
    (void)render(&c, &x, EVX_JSON);
}

/* ---- the line ------------------------------------------------------------------------------- */

static void word(char *line, const char *format, unsigned long long a, unsigned long long b)
{
    if (used > 0)
        line[used++] = ' ';
    used += (size_t)snprintf(line + used, LINE - used, format, a, b);
    cr_assert(used < LINE - 64);
}

static void letters(char *line, const evx_evt_record *r)
{
    static const struct { uint32_t bit; char letter; } known[] = {
        { EVX_RECORD_COPY, 'c' }, { EVX_RECORD_SIZE, 's' }, { EVX_RECORD_CUT, 't' },
        { EVX_RECORD_ID, 'i' }, { EVX_EVT_LOST_NAMES, 'N' }, { EVX_EVT_LOST_SID, 'U' },
        { EVX_EVT_LOST_STRINGS, 'S' }, { EVX_EVT_LOST_DATA, 'D' }
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (r->damage & known[i].bit)
            line[used++] = known[i].letter;
    if (r->origin == EVX_ORIGIN_AFTER)
        line[used++] = '+';
    if (r->origin == EVX_ORIGIN_SLACK)
        line[used++] = '~';
    line[used] = 0;
}

static void note(char *line, evx_status st, const evx_evt_record *r, bool whole)
{
    if (evt_stream.end_off != 0 && !ended) {
        ended = true;
        if (st != EVX_OK || r->file_off >= evt_stream.end_off || evt_stream.oldest_off != 0)
            word(line, "|", 0, 0);
    }
    if (st == EVX_OK) {
        word(line, "%llu", r->number, 0);
        letters(line, r);
        evt_count++;
        if (whole)
            check_record(r);
    } else if (st == EVX_E_EVT_CUT) {
        word(line, "?%llu+%llu", r->file_off, r->len);
    } else if (st == EVX_E_RECORD_SIGNATURE) {
        word(line, "!%llu+%llu", r->file_off, r->len);
    } else if (st < 0) {
        word(line, "*%llx", (unsigned long long)-st, 0);
    }
}

static void begin(char *line, uint32_t flags)
{
    used = 0;
    line[0] = 0;
    ended = false;
    evt_count = 0;
    memset(&evt_stream, 0xa5, sizeof evt_stream);
    memset(memory, 0xa5, sizeof memory);
    cr_assert(evx_evt_init(&evt_stream, sizeof evt_stream, memory, flags) == EVX_OK);
}

static evx_status give(char *line, evx_bytes in, bool whole)
{
    evx_evt_record r;
    evx_status st;
    size_t left = in.len;

    while ((st = evx_evt_next(&evt_stream, &in, &r)) == EVX_OK || st < 0) {
        cr_assert(in.len <= left);
        left = in.len;
        note(line, st, &r, whole);
        if (evt_stream.failed < 0)
            return st;
    }
    cr_assert(in.len == 0);
    note(line, st, &r, whole);
    return st;
}

static void finish(char *line, evx_status st)
{
    evx_bytes none = { NULL, 0 };

    evx_evt_close(&evt_stream);
    if (st == EVX_MORE)
        st = give(line, none, false);
    cr_assert(st == EVX_END || evt_stream.failed == st);
}

static void in_pieces(const uint8_t *p, size_t n, size_t step, uint32_t flags)
{
    static uint8_t *cliff;
    evx_status st = EVX_MORE;

    if (!cliff)
        cliff = kit_cliff(PIECES);
    begin(lines[1], flags);
    for (size_t at = 0; at < n && st == EVX_MORE; at += step) {
        size_t len = step < n - at ? step : n - at;
        evx_bytes in = { cliff - len, len };
        memcpy(cliff - len, p + at, len);
        st = give(lines[1], in, false);
        memset(cliff - len, 0xdd, len);
    }
    finish(lines[1], st);
}

const char *evt_line(const uint8_t *p, size_t n, uint32_t flags)
{
    static const size_t steps[] = { 65536, 4096, 997, 48, 1 };
    uint8_t *copy = kit_cliff_copy(p, n);
    evx_bytes in = { copy, n };

    begin(lines[0], flags);
    evx_evt_close(&evt_stream);
    (void)give(lines[0], in, true);
    kit_cliff_free(copy + n, n);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (steps[i] < 48 && n > 200000)
            continue;
        in_pieces(p, n, steps[i], flags);
        cr_assert(strcmp(lines[0], lines[1]) == 0, "pieces of %zu\n whole  %.999s\n pieces %.999s",
                  steps[i], lines[0], lines[1]);
    }
    return lines[0];
}

const char *evt_line_cut(const uint8_t *p, size_t n, size_t cut)
{
    evx_bytes a = { p, cut }, b = { p + cut, n - cut };
    evx_status st;

    begin(lines[1], 0);
    st = give(lines[1], a, false);
    if (st == EVX_MORE)
        st = give(lines[1], b, false);
    finish(lines[1], st);
    return lines[1];
}

const evx_evt_record *evt_first(const uint8_t *p, size_t n)
{
    static evx_evt_record r;
    evx_bytes in = { p, n };

    begin(lines[1], 0);
    evx_evt_close(&evt_stream);
    cr_assert(evx_evt_next(&evt_stream, &in, &r) == EVX_OK);
    return &r;
}

/* ---- logs ----------------------------------------------------------------------------------- */

void evt_add(mk_evt *f, uint32_t records)
{
    static const char *const strings[] = { "a|bc", "", "some|longer strings|than others", NULL };
    static const uint8_t data[] = { 1, 2, 3, 4, 5 };

    for (uint32_t i = 0; i < records; i++) {
        mk_evt_event e;
        memset(&e, 0, sizeof e);
        e.time = 1157162400 + 60 * f->next;
        e.id = 0x40000000 + f->next;
        e.type = 4;
        e.category = (uint16_t)(f->next % 7);
        e.source = "Source";
        e.computer = "EX01";
        e.sid = f->next % 5 == 0 ? "S-1-5-18" : NULL;
        e.strings = strings[f->next % 4];
        e.data = data;
        e.data_len = f->next % 3;
        cr_assert(mk_evt_record(f, &e) != 0, "%s", f->failed);
    }
}

void evt_simple(mk_evt *f, uint8_t *mem, size_t cap, uint32_t records)
{
    mk_evt_begin(f, mem, cap);
    f->trim = 1;
    evt_add(f, records);
}
