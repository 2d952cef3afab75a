/* src/cli/pool.h - chunks are worked on ahead, by threads; what comes of them is taken in order */
#ifndef EVX_CLI_POOL_H
#define EVX_CLI_POOL_H

#include "evx.h"

/*
 * One thread reads slots into the pool and takes them out again in the same order; in between, one
 * of the others has worked on each. Nothing is shared but the slot and its result, which belong to
 * one thread at a time. A pool serves a whole run.
 */
typedef struct cli_work {
    void *(*begin)(void *user);      /* what one thread keeps; NULL: no memory                 */
    void (*end)(void *own);
    void (*chunk)(void *own, const evx_window *w, void *result);
    void *user;
    size_t result_size;              /* bytes; reserved, and touched only as far as used       */
} cli_work;

typedef struct cli_pool cli_pool;

/* NULL when there is no memory, or no thread can be made: then all goes without. */
cli_pool *cli_pool_begin(const cli_work *work, unsigned threads);

/* Where the next slot can be read to, EVX_CHUNK_SIZE bytes; NULL: take one out first. */
uint8_t *cli_pool_room(cli_pool *p);

/* It was read, whole; it stands at `file_off`. */
void cli_pool_put(cli_pool *p, uint64_t file_off);

/* The oldest that is in, once it was worked on; NULL when none is. It stays until cli_pool_drop. */
const uint8_t *cli_pool_take(cli_pool *p, void **result);

/* The oldest goes out. */
void cli_pool_drop(cli_pool *p);

void cli_pool_end(cli_pool *p);

#endif
