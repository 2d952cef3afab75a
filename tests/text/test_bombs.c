/* tests/text/test_bombs.c - chunks made to be dear: text, tokens, status of each, in every shape */
#include <criterion/criterion.h>
#include <stdio.h>

#include "evx.h"
#include "mkbombs.h"
#include "text/text.h"

/*
 * Behind each bomb the same renderer reads a sound chunk. What is promised (evx_limits): a chunk
 * makes at most 65 x 65,536 bytes of text, a record 1 MiB or 64 x its size, a walk 4 tokens for
 * each byte + 4,096. All that a chunk costs, by evxi_cost, is at most 65 x 65,536 units, and what
 * is under way when they are spent: the walk of one record, and one value. Counters judge, not
 * clocks; what a unit takes is measured by bench/bombs.c.
 */
enum {
    CHUNK_WORK = 65 * MK_CHUNK, UNDER_WAY = 10 * (4 * MK_CHUNK + 4096) + 6 * MK_CHUNK, T0 = 1000
};

typedef struct bomb_row {
    const char *name;
    evx_status want;                 /* of the walk: of the chunk's first record              */
    evx_status text;                 /* of the text: the worst of the chunk, in any shape     */
} bomb_row;

static uint8_t mem[MK_BOMB_ROOM];
static mk_file file;

/* ---- what is promised ------------------------------------------------------------------------ */

static uint64_t work[EVX_TEXT_WORK / 8 + 1], arena[1 << 15];
static evx_slot slots[EVX_SLOTS_WORST];
static uint8_t buf[66 * MK_CHUNK];
static evx_text text;
static evx_walk walk;

static bool open_chunk(mk_bytes log, size_t i, evx_chunk *c)
{
    size_t at = MK_FILE_HEADER + i * MK_CHUNK;
    evx_window w = { log.ptr + at, MK_CHUNK, at };

    return at < log.len && evx_chunk_open(c, &w) == EVX_OK;
}

static void check_walk(const char *name, const evx_chunk *c, evx_status want)
{
    evx_records it;
    evx_record r;
    evx_token t;
    evx_status st;
    size_t n = 0, tokens;

    cr_assert(evx_walk_init(&walk, sizeof walk, slots, EVX_SLOTS_WORST, NULL) == EVX_OK);
    evx_records_begin(&it, c);
    while (evx_records_next(&it, &r) == EVX_OK) {
        cr_assert(evx_walk_begin(&walk, c, &r) == EVX_OK);
        for (tokens = 0; (st = evx_walk_next(&walk, &t)) == EVX_OK; tokens++)
            ;
        cr_assert(tokens <= 4 * (size_t)r.size + 4096, "%s: %zu tokens", name, tokens);
        cr_expect(n++ > 0 || st == want, "%s: the walk says %d, not %d", name, st, want);
        cr_assert(evx_record_proves(&walk, c, &r) != EVX_E_BUG);
    }
}

/* The worst status of the chunk's records; bytes of text are added up. */
static evx_status write_all(const char *name, const evx_chunk *c)
{
    evx_records it;
    evx_record r;
    evx_out o;
    evx_status st, worst = EVX_OK;
    uint64_t total = 0, most;

    evx_records_begin(&it, c);
    while (evx_records_next(&it, &r) == EVX_OK) {
        evx_out_init(&o, text.store ? buf : NULL, text.store ? sizeof buf : 0, NULL, NULL);
        st = evx_text_record(&text, c, &r, &o);
        most = 64 * (uint64_t)r.size > 1 << 20 ? 64 * (uint64_t)r.size : 1 << 20;
        cr_assert(o.total <= most, "%s: %llu bytes of a record", name, (unsigned long long)o.total);
        cr_assert(st == EVX_OK || o.total == 0);
        total += o.total;
        worst = st < worst ? st : worst;
    }
    cr_assert(total <= 65 * MK_CHUNK, "%s: %llu bytes", name, (unsigned long long)total);
    total = evxi_cost(text.chunk_steps, text.chunk_spent + text.chunk_vain);
    cr_assert(total <= CHUNK_WORK + UNDER_WAY, "%s: %llu units", name, (unsigned long long)total);
    return worst;
}

