/* src/cli/pool.c - chunks are read and worked on ahead, by threads; taken in order */
#ifndef _WIN32
/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): POSIX asks for it */
#define _POSIX_C_SOURCE 200809L
#endif

#include "pool.h"
#include "system.h"

#include <pthread.h>
#include <stdlib.h>

/* SETS of a thread: one that it fills, and some that wait for their turn. */
enum { THREADS_MAX = 64, SETS = 8 };

/* Some processors copy four times as long to where no page, or no 32 bytes, begin. */
enum { PAGE = 4096 };

/* Memory for one slot and what comes of it; one of a thread's, again and again. */
typedef struct set {
    struct set *next;                /* free ones: the last one that was used is used first    */
    struct worker *owner;
    void *memory;
    uint8_t *slot;                   /* in it                                                  */
    void *result;
    size_t len;
    int error;
    bool done;
} set;

typedef struct worker {
    struct cli_pool *pool;
    pthread_t thread;
    void *own;                       /* of the work                                            */
    set *free, sets[SETS];
} worker;

/* Slots count from the file's first one: those before `taken` are through, those before `begun` are
 * read and worked on, or were. */
struct cli_pool {
    cli_work work;
    pthread_mutex_t lock;
    pthread_cond_t to_do, done;
    worker *workers;                 /* the first one is the caller                            */
    unsigned threads;                /* that run, beside the caller's                          */
    set **ring;                      /* of those that are begun, by their number               */
    size_t size;
    int fd;
    uint64_t start, off, taken, begun, count;
    set *out;                        /* the one that the caller has                            */
    bool over;
    int maker;                       /* the processor where the threads were made              */
};

/* ---- working -------------------------------------------------------------------------------- */

/* The next slot is this worker's, if there is one, and memory for it. The lock is held, and given
 * away while it works. */
static bool work_on_next(worker *w)
{
    cli_pool *p = w->pool;
    uint64_t number = p->begun;
    evx_window win;
    set *s = w->free;

    if (number == p->count || !s)
        return false;
    w->free = s->next;
    s->done = false;
    p->ring[p->begun++ % p->size] = s;
    win = (evx_window){ s->slot, EVX_CHUNK_SIZE, p->off + number * EVX_CHUNK_SIZE };
    (void)pthread_mutex_unlock(&p->lock);
    s->len = cli_read_at(p->fd, p->start + win.file_off, s->slot, EVX_CHUNK_SIZE, &s->error);
    if (s->len == EVX_CHUNK_SIZE)
        p->work.chunk(w->own, &win, s->result);
    (void)pthread_mutex_lock(&p->lock);
    s->done = true;
    (void)pthread_cond_signal(&p->done);
    return true;
}

static void *work(void *user)
{
    worker *w = user;
    cli_pool *p = w->pool;
    unsigned number = (unsigned)(w - p->workers);

    cli_leave_processor(p->maker, number - 1);
    w->own = p->work.begin(p->work.user, number);
    (void)pthread_mutex_lock(&p->lock);
    while (!p->over)
        if (!work_on_next(w))
            (void)pthread_cond_wait(&p->to_do, &p->lock);
    (void)pthread_mutex_unlock(&p->lock);
    p->work.end(w->own);
    return NULL;
}

/* ---- the one that takes --------------------------------------------------------------------- */

static bool make_worker(cli_pool *p, worker *w)
{
    bool made = true;

    w->pool = p;
    for (size_t i = 0; i < SETS; i++) {
        set *s = &w->sets[i];
        s->owner = w;
        s->memory = malloc(EVX_CHUNK_SIZE + PAGE);
        s->result = malloc(p->work.result_size);
        made &= s->memory != NULL && s->result != NULL;
        if (s->memory)
            s->slot = (uint8_t *)s->memory + (PAGE - (uintptr_t)s->memory % PAGE);
        s->next = w->free;
        w->free = s;
    }
    return made;
}

