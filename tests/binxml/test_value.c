/* tests/binxml/test_value.c - numbers of every type and width, items of every array, emptiness */
#include <criterion/criterion.h>
#include <stdio.h>

#include "binxml/binxml.h"
#include "cliff.h"

static evx_value value(uint8_t type, const void *p, size_t n)
{
    evx_value v = { { p, n }, type };

    return v;
}

/* The documented size of each type, written again: 0 has none, 48 is 4 or 8, 1248 any of them. */
static unsigned width_of(unsigned type)
{
    switch (type) {
    case 0x03: case 0x04: return 1;
    case 0x05: case 0x06: return 2;
    case 0x07: case 0x08: case 0x0b: case 0x14: case 0x0d: return 4;
    case 0x09: case 0x0a: case 0x0c: case 0x11: case 0x15: return 8;
    case 0x0f: case 0x12: return 16;
    default: return 0;
    }
}

Test(value, widths)
{
    for (unsigned type = 0; type < 256; type++)
        cr_assert(evxi_value_width((uint8_t)type) == width_of(type), "type %02x", type);
}

Test(value, numbers_at_a_cliff)
{
    uint8_t *cliff = kit_cliff(16);

    for (unsigned type = 0; type < 256; type++)
        for (size_t n = 0; n <= 16; n++) {
            evx_value v = value((uint8_t)type, cliff - n, n);
            bool is_number = (type >= 3 && type <= 10) || type == 0x0d || type == 0x10
                          || type == 0x11 || type == 0x14 || type == 0x15;
            bool fits = type == 0x0d ? n == 1 || n == 2 || n == 4 || n == 8
                      : type == 0x10 ? n == 4 || n == 8 : n >= width_of(type);
            uint64_t x = 0;
            memset(cliff - 16, 0x91, 16);
            cr_assert((evx_value_u64(&v, &x) == EVX_OK) == (is_number && fits),
                      "type %02x, %zu bytes", type, n);
        }
    kit_cliff_free(cliff, 16);
}

Test(value, numbers)
{
    static const uint8_t p[8] = { 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff };
    static const struct { uint8_t type, len; uint64_t want; } rows[] = {
        { EVX_INT8, 1, 0xffffffffffffff88u }, { EVX_UINT8, 1, 0x88 },
        { EVX_INT16, 2, 0xffffffffffff9988u }, { EVX_UINT16, 2, 0x9988 },
        { EVX_INT32, 4, 0xffffffffbbaa9988u }, { EVX_UINT32, 4, 0xbbaa9988u },
        { EVX_INT64, 8, 0xffeeddccbbaa9988u }, { EVX_UINT64, 8, 0xffeeddccbbaa9988u },
        { EVX_HEX32, 4, 0xbbaa9988u }, { EVX_HEX64, 8, 0xffeeddccbbaa9988u },
        { EVX_SIZE, 4, 0xbbaa9988u }, { EVX_SIZE, 8, 0xffeeddccbbaa9988u },
        { EVX_BOOL, 1, 0x88 }, { EVX_BOOL, 4, 0xbbaa9988u }, { EVX_BOOL, 8, 0xffeeddccbbaa9988u },
        { EVX_FILETIME, 8, 0xffeeddccbbaa9988u }
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        evx_value v = value(rows[i].type, p, rows[i].len);
        uint64_t x;
        cr_assert(evx_value_u64(&v, &x) == EVX_OK && x == rows[i].want, "row %zu", i);
    }
}

Test(value, positive_signed_numbers)
{
    static const uint8_t p[8] = { 0x78, 0x69, 0x5a, 0x4b, 0, 0, 0, 0 };
    static const struct { uint8_t type, len; uint64_t want; } rows[] = {
        { EVX_INT8, 1, 0x78 }, { EVX_INT16, 2, 0x6978 }, { EVX_INT32, 4, 0x4b5a6978 }
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        evx_value v = value(rows[i].type, p, rows[i].len);
        uint64_t x;
        cr_assert(evx_value_u64(&v, &x) == EVX_OK && x == rows[i].want);
    }
}

/* ---- arrays ---------------------------------------------------------------------------------- */

/* The items of an array as "offset+length" words, and how it ended. */
static void items(const evx_value *array, const char *want)
{
    char got[512];
    size_t len = 0;
    uint32_t pos = 0;
    evx_value item;
    evx_status st;

    while ((st = evx_value_item(array, &pos, &item)) == EVX_OK) {
        cr_assert(item.type == (array->type & 0x7f) && pos <= array->raw.len);
        len += (size_t)snprintf(got + len, sizeof got - len, "%zu+%zu ",
                                (size_t)(item.raw.ptr - array->raw.ptr), item.raw.len);
    }
    snprintf(got + len, sizeof got - len, "%s", st == EVX_END ? "end" : "bad");
    cr_assert(strcmp(got, want) == 0, "type %02x, %zu bytes: %s, not %s", array->type,
              array->raw.len, got, want);
    cr_assert(evx_value_item(array, &pos, &item) == EVX_END || array->raw.len == 0);
    cr_assert(pos == array->raw.len);
}

static void check_items(uint8_t type, const char *bytes, size_t n, const char *want)
{
    uint8_t *cliff = kit_cliff(n);
    evx_value v = value(type | EVX_ARRAY, n ? memcpy(cliff - n, bytes, n) : cliff, n);

    items(&v, want);
    kit_cliff_free(cliff, n);
}

