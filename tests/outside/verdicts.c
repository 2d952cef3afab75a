/* tests/outside/verdicts.c - the log of one Exchange server, on standard input -> verdicts */
#include <evx.h>
#include <stdio.h>

enum { MAX = 10000 };    /* events, and losses; a backup logs a dozen */

static uint8_t piece[EVX_CHUNK_SIZE], window[EVX_CHUNK_SIZE];
static uint64_t memory[EVX_READER_MEMORY / sizeof(uint64_t)];
static evx_vss_event events[MAX];
static evx_vss_session sessions[2 * MAX];
static evx_vss_writer writers[MAX];
static evx_loss losses[MAX];

int main(void)
{
    evx_vss_input in = { events, 0, losses, 0, NULL, 1 };
    evx_vss_result out = { sessions, 2 * MAX, 0, writers, MAX, 0 };
    evx_stream s;
    evx_window w;
    evx_chunk c;
    evx_records it;
    evx_record r;
    evx_reader reader;
    evx_fields f;
    evx_ledger ledger;
    evx_status st, got;
    uint32_t n = 0;

    evx_stream_init(&s, sizeof s, window);
    evx_reader_init(&reader, sizeof reader, (uint8_t *)memory,
                    sizeof memory, NULL);
    evx_ledger_begin(&ledger, losses, MAX);
    do {
        evx_bytes bytes = { piece, fread(piece, 1, sizeof piece, stdin) };
        if (bytes.len == 0)
            evx_stream_close(&s);
        while ((st = evx_stream_next(&s, &bytes, &w)) == EVX_OK) {
            if ((got = evx_chunk_open(&c, &w)) < 0)
                evx_ledger_lose(&ledger, w.file_off, w.len, got);
            evx_records_begin(&it, &c);
            while ((got = evx_records_next(&it, &r)) != EVX_END) {
                if (got == EVX_OK)
                    got = evx_fields_read(&reader, &c, &r, &f);
                if (got < 0) {
                    evx_ledger_lose(&ledger, c.file_off + r.off, r.size, got);
                    continue;
                }
                evx_ledger_read(&ledger, &c, &r, f.time, f.damaged);
                if (n < MAX && evx_vss_event_read(&f, &events[n]) == EVX_OK) {
                    events[n].order = n;
                    n++;
                }
            }
        }
    } while (st == EVX_MORE);
    evx_ledger_end(&ledger, s.header.last_chunk < s.header.first_chunk);
    in.event_count = evx_vss_sort(events, n);
    in.loss_count = ledger.loss_count < MAX ? ledger.loss_count : MAX;
    if (st < 0 || (st = evx_vss_solve(&in, &out)) < 0)
        return fprintf(stderr, "%s\n", evx_status_text(st)), 1;
    for (size_t i = 0; i < out.writer_count; i++)
        printf("%s: %u sessions\n", evx_vss_verdict_text(writers[i].verdict),
               writers[i].sessions);
    return 0;
}
