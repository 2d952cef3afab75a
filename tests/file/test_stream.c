/* tests/file/test_stream.c - bytes in any pieces: the same windows from every cut; refusals */
#include "../golden/one.h"

#include "cliff.h"

static uint8_t window[EVX_CHUNK_SIZE];
static evx_stream stream;

static const char several[] =
    "template t = <Event><EventData><Data Name='n'>{0:str}</Data><Data>{1:u32}</Data></EventData>"
    "</Event>\nrecord t str=\"one\" u32=1\nrecord t str=\"two\" u32=2\nplain <E><A x='&amp;'/></E>";

static size_t trimmed(void)
{
    one(several);
    return mk_trim(&one_spec.file);
}

/* Feed all of it in one piece, then close; the status of the end. */
static evx_status feed(const uint8_t *p, size_t n)
{
    evx_bytes in = { p, n };
    evx_window w;
    evx_status st;

    cr_assert(evx_stream_init(&stream, sizeof stream, window) == EVX_OK);
    while ((st = evx_stream_next(&stream, &in, &w)) == EVX_OK)
        ;
    if (st != EVX_MORE)
        return st;
    evx_stream_close(&stream);
    while ((st = evx_stream_next(&stream, &in, &w)) == EVX_OK)
        ;
    return st;
}

Test(stream, init)
{
    cr_assert(evx_stream_init(&stream, sizeof stream - 1, window) == EVX_E_ABI);
    cr_assert(evx_stream_init(&stream, 0, window) == EVX_E_ABI);
    cr_assert(evx_stream_init(&stream, sizeof stream, window) == EVX_OK);
}

Test(stream, header)
{
    one("plain <E/>");
    one_spec.file.flags = 0x1b970003;
    one_spec.file.minor = 2;
    one_log = mk_end(&one_spec.file);
    cr_assert(feed(one_log.ptr, one_log.len) == EVX_END);
    cr_assert(stream.header.major == 3 && stream.header.minor == 2);
    cr_assert(stream.header.flags == 0x1b970003 && stream.header.damage == 0);
    cr_assert(stream.header.first_chunk == 0 && stream.header.last_chunk == 0);
    cr_assert(stream.header.next_record == 2 && stream.header.chunk_count == 1);
    cr_assert(stream.file_off == one_log.len);
}

typedef struct broken { uint32_t at, value, bytes, damage; } broken;

Test(stream, header_damage)
{
    static const broken list[] = {
        { 124, 0, 4, EVX_FILE_CRC }, { 8, 99, 8, EVX_FILE_CRC },
        { 38, 2, 2, EVX_FILE_CRC | EVX_FILE_VERSION },
        { 38, 4, 2, EVX_FILE_CRC | EVX_FILE_VERSION }, { 36, 77, 2, EVX_FILE_CRC },
        { 32, 127, 4, EVX_FILE_CRC | EVX_FILE_GEOMETRY },
        { 40, 512, 2, EVX_FILE_CRC | EVX_FILE_GEOMETRY },
        { 120, 4, 4, 0 }, { 128, 1, 4, 0 }, { 4092, 1, 4, 0 }
    };

    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        one("plain <E/>");
        for (uint32_t b = 0; b < list[i].bytes; b++)
            one_log.ptr[list[i].at + b] = (uint8_t)(b < 4 ? list[i].value >> 8 * b : 0);
        cr_assert(feed(one_log.ptr, one_log.len) == EVX_END);
        cr_assert(stream.header.damage == list[i].damage, "row %zu: %x", i, stream.header.damage);
    }
    one("plain <E/>");
    one_log.ptr[120] = 4;                            /* without checksums there is none to fail */
    one_log.ptr[124] ^= 1;
    cr_assert(feed(one_log.ptr, one_log.len) == EVX_END && stream.header.damage == 0);
}

Test(stream, no_log)
{
    evx_bytes in = { (const uint8_t *)"x", 1 };
    evx_window w;

    cr_assert(feed(NULL, 0) == EVX_E_FILE_SIGNATURE);
    cr_assert(feed((const uint8_t *)"E", 1) == EVX_E_FILE_SIGNATURE);
    cr_assert(feed((const uint8_t *)"ElfFile", 7) == EVX_E_FILE_SIGNATURE);
    cr_assert(feed((const uint8_t *)"ElfFile", 8) == EVX_E_FILE_SHORT);
    one("plain <E/>");
    for (size_t n = 8; n < 128; n++)
        cr_assert(feed(one_log.ptr, n) == EVX_E_FILE_SHORT, "%zu bytes", n);
    for (size_t n = 128; n < 4096; n++) {
        cr_assert(feed(one_log.ptr, n) == EVX_END, "%zu bytes", n);
        cr_assert(stream.header.damage == EVX_FILE_CUT);
    }
    for (size_t i = 0; i < 8; i++) {
        one_log.ptr[i] ^= 1;
        cr_assert(feed(one_log.ptr, one_log.len) == EVX_E_FILE_SIGNATURE);
        one_log.ptr[i] ^= 1;
    }
    one_log.ptr[0] = 0;
    cr_assert(feed(one_log.ptr, one_log.len) == EVX_E_FILE_SIGNATURE);
    for (int i = 0; i < 3; i++)                      /* repeated for ever */
        cr_assert(evx_stream_next(&stream, &in, &w) == EVX_E_FILE_SIGNATURE && in.len == 1);
    cr_assert(stream.failed == EVX_E_FILE_SIGNATURE);
}

