/* tests/reading.h - bytes through every stage of the library, with contexts of one's own */
#ifndef EVX_TESTS_READING_H
#define EVX_TESTS_READING_H

#include "evx.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { READING_TEXTS = 3, READING_EVENTS = 512 };

/* Nothing in it is shared with another reading, and nothing outside of it is written. */
typedef struct reading {
    uint64_t digest, records;
    /* Called behind each call of the library with the caller's frame; or NULL. */
    void (*after)(struct reading *r, const char *call, const void *frame);
    void *user;
    /* private */
    evx_stream stream;
    evx_walk walk;
    evx_reader reader;
    evx_text text[READING_TEXTS];
    evx_fields fields;
    evx_evt evt;
    evx_evt_image image;
    evx_ledger ledger;
    evx_out out;
    evx_loss losses[16];
    evx_vss_event events[READING_EVENTS];
    evx_vss_session sessions[2 * READING_EVENTS];
    evx_vss_writer writers[READING_EVENTS];
    size_t event_count;
    uint8_t window[EVX_CHUNK_SIZE], buffer[8192], evt_memory[EVX_EVT_MEMORY];
    uint64_t image_memory[EVX_CHUNK_SIZE / 8];
    evx_slot slots[EVX_SLOTS_WORST];
    uint64_t memory[EVX_READER_MEMORY / 8 + 1], work[READING_TEXTS][EVX_TEXT_WORK / 8 + 1];
    uint64_t arena[READING_TEXTS][256 * 1024 / 8];
} reading;

#define READING_CALL(r, name, call)                                                                \
    do {                                                                                           \
        call;                                                                                      \
        if ((r)->after)                                                                            \
            (r)->after((r), (name), __builtin_frame_address(0));                                   \
    } while (0)

static inline void reading_note(reading *r, uint64_t v)
{
    r->digest = (r->digest ^ v) * 0x100000001b3u;
}

static inline evx_status reading_take(void *user, const uint8_t *data, size_t len)
{
    reading *r = user;

    for (size_t i = 0; i < len; i++)
        reading_note(r, data[i]);
    return EVX_OK;
}

/* What the texts have in common, by their number. */
static inline evx_text_config reading_config(int i)
{
    static const uint32_t formats[READING_TEXTS] = { EVX_XML, EVX_JSON, EVX_XML };
    evx_text_config config;

    memset(&config, 0, sizeof config);
    config.format = formats[i];
    config.kernels = evx_kernels_best();
    config.style = i == 2;
    config.limits.record_text = 1u << 17;
    return config;
}

/* `programs`: READING_TEXTS, shared with other readings that have other numbers; or NULL. */
static inline evx_status reading_begin_with(reading *r, evx_programs *programs, uint32_t number)
{
    evx_status st;

    memset(r, 0, sizeof *r);
    for (int i = 0; i < READING_TEXTS; i++) {
        evx_text_config config = reading_config(i);
        config.work = (uint8_t *)r->work[i];
        config.work_len = EVX_TEXT_WORK;
        config.arena = i < 2 ? (uint8_t *)r->arena[i] : NULL;    /* the third has no programs */
        config.arena_len = i < 2 ? sizeof r->arena[i] : 0;
        config.programs = programs ? &programs[i] : NULL;
        config.sharer = number;
        st = evx_text_init(&r->text[i], sizeof r->text[i], &config);
        if (st != EVX_OK)
            return st;
    }
    st = evx_walk_init(&r->walk, sizeof r->walk, r->slots, EVX_SLOTS_WORST, NULL);
    if (st == EVX_OK)
        st = evx_evt_image_init(&r->image, sizeof r->image, (uint8_t *)r->image_memory, NULL);
    if (st == EVX_OK)
        st = evx_reader_init(&r->reader, sizeof r->reader, (uint8_t *)r->memory,
                             EVX_READER_MEMORY, NULL);
    return st;
}

static inline evx_status reading_begin(reading *r)
{
    return reading_begin_with(r, NULL, 0);
}

