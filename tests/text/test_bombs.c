/* tests/text/test_bombs.c - chunks made to be dear: text, tokens, status of each, in every shape */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "evx.h"
#include "mkevtx.h"

/*
 * Fuzzing finds no complexity: a generator does. Each bomb is a whole chunk; behind it the same
 * renderer reads a sound one. What is promised (evx_limits): a chunk makes at most 64 x 65,536 +
 * 65,536 bytes of text, a record 1 MiB or 64 x its size, a walk 4 tokens for each byte + 4,096.
 * With EVX_BOMBS_TIMES set, it is printed what each takes in its dearest shape.
 */
enum { RECORDS_AT = MK_FILE_HEADER + MK_CHUNK_HEADER, T0 = 1000 };

static uint8_t mem[MK_FILE_HEADER + 2 * MK_CHUNK];
static mk_file file;
static char spec[MK_CHUNK];
static char words[MK_CHUNK];

static char *repeat(const char *begin, const char *part, size_t n, const char *end)
{
    size_t at = strlen(begin), k = strlen(part);

    memcpy(spec, begin, at);
    for (size_t i = 0; i < n && at + k + 64 < sizeof spec; i++, at += k)
        memcpy(spec + at, part, k);
    strcpy(spec + at, end);
    return spec;
}

/* ---- bombs ---------------------------------------------------------------------------------- */

/* A value that is named k times by the template of the instance in it, d levels deep. */
static void bomb(size_t k, size_t d)
{
    static mk_body body[40];
    static mk_value v[40];
    mk_body leaf = mk_nested_plain("<L>boom</L>");
    uint32_t t = mk_template(&file, repeat("<E>", "{0:xml}", k, "</E>"));

    for (size_t i = 0; i < d; i++) {
        v[i] = mk_xml(i ? &body[i - 1] : &leaf);
        body[i] = mk_nested(t, &v[i], 1);
        body[i].flags = i + 1 < d ? MK_BARE : 0;
    }
    (void)mk_record_body(&file, 1, T0, &body[d - 1]);
}

static void bomb_2_15(void) { bomb(2, 15); }
static void bomb_20_5(void) { bomb(20, 5); }
static void bomb_60_10(void) { bomb(60, 10); }
static void bomb_3000_2(void) { bomb(3000, 2); }

/* One value of n units, named k times; as many such records as the chunk holds. */
static void quad(size_t k, size_t n, const char *unit)
{
    uint32_t t = mk_template(&file, repeat("<E>", "{0:str}", k, "</E>"));
    size_t len = strlen(unit);
    mk_value v[1];

    for (size_t i = 0; i < n; i++)
        memcpy(words + i * len, unit, len);
    words[n * len] = 0;
    v[0] = mk_str(words);
    for (uint64_t id = 1; file.chunks < 2 && !file.failed; id++)
        (void)mk_record(&file, id, T0, t, v, 1);
}

static void quad_once(void) { quad(8000, 15000, "q"); }
static void quad_often(void) { quad(300, 1000, "q"); }
static void quad_escapes(void) { quad(100, 3000, "\x01"); }
/* The two that evx_dump 0.12.2 dies of in 256 MiB, and makes 10 MB of text of. */
static void quad_quotes(void) { quad(7000, 15000, "\""); }
static void quad_fewer_quotes(void) { quad(2500, 4000, "\""); }
static void quad_few(void) { quad(10, 60, "<"); }

static void plain(const char *text)
{
    (void)mk_record_plain(&file, 1, T0, text);
}

static void deep_elements(void)
{
    size_t at = strlen(repeat("", "<a>", 3000, ""));

    for (size_t i = 0; i < 3000; i++, at += 4)
        memcpy(spec + at, "</a>", 5);
    plain(spec);
}

static void attributes(void) { plain(repeat("<E", " a='1'", 2000, "/>")); }
static void elements(void) { plain(repeat("<E>", "<F/>", 6000, "</E>")); }
static void cuts(void) { plain(repeat("<E>", "x{|}", 7000, "</E>")); }
static void references(void) { plain(repeat("<E>", "&amp;", 8000, "</E>")); }

static void array(uint8_t type, const char *holes, size_t n)
{
    static uint8_t raw[60000];
    mk_value v[1];

    for (size_t i = 0; i < n; i++)
        raw[i] = type == 0x81 && i % 4 == 0 ? 'x' : 0;
    v[0] = mk_raw(type, raw, n);
    (void)mk_record(&file, 1, T0, mk_template(&file, holes), v, 1);
}

static void strings_of_one_unit(void) { array(0x81, "<E><D>{0:str[]}</D></E>", 60000); }
static void strings_of_none(void) { array(0x81, "<E><D a='1'>{0:str[]}</D></E>", 59999); }
static void array_by_array(void)
{
    array(0x84, repeat("<E>", "<D a='{0:u8[]}'>{0:u8[]}</D>", 800, "</E>"), 20000);
}

