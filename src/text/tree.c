/* src/text/tree.c - record -> nodes in document order, judged to its end; questions about them */
#include "text/text.h"

/*
 * Building the list is the judging of a record: it reads everything, writes nothing, and what it
 * has accepted can be written without another look at the bytes' structure.
 */
typedef struct builder {
    evx_text *t;
    evxi_node *nodes;
    uint32_t element, attribute;     /* open ones, or EVXI_NONE */
    uint32_t root, extra;
    uint32_t omitted;                /* open elements that Windows leaves out; 0: none        */
    uint32_t looked;                 /* bytes of long ANSI strings, and of arrays of strings  */
    bool traced;                     /* the record is being learned                           */
    evx_status status;
} builder;

static inline uint32_t add(builder *b, uint8_t kind, const evx_value *v, uint32_t parent)
{
    uint32_t at = b->t->node_len;
    evxi_node n = { kind, v->type, 0, 0, (uint16_t)v->raw.len, at + 1, parent };

    if (EVXI_UNLIKELY(at == b->t->node_cap)) {
        b->status = EVX_E_SPACE;
        return 0;
    }
    b->t->node_len++;
    n.off = (uint16_t)(v->raw.ptr ? v->raw.ptr - b->t->walk.chunk->base : 0);
    if (v->type == EVX_STRING ? v->raw.len < 2 || evxi_le16(v->raw.ptr) == 0 : evx_value_empty(v))
        n.flags = NODE_EMPTY;
    b->nodes[at] = n;
    return at;
}

/* What is a name: an element, an attribute, an entity. It has no content of its own. */
static inline uint32_t add_named(builder *b, uint8_t kind, const evx_utf16 *name, uint32_t parent)
{
    uint32_t at = b->t->node_len, off = (uint32_t)(name->ptr - b->t->walk.chunk->base);
    evxi_node n = { kind, EVX_NULL, NODE_EMPTY, (uint16_t)(off - EVXI_NAME_TEXT), 0, at + 1,
                    parent };

    if (EVXI_UNLIKELY(at == b->t->node_cap)) {
        b->status = EVX_E_SPACE;
        return 0;
    }
    b->t->node_len++;
    b->nodes[at] = n;
    return at;
}

static void end_attribute(builder *b)
{
    if (b->attribute != EVXI_NONE)
        b->nodes[b->attribute].end = b->t->node_len;
    b->attribute = EVXI_NONE;
}

static void open_element(builder *b, const evx_token *tok)
{
    uint32_t at = add_named(b, EVX_TOKEN_OPEN, &tok->name, b->element);

    if (b->status < 0)
        return;
    if (b->element == EVXI_NONE) {
        b->extra += b->root != EVXI_NONE;
        b->root = b->root == EVXI_NONE ? at : b->root;
    }
    b->element = at;
}

static void close_element(builder *b, const evx_token *tok)
{
    evxi_node *n = &b->nodes[b->element];

    if (tok->flags & EVX_TOKEN_BARE)
        n->flags |= NODE_BARE;
    end_attribute(b);
    n->end = b->t->node_len;
    b->element = n->parent;
}

/* The element around an array is written once for each of its items. */
static void note_array(builder *b, uint32_t at, const evx_value *v)
{
    evx_value item;
    uint32_t pos = 0;

    if (!(v->type & EVX_ARRAY) || b->element == b->root
        || evx_value_item(v, &pos, &item) != EVX_OK || evx_value_item(v, &pos, &item) != EVX_OK)
        return;
    b->nodes[at].flags |= NODE_ARRAY;
    b->nodes[at].end = 0;
    b->nodes[b->element].flags |= NODE_REPEAT;
}

/* What the ANSI strings of a record hold is looked at twice for each use of them, and arrays of
 * strings are measured a few times. */
static bool looks_too_much(builder *b, const evx_value *v)
{
    bool array = v->type == (EVX_STRING | EVX_ARRAY) || v->type == (EVX_ANSI | EVX_ARRAY);

    if ((v->type != EVX_ANSI && !array) || v->raw.len <= EVXI_ANSI_SHORT)
        return false;
    b->looked += (uint32_t)v->raw.len;
    b->t->chunk_steps += array ? evxi_array_look(v->raw.len) : evxi_ansi_look(v->raw.len);
    if (b->looked > EVXI_LOOKS_MAX)
        b->status = EVX_E_FUEL;
    return b->status < 0;
}

