/* src/cli/report_table.c - the timeline of a writer: what each session did, and to whom */
#include "report.h"

#include <stdio.h>
#include <string.h>

enum {
    INDENT = 7,                      /* of what stands below a session's line                  */
    BEGIN = 19, END = 13, TOOK = 10, /* columns, if nothing needs more                         */
    WIDE = 132,                      /* from here on, phases stand beside the state            */
    STATE = 29,
    RUN = 3,                         /* sessions of one kind in a row before some are left out */
    NAMED = 12                       /* blocked sessions named by number                       */
};

/* ---- what happened --------------------------------------------------------------------------- */

/* The code; or, where it is no number, what stands in its place. */
static void add_code(report_line *w, const evx_vss_session *s, const evx_vss_event *e)
{
    const char *name = evx_vss_error_text(s->error), *raw;
    size_t len;

    if (s->flags & EVX_VSS_SESSION_ERROR) {
        if (s->error < 0)
            report_add(w, " error %ld", (long)s->error);
        else
            report_add(w, " error 0x%lx", (unsigned long)s->error);
        if (name)
            report_add(w, " (%s)", name);
    } else if ((raw = report_string(e, e->code_at, &len)) != NULL && len > 0) {
        report_add(w, " error \"");
        report_add_printable(w, raw, len);
        report_add(w, "\"");
    } else
        report_add(w, " no error code");
}

/* A refusal that is no block shows what made it none: the writer's words. */
static void add_error(report_line *w, const report *r, const evx_vss_session *s)
{
    const evx_vss_event *e;
    char words[REPORT_PAYLOAD];

    if (s->error_event < 0)
        return;
    e = &r->events[s->error_event];
    if (e->phase == EVX_VSS_BUSY && !(s->flags & EVX_VSS_SESSION_ERROR))
        return;                      /* its name says it all                                   */
    report_add(w, ";");
    if (e->phase != EVX_VSS_PREPARE && e->phase != EVX_VSS_BUSY)
        report_add(w, " %s", evx_vss_phase_text(e->phase));
    add_code(w, s, e);
    if (e->outcome == EVX_VSS_FAILED && e->payload_len > 0) {
        report_add(w, ", \"");
        report_add_printable(w, words, report_payload(words, e));
        report_add(w, "\"");
    }
}

/* The number of a session, shown or not, in its writer's table. */
static long number_of(const report *r, int32_t session)
{
    const evx_vss_session *s = &r->out.sessions[session];

    return (long)session - (long)r->out.writers[s->writer].first_session + 1;
}

/* The sessions that this one blocked. */
static void add_blocks(report_line *w, const report *r, const evx_vss_session *s)
{
    int32_t k = r->first_block[s - r->out.sessions];
    uint32_t named = 0;

    report_add(w, ", blocked");
    for (; k >= 0 && named < NAMED; k = r->next_block[k])
        report_add(w, "%s %ld", named++ ? "," : "", number_of(r, k));
    if (s->blocks > named)
        report_add(w, " ... %lu in all", (unsigned long)s->blocks);
}

/* State and relations: what the first line says behind the state. */
static void add_relation(report_line *w, const report *r, const evx_vss_session *s)
{
    if (s->state == EVX_VSS_STATE_UNFINISHED)
        add_blocks(w, r, s);
    else if (s->state == EVX_VSS_STATE_BLOCKED)
        report_add(w, " by %ld", number_of(r, s->blocked_by));
    else if (s->state == EVX_VSS_STATE_UNKNOWN)
        report_add(w, ": %s", report_reason(s));
    else if (s->state == EVX_VSS_STATE_INTERRUPTED)
        report_add(w, " by a restart");
}

static void add_reset(report_line *w, const report *r, const evx_vss_session *s)
{
    if (s->reset_event >= 0)
        report_add(w, "; the flag was reset by %s",
                   r->events[s->reset_event].phase == EVX_VSS_INITIALIZE ? "a restart"
                                                                         : "its end event");
    else if (s->flags & EVX_VSS_RESET_UNSEEN)
        report_add(w, "; its reset was not seen");
    if (!(s->flags & EVX_VSS_CERTAIN))
        report_add(w, "; not certain: records were lost");
}

static void add_candidate(report_line *w, const report *r, const evx_vss_session *s)
{
    char name[REPORT_INSTANCE];

    if (s->blocked_by_candidate >= 0)
        report_add(w, "; perhaps by %s",
                   report_instance(name, &r->out.writers[s->blocked_by_candidate]));
}

/* What there is to say behind the phases. */
static void add_note(report_line *w, const report *r, const evx_vss_session *s)
{
    add_error(w, r, s);
    switch (s->state) {
    case EVX_VSS_STATE_PROBE: report_add(w, "; asked, but never prepared a backup"); break;
    case EVX_VSS_STATE_ABORTED: report_add(w, "; the abort leaves the flag set"); break;
    case EVX_VSS_STATE_SHUTDOWN: report_add(w, "; reset, but not reported complete"); break;
    case EVX_VSS_STATE_UNFINISHED: add_reset(w, r, s); break;
    case EVX_VSS_STATE_BLOCKED: add_candidate(w, r, s); break;
    case EVX_VSS_STATE_FAILED:
        if (report_left_set(s))
            report_add(w, "; the flag stays set");
        break;
    default: break;
    }
}

