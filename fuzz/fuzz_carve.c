/* fuzz/fuzz_carve.c - any bytes -> what looks like a record, a chunk, a legacy record */
#include "fuzz.h"

#include "evx/evt.h"

/*
 * Promises: what is found lies in the bytes, looks as the header says, comes forward only, and all
 * of it is found: a search at each place by itself finds the same. Where in the window the bytes
 * stand does not matter. A record that was carved reads as the same record in its chunk does.
 */
static evx_walk walk;
static evx_slot slots[EVX_SLOTS_WORST];

static uint32_t get32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* evx/chunk.h in plain words: signature, sane size, its equal copy, the beginning of binary XML. */
static bool looks(const uint8_t *p, size_t left)
{
    uint32_t size;

    if (left < 32 || memcmp(p, "**\0\0", 4) != 0)
        return false;
    size = get32(p + 4);
    if (size < 32 || size % 8 != 0 || size > EVX_CHUNK_SIZE - 512 || size > left)
        return false;
    return get32(p + size - 4) == size
        && (memcmp(p + 24, "\x0f\1\1", 3) == 0 || p[24] == 0x0c || p[24] == 0x01 || p[24] == 0x41);
}

static uint64_t carve_records(const uint8_t *data, size_t len, uint32_t step)
{
    evx_window w = { data, (uint32_t)len, 77 };
    uint32_t pos = 0, at = 0;
    uint64_t digest = step;
    evx_record r;
    evx_status st;

    while ((st = evx_carve_record(&w, &pos, step, &r)) == EVX_OK) {
        for (; at < r.off; at += step)
            FUZZ_CHECK(!looks(data + at, len - at));
        FUZZ_CHECK(at == r.off && looks(data + at, len - at) && r.origin == EVX_ORIGIN_CARVED);
        FUZZ_CHECK(r.size == get32(data + at + 4) && pos == r.off + r.size);
        digest = fuzz_mix(digest, r.off ^ (uint64_t)r.size << 32 ^ r.id);
        fuzz_stats.tokens++;
        fuzz_stats.records++;
        at = pos = step == 1 && (r.off & 16) ? r.off + step : pos;
    }
    FUZZ_CHECK(st == EVX_END && pos == len);
    for (; at < len; at += step)
        FUZZ_CHECK(!looks(data + at, len - at));
    return digest;
}

/* As a chunk's record and as a carved one, with the chunk around it: the same tokens. */
static uint64_t tokens_of(const evx_chunk *c, const evx_record *r)
{
    evx_token t;
    evx_status st;
    uint64_t digest = 0;

    FUZZ_CHECK(evx_walk_begin(&walk, c, r) == EVX_OK);
    while ((st = evx_walk_next(&walk, &t)) == EVX_OK)
        digest = fuzz_mix(digest, t.off ^ (uint64_t)t.kind << 32 ^ (uint64_t)t.value.raw.len << 40);
    FUZZ_CHECK(st == EVX_END || fuzz_is_walk_status(st));
    return fuzz_mix(digest, (uint64_t)st);
}

static uint64_t read_in_place(const evx_chunk *c)
{
    evx_window w = { c->base, c->len, c->file_off };
    evx_records it;
    evx_record r, carved;
    evx_status st;
    uint64_t digest = FUZZ_HASH_BEGIN, same;
    uint32_t at;

    evx_records_begin(&it, c);
    while ((st = fuzz_record(&it, &r)) != EVX_END) {
        at = r.off;
        if (st != EVX_OK || !looks(c->base + r.off, c->len - r.off) || r.damage != 0)
            continue;
        FUZZ_CHECK(evx_carve_record(&w, &at, 1, &carved) == EVX_OK && carved.off == r.off);
        FUZZ_CHECK(carved.size == r.size && carved.id == r.id && carved.written == r.written);
        same = tokens_of(c, &r);
        FUZZ_CHECK(tokens_of(c, &carved) == same);
        st = evx_record_proves(&walk, c, &carved);
        FUZZ_CHECK(st == EVX_OK || fuzz_is_walk_status(st));
        digest = fuzz_mix(digest, same ^ (uint64_t)st);
    }
    return digest;
}

static uint64_t carve_chunks(const uint8_t *data, size_t len)
{
    evx_window w = { data, (uint32_t)len, 77 };
    uint32_t pos = 0, before = 0, seen = 0;
    uint64_t digest = FUZZ_HASH_BEGIN;
    evx_chunk c;
    evx_status st;

    while ((st = evx_carve_chunk(&w, &pos, &c)) == EVX_OK) {
        FUZZ_CHECK(pos >= before && pos <= len && c.base == data + pos && c.len <= len - pos);
        FUZZ_CHECK(c.len >= 512 && c.len <= EVX_CHUNK_SIZE && c.file_off == 77 + (uint64_t)pos);
        FUZZ_CHECK(memcmp(c.base, "ElfChnk", 8) == 0);
        FUZZ_CHECK(((c.damage & EVX_CHUNK_CUT) != 0) == (c.len < EVX_CHUNK_SIZE));
        digest = fuzz_mix(digest, pos ^ (uint64_t)c.len << 32);
        if (seen++ < 4)
            digest = fuzz_mix(digest, read_in_place(&c));
        pos += c.len;
        before = pos;
    }
    FUZZ_CHECK(st == EVX_END && pos == len);
    return digest;
}

/* The same bytes one further on: the same finds, one further on. */
static void check_shifted(const uint8_t *data, size_t len)
{
    static uint8_t moved[EVX_CHUNK_SIZE + 1];
    evx_window a = { data, (uint32_t)len, 0 }, b = { moved, (uint32_t)len + 1, 0 };
    uint32_t p = 0, q = 0;
    evx_record r, s;
    evx_status st;

    memcpy(moved + 1, data, len);
    moved[0] = 0;
    do {
        st = evx_carve_record(&a, &p, 1, &r);
        FUZZ_CHECK(evx_carve_record(&b, &q, 1, &s) == st);
        FUZZ_CHECK(st != EVX_OK || (s.off == r.off + 1 && s.size == r.size && s.id == r.id));
    } while (st == EVX_OK);
}

static uint64_t carve_legacy(const uint8_t *data, size_t len)
{
    evx_bytes blob = { data, len };
    evx_evt_record r;
    size_t pos = 0, before = 0;
    uint64_t digest = FUZZ_HASH_BEGIN;

    while (evx_evt_carve_next(blob, &pos, &r) == EVX_OK) {
        FUZZ_CHECK(r.file_off >= before && pos == r.file_off + r.len && pos <= len);
        FUZZ_CHECK(r.len >= 56 && memcmp(data + r.file_off + 4, "LfLe", 4) == 0);
        before = pos;
        digest = fuzz_mix(digest, r.file_off ^ r.len << 32);
        fuzz_stats.tokens++;
    }
    FUZZ_CHECK(pos == len);
    return digest;
}

uint64_t fuzz_one(fuzz_dice *d, const uint8_t *data, size_t len)
{
    uint64_t digest;

    FUZZ_CHECK(evx_walk_init(&walk, sizeof walk, slots, EVX_SLOTS_WORST, NULL) == EVX_OK);
    digest = carve_records(data, len, fuzz_one_in(d, 3) ? 8 : 1);
    digest = fuzz_mix(digest, carve_chunks(data, len));
    digest = fuzz_mix(digest, carve_legacy(data, len));
    check_shifted(data, len);
    return digest;
}
