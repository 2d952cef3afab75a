/* src/evt/evt.h - what the files of this room ask of each other */
#ifndef EVXI_EVT_H
#define EVXI_EVT_H

#include "base/defs.h"
#include "base/le.h"
#include "evx/evt.h"

/* Nothing here is for other rooms: they ask evx/evt.h. */

/* File header. */
enum {
    HEADER_MAJOR = 8, HEADER_MINOR = 12, HEADER_OLDEST = 16, HEADER_END = 20, HEADER_NEXT = 24,
    HEADER_OLDEST_NUMBER = 28, HEADER_MAX = 32, HEADER_FLAGS = 36, HEADER_RETENTION = 40,
    HEADER_COPY = 44
};

/* Record: 56 bytes of fields; source, computer, SID, strings and data; the size again. */
enum {
    RECORD_SIZE = 0, RECORD_SIGNATURE = 4, RECORD_NUMBER = 8, RECORD_GENERATED = 12,
    RECORD_WRITTEN = 16, RECORD_EVENT = 20, RECORD_TYPE = 24, RECORD_COUNT = 26,
    RECORD_CATEGORY = 28, RECORD_FLAGS = 30, RECORD_CLOSING = 32, RECORD_STRINGS = 36,
    RECORD_SID_LEN = 40, RECORD_SID = 44, RECORD_DATA_LEN = 48, RECORD_DATA = 52,
    RECORD_HEAD = 56, RECORD_COPY = 4, RECORD_MIN = RECORD_HEAD + RECORD_COPY
};

/* End record: 0x28, four marks, oldest offset, own offset, next and oldest number, 0x28. */
enum {
    END_OLDEST = 20, END_OFF = 24, END_NEXT = 28, END_OLDEST_NUMBER = 32, END_COPY = 36,
    END_SIZE = 40
};

#define EVT_SIGNATURE 0x654c664cu    /* "LfLe" */
#define EVT_FILLER 0x27u             /* fills the file's last bytes, where no record fits */

_Static_assert(HEADER_COPY + 4 == EVX_EVT_HEADER_SIZE, "the header ends with its size");
_Static_assert(RECORD_DATA + 4 == RECORD_HEAD, "the data's offset is the last field");
_Static_assert(END_COPY + 4 == END_SIZE, "the end record ends with its size");

/*
 * Bytes in which records are looked for: they may begin before `begins` and must end by `ends`.
 * Only at the end of the file do the two differ: then the bytes behind the file header follow.
 */
typedef struct evxi_evt_span {
    const uint8_t *base;
    uint32_t begins, ends;
} evxi_evt_span;

/* The size of the record at `at` when signature, size and its copy prove it; else 0. */
EVXI_LOCAL uint32_t evxi_evt_sound(const evxi_evt_span *b, uint32_t at);
EVXI_LOCAL bool evxi_evt_is_end(const evxi_evt_span *b, uint32_t at);
/* The end record's beginning, broken off by the end of the span. */
EVXI_LOCAL bool evxi_evt_is_torn_end(const evxi_evt_span *b, uint32_t at);
/* Does something begin here that calls itself a record? */
EVXI_LOCAL bool evxi_evt_signed(const evxi_evt_span *b, uint32_t at);
EVXI_LOCAL bool evxi_evt_sane(uint32_t size);
/* The first of at, at + 4 ... below `to` where a sound record begins, or an end record (where
 * `ends_too`); else `to`. */
EVXI_LOCAL uint32_t evxi_evt_search(const evxi_evt_span *b, uint32_t at, uint32_t to,
                                    bool ends_too);
/* Bytes of filler at `at`; 0 when there is none, or it does not lead to a record or the end. */
EVXI_LOCAL uint32_t evxi_evt_filler(const evxi_evt_span *b, uint32_t at);

/* Read the fields of a record of len bytes, at least RECORD_HEAD. */
EVXI_LOCAL void evxi_evt_load(evx_evt_record *out, const uint8_t *p, uint32_t len,
                              uint32_t damage);

/* ---- the stream: evt.c has the window, step.c decides what is in it ------------------------- */

#define EVT_KEEP EVX_EVT_RECORD_MAX  /* bytes behind the header that are kept aside */

/* evx_evt.state */
enum {
    STARTED = 1u << 0, CLOSED = 1u << 1,
    LOST = 1u << 2,                  /* since lost_from nothing proved itself a record         */
    LOST_ANY = 1u << 3,              /* and not all of it is zero                              */
    AFTER = 1u << 4,                 /* the next record was found by signature                 */
    KNOWN = 1u << 5,                 /* last_number is that of the record before               */
    SLACK = 1u << 6,                 /* behind the end record, in front of the oldest          */
    EXTENDED = 1u << 7,              /* the kept bytes stand behind the window's               */
    HEAD_TOLD = 1u << 8, CUT_TOLD = 1u << 9,
    KEPT = 1u << 10                  /* memory holds the first bytes behind the header         */
};

static inline uint8_t *evxi_evt_window(const evx_evt *s)
{
    return s->memory + EVT_KEEP;
}

/* Where in the file the next undecided byte stands. */
static inline uint64_t evxi_evt_here(const evx_evt *s)
{
    return s->window_off + s->pos;
}

/* Decide what stands at s->pos, and step over it. EVX_SKIP: nothing to hand out. `end`: the span
 * ends where the file does. */
EVXI_LOCAL evx_status evxi_evt_step(evx_evt *s, const evxi_evt_span *b, bool end,
                                    evx_evt_record *out);

#endif
