/* src/binxml/value.c - typed view -> number, text, items of an array */
#include "base/same.h"
#include "base/utf.h"
#include "binxml/binxml.h"

static const uint8_t widths[EVX_HEX64 + 1] = {
    [EVX_INT8] = 1, [EVX_UINT8] = 1, [EVX_INT16] = 2, [EVX_UINT16] = 2, [EVX_INT32] = 4,
    [EVX_UINT32] = 4, [EVX_INT64] = 8, [EVX_UINT64] = 8, [EVX_REAL32] = 4, [EVX_REAL64] = 8,
    [EVX_BOOL] = 4, [EVX_GUID] = 16, [EVX_FILETIME] = 8, [EVX_SYSTEMTIME] = 16, [EVX_HEX32] = 4,
    [EVX_HEX64] = 8
};

uint32_t evxi_value_width(uint8_t type)
{
    return type < sizeof widths ? widths[type] : 0;
}

/* An integer of 1, 2, 4 or 8 bytes, as 64 bits. */
static evx_status load(const evx_value *v, size_t width, bool is_signed, uint64_t *out)
{
    const uint8_t *p = v->raw.ptr;
    uint64_t sign;

    if (v->raw.len < width)
        return EVX_E_VALUE;
    *out = width == 1 ? p[0] : width == 2 ? evxi_le16(p) : width == 4 ? evxi_le32(p)
                                                                      : evxi_le64(p);
    if (is_signed && width < 8) {
        sign = (uint64_t)1 << (8 * width - 1);
        *out = (*out ^ sign) - sign;
    }
    return EVX_OK;
}

/* Types whose width the descriptor tells: pointers, and booleans from writers of all kinds. */
static evx_status load_sized(const evx_value *v, uint64_t *out)
{
    size_t len = v->raw.len;

    if (len != 4 && len != 8 && (v->type == EVX_SIZE || (len != 1 && len != 2)))
        return EVX_E_VALUE;
    return load(v, len, false, out);
}

evx_status evx_value_u64(const evx_value *v, uint64_t *out)
{
    switch (v->type) {
    case EVX_INT8: case EVX_INT16: case EVX_INT32: case EVX_INT64:
        return load(v, evxi_value_width(v->type), true, out);
    case EVX_UINT8: case EVX_UINT16: case EVX_UINT32: case EVX_UINT64:
    case EVX_HEX32: case EVX_HEX64: case EVX_FILETIME:
        return load(v, evxi_value_width(v->type), false, out);
    case EVX_BOOL: case EVX_SIZE:
        return load_sized(v, out);
    default:
        return EVX_E_VALUE;
    }
}

/* Bytes up to and with the terminator of `unit` zero bytes, or all that are left. */
static uint32_t string_item(const uint8_t *p, uint32_t left, uint32_t unit, uint32_t *text)
{
    uint32_t at = 0;

    if (unit == 2)
        at = 2 * evxi_utf16_length(p, left / 2);
    else
        at = evxi_ansi_length(p, left);
    *text = at;
    return at + unit <= left ? at + unit : left;
}

/* A pointer's width is nowhere in an array: the widest that divides it. */
static uint32_t item_width(const evx_value *array, uint8_t type, const uint8_t *p, uint32_t left)
{
    if (type == EVX_SIZE)
        return array->raw.len % 8 == 0 ? 8 : 4;
    if (type == EVX_SID)
        return left >= 8 ? 8 + 4u * p[1] : 8;
    return evxi_value_width(type);
}

evx_status evx_value_item(const evx_value *array, uint32_t *pos, evx_value *item)
{
    uint8_t type = array->type & 0x7f;
    uint32_t len = (uint32_t)array->raw.len, left, width, text;
    const uint8_t *p;

    if (!(array->type & EVX_ARRAY) || *pos > len)
        return EVX_E_VALUE;
    left = len - *pos;
    p = array->raw.ptr + *pos;
    if (left == 0)
        return EVX_END;
    if (type == EVX_STRING || type == EVX_ANSI) {
        if (type == EVX_STRING && left == 1) {
            *pos = len;              /* half a unit is no item */
            return EVX_END;
        }
        width = string_item(p, left, type == EVX_STRING ? 2 : 1, &text);
    } else
        text = width = item_width(array, type, p, left);
    if (width == 0 || width > left) {
        *pos = len;
        return EVX_E_VALUE;
    }
    *pos += width;
    item->type = type;
    item->raw.ptr = p;
    item->raw.len = text;
    return EVX_OK;
}

bool evx_value_empty(const evx_value *v)
{
    const uint8_t *p = v->raw.ptr;

    switch (v->type) {
    case EVX_NULL:
        return true;
    case EVX_STRING:
        return v->raw.len < 2 || evxi_le16(p) == 0;
    case EVX_ANSI:
        return evxi_zeros(p, v->raw.len);
    default:
        return v->raw.len == 0;
    }
}

evx_utf16 evx_value_utf16(const evx_value *v)
{
    evx_utf16 text = { v->raw.ptr, 0 };
    uint32_t units = (uint32_t)(v->raw.len / 2);

    if (v->type == EVX_STRING)
        text.units = evxi_utf16_length(text.ptr, units);
    return text;
}
