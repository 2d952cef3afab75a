/* src/text/text.c - record -> judged, then written, by the walk */
#include "base/arena.h"
#include "file/file.h"
#include "text/text.h"

/*
 * A record goes through three steps. The tree is built: that judges the bytes. Then a writer runs
 * over it with what is left of the caller's buffer as its room: mostly all fits, and that was it.
 * Otherwise the pass has counted what the text takes and found it within the budgets, and a second
 * pass writes it through the flush. So nothing is written of a record that will not be written.
 */
enum { WORK_MIN = 16384, KEYS_LEAST = 256, KEYS_FIRST = 1024, CHUNK_TEXT = 65 * EVX_CHUNK_SIZE };

_Static_assert(EVX_TEXT_WORK >= EVX_SLOTS_WORST * sizeof(evx_slot) + 32768 * sizeof(evxi_node)
               + EVXI_KEYS_MAX * sizeof(uint64_t) + (EVX_OPEN_MAX + 1) * sizeof(evxi_frame)
               + EVXI_KEY_MAX, "the documented work memory holds all of it");

static bool valid(const evx_text_config *c)
{
    const uint32_t flags = EVX_TEXT_COMPACT | EVX_TEXT_DECLARATION | EVX_TEXT_SEPARATE;

    return (c->format == EVX_XML || c->format == EVX_JSON) && c->style <= EVX_STYLE_WINDOWS
        && !(c->flags & ~flags) && c->work;
}

/* Programs hold what these have decided. */
static bool may_share(const evx_text_config *c)
{
    const evx_programs *p = c->programs;
    const evx_limits *a = &c->limits, *b = p ? &p->like.limits : NULL;

    return !p || (c->sharer < EVX_SHARERS_MAX && c->format == p->like.format
                  && c->style == p->like.style && c->flags == p->like.flags
                  && c->ansi == p->like.ansi && a->instance_depth == b->instance_depth
                  && a->open_elements == b->open_elements && a->name_units == b->name_units
                  && a->steps_per_byte == b->steps_per_byte && a->record_text == b->record_text
                  && a->chunk_text == b->chunk_text);
}

/* Slots, nodes and keys share what the frames and the key buffer leave: 1 : 4 : 4. */
static void lay_out(evx_text *t, evxi_arena *a, uint32_t *slots, evx_slot **slot)
{
    size_t left, share;

    t->frames = evxi_bump(a, (EVX_OPEN_MAX + 1) * sizeof(evxi_frame));
    t->key = evxi_bump(a, EVXI_KEY_MAX);
    left = a->len - a->used - 64;
    share = left / 9;
    *slots = share / sizeof(evx_slot) < EVX_SLOTS_WORST ? (uint32_t)(share / sizeof(evx_slot))
                                                        : EVX_SLOTS_WORST;
    t->key_cap = KEYS_LEAST;
    while (t->key_cap < EVXI_KEYS_MAX && 2 * t->key_cap * sizeof(uint64_t) <= 4 * share)
        t->key_cap *= 2;
    *slot = evxi_bump(a, *slots * sizeof(evx_slot));
    t->keys = evxi_bump(a, t->key_cap * sizeof(uint64_t));
    left = (a->len - a->used - 8) / sizeof(evxi_node);
    t->node_cap = left < 32768 ? (uint32_t)left : 32768;
    t->nodes = evxi_bump(a, t->node_cap * sizeof(evxi_node));
}

evx_status evx_text_init(evx_text *t, size_t size, const evx_text_config *config)
{
    evxi_arena a = { config->work, config->work_len, 0 };
    uint32_t slots;
    evx_slot *slot;
    evx_status st;

    if (size != sizeof *t)
        return EVX_E_ABI;
    if (!valid(config) || !may_share(config))
        return EVX_E_ARG;
    if (config->work_len < WORK_MIN)
        return EVX_E_SPACE;
    memset(t, 0, sizeof *t);
    t->config = *config;
    if (config->style == EVX_STYLE_WINDOWS)
        t->config.flags |= EVX_TEXT_COMPACT;
    if (!t->config.kernels)
        t->config.kernels = &evxi_kernels_portable;
    lay_out(t, &a, &slots, &slot);
    st = evx_walk_init(&t->walk, sizeof t->walk, slot, slots, &config->limits);
    t->store = evxi_store_begin(config, t->walk.limits.name_units);
    return st;
}

