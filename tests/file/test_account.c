/* tests/file/test_account.c - the ledger: every record is decoded, recovered or lost, once */
#include "../golden/one.h"

static evx_ledger l;
static evx_loss losses[4];

static void read_one(uint64_t id, uint64_t time, uint32_t damage, uint8_t origin, bool recovered)
{
    evx_chunk chunk = { .file_off = 4096 };
    evx_record r = { id, time, 512, 64, damage, origin };

    evx_ledger_read(&l, &chunk, &r, time, recovered);
}

static void check_sum(void)
{
    cr_assert(l.records == l.decoded + l.recovered + l.lost);
}

Test(account, sound)
{
    evx_ledger_begin(&l, losses, 4);
    for (uint64_t id = 1; id <= 5; id++)
        read_one(id, 100 * id, 0, EVX_ORIGIN_ORDER, false);
    cr_assert(l.records == 5 && l.decoded == 5 && l.recovered == 0 && l.lost == 0);
    cr_assert(l.loss_count == 0 && l.lost_bytes == 0);
}

Test(account, what_counts_as_recovered)
{
    evx_ledger_begin(&l, NULL, 0);
    read_one(1, 1, 0, EVX_ORIGIN_ORDER, true);
    read_one(2, 1, EVX_RECORD_COPY, EVX_ORIGIN_ORDER, false);
    read_one(3, 1, 0, EVX_ORIGIN_AFTER, false);
    read_one(4, 1, EVX_RECORD_ID, EVX_ORIGIN_ORDER, false);
    cr_assert(l.recovered == 3 && l.decoded == 1);
    check_sum();
}

Test(account, a_loss_and_its_window)
{
    evx_ledger_begin(&l, losses, 4);
    read_one(10, 1000, 0, 0, false);
    evx_ledger_lose(&l, 70000, 320, EVX_E_RECORD_SIGNATURE);
    cr_assert(losses[0].after == 0);
    read_one(15, 2000, 0, EVX_ORIGIN_AFTER, false);
    cr_assert(l.loss_count == 1 && l.lost == 4 && l.lost_bytes == 320);
    cr_assert(losses[0].file_off == 70000 && losses[0].len == 320);
    cr_assert(losses[0].before == 1000 && losses[0].after == 2000 && losses[0].records == 4);
    cr_assert(losses[0].reason == EVX_E_RECORD_SIGNATURE);
    cr_assert(losses[0].computer == EVX_ANY_COMPUTER);
    check_sum();
}

/* Losses in a row share the gap; a record without a time opens no window at 0. */
Test(account, several_losses)
{
    evx_ledger_begin(&l, losses, 4);
    read_one(1, 500, 0, 0, false);
    read_one(2, 0, 0, 0, false);
    evx_ledger_lose(&l, 1, 8, EVX_E_TOKEN);
    evx_ledger_lose(&l, 2, 8, EVX_E_OFFSET);
    read_one(6, 900, 0, 0, false);
    cr_assert(losses[0].before == 500 && losses[1].before == 500);
    cr_assert(losses[0].after == 900 && losses[1].after == 900);
    cr_assert(losses[0].records + losses[1].records == 3 && l.lost == 3);
    check_sum();
}

Test(account, ids_that_tell_nothing)
{
    evx_ledger_begin(&l, losses, 4);
    evx_ledger_lose(&l, 1, 8, EVX_E_TOKEN);
    read_one(100, 1, 0, 0, false);                   /* nothing before it */
    evx_ledger_lose(&l, 1, 8, EVX_E_TOKEN);
    read_one(7, 1, 0, 0, false);                     /* backwards         */
    evx_ledger_lose(&l, 1, 8, EVX_E_TOKEN);
    read_one(1000000, 1, 0, 0, false);               /* too far           */
    evx_ledger_lose(&l, 1, 8, EVX_E_TOKEN);
    read_one(1000001, 1, 0, 0, false);               /* no gap            */
    cr_assert(l.lost == 4 && l.loss_count == 4);
    check_sum();
}

/* What finds no room is counted all the same. */
Test(account, more_losses_than_room)
{
    evx_ledger_begin(&l, losses, 2);
    read_one(1, 10, 0, 0, false);
    for (int i = 0; i < 5; i++)
        evx_ledger_lose(&l, 1, 8, EVX_E_TOKEN);
    read_one(12, 20, 0, 0, false);
    cr_assert(l.loss_count == 5 && l.lost == 10 && l.lost_bytes == 40);
    cr_assert(losses[0].after == 20 && losses[1].after == 20);
    cr_assert(losses[2].records == 0 && losses[2].after == 0);
    evx_ledger_lose(&l, 1, 8, EVX_E_TOKEN);
    read_one(14, 30, 0, 0, false);
    cr_assert(losses[1].after == 20 && l.lost == 11);
    check_sum();
}

