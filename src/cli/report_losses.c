/* src/cli/report_losses.c - what a log lost, for the report */
#include "report.h"

/* Losses in a row have one window: they are one. */
static void keep(report *r, report_file *f, const evx_loss *loss)
{
    evx_loss *last = f->losses > 0 ? &r->losses[r->loss_count - 1] : NULL;

    if (last && last->before == loss->before && last->after == loss->after
        && last->before_id == loss->before_id && last->after_id == loss->after_id
        && (loss->before == 0 || loss->before != loss->after)) {
        last->len = loss->file_off + loss->len - last->file_off;
        last->records += loss->records;
        return;
    }
    r->losses = report_more(r->losses, r->loss_count, &r->loss_cap, sizeof *r->losses);
    r->losses[r->loss_count] = *loss;
    r->losses[r->loss_count++].file = (uint32_t)(r->file_count - 1);
    f->losses++;
}

void report_keep_losses(report *r, report_file *f, const evx_ledger *l)
{
    size_t kept = l->loss_count < l->loss_cap ? l->loss_count : l->loss_cap;
    evx_loss rest = { .records = 1, .reason = EVX_E_CHUNK_SIGNATURE };

    for (size_t i = 0; i < kept; i++)
        if (l->losses[i].records > 0)
            keep(r, f, &l->losses[i]);
    if (kept < l->loss_count)        /* anywhere, at any time                                  */
        keep(r, f, &rest);
    for (size_t i = 0; i < f->losses; i++)
        r->losses[f->first_loss + i].computer = f->any_computer ? f->computer : EVX_ANY_COMPUTER;
}
