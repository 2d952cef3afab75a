/* src/text/digits.c - numbers, times, GUIDs, SIDs -> characters at a pointer */
#include "text/digits.h"

/* Two digits at a time: half the divisions. */
const char evxi_pairs[200] =
    "0001020304050607080910111213141516171819"
    "2021222324252627282930313233343536373839"
    "4041424344454647484950515253545556575859"
    "6061626364656667686970717273747576777879"
    "8081828384858687888990919293949596979899";

static const char hex_pairs[] =
    "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F"
    "202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F"
    "404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F"
    "606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F"
    "808182838485868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9F"
    "A0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBF"
    "C0C1C2C3C4C5C6C7C8C9CACBCCCDCECFD0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"
    "E0E1E2E3E4E5E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF";

static inline uint8_t *pair(uint8_t *to, unsigned x)
{
    return evxi_digits_pair(to, x);
}

static inline uint8_t *four(uint8_t *to, uint32_t x)
{
    return pair(pair(to, x / 100), x % 100);
}

static inline uint8_t *eight(uint8_t *to, uint32_t x)
{
    return four(four(to, x / 10000), x % 10000);
}

uint8_t *evxi_digits_u64(uint8_t *to, uint64_t x)
{
    const uint32_t step = 100000000;

    if (EVXI_LIKELY(x < step))
        return evxi_digits_some(to, (uint32_t)x);
    if (x < (uint64_t)step * step)
        to = evxi_digits_some(to, (uint32_t)(x / step));
    else
        to = eight(evxi_digits_some(to, (uint32_t)(x / step / step)), (uint32_t)(x / step % step));
    return eight(to, (uint32_t)(x % step));
}

uint8_t *evxi_digits_i64(uint8_t *to, uint64_t x)
{
    if (x >> 63) {
        *to++ = '-';
        x = 0 - x;
    }
    return evxi_digits_u64(to, x);
}

/* Eight digits at once: a byte for each nibble, to which what lies between '9' and the letters is
 * added where it is above nine. `letter` is 'a' or 'A'. */
static inline uint64_t nibbles(uint32_t x, unsigned letter)
{
    const uint64_t ones = 0x0101010101010101u;
    uint64_t n = x;

    n = (n | n << 16) & 0x0000ffff0000ffffu;
    n = (n | n << 8) & 0x00ff00ff00ff00ffu;
    n = (n | n << 4) & 0x0f0f0f0f0f0f0f0fu;
    return n + '0' * ones + ((n + 6 * ones) >> 4 & ones) * (letter - '9' - 1);
}

/* The highest byte first. */
static inline void put_big(uint8_t *to, uint64_t x)
{
    for (unsigned i = 0; i < 8; i++)
        to[i] = (uint8_t)(x >> (56 - 8 * i));
}

uint8_t *evxi_digits_hex(uint8_t *to, uint64_t x)
{
    unsigned n = (evxi_bits(x | 1) + 3) / 4, high = n > 8 ? n - 8 : 0;

    to[0] = '0';
    to[1] = 'x';
    to += 2;
    if (high > 0) {                  /* zeros in front are shifted out; what stands behind the */
        put_big(to, nibbles((uint32_t)(x >> 32), 'a') << (64 - 8 * high));      /* digits is   */
        put_big(to + high, nibbles((uint32_t)x, 'a'));                          /* not read    */
    } else {
        put_big(to, nibbles((uint32_t)x, 'a') << (64 - 8 * n));
    }
    return to + n;
}

static uint8_t *byte(uint8_t *to, unsigned x)
{
    memcpy(to, hex_pairs + 2 * x, 2);
    return to + 2;
}

uint8_t *evxi_digits_bytes(uint8_t *to, const uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        to = byte(to, p[i]);
    return to;
}

