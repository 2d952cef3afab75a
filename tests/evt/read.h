/* tests/evt/read.h - a legacy log -> one line of words, the same from every cut */
#ifndef EVT_READ_H
#define EVT_READ_H

#include "evx.h"
#include "evx/evt.h"
#include "mkevt.h"

/*
 * Words, in the order in which the library hands things out:
 *
 *   7        record 7           7c  copy of its size differs     7s  size impossible
 *   7t       torn by the end    7i  number does not follow
 *   7N 7U 7S 7D  names, SID (user), strings, data not all there
 *   7+       found by signature after damage        7~  stale
 *   |        the end record     !48+100  a loss: offset, length  ?96+4  the file was cut
 *   *-605    a status that ends the reading, but for EVX_END
 *
 * A log is read in one piece and in pieces of several sizes that stand before a cliff and are gone
 * after the call; all must give the same line. Each record is also written as a chunk, whose fields
 * and text must be readable without damage and agree with the record.
 */
const char *evt_line(const uint8_t *p, size_t n, uint32_t flags);

/* The same in two pieces only. */
const char *evt_line_cut(const uint8_t *p, size_t n, size_t cut);

/* The context after the last reading. */
extern evx_evt evt_stream;

/* A copy of the n-th record of the last whole reading, its views alive until the next. */
enum { EVT_RECORDS = 4096 };
extern size_t evt_count;

/* A record as text by way of its image; NUL-terminated, until the next call. */
const char *evt_text(const evx_evt_record *r, uint32_t format, const char *channel);

/* The first record of a log, alive until the next call. */
const evx_evt_record *evt_first(const uint8_t *p, size_t n);

/* Numbered records of the size that makes them easy to count: 100 bytes and more. */
void evt_simple(mk_evt *f, uint8_t *mem, size_t cap, uint32_t records);
void evt_add(mk_evt *f, uint32_t records);

#endif
