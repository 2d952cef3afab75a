/* fuzz/ways.h - the slow way to write a record, and beside it all fast ones */
#ifndef EVX_FUZZ_WAYS_H
#define EVX_FUZZ_WAYS_H

#include "fuzz.h"

/*
 * The slow way is the walk with portable kernels into one buffer. The fast ways are programs that
 * were learned from one chunk and meet the next one, wider kernels, pieces through a small buffer,
 * all of it at once, and two that share what they learn. Both formats, both styles, separate
 * attributes, without line breaks; now and then with limits that are in the way.
 */

/* Begin a run: nothing was learned yet. How everything is set is up to the dice. */
void fuzz_ways_begin(fuzz_dice *d);

/* A chunk of a file, `slot` slots behind the first one; the chunk that was opened before it has
 * another number. 1: go on with its records. */
int fuzz_ways_open(const uint8_t *p, size_t len, uint64_t slot, evx_chunk *c);

/* Write its records in every way, until they have taken more than `most` steps of walk and writer:
 * all ways must say the same. Returns a digest of that. */
uint64_t fuzz_ways_write(const evx_chunk *c, uint64_t most);

/* The steps that the last chunk took. */
uint64_t fuzz_ways_steps(void);

#endif
