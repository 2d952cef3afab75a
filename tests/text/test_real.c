/* tests/text/test_real.c - real numbers: read back by the C library, and none shorter does so */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "text/text.h"

static char text[400];

static const char *real(uint64_t bits, bool is_double)
{
    evxi_sink s = { (uint8_t *)text, (uint8_t *)text + sizeof text, 0, 1000, NULL };

    evxi_put_real(&s, bits, is_double);
    cr_assert(s.count < sizeof text);
    text[s.count] = 0;
    return text;
}

static uint64_t bits_of(double x)
{
    uint64_t b;

    memcpy(&b, &x, sizeof b);
    return b;
}

static uint32_t bits_of_float(float x)
{
    uint32_t b;

    memcpy(&b, &x, sizeof b);
    return b;
}

/* Significant digits of a decimal. */
static int digits_in(const char *s)
{
    int n = 0, zeros = 0;

    for (; *s && *s != 'e'; s++)
        if (*s >= '0' && *s <= '9') {
            if (*s != '0' || n > 0) {
                zeros = *s == '0' ? zeros + 1 : 0;
                n++;
            }
        }
    return n - zeros;
}

/* The fewest digits with which the C library's own conversion reads back. */
static int fewest(uint64_t bits, bool is_double)
{
    char s[64];
    double x;
    float y;

    memcpy(&x, &bits, sizeof x);
    memcpy(&y, &bits, sizeof y);
    for (int n = 1; n < 18; n++) {
        snprintf(s, sizeof s, "%.*e", n - 1, is_double ? x : (double)y);
        if (is_double ? bits_of(strtod(s, NULL)) == bits : bits_of_float(strtof(s, NULL)) == bits)
            return digits_in(s);
    }
    return 18;
}

static void check_double(uint64_t bits)
{
    const char *s = real(bits, true);

    if ((bits >> 52 & 0x7ff) == 0x7ff) {
        cr_assert(strcmp(s, bits << 12 ? "NaN" : bits >> 63 ? "-inf" : "inf") == 0, "%s", s);
        return;
    }
    cr_assert(bits_of(strtod(s, NULL)) == bits, "%016llx: %s", (unsigned long long)bits, s);
    cr_assert(digits_in(s) <= fewest(bits, true), "%016llx: %s", (unsigned long long)bits, s);
}

static void check_float(uint32_t bits)
{
    const char *s = real(bits, false);

    if ((bits >> 23 & 0xff) == 0xff) {
        cr_assert(strcmp(s, bits << 9 ? "NaN" : bits >> 31 ? "-inf" : "inf") == 0, "%s", s);
        return;
    }
    cr_assert(bits_of_float(strtof(s, NULL)) == bits, "%08x: %s", bits, s);
    cr_assert(digits_in(s) <= fewest(bits, false), "%08x: %s", bits, s);
}

static uint64_t state = 11;

static uint64_t noise(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

Test(real, random_doubles)
{
    for (int i = 0; i < 60000; i++)
        check_double(noise());
}

Test(real, random_floats)
{
    for (int i = 0; i < 60000; i++)
        check_float((uint32_t)noise());
}

/* Numbers as people write them. */
Test(real, short_decimals)
{
    for (int i = 0; i < 20000; i++) {
        char s[32];
        snprintf(s, sizeof s, "%ue%d", (unsigned)(noise() % 1000000), (int)(noise() % 40) - 20);
        check_double(bits_of(strtod(s, NULL)));
        check_float(bits_of_float(strtof(s, NULL)));
    }
}

/* Powers of two, where the lower neighbour is nearer; subnormals; both ends of each. */
Test(real, edges)
{
    for (uint64_t e = 0; e < 0x7ff; e++)
        for (uint64_t f = 0; f < 3; f++) {
            check_double(e << 52 | f);
            check_double((e + 1) << 52 | (f - 1));
            check_double((e << 52 | f) - 1);
        }
    for (uint32_t e = 0; e < 0xff; e++)
        for (uint32_t f = 0; f < 3; f++) {
            check_float(e << 23 | f);
            check_float((e << 23 | f) - 1);
        }
    for (int e = -323; e < 309; e++) {
        char s[16];
        snprintf(s, sizeof s, "1e%d", e);
        check_double(bits_of(strtod(s, NULL)));
        check_double(bits_of(strtod(s, NULL)) + 1);
    }
}

/* The shapes: when an exponent appears, and that a fraction always does without one. */
Test(real, shapes)
{
    static const struct { double x; const char *want; } rows[] = {
        { 0, "0.0" }, { -0.0, "-0.0" }, { 1, "1.0" }, { -1.5, "-1.5" }, { 100, "100.0" },
        { 123456.789, "123456.789" }, { 3199.234, "3199.234" }, { 0.1, "0.1" },
        { 0.00001, "0.00001" }, { 0.000001, "1e-6" }, { 1e15, "1000000000000000.0" },
        { 1e16, "1e+16" }, { 1.5e300, "1.5e+300" }, { 5e-324, "5e-324" },
        { 9007199254740993.0, "9007199254740992.0" }, { 0.3, "0.3" },
        { 2.0 / 3, "0.6666666666666666" }
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_assert(strcmp(real(bits_of(rows[i].x), true), rows[i].want) == 0, "%s, not %s", text,
                  rows[i].want);
}
