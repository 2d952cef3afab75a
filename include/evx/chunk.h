/* include/evx/chunk.h - window -> chunk -> records; what was lost on the way */
#ifndef EVX_CHUNK_H
#define EVX_CHUNK_H

#include "kernels.h"
#include "stream.h"

#ifdef __cplusplus
extern "C" {
#endif

/* evx_chunk.damage: facts about the chunk, none of which stops its records from being read */
enum {
    EVX_CHUNK_SIGNATURE  = 1u << 0,  /* "ElfChnk\0" is missing: records found by signature    */
    EVX_CHUNK_FREE_OFF   = 1u << 1,  /* the free space offset is impossible, or the last record's
                                        does not fit to it: its end is taken if it proves itself,
                                        else an impossible one is ignored                     */
    EVX_CHUNK_CUT        = 1u << 2,  /* the input ended inside this slot                      */
    EVX_CHUNK_HEADER_CRC = 1u << 3,  /* set by evx_chunk_check only                           */
    EVX_CHUNK_DATA_CRC   = 1u << 4   /* set by evx_chunk_check only                           */
};

/*
 * A chunk: 512 bytes of header and tables, then records back to back (MS-EVEN6 does not describe
 * it; the fields are those of the public EVTX format documents).
 */
typedef struct evx_chunk {
    const uint8_t *base;             /* borrowed from the window                              */
    uint32_t len;                    /* bytes of the window                                   */
    uint32_t free_off;               /* where its records end: bytes from base, clipped to len */
    uint32_t claimed;                /* the free space offset as written, 0 if impossible     */
    uint32_t flags;                  /* as written: 0x4 no CRC; 0x1 is set in every chunk     */
    uint32_t damage;                 /* EVX_CHUNK_...                                         */
    uint64_t file_off;               /* of base, bytes from the start of the file             */
    uint64_t first_record, last_record;   /* record ids as written                            */
    uint64_t first_number, last_number;   /* record numbers as written, counted since the log
                                             was cleared                                      */
} evx_chunk;

/* evx_record.damage */
enum {
    EVX_RECORD_COPY = 1u << 0,       /* the size's copy at its end differs; a record follows  */
    EVX_RECORD_SIZE = 1u << 1,       /* the size was impossible: ends where the next one begins */
    EVX_RECORD_CUT  = 1u << 2,       /* the input or the chunk's records end inside it        */
    EVX_RECORD_ID   = 1u << 3        /* its id does not follow the record's before it         */
};

/* evx_record.origin: how it was found */
enum {
    EVX_ORIGIN_ORDER = 0,            /* by its predecessor's size                             */
    EVX_ORIGIN_AFTER = 1,            /* by signature, after damage in the same chunk          */
    EVX_ORIGIN_SLACK = 2,            /* behind the chunk's last record                        */
    EVX_ORIGIN_HIDDEN = 3,           /* inside another record's size                          */
    EVX_ORIGIN_CARVED = 4            /* by signature, without a chunk header                  */
};

typedef struct evx_record {
    uint64_t id;                     /* the header's copy; EventRecordID inside rules         */
    uint64_t written;                /* FILETIME: 100 ns since 1601-01-01 UTC; not the event's
                                        time in exported logs                                 */
    uint32_t off, size;              /* bytes, from the start of the chunk                    */
    uint32_t damage;                 /* EVX_RECORD_...                                        */
    uint8_t  origin;                 /* EVX_ORIGIN_...                                        */
} evx_record;

typedef struct evx_records {
    const evx_chunk *chunk;
    uint32_t pos, end;
    /* private */
    uint64_t last_id;
    uint32_t state, next;
} evx_records;

/*
 * Look at a window as a chunk.
 *
 * c   overwritten in every case; borrows from w->base
 *
 * EVX_OK                 a chunk, with its damage bits
 * EVX_SKIP               an unused slot: all of it is zero. No end of the log: read on
 * EVX_E_CHUNK_SIGNATURE  neither: the slot is lost. *c is usable all the same: its records, if any,
 *                        are then found by signature, and what lies between them is not reported
 * EVX_E_CHUNK_CUT        the window is too short for a chunk header; no records
 *
 * Cost: constant; one pass over the window where the signature is missing.
 */
EVX_API evx_status evx_chunk_open(evx_chunk *c, const evx_window *w);

/*
 * Compare both checksums. Returns EVX_CHUNK_HEADER_CRC and EVX_CHUNK_DATA_CRC bits, 0 when they
 * fit, when the chunk says it has none, or when it was cut. Does not change *c.
 * Cost: two passes over the chunk's used bytes.
 */
EVX_API uint32_t evx_chunk_check(const evx_chunk *c, const evx_kernels *k);

/* Begin a chunk's records. *c must outlive the iterator. */
EVX_API void evx_records_begin(evx_records *it, const evx_chunk *c);

/*
 * The next record, always forward.
 *
 * EVX_OK   r is a record; its damage and origin say how much to believe
 * EVX_END  no more
 * EVX_E_RECORD_SIGNATURE  r->off, r->size: bytes that should hold records and do not. The next
 *                         call goes on behind them.
 * EVX_E_RECORD_SIZE       the same, where a signature stands in front of too few bytes
 * EVX_E_CHUNK_CUT         r->off, r->size: the part of the chunk's records that lies behind the
 *                         end of the input. EVX_END follows.
 *
 * A record whose size cannot be right is still handed out, up to where the next one begins: its
 * body decides what can be read of it.
 * Cost: constant per record; linear in the bytes where it must search.
 */
EVX_API evx_status evx_records_next(evx_records *it, evx_record *r);

/*
 * A record inside the bytes of another one, its parent: whole records, back to back, that end
 * exactly where the parent ends. That is left by what deletes an event by making its predecessor
 * longer.
 *
 * from   bytes from the start of the chunk: look from here on; 0: behind the parent's header. A
 *        value may hold such bytes for an honest reason: go on from evx_walk_end(), behind the
 *        parent's last token, and what is found is no value of its own
 * r      on EVX_OK the first of them, with EVX_ORIGIN_HIDDEN. The next: its off + size as `from`
 *
 * EVX_OK; EVX_END when there is none.
 * Cost: linear in the parent's bytes, but for parents made to be slow: some ms for 64 KiB.
 */
EVX_API evx_status evx_record_hidden(const evx_chunk *c, const evx_record *parent, uint32_t from,
                                     evx_record *r);

/* ---- carving: records and chunks in any bytes ----------------------------------------------- */

/*
 * The next bytes in a window that look like a record: signature, a size that is sane and fits, an
 * equal copy of it at the end, the beginning of binary XML. In the slack of a chunk this finds what
 * earlier chunks left there; whether its templates are still its own, evx_record_proves says.
 *
 * pos    bytes from w->base, where to begin; on EVX_OK behind the record. To look inside it, when
 *        it proved to be none: r->off + step
 * step   8 inside a chunk, whose records stand at multiples of 8; 1 in other bytes
 * r      on EVX_OK; off counts from w->base, origin is EVX_ORIGIN_CARVED
 *
 * EVX_OK; EVX_END when there is no more.
 * Cost: linear in the bytes.
 */
EVX_API evx_status evx_carve_record(const evx_window *w, uint32_t *pos, uint32_t step,
                                    evx_record *r);

/*
 * The next chunk in a window of any bytes and any alignment: its signature and a header of 128
 * bytes. It ends after 64 KiB, where the window ends, or where another chunk begins.
 *
 * pos    as above; on EVX_OK where the chunk begins. Behind it: *pos + c->len
 * c      as evx_chunk_open leaves it, borrowing from w->base; damage says EVX_CHUNK_CUT when it is
 *        shorter than 64 KiB
 *
 * EVX_OK; EVX_END when there is no more.
 * Cost: linear in the bytes up to the end of the chunk.
 */
EVX_API evx_status evx_carve_chunk(const evx_window *w, uint32_t *pos, evx_chunk *c);

/* ---- what was there, and what was lost ------------------------------------------------------ */

#define EVX_ANY_COMPUTER 0xffffffffu

/* Bytes that should hold records and cannot be decoded. */
typedef struct evx_loss {
    uint64_t file_off, len;          /* bytes; len may reach behind the end of the file       */
    uint64_t before, after;          /* FILETIME of the readable neighbours in the log's order;
                                        0: none, the loss reaches to its beginning, or its end */
    uint64_t before_id, after_id;    /* their record ids; 0: none. Without `after`: the least id
                                        that a record behind it could have                    */
    uint64_t records;                /* records lost here: the id gap between the neighbours if
                                        both are sound, else at least 1                       */
    evx_status reason;
    uint32_t file;                   /* the caller's number of the input                      */
    uint32_t computer;               /* the caller's number of the only computer concerned, or
                                        EVX_ANY_COMPUTER                                      */
} evx_loss;

/* evx_hint.kind: what nothing damaged explains. None of them is a proof. */
enum {
    EVX_HINT_HIDDEN = 1,             /* a record inside another record's size: its predecessor
                                        was made longer, as tools do that delete events       */
    EVX_HINT_GAP,                    /* ids are missing between two sound neighbours; detail:
                                        how many                                              */
    EVX_HINT_CLOCK                   /* written EVX_CLOCK_BACK or more before the record whose
                                        id it follows; detail: 100 ns, by how much             */
};

#define EVX_CLOCK_BACK 36000000000u  /* 100 ns: an hour. Less is daily life: events of several
                                        processors are written in no strict order               */

typedef struct evx_hint {
    uint64_t file_off;               /* bytes: the record that shows it                       */
    uint64_t record;                 /* its id                                                */
    uint64_t detail;
    uint8_t  kind;                   /* EVX_HINT_...                                          */
} evx_hint;

typedef struct evx_ledger {
    uint64_t chunks, chunks_damaged; /* chunks seen; those with damage bits                   */
    uint64_t records;                /* records present: decoded + recovered + lost           */
    uint64_t decoded;                /* read without a doubt                                  */
    uint64_t recovered;              /* read, from a damaged record or after damage           */
    uint64_t lost;                   /* the sum over losses, also over those that found no room */
    uint64_t lost_bytes;             /* of all losses                                         */
    uint64_t unexplained;            /* of them, bytes in which not even a record was seen    */
    uint64_t crc_failures;           /* chunks of which a checksum is wrong                   */
    uint64_t id_gaps, ids_missing;   /* between sound neighbours, and how many ids in all     */
    uint64_t time_reversals;         /* records written before the one whose id they follow   */
    uint64_t hidden;                 /* EVX_HINT_HIDDEN                                       */
    evx_loss *losses;                /* the caller's                                          */
    size_t loss_cap, loss_count;     /* count may exceed cap: the rest was counted, not kept  */
    evx_hint *hints;                 /* the caller's, set after evx_ledger_begin; or NULL     */
    size_t hint_cap, hint_count;     /* as for losses                                         */
    /* private */
    uint64_t first_time, first_id;   /* of the first record whose time is known               */
    uint64_t first_chunk;            /* where its chunk begins in its file                    */
    uint64_t last_time, last_id, last_written;
    uint64_t last_chunk;             /* where the chunk of the last one begins in its file     */
    uint64_t counted_bytes;          /* of the losses whose records were counted              */
    size_t counted;                  /* losses from here on wait for ids that count them      */
    size_t open;                     /* losses from here on wait for their `after`            */
} evx_ledger;

/* Begin a ledger for one input. losses may be NULL when cap is 0. */
EVX_API void evx_ledger_begin(evx_ledger *l, evx_loss *losses, size_t cap);

/* Note a chunk and its damage bits (those of evx_chunk and of evx_chunk_check). */
EVX_API void evx_ledger_chunk(evx_ledger *l, uint32_t damage);

/*
 * Note a record that was read; closes the window of the losses before it, and finds gaps in the
 * ids and clocks that went back.
 * c           its chunk; NULL where records have none: then a hint's offset is the record's own
 * time        its FILETIME; 0 when it has none
 * recovered   true when only a part of it was, or when it stood in or behind damage
 */
EVX_API void evx_ledger_read(evx_ledger *l, const evx_chunk *c, const evx_record *r, uint64_t time,
                             bool recovered);

/*
 * Note all records of a chunk, or the rest of them, at once, by their headers: for who reads none
 * of them, or only the first and the last.
 *
 * it           stands where they begin, as evx_records_begin or evx_records_next left it
 * first, last  filled on EVX_OK; they may be read like any record of evx_records_next. Then tell
 *              the ledger what time it was: evx_ledger_time
 *
 * EVX_OK    as if evx_ledger_read had been called for each, none of them recovered, without a time
 * EVX_SKIP  nothing was noted: something there, in front of it or in the chunk's header is not
 *           sound, no record is left, or a loss waits for the time of the next one. Go on with
 *           evx_records_next.
 *
 * Cost: some 30 instructions a record.
 */
EVX_API evx_status evx_ledger_skim(evx_ledger *l, const evx_records *it, evx_record *first,
                                   evx_record *last);

/*
 * What was noted of one chunk by itself (evx_ledger_begin without room for losses or hints, then
 * evx_ledger_skim), perhaps by another thread, joins the ledger of its log.
 *
 * EVX_OK    as if evx_ledger_skim had been called with l
 * EVX_SKIP  nothing was noted: a loss waits for a time, or the chunk has a hint to keep
 */
EVX_API evx_status evx_ledger_join(evx_ledger *l, const evx_ledger *chunk, const evx_chunk *c,
                                   const evx_record *first);

/* The FILETIME of the record that was noted last, where it became known later; 0: none. */
EVX_API void evx_ledger_time(evx_ledger *l, uint64_t time);

/*
 * The input is over. A log of fixed size is a ring: in one that has wrapped, by ids and times, what
 * was lost at the end of the input lies in front of its first record, and what was lost at its
 * beginning behind its last one. Those losses get the neighbours that are theirs; at the seam,
 * where the oldest record follows the newest one, a loss has one neighbour only, if its chunk tells
 * which (evx_ledger_read sees to that, where evx_ledger_chunk was told of chunks). For windows as
 * evx_vss_solve needs them.
 *
 * wrapped  the file's header says that its newest chunk stands in front of its oldest one. Then a
 *          slot at the input's beginning or end of which nothing is left may have held the newest
 *          records or the oldest ones: its loss gets both ends for neighbours, `before` behind
 *          `after`
 */
EVX_API void evx_ledger_end(evx_ledger *l, bool wrapped);

/* Note bytes that could not be read. Opens a loss window that the next evx_ledger_read closes. */
EVX_API void evx_ledger_lose(evx_ledger *l, uint64_t file_off, uint64_t len, evx_status reason);

/*
 * Note that a chunk's records are over. Its header names its last record: where losses stand behind
 * the last one that was read, and their bytes can hold so many, they are counted by that.
 */
EVX_API void evx_ledger_chunk_end(evx_ledger *l, const evx_chunk *c);

/* Note a hint of the caller's own finding; see evx_record_hidden. */
EVX_API void evx_ledger_hint(evx_ledger *l, uint8_t kind, uint64_t file_off, uint64_t record,
                             uint64_t detail);

#ifdef __cplusplus
}
#endif

#endif
