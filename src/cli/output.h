/* src/cli/output.h - data for programs: one buffered output, to standard output or a file */
#ifndef EVX_CLI_OUTPUT_H
#define EVX_CLI_OUTPUT_H

#include "evx.h"

#if defined(__MINGW32__)
#define CLI_PRINTF(at) __attribute__((format(gnu_printf, at, (at) + 1)))
#elif defined(__GNUC__)
#define CLI_PRINTF(at) __attribute__((format(printf, at, (at) + 1)))
#else
#define CLI_PRINTF(at)
#endif

/* A buffered output. After a failed write nothing more is written and `error` keeps the reason. */
typedef struct cli_output {
    evx_out out;                     /* hand this to the library                               */
    const char *path;                /* NULL: standard output                                  */
    int fd, error;
} cli_output;

/* Standard output; the buffer is static, so there is one such output at a time. */
void cli_output_begin(cli_output *o);

/* Another one beside it, in the caller's buffer; cli_output_file says where. */
void cli_output_beside(cli_output *o, uint8_t *buf, size_t cap);

/* Go to a file instead: makes parent folders; asks before overwriting unless `sure`; never
 * overwrites an event log. CLI_CLEAN, CLI_USAGE (refused) or CLI_OUTPUT (failed), said why. */
int cli_output_file(cli_output *o, const char *path, bool sure);

/* Is none of the inputs the file that is to be written? If not so, it was said. */
bool cli_output_safe(const char *command, const char *output, char **paths, int count);

/* Does a file that may be written to hold an event log? */
bool cli_output_is_log(const char *path);

/* Does any of the inputs exist? If none does, no output should be made, let alone emptied. */
bool cli_any_input(char **paths, int count);

/* Much text, past the buffer. */
void cli_put_past(cli_output *o, const uint8_t *text, size_t len);

void cli_put(cli_output *o, const char *text);
void cli_put_u64(cli_output *o, uint64_t n);
enum { CLI_DIGITS = 20 };
/* At most CLI_DIGITS decimal digits, without a NUL; returns how many. */
size_t cli_digits(char *to, uint64_t n);

/* Formatted text, up to 1 KiB at a time. */
void cli_putf(cli_output *o, const char *format, ...) CLI_PRINTF(2);

/* Text for people: the first 4 KiB of these bytes, as cli_printable makes them. */
void cli_put_printable(cli_output *o, const void *bytes, size_t len);

/* A JSON string with its quotes, from UTF-8; bytes that are no UTF-8 become U+FFFD. What a terminal
 * must not be sent is escaped: such output is looked at, too. */
void cli_put_json(cli_output *o, const void *utf8, size_t len);

/* Flush and close. CLI_CLEAN or CLI_OUTPUT, said why (a reader that went away is no news). */
int cli_output_end(cli_output *o);

/* "s" behind a number of things, or "". */
static inline const char *cli_s(uint64_t n)
{
    return n == 1 ? "" : "s";
}

#endif
