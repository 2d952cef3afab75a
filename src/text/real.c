/* src/text/real.c - the shortest decimal that reads back as the same binary fraction */
#include "text/text.h"

/*
 * Exact arithmetic on large integers (Steele and White's method as improved by Dybvig): slow, but
 * small, without tables, and right for every input. Real numbers are rare in event logs: one value
 * in 53,134 records.
 *
 * The number is r / s; m_plus and m_minus are half the distances to its neighbours, on the same
 * scale. Digits come out until what is left is within them.
 */
enum { WORDS = 36 };                 /* 1,152 bits: 2^1024 and 10^308 times small factors */

typedef struct big {
    uint32_t w[WORDS];
    int n;                           /* words in use; those above are 0 */
} big;

static void big_set(big *b, uint64_t x)
{
    memset(b, 0, sizeof *b);
    b->w[0] = (uint32_t)x;
    b->w[1] = (uint32_t)(x >> 32);
    b->n = 2;
}

static void big_mul(big *b, uint32_t by)
{
    uint64_t carry = 0;

    for (int i = 0; i < b->n; i++) {
        carry += (uint64_t)b->w[i] * by;
        b->w[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry != 0 && b->n < WORDS)
        b->w[b->n++] = (uint32_t)carry;
}

static void big_shift(big *b, unsigned bits)
{
    unsigned words = bits / 32;

    if (words > 0 && b->n + (int)words <= WORDS) {
        memmove(b->w + words, b->w, (size_t)b->n * sizeof b->w[0]);
        memset(b->w, 0, words * sizeof b->w[0]);
        b->n += (int)words;
    }
    bits %= 32;
    if (bits >= 16)
        big_mul(b, 1u << 16);
    big_mul(b, 1u << bits % 16);
}

static void big_pow10(big *b, unsigned n)
{
    for (; n >= 9; n -= 9)
        big_mul(b, 1000000000u);
    for (; n > 0; n--)
        big_mul(b, 10);
}

static int big_compare(const big *a, const big *b)
{
    for (int i = (a->n > b->n ? a->n : b->n) - 1; i >= 0; i--)
        if (a->w[i] != b->w[i])
            return a->w[i] < b->w[i] ? -1 : 1;
    return 0;
}

static void big_add(big *a, const big *b)
{
    uint64_t carry = 0;
    int n = a->n > b->n ? a->n : b->n;

    for (int i = 0; i < n; i++) {
        carry += (uint64_t)a->w[i] + b->w[i];
        a->w[i] = (uint32_t)carry;
        carry >>= 32;
    }
    a->n = n;
    if (carry != 0 && n < WORDS)
        a->w[a->n++] = (uint32_t)carry;
}

/* a - b, where b is not the greater one. */
static void big_sub(big *a, const big *b)
{
    uint64_t borrow = 0;

    for (int i = 0; i < a->n; i++) {
        uint64_t x = (uint64_t)a->w[i] - b->w[i] - borrow;
        a->w[i] = (uint32_t)x;
        borrow = x >> 63;
    }
    while (a->n > 1 && a->w[a->n - 1] == 0)
        a->n--;
}

static int compare_sum(const big *a, const big *b, const big *c)
{
    big sum = *a;

    big_add(&sum, b);
    return big_compare(&sum, c);
}

typedef struct scaled {
    big r, s, m_plus, m_minus;
    bool even;                       /* then the neighbours' halves read back as this number */
} scaled;

static bool too_high(const scaled *x)
{
    int c = compare_sum(&x->r, &x->m_plus, &x->s);
    return x->even ? c >= 0 : c > 0;
}

static void times10(scaled *x)
{
    big_mul(&x->r, 10);
    big_mul(&x->m_plus, 10);
    big_mul(&x->m_minus, 10);
}

/* value = mantissa * 2^exponent; edge: the lower neighbour is half as far away. */
static void set_up(scaled *x, uint64_t mantissa, int exponent, bool edge)
{
    unsigned up = exponent > 0 ? (unsigned)exponent : 0;
    unsigned down = exponent < 0 ? (unsigned)-exponent : 0;

    x->even = mantissa % 2 == 0;
    big_set(&x->r, mantissa);
    big_set(&x->s, 1);
    big_set(&x->m_plus, 1);
    big_set(&x->m_minus, 1);
    big_shift(&x->r, up + 1 + edge);
    big_shift(&x->s, down + 1 + edge);
    big_shift(&x->m_plus, up + edge);
    big_shift(&x->m_minus, up);
}

/* Scale so that the first digit is the number's first; returns its decimal exponent. */
static int scale(scaled *x, int bits)
{
    /* log10(2) = 0.30103; the guess is right or one too small */
    int exp10 = bits >= 0 ? bits * 30103 / 100000 : -(-bits * 30103 / 100000) - 1;

    if (exp10 >= 0) {
        big_pow10(&x->s, (unsigned)exp10);
    } else {
        big_pow10(&x->r, (unsigned)-exp10);
        big_pow10(&x->m_plus, (unsigned)-exp10);
        big_pow10(&x->m_minus, (unsigned)-exp10);
    }
    while (too_high(x)) {
        big_mul(&x->s, 10);
        exp10++;
    }
    times10(x);
    return exp10 - 1;
}

static uint8_t next_digit(scaled *x)
{
    uint8_t digit = 0;

    while (big_compare(&x->r, &x->s) >= 0) {
        big_sub(&x->r, &x->s);
        digit++;
    }
    return digit;
}

static unsigned generate(scaled *x, uint8_t digits[20])
{
    unsigned n = 0;

    for (;;) {
        uint8_t digit = next_digit(x);
        int low = big_compare(&x->r, &x->m_minus);
        bool enough = x->even ? low <= 0 : low < 0, over = too_high(x);
        if (enough && over)
            over = compare_sum(&x->r, &x->r, &x->s) >= 0;
        digits[n++] = (uint8_t)('0' + digit + over);
        if (enough || over || n == 17)
            return n;
        times10(x);
    }
}

static void put_zeros(evxi_sink *s, int n)
{
    for (; n > 0; n--)
        evxi_put_byte(s, '0');
}

static void put_fixed(evxi_sink *s, const uint8_t *digits, int n, int exp10)
{
    if (exp10 < 0) {
        EVXI_PUT(s, "0.");
        put_zeros(s, -exp10 - 1);
        evxi_put(s, digits, (size_t)n);
    } else if (n <= exp10 + 1) {
        evxi_put(s, digits, (size_t)n);
        put_zeros(s, exp10 + 1 - n);
        EVXI_PUT(s, ".0");
    } else {
        evxi_put(s, digits, (size_t)exp10 + 1);
        evxi_put_byte(s, '.');
        evxi_put(s, digits + exp10 + 1, (size_t)(n - exp10 - 1));
    }
}

static void put_scientific(evxi_sink *s, const uint8_t *digits, int n, int exp10)
{
    evxi_put(s, digits, 1);
    if (n > 1) {
        evxi_put_byte(s, '.');
        evxi_put(s, digits + 1, (size_t)n - 1);
    }
    evxi_put_byte(s, 'e');
    evxi_put_byte(s, exp10 < 0 ? '-' : '+');
    evxi_put_u64(s, (uint64_t)(exp10 < 0 ? -exp10 : exp10));
}

static int bit_length(uint64_t x)
{
    int n = 0;

    for (; x != 0; x >>= 1)
        n++;
    return n;
}

/* Without an exponent where evtx_dump has none: 1e-5..1e16 for doubles, 1e-6..1e13 for floats. */
void evxi_put_real(evxi_sink *s, uint64_t bits, bool is_double)
{
    int width = is_double ? 52 : 23, bias = is_double ? 1075 : 150, exp10;
    uint64_t fraction = bits & (((uint64_t)1 << width) - 1);
    int exponent = (int)(bits >> width & (is_double ? 0x7ff : 0xff));
    bool edge = fraction == 0 && exponent > 1;
    uint64_t mantissa = exponent == 0 ? fraction : fraction | (uint64_t)1 << width;
    uint8_t digits[20];
    scaled x;
    int n;

    if (exponent == (is_double ? 0x7ff : 0xff) && fraction != 0) {
        EVXI_PUT(s, "NaN");
        return;
    }
    if (bits >> (is_double ? 63 : 31) & 1)
        evxi_put_byte(s, '-');
    if (exponent == (is_double ? 0x7ff : 0xff)) {
        EVXI_PUT(s, "inf");
    } else if (mantissa == 0) {
        EVXI_PUT(s, "0.0");
    } else {
        exponent = (exponent == 0 ? 1 : exponent) - bias;
        set_up(&x, mantissa, exponent, edge);
        exp10 = scale(&x, exponent + bit_length(mantissa) - 1);
        n = (int)generate(&x, digits);
        if (exp10 >= (is_double ? -5 : -6) && exp10 <= (is_double ? 15 : 12))
            put_fixed(s, digits, n, exp10);
        else
            put_scientific(s, digits, n, exp10);
    }
}
