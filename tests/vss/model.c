/* tests/vss/model.c - R1 to R11 by the book: every question is answered by looking at all events */
#include "model.h"

#include <string.h>

/*
 * No state machine: a session is a list of events, and whether it is open, or an attempt has been
 * answered, is asked of these lists each time. No ranks, no lists through events, no sums: what
 * takes one look in the library takes a loop here. Numbers of events below are places in `ev`,
 * which holds the events of one computer in R2's order.
 */

typedef struct msession {
    int events[MODEL_EVENTS], count;
    int inferred;                    /* R7: a block proves it; place of that block, else -1     */
    int after;                       /* inferred: the place of the last clear proof, or -1      */
    int blocked_by, blocks, candidate;
    int closed;                      /* place of the event that ended its hold, or -1           */
} msession;

typedef struct mwriter {
    int instance;                    /* -1: null                                               */
    int own[MODEL_EVENTS], count;    /* places of its events, the computer's restarts included  */
    msession s[2 * MODEL_EVENTS];
    int sessions;
    int own_tracked;
} mwriter;

static const evx_vss_event *ev[MODEL_EVENTS];
static uint64_t when[MODEL_EVENTS];  /* the time that counts: its own, or that of its place     */
static int evs;
static bool lost_at[MODEL_EVENTS + 1];   /* could a record be lost in front of this place?     */
static const evx_loss *lossv;
static size_t losses;
static mwriter writers[MODEL_EVENTS];
static int writer_count;

static bool has(const evx_vss_event *e, unsigned flag)
{
    return (e->flags & flag) != 0;
}

static bool tracked(const evx_vss_event *e)
{
    return e->event_id < 9620 || e->event_id > 9623;
}

static int instance_of(const evx_vss_event *e)
{
    return has(e, EVX_VSS_HAS_INSTANCE) ? e->instance.b[3] : -1;
}

static bool for_all(const evx_vss_event *e)
{
    return e->event_id == 9600 && instance_of(e) < 0;
}

/* ---- R2 ------------------------------------------------------------------------------------- */

static bool same_place(const evx_vss_event *a, const evx_vss_event *b)
{
    return a->file == b->file && a->computer == b->computer;
}

/* The record id that decides among equals: its own, else that of the event before it in the file
 * if that has the same time. */
static uint64_t deciding_id(const evx_vss_event *raw, size_t i)
{
    if (has(&raw[i], EVX_VSS_HAS_RECORD_ID))
        return raw[i].record_id;
    for (size_t k = i; k-- > 0; )
        if (same_place(&raw[k], &raw[i]) && has(&raw[k], EVX_VSS_HAS_TIME))
            return raw[k].time == raw[i].time ? deciding_id(raw, k) : 0;
    return 0;
}

static bool earlier(const evx_vss_event *raw, size_t a, size_t b)
{
    if (raw[a].time != raw[b].time)
        return raw[a].time < raw[b].time;
    if (deciding_id(raw, a) != deciding_id(raw, b))
        return deciding_id(raw, a) < deciding_id(raw, b);
    return a < b;
}

static void insert_at(size_t *order, size_t *n, size_t place, size_t i)
{
    memmove(order + place + 1, order + place, (*n - place) * sizeof *order);
    order[place] = i;
    ++*n;
}

static size_t place_of(const size_t *order, size_t n, size_t i)
{
    size_t p = 0;

    while (p < n && order[p] != i)
        p++;
    return p;
}

/* The event whose time counts for this one: itself, else the one before it in its file that has a
 * time, else the first one there that has; or none. */
static size_t timed_by(const evx_vss_event *raw, size_t total, size_t i)
{
    for (size_t k = i + 1; k-- > 0; )
        if (same_place(&raw[k], &raw[i]) && has(&raw[k], EVX_VSS_HAS_TIME))
            return k;
    for (size_t k = i; k < total; k++)
        if (same_place(&raw[k], &raw[i]) && has(&raw[k], EVX_VSS_HAS_TIME))
            return k;
    return total;
}

/* Where an event without a time belongs: behind the one before it in its file; in front of the
 * first one there that has a time; or at the very front, by position. */
