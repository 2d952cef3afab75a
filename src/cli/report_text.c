/* src/cli/report_text.c - the report that people read */
#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 1024, FOLDED = 3 };

/* In bold; returns the columns it takes. */
static unsigned put_computer(cli_output *o, const report *r, uint32_t computer)
{
    static report_line w;
    size_t len;
    const char *name = report_text_of(&r->computers, computer, &len);

    report_clear_line(&w);
    if (len > 0)
        report_add_printable(&w, name, len);
    else
        report_add(&w, "a computer without a name");
    cli_putf(o, "%s", report_colour(REPORT_BOLD));
    cli_put(o, w.text);
    cli_put(o, report_colour(REPORT_PLAIN));
    return report_width(w.text, w.len);
}

/* ---- one event in a line --------------------------------------------------------------------- */

static void add_strings(report_line *w, const evx_vss_event *e)
{
    const char *text;
    char payload[REPORT_PAYLOAD];
    size_t len;

    for (uint32_t i = 0; (text = report_string(e, i, &len)) != NULL; i++) {
        report_add(w, i == 0 ? ", " : " | ");
        report_add_printable(w, text, len);
    }
    if (e->payload_len > 0) {
        report_add(w, ", \"");
        report_add_printable(w, payload, report_payload(payload, e));
        report_add(w, "\"");
    }
    if (e->flags & EVX_VSS_TRUNCATED)
        report_add(w, " ...");
}

void report_event(const report *r, cli_output *o, const evx_vss_event *e, const char *proves,
                  unsigned indent, unsigned width)
{
    static report_line w;
    const char *given = r->files[e->file].path;
    const char *path = strcmp(given, "-") == 0 ? "standard input" : given;
    char stamp[REPORT_STAMP];

    report_clear_line(&w);
    report_add(&w, "%s ", report_stamp(stamp, e->flags & EVX_VSS_HAS_TIME ? e->time : 0));
    if (proves)
        report_add(&w, "%s: ", proves);
    report_add(&w, "%u %s %s, ", e->event_id, evx_vss_phase_text(e->phase),
               evx_vss_outcome_text(e->outcome));
    if (e->flags & EVX_VSS_HAS_RECORD_ID)
        report_add(&w, "record %llu, ", (unsigned long long)e->record_id);
    report_add_printable(&w, path, strlen(path));
    report_add(&w, " at 0x%llx", (unsigned long long)e->file_off);
    add_strings(&w, e);
    report_wrap(o, w.text, indent, indent + 2, width);
}

/* ---- the verdict ----------------------------------------------------------------------------- */

static int colour_of(uint8_t verdict)
{
    switch (verdict) {
    case EVX_VSS_STUCK: return REPORT_RED;
    case EVX_VSS_CLEAR:
    case EVX_VSS_WAS_STUCK: return REPORT_GREEN;
    default: return REPORT_YELLOW;
    }
}

static void add_since(report_line *w, const report *r, const evx_vss_writer *x)
{
    char stamp[REPORT_STAMP], took[REPORT_TOOK];

    if (x->since != 0) {
        report_add(w, " since %s UTC", report_stamp(stamp, x->since));
        if (x->last_seen > x->since && x->verdict != EVX_VSS_VERDICT_UNKNOWN)
            report_add(w, ", for at least %s", report_took(took, x->last_seen - x->since));
    } else if (x->holder >= 0) {
        const evx_vss_session *s = &r->out.sessions[x->holder];
        report_add(w, "%s", s->set_event >= 0 ? ", since an event without a time"
                            : !(s->flags & EVX_VSS_INFERRED) ? " since before its first event here"
                            : report_after(r, s) ? ", since when is not in these logs"
                                                 : " since before these logs begin");
    }
}

static void put_verdict(cli_output *o, const report *r, const evx_vss_writer *x, unsigned at,
                        unsigned width)
{
    static report_line w;
    const char *verdict = evx_vss_verdict_text(x->verdict);

    cli_putf(o, "%s%s%s", report_colour(colour_of(x->verdict)), verdict,
             report_colour(REPORT_PLAIN));
    report_clear_line(&w);
    if (x->verdict == EVX_VSS_VERDICT_UNKNOWN)
        report_add(&w, x->proof < 0 ? ": no event proves whether the flag is set"
                                    : ": records were lost that may be later than the last proof; "
                                      "last known: %s",
                   evx_vss_verdict_text(x->last_known));
    add_since(&w, r, x);
    report_wrap(o, w.text, at + (unsigned)strlen(verdict), 2, width);
}

/* R11: whether instances name writers or backups, nothing tells. */
static void add_candidate(report_line *w, const report *r, const evx_vss_writer *x)
{
    char name[REPORT_INSTANCE];

    if (x->blocked_by_candidate >= 0)
        report_add(w, " Or instances name backups, not writers: then the backup of %s, open at "
                   "that time, held it.",
                   report_instance(name, &r->out.writers[x->blocked_by_candidate]));
}

