/* tests/evt/test_find.c - what proves a record; carving at every place and alignment */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "cliff.h"
#include "evt/evt.h"
#include "read.h"

static uint8_t mem[65536], blob[65536];
static mk_evt f;

static void put32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> 8 * i);
}

static uint32_t one_record(void)
{
    evt_simple(&f, mem, 4096, 1);
    return f.at - 48;
}

Test(find, sane)
{
    static const uint32_t yes[] = { 60, 64, 100, 65532, 65536 };
    static const uint32_t no[] = { 0, 4, 40, 56, 59, 61, 62, 63, 65537, 65540, 0xfffffffc };

    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
        cr_assert(evxi_evt_sane(yes[i]), "%u", yes[i]);
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        cr_assert(!evxi_evt_sane(no[i]), "%u", no[i]);
}

Test(find, sound)
{
    uint32_t size = one_record();
    evxi_evt_span b = { mem + 48, size, size };

    cr_assert(evxi_evt_sound(&b, 0) == size && evxi_evt_signed(&b, 0));
    cr_assert(evxi_evt_sound(&b, 4) == 0 && evxi_evt_sound(&b, size) == 0);
    b.ends--;
    cr_assert(evxi_evt_sound(&b, 0) == 0);
    b.ends = b.begins = 7;
    cr_assert(!evxi_evt_signed(&b, 0));
    b.ends = b.begins = 8;
    cr_assert(evxi_evt_signed(&b, 0) && evxi_evt_sound(&b, 0) == 0);
    b.begins = 0;
    b.ends = size;
    cr_assert(evxi_evt_sound(&b, 0) == 0);
    b.begins = size;
    mem[48 + size - 1] ^= 1;
    cr_assert(evxi_evt_sound(&b, 0) == 0);
}

Test(find, end_record)
{
    evxi_evt_span b = { mem, 4096, 4096 };
    uint32_t at;

    (void)one_record();
    at = f.at;
    cr_assert(evxi_evt_is_end(&b, at) && !evxi_evt_is_end(&b, at + 4));
    b.begins = b.ends = at + 39;
    cr_assert(!evxi_evt_is_end(&b, at));
    b.ends++;
    cr_assert(evxi_evt_is_end(&b, at));
    for (uint32_t i = 0; i < 40; i++) {
        bool fixed = i < 20 || i >= 36;
        mem[at + i] ^= 1;
        cr_assert(evxi_evt_is_end(&b, at) == !fixed, "byte %u", i);
        mem[at + i] ^= 1;
    }
}

Test(find, torn_end)
{
    evxi_evt_span b = { mem, 0, 0 };

    (void)one_record();
    for (uint32_t n = 0; n <= 40; n++) {
        b.begins = b.ends = f.at + n;
        cr_assert(evxi_evt_is_torn_end(&b, f.at) == (n > 0 && n < 40), "%u", n);
        mem[f.at + 4] ^= 1;
        cr_assert(evxi_evt_is_torn_end(&b, f.at) == (n > 0 && n < 5), "%u", n);
        mem[f.at + 4] ^= 1;
    }
}

Test(find, search)
{
    evxi_evt_span b = { mem, 4096, 4096 };

    evt_simple(&f, mem, 4096, 3);
    cr_assert(evxi_evt_search(&b, 0, 4000, true) == 48);
    cr_assert(evxi_evt_search(&b, 0, 48, true) == 48);
    cr_assert(evxi_evt_search(&b, f.last + 4, 4000, true) == f.at);
    cr_assert(evxi_evt_search(&b, f.last + 4, 4000, false) == 4000);
    cr_assert(evxi_evt_search(&b, 50, f.last, true) == f.last);
}

Test(find, filler)
{
    evxi_evt_span b = { mem, 4096, 4096 };

    (void)one_record();
    for (uint32_t n = 0; n <= 16; n++) {
        memset(blob, 0, 256);
        for (uint32_t i = 0; i < n; i++)
            put32(blob + 4 * i, 0x27);
        b.base = blob;
        b.begins = b.ends = 4 * n;                   /* the end of the file behind it */
        cr_assert(evxi_evt_filler(&b, 0) == (n < 14 ? 4 * n : 0), "%u", n);
        b.begins = b.ends = 4 * n + 40;              /* zeros behind it */
        cr_assert(evxi_evt_filler(&b, 0) == 0);
        memcpy(blob + 4 * (size_t)n, mem + f.at, 40);
        cr_assert(evxi_evt_filler(&b, 0) == (n < 14 ? 4 * n : 0));
        b.begins = b.ends = 4 * n + 3;
        cr_assert(evxi_evt_filler(&b, 0) == 0);
    }
}

/* ---- carving -------------------------------------------------------------------------------- */

Test(find, carve)
{
    uint32_t size = one_record();
    evx_evt_record r;

    for (size_t before = 0; before < 70; before++) {
        size_t len = before + size + 3 + size, pos = 0;
        uint8_t *p;
        memset(blob, 'L', len);
        memcpy(blob + before, mem + 48, size);
        memcpy(blob + before + size + 3, mem + 48, size);
        p = kit_cliff_copy(blob, len);
        cr_assert(evx_evt_carve_next((evx_bytes){ p, len }, &pos, &r) == EVX_OK);
        cr_assert(r.file_off == before && r.len == size && r.number == 1);
        cr_assert(r.origin == EVX_ORIGIN_CARVED && r.damage == 0 && pos == before + size);
        cr_assert(evx_evt_carve_next((evx_bytes){ p, len }, &pos, &r) == EVX_OK);
        cr_assert(r.file_off == before + size + 3 && pos == len);
        cr_assert(evx_evt_carve_next((evx_bytes){ p, len }, &pos, &r) == EVX_END && pos == len);
        cr_assert(evx_evt_carve_next((evx_bytes){ p, len }, &pos, &r) == EVX_END);
        for (size_t cut = 0; cut < before + size; cut += 7) {
            pos = 0;
            cr_assert(evx_evt_carve_next((evx_bytes){ p, cut }, &pos, &r) == EVX_END);
        }
        kit_cliff_free(p + len, len);
    }
}

/* Every record of a ring, but for the one at its seam, from the bare bytes. */
Test(find, carve_ring)
{
    evx_evt_record r;
    size_t pos = 0, n = 0;
    mk_bytes log;

    evt_simple(&f, mem, 16384, 500);
    log = mk_evt_end(&f);
    while (evx_evt_carve_next((evx_bytes){ log.ptr, log.len }, &pos, &r) == EVX_OK) {
        uint32_t live = r.number >= f.oldest_number && r.number < f.next;
        n += live;
    }
    cr_assert(n + 1 >= f.count && n <= f.count, "%zu of %u", n, f.count);
}
