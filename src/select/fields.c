/* src/select/fields.c - record -> System fields, data items, binary payload, as views */
#include "base/arena.h"
#include "base/le.h"
#include "select/select.h"

/*
 * One pass over the walk's tokens. The content of a field (an element's, or an attribute's) is
 * gathered until the next tag, then stored by the field's place.
 */
enum { ELEMENT_DEPTH = 2, SECTION_DEPTH = 1 };

_Static_assert(sizeof(evx_fields) + 2048 + 1024 < 8192, "the least memory holds slots and fields");

evx_status evx_reader_init(evx_reader *t, size_t size, uint8_t *memory, size_t len,
                           const evx_limits *limits)
{
    evxi_arena a = { memory, len < EVX_READER_LEAST ? len : EVX_READER_LEAST, 0 };
    size_t slots = len >= EVX_READER_LEAST ? EVX_SLOTS_WORST : len / 4 / sizeof(evx_slot);
    evx_slot *slot;
    evx_status st;

    if (size != sizeof *t)
        return EVX_E_ABI;
    if (len < 8192)
        return EVX_E_SPACE;
    slot = evxi_bump(&a, slots * sizeof *slot);
    t->fields = evxi_bump(&a, sizeof *t->fields);
    t->scratch = memory + a.used;
    t->scratch_len = a.len - a.used;
    t->scratch_used = 0;
    st = evx_walk_init(&t->walk, sizeof t->walk, slot, (uint32_t)slots, limits);
    evxi_locators_begin(t, memory + a.len, len - a.len);
    return st;
}

/* ---- storing -------------------------------------------------------------------------------- */

static void set_number(evxi_gather *k, uint32_t bit, void *to, size_t width)
{
    uint64_t x;
    uint32_t x32;
    uint16_t x16;
    uint8_t x8;

    if (k->f->present & bit || evx_value_empty(&k->value) || !evxi_parse_u64(&k->value, &x))
        return;
    x32 = (uint32_t)x;
    x16 = (uint16_t)x;
    x8 = (uint8_t)x;
    memcpy(to, width == 8 ? (void *)&x : width == 4 ? (void *)&x32
                          : width == 2 ? (void *)&x16 : (void *)&x8, width);
    k->f->present |= bit;
}

static void set_view(evxi_gather *k, uint32_t bit, evx_text_view *to)
{
    evx_value v;

    if (k->f->present & bit)         /* a field that stands there twice: the first one counts */
        return;
    v = evxi_gather_text(k->t, &k->value);
    if (evxi_view_of(&v, to))
        k->f->present |= bit;
}

static void set_value(evxi_gather *k, uint32_t bit, evx_value *to)
{
    if (k->f->present & bit || evx_value_empty(&k->value))
        return;
    *to = evxi_gather_text(k->t, &k->value);
    k->f->present |= bit;
}

static void add_data(evxi_gather *k, const evx_value *v)
{
    evx_fields *f = k->f;

    if (f->data_count < EVX_FIELDS_MAX) {            /* the others are only counted */
        f->data[f->data_count++] = evxi_gather_text(k->t, v);
        if (f->data_count < EVX_FIELDS_MAX)
            f->data_name[f->data_count] = f->data_name[f->data_count - 1];
    }
    f->data_total++;
}

/* One Data element: an item, or as many as its array has. */
static void set_data(evxi_gather *k)
{
    evx_value item;
    uint32_t pos = 0, before = k->f->data_total;

    k->data_due = false;
    if (k->value.type & EVX_ARRAY)   /* each item is a step, so that small records stay cheap */
        while (k->t->walk.fuel > 0 && evx_value_item(&k->value, &pos, &item) == EVX_OK) {
            k->t->walk.fuel--;
            add_data(k, &item);
        }
    if (k->value.type & EVX_ARRAY && k->f->data_total == before)
        k->value.type = k->value.raw.len == 0 ? EVX_NULL : EVX_BINARY;   /* no item in it */
    if (k->f->data_total == before)
        add_data(k, &k->value);
    if (k->f->data_count < EVX_FIELDS_MAX)
        memset(&k->f->data_name[k->f->data_count], 0, sizeof(evx_text_view));
}

static void set_data_name(evxi_gather *k)
{
    evx_text_view view;
    evx_value v = evxi_gather_text(k->t, &k->value);

    if (k->f->data_count < EVX_FIELDS_MAX && evxi_view_of(&v, &view))
        k->f->data_name[k->f->data_count] = view;
}

