/* tests/text/test_names.c - names of XML: what both editions allow */
#include <criterion/criterion.h>

#include "text/text.h"

Test(names, spot_checks)
{
    static const struct { uint32_t cp; bool starts, continues; } known[] = {
        { 'a', true, true }, { 'Z', true, true }, { '_', true, true }, { ':', true, true },
        { '0', false, true }, { '-', false, true }, { '.', false, true }, { ' ', false, false },
        { '<', false, false }, { '@', false, false }, { '[', false, false }, { '`', false, false },
        { '{', false, false }, { 0, false, false }, { 0x7f, false, false },
        { 0xb7, false, true },       /* MIDDLE DOT                                            */
        { 0xc4, true, true }, { 0xd7, false, false }, { 0x131, true, true },
        { 0x132, false, false },     /* IJ: a letter of the fifth edition only                */
        { 0x300, false, true }, { 0x0660, false, true }, { 0x0905, true, true },
        { 0x0fc0, false, false },    /* found by a hostile reader: expat refuses it           */
        { 0x3007, true, true }, { 0x4e00, true, true }, { 0x9fa5, true, true },
        { 0x9fa6, false, false }, { 0xac00, true, true }, { 0xd7a3, true, true },
        { 0xd7a4, false, false }, { 0xfffd, false, false }, { 0x10000, false, false }
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        cr_expect(evxi_name_starts(known[i].cp) == known[i].starts, "U+%04X", known[i].cp);
        cr_expect(evxi_name_continues(known[i].cp) == known[i].continues, "U+%04X", known[i].cp);
    }
}

/* What begins a name may stand in it; nothing beyond the first plane; nothing that is no letter of
 * the fifth edition, whose ranges are wide. */
Test(names, within_the_fifth_edition)
{
    static const uint32_t wide[][2] = {
        { 0xb7, 0xb7 }, { 0xc0, 0xd6 }, { 0xd8, 0xf6 }, { 0xf8, 0x37d }, { 0x37f, 0x1fff },
        { 0x200c, 0x200d }, { 0x203f, 0x2040 }, { 0x2070, 0x218f }, { 0x2c00, 0x2fef },
        { 0x3001, 0xd7ff }
    };

    for (uint32_t cp = 0x80; cp < 0x110000; cp++) {
        bool allowed = false;
        for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
            allowed |= cp >= wide[i][0] && cp <= wide[i][1];
        cr_assert(evxi_name_continues(cp) || !evxi_name_starts(cp));
        cr_assert((cp < 0x10000 && allowed) || !evxi_name_continues(cp), "U+%04X", cp);
    }
}
