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

/* The content of a field while a record is read. */
typedef struct evxi_gather {
    evx_reader *t;
    evx_fields *f;
    evx_value   value;               /* what was gathered for `place`                         */
    uint32_t    pieces;
    evxi_place  place;
    uint8_t     section, element;    /* where the walk stands: below the root, below that     */
    bool        joined;              /* value is text in the scratch                          */
    bool        system_only, done;
    bool        data_due;            /* a Data element is open and has added no item yet      */
} evxi_gather;

EVXI_LOCAL void evxi_gather_piece(evxi_gather *k, const evx_value *piece);
EVXI_LOCAL void evxi_gather_character(evxi_gather *k, uint32_t cp);
EVXI_LOCAL void evxi_gather_entity(evxi_gather *k, const evx_utf16 *name);
/* ANSI text becomes UTF-8, so that a view of it needs no code page; all else stays as it is. */
EVXI_LOCAL evx_value evxi_gather_text(evx_reader *t, const evx_value *v);
/* A payload in literal text is hex, blanks between its digits or not: bytes again, as they fit.
 * What is no hex is kept as the bytes of its UTF-8. */
EVXI_LOCAL evx_value evxi_gather_bytes(evx_reader *t, const evx_value *v);

/* What of k was gathered goes where k->place says. */
EVXI_LOCAL void evxi_store_field(evxi_gather *k);

/* Read fields of the System section: those whose bit, 1 << FIELD_..., is wanted; perhaps more. */
EVXI_LOCAL evx_status evxi_fields_some(evx_reader *t, const evx_chunk *c, const evx_record *r,
                                       evx_fields *out, uint32_t wanted);

/* ---- locator.c: where a template keeps its System fields ------------------------------------ */

/* Make room for locators in memory; what it cannot use is left. */
EVXI_LOCAL void evxi_locators_begin(evx_reader *t, uint8_t *memory, size_t len);
/* EVX_OK; EVX_SKIP: this record has to be walked. */
EVXI_LOCAL evx_status evxi_locator_read(evx_reader *t, const evx_chunk *c, const evx_record *r,
                                        evx_fields *out, uint32_t wanted);
/* Is the record's provider certainly not this word of `len` ASCII letters, and nothing wrong with
 * the record, as far as evxi_locator_read would see? */
EVXI_LOCAL bool evxi_locator_other(evx_reader *t, const evx_chunk *c, const evx_record *r,
                                   const char *ascii, size_t len);
/* The record could be walked: remember its template. */
EVXI_LOCAL void evxi_locator_learn(evx_reader *t, const evx_chunk *c, const evx_record *r);

/* Numbers and times from values of any suitable type, text included. False: it is none. */
EVXI_LOCAL bool evxi_parse_u64(const evx_value *v, uint64_t *out);
EVXI_LOCAL bool evxi_parse_time(const evx_value *v, uint64_t *out);

/* A value as a text view, where it is text; false where it is not. */
EVXI_LOCAL bool evxi_view_of(const evx_value *v, evx_text_view *out);

#endif
