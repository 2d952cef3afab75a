/* src/text/program.c - records that look like one before: written without a walk */
#include "binxml/binxml.h"
#include "text/program.h"

/*
 * Most records of a log are alike: the same template definitions, values of the same types. Their
 * text differs only where the values stand. So the first record of a kind goes through the walk and
 * the writers (tree.c, xml.c, json.c) with a recorder in place of the values: what comes out is
 * literal text with holes, a program. Nobody describes the output twice.
 *
 * A program serves every record of which all that a writer asks is answered in the same way:
 *
 *   - the same definitions, apart from where their names stand in the chunk (identity.c);
 *   - for each value that they refer to: the type, the size where the type has one, and whether
 *     there is content; for an array of strings, how many there are and which are empty (shape.c).
 *     Nothing else of a value decides about the text around it, but for keys made of values and
 *     for other arrays: such records are left to the walk (learn.c);
 *   - one instance in each nested value, and nothing beside; or, in the last value or the record
 *     itself, elements without a template: the same tokens and names, with other texts (plain.c).
 *
 * A record whose instances are known from two others, one from each, needs no walk either: its
 * program is put together from theirs (compose.c).
 *
 * Then the budgets: a program knows how many steps the walk and the writer would have taken, and a
 * bound for its text. If the bound does not fit what is left of a budget or of the buffer, the walk
 * decides. So the answer is the walk's in every case, and the fuzzers compare them.
 *
 * All lives in the caller's arena, or in one that contexts share (library.c). When that is full,
 * nothing more is learned until as many records found no program as there are programs to be
 * learned again; then it is emptied, if they were of use.
 */
enum { FEW = 16 };                   /* hits for each miss, with which full programs still serve */

static void begin(evxi_store *s, evxi_library *l, uint32_t *inside)
{
    memset(s, 0, sizeof *s - sizeof s->recorder);
    s->library = l;
    s->inside = inside;
    evxi_library_leave(s);
    s->epoch = EVXI_LOOK(l->epoch);
    evxi_identity_begin(&s->ids, &l->learned);
}

void *evxi_store_begin(const evx_text_config *config, uint32_t name_units)
{
    evxi_arena a = { config->arena, config->arena_len, 0 };
    evx_programs *shared = config->programs;
    evxi_library *l = shared ? shared->library : NULL;
    evxi_store *s;

    /* whoever has less memory for the walk would refuse what others have learned */
    if (shared && config->work_len < EVX_TEXT_WORK)
        return NULL;
    if (!a.ptr || a.len < (shared ? sizeof *s : EVXI_STORE_LEAST))
        return NULL;
    s = evxi_bump(&a, sizeof *s);
    if (!shared) {
        l = evxi_bump(&a, sizeof *l);
        evxi_library_begin(l, &a, name_units);
    }
    begin(s, l, shared ? &l->sharer[config->sharer].inside : NULL);
    return s;
}

/* What is known of offsets holds for one chunk. */
static void enter_chunk(evxi_store *s, const evx_text *t)
{
    if (s->serial == t->serial)
        return;
    s->serial = t->serial;
    evxi_identity_chunk(&s->ids);
}

/* Is it worth learning? Sets up the trace. */
static void consider(evxi_store *s)
{
    bool full = EVXI_LOOK(s->library->learned.full);

    if (full && s->missed++ == 0)
        s->hits_before = s->hits;
    if (s->missed > EVXI_LOOK(s->library->count)
        && s->missed > (s->hits - s->hits_before) / FEW) {
        evxi_library_empty(s);
        full = EVXI_LOOK(s->library->learned.full);
    }
    s->trace.on = !full;
    evxi_trace_begin(&s->trace);
}

/* Room for the whole record at once, after a flush if need be. */
static evx_status make_room(evx_out *out, uint64_t bound)
{
    if (bound <= out->cap - out->len)
        return EVX_OK;
    if (!out->flush || bound > out->cap)
        return EVX_SKIP;
    return evx_out_flush(out);
}

