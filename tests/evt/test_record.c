/* tests/evt/test_record.c - the fields of a record, and each of its offsets when it lies */
#include <criterion/criterion.h>
#include <string.h>

#include "read.h"

static uint8_t mem[70000];
static mk_evt f;

static const uint8_t payload[] = "Backup in progress.";
static const mk_evt_event usual = {
    .time = 1157162520, .written = 1157162521, .id = 0xc0002587, .type = 1, .category = 28,
    .flags = 0x8000, .closing = 3, .number = 77, .source = "MSExchangeIS", .computer = "EX01",
    .sid = "S-1-5-21-1-2-3-500", .strings = "0x50d||third", .data = payload,
    .data_len = sizeof payload
};

static mk_bytes one(const mk_evt_event *e)
{
    mk_evt_begin(&f, mem, sizeof mem);
    f.trim = 1;
    cr_assert(mk_evt_record(&f, e) == 48);
    return mk_evt_end(&f);
}

static void put(size_t field, uint32_t v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        mem[48 + field + i] = (uint8_t)(v >> 8 * i);
}

static uint32_t get(size_t field)
{
    const uint8_t *p = mem + 48 + field;

    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static bool text_is(evx_utf16 t, const char *want)
{
    size_t n = strlen(want);

    for (size_t i = 0; i < n; i++)
        if (i >= t.units || t.ptr[2 * i] != (uint8_t)want[i] || t.ptr[2 * i + 1] != 0)
            return false;
    return t.units == n;
}

Test(record, fields)
{
    mk_bytes log = one(&usual);
    const evx_evt_record *r = evt_first(log.ptr, log.len);

    cr_assert(r->number == 77 && r->generated == 1157162520 && r->written == 1157162521);
    cr_assert(r->event_id == 0xc0002587 && r->type == 1 && r->category == 28);
    cr_assert(r->flags == 0x8000 && r->closing == 3 && r->string_count == 3);
    cr_assert(text_is(r->source, "MSExchangeIS") && text_is(r->computer, "EX01"));
    cr_assert(r->sid.len == 28 && r->sid.ptr[0] == 1 && r->sid.ptr[1] == 5);
    cr_assert(r->strings.len == 2 * (5 + 1 + 1 + 5 + 1));
    cr_assert(r->data.len == sizeof payload && memcmp(r->data.ptr, payload, 20) == 0);
    cr_assert(r->damage == 0 && r->origin == EVX_ORIGIN_ORDER && r->file_off == 48);
    cr_assert(r->len == f.at - 48);
}

Test(record, least)
{
    static const mk_evt_event none = { 0 };
    mk_bytes log = one(&none);
    const evx_evt_record *r = evt_first(log.ptr, log.len);

    cr_assert(r->len == 64 && r->damage == 0 && r->source.units == 0 && r->computer.units == 0);
    cr_assert(r->sid.len == 0 && r->strings.len == 0 && r->data.len == 0);
    cr_assert(r->generated == 0 && r->number == 1);
}

/* An offset whose length is 0 may be anything. */
Test(record, offsets_of_nothing)
{
    static const mk_evt_event none = { .source = "S", .computer = "C" };
    static const uint32_t anything[] = { 0, 1, 55, 56, 57, 64, 68, 1000, 0xffffffff };

    for (size_t i = 0; i < sizeof anything / sizeof anything[0]; i++) {
        mk_bytes log = one(&none);
        put(36, anything[i], 4);
        put(44, anything[i], 4);
        put(52, anything[i], 4);
        cr_assert_str_eq(evt_line(log.ptr, log.len, 0), "1 |");
        cr_assert(text_is(evt_first(log.ptr, log.len)->source, "S"));
        cr_assert(text_is(evt_first(log.ptr, log.len)->computer, "C"));
    }
}

typedef struct lie { uint16_t field, bytes; uint32_t value; const char *line; } lie;

Test(record, lies)
{
    static const lie rows[] = {
        { 26, 2, 0, "77 |" }, { 26, 2, 2, "77 |" }, { 26, 2, 4, "77S |" },
        { 26, 2, 65535, "77S |" }, { 36, 4, 0, "77S |" }, { 36, 4, 55, "77S |" },
        { 36, 4, 0xffffffff, "77S |" }, { 36, 4, 65536, "77S |" },
        { 40, 4, 0, "77 |" }, { 40, 4, 8, "77U |" }, { 40, 4, 27, "77U |" }, { 40, 4, 29, "77 |" },
        { 40, 4, 0xffffffff, "77 |" }, { 44, 4, 0, "77U |" }, { 44, 4, 55, "77U |" },
        { 44, 4, 0xfffffff0, "77U |" }, { 48, 4, 0, "77 |" }, { 48, 4, 1, "77 |" },
        { 48, 4, 25, "77D |" }, { 48, 4, 0xffffffff, "77D |" }, { 52, 4, 0, "77D |" },
        { 52, 4, 55, "77D |" }, { 52, 4, 0xffffffff, "77D |" }, { 52, 4, 0x7fffffff, "77D |" },
        { 52, 4, 56, "77N |" }, { 44, 4, 56, "77NU |" }, { 36, 4, 56, "77N |" }
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        mk_bytes log = one(&usual);
        put(rows[i].field, rows[i].value, rows[i].bytes);
        cr_assert_str_eq(evt_line(log.ptr, log.len, 0), rows[i].line, "row %zu: %s", i,
                         evt_line(log.ptr, log.len, 0));
    }
}

/* A count that is too high stops at the data: no text is made of it. */
Test(record, strings_end_at_data)
{
    mk_bytes log = one(&usual);
    uint32_t want = get(52) - get(36);

    put(26, 60000, 2);
    cr_assert(evt_first(log.ptr, log.len)->strings.len == want);
    put(48, 0, 4);                                   /* without data, at the end of the record */
    cr_assert(evt_first(log.ptr, log.len)->strings.len == (f.at - 48 - 4 - get(36)) / 2 * 2);
}

/* What is there of data, SID and strings is kept. */
Test(record, prefixes)
{
    mk_bytes log = one(&usual);
    const evx_evt_record *r;

    put(48, 5000, 4);
    r = evt_first(log.ptr, log.len);
    cr_assert(r->damage == EVX_EVT_LOST_DATA && r->data.len == r->len - 4 - get(52));
    log = one(&usual);
    for (size_t n = 48 + 56; n < f.at; n++) {
        r = evt_first(log.ptr, n);
        cr_assert(r->damage & EVX_RECORD_CUT);
        cr_assert(r->number == 77 && r->event_id == 0xc0002587);
        cr_assert(r->source.units <= 12 && r->computer.units <= 4 && r->strings.len <= 26);
        cr_assert(n < 48 + get(36) + 26 || r->strings.len == 26);
        cr_assert(n < 48 + get(52) || r->data.len == (n - 48 - get(52) < 20 ? n - 48 - get(52)
                                                                             : 20));
        (void)evt_text(r, EVX_XML, NULL);
    }
}

/* Names without an end are kept up to what follows them. */
Test(record, names)
{
    mk_bytes log = one(&usual);
    const evx_evt_record *r;

    put(56 + 24, 'x', 2);                            /* the source's NUL */
    r = evt_first(log.ptr, log.len);
    cr_assert(text_is(r->source, "MSExchangeISxEX01") && (r->damage & EVX_EVT_LOST_NAMES));
    cr_assert(r->computer.units == 0);
    put(56 + 26 + 8, 'y', 2);
    r = evt_first(log.ptr, log.len);
    cr_assert(r->source.units == (get(44) - 56) / 2 && (r->damage & EVX_EVT_LOST_NAMES));
}

/* Sub-authorities up to the 15 that a SID may have, and more. */
Test(record, sids)
{
    mk_bytes log = one(&usual);
    uint32_t at = get(44);

    for (uint32_t n = 0; n < 256; n++) {
        const evx_evt_record *r;
        mem[48 + at + 1] = (uint8_t)n;
        put(40, 8 + 4 * n, 4);
        r = evt_first(log.ptr, log.len);
        if (8 + 4 * n <= r->len - 4 - at)
            cr_assert(r->sid.len == 8 + 4 * n && r->damage == 0);
        else
            cr_assert(r->sid.len == 0 && r->damage == EVX_EVT_LOST_SID);
    }
}
