/* src/cli/report_follow.c - what a log lost at its end, and the archive that follows it */
#include "report.h"

/*
 * Archives of one channel follow each other. Where the last records of one are lost, and their
 * chunk's header says which was the last, another one's first record stands behind them, by its id.
 * It has to by its time, too, since ids start again when a log is cleared.
 *
 * No log is taken for a copy of what another one lost: that it is whole could be said only if each
 * of its bytes was looked at, and bytes that are right are not always all.
 */
enum { LOOKS_MAX = 1 << 24 };        /* at stretches, in all: then ends stay open              */

/* All ids of the file are of one log, and those that were lost could be. */
static bool is_one_log(const report *r, const report_file *f)
{
    return f->any_computer && f->computer != EVX_ANY_COMPUTER && f->any_channel
        && f->channel != REPORT_NO_NAME && r->channels.names[f->channel].len > 0
        && !f->renumbered;
}

/* Stretches stand in order of computer, channel and time. */
static bool is_before(const report_stretch *s, const report_file *f, uint64_t time)
{
    if (s->computer != f->computer)
        return s->computer < f->computer;
    if (s->channel != f->channel)
        return s->channel < f->channel;
    return s->first_time < time;
}

static size_t first_at(const report *r, const report_file *f, uint64_t time)
{
    size_t low = 0, high = r->stretch_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (is_before(&r->stretches[mid], f, time))
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

void report_follow(const report *r, evx_loss *loss, uint32_t *looks)
{
    const report_file *f = &r->files[loss->file];

    if (loss->after != 0 || loss->after_id == 0 || loss->before == 0 || !is_one_log(r, f))
        return;
    for (size_t i = first_at(r, f, loss->before); i < r->stretch_count; i++) {
        const report_stretch *s = &r->stretches[i];
        if (s->computer != f->computer || s->channel != f->channel || *looks == LOOKS_MAX)
            return;
        ++*looks;
        if (s->file != loss->file && s->first_id >= loss->after_id) {
            loss->after = s->began;
            loss->after_id = s->first_id;
            return;
        }
    }
}
