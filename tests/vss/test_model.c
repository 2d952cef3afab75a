/* tests/vss/test_model.c - random logs: the library and the slow model say the same */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "model.h"

/*
 * EVX_MODEL_RUNS (100,000) random logs from EVX_MODEL_SEED. Each is made of few times, few ids and
 * few files, so that ties, copies, gaps and contradictions are common.
 */

typedef struct log {
    evx_vss_event events[MODEL_EVENTS];
    evx_loss losses[4];
    size_t count, loss_count;
} log;

/* ---- random logs ---------------------------------------------------------------------------- */

static uint64_t state;

static uint32_t below(uint32_t n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)((state >> 32) % n);
}

static bool one_in(uint32_t n)
{
    return below(n) == 0;
}

typedef struct kind {
    uint16_t id;
    uint8_t phase, outcome;
} kind;

/* Frequent ones stand several times. */
static const kind kinds[] = {
    { 9604, EVX_VSS_BEGIN, EVX_VSS_SUCCEEDED }, { 9604, EVX_VSS_BEGIN, EVX_VSS_SUCCEEDED },
    { 9606, EVX_VSS_PREPARE, EVX_VSS_SUCCEEDED }, { 9606, EVX_VSS_PREPARE, EVX_VSS_SUCCEEDED },
    { 9607, EVX_VSS_PREPARE, EVX_VSS_BLOCKED }, { 9607, EVX_VSS_PREPARE, EVX_VSS_BLOCKED },
    { 9607, EVX_VSS_PREPARE, EVX_VSS_FAILED }, { 9840, EVX_VSS_BUSY, EVX_VSS_BLOCKED },
    { 9608, EVX_VSS_PREPARE_SNAPSHOT, EVX_VSS_SUCCEEDED },
    { 9611, EVX_VSS_FREEZE, EVX_VSS_FAILED }, { 9612, EVX_VSS_THAW, EVX_VSS_SUCCEEDED },
    { 9614, EVX_VSS_ABORT, EVX_VSS_SUCCEEDED }, { 9614, EVX_VSS_ABORT, EVX_VSS_IGNORED },
    { 9615, EVX_VSS_ABORT, EVX_VSS_FAILED }, { 9616, EVX_VSS_COMPLETE, EVX_VSS_SUCCEEDED },
    { 9616, EVX_VSS_COMPLETE, EVX_VSS_SUCCEEDED }, { 9617, EVX_VSS_COMPLETE, EVX_VSS_FAILED },
    { 9648, EVX_VSS_SHUTDOWN, EVX_VSS_SUCCEEDED }, { 9600, EVX_VSS_INITIALIZE, EVX_VSS_SUCCEEDED },
    { 9622, EVX_VSS_POST_RESTORE, EVX_VSS_SUCCEEDED }
};

typedef struct shape {
    uint32_t computers, instances, files, channels, untimed, disorder;
} shape;

static void random_event(evx_vss_event *e, const shape *s, uint64_t *time, uint64_t *id)
{
    kind k = kinds[below(sizeof kinds / sizeof kinds[0])];

    memset(e, 0, sizeof *e);
    e->event_id = k.id;
    e->phase = k.phase;
    e->outcome = k.outcome;
    *time = one_in(s->disorder) ? 1000 + below(20) : *time + below(3);
    *id = one_in(s->disorder) ? 1 + below(20) : *id + 1;
    e->computer = below(s->computers);
    if (below(s->instances) > 0) {
        e->flags |= EVX_VSS_HAS_INSTANCE;
        e->instance.b[3] = (uint8_t)(1 + below(s->instances));
    }
    if (!one_in(s->untimed)) {
        e->time = *time;
        e->flags |= EVX_VSS_HAS_TIME;
    }
    if (!one_in(s->untimed)) {
        e->record_id = *id;
        e->flags |= EVX_VSS_HAS_RECORD_ID;
    }
    if (!one_in(s->channels)) {
        e->channel = 1 + one_in(s->channels + 2);
        e->flags |= EVX_VSS_HAS_CHANNEL;
    }
    e->digest = one_in(8);
}

