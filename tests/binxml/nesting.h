/* tests/binxml/nesting.h - walk a record to its end, and check that the tokens make one document */
#ifndef EVX_TEST_NESTING_H
#define EVX_TEST_NESTING_H

#include "../golden/one.h"
#include "../golden/tokens.h"

static evx_walk walk;
static evx_slot slots[EVX_SLOTS_WORST];

static inline void init(const evx_limits *limits)
{
    cr_assert(evx_walk_init(&walk, sizeof walk, slots, EVX_SLOTS_WORST, limits) == EVX_OK);
}

/* Walk to the end, and check that the tokens make one document whatever the bytes say. */
static inline size_t check_nesting(const evx_chunk *c, const evx_record *r, evx_status *first)
{
    evx_token t;
    evx_status st = evx_walk_begin(&walk, c, r);
    uint32_t open = 0, streams = 0;
    size_t tokens = 0;
    bool list = false;

    *first = EVX_OK;
    while (st == EVX_OK) {
        st = evx_walk_next(&walk, &t);
        cr_assert(st != EVX_E_BUG);
        if (st < 0 && *first == EVX_OK) {
            *first = st;
            cr_assert(walk.failed == st && walk.failed_off <= c->len);
        }
        if (st < 0) {
            cr_assert(evx_walk_next(&walk, &t) == st);       /* repeated */
            st = evx_walk_salvage(&walk);
            continue;
        }
        if (st != EVX_OK)
            break;
        tokens++;
        cr_assert(t.off <= c->len && t.value.raw.len <= c->len);
        cr_assert(t.name.units == 0
                  || (t.name.ptr >= c->base && t.name.ptr + 2 * t.name.units <= c->base + c->len));
        cr_assert(t.value.raw.len == 0 || (t.value.raw.ptr >= c->base
                  && t.value.raw.ptr + t.value.raw.len <= c->base + c->len));
        switch (t.kind) {
        case EVX_TOKEN_OPEN: cr_assert(!list && t.depth == open++); list = true; break;
        case EVX_TOKEN_CLOSE: cr_assert(open > 0 && t.depth == --open); list = false; break;
        case EVX_TOKEN_BODY: cr_assert(list); list = false; break;
        case EVX_TOKEN_ATTRIBUTE: cr_assert(list); break;
        case EVX_TOKEN_ENTER: cr_assert(!list); streams++; break;
        case EVX_TOKEN_LEAVE: cr_assert(streams-- > 0); break;
        default: break;
        }
        cr_assert(t.kind >= EVX_TOKEN_OPEN && t.kind <= EVX_TOKEN_LEAVE && t.depth <= EVX_OPEN_MAX);
        cr_assert(((t.flags & EVX_TOKEN_IN_ATTRIBUTE) != 0) <= list);
        cr_assert(t.kind != EVX_TOKEN_VALUE || t.value.type != EVX_BINXML || t.value.raw.len == 0
                  || (t.flags & EVX_TOKEN_IN_ATTRIBUTE));
    }
    if (st == EVX_END) {
        cr_assert(open == 0 && streams == 0 && evx_walk_next(&walk, &t) == EVX_END);
    }
    return tokens;
}

#endif