/* The story in a sentence. */
static void put_story(cli_output *o, const report *r, const evx_vss_writer *x, unsigned width)
{
    static report_line w;
    const evx_vss_session *s = report_subject(r, x);
    uint64_t begin = s && s->begin != 0 ? s->begin : s ? s->since : 0;
    char stamp[REPORT_STAMP];

    if (!s)
        return;
    report_clear_line(&w);
    if (begin != 0 && s->flags & EVX_VSS_LATE_START)
        report_add(&w, "A backup whose first event here is that of %s ",
                   report_stamp(stamp, begin));
    else if (begin != 0)
        report_add(&w, "The backup that began %s ", report_stamp(stamp, begin));
    else if (s->first_event >= 0 && !(s->flags & EVX_VSS_INFERRED))
        report_add(&w, "A backup whose first events here have no time ");
    else
        report_add(&w, "A backup whose beginning is not in these logs ");
    report_add(&w, x->holder >= 0 ? "was not ended, as far as these logs tell"
                                  : "held the writer until the flag was reset");
    if (x->holder < 0 && s->end != 0)
        report_add(&w, " %s", report_stamp(stamp, s->end));
    if (s->blocks > 0)
        report_add(&w, "; %lu later %s refused because of it", (unsigned long)s->blocks,
                   s->blocks == 1 ? "attempt was" : "attempts were");
    report_add(&w, ".");
    add_candidate(&w, r, x);
    cli_put(o, "  ");
    report_wrap(o, w.text, 2, 2, width);
}

/* Restarts reset the flag, whoever had set it. */
static void put_restarts(cli_output *o, const report *r, const evx_vss_writer *w, unsigned width)
{
    static report_line line;
    uint32_t count = w->resets, last = w->first_reset + w->resets - 1;
    char stamp[REPORT_STAMP];

    for (uint32_t i = w->first_event; i < w->first_event + w->events; i++)
        if (r->events[i].phase == EVX_VSS_INITIALIZE)
            last = count++ > 0 && r->events[last].rank > r->events[i].rank ? last : i;
    if (count == 0)
        return;
    report_clear_line(&line);
    (void)report_stamp(stamp, r->events[last].time);
    if (count == 1)
        report_add(&line, "The store was started at %s.", stamp);
    else
        report_add(&line, "The store was started %lu times, the last time at %s.",
                   (unsigned long)count, stamp);
    cli_put(o, "\n  ");
    report_wrap(o, line.text, 2, 2, width);
}

static void put_evidence(cli_output *o, const report *r, const evx_vss_writer *w, unsigned width)
{
    report_evidence list[REPORT_EVIDENCE];
    size_t n = report_evidence_of(r, w, list);

    if (n > 0)
        cli_putf(o, "\n  %sEvidence%s\n", report_colour(REPORT_BOLD), report_colour(REPORT_PLAIN));
    for (size_t i = 0; i < n; i++) {
        cli_put(o, "    ");
        report_event(r, o, &r->events[list[i].event], list[i].proves, 4, width);
    }
}

static void put_remedy(cli_output *o, const report *r, const evx_vss_writer *w, unsigned width)
{
    const char *words;

    if (report_remedy(r, w, 0))
        cli_putf(o, "\n  %sWhat to do%s\n", report_colour(REPORT_BOLD),
                 report_colour(REPORT_PLAIN));
    for (size_t i = 0; (words = report_remedy(r, w, i)) != NULL; i++) {
        cli_putf(o, "    %u. ", (unsigned)i + 1);
        report_wrap(o, words, 7, 7, width);
    }
}

/* ---- writers and computers ------------------------------------------------------------------- */

/* An instance all of whose sessions completed has nothing to tell. */
static bool is_folded(const report *r, const evx_vss_writer *w)
{
    if (!(w->flags & EVX_VSS_WRITER_INSTANCE) || w->verdict != EVX_VSS_CLEAR
        || r->args.verbose > 0)
        return false;
    for (uint32_t i = 0; i < w->sessions; i++)
        if (r->out.sessions[w->first_session + i].state != EVX_VSS_STATE_COMPLETED)
            return false;
    return true;
}

static void put_writer(cli_output *o, const report *r, const evx_vss_writer *w, unsigned width)
{
    unsigned at = put_computer(o, r, w->computer);
    char guid[37];

    if (w->flags & EVX_VSS_WRITER_INSTANCE) {
        report_guid(guid, &w->instance);
        cli_putf(o, ", instance %s", guid);
        at += 47;
    }
    cli_put(o, ": ");
    put_verdict(o, r, w, at + 2, width);
    put_story(o, r, w, width);
    report_timeline(r, o, w, width);
    put_restarts(o, r, w, width);
    report_stray(r, o, w, width);
    put_evidence(o, r, w, width);
    put_remedy(o, r, w, width);
    report_who(r, o, w, width);
    cli_put(o, "\n");
}

