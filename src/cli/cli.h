/* src/cli/cli.h - what the files of this room ask of each other */
#ifndef EVX_CLI_H
#define EVX_CLI_H

#include "output.h"
#include "system.h"
#include "sandbox.h"

/*
 * One run: options -> inputs (paths, folders, standard input) -> cli_scan, which feeds each log
 * through the library and calls the command's visitor -> status. Data goes to a cli_output, words
 * to standard error through cli_say. System calls stand in io.c, io_windows.c, child.c and
 * sandbox.c alone.
 */

/* ---- exit statuses -------------------------------------------------------------------------- */

enum {
    CLI_CLEAN = 0,
    CLI_LOST = 1,                    /* something was lost; the output is valid                */
    CLI_USAGE = 2,                   /* the call is wrong: nothing was read                    */
    CLI_NO_INPUT = 3,                /* nothing readable, or no log at all                     */
    CLI_OUTPUT = 4,                  /* the output could not be written                        */
    CLI_STUCK = 10                   /* sessions: a writer is stuck, or a session is open      */
};

/* ---- words, on standard error (say.c, json.c) ----------------------------------------------- */

/*
 * One line "evx: ..." on standard error, in one write. The whole line is made safe for terminals:
 * control characters, text-direction marks and bytes that are no UTF-8 are escaped, so paths and
 * log content may be passed with %s as they are. Lines over 4 KiB are cut.
 */
void cli_say(const char *format, ...) CLI_PRINTF(1);

/* The same; its value is CLI_USAGE. */
#define cli_usage(...) (cli_say(__VA_ARGS__), CLI_USAGE)

/*
 * Copy bytes as printable UTF-8, terminated; what is not becomes \xNN or \u{NN}. Returns the
 * bytes written without the terminator; stops at a whole character when cap (at least 1) is met.
 */
size_t cli_printable(char *to, size_t cap, const void *bytes, size_t len);

/* Controls, and the marks that hide text or turn its direction: nothing for a terminal. */
bool cli_unsafe(uint32_t code);

/* The character of UTF-8 that p begins with: its length, and its code point; 0: it is none. */
size_t cli_utf8(const uint8_t *p, size_t left, uint32_t *code);

/* ---- progress, on a terminal (progress.c) --------------------------------------------------- */

struct cli_run;
struct cli_log;

/* May there be a progress line? From now on `cli_progress` shows one, or never does. */
void cli_progress_begin(bool may);

/* How far we are. Cheap: what is shown begins after half a second, and changes now and then. */
void cli_progress(const struct cli_run *run, const struct cli_log *log);

/* Take the line away, before anything else is written to a terminal. */
void cli_progress_clear(void);

/* ---- options (args.c) ----------------------------------------------------------------------- */

enum { CLI_FLAG = 1, CLI_COUNT, CLI_VALUE };

/* One option of a command. Tables end with a zeroed row. */
typedef struct cli_option {
    const char *name;                /* long spelling, without dashes                          */
    char letter;                     /* short spelling, or 0                                   */
    uint8_t kind;
    void *to;                        /* CLI_FLAG: bool; CLI_COUNT: unsigned; CLI_VALUE: const
                                        char *, NULL until given                               */
} cli_option;

/*
 * Read a command's arguments: options in any order, `-x v`, `-xv`, `-x=v`, `--long v`, `--long=v`,
 * clusters of flags, `--` before paths. The paths are moved to the front of argv; *paths is their
 * number. CLI_CLEAN, or CLI_USAGE, said why.
 *
 * command   its name, for messages
 */
int cli_args(const char *command, const cli_option *options, int argc, char **argv, int *paths);

/* The string's number, decimal digits only. False when it is none or does not fit. */
bool cli_number(const char *text, uint64_t *n);

/* Are two words the same, the case of ASCII letters ignored? */
bool cli_same_word(const char *a, const char *b);

/* The index of `text` in a NULL-terminated list, or -1. */
int cli_choice(const char *text, const char *const *list);

/* The entry of a NULL-terminated list that is spelled most like `text`, or NULL if none is near. */
const char *cli_nearest(const char *text, const char *const *list);

