/* tests/kit/cuts.h - a finished log read in every shape; a digest of all that is said of it */
/*
 *
 *     kit_feed f;                              (about 70 KiB: static, or on a heap)
 *     kit_feed_begin(&f);
 *     kit_feed_piece(&f, p, n);                as often as wanted, n of any size
 *     uint64_t digest = kit_feed_end(&f);      windows, records, fields, XML, JSON, statuses
 *
 * Pieces are handed over at a cliff and are gone after the call, so that a view that outlives its
 * piece is a crash. The context may be copied with `=`, its window buffer goes with it.
 */
#ifndef KIT_CUTS_H
#define KIT_CUTS_H

#include "evx.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- digests ------------------------------------------------------------------------- */
#define KIT_DIGEST 0xcbf29ce484222325u
uint64_t kit_digest(uint64_t h, const void *p, size_t n);
uint64_t kit_digest_int(uint64_t h, uint64_t v);

/* ---- feeding ---------------------------------------------------------------------------- */
typedef struct kit_feed {
    evx_stream stream;
    uint64_t digest, windows, records, failed, text;   /* failed: items that are errors    */
    evx_status last;
    int plain;                       /* set after begin: no text, only windows and records */
    uint8_t window[EVX_CHUNK_SIZE];
} kit_feed;

void     kit_feed_begin(kit_feed *f);
void     kit_feed_piece(kit_feed *f, const uint8_t *p, size_t n);
uint64_t kit_feed_end(kit_feed *f);

uint64_t kit_feed_whole(const uint8_t *p, size_t n);             /* in one piece            */
uint64_t kit_feed_every(const uint8_t *p, size_t n, size_t step); /* pieces of `step` bytes  */
uint64_t kit_feed_cut(const uint8_t *p, size_t n, size_t cut);   /* in two                  */

/* ---- one chunk, one record, one text ----------------------------------------------------- */
/* Chunk i of a log in memory, as evx_chunk_open gives it; the bytes must outlive *c. */
evx_status kit_chunk(const uint8_t *log, size_t len, size_t i, evx_chunk *c);

/* The n-th item of a chunk's records, errors counted too; EVX_END past the last. */
evx_status kit_record(const evx_chunk *c, size_t n, evx_record *r);

/* A record as text, NUL-terminated, in a static buffer that the next call overwrites. flags:
 * EVX_TEXT_...; limits may be NULL. */
typedef struct kit_text {
    const char *text;
    size_t len;
    evx_status status, failed;
    uint32_t damage, failed_off;
} kit_text;
kit_text kit_render(const evx_chunk *c, const evx_record *r, uint32_t format, uint32_t flags,
                    const evx_limits *limits);

/* The same through a flush, with an output buffer of cap bytes. */
kit_text kit_render_through(const evx_chunk *c, const evx_record *r, uint32_t format,
                            uint32_t flags, size_t cap);

#ifdef __cplusplus
}
#endif
#endif
