/* tests/kit/mkvalue.c - values for the log writer: typed bytes, text, time. */
#include "mkint.h"

#include <stdio.h>
#include <string.h>

static mk_value own(uint8_t type, uint64_t v, size_t n)
{
    mk_value r;
    memset(&r, 0, sizeof r);
    r.type = type;
    r.kind = MK_K_OWN;
    r.own_len = (uint8_t)n;
    mk_store(r.own, v, n > 8 ? 8 : n);
    return r;
}

static mk_value borrow(uint8_t type, uint8_t kind, const void *p, size_t n)
{
    mk_value r;
    memset(&r, 0, sizeof r);
    r.type = type;
    r.kind = kind;
    r.data = p;
    r.len = n;
    return r;
}

mk_value mk_null(void) { return own(MK_NULL, 0, 0); }
mk_value mk_null_sized(uint8_t n) { return own(MK_NULL, 0x1122334455667788u, n > 16 ? 16 : n); }
mk_value mk_i8(int8_t v) { return own(MK_I8, (uint64_t)v, 1); }
mk_value mk_u8(uint8_t v) { return own(MK_U8, v, 1); }
mk_value mk_i16(int16_t v) { return own(MK_I16, (uint64_t)v, 2); }
mk_value mk_u16(uint16_t v) { return own(MK_U16, v, 2); }
mk_value mk_i32(int32_t v) { return own(MK_I32, (uint64_t)v, 4); }
mk_value mk_u32(uint32_t v) { return own(MK_U32, v, 4); }
mk_value mk_i64(int64_t v) { return own(MK_I64, (uint64_t)v, 8); }
mk_value mk_u64(uint64_t v) { return own(MK_U64, v, 8); }
mk_value mk_bool(uint32_t v) { return own(MK_BOOL, v, 4); }
mk_value mk_size32(uint32_t v) { return own(MK_SIZE, v, 4); }
mk_value mk_size64(uint64_t v) { return own(MK_SIZE, v, 8); }
mk_value mk_filetime(uint64_t v) { return own(MK_TIME, v, 8); }
mk_value mk_hex32(uint32_t v) { return own(MK_HEX32, v, 4); }
mk_value mk_hex64(uint64_t v) { return own(MK_HEX64, v, 8); }

mk_value mk_f32(float v)
{
    uint32_t bits;
    memcpy(&bits, &v, sizeof bits);
    return own(MK_F32, bits, 4);
}

mk_value mk_f64(double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    return own(MK_F64, bits, 8);
}

mk_value mk_str(const char *s) { return s ? borrow(MK_STR, MK_K_TEXT, s, 0) : mk_null(); }
mk_value mk_strz(const char *s) { return borrow(MK_STR, MK_K_TEXTZ, s, 0); }
mk_value mk_ansi(const char *s) { return borrow(MK_ANSI, MK_K_BYTES, s, strlen(s) + 1); }
mk_value mk_bin(const void *p, size_t n) { return borrow(MK_BIN, MK_K_BYTES, p, n); }
mk_value mk_sid(const char *text) { return borrow(MK_SID, MK_K_SID, text, 0); }
mk_value mk_xml(const mk_body *b) { return borrow(MK_XML, MK_K_BODY, b, 0); }

mk_value mk_strs(const char *const *s, size_t n)
{
    return borrow(MK_ARRAY | MK_STR, MK_K_TEXTS, s, n);
}

mk_value mk_raw(uint8_t type, const void *p, size_t n)
{
    return borrow(type, MK_K_BYTES, p, n);
}

mk_value mk_systime(const uint16_t v[8])
{
    mk_value r = own(MK_SYSTIME, 0, 16);
    for (size_t i = 0; i < 8; i++) mk_store(r.own + 2 * i, v[i], 2);
    return r;
}

static uint8_t hex_digit(char c)
{
    if (c >= '0' && c <= '9') return (uint8_t)(c - '0');
    return (uint8_t)((c | 32) - 'a' + 10);
}

/* Where the text's byte pairs go: the first three groups are little-endian numbers. */
mk_value mk_guid(const char *text)
{
    static const uint8_t place[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };
    mk_value r = own(MK_GUID, 0, 16);
    for (size_t i = 0; i < 16 && *text; ) {
        if (*text == '{' || *text == '-') {
            text++;
            continue;
        }
        r.own[place[i++]] = (uint8_t)(hex_digit(text[0]) << 4 | hex_digit(text[1]));
        text += 2;
    }
    return r;
}

mk_body mk_nested(uint32_t tmpl, const mk_value *v, size_t n)
{
    mk_body b;
    memset(&b, 0, sizeof b);
    b.tmpl = tmpl;
    b.v = v;
    b.n = n;
    return b;
}

mk_body mk_nested_plain(const char *spec)
{
    mk_body b = mk_nested(MK_PLAIN, NULL, 0);
    b.spec = spec;
    return b;
}

/* ---- time ------------------------------------------------------------------ */

/* Days from 1601-01-01; years are counted from March, so that the leap day comes last. */
static int64_t days_of(int64_t y, int64_t m, int64_t d)
{
    y -= m <= 2;
    int64_t era = y / 400, yoe = y % 400, doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 584694;
}

static uint64_t digits(const char **s, int max, int pad)
{
    uint64_t v = 0;
    int n = 0;
    for (; n < max && **s >= '0' && **s <= '9'; n++, (*s)++) v = v * 10 + (uint64_t)(**s - '0');
    for (; pad && n < max; n++) v *= 10;
    return v;
}

uint64_t mk_time(const char *s)
{
    uint64_t p[6] = { 0 }, frac = 0;
    if (strlen(s) < 5 || s[4] != '-') return digits(&s, 20, 0);
    for (int i = 0; i < 6; i++) {
        p[i] = digits(&s, i ? 2 : 4, 0);
        if (*s && i < 5) s++;
    }
    if (*s == '.') {
        s++;
        frac = digits(&s, 7, 1);
    }
    int64_t days = days_of((int64_t)p[0], (int64_t)p[1], (int64_t)p[2]);
    uint64_t secs = (uint64_t)days * 86400 + p[3] * 3600 + p[4] * 60 + p[5];
    return secs * 10000000 + frac;
}

void mk_iso(uint64_t t, int frac_digits, char out[40])
{
    uint64_t secs = t / 10000000, frac = t % 10000000 * 100;
    int64_t z = (int64_t)(secs / 86400) + 584694, era = z / 146097, doe = z % 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    int64_t m = mp < 10 ? mp + 3 : mp - 9, y = yoe + era * 400 + (m <= 2);
    for (int i = frac_digits; i < 9; i++) frac /= 10;
    (void)snprintf(out, 40, "%04d-%02d-%02dT%02d:%02d:%02d.%0*uZ", (int)y, (int)m,
                   (int)(doy - (153 * mp + 2) / 5 + 1), (int)(secs / 3600 % 24),
                   (int)(secs / 60 % 60), (int)(secs % 60), frac_digits, (unsigned)frac);
}

/* ---- text -> spec ----------------------------------------------------------- */

size_t mk_escape(char *out, size_t cap, const char *s)
{
    size_t n = 0;
    for (; *s; s++) {
        const char *e = *s == '&' ? "&amp;" : *s == '<' ? "&lt;" : *s == '>' ? "&gt;" : NULL;
        char one[3] = { '\\', *s, 0 };
        if (!e) e = strchr("{}\\'\"", *s) ? one : one + 1;
        size_t k = strlen(e);
        if (n + k >= cap) break;
        memcpy(out + n, e, k);
        n += k;
    }
    if (cap) out[n] = 0;
    return n;
}
