/* src/select/gather.c - content in one piece or several -> one value; ANSI and hex -> readable */
#include "base/utf.h"
#include "select/select.h"

/*
 * Nearly always content is one value, which stays where it is. Content in several pieces (entity
 * references in forwarded events) is joined as UTF-8 in the reader's scratch, as much as fits.
 */
/* Is there room for one more character, whichever it is? Without it nothing is decoded in vain. */
static bool has_room(const evx_reader *t)
{
    return t->scratch_len - t->scratch_used >= 4;
}

static void scratch_put(evx_reader *t, uint32_t cp)
{
    uint8_t one[4];
    uint32_t len = evxi_utf8_encode(cp, one);

    if (len > t->scratch_len - t->scratch_used)
        return;                      /* as much as fits */
    memcpy(t->scratch + t->scratch_used, one, len);
    t->scratch_used += len;
}

static void scratch_ansi(evx_reader *t, const evx_value *v)
{
    for (size_t i = 0; i < v->raw.len && v->raw.ptr[i] != 0 && has_room(t); i++)
        scratch_put(t, evxi_windows_1252(v->raw.ptr[i]));
}

static void scratch_text(evx_reader *t, const evx_value *v)
{
    evx_text_view view;
    uint32_t i = 0, n;

    if (v->type == EVX_ANSI)
        scratch_ansi(t, v);
    if (!has_room(t) || !evxi_view_of(v, &view))
        return;
    n = view.utf8 ? view.len : view.len / 2;
    while (i < n && has_room(t))
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

void evxi_gather_piece(evxi_gather *k, const evx_value *piece)
{
    evx_value first = k->value;

    if (k->place == FIELD_NONE)
        return;
    if (k->pieces++ == 0) {
        k->value = *piece;
        return;
    }
    if (!k->joined) {
        begin_scratch(k->t, &k->value);
        scratch_text(k->t, &first);
        k->joined = true;
    }
    scratch_text(k->t, piece);
    end_scratch(k->t, &k->value);
}

/* A character that the bytes spell out: a reference. */
void evxi_gather_character(evxi_gather *k, uint32_t cp)
{
    uint8_t unit[2] = { (uint8_t)cp, (uint8_t)(cp >> 8) };
    evx_value first = k->value;

    if (k->place == FIELD_NONE)
        return;
    k->pieces++;
    if (!k->joined) {
        begin_scratch(k->t, &k->value);
        if (k->pieces > 1)
            scratch_text(k->t, &first);
        k->joined = true;
    }
    scratch_put(k->t, (cp & 0xf800) == 0xd800 ? EVXI_REPLACEMENT : evxi_le16(unit));
    end_scratch(k->t, &k->value);
}

void evxi_gather_entity(evxi_gather *k, const evx_utf16 *name)
{
    static const struct { const char *name; uint8_t len, cp; } known[] = {
        { "lt", 2, '<' }, { "gt", 2, '>' }, { "amp", 3, '&' }, { "quot", 4, '"' },
        { "apos", 4, '\'' }
    };

    for (size_t i = 0; i < EVXI_COUNTOF(known); i++)
        if (evxi_name_is(name, known[i].name, known[i].len))
            evxi_gather_character(k, known[i].cp);
}

static uint32_t ansi_length(const evx_value *v)
{
    uint32_t n = 0;

    while (n < v->raw.len && v->raw.ptr[n] != 0)
        n++;
    return n;
}

evx_value evxi_gather_text(evx_reader *t, const evx_value *v)
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
    scratch_ansi(t, v);
    end_scratch(t, &out);
    return out;
}

static int nibble(uint32_t unit)
{
    return unit >= '0' && unit <= '9' ? (int)unit - '0'
         : unit >= 'A' && unit <= 'F' ? (int)unit - 'A' + 10
         : unit >= 'a' && unit <= 'f' ? (int)unit - 'a' + 10 : -1;
}

static bool is_blank(uint32_t unit)
{
    return unit == ' ' || unit == '\t' || unit == '\r' || unit == '\n';
}

static uint32_t unit_at(const evx_text_view *v, uint32_t i)
{
    return v->utf8 ? v->ptr[i] : evxi_le16(v->ptr + 2 * (size_t)i);
}

/* Digits and blanks only? */
static bool is_hex(const evx_text_view *v, uint32_t i, uint32_t n)
{
    for (; i < n; i++)
        if (nibble(unit_at(v, i)) < 0 && !is_blank(unit_at(v, i)))
            return false;
    return true;
}

/* Two digits a byte, whatever blanks stand between them. */
static void scratch_hex(evx_reader *t, const evx_text_view *v, uint32_t i, uint32_t n)
{
    int high = -1, digit;

    for (; i < n && t->scratch_used < t->scratch_len; i++) {
        digit = nibble(unit_at(v, i));
        if (digit < 0)
            continue;
        if (high >= 0)
            t->scratch[t->scratch_used++] = (uint8_t)(high << 4 | digit);
        high = high < 0 ? digit : -1;
    }
}

/* What is no hex is what the bytes themselves say: some program has decoded them already. */
evx_value evxi_gather_bytes(evx_reader *t, const evx_value *v)
{
    evx_value text = evxi_gather_text(t, v), out;
    evx_text_view view;
    uint32_t n, i = 0;

    if (!evxi_view_of(&text, &view))
        return *v;
    n = view.utf8 ? view.len : view.len / 2;
    while (i < n && is_blank(unit_at(&view, i)))
        i++;
    if (n - i > 2 && unit_at(&view, i) == '0' && (unit_at(&view, i + 1) | 0x20) == 'x')
        i += 2;
    begin_scratch(t, &out);
    if (is_hex(&view, i, n))
        scratch_hex(t, &view, i, n);
    else
        scratch_text(t, &text);
    end_scratch(t, &out);
    out.type = EVX_BINARY;
    return out;
}
