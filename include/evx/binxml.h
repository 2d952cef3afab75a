/* include/evx/binxml.h - record -> tokens; values */
#ifndef EVX_BINXML_H
#define EVX_BINXML_H

#include "chunk.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EVX_DEPTH_MAX   16u          /* most nested template instances                        */
#define EVX_FRAMES_MAX  (2u * EVX_DEPTH_MAX + 2u)  /* an instance and its value each open one  */
#define EVX_OPEN_MAX    256u         /* most open elements, over all nested streams           */

/* Slots enough for any record that visits each byte once: a descriptor takes four bytes. */
#define EVX_SLOTS_WORST (EVX_CHUNK_SIZE / 4u)

/* Value types as in MS-EVEN6 2.2.12; with EVX_ARRAY set, an array of them. */
enum {
    EVX_NULL = 0x00, EVX_STRING = 0x01, EVX_ANSI = 0x02, EVX_INT8 = 0x03, EVX_UINT8 = 0x04,
    EVX_INT16 = 0x05, EVX_UINT16 = 0x06, EVX_INT32 = 0x07, EVX_UINT32 = 0x08, EVX_INT64 = 0x09,
    EVX_UINT64 = 0x0a, EVX_REAL32 = 0x0b, EVX_REAL64 = 0x0c, EVX_BOOL = 0x0d, EVX_BINARY = 0x0e,
    EVX_GUID = 0x0f, EVX_SIZE = 0x10, EVX_FILETIME = 0x11, EVX_SYSTEMTIME = 0x12, EVX_SID = 0x13,
    EVX_HEX32 = 0x14, EVX_HEX64 = 0x15, EVX_HANDLE = 0x20, EVX_BINXML = 0x21, EVX_EVTXML = 0x23,
    EVX_UTF8 = 0x7f,                 /* never in a log: text that evx/select.h has decoded    */
    EVX_ARRAY = 0x80
};

/* A typed value as it stands in the chunk. */
typedef struct evx_value {
    evx_bytes raw;                   /* as long as its descriptor says, which may not suit type */
    uint8_t type;
} evx_value;

/* One substitution value of a template instance. The caller only brings the memory. */
typedef struct evx_slot {
    uint16_t off, len;               /* bytes from the start of the chunk                     */
    uint8_t type, flags;             /* flags: EVX_SLOT_LOST                                  */
    uint16_t parent;
} evx_slot;

enum { EVX_SLOT_LOST = 1u << 0 };    /* its bytes lie behind the end of the record            */

typedef struct evx_frame {           /* private to evx_walk                                   */
    uint32_t pos, end, slot_base, slot_count, open_base, state;
} evx_frame;

/* evx_token.kind */
enum {
    EVX_TOKEN_OPEN = 1,              /* an element begins: name                               */
    EVX_TOKEN_ATTRIBUTE,             /* an attribute begins: name; its content follows        */
    EVX_TOKEN_BODY,                  /* the attributes are over, content begins               */
    EVX_TOKEN_CLOSE,                 /* an element ends: name                                 */
    EVX_TOKEN_TEXT,                  /* literal text: value, type EVX_STRING                  */
    EVX_TOKEN_VALUE,                 /* a substitution: value, never EVX_BINXML unless empty or
                                        in an attribute                                       */
    EVX_TOKEN_CDATA,                 /* value, type EVX_STRING                                */
    EVX_TOKEN_CHARREF,               /* value, type EVX_UINT16: the code unit                 */
    EVX_TOKEN_ENTITY,                /* an entity reference: name                             */
    EVX_TOKEN_PI_TARGET,             /* name                                                  */
    EVX_TOKEN_PI_DATA,               /* value, type EVX_STRING                                */
    EVX_TOKEN_ENTER,                 /* a nested stream begins; flags say which; value: for an
                                        instance the definition's 16-byte GUID, else its bytes */
    EVX_TOKEN_LEAVE                  /* it ends                                               */
};

/* evx_token.flags */
enum {
    EVX_TOKEN_OPTIONAL = 1u << 0,    /* VALUE, ENTER: an optional substitution (0x0e)         */
    EVX_TOKEN_MISSING  = 1u << 1,    /* VALUE: no such index, or lost; type is EVX_NULL       */
    EVX_TOKEN_OMIT     = 1u << 2,    /* OPEN: its dependency is NULL, Windows leaves it out   */
    EVX_TOKEN_BARE     = 1u << 3,    /* CLOSE: written <x/>, without a body                   */
    EVX_TOKEN_INSTANCE = 1u << 4,    /* ENTER, LEAVE: a template instance; else a value       */
    EVX_TOKEN_IN_ATTRIBUTE = 1u << 5, /* content of the attribute that was opened last        */
    EVX_TOKEN_SALVAGED = 1u << 6     /* CLOSE, LEAVE: not in the bytes; see evx_walk_salvage   */
};

