/* fuzz/fuzz_wevt.c - a provider's resource, a chunk -> templates, records with other definitions */
#include "fuzz.h"

#include "evx/wevt.h"

/*
 * The first 2,048 bytes are the resource, the rest is the chunk. Promises: templates lie in the
 * bytes, come forward only, and are found from any place in front of them; a graft leaves the
 * chunk as it was, and the record where it was; without a lost definition it reads as before;
 * whatever is put, the walk and the text of the record keep their own promises.
 */
enum { RESOURCE = 2048, KEPT = 16, LOST_MAX = 64 };

static uint8_t memory[EVX_CHUNK_SIZE];
static uint64_t work[EVX_TEXT_WORK / 8 + 1];
static uint8_t text[1 << 20];
static evx_graft graft;
static evx_walk walk;
static evx_slot slots[EVX_SLOTS_WORST];
static evx_wevt_template kept[KEPT];
static size_t kept_count;

static uint32_t id_of(const evx_wevt_template *t)
{
    return (uint32_t)t->guid[0] | (uint32_t)t->guid[1] << 8 | (uint32_t)t->guid[2] << 16
        | (uint32_t)t->guid[3] << 24;
}

static uint64_t find_templates(fuzz_dice *d, evx_bytes blob)
{
    size_t pos = 0, before = 0, again;
    evx_wevt_template t, same;
    evx_status st;
    uint64_t digest = FUZZ_HASH_BEGIN;

    kept_count = 0;
    while ((st = evx_wevt_next(blob, &pos, &t)) == EVX_OK) {
        size_t at = (size_t)(t.body.ptr - blob.ptr) - 40;
        FUZZ_CHECK(t.body.ptr >= blob.ptr + before + 40 && at + 40 + t.body.len <= pos);
        FUZZ_CHECK(pos <= blob.len && t.body.len != 0 && t.kind <= 2);
        FUZZ_CHECK(memcmp(blob.ptr + at, "TEMP", 4) == 0);
        FUZZ_CHECK(memcmp(t.guid, blob.ptr + at + 24, 16) == 0);
        again = before + fuzz_pick(d, (uint32_t)(at - before) + 1);
        FUZZ_CHECK(evx_wevt_next(blob, &again, &same) == EVX_OK && again == pos);
        FUZZ_CHECK(same.body.ptr == t.body.ptr && same.body.len == t.body.len
                   && same.values == t.values);
        digest = fuzz_mix(digest, at ^ (uint64_t)t.body.len << 20 ^ (uint64_t)t.values << 40);
        fuzz_stats.tokens++;
        if (kept_count < KEPT)
            kept[kept_count++] = t;
        before = pos;
    }
    FUZZ_CHECK(st == EVX_END && pos == blob.len);
    return digest;
}

static uint64_t tokens_of(const evx_chunk *c, const evx_record *r, evx_status *st)
{
    evx_token t;
    uint64_t digest = 0;

    FUZZ_CHECK(evx_walk_begin(&walk, c, r) == EVX_OK);
    while ((*st = evx_walk_next(&walk, &t)) == EVX_OK) {
        FUZZ_CHECK(fuzz_inside(c, t.value.raw.ptr, t.value.raw.len));
        digest = fuzz_mix(digest, t.off ^ (uint64_t)t.kind << 32 ^ (uint64_t)t.value.raw.len << 40);
    }
    FUZZ_CHECK(*st == EVX_END || fuzz_is_walk_status(*st));
    return fuzz_mix(digest, (uint64_t)*st);
}

/* The template that was asked for; else, mostly, another one that is called so. */
static bool choose(fuzz_dice *d, uint32_t id, evx_wevt_template *t)
{
    for (size_t i = 0; i < kept_count; i++)
        if (id_of(&kept[i]) == id) {
            *t = kept[i];
            return true;
        }
    if (kept_count == 0 || fuzz_one_in(d, 4))
        return false;
    *t = kept[fuzz_pick(d, (uint32_t)kept_count)];
    FUZZ_CHECK(id_of(t) == id || evx_graft_put(&graft, t) == EVX_E_ARG);
    for (int i = 0; i < 4; i++)
        t->guid[i] = (uint8_t)(id >> 8 * i);
    return true;
}

