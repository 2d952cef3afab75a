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
    bool done, late;                 /* late: somebody else did it in the meantime            */
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
    set spare;                       /* for the one that the caller does for somebody else     */
    unsigned late;                   /* sets that are still worked on, for nobody              */
    size_t size;
    int fd;
    uint64_t start, off, taken, begun, count;
    set *out;                        /* the one that the caller has                            */
    bool over;
    int maker;                       /* the processor where the threads were made              */
};

/* ---- working -------------------------------------------------------------------------------- */

/* Read a slot, and work on it. The lock is held, and given away in the meantime. */
static void work_on(worker *w, set *s, uint64_t number)
{
    cli_pool *p = w->pool;
    evx_window win = { s->slot, EVX_CHUNK_SIZE, p->off + number * EVX_CHUNK_SIZE };

    s->done = s->late = false;
    (void)pthread_mutex_unlock(&p->lock);
    s->len = cli_read_at(p->fd, p->start + win.file_off, s->slot, EVX_CHUNK_SIZE, &s->error);
    if (s->len == EVX_CHUNK_SIZE)
        p->work.chunk(w->own, &win, s->result);
    (void)pthread_mutex_lock(&p->lock);
    s->done = true;
}

/* The set is free again, for its owner, who may wait for it. */
static void free_set(cli_pool *p, set *s)
{
    worker *w = s->owner;

    if (!w->free && w != p->workers)
        (void)pthread_cond_broadcast(&p->to_do);
    s->next = w->free;
    w->free = s;
}

/* The next slot is this worker's, if there is one, and memory for it. */
static bool work_on_next(worker *w)
{
    cli_pool *p = w->pool;
    uint64_t number = p->begun;
    set *s = w->free;

    if (number == p->count || !s)
        return false;
    w->free = s->next;
    p->ring[p->begun++ % p->size] = s;
    work_on(w, s, number);
    if (s->late) {
        p->late--;
        free_set(p, s);
    }
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

static bool make_set(const cli_pool *p, set *s, worker *owner)
{
    s->owner = owner;
    s->memory = malloc(EVX_CHUNK_SIZE + PAGE);
    s->result = malloc(p->work.result_size);
    if (s->memory)
        s->slot = (uint8_t *)s->memory + (PAGE - (uintptr_t)s->memory % PAGE);
    return s->memory && s->result;
}

static void end_set(const set *s)
{
    free(s->memory);
    free(s->result);
}

static bool make_worker(cli_pool *p, worker *w)
{
    bool made = true;

    w->pool = p;
    for (size_t i = 0; i < SETS; i++) {
        made &= make_set(p, &w->sets[i], w);
        w->sets[i].next = w->free;
        w->free = &w->sets[i];
    }
    return made;
}

static bool make_all(cli_pool *p, unsigned threads)
{
    bool made = make_set(p, &p->spare, NULL);

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

/* What the caller had is free again. The lock is held, here and below. */
static void give_back(cli_pool *p)
{
    if (p->out && p->out != &p->spare)
        free_set(p, p->out);
    p->out = NULL;
}

/*
 * One that somebody else has begun, and does not get on with: on a busy machine a thread may stand
 * for as long as dozens of chunks take. The caller has filled all of its own sets in the meantime,
 * and would stand too. So it does that one as well; who comes second did it for nobody.
 */
static void overtake(cli_pool *p, set *s)
{
    work_on(p->workers, &p->spare, p->taken);
    if (s->done)
        free_set(p, s);
    else {
        s->late = true;
        p->late++;
    }
    p->out = &p->spare;
}

/* The next one that was begun, once it is done: whoever waits for it works on others. */
static void take_begun(cli_pool *p)
{
    set *s = p->ring[p->taken % p->size];

    while (!s->done && work_on_next(p->workers))
        ;
    if (!s->done && p->begun < p->count)
        overtake(p, s);
    else
        p->out = s;
    while (!p->out->done)
        (void)pthread_cond_wait(&p->done, &p->lock);
    p->taken++;
}

/* Nobody works on what nobody waits for. */
static void wait_for_late(cli_pool *p)
{
    while (p->late > 0)
        (void)pthread_cond_wait(&p->done, &p->lock);
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
    wait_for_late(p);
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
    for (size_t i = 0; p->workers && i < p->size; i++)
        end_set(&p->workers[i / SETS].sets[i % SETS]);
    end_set(&p->spare);
    if (p->workers && p->workers[0].own)
        p->work.end(p->workers[0].own);
    free(p->workers);
    free(p->ring);
    (void)pthread_cond_destroy(&p->done);
    (void)pthread_cond_destroy(&p->to_do);
    (void)pthread_mutex_destroy(&p->lock);
    free(p);
}
