/* tests/base/test_status.c - every code has words of its own; the sign tells the class */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "evx.h"

static const evx_status codes[] = {
    EVX_OK, EVX_END, EVX_SKIP, EVX_MORE, EVX_E_ARG, EVX_E_ABI, EVX_E_SPACE, EVX_E_SINK, EVX_E_BUG,
    EVX_E_FILE_SIGNATURE, EVX_E_FILE_SHORT, EVX_E_CHUNK_SIGNATURE, EVX_E_CHUNK_CUT,
    EVX_E_RECORD_SIGNATURE, EVX_E_RECORD_SIZE, EVX_E_TOKEN, EVX_E_OFFSET, EVX_E_DEPTH, EVX_E_FUEL,
    EVX_E_OPEN, EVX_E_NAME, EVX_E_BALANCE, EVX_E_TEMPLATE, EVX_E_VALUE, EVX_E_TEXT_MAX,
    EVX_E_CHUNK_TEXT, EVX_E_EVT_SIGNATURE, EVX_E_EVT_SHORT, EVX_E_EVT_CUT
};
enum { COUNT = sizeof codes / sizeof codes[0] };

Test(status, words)
{
    const char *unknown = evx_status_text(12345);

    cr_assert(unknown && *unknown);
    for (size_t i = 0; i < COUNT; i++) {
        const char *text = evx_status_text(codes[i]);
        cr_assert(text && *text && strcmp(text, unknown) != 0, "code %d", codes[i]);
        for (size_t j = 0; j < i; j++)
            cr_assert(strcmp(text, evx_status_text(codes[j])) != 0, "%zu and %zu", i, j);
    }
}

Test(status, unknown_numbers)
{
    for (evx_status s = -0x700; s < 16; s++)
        cr_assert(evx_status_text(s) != NULL);
    cr_assert(evx_status_text(INT32_MIN) && evx_status_text(INT32_MAX));
}

/* -(room << 8 | reason): base 1, file 3, binxml 4, text 5, evt 6. */
Test(status, rooms)
{
    for (size_t i = 0; i < COUNT; i++) {
        int room = -codes[i] >> 8;
        cr_assert(codes[i] >= 0 || room == 1 || (room >= 3 && room <= 6));
        for (size_t j = 0; j < i; j++)
            cr_assert(codes[i] != codes[j]);
    }
    cr_assert(EVX_OK == 0 && EVX_END > 0 && EVX_SKIP > 0 && EVX_MORE > 0);
}

Test(status, version)
{
    char wanted[32];

    snprintf(wanted, sizeof wanted, "%d.%d.%d", EVX_VERSION_MAJOR, EVX_VERSION_MINOR,
             EVX_VERSION_PATCH);
    cr_assert(strcmp(evx_version(), wanted) == 0 && strcmp(EVX_VERSION, wanted) == 0);
}
