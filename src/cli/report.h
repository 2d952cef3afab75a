/* src/cli/report.h - what evx sessions knows: files, computers, events, losses, the answer */
#ifndef EVX_CLI_REPORT_H
#define EVX_CLI_REPORT_H

#include "cli.h"

/*
 * One pass over the inputs (report_read.c) gathers the writer's events and the little that must be
 * known of all others: when each computer was last heard of, where record ids start again, what
 * was lost. The library solves. What is shown of its answer is decided once (report_show.c); the
 * neighbours of a session that left the flag set are looked up in a second, short pass
 * (report_near.c). Text and JSON then only print.
 */

/* Memory for `count` items and one more: the array, moved perhaps. Ends the program when there is
 * none. */
void *report_more(void *array, size_t count, size_t *cap, size_t size);

/* The same for zeroed memory, and for a copy of some text, terminated. */
void *report_zeroed(size_t count, size_t size);
char *report_copy(const void *text, size_t len);

/* ---- names -> numbers (report_names.c) ------------------------------------------------------- */

/* Numbers from 0 in order of appearance. ASCII case is ignored; the first spelling is kept. */
typedef struct report_name {
    char *text;
    uint32_t len, hash;
    uint64_t last;                   /* computers: FILETIME of the last event,                 */
    uint64_t first, first_id;        /* and of the first one; its record id                    */
    bool writes;                     /* computers, channels: events of the writer were seen    */
} report_name;

typedef struct report_names {
    report_name *names;
    size_t count, cap;
    uint32_t *slots;                 /* private: number + 1, by hash                           */
    size_t slot_count;
    uint8_t last[128];               /* private: the bytes of the name that was asked for last */
    uint32_t last_len, last_number;
    uint8_t last_utf8;
    bool has_last;
} report_names;

#define REPORT_NO_NAME 0xffffffffu

/* The number of a name; a new one if `most` names are not yet known, else REPORT_NO_NAME. */
uint32_t report_number(report_names *t, const evx_text_view *name, size_t most);

/* The same for a field of a record; "" where it is not there. */
uint32_t report_number_of(report_names *t, const evx_fields *f, uint32_t bit,
                          const evx_text_view *view, size_t most);

/* A letter as it counts in comparisons. */
uint8_t report_fold(uint8_t c);

/* The names have changed their places: numbers are those of the new ones. */
void report_names_moved(report_names *t);

/* A record of this computer: when was it heard of? */
void report_heard_of(report_name *n, const evx_fields *f);

/* The number of a name, or REPORT_NO_NAME. */
uint32_t report_find(const report_names *t, const char *name);

const char *report_text_of(const report_names *t, uint32_t number, size_t *len);

/* ---- what was read --------------------------------------------------------------------------- */

typedef struct report_file {
    char *path;                      /* as given or found; "-": standard input                 */
    char *error;                     /* why it was not read; or NULL                           */
    uint64_t records, vss_events, lost_records, lost_bytes, crc_failures;
    uint64_t first, last;            /* FILETIMEs of its records, as far as they were looked at */
    uint32_t computer;               /* the only one, else EVX_ANY_COMPUTER                    */
    uint32_t channel;                /* the only one, else REPORT_NO_NAME                      */
    bool any_computer, any_channel;  /* one was seen                                           */
    int head;                        /* CLI_HEAD_...                                           */
    bool vague;                      /* lost_records is a lower bound                          */
    bool renumbered;                 /* records have other ids in their headers than they say  */
    bool legacy;                     /* no EVTX: its near events were remembered               */
    size_t first_loss, losses;       /* a run in report.losses                                 */
    size_t first_span, spans;        /* a run in report.spans                                  */
} report_file;

/* A stretch in which record ids rise, of one computer's channel. */
typedef struct report_stretch {
    uint32_t computer, channel, file;
    uint64_t first_time, last_time, first_id, last_id;
    uint64_t began;                  /* the time of the first one, whatever came then          */
} report_stretch;

/* A log that was cleared: records with ids from some number are gone. */
typedef struct report_clearing {
    uint32_t computer;
    uint64_t from, to;               /* FILETIMEs of its neighbours                            */
} report_clearing;

/* Somebody's event, for "which program was it?" */
typedef struct report_entry {
    uint64_t time, record_id;
    uint32_t computer, provider, event_id;
} report_entry;

/* Chunks in a row, and when their first and last records were logged. */
typedef struct report_span {
    uint64_t off, end;               /* in the file                                           */
    uint64_t low, high;              /* FILETIMEs; low 0: not known                           */
} report_span;

/* Another provider near the beginning of a session. */
enum { REPORT_IDS_MAX = 12, REPORT_NEAR_MAX = 64 };

