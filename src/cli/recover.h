/* src/cli/recover.h - records that are in no order of a log: proved, marked, written once */
#ifndef EVX_CLI_RECOVER_H
#define EVX_CLI_RECOVER_H

#include "info.h"
#include "wevt.h"

enum { RECOVER_MISSING = 8 };        /* ids that are listed                                    */

typedef struct recover {
    cli_output *to;
    bool json, numbered, declared;   /* the shape of what is written                           */
    wevt_store templates;            /* of --wevt; count 0: none                               */
    /* Is a record that can be read wanted? NULL: all are.                                     */
    bool (*wanted)(void *user, const evx_chunk *c, const evx_record *r);
    void *user;
    uint64_t proved, values;         /* written: as text; as values, since templates are lost  */
    uint64_t grafted;                /* written as text, with a provider's template            */
    uint32_t missing[RECOVER_MISSING];   /* ids that records lack and no provider has          */
    size_t missing_count;            /* may be one more than are listed                        */
    uint64_t duplicates, unproved;   /* not written: written before; no record after all       */
    uint32_t wasted;                 /* bytes of what was no record, in this stretch           */
    uint64_t stretch, spent;         /* 64 KiB of the input, and how much text they have cost  */
    evx_text text;
    evx_walk walk;
} recover;

/* `config` as for the command's own records; `wevt`, NULL or a path, is read too. False: there is
 * nothing in it, or the library is of another version. */
bool recover_init(recover *r, const evx_text_config *config, bool numbered, const char *wevt,
                  cli_output *to);

/* Another input begins. */
void recover_renew(recover *r);

/* A record that was written in another way: it need not be written again. */
void recover_note(const evx_chunk *c, const evx_record *r);

/*
 * Write a record if it proves itself, with templates of --wevt if need be; if its templates are
 * lost and `values` are wanted, its values. Marked with `how` it was found and where. EVX_OK: it
 * was written, now or before, or is not wanted. EVX_SKIP: it is no record, and counted. EVX_END:
 * the output failed.
 */
evx_status recover_put(recover *x, const evx_chunk *c, const evx_record *r, const char *how,
                       bool values);

/* A record of a log that does not prove itself as it stands, but does with templates of --wevt:
 * written, and EVX_OK; EVX_SKIP; EVX_END: the output failed. */
evx_status recover_wevt(recover *x, const evx_chunk *c, const evx_record *r);

/* The records that were hidden inside this one, and those behind the last of a chunk. */
evx_status recover_hidden(recover *x, const evx_chunk *c, const evx_record *parent);
evx_status recover_slack(recover *x, const evx_chunk *c);

/*
 * What was found at r->off is no record, so it may have lied about its size: go on inside it. In
 * bytes that are made of such lies that would take for ever: so only as long as no more than some
 * times the stretch was looked at in vain. Returns where to go on.
 */
uint32_t recover_step(recover *x, const evx_record *r, uint32_t step);

/* One line on standard error. */
void recover_say(const recover *x);

#endif
