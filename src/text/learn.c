/* src/text/learn.c - a record whose nodes are there -> its program */
#include "binxml/binxml.h"
#include "file/file.h"
#include "text/program.h"

/* A record that takes more of the writer is like no other, or made to be dear: nobody pays for this
 * pass, since an arena may not decide about budgets. */
enum { LEARN_WORK = 1 << 18 };

/* ---- while the tree is built ---------------------------------------------------------------- */

void evxi_trace_begin(evxi_trace *x)
{
    x->refused = x->plain = false;
    x->instances = x->ansi = x->array_count = 0;
    x->first_slot[0] = 0;
    x->entered = EVXI_LEAF;
}

static void trace_instance(evx_text *t, evxi_trace *x)
{
    uint32_t depth = t->walk.depth, n = x->instances;

    /* one in the body, and one in each value that is entered: nothing else */
    if (n == EVXI_INSTANCES_MAX || x->plain || (n > 0) != (x->entered != EVXI_LEAF)) {
        x->refused = true;
        return;
    }
    x->serial[depth] = n;
    x->inside[n] = x->entered;
    x->entered = EVXI_LEAF;
    x->instances = n + 1;
    x->first_slot[n + 1] = x->first_slot[n] + t->walk.frames[depth - 1].slot_count;
    x->refused = x->first_slot[n + 1] > EVXI_VALUES_MAX;
}

/* The value's own stream is on top; the instance that it belongs to lies below. */
static void trace_value(const evx_text *t, evxi_trace *x, const evx_token *tok)
{
    uint32_t depth = t->walk.depth;

    x->first_node = t->node_len;
    x->fuel_before = t->walk.fuel;
    x->refused = x->entered != EVXI_LEAF || depth < 3;
    if (!x->refused)
        x->entered = (uint16_t)(x->first_slot[x->serial[depth - 1]] + tok->index);
}

/* A token outside of definitions: of the record's only stream, or of the value entered last. */
static void trace_plain(const evx_text *t, evxi_trace *x, const evx_token *tok)
{
    bool of_body = t->walk.depth == 1 && x->instances == 0;

    x->plain = true;
    x->refused = (!of_body && x->entered == EVXI_LEAF) || tok->kind == EVX_TOKEN_CDATA
              || tok->kind == EVX_TOKEN_PI_TARGET || tok->kind == EVX_TOKEN_PI_DATA;
}

/*
 * Streams go by turns: the body, a definition, a value, a definition. What stands in definitions is
 * the same in another record; what stands elsewhere is looked at token by token (plain.c).
 */
void evxi_trace_token(evx_text *t, const evx_token *tok)
{
    evxi_trace *x = &((evxi_store *)t->store)->trace;

    if (x->refused)
        return;
    if (tok->kind == EVX_TOKEN_LEAVE) {
        if (!(tok->flags & EVX_TOKEN_INSTANCE))
            x->fuel_behind = t->walk.fuel;
        return;
    }
    if (tok->kind != EVX_TOKEN_ENTER && t->walk.depth % 2 != 0)
        trace_plain(t, x, tok);
    else if (tok->kind != EVX_TOKEN_ENTER)
        return;
    else if (tok->flags & EVX_TOKEN_INSTANCE)
        trace_instance(t, x);
    else
        trace_value(t, x, tok);
}

uint32_t evxi_trace_slot(const evx_text *t, const evx_token *tok)
{
    const evxi_trace *x = &((const evxi_store *)t->store)->trace;

    return x->refused ? 0 : x->first_slot[x->serial[t->walk.depth]] + tok->index;
}

/* What is charged by its length: how often it is used. */
void evxi_trace_value(evx_text *t, const evx_token *tok)
{
    evxi_trace *x = &((evxi_store *)t->store)->trace;

    x->ansi += tok->value.type == EVX_ANSI && !evx_value_empty(&tok->value);
    if (tok->value.type != (EVX_STRING | EVX_ARRAY))
        return;
    if (x->array_count == EVXI_ARRAY_USES_MAX)
        x->refused = true;
    else
        x->arrays[x->array_count++] = (uint16_t)evxi_trace_slot(t, tok);
}

