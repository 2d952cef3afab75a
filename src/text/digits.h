/* src/text/digits.h - numbers, times, GUIDs, SIDs -> characters at a pointer, with stated room */
#ifndef EVXI_DIGITS_H
#define EVXI_DIGITS_H

#include "base/defs.h"
#include "base/le.h"

/*
 * Each function writes at `to` and returns where it ended. Up to EVXI_DIGITS_MAX bytes behind `to`
 * may be touched, whatever the text's length; evxi_digits_bytes needs two for each of its bytes.
 */
enum {
    EVXI_DIGITS_MAX = 192,
    EVXI_SID_PART = 14               /* sub-authorities of one call of evxi_digits_sid        */
};

/* The last time that was written, to its second: often the next one's too. Zeroed: none. */
typedef struct evxi_day {
    uint64_t number;                 /* days since 1601-01-01, plus one; 0: none              */
    uint64_t second;                 /* seconds since then, plus one                          */
    uint8_t  text[24];               /* "YYYY-MM-DDThh:mm:ss."                                */
} evxi_day;

EVXI_LOCAL extern const char evxi_pairs[200];

static inline uint8_t *evxi_digits_pair(uint8_t *to, uint32_t x)
{
    memcpy(to, evxi_pairs + 2 * (size_t)x, 2);
    return to + 2;
}

/* Below 10,000. */
static inline uint8_t *evxi_digits_few(uint8_t *to, uint32_t x)
{
    uint32_t high = x / 100;

    if (x < 10) {
        *to = (uint8_t)('0' + x);
        return to + 1;
    }
    if (x < 100)
        return evxi_digits_pair(to, x);
    if (high >= 10)
        to = evxi_digits_pair(to, high);
    else
        *to++ = (uint8_t)('0' + high);
    return evxi_digits_pair(to, x % 100);
}

/* Below 100,000,000. */
static inline uint8_t *evxi_digits_some(uint8_t *to, uint32_t x)
{
    uint32_t low = x % 10000;

    if (x < 10000)
        return evxi_digits_few(to, x);
    to = evxi_digits_few(to, x / 10000);
    return evxi_digits_pair(evxi_digits_pair(to, low / 100), low % 100);
}

EVXI_LOCAL uint8_t *evxi_digits_u64(uint8_t *to, uint64_t x);
EVXI_LOCAL uint8_t *evxi_digits_i64(uint8_t *to, uint64_t x);
/* "0x" and as few lower-case digits as it takes. */
EVXI_LOCAL uint8_t *evxi_digits_hex(uint8_t *to, uint64_t x);
/* Two upper-case digits for each byte. */
EVXI_LOCAL uint8_t *evxi_digits_bytes(uint8_t *to, const uint8_t *p, size_t len);
/* u32, u16, u16 little-endian, then eight bytes, upper-case, no braces. */
EVXI_LOCAL uint8_t *evxi_digits_guid(uint8_t *to, const uint8_t *p);
/* Sub-authorities [first, last) of a SID, at most EVXI_SID_PART; its head before the first one. */
EVXI_LOCAL uint8_t *evxi_digits_sid(uint8_t *to, const uint8_t *p, unsigned first, unsigned last);
/* How many sub-authorities a SID of len >= 8 bytes has: its own count, within its bytes. */
static inline unsigned evxi_sid_count(const uint8_t *p, size_t len)
{
    return p[1] <= (len - 8) / 4 ? p[1] : (unsigned)((len - 8) / 4);
}
/* 100 ns since 1601, with six digits of the second or all seven; the bare number behind 9999. */
EVXI_LOCAL uint8_t *evxi_digits_filetime(uint8_t *to, uint64_t ticks, bool all, evxi_day *day);
/* u16 year, month, day of week, day, hour, minute, second, millisecond: as they are, the last in
 * three digits or in six. All zero is the FILETIME 0 where six are asked for. */
EVXI_LOCAL uint8_t *evxi_digits_systemtime(uint8_t *to, const uint8_t *p, bool three);

#endif
