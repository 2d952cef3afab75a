/* tests/binxml/test_name.c - names: bounds, lengths, limits; links and hashes are not followed */
#include "../golden/one.h"

#include "binxml/binxml.h"
#include "cliff.h"

static uint8_t bytes[EVX_CHUNK_SIZE];
static evx_chunk chunk;

static void entry(uint32_t at, uint32_t units)
{
    memset(bytes, 0xff, sizeof bytes);
    memset(&chunk, 0, sizeof chunk);
    chunk.base = bytes;
    chunk.len = sizeof bytes;
    bytes[at + 6] = (uint8_t)units;
    bytes[at + 7] = (uint8_t)(units >> 8);
    for (uint32_t i = 0; i < 2 * units && at + 8 + i < sizeof bytes; i++)
        bytes[at + 8 + i] = i % 2 ? 0 : 'n';
}

Test(name, found)
{
    evx_utf16 name;

    entry(600, 3);
    cr_assert(evxi_name(&chunk, 600, 1024, &name) == EVX_OK);
    cr_assert(name.units == 3 && name.ptr == bytes + 608);
    cr_assert(evxi_name_is(&name, "nnn", 3) && !evxi_name_is(&name, "nnn", 2));
    cr_assert(!evxi_name_is(&name, "nnm", 3) && !evxi_name_is(&name, "nnnn", 4));
    bytes[609] = 1;                                  /* U+016E is no 'n' */
    cr_assert(!evxi_name_is(&name, "nnn", 3));
}

Test(name, out_of_range)
{
    static const uint32_t offs[] = { 0, 1, 128, 511, 65536, 65529, 65535, 70000, 0xffffffff,
                                     0xfffffff8, 0x80000000 };
    evx_utf16 name;

    entry(512, 0);
    cr_assert(evxi_name(&chunk, 512, 1024, &name) == EVX_OK && name.units == 0);
    for (size_t i = 0; i < sizeof offs / sizeof offs[0]; i++)
        cr_assert(evxi_name(&chunk, offs[i], 65535, &name) == EVX_E_OFFSET, "%u", offs[i]);
}

Test(name, at_the_end_of_the_chunk)
{
    evx_utf16 name;

    for (uint32_t units = 0; units < 40; units++) {
        entry(65536 - 10 - 2 * units, units);
        cr_assert(evxi_name(&chunk, 65536 - 10 - 2 * units, 1024, &name) == EVX_OK);
        cr_assert(name.units == units);
        entry(65536 - 10 - 2 * units, units + 1);
        cr_assert(evxi_name(&chunk, 65536 - 10 - 2 * units, 1024, &name) == EVX_E_OFFSET);
    }
    entry(512, 0x8000);                              /* twice that is 65,536: more than is left */
    cr_assert(evxi_name(&chunk, 512, 65535, &name) == EVX_E_OFFSET);
    entry(512, 0xffff);
    cr_assert(evxi_name(&chunk, 512, 65535, &name) == EVX_E_OFFSET);
}

Test(name, limit)
{
    evx_utf16 name;

    entry(512, 100);
    cr_assert(evxi_name(&chunk, 512, 100, &name) == EVX_OK);
    cr_assert(evxi_name(&chunk, 512, 99, &name) == EVX_E_NAME);
}

Test(name, cliff)
{
    uint8_t *cliff = kit_cliff(700);
    evx_utf16 name;

    entry(600, 20);
    for (uint32_t len = 600; len <= 700; len++) {
        chunk.base = memcpy(cliff - len, bytes, len);
        chunk.len = len;
        cr_assert(evxi_name(&chunk, 600, 1024, &name) == (len >= 650 ? EVX_OK : EVX_E_OFFSET));
    }
    kit_cliff_free(cliff, 700);
}
