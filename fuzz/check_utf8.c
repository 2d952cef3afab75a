/* fuzz/check_utf8.c - strict UTF-8 */
#include "check.h"

uint32_t check_char(const uint8_t *text, size_t len, size_t *at)
{
    static const uint32_t least[4] = { 0, 0x80, 0x800, 0x10000 };
    uint32_t first, c;
    unsigned more;

    if (*at >= len)
        return UINT32_MAX;
    first = text[*at];
    more = first < 0x80 ? 0 : first < 0xc2 ? 4 : first < 0xe0 ? 1 : first < 0xf0 ? 2
                            : first < 0xf5 ? 3 : 4;
    if (more == 4 || more > len - *at - 1)
        return UINT32_MAX;
    c = more == 0 ? first : first & (0x3fu >> more);
    for (unsigned i = 1; i <= more; i++) {
        if ((text[*at + i] & 0xc0u) != 0x80)
            return UINT32_MAX;
        c = c << 6 | (text[*at + i] & 0x3fu);
    }
    if (c < least[more] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        return UINT32_MAX;
    *at += more + 1;
    return c;
}

check_result check_utf8(const uint8_t *text, size_t len)
{
    check_result r = { true, 0, NULL, 0, 0 };

    while (r.at < len) {
        if (check_char(text, len, &r.at) == UINT32_MAX) {
            r.ok = false;
            r.why = "no UTF-8";
            break;
        }
    }
    return r;
}
