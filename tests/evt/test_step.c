/* tests/evt/test_step.c - rings, seams, damage, cuts: what is handed out, and what is lost */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read.h"

static uint8_t mem[1 << 17], copy[1 << 17];
static mk_evt f;
static uint32_t at[64];              /* where records stand; at[0] is not used                 */

static void put32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> 8 * i);
}

/* Records 1 to n, and where each begins; at[n + 1] is the end record. */
static mk_bytes make(uint32_t n)
{
    evt_simple(&f, mem, 16384, 0);
    for (uint32_t i = 1; i <= n; i++) {
        evt_add(&f, 1);
        at[i] = f.last;
    }
    at[n + 1] = f.at;
    return mk_evt_end(&f);
}

static const char *line(mk_bytes log)
{
    return evt_line(log.ptr, log.len, 0);
}

static void is(const char *got, const char *format, unsigned a, unsigned b)
{
    char want[256];

    (void)snprintf(want, sizeof want, format, a, b);
    cr_assert_str_eq(got, want, "\n expected %s\n got      %s", want, got);
}

/* ---- rings ---------------------------------------------------------------------------------- */

/* `live` numbers in ring order, from any line: oldest first. */
static void check_ring(const char *got, uint32_t oldest, uint32_t next)
{
    char want[2][4096] = { "", "" };

    for (uint32_t n = oldest; n < next; n++) {
        /* what stands behind the end record in the file, and what before it */
        bool older = false;
        for (uint32_t a = f.oldest, i = oldest; i <= n; i++) {
            uint32_t size = 0;
            mk_evt_get(&f, a, &size, 4);
            older = a > f.at;
            a = a + size < f.cap ? a + size : 48 + a + size - f.cap;
            mk_evt_get(&f, a, &size, 4);
            if (size == 0x27)
                a = 48;
        }
        (void)snprintf(want[older] + strlen(want[older]), 16, "%u ", n);
    }
    strcat(want[0], "|");
    if (*want[1]) {
        strcat(want[0], " ");
        strcat(want[0], want[1]);
        want[0][strlen(want[0]) - 1] = 0;
    }
    cr_assert_str_eq(got, want[0], "\n expected %s\n got      %s", want[0], got);
}

/* Every number of records in a small ring: fillers, seams, split end records, stale rests. */
Test(step, rings)
{
    for (uint32_t cap = 1000; cap <= 1100; cap += 4)
        for (uint32_t n = 1; n < 30; n++) {
            mk_bytes log;
            evt_simple(&f, mem, cap, n);
            log = mk_evt_end(&f);
            check_ring(line(log), f.oldest_number, f.next);
            cr_assert(evt_stream.damage == 0 && evt_count == f.count);
            cr_assert(evt_stream.end_off == f.at && evt_stream.next_number == f.next);
        }
}

/* The seam at each place of a record, and of the end record behind it. */
Test(step, seams)
{
    for (uint32_t start = 4096 - 700; start < 4096; start += 4) {
        mk_bytes log;
        mk_evt_begin(&f, mem, 4096);
        mk_evt_start(&f, start);
        evt_add(&f, 3);
        log = mk_evt_end(&f);
        check_ring(line(log), 1, 4);
        cr_assert(evt_stream.damage == 0, "start %u", start);
    }
}

/* The same, but the header is as old as the log. */
Test(step, dirty)
{
    for (uint32_t start = 4096 - 700; start < 4096; start += 4) {
        mk_bytes log;
        mk_evt_begin(&f, mem, 4096);
        f.flags |= MK_EVT_DIRTY;
        mk_evt_sync(&f);
        mk_evt_start(&f, start);
        f.flags &= ~(uint32_t)MK_EVT_WRAPPED;
        evt_add(&f, 3);
        log = mk_evt_end(&f);
        check_ring(line(log), 1, 4);
        cr_assert(evt_stream.header.next_number == 1 && evt_stream.next_number == 4);
    }
}

Test(step, stale)
{
    mk_bytes log;
    const char *words;
    uint32_t whole = 0;

    evt_simple(&f, mem, 4000, 100);
    log = mk_evt_end(&f);
    (void)evt_line(log.ptr, log.len, 0);
    cr_assert(evt_count == f.count);
    put32(mem + f.at + 20, f.oldest);                /* as it was; now drop more than one */
    for (int i = 0; i < 4; i++) {
        uint32_t size;
        mk_evt_get(&f, f.oldest, &size, 4);
        f.oldest += size;
        whole++;
    }
    put32(mem + f.at + 20, f.oldest);
    words = line(log);
    cr_assert(evt_count == f.count - whole && evt_stream.stale == whole, "%s", words);
    words = evt_line(log.ptr, log.len, EVX_EVT_STALE);
    cr_assert(evt_count == f.count && evt_stream.stale == whole, "%s", words);
    cr_assert(strstr(words, "~") != NULL && strstr(words, "!") == NULL);
}

