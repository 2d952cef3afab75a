/* tests/kit/mkevt.h - writes legacy event logs (LfLe) as Windows does, and wrong on demand */
/* A witness like mkevtx.h: nothing here comes from src/ or include/. All memory is the caller's.
 *
 *     static uint8_t mem[65536];
 *     static mk_evt f;
 *     mk_evt_begin(&f, mem, sizeof mem);
 *     mk_evt_event e = { .id = 0x40002586, .type = 4, .time = 1157162520, .source = "MSExchangeIS",
 *                        .computer = "EX01", .strings = "one|two" };
 *     mk_evt_record(&f, &e);
 *     mk_bytes log = mk_evt_end(&f);
 *
 * The memory is the ring: records overwrite the oldest ones, split at its end, and are followed by
 * the end record. Finished bytes may be broken with memset and memcpy: there is no checksum.
 */
#ifndef MKEVT_H
#define MKEVT_H

#include "mkevtx.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { MK_EVT_HEADER = 48, MK_EVT_HEAD = 56, MK_EVT_END = 40, MK_EVT_MAX = 65536 };
enum { MK_EVT_DIRTY = 1, MK_EVT_WRAPPED = 2, MK_EVT_FULL = 4, MK_EVT_ARCHIVE = 8 };

/* One event. Zero means the usual. */
typedef struct mk_evt_event {
    uint32_t number;             /* 0: one more than the last                             */
    uint32_t time, written;      /* Unix; written 0: the same as time                     */
    uint32_t id;                 /* all 32 bits                                           */
    uint16_t type, category, flags;
    uint32_t closing;
    const char *source, *computer;       /* UTF-8; NULL: ""                               */
    const char *sid;             /* "S-1-5-18"; NULL: none                                */
    const char *strings;         /* separated by |; NULL: none                            */
    const char *const *items;    /* or so, with item_count of them                        */
    uint16_t item_count;
    const void *data;
    uint32_t data_len;
} mk_evt_event;

typedef struct mk_evt {
    /* Knobs: set between mk_evt_begin and mk_evt_end. */
    uint32_t flags;              /* of the header; WRAPPED is set when the ring was closed */
    uint32_t next;               /* number of the next record: 1                          */
    uint32_t retention;          /* 604,800                                               */
    uint8_t trim;                /* 1: an unwrapped file ends behind its end record       */
    uint8_t no_end;              /* 1: the end record is zeroed                           */

    /* To look at. */
    const char *failed;          /* NULL, or the first reason                             */
    uint8_t *mem;
    uint32_t cap;                /* bytes of the file, header included                    */
    uint32_t at, oldest;         /* file offsets: of the end record, of the oldest record */
    uint32_t last;               /* of the last record                                    */
    uint32_t oldest_number, count;

    /* private */
    uint8_t header[MK_EVT_HEADER]; /* of a dirty log: as of the last mk_evt_sync            */
    uint8_t record[MK_EVT_MAX];
    uint32_t used;
    int synced;
} mk_evt;

void     mk_evt_begin(mk_evt *f, uint8_t *mem, size_t cap);
/* Before the first record: the ring begins here, as if all before had been overwritten. */
void     mk_evt_start(mk_evt *f, uint32_t at);
uint32_t mk_evt_record(mk_evt *f, const mk_evt_event *e);         /* its file offset      */
uint32_t mk_evt_raw(mk_evt *f, const void *record, uint32_t size); /* any bytes as a record */
uint32_t mk_evt_size(mk_evt *f, const mk_evt_event *e);           /* what it would take   */
void     mk_evt_sync(mk_evt *f);                /* the header is written to the file      */
mk_bytes mk_evt_end(mk_evt *f);

/* Ring view: `n` bytes at file offset `at`, which may go over the end. */
void     mk_evt_get(const mk_evt *f, uint32_t at, void *to, uint32_t n);
void     mk_evt_put(mk_evt *f, uint32_t at, const void *from, uint32_t n);
void     mk_evt_lose_last(mk_evt *f);           /* nothing of it can be read any more     */

#ifdef __cplusplus
}
#endif
#endif
