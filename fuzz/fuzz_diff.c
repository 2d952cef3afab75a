/* fuzz/fuzz_diff.c - chunks, one like the other -> fast ways write what the slow one does */
#include "fuzz.h"

/*
 * The slow way is the walk with portable kernels into one buffer. The fast ways are programs that
 * were learned from one chunk and meet the next one, wider kernels, pieces through a small buffer,
 * all of it at once, and two that share what they learn. Both formats, both styles, separate
 * attributes, without line breaks.
 *
 * The next chunk is the first one with a few bytes changed, so that a program meets a definition
 * that is nearly the one it was learned from. It stands in other memory or in the same, by the
 * dice, as chunks of a file that is read do.
 */
enum { ROOM = 1 << 23, ROUNDS = 4, WRITERS = 7, FIRST_SHARER = 5 };

typedef struct writer {
    const char *name;
    evx_text text;
    evx_text_config config;
    size_t cap;                      /* of the buffer in front of the flush; 0: none          */
    uint8_t *to;
    size_t len;
} writer;

static uint8_t outputs[WRITERS][ROOM];
static uint64_t works[WRITERS][EVX_TEXT_WORK / 8 + 1], arenas[2][1u << 15];
static uint64_t own[2][EVX_SHARER_ARENA / 8], shared[1u << 15];
static evx_programs programs;
static uint8_t chunk_memory[2][EVX_CHUNK_SIZE];
static writer writers[WRITERS] = { { .name = "slow" }, { .name = "learned" }, { .name = "wide" },
                                   { .name = "pieces" }, { .name = "all" }, { .name = "sharer" },
                                   { .name = "other sharer" } };

static evx_status take(void *user, const uint8_t *data, size_t len)
{
    writer *w = user;

    FUZZ_CHECK(len <= ROOM - w->len);
    memcpy(w->to + w->len, data, len);
    w->len += len;
    return EVX_OK;
}

static void share(fuzz_dice *d, const evx_text_config *like, evx_text_config *config, int sharer)
{
    size_t len = fuzz_one_in(d, 2) ? EVX_PROGRAMS_LEAST + fuzz_pick(d, 4096) : sizeof shared;

    if (sharer == 0)
        FUZZ_CHECK(evx_programs_init(&programs, sizeof programs, like, (uint8_t *)shared, len)
                   == EVX_OK);
    config->arena = (uint8_t *)own[sharer];
    config->arena_len = sizeof own[0];
    config->programs = &programs;
    config->sharer = (uint32_t)sharer;
}

static void prepare(fuzz_dice *d)
{
    evx_text_config slow;

    fuzz_choose_text(d, &slow);
    slow.kernels = NULL;
    for (int i = 0; i < WRITERS; i++) {
        writer *w = &writers[i];
        w->config = slow;
        w->config.work = (uint8_t *)works[i];
        w->config.work_len = EVX_TEXT_WORK;
        w->to = outputs[i];
        w->cap = i == 3 || i == 4 ? 1 + fuzz_pick(d, 300) : 0;
        if (i == 2 || i == 4)
            w->config.kernels = fuzz_best();
        if (i == 1 || i == 4) {
            w->config.arena = (uint8_t *)arenas[i / 4];
            w->config.arena_len = fuzz_one_in(d, 8) ? fuzz_pick(d, 8192) : sizeof arenas[0];
        }
        if (i >= FIRST_SHARER)
            share(d, &slow, &w->config, i - FIRST_SHARER);
        fuzz_dirty(d, &w->text, sizeof w->text);
        FUZZ_CHECK(evx_text_init(&w->text, sizeof w->text, &w->config) == EVX_OK);
    }
}

static evx_status write_record(writer *w, const evx_chunk *c, const evx_record *r)
{
    static uint8_t small[512];
    evx_out o;
    evx_status st;

    w->len = 0;
    if (w->cap == 0) {
        evx_out_init(&o, w->to, ROOM, NULL, NULL);
        st = evx_text_record(&w->text, c, r, &o);
        w->len = o.len;
        return st;
    }
    evx_out_init(&o, small, w->cap, take, w);
    st = evx_text_record(&w->text, c, r, &o);
    FUZZ_CHECK(evx_out_flush(&o) == EVX_OK && o.total == w->len);
    return st;
}