static size_t untimed_place(const evx_vss_event *raw, size_t total, const size_t *order, size_t n,
                            size_t i)
{
    size_t p;

    for (size_t k = i; k-- > 0; )
        if (same_place(&raw[k], &raw[i]))
            return place_of(order, n, k) + 1;
    if (timed_by(raw, total, i) < total)
        return place_of(order, n, timed_by(raw, total, i));
    for (p = 0; p < n && order[p] < i && timed_by(raw, total, order[p]) == total; p++)
        ;
    return p;
}

static size_t put_in_order(const evx_vss_event *raw, size_t total, uint32_t computer,
                           size_t *order)
{
    size_t n = 0, p;

    for (size_t i = 0; i < total; i++)
        if (raw[i].computer == computer && has(&raw[i], EVX_VSS_HAS_TIME)) {
            for (p = n; p > 0 && earlier(raw, i, order[p - 1]); p--)
                ;
            insert_at(order, &n, p, i);
        }
    for (size_t i = 0; i < total; i++)
        if (raw[i].computer == computer && !has(&raw[i], EVX_VSS_HAS_TIME)) {
            p = untimed_place(raw, total, order, n, i);
            insert_at(order, &n, p, i);
        }
    return n;
}

static bool copies(const evx_vss_event *a, const evx_vss_event *b)
{
    if (!has(a, EVX_VSS_HAS_RECORD_ID) || !has(b, EVX_VSS_HAS_RECORD_ID)
        || a->record_id != b->record_id || a->event_id != b->event_id || a->digest != b->digest
        || instance_of(a) != instance_of(b)
        || has(a, EVX_VSS_HAS_TIME) != has(b, EVX_VSS_HAS_TIME))
        return false;
    return !has(a, EVX_VSS_HAS_TIME) || a->time == b->time;
}

/* Is the event at p a copy of another that stays? */
static bool is_copy(const evx_vss_event *raw, const size_t *order, size_t n, size_t p)
{
    const evx_vss_event *e = &raw[order[p]];

    for (size_t k = 0; k < n; k++) {
        const evx_vss_event *o = &raw[order[k]];
        bool with = has(o, EVX_VSS_HAS_CHANNEL);
        if (k == p || !copies(o, e))
            continue;
        if (!has(e, EVX_VSS_HAS_CHANNEL) ? with || k < p
                                         : with && k < p && o->channel == e->channel)
            return true;
    }
    return false;
}

static void gather(const evx_vss_event *raw, size_t total, uint32_t computer)
{
    size_t order[MODEL_EVENTS], n = put_in_order(raw, total, computer, order), t;

    evs = 0;
    for (size_t p = 0; p < n; p++) {
        if (is_copy(raw, order, n, p))
            continue;
        t = timed_by(raw, total, order[p]);
        when[evs] = t < total ? raw[t].time : 0;
        ev[evs++] = &raw[order[p]];
    }
}

/* ---- R10: could a record be lost between places g - 1 and g? -------------------------------- */

static bool lost_before(const evx_loss *l, int p)    /* could it be lost in front of p?       */
{
    return p < 0 || p >= evs || l->before == 0 || when[p] > l->before;
}

static bool lost_behind(const evx_loss *l, int p)
{
    return p < 0 || p >= evs || l->after == 0 || when[p] < l->after;
}

/* The neighbours of the loss have one time: events of that time and file tell by their offset. */
static bool momentary(const evx_loss *l, int g)
{
    int first = 0, p;

    for (p = 0; p < evs; p++)
        if (when[p] < l->before
            || (when[p] == l->before && ev[p]->file == l->file && ev[p]->file_off < l->file_off))
            first = p + 1;
    for (p = first; p < evs; p++)
        if (when[p] > l->before
            || (when[p] == l->before && ev[p]->file == l->file && ev[p]->file_off > l->file_off))
            break;
    return g >= first && g <= p;
}

static bool in_gap(const evx_loss *l, int g)
{
    if (l->computer != EVX_ANY_COMPUTER && l->computer != ev[0]->computer)
        return false;
    if (l->before != 0 && l->before == l->after)
        return momentary(l, g);
    if (l->before != 0 && l->after != 0 && l->before > l->after)
        return lost_before(l, g < evs ? g : -1) || lost_behind(l, g - 1);
    return lost_before(l, g) && lost_behind(l, g - 1);
}

static bool same_channel(const evx_vss_event *a, const evx_vss_event *b)
{
    return has(a, EVX_VSS_HAS_CHANNEL) == has(b, EVX_VSS_HAS_CHANNEL) && a->channel == b->channel;
}

