/* src/cli/report_missing.c - the report: what is missing, from logs and from the question */
#include "report.h"

#include <string.h>

enum { SHOWN = 8 };                  /* clearings                                              */

void report_put_name(cli_output *o, const report_names *t, uint32_t number, const char *none)
{
    size_t len;
    const char *name = report_text_of(t, number, &len);

    if (len == 0)
        cli_put(o, none);
    else
        cli_put_printable(o, name, len);
}

static void put_path(cli_output *o, const report_file *f)
{
    const char *path = strcmp(f->path, "-") == 0 ? "standard input" : f->path;

    cli_put_printable(o, path, strlen(path));
}

static void put_checksums(cli_output *o, const report_file *f)
{
    if (f->crc_failures == 0)
        return;
    put_path(o, f);
    cli_putf(o, ": %llu chunk%s with the writer's events %s a wrong checksum\n",
             (unsigned long long)f->crc_failures, cli_s(f->crc_failures),
             f->crc_failures == 1 ? "has" : "have");
}

/* Of very many the last ones: in order of computer and time. */
static void put_clearings(cli_output *o, const report *r)
{
    char from[REPORT_STAMP], to[REPORT_STAMP];
    size_t i = r->clearing_count > SHOWN && r->args.verbose == 0 ? r->clearing_count - SHOWN : 0;

    if (i > 0)
        cli_putf(o, "Logs were cleared %llu times (-v lists all), among them:\n",
                 (unsigned long long)r->clearing_count);
    for (; i < r->clearing_count; i++) {
        report_put_name(o, &r->computers, r->clearings[i].computer, "a computer without a name");
        cli_putf(o, ": the log was cleared between %s and %s\n",
                 report_stamp(from, r->clearings[i].from), report_stamp(to, r->clearings[i].to));
    }
}

void report_missing(cli_output *o, const report *r)
{
    bool any = r->clearing_count > 0;

    for (size_t i = 0; i < r->file_count; i++) {
        const report_file *f = &r->files[i];
        put_checksums(o, f);
        if (!f->error && f->lost_records == 0)
            continue;
        any = true;
        put_path(o, f);
        cli_put(o, f->error ? ": not read: " : "");
        if (f->error)
            cli_put_printable(o, f->error, strlen(f->error));
        else
            cli_putf(o, ": lost %s%llu of %llu records, %llu bytes",
                     f->vague ? "at least " : "", (unsigned long long)f->lost_records,
                     (unsigned long long)f->records,
                     (unsigned long long)f->lost_bytes);
        cli_put(o, "\n");
    }
    put_clearings(o, r);
    if (any)
        cli_put(o, "Where records are missing, what did not happen proves nothing.\n");
}

/* A name that is not there is a mistake more often than good news. */
void report_other_computers(cli_output *o, const report *r)
{
    cli_put(o, "No writer events of this computer. There are events of:\n");
    for (size_t i = 0; i < r->out.writer_count; i++) {
        uint32_t computer = r->out.writers[i].computer;
        if (i > 0 && computer == r->out.writers[i - 1].computer)
            continue;
        cli_put(o, "  ");
        report_put_name(o, &r->computers, computer, "a computer without a name");
        cli_put(o, "\n");
    }
    cli_put(o, "\n");
}
