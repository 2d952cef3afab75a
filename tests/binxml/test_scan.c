/* tests/binxml/test_scan.c - a definition's tokens: names, and the values it refers to */
#include "../golden/one.h"

#include "binxml/binxml.h"

static evxi_scan scan;

static void begin(const char *template)
{
    static char description[1024];
    uint32_t at, size;

    snprintf(description, sizeof description, "template t = %s\nrecord t u8=1 u8=2\n", template);
    one(description);
    at = one_record.off + 24 + 4 + 10;           /* behind the fragment and the instance's head */
    size = one_load(at + EVXI_DEFINITION_SIZE);
    evxi_scan_begin(&scan, &one_chunk, at + EVXI_DEFINITION_HEAD,
                    at + EVXI_DEFINITION_HEAD + size);
}

/* "Event a {1} E?0 {0}": names, and indexes with the kind of token in front. */
static const char *tokens(void)
{
    static char text[1024];
    size_t at = 0;
    evxi_item item;
    evx_status st;

    text[0] = 0;
    while ((st = evxi_scan_next(&scan, &item)) == EVX_OK) {
        uint32_t name = evxi_scan_name_at(&item), index = evxi_scan_index(&item);
        evx_utf16 word;
        if (name != 0) {
            cr_assert(one_load(name) == item.name);
            cr_assert(evxi_name(&one_chunk, item.name, 100, &word) == EVX_OK);
            for (uint32_t i = 0; i < word.units; i++)
                text[at++] = (char)word.ptr[2 * i];
            text[at++] = ' ';
        }
        if (index != EVXI_NO_INDEX)
            at += (size_t)snprintf(text + at, sizeof text - at, "{%u} ", index);
        text[at] = 0;
    }
    cr_assert(st == EVX_END);
    return text;
}

Test(scan, names_and_indexes)
{
    begin("<Event a='{1:u8}'>x<E @dep='0'>{0:u8?}</E>&amp;<E/><?t d?><![CDATA[c]]>&#65;</Event>");
    cr_assert_str_eq(tokens(), "Event a {1} E {0} {0} amp E t ");
    begin("<E/>");
    cr_assert_str_eq(tokens(), "E ");
}

Test(scan, what_the_walk_refuses)
{
    evxi_item item;
    evx_status st;

    begin("<E>{raw:ff}</E>");
    while ((st = evxi_scan_next(&scan, &item)) == EVX_OK)
        continue;
    cr_assert_eq(st, EVX_E_TOKEN);
    evxi_scan_begin(&scan, &one_chunk, 600, 600);
    cr_assert_eq(evxi_scan_next(&scan, &item), EVX_END);
}