/* Many records that are each too dear by a little: what they cost in vain is charged as well. */
static void arrays_often(void)
{
    static uint8_t raw[1400];
    uint32_t t = mk_template(&file, repeat("<E>", "<D a='{0:u8[]}'>{0:u8[]}</D>", 100, "</E>"));
    mk_value v[1] = { mk_raw(0x84, raw, sizeof raw) };

    for (uint64_t id = 1; file.chunks < 2 && !file.failed; id++)
        (void)mk_record(&file, id, T0, t, v, 1);
}

/* Reals whose shortest decimal takes the most digits of arithmetic. */
static void reals(void)
{
    static uint8_t raw[8 * 7000];
    mk_value v[1] = { mk_raw(MK_F64 | MK_ARRAY, raw, sizeof raw) };

    for (size_t i = 0; i < sizeof raw; i++)
        raw[i] = (uint8_t)(i % 8 == 7 ? 0 : i % 8 == 6 ? 0x0f : 0x31 * i);
    (void)mk_record(&file, 1, T0, mk_template(&file, "<E><D>{0:f64[]}</D></E>"), v, 1);
}

static void reals_again(void)
{
    mk_value v[1] = { mk_raw(MK_F64, "\x01\x34\x71\x83\x12\x67\x0f\x00", 8) };

    (void)mk_record(&file, 1, T0, mk_template(&file, repeat("<E>", "{0:f64}", 8000, "</E>")), v, 1);
}

static void sids(void)
{
    static uint8_t sid[8 + 4 * 255];
    mk_value v[1];

    memset(sid, 0xff, sizeof sid);
    memcpy(sid, "\1\xff\0\0\0\0\0\5", 8);
    v[0] = mk_raw(MK_SID, sid, sizeof sid);
    (void)mk_record(&file, 1, T0, mk_template(&file, repeat("<E>", "{0:sid}", 3000, "</E>")), v, 1);
}

/* Records as short as one can be, back to back: no room for a body. */
static void shortest_records(void)
{
    static uint8_t chain[MK_CHUNK];
    size_t at;

    plain("<E/>");
    for (at = 0; at + 28 <= MK_CHUNK - MK_CHUNK_HEADER; at += 28) {
        memset(chain + at, 0, 28);
        memcpy(chain + at, "**\0\0\x1c", 5);
        chain[at + 24] = 28;
    }
    mk_poke_sealed(&file, RECORDS_AT, chain, at);
    mk_poke_sealed_int(&file, MK_FILE_HEADER + 48, MK_CHUNK_HEADER + at, 4);
    mk_poke_sealed_int(&file, MK_FILE_HEADER + 44, MK_CHUNK_HEADER + at - 28, 4);
}

/* Each record brings a definition of its own, and each refers to the one before it by its link. */
static void definitions(void)
{
    for (uint64_t id = 1; id < MK_TEMPLATES && file.chunks < 2 && !file.failed; id++) {
        mk_value v[1] = { mk_u32((uint32_t)id) };
        (void)snprintf(spec + 200 * id, 200, "<E><N%d a='{0:u32}'>{0:u32}</N%d></E>", (int)id,
                       (int)id);
        (void)mk_record(&file, id, T0, mk_template(&file, spec + 200 * id), v, 1);
    }
}

/* Entries of the name and template tables that lead to themselves. */
static void links(void)
{
    mk_value v[1] = { mk_str("x") };
    uint32_t t = mk_template(&file, "<E><A>{0:str}</A></E>"), name, def;

    (void)mk_record(&file, 1, T0, t, v, 1);
    (void)mk_record(&file, 2, T0, t, v, 1);
    name = mk_name_at(&file, "A");
    def = mk_def_at(&file, t);
    mk_poke_sealed_int(&file, MK_FILE_HEADER + name, name, 4);
    mk_poke_sealed_int(&file, MK_FILE_HEADER + def, def, 4);
}

typedef struct bomb_row {
    const char *name;
    void (*make)(void);
    evx_status want;                 /* of the walk: of the chunk's first record              */
    evx_status text;                 /* of the text: the worst of the chunk, in any shape     */
} bomb_row;

/* ---- what is promised ------------------------------------------------------------------------ */

static uint64_t work[EVX_TEXT_WORK / 8 + 1], arena[1 << 15];
static evx_slot slots[EVX_SLOTS_WORST];
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

static double slowest;               /* seconds of processor time, of the bomb's shapes       */

/* The worst status of the chunk's records; bytes of text are added up. */
static evx_status write_all(const char *name, const evx_chunk *c)
{
    clock_t began = clock();
    double took;
    evx_records it;
    evx_record r;
    evx_out o;
    evx_status st, worst = EVX_OK;
    uint64_t total = 0, most;

    evx_records_begin(&it, c);
    while (evx_records_next(&it, &r) == EVX_OK) {
        evx_out_init(&o, NULL, 0, NULL, NULL);
        st = evx_text_record(&text, c, &r, &o);
        most = 64 * (uint64_t)r.size > 1 << 20 ? 64 * (uint64_t)r.size : 1 << 20;
        cr_assert(o.total <= most, "%s: %llu bytes of a record", name, (unsigned long long)o.total);
        cr_assert(st == EVX_OK || o.total == 0);
        total += o.total;
        worst = st < worst ? st : worst;
    }
    took = (double)(clock() - began) / CLOCKS_PER_SEC;
    slowest = took > slowest ? took : slowest;
    cr_assert(total <= 64u * 65536u + 65536u, "%s: %llu bytes", name, (unsigned long long)total);
    return worst;
}