/* ---- while it is written once more, for the recorder ---------------------------------------- */

/* FILETIMEs and GUIDs have an operation of their own where they look as evtx_dump has them. */
static uint8_t kind_of_number(const evx_value *v, uint32_t style)
{
    size_t len = v->raw.len;

    switch (v->type) {
    case EVX_UINT8:
        return len >= 1 ? OP_U8 : OP_FIXED;
    case EVX_UINT16:
        return len >= 2 ? OP_U16 : OP_FIXED;
    case EVX_UINT32:
        return len >= 4 ? OP_U32 : OP_FIXED;
    case EVX_UINT64:
        return len >= 8 ? OP_U64 : OP_FIXED;
    case EVX_HEX32:
        return len >= 4 ? OP_HEX32 : OP_FIXED;
    case EVX_HEX64:
        return len >= 8 ? OP_HEX64 : OP_FIXED;
    case EVX_SIZE:
        return len == 4 ? OP_HEX32 : len == 8 ? OP_HEX64 : OP_FIXED;
    case EVX_FILETIME:
        return len >= 8 && style == EVX_STYLE_EVTX_DUMP ? OP_FILETIME : OP_FIXED;
    case EVX_GUID:
        return len >= 16 && style == EVX_STYLE_EVTX_DUMP ? OP_GUID : OP_FIXED;
    default:
        return OP_FIXED;
    }
}

/* How put_single in format.c writes this value; OP_END: in a way that no program has. */
static uint8_t kind_of(const evx_value *v, unsigned mode, uint32_t style, evxi_day *day)
{
    uint8_t text[EVXI_DIGITS_MAX], kind;

    if (v->type == EVX_STRING)
        return (uint8_t)(OP_UTF16_XML + mode);
    if (v->type == EVX_ANSI)
        return (uint8_t)(OP_ANSI_XML + mode);
    if (v->type == EVX_SID && v->raw.len >= 8)
        return OP_SID;
    if (v->type == EVX_REAL32 || v->type == EVX_REAL64 || (v->type & EVX_ARRAY))
        return OP_END;
    kind = kind_of_number(v, style);
    return kind != OP_FIXED || evxi_format(text, v, style, day) ? kind : OP_BYTES;
}

static bool is_ansi(uint8_t kind)
{
    return kind >= OP_ANSI_XML && kind <= OP_ANSI_JSON;
}

static uint32_t growth_of(uint8_t kind)
{
    if (kind >= OP_UTF16_XML && kind <= OP_UTF16_JSON)
        return 3;                    /* six bytes for a unit of two                           */
    if (is_ansi(kind))
        return 6;
    return kind == OP_BYTES ? 2 : 0;
}

void evxi_recorder_begin(evxi_recorder *rec)
{
    rec->count = rec->growth_count = rec->last = 0;
    rec->child = EVXI_NONE;
    rec->refused = false;
}

static void record(evxi_recorder *rec, uint64_t count, uint8_t kind, uint32_t slot, uint8_t type)
{
    evxi_op *op = &rec->ops[rec->count++];

    op->literal = (uint16_t)(count - rec->last);
    op->kind = kind;
    op->slot = (uint16_t)slot;
    op->type = type;
    rec->last = (uint32_t)count;
}

/* The number of an array's item, by where it stands; any that is as empty will do. */
static uint32_t slot_of_item(const evxi_match *m, const evx_value *item)
{
    uint32_t off = (uint32_t)(item->raw.ptr - m->chunk->base);

    for (uint32_t i = EVXI_ITEMS_AT; i < EVXI_ITEMS_AT + m->items; i++)
        if (evxi_off(m, i) == off && evxi_len(m, i) == item->raw.len)
            return i;
    return EVXI_NONE;
}