/* Was the log cleared between the last event of some channel before g and the first one behind? */
static bool cleared_in_gap(int g)
{
    for (int a = 0; a < g; a++)
        for (int b = g; b < evs; b++) {
            int between = 0;
            if (!same_channel(ev[a], ev[b]) || !has(ev[a], EVX_VSS_HAS_TIME)
                || !has(ev[b], EVX_VSS_HAS_TIME) || !has(ev[a], EVX_VSS_HAS_RECORD_ID)
                || !has(ev[b], EVX_VSS_HAS_RECORD_ID) || ev[a]->time == ev[b]->time
                || ev[a]->record_id < ev[b]->record_id
                || (ev[a]->file == ev[b]->file && ev[a]->file_off > ev[b]->file_off))
                continue;
            for (int k = a + 1; k < b; k++)
                between += same_channel(ev[a], ev[k]) && has(ev[k], EVX_VSS_HAS_TIME)
                    && has(ev[k], EVX_VSS_HAS_RECORD_ID);
            if (between == 0)
                return true;
        }
    return false;
}

static void find_losses(void)
{
    for (int g = 0; g <= evs; g++) {
        lost_at[g] = cleared_in_gap(g);
        for (size_t i = 0; i < losses; i++)
            lost_at[g] |= in_gap(&lossv[i], g);
    }
}

/* From the event at place `from` (-1: before all) to that at `to` (evs: behind all). */
static bool lost_between(int from, int to)
{
    for (int g = from + 1; g <= to; g++)
        if (lost_at[g])
            return true;
    return false;
}

/* ---- what a session is, from its events ----------------------------------------------------- */

static int find(const msession *s, unsigned id)
{
    for (int i = 0; i < s->count; i++)
        if (ev[s->events[i]]->event_id == id)
            return s->events[i];
    return -1;
}

static bool is_refusal(int p)
{
    return ev[p]->event_id == 9607 || ev[p]->event_id == 9840;
}

static bool is_block(int p)
{
    return is_refusal(p) && ev[p]->outcome == EVX_VSS_BLOCKED;
}

static int refusal(const msession *s)
{
    for (int i = 0; i < s->count; i++)
        if (is_refusal(s->events[i]))
            return s->events[i];
    return -1;
}

static int last_of(const msession *s)
{
    return s->count > 0 ? s->events[s->count - 1] : -1;
}

/* R3: a 9604, or the answer to one that is missing, makes an attempt. */
static bool is_attempt(const msession *s)
{
    return s->inferred < 0 && (find(s, 9604) >= 0 || find(s, 9606) >= 0 || refusal(s) >= 0);
}

/* R3, R7: what can be open: prepared; or first seen later; or proven by a block. */
static bool can_hold(const msession *s)
{
    return s->inferred >= 0 || find(s, 9606) >= 0 || !is_attempt(s);
}

static int open_session(const mwriter *w)
{
    for (int i = 0; i < w->sessions; i++)
        if (can_hold(&w->s[i]) && w->s[i].closed < 0)
            return i;
    return -1;
}

/* The attempt that began last, unless it has reached 9606, or a restart came since. */
static int latest_attempt(const mwriter *w, int now)
{
    int latest = -1, begin = -1;

    for (int i = 0; i < w->sessions; i++)
        if (is_attempt(&w->s[i]) && w->s[i].events[0] > begin) {
            latest = i;
            begin = w->s[i].events[0];
        }
    if (latest < 0 || find(&w->s[latest], 9606) >= 0)
        return -1;
    for (int i = 0; i < w->count; i++)
        if (w->own[i] > begin && w->own[i] < now && ev[w->own[i]]->event_id == 9600)
            return -1;
    return latest;
}

/* R9's proofs. */
static int last_proof(const mwriter *w, int until)
{
    int last = -1;

    for (int i = 0; i < w->count && w->own[i] <= until; i++) {
        unsigned id = ev[w->own[i]]->event_id;
        if (id == 9600 || id == 9606 || id == 9616 || id == 9648 || is_block(w->own[i]))
            last = w->own[i];
    }
    return last;
}

static int last_clear(const mwriter *w, int until)
{
    int last = -1;

    for (int i = 0; i < w->count && w->own[i] <= until; i++) {
        unsigned id = ev[w->own[i]]->event_id;
        if (id == 9600 || id == 9616 || id == 9648)
            last = w->own[i];
    }
    return last;
}

