/* src/cli/pool.h - chunks are worked on ahead, by threads; what comes of them is taken in order */
#ifndef EVX_CLI_POOL_H
#define EVX_CLI_POOL_H

#include "evx.h"

/*
 * One thread reads slots into the pool, a few at a time, and takes them out in the same order; in
 * between, it or one of the others has worked on each. Nothing is shared but a job's slots and
 * their results, which belong to one thread at a time. A pool serves a whole run.
 */
enum { CLI_POOL_SLOTS = 4 };         /* of one job: what a thread does must outweigh waking it  */

typedef struct cli_work {
    void *(*begin)(void *user);      /* what one thread keeps; NULL: no memory                 */
    void (*end)(void *own);
    void (*chunk)(void *own, const evx_window *w, void *result);
    void *user;
    size_t result_size;              /* bytes; reserved, and touched only as far as used       */
} cli_work;

typedef struct cli_pool cli_pool;

/* For `threads` threads, of which the caller's is one. NULL when there is no memory, or no thread
 * can be made: then all goes without. */
cli_pool *cli_pool_begin(const cli_work *work, unsigned threads);

/* Where the next job can be read to, CLI_POOL_SLOTS slots; NULL: take one out first. */
uint8_t *cli_pool_room(cli_pool *p);

/* So many slots of it were read, whole; the first one stands at `file_off`. */
void cli_pool_put(cli_pool *p, uint64_t file_off, size_t slots);

/* The next slot that is in, once it was worked on; NULL: none is. It stays until the next one. */
const uint8_t *cli_pool_take(cli_pool *p, void **result);

/* Nothing of what is in is wanted any more. */
void cli_pool_clear(cli_pool *p);

void cli_pool_end(cli_pool *p);

#endif
