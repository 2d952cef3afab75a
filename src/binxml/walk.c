/* src/binxml/walk.c - tokens and slots -> one flat event stream; explicit stack, fuel */
#include "binxml/token.h"
#include "file/file.h"

/*
 * Two stacks, no recursion. `frames` holds the nested streams: the record's body, then by turns a
 * template definition and a value of type 0x21. `open` holds the elements that wait for their end
 * tag, over all streams; a stream may close only what it opened (open_base). The slots of an
 * instance live in the caller's array for as long as its frame does.
 *
 * Every token and every descriptor burns one unit of fuel, so the time a record can take is bounded
 * by its size, whatever it includes and however often.
 */
/* evx_frame.state: where the stream stands, PLACE_..., with PLACE_DEFINITION in one; and */
enum {
    GIVEN_UP = 1u << 8               /* salvage: close what is open, then leave               */
};

static const evx_limits defaults = { EVX_DEPTH_MAX, EVX_OPEN_MAX, 1024, 4, 0, 0 };

static uint32_t budget(uint32_t wanted, uint32_t standard, uint32_t most)
{
    return wanted == 0 ? standard : wanted < most ? wanted : most;
}

uint32_t evxi_name_units(const evx_limits *limits)
{
    return budget(limits->name_units, defaults.name_units, UINT16_MAX);
}

evx_status evx_walk_init(evx_walk *w, size_t size, evx_slot *slots, uint32_t count,
                         const evx_limits *limits)
{
    const evx_limits *in = limits ? limits : &defaults;

    if (size != sizeof *w)
        return EVX_E_ABI;
    memset(w, 0, sizeof *w);
    w->slots = slots;
    w->slot_cap = count;
    w->limits = *in;
    w->limits.instance_depth = budget(in->instance_depth, EVX_DEPTH_MAX, EVX_DEPTH_MAX);
    w->limits.open_elements = budget(in->open_elements, EVX_OPEN_MAX, EVX_OPEN_MAX);
    w->limits.name_units = evxi_name_units(in);
    w->limits.steps_per_byte = budget(in->steps_per_byte, defaults.steps_per_byte, 1u << 14);
    return EVX_OK;
}

uint32_t evxi_walk_steps(const evx_walk *w, const evx_record *r)
{
    return w->depth == 0 && w->sticky == EVX_E_ARG ? 0 : evxi_walk_fuel(w, r) - w->fuel;
}

evx_status evx_walk_begin(evx_walk *w, const evx_chunk *c, const evx_record *r)
{
    evx_frame *f = &w->frames[0];

    w->failed = w->sticky = EVX_OK;
    w->failed_off = w->lost_values = 0;
    w->chunk = c;
    w->slot_len = w->instances = w->open_len = w->opened = w->depth = 0;
    if (r->off > c->len || r->size > c->len - r->off)
        return w->failed = w->sticky = EVX_E_ARG;
    w->fuel = evxi_walk_fuel(w, r);
    memset(f, 0, sizeof *f);
    f->state = PLACE_STREAM;
    evxi_record_body(c, r, &f->pos, &f->end);
    w->depth = 1;
    return EVX_OK;
}

static evx_frame *top(evx_walk *w)
{
    return &w->frames[w->depth - 1];
}

static inline void stand(evx_frame *f, uint32_t place)
{
    f->state = (f->state & (PLACE_DEFINITION | GIVEN_UP)) | place;
}

static EVXI_COLD evx_status fail(evx_walk *w, evx_status code, uint32_t off)
{
    if (w->failed == EVX_OK) {
        w->failed = code;
        w->failed_off = off;
    }
    return w->sticky = code;
}

static evx_status burn(evx_walk *w, uint32_t steps, uint32_t off)
{
    if (steps > w->fuel)
        return fail(w, EVX_E_FUEL, off);
    w->fuel -= steps;
    return EVX_OK;
}

static evx_status set_name(evx_walk *w, uint32_t name, evx_token *t)
{
    evx_status st = evxi_name_get(w->chunk, name, w->limits.name_units, &t->name);

    return st < 0 ? fail(w, st, t->off) : EVX_OK;
}

static void set_text(evx_walk *w, const evxi_item *item, uint8_t kind, evx_token *t)
{
    t->kind = kind;
    t->value.type = EVX_STRING;
    t->value.raw.ptr = w->chunk->base + item->text;
    t->value.raw.len = 2 * (size_t)item->units;
}

/* ---- nested streams ------------------------------------------------------------------------- */

static evx_status push(evx_walk *w, uint32_t begin, uint32_t end, uint32_t state)
{
    evx_frame *f = &w->frames[w->depth];

    if (w->depth == EVX_FRAMES_MAX)
        return fail(w, EVX_E_DEPTH, begin);
    memset(f, 0, sizeof *f);
    f->pos = begin;
    f->end = end;
    f->state = state;
    f->open_base = w->open_len;
    f->slot_base = w->slot_len;
    w->depth++;
    return EVX_OK;
}

