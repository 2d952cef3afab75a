/* include/evx/select.h - record -> System fields and payload; filters */
#ifndef EVX_SELECT_H
#define EVX_SELECT_H

#include "binxml.h"

#ifdef __cplusplus
extern "C" {
#endif

#define EVX_FIELDS_MAX 64u           /* data items kept; data_total counts all                */

/* Text in one of the two shapes in which it is found. Not terminated. */
typedef struct evx_text_view {
    const uint8_t *ptr;              /* into the chunk, or into the reader's scratch          */
    uint32_t len;                    /* bytes                                                 */
    uint8_t  utf8;                   /* 1: UTF-8; 0: UTF-16LE                                 */
} evx_text_view;

/* evx_fields.present */
enum {
    EVX_HAS_PROVIDER = 1u << 0, EVX_HAS_CHANNEL = 1u << 1, EVX_HAS_COMPUTER = 1u << 2,
    EVX_HAS_EVENT_ID = 1u << 3, EVX_HAS_QUALIFIERS = 1u << 4, EVX_HAS_TIME = 1u << 5,
    EVX_HAS_RECORD_ID = 1u << 6, EVX_HAS_LEVEL = 1u << 7, EVX_HAS_TASK = 1u << 8,
    EVX_HAS_OPCODE = 1u << 9, EVX_HAS_KEYWORDS = 1u << 10, EVX_HAS_VERSION = 1u << 11,
    EVX_HAS_PROCESS = 1u << 12, EVX_HAS_THREAD = 1u << 13, EVX_HAS_PAYLOAD = 1u << 14,
    EVX_HAS_USER = 1u << 15, EVX_HAS_PROVIDER_GUID = 1u << 16, EVX_HAS_ACTIVITY = 1u << 17
};

/*
 * The System fields and the payload of one record. A field is meaningful only when its bit is in
 * `present`. Numbers are read from typed values and from literal text (forwarded events) alike.
 */
typedef struct evx_fields {
    evx_text_view provider;          /* System/Provider/@Name                                 */
    evx_text_view channel, computer; /* System/Channel, System/Computer                       */
    evx_value provider_guid;         /* System/Provider/@Guid: EVX_GUID, or text              */
    evx_value user_sid;              /* System/Security/@UserID: EVX_SID, or text             */
    evx_value activity;              /* System/Correlation/@ActivityID: EVX_GUID, or text     */
    uint64_t  time;                  /* System/TimeCreated/@SystemTime: FILETIME              */
    uint64_t  written;               /* the record header's FILETIME                          */
    uint64_t  record_id;             /* System/EventRecordID                                  */
    uint64_t  header_id;             /* the record header's id                                */
    uint64_t  keywords;
    uint32_t  event_id;              /* low 16 bits: the id; compare those                    */
    uint32_t  qualifiers;            /* System/EventID/@Qualifiers                            */
    uint32_t  process_id, thread_id; /* System/Execution                                      */
    uint32_t  present;               /* EVX_HAS_... bits                                      */
    uint16_t  task;
    uint8_t   level, opcode, version;
    uint8_t   damaged;               /* 1: the record was salvaged, or values were lost       */
    evx_value payload;               /* EventData/Binary as bytes; hex text is decoded into the
                                        reader's scratch, as much as fits; text that is no
                                        hex is kept as UTF-8                                  */
    uint32_t  data_total;            /* Data elements (or array items) in the record          */
    uint32_t  data_count;            /* kept below: min(total, EVX_FIELDS_MAX)                */
    evx_text_view data_name[EVX_FIELDS_MAX];   /* Data/@Name; len 0 when it has none          */
    evx_value data[EVX_FIELDS_MAX];  /* single values: arrays are laid out item by item       */
} evx_fields;

/* What to keep. Zeroed, it keeps everything; several conditions must all hold. */
typedef struct evx_filter {
    const uint32_t *event_ids;       /* low 16 bits compared                                  */
    size_t event_id_count;
    const char *provider;            /* UTF-8, whole name; ASCII case ignored                 */
    const char *channel, *computer;
    uint64_t since, until;           /* FILETIME of TimeCreated; until is exclusive; 0: open  */
    uint64_t first_id, last_id;      /* EventRecordID, inclusive; last_id 0: open             */
    uint32_t levels;                 /* bit n: level n; 0: all                                */
    uint32_t exclude;                /* EVX_FILTER_... bits: keep what does not meet it       */
} evx_filter;

enum {
    EVX_FILTER_EVENT_ID = 1u << 0, EVX_FILTER_PROVIDER = 1u << 1, EVX_FILTER_CHANNEL = 1u << 2,
    EVX_FILTER_COMPUTER = 1u << 3, EVX_FILTER_TIME = 1u << 4, EVX_FILTER_RECORD_ID = 1u << 5,
    EVX_FILTER_LEVEL = 1u << 6
};

/* Memory with which a reader can read any record. */
#define EVX_READER_LEAST (EVX_SLOTS_WORST * sizeof(evx_slot) + 16384u)

/* The same, and room to remember where the templates of one host's logs keep their System fields:
 * then most records cost a look at a few of their values. */
#define EVX_READER_MEMORY (EVX_READER_LEAST + 1024u * 1024u)

typedef struct evx_reader {          /* one per thread                                        */
    /* private */
    evx_walk walk;
    evx_fields *fields;
    void *known;                     /* templates; NULL: no memory for them                   */
    uint8_t *scratch;
    size_t scratch_len, scratch_used;
    const uint8_t *chunk_base;
    uint64_t chunk_off, chunk_mark;
    uint32_t last_off, misses;
} evx_reader;

/*
 * Prepare a reader.
 *
 * memory  len bytes of the caller's, aligned for uint64_t, used until the next init. With
 *         EVX_READER_LEAST any record can be read; with less, a record with many values is
 *         EVX_E_SPACE; with EVX_READER_MEMORY most are read quickly. At least 8,192.
 * limits  copied; NULL for the defaults
 *
 * EVX_OK, EVX_E_ABI, EVX_E_SPACE.
 */
EVX_API evx_status evx_reader_init(evx_reader *t, size_t size, uint8_t *memory, size_t len,
                                   const evx_limits *limits);

/*
 * Read a record's fields. All of *out is overwritten.
 *
 * EVX_OK  also for a record of which only a part could be read: then out->damaged is 1
 * < 0     nothing of it could be read, or a limit was met
 *
 * Views live as long as the chunk, decoded ones until the next call on t.
 * Cost: linear in the record's tokens.
 */
EVX_API evx_status evx_fields_read(evx_reader *t, const evx_chunk *c, const evx_record *r,
                                   evx_fields *out);

/*
 * The same for the System fields alone: provider to version, time, ids, channel, computer, user.
 * Data and payload are left out (data_name and data are not even cleared), and what of the record
 * lies behind its System section is not looked at.
 * Cost: where the template is known, a look at each descriptor and each field.
 */
EVX_API evx_status evx_fields_system(evx_reader *t, const evx_chunk *c, const evx_record *r,
                                     evx_fields *out);

/*
 * The same for those of the System fields whose EVX_HAS_ bits are wanted; of others perhaps some.
 * Cost: where the template is known, a look at each descriptor and each field that is wanted.
 */
EVX_API evx_status evx_fields_some(evx_reader *t, const evx_chunk *c, const evx_record *r,
                                   evx_fields *out, uint32_t wanted);

/*
 * Forget what was learned about places in the last chunk; see evx_text_renew, which does the same
 * for text. Call it when another file begins, and before a chunk whose bytes were changed in place.
 * Cost: none.
 */
EVX_API void evx_reader_renew(evx_reader *t);

/*
 * The i-th insertion string, counting Data elements and array items from 0, as text.
 * EVX_OK; EVX_END past the last one kept; EVX_SKIP when it is no text (a number, binary).
 */
EVX_API evx_status evx_fields_string(const evx_fields *f, uint32_t i, evx_text_view *out);

/* Compare a text view with UTF-8 text, ASCII case ignored. */
EVX_API bool evx_text_view_is(const evx_text_view *v, const char *utf8);

/*
 * Copy a view as UTF-8: at most cap bytes, cut at a character; lone surrogates become U+FFFD. No
 * terminator. Returns the bytes that the whole of it would take.
 */
EVX_API size_t evx_text_view_utf8(const evx_text_view *v, uint8_t *out, size_t cap);

/*
 * Can this chunk hold a record that the filter keeps? EVX_OK: perhaps. EVX_SKIP: certainly not.
 * Looks for the provider's name in the chunk's bytes, in one piece but for markup characters, as
 * every known writer stores it; other conditions do not help. It says nothing of the chunk's
 * health: of a record that was overwritten the name is gone as well. Who counts losses reads on.
 * Cost: one pass over the chunk, without parsing.
 */
EVX_API evx_status evx_filter_chunk(const evx_filter *q, const evx_kernels *k, const evx_chunk *c);

/*
 * Does the filter keep this record? Reads its System fields only, and no further than it must.
 * EVX_OK: yes. EVX_SKIP: no. < 0: as evx_fields_read.
 */
EVX_API evx_status evx_filter_record(const evx_filter *q, evx_reader *t, const evx_chunk *c,
                                     const evx_record *r);

/* Records that were passed over: what there is to know of them. */
typedef struct evx_passed {
    uint32_t count;                  /* 0: none; then all else is zero                        */
    evx_record first, last;
    uint64_t first_id, last_id;      /* EventRecordID: other ids than those of the headers in
                                        logs that were exported                               */
    uint64_t first_time, last_time;  /* FILETIME of TimeCreated                               */
    evx_text_view computer, channel; /* of each; empty where they have none. Into the chunk   */
} evx_passed;

/*
 * Pass over a run of records that are certainly of another provider than the filter's: sound ones
 * of a known template, each in id and time the next one behind its predecessor in the run, by its
 * header and by itself, all of one computer and channel. They go into the ledger. For who looks
 * for one provider's events: when out->count is 0, what evx_records_next returns may be one, or has
 * anything else to say; otherwise another run may begin there.
 *
 * k    from evx_kernels_best, or NULL for the portable ones
 * it   from evx_records_begin; evx_records_next may be called in between
 * l    knows all records in front of `it`. While a loss waits for the time of a record, none is
 *      passed over; and none where the filter names no provider, or excludes it, or its name is
 *      not ASCII or longer than 64 bytes, or t has no memory for templates; nor does a record
 *      without a time begin a run
 * out  filled; the ledger knows the time of out->first, of out->last not yet: evx_ledger_time
 *      tells it
 *
 * Checksums are not looked at. Cost: some 100 instructions a record that is passed over.
 */
EVX_API void evx_filter_pass(const evx_filter *q, const evx_kernels *k, evx_reader *t,
                             evx_records *it, evx_ledger *l, evx_passed *out);

/* As evx_filter_record for fields that were read already. EVX_OK or EVX_SKIP. */
EVX_API evx_status evx_filter_fields(const evx_filter *q, const evx_fields *f);

#ifdef __cplusplus
}
#endif

#endif
