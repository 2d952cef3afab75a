/* src/cli/report_heal.c - what one log lost, another one may have */
#include "report.h"

/*
 * What a log lost has record ids, if a neighbour has one. Archives of one channel follow each
 * other and overlap, so other logs of the same computer and channel tell more of it:
 *
 *   - a sound one that has all of these ids has the records: for a verdict nothing is lost;
 *   - where nothing is left of a log in front of a loss, or behind it, records of other logs with
 *     ids beyond the lost ones are its neighbours.
 *
 * Ids start again when a log is cleared, so times have to agree. Nothing here is about what a log
 * lost, which is said in any case: only about what its loss leaves unproven.
 */
enum { LOOKS_MAX = 1 << 26 };        /* at stretches, in all: what is left then stays a loss   */

typedef struct healing {
    const report *r;
    const report_stretch *begin, *end;      /* of the same computer and channel                */
    evx_loss *loss;
    uint64_t first, last;            /* ids that were lost; of an open beginning, the last one */
    bool least;                      /* of an open end: there may be more                      */
} healing;

static bool is_one_log(const report_file *f)
{
    return f->any_computer && f->computer != EVX_ANY_COMPUTER && f->any_channel
        && f->channel != REPORT_NO_NAME;
}

/* Every id from its first to its last one is there. */
static bool is_whole(const healing *h, const report_stretch *s)
{
    const report_file *f = &h->r->files[s->file];

    return f->gapless && is_one_log(f);
}

static bool is_before(const report_stretch *a, uint32_t computer, uint32_t channel)
{
    return a->computer < computer || (a->computer == computer && a->channel < channel);
}

/* Stretches stand in order of computer, channel and time. */
static void find_stretches(healing *h, const report_file *f)
{
    size_t low = 0, high = h->r->stretch_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (is_before(&h->r->stretches[mid], f->computer, f->channel))
            low = mid + 1;
        else
            high = mid;
    }
    h->begin = h->end = h->r->stretches + low;
    while (h->end < h->r->stretches + h->r->stretch_count && h->end->computer == f->computer
           && h->end->channel == f->channel)
        h->end++;
}

/* Does a stretch have this record, begin behind it or end before it, by times as by ids? */
static bool agrees(const report_stretch *s, uint64_t id, uint64_t time)
{
    if (id == 0 || time == 0)
        return true;
    return s->first_id > id ? s->first_time >= time
         : s->last_id < id ? s->last_time <= time : s->first_time <= time && time <= s->last_time;
}

/* Nothing is left in front of the loss: what a stretch has of it is not lost. True: all of it. */
static bool fill_beginning(healing *h, const report_stretch *s)
{
    if (s->first_id > h->last || s->last_id < h->last)
        return false;
    h->loss->after_id = s->first_id;
    h->loss->after = s->first_time;
    h->last = s->first_id - 1;
    return h->last == 0;             /* the first record of all                                */
}

/* The same for all losses. */
static bool fill(healing *h, const report_stretch *s)
{
    evx_loss *l = h->loss;

    if (!is_whole(h, s) || !agrees(s, l->before_id, l->before)
        || !agrees(s, l->after_id, l->after))
        return false;
    if (l->before_id == 0)
        return fill_beginning(h, s);
    if (s->first_id > h->first || s->last_id < h->first)
        return false;
    if (s->last_id >= h->last && !h->least)
        return true;
    if (l->after_id == 0) {
        l->before_id = s->last_id;
        l->before = s->last_time;
        h->first = s->last_id + 1;
        h->last = h->last > s->last_id ? h->last : s->last_id + 1;
    }
    return false;
}

/* Records beyond what was lost: a whole stretch would have those of its own ids. */
static void close_window(const healing *h, const report_stretch *s)
{
    evx_loss *l = h->loss;
    bool whole = is_whole(h, s);

    if (l->before_id != 0) {
        if (s->first_id > (whole ? l->before_id : h->last) && (whole || !h->least)
            && s->first_time >= l->before && (l->after == 0 || s->first_time < l->after)) {
            l->after = s->first_time;
            l->after_id = s->first_id;
        }
    } else if (whole && s->last_id < l->after_id && s->last_time <= l->after
               && s->last_time > l->before) {
        l->before = s->last_time;
    }
}

/* What is known of the ids. False: nothing, or none is missing. */
static bool number(healing *h)
{
    const evx_loss *l = h->loss;

    h->first = l->before_id + 1;
    h->last = l->after_id != 0 ? l->after_id - 1 : l->before_id + l->records;
    h->least = l->after_id == 0 && h->r->files[l->file].vague;
    return (l->before_id != 0 || l->after_id > 1) && h->first <= h->last;
}

bool report_heal(const report *r, evx_loss *loss, uint32_t *looks)
{
    healing h = { .r = r, .loss = loss };
    bool open = loss->after_id == 0 || loss->before_id == 0;

    if (loss->file >= r->file_count || !is_one_log(&r->files[loss->file]) || !number(&h))
        return false;
    find_stretches(&h, &r->files[loss->file]);
    if ((size_t)(h.end - h.begin) > LOOKS_MAX - *looks)
        return false;
    *looks += (uint32_t)(h.end - h.begin);
    for (const report_stretch *s = h.begin; s < h.end; s++)
        if (s->file != loss->file && fill(&h, s))
            return true;
    for (const report_stretch *s = h.begin; open && s < h.end; s++)
        if (s->file != loss->file)
            close_window(&h, s);
    return false;
}
