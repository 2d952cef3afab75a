/* fuzz/fuzz.h - promises, choices from a hash, buffers that end at a cliff */
#ifndef EVX_FUZZ_H
#define EVX_FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evx.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The one entry point of every target; libFuzzer, AFL++ and replay.c call it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Where chunks begin in this target's inputs: 0 for a chunk image, 4,096 for a file. */
extern const size_t fuzz_chunk_at;

#ifdef __cplusplus
}
#endif

/* A promise of the library. Broken, it is a finding like any crash. */
#define FUZZ_CHECK(promise) \
    ((promise) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #promise))

static inline void fuzz_broken(const char *file, int line, const char *promise)
{
    fprintf(stderr, "%s:%d: broken promise: %s\n", file, line, promise);
    fflush(stderr);
    abort();
}

/* ---- choices: every option of a run is a function of the input's bytes ----------------------- */

typedef struct fuzz_dice { uint64_t state; } fuzz_dice;

static inline uint64_t fuzz_hash(uint64_t h, const void *data, size_t len)
{
    const uint8_t *p = data;

    for (size_t i = 0; i < len; i++)
        h = (h ^ p[i]) * 0x100000001b3u;
    return h ^ h >> 29;
}

#define FUZZ_HASH_BEGIN 0xcbf29ce484222325u

static inline uint64_t fuzz_mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 32;
}

static inline uint64_t fuzz_next(fuzz_dice *d)
{
    uint64_t z = d->state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* A number below n. */
static inline uint32_t fuzz_pick(fuzz_dice *d, uint32_t n)
{
    return (uint32_t)((fuzz_next(d) >> 32) * n >> 32);
}

static inline int fuzz_one_in(fuzz_dice *d, uint32_t n)
{
    return fuzz_pick(d, n) == 0;
}

/* ---- memory --------------------------------------------------------------------------------- */

/*
 * A copy of the input whose last byte stands before an unmapped page (or, under AddressSanitizer,
 * before a red zone): one byte too far is a crash in any build. Never NULL. At most two are alive
 * at a time; fuzz_drop frees the last one first.
 */
uint8_t *fuzz_copy(const uint8_t *data, size_t len);
void fuzz_drop(uint8_t *copy, size_t len);

/* What a context holds before its init: some byte everywhere, or nothing at all under MSan. */
void fuzz_dirty(fuzz_dice *d, void *context, size_t size);

/* ---- figures --------------------------------------------------------------------------------- */

/* Printed at exit when FUZZ_STATS is set: executions are no currency, depth is. */
typedef struct fuzz_figures { uint64_t runs, deep, records, tokens, text; } fuzz_figures;
extern fuzz_figures fuzz_stats;
void fuzz_count_run(void);

/* ---- shared by the targets that read chunk images -------------------------------------------- */

/* Is p[0 .. len) inside the chunk? */
static inline int fuzz_inside(const evx_chunk *c, const uint8_t *p, size_t len)
{
    return len == 0 || (p >= c->base && (size_t)(p - c->base) <= c->len
                        && len <= c->len - (size_t)(p - c->base));
}

/* Open the chunk and check what evx_chunk_open promises. 1: go on with its records. */
int fuzz_open(const uint8_t *data, size_t len, evx_chunk *c);

/* evx_records_next with its promises: forward, in bounds, and the end is the end. */
evx_status fuzz_record(evx_records *it, evx_record *r);

/* Promises about one value that hold for any value of any origin. Returns a digest of it. */
uint64_t fuzz_value(const evx_chunk *c, const evx_value *v);

#endif