static inline void reading_tokens(reading *r, const evx_chunk *c, const evx_record *record)
{
    evx_token t;
    evx_status st, proved;

    READING_CALL(r, "evx_walk_begin", st = evx_walk_begin(&r->walk, c, record));
    while (st == EVX_OK) {
        READING_CALL(r, "evx_walk_next", st = evx_walk_next(&r->walk, &t));
        if (st < 0)
            READING_CALL(r, "evx_walk_salvage", st = evx_walk_salvage(&r->walk));
        reading_note(r, (uint64_t)st);
    }
    READING_CALL(r, "evx_record_proves", proved = evx_record_proves(&r->walk, c, record));
    reading_note(r, (uint64_t)proved);
}

static inline void reading_fields(reading *r, const evx_chunk *c, const evx_record *record)
{
    evx_text_view v;
    evx_vss_event *e = &r->events[r->event_count];
    uint8_t utf8[64];
    evx_status st;

    READING_CALL(r, "evx_fields_read", st = evx_fields_read(&r->reader, c, record, &r->fields));
    reading_note(r, (uint64_t)st);
    if (st < 0)
        return;
    READING_CALL(r, "evx_ledger_read",
                 evx_ledger_read(&r->ledger, c, record, r->fields.time, false));
    for (uint32_t i = 0; i < 32 && st != EVX_END; i++) {
        READING_CALL(r, "evx_fields_string", st = evx_fields_string(&r->fields, i, &v));
        if (st == EVX_OK)
            READING_CALL(r, "evx_text_view_utf8",
                         reading_note(r, evx_text_view_utf8(&v, utf8, sizeof utf8)));
    }
    READING_CALL(r, "evx_vss_event_read", st = evx_vss_event_read(&r->fields, e));
    if (st == EVX_OK && r->event_count + 1 < READING_EVENTS) {
        e->computer = 0;
        e->order = (uint32_t)r->event_count++;
    }
}

static inline void reading_record(reading *r, const evx_chunk *c, const evx_record *record)
{
    static const evx_filter filter = { .provider = "MSExchangeIS" };
    evx_record hidden;
    evx_status st;

    r->records++;
    evx_out_init(&r->out, r->buffer, sizeof r->buffer, reading_take, r);
    for (int i = 0; i < READING_TEXTS; i++) {
        READING_CALL(r, "evx_text_record", st = evx_text_record(&r->text[i], c, record, &r->out));
        /* when the buffer is emptied depends on what was learned before; what is in it does not */
        READING_CALL(r, "evx_out_flush", (void)evx_out_flush(&r->out));
        reading_note(r, (uint64_t)st);
    }
    READING_CALL(r, "evx_text_values", st = evx_text_values(&r->text[1], c, record, &r->out));
    READING_CALL(r, "evx_out_flush", (void)evx_out_flush(&r->out));
    reading_note(r, (uint64_t)st);
    READING_CALL(r, "evx_filter_record", st = evx_filter_record(&filter, &r->reader, c, record));
    READING_CALL(r, "evx_record_hidden", st = evx_record_hidden(c, record, 0, &hidden));
    reading_note(r, (uint64_t)st);
    reading_tokens(r, c, record);
    reading_fields(r, c, record);
}

static inline void reading_chunk(reading *r, const evx_window *w)
{
    evx_chunk c;
    evx_records it;
    evx_record record;
    evx_status st;

    READING_CALL(r, "evx_chunk_open", st = evx_chunk_open(&c, w));
    reading_note(r, (uint64_t)st);
    if (st == EVX_SKIP || st == EVX_E_CHUNK_CUT)
        return;
    READING_CALL(r, "evx_chunk_check", reading_note(r, evx_chunk_check(&c, evx_kernels_best())));
    evx_records_begin(&it, &c);
    do {
        READING_CALL(r, "evx_records_next", st = evx_records_next(&it, &record));
        if (st == EVX_OK)
            reading_record(r, &c, &record);
        else if (st < 0)
            evx_ledger_lose(&r->ledger, c.file_off + record.off, record.size, st);
    } while (st != EVX_END);
}