static void add_value(builder *b, const evx_token *tok)
{
    bool optional = (tok->flags & EVX_TOKEN_OPTIONAL) != 0;
    uint32_t at;

    if ((tok->flags & EVX_TOKEN_MISSING) || looks_too_much(b, &tok->value))
        return;
    if (b->traced)
        evxi_trace_value(b->t, tok);
    if (optional && evx_value_empty(&tok->value))
        return;
    if (b->attribute != EVXI_NONE && tok->value.type == EVX_BINXML && tok->value.raw.len > 0)
        b->t->walk.lost_values++;    /* elements in an attribute: nothing can say that */
    at = add(b, tok->kind, &tok->value, b->attribute != EVXI_NONE ? b->attribute : b->element);
    if (b->status < 0)
        return;
    if (b->traced)
        b->nodes[at].end = evxi_trace_slot(b->t, tok);
    note_array(b, at, &tok->value);
}

/* Windows leaves out an element whose optional value is NULL, with all that is in it; but never the
 * whole event. Is this token part of one? */
static bool omit(builder *b, const evx_token *tok)
{
    bool begins = b->omitted == 0 && tok->kind == EVX_TOKEN_OPEN && (tok->flags & EVX_TOKEN_OMIT)
               && b->element != EVXI_NONE && b->t->config.style == EVX_STYLE_WINDOWS;

    if (!begins && b->omitted == 0)
        return false;
    if (begins)
        end_attribute(b);
    b->omitted += tok->kind == EVX_TOKEN_OPEN;
    b->omitted -= tok->kind == EVX_TOKEN_CLOSE;
    return true;
}

static void add_token(builder *b, const evx_token *tok)
{
    uint32_t parent = b->attribute != EVXI_NONE ? b->attribute : b->element;

    if (omit(b, tok))
        return;

    switch (tok->kind) {
    case EVX_TOKEN_OPEN:
        open_element(b, tok);
        return;
    case EVX_TOKEN_ATTRIBUTE:
        end_attribute(b);
        b->attribute = add_named(b, tok->kind, &tok->name, b->element);
        return;
    case EVX_TOKEN_BODY:
        end_attribute(b);
        return;
    case EVX_TOKEN_CLOSE:
        close_element(b, tok);
        return;
    default:
        break;
    }
    if (b->element == EVXI_NONE)
        return;                      /* around the root: processing instructions */
    if (tok->kind == EVX_TOKEN_VALUE)
        add_value(b, tok);
    else if (tok->kind == EVX_TOKEN_ENTITY || tok->kind == EVX_TOKEN_PI_TARGET)
        (void)add_named(b, tok->kind, &tok->name, parent);
    else if (tok->kind != EVX_TOKEN_ENTER && tok->kind != EVX_TOKEN_LEAVE)
        (void)add(b, tok->kind, &tok->value, parent);
}

evx_status evxi_tree_build(evx_text *t, const evx_chunk *c, const evx_record *r)
{
    builder b = { t, t->nodes, EVXI_NONE, EVXI_NONE, EVXI_NONE, 0, 0, 0, evxi_store_learns(t),
                  EVX_OK };
    evx_token tok;
    evx_status st = evx_walk_begin(&t->walk, c, r);

    t->node_len = 0;
    while (st == EVX_OK) {
        st = evx_walk_next(&t->walk, &tok);
        if (st == EVX_OK) {
            if (b.traced)
                evxi_trace_token(t, &tok);
            add_token(&b, &tok);
            st = b.status;
        } else if (st < 0)
            st = evx_walk_salvage(&t->walk);
    }
    t->root = b.root;
    t->failed = t->walk.failed;
    t->failed_off = t->walk.failed_off;
    if (st < 0)
        return st;
    if (t->failed == EVX_OK && (b.extra != 0 || b.root == EVXI_NONE))
        t->failed = EVX_E_BALANCE;
    t->damage = (t->failed < 0 ? (uint32_t)EVX_TEXT_SALVAGED : 0)
              | (t->walk.lost_values > 0 ? (uint32_t)EVX_TEXT_VALUES_LOST : 0);
    return EVX_OK;
}

/* ---- questions ------------------------------------------------------------------------------ */

uint32_t evxi_first_child(evxi_writer *w, uint32_t element)
{
    uint32_t at = element + 1, end = w->nodes[element].end;

    while (at < end && w->nodes[at].kind == EVX_TOKEN_ATTRIBUTE && evxi_step(w))
        at = w->nodes[at].end;
    return at;
}

bool evxi_item_of(const evxi_writer *w, uint32_t node, evx_value *v)
{
    evx_value array = evxi_value_whole(w, node);
    uint32_t pos = w->nodes[node].end;

    return evx_value_item(&array, &pos, v) == EVX_OK
        && !(v->type == EVX_STRING && evx_value_empty(v));
}

