/* src/cli/system.h - what this room asks of the system: files, terminals, other programs */
#ifndef EVX_CLI_SYSTEM_H
#define EVX_CLI_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- system calls (io.c; io_windows.c) ------------------------------------------------------ */

enum { CLI_IN = 0, CLI_OUT = 1, CLI_ERR = 2 };   /* the standard descriptors                    */

/* What stands behind a path. */
enum { CLI_FILE = 1, CLI_FOLDER, CLI_LINK_TO_FOLDER, CLI_OTHER };

/* Ignore SIGPIPE and SIGXFSZ, catch what asks for an end, make sure that descriptors 0 to 2 are
 * taken, set binary mode. Returns the program's words as UTF-8, and their number, where those of
 * main are none. */
char **cli_io_begin(int *argc, char **argv);

/* The signal that asked for an end (SIGINT, SIGTERM, SIGHUP), or 0. Then nothing more is read; what
 * was begun is brought to an end that makes the output valid. Windows ends a program itself. */
int cli_interrupted(void);

/* The program's exit status; ends by the signal that was caught, unless the output failed. */
int cli_io_end(int status);

/* Errors below are errno values; 0 is none. Words for one: */
const char *cli_error_text(int error);

bool cli_is_terminal(int fd);

/* Columns of a terminal; 80 when they cannot be told. */
unsigned cli_columns(int fd);

/* How many this process may use; at least 1. */
unsigned cli_processors(void);

/* The processor this thread is on; -1: cannot be told. */
int cli_processor(void);

/* If this thread is on that one, go to another that it may use: another one for each `number`, as
 * far as there are. Linux lets a new thread begin where its maker is, and may take 10 ms to see
 * that another processor is idle. */
void cli_leave_processor(int taken, unsigned number);

/* Milliseconds of a clock that only goes forward. */
uint64_t cli_clock(void);

/* The same in nanoseconds, as far as the system tells them apart. */
uint64_t cli_clock_ns(void);

/* What a path is, links followed: CLI_FILE ...; 0 and *error when it cannot be told. With
 * `no_follow` a link to a folder is CLI_LINK_TO_FOLDER. */
int cli_kind(const char *path, bool no_follow, int *error);

/* Do two paths lead to one file? */
bool cli_same_file(const char *a, const char *b);

/* Is standard output a regular file, and this path (NULL: standard input) leads to it? */
bool cli_is_output(const char *path);

/* Open for reading. `regular`: refuse whatever is no regular file (EINVAL), without waiting for a
 * FIFO's writer. A descriptor, or -1 and *error. */
int cli_open(const char *path, bool regular, int *error);

/* Bytes of a regular file from where it is read; 0 when it is none, or cannot be told. */
uint64_t cli_size(int fd);

/* Fill `buf` as far as the input reaches: loops over short reads and interrupts. Fewer than `len`
 * bytes only at the end of the input, or with *error: EINTR, if a signal asked for an end. */
size_t cli_read(int fd, uint8_t *buf, size_t len, int *error);

/* The same of a regular file from a place on; where cli_read goes on is not known behind it. For
 * threads. */
size_t cli_read_at(int fd, uint64_t off, uint8_t *buf, size_t len, int *error);

/* Write all of it. 0, or errno. */
int cli_write(int fd, const void *data, size_t len);

/* Step back `by` bytes in a file, so that they are read again. False: it is none. */
bool cli_back(int fd, uint64_t by);

/* Go to a byte of a file. False: it cannot be done, as in a pipe. */
bool cli_seek(int fd, uint64_t off);
uint64_t cli_place(int fd);          /* of the next byte, in a file                            */

int cli_close(int fd);               /* 0, or errno                                            */

/* Is this error that of a reader that went away? */
bool cli_is_pipe_error(int error);

/* Open for writing: emptied if it exists, made if not, its parent folders too. */
int cli_create(const char *path, int *error);

/* The names in a folder but "." and "..", sorted bytewise; freed with cli_names_free. */
typedef struct cli_names {
    char **names;
    size_t count, cap;
} cli_names;

int  cli_names_read(cli_names *n, const char *folder);   /* 0, or errno                         */
int  cli_names_keep(cli_names *n, const char *name);     /* the same; the rest is in names.c    */
void cli_names_sort(cli_names *n);
void cli_names_free(cli_names *n);

/* ---- other programs (child.c) --------------------------------------------------------------- */

/* A program that is run to its end, without input and without its words for people. */
typedef struct cli_child {
    char **argv;                     /* its path and its arguments, NULL behind the last       */
    int (*own)(int argc, char **argv);   /* NULL; or it is this program: the command argv[1]   */
    /* what came of it */
    int status;                      /* its exit status; 128 + n: ended by signal n            */
    uint64_t ns;                     /* from before its start to its end                       */
    uint64_t peak;                   /* bytes of memory; never less than ours at its start     */
    uint64_t lines;                  /* of its output, if we listened                          */
    size_t head_len;
    char head[128];                  /* how its output begins, terminated                      */
} cli_child;

/* Can programs be run on this system? Not on Windows, so far. */
bool cli_children(void);

/* The most memory that this process itself has had in use so far, in bytes; 0: unknown. */
uint64_t cli_peak(void);

/* Look for a program on the PATH: `to` gets where it is. */
bool cli_program(const char *name, char *to, size_t cap);

/* Run it. `listen`: read its output; else it goes to nowhere. False: it could not be run. */
bool cli_child_run(cli_child *c, bool listen);

#endif