typedef struct evx_token {
    uint8_t   kind, flags;
    uint16_t  depth;                 /* open elements around it                               */
    uint16_t  index;                 /* VALUE, ENTER of a value: the substitution's index     */
    uint32_t  off;                   /* bytes, from the start of the chunk                    */
    evx_utf16 name;
    evx_value value;
} evx_token;

typedef struct evx_walk {
    evx_status failed;               /* the first error, EVX_OK before                        */
    uint32_t   failed_off;           /* bytes from the start of the chunk                     */
    uint32_t   lost_values;          /* substitution values behind the record's end           */
    /* private */
    const evx_chunk *chunk;
    evx_slot  *slots;
    evx_limits limits;
    uint32_t   slot_cap, slot_len, fuel, depth, instances, open_len, opened;
    evx_status sticky;
    uint32_t   open[EVX_OPEN_MAX];   /* name offsets, for the closing tags                    */
    evx_frame  frames[EVX_FRAMES_MAX];
} evx_walk;

/*
 * Prepare a walk.
 *
 * slots   count of the caller's; used by every walk until the next init. A record that needs more
 *         fails with EVX_E_SPACE, the next one is read as usual.
 * limits  copied; NULL for the defaults
 *
 * EVX_OK; EVX_E_ABI when size is not the library's sizeof(evx_walk).
 */
EVX_API evx_status evx_walk_init(evx_walk *w, size_t size, evx_slot *slots, uint32_t count,
                                 const evx_limits *limits);

/*
 * Begin a record. *c must outlive the walk; *r is not kept.
 * EVX_OK; EVX_E_ARG when r does not lie in c.
 */
EVX_API evx_status evx_walk_begin(evx_walk *w, const evx_chunk *c, const evx_record *r);

/*
 * The next token of the record, template instances and nested values spliced in: the tokens of one
 * well-nested document. Between OPEN and BODY stand ATTRIBUTEs, each followed by its content.
 *
 * EVX_OK   *t is filled; its views live as long as the chunk
 * EVX_END  the record is finished; repeated
 * < 0      what is wrong with the bytes, or the limit that was met; repeated, see evx_walk_salvage
 *
 * Cost: constant per token, but for the descriptors of an instance (linear in their count).
 */
EVX_API evx_status evx_walk_next(evx_walk *w, evx_token *t);

/*
 * After an error: give up the stream that failed, and go on. The next calls close what was open in
 * it (EVX_TOKEN_SALVAGED), then go on behind it in the stream around it, if there is one.
 *
 * EVX_OK  go on with evx_walk_next. `failed` keeps the first error.
 * < 0     the error itself: a limit was met, nothing had been read, or there was no error
 */
EVX_API evx_status evx_walk_salvage(evx_walk *w);

/*
 * Does a record that was found by signature prove itself? Its templates, outer and nested, must
 * still be the ones it was written with (their GUIDs begin with the ids it asks for), every name
 * must have its hash and its terminator, and every value that is referred to must be there. In
 * bytes that were written over, a third of what can be decoded at all is decoded wrongly; this
 * tells it apart.
 *
 * w   any walk after evx_walk_init; the walk it was on is lost
 *
 * EVX_OK; EVX_E_NAME, EVX_E_VALUE, EVX_E_FUEL, or what is wrong with the bytes.
 * Cost: a walk over the record.
 */
EVX_API evx_status evx_record_proves(evx_walk *w, const evx_chunk *c, const evx_record *r);

/*
 * Where the record's own stream ended, behind its last token: bytes from the start of the chunk,
 * after evx_walk_next has answered EVX_END; else 0. What lies behind it up to the record's end is
 * padding, or was hidden there (evx_record_hidden).
 */
EVX_API uint32_t evx_walk_end(const evx_walk *w);

/* ---- values --------------------------------------------------------------------------------- */

/*
 * An unsigned number: Int and UInt of every width (sign-extended), HexInt, SizeT, Bool, FILETIME.
 * EVX_OK; EVX_E_VALUE for other types and for sizes that are none of the type's.
 */
EVX_API evx_status evx_value_u64(const evx_value *v, uint64_t *out);

/*
 * The next item of an array value.
 *
 * pos   bytes into the array; 0 to begin; advanced
 * item  one element, its type without EVX_ARRAY; strings without their terminator
 *
 * EVX_OK, EVX_END; EVX_E_VALUE when v is no array or the rest is no whole item (then at its end).
 */
EVX_API evx_status evx_value_item(const evx_value *array, uint32_t *pos, evx_value *item);

/* True when Windows and evtx_dump call it empty: NULL, or a string, ANSI string, binary, array or
 * nested value without content. */
EVX_API bool evx_value_empty(const evx_value *v);

/* The units of a string up to its first NUL. Zero units for any other type. */
EVX_API evx_utf16 evx_value_utf16(const evx_value *v);

#ifdef __cplusplus
}
#endif

#endif
