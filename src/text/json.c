/* src/text/json.c - what JSON puts around an event */
#include "text/text.h"

/*
 * The shape is evtx_dump's:
 *   <X>v</X>            "X": v
 *   <X a="b">v</X>      "X": {"#attributes": {"a": "b"}, "#text": v}
 *   <X/>                "X": null
 *   a second X          "X_1"
 * Below EventData and UserData, Data elements with names become members of those names; without
 * any name, one member "Data": {"#text": v} or {"#text": [v, w]}. With EVX_TEXT_SEPARATE,
 * attributes stand in a member X_attributes before X, and there is no "#text".
 *
 * Integers and booleans are bare, everything else is a string.
 */

/* evxi_frame.flags of an object that is being written */
enum {
    WROTE = 1u << 0,                 /* a member: the next one needs a comma                  */
    CONTAINER = 1u << 1,             /* EventData, UserData                                   */
    NAMED = 1u << 2,                 /* at least one of its Data has a name                   */
    LISTED = 1u << 3,                /* its nameless Data were written                        */
    CHILD_OPEN = 1u << 4,            /* `at` is being written, item by item                   */
    IN_LIST = 1u << 5,               /* between the brackets                                  */
    LIST_MANY = 1u << 6, LIST_WROTE = 1u << 7, ITEM_OPEN = 1u << 8
};

typedef enum how { AS_ELEMENT, AS_DATA, AS_BARE } how;

#define IS(w, node, word) evxi_named((w), (node), (word), sizeof(word) - 1)

static bool is_container(const evxi_writer *w, uint32_t element)
{
    return IS(w, element, "EventData") || IS(w, element, "UserData");
}

static void comma(evxi_writer *w, bool wrote)
{
    if (wrote)
        evxi_put_byte(&w->sink, ',');
}

/* ---- values --------------------------------------------------------------------------------- */

typedef struct content {
    uint32_t first, end;             /* the children, attributes left out */
    bool text, element;
} content;

static content content_of(evxi_writer *w, uint32_t element)
{
    content c = { evxi_first_child(w, element), w->nodes[element].end, false, false };

    for (uint32_t i = c.first; i < c.end && w->status == EVX_OK; i = evxi_next(w, i)) {
        evxi_class is = evxi_classify(w, i);
        c.text |= is == CLASS_CONTENT;
        c.element |= is == CLASS_ELEMENT;
    }
    return c;
}

/* Content that is one number or truth value, and nothing else. Beside child elements, what is empty
 * does not count; without them it does. */
static bool is_bare(evxi_writer *w, uint32_t from, uint32_t to, bool beside_elements)
{
    uint32_t found = 0, others = 0;
    evx_value v = { { NULL, 0 }, 0 };

    for (uint32_t i = from; i < to && w->status == EVX_OK; i = evxi_next(w, i)) {
        evxi_class is = evxi_classify(w, i);
        if (is == CLASS_CONTENT && w->nodes[i].kind == EVX_TOKEN_VALUE)
            found += evxi_value_of(w, i, &v);
        else if (is == CLASS_CONTENT)
            return false;
        else
            others += is == CLASS_EMPTY || is == CLASS_PI;
    }
    return found == 1 && (beside_elements || others == 0) && evxi_value_is_bare(&v);
}

static void put_text(evxi_writer *w, uint32_t from, uint32_t to, bool beside_elements)
{
    bool bare = is_bare(w, from, to, beside_elements);

    if (!bare)
        evxi_put_byte(&w->sink, '"');
    evxi_put_content(w, &w->sink, from, to, MODE_JSON);
    if (!bare)
        evxi_put_byte(&w->sink, '"');
}

static bool has_attributes(evxi_writer *w, uint32_t element)
{
    uint32_t at = element + 1, end = w->nodes[element].end;

    for (; at < end && w->nodes[at].kind == EVX_TOKEN_ATTRIBUTE && evxi_step(w);
         at = w->nodes[at].end)
        if (evxi_has_text(w, at + 1, w->nodes[at].end))
            return true;
    return false;
}