static void put_folded(cli_output *o, const report *r, const evx_vss_writer *w, size_t count)
{
    char guid[37];
    unsigned long instances = 0, sessions = 0;

    for (size_t i = 0; i < count; i++)
        if (is_folded(r, &w[i])) {
            instances++;
            sessions += w[i].sessions;
        }
    if (instances == 0)
        return;
    (void)put_computer(o, r, w->computer);
    cli_putf(o, ": %lu instance%s %sclear%s, %s%lu session%s completed:", instances,
             cli_s(instances), report_colour(REPORT_GREEN), report_colour(REPORT_PLAIN),
             sessions == 1 ? "" : "all ", sessions, cli_s(sessions));
    for (size_t i = 0, named = 0; i < count && named <= FOLDED; i++)
        if (is_folded(r, &w[i])) {
            report_guid(guid, &w[i].instance);
            cli_putf(o, "%s %s", named > 0 ? "," : "", named < FOLDED ? guid : "...");
            named++;
        }
    cli_put(o, "\n\n");
}

/* The writers of one computer. */
static void put_host(cli_output *o, const report *r, const evx_vss_writer *w, size_t count,
                     unsigned width)
{
    if (!report_shows_computer(r, w->computer))
        return;
    for (size_t i = 0; i < count; i++)
        if (!is_folded(r, &w[i]))
            put_writer(o, r, &w[i], width);
    put_folded(o, r, w, count);
}

static void put_writers(cli_output *o, const report *r, unsigned width)
{
    const evx_vss_writer *w = r->out.writers;

    for (size_t i = 0, n; i < r->out.writer_count; i += n) {
        for (n = 1; i + n < r->out.writer_count && w[i + n].computer == w[i].computer; n++)
            ;
        put_host(o, r, &w[i], n, width);
    }
}

/* ---- the rest -------------------------------------------------------------------------------- */

static void put_events(cli_output *o, const report *r, unsigned width)
{
    static report_line w;
    const char *name;
    size_t len;

    cli_putf(o, "%sEvents%s\n", report_colour(REPORT_BOLD), report_colour(REPORT_PLAIN));
    for (size_t rank = 0; rank < r->event_count; rank++) {
        const evx_vss_event *e = &r->events[r->by_rank[rank]];
        if (!report_shows_computer(r, e->computer)
            || !report_shows_time(r, e->flags & EVX_VSS_HAS_TIME ? e->time : 0))
            continue;
        cli_put(o, "  ");
        report_clear_line(&w);
        name = report_text_of(&r->computers, e->computer, &len);
        report_add_printable(&w, name, len);
        report_event(r, o, e, r->computers.count > 1 ? w.text : NULL, 2, width);
    }
    cli_put(o, "\n");
}

static void put_nothing(cli_output *o, const report *r, const cli_run *run, unsigned width)
{
    char line[LINE];

    if (run->logs > 0) {
        (void)snprintf(line, sizeof line, "No backup events of the Exchange VSS writer "
                       "(provider MSExchangeIS) in %llu log%s, %llu record%s%s.",
                       (unsigned long long)run->logs, cli_s(run->logs),
                       (unsigned long long)run->records, cli_s(run->records),
                       r->event_count > 0 ? "; events of restores only" : "");
        report_wrap(o, line, 0, 0, width);
        if (run->lost > 0)
            report_wrap(o, "Records were lost: whether there were any among them is not known.", 0,
                        0, width);
        report_wrap(o, "Exchange 2003, 2007 and 2010 log them in Application. Exchange 2013 and "
                       "later moved the writer to the replication service, which evx does not "
                       "cover.", 0, 0, width);
    } else
        cli_put(o, "No log could be read.\n");
}

static void put_sum(cli_output *o, const report *r, const cli_run *run)
{
    uint64_t events = 0;

    for (size_t i = 0; i < r->file_count; i++)
        events += r->files[i].vss_events;
    cli_putf(o, "%llu log%s, %llu record%s, %llu writer event%s, %s%llu lost\n",
             (unsigned long long)run->logs, cli_s(run->logs), (unsigned long long)run->records,
             cli_s(run->records), (unsigned long long)events, cli_s(events),
             run->vague ? "at least " : "", (unsigned long long)run->lost);
}

void report_text(report *r, cli_output *o, const cli_run *run)
{
    bool terminal = cli_is_terminal(o->fd);
    const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
    unsigned width = terminal ? cli_columns(o->fd) : 80, shown = 0;

    report_colours(terminal && !(no_colour && *no_colour) && !(term && strcmp(term, "dumb") == 0));
    width = width < 60 ? 60 : width;
    for (size_t i = 0; i < r->out.writer_count; i++)
        shown += report_shows_computer(r, r->out.writers[i].computer);
    if (shown > 0)
        put_writers(o, r, width);
    else if (r->out.writer_count > 0)
        report_other_computers(o, r);
    else
        put_nothing(o, r, run, width);
    if (r->args.events)
        put_events(o, r, width);
    report_missing(o, r);
    put_sum(o, r, run);
}
