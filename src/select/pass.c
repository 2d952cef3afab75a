/* src/select/pass.c - records of other providers, one after the other, into the books */
#include "file/file.h"
#include "kern/inline.h"
#include "select/provider.h"

/*
 * Most records of a template have values of the sizes of the record before: then all stand where
 * they stood there, and a look at each that matters is enough.
 */

static bool is_other(evx_reader *t, const evx_chunk *c, uint32_t at, uint32_t size,
                     evxi_asking *q)
{
    evx_record r;

    evxi_record_load(&r, c->base, at, size, 0);
    return evxi_meet(t, c, &r, q);
}

/* Records up to the one at `at`, of `size` bytes, were passed over. */
static void take(evx_records *it, evx_ledger *l, evx_passed *out, uint32_t at, uint32_t size,
                 uint32_t count)
{
    evxi_record_load(&out->last, it->chunk->base, at, size, 0);
    it->pos = at;
    evxi_records_take(it, &out->last);
    l->records += count - 1;
    l->decoded += count - 1;
    evxi_ledger_pass(l, &out->last);
    out->count += count;
}

#define EVXI_EACH "select/pass_body.h"
#include "kern/each.h"

/* The first of a run may stand anywhere; there may be something to say of that. */
static bool begin_run(evx_reader *t, evx_records *it, evx_ledger *l, evxi_asking *q,
                      evx_passed *out)
{
    evx_record r;

    q->run = q->run < UINT32_MAX ? q->run + 1 : 1;
    memset(&q->computer, 0, sizeof q->computer);
    memset(&q->channel, 0, sizeof q->channel);
    if (!evxi_records_peek(it, &r) || !evxi_meet(t, it->chunk, &r, q))
        return false;
    evxi_records_take(it, &r);
    evx_ledger_read(l, it->chunk, &r, q->time, false);
    out->count = 1;
    out->first = r;
    out->last = r;
    out->first_id = q->id;
    out->first_time = q->time;
    return true;
}

void evx_filter_pass(const evx_filter *q, const evx_kernels *k, evx_reader *t, evx_records *it,
                     evx_ledger *l, evx_passed *out)
{
    unsigned place = k ? k->place : EVXI_PLACE_TABLE;
    evxi_asking *asking = NULL;

    (void)place;                     /* where there is one set only */
    memset(out, 0, sizeof *out);
    if (l->open == l->loss_count && q->provider && !(q->exclude & EVX_FILTER_PROVIDER))
        asking = evxi_asking_at(t, it->chunk, it->pos, q->provider);
    if (!asking || !begin_run(t, it, l, asking, out))
        return;
#if EVXI_AVX
    if (place == EVXI_PLACE_AVX512)
        pass_avx512(t, it, l, asking, out);
    else if (place == EVXI_PLACE_AVX2)
        pass_avx2(t, it, l, asking, out);
    else
#endif
#if EVXI_NEON
    if (place == EVXI_PLACE_NEON)
        pass_neon(t, it, l, asking, out);
    else
#endif
        pass_table(t, it, l, asking, out);
    out->last_id = asking->id;
    out->last_time = asking->time;
    out->computer = asking->computer;
    out->channel = asking->channel;
}
