/* tests/text/test_plain.c - elements without a template: which are alike, which the walk gets */
#include "pair.h"

#define OUTER "template o = <Event><S>{0:u8}</S>{1:xml?}</Event>\n"

static char description[1 << 17];

/* Two records, one after the other: is the second one written as the first was, in every mode? */
static uint32_t then(const char *first, const char *second)
{
    uint32_t hits = 2;

    snprintf(description, sizeof description, OUTER "%s\n%s\n", first, second);
    for (size_t i = 0; i < PAIR_MODES; i++) {
        uint32_t n = pair_log(description, pair_modes[i]);
        hits = n < hits ? n : hits;
    }
    return hits;
}

static uint32_t bodies(const char *first, const char *second)
{
    char a[2000], b[2000];

    snprintf(a, sizeof a, "plain %s", first);
    snprintf(b, sizeof b, "plain %s", second);
    return then(a, b);
}

static uint32_t values(const char *first, const char *second)
{
    char a[2000], b[2000];

    snprintf(a, sizeof a, "record o u8=1 xml(plain %s)", first);
    snprintf(b, sizeof b, "record o u8=200 xml(plain %s)", second);
    return then(a, b);
}

/* What may differ: texts that have content, and are no name of a Data. */
Test(plain, alike)
{
    static const char *const rows[][2] = {
        { "<E><A>x</A></E>", "<E><A>&quot;</A></E>" }, { "<E a='x' b='y'/>", "<E a='z' b='y'/>" },
        { "<E>x<A/>y</E>", "<E>a longer one<A/>\xe2\x82\xac</E>" },
        { "<E><A Name='x'>1</A></E>", "<E><A Name='y'>2</A></E>" },
        { "<E><EventData><Data Name='x'>1</Data><Data Name='y'/></EventData></E>",
          "<E><EventData><Data Name='x'>2</Data><Data Name='y'/></EventData></E>" },
        { "<E>x&amp;y&#65;z</E>", "<E>1&amp;2&#65;3</E>" },
        { "<E><A>1</A><A>2</A><B c='1'>t</B></E>", "<E><A>3</A><A>4</A><B c='2'>u</B></E>" },
        { "<E><A Name='&amp;&#66;x'>1</A></E>", "<E><A Name='&amp;&#66;y'>3</A></E>" },
        { "<E><EventData><Data Name='a&amp;&#66;x'>1</Data></EventData></E>",
          "<E><EventData><Data Name='a&amp;&#66;x'>345</Data></EventData></E>" }
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool entity = strstr(rows[i][1], "&quot;") != NULL;
        cr_assert_eq(bodies(rows[i][0], rows[i][1]), !entity, "row %zu", i);
        cr_assert_eq(values(rows[i][0], rows[i][1]), !entity, "row %zu", i);
        cr_assert_eq(values(rows[i][0], rows[i][0]), 1, "row %zu", i);
    }
}

Test(plain, different)
{
    static const char *const rows[][2] = {
        { "<E><A>x</A></E>", "<E><B>x</B></E>" }, { "<E><A>x</A></E>", "<E><A></A></E>" },
        { "<E><A>x</A></E>", "<E><A>xx</A>y</E>" }, { "<E a='x'/>", "<E b='x'/>" },
        { "<E a=''/>", "<E a='x'/>" }, { "<E/>", "<E></E>" }, { "<E><A/></E>", "<E><A/><A/></E>" },
        { "<E><EventData><Data Name='x'>1</Data></EventData></E>",
          "<E><EventData><Data Name='y'>1</Data></EventData></E>" },
        { "<E>&amp;</E>", "<E>&lt;</E>" }, { "<E>&#65;</E>", "<E>&#66;</E>" }
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_assert_eq(bodies(rows[i][0], rows[i][1]), 0, "row %zu", i);
        cr_assert_eq(bodies(rows[i][1], rows[i][0]), 0, "row %zu", i);
        cr_assert_eq(values(rows[i][0], rows[i][1]), 0, "row %zu", i);
    }
}