static void check_bomb(size_t i, const bomb_row *b, const uint8_t *sound)
{
    static const uint32_t flags[] = { 0, EVX_TEXT_COMPACT | EVX_TEXT_DECLARATION };
    evx_window w = { sound, MK_CHUNK, 1u << 20 };
    evx_status st, worst = EVX_OK;
    evx_chunk c, after;
    mk_bytes log;

    cr_assert_str_eq(b->name, mk_bomb_name(i));
    log = mk_bomb(i, &file, mem, sizeof mem);
    cr_assert(log.ptr && open_chunk(log, 0, &c), "%s: %s", b->name, file.failed);
    cr_assert(evx_chunk_open(&after, &w) == EVX_OK);
    check_walk(b->name, &c, b->want);
    for (uint32_t shape = 0; shape < 16; shape++) {
        evx_text_config config = { 0 };
        if ((shape & 8) && (shape & 2))
            continue;                /* with an arena, one style will do */
        config.format = shape & 1 ? EVX_JSON : EVX_XML;
        config.style = shape & 2 ? EVX_STYLE_WINDOWS : EVX_STYLE_EVTX_DUMP;
        config.flags = shape & 1 ? (shape & 4 ? EVX_TEXT_SEPARATE : 0) : flags[shape >> 2 & 1];
        config.work = (uint8_t *)work;
        config.work_len = sizeof work;
        config.arena = shape & 8 ? (uint8_t *)arena : NULL;
        config.arena_len = shape & 8 ? sizeof arena : 0;
        cr_assert(evx_text_init(&text, sizeof text, &config) == EVX_OK);
        for (uint32_t again = 0; again < 1 + (shape >> 3); again++) {
            evx_text_renew(&text);
            st = write_all(b->name, &c);
            worst = st < worst ? st : worst;
        }
        cr_assert(write_all(b->name, &after) == EVX_OK && text.damage == 0, "%s: the chunk behind",
                  b->name);
    }
    cr_expect(worst == b->text, "%s: text says %d (%s), not %d", b->name, worst,
              evx_status_text(worst), b->text);
}

Test(bombs, are_bounded_and_say_so)
{
    static uint8_t sound[MK_CHUNK];
    static const bomb_row rows[] = {
        { "bomb 2^15", EVX_E_FUEL, EVX_E_FUEL },
        { "bomb 20^5", EVX_E_FUEL, EVX_E_FUEL },
        { "bomb 60^10", EVX_E_FUEL, EVX_E_FUEL },
        { "bomb 3000^2", EVX_E_FUEL, EVX_E_FUEL },
        { "quad, once", EVX_END, EVX_E_FUEL },
        { "quad, often", EVX_END, EVX_E_FUEL },
        { "quad, escapes", EVX_END, EVX_E_TEXT_MAX },
        { "quad, quotes", EVX_END, EVX_E_FUEL },
        { "quad, fewer quotes", EVX_END, EVX_E_TEXT_MAX },
        { "quad, few", EVX_END, EVX_OK },
        { "quad, halves of pairs", EVX_END, EVX_E_FUEL },
        { "quad, no characters", EVX_END, EVX_E_FUEL },
        { "quad, pairs", EVX_END, EVX_E_FUEL },
        { "quad, ANSI", EVX_END, EVX_E_FUEL },
        { "quad, binary", EVX_END, EVX_E_FUEL },
        { "quad, one letter", EVX_END, EVX_E_FUEL },
        { "quad, no letter", EVX_END, EVX_E_FUEL },
        { "deep elements", EVX_E_OPEN, EVX_E_OPEN },
        { "attributes", EVX_END, EVX_OK },
        { "elements", EVX_END, EVX_OK },
        { "cuts", EVX_END, EVX_OK },
        { "references", EVX_END, EVX_OK },
        { "references to nobody", EVX_END, EVX_OK },
        { "CDATA", EVX_END, EVX_OK },
        { "names", EVX_END, EVX_E_FUEL },
        { "strings of one unit", EVX_END, EVX_OK },
        { "strings of none", EVX_END, EVX_E_FUEL },
        { "long strings", EVX_END, EVX_E_TEXT_MAX },
        { "long ANSI strings", EVX_END, EVX_E_TEXT_MAX },
        { "longer strings", EVX_END, EVX_E_FUEL },
        { "longer ANSI strings", EVX_END, EVX_E_FUEL },
        { "array by array", EVX_END, EVX_E_FUEL },
        { "arrays, often", EVX_END, EVX_E_FUEL },
        { "reals", EVX_END, EVX_E_FUEL },
        { "reals again", EVX_END, EVX_E_FUEL },
        { "SIDs", EVX_END, EVX_E_TEXT_MAX },
        { "times", EVX_END, EVX_E_FUEL },
        { "GUIDs", EVX_END, EVX_E_FUEL },
        { "keys, late", EVX_END, EVX_E_TEXT_MAX },
        { "keys, long", EVX_END, EVX_E_FUEL },
        { "keys, equal", EVX_END, EVX_E_FUEL },
        { "kinds", EVX_END, EVX_E_FUEL },
        { "shortest records", EVX_END, EVX_OK },
        { "definitions", EVX_END, EVX_OK },
        { "links", EVX_END, EVX_OK },
    };

    mk_begin(&file, mem, sizeof mem);
    (void)mk_record_plain(&file, 1, T0, "<Event><System/><D>sound</D></Event>");
    cr_assert(mk_end(&file).ptr != NULL);
    memcpy(sound, mem + MK_FILE_HEADER, sizeof sound);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_bomb(i, &rows[i], sound);
    cr_assert(mk_bomb_name(sizeof rows / sizeof rows[0]) == NULL, "a row for each");
}
