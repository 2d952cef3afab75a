/* src/text/build.c - what was recorded -> a program in the arena; its head is shared */
#include "text/program.h"

/*
 * What an event has in common with all others of its channel, the System element, stands in front,
 * and is more than half of a program. So all programs behind the same outer instance share the part
 * up to the first value that is not that instance's.
 */
static void *keep(evxi_store *s, const void *what, size_t size)
{
    void *p = evxi_store_take(s, size);

    if (p)
        memcpy(p, what, size);
    return p;
}

/* ---- parts ---------------------------------------------------------------------------------- */

/* `count` operations, and an end. */
static bool keep_part(evxi_store *s, evxi_part *part, const evxi_op *ops, uint32_t count,
                      const uint8_t *literals, uint32_t bytes, const evxi_op *end)
{
    evxi_op *kept = evxi_store_take(s, (count + 1) * sizeof *kept);

    if (!kept)
        return false;
    memcpy(kept, ops, count * sizeof *kept);
    kept[count] = *end;
    part->ops = kept;
    part->literals = keep(s, literals, bytes);
    if (s->inside && !evxi_store_take(s, EVXI_LITERALS_SLACK))
        return false;                /* others read behind them while the next is written     */
    part->count = count;
    part->bytes = bytes;
    return part->literals != NULL;
}

/* How many operations come before the first with a value of the leaf's own, and their literals. */
static uint32_t head_of(const evxi_recorder *rec, const evxi_shape *leaf, uint32_t *bytes)
{
    uint32_t n = 0;

    for (; leaf->parent && rec->ops[n].kind != OP_END && rec->ops[n].slot < leaf->first; n++)
        *bytes += rec->ops[n].literal;
    return n;
}

/* The head of the programs behind `parent`, if this one begins as they do. The first to come makes
 * it. */
static const evxi_part *shared_head(evxi_store *s, const evxi_recorder *rec, evxi_shape *parent,
                                    uint32_t count, uint32_t bytes)
{
    const evxi_part *head = parent->head;
    const evxi_op end = { 0, 0, OP_END, 0 };
    evxi_part *made;

    if (head)
        return head->count == count && head->bytes == bytes
            && memcmp(head->ops, rec->ops, count * sizeof *rec->ops) == 0
            && memcmp(head->literals, rec->literals, bytes) == 0 ? head : NULL;
    made = evxi_store_take(s, sizeof *made);
    if (made && keep_part(s, made, rec->ops, count, rec->literals, bytes, &end))
        parent->head = made;
    return parent->head;
}

/* ---- the whole ------------------------------------------------------------------------------ */

/* Does every value grow once only? */
static bool grows_once(const evxi_growth *g, uint32_t count)
{
    uint8_t seen[EVXI_PLACES_MAX] = { 0 };

    for (uint32_t i = 0; i < count; i++)
        if (seen[g[i].slot]++ != 0)
            return false;
    return true;
}

evxi_program *evxi_program_build(evxi_store *s, const evxi_recorder *rec, const evxi_shape *leaf)
{
    evxi_program *p = evxi_store_take(s, sizeof *p);
    uint32_t bytes = 0, head = head_of(rec, leaf, &bytes);

    if (!p)
        return NULL;
    memset(p, 0, sizeof *p);
    p->head = head > 0 ? shared_head(s, rec, leaf->parent, head, bytes) : NULL;
    if (!p->head)
        head = bytes = 0;
    if (!keep_part(s, &p->own, rec->ops + head, rec->count - 1 - head, rec->literals + bytes,
                   rec->last - bytes, &rec->ops[rec->count - 1]))
        return NULL;
    p->once = grows_once(rec->growth, rec->growth_count);
    p->growth_count = p->once ? 0 : rec->growth_count;
    p->growth = keep(s, rec->growth, p->growth_count * sizeof *rec->growth);
    for (uint32_t i = 0; i < rec->growth_count; i++)
        p->most = rec->growth[i].factor > p->most ? rec->growth[i].factor : p->most;
    p->fixed = rec->last + rec->count * EVXI_DIGITS_MAX;
    p->array_count = s->trace.array_count;
    p->arrays = keep(s, s->trace.arrays, p->array_count * sizeof *p->arrays);
    return p->growth && p->arrays ? p : NULL;
}

/* ---- from two ------------------------------------------------------------------------------- */

/* What stands in front of the inner instance, it, and what stands behind it, in the recorder. */
static uint32_t join_literals(evxi_recorder *rec, const evxi_program *outer,
                              const evxi_program *inner)
{
    const evxi_part *a = &outer->own, *b = &inner->own;
    uint32_t middle = b->bytes - inner->before - inner->behind;

    memcpy(rec->literals, a->literals, outer->before);
    memcpy(rec->literals + outer->before, b->literals + inner->before, middle);
    memcpy(rec->literals + outer->before + middle, a->literals + a->bytes - outer->behind,
           outer->behind);
    return outer->before + middle + outer->behind;
}

static void join_ops(evxi_recorder *rec, const evxi_program *outer, const evxi_program *inner,
                     int shift)
{
    uint32_t count = inner->own.count;

    memcpy(rec->ops, inner->own.ops, (count + 1) * sizeof *rec->ops);
    for (uint32_t i = 0; i < count; i++)
        rec->ops[i].slot = (uint16_t)(rec->ops[i].slot + shift);
    rec->ops[0].literal = (uint16_t)(rec->ops[0].literal - inner->before + outer->before);
    rec->ops[count].literal = (uint16_t)(rec->ops[count].literal - inner->behind + outer->behind);
}

evxi_program *evxi_program_join(evxi_store *s, const evxi_program *outer,
                                const evxi_program *inner, int shift)
{
    evxi_recorder *rec = &s->recorder;
    uint32_t count = inner->own.count, bytes;
    evxi_program *p;

    if (outer->head->count + count >= EVXI_OPS_MAX
        || outer->head->bytes + outer->own.bytes + inner->own.bytes > EVXI_LITERALS_MAX)
        return NULL;
    p = evxi_store_take(s, sizeof *p);
    if (!p)
        return NULL;
    memset(p, 0, sizeof *p);
    bytes = join_literals(rec, outer, inner);
    join_ops(rec, outer, inner, shift);
    if (!keep_part(s, &p->own, rec->ops, count, rec->literals, bytes, &rec->ops[count]))
        return NULL;
    p->head = outer->head;
    p->once = true;
    p->most = outer->most > inner->most ? outer->most : inner->most;
    p->fixed = p->head->bytes + bytes + (p->head->count + count + 1) * EVXI_DIGITS_MAX;
    p->walk_steps = outer->walk_steps - outer->inner_walk + inner->inner_walk;
    p->steps = outer->steps - outer->inner_steps + inner->inner_steps;
    return p;
}
