/* tests/binxml/test_walk.c - the walk: one well-nested document from any bytes; forks; noise */
#include "nesting.h"

#include "binxml/binxml.h"

static char text[1 << 18];

static const char event[] =
    "template o = <Event x='{0:str}{1:u8?}'><S><P Name='n&amp;' G='{2:guid?}'/></S>{3:xml?}"
    "</Event>\n"
    "template i = <EventData><Data>{0:str[]}</Data><B @dep='1'>{1:sid}&#65;{2:bin?}</B>"
    "</EventData>\n"
    "template r = <R/>\n"
    "record o str=\"text\" u8=1 null xml(i strs=[\"a\",\"bc\"] sid=S-1-5-18 null=3)(r)\n"
    "record o str=\"\" null guid={1} xml(bare i strs=[] sid=S-1-1-0 bin=00)\n"
    "plain <E><A x='1'>&amp;&#65;<![CDATA[c]]><?t d?></A></E>";

Test(walk, init)
{
    cr_assert(evx_walk_init(&walk, sizeof walk + 8, slots, 4, NULL) == EVX_E_ABI);
    cr_assert(evx_walk_init(&walk, sizeof walk, slots, 4, NULL) == EVX_OK);
}

Test(walk, record_outside_of_its_chunk)
{
    evx_token t;

    one("plain <E/>");
    init(NULL);
    one_record.off = 65537;
    cr_assert(evx_walk_begin(&walk, &one_chunk, &one_record) == EVX_E_ARG);
    cr_assert(evx_walk_next(&walk, &t) == EVX_E_ARG && evx_walk_salvage(&walk) == EVX_E_ARG);
    one_record.off = 512;
    one_record.size = 65537;
    cr_assert(evx_walk_begin(&walk, &one_chunk, &one_record) == EVX_E_ARG);
    one_record.size = 65536;                         /* "does not lie in c" */
    cr_assert(evx_walk_begin(&walk, &one_chunk, &one_record) == EVX_E_ARG);
}

Test(walk, sound_records_nest)
{
    evx_status first;
    static const size_t counts[] = { 39, 35, 13 };

    one(event);
    init(NULL);
    for (size_t i = 0; i < 3; i++) {
        size_t n;
        cr_assert(kit_record(&one_chunk, i, &one_record) == EVX_OK);
        n = check_nesting(&one_chunk, &one_record, &first);
        cr_assert(first == EVX_OK && n == counts[i], "record %zu: %zu tokens", i, n);
    }
}

/* A copy taken at any token goes on like the original. */
Test(walk, fork)
{
    static evx_walk fork;
    static char again[1 << 18];
    token_text a = { text, sizeof text, 0 }, b = { again, sizeof again, 0 };
    evx_token t;

    one(event);
    init(NULL);
    tokens_of(&walk, &one_chunk, &one_record, &a);
    for (size_t cut = 0; cut < 40; cut++) {
        evx_status st = evx_walk_begin(&walk, &one_chunk, &one_record);
        b.len = 0;
        for (size_t i = 0; i < cut && (st = evx_walk_next(&walk, &t)) == EVX_OK; i++)
            tokens_line(&b, &t);
        fork = walk;
        memset(&walk, 0xee, sizeof walk);
        while (st == EVX_OK && (st = evx_walk_next(&fork, &t)) == EVX_OK)
            tokens_line(&b, &t);
        cr_assert(st == EVX_END && a.len == b.len && memcmp(text, again, a.len) == 0);
        init(NULL);
    }
}

/* A walk that was left in the middle begins anew as if it had not been. */
Test(walk, begin_anew)
{
    evx_status first;
    evx_token t;

    one(event);
    init(NULL);
    for (size_t cut = 0; cut < 40; cut++) {
        (void)evx_walk_begin(&walk, &one_chunk, &one_record);
        for (size_t i = 0; i < cut; i++)
            (void)evx_walk_next(&walk, &t);
        cr_assert(check_nesting(&one_chunk, &one_record, &first) == 39 && first == EVX_OK);
    }
}

/* Every byte of the chunk's records set to every one of some values. */
Test(walk, each_byte_changed)
{
    static const uint8_t xors[] = { 1, 0x0f, 0x40, 0x80, 0xff };
    evx_status first;
    evx_record r;
    size_t failed = 0;

    one(event);
    init(NULL);
    for (uint32_t at = 536; at < one_chunk.free_off; at++)
        for (size_t x = 0; x < sizeof xors; x++) {
            one_bytes()[at] ^= xors[x];
            for (size_t i = 0; i < 3; i++)
                if (kit_record(&one_chunk, i, &r) == EVX_OK) {
                    (void)check_nesting(&one_chunk, &r, &first);
                    failed += first < 0;
                }
            one_bytes()[at] ^= xors[x];
        }
    cr_assert(failed > 500, "%zu", failed);
}