evxi_class evxi_class_of_item(const evxi_writer *w, uint32_t node)
{
    evx_value v;

    if (!evxi_item_of(w, node, &v))
        return CLASS_ABSENT;
    return evx_value_empty(&v) ? CLASS_EMPTY : CLASS_CONTENT;
}

bool evxi_has_text(evxi_writer *w, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i = evxi_next(w, i))
        if (evxi_classify(w, i) == CLASS_CONTENT)
            return true;
    return false;
}

/* ---- repetition ----------------------------------------------------------------------------- */

static bool move_array(evxi_writer *w, uint32_t node, bool rewind)
{
    evx_value array = evxi_value_whole(w, node), item;
    uint32_t pos = w->nodes[node].end, next;

    if (rewind)
        pos = 0;
    else
        (void)evx_value_item(&array, &pos, &item);
    w->nodes[node].end = next = pos;
    return evx_value_item(&array, &next, &item) == EVX_OK;
}

/* The arrays of an element are those among its children and in its attributes. */
static bool move_arrays(evxi_writer *w, uint32_t element, bool rewind)
{
    bool more = false;
    uint32_t at = element + 1, end = w->nodes[element].end;

    while (at < end && evxi_step(w)) {
        const evxi_node *n = &w->nodes[at];
        if (n->flags & NODE_ARRAY && n->kind == EVX_TOKEN_VALUE)
            more |= move_array(w, at, rewind);
        at = n->kind == EVX_TOKEN_OPEN ? n->end : at + 1;
    }
    return more;
}

void evxi_rewind(evxi_writer *w, uint32_t element)
{
    if (w->nodes[element].flags & NODE_REPEAT)
        (void)move_arrays(w, element, true);
}

bool evxi_advance(evxi_writer *w, uint32_t element)
{
    return (w->nodes[element].flags & NODE_REPEAT) && move_arrays(w, element, false);
}

/* ---- content -------------------------------------------------------------------------------- */

static void put_entity(evxi_writer *w, evxi_sink *s, uint32_t node, unsigned mode)
{
    static const struct { const char *name; uint8_t len, ch; } known[] = {
        { "lt", 2, '<' }, { "gt", 2, '>' }, { "amp", 3, '&' }, { "quot", 4, '"' },
        { "apos", 4, '\'' }
    };
    evx_utf16 name = evxi_name_of(w, node);

    for (size_t i = 0; i < EVXI_COUNTOF(known); i++)
        if (evxi_name_is(&name, known[i].name, known[i].len)) {
            if (mode == MODE_JSON) {
                evxi_put_char(s, known[i].ch, mode);
                return;
            }
            evxi_put_byte(s, '&');
            evxi_put(s, known[i].name, known[i].len);
            evxi_put_byte(s, ';');
            return;
        }
    evxi_put_char(s, '&', mode);     /* nobody defines it: shown, not referred to */
    evxi_put_utf16(s, w->kernels, name.ptr, name.units, mode);
    evxi_put_byte(s, ';');
}

static void put_charref(evxi_writer *w, evxi_sink *s, uint32_t node, unsigned mode)
{
    uint32_t cp = evxi_le16(w->chunk->base + w->nodes[node].off);

    if ((cp & 0xf800) == 0xd800 || (mode != MODE_JSON && !evxi_xml_char(cp)))
        cp = 0xfffd;
    if (mode == MODE_JSON || cp == 0xfffd) {
        evxi_put_char(s, cp, mode);
        return;
    }
    EVXI_PUT(s, "&#");
    evxi_put_u64(s, cp);
    evxi_put_byte(s, ';');
}

void evxi_put_content(evxi_writer *w, evxi_sink *s, uint32_t from, uint32_t to, unsigned mode)
{
    evx_value v;

    for (uint32_t i = from; i < to && evxi_step(w); i = evxi_next(w, i))
        switch (w->nodes[i].kind) {
        case EVX_TOKEN_ENTITY:
            put_entity(w, s, i, mode);
            break;
        case EVX_TOKEN_CHARREF:
            put_charref(w, s, i, mode);
            break;
        case EVX_TOKEN_TEXT: case EVX_TOKEN_VALUE: case EVX_TOKEN_CDATA:
            if ((w->nodes[i].flags & NODE_EMPTY) || !evxi_value_of(w, i, &v))
                break;
            if (w->recorder && w->nodes[i].kind != EVX_TOKEN_CDATA)
                evxi_record_value(w, s, i, &v, mode);
            else
                evxi_put_value(w, s, &v, mode);
            break;
        default:                     /* elements and instructions are no text */
            break;
        }
}