static evx_status leave(evx_walk *w, evx_token *t)
{
    evx_frame *f = top(w);

    t->kind = EVX_TOKEN_LEAVE;
    t->off = f->pos;
    if (f->state & PLACE_DEFINITION) {
        t->flags |= EVX_TOKEN_INSTANCE;
        w->instances--;
    }
    if (f->state & GIVEN_UP)
        t->flags |= EVX_TOKEN_SALVAGED;
    w->slot_len = f->slot_base;
    w->depth--;
    return w->depth == 0 ? EVX_END : EVX_OK;
}

static evx_status enter_instance(evx_walk *w, evx_frame *f, evx_token *t)
{
    evxi_cursor in = { w->chunk->base, f->pos, f->end, false };
    evxi_instance got;
    uint32_t room = w->slot_cap - w->slot_len;
    evx_slot *slots = room != 0 ? w->slots + w->slot_len : NULL;
    evx_status st;

    if (w->instances == w->limits.instance_depth)
        return fail(w, EVX_E_DEPTH, t->off);
    st = evxi_instance_read(&in, w->chunk, slots, room, &got);
    f->pos = in.pos;
    if (st < 0)
        return fail(w, st, t->off);
    if (burn(w, EVXI_PLANTED(3) ? 0 : got.slots, t->off) < 0
        || push(w, got.begin, got.end, PLACE_DEFINITION | PLACE_STREAM) < 0)
        return w->sticky;
    w->instances++;
    w->slot_len += got.slots;
    top(w)->slot_count = got.slots;
    w->lost_values += got.lost;
    t->kind = EVX_TOKEN_ENTER;
    t->flags |= EVX_TOKEN_INSTANCE;
    t->value.type = EVX_GUID;
    t->value.raw.ptr = w->chunk->base + got.guid;
    t->value.raw.len = 16;
    return EVX_OK;
}

static inline evx_status substitute(evx_walk *w, const evx_frame *f, const evxi_item *item,
                                    evx_token *t)
{
    const evx_slot *s;

    t->kind = EVX_TOKEN_VALUE;
    t->index = item->index;
    if (item->token == TOKEN_OPTIONAL)
        t->flags |= EVX_TOKEN_OPTIONAL;
    t->value.raw.ptr = w->chunk->base;
    if (item->index >= f->slot_count) {
        t->flags |= EVX_TOKEN_MISSING;
        return EVX_OK;
    }
    s = &w->slots[f->slot_base + item->index];
    if (s->flags & EVX_SLOT_LOST)
        t->flags |= EVX_TOKEN_MISSING;
    t->value.type = s->type;
    t->value.raw.ptr += s->off;
    t->value.raw.len = s->len;
    if (s->type != EVX_BINXML || s->len == 0 || (f->state & LISTS))
        return EVX_OK;
    t->kind = EVX_TOKEN_ENTER;
    return push(w, s->off, (uint32_t)s->off + s->len, PLACE_STREAM);
}

/* ---- elements ------------------------------------------------------------------------------- */

static bool depends_on_null(const evx_walk *w, const evx_frame *f, uint32_t index)
{
    if (!(f->state & PLACE_DEFINITION) || index == 0xffff)
        return false;
    return index >= f->slot_count || w->slots[f->slot_base + index].type == EVX_NULL;
}

static inline evx_status open_element(evx_walk *w, evx_frame *f, const evxi_item *item,
                                      evx_token *t)
{
    if (set_name(w, item->name, t) < 0)
        return w->sticky;
    if (w->open_len == w->limits.open_elements)
        return fail(w, EVX_E_OPEN, t->off);
    t->kind = EVX_TOKEN_OPEN;
    if (depends_on_null(w, f, item->index))
        t->flags |= EVX_TOKEN_OMIT;
    w->open[w->open_len++] = item->name;
    w->opened = 1;
    stand(f, PLACE_LIST);
    return EVX_OK;
}

static inline evx_status close_element(evx_walk *w, evx_frame *f, evx_token *t)
{
    t->kind = EVX_TOKEN_CLOSE;
    t->depth = (uint16_t)--w->open_len;
    stand(f, w->open_len == f->open_base ? PLACE_STREAM : PLACE_CONTENT);
    t->name = evxi_name_again(w->chunk, w->open[w->open_len]);
    return EVX_OK;
}

static evx_status end_stream(evx_walk *w, evx_token *t)
{
    evx_frame *f = top(w);

    if (w->open_len != f->open_base)
        return fail(w, EVX_E_BALANCE, f->pos);
    return leave(w, t);
}

/* ---- the step ------------------------------------------------------------------------------- */

