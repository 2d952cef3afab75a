/* src/text/program.h - what the files of the compiled path ask of each other */
#ifndef EVXI_PROGRAM_H
#define EVXI_PROGRAM_H

#include "base/arena.h"
#include "binxml/binxml.h"
#include "text/text.h"

/* The essay stands in program.c. All of this lives in the caller's arena. */

enum {
    EVXI_INSTANCES_MAX = EVX_DEPTH_MAX,              /* of templates; real records have 2     */
    EVXI_ARRAYS_MAX = 8, EVXI_ITEMS_MAX = 128,     /* arrays of strings, and their items      */
    EVXI_ARRAY_USES_MAX = 16,                      /* where they are written                  */
    EVXI_ITEMS_AT = EVXI_VALUES_MAX + 16,          /* behind what evx_kernels.places touches  */
    EVXI_PLACES_MAX = EVXI_ITEMS_AT + EVXI_ITEMS_MAX,
    EVXI_PLAIN_MAX = 1024,           /* lines of the key of a stream without a template       */
    EVXI_OPS_MAX = 512,
    EVXI_LITERALS_MAX = 32768,       /* bytes of one program's literal text                   */
    EVXI_LITERALS_SLACK = 64         /* so many behind them may be read: kept free at the end */
};

/* evxi_guard.kind: what the bytes of a value must be beside its descriptor */
enum {
    GUARD_TEXT = 1,                  /* a string that has content                             */
    GUARD_NO_TEXT,                   /* a string that has none                                */
    GUARD_BYTES,                     /* not of size 0                                         */
    GUARD_ANSI, GUARD_NO_ANSI,
    GUARD_SID,                       /* a head, and not too many sub-authorities              */
    GUARD_ITEMS                      /* an array of so many strings, of which these are empty */
};

typedef struct evxi_guard {
    uint16_t slot;                   /* over all instances of the record                      */
    uint16_t kind;
    uint32_t count;                  /* GUARD_ITEMS                                           */
    uint64_t empty;                  /* bit n: item n                                         */
} evxi_guard;

/* evxi_op.kind: how a hole is filled */
enum {
    OP_END = 0,                      /* only literal text                                     */
    OP_UTF16_XML, OP_UTF16_ATTRIBUTE, OP_UTF16_JSON,      /* by mode: the order of MODE_...   */
    OP_ANSI_XML, OP_ANSI_ATTRIBUTE, OP_ANSI_JSON,
    OP_U8, OP_U16, OP_U32, OP_U64, OP_HEX32, OP_HEX64, OP_FILETIME, OP_GUID, OP_SID, OP_BYTES,
    OP_FIXED                         /* anything else of bounded text                         */
};

/* Copy `literal` bytes of the program's text, then fill a hole. */
typedef struct evxi_op {
    uint16_t literal, slot;
    uint8_t kind, type;
} evxi_op;

/* What a value of any length can become: `factor` bytes for each of its own. */
typedef struct evxi_growth {
    uint16_t slot, factor;
} evxi_growth;

/* Operations up to OP_END. EVXI_LITERALS_SLACK bytes behind the literals may be read. */
typedef struct evxi_part {
    const evxi_op *ops;
    const uint8_t *literals;
    uint32_t count, bytes;           /* without OP_END; of the literals                       */
} evxi_part;

typedef struct evxi_program {
    const evxi_part *head;           /* what it shares with others; or NULL                   */
    evxi_part own;                   /* the rest                                              */
    const evxi_growth *growth;       /* none if `once`                                        */
    uint32_t growth_count;
    uint32_t most;                   /* the largest factor                                    */
    bool once;                       /* no value grows twice                                  */
    uint32_t fixed;                  /* bytes: literals, and holes of bounded text            */
    uint32_t walk_steps;             /* of the walk, fragment headers left out                */
    uint32_t steps;                  /* of the writer, but for long ANSI strings              */
    bool ansi;                       /* it has holes for ANSI strings                         */
    bool apart;                      /* the leaf's own text stands apart (compose.c); then    */
    uint16_t before, behind;         /* bytes of `own` in front of it and behind it           */
    uint32_t inner_walk, inner_steps;                /* its part of the two above             */
    const uint16_t *arrays;          /* slots of arrays of strings, once for each use         */
    uint32_t array_count;
} evxi_program;

