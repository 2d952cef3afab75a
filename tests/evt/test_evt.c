/* tests/evt/test_evt.c - bytes in any pieces: the header, refusals, the same line from every cut */
#include <criterion/criterion.h>
#include <string.h>

#include "read.h"

static uint8_t mem[1 << 20], memory[EVX_EVT_MEMORY];
static mk_evt f;
static evx_evt s;

static mk_bytes three(void)
{
    evt_simple(&f, mem, 4096, 3);
    return mk_evt_end(&f);
}

Test(evt, init)
{
    cr_assert(evx_evt_init(&s, sizeof s - 1, memory, 0) == EVX_E_ABI);
    cr_assert(evx_evt_init(&s, 0, memory, 0) == EVX_E_ABI);
    cr_assert(evx_evt_init(&s, sizeof s, memory, 2) == EVX_E_ARG);
    cr_assert(evx_evt_init(&s, sizeof s, memory, EVX_EVT_STALE) == EVX_OK);
    cr_assert(evx_evt_init(&s, sizeof s, memory, 0) == EVX_OK);
}

Test(evt, three_records)
{
    mk_bytes log = three();

    cr_assert_str_eq(evt_line(log.ptr, log.len, 0), "1 2 3 |");
    cr_assert(evt_stream.damage == 0 && evt_stream.stale == 0);
    cr_assert(evt_stream.end_off == f.at && evt_stream.oldest_off == 48);
    cr_assert(evt_stream.next_number == 4 && evt_stream.oldest_number == 1);
    cr_assert(evt_stream.file_off == log.len);
}

Test(evt, header)
{
    const evx_evt_header *h = &evt_stream.header;
    mk_bytes log;

    evt_simple(&f, mem, 8192, 3);
    f.flags |= MK_EVT_ARCHIVE | MK_EVT_FULL;
    f.retention = 77;
    log = mk_evt_end(&f);
    (void)evt_line(log.ptr, log.len, 0);
    cr_assert(h->major == 1 && h->minor == 1 && h->retention == 77 && h->max_size == 8192);
    cr_assert(h->oldest_off == 48 && h->end_off == f.at && h->flags == (EVX_EVT_ARCHIVE
              | EVX_EVT_FULL));
    cr_assert(h->next_number == 4 && h->oldest_number == 1);
}

Test(evt, header_damage)
{
    static const struct { size_t at; uint32_t damage; } rows[] = {
        { 8, EVX_EVT_VERSION }, { 11, EVX_EVT_VERSION }, { 12, EVX_EVT_VERSION },
        { 44, EVX_EVT_GEOMETRY }, { 47, EVX_EVT_GEOMETRY }, { 16, 0 }, { 24, 0 }, { 28, 0 },
        { 40, 0 }
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        mk_bytes log = three();
        log.ptr[rows[i].at] ^= 0x40;
        cr_assert_str_eq(evt_line(log.ptr, log.len, 0), "1 2 3 |");
        cr_assert(evt_stream.damage == rows[i].damage, "row %zu", i);
    }
}

/* The header is that of the last clean close, or a lie: records are found all the same. */
Test(evt, header_is_not_believed)
{
    mk_bytes log = three();

    memset(log.ptr + 16, 0xff, 24);
    cr_assert_str_eq(evt_line(log.ptr, log.len, 0), "1 2 3 |");
    memset(log.ptr + 16, 0, 24);
    cr_assert_str_eq(evt_line(log.ptr, log.len, 0), "1 2 3 |");
}

Test(evt, no_log)
{
    mk_bytes log = three();
    evx_bytes in = { log.ptr, 1 };
    evx_evt_record r;

    cr_assert_str_eq(evt_line(NULL, 0, 0), "*601");
    for (size_t n = 0; n < 8; n++)
        cr_assert_str_eq(evt_line(log.ptr, n, 0), "*601");
    for (size_t n = 8; n < 48; n++)
        cr_assert_str_eq(evt_line(log.ptr, n, 0), "*602");
    cr_assert_str_eq(evt_line(log.ptr, 48, 0), "?48+324");
    for (size_t i = 0; i < 8; i++) {
        log.ptr[i] ^= 1;
        cr_assert_str_eq(evt_line(log.ptr, log.len, 0), "*601");
        log.ptr[i] ^= 1;
    }
    cr_assert_str_eq(evt_line((const uint8_t *)"ElfFile", 8, 0), "*601");
    cr_assert_str_eq(evt_line(log.ptr + 48, log.len - 48, 0), "*601");
    for (int i = 0; i < 3; i++)                      /* repeated for ever */
        cr_assert(evx_evt_next(&evt_stream, &in, &r) == EVX_E_EVT_SIGNATURE && in.len == 1);
}

