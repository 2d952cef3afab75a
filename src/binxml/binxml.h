/* src/binxml/binxml.h - what other rooms may ask of this one */
#ifndef EVXI_BINXML_H
#define EVXI_BINXML_H

#include "base/arena.h"
#include "base/cursor.h"
#include "base/share.h"
#include "evx/binxml.h"

/* Names live in entries of the chunk: u32 link, u16 hash, u16 units, the units, a NUL. */
enum {
    EVXI_NAME_HASH = 4, EVXI_NAME_UNITS = 6, EVXI_NAME_TEXT = 8, EVXI_NAME_MIN = 10,
    EVXI_FIRST_NAME = 512
};

/* The name entry at a chunk offset. The links and hashes are the writer's business: not read. */
EVXI_LOCAL evx_status evxi_name(const evx_chunk *c, uint32_t off, uint32_t max_units,
                                evx_utf16 *name);

/* The same at an offset that it has accepted. */
static inline evx_utf16 evxi_name_again(const evx_chunk *c, uint32_t off)
{
    evx_utf16 name = { c->base + off + EVXI_NAME_TEXT,
                       evxi_le16(c->base + off + EVXI_NAME_UNITS) };

    return name;
}

/* Is a name this ASCII word? */
static inline bool evxi_name_is(const evx_utf16 *name, const char *word, uint32_t len)
{
    if (name->units != len)
        return false;
    for (uint32_t i = 0; i < len; i++)
        if (evxi_le16(name->ptr + 2 * (size_t)i) != (uint8_t)word[i])
            return false;
    return true;
}

/* Bytes of one value of a type; 0 when the type has no fixed width. Arrays have none. */
EVXI_LOCAL uint32_t evxi_value_width(uint8_t type);

/* The steps a walk over a record may take: what evx_walk_begin fills up with. */
static inline uint32_t evxi_walk_fuel(const evx_walk *w, const evx_record *r)
{
    return w->limits.steps_per_byte * r->size + 4096;
}

/* The steps a walk over this record has taken so far. */
EVXI_LOCAL uint32_t evxi_walk_steps(const evx_walk *w, const evx_record *r);
/* The limit on names, or its default. */
EVXI_LOCAL uint32_t evxi_name_units(const evx_limits *limits);

/* What an instance's head tells: behind the token 0x0c. */
enum {
    EVXI_TOKEN_INSTANCE = 0x0c, EVXI_TOKEN_FRAGMENT = 0x0f,
    EVXI_INSTANCE_HEAD = 9,          /* u8, u32 id, u32 offset of the definition              */
    EVXI_DEFINITION_HEAD = 24,       /* u32 link, GUID, u32 size                              */
    EVXI_DEFINITION_GUID = 4, EVXI_DEFINITION_SIZE = 20,
    EVXI_DESCRIPTOR = 4,             /* u16 size, u8 type, u8 0                               */
    EVXI_VALUES_MAX = 256            /* of an instance that is looked at without its definition
                                        (layout.c); real ones have about 30                    */
};

/* An instance in the bytes; chunk offsets. */
typedef struct evxi_layout {
    uint32_t id, definition;         /* as its head says                                      */
    bool resident;
    uint32_t descriptors, count;
    uint32_t values;
} evxi_layout;

/* An instance at the beginning of a stream that holds nothing else. Counts a fragment header. False
 * with p->descriptors set: all but the number of values makes sense. */
EVXI_LOCAL bool evxi_layout_read(const evx_chunk *c, uint32_t begin, uint32_t end, evxi_layout *p,
                                uint32_t *fragments);

/* Is there a definition at `off` whose GUID begins with `id`, and that ends before `limit`? */
EVXI_LOCAL bool evxi_definition_stands(const evx_chunk *c, uint32_t off, uint32_t limit,
                                       uint32_t id);

/* ---- identity.c: definitions, known again in other chunks ----------------------------------- */

