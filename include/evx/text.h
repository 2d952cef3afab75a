/* include/evx/text.h - record -> XML or JSON in the caller's buffer */
#ifndef EVX_TEXT_H
#define EVX_TEXT_H

#include "binxml.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Where text goes when the buffer is full. Takes all of it and returns EVX_OK, or refuses with any
 * negative status, which ends the call with EVX_E_SINK. Called only from inside evx_text_record and
 * evx_out_flush.
 */
typedef evx_status (*evx_flush)(void *user, const uint8_t *data, size_t len);

typedef struct evx_out {
    uint8_t   *buf;                  /* NULL: only count                                      */
    size_t     cap, len;             /* bytes                                                 */
    uint64_t   total;                /* bytes ever written                                    */
    evx_flush  flush;                /* NULL: a full buffer is EVX_E_SPACE                    */
    void      *user;
    evx_status failed;               /* sticky: EVX_E_SINK                                    */
} evx_out;

enum { EVX_XML = 1, EVX_JSON = 2 };

enum {
    EVX_STYLE_EVTX_DUMP = 0,         /* the shapes of the Rust tool evtx_dump 0.12            */
    EVX_STYLE_WINDOWS = 1            /* what Windows itself prints of an event: one line, single
                                        quotes, <X/> where the log has it so, optional elements
                                        without a value left out, GUIDs in braces, seven digits
                                        of the second. JSON: the shape above, with such values */
};

/* evx_text_config.flags */
enum {
    EVX_TEXT_COMPACT = 1u << 0,      /* XML: no line breaks, no indentation                   */
    EVX_TEXT_DECLARATION = 1u << 1,  /* XML: begin each record with an XML declaration        */
    EVX_TEXT_SEPARATE = 1u << 2      /* JSON: attributes of X in a member X_attributes        */
};

/* Work memory that serves any record: its slots, a node for each of its tokens, its keys. Only as
 * much of it is touched as the records need. */
#define EVX_TEXT_WORK (EVX_SLOTS_WORST * sizeof(evx_slot) + (size_t)2 * 65536 * 8 + 8192)

typedef struct evx_programs evx_programs;

typedef struct evx_text_config {
    uint32_t format;                 /* EVX_XML or EVX_JSON                                   */
    uint32_t style;                  /* EVX_STYLE_...                                         */
    uint32_t flags;                  /* EVX_TEXT_...                                          */
    evx_limits limits;               /* 0: the defaults                                       */
    const evx_kernels *kernels;      /* NULL: portable                                        */
    const uint16_t *ansi;            /* 128 UTF-16 units for the bytes 0x80..0xff of ANSI
                                        strings; NULL: Windows-1252. Borrowed                 */
    uint8_t  *work;                  /* the caller's, aligned for uint64_t                    */
    size_t    work_len;              /* EVX_TEXT_WORK for any record; at least 16,384; a
                                        record that needs more is EVX_E_SPACE                 */
    uint8_t  *arena;                 /* for compiled templates; may be NULL: memory buys speed,
                                        never another result. Aligned for uint64_t            */
    size_t    arena_len;
    evx_programs *programs;          /* shared with other contexts, and borrowed; NULL: what is
                                        learned stays in this one's arena                     */
    uint32_t  sharer;                /* with programs: the context's number among those that are
                                        in use at the same time, below EVX_SHARERS_MAX        */
} evx_text_config;

enum { EVX_SHARERS_MAX = 128 };

#define EVX_SHARER_ARENA 98304       /* bytes: the arena of a context that shares             */
#define EVX_PROGRAMS_LEAST 65536     /* bytes: the least memory to share                      */

/*
 * Compiled templates that contexts share, each in a thread of its own or not: what one has learned
 * is known to all. Nobody waits, but who has something to add, for some microseconds: where
 * something is in the way, a record is read as if nothing was known of it. The results are the same
 * in every case. A context that has nothing to do for a while says so by evx_text_renew: as long as
 * it might still look at what it knew, also while its flush waits, memory that is full is not
 * emptied, and all others read as if they knew nothing.
 */
struct evx_programs {
    /* private */
    evx_text_config like;
    void *library;
};

typedef struct evx_text {
    uint32_t   damage;               /* of the last record: EVX_TEXT_... bits                 */
    evx_status failed;               /* of the last record: what was wrong with its bytes     */
    uint32_t   failed_off;           /* bytes from the start of the chunk                     */
    /* private */
    evx_text_config config;
    evx_walk   walk;
    void      *nodes, *frames, *store;
    uint64_t  *keys;
    uint8_t   *key;
    uint32_t   node_cap, node_len, key_cap, root, last_off, serial;
    uint64_t   chunk_off, chunk_mark, chunk_spent, chunk_steps, chunk_vain;
    const uint8_t *chunk_base;
} evx_text;