/* ---- fingerprints (sha256.c) ---------------------------------------------------------------- */

enum { CLI_SHA256 = 32, CLI_SHA256_HEX = 65 };

typedef struct cli_sha256 {
    uint32_t state[8];
    uint64_t bytes;                  /* taken so far                                           */
    uint8_t block[64];
} cli_sha256;

void cli_sha256_begin(cli_sha256 *s);
void cli_sha256_take(cli_sha256 *s, const uint8_t *data, size_t len);
/* 64 lower-case digits and a NUL, of what was taken. *s is not changed. */
void cli_sha256_hex(const cli_sha256 *s, char to[CLI_SHA256_HEX]);

/* ---- inputs and the loop over them (inputs.c, scan.c) --------------------------------------- */

/* How a file begins (head.c). Nothing else decides what is a log. */
enum {
    CLI_HEAD_NONE,                   /* not as a log                                           */
    CLI_HEAD_EVTX, CLI_HEAD_LEGACY,
    CLI_HEAD_LOST,                   /* without a file header, but chunks stand in their slots */
    CLI_HEAD_CUT_OFF,                /* with a chunk: the header's block is not there          */
    CLI_LOG_HEAD = EVX_FILE_HEADER_SIZE + 8
};

/* By its first bytes, CLI_LOG_HEAD or all. */
int cli_head(const uint8_t *bytes, size_t len);

/* Is the file called a log, .evtx or .evt? */
bool cli_head_named(const char *path);

/* Does an open file begin as compressed ones do? It is read from its beginning. */
bool cli_head_packed(int fd);

/* Of an open file that is called a log, and does not begin as one: is there a chunk in any slot?
 * CLI_HEAD_NONE, CLI_HEAD_LOST or CLI_HEAD_CUT_OFF; it is read on from CLI_LOG_HEAD. */
int cli_head_search(int fd, const char *path);

/* One log that is being read. */
typedef struct cli_log {
    const char *path;                /* as people should see it: "-" is "standard input"; dies
                                        when the log ends                                      */
    const char *given;               /* as it was given or found: "-" for standard input       */
    uint32_t number;                 /* counted from 0 over the logs of a run                  */
    evx_file_header header;          /* set before the first chunk; zero for a legacy log      */
    const evx_evt *evt;              /* a legacy log: its header, and once the log ends what was
                                        found; NULL for EVTX                                   */
    uint64_t bytes;                  /* read so far                                            */
    uint64_t size;                   /* of the file when it was opened; 0: unknown. What ends
                                        before it became shorter since, and that is a loss     */
    uint64_t partial;                /* records that were read in part                         */
    uint64_t lines;                  /* what was said about it                                 */
    bool broken_off;                 /* a signal ended the reading: its sums are none          */
    bool doubt;                      /* since the last record: a loss of some records          */
    bool vague;                      /* of which nobody knows how many they were               */
    int head;                        /* CLI_HEAD_...: how an EVTX log begins                   */
    uint32_t base;                   /* where the first slot is: behind the header's block, or 0 */
    uint64_t slots;                  /* 64 KiB slots seen, empty ones too                      */
    uint32_t bytes_missing;          /* of the last slot: cut off, behind all records          */
    uint32_t damage;                 /* of the chunk being read: EVX_CHUNK_..., with its
                                        checksums where the run counts or checks them          */
    void *ahead;                     /* what the run's pool made of this chunk; or NULL        */
    cli_sha256 *sha256;              /* of the bytes read so far; NULL: nobody asked           */
    evx_ledger ledger;
} cli_log;

/* What a visitor says about a record. */
typedef struct cli_seen {
    uint64_t time;                   /* FILETIME for the ledger's loss windows; 0: none        */
    evx_status why;                  /* partial: what was wrong                                */
    uint32_t off;                    /* where, bytes from the start of the chunk; 0: unknown    */
    bool partial;                    /* only a part of it could be read                        */
} cli_seen;

/*
 * A command's side of the loop; any member but `record` may be NULL.
 * `chunk` and `record` return EVX_END to stop the whole run (the output failed, or the user asked
 * for it); the chunk and the record live until they return.
 */
