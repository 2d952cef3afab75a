/* src/kern/kern.h - the table a kernel set fills, and the contract of each entry */
#ifndef EVXI_KERN_H
#define EVXI_KERN_H

#include "base/defs.h"
#include "base/le.h"
#include "evx/kernels.h"

/* Where text goes, which decides what is escaped. */
enum { EVXI_IN_XML = 0, EVXI_IN_ATTRIBUTE = 1, EVXI_IN_JSON = 2 };

enum {
    EVXI_PLACE_TABLE = 0, EVXI_PLACE_AVX2 = 1, EVXI_PLACE_AVX512 = 2, EVXI_PLACE_NEON = 3
};

/* Beyond six bytes for each unit, `transcode` may touch so many more. */
enum { EVXI_TRANSCODE_SLACK = 64 };

/* As evx_kernels.transcode and .escape. */
typedef uint32_t evxi_transcode(uint8_t **to, const uint8_t *p, uint32_t count, unsigned where);

struct evx_kernels {
    const char *name;

    /* CRC-32 (IEEE, reflected) of len bytes, continuing from crc; 0 begins. */
    uint32_t (*crc32)(uint32_t crc, const uint8_t *p, size_t len);

    /*
     * The leading units of a UTF-16LE string as UTF-8, escaped for `where`. Stops in front of the
     * first unit that a rule of its own decides about: NUL, other control characters without a
     * short escape, surrogates, in XML U+FFFE and U+FFFF; takes nothing else for an end.
     *
     * to     *to is moved behind what was written; 6 * count + EVXI_TRANSCODE_SLACK bytes of room
     * p      UTF-16LE; not read beyond its count units
     *
     * Returns how many units were taken.
     */
    evxi_transcode *transcode;

    /*
     * The same of bytes, one for each character: stops in front of the first byte that is not
     * ASCII, too. Room and result as above, a byte taken for a unit.
     */
    evxi_transcode *escape;

    /*
     * The first position p in [at, end), stepping by 8, whose four bytes are a record's signature;
     * end when there is none. Needs 4 readable bytes at every position below end.
     */
    uint32_t (*find_record)(const uint8_t *base, uint32_t at, uint32_t end);

    /* Are `count` u32, little-endian, not aligned, what is wanted of them where the mask has ones?
     * Nothing is read beyond them. */
    bool (*match)(const uint8_t *p, const uint32_t *mask, const uint32_t *want, uint32_t count);

    /*
     * Where the values of a template instance stand: `count` descriptors of four bytes, u16 size
     * first, and the values one behind the other from `at` on. Writes offset | size << 16 for each
     * to place[0 .. count), and may touch up to 15 more; offsets are modulo 65,536. *types is the
     * bitwise or of all descriptors. Nothing is read beyond them. Returns where the last value
     * ends, modulo 2^32.
     */
    uint32_t (*places)(const uint8_t *p, uint32_t count, uint32_t at, uint32_t *place,
                       uint32_t *types);

    /*
     * Does an ASCII word of n >= 2 letters, digits and other signs stand anywhere in these bytes,
     * in whatever case, as UTF-16LE or as bytes?
     */
    bool (*holds)(const uint8_t *p, size_t len, const char *word, size_t n);

    unsigned place;                  /* EVXI_PLACE_...: the set of kern/each.h that goes with it */
};

EVXI_LOCAL extern const evx_kernels evxi_kernels_portable;

/* Sets for processors of the x86-64 family; NULL where this one, or the compiler, has them not. */
EVXI_LOCAL const evx_kernels *evxi_kernels_sse2(void);
EVXI_LOCAL const evx_kernels *evxi_kernels_avx2(void);
EVXI_LOCAL const evx_kernels *evxi_kernels_avx512(void);

/* The set for AArch64, little-endian; NULL elsewhere. */
EVXI_LOCAL const evx_kernels *evxi_kernels_neon(void);

