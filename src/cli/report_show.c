/* src/cli/report_show.c - R12, R13: what is shown, what it rests on, the exit status */
#include "report.h"

#include <string.h>

/* ---- one session ----------------------------------------------------------------------------- */

bool report_left_set(const evx_vss_session *s)
{
    if (s->flags & EVX_VSS_INFERRED)
        return false;
    switch (s->state) {
    case EVX_VSS_STATE_OPEN:
    case EVX_VSS_STATE_ABORTED:
    case EVX_VSS_STATE_UNFINISHED:
        return true;
    case EVX_VSS_STATE_FAILED:
        return (s->flags & EVX_VSS_SET_FLAG) && s->reset_event < 0;
    default:
        return (s->flags & EVX_VSS_SESSION_HOLDS) != 0;
    }
}

const char *report_reason(const evx_vss_session *s)
{
    if (s->state != EVX_VSS_STATE_UNKNOWN)
        return NULL;
    if (s->flags & EVX_VSS_LATE_START)
        return "begin not seen";
    return s->flags & EVX_VSS_RESET_UNSEEN ? "reset not seen" : "records lost";
}

const evx_vss_event *report_after(const report *r, const evx_vss_session *s)
{
    return s->from < r->event_count ? &r->events[r->by_rank[s->from]] : NULL;
}

int32_t report_next_event(const report *r, const evx_vss_session *s, int32_t event)
{
    int32_t mine = (int32_t)(s - r->out.sessions);

    while (event >= 0 && event < s->last_event)
        if (r->events[++event].session == mine)
            return event;
    return -1;
}

/* ---- what is shown --------------------------------------------------------------------------- */

bool report_shows_computer(const report *r, uint32_t computer)
{
    return !r->args.computer || report_find(&r->computers, r->args.computer) == computer;
}

bool report_shows_time(const report *r, uint64_t time)
{
    return time == 0
        || (time >= r->args.since && (r->args.until == 0 || time < r->args.until));
}

/* Does the session reach into the stretch of time that was asked for? */
static bool in_time(const report *r, const evx_vss_session *s)
{
    uint64_t last = s->end;

    if (r->args.until != 0 && s->begin >= r->args.until)
        return false;
    if (last == 0 && !report_left_set(s) && s->last_event >= 0)
        last = r->events[s->last_event].time;
    return last == 0 || last >= r->args.since;
}

/*
 * What blocks a shown session, what holds the flag and what the verdict is about is evidence, and
 * shown whenever it was. Numbers are those among all sessions: no option changes them.
 */
static void choose_for(report *r, const evx_vss_writer *w)
{
    const evx_vss_session *s = &r->out.sessions[w->first_session], *subject;
    int32_t *place = &r->place[w->first_session];

    for (uint32_t i = 0; i < w->sessions; i++)
        place[i] = -1;
    for (uint32_t i = 0; i < w->sessions; i++) {
        if (!in_time(r, &s[i]) && !(s[i].flags & EVX_VSS_SESSION_HOLDS))
            continue;
        place[i] = (int32_t)i;
        if (s[i].blocked_by >= 0)
            r->place[s[i].blocked_by] = s[i].blocked_by - (int32_t)w->first_session;
    }
    subject = report_subject(r, w);
    if (subject)
        r->place[subject - r->out.sessions] = (int32_t)(subject - s);
}

/* Who blocked whom, so that nobody has to search. */
static void link_blocks(report *r)
{
    size_t n = r->out.session_count;

    r->first_block = report_zeroed(n, sizeof *r->first_block);
    r->next_block = report_zeroed(n, sizeof *r->next_block);
    memset(r->first_block, 0xff, n * sizeof *r->first_block);
    for (size_t i = n; i-- > 0; ) {
        int32_t by = r->out.sessions[i].blocked_by;
        if (by < 0)
            continue;
        r->next_block[i] = r->first_block[by];
        r->first_block[by] = (int32_t)i;
    }
}

void report_choose(report *r)
{
    link_blocks(r);
    r->by_rank = report_zeroed(r->event_count, sizeof *r->by_rank);
    for (size_t i = 0; i < r->event_count; i++)
        r->by_rank[r->events[i].rank] = (uint32_t)i;
    r->place = report_zeroed(r->out.session_count, sizeof *r->place);
    for (size_t i = 0; i < r->out.writer_count; i++)
        choose_for(r, &r->out.writers[i]);
}

/* Of a computer that no record names nothing is known; its name may be misspelt. */
static bool heard_of_it(const report *r)
{
    for (size_t i = 0; i < r->computers.count; i++)
        if (report_shows_computer(r, (uint32_t)i))
            return true;
    return !r->args.computer;
}

/* Verdicts that are unknown, and logs that were cleared: how many? The first of them is said. */
static size_t say_doubts(const report *r)
{
    const report_clearing *c = r->clearings;
    char from[REPORT_STAMP], to[REPORT_STAMP];
    size_t unknown = 0;

    for (size_t i = 0; i < r->out.writer_count; i++) {
        const evx_vss_writer *w = &r->out.writers[i];
        size_t len;
        const char *name = report_text_of(&r->computers, w->computer, &len);
        if (w->verdict == EVX_VSS_VERDICT_UNKNOWN && report_shows_computer(r, w->computer)
            && unknown++ == 0)
            cli_say("sessions: %s: the verdict is unknown",
                    len > 0 ? name : "a computer without a name");
    }
    if (unknown > 1)
        cli_say("sessions: %llu verdicts are unknown", (unsigned long long)unknown);
    if (r->clearing_count > 0)
        cli_say("sessions: a log was cleared between %s and %s%s: events are missing",
                report_stamp(from, c->from), report_stamp(to, c->to),
                r->clearing_count > 1 ? ", and others were" : "");
    return unknown + r->clearing_count;
}

