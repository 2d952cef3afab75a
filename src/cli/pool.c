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
    uint8_t *slots;
    void *results[CLI_POOL_SLOTS];
    size_t count;
    uint64_t file_off;
    enum state state;
} job;

/* Jobs are a ring: oldest .. oldest + count - 1 are in, next is the first that nobody works on. */
struct cli_pool {
    cli_work work;
    pthread_mutex_t lock;
    pthread_cond_t to_do, done;
    pthread_t thread[THREADS_MAX];
    unsigned threads;                /* beside the caller's                                    */
    job *jobs;
    size_t size, oldest, count, next;
    size_t taken;                    /* slots of the oldest job that were handed out           */
    void *own;                       /* the caller's                                           */
    bool over;
};

/* ---- working -------------------------------------------------------------------------------- */

/* The next job, if there is one that nobody works on. The lock is held. */
static job *next_job(cli_pool *p)
{
    job *j = NULL;

    if (p->next < p->oldest + p->count) {
        j = &p->jobs[p->next++ % p->size];
        j->state = TAKEN;
    }
    return j;
}

/* The lock is held, and given away meanwhile. */
static void work_on(cli_pool *p, void *own, job *j)
{
    (void)pthread_mutex_unlock(&p->lock);
    for (size_t i = 0; i < j->count; i++) {
        evx_window w = { j->slots + i * EVX_CHUNK_SIZE, EVX_CHUNK_SIZE,
                         j->file_off + i * EVX_CHUNK_SIZE };
        p->work.chunk(own, &w, j->results[i]);
    }
    (void)pthread_mutex_lock(&p->lock);
    j->state = DONE;
    (void)pthread_cond_signal(&p->done);
}

static void *work(void *user)
{
    cli_pool *p = user;
    void *own = p->work.begin(p->work.user);

    (void)pthread_mutex_lock(&p->lock);
    while (!p->over) {
        job *j = next_job(p);
        if (j)
            work_on(p, own, j);
        else
            (void)pthread_cond_wait(&p->to_do, &p->lock);
    }
    (void)pthread_mutex_unlock(&p->lock);
    p->work.end(own);
    return NULL;
}

/* ---- the one that reads --------------------------------------------------------------------- */

static bool make_jobs(cli_pool *p)
{
    bool made = true;

    for (size_t i = 0; i < p->size; i++) {
        p->jobs[i].slots = malloc(CLI_POOL_SLOTS * (size_t)EVX_CHUNK_SIZE);
        made &= p->jobs[i].slots != NULL;
        for (size_t k = 0; k < CLI_POOL_SLOTS; k++) {
            p->jobs[i].results[k] = malloc(p->work.result_size);
            made &= p->jobs[i].results[k] != NULL;
        }
    }
    return made;
}

cli_pool *cli_pool_begin(const cli_work *given, unsigned threads)
{
    cli_pool *p = calloc(1, sizeof *p);

    if (!p)
        return NULL;
    threads = threads < THREADS_MAX ? threads : THREADS_MAX;
    p->work = *given;
    p->size = 4 * (size_t)threads;
    p->jobs = calloc(p->size, sizeof *p->jobs);
    (void)pthread_mutex_init(&p->lock, NULL);
    (void)pthread_cond_init(&p->to_do, NULL);
    (void)pthread_cond_init(&p->done, NULL);
    p->own = p->work.begin(p->work.user);
    if (p->jobs && make_jobs(p) && p->own)
        while (p->threads + 1 < threads
               && pthread_create(&p->thread[p->threads], NULL, work, p) == 0)
            p->threads++;
    if (p->threads > 0)
        return p;
    cli_pool_end(p);
    return NULL;
}

uint8_t *cli_pool_room(cli_pool *p)
{
    return p->count < p->size ? p->jobs[(p->oldest + p->count) % p->size].slots : NULL;
}

void cli_pool_put(cli_pool *p, uint64_t file_off, size_t slots)
{
    job *j = &p->jobs[(p->oldest + p->count) % p->size];

    (void)pthread_mutex_lock(&p->lock);
    j->file_off = file_off;
    j->count = slots;
    j->state = WAITING;
    p->count++;
    (void)pthread_cond_signal(&p->to_do);
    (void)pthread_mutex_unlock(&p->lock);
}

/* The oldest job is to be done: whoever waits for it works on what nobody has begun. */
static void await(cli_pool *p, const job *oldest)
{
    (void)pthread_mutex_lock(&p->lock);
    while (oldest->state != DONE) {
        job *j = next_job(p);
        if (j)
            work_on(p, p->own, j);
        else
            (void)pthread_cond_wait(&p->done, &p->lock);
    }
    (void)pthread_mutex_unlock(&p->lock);
}

static void drop(cli_pool *p)
{
    (void)pthread_mutex_lock(&p->lock);
    p->oldest++;
    p->count--;
    p->taken = 0;
    (void)pthread_mutex_unlock(&p->lock);
}

const uint8_t *cli_pool_take(cli_pool *p, void **result)
{
    job *j = &p->jobs[p->oldest % p->size];

    if (p->count > 0 && p->taken == j->count) {
        drop(p);
        j = &p->jobs[p->oldest % p->size];
    }
    if (p->count == 0)
        return NULL;
    if (p->taken == 0)
        await(p, j);
    *result = j->results[p->taken];
    return j->slots + p->taken++ * EVX_CHUNK_SIZE;
}

void cli_pool_clear(cli_pool *p)
{
    while (p->count > 0) {
        await(p, &p->jobs[p->oldest % p->size]);
        drop(p);
    }
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
        free(p->jobs[i].slots);
        for (size_t k = 0; k < CLI_POOL_SLOTS; k++)
            free(p->jobs[i].results[k]);
    }
    free(p->jobs);
    if (p->own)
        p->work.end(p->own);
    (void)pthread_cond_destroy(&p->done);
    (void)pthread_cond_destroy(&p->to_do);
    (void)pthread_mutex_destroy(&p->lock);
    free(p);
}
