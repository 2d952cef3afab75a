/* tests/select/test_learn.c - what is written down of a template's definition */
#include "../golden/one.h"
#include "select/select.h"

static evxi_locator x;

/* The definition of the record that a description ends with. */
static bool learned(const char *log, uint8_t kind)
{
    uint32_t begin, end, fragments = 0, size;
    evxi_layout p;

    one(log);
    begin = one_record.off + 24;
    end = one_record.off + one_record.size - 4;
    memset(&x, 0xee, sizeof x);
    cr_assert(evxi_layout_read(&one_chunk, begin, end, &p, &fragments) && p.resident);
    size = evxi_le32(one_chunk.base + p.definition + EVXI_DEFINITION_SIZE);
    return evxi_locator_of(&one_chunk, p.definition + EVXI_DEFINITION_HEAD, size, 255, kind, &x);
}

static const evxi_entry *entry_of(evxi_place place)
{
    cr_assert(x.have >> place & 1);
    return &x.entries[x.at[place]];
}

Test(learn, system)
{
    cr_assert(learned("template t = <Event><System><Provider Name='Lit'/><EventID>{3:u16?}"
                      "</EventID><Channel/></System>{1:xml?}</Event>\n"
                      "record t null null null u16=1",
                      EVXI_OF_SYSTEM));
    cr_assert(x.kind == EVXI_OF_SYSTEM && x.count == 2 && x.data == 1 && x.last == 4);
    cr_assert(entry_of(FIELD_PROVIDER)->slot == EVXI_LITERAL);
    cr_assert(entry_of(FIELD_PROVIDER)->len == 6);
    cr_assert(entry_of(FIELD_EVENT_ID)->slot == 3 && entry_of(FIELD_EVENT_ID)->depends == 3);
    cr_assert(!(x.have >> FIELD_CHANNEL & 1));
}

/* The data are one value in front of the end, or not known. */
Test(learn, data_behind_system)
{
    static const char *const tails[] = { "", "<EventData/>", "{1:xml}{2:xml}", "x{1:xml}",
                                         "{1:xml}<x/>" };
    char log[256];

    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        snprintf(log, sizeof log, "template t = <Event><System><EventID>{0:u16}</EventID></System>"
                 "%s</Event>\nrecord t u16=1 null null", tails[i]);
        cr_assert(learned(log, EVXI_OF_SYSTEM));
        cr_assert(x.data == EVXI_NO_INDEX, "%s", tails[i]);
    }
}

Test(learn, data)
{
    cr_assert(learned("template d = <EventData><Data Name='a'>{0:str}</Data><Data/>"
                      "<Data>{1:u32}</Data><Binary>{2:bin}</Binary></EventData>\n"
                      "record d str=\"x\" u32=1 bin=00",
                      EVXI_OF_DATA));
    cr_assert(x.kind == EVXI_OF_DATA && x.count == 5 && x.used_count == 3);
    cr_assert(x.entries[0].place == FIELD_DATA_NAME && x.entries[1].place == FIELD_DATA);
    cr_assert(x.entries[2].place == FIELD_DATA && x.entries[2].slot == EVXI_NO_VALUE);
    cr_assert(x.entries[3].slot == 1 && x.entries[4].place == FIELD_BINARY);
}

Test(learn, refused)
{
    static const char *const data[] = {
        "<EventData><Data>a{0:str}</Data></EventData>", "<System><EventID>1</EventID></System>",
        "<EventData><Data><x/></Data></EventData>", "<EventData><Data>a&amp;b</Data></EventData>"
    };
    static const char *const system[] = {
        "<Event><System><Level>1</Level><Level>2</Level></System></Event>", "<Event/>",
        "<Event><System><Provider Name='a&amp;b'/></System></Event>",
        "<Event>{0:xml}<System/></Event>"
    };
    char log[256];

    for (size_t i = 0; i < 4; i++) {
        snprintf(log, sizeof log, "template t = %s\nrecord t str=\"x\"", data[i]);
        cr_assert(!learned(log, EVXI_OF_DATA), "%s", data[i]);
        snprintf(log, sizeof log, "template t = %s\nrecord t str=\"x\"", system[i]);
        cr_assert(!learned(log, EVXI_OF_SYSTEM), "%s", system[i]);
    }
}
