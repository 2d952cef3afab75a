/* include/evx/evt.h - legacy .evt bytes -> records -> the same fields */
#ifndef EVX_EVT_H
#define EVX_EVT_H

#include "chunk.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Event logs of Windows NT to Server 2003 (AppEvent.Evt). Such a file is a ring of records behind
 * a header of 48 bytes. The newest record is followed by an end record that marks the place of
 * writing; behind it stand the remains of what was overwritten, then the oldest records. The record
 * at the end of the file may go on behind the header. The header is that of the last clean close,
 * so nothing here trusts it: the end record is looked for.
 *
 * evx_evt_next gives the records of a file; evx_evt_image_record writes one of them as a chunk with
 * a single record, for which evx_fields_read, evx_filter_record and evx_text_record need no second
 * meaning.
 */

#define EVX_EVT_HEADER_SIZE 48u      /* bytes before the first record                         */
#define EVX_EVT_RECORD_MAX 65536u    /* bytes of the longest record                           */
#define EVX_EVT_MEMORY (5u * 65536u) /* the memory of a stream                                */

/* evx_evt_header.flags */
enum {
    EVX_EVT_DIRTY = 1u << 0,         /* in use when it was copied: offsets and numbers are old */
    EVX_EVT_WRAPPED = 1u << 1, EVX_EVT_FULL = 1u << 2, EVX_EVT_ARCHIVE = 1u << 3
};

/* evx_evt.damage: facts about the file, none of which stops its records from being read */
enum {
    EVX_EVT_VERSION = 1u << 0,       /* not 1.1                                               */
    EVX_EVT_GEOMETRY = 1u << 1,      /* the size that closes the header is not 48             */
    EVX_EVT_NO_END = 1u << 2,        /* no end record: order and stale records cannot be told */
    EVX_EVT_END_OFFSET = 1u << 3,    /* the end record speaks of another place than its own   */
    EVX_EVT_TWO_ENDS = 1u << 4       /* a second end record; the first is believed            */
};

/* The header as it stands in the file. */
typedef struct evx_evt_header {
    uint32_t oldest_off, end_off;    /* of the oldest and of the end record, bytes            */
    uint32_t next_number, oldest_number;
    uint32_t max_size;               /* bytes                                                 */
    uint32_t flags;                  /* EVX_EVT_DIRTY ...                                     */
    uint32_t retention;              /* seconds                                               */
    uint32_t major, minor;
} evx_evt_header;

/* evx_evt_record.damage, beside the EVX_RECORD_... bits of evx/chunk.h: what could not be read */
enum {
    EVX_EVT_LOST_NAMES = 1u << 8,    /* source or computer do not end where they should       */
    EVX_EVT_LOST_SID = 1u << 9,
    EVX_EVT_LOST_STRINGS = 1u << 10, /* fewer strings than the record counts                  */
    EVX_EVT_LOST_DATA = 1u << 11,
    EVX_EVT_CLIPPED = 1u << 12       /* set by evx_evt_image_record: too long for a chunk; the
                                        data's end, then the strings' was left out            */
};
#define EVX_EVT_PARTIAL (EVX_EVT_LOST_NAMES | EVX_EVT_LOST_SID | EVX_EVT_LOST_STRINGS \
                         | EVX_EVT_LOST_DATA | EVX_EVT_CLIPPED)

/*
 * A record, or the bytes that were lost instead of one (then only file_off and len are set). Views
 * die at the next call on the stream.
 */
typedef struct evx_evt_record {
    uint64_t  file_off, len;         /* bytes; those of a record in front of the end of the file
                                        may go on behind the header                           */
    const uint8_t *base;             /* its len bytes in one piece                            */
    evx_utf16 source, computer;
    evx_bytes sid;                   /* a whole SID, or none                                  */
    evx_bytes strings;               /* UTF-16LE, each string closed by a NUL but a torn last */
    evx_bytes data;
    uint32_t  number;
    uint32_t  generated, written;    /* seconds since 1970, UTC; 0: not set                   */
    uint32_t  event_id;              /* all 32 bits: the lower 16 are the id                  */
    uint16_t  type;                  /* 1 error, 2 warning, 4 information, 8 audit success,
                                        16 audit failure                                      */
    uint16_t  string_count;          /* as written                                            */
    uint16_t  category, flags;
    uint32_t  closing;               /* the number of the closing record                      */
    uint32_t  damage;                /* EVX_RECORD_..., EVX_EVT_LOST_...                      */
    uint8_t   origin;                /* EVX_ORIGIN_...                                        */
} evx_evt_record;

/* evx_evt_init: flags */
enum { EVX_EVT_STALE = 1u << 0 };    /* hand out whole records behind the end record too      */

