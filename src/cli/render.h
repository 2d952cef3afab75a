/* src/cli/render.h - chosen records -> text: what evx dump does with one, here or in a thread */
#ifndef EVX_CLI_RENDER_H
#define EVX_CLI_RENDER_H

#include "dump.h"
#include "pool.h"

enum { RENDER_HEADING = 32 };

/* What one thread needs for it. */
typedef struct renderer {
    const dump_options *is;
    evx_text text;
    evx_reader reader;
    uint64_t *work, *arena, *memory;
    uint32_t chosen;                 /* a record that render_next has found wanted, or 0       */
    uint64_t headed;                 /* the last record with a heading                         */
    uint32_t heading_len;
    char heading[RENDER_HEADING];
} renderer;

/* What came of a record. */
typedef struct rendered {
    bool wanted;
    evx_status st, failed;           /* of evx_text_record, and its t->failed                  */
    uint32_t damage, failed_off;
    uint32_t len;                    /* bytes of text, with heading and line break             */
} rendered;

/* A chunk's records in order, and their text, one behind the other. */
typedef struct rendered_chunk rendered_chunk;

/* False: no memory, or the library is of another version. */
bool render_begin(renderer *x, const dump_options *is);
void render_end(renderer *x);

/* Another file begins, or another chunk in the same memory. */
void render_renew(renderer *x);

/* Does the record meet the conditions? What they cannot read is judged where it is wanted. */
bool render_wanted(renderer *x, const evx_chunk *c, const evx_record *r);

/* The next record that is wanted, or of which there is anything else to say; those in front of it
 * go into the ledger. render_record does not ask again. */
evx_status render_next(renderer *x, cli_log *log, evx_records *it, evx_record *r);

/* Write a record to `out`, if it is wanted: all of it, or nothing. */
void render_record(renderer *x, const evx_chunk *c, const evx_record *r, evx_out *out,
                   rendered *to);

/* The same for all records of chunks, ahead. NULL: it has to go without. */
cli_pool *render_ahead(dump_options *is, unsigned threads);

/*
 * If nothing is to be said about any record of a chunk that was rendered ahead: their text at once,
 * and they go into the ledger. False: nothing was done, they are asked for one by one.
 */
bool rendered_whole(rendered_chunk *x, const evx_chunk *c, evx_ledger *l, const uint8_t **text,
                    size_t *len);

/* The next record of a chunk that was rendered ahead; NULL: it was not. *text: its text. */
const rendered *rendered_next(rendered_chunk *c, const uint8_t **text);

#endif