static void set_time(evxi_gather *k)
{
    if (!(k->f->present & EVX_HAS_TIME) && evxi_parse_time(&k->value, &k->f->time))
        k->f->present |= EVX_HAS_TIME;
}

static void set_event_id(evxi_gather *k)
{
    set_number(k, EVX_HAS_EVENT_ID, &k->f->event_id, 4);
}

static void set_payload(evxi_gather *k)
{
    if (k->f->present & EVX_HAS_PAYLOAD || evx_value_empty(&k->value))
        return;
    k->f->payload = evxi_gather_bytes(k->t, &k->value);
    k->f->present |= EVX_HAS_PAYLOAD;
}

void evxi_store_field(evxi_gather *k)
{
    evx_fields *f = k->f;

    switch (k->place) {
    case FIELD_PROVIDER: set_view(k, EVX_HAS_PROVIDER, &f->provider); break;
    case FIELD_PROVIDER_GUID: set_value(k, EVX_HAS_PROVIDER_GUID, &f->provider_guid); break;
    case FIELD_EVENT_ID: set_event_id(k); break;
    case FIELD_QUALIFIERS: set_number(k, EVX_HAS_QUALIFIERS, &f->qualifiers, 4); break;
    case FIELD_VERSION: set_number(k, EVX_HAS_VERSION, &f->version, 1); break;
    case FIELD_LEVEL: set_number(k, EVX_HAS_LEVEL, &f->level, 1); break;
    case FIELD_TASK: set_number(k, EVX_HAS_TASK, &f->task, 2); break;
    case FIELD_OPCODE: set_number(k, EVX_HAS_OPCODE, &f->opcode, 1); break;
    case FIELD_KEYWORDS: set_number(k, EVX_HAS_KEYWORDS, &f->keywords, 8); break;
    case FIELD_TIME: set_time(k); break;
    case FIELD_RECORD_ID: set_number(k, EVX_HAS_RECORD_ID, &f->record_id, 8); break;
    case FIELD_ACTIVITY: set_value(k, EVX_HAS_ACTIVITY, &f->activity); break;
    case FIELD_PROCESS: set_number(k, EVX_HAS_PROCESS, &f->process_id, 4); break;
    case FIELD_THREAD: set_number(k, EVX_HAS_THREAD, &f->thread_id, 4); break;
    case FIELD_CHANNEL: set_view(k, EVX_HAS_CHANNEL, &f->channel); break;
    case FIELD_COMPUTER: set_view(k, EVX_HAS_COMPUTER, &f->computer); break;
    case FIELD_USER: set_value(k, EVX_HAS_USER, &f->user_sid); break;
    case FIELD_DATA: set_data(k); break;
    case FIELD_DATA_NAME: set_data_name(k); break;
    case FIELD_BINARY: set_payload(k); break;
    default: break;
    }
}

static void begin_place(evxi_gather *k, evxi_place place)
{
    evxi_store_field(k);
    k->place = place;
    k->pieces = 0;
    k->joined = false;
    memset(&k->value, 0, sizeof k->value);
}

/* ---- the walk ------------------------------------------------------------------------------- */

static void on_open(evxi_gather *k, const evx_token *tok)
{
    begin_place(k, FIELD_NONE);
    if (tok->depth == SECTION_DEPTH)
        k->section = evxi_locate_section(&tok->name);
    if (tok->depth != ELEMENT_DEPTH)
        return;
    k->element = tok->flags & EVX_TOKEN_OMIT ? 0 : evxi_locate_element(k->section, &tok->name);
    k->data_due = evxi_locate_content(k->element) == FIELD_DATA;
}

/* A direct child of a section, and not deeper. */
static bool at_element(const evxi_gather *k, const evx_token *tok)
{
    return tok->depth == ELEMENT_DEPTH + 1 && k->section != SECTION_NONE;
}

static void on_close(evxi_gather *k, const evx_token *tok)
{
    begin_place(k, FIELD_NONE);
    if (tok->depth == ELEMENT_DEPTH) {
        if (k->data_due)             /* without a body it still is one item */
            set_data(k);
        k->element = 0;
    }
    if (tok->depth == SECTION_DEPTH && k->section == SECTION_SYSTEM && k->system_only)
        k->done = true;
    if (tok->depth <= SECTION_DEPTH)
        k->section = SECTION_NONE;
}

