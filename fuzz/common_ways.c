/* fuzz/common_ways.c - the slow way to write a record, and beside it all fast ones */
#include "ways.h"

enum { ROOM = 1 << 23, WRITERS = 7, FIRST_SHARER = 5 };

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
static int checked;                  /* what was written whole is well-formed                 */
static int rests;                    /* all of them, between chunks                           */
static writer writers[WRITERS] = { { .name = "slow" }, { .name = "learned" }, { .name = "wide" },
                                   { .name = "pieces" }, { .name = "all" }, { .name = "sharer" },
                                   { .name = "other sharer" } };

/* ---- how everything is set ------------------------------------------------------------------- */

/* Limits that records come near to: who knows what they take must know it to the byte. */
static void choose_limits(fuzz_dice *d, evx_limits *l)
{
    if (fuzz_one_in(d, 2))
        l->record_text = 1 + fuzz_pick(d, 1u << fuzz_pick(d, 16));
    if (fuzz_one_in(d, 2))
        l->chunk_text = 1 + fuzz_pick(d, 1u << fuzz_pick(d, 22));
    if (fuzz_one_in(d, 3))
        l->steps_per_byte = 1 + fuzz_pick(d, 4);
    if (fuzz_one_in(d, 3))
        l->instance_depth = 1 + fuzz_pick(d, 8);
    if (fuzz_one_in(d, 3))
        l->open_elements = 1 + fuzz_pick(d, 16);
    if (fuzz_one_in(d, 3))
        l->name_units = 1 + fuzz_pick(d, 12);
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
    config->kernels = fuzz_kernels(fuzz_pick(d, (uint32_t)fuzz_kernels_count()));
}

static void choose_way(fuzz_dice *d, int i, const evx_text_config *slow)
{
    writer *w = &writers[i];

    w->config = *slow;
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
        share(d, slow, &w->config, i - FIRST_SHARER);
}

void fuzz_ways_begin(fuzz_dice *d)
{
    evx_text_config slow;

    fuzz_choose_text(d, &slow);
    slow.kernels = NULL;
    if (fuzz_one_in(d, 6))
        choose_limits(d, &slow.limits);
    checked = fuzz_one_in(d, 4);
    rests = fuzz_one_in(d, 3);
    for (int i = 0; i < WRITERS; i++) {
        writer *w = &writers[i];
        choose_way(d, i, &slow);
        fuzz_dirty(d, &w->text, sizeof w->text);
        FUZZ_CHECK(evx_text_init(&w->text, sizeof w->text, &w->config) == EVX_OK);
    }
}

int fuzz_ways_open(const uint8_t *p, size_t len, uint64_t slot, evx_chunk *c)
{
    evx_window w = { p, (uint32_t)len, EVX_FILE_HEADER_SIZE + slot * EVX_CHUNK_SIZE };
    evx_status st = evx_chunk_open(c, &w);

    return st == EVX_OK || st == EVX_E_CHUNK_SIGNATURE;
}

/* ---- a record in every way ------------------------------------------------------------------- */

static evx_status take(void *user, const uint8_t *data, size_t len)
{
    writer *w = user;

    FUZZ_CHECK(len <= ROOM - w->len);
    memcpy(w->to + w->len, data, len);
    w->len += len;
    return EVX_OK;
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

uint64_t fuzz_ways_write(const evx_chunk *c, uint64_t most)
{
    const writer *law = &writers[0];
    evx_records it;
    evx_record r;
    evx_status st, want;
    uint64_t digest = FUZZ_HASH_BEGIN, steps = 0;

    for (int i = 0; rests && i < WRITERS; i++)
        evx_text_renew(&writers[i].text);
    evx_records_begin(&it, c);
    while (steps <= most && (st = fuzz_record(&it, &r)) != EVX_END) {
        if (st != EVX_OK)
            continue;
        want = write_record(&writers[0], c, &r);
        for (int i = 1; i < WRITERS; i++)
            compare(&writers[i], write_record(&writers[i], c, &r), want);
        if (checked && want == EVX_OK)
            fuzz_check_text(&law->config, law->to, law->len);
        fuzz_stats.records++;
        fuzz_stats.text += law->len;
        steps = law->text.chunk_steps;
        digest = fuzz_hash(digest ^ (uint64_t)want, law->to, law->len);
    }
    return digest;
}

uint64_t fuzz_ways_steps(void)
{
    return writers[0].text.chunk_steps;
}
