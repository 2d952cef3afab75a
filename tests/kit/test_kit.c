/* tests/kit/test_kit.c - the writer's own promises, without a framework */
#include "cliff.h"
#include "mklog.h"

#include <stdio.h>
#include <string.h>

static unsigned failures;

static void check(int ok, const char *what)
{
    if (ok) return;
    fprintf(stderr, "kit: not so: %s\n", what);
    failures++;
}

static uint32_t u32(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void test_known_answers(void)
{
    char iso[40], out[64];
    check(mk_crc32(0, "123456789", 9) == 0xcbf43926u, "CRC32 of 123456789");
    check(mk_crc32(mk_crc32(0, "1234", 4), "56789", 5) == 0xcbf43926u, "CRC32 in two parts");
    check(mk_time("1970-01-01T00:00:00Z") == 116444736000000000u, "the Unix epoch");
    check(mk_time("2000-02-29T12:00:00.5Z") == 125962992005000000u, "a leap day");
    mk_iso(mk_time("2006-09-02T02:03:04.1234567Z"), 7, iso);
    check(strcmp(iso, "2006-09-02T02:03:04.1234567Z") == 0, "ISO there and back");
    (void)mk_escape(out, sizeof out, "a<b&{c}");
    check(strcmp(out, "a&lt;b&amp;\\{c\\}") == 0, "escapes");
    mk_value g = mk_guid("{00112233-4455-6677-8899-aabbccddeeff}");
    check(memcmp(g.own, "\x33\x22\x11\x00\x55\x44\x77\x66\x88\x99\xaa\xbb\xcc\xdd\xee\xff",
                 16) == 0, "GUID order");
}

/* Links of both tables go down, and end. */
static void check_chain(const uint8_t *c, uint32_t head)
{
    for (uint32_t at = head; at; at = u32(c + at)) {
        check(at >= 512 && at < 65536, "a table entry inside the records");
        check(u32(c + at) < at, "links go down");
        if (u32(c + at) >= at) return;
    }
}

static void check_chunk(const uint8_t *c)
{
    uint32_t at = 512, fso = u32(c + 48), last = 0, n = 0;
    for (uint32_t b = 0; b < 96; b++) check_chain(c, u32(c + 128 + 4 * b));
    for (; at < fso; at += u32(c + at + 4), n++) {
        uint32_t size = u32(c + at + 4);
        check(u32(c + at) == 0x2a2a, "record signature");
        check(size % 8 == 0 && size >= 28 && at + size <= fso, "record size");
        check(u32(c + at + size - 4) == size, "copy of the size");
        last = at;
        if (size < 28) return;
    }
    check(at == fso && last == u32(c + 44), "free space and last record");
    check(n == u32(c + 16) - u32(c + 8) + 1 && n == u32(c + 32) - u32(c + 24) + 1, "counts");
    check(mk_crc32(0, c + 512, fso - 512) == u32(c + 52), "data checksum");
    check(mk_crc32(mk_crc32(0, c, 120), c + 128, 384) == u32(c + 124), "header checksum");
}

static void test_log(void)
{
    static uint8_t mem[MK_FILE_HEADER + 8 * MK_CHUNK];
    static mk_log g;
    mk_log_begin(&g, mem, sizeof mem);
    for (uint32_t i = 0; i < 600; i++) {
        mk_event e = { "2006-09-02T02:00:00Z", 9600 + i % 50, "a|b||c", "payload.", 0, NULL,
                       i % 3 ? NULL : "BackupAgent", 0 };
        (void)mk_log_event(&g, &e);
    }
    mk_bytes log = mk_log_end(&g);
    check(log.ptr != NULL && g.file.chunks >= 3, "600 events take several chunks");
    if (!log.ptr) return;
    check(log.len == MK_FILE_HEADER + (size_t)g.file.chunks * MK_CHUNK, "whole chunks");
    check(u32(mem + 24) == 601 && mk_crc32(0, mem, 120) == u32(mem + 124), "file header");
    for (uint32_t i = 0; i < g.file.chunks; i++)
        check_chunk(mem + MK_FILE_HEADER + (size_t)i * MK_CHUNK);
    check(u32(mem + MK_FILE_HEADER + 512 + 34) == 0x226, "first definition at 0x226");
    mk_rotate(mem, log.len, 1);
    check(u32(mem + 8) == 1 && u32(mem + MK_FILE_HEADER + MK_CHUNK + 24) == 1, "ring order");
}

static void test_pokes(void)
{
    static uint8_t mem[MK_FILE_HEADER + MK_CHUNK];
    static mk_file f;
    mk_begin(&f, mem, sizeof mem);
    size_t at = mk_record_plain(&f, 7, 9, "<E a='1'>x</E>");
    mk_poke_sealed_int(&f, at + 8, 99, 8);
    mk_poke_int(&f, at + 16, 0x55, 1);
    (void)mk_end(&f);
    const uint8_t *c = mem + MK_FILE_HEADER;
    check(u32(mem + at + 8) == 99 && mem[at + 16] == 0x55, "pokes stay");
    check(mk_crc32(0, c + 512, u32(c + 48) - 512) != u32(c + 52), "a late poke breaks the sum");
    mk_fix(mem, sizeof mem);
    check(mk_crc32(0, c + 512, u32(c + 48) - 512) == u32(c + 52), "fixed");
    check(mk_name_at(&f, "E") && mk_name_at(&f, "a") && !mk_name_at(&f, "b"), "names are found");
    mk_begin(&f, mem, sizeof mem);
    (void)mk_record_plain(&f, 1, 1, "<E>");
    check(f.failed != NULL && mk_end(&f).ptr == NULL, "a bad spec is refused");
}

static void test_cliff(void)
{
    for (size_t n = 0; n < 9000; n += 4095) {
        uint8_t *end = kit_cliff(n), *begin = kit_ledge(n);
        memset(end - n, 1, n);
        memset(begin, 2, n);
        kit_cliff_free(end, n);
        kit_ledge_free(begin, n);
    }
}

/* From the oldest record round to the end record: signature, both sizes, numbers in a row. */
static void check_ring(const mk_evt *f)
{
    uint8_t r[512];
    uint32_t at = f->oldest, number = f->oldest_number, n = 0;
    for (; n < f->count; n++, number++) {
        mk_evt_get(f, at, r, 12);
        if (u32(r) == 0x27) mk_evt_get(f, at = 48, r, 12);
        uint32_t size = u32(r);
        check(size >= 60 && size <= sizeof r && size % 4 == 0, "a legacy record's size");
        check(memcmp(r + 4, "LfLe", 4) == 0 && u32(r + 8) == number, "its signature and number");
        check(f->cap - at >= 56, "its head in one piece");
        if (size < 60 || size > sizeof r) return;
        mk_evt_get(f, at, r, size);
        check(u32(r + size - 4) == size, "the copy of its size");
        at = at + size < f->cap ? at + size : 48 + at + size - f->cap;
    }
    mk_evt_get(f, at, r, 40);
    check(at == f->at && u32(r) == 40 && u32(r + 4) == 0x11111111, "the end record behind it");
    check(u32(r + 20) == f->oldest && u32(r + 24) == at && u32(r + 28) == number, "what it says");
}

static void test_legacy(void)
{
    static uint8_t mem[2000];
    static mk_evt f;
    static const mk_evt_event e = { .id = 7, .source = "S", .computer = "C", .strings = "a||b",
                                    .sid = "S-1-5-18", .data = "xyz", .data_len = 3 };
    for (uint32_t cap = 1000; cap <= 2000; cap += 4) {
        mk_evt_begin(&f, mem, cap);
        for (int i = 0; i < 50; i++) {
            (void)mk_evt_record(&f, &e);
            check_ring(&f);
        }
        check(f.flags & MK_EVT_WRAPPED && f.failed == NULL, "fifty records go round");
        mk_bytes log = mk_evt_end(&f);
        check(log.len == cap && u32(log.ptr) == 48 && u32(log.ptr + 20) == f.at, "the header");
        if (failures) return;
    }
}

/* A chunk may end anywhere inside a definition: then the record opens the next one. */
static void test_full(void)
{
    static uint8_t mem[MK_FILE_HEADER + 2 * MK_CHUNK], filler[MK_CHUNK];
    static mk_file f;
    for (size_t left = 0; left <= 800; left += 8) {
        mk_begin(&f, mem, sizeof mem);
        uint32_t t = mk_template(&f, "<Event a='b'><![CDATA[c]]>&amp;&#65;<?t d?>"
                                     "<Data Name='one' Other='two'>{0:u32}</Data></Event>");
        mk_value v = mk_u32(1);
        (void)mk_record_raw(&f, 1, 0, filler, MK_CHUNK - MK_CHUNK_HEADER - 28 - left);
        (void)mk_record(&f, 2, 0, t, &v, 1);
        check(f.failed == NULL && mk_end(&f).ptr, "a spec that meets the end of a chunk");
        check(left > 0 || f.chunks == 2, "it opens the next one");
        if (failures) return;
    }
    check(f.chunks == 1, "and does not where it fits");
}

int kit_test(void);
int kit_test(void)
{
    failures = 0;
    test_known_answers();
    test_log();
    test_pokes();
    test_cliff();
    test_legacy();
    test_full();
    return failures ? 1 : 0;
}

#ifdef KIT_TEST_MAIN
int main(void) { return kit_test(); }
#endif
