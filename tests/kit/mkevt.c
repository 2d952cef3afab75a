/* tests/kit/mkevt.c - legacy event logs: header, ring of records, end record. */
#include "mkevt.h"

#include <stdlib.h>
#include <string.h>

static void fail(mk_evt *f, const char *why)
{
    if (!f->failed) f->failed = why;
}

static void store(uint8_t *p, uint32_t v, size_t n)
{
    for (size_t i = 0; i < n; i++) p[i] = (uint8_t)(v >> (8 * i));
}

/* ---- the ring -------------------------------------------------------------------- */

static uint32_t ring(const mk_evt *f) { return f->cap - MK_EVT_HEADER; }

static uint32_t forward(const mk_evt *f, uint32_t at, uint32_t n)
{
    return MK_EVT_HEADER + (at - MK_EVT_HEADER + n) % ring(f);
}

void mk_evt_put(mk_evt *f, uint32_t at, const void *from, uint32_t n)
{
    uint32_t left = f->cap - at, first = n < left ? n : left;
    memcpy(f->mem + at, from, first);
    memcpy(f->mem + MK_EVT_HEADER, (const uint8_t *)from + first, n - first);
}

void mk_evt_get(const mk_evt *f, uint32_t at, void *to, uint32_t n)
{
    uint32_t left = f->cap - at, first = n < left ? n : left;
    memcpy(to, f->mem + at, first);
    memcpy((uint8_t *)to + first, f->mem + MK_EVT_HEADER, n - first);
}

