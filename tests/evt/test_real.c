/* tests/evt/test_real.c - a real system log of Windows XP: dirty, wrapped, a record at its seam */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../files.h"
#include "read.h"

static size_t seen;

static uint32_t numbers(const char *words, uint32_t expected)
{
    for (const char *p = words; *p; p += strcspn(p, " "), p += *p == ' ') {
        if (*p == '|')
            continue;
        cr_assert((uint32_t)atoi(p) == expected, "%.40s, not %u", p, expected);
        expected = expected == 7454 ? 1392 : expected + 1;
    }
    return expected;
}

static void check(void *user, const char *path, const uint8_t *data, size_t len)
{
    const char *words, *bar;

    (void)user;
    (void)path;
    seen++;
    words = evt_line(data, len, 0);
    cr_assert(evt_count == 6063, "%zu", evt_count);
    cr_assert(evt_stream.damage == 0 && evt_stream.stale == 437);
    cr_assert(evt_stream.header.flags == (EVX_EVT_DIRTY | EVX_EVT_WRAPPED | EVX_EVT_ARCHIVE));
    cr_assert(evt_stream.header.next_number == 7430 && evt_stream.next_number == 7455);
    cr_assert(evt_stream.end_off == 0x1b9674 && evt_stream.oldest_off == 0x1e0130);
    cr_assert(strspn(words, "0123456789 |") == strlen(words), "no damage, no gap");
    bar = strchr(words, '|');
    cr_assert(bar && strncmp(words, "1573 ", 5) == 0 && strncmp(bar, "| 1392 ", 7) == 0);
    cr_assert(numbers(words, 1573) == 1573, "from one seam round to the other");
    (void)evt_line(data, len, EVX_EVT_STALE);
    cr_assert(evt_count == 6500);
}

Test(real, system_log)
{
    if (files_each(EVX_TEST_SHARED "/plaso/SysEvent.Evt", check, NULL) == 0)
        cr_skip_test("no real log in " EVX_TEST_SHARED);
    cr_assert(seen == 1);
}