typedef struct cli_visitor {
    void *user;
    /* A log begins. May begin log->ledger anew to keep its losses. */
    void (*begin)(void *user, cli_log *log);
    /* Before the records of a chunk; a legacy log has none. EVX_OK; EVX_SKIP: do not read them,
     * for a reason that is no damage and no loss. */
    evx_status (*chunk)(void *user, cli_log *log, const evx_chunk *c);
    /* A record. EVX_OK, or EVX_SKIP (sound, not wanted: the same for the ledger); < 0: lost, for
     * this reason. *seen is zeroed before the call; seen->off counts also when it was lost. */
    evx_status (*record)(void *user, cli_log *log, const evx_chunk *c, const evx_record *r,
                         cli_seen *seen);
    /* The log is finished; log->ledger and log->header are final. Not called if a signal broke it
     * off: then it has failed. */
    void (*end)(void *user, cli_log *log);
    /* A path (as in cli_log.given) that could not be read, or is no log. It was said. */
    void (*failed)(void *user, const char *path, const char *why);
    /* The next record, in place of evx_records_next. What it passes over was told the ledger. */
    evx_status (*next)(void *user, cli_log *log, evx_records *it, evx_record *r);
    /* Behind the records of a chunk, which still lives. EVX_END stops the run. */
    evx_status (*chunk_end)(void *user, cli_log *log, const evx_chunk *c);
} cli_visitor;

/* A run over inputs. Zeroed by the command, then the options are set. */
typedef struct cli_run {
    unsigned verbose;                /* -v: every loss, files left out; -vv: every chunk        */
    bool stop_after_one;             /* end at the first loss                                  */
    bool check_crc;                  /* leave out chunks whose checksums do not fit            */
    bool count_crc;                  /* read them all the same, and count them as damaged      */
    bool hash;                       /* the SHA-256 of every input, in cli_log.sha256          */
    bool lists;                      /* losses stand in the data: said one by one only with -v */
    bool streams;                    /* data go to standard output while logs are read         */
    struct cli_pool *pool;           /* NULL, or who works on the slots of files ahead         */
    /* set by cli_run_paths */
    uint64_t logs;                   /* read as logs                                           */
    uint64_t failed;                 /* paths that could not be read, or are no log            */
    uint64_t left_out;               /* things in folders that are no logs                     */
    uint64_t damaged_logs;           /* logs with losses or partial records                    */
    uint64_t records, lost, partial; /* sums over the logs                                     */
    uint64_t crc_failures, hidden;
    bool vague;                      /* `lost` is a lower bound                                */
    uint64_t bytes_missing;          /* of the logs' last slots                                */
    bool stopped;
} cli_run;

/* From now on only these paths are read, and no file is opened for writing: cli_confine, and with
 * -v what of it this system lacks. cli_run_paths does it, unless it was done before. */
void cli_run_confined(char **paths, int count, unsigned verbose);

/* Are there paths, and '-' at most once? CLI_CLEAN, or CLI_USAGE, said why. */
int cli_check_paths(const char *command, char **paths, int count);

/*
 * Read every path: a folder is searched (sorted bytewise; files told by content; regular files
 * only; links to folders are not followed), `-` is standard input. What cannot be read, and every
 * loss, is said on standard error and counted.
 */
void cli_run_paths(cli_run *run, const cli_visitor *v, char **paths, int count);

/*
 * Read one open input. EVX_OK: it was a log. EVX_E_FILE_SIGNATURE: none, and nothing was said.
 * EVX_E_FILE_SHORT: it begins as one. With *error nothing at all could be read. The visitor is
 * called for logs only.
 */
evx_status cli_scan(cli_run *run, const cli_visitor *v, cli_log *log, int fd, int *error);

/* Enter a loss in the ledger and say it, in a line, or count it when the log has had its share of
 * lines. `words` say why, or NULL for those of `why`. */
void cli_lose(cli_run *run, cli_log *log, uint64_t off, uint64_t len, evx_status why,
              const char *words);

/* Bytes that were read for the first time. */
void cli_hash(cli_log *log, evx_bytes in);