static void check_bomb(const bomb_row *b, const uint8_t *sound)
{
    static const uint32_t flags[] = { 0, EVX_TEXT_COMPACT | EVX_TEXT_DECLARATION };
    evx_window w = { sound, MK_CHUNK, 1u << 20 };
    evx_status st, worst = EVX_OK;
    evx_chunk c, after;
    mk_bytes log;

    mk_begin(&file, mem, sizeof mem);
    b->make();
    log = mk_end(&file);
    cr_assert(log.ptr && open_chunk(log, 0, &c), "%s: %s", b->name, file.failed);
    cr_assert(evx_chunk_open(&after, &w) == EVX_OK);
    check_walk(b->name, &c, b->want);
    slowest = 0;
    for (uint32_t shape = 0; shape < 16; shape++) {
        evx_text_config config = { 0 };
        config.format = shape & 1 ? EVX_JSON : EVX_XML;
        config.style = shape & 2 ? EVX_STYLE_WINDOWS : EVX_STYLE_EVTX_DUMP;
        config.flags = shape & 1 ? (shape & 4 ? EVX_TEXT_SEPARATE : 0) : flags[shape >> 2 & 1];
        config.work = (uint8_t *)work;
        config.work_len = sizeof work;
        config.arena = shape & 8 ? (uint8_t *)arena : NULL;
        config.arena_len = shape & 8 ? sizeof arena : 0;
        cr_assert(evx_text_init(&text, sizeof text, &config) == EVX_OK);
        for (int twice = 0; twice < 2; twice++) {
            evx_text_renew(&text);
            st = write_all(b->name, &c);
            worst = st < worst ? st : worst;
        }
        cr_assert(write_all(b->name, &after) == EVX_OK && text.damage == 0, "%s: the chunk behind",
                  b->name);
    }
    if (getenv("EVX_BOMBS_TIMES"))
        fprintf(stderr, "%-20s %6.2f ms, %s\n", b->name, 1000 * slowest, evx_status_text(worst));
    cr_expect(worst == b->text, "%s: text says %d (%s), not %d", b->name, worst,
              evx_status_text(worst), b->text);
}

Test(bombs, are_bounded_and_say_so)
{
    static uint8_t sound[MK_CHUNK];
    static const bomb_row rows[] = {
        { "bomb 2^15", bomb_2_15, EVX_E_FUEL, EVX_E_FUEL },
        { "bomb 20^5", bomb_20_5, EVX_E_FUEL, EVX_E_FUEL },
        { "bomb 60^10", bomb_60_10, EVX_E_FUEL, EVX_E_FUEL },
        { "bomb 3000^2", bomb_3000_2, EVX_E_FUEL, EVX_E_FUEL },
        { "quad, once", quad_once, EVX_END, EVX_E_TEXT_MAX },
        { "quad, often", quad_often, EVX_END, EVX_E_CHUNK_TEXT },
        { "quad, escapes", quad_escapes, EVX_END, EVX_E_CHUNK_TEXT },
        { "quad, quotes", quad_quotes, EVX_END, EVX_E_TEXT_MAX },
        { "quad, fewer quotes", quad_fewer_quotes, EVX_END, EVX_E_TEXT_MAX },
        { "quad, few", quad_few, EVX_END, EVX_OK },
        { "deep elements", deep_elements, EVX_E_OPEN, EVX_E_OPEN },
        { "attributes", attributes, EVX_END, EVX_OK },
        { "elements", elements, EVX_END, EVX_OK },
        { "cuts", cuts, EVX_END, EVX_OK },
        { "references", references, EVX_END, EVX_OK },
        { "strings of one unit", strings_of_one_unit, EVX_END, EVX_OK },
        { "strings of none", strings_of_none, EVX_END, EVX_OK },
        { "array by array", array_by_array, EVX_END, EVX_E_TEXT_MAX },
        { "arrays, often", arrays_often, EVX_END, EVX_E_TEXT_MAX },
        { "reals", reals, EVX_END, EVX_OK },
        { "reals again", reals_again, EVX_END, EVX_OK },
        { "SIDs", sids, EVX_END, EVX_E_TEXT_MAX },
        { "shortest records", shortest_records, EVX_END, EVX_OK },
        { "definitions", definitions, EVX_END, EVX_OK },
        { "links", links, EVX_END, EVX_OK },
    };

    mk_begin(&file, mem, sizeof mem);
    (void)mk_record_plain(&file, 1, T0, "<Event><System/><D>sound</D></Event>");
    cr_assert(mk_end(&file).ptr != NULL);
    memcpy(sound, mem + MK_FILE_HEADER, sizeof sound);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_bomb(&rows[i], sound);
}
