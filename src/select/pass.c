/* src/select/pass.c - records of other providers, one after the other, into the books */
#include "file/file.h"
#include "kern/inline.h"
#include "select/provider.h"

/*
 * Most records of a template have values of the sizes of the record before: then all stand where
 * they stood there, and a look at each that matters is enough.
 */

/* What the next record must have, to be behind those that were passed over. */
typedef struct evxi_going {
    uint64_t key;                    /* evxi_met_key of this run and of no definition; or, where
                                        ids may end in this chunk, that of none               */
    uint64_t next, own_next;         /* ids: its header's, and its own                        */
    uint64_t written, time;          /* not before these: the same                            */
    const uint8_t *at, *last;        /* where it stands; the record that was passed over last */
} evxi_going;

static evxi_going going_on(const evx_ledger *l, const evxi_asking *q, const uint8_t *at)
{
    bool may_end = l->last_id > UINT64_MAX - EVX_CHUNK_SIZE || q->id > UINT64_MAX - EVX_CHUNK_SIZE;
    evxi_going x = { may_end ? UINT64_MAX : evxi_met_key(q->run, 0), l->last_id + 1, q->id + 1,
                     l->last_written, q->time, at, at };

    return x;
}

/* After a look at each value: is the next record passed over? */
static bool pass_other(evx_reader *t, const evx_records *it, evxi_asking *q, evxi_going *x)
{
    const uint8_t *base = it->chunk->base;
    uint32_t at = (uint32_t)(x->at - base), size = evxi_sound_size(base, at, it->end);
    evx_record r;

    if (size == 0)
        return false;
    evxi_record_load(&r, base, at, size, 0);
    q->id = x->own_next - 1;
    q->time = x->time;
    if (r.id != x->next || r.id == 0 || r.written < x->written || !evxi_meet(t, it->chunk, &r, q))
        return false;
    *x = (evxi_going){ x->key, r.id + 1, q->id + 1, r.written, q->time, x->at + size, x->at };
    return true;
}

/* Records up to where `x` goes on were passed over. */
static void take(evx_records *it, evx_ledger *l, evx_passed *out, const evxi_going *x)
{
    const uint8_t *base = it->chunk->base;
    uint32_t at = (uint32_t)(x->last - base), count = (uint32_t)(x->next - 1 - l->last_id);

    evxi_record_load(&out->last, base, at, (uint32_t)(x->at - x->last), 0);
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

    if (q->run == UINT32_MAX) {
        memset(q->like, 0, sizeof q->like);
        q->run = 0;
    }
    q->run++;
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
