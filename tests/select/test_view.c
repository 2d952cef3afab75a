/* tests/select/test_view.c - text views: what is text, comparing, copying as UTF-8 */
#include <criterion/criterion.h>

#include "cliff.h"
#include "select/select.h"

static evx_text_view view(const char *bytes, uint32_t len, uint8_t utf8)
{
    evx_text_view v = { (const uint8_t *)bytes, len, utf8 };

    return v;
}

Test(view, of_values)
{
    for (unsigned type = 0; type < 256; type++) {
        evx_value v = { { (const uint8_t *)"a\0\0\0b\0", 6 }, (uint8_t)type };
        evx_text_view t;
        bool is = type == EVX_STRING || type == EVX_UTF8;
        cr_assert(evxi_view_of(&v, &t) == is, "type %02x", type);
        cr_assert(!is || (t.utf8 == (type == EVX_UTF8) && t.len == (t.utf8 ? 6 : 2)));
    }
}

Test(view, compare)
{
    static const struct { const char *p; uint32_t len; uint8_t utf8; const char *other; bool same; }
    rows[] = {
        { "", 0, 0, "", true }, { "", 0, 1, "", true }, { "a\0", 2, 0, "a", true },
        { "a\0", 2, 0, "A", true }, { "Z", 1, 1, "z", true }, { "a\0b\0", 4, 0, "a", false },
        { "a\0", 2, 0, "ab", false }, { "a\0", 2, 0, "b", false }, { "", 0, 0, "a", false },
        { "\xe4\0", 2, 0, "\xc3\xa4", true }, { "\xe4\0", 2, 0, "\xc3\x84", false },
        { "\x3d\xd8\x00\xde", 4, 0, "\xf0\x9f\x98\x80", true }, { "@", 1, 1, "`", false },
        { "[", 1, 1, "{", false }, { "\xac\x20", 2, 0, "\xe2\x82\xac", true }
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        evx_text_view v = view(rows[i].p, rows[i].len, rows[i].utf8);
        cr_assert(evx_text_view_is(&v, rows[i].other) == rows[i].same, "row %zu", i);
    }
}

/* Every room from none to enough: cut at a character, the whole length told. */
Test(view, copy)
{
    static const char utf16[] = "a\0\xe4\0\xac\x20\x3d\xd8\x00\xde\x00\xd8z";
    static const char utf8[] = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\xef\xbf\xbdz";
    static const size_t ends[] = { 0, 1, 3, 6, 10, 13, 14 };
    evx_text_view v = view(utf16, sizeof utf16, 0);

    cr_assert(sizeof utf16 == 14);
    for (size_t cap = 0; cap <= 20; cap++) {
        uint8_t *cliff = kit_cliff(cap);
        size_t want = 0;
        for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
            want = ends[i] <= cap ? ends[i] : want;
        memset(cliff - cap, 0xee, cap);
        cr_assert(evx_text_view_utf8(&v, cliff - cap, cap) == 14);
        cr_assert(memcmp(cliff - cap, utf8, want) == 0);
        for (size_t i = want; i < cap; i++)
            cr_assert(cliff[(long)i - (long)cap] == 0xee, "room %zu, byte %zu", cap, i);
        kit_cliff_free(cliff, cap);
    }
    cr_assert(evx_text_view_utf8(&v, NULL, 0) == 14);
}

Test(view, copy_of_utf8)
{
    uint8_t out[16];
    evx_text_view v = view("a\xc3\xa4\xff!", 5, 1);

    cr_assert(evx_text_view_utf8(&v, out, sizeof out) == 7);
    cr_assert(memcmp(out, "a\xc3\xa4\xef\xbf\xbd!", 7) == 0);
}