static inline uint32_t big(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

uint8_t *evxi_digits_guid(uint8_t *to, const uint8_t *p)
{
    uint8_t two[16];

    put_big(two, nibbles((uint32_t)evxi_le16(p + 4) << 16 | evxi_le16(p + 6), 'A'));
    put_big(two + 8, nibbles(big(p + 8), 'A'));
    put_big(to, nibbles(evxi_le32(p), 'A'));
    for (unsigned i = 0; i < 4; i++) {
        to[8 + 5 * i] = '-';
        memcpy(to + 9 + 5 * (size_t)i, two + 4 * (size_t)i, 4);
    }
    put_big(to + 28, nibbles(big(p + 12), 'A'));
    return to + 36;
}

/* u8 revision, u8 count, 48-bit big-endian authority, then u32 each. */
uint8_t *evxi_digits_sid(uint8_t *to, const uint8_t *p, unsigned first, unsigned last)
{
    uint64_t authority = 0;

    if (first == 0) {
        for (unsigned i = 2; i < 8; i++)
            authority = authority << 8 | p[i];
        *to++ = 'S';
        *to++ = '-';
        to = evxi_digits_u64(to, p[0]);
        *to++ = '-';
        to = evxi_digits_u64(to, authority);
    }
    for (unsigned i = first; i < last; i++) {
        *to++ = '-';
        to = evxi_digits_u64(to, evxi_le32(p + 8 + 4 * (size_t)i));
    }
    return to;
}

/* ---- times ---------------------------------------------------------------------------------- */

/* A day, counted from 1601-01-01, as year, month, day. The year is taken to begin in March, so that
 * the leap day is its last; 584,694 days lie between 1601-01-01 and the year 0 of that count. */
static void date_of(uint64_t days, unsigned part[3])
{
    uint64_t z = days + 584694, era = z / 146097, day = z % 146097;
    uint64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    uint64_t rest = day - (365 * year + year / 4 - year / 100), month = (5 * rest + 2) / 153;

    part[2] = (unsigned)(rest - (153 * month + 2) / 5 + 1);
    part[1] = (unsigned)(month < 10 ? month + 3 : month - 9);
    part[0] = (unsigned)(year + 400 * era + (part[1] <= 2));
}

static void set_day(evxi_day *day, uint64_t number)
{
    unsigned part[3];
    uint8_t *to = day->text;

    date_of(number, part);
    to = pair(pair(to, part[0] / 100), part[0] % 100);
    *to++ = '-';
    to = pair(to, part[1]);
    *to++ = '-';
    to = pair(to, part[2]);
    *to = 'T';
    day->number = number + 1;
}

/* "hh:mm:ss." behind the date. */
static void set_second(evxi_day *day, uint64_t second)
{
    const uint64_t per_day = 86400;
    unsigned of_day = (unsigned)(second % per_day);
    uint8_t *to = day->text + 11;

    if (day->number != second / per_day + 1)
        set_day(day, second / per_day);
    to = pair(to, of_day / 3600);
    *to++ = ':';
    to = pair(to, of_day / 60 % 60);
    *to++ = ':';
    to = pair(to, of_day % 60);
    *to = '.';
    day->second = second + 1;
}

uint8_t *evxi_digits_filetime(uint8_t *to, uint64_t ticks, bool all, evxi_day *day)
{
    const uint64_t end_of_9999 = 2650467744000000000u, per_second = 10000000;
    uint64_t second = ticks / per_second;
    unsigned rest = (unsigned)(ticks % per_second), micro = rest / 10;

    if (ticks >= end_of_9999)
        return evxi_digits_u64(to, ticks);
    if (day->second != second + 1)
        set_second(day, second);
    memcpy(to, day->text, sizeof day->text);
    to = pair(four(to + 20, micro / 100), micro % 100);
    if (all)
        *to++ = (uint8_t)('0' + rest % 10);
    *to++ = 'Z';
    return to;
}

/* With zeros in front up to a width, and no digit less than it takes. */
static uint8_t *padded(uint8_t *to, unsigned x, unsigned width)
{
    for (unsigned n = width, most = 1; n > 1; n--)
        if (x < (most *= 10))
            *to++ = '0';
    return evxi_digits_u64(to, x);
}

uint8_t *evxi_digits_systemtime(uint8_t *to, const uint8_t *p, bool three)
{
    static const uint8_t zeros[16] = { 0 }, at[6] = { 0, 2, 6, 8, 10, 12 };
    static const char behind[7] = "--T::.";
    evxi_day day = { 0, 0, { 0 } };

    if (!three && memcmp(p, zeros, sizeof zeros) == 0)
        return evxi_digits_filetime(to, 0, false, &day);
    for (unsigned i = 0; i < 6; i++) {
        to = padded(to, evxi_le16(p + at[i]), i == 0 ? 4 : 2);
        *to++ = (uint8_t)behind[i];
    }
    if (three)
        to = padded(to, evxi_le16(p + 14), 3);
    else
        to = padded(to, evxi_le16(p + 14) * 1000u, 6);
    *to++ = 'Z';
    return to;
}
