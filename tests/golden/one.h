/* tests/golden/one.h - a log of one line or a few, its first chunk, its records; for all rooms */
#ifndef EVX_GOLDEN_ONE_H
#define EVX_GOLDEN_ONE_H

#include <criterion/criterion.h>

#include "cuts.h"
#include "spec.h"

static spec one_spec;
static mk_bytes one_log;
static evx_chunk one_chunk;
static evx_record one_record;

/* What spec.h describes, in memory; one_chunk and one_record are the first ones. */
static inline void one(const char *description)
{
    one_log = spec_log(&one_spec, description);
    cr_assert(one_log.ptr, "%s", one_spec.file.failed);
    cr_assert(kit_chunk(one_log.ptr, one_log.len, 0, &one_chunk) == EVX_OK);
    cr_assert(kit_record(&one_chunk, 0, &one_record) == EVX_OK);
}

/* The chunk's bytes, to be broken after the log is finished. */
static inline uint8_t *one_bytes(void)
{
    return one_log.ptr + MK_FILE_HEADER;
}

static inline void one_again(void)
{
    (void)kit_chunk(one_log.ptr, one_log.len, 0, &one_chunk);
}

static inline void one_store(uint32_t at, uint64_t v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        one_bytes()[at + i] = (uint8_t)(v >> (8 * i));
}

static inline uint32_t one_load(uint32_t at)
{
    const uint8_t *p = one_bytes() + at;

    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* A pseudo-random sequence: the same one in every run. */
static inline uint64_t one_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

#endif
