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

/* ---- learn.c, locator.c: where templates keep their fields ---------------------------------- */

enum {
    EVXI_ENTRIES_MAX = 2 * EVX_FIELDS_MAX,       /* each item has a name, too                 */
    EVXI_USED_MAX = 64, EVXI_NO_VALUE = 0xfffe, EVXI_LITERAL = 0xfffd
};

typedef struct evxi_entry {
    uint16_t place, depends;         /* FIELD_...; EVXI_NO_INDEX: on nothing                  */
    uint16_t slot;                   /* of the value, or EVXI_LITERAL, or EVXI_NO_VALUE       */
    uint16_t len;                    /* of a literal, bytes                                   */
    uint32_t off;                    /* from the beginning of the definition's stream         */
} evxi_entry;

/* What a template is known for. */
enum { EVXI_REFUSED, EVXI_OF_SYSTEM, EVXI_OF_DATA, EVXI_OF_RECORD };

typedef struct evxi_locator {
    uint32_t count, used_count, last;            /* last: one more than the highest index used */
    uint32_t have;                   /* 1 << FIELD_..: `at` says which entry it is            */
    uint32_t steps;                  /* that the walk would take                              */
    uint16_t data;                   /* of the value that is all there is behind the System
                                        section; EVXI_NO_INDEX                                */
    uint8_t kind;
    uint16_t used[EVXI_USED_MAX];    /* every value that is referred to on the way            */
    uint8_t at[32];
    evxi_entry entries[EVXI_ENTRIES_MAX];        /* `count`, in the order of the walk; what is
                                                    kept ends behind them                     */
} evxi_locator;

/* All of a definition, or of a record without one, up to the end of its System section, or all of
 * the event's data. False: not so plain. */
EVXI_LOCAL bool evxi_locator_of(const evx_chunk *c, uint32_t begin, uint32_t size,
                                uint32_t name_units, uint8_t kind, evxi_locator *to);

/* Make room for locators in memory; what it cannot use is left. */
EVXI_LOCAL void evxi_locators_begin(evx_reader *t, uint8_t *memory, size_t len);
/* EVX_OK; EVX_SKIP: this record has to be walked. */
EVXI_LOCAL evx_status evxi_locator_read(evx_reader *t, const evx_chunk *c, const evx_record *r,
                                        evx_fields *out, uint32_t wanted);
/* The same for all fields, the event's data included. */
EVXI_LOCAL evx_status evxi_locator_all(evx_reader *t, const evx_chunk *c, const evx_record *r,
                                       evx_fields *out);
/* The record could be walked: remember its template; that of its data, if asked for. */
EVXI_LOCAL void evxi_locator_learn(evx_reader *t, const evx_chunk *c, const evx_record *r,
                                   bool data);

/* The sum of the sizes in `count` descriptors, two at a time: 256 of 64 KiB, no overflow. */
static inline uint32_t evxi_sizes(const uint8_t *d, uint32_t count)
{
    const uint64_t size = 0x0000ffff0000ffffu;
    uint64_t all = count & 1 ? evxi_le32(d + EVXI_DESCRIPTOR * (size_t)(count - 1)) & size : 0;

    for (uint32_t i = 0; i + 2 <= count; i += 2)
        all += evxi_le64(d + EVXI_DESCRIPTOR * (size_t)i) & size;
    return (uint32_t)(all + (all >> 32));
}

/* What there is to know of the record's template, whose instance's values end at *behind; NULL: the
 * record has to be walked. */
EVXI_LOCAL const evxi_locator *evxi_locate_system(evx_reader *t, const evx_chunk *c,
                                                  const evx_record *r, evxi_layout *p,
                                                  uint32_t *behind);

/* ---- provider.c: what it remembers of a chunk, in the reader's memory ------------------------ */

enum { EVXI_MET = 32, EVXI_PLACED = 32, EVXI_IMAGE = 160, EVXI_ASKED_MAX = 64 };

typedef struct evxi_met_text {
    uint16_t off, len;               /* bytes; a literal's place in the chunk, or a value's behind
                                        the descriptors of such a record                      */
    uint8_t slot;                    /* of the value; 0xff: a literal, or none                */
} evxi_met_text;

/* A definition that was met. */
typedef struct evxi_met {
    uint32_t generation;             /* of the chunk in which it was met                      */
    uint32_t id;                     /* as an instance's head says                            */
    uint16_t definition;             /* the same                                              */
    uint16_t steps;                  /* as its locator's                                      */
    uint8_t last;                    /* the same                                              */
    uint8_t id_at, time_at;          /* the values                                            */
    bool answers;                    /* records of it may be passed over                      */
    bool other;                      /* all of them are another provider's                    */
    evxi_met_text provider, computer, channel;
} evxi_met;

/* A record that was passed over after a look at each value, and what another one of its definition
 * must have to be passed over as well. All places count from a record's beginning on. */
typedef struct evxi_like {
    uint64_t key;                    /* evxi_met_key of the run and the definition; 0: none   */
    const uint8_t *image, *record;   /* its body up to the others' descriptors; where it stands,
                                        or would without the definition that it holds         */
    uint32_t least, over;            /* bytes of a record with as many values; with the first
                                        `last` values, without the others                     */
    uint32_t rest, others;           /* where the others' descriptors are, up to which all has to
                                        be equal; how many they are                           */
    uint32_t id_off, time_off;
    uint16_t look[2], unlike;        /* two units of the provider's name; the first one must not
                                        be zero, nor the other one, folded, this one          */
    uint16_t off[2], len[2];         /* spans of text that have to be equal                   */
    bool plain, named;               /* nothing of its text has to be looked at; its provider's
                                        name has to                                           */
} evxi_like;

_Static_assert(sizeof(void *) != 8 || sizeof(evxi_like) == 64, "found by a shift");

/* One provider that is asked for, record by record of a chunk. */
typedef struct evxi_asking {
    evx_text_view computer, channel; /* of the records that were passed over; NULL: none were */
    uint64_t id, time;               /* of the last one, as it says itself                    */
    uint32_t generation;             /* of the chunk in which the name was asked for          */
    uint32_t run, len;
    char ascii[EVXI_ASKED_MAX];
    evxi_met met[EVXI_MET];
    evxi_like like[EVXI_MET];
    uint8_t image[EVXI_MET][EVXI_IMAGE];
} evxi_asking;

/* What is remembered of the chunk, where the next record stands at `off`; NULL: nothing can be, or
 * the name is none that can be compared by letters. */
EVXI_LOCAL evxi_asking *evxi_asking_at(evx_reader *t, const evx_chunk *c, uint32_t off,
                                       const char *provider);

/* ---- filter.c ------------------------------------------------------------------------------- */

EVXI_LOCAL bool evxi_is_ascii(const char *s);

/* Numbers and times from values of any suitable type, text included. False: it is none. */
EVXI_LOCAL bool evxi_parse_u64(const evx_value *v, uint64_t *out);
EVXI_LOCAL bool evxi_parse_time(const evx_value *v, uint64_t *out);

/* A value as a text view, where it is text; false where it is not. */
EVXI_LOCAL bool evxi_view_of(const evx_value *v, evx_text_view *out);

#endif
