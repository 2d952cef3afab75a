/* src/select/fields.c - record -> provider, id, time, computer, data items, binary payload, as views */
#include "base/arena.h"
#include "base/utf.h"
#include "select/select.h"

/*
 * One pass over the walk's tokens. The content of a field (an element's, or an attribute's) is
 * gathered until the next tag; nearly always it is one value, which stays where it is. Content in
 * several pieces (entity references in forwarded events) is joined as UTF-8 in the scratch.
 */
typedef struct collector {
    evx_reader *t;
    evx_fields *f;
    evx_value   value;               /* what was gathered for `place`                 */
    uint32_t    pieces;
    evxi_place  place;
    uint8_t     section, element;    /* where the walk stands: below the root, below that */
    bool        system_only, done;
    bool        data_due;            /* a Data element is open and has added no item yet      */
} collector;

enum { ELEMENT_DEPTH = 2, SECTION_DEPTH = 1 };

_Static_assert(sizeof(evx_fields) + 2048 + 1024 < 8192, "the least memory holds slots and fields");

evx_status evx_reader_init(evx_reader *t, size_t size, uint8_t *memory, size_t len,
                           const evx_limits *limits)
{
    evxi_arena a = { memory, len, 0 };
    size_t slots = len >= EVX_READER_MEMORY ? EVX_SLOTS_WORST : len / 4 / sizeof(evx_slot);
    evx_slot *slot;

    if (size != sizeof *t)
        return EVX_E_ABI;
    if (len < 8192)
        return EVX_E_SPACE;
    slot = evxi_bump(&a, slots * sizeof *slot);
    t->fields = evxi_bump(&a, sizeof *t->fields);
    t->scratch = memory + a.used;
    t->scratch_len = len - a.used;
    t->scratch_used = 0;
    return evx_walk_init(&t->walk, sizeof t->walk, slot, (uint32_t)slots, limits);
}

/* ---- gathering ------------------------------------------------------------------------------ */

static void scratch_put(evx_reader *t, uint32_t cp)
{
    uint8_t one[4];
    uint32_t len = evxi_utf8_encode(cp, one);

    if (len > t->scratch_len - t->scratch_used)
        return;                      /* as much as fits */
    memcpy(t->scratch + t->scratch_used, one, len);
    t->scratch_used += len;
}

static void scratch_text(evx_reader *t, const evx_value *v)
{
    evx_text_view view;
    uint32_t i = 0, n;

    if (!evxi_view_of(v, &view))
        return;
    n = view.utf8 ? view.len : view.len / 2;
    while (i < n)
        scratch_put(t, view.utf8 ? evxi_utf8_next(view.ptr, n, &i)
                                 : evxi_utf16_next(view.ptr, n, &i));
}

static void begin_scratch(evx_reader *t, evx_value *v)
{
    v->type = EVX_UTF8;
    v->raw.ptr = t->scratch + t->scratch_used;
    v->raw.len = 0;
}

static void end_scratch(const evx_reader *t, evx_value *v)
{
    v->raw.len = (size_t)(t->scratch + t->scratch_used - v->raw.ptr);
}

static void add_piece(collector *k, const evx_value *piece)
{
    evx_value first = k->value;

    if (k->place == FIELD_NONE)
        return;
    if (k->pieces++ == 0) {
        k->value = *piece;
        return;
    }
    if (first.type != EVX_UTF8 || k->pieces == 2) {
        begin_scratch(k->t, &k->value);
        scratch_text(k->t, &first);
    }
    scratch_text(k->t, piece);
    end_scratch(k->t, &k->value);
}

/* A character that the bytes spell out: a reference. */
static void add_character(collector *k, uint32_t cp)
{
    uint8_t unit[2] = { (uint8_t)cp, (uint8_t)(cp >> 8) };
    evx_value first = k->value;

    if (k->place == FIELD_NONE)
        return;
    if (k->pieces++ == 0 || first.type != EVX_UTF8) {
        begin_scratch(k->t, &k->value);
        if (k->pieces > 1)
            scratch_text(k->t, &first);
    }
    scratch_put(k->t, (cp & 0xf800) == 0xd800 ? EVXI_REPLACEMENT : evxi_le16(unit));
    end_scratch(k->t, &k->value);
}

static void add_entity(collector *k, const evx_utf16 *name)
{
    static const struct { const char *name; uint8_t len, cp; } known[] = {
        { "lt", 2, '<' }, { "gt", 2, '>' }, { "amp", 3, '&' }, { "quot", 4, '"' },
        { "apos", 4, '\'' }
    };

    for (size_t i = 0; i < EVXI_COUNTOF(known); i++)
        if (evxi_name_is(name, known[i].name, known[i].len))
            add_character(k, known[i].cp);
}

/* ---- storing -------------------------------------------------------------------------------- */

static uint32_t ansi_length(const evx_value *v)
{
    uint32_t n = 0;

    while (n < v->raw.len && v->raw.ptr[n] != 0)
        n++;
    return n;
}

/* ANSI text becomes UTF-8, so that a view of it needs no code page. */
static evx_value readable(evx_reader *t, const evx_value *v)
{
    evx_value out = *v;
    uint32_t n, high = 0;

    if (v->type != EVX_ANSI)
        return out;
    n = ansi_length(v);
    for (uint32_t i = 0; i < n; i++)
        high |= v->raw.ptr[i] & 0x80;
    out.type = EVX_UTF8;
    out.raw.len = n;
    if (!high)
        return out;
    begin_scratch(t, &out);
    for (uint32_t i = 0; i < n; i++)
        scratch_put(t, evxi_windows_1252(v->raw.ptr[i]));
    end_scratch(t, &out);
    return out;
}

