/* fuzz/fuzz_stream.c - the bytes of a file, cut everywhere -> the same windows and records */
#include "fuzz.h"

/*
 * Promises: pieces of any size, one byte at a time, and the whole at once without a window buffer
 * give the same header, windows, records and losses; input only moves forward; each piece is
 * copied to memory of its own that is gone after the call; errors are repeated; a context may be
 * copied by assignment; the input is as it was.
 */
static uint8_t window[EVX_CHUNK_SIZE];

/* What came out of one feed. */
typedef struct feed {
    evx_stream stream;
    evx_ledger ledger;
    evx_loss losses[16];
    uint64_t digest, windows, records, next_off;
    evx_status last;
} feed;

static void note_chunk(feed *f, const evx_window *w)
{
    evx_chunk c;
    evx_records it;
    evx_record r;
    evx_status st = evx_chunk_open(&c, w);

    f->digest = fuzz_mix(f->digest, (uint64_t)st);
    if (st == EVX_SKIP)
        return;
    evx_ledger_chunk(&f->ledger, c.damage | evx_chunk_check(&c, fuzz_best()));
    evx_records_begin(&it, &c);
    while ((st = fuzz_record(&it, &r)) != EVX_END) {
        f->digest = fuzz_mix(f->digest, (uint64_t)st ^ (uint64_t)r.off << 32 ^ r.size);
        if (st == EVX_OK) {
            f->records++;
            f->digest = fuzz_mix(f->digest, r.id ^ r.written ^ r.damage ^ r.origin);
            evx_ledger_read(&f->ledger, &c, &r, r.written, r.damage != 0);
        } else
            evx_ledger_lose(&f->ledger, w->file_off + r.off, r.size, st);
    }
    evx_ledger_chunk_end(&f->ledger, &c);
}

static void note_window(feed *f, const evx_window *w, size_t len)
{
    size_t left = len - (size_t)w->file_off;

    FUZZ_CHECK(w->file_off == f->next_off && w->file_off < len);
    FUZZ_CHECK(w->len == (left < EVX_CHUNK_SIZE ? left : EVX_CHUNK_SIZE));
    f->next_off += EVX_CHUNK_SIZE;
    f->windows++;
    f->digest = fuzz_hash(fuzz_mix(f->digest, w->file_off), w->base, w->len);
    note_chunk(f, w);
}

static void check_ledger(const feed *f)
{
    const evx_ledger *l = &f->ledger;
    uint64_t seen = 0;

    FUZZ_CHECK(l->records == l->decoded + l->recovered + l->lost);
    FUZZ_CHECK(l->decoded + l->recovered == f->records);
    FUZZ_CHECK(l->lost >= l->loss_count && l->chunks_damaged <= l->chunks);
    FUZZ_CHECK(l->counted <= l->loss_count && l->counted_bytes <= l->lost_bytes);
    for (size_t i = 0; i < l->loss_count && i < l->loss_cap; i++) {
        FUZZ_CHECK(l->losses[i].reason < 0 && l->losses[i].records >= 1);
        seen += l->losses[i].records;
    }
    FUZZ_CHECK(seen <= l->lost && (l->loss_count > l->loss_cap || seen == l->lost));
}

static void begin(feed *f, uint8_t *buffer, fuzz_dice *d)
{
    memset(f, 0, sizeof *f);
    fuzz_dirty(d, &f->stream, sizeof f->stream);
    fuzz_dirty(d, window, fuzz_one_in(d, 8) ? sizeof window : 512);
    FUZZ_CHECK(evx_stream_init(&f->stream, sizeof f->stream + 1, buffer) == EVX_E_ABI);
    FUZZ_CHECK(evx_stream_init(&f->stream, sizeof f->stream, buffer) == EVX_OK);
    evx_ledger_begin(&f->ledger, f->losses, sizeof f->losses / sizeof f->losses[0]);
    f->next_off = EVX_FILE_HEADER_SIZE;
    f->last = EVX_MORE;
}

/* Hand one piece over, until the stream wants more of them. */
static void give(feed *f, const uint8_t *piece, size_t n, size_t len)
{
    evx_bytes in = { piece, n };
    evx_window w;
    size_t before = n + 1;
    uint64_t taken = f->stream.file_off;

    while ((f->last = evx_stream_next(&f->stream, &in, &w)) == EVX_OK) {
        FUZZ_CHECK(in.len <= n && in.len <= before);
        FUZZ_CHECK(in.len == n ? in.ptr == piece : in.ptr == piece + (n - in.len));
        FUZZ_CHECK(f->stream.file_off == taken + (n - in.len));
        before = in.len;
        note_window(f, &w, len);
    }
    FUZZ_CHECK(f->last == EVX_MORE || f->last == EVX_END || f->last == EVX_E_FILE_SIGNATURE
               || f->last == EVX_E_FILE_SHORT);
    FUZZ_CHECK(f->last != EVX_MORE || in.len == 0);
    if (f->last < 0) {
        FUZZ_CHECK(f->stream.failed == f->last);
        FUZZ_CHECK(evx_stream_next(&f->stream, &in, &w) == f->last);
    }
}

