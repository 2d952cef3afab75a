/* src/text/values.c - a record whose template is lost: its values, with their types */
#include "binxml/binxml.h"
#include "file/file.h"
#include "text/program.h"

/*
 * Descriptors stand beside the values and say type and size, so that a record tells much without
 * its template: in all templates of Windows that are known, the System fields have the same places
 * (the first 13 values of the outer instance). Nested instances are shown inside their value.
 */
enum { DEPTH_MAX = 4 };

/* An instance whose values are being shown. */
typedef struct level {
    evxi_layout place;
    uint32_t index, at;              /* the next value, and where it stands                   */
    uint32_t end;                    /* of the stream                                         */
} level;

static const char *type_name(uint8_t type)
{
    static const char *const names[] = {
        "Null", "String", "AnsiString", "Int8", "UInt8", "Int16", "UInt16", "Int32", "UInt32",
        "Int64", "UInt64", "Real32", "Real64", "Bool", "Binary", "Guid", "SizeT", "FileTime",
        "SysTime", "Sid", "HexInt32", "HexInt64"
    };

    type &= 0x7f;
    if (type < EVXI_COUNTOF(names))
        return names[type];
    return type == EVX_BINXML ? "BinXml" : "unknown";
}

static const char *field_name(uint32_t index, uint8_t type)
{
    static const struct { uint8_t type; const char *name; } fields[] = {
        { EVX_UINT8, "Level" }, { EVX_UINT8, "Opcode" }, { EVX_UINT16, "Task" },
        { EVX_UINT16, "EventID" }, { EVX_UINT16, "Qualifiers" }, { EVX_HEX64, "Keywords" },
        { EVX_FILETIME, "TimeCreated" }, { EVX_GUID, "ActivityID" }, { EVX_UINT32, "ProcessID" },
        { EVX_UINT32, "ThreadID" }, { EVX_UINT64, "EventRecordID" }, { EVX_UINT8, "Version" },
        { EVX_SID, "UserID" }
    };

    return index < EVXI_COUNTOF(fields) && fields[index].type == type ? fields[index].name : NULL;
}

/* ---- the bytes ------------------------------------------------------------------------------ */

/* In bytes without a chunk nobody knows what an offset counts from: a definition stands here when
 * its GUID begins as the instance says. */
static bool read_place(const evx_chunk *c, uint32_t begin, uint32_t end, evxi_layout *p)
{
    uint32_t fragments = 0, at, size;
    bool fits = evxi_layout_read(c, begin, end, p, &fragments);
    const uint8_t *head;

    if (!fits && p->descriptors == 0)
        return false;
    at = p->descriptors - 4;
    head = c->base + at;
    if (p->resident || end - at < EVXI_DEFINITION_HEAD + 4
        || evxi_le32(head + EVXI_DEFINITION_GUID) != p->id)
        return fits;
    size = evxi_le32(head + EVXI_DEFINITION_SIZE);
    if (size > end - at - EVXI_DEFINITION_HEAD - 4)
        return fits;
    at += EVXI_DEFINITION_HEAD + size;
    p->count = evxi_le32(c->base + at);
    p->descriptors = at + 4;
    if (p->count > (end - p->descriptors) / 4)
        return false;
    p->values = p->descriptors + 4 * p->count;
    return true;
}

static bool enter(level *l, const evx_chunk *c, uint32_t begin, uint32_t end)
{
    l->index = 0;
    l->end = end;
    if (!read_place(c, begin, end, &l->place))
        return false;
    l->at = l->place.values;
    return true;
}

/* ---- the text ------------------------------------------------------------------------------- */

static void put(evxi_writer *w, const char *text)
{
    evxi_put(&w->sink, text, evxi_length(text));
}

/* key":  or  key=  with what stands in front of it */
static void put_key(evxi_writer *w, const char *key, bool json, bool first)
{
    put(w, json ? (first ? "\"" : ",\"") : " ");
    put(w, key);
    put(w, json ? "\":" : "=");
}

static void put_word(evxi_writer *w, const char *key, const char *word, bool json)
{
    put_key(w, key, json, false);
    put(w, "\"");
    put(w, word);
    put(w, "\"");
}

static void put_number(evxi_writer *w, const char *key, uint64_t x, bool json, bool first)
{
    put_key(w, key, json, first);
    put(w, json ? "" : "\"");
    evxi_put_u64(&w->sink, x);
    put(w, json ? "" : "\"");
}

/* A number in some other writing, between quotes. */
static void put_typed(evxi_writer *w, const char *key, uint64_t x, uint8_t type, bool json)
{
    uint8_t raw[8];
    evx_value v = { { raw, type == EVX_HEX32 ? 4 : 8 }, type };

    for (unsigned i = 0; i < 8; i++)
        raw[i] = (uint8_t)(x >> (8 * i));
    put_key(w, key, json, false);
    put(w, "\"");
    evxi_put_value(w, &w->sink, &v, MODE_JSON);
    put(w, "\"");
}