static int nibble(uint32_t unit)
{
    return unit >= '0' && unit <= '9' ? (int)unit - '0'
         : unit >= 'A' && unit <= 'F' ? (int)unit - 'A' + 10
         : unit >= 'a' && unit <= 'f' ? (int)unit - 'a' + 10 : -1;
}

/* A payload in literal text is hex: bytes again, as far as it is and as they fit. */
static evx_value bytes_of(evx_reader *t, const evx_value *v)
{
    evx_text_view view;
    evx_value out = { { t->scratch + t->scratch_used, 0 }, EVX_BINARY };
    uint32_t n;

    if (!evxi_view_of(v, &view))
        return *v;
    n = view.utf8 ? view.len : view.len / 2;
    for (uint32_t i = 0; i + 1 < n && t->scratch_used < t->scratch_len; i += 2) {
        int high = nibble(view.utf8 ? view.ptr[i] : evxi_le16(view.ptr + 2 * (size_t)i));
        int low = nibble(view.utf8 ? view.ptr[i + 1] : evxi_le16(view.ptr + 2 * (size_t)i + 2));
        if (high < 0 || low < 0)
            break;
        t->scratch[t->scratch_used++] = (uint8_t)(high << 4 | low);
        out.raw.len++;
    }
    return out;
}

static void set_number(collector *k, uint32_t bit, void *to, size_t width)
{
    uint64_t x;
    uint32_t x32;
    uint16_t x16;
    uint8_t x8;

    if (evx_value_empty(&k->value) || !evxi_parse_u64(&k->value, &x))
        return;
    x32 = (uint32_t)x;
    x16 = (uint16_t)x;
    x8 = (uint8_t)x;
    memcpy(to, width == 8 ? (void *)&x : width == 4 ? (void *)&x32
                          : width == 2 ? (void *)&x16 : (void *)&x8, width);
    k->f->present |= bit;
}

static void set_view(collector *k, uint32_t bit, evx_text_view *to)
{
    evx_value v = readable(k->t, &k->value);

    if (evxi_view_of(&v, to))
        k->f->present |= bit;
}

static void set_value(collector *k, uint32_t bit, evx_value *to)
{
    if (evx_value_empty(&k->value))
        return;
    *to = readable(k->t, &k->value);
    k->f->present |= bit;
}

static void add_data(collector *k, const evx_value *v)
{
    evx_fields *f = k->f;

    if (f->data_count < EVX_FIELDS_MAX) {
        f->data[f->data_count++] = readable(k->t, v);
        if (f->data_count < EVX_FIELDS_MAX)
            f->data_name[f->data_count] = f->data_name[f->data_count - 1];
    }
    f->data_total++;
}

/* One Data element: an item, or as many as its array has. */
static void set_data(collector *k)
{
    evx_value item;
    uint32_t pos = 0, before = k->f->data_total;

    k->data_due = false;
    if (k->value.type & EVX_ARRAY)
        while (evx_value_item(&k->value, &pos, &item) == EVX_OK)
            add_data(k, &item);
    if (k->value.type & EVX_ARRAY && k->f->data_total == before)
        k->value.type = k->value.raw.len == 0 ? EVX_NULL : EVX_BINARY;   /* no item in it */
    if (k->f->data_total == before)
        add_data(k, &k->value);
    if (k->f->data_count < EVX_FIELDS_MAX)
        memset(&k->f->data_name[k->f->data_count], 0, sizeof(evx_text_view));
}

static void set_data_name(collector *k)
{
    evx_text_view view;
    evx_value v = readable(k->t, &k->value);

    if (k->f->data_count < EVX_FIELDS_MAX && evxi_view_of(&v, &view))
        k->f->data_name[k->f->data_count] = view;
}

static void set_time(collector *k)
{
    if (evxi_parse_time(&k->value, &k->f->time))
        k->f->present |= EVX_HAS_TIME;
}

static void set_event_id(collector *k)
{
    set_number(k, EVX_HAS_EVENT_ID, &k->f->event_id, 4);
}

static void set_payload(collector *k)
{
    if (evx_value_empty(&k->value))
        return;
    k->f->payload = bytes_of(k->t, &k->value);
    k->f->present |= EVX_HAS_PAYLOAD;
}

static void store(collector *k)
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

static void begin_place(collector *k, evxi_place place)
{
    store(k);
    k->place = place;
    k->pieces = 0;
    memset(&k->value, 0, sizeof k->value);
}

/* ---- the walk ------------------------------------------------------------------------------- */

static void on_open(collector *k, const evx_token *tok)
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
static bool at_element(const collector *k, const evx_token *tok)
{
    return tok->depth == ELEMENT_DEPTH + 1 && k->section != SECTION_NONE;
}

static void on_close(collector *k, const evx_token *tok)
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

static void on_token(collector *k, const evx_token *tok)
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
        add_piece(k, &tok->value);
        break;
    case EVX_TOKEN_CHARREF:
        add_character(k, evxi_le16(tok->value.raw.ptr));
        break;
    case EVX_TOKEN_ENTITY:
        add_entity(k, &tok->name);
        break;
    default:
        break;
    }
}

static evx_status collect(evx_reader *t, const evx_chunk *c, const evx_record *r, evx_fields *out,
                          bool system_only)
{
    collector k;
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
    return collect(t, c, r, out, false);
}

evx_status evxi_fields_system(evx_reader *t, const evx_chunk *c, const evx_record *r,
                              evx_fields *out)
{
    return collect(t, c, r, out, true);
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
