/* src/cli/pool.h - chunks are read and worked on ahead, by threads; taken in order */
#ifndef EVX_CLI_POOL_H
#define EVX_CLI_POOL_H

#include "evx.h"

/*
 * One thread takes the slots of a file in order. It or one of the others has read each and worked
 * on it, in memory that this one thread fills again and again: what one processor has written and
 * another one writes next has to travel between their caches, and that takes longer than the copy
 * out of the page cache itself. Where a thread stands, since others have its processor, the one
 * that takes does its slot as well. A pool serves a whole run.
 */
typedef struct cli_work {
    void *(*begin)(void *user, unsigned number);     /* what one thread keeps, of those from 0 on;
                                        NULL: no memory                                        */
    void (*end)(void *own);
    void (*chunk)(void *own, const evx_window *w, void *result);
    void *user;
    size_t result_size;              /* bytes; reserved, and touched only as far as used       */
} cli_work;

/* A slot, as far as it could be read; only one that is whole was worked on. */
typedef struct cli_slot {
    const uint8_t *ptr;
    size_t len;                      /* bytes; fewer: the file ends, or `error`                */
    int error;                       /* 0, or why it was not read on                           */
    void *result;
} cli_slot;

typedef struct cli_pool cli_pool;

/* For `threads` threads, of which the caller's is one. NULL when there is no memory, or no thread
 * can be made: then all goes without. */
cli_pool *cli_pool_begin(const cli_work *work, unsigned threads);

/* The slots to come: `count` of a log, whose first one stands at `off` in it, and the log at
 * `start` in the file. */
void cli_pool_file(cli_pool *p, int fd, uint64_t start, uint64_t off, uint64_t count);

/* The next one, once it was worked on; false: there are no more. It stays until the next call. */
bool cli_pool_take(cli_pool *p, cli_slot *to);

/* None is wanted any more: nobody reads of the file from here on. */
void cli_pool_clear(cli_pool *p);

void cli_pool_end(cli_pool *p);

#endif
