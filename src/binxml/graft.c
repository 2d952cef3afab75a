/* src/binxml/graft.c - a record whose definitions are lost, with those of its provider */
#include "binxml/binxml.h"
#include "file/file.h"
#include "evx/wevt.h"

/*
 * The text of a record comes from its chunk alone. So a definition from elsewhere is written into a
 * copy of the chunk, with its names inline, and the instance's offset is turned to it. Names and
 * definitions are only referred to backwards, and they stand in records that brought definitions
 * or elements of their own; the bytes behind the record, and those of records that only brought
 * values, can be written over.
 */

/* ---- room ----------------------------------------------------------------------------------- */

static bool brings_names(const evx_chunk *c, uint32_t begin, uint32_t end)
{
    uint32_t fragments = 0;

    for (unsigned depth = 0; depth < EVX_GRAFT_LEVELS; depth++) {
        uint32_t at, inner = 0;
        evxi_layout p;
        if (!evxi_layout_read(c, begin, end, &p, &fragments) || p.resident)
            return true;
        at = p.values;
        for (uint32_t i = 0; i < p.count && at <= end; i++) {
            const uint8_t *d = c->base + p.descriptors + EVXI_DESCRIPTOR * (size_t)i;
            if (d[2] == EVX_BINXML && evxi_le16(d) > 0) {
                if (inner != 0)
                    return true;     /* two of them: not looked into                          */
                inner = at;
                begin = at;
            }
            at += evxi_le16(d);
        }
        if (at > end)
            return true;
        if (inner == 0)
            return false;
    }
    return true;
}

static void take_room(evx_graft *g, uint32_t begin, uint32_t end)
{
    if (end > begin && end - begin > g->room_end - g->room) {
        g->room = begin;
        g->room_end = end;
    }
}

/* The longest run of bytes that the record can do without. */
static void find_room(evx_graft *g, const evx_chunk *c, const evx_record *own)
{
    uint32_t begin = 0, end = 0;
    evx_records it;
    evx_record r;
    evx_status st;

    take_room(g, own->off + own->size, EVX_CHUNK_SIZE);
    evx_records_begin(&it, c);
    while ((st = evx_records_next(&it, &r)) != EVX_END && r.off < own->off) {
        uint32_t body, body_end;
        if (st != EVX_OK)
            continue;
        evxi_record_body(c, &r, &body, &body_end);
        if (brings_names(c, body, body_end))
            continue;
        begin = r.off == end ? begin : r.off;
        end = r.off + r.size;
        if (end <= own->off)
            take_room(g, begin, end);
    }
}

/* ---- instances ------------------------------------------------------------------------------ */

static bool enter(evx_graft *g, uint32_t begin, uint32_t end)
{
    uint32_t fragments = 0;
    evxi_layout p;

    if (g->depth == EVX_GRAFT_LEVELS
        || !evxi_layout_read(&g->chunk, begin, end, &p, &fragments))
        return false;
    g->levels[g->depth].descriptor = p.descriptors;
    g->levels[g->depth].left = p.count;
    g->levels[g->depth].at = p.values;
    g->levels[g->depth].end = end;
    g->depth++;
    if (!p.resident && !evxi_definition_stands(&g->chunk, p.definition, g->chunk.len, p.id))
        g->lost = p.descriptors - 8;  /* where the definition's offset stands                  */
    return true;
}

evx_status evx_graft_begin(evx_graft *g, size_t size, uint8_t *memory, const evx_chunk *c,
                           const evx_record *r)
{
    uint32_t begin, end;

    if (size != sizeof *g)
        return EVX_E_ABI;
    if (r->off > c->len || r->size > c->len - r->off || c->len > EVX_CHUNK_SIZE)
        return EVX_E_ARG;
    memset(g, 0, sizeof *g);
    g->memory = memory;
    memcpy(memory, c->base, c->len);
    memset(memory + c->len, 0, EVX_CHUNK_SIZE - c->len);
    g->chunk = *c;
    g->chunk.base = memory;
    g->record = *r;
    find_room(g, &g->chunk, r);
    g->chunk.len = EVX_CHUNK_SIZE;
    evxi_record_body(c, r, &begin, &end);
    return enter(g, begin, end) ? EVX_OK : EVX_E_TEMPLATE;
}

