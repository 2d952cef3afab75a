/* src/cli/report_doubt.c - events of damaged chunks, of which another log has sound copies */
#include "report.h"

#include <stdlib.h>

/*
 * A chunk whose checksum is wrong may say what was never written. Where another log has the same
 * record, by computer, channel, id and time, in a sound chunk, that one is the evidence: whatever
 * the other says, and whichever was read first.
 */
static const evx_vss_event *all;     /* qsort knows no more than two numbers                      */

static int compare(const evx_vss_event *x, const evx_vss_event *y)
{
    if (x->computer != y->computer)
        return x->computer < y->computer ? -1 : 1;
    if (x->record_id != y->record_id)
        return x->record_id < y->record_id ? -1 : 1;
    return (x->time > y->time) - (x->time < y->time);
}

static int by_record(const void *a, const void *b)
{
    return compare(&all[*(const uint32_t *)a], &all[*(const uint32_t *)b]);
}

static bool is_placed(const evx_vss_event *e)
{
    const uint8_t both = EVX_VSS_HAS_TIME | EVX_VSS_HAS_RECORD_ID;

    return (e->flags & both) == both;
}

/* An absent channel matches any. */
static bool same_channel(const evx_vss_event *x, const evx_vss_event *y)
{
    return !(x->flags & y->flags & EVX_VSS_HAS_CHANNEL) || x->channel == y->channel;
}

/* Is a sound one of this record among those, in order? */
static bool has_sound(const uint32_t *sound, size_t count, const evx_vss_event *e)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (compare(&all[sound[mid]], e) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < count && compare(&all[sound[low]], e) == 0; low++)
        if (same_channel(&all[sound[low]], e))
            return true;
    return false;
}

/* In order, those that are placed and not in doubt. */
static size_t find_sound(const report *r, uint32_t *sound)
{
    size_t count = 0;

    for (size_t i = 0, d = 0; i < r->event_count; i++)
        if (d < r->doubt_count && r->doubts[d] == i)
            d++;
        else if (is_placed(&r->events[i]))
            sound[count++] = (uint32_t)i;
    if (count > 0)
        qsort(sound, count, sizeof *sound, by_record);
    return count;
}

/* Of the events in doubt those remain listed that are sound elsewhere. */
static size_t find_others(report *r)
{
    uint32_t *sound = report_zeroed(r->event_count, sizeof *sound);
    size_t count = find_sound(r, sound), listed = 0;

    for (size_t d = 0; d < r->doubt_count; d++) {
        const evx_vss_event *e = &r->events[r->doubts[d]];
        if (is_placed(e) && has_sound(sound, count, e))
            r->doubts[listed++] = r->doubts[d];
    }
    free(sound);
    return listed;
}

void report_leave_doubtful(report *r)
{
    size_t listed, kept = 0;

    if (r->doubt_count == 0)
        return;
    all = r->events;
    listed = find_others(r);
    for (size_t i = 0, d = 0; i < r->event_count; i++)
        if (d < listed && r->doubts[d] == i)
            d++;
        else
            r->events[kept++] = r->events[i];
    if (listed > 0 && r->args.verbose > 0)
        cli_say("sessions: %llu event%s of chunks with a wrong checksum left out: other logs have "
                "the same records", (unsigned long long)listed, cli_s(listed));
    r->event_count = kept;
    r->doubt_count = 0;
}
