/* src/text/text.h - what other rooms may ask of this one */
#ifndef EVXI_TEXT_H
#define EVXI_TEXT_H

#include "base/out.h"
#include "binxml/binxml.h"
#include "evx/text.h"
#include "kern/kern.h"
#include "text/digits.h"

/* Nothing: text is the end of the line. What follows is private to the room. */

#define EVXI_NONE 0xffffffffu

/* evxi_node.flags */
enum {
    NODE_REPEAT = 1u << 0,           /* element: holds an array of two items or more          */
    NODE_ARRAY = 1u << 1,            /* value: is one                                         */
    NODE_EMPTY = 1u << 2,            /* text, value: without content; not for arrays          */
    NODE_BARE = 1u << 3              /* element: closed as <x/>                               */
};

/*
 * A record as a list of nodes in document order: an element, its attributes each with its content,
 * its children. `kind` is the token's. Names, texts and values stay in the chunk.
 */
typedef struct evxi_node {
    uint8_t  kind, type;
    uint16_t flags;
    uint16_t off, len;               /* in the chunk: a name's entry, or text and its bytes   */
    uint32_t end;                    /* element, attribute: one past what belongs to it;
                                        array: where the current item begins, bytes; another
                                        value of a record that is learned: its number there   */
    uint32_t parent;                 /* node, or EVXI_NONE                                    */
} evxi_node;

_Static_assert(sizeof(evxi_node) == 16, "EVX_TEXT_WORK counts on it");

/* An element that is being written. */
typedef struct evxi_frame {
    uint32_t node;
    uint32_t at;                     /* the next child                                        */
    uint32_t list;                   /* JSON: the next Data of an open list; 0: none          */
    uint16_t serial, flags;
} evxi_frame;

enum { EVXI_KEY_MAX = 1024, EVXI_KEYS_MAX = 65536 };

/* An ANSI string that is longer costs by its length: NULs do not end it, and give no text. Steps:
 * to look at one, and to write it. */
enum { EVXI_ANSI_SHORT = 1024 };
/* Bytes of longer ones, and of longer arrays of strings, in all uses of a record's. No real record
 * comes near. */
enum { EVXI_LOOKS_MAX = 1u << 22 };
static inline uint32_t evxi_ansi_look(size_t len)
{
    return len > EVXI_ANSI_SHORT ? (uint32_t)(len / 256) : 0;
}
static inline uint32_t evxi_array_look(size_t len)
{
    return (uint32_t)(len / 64);
}
static inline uint32_t evxi_ansi_write(size_t len)
{
    return len > EVXI_ANSI_SHORT ? (uint32_t)(len / 16) : 0;
}

typedef struct evxi_recorder evxi_recorder;

/* Everything a writer needs for one pass over one record. */
typedef struct evxi_writer {
    evxi_sink sink;
    const evx_chunk *chunk;
    evxi_node *nodes;
    uint32_t count, root;
    evxi_frame *frames;
    uint32_t depth;
    uint64_t *keys;                  /* keys in use: hash of object and name << 16, repeats   */
    uint32_t key_mask, key_count, serial;
    uint8_t *key;                    /* EVXI_KEY_MAX bytes                                    */
    const evx_kernels *kernels;
    const uint16_t *ansi;
    uint32_t flags, style;           /* EVX_TEXT_..., EVX_STYLE_...                           */
    evxi_day day;
    evxi_recorder *recorder;         /* NULL: values are written, not noted                   */
    uint64_t steps;                  /* nodes looked at                                       */
    uint64_t vain;                   /* bytes of passes that were begun anew                  */
    uint64_t work;                   /* what all of that may cost: evxi_cost                  */
    evx_status status;
} evxi_writer;

/*
 * One budget pays for whatever takes time, so that nobody can spend several of them in full: a byte
 * of text, kept or made in vain, costs 1; a step costs 10, for it takes 30 ns, and a byte 1 to 4.
 */
static inline uint64_t evxi_cost(uint64_t steps, uint64_t bytes)
{
    return 10 * steps + bytes;
}

static inline uint64_t evxi_spent(const evxi_writer *w)
{
    return evxi_cost(w->steps, w->vain + w->sink.count);
}

/* Count a step; false when the writer has to stop. */
static inline bool evxi_step(evxi_writer *w)
{
    w->steps++;
    if (w->sink.count > w->sink.limit && w->status == EVX_OK)
        w->status = EVX_E_TEXT_MAX;
    if (evxi_spent(w) > w->work && w->status == EVX_OK)
        w->status = EVX_E_FUEL;
    return w->status == EVX_OK;
}

/* ---- utf16.c: characters -------------------------------------------------------------------- */

enum {
    MODE_XML = EVXI_IN_XML, MODE_ATTRIBUTE = EVXI_IN_ATTRIBUTE, MODE_JSON = EVXI_IN_JSON
};

EVXI_LOCAL void evxi_put_char(evxi_sink *s, uint32_t cp, unsigned mode);
EVXI_LOCAL void evxi_put_utf16(evxi_sink *s, const evx_kernels *k, const uint8_t *p,
                               uint32_t units, unsigned mode);