Test(stream, only_a_header)
{
    one("plain <E/>");
    cr_assert(feed(one_log.ptr, 4096) == EVX_END && stream.header.damage == 0);
}

/* The input moves forward by what was taken, to its end. */
Test(stream, input_is_advanced)
{
    evx_bytes in;
    evx_window w;

    one("plain <E/>");
    in.ptr = one_log.ptr;
    in.len = one_log.len;
    cr_assert(evx_stream_init(&stream, sizeof stream, window) == EVX_OK);
    cr_assert(evx_stream_next(&stream, &in, &w) == EVX_OK);
    cr_assert(w.base == one_log.ptr + 4096 && w.len == 65536 && w.file_off == 4096);
    cr_assert(in.len == 0 && in.ptr == one_log.ptr + one_log.len);
    cr_assert(evx_stream_next(&stream, &in, &w) == EVX_MORE);
    evx_stream_close(&stream);
    cr_assert(evx_stream_next(&stream, &in, &w) == EVX_END);
    cr_assert(evx_stream_next(&stream, &in, &w) == EVX_END);
}

/* A mapped file needs no window: closed at once, even its cut slot comes in place. */
Test(stream, without_a_window)
{
    size_t n = trimmed();
    evx_bytes in = { one_log.ptr, n };
    evx_window w;

    cr_assert(evx_stream_init(&stream, sizeof stream, NULL) == EVX_OK);
    evx_stream_close(&stream);
    cr_assert(evx_stream_next(&stream, &in, &w) == EVX_OK);
    cr_assert(w.base == one_log.ptr + 4096 && w.len == n - 4096);
    cr_assert(evx_stream_next(&stream, &in, &w) == EVX_END);

    in.ptr = one_log.ptr;
    in.len = n;
    cr_assert(evx_stream_init(&stream, sizeof stream, NULL) == EVX_OK);
    cr_assert(evx_stream_next(&stream, &in, &w) == EVX_E_SPACE);
    in.len = 100;
    in.ptr = one_log.ptr;
    cr_assert(evx_stream_init(&stream, sizeof stream, NULL) == EVX_OK);
    cr_assert(evx_stream_next(&stream, &in, &w) == EVX_E_SPACE);
}

/* ---- cut everywhere -------------------------------------------------------------------------- */

Test(stream, every_cut)
{
    size_t n = trimmed();
    const uint8_t *p = one_log.ptr;
    uint64_t whole = kit_feed_whole(p, n);
    static uint8_t copy[8192];

    cr_assert(n < sizeof copy);
    memcpy(copy, p, n);
    for (size_t cut = 0; cut <= n; cut++)
        cr_assert(kit_feed_cut(copy, n, cut) == whole, "cut at %zu", cut);
    copy[n - 1] ^= 1;                /* the digest can tell */
    cr_assert(kit_feed_whole(copy, n) != whole);
}

Test(stream, every_step)
{
    size_t n = trimmed();
    uint64_t whole = kit_feed_whole(one_log.ptr, n);

    for (size_t step = 1; step < 70; step++)
        cr_assert(kit_feed_every(one_log.ptr, n, step) == whole, "pieces of %zu", step);
    for (size_t step = 70; step <= n; step += 97)
        cr_assert(kit_feed_every(one_log.ptr, n, step) == whole, "pieces of %zu", step);
}