/*
 * One instance of a definition with certain types of values, behind the same instances before it:
 * a node of a tree whose leaves have programs.
 */
typedef struct evxi_shape {
    struct evxi_shape *next;         /* with the same hash                                    */
    struct evxi_shape *parent;       /* NULL: the record's first instance                     */
    evxi_definition *definition;                     /* NULL: plain elements (plain.c)        */
    uint32_t count;                  /* values; plain: tokens                                 */
    const uint32_t *mask, *want;     /* for each descriptor; plain: the key, without a mask   */
    const uint16_t *texts;           /* GUARD_TEXT: the slots                                 */
    const evxi_guard *guards;        /* the others                                            */
    uint32_t text_count, guard_count;
    uint16_t first;                  /* its first value's number                              */
    uint16_t next_slot;              /* the value that holds the next instance; EVXI_LEAF     */
    bool refused;                    /* a leaf that cannot have a program                     */
    const evxi_program *program;
    const evxi_part *head;           /* of the programs of those behind it                    */
    const evxi_program *apart;       /* one of them                                           */
    struct evxi_shape *like;         /* another leaf of this definition with such a program   */
} evxi_shape;

enum { EVXI_LEAF = 0xffff };

/* An array of strings; its items have numbers behind those of all values. */
typedef struct evxi_items {
    uint32_t slot, first, count;
    uint64_t empty;
} evxi_items;

/* A record, taken apart as far as its programs need it. */
typedef struct evxi_match {
    const evx_chunk *chunk;
    uint32_t instances, fragments;   /* instances found; fragment headers before them         */
    uint32_t slots;                  /* values of all instances                               */
    uint32_t plain;                  /* while it is learned: the first that is a plain text   */
    uint32_t arrays, items;
    evxi_items array[EVXI_ARRAYS_MAX];
    uint32_t bytes;                  /* behind the first instance's descriptors: all values    */
    uint32_t place[EVXI_PLACES_MAX]; /* offset | length << 16         */
} evxi_match;

static inline uint32_t evxi_off(const evxi_match *m, uint32_t slot)
{
    return m->place[slot] & 0xffff;
}

static inline uint32_t evxi_len(const evxi_match *m, uint32_t slot)
{
    return m->place[slot] >> 16;
}

/* What building a tree has seen of the record's instances. */
typedef struct evxi_trace {
    bool on, refused;                /* refused: something that no program can say            */
    uint32_t instances;
    uint32_t serial[EVX_FRAMES_MAX + 1];          /* by depth of the walk                     */
    uint32_t first_slot[EVXI_INSTANCES_MAX + 1];
    uint16_t inside[EVXI_INSTANCES_MAX];          /* the slot that holds it                   */
    uint16_t entered;                             /* the slot that was entered last           */
    uint32_t first_node;                          /* of that value                            */
    uint32_t fuel_before, fuel_behind;            /* what the walk had left around it         */
    uint32_t fragments;                           /* headers in front of the first instance   */
    uint32_t ansi;                                /* ANSI strings with text in them           */
    uint32_t array_count;
    uint16_t arrays[EVXI_ARRAY_USES_MAX];         /* slots of arrays of strings, by use       */
    bool plain;                                   /* the last stream is plain elements        */
} evxi_trace;

/* How far a pass had come. */
typedef struct evxi_mark {
    uint32_t bytes, steps;
} evxi_mark;

/* A pass of a writer that notes where values go, instead of writing them. */
struct evxi_recorder {
    const evxi_match *match;         /* of the record                                         */
    bool refused;
    uint32_t child;                  /* of the root: the last one that was begun, or EVXI_NONE */
    evxi_mark begin, end;            /* of it                                                 */
    uint32_t count, growth_count;
    uint32_t last;                   /* bytes of literal text so far                          */
    evxi_op ops[EVXI_OPS_MAX];
    evxi_growth growth[EVXI_OPS_MAX];
    uint8_t literals[EVXI_LITERALS_MAX];
};