/* The same up to the first NUL. */
EVXI_LOCAL void evxi_put_string(evxi_sink *s, const evx_kernels *k, const uint8_t *p,
                                uint32_t units, unsigned mode);
EVXI_LOCAL void evxi_put_ansi(evxi_sink *s, const evx_kernels *k, const uint16_t *page,
                              const uint8_t *p, uint32_t len, unsigned mode);
/* May a character begin a name of XML, or stand in one (names.c)? */
EVXI_LOCAL bool evxi_name_starts(uint32_t cp);
EVXI_LOCAL bool evxi_name_continues(uint32_t cp);
/* The next EVXI_FEW characters, or all up to the end, or to a NUL that `ends` them: what no kernel
 * writes is mostly not alone. Six bytes of room for each, and two. */
enum { EVXI_FEW = 16 };
EVXI_LOCAL uint8_t *evxi_few_chars(uint8_t *to, const uint8_t *p, uint32_t units, uint32_t *i,
                                   unsigned mode, bool ends);
/* A name as XML allows it: what it does not becomes '_'. Returns how many steps it was worth. */
EVXI_LOCAL uint32_t evxi_put_xml_name(evxi_sink *s, const evx_utf16 *name);
/* Characters of the XML 1.0 grammar. */
EVXI_LOCAL bool evxi_xml_char(uint32_t cp);

/* ---- format.c, real.c: typed value -> characters -------------------------------------------- */

EVXI_LOCAL void evxi_put_u64(evxi_sink *s, uint64_t x);
/* Returns how many steps it was worth: up to 150 for what is very large or very small. */
EVXI_LOCAL uint32_t evxi_put_real(evxi_sink *s, uint64_t bits, bool is_double);
/* A type of bounded text: numbers, truth values, times, GUIDs. Where it ends; NULL: no such value.
 * May touch EVXI_DIGITS_MAX bytes. */
EVXI_LOCAL uint8_t *evxi_format(uint8_t *to, const evx_value *v, uint32_t style, evxi_day *day);
EVXI_LOCAL void evxi_put_value(evxi_writer *w, evxi_sink *s, const evx_value *v, unsigned mode);
/* A number or truth value that JSON writes without quotes. */
EVXI_LOCAL bool evxi_value_is_bare(const evx_value *v);

/* ---- tree.c: record -> nodes, and questions about them -------------------------------------- */

EVXI_LOCAL evx_status evxi_tree_build(evx_text *t, const evx_chunk *c, const evx_record *r);

/* What a node is, in the repetition of its element that is being written. */
typedef enum evxi_class {
    CLASS_ABSENT, CLASS_EMPTY, CLASS_CONTENT, CLASS_ELEMENT, CLASS_PI
} evxi_class;

EVXI_LOCAL uint32_t evxi_first_child(evxi_writer *w, uint32_t element);
/* Of an array, in this repetition: false, or absent, when it has no item for it or an empty one. */
EVXI_LOCAL bool evxi_item_of(const evxi_writer *w, uint32_t node, evx_value *v);
EVXI_LOCAL evxi_class evxi_class_of_item(const evxi_writer *w, uint32_t node);

static inline uint32_t evxi_next(const evxi_writer *w, uint32_t node)
{
    const evxi_node *n = &w->nodes[node];

    return n->kind == EVX_TOKEN_OPEN || n->kind == EVX_TOKEN_ATTRIBUTE ? n->end : node + 1;
}

static inline evx_value evxi_value_whole(const evxi_writer *w, uint32_t node)
{
    const evxi_node *n = &w->nodes[node];
    evx_value v = { { w->chunk->base + n->off, n->len }, n->type };

    return v;
}

static inline bool evxi_value_of(const evxi_writer *w, uint32_t node, evx_value *v)
{
    *v = evxi_value_whole(w, node);
    return !(w->nodes[node].flags & NODE_ARRAY) || evxi_item_of(w, node, v);
}

/* Of a node that has one: an element, an attribute, an entity, an instruction's target. */
static inline evx_utf16 evxi_name_of(const evxi_writer *w, uint32_t node)
{
    return evxi_name_again(w->chunk, w->nodes[node].off);
}

static inline bool evxi_named(const evxi_writer *w, uint32_t node, const char *word, uint32_t len)
{
    evx_utf16 name = evxi_name_of(w, node);

    return evxi_name_is(&name, word, len);
}

static inline evxi_class evxi_classify(evxi_writer *w, uint32_t node)
{
    const evxi_node *n = &w->nodes[node];

    if (!evxi_step(w))
        return CLASS_ABSENT;
    switch (n->kind) {
    case EVX_TOKEN_OPEN:
        return CLASS_ELEMENT;
    case EVX_TOKEN_PI_TARGET: case EVX_TOKEN_PI_DATA:
        return CLASS_PI;
    case EVX_TOKEN_CHARREF: case EVX_TOKEN_ENTITY:
        return CLASS_CONTENT;
    default:
        if (n->flags & NODE_ARRAY)
            return evxi_class_of_item(w, node);
        return n->flags & NODE_EMPTY ? CLASS_EMPTY : CLASS_CONTENT;
    }
}