/* A log of three chunks, cut around each edge of a structure. */
Test(stream, edges_of_large_logs)
{
    static mk_file f;
    static uint8_t mem[MK_FILE_HEADER + 4 * MK_CHUNK];
    mk_bytes log;
    uint64_t whole;

    mk_begin(&f, mem, sizeof mem);
    for (int chunk = 0; chunk < 3; chunk++) {
        uint32_t t = mk_template(&f, "<Event><A>{0:u32}</A></Event>");
        mk_value v = mk_u32((uint32_t)chunk);
        mk_chunk(&f);
        (void)mk_record(&f, 1 + 2 * (uint64_t)chunk, 5, t, &v, 1);
        (void)mk_record(&f, 2 + 2 * (uint64_t)chunk, 5, t, &v, 1);
    }
    log = mk_end(&f);
    cr_assert(log.ptr && log.len == 4096 + 3 * 65536);
    whole = kit_feed_whole(log.ptr, log.len);
    for (size_t edge = 0; edge <= log.len; edge += 4096)
        for (int by = -1; by <= 1; by++)
            if ((edge > 0 || by >= 0) && (edge < log.len || by <= 0))
                cr_assert(kit_feed_cut(log.ptr, log.len, (size_t)((long)edge + by)) == whole,
                          "cut at %zu %+d", edge, by);
    cr_assert(kit_feed_every(log.ptr, log.len, 1) == whole);
    cr_assert(kit_feed_every(log.ptr, log.len, 4095) == whole);
    cr_assert(kit_feed_every(log.ptr, log.len, 65536) == whole);
    for (size_t less = 1; less < 65536; less += 6553) {      /* the last slot is cut */
        whole = kit_feed_whole(log.ptr, log.len - less);
        cr_assert(kit_feed_every(log.ptr, log.len - less, 1000) == whole);
    }
}

/* A copy of the context goes on as the context does. */
Test(stream, fork)
{
    static kit_feed a, b;
    size_t n = trimmed();
    uint64_t whole = kit_feed_whole(one_log.ptr, n);

    for (size_t cut = 0; cut <= n; cut += 31) {
        kit_feed_begin(&a);
        kit_feed_piece(&a, one_log.ptr, cut);
        b = a;
        kit_feed_piece(&a, one_log.ptr + cut, n - cut);
        cr_assert(kit_feed_end(&a) == whole);
        for (size_t i = cut; i < n; i++)
            kit_feed_piece(&b, one_log.ptr + i, 1);
        cr_assert(kit_feed_end(&b) == whole, "forked at %zu", cut);
    }
}

/* Every prefix of a log is a log with a cut chunk, or a refusal; never a crash, never a bug. */
Test(stream, every_prefix)
{
    static kit_feed f;
    size_t n = trimmed();

    for (size_t len = 0; len <= n; len++) {
        kit_feed_begin(&f);
        kit_feed_piece(&f, one_log.ptr, len);
        (void)kit_feed_end(&f);
        cr_assert(f.last == (len < 8 ? EVX_E_FILE_SIGNATURE : len < 128 ? EVX_E_FILE_SHORT
                                                                       : EVX_END));
        cr_assert(f.records == 0 || len > 4096 + 512);
    }
    cr_assert(f.records == 3 && f.failed == 0);
}

/* A header that is not there: skipped, whatever it holds, and the slots behind it come. */
/* Where the header is cut off, the first byte is a chunk's. */
Test(stream, beheaded)
{
    static uint8_t chunks[2 * EVX_CHUNK_SIZE], room[EVX_CHUNK_SIZE];
    evx_bytes in = { chunks, sizeof chunks };
    evx_window w;
    evx_stream s;

    cr_assert(evx_stream_init(&s, sizeof s, room) == EVX_OK);
    evx_stream_beheaded(&s);
    for (uint32_t i = 0; i < 2; i++) {
        cr_assert(evx_stream_next(&s, &in, &w) == EVX_OK);
        cr_assert(w.base == chunks + i * EVX_CHUNK_SIZE && w.file_off == i * EVX_CHUNK_SIZE);
    }
    cr_assert(s.header.damage == EVX_FILE_SIGNATURE);
    evx_stream_close(&s);
    cr_assert(evx_stream_next(&s, &in, &w) == EVX_END);
}

Test(stream, headless)
{
    static uint8_t file[EVX_FILE_HEADER_SIZE + EVX_CHUNK_SIZE], room[EVX_CHUNK_SIZE];
    evx_bytes in = { file, sizeof file };
    evx_window w;
    evx_stream s;

    cr_assert(evx_stream_init(&s, sizeof s, room) == EVX_OK);
    cr_assert(evx_stream_next(&s, &in, &w) == EVX_E_FILE_SIGNATURE);
    cr_assert(evx_stream_init(&s, sizeof s, room) == EVX_OK);
    evx_stream_headless(&s);
    for (size_t at = 0; at < sizeof file; at += 1000) {
        in.ptr = file + at;
        in.len = sizeof file - at < 1000 ? sizeof file - at : 1000;
        if (evx_stream_next(&s, &in, &w) == EVX_OK)
            cr_assert(w.file_off == EVX_FILE_HEADER_SIZE && w.len == EVX_CHUNK_SIZE);
    }
    cr_assert(s.header.damage == EVX_FILE_SIGNATURE && s.header.chunk_count == 0);
    evx_stream_close(&s);
    cr_assert(evx_stream_next(&s, &in, &w) == EVX_END);
}