/* A log that was cleared, and written anew over its own bytes. */
Test(step, stale_behind_all)
{
    mk_bytes log = make(20);

    memcpy(copy, mem, log.len);
    log = make(3);
    memcpy(copy, mem, log.len);
    log.ptr = copy;
    log.len = 3000;
    is(line(log), "1 2 3 |", 0, 0);
    cr_assert(evt_stream.stale >= 10);
    cr_assert(strstr(evt_line(log.ptr, log.len, EVX_EVT_STALE), "| 5~ 6~ 7~") != NULL);
}

/* ---- the end record ------------------------------------------------------------------------- */

Test(step, no_end_record)
{
    mk_bytes log;

    (void)make(3);
    f.no_end = 1;
    log = mk_evt_end(&f);
    f.flags = MK_EVT_DIRTY;
    log = mk_evt_end(&f);
    is(line(log), "1 2 3", 0, 0);
    cr_assert(evt_stream.damage == EVX_EVT_NO_END);
    f.trim = 0;                                      /* never used, up to the end */
    log = mk_evt_end(&f);
    is(line(log), "1 2 3", 0, 0);
    cr_assert(evt_stream.damage == EVX_EVT_NO_END);
    mem[16000] = 1;
    is(line(log), "1 2 3 !%u+%u", at[4], 16384 - at[4]);
}

Test(step, end_record_lies)
{
    mk_bytes log = make(3);

    put32(mem + at[4] + 24, 48);
    is(line(log), "1 2 3 |", 0, 0);
    cr_assert(evt_stream.damage == EVX_EVT_END_OFFSET);
    put32(mem + at[4] + 20, 0);                      /* no oldest record: what follows is live */
    memmove(copy, mem, log.len);
    memcpy(copy + log.len, mem + at[1], at[3] - at[1]);
    is(evt_line(copy, log.len + at[3] - at[1], 0), "1 2 3 | 1 2", 0, 0);
    put32(mem + at[4] + 20, 5000);                   /* behind the end of the file */
    is(line(log), "1 2 3 | ?%u+%u", (unsigned)log.len, 5000 - (unsigned)log.len);
    put32(mem + at[4] + 36, 41);                     /* then it is none */
    is(line(log), "1 2 3 !%u+40", at[4], 0);
}

Test(step, two_end_records)
{
    mk_bytes log = make(3);

    memcpy(copy, mem, log.len);
    put32(copy + at[4] + 20, (uint32_t)log.len);     /* the oldest record comes right behind */
    memcpy(copy + log.len, mem + at[1], at[2] - at[1]);
    memcpy(copy + log.len + at[2] - at[1], mem + at[4], 40);
    is(evt_line(copy, log.len + at[2] - at[1] + 40, 0), "1 2 3 | 1", 0, 0);
    cr_assert(evt_stream.damage == EVX_EVT_TWO_ENDS && evt_stream.end_off == at[4]);
}

/* ---- one record is damaged ------------------------------------------------------------------ */

Test(step, one_record_lost)
{
    for (uint32_t n = 1; n <= 5; n++) {
        mk_bytes log = make(5);
        char want[64] = "";
        memset(mem + at[n], 0xcc, at[n + 1] - at[n]);
        for (uint32_t i = 1; i <= 5; i++)
            if (i == n)
                (void)snprintf(want + strlen(want), 32, "!%u+%u ", at[n], at[n + 1] - at[n]);
            else
                (void)snprintf(want + strlen(want), 32, "%u%s ", i, i == n + 1 && i > 1
                               ? n > 1 ? "i+" : "+" : "");
        strcat(want, "|");
        is(line(log), want, 0, 0);
    }
}

Test(step, two_records_lost)
{
    mk_bytes log = make(6);

    memset(mem + at[2], 0, at[3] - at[2]);
    memset(mem + at[5], 0xff, at[6] - at[5]);
    is(line(log), "1 !136+152 3i+ 4 !468+100 6i+ |", at[2], 0);
}

Test(step, sizes)
{
    static const struct { uint32_t size; const char *words; } rows[] = {
        { 0, "1 2s 3 4 |" }, { 4, "1 2s 3 4 |" }, { 56, "1 2s 3 4 |" },
        { 0xffffffff, "1 2s 3 4 |" },
        { 0x80000000, "1 2s 3 4 |" }, { 65540, "1 2s 3 4 |" }, { 61, "1 2s 3 4 |" },
        { 65536, "1 2s 3 4 |" }, { 400, "1 2s 3 4 |" }
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        mk_bytes log = make(4);
        put32(mem + at[2], rows[i].size);
        is(line(log), rows[i].words, 0, 0);
    }
}

