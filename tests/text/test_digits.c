/* tests/text/test_digits.c - digits at a pointer: against printf, and never beyond their room */
#include <criterion/criterion.h>
#include <stdio.h>

#include "cliff.h"
#include "text/digits.h"

static uint64_t state = 29;

static uint64_t noise(void)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state ^ state >> 29) >> (state >> 58);
}

/* The documented room ends at a page that is not there. */
static uint8_t *room(void)
{
    static uint8_t *cliff;

    if (!cliff)
        cliff = kit_cliff(EVXI_DIGITS_MAX);
    return cliff - EVXI_DIGITS_MAX;
}

static void same(const uint8_t *end, const char *want)
{
    size_t len = (size_t)(end - room());

    cr_assert_eq(len, strlen(want), "%.*s, not %s", (int)len, (char *)room(), want);
    cr_assert(memcmp(room(), want, len) == 0, "%.*s, not %s", (int)len, (char *)room(), want);
}

Test(digits, numbers)
{
    char want[64];
    uint64_t ten = 1;

    for (int i = 0; i < 200000; i++) {
        uint64_t x = noise();
        if (i < 60) {                /* each power of ten and its neighbours */
            x = ten + (uint64_t)(i % 3) - 1;
            ten *= i % 3 == 2 ? 10 : 1;
        }
        snprintf(want, sizeof want, "%llu", (unsigned long long)x);
        same(evxi_digits_u64(room(), x), want);
        snprintf(want, sizeof want, "%lld", (long long)x);
        same(evxi_digits_i64(room(), x), want);
        snprintf(want, sizeof want, "0x%llx", (unsigned long long)x);
        same(evxi_digits_hex(room(), x), want);
    }
}

Test(digits, bytes_and_guids)
{
    const uint8_t p[16] = { 0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66,
                            0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff };

    same(evxi_digits_bytes(room(), p, 0), "");
    same(evxi_digits_bytes(room(), p, 16), "33221100554477668899AABBCCDDEEFF");
    same(evxi_digits_guid(room(), p), "00112233-4455-6677-8899-AABBCCDDEEFF");
}

/* The longest SID that fits one call, all of its numbers as long as they get. */
Test(digits, sids)
{
    uint8_t p[8 + 4 * EVXI_SID_PART];
    char want[256];
    int at = snprintf(want, sizeof want, "S-255-281474976710655");

    memset(p, 0xff, sizeof p);
    same(evxi_digits_sid(room(), p, 0, 0), want);
    for (unsigned i = 0; i < EVXI_SID_PART; i++)
        at += snprintf(want + at, sizeof want - (size_t)at, "-4294967295");
    same(evxi_digits_sid(room(), p, 0, EVXI_SID_PART), want);
    same(evxi_digits_sid(room(), p, 3, 4), "-4294967295");
    p[1] = 3;
    cr_assert_eq(evxi_sid_count(p, 8), 0);
    cr_assert_eq(evxi_sid_count(p, 19), 2);
    cr_assert_eq(evxi_sid_count(p, 60), 3);
}

/* The date is kept between calls: forwards, backwards, and over the ends of days. */
Test(digits, days_are_kept_rightly)
{
    const uint64_t per_day = 864000000000u;
    evxi_day kept = { 0, 0, { 0 } };
    char want[64];

    for (int i = 0; i < 20000; i++) {
        uint64_t ticks = noise() % 2650467744000000000u;
        evxi_day none = { 0, 0, { 0 } };
        if (i % 4 != 0)
            ticks = (uint64_t)(i / 4) * per_day - (uint64_t)(i % 2);
        snprintf(want, sizeof want, "%.*s",
                 (int)(evxi_digits_filetime(room(), ticks, false, &none) - room()), (char *)room());
        same(evxi_digits_filetime(room(), ticks, false, &kept), want);
    }
    same(evxi_digits_filetime(room(), 0, false, &kept), "1601-01-01T00:00:00.000000Z");
    same(evxi_digits_filetime(room(), 2650467743999999999u, false, &kept),
         "9999-12-31T23:59:59.999999Z");
    same(evxi_digits_filetime(room(), 2650467743999999999u, true, &kept),
         "9999-12-31T23:59:59.9999999Z");
    same(evxi_digits_filetime(room(), 2650467744000000000u, true, &kept), "2650467744000000000");
}

Test(digits, widest_of_all)
{
    uint8_t p[16];

    memset(p, 0xff, sizeof p);
    same(evxi_digits_systemtime(room(), p, false), "65535-65535-65535T65535:65535:65535.65535000Z");
    same(evxi_digits_systemtime(room(), p, true), "65535-65535-65535T65535:65535:65535.65535Z");
    same(evxi_digits_u64(room(), UINT64_MAX), "18446744073709551615");
}
