/* src/vss/session.c - events -> sessions in the caller's slots -> verdict per writer */
#include "vss/vss.h"

/*
 * The machine. The writer keeps one flag, backupInProgress. We never see it; we see what it does:
 *
 *   9606 (prepare succeeded)        the flag was clear, and is set from now on
 *   9607/9840 (refused as busy)     the flag is set: somebody has set it
 *   9616, 9648 (end), 9600 (start)  the flag is clear from now on
 *
 * Nothing else proves anything. Replaying a writer's events in order, four things are enough to
 * give each event its session, and they are all the state there is:
 *
 *   holder    the session that has the flag as far as we know: prepared and not yet reset. Also a
 *             session that we found in the middle (its first event is a later phase), and the one
 *             whose existence only a block proves. An abort does not end it: the flag stays set.
 *             Later phases, aborts and end events belong to it.
 *   attempt   the latest 9604 that has not reached 9606. It may have been refused already: its
 *             abort can still come. A 9606 turns it into the holder; without one, 9606 begins a
 *             session of its own. A refused attempt is not refused twice: the next refusal begins
 *             another whose 9604 is missing. A restart ends it.
 *   ended     the session that the event just before has ended, and by which of the two end
 *             events, so that the other one finds its session, but only at once.
 *   cleared   where the flag was last seen clear: a session which only a block proves must have
 *             begun behind it, and stands there in the list of sessions.
 *
 *              9604            9606                9616 9648
 *     nothing -----> attempt --------> holder -------------------> ended -(other end)-> ended
 *                      |  ^              |  \
 *            9607 9840 |  | 9614         |   \ 9600, or the next 9606: "reset not seen"
 *                      v  |              v    v
 *                     refused      (9614: aborted, but still the holder)
 *
 * A restart without an instance concerns every instance of its computer. Those are kept apart from
 * the writer's own events, and taken in where their rank says. Several in a row, with nothing of
 * this writer between them, do what the first one does, and prove what the last one proves.
 *
 * While the events are replayed, only facts are noted (EVXI_... bits, the events that set and reset
 * the flag, the window). What they amount to is for verdict.c to say, when all are known: a block
 * days later proves what an earlier session was.
 *
 * The caller's array may be too small. The machine therefore decides by what stands in `machine`,
 * never by what stands in a session, and counts on.
 */

typedef struct machine {
    evx_vss_event *events;
    evx_vss_result *out;
    evx_vss_writer *writer;
    int32_t holder, attempt, ended;  /* sessions, or -1                                        */
    bool refused;                    /* the attempt was                                        */
    uint16_t ended_by;               /* the event id                                           */
    int32_t proof;                   /* the last event that proves the flag, or -1             */
    uint32_t cleared_rank;           /* of the last event that cleared it, or EVXI_NONE        */
    uint32_t cleared_sessions;       /* how many sessions there were then                      */
    uint32_t cleared_event;          /* the event behind it                                    */
} machine;

static evx_vss_session *at(const machine *m, int32_t i)
{
    return evxi_session(m->out, (uint32_t)i);
}

/* ---- sessions and their events -------------------------------------------------------------- */

static void init_session(const machine *m, evx_vss_session *s, uint32_t from)
{
    memset(s, 0, sizeof *s);
    s->instance = m->writer->instance;
    s->computer = m->writer->computer;
    s->writer = (uint32_t)m->out->writer_count;
    s->first_event = s->last_event = s->set_event = s->reset_event = s->error_event = -1;
    s->blocked_by = s->blocked_by_candidate = -1;
    s->from = from;
    s->to = EVXI_NONE;
    if (m->writer->flags & EVX_VSS_WRITER_INSTANCE)
        s->flags |= EVX_VSS_SESSION_INSTANCE;
}

static void join(machine *m, int32_t session, uint32_t e)
{
    evx_vss_session *s = at(m, session);

    m->events[e].session = session;
    if (!s)
        return;
    if (s->first_event < 0)
        s->first_event = (int32_t)e;
    s->last_event = (int32_t)e;
    s->events++;
}

static int32_t begin_session(machine *m, uint32_t e)
{
    int32_t i = (int32_t)m->out->session_count++;

    if (at(m, i))
        init_session(m, at(m, i), m->events[e].rank);
    return i;
}

static void note(const machine *m, int32_t session, uint32_t facts, uint32_t flags)
{
    evx_vss_session *s = at(m, session);

    if (!s)
        return;
    s->facts |= (uint16_t)facts;
    s->flags |= (uint8_t)flags;
}

/* Its window ends with this event. */
static void close_at(const machine *m, int32_t session, uint32_t e)
{
    evx_vss_session *s = at(m, session);

    if (s)
        s->to = m->events[e].rank;
}