/* R7: what only a block proves. */
static void add_inferred(report_line *w, const report *r, const evx_vss_session *s)
{
    const report_name *n = &r->computers.names[s->computer];
    const evx_vss_event *after = report_after(r, s);
    char stamp[REPORT_STAMP];

    if (after)
        report_add(w, "its beginning is missing here, behind %s",
                   report_stamp(stamp, after->time));
    else
        report_add(w, "it began before the first record here, that of %s",
                   report_stamp(stamp, n->first));
    report_add(w, s->first_event >= 0 ? "; then " : "");
}

static void add_phases(report_line *w, const report *r, const evx_vss_session *s)
{
    for (int32_t e = s->first_event; e >= 0; e = report_next_event(r, s, e)) {
        const evx_vss_event *event = &r->events[e];
        if (w->len > sizeof w->text / 2) {
            report_add(w, ", ...");
            break;
        }
        report_add(w, "%s%s", e != s->first_event ? ", " : "", evx_vss_phase_text(event->phase));
        if (event->outcome != EVX_VSS_SUCCEEDED && event->phase != EVX_VSS_BUSY)
            report_add(w, " %s", evx_vss_outcome_text(event->outcome));
    }
}

#define DAY (86400 * 10000000ull)

/* ---- one row --------------------------------------------------------------------------------- */

typedef struct columns {
    unsigned begin, end, took;       /* how wide                                               */
    unsigned state_at;
} columns;

typedef struct row {
    char begin[REPORT_STAMP], end[REPORT_STAMP + 24], took[REPORT_TOOK + 2];
} row;

/* The end: its time, and the days since the beginning if there are any. */
static void set_end(row *to, const evx_vss_session *s)
{
    char stamp[REPORT_STAMP];
    uint64_t days = s->end / DAY - s->begin / DAY;

    if (s->end != 0 && s->begin != 0 && s->end >= s->begin) {
        char plus[24] = "";
        if (days > 0)
            (void)snprintf(plus, sizeof plus, "+%llud ", (unsigned long long)days);
        (void)report_stamp(stamp, s->end);
        (void)snprintf(to->end, sizeof to->end, "%s%.8s", plus, stamp + strcspn(stamp, " ") + 1);
    } else {
        (void)report_stamp(to->end, s->end);
    }
}

/* How long; for what is not over, how long at least. */
static void set_took(row *to, const report *r, const evx_vss_session *s)
{
    char took[REPORT_TOOK];
    uint64_t last = r->out.writers[s->writer].last_seen;
    bool over = s->end != 0, lost = s->state == EVX_VSS_STATE_UNKNOWN;

    /* what was lost may have been its end */
    if (s->begin != 0 && (over || (report_left_set(s) && !lost))
        && (over ? s->end : last) >= s->begin)
        (void)snprintf(to->took, sizeof to->took, "%s%s", over ? "" : "> ",
                       report_took(took, (over ? s->end : last) - s->begin));
}

static void set_begin(row *to, const report *r, const evx_vss_session *s)
{
    if (s->flags & EVX_VSS_INFERRED)
        (void)snprintf(to->begin, sizeof to->begin,
                       report_after(r, s) ? "not seen" : "before record %llu",
                       (unsigned long long)r->computers.names[s->computer].first_id);
    else
        (void)report_stamp(to->begin, s->begin);
}

static void set_row(row *to, const report *r, const evx_vss_session *s)
{
    memset(to, 0, sizeof *to);
    set_begin(to, r, s);
    set_end(to, s);
    set_took(to, r, s);
}

static void widen(unsigned *width, const char *text)
{
    size_t len = strlen(text);

    *width = len > *width ? (unsigned)len : *width;
}

/* All rows count, those that are left out too: what is shown may change, its place should not. */
static columns measure(const report *r, const evx_vss_writer *w)
{
    columns c = { BEGIN, END, TOOK, 0 };
    row text;

    for (uint32_t i = 0; i < w->sessions; i++) {
        set_row(&text, r, &r->out.sessions[w->first_session + i]);
        widen(&c.begin, text.begin);
        widen(&c.end, text.end);
        widen(&c.took, text.took);
    }
    c.state_at = INDENT + c.begin + 2 + c.end + 2 + c.took + 2;
    return c;
}

static int colour_of(const evx_vss_session *s)
{
    switch (s->state) {
    case EVX_VSS_STATE_UNFINISHED: return REPORT_RED;
    case EVX_VSS_STATE_COMPLETED: return REPORT_GREEN;
    case EVX_VSS_STATE_PROBE: return REPORT_DIM;
    default: return REPORT_YELLOW;
    }
}

