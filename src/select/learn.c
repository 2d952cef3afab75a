/* src/select/learn.c - template -> where its fields sit: found out once per template */
#include "select/select.h"

/*
 * A template is walked once, without values, as fields.c walks a record: what the walk would gather
 * for each field is written down, a value's index or a literal's place. That is the System section
 * of an event's template, and whatever a template holds that is the event's data (EventData,
 * UserData) as a value of the first one. A record without a template is looked at in the same way,
 * once: that is quicker than a walk.
 */
enum { SECTION_DEPTH = 1, ELEMENT_DEPTH = 2 };

/* Where the walk over the definition stands. */
typedef struct pass {
    evxi_locator *to;
    evxi_entry now;
    uint32_t pieces, open, begin;
    uint8_t section, element;
    uint16_t depends;
    bool list, refused, done;
    bool data;                       /* of the event's data, whose elements may stand there twice */
    bool record;                     /* one without a template: nothing was walked before         */
    bool flat;                       /* no element holds others, but for the sections             */
} pass;

static void begin_place(pass *p, evxi_place place)
{
    evxi_locator *x = p->to;

    if (p->now.place != FIELD_NONE) {
        p->refused |= p->pieces > 1 || x->count == EVXI_ENTRIES_MAX
                   || (!p->data && (x->have >> p->now.place & 1));
        x->have |= 1u << p->now.place;
        x->at[p->now.place] = (uint8_t)x->count;
        if (!p->refused)
            x->entries[x->count++] = p->now;
    }
    memset(&p->now, 0, sizeof p->now);
    p->now.place = (uint16_t)place;
    p->now.depends = p->depends;
    p->now.slot = EVXI_NO_VALUE;
    p->pieces = 0;
}

static void on_open(pass *p, const evxi_item *item, const evx_utf16 *name)
{
    uint32_t depth = p->open++;

    begin_place(p, FIELD_NONE);
    p->list = true;
    if (depth == SECTION_DEPTH)
        p->section = evxi_locate_section(name);
    p->refused |= (p->data && p->section == SECTION_SYSTEM)
               || (p->flat && depth > ELEMENT_DEPTH)
               || (p->record && depth == SECTION_DEPTH && p->section != SECTION_SYSTEM);
    if (depth == ELEMENT_DEPTH) {
        p->element = evxi_locate_element(p->section, name);
        p->depends = p->record ? EVXI_NO_INDEX : item->index;
    }
}

static void on_close(pass *p, bool empty)
{
    if (p->data && empty && p->open == ELEMENT_DEPTH + 1
        && evxi_locate_content(p->element) == FIELD_DATA)
        begin_place(p, FIELD_DATA);  /* without a body it still is one item                    */
    begin_place(p, FIELD_NONE);
    p->list = false;
    p->open--;
    if (p->open == ELEMENT_DEPTH) {
        p->element = 0;
        p->depends = EVXI_NO_INDEX;
    }
    p->done = p->open == SECTION_DEPTH && p->section == SECTION_SYSTEM;
    if (p->open <= SECTION_DEPTH)
        p->section = SECTION_NONE;
}

static bool at_element(const pass *p)
{
    return p->open == ELEMENT_DEPTH + 1 && p->section != SECTION_NONE;
}

static void on_value(pass *p, const evxi_item *item)
{
    evxi_locator *x = p->to;

    p->refused |= (!p->data && !p->list && p->section != SECTION_SYSTEM)
               || x->used_count == EVXI_USED_MAX;
    if (p->refused)
        return;
    x->used[x->used_count++] = item->index;
    if (x->last <= item->index)
        x->last = item->index + 1u;
    p->pieces++;
    p->now.slot = item->index;
}

static void on_text(pass *p, const evxi_item *item)
{
    p->pieces++;
    p->now.slot = EVXI_LITERAL;
    p->now.off = item->text - p->begin;
    p->now.len = (uint16_t)(2 * item->units);
}

static void on_item(pass *p, const evxi_item *item, const evx_utf16 *name)
{
    switch (item->token) {
    case TOKEN_OPEN:
        on_open(p, item, name);
        break;
    case TOKEN_ATTRIBUTE:
        begin_place(p, at_element(p) ? evxi_locate_attribute(p->element, name) : FIELD_NONE);
        break;
    case TOKEN_BODY:
        p->list = false;
        begin_place(p, at_element(p) ? evxi_locate_content(p->element) : FIELD_NONE);
        break;
    case TOKEN_EMPTY: case TOKEN_END:
        on_close(p, item->token == TOKEN_EMPTY);
        break;
    case TOKEN_SUBST: case TOKEN_OPTIONAL:
        on_value(p, item);
        break;
    case TOKEN_VALUE:
        on_text(p, item);
        break;
    case TOKEN_FRAGMENT:
        break;
    default:
        p->refused = true;
        break;
    }
}

/* Behind the System section: one value, and the end of the event? Its index, or EVXI_NO_INDEX. */
static uint16_t data_of(evxi_scan *scan, const evxi_locator *x)
{
    const uint32_t data = 1u << FIELD_DATA | 1u << FIELD_DATA_NAME | 1u << FIELD_BINARY;
    evxi_item item, end;

    if ((x->have & data) != 0 || evxi_scan_next(scan, &item) != EVX_OK
        || (item.token != TOKEN_SUBST && item.token != TOKEN_OPTIONAL)
        || evxi_scan_next(scan, &end) != EVX_OK || end.token != TOKEN_END
        || evxi_scan_next(scan, &end) != EVX_END)
        return EVXI_NO_INDEX;
    return item.index;
}

bool evxi_locator_of(const evx_chunk *c, uint32_t begin, uint32_t size, uint32_t name_units,
                     uint8_t kind, evxi_locator *to)
{
    pass p = { .to = to, .begin = begin, .depends = EVXI_NO_INDEX, .data = kind == EVXI_OF_DATA,
               .record = kind == EVXI_OF_RECORD, .flat = kind != EVXI_OF_SYSTEM };
    evx_status st = EVX_OK;
    evxi_scan scan;
    evxi_item item;

    memset(to, 0, sizeof *to);
    to->kind = kind;
    p.open = p.data ? SECTION_DEPTH : 0;
    begin_place(&p, FIELD_NONE);
    if (p.record)
        evxi_scan_begin_plain(&scan, c, begin, begin + size);
    else
        evxi_scan_begin(&scan, c, begin, begin + size);
    while (!p.done && !p.refused && (st = evxi_scan_next(&scan, &item)) == EVX_OK) {
        evx_utf16 name = { NULL, 0 };
        to->steps++;
        if (item.name != 0 && evxi_name(c, item.name, name_units, &name) < 0)
            return false;
        on_item(&p, &item, &name);
    }
    to->data = p.done ? data_of(&scan, to) : EVXI_NO_INDEX;
    return !p.refused && (p.data ? st == EVX_END : p.done);
}
