/* tests/binxml/test_wevt.c - templates in any bytes; src/binxml/layout.c with what they need */
#include "../golden/one.h"

#include "cliff.h"

#include "evx/wevt.h"

static mk_file file;
static uint8_t mem[MK_FILE_HEADER + MK_CHUNK];

static mk_bytes temp(const char *text, uint32_t values)
{
    mk_bytes t = mk_temp(&file, mem, sizeof mem, text, values);

    cr_assert(t.ptr, "%s", file.failed);
    return t;
}

Test(wevt, found_at_any_place)
{
    static uint8_t blob[3000];
    mk_bytes t = temp("<EventData><Data Name='x'>{0:str}</Data></EventData>", 1);
    evx_wevt_template out;
    evx_bytes all = { blob, sizeof blob };

    for (size_t at = 0; at < 9; at++) {
        size_t pos = 0;
        memset(blob, 'T', sizeof blob);
        memcpy(blob + at, t.ptr, t.len);
        memcpy(blob + 1500, t.ptr, t.len);
        cr_assert(evx_wevt_next(all, &pos, &out) == EVX_OK && pos == at + t.len);
        cr_assert(out.body.ptr == blob + at + 40 && out.body.len == t.len - 40 - 20);
        cr_assert(out.values == 1 && out.kind == 1 && memcmp(out.guid, t.ptr + 24, 16) == 0);
        cr_assert(evx_wevt_next(all, &pos, &out) == EVX_OK && pos == 1500 + t.len);
        cr_assert(evx_wevt_next(all, &pos, &out) == EVX_END && pos == all.len);
    }
}

/* Cut anywhere, or with any byte changed: never read beyond, never endless. */
Test(wevt, cuts_and_flips)
{
    mk_bytes t = temp("<UserData><a b='{1:u8}'>x{0:str?}</a>&amp;<?p d?></UserData>", 2);
    size_t found = 0;
    uint8_t *end = kit_cliff(t.len), *begin = end - t.len;
    evx_wevt_template out;

    for (size_t len = 0; len <= t.len; len++) {
        size_t pos = 0;
        evx_bytes part = { end - len, len };
        memcpy(end - len, t.ptr, len);
        found += evx_wevt_next(part, &pos, &out) == EVX_OK;
    }
    cr_expect(found == 1);
    for (size_t bit = 0; bit < 8 * t.len; bit++) {
        size_t pos = 0;
        evx_bytes all = { begin, t.len };
        memcpy(begin, t.ptr, t.len);
        begin[bit / 8] ^= (uint8_t)(1u << bit % 8);
        while (evx_wevt_next(all, &pos, &out) == EVX_OK)
            cr_assert(pos <= t.len && out.body.ptr + out.body.len <= end);
    }
    kit_cliff_free(end, t.len);
}
