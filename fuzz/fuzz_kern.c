/* fuzz/fuzz_kern.c - any bytes -> every set of kernels says what the portable one says */
#include "fuzz.h"

#include "kern/kern.h"

/*
 * Promises: the same results at every alignment and for every short length, and for some long ones;
 * a sum goes on where it stopped; nothing is read behind the input's end, which is at a cliff, nor
 * behind masks and what is wanted, and nothing is written behind the room that the contract asks
 * for. Bytes that a fuzzer comes by match nothing and hold no word, so such are made of them too.
 */
enum { SHORT = 70, PLACES = 6, UNITS = 4096, FEW = 400, WORDS = 256, COUNTS = 40, TEXT = 330 };

static void check_crc(const evx_kernels *k, const uint8_t *p, size_t n)
{
    const evx_kernels *law = fuzz_kernels(0);
    size_t half = n / 3;
    uint32_t crc = law->crc32(0, p, n);

    FUZZ_CHECK(k->crc32(0, p, n) == crc);
    FUZZ_CHECK(k->crc32(k->crc32(0, p, half), p + half, n - half) == crc);
}

/* Rooms end at cliffs: what the contract asks for, masks, and what is wanted. */
static uint8_t *cliff, *masks_end, *wants_end;

/* Of units or of bytes. */
static void check_text(evxi_transcode *kernel, evxi_transcode *law, const uint8_t *p,
                       uint32_t count, unsigned where)
{
    static uint8_t want[6 * UNITS + EVXI_TRANSCODE_SLACK];
    uint8_t *got = cliff - (6 * (size_t)count + EVXI_TRANSCODE_SLACK), *a = want, *b = got;
    uint32_t taken = law(&a, p, count, where);

    FUZZ_CHECK(kernel(&b, p, count, where) == taken && taken <= count);
    FUZZ_CHECK(a - want == b - got && (size_t)(b - got) <= 6 * (size_t)count);
    FUZZ_CHECK(memcmp(want, got, (size_t)(a - want)) == 0);
}

static void check_transcode(const evx_kernels *k, const uint8_t *p, uint32_t units, unsigned where)
{
    check_text(k->transcode, fuzz_kernels(0)->transcode, p, units, where);
}