/* ---- R3 to R7: the session of each event ---------------------------------------------------- */

static int add_session(mwriter *w, int place)
{
    msession *s = &w->s[place];

    memmove(s + 1, s, (size_t)(w->sessions - place) * sizeof *s);
    w->sessions++;
    memset(s, 0, sizeof *s);
    s->inferred = s->blocked_by = s->candidate = s->closed = s->after = -1;
    for (int i = 0; i < w->sessions; i++)
        if (i != place && w->s[i].blocked_by >= place)
            w->s[i].blocked_by++;
    return place;
}

static void give(mwriter *w, int session, int p)
{
    w->s[session].events[w->s[session].count++] = p;
}

static void answer_attempt(mwriter *w, int p)
{
    int attempt = latest_attempt(w, p), older = open_session(w);

    if (attempt >= 0 && refusal(&w->s[attempt]) >= 0)
        attempt = -1;
    if (attempt < 0)
        attempt = add_session(w, w->sessions);
    if (ev[p]->event_id == 9606 && older >= 0)
        w->s[older].closed = p;
    give(w, attempt, p);
}

/* R4, R7 */
static void block(mwriter *w, int p)
{
    int holder = open_session(w), mine;

    if (holder < 0) {
        int clear = last_clear(w, p), place = 0;
        /* behind every session that began before the flag was last seen clear */
        while (place < w->sessions
               && (w->s[place].count > 0 ? w->s[place].events[0] : w->s[place].inferred) <= clear)
            place++;
        holder = add_session(w, place);
        w->s[holder].inferred = p;
        w->s[holder].after = clear;
    }
    for (mine = 0; mine < w->sessions; mine++)
        if (refusal(&w->s[mine]) == p)
            break;
    w->s[mine].blocked_by = holder;
    w->s[holder].blocks++;
}

static int previous(const mwriter *w, int p)
{
    int last = -1;

    for (int i = 0; i < w->count && w->own[i] < p; i++)
        last = w->own[i];
    return last;
}

/* R6 */
static int end_event_of(mwriter *w, int p)
{
    int open = open_session(w), before = previous(w, p);

    if (open >= 0)
        return open;
    if (before >= 0 && ev[before]->event_id == (ev[p]->event_id == 9616 ? 9648 : 9616))
        for (int i = 0; i < w->sessions; i++)
            if (w->s[i].closed == before)
                return i;
    return add_session(w, w->sessions);
}

static void restart(mwriter *w, int p)
{
    int open = open_session(w);

    if (open >= 0)
        w->s[open].closed = p;
}

static void one_event(mwriter *w, int p)
{
    unsigned id = ev[p]->event_id;
    int s;

    if (id == 9600) {
        restart(w, p);
    } else if (id == 9604) {
        give(w, add_session(w, w->sessions), p);
    } else if (id == 9606 || is_refusal(p)) {
        answer_attempt(w, p);
        if (is_block(p))
            block(w, p);
    } else if (id == 9614 || id == 9615) {
        s = latest_attempt(w, p);
        if (s < 0)
            s = open_session(w);
        if (s >= 0)
            give(w, s, p);
    } else if (id == 9616 || id == 9648) {
        s = end_event_of(w, p);
        give(w, s, p);
        if (w->s[s].closed < 0)
            w->s[s].closed = p;
    } else {
        s = open_session(w);
        give(w, s >= 0 ? s : add_session(w, w->sessions), p);
    }
}

/* ---- R8, R10: states ------------------------------------------------------------------------ */

static bool is_late(const msession *s)
{
    return s->inferred < 0 && !is_attempt(s);
}

/* A later phase that failed: any odd event but the refusal. */
static int failure(const msession *s)
{
    for (int i = 0; i < s->count; i++)
        if (ev[s->events[i]]->event_id % 2 == 1 && ev[s->events[i]]->event_id != 9607)
            return s->events[i];
    return -1;
}

static bool aborted(const msession *s)
{
    int prepared = find(s, 9606);

    for (int i = 0; i < s->count; i++)
        if (ev[s->events[i]]->event_id == 9614 && ev[s->events[i]]->outcome != EVX_VSS_IGNORED
            && (s->events[i] > prepared || is_late(s) || s->inferred >= 0))
            return true;
    return false;
}

