/* tests/select/test_locate.c - names -> fields: every row of the table, and near misses */
#include <criterion/criterion.h>

#include "select/select.h"

static uint8_t units[128];

static evx_utf16 name(const char *text)
{
    evx_utf16 n = { units, (uint32_t)strlen(text) };

    for (uint32_t i = 0; i < n.units; i++) {
        units[2 * i] = (uint8_t)text[i];
        units[2 * i + 1] = 0;
    }
    return n;
}

static uint8_t section(const char *text)
{
    evx_utf16 n = name(text);

    return evxi_locate_section(&n);
}

static uint8_t element(uint8_t in, const char *text)
{
    evx_utf16 n = name(text);

    return evxi_locate_element(in, &n);
}

static evxi_place attribute(uint8_t of, const char *text)
{
    evx_utf16 n = name(text);

    return evxi_locate_attribute(of, &n);
}

Test(locate, sections)
{
    cr_assert(section("System") == SECTION_SYSTEM);
    cr_assert(section("EventData") == SECTION_DATA && section("UserData") == SECTION_DATA);
    cr_assert(section("system") == SECTION_NONE && section("Systems") == SECTION_NONE);
    cr_assert(section("") == SECTION_NONE && section("RenderingInfo") == SECTION_NONE);
}

static const struct { const char *name; evxi_place content; } system_rows[] = {
    { "Provider", FIELD_NONE }, { "EventID", FIELD_EVENT_ID }, { "Version", FIELD_VERSION },
    { "Level", FIELD_LEVEL }, { "Task", FIELD_TASK }, { "Opcode", FIELD_OPCODE },
    { "Keywords", FIELD_KEYWORDS }, { "TimeCreated", FIELD_NONE },
    { "EventRecordID", FIELD_RECORD_ID }, { "Correlation", FIELD_NONE },
    { "Execution", FIELD_NONE },
    { "Channel", FIELD_CHANNEL }, { "Computer", FIELD_COMPUTER }, { "Security", FIELD_NONE }
};

Test(locate, elements)
{
    for (size_t i = 0; i < sizeof system_rows / sizeof system_rows[0]; i++) {
        uint8_t e = element(SECTION_SYSTEM, system_rows[i].name);
        cr_assert(e != 0 && evxi_locate_content(e) == system_rows[i].content, "%s",
                  system_rows[i].name);
        cr_assert(element(SECTION_DATA, system_rows[i].name) == 0);
        cr_assert(element(SECTION_NONE, system_rows[i].name) == 0);
    }
    cr_assert(evxi_locate_content(element(SECTION_DATA, "Data")) == FIELD_DATA);
    cr_assert(evxi_locate_content(element(SECTION_DATA, "Binary")) == FIELD_BINARY);
    cr_assert(element(SECTION_SYSTEM, "Data") == 0 && element(SECTION_SYSTEM, "") == 0);
    cr_assert(element(SECTION_NONE, "") == 0);
    cr_assert(element(SECTION_SYSTEM, "eventid") == 0 && element(SECTION_SYSTEM, "EventI") == 0);
    cr_assert(evxi_locate_content(0) == FIELD_NONE);
}

Test(locate, attributes)
{
    static const struct { const char *element, *name; evxi_place place; } rows[] = {
        { "Provider", "Name", FIELD_PROVIDER }, { "Provider", "Guid", FIELD_PROVIDER_GUID },
        { "EventID", "Qualifiers", FIELD_QUALIFIERS }, { "TimeCreated", "SystemTime", FIELD_TIME },
        { "Correlation", "ActivityID", FIELD_ACTIVITY },
        { "Execution", "ProcessID", FIELD_PROCESS }, { "Execution", "ThreadID", FIELD_THREAD },
        { "Security", "UserID", FIELD_USER }
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t e = 0; e < sizeof system_rows / sizeof system_rows[0]; e++) {
            uint8_t of = element(SECTION_SYSTEM, system_rows[e].name);
            bool same = strcmp(system_rows[e].name, rows[i].element) == 0;
            cr_assert(attribute(of, rows[i].name) == (same ? rows[i].place : FIELD_NONE));
        }
    cr_assert(attribute(element(SECTION_DATA, "Data"), "Name") == FIELD_DATA_NAME);
    cr_assert(attribute(element(SECTION_DATA, "Binary"), "Name") == FIELD_NONE);
    cr_assert(attribute(0, "Name") == FIELD_NONE && attribute(0, "") == FIELD_NONE);
}