/* The first failed phase is the one that people must know of; a refusal ended it all. */
static void set_error(const machine *m, int32_t session, uint32_t e, bool refusal)
{
    evx_vss_session *s = at(m, session);

    if (!s || (s->error_event >= 0 && !refusal))
        return;
    s->flags &= (uint8_t)~EVX_VSS_SESSION_ERROR;
    s->error_event = (int32_t)e;
    if (m->events[e].flags & EVX_VSS_HAS_ERROR) {
        s->error = m->events[e].error;
        s->flags |= EVX_VSS_SESSION_ERROR;
    }
}

/* ---- what clears the flag ------------------------------------------------------------------- */

static void clear(machine *m, uint32_t e, uint32_t next)
{
    m->proof = (int32_t)e;
    m->cleared_rank = m->events[e].rank;
    m->cleared_sessions = (uint32_t)m->out->session_count;
    m->cleared_event = next;
}

static void set_reset(machine *m, uint32_t e)
{
    evx_vss_session *s = at(m, m->holder);

    if (s)
        s->reset_event = (int32_t)e;
    close_at(m, m->holder, e);
}

/* 9600. `next` is the writer's own next event. */
static void on_restart(machine *m, uint32_t e, uint32_t next)
{
    if (m->holder >= 0) {
        set_reset(m, e);
        note(m, m->holder, EVXI_RESTART, 0);
    }
    if (m->attempt >= 0 && !m->refused)
        close_at(m, m->attempt, e);
    m->holder = m->attempt = -1;
    clear(m, e, next);
}

/* 9616, 9648. R6: the open session's; else its who was just ended by the other one; else R7. */
static void on_end(machine *m, uint32_t e, int32_t ended)
{
    uint16_t id = m->events[e].event_id;
    uint32_t fact = m->events[e].phase == EVX_VSS_COMPLETE ? EVXI_COMPLETE : EVXI_SHUTDOWN;
    int32_t session = m->holder;

    if (session < 0 && ended >= 0 && m->ended_by != id) {
        join(m, ended, e);
        note(m, ended, fact, 0);
        close_at(m, ended, e);
        clear(m, e, e + 1);
        return;
    }
    if (session < 0) {
        session = m->holder = begin_session(m, e);
        note(m, session, 0, EVX_VSS_LATE_START);
    }
    join(m, session, e);
    note(m, session, fact, 0);
    set_reset(m, e);
    m->holder = -1;
    m->ended = session;
    m->ended_by = id;
    clear(m, e, e + 1);
}

/* ---- what sets it, or proves that it is set ------------------------------------------------- */

/* 9604. R3: an older attempt that reached nothing is over. */
static void on_begin(machine *m, uint32_t e)
{
    if (m->attempt >= 0 && !m->refused)
        close_at(m, m->attempt, e);
    m->attempt = begin_session(m, e);
    m->refused = false;
    join(m, m->attempt, e);
}

/* The attempt that this answer of the writer belongs to. */
static int32_t answered(machine *m, uint32_t e)
{
    int32_t session = m->attempt >= 0 && !m->refused ? m->attempt : begin_session(m, e);

    join(m, session, e);
    return session;
}

/* 9606 */
static void on_prepared(machine *m, uint32_t e)
{
    evx_vss_session *s;

    if (m->holder >= 0) {
        note(m, m->holder, 0, EVX_VSS_RESET_UNSEEN);
        close_at(m, m->holder, e);
    }
    m->holder = answered(m, e);
    m->attempt = -1;
    m->proof = (int32_t)e;
    s = at(m, m->holder);
    if (s) {
        s->set_event = (int32_t)e;
        s->flags |= EVX_VSS_SET_FLAG;
    }
}

/*
 * R7: a block, and nobody known who set the flag. The session which did stands where the flag was
 * last clear, in front of those that came since; their numbers grow by one. That happens once
 * after each clearing, so all moves together are linear.
 */
static void insert_holder(machine *m, uint32_t e)
{
    evx_vss_result *out = m->out;
    uint32_t place = m->cleared_sessions;

    if (place < out->session_cap) {
        size_t last = out->session_count < out->session_cap ? out->session_count
                                                            : out->session_cap - 1;
        memmove(&out->sessions[place + 1], &out->sessions[place],
                (last - place) * sizeof *out->sessions);
        init_session(m, &out->sessions[place], m->cleared_rank);
        out->sessions[place].flags |= EVX_VSS_INFERRED;
    }
    out->session_count++;
    for (uint32_t i = m->cleared_event; i <= e; i++)
        if (m->events[i].session >= (int32_t)place)
            m->events[i].session++;
    m->attempt += m->attempt >= (int32_t)place;
    m->holder = (int32_t)place;
}