/* evx_text.damage: the text is whole and well-formed, but not all of the record */
enum {
    EVX_TEXT_SALVAGED = 1u << 0,     /* the record broke off; what was open was closed        */
    EVX_TEXT_VALUES_LOST = 1u << 1   /* values behind the record's end came out empty         */
};

/* Begin an output. buf is the caller's and must outlive o. */
EVX_API void evx_out_init(evx_out *o, uint8_t *buf, size_t cap, evx_flush flush, void *user);

/* Hand what is in the buffer to flush. EVX_OK, or EVX_E_SINK. Without flush: nothing, EVX_OK. */
EVX_API evx_status evx_out_flush(evx_out *o);

/*
 * Append bytes of the caller's own to an output (separators, headings).
 * EVX_OK, EVX_E_SPACE (no flush, and they do not fit: nothing was written), EVX_E_SINK.
 */
EVX_API evx_status evx_out_write(evx_out *o, const void *data, size_t len);

/*
 * Prepare memory for compiled templates that contexts share. It has to outlive them, and none may
 * be in use meanwhile.
 *
 * like    copied; what they have in common: format, style, flags, limits and ansi
 * arena   the caller's, `len` bytes, aligned for uint64_t; 2 MiB do for all that one host logs
 *
 * EVX_OK; EVX_E_ABI; EVX_E_ARG without memory, or when the library was built without atomic
 * operations; EVX_E_SPACE when len is below EVX_PROGRAMS_LEAST.
 */
EVX_API evx_status evx_programs_init(evx_programs *p, size_t size, const evx_text_config *like,
                                     uint8_t *arena, size_t len);

/*
 * Prepare a renderer. *config is copied; what it points to is borrowed until the next init. With
 * `programs`, an arena below EVX_SHARER_ARENA is of no use, nor are they with less work memory than
 * EVX_TEXT_WORK. Of two contexts that are in use at the same time and share programs, none may be
 * the other's copy.
 * EVX_OK; EVX_E_ABI; EVX_E_ARG for a format, style or flag that is none, for programs that were
 * prepared for other ones, and for a sharer's number that is too high; EVX_E_SPACE when work_len is
 * below 16,384.
 */
EVX_API evx_status evx_text_init(evx_text *t, size_t size, const evx_text_config *config);

/*
 * Write one record as text. It is judged to its end before the first byte is written: *out then
 * gets all of it, or nothing. XML ends with a line break unless EVX_TEXT_COMPACT; JSON is one line
 * without one.
 *
 * EVX_OK  also for a record that could be read in part: see t->damage and t->failed
 * EVX_E_TEXT_MAX, EVX_E_CHUNK_TEXT, EVX_E_FUEL, EVX_E_DEPTH, EVX_E_OPEN, EVX_E_NAME   a limit
 * EVX_E_SPACE  work memory, or an output buffer without flush, is too small
 * EVX_E_SINK   the flush refused: *out is unusable
 * other < 0    nothing of the record could be read
 *
 * Output is always valid UTF-8; characters that XML 1.0 forbids become U+FFFD; names that are not
 * XML names are made so.
 * Cost: linear in the record's tokens and in the text.
 */
EVX_API evx_status evx_text_record(evx_text *t, const evx_chunk *c, const evx_record *r,
                                   evx_out *out);

/*
 * Forget what was learned about places in the last chunk: its budget is over, and offsets mean
 * something else now. A new chunk is noticed by itself, by its memory, its place in the file, its
 * header and the order of its records. That can fail in one case: when all of them are the same,
 * as they may be for the first chunks of two files that somebody has made so. So call this when
 * another file begins, and before a chunk whose bytes were changed in place. Of programs that it
 * shares, the context uses none until the next record.
 * Cost: none.
 */
EVX_API void evx_text_renew(evx_text *t);

/*
 * What a record holds whose template is lost: the values of its instances, with their types, in a
 * shape of our own. As JSON, on one line, {"Values":{"record":7,"written":"..","template":"0x..",
 * "values":[{"index":0,"type":"UInt8","value":4,"name":"Level"},..]}}; as XML an element Values of
 * elements Value with such attributes. `name` stands where the place and the type of a value are
 * those that every known template of Windows gives to a System field. A nested instance has values
 * of its own.
 *
 * EVX_OK; EVX_E_TEMPLATE when the record does not hold an instance; EVX_E_OFFSET when its values
 * cannot be found; EVX_E_SPACE when an output without flush, or one of less than the record's text,
 * is too small; EVX_E_SINK. *out gets all of it, or nothing.
 * Cost: linear in the record.
 */
EVX_API evx_status evx_text_values(evx_text *t, const evx_chunk *c, const evx_record *r,
                                   evx_out *out);

#ifdef __cplusplus
}
#endif

#endif