static void on_token(evxi_gather *k, const evx_token *tok)
{
    switch (tok->kind) {
    case EVX_TOKEN_OPEN:
        on_open(k, tok);
        break;
    case EVX_TOKEN_ATTRIBUTE:
        begin_place(k, at_element(k, tok) ? evxi_locate_attribute(k->element, &tok->name)
                                          : FIELD_NONE);
        break;
    case EVX_TOKEN_BODY:
        begin_place(k, at_element(k, tok) ? evxi_locate_content(k->element) : FIELD_NONE);
        break;
    case EVX_TOKEN_CLOSE:
        on_close(k, tok);
        break;
    case EVX_TOKEN_TEXT: case EVX_TOKEN_VALUE: case EVX_TOKEN_CDATA:
        evxi_gather_piece(k, &tok->value);
        break;
    case EVX_TOKEN_CHARREF:
        evxi_gather_character(k, evxi_le16(tok->value.raw.ptr));
        break;
    case EVX_TOKEN_ENTITY:
        evxi_gather_entity(k, &tok->name);
        break;
    default:
        break;
    }
}

static evx_status collect(evx_reader *t, const evx_chunk *c, const evx_record *r, evx_fields *out,
                          bool system_only)
{
    evxi_gather k;
    evx_token tok;
    evx_status st;

    memset(&k, 0, sizeof k);
    memset(out, 0, sizeof *out);
    k.t = t;
    k.f = out;
    k.system_only = system_only;
    t->scratch_used = 0;
    out->written = r->written;
    out->header_id = r->id;
    st = evx_walk_begin(&t->walk, c, r);
    while (st == EVX_OK && !k.done) {
        st = evx_walk_next(&t->walk, &tok);
        if (st == EVX_OK)
            on_token(&k, &tok);
        else if (st < 0)
            st = evx_walk_salvage(&t->walk);
    }
    if (st < 0)
        return st;
    out->damaged = t->walk.failed < 0 || t->walk.lost_values > 0;
    return t->walk.opened ? EVX_OK : EVX_E_BALANCE;
}

evx_status evx_fields_read(evx_reader *t, const evx_chunk *c, const evx_record *r, evx_fields *out)
{
    evx_status st = evxi_locator_all(t, c, r, out);

    if (EVXI_LIKELY(st == EVX_OK))
        return st;
    st = collect(t, c, r, out, false);
    if (st == EVX_OK && !out->damaged)
        evxi_locator_learn(t, c, r, true);
    return st;
}

evx_status evxi_fields_some(evx_reader *t, const evx_chunk *c, const evx_record *r,
                            evx_fields *out, uint32_t wanted)
{
    evx_status st = evxi_locator_read(t, c, r, out, wanted);

    if (EVXI_LIKELY(st == EVX_OK))
        return st;
    st = collect(t, c, r, out, true);
    if (st == EVX_OK && !out->damaged)
        evxi_locator_learn(t, c, r, false);
    return st;
}

evx_status evx_fields_system(evx_reader *t, const evx_chunk *c, const evx_record *r,
                             evx_fields *out)
{
    return evxi_fields_some(t, c, r, out, UINT32_MAX);
}

/* By the numbers of the EVX_HAS_ bits. */
static const uint8_t place_of_bit[] = {
    FIELD_PROVIDER, FIELD_CHANNEL, FIELD_COMPUTER, FIELD_EVENT_ID, FIELD_QUALIFIERS, FIELD_TIME,
    FIELD_RECORD_ID, FIELD_LEVEL, FIELD_TASK, FIELD_OPCODE, FIELD_KEYWORDS, FIELD_VERSION,
    FIELD_PROCESS, FIELD_THREAD, FIELD_NONE, FIELD_USER, FIELD_PROVIDER_GUID, FIELD_ACTIVITY
};

evx_status evx_fields_some(evx_reader *t, const evx_chunk *c, const evx_record *r, evx_fields *out,
                           uint32_t wanted)
{
    uint32_t places = 0;

    for (size_t i = 0; i < EVXI_COUNTOF(place_of_bit); i++)
        places |= (wanted >> i & 1) << place_of_bit[i];
    return evxi_fields_some(t, c, r, out, places);
}

evx_status evx_fields_string(const evx_fields *f, uint32_t i, evx_text_view *out)
{
    if (i >= f->data_count)
        return EVX_END;
    if (f->data[i].type == EVX_NULL) {
        memset(out, 0, sizeof *out);
        return EVX_OK;
    }
    return evxi_view_of(&f->data[i], out) ? EVX_OK : EVX_SKIP;
}
