/* src/text/utf16.c - UTF-16 policy: pairs, lone halves, terminators; escapes */
#include "base/utf.h"
#include "text/text.h"

bool evxi_xml_char(uint32_t cp)
{
    return cp >= 0x20 ? (cp < 0xd800 || cp > 0xdfff) && cp != 0xfffe && cp != 0xffff
                      : cp == 9 || cp == 10 || cp == 13;
}

static uint8_t *json_char(uint8_t *to, uint32_t cp)
{
    static const char digits[] = "0123456789ABCDEF";
    static const uint8_t begin[4] = { '\\', 'u', '0', '0' };
    static const char letter[14] = { [8] = 'b', [9] = 't', [10] = 'n', [12] = 'f', [13] = 'r' };

    if (cp == '"' || cp == '\\') {
        *to++ = '\\';
        *to++ = (uint8_t)cp;
    } else if (cp < sizeof letter && letter[cp] != 0) {
        *to++ = '\\';
        *to++ = (uint8_t)letter[cp];
    } else if (cp < 0x20 - EVXI_PLANTED(4)) {
        memcpy(to, begin, sizeof begin);
        to[4] = (uint8_t)digits[cp >> 4];
        to[5] = (uint8_t)digits[cp & 15];
        to += 6;
    } else {
        to += evxi_utf8_encode(cp, to);
    }
    return to;
}

static uint8_t *xml_char(uint8_t *to, uint32_t cp, unsigned mode)
{
    uint8_t *end = cp < 0x80 ? evxi_put_unit(to, cp, mode) : NULL;

    return end ? end : to + evxi_utf8_encode(evxi_xml_char(cp) ? cp : EVXI_REPLACEMENT, to);
}

/* At most six bytes; touches eight. */
static uint8_t *one_char(uint8_t *to, uint32_t cp, unsigned mode)
{
    return mode == MODE_JSON ? json_char(to, cp) : xml_char(to, cp, mode);
}

void evxi_put_char(evxi_sink *s, uint32_t cp, unsigned mode)
{
    uint8_t text[8];

    evxi_put(s, text, (size_t)(one_char(text, cp, mode) - text));
}

uint8_t *evxi_few_chars(uint8_t *to, const uint8_t *p, uint32_t units, uint32_t *i, unsigned mode,
                        bool ends)
{
    for (unsigned n = 0; n < EVXI_FEW && *i < units; n++) {
        if (ends && evxi_le16(p + 2 * (size_t)*i) == 0)
            break;
        to = one_char(to, evxi_utf16_next(p, units, i), mode);
    }
    return to;
}

/* Where there is no room for the most that it may be. */
static EVXI_COLD uint32_t put_piece(evxi_sink *s, evxi_transcode *kernel, const uint8_t *p,
                                    uint32_t units, unsigned mode)
{
    enum { PIECE = 32 };
    uint8_t piece[6 * PIECE + EVXI_TRANSCODE_SLACK], *at = piece;
    uint32_t n = kernel(&at, p, units < PIECE ? units : (uint32_t)PIECE, mode);

    evxi_put(s, piece, (size_t)(at - piece));
    return n;
}

/* What a kernel knows how to write, of units or of bytes, in one go: into the output where there is
 * room. */
static inline uint32_t put_known(evxi_sink *s, evxi_transcode *kernel, const uint8_t *p,
                                 uint32_t units, unsigned mode)
{
    uint8_t *at = s->at;
    uint32_t n;

    if (EVXI_UNLIKELY((size_t)(s->end - at) < 6 * (size_t)units + EVXI_TRANSCODE_SLACK))
        return put_piece(s, kernel, p, units, mode);
    n = kernel(&at, p, units, mode);
    s->count += (uint64_t)(at - s->at);
    s->at = at;
    return n;
}

static void put_few(evxi_sink *s, const uint8_t *p, uint32_t units, uint32_t *i, unsigned mode,
                    bool ends)
{
    uint8_t text[6 * EVXI_FEW + 8];

    evxi_put(s, text, (size_t)(evxi_few_chars(text, p, units, i, mode, ends) - text));
}

static inline void put_units(evxi_sink *s, const evx_kernels *k, const uint8_t *p, uint32_t units,
                             unsigned mode, bool ends)
{
    uint32_t i = 0;

    while (i < units && s->count <= s->limit) {
        uint32_t n = put_known(s, k->transcode, p + 2 * (size_t)i, units - i, mode);
        i += n;
        if (ends && i < units && evxi_le16(p + 2 * (size_t)i) == 0)
            return;
        put_few(s, p, units, &i, mode, ends);
    }
}

void evxi_put_utf16(evxi_sink *s, const evx_kernels *k, const uint8_t *p, uint32_t units,
                    unsigned mode)
{
    put_units(s, k, p, units, mode, false);
}

void evxi_put_string(evxi_sink *s, const evx_kernels *k, const uint8_t *p, uint32_t units,
                     unsigned mode)
{
    put_units(s, k, p, units, mode, true);
}

/* A byte beyond ASCII as a unit. */
static uint32_t unit_of(const uint16_t *page, uint8_t byte)
{
    uint32_t unit = page ? page[byte - 0x80] : evxi_windows_1252(byte);

    return (unit & 0xf800) == 0xd800 ? EVXI_REPLACEMENT : unit;
}