enum { EVXI_BUCKETS = 512, EVXI_RECENT = 4 };

/* A context's own word, in no other's cache line: is it reading right now? */
typedef struct evxi_sharer {
    uint32_t inside, apart[15];
} evxi_sharer;

/* What was learned: of one context, in its arena, or of several, in that of evx_programs. */
typedef struct evxi_library {
    evxi_sharer *sharer;             /* EVX_SHARERS_MAX of them; NULL: nobody shares it       */
    evxi_learned learned;            /* its arena is that of all the rest too                 */
    evxi_shape *shape_of[EVXI_BUCKETS], *plain_of[EVXI_BUCKETS];
    evxi_word *plain_word_of[EVXI_BUCKETS];
    uint32_t count;                  /* programs                                              */
    uint32_t epoch;                  /* how often it was emptied                              */
    uint32_t lock;                   /* of who adds to it, or empties it                      */
    uint32_t closing;                /* it is to be emptied: nobody enters                    */
} evxi_library;

/* What a context keeps for itself. */
typedef struct evxi_store {
    evxi_library *library;
    uint32_t *inside;                /* of its evxi_sharer; NULL: the library is its own      */
    bool entered;                    /* what it says                                          */
    evxi_identity ids;
    uint32_t serial;                 /* evx_text's, of the same chunk                         */
    uint32_t epoch;                  /* of what it knows of the library                       */
    uint32_t hits;                   /* records by programs, in this epoch                    */
    uint32_t missed, hits_before;    /* misses since it is full; hits until then              */
    evxi_day day;
    evxi_trace trace;
    evxi_shape *recent[EVXI_BUCKETS][EVXI_RECENT];   /* found last, the last one first        */
    evxi_known plain_words[EVXI_KNOWN_WORDS];
    uint32_t plain[EVXI_PLAIN_MAX];  /* the key that is being read                            */
    evxi_match match;                /* of the record that is learned                         */
    evxi_recorder recorder;
} evxi_store;

/* Memory that lives until the library is emptied; NULL, and noted, when there is none. */
static inline void *evxi_store_take(evxi_store *s, size_t size)
{
    return evxi_learned_take(&s->library->learned, size);
}

/* The least arena of a context that shares with nobody. */
#define EVXI_STORE_LEAST (2 * (sizeof(evxi_store) + sizeof(evxi_library)))

/* ---- library.c ------------------------------------------------------------------------------ */

EVXI_LOCAL void evxi_library_begin(evxi_library *l, const evxi_arena *rest, uint32_t name_units);
/* May a record be looked up? Until it is left, or entered again, nothing that is found goes away.
 * False: it is being emptied. */
EVXI_LOCAL bool evxi_library_enter_shared(evxi_store *s);
static inline bool evxi_library_enter(evxi_store *s)
{
    return EVXI_LIKELY(!s->inside) || evxi_library_enter_shared(s);
}
EVXI_LOCAL void evxi_library_leave(evxi_store *s);
/* May something be added, by one who is inside? False: another one does. */
static inline bool evxi_library_open(evxi_store *s)
{
    return !s->inside || evxi_lock_soon(&s->library->lock);
}
static inline void evxi_library_close(evxi_store *s)
{
    if (s->inside)
        evxi_unlock(&s->library->lock);
}
/* Empty it, as soon as nobody is inside. */
EVXI_LOCAL void evxi_library_empty(evxi_store *s);

/* ---- shape.c -------------------------------------------------------------------------------- */

/* Lay its values out in the match. False: they do not fit, or something follows them. */
EVXI_LOCAL bool evxi_layout_values(evxi_match *m, const evxi_layout *p, const evxi_definition *def,
                                   uint32_t end, const evx_kernels *k);
/* The leaf for a record, with its values laid out in *m; or NULL. */
EVXI_LOCAL const evxi_shape *evxi_shape_find(evxi_store *s, const evx_text *t,
                                             const evx_chunk *c, const evx_record *r,
                                             evxi_match *m);