/* ---- budgets -------------------------------------------------------------------------------- */

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t standard_budget(const evx_record *r)
{
    return larger(64 * (uint64_t)r->size, 1u << 20);
}

static uint64_t record_budget(const evx_text *t, const evx_record *r)
{
    return t->config.limits.record_text != 0 ? t->config.limits.record_text : standard_budget(r);
}

/* Records of a chunk come in order, so one that does not lie behind the last begins a new chunk. */
static void enter_chunk(evx_text *t, const evx_chunk *c, const evx_record *r)
{
    uint64_t mark = evxi_chunk_mark(c);

    if (t->chunk_base != c->base || t->chunk_off != c->file_off || t->chunk_mark != mark
        || r->off <= t->last_off) {
        t->chunk_spent = t->chunk_steps = t->chunk_vain = 0;
        t->serial++;
    }
    t->chunk_base = c->base;
    t->chunk_off = c->file_off;
    t->chunk_mark = mark;
    t->last_off = r->off;
}

void evx_text_renew(evx_text *t)
{
    t->last_off = UINT32_MAX;
    if (t->store)
        evxi_store_rest(t);
}

static uint64_t chunk_budget(const evx_text *t)
{
    uint64_t limit = t->config.limits.chunk_text;

    if (limit == 0)
        limit = CHUNK_TEXT;
    return limit > t->chunk_spent ? limit - t->chunk_spent : 0;
}

static uint64_t text_budget(const evx_text *t, const evx_record *r)
{
    return smaller(record_budget(t, r), chunk_budget(t));
}

/*
 * Looking costs too, also where nothing comes of it, and so does text that is thrown away: a chunk
 * has as much for all of that together as it has for text. A record may take four times what it may
 * for text, but never more than three quarters of what is left, so that those behind it are read as
 * well. The dearest of 718 real chunks took 14 units for each of its 65,536 bytes, and may take 65.
 */
static uint64_t work_budget(const evx_text *t, const evx_record *r)
{
    uint64_t limit = larger(t->config.limits.chunk_text, CHUNK_TEXT);
    uint64_t spent = evxi_cost(t->chunk_steps, t->chunk_spent + t->chunk_vain);
    uint64_t left = limit > spent ? limit - spent : 0;

    return smaller(left - left / 4, 4 * larger(record_budget(t, r), standard_budget(r)));
}

/* ---- passes --------------------------------------------------------------------------------- */

static void begin_pass(evxi_writer *w, const evx_text *t, const evx_chunk *c, uint32_t keys)
{
    uint64_t work = w->work, steps = w->steps, vain = w->vain;
    evxi_recorder *recorder = w->recorder;

    memset(w, 0, sizeof *w);
    w->work = work;
    w->steps = steps;
    w->vain = vain;
    w->recorder = recorder;
    if (recorder)
        evxi_recorder_begin(recorder);
    w->chunk = c;
    w->nodes = t->nodes;
    w->count = t->node_len;
    w->root = t->root;
    w->frames = t->frames;
    w->keys = t->keys;
    w->key_mask = keys - 1;
    w->key = t->key;
    w->kernels = t->config.kernels;
    w->ansi = t->config.ansi;
    w->flags = t->config.flags;
    w->style = t->config.style;
    memset(w->keys, 0, keys * sizeof *w->keys);
}

/* Where a limit ends the text, it depends on the buffer how much of the last string was written. */
static uint64_t made(const evxi_sink *s)
{
    return s->count > s->limit ? s->limit + 1 : s->count;
}

/* One pass with a table of keys that is large enough; the table is small for most records, so that
 * clearing it costs nothing. */
