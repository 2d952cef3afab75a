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

static uint32_t length_of(const evx_text_view *v)
{
    return v->utf8 ? v->len : v->len / 2;
}

static uint32_t lower(uint32_t cp)
{
    return cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
}

/* From unit i and byte i on, in front of which all is ASCII. */
static bool rest_is(const evx_text_view *v, uint32_t i, const char *utf8)
{
    evx_text_view other = { (const uint8_t *)utf8, (uint32_t)evxi_length(utf8), 1 };
    uint32_t j = i, n = length_of(v);

    while (i < n && j < other.len)
        if (lower(next_of(v, &i)) != lower(next_of(&other, &j)))
            return false;
    return i == n && j == other.len;
}

bool evx_text_view_is(const evx_text_view *v, const char *utf8)
{
    uint32_t i = 0, n = v->utf8 ? 0 : v->len / 2, unit, c;

    for (; i < n; i++) {
        unit = evxi_le16(v->ptr + 2 * (size_t)i);
        c = (uint8_t)utf8[i];
        if (c == 0 || (unit | c) >= 0x80)
            break;
        if (unit != c && lower(unit) != lower(c))
            return false;            /* mostly at once                                        */
    }
    return i == n && !v->utf8 ? utf8[i] == 0 : rest_is(v, i, utf8);
}

/* As much of the beginning as is ASCII and fits. */
static uint32_t copy_ascii(const evx_text_view *v, uint8_t *out, size_t cap)
{
    uint32_t i = 0, n = v->utf8 ? 0 : v->len / 2, unit;

    for (; i < n && i < cap && (unit = evxi_le16(v->ptr + 2 * (size_t)i)) < 0x80; i++)
        out[i] = (uint8_t)unit;
    return i;
}

size_t evx_text_view_utf8(const evx_text_view *v, uint8_t *out, size_t cap)
{
    uint8_t one[4];
    uint32_t i = copy_ascii(v, out, cap), n = length_of(v), len;
    size_t total = i, kept = i;

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