/* Compare one way with the slow one; say which it was. */
static void compare(const writer *w, evx_status st, evx_status want)
{
    const writer *law = &writers[0];
    bool same = st == want && w->len == law->len && memcmp(w->to, law->to, law->len) == 0
        && w->text.damage == law->text.damage && w->text.failed == law->text.failed
        && w->text.failed_off == law->text.failed_off
        && w->text.chunk_spent == law->text.chunk_spent
        && w->text.chunk_steps == law->text.chunk_steps
        && w->text.chunk_vain == law->text.chunk_vain;

    if (!same)
        fprintf(stderr, "%s, format %u style %u flags %u: status %d, not %d; %zu bytes, not %zu\n"
                "%.*s\n%.*s\n", w->name, w->config.format, w->config.style, w->config.flags, st,
                want, w->len, law->len, (int)(w->len < 2000 ? w->len : 2000), w->to,
                (int)(law->len < 2000 ? law->len : 2000), law->to);
    FUZZ_CHECK(same);
}

static uint64_t write_chunk(const evx_chunk *c)
{
    evx_records it;
    evx_record r;
    evx_status st, want;
    uint64_t digest = FUZZ_HASH_BEGIN;

    evx_records_begin(&it, c);
    while ((st = fuzz_record(&it, &r)) != EVX_END) {
        if (st != EVX_OK)
            continue;
        want = write_record(&writers[0], c, &r);
        for (int i = 1; i < WRITERS; i++)
            compare(&writers[i], write_record(&writers[i], c, &r), want);
        fuzz_stats.records++;
        fuzz_stats.text += writers[0].len;
        digest = fuzz_hash(digest ^ (uint64_t)want, writers[0].to, writers[0].len);
    }
    return digest;
}

/* A few bytes other than they were, mostly where text, names, types and sizes stand. */
static void change(fuzz_dice *d, uint8_t *p, size_t len)
{
    static const uint8_t words[] = { 0, 1, 2, 4, 5, 6, 8, 0x0d, 0x0e, 0x21, 0x41, 0x61, 0x81 };

    for (uint32_t n = fuzz_pick(d, 4); n > 0 && len > 512; n--) {
        size_t at = 512 + fuzz_pick(d, (uint32_t)len - 512);
        switch (fuzz_pick(d, 4)) {
        case 0: p[at] ^= (uint8_t)(1u << fuzz_pick(d, 8)); break;
        case 1: p[at] = words[fuzz_pick(d, sizeof words)]; break;
        case 2: p[at] = (uint8_t)(p[at] + 1); break;
        default: p[at] = p[512 + fuzz_pick(d, (uint32_t)len - 512)]; break;
        }
    }
}

/* A chunk of the file, `round` slots behind the first one. */
static bool open_slot(uint8_t *p, size_t len, uint64_t round, evx_chunk *c)
{
    evx_window w = { p, (uint32_t)len, EVX_FILE_HEADER_SIZE + round * EVX_CHUNK_SIZE };
    evx_status st = evx_chunk_open(c, &w);

    return st == EVX_OK || st == EVX_E_CHUNK_SIGNATURE;
}

uint64_t fuzz_one(fuzz_dice *d, const uint8_t *data, size_t len)
{
    bool same_place = fuzz_one_in(d, 2);
    uint64_t digest, steps = 0;
    evx_chunk c;

    if (!fuzz_open(data, len, &c))
        return 0;
    prepare(d);
    digest = write_chunk(&c);
    for (uint64_t round = 1; round < ROUNDS; round++) {
        uint8_t *p = chunk_memory[same_place ? 0 : round % 2];
        steps += writers[0].text.chunk_steps;
        if (steps > 1u << 16)
            break;                   /* dear ones are not repeated */
        memcpy(p, data, len);
        if (round > 1)
            change(d, p, len);
        if (open_slot(p, len, round, &c))
            digest = fuzz_mix(digest, write_chunk(&c));
    }
    fuzz_stats.tokens += steps + writers[0].text.chunk_steps;
    return digest;
}