int report_status(const report *r, const cli_run *run)
{
    int status = cli_run_status(run);
    bool doubts = run->logs > 0 && !heard_of_it(r);

    if (doubts)
        cli_say("sessions: no record of a computer %s in these logs", r->args.computer);
    doubts |= say_doubts(r) > 0;
    for (size_t i = 0; i < r->file_count; i++)
        doubts |= r->files[i].crc_failures > 0;
    for (size_t i = 0; i < r->out.writer_count; i++) {
        const evx_vss_writer *w = &r->out.writers[i];
        if (report_shows_computer(r, w->computer)
            && (w->verdict == EVX_VSS_STUCK || w->verdict == EVX_VSS_IN_PROGRESS_OR_STUCK))
            return CLI_STUCK;
    }
    return status == CLI_CLEAN && doubts ? CLI_LOST : status;
}

/* ---- what a verdict rests on ----------------------------------------------------------------- */

static void add_proof(report_evidence *list, size_t *n, int32_t event, const char *proves)
{
    for (size_t i = 0; i < *n; i++)
        if (list[i].event == event)
            return;
    if (event >= 0 && *n < REPORT_EVIDENCE)
        list[(*n)++] = (report_evidence){ event, proves };
}

const evx_vss_session *report_subject(const report *r, const evx_vss_writer *w)
{
    if (w->holder >= 0)
        return &r->out.sessions[w->holder];
    for (uint32_t i = w->sessions; w->last_known == EVX_VSS_WAS_STUCK && i-- > 0; ) {
        const evx_vss_session *s = &r->out.sessions[w->first_session + i];
        if (s->state == EVX_VSS_STATE_UNFINISHED)
            return s;
    }
    return NULL;
}

static void add_blocks(const report *r, const evx_vss_session *s, report_evidence *list,
                       size_t *n)
{
    int32_t k = r->first_block[s - r->out.sessions], first = -1, last = -1;

    for (; k >= 0; k = r->next_block[k]) {
        last = r->out.sessions[k].error_event;
        first = first < 0 ? last : first;
    }
    add_proof(list, n, first, "a backup was refused");
    add_proof(list, n, last, "a backup was refused again");
}

size_t report_evidence_of(const report *r, const evx_vss_writer *w,
                          report_evidence list[REPORT_EVIDENCE])
{
    const evx_vss_session *s = report_subject(r, w);
    size_t n = 0;

    if (s) {
        add_proof(list, &n, s->set_event, "the flag was set");
        add_blocks(r, s, list, &n);
        add_proof(list, &n, s->reset_event, "the flag was reset");
    }
    add_proof(list, &n, w->proof, w->holder >= 0 ? "the flag was set" : "the flag was reset");
    return n;
}

/* ---- what to do ------------------------------------------------------------------------------ */

static const char *const remedies[][5] = {
    [EVX_VSS_STUCK] = {
        "Wait, if that backup may still be running.",
        "Find the backup program that ran when the open session began, and have it call its "
        "completion or clean-up; to confirm, disable it and see later backups succeed.",
        "Restart the Microsoft Exchange Information Store service: that resets the flag."
    },
    [EVX_VSS_IN_PROGRESS_OR_STUCK] = {
        "Wait for the backup to finish: nothing proves yet that it will not.",
        "If it is not running any more, find the backup program that ran when the session began, "
        "and have it call its completion or clean-up; to confirm, disable it.",
        "Restart the Microsoft Exchange Information Store service: that resets the flag."
    },
    [EVX_VSS_WAS_STUCK] = {
        "Nothing to repair now: the flag was reset.",
        "To keep it from coming back, find the backup program that ran when the unfinished "
        "session began; disable it to confirm."
    },
    [EVX_VSS_VERDICT_UNKNOWN] = {
        "Bring the logs that are missing, and whole copies in place of damaged ones.",
        "If backups fail with event 9607, error 0x50d, the flag is set: restart the Microsoft "
        "Exchange Information Store service to reset it."
    }
};

static const char aborted[] =
    "Do not wait for that backup: it was aborted, and an abort leaves the flag set.";

/* Was the backup that holds the flag aborted? Then it will not end. */
static bool was_aborted(const report *r, const evx_vss_writer *w)
{
    for (uint32_t i = w->first_event; w->holder >= 0 && i < w->first_event + w->events; i++)
        if (r->events[i].session == w->holder && r->events[i].phase == EVX_VSS_ABORT
            && r->events[i].outcome == EVX_VSS_SUCCEEDED)
            return true;
    return false;
}

const char *report_remedy(const report *r, const evx_vss_writer *w, size_t i)
{
    if (i == 0 && was_aborted(r, w)
        && (w->verdict == EVX_VSS_STUCK || w->verdict == EVX_VSS_IN_PROGRESS_OR_STUCK))
        return aborted;
    return w->verdict < sizeof remedies / sizeof remedies[0] && i < 4 ? remedies[w->verdict][i]
                                                                      : NULL;
}