static inline void reading_evtx(reading *r, evx_bytes in)
{
    evx_window w;
    evx_status st;

    (void)evx_stream_init(&r->stream, sizeof r->stream, r->window);
    do {
        READING_CALL(r, "evx_stream_next", st = evx_stream_next(&r->stream, &in, &w));
        if (st == EVX_OK)
            reading_chunk(r, &w);
        if (st == EVX_MORE)
            evx_stream_close(&r->stream);
    } while (st == EVX_OK || st == EVX_MORE);
}

static inline void reading_evt(reading *r, evx_bytes in)
{
    evx_evt_record e;
    evx_chunk c;
    evx_record record;
    evx_status st;

    (void)evx_evt_init(&r->evt, sizeof r->evt, r->evt_memory, EVX_EVT_STALE);
    do {
        READING_CALL(r, "evx_evt_next", st = evx_evt_next(&r->evt, &in, &e));
        if (r->evt.failed < 0)
            break;
        if (st == EVX_MORE)
            evx_evt_close(&r->evt);
        if (st != EVX_OK)
            continue;
        READING_CALL(r, "evx_evt_image_record",
                     st = evx_evt_image_record(&r->image, &e, &c, &record));
        if (st == EVX_OK)
            reading_record(r, &c, &record);
        st = EVX_OK;
    } while (st != EVX_END);
}

static inline void reading_blob(reading *r, evx_bytes in)
{
    evx_window w = { in.ptr, (uint32_t)in.len, 0 };
    evx_record record;
    evx_chunk c;
    evx_evt_record e;
    evx_wevt_template t;
    uint32_t pos = 0;
    size_t at = 0;
    evx_status st = EVX_OK;

    for (int i = 0; i < 64 && st == EVX_OK; i++)
        READING_CALL(r, "evx_carve_record", st = evx_carve_record(&w, &pos, 1, &record));
    pos = 0;
    READING_CALL(r, "evx_carve_chunk", st = evx_carve_chunk(&w, &pos, &c));
    READING_CALL(r, "evx_evt_carve_next", st = evx_evt_carve_next(in, &at, &e));
    at = 0;
    READING_CALL(r, "evx_wevt_next", st = evx_wevt_next(in, &at, &t));
    reading_note(r, (uint64_t)st);
}

/* A file: as what it says it is, as a chunk where it says nothing, and as mere bytes. */
static inline void reading_file(reading *r, const uint8_t *data, size_t len)
{
    evx_bytes in = { data, len };
    evx_window w = { data, len < EVX_CHUNK_SIZE ? (uint32_t)len : EVX_CHUNK_SIZE, 0 };
    evx_vss_input vss = { r->events, 0, NULL, 0, NULL, 1 };
    evx_vss_result out = { r->sessions, 2 * READING_EVENTS, 0, r->writers, READING_EVENTS, 0 };
    evx_status st;

    r->event_count = 0;
    evx_ledger_begin(&r->ledger, r->losses, 16);
    for (int i = 0; i < READING_TEXTS; i++)
        evx_text_renew(&r->text[i]);
    reading_evtx(r, in);
    if (r->stream.failed < 0) {
        reading_evt(r, in);
        if (r->evt.failed < 0)
            reading_chunk(r, &w);
    }
    reading_blob(r, in);
    READING_CALL(r, "evx_vss_sort", vss.event_count = evx_vss_sort(r->events, r->event_count));
    READING_CALL(r, "evx_vss_solve", st = evx_vss_solve(&vss, &out));
    reading_note(r, (uint64_t)st);
    reading_note(r, out.session_count);
}

/* ---- all files, in memory -------------------------------------------------------------------- */

typedef struct reading_input {
    uint8_t *data;
    size_t len;
} reading_input;

typedef struct reading_inputs {
    reading_input *all;
    size_t count;
} reading_inputs;

/* For files_each. */
static inline void reading_keep(void *user, const char *path, const uint8_t *data, size_t len)
{
    reading_inputs *in = user;
    uint8_t *copy = malloc(len ? len : 1);

    (void)path;
    in->all = realloc(in->all, (in->count + 1) * sizeof *in->all);
    if (!in->all || !copy)
        abort();
    memcpy(copy, data, len);
    in->all[in->count].data = copy;
    in->all[in->count++].len = len;
}

#endif
