/* src/cli/scan.h - a log that is being read */
#ifndef EVX_CLI_SCAN_H
#define EVX_CLI_SCAN_H

#include "cli.h"

/* Lines about one log before the rest is only counted: a screenful and a half. */
enum { LINES_MAX = 36 };

typedef struct cli_scanner {
    cli_run *run;
    const cli_visitor *v;
    cli_log *log;
    const evx_kernels *kernels;
    evx_stream stream;
} cli_scanner;

/* A slot of the file: its chunk, its records, what is lost of them. */
void cli_scan_window(cli_scanner *s, const evx_window *w);

#endif