/* The next EVXI_FEW bytes, or all up to the end, without their NULs. */
static void put_few_bytes(evxi_sink *s, const uint16_t *page, const uint8_t *p, uint32_t len,
                          uint32_t *i, unsigned mode)
{
    uint8_t units[2 * EVXI_FEW], text[6 * EVXI_FEW + 8], *to = text;
    uint32_t end = len - *i < EVXI_FEW ? len : *i + EVXI_FEW, n = 0, next = 0, unit;

    for (; *i < end; ++*i) {
        unit = p[*i] < 0x80 ? p[*i] : unit_of(page, p[*i]);
        units[2 * n] = (uint8_t)unit;
        units[2 * n + 1] = (uint8_t)(unit >> 8);
        n += unit != 0;
    }
    if (n > 0)
        to = evxi_few_chars(to, units, n, &next, mode, false);
    evxi_put(s, text, (size_t)(to - text));
}

/* NULs in ANSI strings are left out and do not end them (DNS labels, NUL-filled buffers). */
void evxi_put_ansi(evxi_sink *s, const evx_kernels *k, const uint16_t *page, const uint8_t *p,
                   uint32_t len, unsigned mode)
{
    uint32_t i = 0;

    while (i < len && s->count <= s->limit) {
        i += put_known(s, k->escape, p + i, len - i, mode);
        while (len - i >= 8 && evxi_le64(p + i) == 0)
            i += 8;
        put_few_bytes(s, page, p, len, &i, mode);
    }
}

/* Are four or eight bytes, none of which is beyond ASCII, letters and digits? A sum's highest bit
 * says whether a byte has reached a border. */
static inline bool are_plain(uint64_t x, uint64_t ones)
{
    uint64_t lower = x | 0x20 * ones, high = 0x80 * ones;
    uint64_t letter = (lower + (0x80 - 'a') * ones) & ~(lower + (0x7f - 'z') * ones);
    uint64_t digit = (x + (0x80 - '0') * ones) & ~(x + (0x7f - '9') * ones);

    return ((letter | digit) & high) == high;
}

/* Four units of ASCII, the first one lowest, as bytes. */
static inline uint64_t narrow_four(uint64_t x)
{
    x = (x | x >> 8) & 0x0000ffff0000ffffu;
    return (x | x >> 16) & 0xffffffffu;
}

/* The lowest bytes of a word, which compilers store at once. */
static inline void put_bytes(uint8_t *to, uint64_t x, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        to[i] = (uint8_t)(x >> 8 * i);
}

/* False: not all are letters and digits. */
static inline bool put_four(uint8_t *to, const uint8_t *p)
{
    uint64_t x = evxi_le64(p), bytes = narrow_four(x);

    put_bytes(to, bytes, 4);
    return (x & 0xff80ff80ff80ff80u) == 0 && are_plain(bytes, 0x01010101u);
}

static inline bool put_eight(uint8_t *to, const uint8_t *p)
{
    uint64_t low = evxi_le64(p), high = evxi_le64(p + 8);
    uint64_t bytes = narrow_four(low) | narrow_four(high) << 32;

    put_bytes(to, bytes, 8);
    return ((low | high) & 0xff80ff80ff80ff80u) == 0 && are_plain(bytes, 0x0101010101010101u);
}

static inline bool is_plain(uint32_t unit)
{
    return (unit | 0x20u) - 'a' < 26 || unit - '0' < 10;
}

/* The last ones again with the ones before them, so that nothing is left over. */
static bool put_plain_units(uint8_t *to, const uint8_t *p, uint32_t units)
{
    enum { FOUR = 4, EIGHT = 8 };
    bool plain = true;

    if (units >= EIGHT) {
        for (uint32_t i = 0; plain && i + EIGHT < units; i += EIGHT)
            plain = put_eight(to + i, p + 2 * (size_t)i);
        return plain && put_eight(to + units - EIGHT, p + 2 * (size_t)(units - EIGHT));
    }
    if (units >= FOUR)
        return put_four(to, p) && put_four(to + units - FOUR, p + 2 * (size_t)(units - FOUR));
    for (uint32_t i = 0; plain && i < units; i++) {
        uint32_t unit = evxi_le16(p + 2 * (size_t)i);
        plain = is_plain(unit);
        to[i] = (uint8_t)unit;
    }
    return plain;
}

/* Names are ASCII letters and digits but for those of hostile logs. */
static bool put_plain_name(evxi_sink *s, const evx_utf16 *name)
{
    uint8_t text[64], *to = (size_t)(s->end - s->at) >= sizeof text ? s->at : text;

    if (name->units == 0 || name->units > sizeof text || evxi_le16(name->ptr) - '0' < 10
        || !put_plain_units(to, name->ptr, name->units))
        return false;
    if (to == text) {
        evxi_put(s, text, name->units);
    } else {
        s->at += name->units;
        s->count += name->units;
    }
    return true;
}

/* A character of a name that is not like most: one that may not stand there, and at most an '_'
 * before it. */
static uint8_t *name_char(uint8_t *to, uint32_t cp, bool first)
{
    bool continues = evxi_name_continues(cp);

    if (first && continues && !evxi_name_starts(cp))
        *to++ = '_';
    return to + evxi_utf8_encode(continues ? cp : '_', to);
}

uint32_t evxi_put_xml_name(evxi_sink *s, const evx_utf16 *name)
{
    uint8_t text[4 * EVXI_FEW + 1];
    uint32_t i = 0;

    if (put_plain_name(s, name))
        return 0;
    if (name->units == 0)
        evxi_put_byte(s, '_');
    while (i < name->units) {
        uint8_t *to = text;
        for (unsigned n = 0; n < EVXI_FEW && i < name->units; n++) {
            bool first = i == 0;
            to = name_char(to, evxi_utf16_next(name->ptr, name->units, &i), first);
        }
        evxi_put(s, text, (size_t)(to - text));
    }
    return name->units;
}