/* The array is just full when a loss with a gap comes: what lies behind it is left alone. */
Test(account, a_loss_behind_the_room)
{
    memset(losses, 0, sizeof losses);
    evx_ledger_begin(&l, losses, 2);
    for (uint64_t id = 1; id < 40; id += 10) {
        read_one(id, id, 0, 0, false);
        evx_ledger_lose(&l, 1, 8, EVX_E_TOKEN);
    }
    read_one(41, 50, 0, 0, false);
    cr_assert(l.loss_count == 4 && l.lost == 36);
    cr_assert(losses[0].records == 9 && losses[1].records == 9);
    cr_assert(losses[2].records == 0 && losses[2].after == 0 && losses[3].records == 0);
    check_sum();
}

static void end_chunk(uint64_t first, uint64_t last, uint32_t damage)
{
    evx_chunk c = { .first_record = first, .last_record = last, .damage = damage };

    evx_ledger_chunk_end(&l, &c);
    check_sum();
}

/* No record follows a loss at the end of a chunk, but the header says how many there were. */
Test(account, the_end_of_a_chunk)
{
    evx_ledger_begin(&l, losses, 4);
    read_one(6, 10, 0, 0, true);
    end_chunk(1, 20, 0);
    cr_assert(l.lost == 0);                          /* nothing was lost here: ids may be missing */
    evx_ledger_lose(&l, 8464, 5704, EVX_E_RECORD_SIGNATURE);
    end_chunk(1, 20, 0);
    cr_assert(l.lost == 14 && l.records == 15 && losses[0].records == 14);
    read_one(23, 20, 0, 0, false);                   /* two more are missing between the chunks   */
    cr_assert(l.lost == 14 && losses[0].after == 20 && losses[0].before == 10);
    evx_ledger_lose(&l, 70000, 640, EVX_E_RECORD_SIGNATURE);
    end_chunk(21, 30, 0);
    read_one(36, 30, 0, 0, false);
    cr_assert(l.lost == 14 + 7 && losses[1].records == 7);
}

/* A whole chunk, of which only the header was read; and two losses that share what is missing. */
Test(account, the_whole_chunk)
{
    evx_ledger_begin(&l, losses, 4);
    evx_ledger_lose(&l, 5000, 3000, EVX_E_RECORD_SIGNATURE);
    end_chunk(500, 510, 0);
    cr_assert(l.lost == 11);
    evx_ledger_lose(&l, 70000, 300, EVX_E_TOKEN);
    evx_ledger_lose(&l, 70300, 3000, EVX_E_RECORD_SIGNATURE);
    end_chunk(511, 519, 0);
    cr_assert(l.lost == 11 + 9 && losses[1].records == 8 && losses[2].records == 1);
}

/* Headers that lie, or know less than what was read. */
Test(account, headers_that_count_nothing)
{
    evx_ledger_begin(&l, losses, 4);
    read_one(6, 10, 0, 0, false);
    evx_ledger_lose(&l, 1, 280, EVX_E_RECORD_SIGNATURE);
    end_chunk(1, 17, 0);                             /* eleven records in 280 bytes              */
    end_chunk(1, UINT64_MAX, 0);
    end_chunk(0, UINT64_MAX, 0);
    end_chunk(1, 5, 0);
    end_chunk(9, 8, 0);
    end_chunk(1, 8, EVX_CHUNK_SIGNATURE);
    cr_assert(l.lost == 1);
    end_chunk(1, 16, 0);
    cr_assert(l.lost == 10);
    end_chunk(1, 20, 0);                             /* once                                     */
    cr_assert(l.lost == 10);
}

Test(account, chunks)
{
    evx_ledger_begin(&l, NULL, 0);
    evx_ledger_chunk(&l, 0);
    evx_ledger_chunk(&l, EVX_CHUNK_CUT);
    evx_ledger_chunk(&l, EVX_CHUNK_HEADER_CRC | EVX_CHUNK_DATA_CRC);
    cr_assert(l.chunks == 3 && l.chunks_damaged == 2 && l.crc_failures == 1);
}

/* ---- rings ----------------------------------------------------------------------------------- */

static void read_in(uint64_t chunk_at, uint64_t id)
{
    evx_chunk chunk = { .file_off = chunk_at };
    evx_record r = { id, 10 * id, 512, 64, 0, EVX_ORIGIN_ORDER };

    evx_ledger_read(&l, &chunk, &r, 10 * id, false);
}

static void lose_in(uint64_t chunk_at)
{
    evx_ledger_lose(&l, chunk_at + 1000, 64, EVX_E_RECORD_SIGNATURE);
}

static void window_is(size_t i, uint64_t before, uint64_t after)
{
    cr_expect(losses[i].before_id == before && losses[i].after_id == after, "%zu: %d to %d", i,
              (int)losses[i].before_id, (int)losses[i].after_id);
    cr_expect(losses[i].before == 10 * before && losses[i].after == 10 * after);
}