static void on_block(machine *m, uint32_t e)
{
    evx_vss_session *s;

    if (m->holder < 0)
        insert_holder(m, e);
    m->proof = (int32_t)e;
    s = at(m, m->holder);
    if (s)
        s->blocks++;
    note(m, m->holder, EVXI_PROVEN, 0);
    note(m, m->attempt, EVXI_BLOCKED, 0);
    s = at(m, m->attempt);
    if (s)
        s->blocked_by = m->holder;
}

/* 9607, 9840. R4: only a block says something about the flag. */
static void on_refused(machine *m, uint32_t e)
{
    m->attempt = answered(m, e);
    m->refused = true;
    set_error(m, m->attempt, e, true);
    close_at(m, m->attempt, e);
    if (m->events[e].outcome == EVX_VSS_BLOCKED)
        on_block(m, e);
    else
        note(m, m->attempt, EVXI_REFUSED, 0);
}

/* ---- the rest ------------------------------------------------------------------------------- */

/* 9608 to 9613, 9617 to 9619, 9649 */
static void on_later_phase(machine *m, uint32_t e)
{
    if (m->holder < 0) {
        m->holder = begin_session(m, e);
        note(m, m->holder, 0, EVX_VSS_LATE_START);
    }
    join(m, m->holder, e);
    if (m->events[e].outcome == EVX_VSS_FAILED) {
        note(m, m->holder, EVXI_FAILURE, 0);
        set_error(m, m->holder, e, false);
    }
}

/* 9614, 9615. R5: the attempt's, even when it was refused; else the holder's; else nobody's. */
static void on_abort(machine *m, uint32_t e)
{
    int32_t session = m->attempt >= 0 ? m->attempt : m->holder;

    if (session < 0)
        return;
    join(m, session, e);
    if (m->attempt >= 0 && m->refused)
        close_at(m, session, e);
    if (m->events[e].outcome == EVX_VSS_FAILED) {
        note(m, session, EVXI_FAILURE, 0);
        set_error(m, session, e, false);
    } else if (session == m->holder && m->events[e].outcome == EVX_VSS_SUCCEEDED)
        note(m, session, EVXI_ABORTED, 0);
}

static void step(machine *m, uint32_t e)
{
    const evx_vss_event *event = &m->events[e];
    int32_t ended = m->ended;
    bool good = event->outcome == EVX_VSS_SUCCEEDED;

    m->ended = -1;
    if (event->phase == EVX_VSS_INITIALIZE)
        on_restart(m, e, e + 1);
    else if (event->phase == EVX_VSS_BEGIN)
        on_begin(m, e);
    else if (event->phase == EVX_VSS_PREPARE && good)
        on_prepared(m, e);
    else if (event->phase == EVX_VSS_PREPARE || event->phase == EVX_VSS_BUSY)
        on_refused(m, e);
    else if (event->phase == EVX_VSS_ABORT)
        on_abort(m, e);
    else if (good && (event->phase == EVX_VSS_COMPLETE || event->phase == EVX_VSS_SHUTDOWN))
        on_end(m, e, ended);
    else
        on_later_phase(m, e);
}

/* ---- the replay ----------------------------------------------------------------------------- */

/* The first of the resets [i, end) whose rank is above this one, by steps that double. */
static uint32_t skip_resets(const evx_vss_event *events, uint32_t i, uint32_t end, uint32_t rank)
{
    uint32_t stride = 1, high;

    while (i < end && events[i].rank < rank && stride < end - i
           && events[i + stride].rank < rank) {
        i += stride;
        stride *= 2;
    }
    high = stride < end - i ? i + stride : end;
    while (i < high) {
        uint32_t mid = i + (high - i) / 2;
        if (events[mid].rank < rank)
            i = mid + 1;
        else
            high = mid;
    }
    return i;
}

/* The computer's restarts [i, until), in front of the writer's own event `next`. */
static void take_resets(machine *m, uint32_t i, uint32_t until, uint32_t next)
{
    if (i == until)
        return;
    m->ended = -1;
    on_restart(m, i, next);
    if (until - i > 1)
        on_restart(m, until - 1, next);
}

void evxi_replay(evx_vss_event *events, evx_vss_result *out, evx_vss_writer *w)
{
    uint32_t end = w->first_event + w->events, reset = w->first_reset;
    uint32_t last_reset = w->first_reset + w->resets, until;
    machine m = { events, out, w, -1, -1, -1, false, 0, -1, EVXI_NONE, 0, w->first_event };

    w->first_session = m.cleared_sessions = (uint32_t)out->session_count;
    for (uint32_t e = w->first_event; e < end; e++) {
        if (!evx_vss_tracked(&events[e]))
            continue;
        until = skip_resets(events, reset, last_reset, events[e].rank);
        take_resets(&m, reset, until, e);
        reset = until;
        step(&m, e);
    }
    take_resets(&m, reset, last_reset, end);
    w->sessions = (uint32_t)out->session_count - w->first_session;
    w->proof = m.proof;
    w->holder = m.holder;
}