static void finish(feed *f, size_t len)
{
    const evx_file_header *h = &f->stream.header;

    evx_stream_close(&f->stream);
    if (f->last == EVX_MORE)
        give(f, NULL, 0, len);
    FUZZ_CHECK(f->last == EVX_END || f->last < 0);
    if (f->last == EVX_END) {
        uint64_t slots = len <= EVX_FILE_HEADER_SIZE
            ? 0 : (len - EVX_FILE_HEADER_SIZE + EVX_CHUNK_SIZE - 1) / EVX_CHUNK_SIZE;
        FUZZ_CHECK(f->windows == slots);
        f->digest = fuzz_mix(f->digest, h->first_chunk ^ h->last_chunk ^ h->next_record);
        f->digest = fuzz_mix(f->digest, (uint64_t)h->flags << 32 | h->damage);
        f->digest = fuzz_mix(f->digest, (uint64_t)h->major << 32 | (uint64_t)h->minor << 16
                                        | h->chunk_count);
    }
    f->digest = fuzz_mix(f->digest, (uint64_t)f->last);
    f->digest = fuzz_mix(f->digest, f->ledger.lost ^ f->ledger.lost_bytes << 20);
    check_ledger(f);
}

static void compare(const feed *a, const feed *whole)
{
    FUZZ_CHECK(a->last == whole->last && a->windows == whole->windows);
    FUZZ_CHECK(a->records == whole->records && a->digest == whole->digest);
}

/* A snapshot is an assignment, and a copy of the window's bytes that are in use. */
static void check_fork(const evx_stream *s, const uint8_t *piece, size_t n)
{
    static uint8_t kept[EVX_CHUNK_SIZE];
    evx_stream one = *s, fork = *s;
    evx_bytes a = { piece, n }, b = { piece, n };
    evx_window v = { NULL, 0, 0 }, w = { NULL, 0, 0 };
    evx_status st;

    memcpy(kept, window, sizeof kept);
    st = evx_stream_next(&one, &a, &v);
    memcpy(window, kept, sizeof kept);
    FUZZ_CHECK(evx_stream_next(&fork, &b, &w) == st);
    FUZZ_CHECK(a.len == b.len && one.file_off == fork.file_off && v.base == w.base
               && v.len == w.len && v.file_off == w.file_off);
    memcpy(window, kept, sizeof kept);
}

/* Pieces of a random size below `most`, each in memory that is gone when the next one comes. */
static void feed_pieces(fuzz_dice *d, const uint8_t *data, size_t len, uint32_t most,
                        const feed *whole)
{
    static feed f;
    size_t at = 0;

    begin(&f, window, d);
    while (at < len && f.last == EVX_MORE) {
        size_t n = 1 + fuzz_pick(d, most);
        uint8_t *piece;
        if (n > len - at)
            n = len - at;
        piece = fuzz_copy(data + at, n);
        if (fuzz_one_in(d, most < 64 ? 4096 : 8))
            check_fork(&f.stream, piece, n);
        give(&f, piece, n, len);
        fuzz_drop(piece, n);
        at += n;
    }
    finish(&f, len);
    compare(&f, whole);
}

static void feed_split(fuzz_dice *d, const uint8_t *data, size_t len, size_t cut,
                       const feed *whole)
{
    static feed f;

    begin(&f, window, d);
    give(&f, data, cut, len);
    if (f.last == EVX_MORE)
        give(&f, data + cut, len - cut, len);
    finish(&f, len);
    compare(&f, whole);
}

/* Cuts around the edges of the header, of slots and of their headers; for short files, all. */
static void feed_cuts(fuzz_dice *d, const uint8_t *data, size_t len, const feed *whole)
{
    static const size_t edges[] = { 0, 8, 128, 4096, 4096 + 8, 4096 + 128, 4096 + 512,
                                    4096 + 65536 };

    if (len <= 512)
        for (size_t cut = 0; cut <= len; cut++)
            feed_split(d, data, len, cut, whole);
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++)
        if (fuzz_one_in(d, 4))
            for (size_t cut = edges[i] ? edges[i] - 1 : 0; cut <= edges[i] + 1; cut++)
                if (cut <= len)
                    feed_split(d, data, len, cut, whole);
}

/* Without a window buffer, a piece that does not hold the whole rest is told apart. */
static void feed_unbuffered(fuzz_dice *d, const uint8_t *data, size_t len, const feed *whole)
{
    evx_stream s;
    evx_bytes in = { data, len };
    evx_window w;
    evx_status st;
    size_t cut = EVX_FILE_HEADER_SIZE + fuzz_pick(d, EVX_CHUNK_SIZE);

    if (cut >= len || whole->last < 0)
        return;
    in.len = cut;
    FUZZ_CHECK(evx_stream_init(&s, sizeof s, NULL) == EVX_OK);
    st = evx_stream_next(&s, &in, &w);
    FUZZ_CHECK(st == EVX_E_SPACE || st == EVX_MORE || st == EVX_OK);
    FUZZ_CHECK(st != EVX_OK || w.len == EVX_CHUNK_SIZE);
}

uint64_t fuzz_one(fuzz_dice *d, const uint8_t *data, size_t len)
{
    static feed whole;

    begin(&whole, NULL, d);
    evx_stream_close(&whole.stream);         /* all of it is here, and no buffer is needed */
    give(&whole, data, len, len);
    finish(&whole, len);
    fuzz_stats.records += whole.records;
    fuzz_stats.tokens += whole.records;

    feed_pieces(d, data, len, 1 + fuzz_pick(d, 100000), &whole);
    if (len <= 512 || (len <= 16384 && fuzz_one_in(d, 8)) || fuzz_one_in(d, 64))
        feed_pieces(d, data, len, 1, &whole);
    feed_cuts(d, data, len, &whole);
    feed_unbuffered(d, data, len, &whole);
    return whole.digest;
}