static void begin_ring(void)
{
    memset(losses, 0, sizeof losses);
    evx_ledger_begin(&l, losses, 4);
    evx_ledger_chunk(&l, 0);
}

enum { CHUNK_A = 4096, CHUNK_B = CHUNK_A + EVX_CHUNK_SIZE, CHUNK_C = CHUNK_B + EVX_CHUNK_SIZE };

/* Newest, oldest, middle: what is lost at both ends of the file lies between the same records. */
Test(account, a_ring_that_has_wrapped)
{
    begin_ring();
    lose_in(CHUNK_A);
    read_in(CHUNK_A, 30);
    read_in(CHUNK_B, 10);
    read_in(CHUNK_C, 20);
    lose_in(CHUNK_C);
    window_is(1, 20, 0);
    evx_ledger_end(&l, false);
    window_is(0, 20, 30);
    window_is(1, 20, 30);
}

/* Between ids 20 and 21 nothing can be lost. */
Test(account, a_ring_without_room)
{
    begin_ring();
    lose_in(CHUNK_A);
    read_in(CHUNK_A, 21);
    read_in(CHUNK_B, 10);
    read_in(CHUNK_C, 20);
    lose_in(CHUNK_C);
    evx_ledger_end(&l, true);
    window_is(0, 0, 21);
    window_is(1, 20, 0);
}

/* Newest, oldest, middle, and nothing is left of the first slot, or of the last one. */
Test(account, a_slot_at_an_end_of_a_ring)
{
    for (int wrapped = 0; wrapped < 2; wrapped++) {
        begin_ring();
        lose_in(CHUNK_A);
        read_in(CHUNK_B, 10);
        read_in(CHUNK_C, 20);
        evx_ledger_end(&l, wrapped);
        window_is(0, wrapped ? 20 : 0, 10);
        begin_ring();
        read_in(CHUNK_A, 10);
        read_in(CHUNK_B, 20);
        lose_in(CHUNK_C);
        evx_ledger_end(&l, wrapped);
        window_is(0, 20, wrapped ? 10 : 0);
    }
}

/* Its header says which was the last of a chunk: what follows has a higher id. */
Test(account, an_end_that_was_counted)
{
    begin_ring();
    read_in(CHUNK_A, 10);
    lose_in(CHUNK_A);
    end_chunk(1, 11, 0);
    evx_ledger_end(&l, false);
    cr_expect(losses[0].before_id == 10 && losses[0].after_id == 12 && losses[0].after == 0);
    begin_ring();
    read_in(CHUNK_A, 10);
    lose_in(CHUNK_A);
    evx_ledger_end(&l, false);
    window_is(0, 10, 0);
}

/* Oldest, middle, newest: nothing lies before the beginning, and nothing behind the end. */
Test(account, a_ring_that_has_not)
{
    begin_ring();
    lose_in(CHUNK_A);
    read_in(CHUNK_A, 10);
    read_in(CHUNK_B, 20);
    lose_in(CHUNK_B);
    evx_ledger_end(&l, false);
    window_is(0, 0, 10);
    window_is(1, 20, 0);
}

/* Middle, newest, oldest. */
Test(account, the_seam)
{
    begin_ring();
    read_in(CHUNK_A, 20);
    read_in(CHUNK_B, 30);
    lose_in(CHUNK_B);                                /* later than all                           */
    lose_in(CHUNK_C);                                /* earlier than all                         */
    read_in(CHUNK_C, 10);
    evx_ledger_end(&l, false);
    window_is(0, 30, 0);
    window_is(1, 0, 10);
    begin_ring();
    read_in(CHUNK_A, 30);
    lose_in(CHUNK_B);                                /* one or the other                         */
    read_in(CHUNK_C, 10);
    evx_ledger_end(&l, false);
    window_is(0, 30, 10);
    evx_ledger_begin(&l, losses, 4);                 /* nobody spoke of chunks                   */
    read_in(CHUNK_B, 30);
    lose_in(CHUNK_B);
    read_in(CHUNK_C, 10);
    window_is(0, 30, 10);
}

/* Ids that go back while time goes on are a log that was cleared, no seam and no ring. */
Test(account, ids_that_start_again_are_no_ring)
{
    evx_chunk chunk = { .file_off = CHUNK_A };
    evx_record r = { 3, 500, 512, 64, 0, EVX_ORIGIN_ORDER };

    begin_ring();
    read_in(CHUNK_A, 30);
    lose_in(CHUNK_A);
    evx_ledger_read(&l, &chunk, &r, 500, false);
    cr_expect(losses[0].before == 300 && losses[0].after == 500);
    lose_in(CHUNK_A);
    evx_ledger_end(&l, false);
    cr_expect(losses[1].before == 500 && losses[1].after == 0);
}
