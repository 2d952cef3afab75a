/* tests/text/test_compose.c - records around like one, inside like another: as the walk has them */
#include "pair.h"

#define A "template a = <Event><System><C>{0:u8}</C></System>{1:xml?}</Event>\n"
#define B "template b = <Event q='1'><System><C n='{0:str}'>{1:u32}</C></System>{2:xml?}</Event>\n"
#define I "template i = <EventData><Data Name='x'>{0:str}</Data><Data>{1:sid}</Data></EventData>\n"
#define J "template j = <UserData><J k='{0:u16}'/>end</UserData>\n"
#define K "template k = <EventData>none</EventData>\n"

#define A_(inner) "record a u8=7 xml(" inner ")\n"
#define B_(inner) "record b str=\"<&>\" u32=70000 xml(" inner ")\n"
#define I_(text) "i str=\"" text "\" sid=S-1-5-18"
#define J_ "j u16=513"

/* By how many of these records' programs, in the mode that has fewest? Equal all of them are. */
static uint32_t composed(const char *description)
{
    uint32_t hits = UINT32_MAX, most = 0;

    for (size_t i = 0; i < PAIR_MODES; i++) {
        uint32_t n = pair_log(description, pair_modes[i]);
        hits = n < hits ? n : hits;
        most = n > most ? n : most;
    }
    cr_expect_eq(hits, most, "%s", description);
    return hits;
}

/* Two are learned; the two that exchange their data are not. */
Test(compose, around_and_inside)
{
    cr_assert_eq(composed(A B I J A_(I_("x")) B_(J_) A_(J_) B_(I_("\xc3\xa4\\\""))), 2);
    cr_assert_eq(composed(A B I K A_("k") B_(I_("x")) A_(I_("yy")) B_("k") A_("k")), 3);
    cr_assert_eq(composed(A B J K B_("k") A_(J_) B_(J_) A_("k") B_(J_) A_("k")), 4);
    cr_assert_eq(composed(A B I J A_(I_("x")) B_(J_)), 0);
}

/* What was made of two is found again, and is as particular about its values: not of an empty
 * string, nor of a value that is not there. */
Test(compose, values_decide)
{
    cr_assert_eq(composed(A B I J A_(I_("x")) B_(J_) B_(I_("y")) B_(I_("")) B_(I_("z"))
                          B_(I_("")) A_(I_("")) A_(I_("x"))), 5);
    cr_assert_eq(composed(A B I J B_(I_("x")) A_(J_) A_("i str=\"x\" null") A_(I_("x"))
                          B_("i null null") A_("i null null")), 2);
}

static uint32_t programs(void)
{
    return ((const evxi_store *)pair_fast.store)->library->count;
}

/* None is made twice. */
Test(compose, once)
{
    (void)pair_log(A B I J A_(I_("x")) B_(J_) B_(I_("y")) B_(I_("")) B_(I_("z")) B_(I_(""))
                   A_(I_("")) A_(I_("x")), pair_modes[0]);
    cr_assert_eq(programs(), 5);
}

/* A program that outlives the arena it was made in. */
typedef struct kept {
    evxi_program p;
    evxi_op ops[2][64];
    uint8_t literals[2][4096];
} kept;

static void keep_part(kept *k, int i, const evxi_part *part)
{
    cr_assert(part->count < 64 && part->bytes <= sizeof k->literals[i]);
    memcpy(k->ops[i], part->ops, part->count * sizeof *part->ops);
    memcpy(k->literals[i], part->literals, part->bytes);
}

/* That of the last record. */
static void keep(kept *k)
{
    evxi_match m;
    evx_records it;
    evx_record next, r;
    const evxi_shape *x;

    memset(k, 0, sizeof *k);
    evx_records_begin(&it, &one_chunk);
    while (evx_records_next(&it, &next) == EVX_OK)
        r = next;
    x = evxi_shape_find(pair_fast.store, &pair_fast, &one_chunk, &r, &m);
    cr_assert(x && x->program && x->program->head);
    k->p = *x->program;
    keep_part(k, 0, k->p.head);
    keep_part(k, 1, &k->p.own);
}

/* What was made of two is what would have been recorded. */
static void compare_with_recorded(const char *made, const char *recorded)
{
    static kept a, b;

    for (size_t i = 0; i < PAIR_MODES; i++) {
        cr_assert_eq(pair_log(made, pair_modes[i]), 1);
        keep(&a);
        cr_assert_eq(pair_log(recorded, pair_modes[i]), 0);
        keep(&b);
        cr_assert(a.p.head != &a.p.own && a.p.own.count == b.p.own.count
                  && a.p.own.bytes == b.p.own.bytes);
        cr_assert(memcmp(a.ops, b.ops, sizeof a.ops) == 0
                  && memcmp(a.literals, b.literals, sizeof a.literals) == 0);
        cr_assert(a.p.once && b.p.once && a.p.fixed == b.p.fixed && a.p.most >= b.p.most);
        cr_assert(a.p.walk_steps == b.p.walk_steps && a.p.steps == b.p.steps);
        cr_assert(!a.p.ansi && !a.p.apart && a.p.growth_count == 0 && a.p.array_count == 0);
    }
}