static uint32_t u32_at(const mk_evt *f, uint32_t at)
{
    uint8_t b[4];
    mk_evt_get(f, at, b, 4);
    return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

/* Bytes that may be written at f->at before the oldest record is met. */
static uint32_t room(const mk_evt *f)
{
    if (f->count == 0) return ring(f);
    return (f->oldest - f->at + ring(f)) % ring(f);
}

static void drop_oldest(mk_evt *f)
{
    f->oldest = forward(f, f->oldest, u32_at(f, f->oldest));
    if (f->oldest != f->at && f->count > 1 && u32_at(f, f->oldest) == 0x27)
        f->oldest = MK_EVT_HEADER;
    f->count--;
    f->oldest_number = f->count ? u32_at(f, forward(f, f->oldest, 8)) : 0;
}

/* A record's head is never split: where it does not fit, 0x27 stands up to the end. */
static uint32_t filler(const mk_evt *f)
{
    return f->cap - f->at < MK_EVT_HEAD ? f->cap - f->at : 0;
}

static void fill_end(mk_evt *f)
{
    for (; filler(f) && f->at < f->cap; f->at += 4) store(f->mem + f->at, 0x27, 4);
    if (f->at == f->cap) f->at = MK_EVT_HEADER;
}

static void put_end(mk_evt *f)
{
    uint8_t b[MK_EVT_END];
    for (uint32_t i = 0; i < 5; i++) store(b + 4 * i, 0x11111111u * i, 4);
    store(b, MK_EVT_END, 4);
    store(b + 20, f->count ? f->oldest : f->at, 4);
    store(b + 24, f->at, 4);
    store(b + 28, f->next, 4);
    store(b + 32, f->oldest_number, 4);
    store(b + 36, MK_EVT_END, 4);
    mk_evt_put(f, f->at, b, sizeof b);
}

uint32_t mk_evt_raw(mk_evt *f, const void *record, uint32_t size)
{
    uint32_t need = size + MK_EVT_END + filler(f), before = f->at;
    if (need + 4 > ring(f)) fail(f, "the ring is smaller than the record");
    if (f->failed) return 0;
    while (f->count && room(f) < need) drop_oldest(f);
    fill_end(f);
    f->last = f->at;
    mk_evt_put(f, f->at, record, size);
    f->at = forward(f, f->at, size);
    if (f->at <= before || f->cap - f->at < MK_EVT_END) f->flags |= MK_EVT_WRAPPED;
    if (f->count++ == 0) {
        f->oldest = f->last;
        f->oldest_number = u32_at(f, forward(f, f->last, 8));
    }
    put_end(f);
    return f->last;
}

/* ---- a record --------------------------------------------------------------------- */

static void add(mk_evt *f, const void *p, uint32_t n)
{
    if (n > sizeof f->record - f->used) fail(f, "the record is too long");
    if (f->failed || !n) return;
    memcpy(f->record + f->used, p, n);
    f->used += n;
}

static void add_int(mk_evt *f, uint32_t v, uint32_t n)
{
    uint8_t b[4];
    store(b, v, n);
    add(f, b, n);
}

/* One code point of valid UTF-8. */
static uint32_t next_char(const char **s, const char *end)
{
    const uint8_t *p = (const uint8_t *)*s;
    uint32_t c = *p++, more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;
    if (more) c &= 0x3fu >> more;
    while (more-- && (const char *)p < end) c = c << 6 | (*p++ & 0x3fu);
    *s = (const char *)p;
    return c;
}

static void add_text(mk_evt *f, const char *s, size_t n)
{
    const char *end = s + n;
    while (s < end) {
        uint32_t c = next_char(&s, end);
        if (c >= 0x10000) {
            add_int(f, 0xd800 | (c - 0x10000) >> 10, 2);
            c = 0xdc00 | ((c - 0x10000) & 0x3ff);
        }
        add_int(f, c, 2);
    }
    add_int(f, 0, 2);
}

static void add_sid(mk_evt *f, const char *text)
{
    uint8_t b[8 + 4 * 15] = { 1, 0 };
    char *p;
    unsigned long authority = strtoul(text + 4, &p, 10);
    for (size_t i = 0; i < 4; i++) b[7 - i] = (uint8_t)(authority >> (8 * i));
    while (*p == '-' && b[1] < 15) {
        store(b + 8 + 4 * (size_t)b[1], (uint32_t)strtoul(p + 1, &p, 10), 4);
        b[1]++;
    }
    add(f, b, 8 + 4 * (uint32_t)b[1]);
}

static uint16_t add_strings(mk_evt *f, const mk_evt_event *e)
{
    uint16_t count = 0;
    for (; count < e->item_count; count++)
        add_text(f, e->items[count], strlen(e->items[count]));
    for (const char *s = e->strings; s; count++) {
        size_t n = strcspn(s, "|");
        add_text(f, s, n);
        s = s[n] ? s + n + 1 : NULL;
    }
    return count;
}

/* `off` bytes into the record: a number that is known only now. */
static void set(mk_evt *f, uint32_t off, uint32_t v, size_t n) { store(f->record + off, v, n); }

static void build(mk_evt *f, const mk_evt_event *e)
{
    uint32_t number = e->number ? e->number : f->next, at;
    f->used = 0;
    add_int(f, 0, 4);
    add(f, "LfLe", 4);
    add_int(f, number, 4);
    add_int(f, e->time, 4);
    add_int(f, e->written ? e->written : e->time, 4);
    add_int(f, e->id, 4);
    add_int(f, e->type, 2);
    add_int(f, 0, 2);
    add_int(f, e->category, 2);
    add_int(f, e->flags, 2);
    add_int(f, e->closing, 4);
    for (int i = 0; i < 5; i++) add_int(f, 0, 4);
    add_text(f, e->source ? e->source : "", e->source ? strlen(e->source) : 0);
    add_text(f, e->computer ? e->computer : "", e->computer ? strlen(e->computer) : 0);
    while (f->used % 4) add_int(f, 0, 1);
    at = f->used;
    set(f, 44, at, 4);
    if (e->sid) add_sid(f, e->sid);
    set(f, 40, f->used - at, 4);
    set(f, 36, f->used, 4);
    set(f, 26, add_strings(f, e), 2);
    set(f, 52, f->used, 4);
    set(f, 48, e->data_len, 4);
    add(f, e->data, e->data_len);
    while (f->used % 4) add_int(f, 0, 1);
    set(f, 0, f->used + 4, 4);
    add_int(f, f->used + 4, 4);
}

uint32_t mk_evt_size(mk_evt *f, const mk_evt_event *e)
{
    build(f, e);
    return f->used;
}

uint32_t mk_evt_record(mk_evt *f, const mk_evt_event *e)
{
    build(f, e);
    if (f->failed) return 0;
    f->next = (e->number ? e->number : f->next) + 1;
    return mk_evt_raw(f, f->record, f->used);
}

/* ---- the file ---------------------------------------------------------------------- */

void mk_evt_begin(mk_evt *f, uint8_t *mem, size_t cap)
{
    memset(f, 0, sizeof *f);
    memset(mem, 0, cap);
    f->mem = mem;
    f->cap = (uint32_t)cap;
    f->at = f->oldest = MK_EVT_HEADER;
    f->next = 1;
    f->retention = 604800;
    put_end(f);
}

void mk_evt_start(mk_evt *f, uint32_t at)
{
    memset(f->mem, 0, f->cap);
    f->at = f->oldest = at;
    f->flags |= MK_EVT_WRAPPED;
    put_end(f);
}

static void make_header(mk_evt *f)
{
    const uint32_t fields[12] = { MK_EVT_HEADER, 0x654c664c, 1, 1, f->count ? f->oldest : f->at,
                                  f->at, f->next, f->oldest_number, f->cap, f->flags,
                                  f->retention, MK_EVT_HEADER };
    for (size_t i = 0; i < 12; i++) store(f->header + 4 * i, fields[i], 4);
}

void mk_evt_sync(mk_evt *f)
{
    make_header(f);
    f->synced = 1;
}

mk_bytes mk_evt_end(mk_evt *f)
{
    mk_bytes out = { NULL, 0 };
    static const uint8_t nothing[MK_EVT_END];
    if (f->failed) return out;
    if (!f->synced || !(f->flags & MK_EVT_DIRTY)) make_header(f);
    store(f->header + 36, f->flags, 4);
    put_end(f);
    memcpy(f->mem, f->header, sizeof f->header);
    if (f->no_end) mk_evt_put(f, f->at, nothing, sizeof nothing);
    out.ptr = f->mem;
    out.len = f->cap;
    if (f->trim && !(f->flags & MK_EVT_WRAPPED)) out.len = f->at + (f->no_end ? 0 : MK_EVT_END);
    return out;
}

void mk_evt_lose_last(mk_evt *f)
{
    uint8_t b[MK_EVT_MAX];
    uint32_t size = f->count ? u32_at(f, f->last) : 0;
    if (f->failed || !size || size > sizeof b) return;
    memset(b, 0xcc, size);
    mk_evt_put(f, f->last, b, size);
}