/* It claims its successor too, and the copy there agrees: the bytes cannot tell that from truth. */
Test(step, swallowed)
{
    mk_bytes log = make(4);

    put32(mem + at[2], at[4] - at[2]);
    is(line(log), "1 2s 3 4 |", 0, 0);
    put32(mem + at[4] - 4, at[4] - at[2]);
    is(line(log), "1 2 4i |", 0, 0);
}

Test(step, copies)
{
    static const uint32_t copies[] = { 0, 1, 0xffffffff, 56 };

    for (size_t i = 0; i < sizeof copies / sizeof copies[0]; i++)
        for (uint32_t n = 1; n <= 4; n++) {
            mk_bytes log = make(4);
            char want[32] = "1 2 3 4 |";
            put32(mem + at[n + 1] - 4, copies[i]);
            memmove(want + 2 * n, want + 2 * n - 1, sizeof want - 2 * n);
            want[2 * n - 1] = 'c';
            is(line(log), want, 0, 0);
        }
}

Test(step, signature)
{
    mk_bytes log = make(4);

    mem[at[2] + 4] ^= 1;
    is(line(log), "1 !%u+%u 3i+ 4 |", at[2], at[3] - at[2]);
    mem[at[3] + 7] = 0;
    is(line(log), "1 !%u+%u 4i+ |", at[2], at[4] - at[2]);
}

/* Only the numbers are wrong. */
Test(step, numbers)
{
    mk_bytes log = make(4);

    put32(mem + at[3] + 8, 77);
    is(line(log), "1 2 77i 4i |", 0, 0);
}

/* A whole record inside another one's data is not taken for one. */
Test(step, hidden)
{
    mk_evt_event e = { .id = 9, .source = "S", .computer = "C" };
    mk_bytes log = make(2);

    memcpy(copy, mem + at[1], at[2] - at[1]);
    e.data = copy;
    e.data_len = at[2] - at[1];
    cr_assert(mk_evt_record(&f, &e) != 0);
    evt_add(&f, 1);
    log = mk_evt_end(&f);
    is(line(log), "1 2 3 4 |", 0, 0);
}

Test(step, junk)
{
    mk_bytes log = make(3);
    size_t tail = log.len - at[2];

    for (size_t junk = 4; junk < 600; junk += 44) {
        memcpy(copy, mem, at[2]);
        memset(copy + at[2], 0x77, junk);
        memcpy(copy + at[2] + junk, mem + at[2], tail);
        is(evt_line(copy, log.len + junk, 0), "1 !%u+%u 2+ 3 |", at[2], (unsigned)junk);
    }
    memset(copy + at[2], 0x77, 100000);              /* more than what is kept, or looked over */
    memcpy(copy + at[2] + 100000, mem + at[2], tail);
    is(evt_line(copy, log.len + 100000, 0), "1 !%u+100000 2+ 3 |", at[2], 0);
}

/* Filler is no loss, if it is short and leads on. */
Test(step, filler)
{
    static const struct { uint32_t words; const char *line; } rows[] = {
        { 1, "1 2 3 |" }, { 13, "1 2 3 |" }, { 14, "1 !%u+56 2+ 3 |" }, { 40, "1 !%u+160 2+ 3 |" }
    };
    mk_bytes log = make(3);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t n = 4 * rows[i].words;
        memcpy(copy, mem, at[2]);
        for (uint32_t k = 0; k < n; k += 4)
            put32(copy + at[2] + k, 0x27);
        memcpy(copy + at[2] + n, mem + at[2], log.len - at[2]);
        is(evt_line(copy, log.len + n, 0), rows[i].line, at[2], 0);
    }
}

/* ---- behind the header ---------------------------------------------------------------------- */

/* Junk right there: known at once where the header says that the ring was never closed; else told
 * at the end, because the last record might have gone on in it. */
Test(step, head)
{
    mk_bytes log = make(3);

    memset(mem + 48, 0x55, at[2] - 48);
    is(line(log), "!48+%u 2+ 3 |", at[2] - 48, 0);
    put32(mem + 36, MK_EVT_DIRTY);
    is(line(log), "2 3 | !48+%u", at[2] - 48, 0);
    put32(mem + 36, MK_EVT_WRAPPED);
    is(line(log), "2 3 | !48+%u", at[2] - 48, 0);
    memcpy(copy, mem, 48);
    memset(copy + 48, 0x55, 70000);                  /* what is too far from the header is lost */
    memcpy(copy + 70048, mem + at[2], log.len - at[2]);
    is(evt_line(copy, 70048 + log.len - at[2], 0), "!65584+4464 2+ 3 | !48+65536", 0, 0);
    is(evt_line(copy, 60000, 0), "!48+59952", 0, 0);
}

