/* src/vss/parse.c - GUIDs, error codes and payloads as the writer prints them */
#include "vss/vss.h"

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Where the two digits of the i-th byte stand in 8-4-4-4-12, for bytes as a chunk stores them. */
static const uint8_t digit_pairs[16] = {
    6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34
};

enum { GUID_CHARS = 36 };

bool evxi_vss_guid(const uint8_t *text, size_t len, evx_guid *out)
{
    size_t at = 0;

    while (at < len && is_blank(text[at]))
        at++;
    if (at < len && text[at] == '{')
        at++;
    text += at;
    len -= at;
    if (len < GUID_CHARS || text[8] != '-' || text[13] != '-' || text[18] != '-'
        || text[23] != '-')
        return false;
    for (size_t i = 0; i < 16; i++) {
        int high = hex_digit(text[digit_pairs[i]]), low = hex_digit(text[digit_pairs[i] + 1]);
        if (high < 0 || low < 0)
            return false;
        out->b[i] = (uint8_t)(high << 4 | low);
    }
    /* a longer word that only looks like a GUID names nothing */
    return len == GUID_CHARS || (hex_digit(text[GUID_CHARS]) < 0 && text[GUID_CHARS] != '-');
}

/* Digits of one base, all of them; no more than 32 bits. */
static bool digits(const uint8_t *text, size_t len, uint32_t base, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < len; i++) {
        int digit = hex_digit(text[i]);
        if (digit < 0 || (uint32_t)digit >= base)
            return false;
        *out = *out * base + (uint32_t)digit;
        if (*out > UINT32_MAX)
            return false;
    }
    return len > 0;
}

int32_t evxi_vss_signed(uint32_t bits)
{
    return bits <= INT32_MAX ? (int32_t)bits : -(int32_t)(UINT32_MAX - bits) - 1;
}

bool evxi_vss_code(const uint8_t *text, size_t len, int32_t *out)
{
    uint64_t value;
    bool minus;

    while (len > 0 && is_blank(text[len - 1]))
        len--;
    while (len > 0 && is_blank(text[0])) {
        text++;
        len--;
    }
    if (len > 2 && text[0] == '0' && (text[1] | 0x20) == 'x') {
        if (!digits(text + 2, len - 2, 16, &value))
            return false;
        *out = evxi_vss_signed((uint32_t)value);
        return true;
    }
    minus = len > 0 && text[0] == '-';
    if (!digits(text + minus, len - minus, 10, &value) || (minus && value > 0x80000000u))
        return false;
    *out = evxi_vss_signed(minus ? 0u - (uint32_t)value : (uint32_t)value);
    return true;
}

/* Bytes that a character takes: UTF-16 shows by its zeros. */
static size_t width_of(const uint8_t *payload, size_t len)
{
    return len >= 4 && payload[0] != 0 && payload[1] == 0 && payload[2] != 0 && payload[3] == 0
               ? 2 : 1;
}

size_t evxi_vss_saying(const uint8_t *payload, size_t len)
{
    size_t width = width_of(payload, len), n = 0;

    while (n + width <= len && (payload[n] != 0 || (width == 2 && payload[n + 1] != 0)))
        n += width;
    return n > 0 && payload[n - width] == '.' && (width == 1 || payload[n - 1] == 0) ? n - width
                                                                                     : n;
}

bool evxi_vss_says(const uint8_t *payload, size_t len, const char *words)
{
    size_t width = width_of(payload, len), said = evxi_vss_saying(payload, len), i = 0;

    for (; i * width < said && words[i] != 0; i++)
        if (payload[i * width] != (uint8_t)words[i] || (width == 2 && payload[2 * i + 1] != 0))
            return false;
    return i * width == said && words[i] == 0;
}