static evx_status run(evx_text *t, const evxi_program *p, const evxi_match *m, evx_out *out,
                      uint64_t steps)
{
    evxi_store *s = t->store;
    uint8_t *to = out->buf + out->len;
    size_t len = (size_t)(evxi_program_run(p, m, t, &s->day, to) - to);

    out->len += len;
    out->total += len;
    t->chunk_spent += len;
    t->chunk_steps += steps;
    return EVX_OK;
}

/* What the walk charges for long ANSI strings, beside how much of them it looks at. */
static uint64_t ansi_steps(const evxi_part *part, const evxi_match *m, uint64_t *looked)
{
    uint64_t steps = 0;

    for (uint32_t i = 0; part && i < part->count; i++)
        if (part->ops[i].kind >= OP_ANSI_XML && part->ops[i].kind <= OP_ANSI_JSON) {
            uint32_t len = evxi_len(m, part->ops[i].slot);
            steps += evxi_ansi_look(len) + evxi_ansi_write(len);
            *looked += len > EVXI_ANSI_SHORT ? len : 0;
        }
    return steps;
}

/* All that is charged by length. False: the walk would give up. */
static bool charge_lengths(const evxi_program *p, const evxi_match *m, uint64_t *steps)
{
    uint64_t looked = 0;

    *steps += ansi_steps(p->head, m, &looked) + ansi_steps(&p->own, m, &looked);
    for (uint32_t i = 0; i < p->array_count; i++) {
        uint32_t len = evxi_len(m, p->arrays[i]);
        if (len > EVXI_ANSI_SHORT) {
            *steps += evxi_array_look(len);
            looked += len;
        }
    }
    return looked <= EVXI_LOOKS_MAX;
}

/* Write what was matched, if no budget is in the way. */
static evx_status judge(evx_text *t, const evxi_program *p, const evxi_match *m,
                        const evx_record *r, evx_out *out, uint64_t limit, uint64_t work)
{
    uint64_t walk = (uint64_t)p->walk_steps + m->fragments;
    uint64_t bound = evxi_program_bound(p, m), steps = walk + p->steps;
    evx_status st;

    if (EVXI_UNLIKELY(p->ansi || p->array_count != 0) && !charge_lengths(p, m, &steps))
        return EVX_SKIP;
    if (!out->buf || walk > evxi_walk_fuel(&t->walk, r) || bound > limit
        || evxi_cost(steps, bound) > work)
        return EVX_SKIP;
    st = make_room(out, bound);
    return st == EVX_OK ? run(t, p, m, out, steps) : st;
}

/* Of a record, by one who is inside. */
EVXI_INLINE evx_status write(evx_text *t, const evx_chunk *c, const evx_record *r, evx_out *out,
                             uint64_t limit, uint64_t work)
{
    evxi_store *s = t->store;
    const evxi_program *p;
    const evxi_shape *x;
    evxi_match m;
    evx_status st;

    enter_chunk(s, t);
    x = evxi_shape_find(s, t, c, r, &m);
    p = x ? EVXI_LOOK(x->program) : NULL;
    if (!p) {
        if (!x || !EVXI_LOOK(x->refused))
            consider(s);
        return EVX_SKIP;
    }
    st = judge(t, p, &m, r, out, limit, work);
    s->hits += st == EVX_OK;
    return st;
}

evx_status evxi_store_write(evx_text *t, const evx_chunk *c, const evx_record *r, evx_out *out,
                            uint64_t limit, uint64_t work)
{
    evxi_store *s = t->store;

    s->trace.on = false;
    if (r->off > c->len || r->size > c->len - r->off || !evxi_library_enter(s))
        return EVX_SKIP;
    return write(t, c, r, out, limit, work);
}

void evxi_store_rest(evx_text *t)
{
    evxi_library_leave(t->store);
}

bool evxi_store_learns(const evx_text *t)
{
    const evxi_store *s = t->store;

    return s && s->trace.on;
}

evx_status evxi_store_learn(evx_text *t, const evx_chunk *c, const evx_record *r, evx_out *out,
                            uint64_t limit, uint64_t work)
{
    evxi_store *s = t->store;
    const evxi_program *p = evxi_library_enter(s) ? evxi_learn(t, c, r) : NULL;

    return p ? judge(t, p, &s->match, r, out, limit, work) : EVX_SKIP;
}
