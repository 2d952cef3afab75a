/* fuzz/common_chunk.c - all that is asked of the records of one chunk but for text and fields */
#include "fuzz.h"

static evx_walk walk;
static evx_slot slots[EVX_SLOTS_WORST];

/* Records inside r: in front of `from` is none of them, each ends where the next one begins. */
static uint64_t read_hidden(const evx_chunk *c, const evx_record *r, uint32_t from)
{
    uint32_t end = r->off + r->size, at = from, n = 0;
    evx_record h;
    evx_status st;
    uint64_t digest = from;

    while ((st = evx_record_hidden(c, r, at, &h)) == EVX_OK) {
        FUZZ_CHECK(h.off >= at && h.off >= r->off + 24 && h.size >= 28);
        FUZZ_CHECK(n++ == 0 || h.off == at);
        FUZZ_CHECK(h.off <= end && h.size <= end - h.off && h.origin == EVX_ORIGIN_HIDDEN);
        FUZZ_CHECK(memcmp(c->base + h.off, "**\0\0", 4) == 0);
        at = h.off + h.size;
        digest = fuzz_mix(digest, h.id ^ (uint64_t)h.damage << 60 ^ h.off);
        if (at == end)
            break;
    }
    FUZZ_CHECK(st == EVX_OK || (st == EVX_END && n == 0));
    return digest;
}

static uint64_t walk_all(const evx_chunk *c, const evx_record *r)
{
    evx_token t;
    evx_status st;
    uint64_t digest = FUZZ_HASH_BEGIN;
    uint32_t tokens = 0, end;

    FUZZ_CHECK(evx_walk_begin(&walk, c, r) == EVX_OK);
    do {
        st = evx_walk_next(&walk, &t);
        if (st == EVX_OK) {
            tokens++;
            FUZZ_CHECK(t.off <= c->len && fuzz_inside(c, t.value.raw.ptr, t.value.raw.len));
            digest = fuzz_mix(digest, t.off ^ (uint64_t)t.kind << 32 ^ (uint64_t)t.flags << 40);
        } else if (st < 0) {
            FUZZ_CHECK(fuzz_is_walk_status(st));
            st = evx_walk_salvage(&walk);
        }
    } while (st == EVX_OK);
    FUZZ_CHECK(tokens <= 2 * (4 * r->size + 4096));
    fuzz_stats.tokens += tokens;
    end = evx_walk_end(&walk);
    FUZZ_CHECK(end == 0 || (end > r->off && end <= r->off + r->size));
    digest = fuzz_mix(digest, read_hidden(c, r, 0));
    return fuzz_mix(digest, end != 0 ? read_hidden(c, r, end) : (uint64_t)walk.failed);
}

static uint64_t read_record(const evx_chunk *c, const evx_record *r)
{
    uint64_t digest = walk_all(c, r);
    evx_status st = evx_record_proves(&walk, c, r);

    FUZZ_CHECK(st == EVX_OK || (st < 0 && fuzz_is_walk_status(st)));
    fuzz_stats.records++;
    digest = fuzz_mix(digest, (uint64_t)st ^ r->damage ^ (uint64_t)r->origin << 16);
    return fuzz_mix(digest, r->off ^ (uint64_t)r->size << 24 ^ r->id ^ r->written);
}

/* Behind the chunk's records, what earlier ones left there. */
static uint64_t read_slack(const evx_chunk *c)
{
    evx_window w = { c->base, c->len, c->file_off };
    uint32_t pos = (c->free_off + 7) & ~7u, before = pos;
    uint64_t digest = FUZZ_HASH_BEGIN;
    evx_record r;

    while (pos < c->len && evx_carve_record(&w, &pos, 8, &r) == EVX_OK) {
        FUZZ_CHECK(r.off >= before && r.off % 8 == 0 && r.size >= 32 && r.size % 8 == 0);
        FUZZ_CHECK(r.off <= c->len && r.size <= c->len - r.off && pos == r.off + r.size);
        before = pos;
        digest = fuzz_mix(digest, read_record(c, &r));
    }
    return digest;
}

uint64_t fuzz_read_chunk(const evx_chunk *c)
{
    evx_loss losses[4];
    evx_hint hints[2];
    evx_ledger l;
    evx_records it;
    evx_record r;
    evx_status st;
    uint64_t digest = FUZZ_HASH_BEGIN, lost = 0;

    FUZZ_CHECK(evx_walk_init(&walk, sizeof walk, slots, EVX_SLOTS_WORST, NULL) == EVX_OK);
    evx_ledger_begin(&l, losses, 4);
    l.hints = hints;
    l.hint_cap = 2;
    evx_ledger_chunk(&l, c->damage);
    evx_records_begin(&it, c);
    while ((st = fuzz_record(&it, &r)) != EVX_END) {
        if (st == EVX_OK) {
            digest = fuzz_mix(digest, read_record(c, &r));
            evx_ledger_read(&l, c, &r, r.written, r.damage != 0);
        } else {
            lost += r.size;
            evx_ledger_lose(&l, c->file_off + r.off, r.size, st);
        }
    }
    FUZZ_CHECK(l.records == l.decoded + l.recovered + l.lost && l.lost_bytes == lost);
    FUZZ_CHECK(lost <= EVX_CHUNK_SIZE && l.unexplained <= l.lost_bytes);
    digest = fuzz_mix(digest, l.lost ^ l.lost_bytes << 20 ^ l.hint_count << 40 ^ l.ids_missing);
    return fuzz_mix(digest, read_slack(c));
}
