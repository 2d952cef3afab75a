/* tests/vss/scenario.h - a line of words -> events and losses -> sessions and verdicts in a line */
#ifndef SCENARIO_H
#define SCENARIO_H

#include "evx/vss.h"

/*
 * Words, separated by blanks, in the order of the input. Each event comes a minute after the one
 * before it and has the next record id, but for:
 *
 *   9607b  payload "Backup in progress."     9614i  payload "Abort ignored."
 *   9607x  code 0x50d, no payload            9607e  code -2403
 *   9607p  another payload                   A:9606 an instance (A to D)
 *   9606t  without a time                    9606r  without a record id
 *   9606c  without a channel                 =9606  at the time of the event before it
 *   @30    go to minute 30                   #5     go to record id 5
 *   /      the next file: record ids go on   /#     the next file, record ids from 1
 *   &1     from now on computer 1            *name  channel of this name
 *   !      a loss between its neighbours     !1     the same, but of computer 1 only
 */
enum { SCENARIO_MAX = 256 };

typedef struct scenario {
    evx_vss_event events[SCENARIO_MAX];
    evx_loss losses[SCENARIO_MAX];
    size_t event_count, loss_count;
    uint64_t last_seen[4];
    /* the result */
    evx_vss_session sessions[2 * SCENARIO_MAX];
    evx_vss_writer writers[SCENARIO_MAX];
    evx_vss_result out;
} scenario;

#define MINUTE 600000000ull
#define EPOCH 127881504000000000ull  /* minute 0: 2006-04-01T00:00:00Z                         */

/* Read words; stops the program when one is none. */
void scenario_read(scenario *s, const char *words);

/* Sort and solve. */
void scenario_solve(scenario *s);

/*
 * The result: writers separated by "; ", each its sessions in order, then "| verdict".
 * A session is a state, then `?` (not certain), `<2` (blocked by session 2 of the same writer),
 * `<B` (candidate: instance B).
 */
const char *scenario_result(const scenario *s);

/* The windows: each session as state[begin,end], in minutes, `-` where null; then since. */
const char *scenario_windows(const scenario *s);

/* Which session each event belongs to, in order of time: "0 0 1 - 2". */
const char *scenario_members(const scenario *s);

/* All three steps. */
const char *solved(const char *words);
const char *windows(const char *words);
const char *members(const char *words);

/* A log, and what one of the three says about it. */
typedef struct row {
    const char *words, *expected;
} row;

void check_rows(const char *(*view)(const char *words), const row *rows, size_t count);

#define RESULTS(rows) check_rows(solved, rows, sizeof(rows) / sizeof((rows)[0]))
#define WINDOWS(rows) check_rows(windows, rows, sizeof(rows) / sizeof((rows)[0]))
#define MEMBERS(rows) check_rows(members, rows, sizeof(rows) / sizeof((rows)[0]))

#endif
