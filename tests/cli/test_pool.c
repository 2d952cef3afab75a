/* tests/cli/test_pool.c - threads of evx dump: slots in order, whoever works on them */
#include <criterion/criterion.h>
#include <semaphore.h>
#include <string.h>

/* The file itself: a program does not show who has worked on what. */
#include "../../src/cli/pool.c"

enum { SLOTS = 100, SHORT = 17 };

/* The system, as far as the pool asks: a file each of whose slots begins with its number. */
static uint64_t slots_there;
static int last_fd;

size_t cli_read_at(int fd, uint64_t off, uint8_t *to, size_t len, int *error)
{
    uint64_t number = off / EVX_CHUNK_SIZE;

    cr_assert(fd == last_fd, "a file that was done with is read");
    *error = 0;
    if (number >= slots_there)
        return SHORT;
    memcpy(to, &number, sizeof number);
    return len;
}

int cli_processor(void)
{
    return 0;
}

void cli_leave_processor(int maker, unsigned number)
{
    (void)maker;
    (void)number;
}

/* ---- what is worked on ----------------------------------------------------------------------- */

typedef struct worked {
    uint64_t number;
    uint32_t by;                     /* a thread                                               */
} worked;

static uint32_t numbers[8];
static sem_t go_on, stands;
static bool stop_once;

static void *begin_one(void *user, unsigned number)
{
    (void)user;
    numbers[number] = number;
    return &numbers[number];
}

static void end_one(void *own)
{
    (void)own;
}

/* The first slot of the other thread takes until somebody says so. */
static void work_one(void *own, const evx_window *w, void *result)
{
    worked *to = result;

    memcpy(&to->number, w->base, sizeof to->number);
    to->by = *(uint32_t *)own;
    if (to->by == 1 && stop_once) {
        stop_once = false;
        (void)sem_post(&stands);
        (void)sem_wait(&go_on);
    }
}

static const cli_work one = { begin_one, end_one, work_one, NULL, sizeof(worked) };

static void setup(void)
{
    (void)sem_init(&go_on, 0, 0);
    (void)sem_init(&stands, 0, 0);
    slots_there = SLOTS;
    stop_once = false;
}

static uint64_t take_all(cli_pool *p, uint64_t from)
{
    cli_slot slot;
    uint64_t n = from;

    while (cli_pool_take(p, &slot)) {
        worked *w = slot.result;
        uint64_t number;
        if (slot.len != EVX_CHUNK_SIZE)
            return n;
        memcpy(&number, slot.ptr, sizeof number);
        cr_assert(number == n && w->number == n, "%d: %d", (int)n, (int)w->number);
        n++;
    }
    return n;
}

/* ---- tests ----------------------------------------------------------------------------------- */

TestSuite(pool, .init = setup, .timeout = 60);

Test(pool, slots_come_in_order)
{
    cli_pool *p = cli_pool_begin(&one, 4);

    cr_assert(p);
    for (int file = 1; file <= 20; file++) {
        last_fd = file;
        cli_pool_file(p, file, 0, 0, SLOTS);
        cr_assert(take_all(p, 0) == SLOTS);
        cli_pool_clear(p);
    }
    cli_pool_end(p);
}

Test(pool, the_file_ends_early)
{
    cli_pool *p = cli_pool_begin(&one, 3);

    cr_assert(p);
    slots_there = 31;
    cli_pool_file(p, 0, 0, 0, SLOTS);
    cr_assert(take_all(p, 0) == 31);
    cli_pool_clear(p);
    cli_pool_end(p);
}

/* A thread that stands holds up nobody, as long as there is anything else to do; and nobody goes on
 * to another file before it is done with this one. */
Test(pool, a_thread_that_stands_is_overtaken)
{
    cli_pool *p = cli_pool_begin(&one, 2);
    cli_slot slot;
    uint64_t n = 0;

    cr_assert(p);
    stop_once = true;
    cli_pool_file(p, 0, 0, 0, SLOTS);
    (void)sem_wait(&stands);
    while (n < SLOTS / 2 && cli_pool_take(p, &slot)) {
        worked *w = slot.result;
        cr_assert(w->number == n && w->by == 0);
        n++;
    }
    cr_assert(n == SLOTS / 2 && p->late == 1);
    (void)sem_post(&go_on);
    cr_assert(take_all(p, n) == SLOTS);
    cli_pool_clear(p);
    cr_assert(p->late == 0);
    last_fd = 1;
    cli_pool_file(p, 1, 0, 0, SLOTS);
    cr_assert(take_all(p, 0) == SLOTS);
    cli_pool_clear(p);
    cli_pool_end(p);
}
