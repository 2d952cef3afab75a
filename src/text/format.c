/* src/text/format.c - typed value -> characters */
#include "text/text.h"

void evxi_put_u64(evxi_sink *s, uint64_t x)
{
    uint8_t text[EVXI_DIGITS_MAX];

    evxi_put(s, text, (size_t)(evxi_digits_u64(text, x) - text));
}

static void put_binary(evxi_sink *s, const uint8_t *p, size_t len)
{
    uint8_t text[256];

    for (size_t n; len > 0; p += n, len -= n) {
        n = len < sizeof text / 2 ? len : sizeof text / 2;
        evxi_put(s, text, (size_t)(evxi_digits_bytes(text, p, n) - text));
    }
}

static void put_sid(evxi_sink *s, const uint8_t *p, size_t len)
{
    unsigned count = evxi_sid_count(p, len), at = 0, next;
    uint8_t text[EVXI_DIGITS_MAX];

    do {
        next = count - at < EVXI_SID_PART ? count : at + EVXI_SID_PART;
        evxi_put(s, text, (size_t)(evxi_digits_sid(text, p, at, next) - text));
    } while ((at = next) < count);
}

/* ---- by type -------------------------------------------------------------------------------- */

static uint8_t *number(uint8_t *to, const evx_value *v, uint64_t x, uint32_t style,
                       evxi_day *day)
{
    switch (v->type) {
    case EVX_INT8: case EVX_INT16: case EVX_INT32: case EVX_INT64:
        return evxi_digits_i64(to, x);
    case EVX_SIZE: case EVX_HEX32: case EVX_HEX64:
        return evxi_digits_hex(to, x);
    case EVX_BOOL:
        memcpy(to, &"falsetrue "[x != 0 ? 5 : 0], 5);
        return to + (x != 0 ? 4 : 5);
    case EVX_FILETIME:
        return evxi_digits_filetime(to, x, style == EVX_STYLE_WINDOWS, day);
    default:
        return evxi_digits_u64(to, x);
    }
}

static uint8_t *guid(uint8_t *to, const uint8_t *p, uint32_t style)
{
    if (style == EVX_STYLE_WINDOWS)
        *to++ = '{';
    to = evxi_digits_guid(to, p);
    if (style == EVX_STYLE_WINDOWS)
        *to++ = '}';
    return to;
}

uint8_t *evxi_format(uint8_t *to, const evx_value *v, uint32_t style, evxi_day *day)
{
    uint64_t x;

    if (evx_value_u64(v, &x) == EVX_OK)
        return number(to, v, x, style, day);
    if (v->raw.len < evxi_value_width(v->type))
        return NULL;
    if (v->type == EVX_GUID)
        return guid(to, v->raw.ptr, style);
    if (v->type == EVX_SYSTEMTIME)
        return evxi_digits_systemtime(to, v->raw.ptr, style == EVX_STYLE_WINDOWS);
    return NULL;
}

static void put_real(evxi_writer *w, evxi_sink *s, const evx_value *v)
{
    bool is_double = v->type == EVX_REAL64;

    if (v->raw.len < evxi_value_width(v->type))
        put_binary(s, v->raw.ptr, v->raw.len);
    else
        w->steps += evxi_put_real(s, is_double ? evxi_le64(v->raw.ptr) : evxi_le32(v->raw.ptr),
                                  is_double);
}

static void put_single(evxi_writer *w, evxi_sink *s, const evx_value *v, unsigned mode)
{
    uint8_t text[EVXI_DIGITS_MAX], *end;

    if (v->type == EVX_STRING) {
        evxi_put_string(s, w->kernels, v->raw.ptr, (uint32_t)(v->raw.len / 2), mode);
    } else if (v->type == EVX_ANSI) {
        w->steps += evxi_ansi_write(v->raw.len);
        evxi_put_ansi(s, w->kernels, w->ansi, v->raw.ptr, (uint32_t)v->raw.len, mode);
    } else if (v->type == EVX_SID && v->raw.len >= 8) {
        put_sid(s, v->raw.ptr, v->raw.len);
    } else if (v->type == EVX_REAL32 || v->type == EVX_REAL64) {
        put_real(w, s, v);
    } else if ((end = evxi_format(text, v, w->style, &w->day)) != NULL) {
        evxi_put(s, text, (size_t)(end - text));
    } else if (v->type != EVX_NULL && v->type != EVX_BINXML) {
        put_binary(s, v->raw.ptr, v->raw.len);       /* what has no other form shows its bytes */
    }
}

/* An array where no element can be repeated for it: its items with commas between them. */
static void put_list(evxi_writer *w, evxi_sink *s, const evx_value *v, unsigned mode)
{
    evx_value item;
    uint32_t pos = 0, n = 0;
    evx_status st;

    while ((st = evx_value_item(v, &pos, &item)) == EVX_OK && s->count <= s->limit
           && evxi_step(w)) {
        if (n++ > 0)
            evxi_put_byte(s, ',');
        put_single(w, s, &item, mode);
    }
    if (st < 0 && n == 0)
        put_binary(s, v->raw.ptr, v->raw.len);
}

void evxi_put_value(evxi_writer *w, evxi_sink *s, const evx_value *v, unsigned mode)
{
    if (v->type & EVX_ARRAY)
        put_list(w, s, v, mode);
    else
        put_single(w, s, v, mode);
}

bool evxi_value_is_bare(const evx_value *v)
{
    uint64_t x;

    return ((v->type >= EVX_INT8 && v->type <= EVX_UINT64) || v->type == EVX_BOOL)
        && evx_value_u64(v, &x) == EVX_OK;
}
