/* src/select/view.c - text views: of values, compared, copied as UTF-8 */
#include "base/utf.h"
#include "select/select.h"

bool evxi_view_of(const evx_value *v, evx_text_view *out)
{
    evx_utf16 text;

    out->ptr = v->raw.ptr;
    out->utf8 = v->type == EVX_UTF8;
    out->len = out->utf8 ? (uint32_t)v->raw.len : 0;
    if (v->type != EVX_STRING)
        return out->utf8;
    text = evx_value_utf16(v);
    out->len = 2 * text.units;
    return true;
}

static uint32_t next_of(const evx_text_view *v, uint32_t *i)
{
    return v->utf8 ? evxi_utf8_next(v->ptr, v->len, i)
                   : evxi_utf16_next(v->ptr, v->len / 2, i);
}

/* The ASCII character at unit i, or 128: it is none, or the text is UTF-8. */
static inline uint32_t ascii_at(const evx_text_view *v, uint32_t i)
{
    uint32_t unit = v->utf8 ? 128 : evxi_le16(v->ptr + 2 * (size_t)i);

    return unit < 128 ? unit : 128;
}

static uint32_t length_of(const evx_text_view *v)
{
    return v->utf8 ? v->len : v->len / 2;
}

static uint32_t lower(uint32_t cp)
{
    return cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
}

bool evx_text_view_is(const evx_text_view *v, const char *utf8)
{
    evx_text_view other = { (const uint8_t *)utf8, (uint32_t)evxi_length(utf8), 1 };
    uint32_t i = 0, j = 0, n = length_of(v);

    for (; i < n && j < other.len && (ascii_at(v, i) | other.ptr[j]) < 128; i++, j++)
        if (lower(ascii_at(v, i)) != lower(other.ptr[j]))
            return false;            /* mostly at once                                        */
    while (i < n && j < other.len)
        if (lower(next_of(v, &i)) != lower(next_of(&other, &j)))
            return false;
    return i == n && j == other.len;
}

size_t evx_text_view_utf8(const evx_text_view *v, uint8_t *out, size_t cap)
{
    uint8_t one[4];
    size_t total = 0, kept = 0;
    uint32_t i = 0, n = length_of(v), len;

    while (i < n) {
        len = evxi_utf8_encode(next_of(v, &i), one);
        if (kept == total && len <= cap - kept) {
            memcpy(out + kept, one, len);
            kept += len;
        }
        total += len;
    }
    return total;
}
