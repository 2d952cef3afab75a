/* src/select/locate.c - element and attribute names -> which field they carry, by table */
#include "select/select.h"

typedef struct element_row {
    const char *name;
    uint8_t len, section, content;
} element_row;

#define ELEMENT(section, name, content) { name, sizeof(name) - 1, section, content }

/* Row 0 stands for every element that carries no field. */
static const element_row elements[] = {
    { "", 0, SECTION_NONE, FIELD_NONE },
    ELEMENT(SECTION_SYSTEM, "Provider", FIELD_NONE),
    ELEMENT(SECTION_SYSTEM, "EventID", FIELD_EVENT_ID),
    ELEMENT(SECTION_SYSTEM, "Version", FIELD_VERSION),
    ELEMENT(SECTION_SYSTEM, "Level", FIELD_LEVEL),
    ELEMENT(SECTION_SYSTEM, "Task", FIELD_TASK),
    ELEMENT(SECTION_SYSTEM, "Opcode", FIELD_OPCODE),
    ELEMENT(SECTION_SYSTEM, "Keywords", FIELD_KEYWORDS),
    ELEMENT(SECTION_SYSTEM, "TimeCreated", FIELD_NONE),
    ELEMENT(SECTION_SYSTEM, "EventRecordID", FIELD_RECORD_ID),
    ELEMENT(SECTION_SYSTEM, "Correlation", FIELD_NONE),
    ELEMENT(SECTION_SYSTEM, "Execution", FIELD_NONE),
    ELEMENT(SECTION_SYSTEM, "Channel", FIELD_CHANNEL),
    ELEMENT(SECTION_SYSTEM, "Computer", FIELD_COMPUTER),
    ELEMENT(SECTION_SYSTEM, "Security", FIELD_NONE),
    ELEMENT(SECTION_DATA, "Data", FIELD_DATA),
    ELEMENT(SECTION_DATA, "Binary", FIELD_BINARY)
};

typedef struct attribute_row {
    const char *element, *name;
    uint8_t len, field;
} attribute_row;

#define ATTRIBUTE(element, name, field) { element, name, sizeof(name) - 1, field }

static const attribute_row attributes[] = {
    ATTRIBUTE("Provider", "Name", FIELD_PROVIDER),
    ATTRIBUTE("Provider", "Guid", FIELD_PROVIDER_GUID),
    ATTRIBUTE("EventID", "Qualifiers", FIELD_QUALIFIERS),
    ATTRIBUTE("TimeCreated", "SystemTime", FIELD_TIME),
    ATTRIBUTE("Correlation", "ActivityID", FIELD_ACTIVITY),
    ATTRIBUTE("Execution", "ProcessID", FIELD_PROCESS),
    ATTRIBUTE("Execution", "ThreadID", FIELD_THREAD),
    ATTRIBUTE("Security", "UserID", FIELD_USER),
    ATTRIBUTE("Data", "Name", FIELD_DATA_NAME)
};

uint8_t evxi_locate_section(const evx_utf16 *name)
{
    if (evxi_name_is(name, "System", 6))
        return SECTION_SYSTEM;
    if (evxi_name_is(name, "EventData", 9) || evxi_name_is(name, "UserData", 8))
        return SECTION_DATA;
    return SECTION_NONE;
}

uint8_t evxi_locate_element(uint8_t section, const evx_utf16 *name)
{
    for (uint8_t i = 1; i < EVXI_COUNTOF(elements); i++)
        if (elements[i].section == section && evxi_name_is(name, elements[i].name, elements[i].len))
            return i;
    return 0;
}

evxi_place evxi_locate_content(uint8_t element)
{
    return (evxi_place)elements[element].content;
}

static bool same_word(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

evxi_place evxi_locate_attribute(uint8_t element, const evx_utf16 *name)
{
    for (size_t i = 0; i < EVXI_COUNTOF(attributes); i++)
        if (evxi_name_is(name, attributes[i].name, attributes[i].len)
            && same_word(attributes[i].element, elements[element].name))
            return (evxi_place)attributes[i].field;
    return FIELD_NONE;
}
