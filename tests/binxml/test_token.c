/* tests/binxml/test_token.c - one token from bytes: every byte, every place, every length */
#include <criterion/criterion.h>
#include <stdio.h>

#include "binxml/binxml.h"
#include "cliff.h"

/* Where each token may stand, from the grammar: stream, content, list, attribute content. */
enum { S = PLACE_STREAM, C = PLACE_CONTENT, L = PLACE_LIST, A = PLACE_ATTRIBUTE };

static const struct { uint8_t places, flag; } grammar[16] = {
    { S | C | L | A, 0 }, { S | C, 1 }, { L | A, 0 }, { L | A, 0 }, { C, 0 }, { C | A, 1 },
    { L | A, 1 }, { C | A, 1 }, { C | A, 1 }, { C | A, 1 }, { S | C, 0 }, { S | C, 0 },
    { S | C, 0 }, { C | A, 0 }, { C | A, 0 }, { S, 0 }
};

static bool legal(unsigned byte, uint32_t place, bool definition)
{
    unsigned token = byte & 0x3f;

    if (byte & 0x80 || token > 15 || ((byte & 0x40) && !grammar[token].flag))
        return false;
    if (token == 0x0d || token == 0x0e)
        return definition && (grammar[token].places & place);
    if (token == 0x0c && definition)
        return false;
    return (grammar[token].places & place) != 0;
}

Test(token, every_byte_in_every_place)
{
    static const uint32_t places[] = { S, C, L, A };
    uint8_t bytes[64];

    for (unsigned byte = 0; byte < 256; byte++)
        for (unsigned p = 0; p < 8; p++) {
            uint32_t place = places[p / 2] | (p & 1 ? (uint32_t)PLACE_DEFINITION : 0);
            evxi_cursor in = evxi_cursor_at(bytes, 0, sizeof bytes);
            evxi_item item;
            evx_status st;
            memset(bytes, 1, sizeof bytes);          /* values of type 1, short lengths */
            bytes[0] = (uint8_t)byte;
            bytes[2] = bytes[3] = 0;
            st = evxi_item_read(&in, place, &item);
            cr_assert((st != EVX_E_TOKEN) == legal(byte, places[p / 2], p & 1),
                      "byte %02x, place %x: %d", byte, place, st);
            cr_assert(st != EVX_E_TOKEN || in.pos == 1);
            cr_assert(st != EVX_OK || item.token == (byte & 0x3f));
        }
}

typedef struct shape {
    const char *hex;                 /* with a name at 0 where there is one */
    uint32_t place;
    evxi_item want;                  /* off is 0                            */
    uint32_t len;
} shape;

static uint32_t unhex(const char *hex, uint8_t *out)
{
    uint32_t n = 0;

    for (; *hex; hex++) {
        unsigned v;
        if (*hex == ' ')
            continue;
        cr_assert(sscanf(hex, "%2x", &v) == 1);
        out[n++] = (uint8_t)v;
        hex++;
    }
    return n;
}

static const uint32_t D = PLACE_DEFINITION;

