/* src/text/real.c - the shortest decimal that reads back as the same binary fraction */
#include "text/text.h"

/*
 * Exact arithmetic on large integers (Steele and White's method as improved by Dybvig): slow, but
 * small, without tables, and right for every input. Real numbers are rare in event logs: one value
 * in 53,134 records.
 *
 * The number is r / s; m_plus and m_minus are half the distances to its neighbours, on the same
 * scale. Digits come out until what is left is within them. Powers of two that all of them have in
 * common are left out, and m_plus is kept only where it differs: that halves the work.
 */
enum { WORDS = 36 };                 /* 1,152 bits: 2^1024 and 10^308 times small factors */

typedef struct big {
    uint32_t w[WORDS];
    int n;                           /* words in use, the highest not 0; those above are 0 */
} big;

static void big_set(big *b, uint64_t x)
{
    memset(b, 0, sizeof *b);
    b->w[0] = (uint32_t)x;
    b->w[1] = (uint32_t)(x >> 32);
    b->n = x >> 32 != 0 ? 2 : 1;
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

static void big_pow5(big *b, unsigned n)
{
    for (; n >= 13; n -= 13)
        big_mul(b, 1220703125u);
    for (; n > 0; n--)
        big_mul(b, 5);
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

/* a - b * by, which is not negative. */
static void big_sub(big *a, const big *b, uint32_t by)
{
    uint64_t carry = 0, borrow = 0;

    for (int i = 0; i < a->n; i++) {
        carry += (uint64_t)b->w[i] * by;
        borrow = (uint64_t)a->w[i] - (uint32_t)carry - borrow;
        a->w[i] = (uint32_t)borrow;
        borrow >>= 63;
        carry >>= 32;
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

static int bit_length(uint64_t x)
{
    int n = 0;

    for (; x != 0; x >>= 1)
        n++;
    return n;
}

typedef struct scaled {
    big r, s, m_plus, m_minus;
    bool even;                       /* then the neighbours' halves read back as this number */
    bool edge;                       /* the lower neighbour is half as far away; else m_plus is
                                        m_minus, and not kept                                */
} scaled;

static bool too_high(const scaled *x)
{
    int c = compare_sum(&x->r, x->edge ? &x->m_plus : &x->m_minus, &x->s);
    return x->even ? c >= 0 : c > 0;
}

static void times10(scaled *x)
{
    big_mul(&x->r, 10);
    big_mul(&x->m_minus, 10);
    if (x->edge)
        big_mul(&x->m_plus, 10);
}

/* x * 5^fives * 2^twos */
static void big_scaled(big *b, uint64_t x, unsigned fives, unsigned twos)
{
    big_set(b, x);
    big_pow5(b, fives);
    big_shift(b, twos);
}

/* value = mantissa * 2^exponent; r / s is value / 10^exp10. */
static void set_up(scaled *x, uint64_t mantissa, int exponent, int exp10)
{
    unsigned up = exponent > 0 ? (unsigned)exponent : 0, over = exp10 > 0 ? (unsigned)exp10 : 0;
    unsigned down = exponent < 0 ? (unsigned)-exponent : 0;
    unsigned under = exp10 < 0 ? (unsigned)-exp10 : 0;
    unsigned above = up + under, below = down + over + 1 + x->edge;
    unsigned common = above < below ? above : below;

    above -= common;
    x->even = mantissa % 2 == 0;
    big_scaled(&x->r, mantissa, under, above + 1 + x->edge);
    big_scaled(&x->s, 1, over, below - common);
    big_scaled(&x->m_minus, 1, under, above);
    if (x->edge)
        big_scaled(&x->m_plus, 1, under, above + 1);
}

/* Scale so that the first digit is the number's first; returns its decimal exponent. */
static int scale(scaled *x, uint64_t mantissa, int exponent)
{
    /* log10(2) = 0.30103; the guess is right or one too small */
    int bits = exponent + bit_length(mantissa) - 1;
    int exp10 = bits >= 0 ? bits * 30103 / 100000 : -(-bits * 30103 / 100000) - 1;

    set_up(x, mantissa, exponent, exp10);
    while (too_high(x)) {
        big_mul(&x->s, 10);
        exp10++;
    }
    times10(x);
    return exp10 - 1;
}

/* How often s goes into r, as the highest words tell, and not too often; the rest by looking. */
static uint8_t next_digit(scaled *x)
{
    int top = x->s.n - 1;
    uint64_t high = x->r.w[top] | (top + 1 < WORDS ? (uint64_t)x->r.w[top + 1] << 32 : 0);
    uint8_t digit = (uint8_t)(high / ((uint64_t)x->s.w[top] + 1));

    if (digit > 0)
        big_sub(&x->r, &x->s, digit);
    while (big_compare(&x->r, &x->s) >= 0) {
        big_sub(&x->r, &x->s, 1);
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

/* Powers are multiplied up word by word, and then each digit goes through all words: 0.2 to 2.6 us,
 * of which a step is some 30 ns. */
static uint32_t steps_of(const scaled *x, int digits)
{
    uint32_t words = (uint32_t)(x->r.n > x->s.n ? x->r.n : x->s.n);

    return 12 + words * ((uint32_t)digits + words / 8) / 4;
}

/* Without an exponent where evtx_dump has none: 1e-5..1e16 for doubles, 1e-6..1e13 for floats. */
uint32_t evxi_put_real(evxi_sink *s, uint64_t bits, bool is_double)
{
    int width = is_double ? 52 : 23, bias = is_double ? 1075 : 150, exp10;
    uint64_t fraction = bits & (((uint64_t)1 << width) - 1);
    int exponent = (int)(bits >> width & (is_double ? 0x7ff : 0xff));
    uint64_t mantissa = exponent == 0 ? fraction : fraction | (uint64_t)1 << width;
    uint8_t digits[20];
    scaled x;
    int n;

    if (exponent == (is_double ? 0x7ff : 0xff) && fraction != 0) {
        EVXI_PUT(s, "NaN");
        return 1;
    }
    if (bits >> (is_double ? 63 : 31) & 1)
        evxi_put_byte(s, '-');
    if (exponent == (is_double ? 0x7ff : 0xff)) {
        EVXI_PUT(s, "inf");
    } else if (mantissa == 0) {
        EVXI_PUT(s, "0.0");
    } else {
        x.edge = fraction == 0 && exponent > 1;
        exponent = (exponent == 0 ? 1 : exponent) - bias;
        exp10 = scale(&x, mantissa, exponent);
        n = (int)generate(&x, digits);
        if (exp10 >= (is_double ? -5 : -6) && exp10 <= (is_double ? 15 : 12))
            put_fixed(s, digits, n, exp10);
        else
            put_scientific(s, digits, n, exp10);
        return steps_of(&x, n);
    }
    return 1;
}
