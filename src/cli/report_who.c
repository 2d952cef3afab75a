/* src/cli/report_who.c - who else logged when a session began: lines for people */
#include "report.h"

#include <stdio.h>
#include <string.h>

enum { LINE = 4096, SHOWN_NEAR = 3, SHOWN_PROVIDERS = 6 };

static void add_ids(char *to, size_t cap, const report_provider *p)
{
    size_t len = strlen(to);

    for (uint32_t i = 0; i < p->ids && len + 16 < cap; i++)
        len += (size_t)snprintf(to + len, cap - len, "%s%lu", i ? ", " : "",
                                (unsigned long)p->event_ids[i]);
    if (p->more)
        (void)snprintf(to + len, cap - len, ", ...");
}

static void put_provider(cli_output *o, const report *r, const report_provider *p, unsigned column)
{
    char name[LINE], ids[256] = "";
    size_t len;
    const char *text = report_text_of(&r->providers, p->provider, &len);

    len = cli_printable(name, sizeof name, text, len);
    cli_put(o, "      ");
    cli_put(o, name);
    report_pad(o, report_width(name, len), column);
    add_ids(ids, sizeof ids, p);
    cli_putf(o, "  %4llu %s  %s\n", (unsigned long long)p->events,
             p->events == 1 ? "event: " : "events:", ids);
}

/* The widest of the names, but no more than a name should take. */
static unsigned name_column(const report *r, const report_near *n)
{
    unsigned most = 12;

    for (size_t i = 0; i < n->providers; i++) {
        char name[LINE];
        size_t len;
        const char *text = report_text_of(&r->providers, n->provider[i].provider, &len);
        unsigned width = report_width(name, cli_printable(name, sizeof name, text, len));
        most = width > most && width <= 40 ? width : most;
    }
    return most;
}

static void put_providers(cli_output *o, const report *r, const report_near *n)
{
    unsigned column = name_column(r, n);
    size_t shown = 0;
    bool usual = false;

    for (size_t i = 0; i < n->providers; i++) {
        if (shown == SHOWN_PROVIDERS && r->args.verbose == 0) {
            cli_putf(o, "      ... and %llu more (-v lists them)\n",
                     (unsigned long long)(n->providers - i));
            return;
        }
        if (n->provider[i].usual && !usual) {
            cli_put(o, i > 0 ? "    and the usual noise:\n" : "    only the usual noise:\n");
            usual = true;
        }
        put_provider(o, r, &n->provider[i], column);
        shown++;
    }
    if (n->providers == 0)
        cli_put(o, "      nobody\n");
}

static void put_near(cli_output *o, const report *r, const report_near *n, unsigned width)
{
    const evx_vss_session *s = &r->out.sessions[n->session];
    char stamp[REPORT_STAMP], command[LINE], line[LINE];

    cli_putf(o, "\n  %sWhich program was it?%s ", report_colour(REPORT_BOLD),
             report_colour(REPORT_PLAIN));
    (void)snprintf(line, sizeof line, "Within five minutes of %s, when session %ld %s, "
                   "these logged on the same computer:",
                   report_stamp(stamp, s->begin != 0 ? s->begin : s->since),
                   (long)r->place[n->session] + 1,
                   s->flags & EVX_VSS_LATE_START ? "was first seen" : "began");
    report_wrap(o, line, 24, 4, width);
    put_providers(o, r, n);
    report_command(r, n, command, sizeof command);
    cli_put(o, n->providers > 0 ? "    Their records:\n      "
                                : "    All records of that time:\n      ");
    cli_put_printable(o, command, strlen(command));
    cli_put(o, "\n");
}

/* First who holds the flag now, then the latest. */
void report_who(const report *r, cli_output *o, const evx_vss_writer *w, unsigned width)
{
    const report_near *n = w->holder >= 0 ? report_near_of(r, w->holder) : NULL;
    unsigned shown = 0;

    if (w->holder >= 0 && (r->out.sessions[w->holder].flags & EVX_VSS_INFERRED)) {
        cli_putf(o, "\n  %sWhich program was it?%s ", report_colour(REPORT_BOLD),
                 report_colour(REPORT_PLAIN));
        report_wrap(o, w->blocked_by_candidate < 0
                       ? "The beginning of its backup is not in these logs: bring the missing ones."
                       : "Look at the instance named above first; if it is not that one, the "
                         "beginning of its backup is not in these logs: bring the missing ones.",
                    24, 4, width);
    }
    if (n) {
        put_near(o, r, n, width);
        shown++;
    }
    for (size_t i = 0; i < r->near_count; i++) {
        const evx_vss_session *s = &r->out.sessions[r->nears[i].session];
        if (&r->nears[i] == n || &r->out.writers[s->writer] != w)
            continue;
        if (shown == SHOWN_NEAR && r->args.verbose == 0) {
            cli_put(o, "\n  Other sessions left the flag set too; -v looks at each.\n");
            return;
        }
        put_near(o, r, &r->nears[i], width);
        shown++;
    }
}
