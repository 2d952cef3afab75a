/* src/cli/out.c - data for programs: one buffered output, to standard output or a file */
#include "cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Large enough that a write costs nothing beside the text, small enough not to matter. */
static uint8_t buffer[128 * 1024];

static evx_status flush(void *user, const uint8_t *data, size_t len)
{
    cli_output *o = user;

    cli_progress_clear();
    if (o->error == 0)
        o->error = cli_write(o->fd, data, len);
    return o->error == 0 ? EVX_OK : EVX_E_SINK;
}

void cli_output_beside(cli_output *o, uint8_t *buf, size_t cap)
{
    o->path = NULL;
    o->fd = CLI_OUT;
    o->error = 0;
    evx_out_init(&o->out, buf, cap, flush, o);
}

void cli_output_begin(cli_output *o)
{
    cli_output_beside(o, buffer, sizeof buffer);
}

/* One line from the terminal: does it begin with a yes? */
static bool ask(const char *path)
{
    uint8_t c = 0, first = 0;
    int error;

    cli_say("%s exists. Overwrite it? [y/N]", path);
    while (cli_read(CLI_IN, &c, 1, &error) == 1 && c != '\n')
        if (first == 0 && c != ' ')
            first = c;
    return first == 'y' || first == 'Y';
}

bool cli_output_is_log(const char *path)
{
    static uint8_t head[CLI_LOG_HEAD];
    int error, is, fd = cli_open(path, true, &error);
    size_t have;

    if (fd < 0)
        return false;
    have = cli_read(fd, head, sizeof head, &error);
    is = cli_head(head, have);
    if (is == CLI_HEAD_NONE && have == sizeof head)
        is = cli_head_search(fd, path);
    (void)cli_close(fd);
    return is != CLI_HEAD_NONE;
}

bool cli_output_safe(const char *command, const char *output, char **paths, int count)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(paths[i], "-") != 0 && cli_same_file(output, paths[i])) {
            (void)cli_usage("%s: %s is also an input: not overwritten", command, output);
            return false;
        }
    }
    return true;
}

bool cli_any_input(char **paths, int count)
{
    bool any = false;

    for (int i = 0; i < count && !any; i++) {
        int error;
        any = strcmp(paths[i], "-") == 0 || cli_kind(paths[i], false, &error) != 0
           || (error != ENOENT && error != ENOTDIR);   /* it is there, whatever is wrong with it */
    }
    return any;
}

static int may_overwrite(const char *path, bool sure)
{
    if (cli_output_is_log(path))
        return cli_usage("%s is an event log: not overwritten", path);
    if (sure)
        return CLI_CLEAN;
    if (!cli_is_terminal(CLI_IN) || !cli_is_terminal(CLI_ERR))
        return cli_usage("%s exists: not overwritten without --no-confirm-overwrite", path);
    return ask(path) ? CLI_CLEAN : cli_usage("%s was left as it is", path);
}

int cli_output_file(cli_output *o, const char *path, bool sure)
{
    int error, kind = cli_kind(path, false, &error);

    if (kind == CLI_FOLDER) {
        cli_say("%s: is a folder, no file to write", path);
        return CLI_OUTPUT;
    }
    if (kind == CLI_FILE && may_overwrite(path, sure) != CLI_CLEAN)
        return CLI_USAGE;
    o->fd = cli_create(path, &error);
    o->path = path;
    if (o->fd >= 0)
        return CLI_CLEAN;
    cli_say("%s: cannot be written: %s", path, cli_error_text(error));
    return CLI_OUTPUT;
}

void cli_put_past(cli_output *o, const uint8_t *text, size_t len)
{
    evx_out *out = &o->out;

    if (evx_out_flush(out) < 0 || len == 0)
        return;
    if (out->flush(out->user, text, len) < 0)
        out->failed = EVX_E_SINK;
    out->total += len;
}

void cli_put(cli_output *o, const char *text)
{
    (void)evx_out_write(&o->out, text, strlen(text));
}

size_t cli_digits(char *to, uint64_t n)
{
    char digits[CLI_DIGITS];
    size_t at = sizeof digits;

    do
        digits[--at] = (char)('0' + n % 10);
    while ((n /= 10) != 0);
    memcpy(to, digits + at, sizeof digits - at);
    return sizeof digits - at;
}

void cli_put_u64(cli_output *o, uint64_t n)
{
    char digits[CLI_DIGITS];

    (void)evx_out_write(&o->out, digits, cli_digits(digits, n));
}

void cli_putf(cli_output *o, const char *format, ...)
{
    char text[1024];
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (n > 0)
        (void)evx_out_write(&o->out, text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
}

void cli_put_printable(cli_output *o, const void *bytes, size_t len)
{
    enum { MOST = 4096 };
    static char text[4 * MOST + 1];  /* no character takes more than four times its bytes */

    (void)evx_out_write(&o->out, text,
                        cli_printable(text, sizeof text, bytes, len < MOST ? len : MOST));
}

int cli_output_end(cli_output *o)
{
    int error;

    (void)evx_out_flush(&o->out);
    error = cli_close(o->fd);
    if (o->error == 0)
        o->error = error;
    if (o->error == 0)
        return CLI_CLEAN;
    if (!cli_is_pipe_error(o->error))
        cli_say("%s: %s", o->path ? o->path : "standard output", cli_error_text(o->error));
    return CLI_OUTPUT;
}

int cli_help(const char *text)
{
    cli_output o;

    cli_output_begin(&o);
    cli_put(&o, text);
    return cli_output_end(&o);
}
