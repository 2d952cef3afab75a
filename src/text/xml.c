/* src/text/xml.c - what XML puts around an event */
#include "base/utf.h"
#include "text/text.h"

/*
 * An element without content takes two lines (but for Binary, whose end tag follows at once); one
 * with text only takes one; one with child elements gives every child a line of its own. That is
 * evtx_dump's layout, and without EVX_TEXT_COMPACT it is ours. Windows writes no line breaks, and
 * <X/> where the log has a token for it.
 */
enum { CHILD_OPEN = 1u << 0 };       /* evxi_frame.flags: `at` is being written, item by item */

static void new_line(evxi_writer *w)
{
    if (!(w->flags & EVX_TEXT_COMPACT))
        evxi_put_byte(&w->sink, '\n');
}

static void indent(evxi_writer *w)
{
    if (!(w->flags & EVX_TEXT_COMPACT))
        for (uint32_t i = 0; i < w->depth; i++)
            EVXI_PUT(&w->sink, "  ");
}

static void put_name(evxi_writer *w, uint32_t node)
{
    evx_utf16 name = evxi_name_of(w, node);

    w->steps += evxi_put_xml_name(&w->sink, &name);
}

static void end_tag(evxi_writer *w, uint32_t element)
{
    EVXI_PUT(&w->sink, "</");
    put_name(w, element);
    evxi_put_byte(&w->sink, '>');
    new_line(w);
}

/* ---- attributes ----------------------------------------------------------------------------- */

static uint32_t find_suffix(evxi_writer *w, const evx_utf16 *name, uint16_t object)
{
    evxi_sink key = { w->key, w->key + EVXI_KEY_MAX, 0, UINT64_MAX, NULL };

    w->steps += evxi_put_xml_name(&key, name);
    return evxi_keys_add(w, object, w->key, (size_t)key.count);
}

static void put_attribute(evxi_writer *w, uint32_t attribute, uint16_t object)
{
    evx_utf16 name = evxi_name_of(w, attribute);
    uint32_t suffix = object != 0 ? find_suffix(w, &name, object) : 0;
    uint8_t quote = w->style == EVX_STYLE_WINDOWS ? '\'' : '"';

    evxi_put_byte(&w->sink, ' ');
    w->steps += evxi_put_xml_name(&w->sink, &name);
    if (suffix != 0) {
        evxi_put_byte(&w->sink, '_');
        evxi_put_u64(&w->sink, suffix);
    }
    evxi_put_byte(&w->sink, '=');
    evxi_put_byte(&w->sink, quote);
    evxi_put_content(w, &w->sink, attribute + 1, w->nodes[attribute].end, MODE_ATTRIBUTE);
    evxi_put_byte(&w->sink, quote);
}

/* Those without text are left out. */
static void put_attributes(evxi_writer *w, uint32_t element)
{
    uint32_t at = element + 1, end = w->nodes[element].end;
    uint16_t object = evxi_many_attributes(w, element) ? evxi_keys_open(w) : 0;

    while (at < end && w->nodes[at].kind == EVX_TOKEN_ATTRIBUTE && evxi_step(w)) {
        if (evxi_has_text(w, at + 1, w->nodes[at].end))
            put_attribute(w, at, object);
        at = w->nodes[at].end;
    }
}

/* ---- content -------------------------------------------------------------------------------- */

/* Text in which nothing is escaped. What would end it, `count` times `mark` and a '>', is split in
 * front of the '>'. */
static void put_raw(evxi_writer *w, uint32_t node, uint32_t mark, uint32_t count,
                    const char *split)
{
    const uint8_t *text = w->chunk->base + w->nodes[node].off;
    uint32_t units = w->nodes[node].len / 2, i = 0, marks = 0;
    uint8_t bytes[4];

    while (i < units && evxi_step(w)) {
        uint32_t cp = evxi_utf16_next(text, units, &i);
        if (cp == '>' && marks >= count)
            evxi_put(&w->sink, split, evxi_length(split));
        marks = cp == mark ? marks + 1 : 0;
        if (!evxi_xml_char(cp))
            cp = EVXI_REPLACEMENT;
        evxi_put(&w->sink, bytes, evxi_utf8_encode(cp, bytes));
    }
}