Test(compose, as_recorded)
{
    compare_with_recorded(A B I J A_(I_("x")) B_(J_) B_(I_("y")), A B I J B_(I_("y")));
    compare_with_recorded(A B I J A_(I_("x")) B_(J_) A_(J_), A B I J A_(J_));
    compare_with_recorded(A B I J B_(I_("x")) A_(J_) A_(I_("y")), A B I J A_(I_("y")));
    compare_with_recorded(A B I K B_("k") A_(I_("x")) B_(I_("y")), A B I K B_(I_("y")));
    compare_with_recorded(A B I K B_("k") A_(I_("x")) A_("k"), A B I K A_("k"));
}

/* Streams begin with a header or without one, and that is a step. */
Test(compose, fragments)
{
    cr_assert_eq(composed(A B I J A_(I_("x")) B_("bare " J_) A_(J_) A_("bare " J_)
                          B_("bare " I_("x")) B_(I_("x"))), 4);
    cr_assert_eq(composed(A B I J A_("bare " I_("x")) B_(J_) A_(J_) A_("noeof " J_)
                          B_("bare " I_("x")) B_(I_("x"))), 4);
}

/* Neither text may depend on the other. */
Test(compose, names_and_places)
{
    static const char *const outer[] = {
        "<Event><S><C n='{0:str}'>{1:u32}</C></S>{2:xml?}</Event>",
        "<Event><System/><C n='{0:str}'>{1:u32}</C>{2:xml?}</Event>",
        "<Event><System>{0:str}{1:u32}</System><EventData>{2:xml?}</EventData></Event>",
        "<Event><System>{0:str}{1:u32}</System><EventData/>{2:xml?}</Event>",
        "<Event><System>{0:str}{1:u32}</System>{2:xml?}<EventData/></Event>",
        "<Event><System>{0:str}</System>{2:xml?}{1:u32}</Event>",
        "<Event><System>{0:str}</System>{1:u32}{2:xml?}</Event>",
        "<Event><System>{0:str}</System>text{2:xml?}</Event>",
        "<Event>{2:xml?}<System>{0:str}{1:u32}</System></Event>",
        "<Event>{0:str}{1:u32}{2:xml?}</Event>"
    };
    static char all[2048];

    for (size_t i = 0; i < sizeof outer / sizeof outer[0]; i++) {
        snprintf(all, sizeof all, A "template b = %s\n" I J "%s", outer[i],
                 A_(I_("x")) B_(J_) A_(I_("x")) B_(I_("x")));
        cr_expect_eq(composed(all), 1, "%s", outer[i]);
    }
}

Test(compose, data_that_stand_alone)
{
    static const char *const inner[] = {
        "<Data><J k='{0:u16}'/></Data>", "<System>{0:u16}</System>",
        "<EventData/><EventData>{0:u16}</EventData>", "<EventData>{0:u16}</EventData>text",
        "text<EventData>{0:u16}</EventData>"
    };
    static char all[2048];

    for (size_t i = 0; i < sizeof inner / sizeof inner[0]; i++) {
        snprintf(all, sizeof all, A B I "template j = %s\n%s", inner[i],
                 A_(I_("x")) B_(J_) A_(I_("x")) A_(J_));
        cr_expect_eq(composed(all), 1, "%s", inner[i]);
    }
}

/* In JSON the keys of both stand in one table: where they fill it, the walk begins anew with a
 * larger one, and what it has written in vain is charged. */
Test(compose, many_keys)
{
    static char all[65536];
    size_t at = 0;

    for (unsigned n = 128; n <= 512; n += 64) {
        at = (size_t)sprintf(all, A J "template b = <Event><System><C>{1:u32}</C>");
        for (unsigned i = 0; i < n; i++)
            at += (size_t)sprintf(all + at, "<A%x/>", i);
        at += (size_t)sprintf(all + at, "</System>{2:xml?}</Event>\ntemplate i = <EventData>");
        for (unsigned i = 0; i < n; i++)
            at += (size_t)sprintf(all + at, "<B%x/>", i);
        (void)sprintf(all + at, "</EventData>\n" A_("i") B_(J_) A_(J_) B_("i"));
        for (size_t i = 3; i < PAIR_MODES; i++)
            (void)pair_log(all, pair_modes[i]);
        cr_assert(n > 192 || pair_hits() == 2, "%u: %u", n, pair_hits());
    }
}

