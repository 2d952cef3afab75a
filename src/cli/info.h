/* src/cli/info.h - what evx info and evx verify know about one log */
#ifndef EVX_CLI_INFO_H
#define EVX_CLI_INFO_H

#include "cli.h"

enum { INFO_RUNS_MAX = 1024, INFO_LOSSES_MAX = 65536, INFO_HINTS_MAX = 8192 };

typedef struct info_range {
    uint64_t first, last;
    bool any;
} info_range;

/* Neighbouring chunks whose first ids ascend. A log is one run, a ring that has wrapped is two. */
typedef struct info_run {
    uint64_t first_slot, last_slot;
    uint64_t first_id, last_id;      /* the first record's, and the highest; of the headers     */
} info_run;

/* Chunks by what is wrong with them. A chunk may stand in several of these. */
typedef struct info_damage {
    uint64_t any, no_signature, free_off, cut, header_crc, data_crc;
} info_damage;

typedef struct info {
    cli_log *log;
    uint64_t chunks;                 /* seen with their header                                 */
    info_damage damage;
    info_range times;                /* TimeCreated                                            */
    info_range ids;                  /* EventRecordID                                          */
    info_range header_ids;           /* the record headers' copies                             */
    uint64_t oldest_slot, newest_slot;   /* those of the lowest and the highest header id       */
    uint64_t last_chunk_off;         /* file offset of the chunk of the last record            */
    uint64_t place_id;               /* the header id of that chunk's first record             */
    size_t runs;                     /* may exceed INFO_RUNS_MAX                               */
    info_run run[INFO_RUNS_MAX];
    cli_tally providers, channels, computers;
    evx_loss losses[INFO_LOSSES_MAX];
    evx_hint hints[INFO_HINTS_MAX];
} info;

/* A log begins: its ledger keeps losses and hints here. */
void info_begin(info *i, cli_log *log);
/* A chunk, with the damage that the log's run has found. */
void info_chunk(info *i);
/* Records hidden inside this one become hints. */
void info_hidden(info *i, const evx_chunk *c, const evx_record *r);
/* Where the record's binary XML really ends, bytes from the start of the chunk; 0: nowhere. */
uint32_t info_record_end(const evx_chunk *c, const evx_record *r);
/* The log has ended: chunks too short for a header, which nobody visits, are counted. */
void info_end(info *i);

/* "ascending", "ring", "mixed"; "none" without records; "unknown" without an end record. */
const char *info_order(const info *i);

void info_text(cli_output *o, const info *i, bool all);
void info_json(cli_output *o, const info *i);
void info_json_failed(cli_output *o, const char *path, const char *why);

/* The parts that evx verify has in common. */
void info_text_file(cli_output *o, const info *i);       /* path, size, header                 */
void info_text_books(cli_output *o, const info *i);      /* chunks, records                    */
void info_text_losses(cli_output *o, const info *i, bool all);
void info_json_file(cli_output *o, const info *i);       /* "{" and members up to "header"     */
void info_json_books(cli_output *o, const info *i);      /* ,"chunks":..,"records":..          */
void info_json_losses(cli_output *o, const info *i);     /* ,"losses":..                       */
void info_json_key(cli_output *o, const char *name, bool first);

/* ---- verify_text.c, verify_json.c ----------------------------------------------------------- */

typedef struct verify_total {
    uint64_t logs, failed;           /* inputs that are logs, and those that could not be read */
    uint64_t chunks, records, decoded, recovered, lost, lost_bytes, unexplained, crc_failures;
    uint64_t id_gaps, ids_missing, time_reversals, hidden, hints, bytes_missing;
    bool vague;                      /* `lost` is a lower bound                                */
} verify_total;

void verify_add(verify_total *t, const info *i);
void verify_text(cli_output *o, const info *i, bool all);
void verify_text_total(cli_output *o, const verify_total *t);

/* The document of schema evx.verify/1: begin, a file or a failure each, end. */
void verify_json_begin(cli_output *o, const char *command);
void verify_json(cli_output *o, const info *i, const verify_total *before);
void verify_json_failed(cli_output *o, const char *path, const char *why,
                        const verify_total *before);
void verify_json_end(cli_output *o, const verify_total *t);

#endif