/* The shape of that instance behind those of `parent`, or NULL. */
EVXI_LOCAL evxi_shape *evxi_shape_search(evxi_store *s, const evxi_shape *parent,
                                         const evxi_definition *d, const evxi_match *m,
                                         const evxi_layout *p, const evx_kernels *k);
/* Would a shape of the same definition, behind other instances, be its shape as well? */
EVXI_LOCAL bool evxi_shape_fits(const evxi_shape *x, const evxi_match *m, const evxi_layout *p,
                                const evx_kernels *k);
/* Others may find it. */
EVXI_LOCAL void evxi_shape_add(evxi_store *s, evxi_shape *x);
/* The shape for the instance whose values were laid out last, behind `parent`: found or made. */
EVXI_LOCAL evxi_shape *evxi_shape_learn(evxi_store *s, const evx_text *t,
                                        evxi_shape *parent, evxi_definition *d,
                                        const evxi_match *m, const evxi_layout *p, uint32_t first,
                                        uint16_t next);

/* ---- plain.c -------------------------------------------------------------------------------- */

/* Does a stream begin with anything but an instance? */
static inline bool evxi_plain_stands(const evx_chunk *c, uint32_t begin, uint32_t end)
{
    if (end - begin >= 4 && c->base[begin] == EVXI_TOKEN_FRAGMENT)
        begin += 4;
    return begin < end && c->base[begin] != EVXI_TOKEN_INSTANCE;
}
/* The leaf behind `parent` for a stream of plain elements, whose texts become values of the match;
 * or NULL. */
EVXI_LOCAL const evxi_shape *evxi_plain_find(evxi_store *s, const evxi_shape *parent,
                                             evxi_match *m, uint32_t begin, uint32_t end);
/* The same, made if need be; NULL when there is no room, or it can have none. */
EVXI_LOCAL evxi_shape *evxi_plain_learn(evxi_store *s, evxi_shape *parent, evxi_match *m,
                                        uint32_t begin, uint32_t end);

/* ---- learn.c -------------------------------------------------------------------------------- */

EVXI_LOCAL void evxi_trace_begin(evxi_trace *x);
/* The program of the record whose nodes and trace are there, made if need be, with its values laid
 * out in the store's match; NULL: it has none. */
EVXI_LOCAL const evxi_program *evxi_learn(evx_text *t, const evx_chunk *c, const evx_record *r);

/* ---- build.c -------------------------------------------------------------------------------- */

/* The program of what was recorded, for a leaf; NULL when there is no room. */
EVXI_LOCAL evxi_program *evxi_program_build(evxi_store *s, const evxi_recorder *rec,
                                            const evxi_shape *leaf);
/* That of the outer instance of one and the inner one of another, whose slots have numbers higher
 * by `shift`. Both have texts apart. NULL when there is no room. */
EVXI_LOCAL evxi_program *evxi_program_join(evxi_store *s, const evxi_program *outer,
                                           const evxi_program *inner, int shift);

/* ---- compose.c ------------------------------------------------------------------------------ */

/* Does the text of the last instance stand apart in what was recorded last? Then its program says
 * so. */
EVXI_LOCAL void evxi_compose_note(const evx_text *t, const evxi_writer *w, evxi_program *p);
/* The leaf's program, which was made known, may serve others. */
EVXI_LOCAL void evxi_compose_offer(evxi_shape *leaf);
/* The leaf for an instance behind `parent` that never stood there, of what is known of both, with
 * its program; NULL: not enough is known. */
EVXI_LOCAL evxi_shape *evxi_compose(evxi_store *s, evxi_shape *parent, evxi_definition *d,
                                    const evxi_match *m, const evxi_layout *p,
                                    const evx_kernels *k);

/* ---- run.c ---------------------------------------------------------------------------------- */

/* The most bytes a program may touch for these values. */
EVXI_LOCAL uint64_t evxi_program_bound(const evxi_program *p, const evxi_match *m);
/* Write; `to` has room for the bound. Returns the end. */
EVXI_LOCAL uint8_t *evxi_program_run(const evxi_program *p, const evxi_match *m, const evx_text *t,
                                     evxi_day *day, uint8_t *to);

#endif
