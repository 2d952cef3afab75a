/* src/select/select.h - what other rooms may ask of this one */
#ifndef EVXI_SELECT_H
#define EVXI_SELECT_H

#include "binxml/binxml.h"
#include "evx/select.h"

/* ---- private to the room -------------------------------------------------------------------- */

/* Where a field sits; see locate.c. */
typedef enum evxi_place {
    FIELD_NONE, FIELD_PROVIDER, FIELD_PROVIDER_GUID, FIELD_EVENT_ID, FIELD_QUALIFIERS,
    FIELD_VERSION, FIELD_LEVEL, FIELD_TASK, FIELD_OPCODE, FIELD_KEYWORDS, FIELD_TIME,
    FIELD_RECORD_ID, FIELD_ACTIVITY, FIELD_PROCESS, FIELD_THREAD, FIELD_CHANNEL, FIELD_COMPUTER,
    FIELD_USER, FIELD_DATA, FIELD_DATA_NAME, FIELD_BINARY
} evxi_place;

enum { SECTION_NONE, SECTION_SYSTEM, SECTION_DATA };

/* The section that an element below the root begins. */
EVXI_LOCAL uint8_t evxi_locate_section(const evx_utf16 *name);

/* Which field is the content of an element in a section, or of one of its attributes?
 * `element` is the index that evxi_locate_element gave. */
EVXI_LOCAL uint8_t evxi_locate_element(uint8_t section, const evx_utf16 *name);
EVXI_LOCAL evxi_place evxi_locate_content(uint8_t element);
EVXI_LOCAL evxi_place evxi_locate_attribute(uint8_t element, const evx_utf16 *name);

/* Read the System section only. */
EVXI_LOCAL evx_status evxi_fields_system(evx_reader *t, const evx_chunk *c, const evx_record *r,
                                         evx_fields *out);

/* Numbers and times from values of any suitable type, text included. False: it is none. */
EVXI_LOCAL bool evxi_parse_u64(const evx_value *v, uint64_t *out);
EVXI_LOCAL bool evxi_parse_time(const evx_value *v, uint64_t *out);

/* A value as a text view, where it is text; false where it is not. */
EVXI_LOCAL bool evxi_view_of(const evx_value *v, evx_text_view *out);

#endif
