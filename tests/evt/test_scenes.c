/* tests/evt/test_scenes.c - each story as .evt and as .evtx: the same text, the same sessions */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read.h"
#include "scenes.h"

enum { EVENTS = 512, LOSSES = 16 };

/* What a log says, whatever it is stored in. */
typedef struct told {
    struct { uint64_t time, number, xml, json; } records[EVENTS];
    size_t count;
    evx_vss_event events[EVENTS];
    size_t event_count;
    evx_loss losses[LOSSES];
    evx_ledger ledger;
    evx_vss_session sessions[2 * EVENTS];
    evx_vss_writer writers[EVENTS];
    evx_vss_result out;
} told;

static uint8_t mem[KIT_SCENE_MEM], legacy[KIT_EVT_MEM], memory[EVX_EVT_MEMORY];
static uint8_t image[EVX_CHUNK_SIZE], with_channel[EVX_CHUNK_SIZE], text[1 << 16];
static uint64_t work[EVX_TEXT_WORK / 8 + 1], reading[EVX_READER_MEMORY / 8 + 1];
static mk_log g;
static mk_evt e;
static told one, other;
static evx_reader reader;
static bool text_differs;            /* of this story, for a reason                            */

static uint64_t hash_of(const evx_chunk *c, const evx_record *r, uint32_t format)
{
    static evx_text t;
    evx_text_config config;
    evx_out out;
    uint64_t h = 0xcbf29ce484222325u;

    memset(&config, 0, sizeof config);
    config.format = format;
    config.work = (uint8_t *)work;
    config.work_len = sizeof work;
    cr_assert(evx_text_init(&t, sizeof t, &config) == EVX_OK);
    evx_out_init(&out, text, sizeof text, NULL, NULL);
    cr_assert(evx_text_record(&t, c, r, &out) == EVX_OK);
    for (size_t i = 0; i < out.len; i++)
        h = (h ^ text[i]) * 0x100000001b3u;
    return h;
}

static void read_record(told *t, const evx_chunk *c, const evx_record *r)
{
    static evx_fields f;
    evx_vss_event *x = &t->events[t->event_count];

    cr_assert(evx_fields_read(&reader, c, r, &f) == EVX_OK);
    evx_ledger_read(&t->ledger, c, r, f.time, false);
    t->records[t->count].time = f.time;
    t->records[t->count++].number = f.record_id;
    if (evx_vss_event_read(&f, x) != EVX_OK)
        return;
    x->file = x->computer = 0;
    x->order = (uint32_t)t->count;
    x->file_off = c->file_off + r->off;
    t->event_count++;
}

static void note_text(told *t, const evx_chunk *c, const evx_record *r)
{
    t->records[t->count - 1].xml = hash_of(c, r, EVX_XML);
    t->records[t->count - 1].json = hash_of(c, r, EVX_JSON);
}

static void begin(told *t)
{
    memset(t, 0, sizeof *t);
    evx_ledger_begin(&t->ledger, t->losses, LOSSES);
    cr_assert(evx_reader_init(&reader, sizeof reader, (uint8_t *)reading, sizeof reading, NULL)
              == EVX_OK);
}

static void read_evtx(told *t, mk_bytes log)
{
    begin(t);
    for (size_t at = EVX_FILE_HEADER_SIZE; at < log.len; at += EVX_CHUNK_SIZE) {
        size_t left = log.len - at;
        uint32_t len = left < EVX_CHUNK_SIZE ? (uint32_t)left : EVX_CHUNK_SIZE;
        evx_window w = { log.ptr + at, len, at };
        evx_chunk c;
        evx_records it;
        evx_record r;
        evx_status st;
        if (evx_chunk_open(&c, &w) != EVX_OK)
            continue;
        evx_records_begin(&it, &c);
        while ((st = evx_records_next(&it, &r)) != EVX_END)
            if (st == EVX_OK) {
                read_record(t, &c, &r);
                note_text(t, &c, &r);
            } else {
                evx_ledger_lose(&t->ledger, c.file_off + r.off, r.size, st);
            }
    }
}

/* Sessions come from what the file knows; text is that of a converted log, which has a channel. */
static void read_evt(told *t, mk_bytes log)
{
    static evx_evt s;
    evx_evt_image m, named;
    evx_bytes in = { log.ptr, log.len };
    evx_evt_record raw;
    evx_chunk c;
    evx_record r;
    evx_status st;

    begin(t);
    cr_assert(evx_evt_init(&s, sizeof s, memory, 0) == EVX_OK);
    cr_assert(evx_evt_image_init(&m, sizeof m, image, NULL) == EVX_OK);
    cr_assert(evx_evt_image_init(&named, sizeof named, with_channel, "Application") == EVX_OK);
    evx_evt_close(&s);
    while ((st = evx_evt_next(&s, &in, &raw)) != EVX_END)
        if (st == EVX_OK) {
            cr_assert(evx_evt_image_record(&m, &raw, &c, &r) == EVX_OK);
            read_record(t, &c, &r);
            cr_assert(evx_evt_image_record(&named, &raw, &c, &r) == EVX_OK);
            note_text(t, &c, &r);
        } else {
            evx_ledger_lose(&t->ledger, raw.file_off, raw.len, st);
        }
    cr_assert(s.damage == 0);
}

