/* src/cli/progress.c - one line on a terminal that says how far we are, and goes away again */
#include "cli.h"

#include <stdio.h>
#include <string.h>

/* Milliseconds: what takes no longer than the first needs no line. */
enum { FIRST = 500, NEXT = 200, LINE = 512 };

/* Nothing else than blanks and carriage returns draws the line and takes it away again, so that it
 * works on whatever calls itself a terminal. */
static struct {
    bool may;
    uint64_t due;                    /* when it is drawn next                                  */
    unsigned width;                  /* columns that it takes now; 0: there is none            */
} line;

void cli_progress_begin(bool may)
{
    line.may = may && cli_is_terminal(CLI_ERR);
    line.due = cli_clock() + FIRST;
}

void cli_progress_clear(void)
{
    char blanks[LINE];
    unsigned n = line.width < LINE - 2 ? line.width : LINE - 2;

    if (n == 0)
        return;
    memset(blanks, ' ', n + 1);
    blanks[0] = blanks[n + 1] = '\r';
    line.width = 0;
    (void)cli_write(CLI_ERR, blanks, n + 2);
}

/* As much of the text as fits into so many columns. What is no ASCII may take two. */
static size_t fit(const char *text, unsigned columns, unsigned *width)
{
    size_t i = 0;

    *width = 0;
    while (text[i]) {
        uint32_t code = 0;
        size_t n = cli_utf8((const uint8_t *)text + i, strlen(text + i), &code);
        unsigned take = n > 1 ? 2 : 1;
        if (n == 0 || *width + take > columns)
            break;
        *width += take;
        i += n;
    }
    return i;
}

static void words(char to[LINE], const cli_run *run, const cli_log *log)
{
    unsigned long long number = run->logs + 1, mib = log->bytes >> 20;
    unsigned long long percent = log->bytes / (log->size / 100 + 1);
    const char *name = strrchr(log->path, '/');
    char raw[LINE];

    name = name ? name + 1 : log->path;
    if (log->size > 0)
        (void)snprintf(raw, sizeof raw, "evx: log %llu, %llu%% of %llu MiB: %s", number,
                       percent < 100 ? percent : 100, (unsigned long long)(log->size >> 20), name);
    else
        (void)snprintf(raw, sizeof raw, "evx: log %llu, %llu MiB: %s", number, mib, name);
    (void)cli_printable(to, LINE, raw, strlen(raw));
}

void cli_progress(const cli_run *run, const cli_log *log)
{
    char text[LINE], drawn[LINE + 2] = "\r";
    unsigned columns, width;
    uint64_t now;
    size_t len;

    if (!line.may || (now = cli_clock()) < line.due)
        return;
    line.due = now + NEXT;
    cli_progress_clear();
    columns = cli_columns(CLI_ERR);
    words(text, run, log);
    len = fit(text, columns > 1 ? columns - 1 : 1, &width);
    memcpy(drawn + 1, text, len);
    (void)cli_write(CLI_ERR, drawn, len + 1);
    line.width = width;
}