evx_status evx_graft_next(evx_graft *g, uint32_t *id, uint32_t *values)
{
    while (g->lost == 0 && g->depth > 0) {
        const uint8_t *d = g->chunk.base + g->levels[g->depth - 1].descriptor;
        uint32_t at = g->levels[g->depth - 1].at, end = g->levels[g->depth - 1].end, size;
        if (g->levels[g->depth - 1].left == 0) {
            g->depth--;
            continue;
        }
        size = evxi_le16(d);
        size = size < end - at ? size : end - at;
        g->levels[g->depth - 1].left--;
        g->levels[g->depth - 1].descriptor += EVXI_DESCRIPTOR;
        g->levels[g->depth - 1].at = at + size;
        if (d[2] == EVX_BINXML)
            (void)enter(g, at, at + size);
    }
    if (g->lost == 0)
        return EVX_END;
    *id = evxi_le32(g->chunk.base + g->lost - 4);
    *values = evxi_le32(g->chunk.base + g->lost + 4);
    return EVX_OK;
}

/* ---- a definition --------------------------------------------------------------------------- */

typedef struct writer {
    uint8_t *base;
    uint32_t pos, end;
    bool full;
} writer;

static void put_bytes(writer *w, const uint8_t *p, uint32_t n)
{
    if (n > w->end - w->pos) {
        w->full = true;
        return;
    }
    memcpy(w->base + w->pos, p, n);
    w->pos += n;
}

static void put_u32(writer *w, uint32_t x)
{
    uint8_t raw[4] = { (uint8_t)x, (uint8_t)(x >> 8), (uint8_t)(x >> 16), (uint8_t)(x >> 24) };

    put_bytes(w, raw, sizeof raw);
}

/* Each name gets the offset of the place right behind it, and an entry with a link. Lengths of
 * elements stay as they are, too short now: no reader needs them. */
static evx_status put_stream(writer *w, evx_bytes body)
{
    evxi_scan scan;
    evxi_item item;
    evx_status st;

    evxi_scan_begin_wire(&scan, body);
    while ((st = evxi_scan_next(&scan, &item)) == EVX_OK) {
        uint32_t name = evxi_scan_name_at(&item);
        if (name != 0) {
            put_bytes(w, body.ptr + item.off, name - item.off);
            put_u32(w, w->pos + 4);
            put_u32(w, 0);
            put_bytes(w, body.ptr + name, scan.in.pos - name);
        } else {
            put_bytes(w, body.ptr + item.off, scan.in.pos - item.off);
        }
    }
    put_bytes(w, (const uint8_t *)"", 1);           /* EOF */
    return st != EVX_END ? st : w->full ? EVX_E_SPACE : EVX_OK;
}

evx_status evx_graft_put(evx_graft *g, const evx_wevt_template *t)
{
    writer w = { g->memory, g->room, g->room_end, false }, head = w;
    uint32_t at = g->room;
    evx_status st;

    if (g->lost == 0 || evxi_le32(t->guid) != evxi_le32(g->memory + g->lost - 4))
        return EVX_E_ARG;
    put_u32(&w, 0);
    put_bytes(&w, t->guid, sizeof t->guid);
    head.pos = w.pos;
    put_u32(&w, 0);
    st = put_stream(&w, t->body);
    if (st < 0)
        return st;
    put_u32(&head, w.pos - head.pos - 4);
    head.pos = g->lost;
    head.end = g->lost + 4;
    put_u32(&head, at);
    g->room = w.pos;
    g->lost = 0;
    return EVX_OK;
}