/* A record goes to the visitor, and what comes of it to the ledger and to standard error. */
void cli_visit(cli_run *run, const cli_visitor *v, cli_log *log, const evx_chunk *c,
               const evx_record *r);

/* The part of cli_scan for a legacy log; `first` is what was read of it already. */
evx_status cli_scan_evt(cli_run *run, const cli_visitor *v, cli_log *log, int fd, evx_bytes first);

/* Is the run to stop, by itself or by a signal? */
bool cli_stopping(cli_run *run);

/* The reading's part of the exit status: CLI_NO_INPUT, CLI_LOST or CLI_CLEAN. */
int cli_run_status(const cli_run *run);

/* ---- facts in words (tally.c, when.c) ------------------------------------------------------- */

/*
 * How often each name was seen. Memory grows with different names and is bounded: names are told
 * apart by their first CLI_NAME_MAX bytes, and the names of a hostile log that find no room are
 * counted without being kept. Zeroed, it is empty.
 */
enum { CLI_NAME_MAX = 1024, CLI_NAMES_MAX = 16384 };

typedef struct cli_name {
    char *text;                      /* UTF-8, not terminated                                  */
    uint32_t len, hash;
    uint64_t count;
} cli_name;

typedef struct cli_tally {
    cli_name *names;
    size_t count, cap;
    uint64_t unnamed;                /* seen without a name                                    */
    uint64_t unlisted;               /* seen with a name that found no room                    */
    bool no_memory;                  /* and that for want of memory, not by their number       */
    uint32_t slots[2 * CLI_NAMES_MAX];   /* private: index + 1, by hash; gone once sorted      */
} cli_tally;

void cli_tally_add(cli_tally *t, const evx_text_view *name);   /* NULL: unnamed                 */
void cli_tally_sort(cli_tally *t);   /* the most frequent first, then bytewise; ends adding    */
void cli_tally_clear(cli_tally *t);

/* A FILETIME as people and programs read it: "2006-09-02T02:00:00.0000000Z". */
enum { CLI_WHEN = 48 };
const char *cli_when(char to[CLI_WHEN], uint64_t filetime);

/*
 * The other way round: "2006-09-02", "2006-09-02 02:00", "2006-09-02T02:00:59.25+01:00". UTC where
 * nothing else is said; midnight where there is no clock. False when it is no such time.
 */
bool cli_when_read(const char *text, uint64_t *filetime);

/* --since and --until of a command. CLI_CLEAN (0 where `text` is NULL), or CLI_USAGE, said why. */
int cli_when_option(const char *command, const char *option, const char *text, uint64_t *filetime);

/* ---- code pages (codepage.c, tables in codepage_*.c) ---------------------------------------- */

typedef struct cli_page {
    char name[18];                   /* "" behind the last of a table                          */
    uint16_t high[128];              /* UTF-16 units for the bytes 0x80 to 0xff                */
} cli_page;

extern const cli_page cli_pages_iso[], cli_pages_windows[];

/* 128 UTF-16 units for the bytes 0x80 to 0xff, by label ("windows-1251", case ignored) or NULL. */
const uint16_t *cli_codepage(const char *label);

/* Is this the label of one with more bytes for a character? There is no table for these. */
bool cli_codepage_wide(const char *label);

/* The labels, in order; NULL past the last. */
const char *cli_codepage_name(size_t i);

/* ---- commands ------------------------------------------------------------------------------- */

/* argv holds what stands behind the command's name. Returns the exit status. */
typedef int (*cli_main)(int argc, char **argv);

int cmd_bench(int argc, char **argv);
int cmd_carve(int argc, char **argv);
int cmd_dump(int argc, char **argv);
int cmd_info(int argc, char **argv);
int cmd_sessions(int argc, char **argv);
int cmd_verify(int argc, char **argv);

/* "evx x.y.z" on standard output: CLI_CLEAN or CLI_OUTPUT (main.c). */
int cli_version(void);

/* The best set for this machine, asked for once: in a virtual machine that takes long. */
const evx_kernels *cli_kernels(void);

/* Print a help text on standard output: CLI_CLEAN or CLI_OUTPUT. */
int cli_help(const char *text);

#endif