/* Does any node of [from, to) carry text? */
EVXI_LOCAL bool evxi_has_text(evxi_writer *w, uint32_t from, uint32_t to);
/* Before the first and after each writing of an element that repeats; false when it is done. */
EVXI_LOCAL void evxi_rewind(evxi_writer *w, uint32_t element);
EVXI_LOCAL bool evxi_advance(evxi_writer *w, uint32_t element);
/* The content of an attribute or of an element without element children, as text. */
EVXI_LOCAL void evxi_put_content(evxi_writer *w, evxi_sink *s, uint32_t from, uint32_t to,
                                 unsigned mode);

/* ---- keys.c: no object has a key twice, no tag an attribute --------------------------------- */

EVXI_LOCAL uint16_t evxi_keys_open(evxi_writer *w);
/* Does an element have two attributes or more? One alone needs no looking up. */
EVXI_LOCAL bool evxi_many_attributes(const evxi_writer *w, uint32_t element);
/* The suffix a key needs to be alone in its object: 0, or N for `_N`. `len` counts all of it, also
 * what lies behind EVXI_KEY_MAX. */
EVXI_LOCAL uint32_t evxi_keys_add(evxi_writer *w, uint16_t object, const uint8_t *key, size_t len);

/* ---- json_key.c ----------------------------------------------------------------------------- */

/* evxi_frame.flags of JSON objects: keys that no child of theirs may have; the rest is json.c's */
enum { EVXI_HAS_ATTRIBUTES = 1u << 9, EVXI_HAS_TEXT = 1u << 10 };

/* A key is an element's or attribute's name, or the text of a Data's Name attribute (`content`). */
EVXI_LOCAL void evxi_json_key_text(evxi_writer *w, evxi_sink *s, uint32_t node, bool content);
EVXI_LOCAL void evxi_json_suffix(evxi_sink *s, uint32_t suffix);
/* `tail` is "" or "_attributes", with the suffix of the element in front of it. Returns the suffix
 * that the whole key needs. */
EVXI_LOCAL uint32_t evxi_json_find_suffix(evxi_writer *w, uint16_t object, uint32_t node,
                                          bool content, uint32_t own, const char *tail);
/* "key_N": */
EVXI_LOCAL void evxi_json_key(evxi_writer *w, uint32_t node, bool content, uint32_t suffix);
/* The same with the suffix that it needs in the object. */
EVXI_LOCAL void evxi_json_key_alone(evxi_writer *w, uint16_t object, uint32_t node, bool content);

/* ---- text.c --------------------------------------------------------------------------------- */

/* One pass of the writer over the record's nodes; w->work and w->recorder are set. */
EVXI_LOCAL evx_status evxi_pass(evxi_writer *w, const evx_text *t, const evx_chunk *c,
                                const evxi_sink *sink);

/* ---- program.c, learn.c: records that look like one before ---------------------------------- */

/* A store for programs in the caller's arena; NULL when that is too small to be of use. */
EVXI_LOCAL void *evxi_store_begin(const evx_text_config *config, uint32_t name_units);
/*
 * Write a record by its program. `limit`, `work`: what is left of the budgets for text and for all.
 * EVX_SKIP: it has none, or a budget or the buffer might not do: let the walk decide, and nothing
 * was written. Otherwise EVX_OK, or the sink's error.
 */
EVXI_LOCAL evx_status evxi_store_write(evx_text *t, const evx_chunk *c, const evx_record *r,
                                       evx_out *out, uint64_t limit, uint64_t work);
/* Nothing is asked of it for a while. */
EVXI_LOCAL void evxi_store_rest(evx_text *t);
/* Shall the record be learned that evxi_store_write left to the walk? Known when that is over. */
EVXI_LOCAL bool evxi_store_learns(const evx_text *t);
/* What the walk tells while a record is learned, token by token, and which value a token puts. */
EVXI_LOCAL void evxi_trace_token(evx_text *t, const evx_token *tok);
EVXI_LOCAL uint32_t evxi_trace_slot(const evx_text *t, const evx_token *tok);
EVXI_LOCAL void evxi_trace_value(evx_text *t, const evx_token *tok);
/* Where a value goes, in the pass that records. */
EVXI_LOCAL void evxi_recorder_begin(evxi_recorder *rec);
EVXI_LOCAL void evxi_record_value(evxi_writer *w, evxi_sink *s, uint32_t node, const evx_value *v,
                                  unsigned mode);
/* In that pass, of the root's children: one is begun; all of them are written. */
EVXI_LOCAL void evxi_record_child(evxi_writer *w, uint32_t child);
EVXI_LOCAL void evxi_record_children(evxi_writer *w);
/* The walk has built its nodes: learn, and write it as evxi_store_write does. */
EVXI_LOCAL evx_status evxi_store_learn(evx_text *t, const evx_chunk *c, const evx_record *r,
                                       evx_out *out, uint64_t limit, uint64_t work);

/* ---- xml.c, json.c -------------------------------------------------------------------------- */

EVXI_LOCAL void evxi_write_xml(evxi_writer *w);
EVXI_LOCAL void evxi_write_json(evxi_writer *w);

#endif
