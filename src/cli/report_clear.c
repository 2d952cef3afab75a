/* src/cli/report_clear.c - record ids that start again: cleared logs; losses that count */
#include "report.h"

#include <stdlib.h>

/*
 * R10: a cleared log begins again with record 1. Of most records only two per chunk are read, and
 * the files of a folder come in any order, so ids are gathered in stretches in which they rise. A
 * ring has two of them, an archive one. Sorted by time, a stretch that begins later than another
 * has ended, with an id that the other one had reached, tells that the log was cleared between
 * them. Where stretches overlap in time, as archives do, they tell nothing.
 */

enum { LOOK_BACK = 64 };             /* stretches of a file that may still go on               */

void report_place(report *r, uint32_t file, uint32_t computer, uint32_t channel, uint64_t time,
                  uint64_t id)
{
    report_stretch *s = NULL, *found = NULL;
    size_t stop = r->stretch_count > LOOK_BACK ? r->stretch_count - LOOK_BACK : 0;

    for (size_t i = r->stretch_count; i > stop && !found; i--) {
        s = &r->stretches[i - 1];
        if (s->file != file)
            break;
        if (s->computer == computer && s->channel == channel)
            found = s;
    }
    if (found && id > found->last_id) {
        found->last_id = id;
        if (time > found->last_time)
            found->last_time = time;
        if (time < found->first_time)
            found->first_time = time;
        return;
    }
    r->stretches = report_more(r->stretches, r->stretch_count, &r->stretch_cap,
                               sizeof *r->stretches);
    r->stretches[r->stretch_count++] = (report_stretch){ computer, channel, file, time, time, id,
                                                         id, time };
}

static int by_time(const void *a, const void *b)
{
    const report_stretch *x = a, *y = b;

    if (x->computer != y->computer)
        return x->computer < y->computer ? -1 : 1;
    if (x->channel != y->channel)
        return x->channel < y->channel ? -1 : 1;
    if (x->first_time != y->first_time)
        return x->first_time < y->first_time ? -1 : 1;
    return (x->last_time > y->last_time) - (x->last_time < y->last_time);
}

/* Could the writer have logged into this channel? */
static bool concerns_writer(const report *r, uint32_t channel)
{
    if (channel == REPORT_NO_NAME || r->channels.names[channel].len == 0)
        return true;
    return r->channels.names[channel].writes || channel == report_find(&r->channels, "Application");
}

static void add_clearing(report *r, uint32_t computer, uint64_t from, uint64_t to)
{
    const report_clearing *last = r->clearing_count > 0 ? &r->clearings[r->clearing_count - 1]
                                                        : NULL;

    if ((last && last->computer == computer && last->from == from && last->to == to)
        || !r->computers.names[computer].writes)
        return;
    r->clearings = report_more(r->clearings, r->clearing_count, &r->clearing_cap,
                               sizeof *r->clearings);
    r->clearings[r->clearing_count++] = (report_clearing){ computer, from, to };
}

static int by_computer(const void *a, const void *b)
{
    const report_clearing *x = a, *y = b;

    if (x->computer != y->computer)
        return x->computer < y->computer ? -1 : 1;
    if (x->to != y->to)
        return x->to < y->to ? -1 : 1;
    return (x->from > y->from) - (x->from < y->from);
}

size_t report_clearings_of(const report *r, uint32_t computer)
{
    size_t low = 0, high = r->clearing_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (r->clearings[mid].computer < computer)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

void report_find_clearings(report *r)
{
    const report_stretch *last = NULL, *s;      /* last: of those so far, the one that ends last */

    if (r->stretch_count > 0)
        qsort(r->stretches, r->stretch_count, sizeof *r->stretches, by_time);
    for (size_t i = 0; i < r->stretch_count; i++) {
        s = &r->stretches[i];
        if (!last || last->computer != s->computer || last->channel != s->channel) {
            last = s;
            continue;
        }
        if (s->first_time > last->last_time && s->first_id <= last->last_id
            && concerns_writer(r, s->channel))
            add_clearing(r, s->computer, last->last_time, s->first_time);
        if (s->last_time >= last->last_time)
            last = s;
    }
    if (r->clearing_count > 0)
        qsort(r->clearings, r->clearing_count, sizeof *r->clearings, by_computer);
}

/* A file whose only channel is another one cannot have held the writer's events. */
static bool file_concerns(const report *r, const report_file *f)
{
    return !f->any_channel || f->channel == REPORT_NO_NAME || concerns_writer(r, f->channel);
}

evx_loss *report_losses(const report *r, size_t *count)
{
    evx_loss *losses = report_zeroed(r->loss_count + r->clearing_count, sizeof *losses);
    uint32_t looks = 0;

    *count = 0;
    for (size_t i = 0; i < r->loss_count; i++)
        if (file_concerns(r, &r->files[r->losses[i].file])) {
            losses[*count] = r->losses[i];
            report_follow(r, &losses[(*count)++], &looks);
        }
    for (size_t i = 0; i < r->clearing_count; i++) {
        const report_clearing *c = &r->clearings[i];
        losses[(*count)++] = (evx_loss){ .before = c->from, .after = c->to, .file = UINT32_MAX,
                                         .computer = c->computer };
    }
    return losses;
}