/* A target takes the data behind it; data without a target is nothing XML can say. */
static void put_instruction(evxi_writer *w, uint32_t node)
{
    evx_utf16 name = evxi_name_of(w, node);
    uint32_t data = node + 1;

    if (w->nodes[node].kind != EVX_TOKEN_PI_TARGET)
        return;
    EVXI_PUT(&w->sink, "<?");
    if (name.units == 3 && (name.ptr[0] | 0x20) == 'x' && (name.ptr[2] | 0x20) == 'm'
        && (name.ptr[4] | 0x20) == 'l')
        evxi_put_byte(&w->sink, '_');        /* reserved for the declaration */
    w->steps += evxi_put_xml_name(&w->sink, &name);
    if (data < w->count && w->nodes[data].kind == EVX_TOKEN_PI_DATA
        && w->nodes[data].parent == w->nodes[node].parent) {
        evxi_put_byte(&w->sink, ' ');
        put_raw(w, data, '?', 1, " ");
    }
    EVXI_PUT(&w->sink, "?>");
}

static void put_node(evxi_writer *w, uint32_t node)
{
    if (w->nodes[node].kind == EVX_TOKEN_CDATA) {
        EVXI_PUT(&w->sink, "<![CDATA[");
        put_raw(w, node, ']', 2, "]]><![CDATA[");
        EVXI_PUT(&w->sink, "]]>");
    } else if (evxi_classify(w, node) == CLASS_PI) {
        put_instruction(w, node);
    } else {
        evxi_put_content(w, &w->sink, node, node + 1, MODE_XML);
    }
}

static void put_empty(evxi_writer *w, uint32_t element)
{
    if (!evxi_named(w, element, "Binary", 6)) {
        new_line(w);
        indent(w);
    }
    end_tag(w, element);
}

typedef enum layout { LAYOUT_EMPTY, LAYOUT_INLINE, LAYOUT_LINES } layout;

static layout layout_of(evxi_writer *w, uint32_t from, uint32_t to)
{
    layout found = LAYOUT_EMPTY;

    for (uint32_t i = from; i < to && w->status == EVX_OK; i = evxi_next(w, i)) {
        evxi_class c = evxi_classify(w, i);
        if (c == CLASS_ELEMENT)
            return LAYOUT_LINES;
        if (c != CLASS_ABSENT)
            found = LAYOUT_INLINE;
    }
    return found;
}

/* An element, whole; or, when it has children of its own, its start: the loop does the rest. */
static void begin_element(evxi_writer *w, uint32_t element)
{
    uint32_t first = evxi_first_child(w, element), end = w->nodes[element].end;
    evxi_frame frame = { element, first, 0, 0, 0 };
    layout form = layout_of(w, first, end);

    indent(w);
    evxi_put_byte(&w->sink, '<');
    put_name(w, element);
    put_attributes(w, element);
    if (w->style == EVX_STYLE_WINDOWS && form == LAYOUT_EMPTY
        && (w->nodes[element].flags & NODE_BARE)) {
        EVXI_PUT(&w->sink, "/>");
        return;
    }
    evxi_put_byte(&w->sink, '>');
    if (form == LAYOUT_EMPTY) {
        put_empty(w, element);
    } else if (form == LAYOUT_INLINE) {
        for (uint32_t i = first; i < end && evxi_step(w); i++)
            put_node(w, i);
        end_tag(w, element);
    } else {
        new_line(w);
        w->frames[w->depth++] = frame;
    }
}

static void put_line(evxi_writer *w, uint32_t node)
{
    evxi_class c = evxi_classify(w, node);

    if (c == CLASS_ABSENT || w->nodes[node].kind == EVX_TOKEN_PI_DATA)
        return;
    indent(w);
    put_node(w, node);
    new_line(w);
}

/* One child, or one item of a child that repeats. */
static void step(evxi_writer *w, evxi_frame *f)
{
    uint32_t end = w->nodes[f->node].end;

    if ((f->flags & CHILD_OPEN) && !evxi_advance(w, f->at)) {
        f->at = evxi_next(w, f->at);
        f->flags = 0;
    }
    if (f->at == end) {
        if (w->recorder && w->depth == 1)
            evxi_record_children(w);
        w->depth--;
        indent(w);
        end_tag(w, f->node);
    } else if (w->nodes[f->at].kind == EVX_TOKEN_OPEN) {
        if (!(f->flags & CHILD_OPEN))
            evxi_rewind(w, f->at);
        f->flags |= CHILD_OPEN;
        if (w->recorder && w->depth == 1)
            evxi_record_child(w, f->at);
        begin_element(w, f->at);
    } else {
        put_line(w, f->at++);
    }
}

void evxi_write_xml(evxi_writer *w)
{
    if (w->flags & EVX_TEXT_DECLARATION)
        EVXI_PUT(&w->sink, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    if (w->root == EVXI_NONE) {      /* a record without an element */
        EVXI_PUT(&w->sink, "<Event>");
        new_line(w);
        EVXI_PUT(&w->sink, "</Event>");
        new_line(w);
        return;
    }
    begin_element(w, w->root);
    while (w->depth > 0 && evxi_step(w))
        step(w, &w->frames[w->depth - 1]);
}