static bool ended(const msession *s)
{
    return find(s, 9616) >= 0 || find(s, 9648) >= 0;
}

/* Where an attempt that reached nothing is over: the next attempt, or a restart. */
static int superseded(const mwriter *w, const msession *s)
{
    for (int i = 0; i < w->count; i++) {
        unsigned id = ev[w->own[i]]->event_id;
        if (w->own[i] > s->events[0] && (id == 9604 || id == 9600))
            return w->own[i];
    }
    return evs;
}

static bool is_failed(const msession *s)
{
    return failure(s) >= 0 && (ended(s) || aborted(s));
}

static uint8_t state_of(const mwriter *w, const msession *s, bool *certain)
{
    bool blocked = s->blocked_by >= 0, refused = refusal(s) >= 0;
    bool probe = !refused && !can_hold(s), lost;
    bool interrupted = s->closed >= 0 && ev[s->closed]->event_id == 9600;
    bool unseen = s->closed >= 0 && ev[s->closed]->event_id == 9606;
    bool failed = refused || (!probe && !interrupted && is_failed(s));
    int from = s->inferred >= 0 ? s->after : s->events[0], to;

    if (refused || (failed && s->blocks == 0 && !is_late(s)))
        to = last_of(s);
    else if (probe)
        to = superseded(w, s);
    else if (s->closed < 0)
        to = evs;
    else
        to = ended(s) && last_of(s) > s->closed ? last_of(s) : s->closed;
    lost = lost_between(from, to);
    *certain = !lost;
    if (s->blocks > 0)
        return EVX_VSS_STATE_UNFINISHED;
    if (blocked)
        return EVX_VSS_STATE_BLOCKED;
    if (is_late(s) || lost)
        return EVX_VSS_STATE_UNKNOWN;
    if (probe)
        return EVX_VSS_STATE_PROBE;
    if (interrupted)
        return EVX_VSS_STATE_INTERRUPTED;
    if (failed)
        return EVX_VSS_STATE_FAILED;
    if (unseen)
        return EVX_VSS_STATE_UNKNOWN;
    if (find(s, 9616) >= 0)
        return EVX_VSS_STATE_COMPLETED;
    if (find(s, 9648) >= 0)
        return EVX_VSS_STATE_SHUTDOWN;
    return aborted(s) ? EVX_VSS_STATE_ABORTED : EVX_VSS_STATE_OPEN;
}

static int end_of(const msession *s, uint8_t state)
{
    bool reset = s->closed >= 0 && ev[s->closed]->event_id != 9606;

    switch (state) {
    case EVX_VSS_STATE_COMPLETED: case EVX_VSS_STATE_SHUTDOWN:
    case EVX_VSS_STATE_FAILED: case EVX_VSS_STATE_BLOCKED:
        return last_of(s);
    case EVX_VSS_STATE_INTERRUPTED: case EVX_VSS_STATE_UNFINISHED:
        return reset ? s->closed : -1;
    case EVX_VSS_STATE_UNKNOWN:
        return ended(s) || refusal(s) >= 0 ? last_of(s) : -1;
    default:
        return -1;
    }
}

/* ---- R9, R11 -------------------------------------------------------------------------------- */

static uint8_t verdict_of(const mwriter *w, const uint8_t *states, int proof)
{
    int holder = open_session(w);
    bool set = proof >= 0 && (ev[proof]->event_id == 9606 || is_block(proof));

    if (proof < 0)
        return EVX_VSS_VERDICT_UNKNOWN;
    if (set)
        return states[holder] == EVX_VSS_STATE_UNFINISHED ? EVX_VSS_STUCK
                                                          : EVX_VSS_IN_PROGRESS_OR_STUCK;
    for (int i = 0; i < w->sessions; i++)
        if (states[i] == EVX_VSS_STATE_UNFINISHED)
            return EVX_VSS_WAS_STUCK;
    return EVX_VSS_CLEAR;
}

/* Had this writer a session open at place p that was seen to begin, or to go on? */
static bool seen_open(const mwriter *w, int p)
{
    for (int i = 0; i < w->sessions; i++) {
        const msession *s = &w->s[i];
        int begin = is_late(s) ? s->events[0] : find(s, 9606);
        if (s->inferred < 0 && begin >= 0 && begin < p && (s->closed < 0 || s->closed > p))
            return true;
    }
    return false;
}

