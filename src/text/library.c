/* src/text/library.c - what was learned, by one context or by many at once; emptied when full */
#include "text/program.h"

/*
 * Contexts of one configuration may share what they learn: each template is learned once, not once
 * for each thread. Nobody waits but for what takes microseconds:
 *
 *   - who reads needs no lock: what can be reached is whole, and does not change (base/share.h);
 *   - who learns tries the lock, for as long as another one may hold it; then the record is left to
 *     the walk, and is learned another time;
 *   - what is full is closed before it is emptied. Each context says when it is inside, before it
 *     looks whether it is closed; who wants to empty it closes it, before they look who is inside.
 *     So one of both sees the other. It stays inside, since saying so costs more than all the rest,
 *     and looks at each record. Those who find it closed leave, and their record to the walk; the
 *     last one to leave finds nobody inside, and empties it. A context that is not in use has to
 *     be outside: evx_text_renew leaves.
 */

_Static_assert(sizeof(evxi_library) + EVX_SHARERS_MAX * sizeof(evxi_sharer) + EVXI_LITERALS_SLACK
               <= EVX_PROGRAMS_LEAST, "as documented");
_Static_assert(sizeof(evxi_store) <= EVX_SHARER_ARENA, "as documented");

void evxi_library_begin(evxi_library *l, const evxi_arena *rest, uint32_t name_units)
{
    evxi_arena a = *rest;

    a.len -= EVXI_LITERALS_SLACK;
    memset(l, 0, sizeof *l);
    evxi_learned_begin(&l->learned, &a, name_units);
}

/* By one who has the lock, or shares it with nobody. */
static void reset(evxi_library *l)
{
    evxi_learned_reset(&l->learned);
    memset(l->shape_of, 0, sizeof l->shape_of);
    memset(l->plain_of, 0, sizeof l->plain_of);
    memset(l->plain_word_of, 0, sizeof l->plain_word_of);
    EVXI_PUBLISH(l->count, 0);
    EVXI_PUBLISH(l->epoch, l->epoch + 1);
}

/* What was emptied is not what was known. */
static void forget(evxi_store *s)
{
    s->epoch = EVXI_LOOK(s->library->epoch);
    s->hits = s->missed = s->hits_before = 0;
    memset(s->recent, 0, sizeof s->recent);
    memset(s->plain_words, 0, sizeof s->plain_words);
    evxi_identity_begin(&s->ids, &s->library->learned);
}

static bool nobody_inside(const evxi_library *l)
{
    for (uint32_t i = 0; i < EVX_SHARERS_MAX; i++)
        if (EVXI_LOOK_ORDERED(l->sharer[i].inside) != 0)
            return false;
    return true;
}

static EVXI_COLD void reset_if_left(evxi_library *l)
{
    if (!evxi_lock_try(&l->lock))
        return;
    if (EVXI_LOOK_ORDERED(l->closing) != 0 && nobody_inside(l)) {
        reset(l);
        EVXI_PUBLISH_ORDERED(l->closing, 0);
    }
    evxi_unlock(&l->lock);
}

bool evxi_library_enter_shared(evxi_store *s)
{
    evxi_library *l = s->library;

    if (!s->entered) {
        s->entered = true;
        EVXI_PUBLISH_ORDERED(*s->inside, 1);
    }
    if (EVXI_UNLIKELY(EVXI_LOOK_ORDERED(l->closing) != 0)) {
        evxi_library_leave(s);
        reset_if_left(l);
        return false;
    }
    if (EVXI_UNLIKELY(s->epoch != EVXI_LOOK(l->epoch)))
        forget(s);
    return true;
}

void evxi_library_leave(evxi_store *s)
{
    if (s->inside)
        EVXI_PUBLISH(*s->inside, 0);
    s->entered = false;
}

void evxi_library_empty(evxi_store *s)
{
    if (s->inside) {
        EVXI_PUBLISH_ORDERED(s->library->closing, 1);
        return;
    }
    reset(s->library);
    forget(s);
}

/* ---- for contexts that share ---------------------------------------------------------------- */

evx_status evx_programs_init(evx_programs *p, size_t size, const evx_text_config *like,
                             uint8_t *arena, size_t len)
{
    evxi_arena a = { arena, len, 0 };
    evxi_sharer *sharer;
    evxi_library *l;

    if (size != sizeof *p)
        return EVX_E_ABI;
    if (!EVXI_SHARES || !like || !arena)
        return EVX_E_ARG;
    if (len < EVX_PROGRAMS_LEAST)
        return EVX_E_SPACE;
    memset(p, 0, sizeof *p);
    p->like = *like;
    sharer = evxi_bump(&a, EVX_SHARERS_MAX * sizeof *sharer);
    memset(sharer, 0, EVX_SHARERS_MAX * sizeof *sharer);
    l = evxi_bump(&a, sizeof *l);
    evxi_library_begin(l, &a, evxi_name_units(&like->limits));
    l->sharer = sharer;
    p->library = l;
    return EVX_OK;
}