/* Text that is charged by its length or written twice, and elements that are written for each
 * item. */
Test(compose, lengths_count)
{
    cr_assert_eq(composed(A B I "template l = <EventData><Data>{0:ansi}</Data></EventData>\n"
                          A_(I_("x")) B_("l ansi=\"x\"") A_(I_("x")) A_("l ansi=\"x\"")), 1);
    cr_assert_eq(composed(A B I "template l = <EventData><Data>{0:str}</Data>{0:str}</EventData>\n"
                          A_(I_("x")) B_("l str=\"x\"") A_(I_("x")) A_("l str=\"x\"")), 1);
    cr_assert_eq(composed(A B I "template l = <EventData><Data>{0:str[]}</Data></EventData>\n"
                          A_(I_("x")) B_("l strs=[\"a\",\"b\"]") A_(I_("x"))
                          A_("l strs=[\"a\",\"b\"]")), 1);
}

/* Instances one in the other, and elements without a template. */
Test(compose, two_instances)
{
    cr_assert_eq(composed(A B I "template m = <EventData>{0:xml}</EventData>\n"
                          A_(I_("x")) B_("m xml(" I_("x") ")") A_(I_("x"))
                          A_("m xml(" I_("x") ")")), 1);
    cr_assert_eq(composed(A B I A_(I_("x")) B_("plain <EventData>x</EventData>") A_(I_("x"))
                          A_("plain <EventData>x</EventData>")), 1);
}

/* Whoever has less memory for the walk may not be able to walk what others made of two. */
Test(compose, memory_for_the_walk)
{
    static uint64_t work[(EVX_TEXT_WORK + 7) / 8];
    evx_text_config config = { .format = EVX_JSON, .work = (uint8_t *)work };

    one(A B I J A_(I_("x")) B_(J_) A_(J_) B_(I_("y")));
    for (unsigned more = 0; more < 2; more++) {
        pair_begin(pair_modes[3], NULL, PAIR_ARENA);
        config.work_len = more ? EVX_TEXT_WORK : EVX_TEXT_WORK - 8;
        config.arena = (uint8_t *)pair_arena;
        config.arena_len = sizeof pair_arena;
        cr_assert(evx_text_init(&pair_fast, sizeof pair_fast, &config) == EVX_OK);
        cr_assert_eq(pair_chunk(&one_chunk), 4);
        cr_assert_eq(pair_hits(), more ? 2 : 0);
    }
}

/* Room for a few of them only. */
Test(compose, arenas_of_every_size)
{
    one(A B I J K A_(I_("x")) B_(J_) A_(J_) B_(I_("y")) A_("k") B_("k") A_(I_("")));
    for (size_t len = EVXI_STORE_LEAST; len < EVXI_STORE_LEAST + 12000; len += 40) {
        pair_begin(pair_modes[0], NULL, len);
        for (unsigned i = 0; i < 3; i++)
            cr_assert_eq(pair_chunk(&one_chunk), 7);
    }
    cr_assert(pair_hits() > 14);
}

/* ---- by chance ------------------------------------------------------------------------------- */

enum { OUTER = 4, INNER = 5, VALUES_MOST = 6, KINDS = 11, LOGS = 400 };

/* A type, and values of it that decide differently about the text around them. */
static const struct { const char *type, *values[4]; } kinds[KINDS] = {
    { "str", { "str=\"\"", "str=\"ab\"", "str=\"<&>\xc3\xa4\\\"\"", "null" } },
    { "u32", { "u32=1", "u32=4294967295", "null", "u32=0" } },
    { "sid", { "sid=S-1-5-18", "sid=S-1-5-21-1-2-3-500", "null", "sid=S-1-1-0" } },
    { "u8", { "u8=1", "u8=255", "null", "u8=0" } },
    { "u64", { "u64=18446744073709551615", "u64=0", "null", "u64=7" } },
    { "bool", { "0x0d=01000000", "0x0d=00000000", "null", "0x0d=02000000" } },
    { "time", { "time=2021-02-03T04:05:06Z", "null", "time=1601-01-01T00:00:00Z", "0x11=" } },
    { "guid", { "0x0f=000102030405060708090a0b0c0d0e0f", "null", "0x0f=00", "null" } },
    { "hex64", { "0x15=0102030405060708", "null", "0x15=0000000000000000", "0x15=01" } },
    { "bin", { "0x0e=0102", "0x0e=", "null", "0x0e=ff" } },
    { "f64", { "f64=1.5", "null", "f64=0.5", "f64=2.5" } }
};

typedef struct chance {
    uint32_t state;
    char text[1 << 16];
    size_t len;
} chance;

typedef struct made {
    uint32_t count, kind[VALUES_MOST];
} made;