/* {"name": value, ...} of the attributes that have text */
static void put_attributes(evxi_writer *w, uint32_t element)
{
    uint32_t at = element + 1, end = w->nodes[element].end;
    uint16_t object = evxi_many_attributes(w, element) ? evxi_keys_open(w) : 0;
    bool wrote = false;

    evxi_put_byte(&w->sink, '{');
    for (; at < end && w->nodes[at].kind == EVX_TOKEN_ATTRIBUTE && evxi_step(w);
         at = w->nodes[at].end) {
        if (!evxi_has_text(w, at + 1, w->nodes[at].end))
            continue;
        comma(w, wrote);
        wrote = true;
        if (object)
            evxi_json_key_alone(w, object, at, false);
        else
            evxi_json_key(w, at, false, 0);
        put_text(w, at + 1, w->nodes[at].end, false);
    }
    evxi_put_byte(&w->sink, '}');
}

/* ---- objects -------------------------------------------------------------------------------- */

static uint32_t name_attribute(evxi_writer *w, uint32_t element)
{
    uint32_t at = element + 1, end = w->nodes[element].end;

    for (; at < end && w->nodes[at].kind == EVX_TOKEN_ATTRIBUTE && evxi_step(w);
         at = w->nodes[at].end)
        if (IS(w, at, "Name"))
            return evxi_has_text(w, at + 1, w->nodes[at].end) ? at : EVXI_NONE;
    return EVXI_NONE;
}

static bool any_named_data(evxi_writer *w, const content *c)
{
    for (uint32_t i = c->first; i < c->end && evxi_step(w); i = evxi_next(w, i)) {
        if (w->nodes[i].kind != EVX_TOKEN_OPEN || !IS(w, i, "Data"))
            continue;
        evxi_rewind(w, i);           /* its name may be an array's first item */
        if (name_attribute(w, i) != EVXI_NONE)
            return true;
    }
    return false;
}

static void open_object(evxi_writer *w, uint32_t element, const content *c, bool attributes,
                        bool container)
{
    evxi_frame *f = &w->frames[w->depth++];

    f->node = element;
    f->at = c->first;
    f->list = 0;
    f->serial = evxi_keys_open(w);
    f->flags = container ? CONTAINER : 0;
    if (container && any_named_data(w, c))
        f->flags |= NAMED;
    evxi_put_byte(&w->sink, '{');
    if (attributes) {
        EVXI_PUT(&w->sink, "\"#attributes\":");
        put_attributes(w, element);
        f->flags |= WROTE | EVXI_HAS_ATTRIBUTES;
    }
    if (c->text) {
        comma(w, attributes);
        EVXI_PUT(&w->sink, "\"#text\":");
        put_text(w, c->first, c->end, true);
        f->flags |= WROTE | EVXI_HAS_TEXT;
    }
}

/* The value of an element; an object is only begun, the loop does the rest. */
static void put_value(evxi_writer *w, uint32_t element, how as, bool container)
{
    content c = content_of(w, element);
    bool attributes = as == AS_ELEMENT && has_attributes(w, element);

    if (c.element || attributes)
        open_object(w, element, &c, attributes, container && as != AS_DATA);
    else if (c.text)
        put_text(w, c.first, c.end, false);
    else if (as == AS_DATA)
        EVXI_PUT(&w->sink, "\"\"");
    else
        EVXI_PUT(&w->sink, "null");
}

/* ---- members -------------------------------------------------------------------------------- */

static void put_member(evxi_writer *w, uint32_t element, uint16_t object, bool container,
                       bool wrote)
{
    uint32_t suffix, other;
    content c;

    comma(w, wrote);
    if (!(w->flags & EVX_TEXT_SEPARATE)) {
        evxi_json_key_alone(w, object, element, false);
        put_value(w, element, AS_ELEMENT, container);
        return;
    }
    suffix = evxi_json_find_suffix(w, object, element, false, 0, "");
    if (has_attributes(w, element)) {
        other = evxi_json_find_suffix(w, object, element, false, suffix, "_attributes");
        evxi_put_byte(&w->sink, '"');
        evxi_json_key_text(w, &w->sink, element, false);
        evxi_json_suffix(&w->sink, suffix);
        EVXI_PUT(&w->sink, "_attributes");
        evxi_json_suffix(&w->sink, other);
        EVXI_PUT(&w->sink, "\":");
        put_attributes(w, element);
        c = content_of(w, element);
        if (!c.text && !c.element && element != w->root)
            return;
        evxi_put_byte(&w->sink, ',');
    }
    evxi_json_key(w, element, false, suffix);
    put_value(w, element, AS_BARE, container);
}

static void put_named_data(evxi_writer *w, evxi_frame *f, uint32_t element)
{
    uint32_t name = name_attribute(w, element);
    bool named = name != EVXI_NONE;
    uint32_t key = named ? name : element;           /* one without a name is called Data */

    comma(w, f->flags & WROTE);
    f->flags |= WROTE;
    evxi_json_key_alone(w, f->serial, key, named);
    put_value(w, element, AS_DATA, false);
}

