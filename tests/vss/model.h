/* tests/vss/model.h - the rules once more, slowly: what evx_vss_sort and evx_vss_solve must say */
#ifndef MODEL_H
#define MODEL_H

#include "evx/vss.h"

enum { MODEL_EVENTS = 64, MODEL_NUMBERS = 16384 };

/*
 * Everything that is said about a log, as numbers: both sides write the same list, so comparing is
 * memcmp. Per writer: computer, instance, verdict, last known, since, proof, holder, candidate,
 * resets; per session: state, certain, begin, end, since, error's event, blocker, candidate,
 * blocked sessions, its events. Events are named by `order`, sessions and writers by their place.
 */
typedef struct answer {
    int64_t n[MODEL_NUMBERS];
    size_t count;
} answer;

static inline void answer_put(answer *a, int64_t n)
{
    if (a->count < MODEL_NUMBERS)
        a->n[a->count++] = n;
}

/* Events as they came, in the order of their `order`; at most MODEL_EVENTS. */
void model_solve(const evx_vss_event *raw, size_t n, const evx_loss *losses, size_t loss_count,
                 answer *out);

/* The same by evx_vss_sort and evx_vss_solve, with arrays that always suffice; computers are below
 * 4. What they answer; *out is empty when it is no EVX_OK. */
evx_status library_solve(const evx_vss_event *raw, size_t n, const evx_loss *losses,
                         size_t loss_count, answer *out);

#endif