typedef struct evx_evt {
    evx_evt_header header;           /* set before the first record                           */
    uint32_t   damage;               /* EVX_EVT_VERSION ...; final at EVX_END                 */
    uint32_t   next_number, oldest_number;   /* by the end record                             */
    uint64_t   end_off;              /* where it stands in the file; 0: not seen so far       */
    uint64_t   oldest_off;           /* where it says the oldest record does                  */
    uint64_t   stale;                /* whole records between the end record and the oldest,
                                        seen so far, handed out or not                        */
    uint64_t   file_off;             /* bytes taken so far                                    */
    evx_status failed;
    /* private */
    uint8_t   *memory;
    uint64_t   window_off, lost_from, slack_to, head_slack;
    uint32_t   have, pos, extra, head, head_used, last_number, state;
    bool       stale_too;
} evx_evt;

/*
 * Begin a stream.
 *
 * memory  EVX_EVT_MEMORY bytes of the caller's, used until the last call on s
 * flags   EVX_EVT_STALE or 0
 *
 * EVX_OK; EVX_E_ABI when size is not the library's sizeof(evx_evt); EVX_E_ARG for an unknown flag.
 */
EVX_API evx_status evx_evt_init(evx_evt *s, size_t size, uint8_t *memory, uint32_t flags);

/*
 * The next record, in the order of the file. Where the ring was wrapped the file begins with the
 * newest records and goes on with the oldest: to have the oldest first, read a file twice, and take
 * the records before which s->end_off was set, then those before which it was not.
 *
 * in   unread input; advanced past every byte taken
 * out  overwritten
 *
 * EVX_OK    a record; its damage and origin say how much to believe
 * EVX_MORE  all of *in was taken; bring more, or call evx_evt_close and call again
 * EVX_END   closed, and everything was handed out
 * EVX_E_EVT_SIGNATURE, EVX_E_EVT_SHORT   this is no such log; repeated for ever
 * EVX_E_RECORD_SIGNATURE  out->file_off, out->len: bytes that should hold records and do not; the
 *                         next call goes on behind them
 * EVX_E_EVT_CUT           the same, for bytes behind the end of the input
 *
 * What stands behind the end record and in front of the oldest is no loss. Bytes right behind the
 * header that are no whole record are told last: they may continue the record at the end of the
 * file. Whole records between the header and the oldest record are handed out like any other: in
 * the order of the file, nobody knows yet that they are stale.
 * Cost: linear in the bytes taken; each is copied once or twice.
 */
EVX_API evx_status evx_evt_next(evx_evt *s, evx_bytes *in, evx_evt_record *out);

/* Say that no more input will come. */
EVX_API void evx_evt_close(evx_evt *s);

/*
 * The next whole record in any bytes, at any alignment, found by signature, size and the size's
 * equal copy at its end.
 *
 * pos  bytes into the blob; 0 to begin; advanced behind the record
 * out  origin EVX_ORIGIN_CARVED; file_off counts from the start of the blob
 *
 * EVX_OK, EVX_END. Cost: linear in the bytes passed.
 */
EVX_API evx_status evx_evt_carve_next(evx_bytes blob, size_t *pos, evx_evt_record *out);

/* ---- a record as a chunk -------------------------------------------------------------------- */

#define EVX_EVT_CHANNEL_MAX 256u     /* UTF-16 units of a channel's name                      */

typedef struct evx_evt_image {
    /* private */
    uint8_t *memory;
    uint32_t begin;                  /* where values begin: the same for all records          */
} evx_evt_image;

/*
 * Prepare images.
 *
 * memory   EVX_CHUNK_SIZE bytes of the caller's, used until the next init
 * channel  UTF-8, or NULL: the file does not know it, and the records then have no Channel
 *
 * EVX_OK; EVX_E_ABI; EVX_E_ARG when the channel's name is too long.
 */
EVX_API evx_status evx_evt_image_init(evx_evt_image *m, size_t size, uint8_t *memory,
                                      const char *channel);

/*
 * Write a record as Windows does when it converts such a log: System with Provider, EventID and
 * Qualifiers (the upper half of the id), Level and Keywords from the type, Task from the category,
 * TimeCreated from the time generated, EventRecordID, Computer, Security; EventData with an array
 * of the strings, and Binary.
 *
 * r    as evx_evt_next or evx_evt_carve_next gave it with EVX_OK
 * c    a chunk in the image's memory; dies at the next call on m. c->file_off + out->off is where
 *      the record stands in its file (modulo 2^64)
 * out  its only record: number, time written, damage and origin are those of *r; its damage may
 *      be EVX_EVT_CLIPPED too
 *
 * EVX_OK; EVX_E_ARG when r is no record. Cost: linear in the record's bytes.
 */
EVX_API evx_status evx_evt_image_record(evx_evt_image *m, const evx_evt_record *r, evx_chunk *c,
                                        evx_record *out);

#ifdef __cplusplus
}
#endif

#endif