static void begin_list(evxi_writer *w, evxi_frame *f, uint32_t first)
{
    uint32_t end = w->nodes[f->node].end, count = 0;

    for (uint32_t i = first; i < end && count < 2 && evxi_step(w); i = evxi_next(w, i))
        if (w->nodes[i].kind == EVX_TOKEN_OPEN && IS(w, i, "Data"))
            count += w->nodes[i].flags & NODE_REPEAT ? 2 : 1;
    comma(w, f->flags & WROTE);
    evxi_json_key_alone(w, f->serial, first, false);
    EVXI_PUT(&w->sink, "{\"#text\":");
    if (count > 1)
        evxi_put_byte(&w->sink, '[');
    f->list = first;
    f->flags |= (uint16_t)(WROTE | LISTED | IN_LIST | (count > 1 ? LIST_MANY : 0));
}

static void leave_child(evxi_writer *w, evxi_frame *f)
{
    f->at = evxi_next(w, f->at);
    f->flags &= (uint16_t)~CHILD_OPEN;
}

static void put_child(evxi_writer *w, evxi_frame *f)
{
    uint32_t child = f->at;

    if ((f->flags & CONTAINER) && IS(w, child, "Data")) {
        if (f->flags & NAMED) {
            put_named_data(w, f, child);
            return;
        }
        leave_child(w, f);           /* the list takes all of its items */
        if (!(f->flags & LISTED))
            begin_list(w, f, child);
        return;
    }
    put_member(w, child, f->serial, is_container(w, child), f->flags & WROTE);
    f->flags |= WROTE;
}

static void end_list(evxi_writer *w, evxi_frame *f)
{
    if (f->flags & LIST_MANY)
        evxi_put_byte(&w->sink, ']');
    evxi_put_byte(&w->sink, '}');
    f->flags &= (uint16_t)~(IN_LIST | LIST_MANY | LIST_WROTE | ITEM_OPEN);
}

static void list_step(evxi_writer *w, evxi_frame *f)
{
    uint32_t end = w->nodes[f->node].end;

    if ((f->flags & ITEM_OPEN) && !evxi_advance(w, f->list)) {
        f->list = evxi_next(w, f->list);
        f->flags &= (uint16_t)~ITEM_OPEN;
    }
    while (f->list < end && evxi_step(w)
           && !(w->nodes[f->list].kind == EVX_TOKEN_OPEN && IS(w, f->list, "Data")))
        f->list = evxi_next(w, f->list);
    if (f->list >= end) {
        end_list(w, f);
        return;
    }
    if (!(f->flags & ITEM_OPEN))
        evxi_rewind(w, f->list);
    comma(w, f->flags & LIST_WROTE);
    f->flags |= ITEM_OPEN | LIST_WROTE;
    put_value(w, f->list, AS_DATA, false);
}

static void member_step(evxi_writer *w, evxi_frame *f)
{
    uint32_t end = w->nodes[f->node].end;

    if ((f->flags & CHILD_OPEN) && !evxi_advance(w, f->at))
        leave_child(w, f);
    while (f->at < end && w->nodes[f->at].kind != EVX_TOKEN_OPEN && evxi_step(w))
        f->at = evxi_next(w, f->at);
    if (f->at >= end) {
        if (w->recorder && w->depth == 1)
            evxi_record_children(w);
        evxi_put_byte(&w->sink, '}');
        w->depth--;
        return;
    }
    if (!(f->flags & CHILD_OPEN))
        evxi_rewind(w, f->at);
    f->flags |= CHILD_OPEN;
    if (w->recorder && w->depth == 1)
        evxi_record_child(w, f->at);
    put_child(w, f);
}

void evxi_write_json(evxi_writer *w)
{
    if (w->root == EVXI_NONE) {      /* a record without an element */
        EVXI_PUT(&w->sink, "{\"Event\":null}");
        return;
    }
    evxi_put_byte(&w->sink, '{');
    put_member(w, w->root, evxi_keys_open(w), false, false);
    while (w->depth > 0 && evxi_step(w)) {
        evxi_frame *f = &w->frames[w->depth - 1];
        if (f->flags & IN_LIST)
            list_step(w, f);
        else
            member_step(w, f);
    }
    evxi_put_byte(&w->sink, '}');
}