static int candidate(int me, int p)
{
    int found = -1;

    for (int i = 0; i < writer_count; i++) {
        if (i == me || !seen_open(&writers[i], p))
            continue;
        if (found >= 0)
            return -1;
        found = i;
    }
    return found;
}

static void set_candidates(int me, int *last)
{
    mwriter *w = &writers[me];
    int latest = -1;

    *last = -1;
    for (int i = 0; i < w->sessions; i++) {
        msession *s = &w->s[i];
        if (s->blocked_by < 0 || w->s[s->blocked_by].inferred < 0)
            continue;
        s->candidate = candidate(me, refusal(s));
        if (s->candidate >= 0 && refusal(s) > latest) {
            latest = refusal(s);
            *last = s->candidate;
        }
    }
}

/* ---- the answer ----------------------------------------------------------------------------- */

static int64_t name_of(int p)
{
    return p >= 0 && p < evs ? (int64_t)ev[p]->order : -1;
}

static int64_t time_of(int p)
{
    return p >= 0 && p < evs && has(ev[p], EVX_VSS_HAS_TIME) ? (int64_t)ev[p]->time : 0;
}

static void put_session(const mwriter *w, const msession *s, answer *out)
{
    bool certain;
    uint8_t state = state_of(w, s, &certain);

    answer_put(out, state);
    answer_put(out, certain);
    answer_put(out, s->inferred >= 0 ? 0 : time_of(s->events[0]));
    answer_put(out, time_of(end_of(s, state)));
    answer_put(out, time_of(find(s, 9606)));
    answer_put(out, name_of(refusal(s) >= 0 ? refusal(s) : failure(s)));
    answer_put(out, s->blocked_by);
    answer_put(out, s->candidate);
    answer_put(out, s->blocks);
    answer_put(out, s->count);
    for (int i = 0; i < s->count; i++)
        answer_put(out, name_of(s->events[i]));
}

static void put_writer(int me, answer *out)
{
    mwriter *w = &writers[me];
    uint8_t states[2 * MODEL_EVENTS], known;
    int proof = last_proof(w, evs), holder = open_session(w), named;
    bool certain, set = proof >= 0 && (ev[proof]->event_id == 9606 || is_block(proof));

    set_candidates(me, &named);
    for (int i = 0; i < w->sessions; i++)
        states[i] = state_of(w, &w->s[i], &certain);
    known = verdict_of(w, states, proof);
    answer_put(out, ev[0]->computer);
    answer_put(out, w->instance);
    answer_put(out, proof >= 0 && lost_between(proof, evs) ? EVX_VSS_VERDICT_UNKNOWN : known);
    answer_put(out, known);
    answer_put(out, set ? time_of(find(&w->s[holder], 9606)) : 0);
    answer_put(out, name_of(proof));
    answer_put(out, set ? holder : -1);
    answer_put(out, named);
    answer_put(out, w->sessions);
    for (int i = 0; i < w->sessions; i++)
        put_session(w, &w->s[i], out);
}

/* ---- R1: writers ---------------------------------------------------------------------------- */

static void make_writer(int instance, bool only_restarts)
{
    mwriter *w = &writers[writer_count];

    memset(w, 0, sizeof *w);
    w->instance = instance;
    for (int p = 0; p < evs; p++) {
        bool mine = tracked(ev[p]) && instance_of(ev[p]) == instance && !for_all(ev[p]);
        w->own_tracked += mine;
        if (mine || for_all(ev[p]))
            w->own[w->count++] = p;
    }
    if (w->own_tracked == 0 && !(only_restarts && w->count > 0))
        return;
    writer_count++;
    for (int i = 0; i < w->count; i++)
        one_event(w, w->own[i]);
}

void model_solve(const evx_vss_event *raw, size_t n, const evx_loss *l, size_t loss_count,
                 answer *out)
{
    lossv = l;
    losses = loss_count;
    out->count = 0;
    for (uint32_t computer = 0; computer < 4; computer++) {
        gather(raw, n, computer);
        if (evs == 0)
            continue;
        find_losses();
        writer_count = 0;
        for (int instance = -1; instance < 256; instance++)
            make_writer(instance, false);
        if (writer_count == 0)
            make_writer(-1, true);
        for (int i = 0; i < writer_count; i++)
            put_writer(i, out);
    }
}