static void put_state(cli_output *o, const report *r, const evx_vss_session *s,
                      unsigned state_at, unsigned width)
{
    static report_line w;
    const char *state = evx_vss_state_text(s->state);
    unsigned at = state_at + (unsigned)strlen(state), phases_at = state_at + STATE;

    cli_putf(o, "%s%s%s", report_colour(colour_of(s)), state, report_colour(REPORT_PLAIN));
    report_clear_line(&w);
    add_relation(&w, r, s);
    if (width >= WIDE && at + w.len < phases_at - 1) {
        cli_put(o, w.text);
        report_pad(o, at + (unsigned)w.len, phases_at);
        at = phases_at;
    } else {
        report_wrap(o, w.text, at, INDENT, width);
        report_pad(o, 0, INDENT);
        at = INDENT;
    }
    report_clear_line(&w);
    if (s->flags & EVX_VSS_INFERRED)
        add_inferred(&w, r, s);
    add_phases(&w, r, s);
    add_note(&w, r, s);
    cli_put(o, report_colour(REPORT_DIM));
    report_wrap(o, w.text, at, at, width);
    cli_put(o, report_colour(REPORT_PLAIN));
}

static void put_events(cli_output *o, const report *r, const evx_vss_session *s, unsigned width)
{
    for (int32_t e = s->first_event; e >= 0; e = report_next_event(r, s, e)) {
        report_pad(o, 0, INDENT + 2);
        report_event(r, o, &r->events[e], NULL, INDENT + 2, width);
    }
}

static void put_row(cli_output *o, const report *r, const evx_vss_session *s, const columns *c,
                    unsigned width)
{
    row text;

    set_row(&text, r, s);
    cli_putf(o, "  %3ld  %-*s  %-*s  %-*s  ", number_of(r, (int32_t)(s - r->out.sessions)),
             (int)c->begin, text.begin, (int)c->end, text.end, (int)c->took, text.took);
    put_state(o, r, s, c->state_at, width);
    if (r->args.verbose > 0)
        put_events(o, r, s, width);
}

/* ---- the table ------------------------------------------------------------------------------- */

/* The next session that is shown, from i on. */
static uint32_t next_shown(const report *r, const evx_vss_writer *w, uint32_t i)
{
    while (i < w->sessions && r->place[w->first_session + i] < 0)
        i++;
    return i;
}

/* May the row between two of the same kind be left out? */
static bool is_dull(const evx_vss_session *s, const evx_vss_session *first)
{
    return s->state == first->state && s->blocked_by == first->blocked_by
        && s->error == first->error
        && (s->state == EVX_VSS_STATE_COMPLETED || s->state == EVX_VSS_STATE_BLOCKED
            || s->state == EVX_VSS_STATE_PROBE
            || (s->state == EVX_VSS_STATE_UNKNOWN && s->flags == first->flags));
}

/* How many shown sessions from i on are of one kind; *last: the last of them. */
static uint32_t run_length(const report *r, const evx_vss_writer *w, uint32_t i, uint32_t *last)
{
    const evx_vss_session *s = &r->out.sessions[w->first_session];
    uint32_t n = 0;

    for (uint32_t k = i; k < w->sessions && is_dull(&s[k], &s[i]); k = next_shown(r, w, k + 1)) {
        *last = k;
        n++;
    }
    return n;
}

void report_timeline(const report *r, cli_output *o, const evx_vss_writer *w, unsigned width)
{
    const evx_vss_session *s = &r->out.sessions[w->first_session];
    uint32_t i = next_shown(r, w, 0), last = 0, n;
    columns c;

    if (i == w->sessions) {
        cli_put(o, w->sessions > 0 ? "\n  No sessions in this span of time.\n" : "");
        return;
    }
    c = measure(r, w);
    cli_putf(o, "\n  %s  #  %-*s  %-*s  %-*s  state%s\n", report_colour(REPORT_BOLD),
             (int)c.begin, "begin (UTC)", (int)c.end, "end", (int)c.took, "took",
             report_colour(REPORT_PLAIN));
    while (i < w->sessions) {
        put_row(o, r, &s[i], &c, width);
        n = r->args.verbose == 0 ? run_length(r, w, i, &last) : 1;   /* from each row: n^2     */
        if (n > RUN) {
            cli_putf(o, "%*s... %lu more %s like this (-v lists them)\n", INDENT, "",
                     (unsigned long)n - 2, evx_vss_state_text(s[i].state));
            i = last;
        } else
            i = next_shown(r, w, i + 1);
    }
}

/* R5: listed, without effect. Restarts have a line of their own. */
void report_stray(const report *r, cli_output *o, const evx_vss_writer *w, unsigned width)
{
    uint32_t count = 0;

    for (uint32_t i = w->first_event; i < w->first_event + w->events; i++) {
        const evx_vss_event *e = &r->events[i];
        if (e->session >= 0 || e->phase == EVX_VSS_INITIALIZE
            || !report_shows_time(r, e->flags & EVX_VSS_HAS_TIME ? e->time : 0))
            continue;
        if (count++ == 0)
            cli_put(o, "\n  Events of no session:\n");
        if (count <= RUN || r->args.verbose > 0) {
            cli_put(o, "    ");
            report_event(r, o, e, NULL, 4, width);
        }
    }
    if (count > RUN && r->args.verbose == 0)
        cli_putf(o, "    ... and %lu more (-v lists them)\n", (unsigned long)(count - RUN));
}