static uint32_t below(chance *c, uint32_t n)
{
    c->state = c->state * 1664525u + 1013904223u;
    return (c->state >> 8) % n;
}

static bool once_in(chance *c, uint32_t n)
{
    return below(c, n) == 0;
}

static void say(chance *c, const char *text)
{
    c->len += (size_t)snprintf(c->text + c->len, sizeof c->text - c->len, "%s", text);
    cr_assert(c->len < sizeof c->text);
}

static void say_field(chance *c, uint32_t value, const char *type)
{
    static const char *const names[] = { "D", "Data", "EventID", "Data_1", "System", "x" };
    static const char *const forms[] = {
        "<%s a='{%u:%s}'/>", "<%s>{%u:%s?}", "<%s Name='n'>{%u:%s}", "<%s><y>{%u:%s?}</y>t&amp;"
    };
    const char *name = names[below(c, 6)];
    uint32_t form = below(c, 5);
    char field[128];

    if (form == 4)
        return;
    snprintf(field, sizeof field, forms[form], name, (unsigned)value, type);
    say(c, field);
    if (form != 0) {
        snprintf(field, sizeof field, "</%s>", name);
        say(c, field);
    }
}

static void say_section(chance *c, const char *name, made *m)
{
    char tag[64];

    m->count = below(c, VALUES_MOST);
    snprintf(tag, sizeof tag, "<%s%s>", name, once_in(c, 6) ? " a='b'" : "");
    say(c, tag);
    for (uint32_t i = 0; i < m->count; i++) {
        m->kind[i] = below(c, KINDS);
        say_field(c, i, kinds[m->kind[i]].type);
    }
    snprintf(tag, sizeof tag, "</%s>", name);
    say(c, tag);
}

static void say_outer(chance *c, uint32_t n, made *m)
{
    char part[64];

    snprintf(part, sizeof part, "template o%u = <Event%s>", (unsigned)n,
             once_in(c, 2) ? " xmlns='u'" : "");
    say(c, part);
    say_section(c, once_in(c, 12) ? "Other" : "System", m);
    say(c, once_in(c, 12) ? "text" : "");
    snprintf(part, sizeof part, once_in(c, 16) ? "<EventData>{%u:xml}</EventData>" : "{%u:xml?}",
             (unsigned)m->count);
    say(c, part);
    say(c, once_in(c, 12) ? "<z/></Event>\n" : "</Event>\n");
}

static void say_inner(chance *c, uint32_t n, made *m)
{
    char part[64];

    snprintf(part, sizeof part, "template i%u = ", (unsigned)n);
    say(c, part);
    say_section(c, once_in(c, 8) ? "System" : once_in(c, 2) ? "EventData" : "UserData", m);
    say(c, once_in(c, 16) ? "<w/>\n" : "\n");
}

/* Mostly of the types that the template has. */
static void say_values(chance *c, const made *m)
{
    for (uint32_t i = 0; i < m->count; i++) {
        say(c, " ");
        say(c, kinds[once_in(c, 12) ? below(c, KINDS) : m->kind[i]].values[below(c, 4)]);
    }
}

static void say_record(chance *c, const made *outer, const made *inner)
{
    uint32_t o = below(c, OUTER), i = below(c, INNER);
    char part[64];

    snprintf(part, sizeof part, "record o%u", (unsigned)o);
    say(c, part);
    say_values(c, &outer[o]);
    snprintf(part, sizeof part, " xml(%si%u",
             once_in(c, 5) ? "bare " : once_in(c, 5) ? "noeof " : "", (unsigned)i);
    say(c, part);
    say_values(c, &inner[i]);
    say(c, ")\n");
}

/* An object's number and a key are no sum: what stands in System moves those of the data. */
Test(compose, keys_of_objects)
{
    cr_assert_eq(composed("template a = <Event><System><aaaaad>{0:u8}</aaaaad></System>{1:xml?}"
                          "</Event>\n" B J "template i = <EventData><aaaaac>{0:str}</aaaaac>"
                          "</EventData>\n" B_("i str=\"x\"") A_(J_) A_("i str=\"x\"")), 1);
}

/* Each around each inside, with values that decide and things that stand in the way. */
Test(compose, by_chance, .timeout = 120)
{
    static chance c;
    made outer[OUTER], inner[INNER];

    for (uint32_t n = 1; n <= LOGS; n++) {
        c.state = n * 7919u;
        c.len = 0;
        for (uint32_t i = 0; i < OUTER; i++)
            say_outer(&c, i, &outer[i]);
        for (uint32_t i = 0; i < INNER; i++)
            say_inner(&c, i, &inner[i]);
        for (uint32_t i = 0; i < 40; i++)
            say_record(&c, outer, inner);
        (void)pair_log(c.text, pair_modes[n % PAIR_MODES]);
    }
}
