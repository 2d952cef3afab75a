/* tests/vss/test_parse.c - GUIDs, error codes, payloads */
#include <criterion/criterion.h>
#include <string.h>

#include "vss/vss.h"

Test(parse, guids)
{
    static const evx_guid expected = { { 0xe3, 0xb5, 0x6f, 0x2d, 0x34, 0x12, 0x78, 0x56, 0x9a,
                                         0xbc, 0xde, 0xf0, 0x12, 0x34, 0x56, 0x78 } };
    static const char *const good[] = {
        "2d6fb5e3-1234-5678-9abc-def012345678",
        "{2D6FB5E3-1234-5678-9ABC-DEF012345678}",
        "2d6fb5e3-1234-5678-9abc-def012345678:12",
        "{2d6fb5e3-1234-5678-9abc-def012345678}:7",
        "{2d6fb5e3-1234-5678-9abc-def012345678:7}",
        " {2d6fb5e3-1234-5678-9abc-def012345678} of store 1"
    };
    static const char *const bad[] = {
        "", "{", "2d6fb5e3", "2d6fb5e3-1234-5678-9abc-def01234567", "0x50d", "First Storage Group",
        "2d6fb5e3-1234-5678-9abc-def0123456789", "2d6fb5e3x1234-5678-9abc-def012345678",
        "2d6fb5e3-1234-5678-9abc-def01234567g", "2d6fb5e3-1234-5678-9abc-def012345678-1",
        "a 2d6fb5e3-1234-5678-9abc-def012345678"
    };
    evx_guid g;

    for (size_t i = 0; i < EVXI_COUNTOF(good); i++) {
        memset(&g, 0, sizeof g);
        cr_expect(evxi_vss_guid((const uint8_t *)good[i], strlen(good[i]), &g), "%s", good[i]);
        cr_expect(memcmp(&g, &expected, sizeof g) == 0, "%s", good[i]);
    }
    for (size_t i = 0; i < EVXI_COUNTOF(bad); i++)
        cr_expect(!evxi_vss_guid((const uint8_t *)bad[i], strlen(bad[i]), &g), "%s", bad[i]);
}

Test(parse, codes)
{
    static const struct {
        const char *text;
        int32_t code;
    } good[] = {
        { "0x50d", 0x50d }, { "0X50D", 0x50d }, { "1293", 0x50d }, { "0xfffff69d", -2403 },
        { "-2403", -2403 }, { " -2403\r\n", -2403 }, { "4294964893", -2403 }, { "0", 0 },
        { "0x0000050d", 0x50d }, { "-2147483648", INT32_MIN }, { "2147483647", INT32_MAX },
        { "0x80000000", INT32_MIN }, { "-1", -1 }, { "-0", 0 }
    };
    static const char *const bad[] = {
        "", " ", "-", "0x", "50d", "0x50g", "0x100000000", "4294967296", "-2147483649", "1 2", "x",
        "--1", "0x-1", "99999999999999999999", "First Storage Group"
    };
    int32_t code;

    for (size_t i = 0; i < EVXI_COUNTOF(good); i++) {
        code = 77;
        cr_expect(evxi_vss_code((const uint8_t *)good[i].text, strlen(good[i].text), &code),
                  "%s", good[i].text);
        cr_expect(code == good[i].code, "%s", good[i].text);
    }
    for (size_t i = 0; i < EVXI_COUNTOF(bad); i++)
        cr_expect(!evxi_vss_code((const uint8_t *)bad[i], strlen(bad[i]), &code), "%s", bad[i]);
}

Test(parse, sayings)
{
    cr_expect(evxi_vss_saying((const uint8_t *)"Abort ignored.", 15) == 13);
    cr_expect(evxi_vss_saying((const uint8_t *)"Abort ignored.", 14) == 13);
    cr_expect(evxi_vss_saying((const uint8_t *)"Abort ignored\0xyz.", 18) == 13);
    cr_expect(evxi_vss_saying((const uint8_t *)"Two..", 5) == 4);
    cr_expect(evxi_vss_saying((const uint8_t *)".", 1) == 0);
    cr_expect(evxi_vss_saying((const uint8_t *)"", 1) == 0);
    cr_expect(evxi_vss_saying(NULL, 0) == 0);
    cr_expect(evxi_vss_saying((const uint8_t *)"A\0b\0.\0\0\0x", 9) == 4, "UTF-16");
    cr_expect(evxi_vss_saying((const uint8_t *)"A\0b\0.", 5) == 4);
    cr_expect(evxi_vss_saying((const uint8_t *)"A\0b\0.\1", 6) == 6, "no full stop");
    cr_expect(evxi_vss_saying((const uint8_t *)"A\0b\0\0\1", 6) == 6, "no NUL");
    cr_expect(evxi_vss_saying((const uint8_t *)"A\0b", 3) == 1, "ANSI");
    cr_expect(evxi_vss_says((const uint8_t *)"A\0b\0.\0", 6, "Ab"));
    cr_expect(evxi_vss_says((const uint8_t *)"Ab.", 3, "Ab"));
    cr_expect(!evxi_vss_says((const uint8_t *)"Ab.", 3, "Abc"));
    cr_expect(!evxi_vss_says((const uint8_t *)"Abc", 3, "Ab"));
    cr_expect(!evxi_vss_says((const uint8_t *)"A\0b\0c\1", 6, "Abc"));
    cr_expect(evxi_vss_says(NULL, 0, "") && !evxi_vss_says(NULL, 0, "A"));
}
