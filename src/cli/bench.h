/* src/cli/bench.h - what the files of evx bench ask of each other */
#ifndef EVX_CLI_BENCH_H
#define EVX_CLI_BENCH_H

#include "cli.h"

enum { BENCH_ROUNDS_MAX = 99 };

/* What is measured, each with the reading of the files. */
enum {
    BENCH_READ,                      /* their bytes                                            */
    BENCH_SCAN,                      /* chunks and the heads of records                        */
    BENCH_FIELDS,                    /* and System fields, data, payload                       */
    BENCH_WALK,                      /* and, instead, every token                              */
    BENCH_JSONL,                     /* and, instead, JSON                                     */
    BENCH_XML,                       /* and, instead, XML                                      */
    BENCH_STAGES
};

/* How long something took, in ns, round by round. */
typedef struct bench_times {
    uint64_t round[BENCH_ROUNDS_MAX];
} bench_times;

typedef struct bench_log {
    char *path;
    bool headless;                   /* its header is lost: see evx_stream_headless            */
} bench_log;

/* A program that writes the same records. */
typedef struct bench_program {
    uint64_t records, peak;
    bool failed;
    bench_times times;
} bench_program;

typedef struct bench {
    bench_log *logs;
    size_t count, cap;
    uint64_t bytes, records, legacy; /* legacy logs are left out                               */
    unsigned rounds;                 /* that were measured                                     */
    uint64_t peak;                   /* of this process, after all of them                     */
    bench_times stage[BENCH_STAGES];
    uint64_t text[BENCH_STAGES];     /* bytes of text that a round makes                       */
    bool compared;                   /* is there a rival?                                      */
    char rival[512], version[128];   /* where it is, and what it calls itself                  */
    bench_program ours, theirs;
} bench;

/* A round of a stage, over all logs: its ns. False: no memory, a log that went away, both said; or
 * a signal. *text: bytes of text that were made. */
bool bench_stage(const bench *b, unsigned stage, uint64_t *ns, uint64_t *text);
void bench_stages_end(void);

/* Look for the rival on the PATH. */
void bench_rival_find(bench *b);

/* Count its records and ours. */
void bench_rival_count(bench *b);

/* A round: both over all logs, a process for each log; who is first changes from round to round. */
void bench_rival_round(bench *b, unsigned round);

/* ---- results ------------------------------------------------------------------------------- */

uint64_t bench_median(const bench_times *t, unsigned rounds);
uint64_t bench_least(const bench_times *t, unsigned rounds);
uint64_t bench_most(const bench_times *t, unsigned rounds);

/* How much longer `theirs` took than `ours`, in thousandths: the median over the pairs. */
uint64_t bench_ratio(const bench_times *theirs, const bench_times *ours, unsigned rounds);

/* n a second, if `ns` were needed for so many. */
uint64_t bench_rate(uint64_t n, uint64_t ns);

void bench_text(cli_output *o, const bench *b);
void bench_json(cli_output *o, const bench *b);

#endif