static void check_escape(const evx_kernels *k, const uint8_t *p, uint32_t len, unsigned where)
{
    check_text(k->escape, fuzz_kernels(0)->escape, p, len, where);
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

/* What the bytes are under a mask matches; with a bit of the mask or of what is wanted turned over,
 * it does as the law says. */
static void check_match(fuzz_dice *d, const evx_kernels *k, const uint8_t *p, uint32_t count)
{
    static const uint32_t kinds[] = { 0, 0x00ff0000, 0x00ffffff, 0xffffffff };
    const evx_kernels *law = fuzz_kernels(0);
    uint32_t *mask = (uint32_t *)(void *)(masks_end - 4 * (size_t)count);
    uint32_t *want = (uint32_t *)(void *)(wants_end - 4 * (size_t)count), i, bit;

    for (i = 0; i < count; i++) {
        mask[i] = fuzz_one_in(d, 8) ? (uint32_t)fuzz_next(d) : kinds[fuzz_pick(d, 4)];
        want[i] = evxi_le32(p + 4 * (size_t)i) & mask[i];
    }
    FUZZ_CHECK(k->match(p, mask, want, count) && law->match(p, mask, want, count));
    if (count == 0)
        return;
    i = fuzz_pick(d, count);
    bit = 1u << fuzz_pick(d, 32);
    mask[i] ^= bit;
    FUZZ_CHECK(k->match(p, mask, want, count) == law->match(p, mask, want, count));
    mask[i] ^= bit;
    want[i] ^= bit;
    FUZZ_CHECK(!k->match(p, mask, want, count) && !law->match(p, mask, want, count));
}

static void check_places(fuzz_dice *d, const evx_kernels *k, const uint8_t *p, uint32_t count)
{
    static uint32_t want[WORDS + 15];
    const evx_kernels *law = fuzz_kernels(0);
    uint32_t *got = (uint32_t *)(void *)(cliff - 4 * ((size_t)count + 15)), types[2];
    uint32_t at = fuzz_one_in(d, 8) ? (uint32_t)fuzz_next(d) : fuzz_pick(d, EVX_CHUNK_SIZE), end;

    end = law->places(p, count, at, want, &types[0]);
    FUZZ_CHECK(k->places(p, count, at, got, &types[1]) == end && types[0] == types[1]);
    FUZZ_CHECK(memcmp(want, got, 4 * (size_t)count) == 0);
}

/* Write a word at p, in any case, of which len bytes are there: is all of it there? */
static bool plant(fuzz_dice *d, uint8_t *p, size_t len, const char *word, size_t n)
{
    size_t step = 1 + fuzz_pick(d, 2);

    for (size_t i = 0; i < n * step && i < len; i++) {
        uint8_t letter = (uint8_t)word[i / step];
        if (((letter | 0x20) >= 'a' && (letter | 0x20) <= 'z') && fuzz_one_in(d, 2))
            letter ^= 0x20;
        p[i] = i % step == 0 ? letter : 0;
    }
    return n * step <= len;
}

/* In the input as it is, with the word in it, and with a byte of that changed. */
static void check_holds(fuzz_dice *d, const evx_kernels *k, const uint8_t *p, size_t len)
{
    static const char *const words[] = { "MSExchangeIS", "ESE", "xy", "q-0", "Microsoft-Windows",
                                         "vss@{[~", "00", "MSExchangeRepl" };
    const evx_kernels *law = fuzz_kernels(0);
    const char *word = words[fuzz_pick(d, 8)];
    size_t n = strlen(word), at = fuzz_pick(d, (uint32_t)len + 1);
    uint8_t *copy = cliff - len;
    bool whole;

    if (fuzz_one_in(d, 4))
        FUZZ_CHECK(k->holds(p, len, word, n) == law->holds(p, len, word, n));
    memcpy(copy, p, len);
    if (fuzz_one_in(d, 3))
        at = len > 2 * n ? len - 2 * n + fuzz_pick(d, (uint32_t)n + 1) : 0;
    whole = plant(d, copy + at, len - at, word, n);
    FUZZ_CHECK(k->holds(copy, len, word, n) == law->holds(copy, len, word, n));
    FUZZ_CHECK(!whole || law->holds(copy, len, word, n));
    if (len > 0)
        copy[fuzz_pick(d, (uint32_t)len)] ^= (uint8_t)(1u << fuzz_pick(d, 8));
    if (whole)
        copy[at + fuzz_pick(d, (uint32_t)n)] ^= 1;
    FUZZ_CHECK(k->holds(copy, len, word, n) == law->holds(copy, len, word, n));
}

/* Counts up to any, mostly few, and text of any length: in front of the cliff and elsewhere. */
static void check_words(fuzz_dice *d, const evx_kernels *k, const uint8_t *data, size_t len)
{
    uint32_t most = (uint32_t)(len / 4 < WORDS ? len / 4 : WORDS), count;
    size_t at, n;

    for (int i = 0; i < PLACES / 2; i++) {
        count = fuzz_pick(d, (i > 0 && most > COUNTS ? COUNTS : most) + 1);
        at = fuzz_pick(d, (uint32_t)(len - 4 * (size_t)count) + 1);
        check_match(d, k, data + at, count);
        check_match(d, k, data + len - 4 * (size_t)count, count);
        check_places(d, k, data + at, count);
        check_places(d, k, data + len - 4 * (size_t)count, count);
    }
    n = fuzz_pick(d, (uint32_t)(len < TEXT ? len : TEXT) + 1);
    check_holds(d, k, data + fuzz_pick(d, (uint32_t)(len - n) + 1), n);
    check_holds(d, k, data + len - n, n);
}

static uint32_t units_in(size_t n)
{
    return n / 2 < UNITS ? (uint32_t)(n / 2) : UNITS;
}

static uint32_t bytes_in(size_t n)
{
    return n < UNITS ? (uint32_t)n : UNITS;
}

static void check_length(fuzz_dice *d, const evx_kernels *k, const uint8_t *p, size_t n)
{
    check_crc(k, p, n);
    check_transcode(k, p, units_in(n), fuzz_pick(d, 3));
    check_escape(k, p, bytes_in(n), fuzz_pick(d, 3));
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
    if (k != fuzz_kernels(0))
        check_words(d, k, data, len);
}

uint64_t fuzz_one(fuzz_dice *d, const uint8_t *data, size_t len)
{
    static const uint8_t nothing[6 * UNITS + EVXI_TRANSCODE_SLACK + TEXT];
    /* of four-byte words, that the cliff stands where one ends; no less than any kernel needs */
    size_t room = (6 * (size_t)bytes_in(len) + EVXI_TRANSCODE_SLACK + TEXT) / 4 * 4;
    uint8_t *to = fuzz_copy(nothing, room), *masks = fuzz_copy(nothing, 4 * WORDS);
    uint8_t *wants = fuzz_copy(nothing, 4 * WORDS);
    size_t skip = len > FEW && !fuzz_one_in(d, 16) ? len - FEW : 0;   /* mostly, short is quick */
    const evx_kernels *k;

    cliff = to + room;
    masks_end = masks + 4 * WORDS;
    wants_end = wants + 4 * WORDS;
    for (size_t i = 0; (k = fuzz_kernels(i)) != NULL; i++)
        check_set(d, k, data + skip, len - skip);
    FUZZ_CHECK(fuzz_kernels(0)->crc32(0, data, len) == fuzz_crc32(0, data, len));
    fuzz_drop(wants, 4 * WORDS);
    fuzz_drop(masks, 4 * WORDS);
    fuzz_drop(to, room);
    fuzz_stats.tokens += len;
    fuzz_stats.records++;
    return fuzz_crc32(0, data, len);
}
