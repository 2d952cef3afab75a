/* fuzz/fuzz_kern.c - any bytes -> every set of kernels says what the portable one says */
#include "fuzz.h"

#include "kern/kern.h"

/*
 * Promises: the same results at every alignment and for every short length, and for some long ones;
 * a sum goes on where it stopped; nothing is read behind the input's end, which is at a cliff, and
 * nothing is written behind the room that the contract asks for.
 */
enum { SHORT = 70, PLACES = 6, UNITS = 4096, FEW = 400 };

static void check_crc(const evx_kernels *k, const uint8_t *p, size_t n)
{
    const evx_kernels *law = fuzz_kernels(0);
    size_t half = n / 3;
    uint32_t crc = law->crc32(0, p, n);

    FUZZ_CHECK(k->crc32(0, p, n) == crc);
    FUZZ_CHECK(k->crc32(k->crc32(0, p, half), p + half, n - half) == crc);
}

/* The room that the contract asks for ends at a cliff. */
static uint8_t *cliff;

static void check_transcode(const evx_kernels *k, const uint8_t *p, uint32_t units, unsigned where)
{
    static uint8_t want[6 * UNITS + EVXI_TRANSCODE_SLACK];
    const evx_kernels *law = fuzz_kernels(0);
    uint8_t *got = cliff - (6 * (size_t)units + EVXI_TRANSCODE_SLACK), *a = want, *b = got;
    uint32_t taken = law->transcode(&a, p, units, where);

    FUZZ_CHECK(k->transcode(&b, p, units, where) == taken && taken <= units);
    FUZZ_CHECK(a - want == b - got && (size_t)(b - got) <= 6 * (size_t)units);
    FUZZ_CHECK(memcmp(want, got, (size_t)(a - want)) == 0);
}

/* Four bytes are readable at each place below `end`. */
static void check_find(const evx_kernels *k, const uint8_t *p, uint32_t at, uint32_t end)
{
    uint32_t want = at;

    while (want < end && memcmp(p + want, "**\0\0", 4) != 0)
        want += 8;
    if (want > end)
        want = end;
    FUZZ_CHECK(k->find_record(p, at, end) == want);
}

static uint32_t units_in(size_t n)
{
    return n / 2 < UNITS ? (uint32_t)(n / 2) : UNITS;
}

static void check_length(fuzz_dice *d, const evx_kernels *k, const uint8_t *p, size_t n)
{
    check_crc(k, p, n);
    check_transcode(k, p, units_in(n), fuzz_pick(d, 3));
    if (n >= 4)
        check_find(k, p, fuzz_pick(d, 8), (uint32_t)n - 3);
}

/* Short lengths at one alignment, in front of the cliff and elsewhere; then all there is. */
static void check_set(fuzz_dice *d, const evx_kernels *k, const uint8_t *data, size_t len)
{
    for (int i = 0; i < PLACES; i++) {
        size_t at = fuzz_pick(d, (uint32_t)len + 1), most = len - at < SHORT ? len - at : SHORT;
        size_t n = fuzz_pick(d, (uint32_t)most + 1);
        check_length(d, k, data + at, n);
        check_length(d, k, data + len - most, most);
        check_length(d, k, data + len - n, n);
        if (i == 0)
            check_length(d, k, data + at, len - at);
    }
    for (unsigned where = 0; where < 3; where++)
        check_transcode(k, data, units_in(len), where);
}

uint64_t fuzz_one(fuzz_dice *d, const uint8_t *data, size_t len)
{
    static const uint8_t nothing[6 * UNITS + EVXI_TRANSCODE_SLACK];
    size_t room = 6 * (size_t)units_in(len) + EVXI_TRANSCODE_SLACK;
    uint8_t *to = fuzz_copy(nothing, room);
    size_t skip = len > FEW && !fuzz_one_in(d, 16) ? len - FEW : 0;   /* mostly, short is quick */
    const evx_kernels *k;

    cliff = to + room;
    for (size_t i = 0; (k = fuzz_kernels(i)) != NULL; i++)
        check_set(d, k, data + skip, len - skip);
    FUZZ_CHECK(fuzz_kernels(0)->crc32(0, data, len) == fuzz_crc32(0, data, len));
    fuzz_drop(to, room);
    fuzz_stats.tokens += len;
    fuzz_stats.records++;
    return fuzz_crc32(0, data, len);
}