static void random_loss(evx_loss *l, const shape *s, size_t events)
{
    memset(l, 0, sizeof *l);
    l->file = below(s->files);
    l->file_off = 10 * (uint64_t)below((uint32_t)events + 1) + 5;
    l->before = one_in(4) ? 0 : 1000 + below(40);
    l->after = one_in(4) ? 0 : one_in(4) ? 1000 + below(40) : l->before + below(4);
    l->computer = one_in(3) ? below(s->computers) : EVX_ANY_COMPUTER;
}

static void random_log(log *g)
{
    shape s = { 1 + one_in(4), 1 + below(3) * one_in(2), 1 + below(3), 4 + 20 * below(2),
                one_in(3) ? 5 : 1000, one_in(3) ? 4 : 1000 };
    uint64_t time = 1000, id = 1;
    uint32_t file = 0;

    g->count = 1 + below(one_in(8) ? MODEL_EVENTS - 1 : 16);
    for (size_t i = 0; i < g->count; i++) {
        evx_vss_event *e = &g->events[i];
        if (i > 0 && file + 1 < s.files && one_in(5)) {
            file++;
            time = one_in(2) ? 1000 : time;
            id = one_in(2) ? 1 : id;
        }
        if (file > 0 && one_in(3))
            *e = g->events[below((uint32_t)i)];          /* a copy, in another file             */
        else
            random_event(e, &s, &time, &id);
        e->file = file;
        e->order = (uint32_t)i;
        e->file_off = 10 * (uint64_t)i;
    }
    g->loss_count = one_in(2) ? 0 : 1 + below(3);
    for (size_t i = 0; i < g->loss_count; i++)
        random_loss(&g->losses[i], &s, g->count);
}

/* ---- the comparison ------------------------------------------------------------------------- */

static void print_log(const log *g)
{
    for (size_t i = 0; i < g->count; i++) {
        const evx_vss_event *e = &g->events[i];
        fprintf(stderr, "  %u: file %u computer %u instance %d event %u outcome %u time %lld "
                "id %lld channel %d digest %u\n", e->order, e->file, e->computer,
                e->flags & EVX_VSS_HAS_INSTANCE ? e->instance.b[3] : -1, e->event_id, e->outcome,
                e->flags & EVX_VSS_HAS_TIME ? (long long)e->time : -1,
                e->flags & EVX_VSS_HAS_RECORD_ID ? (long long)e->record_id : -1,
                e->flags & EVX_VSS_HAS_CHANNEL ? (int)e->channel : -1, e->digest);
    }
    for (size_t i = 0; i < g->loss_count; i++)
        fprintf(stderr, "  loss: %llu to %llu, computer %d, file %u offset %llu\n",
                (unsigned long long)g->losses[i].before, (unsigned long long)g->losses[i].after,
                (int)g->losses[i].computer, g->losses[i].file,
                (unsigned long long)g->losses[i].file_off);
}

static void print_answer(const char *who, const answer *a)
{
    fprintf(stderr, "  %s:", who);
    for (size_t i = 0; i < a->count; i++)
        fprintf(stderr, " %lld", (long long)a->n[i]);
    fprintf(stderr, "\n");
}

static uint64_t number(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);

    return text ? strtoull(text, NULL, 10) : otherwise;
}

Test(model, random_logs, .timeout = 3600)
{
    static log g;
    static answer library, model;
    uint64_t runs = number("EVX_MODEL_RUNS", 100000), seed = number("EVX_MODEL_SEED", 910250);

    fprintf(stderr, "model: %llu random logs, EVX_MODEL_SEED=%llu\n", (unsigned long long)runs,
            (unsigned long long)seed);
    for (uint64_t i = 0; i < runs; i++) {
        state = (seed + i) * 0x9e3779b97f4a7c15u | 1;
        (void)below(2);
        random_log(&g);
        cr_assert(library_solve(g.events, g.count, g.losses, g.loss_count, &library) == EVX_OK);
        model_solve(g.events, g.count, g.losses, g.loss_count, &model);
        if (library.count == model.count
            && memcmp(library.n, model.n, model.count * sizeof model.n[0]) == 0)
            continue;
        print_log(&g);
        print_answer("library", &library);
        print_answer("model  ", &model);
        cr_assert_fail("EVX_MODEL_SEED=%llu EVX_MODEL_RUNS=1 shows it",
                       (unsigned long long)(seed + i));
    }
}