/* A name, once for all definitions that use it. */
typedef struct evxi_word {
    struct evxi_word *next;          /* with the same hash                                    */
    uint32_t hash, units;
    const uint8_t *text;             /* UTF-16LE                                              */
} evxi_word;

/* Where a definition refers to a name: bytes from the beginning of its stream. */
typedef struct evxi_ref {
    uint16_t at;
    uint16_t resident;               /* 1: the name's entry stands right behind               */
    uint32_t word;                   /* where it lies in the arena, in steps of 8 bytes       */
} evxi_ref;

typedef struct evxi_definition {
    struct evxi_definition *next;    /* with the same hash                                    */
    uint8_t guid[16];
    uint32_t size;                   /* of the stream, bytes                                  */
    const uint8_t *stream;           /* a copy                                                */
    const uint8_t *fixed;            /* a bit for each byte of the stream, the lowest one first:
                                        is it the same in every chunk?                        */
    const evxi_ref *refs;            /* those to names that are resident first                */
    uint32_t ref_count, resident_count;
    uint32_t value_count;            /* one more than the highest index it refers to          */
    const uint8_t *used;             /* for each value: does it refer to it?                  */
    void *more;                      /* whatever a room keeps of it; NULL at first            */
} evxi_definition;

/* An offset of a chunk whose meaning is known. */
typedef struct evxi_known {
    uint32_t generation, off;
    void *what;
} evxi_known;

enum { EVXI_KNOWN_DEFINITIONS = 256, EVXI_KNOWN_WORDS = 512, EVXI_IDENTITIES = 512 };

/*
 * All that was learned, in memory of the caller's. Several readers may share it: each looks while
 * one of them adds to it (base/share.h), and nothing that is in it changes.
 */
typedef struct evxi_learned {
    evxi_arena arena;
    size_t begin;                    /* of what a reset throws away                           */
    uint32_t name_units;             /* the limit on names                                    */
    bool full;                       /* something found no room                               */
    evxi_definition *definition_of[EVXI_IDENTITIES];
    evxi_word *word_of[EVXI_IDENTITIES];
} evxi_learned;

/* What one reader has found of it in its chunk. */
typedef struct evxi_identity {
    evxi_learned *learned;
    uint32_t generation;             /* of the chunk                                          */
    evxi_known definitions[EVXI_KNOWN_DEFINITIONS], words[EVXI_KNOWN_WORDS];
} evxi_identity;

/* Begin with what is left of an arena; forget everything. */
EVXI_LOCAL void evxi_learned_begin(evxi_learned *l, const evxi_arena *a, uint32_t name_units);
EVXI_LOCAL void evxi_learned_reset(evxi_learned *l);
/* Begin, or begin anew once it was reset; the next chunk. */
EVXI_LOCAL void evxi_identity_begin(evxi_identity *s, evxi_learned *l);
EVXI_LOCAL void evxi_identity_chunk(evxi_identity *s);

/* The definition at an offset of the chunk, if it is one that was learned; or NULL. */
EVXI_LOCAL evxi_definition *evxi_definition_find(evxi_identity *s, const evx_chunk *c, uint32_t off,
                                                 uint32_t id);
/* The same, learned now if need be; NULL when there is no room, or no sense in it. */
EVXI_LOCAL evxi_definition *evxi_definition_learn(evxi_identity *s, const evx_chunk *c,
                                                  uint32_t off, uint32_t id);

/* Memory that lives until the next reset; NULL, and noted, when there is none. */
static inline void *evxi_learned_take(evxi_learned *l, size_t size)
{
    void *p = evxi_bump(&l->arena, size);

    if (!p)
        EVXI_PUBLISH(l->full, true);
    return p;
}

/* ---- private to the room -------------------------------------------------------------------- */

