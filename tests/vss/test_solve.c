/* tests/vss/test_solve.c - the caller's arrays, contracts, and logs that want to be slow */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

static scenario s;

static evx_status solve_with(size_t sessions, size_t writers)
{
    evx_vss_input in = { s.events, s.event_count, s.losses, s.loss_count, NULL, 4 };

    memset(s.sessions, 0xee, sizeof s.sessions);
    memset(s.writers, 0xee, sizeof s.writers);
    s.out.sessions = s.sessions;
    s.out.session_cap = sessions;
    s.out.writers = s.writers;
    s.out.writer_cap = writers;
    return evx_vss_solve(&in, &s.out);
}

static bool untouched(const void *from, const void *to)
{
    for (const uint8_t *p = from; p < (const uint8_t *)to; p++)
        if (*p != 0xee)
            return false;
    return true;
}

Test(solve, arrays_of_every_size)
{
    scenario_read(&s, "9604 9607b 9616 9604 9604 9607e 9607b 9608 9600 A:9606 B:9607b A:9614 ! "
                      "&1 9606 9606 9616 9648 &2 9600");
    s.event_count = evx_vss_sort(s.events, s.event_count);
    for (size_t sessions = 0; sessions < 16; sessions++)
        for (size_t writers = 0; writers < 7; writers++) {
            evx_status expected = sessions >= 11 && writers >= 5 ? EVX_OK : EVX_E_SPACE;
            cr_expect(solve_with(sessions, writers) == expected, "%zu %zu", sessions, writers);
            cr_expect(s.out.session_count == 11 && s.out.writer_count == 5, "%zu, %zu needed",
                      s.out.session_count, s.out.writer_count);
            cr_expect(untouched(s.sessions + sessions, s.sessions + 2 * SCENARIO_MAX));
            cr_expect(untouched(s.writers + writers, s.writers + SCENARIO_MAX));
        }
}

Test(solve, contract)
{
    evx_vss_event kept;
    evx_vss_input none = { NULL, 0, NULL, 0, NULL, 0 };

    s.out = (evx_vss_result){ NULL, 0, 9, NULL, 0, 9 };
    cr_expect(evx_vss_solve(&none, &s.out) == EVX_OK);
    cr_expect(s.out.session_count == 0 && s.out.writer_count == 0);
    scenario_read(&s, "9604 9606 &3 9616");
    s.event_count = evx_vss_sort(s.events, s.event_count);
    cr_expect(solve_with(8, 8) == EVX_OK);
    kept = s.events[0];
    s.events[0] = s.events[1];
    s.events[1] = kept;
    cr_expect(solve_with(8, 8) == EVX_E_ARG, "not in order");
    s.events[1] = s.events[0];
    s.events[0] = kept;
    cr_expect(solve_with(8, 8) == EVX_OK);
    s.events[1].rank = 2;
    cr_expect(solve_with(8, 8) == EVX_E_ARG, "a rank twice");
    s.events[1].rank = 0xfffffff0u;
    cr_expect(solve_with(8, 8) == EVX_E_ARG, "a rank that is none");
    s.events[1].rank = 1;
    s.events[2].computer = 4;
    cr_expect(solve_with(8, 8) == EVX_E_ARG, "no such computer");
}

Test(solve, writers_and_evidence)
{
    uint64_t seen[4] = { EPOCH + 90 * MINUTE, 0, 0, 0 };
    evx_vss_input in = { s.events, 0, NULL, 0, seen, 4 };

    scenario_read(&s, "9604 9606 9604 9607b 9614i &1 9606 9616");
    in.event_count = s.event_count = evx_vss_sort(s.events, s.event_count);
    s.out = (evx_vss_result){ s.sessions, 16, 0, s.writers, 16, 0 };
    cr_assert(evx_vss_solve(&in, &s.out) == EVX_OK);
    cr_assert(s.out.writer_count == 2 && s.out.session_count == 3);
    cr_expect(s.writers[0].last_seen == seen[0] && s.writers[0].holder == 0);
    cr_expect(s.writers[0].since == EPOCH + 2 * MINUTE);
    cr_expect(s.events[s.writers[0].proof].event_id == 9607);
    cr_expect(s.sessions[0].flags & EVX_VSS_SESSION_HOLDS);
    cr_expect(s.sessions[0].blocks == 1 && s.sessions[1].blocked_by == 0);
    cr_expect(s.events[s.sessions[0].set_event].event_id == 9606);
    cr_expect(s.events[s.sessions[1].error_event].event_id == 9607);
    cr_expect(s.sessions[1].events == 3 && s.sessions[1].first_event == 2);
    cr_expect(s.writers[1].last_seen == EPOCH + 7 * MINUTE && s.writers[1].holder == -1);
    cr_expect(s.writers[1].first_session == 2 && s.writers[1].since == 0);
    cr_expect(s.events[s.sessions[2].reset_event].event_id == 9616);
}

/* ---- logs that want to be slow -------------------------------------------------------------- */

enum { MANY = 100000 };

static evx_vss_event *events;
static evx_vss_result big;