static bool make_all(cli_pool *p, unsigned threads)
{
    bool made = true;

    p->size = threads * (size_t)SETS;
    p->workers = calloc(threads, sizeof *p->workers);
    p->ring = calloc(p->size, sizeof(set *));
    for (unsigned i = 0; p->workers && i < threads; i++)
        made &= make_worker(p, &p->workers[i]);
    if (p->workers)
        p->workers[0].own = p->work.begin(p->work.user, 0);
    return made && p->ring && p->workers && p->workers[0].own;
}

cli_pool *cli_pool_begin(const cli_work *given, unsigned threads)
{
    cli_pool *p = calloc(1, sizeof *p);

    if (!p)
        return NULL;
    threads = threads < THREADS_MAX ? threads : THREADS_MAX;
    p->work = *given;
    (void)pthread_mutex_init(&p->lock, NULL);
    (void)pthread_cond_init(&p->to_do, NULL);
    (void)pthread_cond_init(&p->done, NULL);
    p->maker = cli_processor();
    if (make_all(p, threads))
        while (p->threads + 1 < threads
               && pthread_create(&p->workers[p->threads + 1].thread, NULL, work,
                                 &p->workers[p->threads + 1]) == 0)
            p->threads++;
    if (p->threads > 0)
        return p;
    cli_pool_end(p);
    return NULL;
}

void cli_pool_file(cli_pool *p, int fd, uint64_t start, uint64_t off, uint64_t count)
{
    (void)pthread_mutex_lock(&p->lock);
    p->fd = fd;
    p->start = start;
    p->off = off;
    p->taken = p->begun = 0;
    p->count = count;
    (void)pthread_cond_broadcast(&p->to_do);
    (void)pthread_mutex_unlock(&p->lock);
}

/* What the caller had is free again, for its owner, who may wait for it. The lock is held. */
static void give_back(cli_pool *p)
{
    worker *w;

    if (!p->out)
        return;
    w = p->out->owner;
    if (!w->free && w != p->workers)
        (void)pthread_cond_broadcast(&p->to_do);
    p->out->next = w->free;
    w->free = p->out;
    p->out = NULL;
}

/* The next one that was begun, once it is done: whoever waits for it works on others. The lock
 * is held. */
static void take_begun(cli_pool *p)
{
    set *s = p->ring[p->taken % p->size];

    while (!s->done)
        if (!work_on_next(p->workers))
            (void)pthread_cond_wait(&p->done, &p->lock);
    p->taken++;
    p->out = s;
}

bool cli_pool_take(cli_pool *p, cli_slot *to)
{
    (void)pthread_mutex_lock(&p->lock);
    give_back(p);
    if (p->taken == p->begun)
        (void)work_on_next(p->workers);
    if (p->taken < p->begun)
        take_begun(p);
    (void)pthread_mutex_unlock(&p->lock);
    if (p->out)
        *to = (cli_slot){ p->out->slot, p->out->len, p->out->error, p->out->result };
    return p->out != NULL;
}

void cli_pool_clear(cli_pool *p)
{
    (void)pthread_mutex_lock(&p->lock);
    p->count = p->begun;
    give_back(p);
    while (p->taken < p->begun) {
        take_begun(p);
        give_back(p);
    }
    (void)pthread_mutex_unlock(&p->lock);
}

void cli_pool_end(cli_pool *p)
{
    (void)pthread_mutex_lock(&p->lock);
    p->over = true;
    (void)pthread_cond_broadcast(&p->to_do);
    (void)pthread_mutex_unlock(&p->lock);
    for (unsigned i = 1; i <= p->threads; i++)
        (void)pthread_join(p->workers[i].thread, NULL);
    for (size_t i = 0; p->workers && i < p->size; i++) {
        free(p->workers[i / SETS].sets[i % SETS].memory);
        free(p->workers[i / SETS].sets[i % SETS].result);
    }
    if (p->workers && p->workers[0].own)
        p->work.end(p->workers[0].own);
    free(p->workers);
    free(p->ring);
    (void)pthread_cond_destroy(&p->done);
    (void)pthread_cond_destroy(&p->to_do);
    (void)pthread_mutex_destroy(&p->lock);
    free(p);
}