static const shape shapes[] = {
    { "00", S, { 0, 0, 0, 0, 0, 0, 0 }, 1 },
    { "01 11111111 00100000", S, { 1, 0, 0, 0, 0x1000, 0, 0 }, 9 },
    { "41 11111111 00100000 22222222", C, { 1, 0, 0, 0, 0x1000, 0, 0 }, 13 },
    { "01 0300 11111111 00100000", S | 16, { 1, 0, 3, 0, 0x1000, 0, 0 }, 11 },
    { "41 ffff 11111111 00100000 22222222", C | 16, { 1, 0, 0xffff, 0, 0x1000, 0, 0 }, 15 },
    { "01 11111111 09000000 00000000 3412 0200 6100 6200 0000", S, { 1, 0, 0, 0, 9, 0, 0 }, 23 },
    { "02", L, { 2, 0, 0, 0, 0, 0, 0 }, 1 },
    { "03", A, { 3, 0, 0, 0, 0, 0, 0 }, 1 },
    { "04", C, { 4, 0, 0, 0, 0, 0, 0 }, 1 },
    { "05 01 0200 6100 6200", C, { 5, 1, 0, 0, 0, 4, 2 }, 8 },
    { "45 01 0000", A, { 5, 1, 0, 0, 0, 4, 0 }, 4 },
    { "06 00100000", L, { 6, 0, 0, 0, 0x1000, 0, 0 }, 5 },
    { "46 05000000 00000000 3412 0000 0000", A, { 6, 0, 0, 0, 5, 0, 0 }, 15 },
    { "07 0100 6100", C, { 7, 0, 0, 0, 0, 3, 1 }, 5 },
    { "08 4100", C, { 8, 0, 0x41, 0, 0, 0, 0 }, 3 },
    { "49 00100000", C, { 9, 0, 0, 0, 0x1000, 0, 0 }, 5 },
    { "0a 00100000", S, { 10, 0, 0, 0, 0x1000, 0, 0 }, 5 },
    { "0b 0100 6100", S, { 11, 0, 0, 0, 0, 3, 1 }, 5 },
    { "0c", S, { 12, 0, 0, 0, 0, 0, 0 }, 1 },
    { "0d 0700 08", C | 16, { 13, 8, 7, 0, 0, 0, 0 }, 4 },
    { "0e ffff 81", A | 16, { 14, 0x81, 0xffff, 0, 0, 0, 0 }, 4 },
    { "0f 010100", S, { 15, 0, 0, 0, 0, 0, 0 }, 4 },
};

Test(token, shapes)
{
    cr_assert(D == 16);
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        uint8_t bytes[64] = { 0 };
        uint32_t n = unhex(shapes[i].hex, bytes);
        evxi_cursor in = evxi_cursor_at(bytes, 0, sizeof bytes);
        const evxi_item *w = &shapes[i].want;
        evxi_item got;
        cr_assert(n == shapes[i].len, "row %zu: %u", i, n);
        cr_assert(evxi_item_read(&in, shapes[i].place, &got) == EVX_OK, "row %zu", i);
        cr_assert(in.pos == n, "row %zu: %u of %u bytes", i, in.pos, n);
        cr_assert(got.token == w->token && got.type == w->type && got.index == w->index
                  && got.off == 0 && got.name == w->name && got.text == w->text
                  && got.units == w->units, "row %zu", i);
    }
}

/* Each of them cut at each byte is out of bounds, and reads nothing that is not there. */
Test(token, cut_at_a_cliff)
{
    uint8_t *cliff = kit_cliff(64);

    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        uint8_t bytes[64];
        uint32_t n = unhex(shapes[i].hex, bytes);
        for (uint32_t len = 0; len < n; len++) {
            evxi_cursor in = evxi_cursor_at(memcpy(cliff - len, bytes, len), 0, len);
            evxi_item got;
            evx_status st = evxi_item_read(&in, shapes[i].place, &got);
            /* a byte that is not there reads as 0, which is EOF: also out of bounds */
            cr_assert(st == (len == 0 && !(shapes[i].place & 15) ? EVX_E_TOKEN : EVX_E_OFFSET),
                      "row %zu, %u of %u bytes: %d", i, len, n, st);
            cr_assert(in.pos <= len);
        }
    }
    kit_cliff_free(cliff, 64);
}

Test(token, only_strings_are_literal)
{
    for (unsigned type = 0; type < 256; type++) {
        uint8_t bytes[8] = { 5, (uint8_t)type, 1, 0, 0x61, 0, 0, 0 };
        evxi_cursor in = evxi_cursor_at(bytes, 0, sizeof bytes);
        evxi_item item;
        cr_assert(evxi_item_read(&in, C, &item) == (type == 1 ? EVX_OK : EVX_E_VALUE));
    }
}

/* Lengths up to the most that 16 bits hold. */
Test(token, long_text)
{
    static uint8_t bytes[2 * 65536];

    for (uint32_t units = 0; units < 65536; units += 4369) {
        evxi_cursor in = evxi_cursor_at(bytes, 0, 65536);
        evxi_item item;
        bytes[0] = 7;
        bytes[1] = (uint8_t)units;
        bytes[2] = (uint8_t)(units >> 8);
        cr_assert(evxi_item_read(&in, C, &item)
                  == (2 * units <= 65533 ? EVX_OK : EVX_E_OFFSET));
    }
}