typedef struct report_provider {
    uint32_t provider, ids;          /* ids: how many below; more were seen if `more`          */
    uint32_t event_ids[REPORT_IDS_MAX];
    uint64_t events;
    bool usual, more;                /* usual: noise that stands beside any backup             */
} report_provider;

typedef struct report_near {
    int32_t session;
    uint64_t from, to;               /* FILETIMEs                                              */
    size_t providers;
    report_provider provider[REPORT_NEAR_MAX];
} report_near;

typedef struct report_args {
    bool json, jsonl, events, help, version;
    unsigned verbose;
    const char *since_text, *until_text, *computer;
    uint64_t since, until;           /* FILETIMEs; 0: none                                     */
} report_args;

typedef struct report {
    report_args args;
    report_names computers, channels, providers;
    report_file *files;
    size_t file_count, file_cap;
    evx_vss_event *events;
    size_t event_count, event_cap;
    uint32_t *doubts;                /* indexes of those in chunks with a wrong checksum       */
    size_t doubt_count, doubt_cap;
    evx_loss *losses;                /* of all files; for the library, see report_losses       */
    size_t loss_count, loss_cap;
    report_clearing *clearings;
    size_t clearing_count, clearing_cap;
    report_stretch *stretches;
    size_t stretch_count, stretch_cap;
    report_span *spans;              /* where to look for what was logged when                 */
    size_t span_count, span_cap;
    report_entry *entries;           /* around sessions; see report_near.c                     */
    size_t entry_count, entry_cap;
    report_near *nears;
    size_t near_count;
    evx_vss_result out;
    int32_t *place;                  /* by session: its index among those shown, or -1         */
    int32_t *first_block, *next_block;   /* by session: those that it blocked, as a list       */
    uint32_t *by_rank;               /* events in order of computer and time                   */
} report;

/* Whose a record is; REPORT_NO_NAME once there are too many others. */
typedef struct report_whose {
    uint32_t computer, channel;
} report_whose;

report_whose report_whose_of(report *r, const evx_fields *f);

/* ---- reading (report_read.c, report_clear.c) ------------------------------------------------- */

/* Read all inputs into *r. */
void report_read(report *r, cli_run *run, char **paths, int count);

/* Numbers of computers in the order of their names, wherever they stand. (report_order.c) */
void report_order_computers(report *r);

/* Note where a record of a channel stands: do its ids still rise? */
void report_place(report *r, uint32_t file, uint32_t computer, uint32_t channel, uint64_t time,
                  uint64_t id);

/* Leave out events of chunks with a wrong checksum, where another log has the same records in sound
 * ones; before anything refers to events. (report_doubt.c) */
void report_leave_doubtful(report *r);

/* From stretches to clearings, on computers and in channels where the writer logs. */
void report_find_clearings(report *r);

/* The first clearing of this computer or a later one; they stand in order of computer and time. */
size_t report_clearings_of(const report *r, uint32_t computer);

/* Where a log lost its end: another one's first record may stand behind it. `looks` counts what it
 * takes to know, over all losses; stretches were sorted by report_find_clearings.
 * (report_follow.c) */
void report_follow(const report *r, evx_loss *loss, uint32_t *looks);

/* The losses that concern the writer's channels, clearings included, for the library. Freed by the
 * caller. */
evx_loss *report_losses(const report *r, size_t *count);

/* ---- what is shown (report_show.c) ----------------------------------------------------------- */

/* Decide which sessions are shown: r->place, and what else is by session, or by rank. */
void report_choose(report *r);

bool report_shows_computer(const report *r, uint32_t computer);
bool report_shows_time(const report *r, uint64_t time);      /* 0: unknown, shown              */

/* The exit status by R13, but for the output. */
int report_status(const report *r, const cli_run *run);

/* Has this session left the flag set, as far as the log tells? */
bool report_left_set(const evx_vss_session *s);

/* Of a session that a block proves: its beginning lies behind this event; NULL: before all. */
const evx_vss_event *report_after(const report *r, const evx_vss_session *s);

/* Why its state is unknown, or NULL. */
const char *report_reason(const evx_vss_session *s);

/* What to do, by the KB: the i-th line, or NULL. */
const char *report_remedy(const report *r, const evx_vss_writer *w, size_t i);

/* The session that the verdict is about: the one that holds the flag, or was the last to block;
 * or NULL. */
const evx_vss_session *report_subject(const report *r, const evx_vss_writer *w);

/* The events that the verdict rests on: what they prove, oldest first. Returns how many. */
enum { REPORT_EVIDENCE = 4 };

typedef struct report_evidence {
    int32_t event;
    const char *proves;
} report_evidence;