/* A damaged record there is told at the end, for the same reason. */
Test(step, head_is_a_record)
{
    mk_bytes log = make(3);

    put32(mem + 36, MK_EVT_DIRTY);
    put32(mem + at[2] - 4, 0);
    is(line(log), "2 3 | 1c", 0, 0);
    put32(mem + 48, 40);
    is(line(log), "2 3 | 1s", 0, 0);
    put32(mem + 36, 0);
    is(line(log), "1s 2 3 |", 0, 0);
    put32(mem + 36, MK_EVT_DIRTY);                   /* nothing but this one */
    is(evt_line(log.ptr, 48 + 70, 0), "1sNSD", 0, 0);
    put32(mem + 48, at[2] - 48);
    is(evt_line(log.ptr, 48 + 70, 0), "1tNSD", 0, 0);
    is(evt_line(log.ptr, 48 + 50, 0), "!48+50", 0, 0);
}

/* The beginning or the continuation of the record at the seam is gone. */
Test(step, torn_seam)
{
    mk_bytes log;

    mk_evt_begin(&f, mem, 4096);
    mk_evt_start(&f, 4096 - 60);
    evt_add(&f, 3);
    log = mk_evt_end(&f);
    is(line(log), "2 3 | 1", 0, 0);
    mem[4096 - 60 + 4] = 0;
    is(line(log), "2 3 | !4036+60 !48+28", 0, 0);
    mem[4096 - 60 + 4] = 'L';
    memset(mem + 48, 0, 28);                         /* its length still fits what is missing */
    is(line(log), "2 3 | 1c", 0, 0);
    log.len -= 4;                                    /* and here it does not */
    is(line(log), "2 3 | 1tNSD !48+28", 0, 0);
}

/* ---- the file is cut ------------------------------------------------------------------------ */

/* At every length: all records before the cut, at most one in part, and the cut is told; but not
 * where only the end record is torn. */
Test(step, every_length)
{
    mk_bytes log = make(5);

    for (size_t n = 48; n < log.len; n++) {
        const char *got = evt_line(log.ptr, n, 0);
        uint32_t whole = 0;
        char want[64] = "";
        while (whole < 5 && at[whole + 2] <= n)
            (void)snprintf(want + strlen(want), 8, "%u ", ++whole);
        cr_assert(strncmp(got, want, strlen(want) - 1 + (whole == 0)) == 0, "%zu: %s", n, got);
        cr_assert(evt_count <= whole + 1 && evt_stream.damage == EVX_EVT_NO_END, "%zu: %s", n, got);
        got = strchr(got, '?');
        if (n < at[6])
            cr_assert(got && (size_t)atoi(got + 1) == n, "%zu: %s", n, evt_line(log.ptr, n, 0));
        else
            cr_assert_str_eq(evt_line(log.ptr, n, 0), "1 2 3 4 5");
    }
}

Test(step, cut_record)
{
    mk_bytes log = make(4);

    is(evt_line(log.ptr, at[5], 0), "1 2 3 4", 0, 0);
    is(evt_line(log.ptr, at[5] - 4, 0), "1 2 3 4t ?%u+4", at[5] - 4, 0);
    is(evt_line(log.ptr, at[5] - 8, 0), "1 2 3 4tSD ?%u+8", at[5] - 8, 0);
    is(evt_line(log.ptr, at[4] + 60, 0), "1 2 3 4tNSD ?%u+%u", at[4] + 60, at[5] - at[4] - 60);
    is(evt_line(log.ptr, at[4] + 52, 0), "1 2 3 !%u+52 ?424+44", at[4], 0);
}

/* ---- every bit ------------------------------------------------------------------------------ */

/* Words of a line that are records without damage. */
static uint32_t sound_ones(const char *words)
{
    uint32_t n = 0;

    for (const char *p = words; *p; p += strcspn(p, " "), p += *p == ' ')
        if (p[0] >= '0' && p[0] <= '9')
            n++;
    return n;
}

Test(step, every_bit)
{
    mk_bytes log = make(4);

    for (size_t bit = 8 * 48; bit < 8 * log.len; bit++) {
        const char *got;
        log.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
        got = evt_line_cut(log.ptr, log.len, log.len);
        cr_assert(sound_ones(got) >= 3, "bit %zu: %s", bit, got);
        cr_assert(bit / 8 < at[5] || sound_ones(got) == 4, "bit %zu: %s", bit, got);
        log.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}