/* Returns how many definitions were tried: a try may use the room, even in vain. */
static uint32_t put_all(fuzz_dice *d, uint64_t *digest)
{
    uint32_t id = 0, values = 0, lost = 0, tried = 0, again;
    evx_wevt_template t;
    evx_status st;

    while ((st = evx_graft_next(&graft, &id, &values)) == EVX_OK) {
        FUZZ_CHECK(++lost <= LOST_MAX);
        *digest = fuzz_mix(*digest, id ^ (uint64_t)values << 32);
        if (!choose(d, id, &t))
            break;
        st = evx_graft_put(&graft, &t);
        FUZZ_CHECK(st == EVX_OK || st == EVX_E_SPACE || st == EVX_E_TOKEN || st == EVX_E_OFFSET
                   || st == EVX_E_VALUE);
        FUZZ_CHECK(st != EVX_OK || evx_graft_put(&graft, &t) == EVX_E_ARG);
        *digest = fuzz_mix(*digest, (uint64_t)st);
        tried++;
        if (st != EVX_OK)
            break;
    }
    again = id;                              /* what was not given is told again */
    FUZZ_CHECK(evx_graft_next(&graft, &id, &values) == (st == EVX_END ? EVX_END : EVX_OK));
    FUZZ_CHECK(again == id);
    return tried;
}

static uint64_t write_text(fuzz_dice *d)
{
    static evx_text t;
    evx_text_config config;
    evx_out o;
    evx_status st;

    fuzz_choose_text(d, &config);
    config.work = (uint8_t *)work;
    config.work_len = sizeof work;
    FUZZ_CHECK(evx_text_init(&t, sizeof t, &config) == EVX_OK);
    evx_out_init(&o, text, sizeof text, NULL, NULL);
    st = evx_text_record(&t, &graft.chunk, &graft.record, &o);
    FUZZ_CHECK(st != EVX_E_BUG && (st == EVX_OK) == (o.len != 0));
    if (st == EVX_OK)
        fuzz_check_text(&config, text, o.len);
    fuzz_stats.text += o.len;
    return fuzz_hash(FUZZ_HASH_BEGIN, text, o.len);
}

static uint64_t graft_record(fuzz_dice *d, const evx_chunk *c, const evx_record *r)
{
    evx_status st = evx_graft_begin(&graft, sizeof graft, memory, c, r);
    uint64_t digest = (uint64_t)st, before;

    FUZZ_CHECK(st == EVX_OK || st == EVX_E_TEMPLATE);
    if (st != EVX_OK)
        return digest;
    fuzz_stats.records++;
    before = tokens_of(c, r, &st);
    if (put_all(d, &digest) == 0 && st == EVX_END)
        FUZZ_CHECK(tokens_of(&graft.chunk, &graft.record, &st) == before);
    FUZZ_CHECK(graft.record.off == r->off && graft.record.size == r->size);
    FUZZ_CHECK(graft.chunk.base == memory && graft.chunk.file_off == c->file_off);
    digest = fuzz_mix(digest, tokens_of(&graft.chunk, &graft.record, &st));
    st = evx_record_proves(&walk, &graft.chunk, &graft.record);
    FUZZ_CHECK(st == EVX_OK || fuzz_is_walk_status(st));
    return fuzz_mix(fuzz_mix(digest, (uint64_t)st), write_text(d));
}

uint64_t fuzz_one(fuzz_dice *d, const uint8_t *data, size_t len)
{
    size_t split = len < RESOURCE ? len : RESOURCE, rest = len - split;
    evx_bytes blob = { data, split };
    uint64_t digest = find_templates(d, blob);
    evx_chunk c;
    evx_records it;
    evx_record r;
    evx_status st;

    fuzz_dirty(d, &graft, sizeof graft);
    fuzz_dirty(d, memory, fuzz_one_in(d, 8) ? sizeof memory : 1024);
    FUZZ_CHECK(evx_walk_init(&walk, sizeof walk, slots, EVX_SLOTS_WORST, NULL) == EVX_OK);
    if (!fuzz_open(data + split, rest < EVX_CHUNK_SIZE ? rest : EVX_CHUNK_SIZE, &c))
        return digest;
    FUZZ_CHECK(evx_graft_begin(&graft, sizeof graft - 1, memory, &c, &r) == EVX_E_ABI);
    evx_records_begin(&it, &c);
    while ((st = fuzz_record(&it, &r)) != EVX_END)
        if (st == EVX_OK)
            digest = fuzz_mix(digest, graft_record(d, &c, &r));
    return digest;
}
