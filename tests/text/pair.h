/* tests/text/pair.h - two renderers, with an arena and without: they must agree in everything */
#ifndef EVX_TEXT_PAIR_H
#define EVX_TEXT_PAIR_H

#include "../golden/one.h"
#include "cliff.h"
#include "text/program.h"

typedef struct pair_mode { uint32_t format, flags, style; } pair_mode;

static const pair_mode pair_modes[] = {
    { EVX_XML, 0, 0 }, { EVX_XML, EVX_TEXT_COMPACT, 0 }, { EVX_XML, EVX_TEXT_DECLARATION, 0 },
    { EVX_JSON, 0, 0 }, { EVX_JSON, EVX_TEXT_SEPARATE, 0 }, { EVX_XML, 0, EVX_STYLE_WINDOWS },
    { EVX_JSON, 0, EVX_STYLE_WINDOWS }
};
enum { PAIR_MODES = sizeof pair_modes / sizeof pair_modes[0], PAIR_ARENA = 1 << 20 };

static evx_text pair_fast, pair_slow;
static uint64_t pair_work[2][(EVX_TEXT_WORK + 7) / 8], pair_arena[PAIR_ARENA / 8];
static uint8_t pair_a[1 << 22], pair_b[1 << 22];

static inline void pair_begin(pair_mode mode, const evx_limits *limits, size_t arena)
{
    evx_text_config config;

    memset(&config, 0, sizeof config);
    config.format = mode.format;
    config.flags = mode.flags;
    config.style = mode.style;
    if (limits)
        config.limits = *limits;
    config.work = (uint8_t *)pair_work[0];
    config.work_len = sizeof pair_work[0];
    cr_assert(evx_text_init(&pair_slow, sizeof pair_slow, &config) == EVX_OK);
    config.work = (uint8_t *)pair_work[1];
    config.arena = (uint8_t *)pair_arena;
    config.arena_len = arena;
    cr_assert(evx_text_init(&pair_fast, sizeof pair_fast, &config) == EVX_OK);
}

/* Records written by programs so far. */
static inline uint32_t pair_hits(void)
{
    const evxi_store *s = pair_fast.store;

    return s ? s->hits : 0;
}

/* The same status, bytes and damage. Returns the status. */
static inline evx_status pair_record(const evx_chunk *c, const evx_record *r)
{
    evx_out a, b;
    evx_status st;

    evx_out_init(&a, pair_a, sizeof pair_a, NULL, NULL);
    evx_out_init(&b, pair_b, sizeof pair_b, NULL, NULL);
    st = evx_text_record(&pair_slow, c, r, &a);
    cr_assert_eq(evx_text_record(&pair_fast, c, r, &b), st);
    cr_assert(a.len == b.len && memcmp(pair_a, pair_b, a.len) == 0, "%.*s\nis not\n%.*s",
              (int)b.len, (char *)pair_b, (int)a.len, (char *)pair_a);
    cr_assert(a.total == b.total && pair_slow.damage == pair_fast.damage
              && pair_slow.failed == pair_fast.failed
              && pair_slow.failed_off == pair_fast.failed_off
              && pair_slow.chunk_spent == pair_fast.chunk_spent
              && pair_slow.chunk_steps == pair_fast.chunk_steps
              && pair_slow.chunk_vain == pair_fast.chunk_vain);
    return st;
}

/* All records of a chunk; returns how many were written. */
static inline unsigned pair_chunk(const evx_chunk *c)
{
    evx_records it;
    evx_record r;
    evx_status st;
    unsigned n = 0;

    evx_records_begin(&it, c);
    while ((st = evx_records_next(&it, &r)) != EVX_END)
        if (st == EVX_OK)
            n += pair_record(c, &r) == EVX_OK;
    return n;
}

/* A log as its description says, every chunk of it, by one pair. Returns the hits. */
static inline uint32_t pair_log(const char *description, pair_mode mode)
{
    evx_chunk c;
    size_t i = 0;

    one(description);
    pair_begin(mode, NULL, PAIR_ARENA);
    for (; kit_chunk(one_log.ptr, one_log.len, i, &c) == EVX_OK; i++)
        (void)pair_chunk(&c);
    return pair_hits();
}

#endif