/* Events by number: 0 refused, 1 prepared, 2 restart, 3 complete, 4 begins, 5 freeze failed. */
static void make(uint32_t i, uint32_t kind, uint32_t instance, uint64_t time, uint64_t id)
{
    static const struct {
        uint16_t id;
        uint8_t phase, outcome;
    } kinds[] = {
        { 9607, EVX_VSS_PREPARE, EVX_VSS_BLOCKED }, { 9606, EVX_VSS_PREPARE, EVX_VSS_SUCCEEDED },
        { 9600, EVX_VSS_INITIALIZE, EVX_VSS_SUCCEEDED },
        { 9616, EVX_VSS_COMPLETE, EVX_VSS_SUCCEEDED }, { 9604, EVX_VSS_BEGIN, EVX_VSS_SUCCEEDED },
        { 9611, EVX_VSS_FREEZE, EVX_VSS_FAILED }
    };
    evx_vss_event *e = &events[i];

    memset(e, 0, sizeof *e);
    e->event_id = kinds[kind].id;
    e->phase = kinds[kind].phase;
    e->outcome = kinds[kind].outcome;
    e->time = time;
    e->record_id = id;
    e->flags = EVX_VSS_HAS_TIME | EVX_VSS_HAS_RECORD_ID;
    e->order = i;
    e->file_off = i;
    if (instance > 0) {
        e->flags |= EVX_VSS_HAS_INSTANCE;
        memcpy(e->instance.b, &instance, sizeof instance);
    }
}

static void run(const evx_loss *losses, size_t loss_count)
{
    evx_vss_input in = { events, 0, losses, loss_count, NULL, MANY };

    in.event_count = evx_vss_sort(events, MANY);
    big.session_cap = 2 * MANY;
    big.writer_cap = MANY;
    cr_assert(evx_vss_solve(&in, &big) == EVX_OK);
}

static void set_up(void)
{
    events = calloc(MANY, sizeof *events);
    big.sessions = calloc(2 * MANY, sizeof *big.sessions);
    big.writers = calloc(MANY, sizeof *big.writers);
    cr_assert(events && big.sessions && big.writers);
}

Test(slow, blocks_at_one_time, .timeout = 10)
{
    set_up();
    for (uint32_t i = 0; i < MANY; i++)
        make(i, 0, 0, 5, i);
    run(NULL, 0);
    cr_expect(big.session_count == MANY + 1 && big.writers[0].verdict == EVX_VSS_STUCK);
    cr_expect(big.sessions[0].blocks == MANY);
}

Test(slow, opened_and_never_closed, .timeout = 10)
{
    set_up();
    for (uint32_t i = 0; i < MANY; i++)
        make(i, 1, 0, MANY - i, MANY - i);               /* ids and times backwards             */
    run(NULL, 0);
    cr_expect(big.session_count == MANY);
}

Test(slow, inserted_sessions, .timeout = 10)
{
    set_up();
    for (uint32_t i = 0; i < MANY; i++)                  /* attempts, then a block: all shift   */
        make(i, i % 1000 < 998 ? 4 : i % 1000 == 998 ? 0 : 3, 0, i, i);
    run(NULL, 0);
    cr_expect(big.session_count == MANY / 1000 * 999);
}

Test(slow, instances_and_resets, .timeout = 10)
{
    set_up();
    for (uint32_t i = 0; i < MANY; i++)
        make(i, i % 2 ? 2 : i % 4, i % 2 ? 0 : i % 20000 + 1, i, i);
    run(NULL, 0);
    cr_expect(big.writer_count == 10000);
}

Test(slow, losses, .timeout = 20)
{
    evx_loss *losses = calloc(MANY, sizeof *losses);

    set_up();
    cr_assert(losses != NULL);
    for (uint32_t i = 0; i < MANY; i++) {
        make(i, i % 2 ? 3 : 1, 0, 5, i);
        losses[i] = (evx_loss){ .file_off = i, .before = 5, .after = 5, .computer = 0 };
    }
    run(losses, MANY);
    cr_expect(big.sessions[0].state == EVX_VSS_STATE_UNKNOWN);
    for (uint32_t i = 0; i < MANY; i++) {
        make(i, i % 2 ? 3 : 1, 0, i + 1, i);
        losses[i] = (evx_loss){ .before = i / 4 * 4 + 2, .after = i / 4 * 4 + 3,
                                .computer = EVX_ANY_COMPUTER };
    }
    run(losses, MANY);
    for (uint32_t i = 0; i < MANY / 2; i++)              /* sessions 1-2, 3-4 ...               */
        cr_assert(big.sessions[i].state == EVX_VSS_STATE_COMPLETED);
    free(losses);
}

Test(slow, untimed, .timeout = 10)
{
    set_up();
    for (uint32_t i = 0; i < MANY; i++) {
        make(i, i % 4, i % 7, i, i);
        events[i].flags &= (uint8_t)~EVX_VSS_HAS_TIME;
        events[i].file = i / 50;
    }
    run(NULL, 0);
    cr_expect(big.writer_count == 7);
}

Test(slow, computers, .timeout = 10)
{
    set_up();
    for (uint32_t i = 0; i < MANY; i++) {
        make(i, i % 4, 0, i, i);
        events[i].computer = i * 7919u % MANY;
    }
    run(NULL, 0);
    cr_expect(big.writer_count == MANY);
}