static void put_content(evxi_writer *w, const evx_value *v, bool json)
{
    bool bare = json && evxi_value_is_bare(v);

    if (json)
        put(w, bare ? ",\"value\":" : ",\"value\":\"");
    evxi_put_value(w, &w->sink, v, json ? MODE_JSON : MODE_XML);
    put(w, !json ? "</Value>" : bare ? "}" : "\"}");
}

/* The next value of the innermost instance. False: it holds an instance, to be entered. */
static bool put_value(evxi_writer *w, level *l, bool outer, bool json, level *inner)
{
    const uint8_t *d = w->chunk->base + l->place.descriptors + 4 * (size_t)l->index;
    uint32_t size = evxi_le16(d), left = l->end - l->at;
    evx_value v = { { w->chunk->base + l->at, size < left ? size : left }, d[2] };
    const char *name = outer ? field_name(l->index, v.type) : NULL;
    bool nested;

    if (v.type == EVX_UTF8)
        v.type = EVX_BINARY;
    nested = v.type == EVX_BINXML && enter(inner, w->chunk, l->at, l->at + (uint32_t)v.raw.len);
    if (nested == false && v.type == EVX_BINXML)
        v.type = EVX_BINARY;
    put(w, json ? (l->index > 0 ? ",{" : "{") : "<Value");
    put_number(w, "index", l->index++, json, true);
    put_word(w, "type", type_name(nested ? EVX_BINXML : d[2]), json);
    if (d[2] & EVX_ARRAY)
        put_word(w, "array", "true", json);
    if (name)
        put_word(w, "name", name, json);
    l->at += (uint32_t)v.raw.len;
    if (nested) {
        put_typed(w, "template", inner->place.id, EVX_HEX32, json);
        put(w, json ? ",\"values\":[" : ">");
        return false;
    }
    put(w, json ? "" : ">");
    put_content(w, &v, json);
    return true;
}

static void put_levels(evxi_writer *w, level *levels, bool json)
{
    uint32_t depth = 1;

    while (depth > 0 && evxi_step(w)) {
        level *l = &levels[depth - 1];
        if (l->index == l->place.count) {
            depth--;
            if (depth > 0)
                put(w, json ? "]}" : "</Value>");
        } else if (!put_value(w, l, depth == 1, json, &levels[depth])) {
            depth++;
        }
        if (depth == DEPTH_MAX)      /* deeper than any log: its values stay unsaid */
            levels[depth - 1].index = levels[depth - 1].place.count;
    }
}

static void write(evxi_writer *w, level *levels, const evx_record *r, bool json)
{
    put(w, json ? "{\"Values\":{" : "<Values");
    put_number(w, "record", r->id, json, true);
    put_typed(w, "written", r->written, EVX_FILETIME, json);
    put_typed(w, "template", levels[0].place.id, EVX_HEX32, json);
    put(w, json ? ",\"values\":[" : ">");
    put_levels(w, levels, json);
    put(w, json ? "]}}" : "</Values>\n");
}

evx_status evx_text_values(evx_text *t, const evx_chunk *c, const evx_record *r, evx_out *out)
{
    level levels[DEPTH_MAX + 1];
    uint32_t begin, end;
    evxi_writer w;

    if (out->failed < 0)
        return out->failed;
    if (r->off > c->len || r->size > c->len - r->off)
        return EVX_E_ARG;
    evxi_record_body(c, r, &begin, &end);
    if (!enter(&levels[0], c, begin, end))
        return EVX_E_TEMPLATE;
    for (unsigned again = 0; again < 2; again++) {
        uint8_t *room = out->buf ? out->buf + out->len : (uint8_t *)&w;
        evxi_sink sink = { room, out->buf ? out->buf + out->cap : room, 0, 64u * EVX_CHUNK_SIZE,
                           NULL };
        memset(&w, 0, sizeof w);
        w.sink = sink;
        w.chunk = c;
        w.kernels = t->config.kernels;
        w.ansi = t->config.ansi;
        w.style = t->config.style;
        w.work = 128u * EVX_CHUNK_SIZE;
        write(&w, levels, r, t->config.format == EVX_JSON);
        if (w.status < 0 || !out->buf || w.sink.count <= out->cap - out->len)
            break;
        if (!out->flush || evx_out_flush(out) < 0)
            return out->failed < 0 ? out->failed : EVX_E_SPACE;
        (void)enter(&levels[0], c, begin, end);
    }
    if (w.status < 0)
        return w.status;
    if (out->buf && w.sink.count > out->cap - out->len)
        return EVX_E_SPACE;
    if (out->buf)
        out->len += (size_t)w.sink.count;
    out->total += w.sink.count;
    return EVX_OK;
}