size_t report_evidence_of(const report *r, const evx_vss_writer *w,
                          report_evidence list[REPORT_EVIDENCE]);

/* ---- neighbours (report_near.c, report_window.c) --------------------------------------------- */

/* While reading standard input, which cannot be read twice: remember this record for a while. */
void report_remember(report *r, const evx_fields *f, uint32_t computer);

/* Find the neighbours of all sessions that left the flag set. */
void report_find_near(report *r);

const report_near *report_near_of(const report *r, int32_t session);

/* Add an entry, names looked up. */
void report_enter(report *r, const evx_fields *f, uint32_t computer);

/* The losses of the last file, whose ledger this is. */
void report_keep_losses(report *r, report_file *f, const evx_ledger *l);

/* A chunk of the last file has its records' times between these two; low 0: they are not known. */
void report_add_span(report *r, const evx_chunk *c, uint64_t low, uint64_t high);

/* Enter the records of a file which lie in one of these windows. */
void report_read_window(report *r, const report_file *f);

/* The command that shows the records around a session's beginning. */
void report_command(const report *r, const report_near *n, char *to, size_t cap);

/* ---- printing -------------------------------------------------------------------------------- */

void report_text(report *r, cli_output *o, const cli_run *run);
void report_json(report *r, cli_output *o);
void report_json_lines(report *r, cli_output *o);

/* A name by its number; `none` where it has no characters. */
void report_put_name(cli_output *o, const report_names *t, uint32_t number, const char *none);

/* Files that were not read, or lost records; logs that were cleared. */
void report_missing(cli_output *o, const report *r);

/* The computer that was asked for has no writer events: those that have. */
void report_other_computers(cli_output *o, const report *r);

/* One event in a line; `proves`: what, or NULL. Further lines begin at column `indent` + 2. */
void report_event(const report *r, cli_output *o, const evx_vss_event *e, const char *proves,
                  unsigned indent, unsigned width);

/* The neighbours of a writer's sessions that left the flag set (report_who.c). */
void report_who(const report *r, cli_output *o, const evx_vss_writer *w, unsigned width);

/* report_table.c: the events of a writer that belong to no session */
void report_stray(const report *r, cli_output *o, const evx_vss_writer *w, unsigned width);

/* report_table.c: the timeline of a writer */
void report_timeline(const report *r, cli_output *o, const evx_vss_writer *w, unsigned width);

/* report_words.c */
enum { REPORT_TOOK = 32, REPORT_STAMP = 40 };

/* "2006-09-02 02:00:00", or "-" for 0. */
const char *report_stamp(char to[REPORT_STAMP], uint64_t filetime);

/* "41m 12s", "3d 4h"; 10,000,000 ticks are a second. */
const char *report_took(char to[REPORT_TOOK], uint64_t ticks);

/* Columns that printable UTF-8 takes. */
unsigned report_width(const char *text, size_t len);

/* A line that is put together; what does not fit is left out. */
enum { REPORT_LINE = 4096 };

typedef struct report_line {
    char text[REPORT_LINE];
    size_t len;
} report_line;

void report_clear_line(report_line *w);
void report_add(report_line *w, const char *format, ...) CLI_PRINTF(2);

/* Text that nobody has checked, made safe for a terminal. */
void report_add_printable(report_line *w, const void *bytes, size_t len);

/* Blanks, from one column to another. */
void report_pad(cli_output *o, unsigned from, unsigned to);

/* Words, wrapped: the first line begins at column `at`, others at column `indent`. */
void report_wrap(cli_output *o, const char *text, unsigned at, unsigned indent, unsigned width);

void report_guid(char to[37], const evx_guid *g);

/* "instance GUID", or "the one without an instance". Returns `to`. */
enum { REPORT_INSTANCE = 48 };
const char *report_instance(char to[REPORT_INSTANCE], const evx_vss_writer *w);

/* Colours, where they are wanted. */
enum { REPORT_PLAIN, REPORT_BOLD, REPORT_RED, REPORT_YELLOW, REPORT_GREEN, REPORT_DIM };
void report_colours(bool wanted);
const char *report_colour(int which);

/* A payload's characters up to its NUL, as UTF-8. */
enum { REPORT_PAYLOAD = 2 * EVX_VSS_TEXT_MAX };
size_t report_payload(char to[REPORT_PAYLOAD], const evx_vss_event *e);

/* The i-th insertion string of an event; NULL past the last. */
const char *report_string(const evx_vss_event *e, uint32_t i, size_t *len);

/* ---- the events of a session, the sessions of a writer --------------------------------------- */

/* The event behind this one that belongs to the same session, or -1. */
int32_t report_next_event(const report *r, const evx_vss_session *s, int32_t event);

#endif