Test(value, arrays)
{
    check_items(EVX_STRING, "", 0, "end");
    check_items(EVX_STRING, "\0\0", 2, "0+0 end");
    check_items(EVX_STRING, "a\0\0\0b\0\0\0", 8, "0+2 4+2 end");
    check_items(EVX_STRING, "a\0b\0", 4, "0+4 end");
    check_items(EVX_STRING, "\0\0a\0\0\0\0\0", 8, "0+0 2+2 6+0 end");
    check_items(EVX_STRING, "a\0\0\0b", 5, "0+2 end");
    check_items(EVX_STRING, "a", 1, "end");
    check_items(EVX_STRING, "\0a\0\0", 4, "0+2 end");
    check_items(EVX_ANSI, "ab\0\0c", 5, "0+2 3+0 4+1 end");
    check_items(EVX_UINT8, "abc", 3, "0+1 1+1 2+1 end");
    check_items(EVX_UINT16, "abc", 3, "0+2 bad");
    check_items(EVX_UINT32, "abcdefgh", 8, "0+4 4+4 end");
    check_items(EVX_UINT32, "abcdefghi", 9, "0+4 4+4 bad");
    check_items(EVX_INT64, "abcdefg", 7, "bad");
    check_items(EVX_BOOL, "abcdefgh", 8, "0+4 4+4 end");
    check_items(EVX_GUID, "0123456789abcdef0123456789abcdef", 32, "0+16 16+16 end");
    check_items(EVX_SIZE, "abcdefgh", 8, "0+8 end");
    check_items(EVX_SIZE, "abcdefghijkl", 12, "0+4 4+4 8+4 end");
    check_items(EVX_SIZE, "abcdefghij", 10, "0+4 4+4 bad");
    check_items(EVX_SID, "\1\1......aaaa\1\0......", 20, "0+12 12+8 end");
    check_items(EVX_SID, "\1\2......aaaa", 12, "bad");
    check_items(EVX_SID, "\1\0......\1", 9, "0+8 bad");
    check_items(EVX_BINARY, "abc", 3, "bad");
    check_items(EVX_BINXML, "abc", 3, "bad");
    check_items(EVX_NULL, "abc", 3, "bad");
    check_items(0x7f, "abc", 3, "bad");
}

Test(value, no_array)
{
    evx_value v = value(EVX_UINT8, "abc", 3), item;
    uint32_t pos = 0;

    cr_assert(evx_value_item(&v, &pos, &item) == EVX_E_VALUE);
    v.type = EVX_UINT8 | EVX_ARRAY;
    pos = 4;                                         /* behind its end */
    cr_assert(evx_value_item(&v, &pos, &item) == EVX_E_VALUE);
    pos = 0xffffffff;
    cr_assert(evx_value_item(&v, &pos, &item) == EVX_E_VALUE);
}

/* Any type over any length ends, forward, at a cliff. */
Test(value, every_type_ends)
{
    uint8_t *cliff = kit_cliff(64);

    for (unsigned fill = 0; fill < 3; fill++)
        for (unsigned type = 0x80; type < 0x100; type++)
            for (size_t n = 0; n <= 64; n++) {
                evx_value v = value((uint8_t)type, cliff - n, n), item;
                uint32_t pos = 0, last = 0, count = 0;
                memset(cliff - 64, (int)fill, 64);
                while (evx_value_item(&v, &pos, &item) == EVX_OK) {
                    cr_assert(pos > last && pos <= n && ++count <= n);
                    cr_assert(item.raw.ptr >= v.raw.ptr && item.raw.len <= pos - last);
                    last = pos;
                }
            }
    kit_cliff_free(cliff, 64);
}

/* ---- text and emptiness ---------------------------------------------------------------------- */

Test(value, empty)
{
    static const struct { uint8_t type; const char *p; size_t n; bool empty; } rows[] = {
        { EVX_NULL, "ab", 2, true }, { EVX_NULL, "", 0, true }, { EVX_STRING, "", 0, true },
        { EVX_STRING, "\0\0", 2, true }, { EVX_STRING, "\0\0a\0", 4, true },
        { EVX_STRING, "a", 1, true }, { EVX_STRING, "a\0", 2, false },
        { EVX_STRING, "\0a", 2, false }, { EVX_ANSI, "", 0, true }, { EVX_ANSI, "\0\0\0", 3, true },
        { EVX_ANSI, "\0a", 2, false }, { EVX_ANSI, "a", 1, false }, { EVX_BINARY, "", 0, true },
        { EVX_BINARY, "\0", 1, false }, { EVX_BINXML, "", 0, true }, { EVX_UINT32, "", 0, true },
        { EVX_UINT8, "\0", 1, false }, { EVX_STRING | EVX_ARRAY, "", 0, true },
        { EVX_STRING | EVX_ARRAY, "\0\0", 2, false }
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        evx_value v = value(rows[i].type, rows[i].p, rows[i].n);
        cr_assert(evx_value_empty(&v) == rows[i].empty, "row %zu", i);
    }
}

Test(value, utf16)
{
    static const struct { uint8_t type; const char *p; size_t n; uint32_t units; } rows[] = {
        { EVX_STRING, "", 0, 0 }, { EVX_STRING, "a\0", 2, 1 }, { EVX_STRING, "a\0b\0", 4, 2 },
        { EVX_STRING, "a\0\0\0b\0", 6, 1 }, { EVX_STRING, "a\0b", 3, 1 }, { EVX_STRING, "a", 1, 0 },
        { EVX_STRING, "\0a\0\0", 4, 1 }, { EVX_ANSI, "ab", 2, 0 }, { EVX_UINT16, "ab", 2, 0 },
        { EVX_STRING | EVX_ARRAY, "a\0", 2, 0 }
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t *cliff = kit_cliff(8);
        evx_value v = value(rows[i].type, memcpy(cliff - rows[i].n, rows[i].p, rows[i].n),
                            rows[i].n);
        cr_assert(evx_value_utf16(&v).units == rows[i].units, "row %zu", i);
        kit_cliff_free(cliff, 8);
    }
}