static void record_one(evxi_writer *w, evxi_sink *s, uint32_t slot, const evx_value *v,
                       unsigned mode)
{
    evxi_recorder *rec = w->recorder;
    uint8_t kind = kind_of(v, mode, w->style, &w->day);
    uint32_t growth;

    /* a key made of a value is looked up, and decides about suffixes */
    if (s != &w->sink || kind == OP_END || slot == EVXI_NONE || rec->count + 1 >= EVXI_OPS_MAX
        || s->count > EVXI_LITERALS_MAX)
        rec->refused = true;
    if (rec->refused)
        return;
    growth = growth_of(kind);
    if (growth != 0) {
        evxi_growth g = { (uint16_t)slot, (uint16_t)growth };
        rec->growth[rec->growth_count++] = g;
    }
    record(rec, s->count, kind, slot, v->type);
}

/* As put_list in format.c writes it. */
static void record_list(evxi_writer *w, evxi_sink *s, const evx_value *v, unsigned mode)
{
    evx_value item;
    uint32_t pos = 0, n = 0;

    w->recorder->refused |= v->type != (EVX_STRING | EVX_ARRAY);
    while (evx_value_item(v, &pos, &item) == EVX_OK && s->count <= s->limit && evxi_step(w)) {
        if (n++ > 0)
            evxi_put_byte(s, ',');
        record_one(w, s, slot_of_item(w->recorder->match, &item), &item, mode);
    }
}

/* A text is a value if it stands in a stream of plain elements; where it stands tells. */
static uint32_t slot_of_text(const evxi_match *m, const evx_value *text)
{
    uint32_t off = (uint32_t)(text->raw.ptr - m->chunk->base), low = m->plain, high = m->slots;

    while (low < high) {             /* they stand in the order of their numbers */
        uint32_t middle = low + (high - low) / 2;
        if (evxi_off(m, middle) == off)
            return middle;
        if (evxi_off(m, middle) < off)
            low = middle + 1;
        else
            high = middle;
    }
    return EVXI_NONE;
}

static void record_text(evxi_writer *w, evxi_sink *s, const evx_value *v, unsigned mode)
{
    uint32_t slot = slot_of_text(w->recorder->match, v);

    if (slot == EVXI_NONE)
        evxi_put_value(w, s, v, mode);
    else
        record_one(w, s, slot, v, mode);
}

void evxi_record_value(evxi_writer *w, evxi_sink *s, uint32_t node, const evx_value *v,
                       unsigned mode)
{
    uint32_t slot = w->nodes[node].end;

    if (v->type == EVX_NULL || v->type == EVX_BINXML)
        return;                      /* no text */
    if (w->nodes[node].kind != EVX_TOKEN_VALUE)
        record_text(w, s, v, mode);
    else if (v->type & EVX_ARRAY)
        record_list(w, s, v, mode);
    else if (!(w->nodes[node].flags & NODE_ARRAY))
        record_one(w, s, slot, v, mode);
    else
        record_one(w, s, v->type == EVX_STRING ? slot_of_item(w->recorder->match, v) : EVXI_NONE,
                   v, mode);
    if (w->recorder->refused && w->status == EVX_OK)
        w->status = EVX_E_FUEL;      /* the rest of the pass would come to nothing */
}

/* ---- the program ---------------------------------------------------------------------------- */

/* Each ANSI string was looked at once for each time that it is written? Long ones are charged for
 * both. */
static bool ansi_fits(const evxi_recorder *rec, const evxi_trace *x)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < rec->count; i++)
        n += is_ansi(rec->ops[i].kind);
    return n == x->ansi;
}