/* The walk's own: each of them twice. */
Test(plain, left_to_the_walk)
{
    static const char *const rows[] = {
        "plain <E><![CDATA[x]]></E>", "plain <E><?p d?></E>", "plain <E>{raw:ff}</E>",
        "plain <E/><F/>", "record o u8=1 xml(plain <A/><![CDATA[x]]>)",
        "record o u8=1 xml(o u8=2 null)(plain <A/>)", "record o u8=1 xml(plain <A/>)(o u8=2 null)",
        "record o u8=1 xml(plain <A>x{raw:00}</A>)", "record o u8=1 xml(plain <A>x</A>{raw:06})"
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_assert_eq(then(rows[i], rows[i]), 0, "%s", rows[i]);
}

/* ---- everything before everything ------------------------------------------------------------ */

static const char *const pieces[] = {
    "<A/>", "<A></A>", "<A>x</A>", "<A>xy</A>", "<A a=''>x</A>", "<A a='x' b='y'/>", "x", "",
    "&amp;", "&#65;", "&unknown;", "<A>x&lt;y</A>", "<Data>x</Data>", "<Data Name='n'>x</Data>",
    "<Data Name='m'>x</Data>", "<Data Name='n'/>", "<Data Name=''>x</Data>",
    "<Data Name='#text'>x</Data>", "<Data Name='n&amp;'>1</Data><Data Name='n&amp;'>2</Data>",
    "<Data>1</Data><Data>2</Data>", "<Data Name='a\\\"\\\\b'>1</Data>", "<Binary/>",
    "<Data b='&amp;' Name='n'>x</Data>", "<Data Name='n' Name='m'>x</Data>", "<![CDATA[x]]>",
    "<A Name='n'>x</A>", "<EventData>x<Data Name='n'>y</Data></EventData>", "\xf0\x9f\x98\x80<A/>"
};
enum { PIECES = sizeof pieces / sizeof pieces[0] };

static void each_before_each(const char *before, const char *behind, pair_mode mode)
{
    for (size_t first = 0; first < PIECES; first++) {
        size_t at = (size_t)snprintf(description, sizeof description, OUTER);
        for (size_t i = 0; i < PIECES; i++)
            at += (size_t)snprintf(description + at, sizeof description - at,
                                   "%s%s%s\n%s%s%s\n", before, pieces[first], behind, before,
                                   pieces[i], behind);
        cr_assert(pair_log(description, mode) > 0 || strstr(pieces[first], "CDATA"));
    }
}

Test(plain, each_before_each, .timeout = 120)
{
    for (size_t i = 0; i < PAIR_MODES; i++) {
        each_before_each("plain <Event><EventData>", "</EventData></Event>", pair_modes[i]);
        each_before_each("plain <Event a='b'><UserData>", "t</UserData><S>u</S></Event>",
                         pair_modes[i]);
        each_before_each("record o u8=7 xml(plain <EventData>", "</EventData>)", pair_modes[i]);
    }
}

/* ---- bytes that are not as they were --------------------------------------------------------- */

static const char broken[] =
    "template o = <Event><S>{0:u8}</S>{1:xml?}</Event>\n"
    "plain <Event x='y'><EventData><Data Name='a'>1</Data><Data Name='b'>22</Data></EventData>"
    "<S t='&amp;'>&#65;z</S></Event>\n"
    "record o u8=1 xml(plain <UserData><Data Name='k'>v</Data><T u='w'/></UserData>)\n";

/* One byte of a record changed, to anything, behind two that taught both kinds. */
Test(plain, every_byte, .timeout = 200)
{
    static uint8_t whole[EVX_CHUNK_SIZE];
    uint64_t state = 11;

    one(broken);
    memcpy(whole, one_chunk.base, sizeof whole);
    for (size_t n = 0; n < 2; n++) {
        evx_record r;
        cr_assert(kit_record(&one_chunk, n, &r) == EVX_OK);
        for (uint32_t at = r.off + 24; at < r.off + r.size - 4; at++) {
            if (at % 16 == 0 || at == r.off + 24) {
                memcpy(one_bytes(), whole, sizeof whole);
                pair_begin(pair_modes[one_random(&state) % PAIR_MODES], NULL, PAIR_ARENA);
                (void)pair_chunk(&one_chunk);
            }
            for (unsigned i = 0; i < 24; i++) {
                uint8_t *byte = one_bytes() + at, was = *byte;
                *byte = (uint8_t)(i < 8 ? was ^ 1u << i : i == 8 ? 0 : one_random(&state));
                (void)pair_record(&one_chunk, &r);
                *byte = was;
            }
        }
        cr_assert(pair_hits() > 0);
    }
}

/* ---- names and numbers ----------------------------------------------------------------------- */

/* The same bytes of the record, and another name where it refers to one; a new chunk each time. */
Test(plain, names_of_another_chunk)
{
    static uint8_t memory[EVX_CHUNK_SIZE];
    static const char *const names[] = { "Subject", "Objects", "Subject", "Subject" };

    pair_begin(pair_modes[0], NULL, PAIR_ARENA);
    for (size_t i = 0; i < 4; i++) {
        snprintf(description, sizeof description, "plain <Event><%s>a</%s></Event>\n", names[i],
                 names[i]);
        one(description);
        memcpy(memory, one_chunk.base, sizeof memory);
        one_chunk.base = memory;
        evx_text_renew(&pair_slow);
        evx_text_renew(&pair_fast);
        cr_assert(pair_record(&one_chunk, &one_record) == EVX_OK);
        snprintf(description, sizeof description, "<%s>a</%s>", names[i], names[i]);
        cr_assert(strstr((char *)pair_b, description));
    }
    cr_assert_eq(pair_hits(), 2);
}

static uint32_t hits_with(const char *element, size_t count)
{
    size_t at = (size_t)snprintf(description, sizeof description, "plain <E>"), begin = 0, len;

    for (size_t i = 0; i < count; i++)
        at += (size_t)snprintf(description + at, sizeof description - at, "%s", element);
    at += (size_t)snprintf(description + at, sizeof description - at, "</E>\n");
    len = at - begin;
    memcpy(description + at, description, len);
    description[at + len] = 0;
    return pair_log(description, pair_modes[0]);
}

Test(plain, many)
{
    cr_assert_eq(hits_with("x{|}", EVXI_VALUES_MAX), 1);
    cr_assert_eq(hits_with("x{|}", EVXI_VALUES_MAX + 1), 0);
    cr_assert_eq(hits_with("<a/>", EVXI_PLAIN_MAX - 1), 1);
    cr_assert_eq(hits_with("<a/>", EVXI_PLAIN_MAX), 0);
}

/* As plain.c's, for four units: names that meet in one bucket. */
static bool meets(const char *name)
{
    uint64_t h = 0;

    for (unsigned i = 0; i < 4; i++)
        h |= (uint64_t)(uint8_t)name[i] << 16 * i;
    h = (h ^ 8) * 0x9e3779b97f4a7c15u;
    h = (h ^ h >> 32) * 0x9e3779b97f4a7c15u;
    return (h >> 32) % EVXI_BUCKETS == 0;
}

/* A bucket is not looked through to its end, whoever filled it: the walk takes the rest. */
Test(plain, many_in_one_bucket)
{
    uint32_t names = 0;
    size_t at = 0;
    char name[5];

    for (unsigned i = 0; names < 100 && i < 100000; i++) {
        snprintf(name, sizeof name, "%c%c%c%c", 'a' + i % 26, 'a' + i / 26 % 26,
                 'a' + i / 676 % 26, 'a' + i / 17576 % 26);
        if (!meets(name))
            continue;
        names++;
        for (unsigned k = 0; k < 2; k++)
            at += (size_t)snprintf(description + at, sizeof description - at,
                                   "plain <E><%s>x</%s></E>\n", name, name);
    }
    (void)pair_log(description, pair_modes[3]);
    cr_assert(names == 100 && pair_hits() > 30 && pair_hits() < 60, "%u", pair_hits());
}
