/* src/cli/pool.c - chunks are worked on ahead, by threads; what comes of them is taken in order */
#ifndef _WIN32
/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): POSIX asks for it */
#define _POSIX_C_SOURCE 200809L
#endif

#include "pool.h"

#include <pthread.h>
#include <stdlib.h>

enum { THREADS_MAX = 64 };

enum state { WAITING, TAKEN, DONE };

typedef struct job {
    uint8_t *slot;
    void *result;
    uint64_t file_off;
    enum state state;
} job;

/* Jobs are a ring: oldest .. oldest + count - 1 are in, next is the first that nobody works on. */
struct cli_pool {
    cli_work work;
    pthread_mutex_t lock;
    pthread_cond_t to_do, done;
    pthread_t thread[THREADS_MAX];
    unsigned threads;
    job *jobs;
    size_t size, oldest, count, next;
    bool over;
};

/* ---- a thread of it ------------------------------------------------------------------------- */

/* The next job; NULL: there will be none. The lock is held. */
static job *next_job(cli_pool *p)
{
    job *j;

    while (p->next == p->oldest + p->count && !p->over)
        (void)pthread_cond_wait(&p->to_do, &p->lock);
    if (p->next == p->oldest + p->count)
        return NULL;
    j = &p->jobs[p->next++ % p->size];
    j->state = TAKEN;
    return j;
}

static void *work(void *user)
{
    cli_pool *p = user;
    void *own = p->work.begin(p->work.user);
    job *j;

    (void)pthread_mutex_lock(&p->lock);
    while ((j = next_job(p)) != NULL) {
        evx_window w = { j->slot, EVX_CHUNK_SIZE, j->file_off };
        (void)pthread_mutex_unlock(&p->lock);
        p->work.chunk(own, &w, j->result);
        (void)pthread_mutex_lock(&p->lock);
        j->state = DONE;
        (void)pthread_cond_signal(&p->done);
    }
    (void)pthread_mutex_unlock(&p->lock);
    p->work.end(own);
    return NULL;
}

/* ---- the one that reads --------------------------------------------------------------------- */

static bool make_jobs(cli_pool *p)
{
    for (size_t i = 0; i < p->size; i++) {
        p->jobs[i].slot = malloc(EVX_CHUNK_SIZE);
        p->jobs[i].result = malloc(p->work.result_size);
        if (!p->jobs[i].slot || !p->jobs[i].result)
            return false;
    }
    return true;
}

cli_pool *cli_pool_begin(const cli_work *given, unsigned threads)
{
    cli_pool *p = calloc(1, sizeof *p);

    if (!p)
        return NULL;
    threads = threads < THREADS_MAX ? threads : THREADS_MAX;
    p->work = *given;
    p->size = 2 * (size_t)threads + 2;
    p->jobs = calloc(p->size, sizeof *p->jobs);
    (void)pthread_mutex_init(&p->lock, NULL);
    (void)pthread_cond_init(&p->to_do, NULL);
    (void)pthread_cond_init(&p->done, NULL);
    if (p->jobs && make_jobs(p))
        while (p->threads < threads
               && pthread_create(&p->thread[p->threads], NULL, work, p) == 0)
            p->threads++;
    if (p->threads > 0)
        return p;
    cli_pool_end(p);
    return NULL;
}

uint8_t *cli_pool_room(cli_pool *p)
{
    return p->count < p->size ? p->jobs[(p->oldest + p->count) % p->size].slot : NULL;
}

void cli_pool_put(cli_pool *p, uint64_t file_off)
{
    job *j = &p->jobs[(p->oldest + p->count) % p->size];

    (void)pthread_mutex_lock(&p->lock);
    j->file_off = file_off;
    j->state = WAITING;
    p->count++;
    (void)pthread_cond_signal(&p->to_do);
    (void)pthread_mutex_unlock(&p->lock);
}

const uint8_t *cli_pool_take(cli_pool *p, void **result)
{
    job *j = &p->jobs[p->oldest % p->size];

    if (p->count == 0)
        return NULL;
    (void)pthread_mutex_lock(&p->lock);
    while (j->state != DONE)
        (void)pthread_cond_wait(&p->done, &p->lock);
    (void)pthread_mutex_unlock(&p->lock);
    *result = j->result;
    return j->slot;
}

void cli_pool_drop(cli_pool *p)
{
    (void)pthread_mutex_lock(&p->lock);
    p->oldest++;
    p->count--;
    (void)pthread_mutex_unlock(&p->lock);
}

void cli_pool_end(cli_pool *p)
{
    (void)pthread_mutex_lock(&p->lock);
    p->over = true;
    (void)pthread_cond_broadcast(&p->to_do);
    (void)pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i < p->threads; i++)
        (void)pthread_join(p->thread[i], NULL);
    for (size_t i = 0; p->jobs && i < p->size; i++) {
        free(p->jobs[i].slot);
        free(p->jobs[i].result);
    }
    free(p->jobs);
    (void)pthread_cond_destroy(&p->done);
    (void)pthread_cond_destroy(&p->to_do);
    (void)pthread_mutex_destroy(&p->lock);
    free(p);
}