/* Every kind of token; t->kind stays 0 where it tells the caller nothing. */
static inline evx_status dispatch(evx_walk *w, evx_frame *f, const evxi_item *item, evx_token *t)
{
    switch (item->token) {
    case TOKEN_EOF:
        return end_stream(w, t);
    case TOKEN_FRAGMENT:
        return EVX_OK;
    case TOKEN_OPEN:
        return open_element(w, f, item, t);
    case TOKEN_ATTRIBUTE:
        stand(f, PLACE_ATTRIBUTE);
        t->kind = EVX_TOKEN_ATTRIBUTE;
        return set_name(w, item->name, t);
    case TOKEN_BODY:
        stand(f, PLACE_CONTENT);
        t->kind = EVX_TOKEN_BODY;
        return EVX_OK;
    case TOKEN_EMPTY:
        t->flags |= EVX_TOKEN_BARE;
        return close_element(w, f, t);
    case TOKEN_END:
        return close_element(w, f, t);
    case TOKEN_VALUE:
        set_text(w, item, EVX_TOKEN_TEXT, t);
        return EVX_OK;
    case TOKEN_CDATA:
        set_text(w, item, EVX_TOKEN_CDATA, t);
        return EVX_OK;
    case TOKEN_PI_DATA:
        set_text(w, item, EVX_TOKEN_PI_DATA, t);
        return EVX_OK;
    case TOKEN_CHARREF:
        t->kind = EVX_TOKEN_CHARREF;
        t->value.type = EVX_UINT16;
        t->value.raw.ptr = w->chunk->base + f->pos - 2;
        t->value.raw.len = 2;
        return EVX_OK;
    case TOKEN_ENTITY:
        t->kind = EVX_TOKEN_ENTITY;
        return set_name(w, item->name, t);
    case TOKEN_PI_TARGET:
        t->kind = EVX_TOKEN_PI_TARGET;
        return set_name(w, item->name, t);
    case TOKEN_INSTANCE:
        return enter_instance(w, f, t);
    default:
        return substitute(w, f, item, t);
    }
}

static inline void begin_token(const evx_walk *w, const evx_frame *f, evx_token *t)
{
    memset(t, 0, sizeof *t);
    t->off = f->pos;
    t->depth = (uint16_t)w->open_len;
    if (f->state & PLACE_ATTRIBUTE)
        t->flags = EVX_TOKEN_IN_ATTRIBUTE;
}

static inline evx_status step(evx_walk *w, evx_frame *f, evx_token *t)
{
    uint32_t pos = f->pos;
    evxi_item item;
    evx_status st;

    begin_token(w, f, t);
    if (burn(w, 1, pos) < 0)
        return w->sticky;
    if (pos == f->end)               /* the EOF token is not there: as good as if it were */
        return end_stream(w, t);
    st = evxi_item_get(w->chunk->base, &pos, f->end, f->state, &item);
    if (EVXI_UNLIKELY(st < 0))
        return fail(w, st, t->off);
    f->pos = pos;
    if (item.token == TOKEN_ATTRIBUTE || item.token == TOKEN_BODY || item.token == TOKEN_EMPTY)
        t->flags = 0;
    return dispatch(w, f, &item, t);
}

/* One of the end tags that the bytes no longer hold, or the end of a stream given up. */
static EVXI_COLD evx_status close_given_up(evx_walk *w, evx_frame *f, evx_token *t)
{
    begin_token(w, f, t);
    t->flags = EVX_TOKEN_SALVAGED;
    return w->open_len > f->open_base ? close_element(w, f, t) : leave(w, t);
}

evx_status evx_walk_next(evx_walk *w, evx_token *t)
{
    while (w->sticky == EVX_OK && w->depth > 0) {
        evx_frame *f = top(w);
        evx_status st = f->state & GIVEN_UP ? close_given_up(w, f, t) : step(w, f, t);
        if (st != EVX_OK || t->kind != 0)
            return st;
    }
    return w->sticky == EVX_OK ? EVX_END : w->sticky;
}

uint32_t evx_walk_end(const evx_walk *w)
{
    return w->depth == 0 && w->sticky == EVX_OK ? w->frames[0].pos : 0;
}

static bool is_limit(evx_status code)
{
    return code == EVX_E_DEPTH || code == EVX_E_FUEL || code == EVX_E_OPEN || code == EVX_E_NAME
        || code == EVX_E_SPACE || code == EVX_E_ARG;
}

evx_status evx_walk_salvage(evx_walk *w)
{
    if (w->sticky == EVX_OK)
        return EVX_E_ARG;
    if (is_limit(w->sticky) || !w->opened || w->depth == 0)
        return w->sticky;
    w->sticky = EVX_OK;
    top(w)->state |= GIVEN_UP;
    return EVX_OK;
}