/* The record's end at every byte: the walk ends there, and says so unless nothing was open. */
Test(walk, each_length)
{
    evx_status first;

    one(event);
    init(NULL);
    for (uint32_t size = 0; size <= one_record.size; size++) {
        evx_record r = one_record;
        r.size = size;
        r.damage = EVX_RECORD_SIZE;
        (void)check_nesting(&one_chunk, &r, &first);
        cr_assert(first != EVX_OK || size <= 28 || size >= one_record.size - 14 || walk.lost_values,
                  "size %u of %u", size, one_record.size);
    }
}

/* ---- tokens in any order --------------------------------------------------------------------- */

static uint8_t noise_bytes[EVX_CHUNK_SIZE];
enum { NOISE_END = 1100, NOISE_NAME = 1200 };        /* a name of no units stands at the latter */

static uint32_t noise_put(uint32_t at, uint64_t v, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        noise_bytes[at + i] = (uint8_t)(v >> (8 * i));
    return at + n;
}

/* A token that may stand here, mostly. */
static uint8_t noise_choice(uint64_t x, uint32_t *open, bool *list)
{
    static const uint8_t outside[] = { 1, 0x41, 10, 11, 15 };
    static const uint8_t start[] = { 2, 2, 3, 6, 0x46, 5, 8, 9 };
    static const uint8_t inside[] = { 1, 0x41, 4, 4, 5, 0x45, 7, 8, 9, 10, 11 };
    uint8_t token = *list ? start[x % sizeof start] : *open ? inside[x % sizeof inside]
                                                            : outside[x % sizeof outside];

    if (x >> 50 < 100)
        return (uint8_t)(x >> 8);
    *open += (token & 0x3f) == 1;
    *open -= token == 3 || token == 4;
    *list = (token & 0x3f) == 1 || (*list && token != 2 && token != 3);
    return token;
}

/* One token with what belongs to it, now and then with something else. */
static uint32_t noise_token(uint32_t at, uint64_t x, uint32_t *open, bool *list)
{
    uint8_t token = noise_choice(x, open, list);
    uint32_t name = x >> 40 & 31 ? NOISE_NAME : (uint32_t)(x >> 20) & 0xffff;

    at = noise_put(at, token, 1);
    switch (token) {
    case 1: return noise_put(noise_put(at, 0, 4), name, 4);
    case 0x41: return noise_put(noise_put(noise_put(at, 0, 4), name, 4), 0, 4);
    case 5: case 0x45: return noise_put(at, 0x00610001 << 8 | 1, 6);
    case 6: case 9: case 10: return noise_put(at, name, 4);
    case 7: case 11: return noise_put(at, 0, 2);
    case 8: return noise_put(at, 0x41, 2);
    case 15: return noise_put(at, 0x000101, 3);
    default: return at;
    }
}

Test(walk, noise)
{
    evx_window w = { noise_bytes, sizeof noise_bytes, 0 };
    evx_record r = { 1, 0, 512, 600, 0, 0 };
    evx_status first;
    uint64_t state = 3;
    size_t tokens = 0, most = 0;

    init(NULL);
    memcpy(noise_bytes, "ElfChnk", 8);
    for (int round = 0; round < 20000; round++) {
        uint32_t at = 536, open = 0;
        bool list = false;
        size_t n;
        while (at < NOISE_END)
            at = noise_token(at, one_random(&state), &open, &list);
        (void)evx_chunk_open(&one_chunk, &w);
        n = check_nesting(&one_chunk, &r, &first);
        tokens += n;
        most = n > most ? n : most;
    }
    cr_assert(tokens > 50000 && most > 30, "%zu tokens, at most %zu", tokens, most);
}

/* Without memory for slots, records without values still read. */
Test(walk, no_slots)
{
    evx_status first;

    one("template a = <E/>\ntemplate b = <E>{0:u8}</E>\ntemplate c = <E>{9:u8}</E>\nrecord a\n"
        "record b u8=1\nrecord c\nrecord a");
    cr_assert(evx_walk_init(&walk, sizeof walk, NULL, 0, NULL) == EVX_OK);
    (void)check_nesting(&one_chunk, &one_record, &first);
    cr_assert(first == EVX_OK);
    cr_assert(kit_record(&one_chunk, 1, &one_record) == EVX_OK);
    (void)check_nesting(&one_chunk, &one_record, &first);
    cr_assert(first == EVX_E_SPACE);
    cr_assert(kit_record(&one_chunk, 2, &one_record) == EVX_OK);
    (void)check_nesting(&one_chunk, &one_record, &first);
    cr_assert(first == EVX_OK);
    cr_assert(kit_record(&one_chunk, 3, &one_record) == EVX_OK);
    (void)check_nesting(&one_chunk, &one_record, &first);
    cr_assert(first == EVX_OK);
}
