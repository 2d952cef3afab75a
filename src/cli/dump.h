/* src/cli/dump.h - what the files of evx dump ask of each other */
#ifndef EVX_CLI_DUMP_H
#define EVX_CLI_DUMP_H

#include "info.h"

typedef struct dump_range {
    uint64_t first, last;            /* record numbers, both included                          */
} dump_range;

/* Options as given. */
typedef struct dump_arguments {
    const char *format, *style, *output, *ledger, *events, *since, *until, *codec, *threads, *wevt;
    const char *event_id, *record_id, *provider, *channel, *computer, *level, *exclude;
    bool sure, compact, separate, bare, root, recover, check_crc, hash, stop, help, version;
    unsigned verbose;
} dump_arguments;

/* What they mean. */
typedef struct dump_options {
    evx_text_config config;          /* format, flags, code page                               */
    bool numbered;                   /* a line "Record N" before each record                   */
    bool root;                       /* one XML document                                       */
    bool lines;                      /* a line break behind each record                        */
    dump_range *ranges;              /* of --events; freed by dump_options_free                */
    size_t range_count;
    unsigned threads;                /* that render: at least 1                                */
    bool filtered;                   /* is there anything in the filter?                       */
    evx_filter filter;
} dump_options;

/* CLI_CLEAN, or CLI_USAGE, said why. */
int dump_options_read(dump_options *d, const dump_arguments *a);
void dump_options_free(dump_options *d);

#endif