static evx_status pass(evxi_writer *w, const evx_text *t, const evx_chunk *c,
                       const evxi_sink *sink, uint32_t keys)
{
    w->steps = w->vain = 0;
    for (;; keys *= 4) {
        if (keys > t->key_cap)
            keys = t->key_cap;
        begin_pass(w, t, c, keys);
        w->sink = *sink;
        if (t->config.format == EVX_XML)
            evxi_write_xml(w);
        else
            evxi_write_json(w);
        if (w->status != EVX_E_SPACE || keys == t->key_cap || w->recorder)
            break;                   /* what a program writes must cost what the walk takes for it:
                                        text in vain is as long as the values                 */
        w->vain += made(&w->sink);
    }
    if (w->status == EVX_OK && w->sink.count > w->sink.limit)
        w->status = EVX_E_TEXT_MAX;
    if (w->status == EVX_OK && evxi_spent(w) > w->work)
        w->status = EVX_E_FUEL;
    return w->status;
}

evx_status evxi_pass(evxi_writer *w, const evx_text *t, const evx_chunk *c,
                     const evxi_sink *sink)
{
    return pass(w, t, c, sink, KEYS_FIRST);
}

/* Write for real what `counted` has counted, with a table of keys that is known to do. */
static evx_status flush_through(const evx_text *t, const evxi_writer *counted, evx_out *out)
{
    evxi_writer w;
    evxi_sink sink = { (uint8_t *)&w, (uint8_t *)&w, 0, counted->sink.limit, out };
    evx_status st;

    w.work = counted->work;
    w.recorder = NULL;
    if (!out->flush)
        return EVX_E_SPACE;
    if (evx_out_flush(out) < 0)
        return out->failed;
    st = pass(&w, t, counted->chunk, &sink, counted->key_mask + 1);
    if (out->failed < 0)
        return out->failed;
    return st < 0 || w.sink.count != counted->sink.count ? EVX_E_BUG : EVX_OK;
}

static evx_status write(evx_text *t, const evx_chunk *c, const evx_record *r, evx_out *out)
{
    uint64_t budget = record_budget(t, r), chunk_left = chunk_budget(t);
    evxi_writer w;
    uint8_t *room = out->buf ? out->buf + out->len : (uint8_t *)&w;
    evxi_sink sink = { room, out->buf ? out->buf + out->cap : room, 0, 0, NULL };
    evx_status st;

    w.work = work_budget(t, r);
    sink.limit = smaller(smaller(budget, chunk_left), w.work);
    w.recorder = NULL;
    st = pass(&w, t, c, &sink, KEYS_FIRST);
    t->chunk_steps += w.steps;
    t->chunk_vain += w.vain + (st < 0 ? made(&w.sink) : 0);
    if (st == EVX_E_TEXT_MAX && sink.limit < budget)
        st = sink.limit == chunk_left ? EVX_E_CHUNK_TEXT : EVX_E_FUEL;
    if (st < 0)
        return st;
    t->chunk_spent += EVXI_PLANTED(7) ? 0 : w.sink.count;
    if (out->buf && w.sink.count <= out->cap - out->len)
        out->len += (size_t)w.sink.count;
    else if (out->buf)
        st = flush_through(t, &w, out);
    if (st == EVX_OK)
        out->total += w.sink.count;
    return st;
}

/* The walk's way, which defines all results. */
static EVXI_COLD evx_status walk(evx_text *t, const evx_chunk *c, const evx_record *r, evx_out *out)
{
    uint64_t before = t->chunk_steps, after;
    evx_status st = evxi_tree_build(t, c, r), learned = EVX_SKIP;

    after = t->chunk_steps;
    t->chunk_steps = before;         /* a program charges all by itself */
    if (st == EVX_OK && evxi_store_learns(t))
        learned = evxi_store_learn(t, c, r, out, text_budget(t, r), work_budget(t, r));
    if (learned != EVX_SKIP)
        return learned;
    t->chunk_steps = after + evxi_walk_steps(&t->walk, r);
    return st == EVX_OK ? write(t, c, r, out) : st;
}

evx_status evx_text_record(evx_text *t, const evx_chunk *c, const evx_record *r, evx_out *out)
{
    evx_status st = EVX_SKIP;

    t->damage = 0;
    t->failed = EVX_OK;
    t->failed_off = 0;
    if (out->failed < 0)
        return out->failed;
    enter_chunk(t, c, r);
    if (work_budget(t, r) == 0)
        return EVX_E_FUEL;
    if (t->store)
        st = evxi_store_write(t, c, r, out, text_budget(t, r), work_budget(t, r));
    return st == EVX_SKIP ? walk(t, c, r, out) : st;
}
