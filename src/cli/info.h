/* src/cli/info.h - what evx info knows about one log */
#ifndef EVX_CLI_INFO_H
#define EVX_CLI_INFO_H

#include "cli.h"

enum { INFO_RUNS_MAX = 1024, INFO_LOSSES_MAX = 65536 };

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
    const cli_log *log;
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
} info;

/* "ascending", "ring", "mixed"; "none" without records; "unknown" without an end record. */
const char *info_order(const info *i);

void info_text(cli_output *o, const info *i, bool all);
void info_json(cli_output *o, const info *i);
void info_json_failed(cli_output *o, const char *path, const char *why);

#endif