/* The record once more, for the recorder. False: it can have no program. */
static bool record_it(evx_text *t, const evx_chunk *c, evxi_writer *w)
{
    evxi_store *s = t->store;
    evxi_recorder *rec = &s->recorder;
    evxi_sink sink = { rec->literals, rec->literals + sizeof rec->literals, 0,
                       sizeof rec->literals, NULL };
    evx_status st;

    w->work = LEARN_WORK;
    w->recorder = rec;
    rec->match = &s->match;
    st = evxi_pass(w, t, c, &sink);
    if (rec->refused || st < 0 || w->sink.count > sizeof rec->literals
        || !ansi_fits(rec, &s->trace))
        return false;
    record(rec, w->sink.count, OP_END, 0, 0);
    return true;
}

/* What was recorded becomes the leaf's program, unless another one was quicker. */
static void add_program(evx_text *t, const evx_record *r, evxi_shape *leaf, const evxi_writer *w)
{
    evxi_store *s = t->store;
    evxi_program *p = leaf->program ? NULL : evxi_program_build(s, &s->recorder, leaf);

    if (!p)
        return;
    p->walk_steps = evxi_walk_steps(&t->walk, r) - s->match.fragments;
    p->steps = (uint32_t)w->steps;
    p->ansi = s->trace.ansi != 0;
    evxi_compose_note(t, w, p);
    EVXI_PUBLISH(leaf->program, p);
    evxi_compose_offer(leaf);
    EVXI_PUBLISH(s->library->count, s->library->count + 1);
}

/* Only what adds to the library needs it alone. */
static void learn_program(evx_text *t, const evx_chunk *c, const evx_record *r, evxi_shape *leaf)
{
    evxi_store *s = t->store;
    evxi_writer w;
    bool can = record_it(t, c, &w);

    if (!can)
        EVXI_PUBLISH(leaf->refused, true);
    else if (evxi_library_open(s)) {
        add_program(t, r, leaf, &w);
        evxi_library_close(s);
    }
}

/* The path of shapes that leads to this record's program; NULL: it cannot have one. */
static evxi_shape *learn_path(evx_text *t, const evx_chunk *c, const evx_record *r,
                              evxi_match *m)
{
    evxi_store *s = t->store;
    evxi_trace *x = &s->trace;
    evxi_definition *d;
    evxi_shape *shape = NULL;
    uint32_t begin, end, first;
    evxi_layout p;

    memset(m, 0, sizeof *m);
    m->chunk = c;
    evxi_record_body(c, r, &begin, &end);
    for (uint32_t i = 0; i < x->instances; i++) {
        uint16_t next = i + 1 < x->instances ? x->inside[i + 1] : x->entered;
        first = m->slots;
        if (!evxi_layout_read(c, begin, end, &p, &m->fragments))
            return NULL;
        x->fragments = i == 0 ? m->fragments : x->fragments;
        d = evxi_definition_learn(&s->ids, c, p.definition, p.id);
        if (!d || !evxi_layout_values(m, &p, d, end, t->config.kernels))
            return NULL;
        shape = evxi_shape_learn(s, t, shape, d, m, &p, first, next);
        if (!shape || shape->next_slot != next || (next != EVXI_LEAF && next >= m->slots))
            return NULL;
        if (next != EVXI_LEAF) {
            begin = evxi_off(m, next);
            end = begin + evxi_len(m, next);
        }
    }
    m->plain = m->slots;
    return x->plain ? evxi_plain_learn(s, shape, m, begin, end) : shape;
}

const evxi_program *evxi_learn(evx_text *t, const evx_chunk *c, const evx_record *r)
{
    evxi_store *s = t->store;
    const evxi_trace *x = &s->trace;
    evxi_shape *leaf;

    if (x->refused || t->damage != 0 || t->failed < 0
        || (!x->plain && (x->instances == 0 || x->entered != EVXI_LEAF)) || !evxi_library_open(s))
        return NULL;
    leaf = learn_path(t, c, r, &s->match);
    evxi_library_close(s);
    if (leaf && !EVXI_LOOK(leaf->program) && !EVXI_LOOK(leaf->refused))
        learn_program(t, c, r, leaf);
    return leaf ? EVXI_LOOK(leaf->program) : NULL;
}