Test(evt, empty_log)
{
    mk_bytes log;

    evt_simple(&f, mem, 4096, 0);
    log = mk_evt_end(&f);
    cr_assert(log.len == 88);
    cr_assert_str_eq(evt_line(log.ptr, log.len, 0), "|");
    cr_assert(evt_stream.damage == 0 && evt_stream.end_off == 48);
    f.trim = 0;
    log = mk_evt_end(&f);
    cr_assert_str_eq(evt_line(log.ptr, log.len, 0), "|");
}

Test(evt, every_cut)
{
    mk_bytes log = three();

    for (size_t cut = 0; cut <= log.len; cut++)
        cr_assert_str_eq(evt_line_cut(log.ptr, log.len, cut), "1 2 3 |", "cut at %zu", cut);
}

/* A snapshot is an assignment, and a copy of the memory. */
Test(evt, context_is_a_value)
{
    static uint8_t other[EVX_EVT_MEMORY];
    mk_bytes log = three();
    evx_bytes in = { log.ptr, 200 }, a = { log.ptr + 200, log.len - 200 }, b = a;
    evx_evt fork;
    evx_evt_record r, x;
    evx_status st;

    cr_assert(evx_evt_init(&s, sizeof s, memory, 0) == EVX_OK);
    cr_assert(evx_evt_next(&s, &in, &r) == EVX_MORE && in.len == 0);
    fork = s;
    memcpy(other, memory, sizeof other);
    fork.memory = other;
    evx_evt_close(&s);
    evx_evt_close(&fork);
    do {
        st = evx_evt_next(&s, &a, &r);
        cr_assert(evx_evt_next(&fork, &b, &x) == st && a.len == b.len);
        cr_assert(r.number == x.number && r.file_off == x.file_off && r.len == x.len);
    } while (st == EVX_OK);
    cr_assert(st == EVX_END && evx_evt_next(&s, &a, &r) == EVX_END);
}

/* Larger than the window several times over, whatever the ring's place. */
Test(evt, large_rings)
{
    for (uint32_t records = 1000; records <= 16000; records += 5000) {
        mk_bytes log;
        uint32_t want;
        evt_simple(&f, mem, 900000, records);
        want = f.count;
        log = mk_evt_end(&f);
        (void)evt_line(log.ptr, log.len, 0);
        cr_assert(evt_count == want, "%zu of %u", evt_count, want);
        cr_assert(evt_stream.damage == 0 && evt_stream.end_off == f.at);
    }
    cr_assert(f.flags & MK_EVT_WRAPPED);
}

/* A record of the greatest size, between others, in a ring that is not much larger. */
Test(evt, largest_record)
{
    static uint8_t data[65536];
    mk_evt_event e = { .id = 1, .source = "S", .computer = "C", .data = data };
    mk_bytes log;

    memset(data, 'x', sizeof data);
    evt_simple(&f, mem, 200000, 2);
    e.data_len = 65536 - mk_evt_size(&f, &e);
    cr_assert(mk_evt_record(&f, &e) != 0);
    cr_assert(mk_evt_size(&f, &e) == 65536);
    evt_add(&f, 2);
    log = mk_evt_end(&f);
    cr_assert_str_eq(evt_line(log.ptr, log.len, 0), "1 2 3 4 5 |");
    mk_evt_begin(&f, mem, 70000);                    /* in a ring that is not much larger */
    mk_evt_start(&f, 60000);
    evt_add(&f, 2);
    cr_assert(mk_evt_record(&f, &e) != 0 && f.at < f.last);
    evt_add(&f, 1);
    log = mk_evt_end(&f);
    (void)evt_line(log.ptr, log.len, 0);
    cr_assert(evt_count == f.count && evt_stream.damage == 0);
}