/* Of the AVX2 set: for others, whole or for what fills no wider register. */
EVXI_LOCAL uint32_t evxi_crc32_clmul(uint32_t crc, const uint8_t *p, size_t len);
EVXI_LOCAL uint32_t evxi_escape_avx2(uint8_t **to, const uint8_t *p, uint32_t len, unsigned where);
EVXI_LOCAL uint32_t evxi_find_record_avx2(const uint8_t *base, uint32_t at, uint32_t end);
EVXI_LOCAL bool evxi_match_avx2(const uint8_t *p, const uint32_t *mask, const uint32_t *want,
                                uint32_t count);

EVXI_LOCAL uint32_t evxi_places_avx2(const uint8_t *p, uint32_t count, uint32_t at,
                                     uint32_t *place, uint32_t *types);


/* ---- words, for all sets --------------------------------------------------------------------- */

static inline uint8_t evxi_lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

/* Does the word stand at p, of which len bytes may be read? Its last letter first: words that begin
 * alike are many. */
static inline bool evxi_word_at(const uint8_t *p, size_t len, const char *word, size_t n)
{
    size_t step = len >= 2 && p[1] == 0 ? 2 : 1;

    if (len < n * step)
        return false;
    for (size_t i = n; i-- > 0; )
        if (evxi_lower(p[i * step]) != evxi_lower((uint8_t)word[i])
            || (step == 2 && p[i * step + 1] != 0))
            return false;
    return true;
}

/* The letter that logs hold least often, but for the last one: where to look for a word. */
static inline size_t evxi_rarest(const char *word, size_t n)
{
    static const char order[] = "qjzxkvwybgfpmuchldrnostiae0123456789";
    size_t best = 0, rank = sizeof order;

    for (size_t i = 0; i + 1 < n; i++)
        for (size_t r = 0; r < rank; r++)
            if (evxi_lower((uint8_t)word[i]) == (uint8_t)order[r]) {
                best = i;
                rank = r;
            }
    return best;
}

/* Is one of the places at + bit the letter `from` of the word, in either coding? */
static inline bool evxi_word_near(const uint8_t *p, size_t len, size_t at, uint64_t bits,
                                  const char *word, size_t n, size_t from)
{
    for (; bits != 0; bits &= bits - 1) {
        size_t i = at + evxi_bits(bits & (0 - bits)) - 1;
        if ((i >= 2 * from && evxi_word_at(p + i - 2 * from, len - i + 2 * from, word, n))
            || (i >= from && evxi_word_at(p + i - from, len - i + from, word, n)))
            return true;
    }
    return false;
}

/* ---- one unit, for all sets ------------------------------------------------------------------ */

/* What an ASCII character is written as; len 0: it stops the kernel. */
typedef struct evxi_escape {
    uint8_t text[7], len;
} evxi_escape;

EVXI_LOCAL extern const evxi_escape evxi_escapes[3][128];

/*
 * Of eight bytes and a backslash behind them: where each byte of what is written comes from, for
 * every choice of those that are escaped. 8 is the backslash.
 */
EVXI_LOCAL extern const uint64_t evxi_backslashes[256][2];

/*
 * Of four lanes with one to three bytes each, 32 bits apart: where each byte of what is written
 * comes from. Bits 0 to 3: the lane has two bytes or more; bits 4 to 7: it has three.
 */
EVXI_LOCAL extern const uint64_t evxi_lanes[256][2];

/* Write one unit; NULL: a rule of its own decides. Touches eight bytes. */
static inline uint8_t *evxi_put_unit(uint8_t *to, uint32_t unit, unsigned where)
{
    const evxi_escape *e;

    if (unit < 0x80) {
        e = &evxi_escapes[where][unit];
        memcpy(to, e, sizeof *e);
        return e->len != 0 ? to + e->len : NULL;
    }
    if (unit < 0x800) {
        to[0] = (uint8_t)(0xc0 | unit >> 6);
        to[1] = (uint8_t)(0x80 | (unit & 0x3f));
        return to + 2;
    }
    if ((unit & 0xf800) == 0xd800 || (unit >= 0xfffe && where != EVXI_IN_JSON))
        return NULL;
    to[0] = (uint8_t)(0xe0 | unit >> 12);
    to[1] = (uint8_t)(0x80 | (unit >> 6 & 0x3f));
    to[2] = (uint8_t)(0x80 | (unit & 0x3f));
    return to + 3;
}

#endif
