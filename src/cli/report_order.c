/* src/cli/report_order.c - computers in the order of their names, not of files */
#include "report.h"

#include <stdlib.h>
#include <string.h>

static const report_names *sorted;   /* qsort knows no more than two numbers                      */

static int by_name(const void *a, const void *b)
{
    const report_name *x = &sorted->names[*(const uint32_t *)a];
    const report_name *y = &sorted->names[*(const uint32_t *)b];

    for (uint32_t i = 0; i < x->len && i < y->len; i++) {
        uint8_t c = report_fold((uint8_t)x->text[i]), d = report_fold((uint8_t)y->text[i]);
        if (c != d)
            return c < d ? -1 : 1;
    }
    return (x->len > y->len) - (x->len < y->len);
}

/* What is not a number of a computer stays. */
static void renumber(uint32_t *computer, const uint32_t *to, size_t count)
{
    if (*computer < count)
        *computer = to[*computer];
}

static void renumber_all(report *r, const uint32_t *to, size_t n)
{
    for (size_t i = 0; i < r->event_count; i++)
        renumber(&r->events[i].computer, to, n);
    for (size_t i = 0; i < r->loss_count; i++)
        renumber(&r->losses[i].computer, to, n);
    for (size_t i = 0; i < r->stretch_count; i++)
        renumber(&r->stretches[i].computer, to, n);
    for (size_t i = 0; i < r->entry_count; i++)
        renumber(&r->entries[i].computer, to, n);
    for (size_t i = 0; i < r->file_count; i++)
        renumber(&r->files[i].computer, to, n);
}

void report_order_computers(report *r)
{
    size_t n = r->computers.count;
    uint32_t *from = report_zeroed(n, sizeof *from), *to = report_zeroed(n, sizeof *to);
    report_name *names = report_zeroed(n, sizeof *names);

    for (size_t i = 0; i < n; i++)
        from[i] = (uint32_t)i;
    sorted = &r->computers;
    if (n > 0)
        qsort(from, n, sizeof *from, by_name);
    for (size_t i = 0; i < n; i++) {
        to[from[i]] = (uint32_t)i;
        names[i] = r->computers.names[from[i]];
    }
    if (n > 0)
        memcpy(r->computers.names, names, n * sizeof *names);
    report_names_moved(&r->computers);
    renumber_all(r, to, n);
    free(names);
    free(from);
    free(to);
}