static int by_time(const void *a, const void *b)
{
    const uint64_t *x = (const uint64_t *)a, *y = (const uint64_t *)b;

    if (x[0] != y[0])
        return x[0] < y[0] ? -1 : 1;
    return x[1] < y[1] ? -1 : x[1] > y[1];
}

static void solve(told *t)
{
    evx_vss_input in = { t->events, 0, t->losses, t->ledger.loss_count, NULL, 1 };

    t->event_count = in.event_count = evx_vss_sort(t->events, t->event_count);
    t->out.sessions = t->sessions;
    t->out.session_cap = 2 * EVENTS;
    t->out.writers = t->writers;
    t->out.writer_cap = EVENTS;
    cr_assert(evx_vss_solve(&in, &t->out) == EVX_OK);
    qsort(t->records, t->count, sizeof t->records[0], by_time);
}

static void compare_text(const char *name)
{
    for (size_t i = 0; i < one.count; i++) {
        cr_assert(one.records[i].number == other.records[i].number, "%s: %zu", name, i);
        cr_assert(text_differs || one.records[i].xml == other.records[i].xml, "%s: xml of %llu",
                  name, (unsigned long long)one.records[i].number);
        cr_assert(text_differs || one.records[i].json == other.records[i].json, "%s: json of %llu",
                  name, (unsigned long long)one.records[i].number);
    }
}

static void compare(const char *name)
{
    cr_assert(one.count == other.count, "%s: %zu and %zu", name, one.count, other.count);
    cr_assert(one.event_count == other.event_count, "%s", name);
    cr_assert(one.ledger.lost == other.ledger.lost, "%s: %d %d lost", name, (int)one.ledger.lost,
              (int)other.ledger.lost);
    cr_assert(one.out.session_count == other.out.session_count, "%s", name);
    cr_assert(one.out.writer_count == other.out.writer_count, "%s", name);
    for (size_t i = 0; i < one.out.session_count; i++)
        cr_assert(memcmp(&one.sessions[i], &other.sessions[i], sizeof one.sessions[i]) == 0,
                  "%s: session %zu: %s and %s", name, i, evx_vss_state_text(one.sessions[i].state),
                  evx_vss_state_text(other.sessions[i].state));
    for (size_t i = 0; i < one.out.writer_count; i++) {
        const evx_vss_writer *a = &one.writers[i], *b = &other.writers[i];
        cr_assert(a->verdict == b->verdict && a->last_known == b->last_known, "%s", name);
        cr_assert(a->since == b->since && a->proof == b->proof && a->flags == b->flags, "%s", name);
    }
    compare_text(name);
}

/* The one story that has two computers is a collector's, and so never was a legacy log. */
Test(scenes, same_story)
{
    const kit_scene *scene;
    size_t told_twice = 0;

    for (size_t i = 0; (scene = kit_scene_at(i)) != NULL; i++) {
        mk_bytes log = kit_scene_make_evt(scene, &g, mem, sizeof mem, &e, legacy);
        cr_assert(e.failed == NULL, "%s: %s", scene->name, e.failed);
        if (!log.ptr)
            continue;
        /* one Data a string, and none without: a definition that no legacy record has */
        text_differs = (g.flags & MK_LOG_NO_ARRAY) != 0;
        read_evt(&one, log);
        log = kit_scene_make(scene, &g, mem, sizeof mem);
        read_evtx(&other, log);
        solve(&one);
        solve(&other);
        compare(scene->name);
        told_twice++;
    }
    cr_assert(told_twice >= 30, "%zu", told_twice);
}

/* At least one of them is a ring whose seam goes through a record. */
Test(scenes, ring)
{
    const kit_scene *scene;

    for (size_t i = 0; (scene = kit_scene_at(i)) != NULL; i++)
        if (scene->rotate) {
            mk_bytes log = kit_scene_make_evt(scene, &g, mem, sizeof mem, &e, legacy);
            const char *line = evt_line(log.ptr, log.len, 0);
            cr_assert((e.flags & MK_EVT_WRAPPED) && strstr(line, "| 1 2 3") != NULL, "%s", line);
            cr_assert(atoi(line) > 3, "%s", line);
            cr_assert(log.ptr[log.len - 4] != 0x27, "a record goes over the seam");
            return;
        }
    cr_assert_fail("no such story");
}
