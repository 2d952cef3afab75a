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

/* Where chunks begin in this target's inputs, by fuzz/targets. 0: an input is a chunk, so it is
 * never longer than one. */
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

/*
 * What a target is: one input, in memory of exactly its size, and the dice of its bytes. Returns a
 * digest of all that the library said, which must be the same whenever the input is.
 */
uint64_t fuzz_one(fuzz_dice *d, const uint8_t *data, size_t len);

/* ---- memory --------------------------------------------------------------------------------- */

/*
 * A copy whose last byte stands before an unmapped page (or, under AddressSanitizer, before a red
 * zone): one byte too far is a crash in any build. Never NULL. At most four are alive at a time;
 * fuzz_drop frees the last one first.
 */
uint8_t *fuzz_copy(const uint8_t *data, size_t len);
void fuzz_drop(uint8_t *copy, size_t len);

/* What a context holds before its init: some byte everywhere, or nothing at all under MSan. When
 * an input is read again, it is another byte. */
void fuzz_dirty(fuzz_dice *d, void *context, size_t size);
extern unsigned fuzz_dirt;

/* Begin (1) or end (0) to count allocations. How many there were; 0 where nothing counts them. */
size_t fuzz_watch(int on);

/* ---- figures --------------------------------------------------------------------------------- */

/*
 * Printed at exit when FUZZ_STATS is set, added to the file that FUZZ_FIGURES names: executions are
 * no currency, depth is. A run is deep when it reached what its target takes one by one, its
 * "tokens": those of records, or records (stream, select, carve, evt), templates (wevt), events
 * (vss), bytes (kern), steps of walk and writer (text, diff, alike).
 */
typedef struct fuzz_figures { uint64_t runs, deep, records, tokens, text; } fuzz_figures;
extern fuzz_figures fuzz_stats;
void fuzz_count_run(void);   /* by entry.c, for each input */

/* evx_kernels_at, asked once: the library asks the processor each time, which is slow in a virtual
 * machine. The last one is the best. */
const evx_kernels *fuzz_kernels(size_t i);
size_t fuzz_kernels_count(void);

static inline const evx_kernels *fuzz_best(void)
{
    return fuzz_kernels(fuzz_kernels_count() - 1);
}

/* ---- shared by the targets that read chunk images -------------------------------------------- */

/* Is p[0 .. len) inside the chunk? */
static inline int fuzz_inside(const evx_chunk *c, const uint8_t *p, size_t len)
{
    return len == 0 || (p >= c->base && (size_t)(p - c->base) <= c->len
                        && len <= c->len - (size_t)(p - c->base));
}

/* Open the chunk and check what evx_chunk_open promises. 1: go on with its records. */
int fuzz_open(const uint8_t *data, size_t len, evx_chunk *c);

/* All that is asked of a chunk but for text and fields, with its promises: walks, proofs, hidden
 * records, slack, the ledger. Returns a digest that does not depend on where the chunk stands. */
uint64_t fuzz_read_chunk(const evx_chunk *c);

/* evx_records_next with its promises: forward, in bounds, and the end is the end. */
evx_status fuzz_record(evx_records *it, evx_record *r);

/* Promises about one value that hold for any value of any origin. Returns a digest of it. */
uint64_t fuzz_value(const evx_chunk *c, const evx_value *v);

/* May the walk, and what rests upon it, answer this for damaged bytes or for a limit? */
int fuzz_is_walk_status(evx_status st);

/* CRC-32 bit by bit: written apart from the library's tables and instructions. */
uint32_t fuzz_crc32(uint32_t crc, const uint8_t *p, size_t n);

/* ---- shared by the targets that write text --------------------------------------------------- */

/* What evx_text_record is called with: any of the documented configurations, by the dice. The
 * caller adds limits and an arena. */
void fuzz_choose_text(fuzz_dice *d, evx_text_config *config);

/* Text that was written whole is UTF-8, well-formed, without doubles, of the right shape. */
void fuzz_check_text(const evx_text_config *config, const uint8_t *p, size_t len);

#endif