enum {
    TOKEN_EOF = 0x00, TOKEN_OPEN = 0x01, TOKEN_BODY = 0x02, TOKEN_EMPTY = 0x03, TOKEN_END = 0x04,
    TOKEN_VALUE = 0x05, TOKEN_ATTRIBUTE = 0x06, TOKEN_CDATA = 0x07, TOKEN_CHARREF = 0x08,
    TOKEN_ENTITY = 0x09, TOKEN_PI_TARGET = 0x0a, TOKEN_PI_DATA = 0x0b, TOKEN_INSTANCE = 0x0c,
    TOKEN_SUBST = 0x0d, TOKEN_OPTIONAL = 0x0e, TOKEN_FRAGMENT = 0x0f, TOKEN_COUNT = 0x10
};

/* Where a token may stand. */
enum {
    PLACE_STREAM = 1u << 0,          /* no element of this stream is open */
    PLACE_CONTENT = 1u << 1,
    PLACE_LIST = 1u << 2,            /* in an attribute list              */
    PLACE_ATTRIBUTE = 1u << 3,       /* in an attribute's content         */
    PLACE_DEFINITION = 1u << 4,      /* only, or also, in a template      */
    PLACE_WIRE = 1u << 5             /* names stand without offset and link */
};

/* One token as it stands in the bytes. Fields that its shape does not have are 0. */
typedef struct evxi_item {
    uint8_t  token;                  /* TOKEN_..., the 0x40 flag taken out  */
    uint8_t  type;                   /* of a value or substitution          */
    uint16_t index;                  /* substitution; dependency; code unit */
    uint32_t off;                    /* of the token, from the chunk        */
    uint32_t name;                   /* chunk offset of a name entry        */
    uint32_t text, units;            /* chunk offset and length of text     */
} evxi_item;

/*
 * The next token of a stream. `place` is where the stream stands: one PLACE_STREAM.. bit, and
 * PLACE_DEFINITION inside a template definition.
 */
EVXI_LOCAL evx_status evxi_item_read(evxi_cursor *in, uint32_t place, evxi_item *item);

/* A template instance: what stands behind its token. */
typedef struct evxi_instance {
    uint32_t id;                     /* the first four bytes of the GUID            */
    uint32_t guid;                   /* chunk offset of the definition's GUID       */
    uint32_t begin, end;             /* the definition's stream, from the chunk     */
    uint32_t slots;                  /* how many were put into the caller's array   */
    uint32_t lost;                   /* of them, behind the end of the stream       */
} evxi_instance;

/*
 * Read an instance's head and lay its values out in slots[0 .. count). The cursor ends behind the
 * values in every case in which they could be found.
 */
EVXI_LOCAL evx_status evxi_instance_read(evxi_cursor *in, const evx_chunk *c, evx_slot *slots,
                                         uint32_t count, evxi_instance *out);

/* ---- scan.c: the tokens of a definition, for who must know its names and indexes ------------ */

enum { EVXI_NO_INDEX = 0xffff };

typedef struct evxi_scan {
    evxi_cursor in;
    uint32_t open;                   /* elements                                              */
    uint32_t place;                  /* PLACE_..., and what kind of stream it is              */
} evxi_scan;

/* Begin at a definition's stream, chunk offsets [begin, end). */
EVXI_LOCAL void evxi_scan_begin(evxi_scan *s, const evx_chunk *c, uint32_t begin, uint32_t end);
/* The same for a definition on its own, in the form of provider resources; offsets from its start,
 * and evxi_item.name is 0. */
EVXI_LOCAL void evxi_scan_begin_wire(evxi_scan *s, evx_bytes body);
/* The same for a stream of elements that stand in no template. */
EVXI_LOCAL void evxi_scan_begin_plain(evxi_scan *s, const evx_chunk *c, uint32_t begin,
                                      uint32_t end);
/* EVX_OK, EVX_END at its EOF, or what is wrong with the bytes. */
EVXI_LOCAL evx_status evxi_scan_next(evxi_scan *s, evxi_item *item);
/* The chunk offset of the u32 that refers to a token's name; 0: it has none. */
EVXI_LOCAL uint32_t evxi_scan_name_at(const evxi_item *item);
/* The index of the value that a token substitutes or depends on, or EVXI_NO_INDEX. */
EVXI_LOCAL uint32_t evxi_scan_index(const evxi_item *item);

#endif
