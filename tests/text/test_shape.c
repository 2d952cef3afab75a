/* tests/text/test_shape.c - what of a value decides about the text around it, and what does not */
#include "pair.h"

/* Values for the same hole, in pairs of which the second may be written as the first was: */
static const struct { const char *value; bool alike; } kinds[] = {
    { "u8=1", false }, { "u8=200", true }, { "u16=1", false }, { "u32=70000", false },
    { "u64=18446744073709551615", false }, { "i8=-1", false }, { "i64=-5", false },
    { "null", false }, { "null=16", true }, { "str=\"\"", false }, { "str=\"a\"", false },
    { "str=\"a<b>&\\\"'c\"", true }, { "strz=\"z\"", true }, { "strz=\"\"", false },
    { "0x01=0000410000", false }, { "0x01=41", false }, { "ansi=\"\"", false },
    { "ansi=\"a\"", false }, { "ansi=\"bcd\"", true }, { "0x02=", false }, { "0x02=0000", false },
    { "bin=", false }, { "bin=00", false }, { "bin=0123456789abcdef", true },
    { "sid=S-1-5-18", false }, { "sid=S-1-5-21-1-2-3-4", true }, { "0x13=0100", false },
    { "0x13=01ff000000000005", false }, { "guid={00112233-4455-6677-8899-aabbccddeeff}", false },
    { "0x0f=00112233", false }, { "bool=1", false }, { "bool=0", true }, { "0x0d=01", false },
    { "0x0d=0100", false }, { "0x0d=010000", false }, { "hex32=255", false },
    { "hex64=255", false }, { "size32=9", false }, { "size64=9", false }, { "0x10=01", false },
    { "time=2006-09-02T02:00:00Z", false }, { "time=1601-01-01T00:00:00Z", true },
    { "0x11=ffffffffffffffff", true }, { "0x11=00", false },
    { "systime=2006,9,6,2,2,0,0,0", false }, { "f64=1.5", false }, { "0x21=", false },
    { "0x7f=4142", false }, { "0x99=41", false }, { "strs=[]", false }, { "strs=[\"a\"]", false },
    { "strs=[\"a\",\"b\"]", false }, { "strs=[\"\",\"\"]", false }, { "strs=[\"c\"]", false },
    { "strs=[\"\"]", false }, { "0x81=41004200", false }, { "0x81=00000000", false },
    { "0x82=41000000", false }, { "0x82=00004100", false }, { "0x86=01000200", false }
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static char description[1 << 17];

/* Every value in front of every other: a program for one is never taken for a different one. */
static void each_before_each(const char *template, pair_mode mode)
{
    for (size_t first = 0; first < KINDS; first++) {
        size_t at = (size_t)snprintf(description, sizeof description, "template t = %s\n",
                                     template);
        for (size_t i = 0; i < KINDS; i++)
            at += (size_t)snprintf(description + at, sizeof description - at,
                                   "record t %s str=\"behind\"\nrecord t %s str=\"it\"\n",
                                   kinds[first].value, kinds[i].value);
        (void)pair_log(description, mode);
    }
}

Test(shape, each_before_each_in_content)
{
    for (size_t i = 0; i < PAIR_MODES; i++)
        each_before_each("<Event><EventData><Data Name='a'>{0:str}</Data>"
                         "<Data Name='b'>{1:str}</Data></EventData></Event>", pair_modes[i]);
}

Test(shape, each_before_each_optional)
{
    for (size_t i = 0; i < PAIR_MODES; i++)
        each_before_each("<Event><A>{0:str?}</A><A>x{0:str?}</A><B c='{0:str?}'>{1:str}</B>"
                         "</Event>", pair_modes[i]);
}

Test(shape, each_before_each_in_attributes_and_names)
{
    for (size_t i = 0; i < PAIR_MODES; i++)
        each_before_each("<Event><EventData><Data Name='{0:str}'>{1:str}</Data>"
                         "<Data Name='x'/></EventData><B a='{0:str}' b='{1:str}'/></Event>",
                         pair_modes[i]);
}

/* ---- arrays of strings ----------------------------------------------------------------------- */

/* Items in each number and with each emptiness up to four, and what is no whole item. */
static const char *const arrays[] = {
    "0x81=", "0x81=00", "0x81=0000", "0x81=4100", "0x81=41000000", "0x81=410000004200",
    "0x81=4100000042000000", "0x81=000000004200", "0x81=00000000", "0x81=000000000000",
    "0x81=410000000000", "0x81=4100000000004200", "0x81=410042", "0x81=41000000420000004300",
    "0x81=410000004200000043000000", "0x81=26003c0000002200", "0x81=0000410000000000",
    "0x81=3dd800de00000d000a0000000000"
};
enum { ARRAYS = sizeof arrays / sizeof arrays[0] };

Test(shape, arrays_before_arrays)
{
    static const char *const templates[] = {
        "<Event><EventData><Data>{0:str[]}</Data><B>{1:str}</B></EventData></Event>",
        "<Event><EventData><Data Name='n'>{0:str[]?}</Data></EventData><C>{1:str}</C></Event>",
        "<Event><A a='{0:str[]}'>{0:str[]?}x{1:str}</A></Event>",
        "<Event>{0:str[]}<A>{0:str[]}{0:str[]}</A><A><B>{0:str[]}</B>{1:str?}</A></Event>"
    };
    uint32_t hits = 0;

    for (size_t t = 0; t < sizeof templates / sizeof templates[0]; t++)
        for (size_t i = 0; i < PAIR_MODES; i++) {
            size_t at = (size_t)snprintf(description, sizeof description, "template t = %s\n",
                                         templates[t]);
            for (size_t a = 0; a < ARRAYS * ARRAYS; a++)
                at += (size_t)snprintf(description + at, sizeof description - at,
                                       "record t %s str=\"%s\"\nrecord t %s str=\"it\"\n",
                                       arrays[a / ARRAYS], a % 3 ? "x" : "", arrays[a % ARRAYS]);
            hits += pair_log(description, pair_modes[i]);
        }
    cr_assert(hits > 1000, "%u", hits);
}

/* They have no say in how the items of those behind them are numbered. */
Test(shape, arrays_that_nothing_refers_to)
{
    static const char *const unused[] = {
        "null", "0x81=41000000", "str=\"a\"", "0x81=410000004200000043000000", "0x81=00"
    };
    enum { UNUSED = sizeof unused / sizeof unused[0] };

    for (size_t m = 0; m < PAIR_MODES; m++)
        for (size_t a = 0; a < UNUSED * UNUSED; a++) {
            snprintf(description, sizeof description,
                     "template t = <Event><A>{1:str[]}</A></Event>\n"
                     "record t %s strs=[\"x\",\"y\"]\nrecord t %s strs=[\"z\",\"%s\"]\n"
                     "record t %s strs=[\"p\",\"q\"]\n", unused[a / UNUSED],
                     unused[a % UNUSED], a % 3 ? "it" : "something that is longer",
                     unused[(a + 1) % UNUSED]);
            cr_assert_eq(pair_log(description, pair_modes[m]), 2, "%s", description);
        }
}

static size_t put_array(size_t at, size_t items, size_t units, unsigned letter)
{
    at += (size_t)snprintf(description + at, sizeof description - at, "record t 0x81=");
    for (size_t i = 0; i < items; i++) {
        for (size_t u = 0; u < units; u++)
            at += (size_t)snprintf(description + at, sizeof description - at, "%02x00", letter);
        at += (size_t)snprintf(description + at, sizeof description - at, "0000");
    }
    return at + (size_t)snprintf(description + at, sizeof description - at, "\n");
}

/* What is long costs by its length, for each use of it, by program and by walk. */
Test(shape, long_arrays)
{
    static const size_t units[] = { 3, 254, 255, 256, 257, 700, 2000 };
    enum { LENGTHS = sizeof units / sizeof units[0] };

    for (size_t i = 0; i < PAIR_MODES; i++) {
        size_t at = (size_t)snprintf(description, sizeof description,
                                     "template t = <Event><A>{0:str[]}</A><B b='{0:str[]}'/>"
                                     "</Event>\n");
        for (unsigned n = 0; n < LENGTHS; n++)
            at = put_array(at, 2, units[n], 'a' + n);
        cr_assert_eq(pair_log(description, pair_modes[i]), LENGTHS - 1);
        cr_assert(pair_slow.chunk_steps > 2 * 2 * 2000 * 2 / 64);
    }
}

/* One more use of arrays than a program has room for. */
Test(shape, arrays_in_many_places)
{
    for (size_t n = EVXI_ARRAY_USES_MAX; n <= EVXI_ARRAY_USES_MAX + 1; n++) {
        size_t at = (size_t)snprintf(description, sizeof description, "template t = <Event>");
        for (size_t i = 0; i < n; i++)
            at += (size_t)snprintf(description + at, sizeof description - at, "<A>{0:str[]}</A>");
        at += (size_t)snprintf(description + at, sizeof description - at, "</Event>\n");
        at = put_array(at, 2, 600, 'x');
        (void)put_array(at, 2, 500, 'y');
        cr_assert_eq(pair_log(description, pair_modes[3]), n <= EVXI_ARRAY_USES_MAX ? 1 : 0);
    }
}

/* More arrays and more items than a match has room for. */
Test(shape, many_items)
{
    static const size_t counts[] = { 1, 63, 64, 65, 127, 128, 129, 200 };

    for (size_t n = 1; n <= EVXI_ARRAYS_MAX + 2; n++)
        for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
            size_t at = (size_t)snprintf(description, sizeof description, "template t = <Event>");
            for (size_t i = 0; i < n; i++)
                at += (size_t)snprintf(description + at, sizeof description - at,
                                       "<D>{%zu:str[]}</D>", i);
            at += (size_t)snprintf(description + at, sizeof description - at, "</Event>\n");
            for (int again = 0; again < 3; again++) {
                at += (size_t)snprintf(description + at, sizeof description - at, "record t");
                for (size_t i = 0; i < n; i++) {
                    at += (size_t)snprintf(description + at, sizeof description - at, " 0x81=");
                    for (size_t k = 0; k < (i == 0 ? counts[c] : 2); k++)
                        at += (size_t)snprintf(description + at, sizeof description - at,
                                               "4%d000000", again);
                }
                at += (size_t)snprintf(description + at, sizeof description - at, "\n");
            }
            cr_assert_eq(pair_log(description, pair_modes[3]),
                         n <= EVXI_ARRAYS_MAX && counts[c] <= 64 ? 2 : 0, "%zu %zu", n, counts[c]);
        }
}

/* The table is not only about being right: what is alike is not learned twice. */
Test(shape, what_is_alike_has_one_program)
{
    for (size_t i = 1; i < KINDS; i++) {
        uint32_t hits;
        snprintf(description, sizeof description,
                 "template t = <Event><A>{0:str}</A></Event>\nrecord t %s\nrecord t %s\n",
                 kinds[i - 1].value, kinds[i].value);
        hits = pair_log(description, pair_modes[0]);
        cr_assert_eq(hits, kinds[i].alike ? 1 : 0, "%s, %s", kinds[i - 1].value, kinds[i].value);
    }
}

/* A value that nothing refers to may be anything; one that decides about an element may not. */
Test(shape, unused_values)
{
    for (size_t i = 0; i < KINDS; i++) {
        snprintf(description, sizeof description,
                 "template t = <Event><A>{1:str}</A></Event>\nrecord t str=\"q\" str=\"a\"\n"
                 "record t %s str=\"bb\"\n", kinds[i].value);
        if (strncmp(kinds[i].value, "0x7f", 4) == 0)
            continue;                /* is read as another type: never learned, still a hit */
        cr_assert_eq(pair_log(description, pair_modes[0]), 1, "%s", kinds[i].value);
    }
}

Test(shape, other_counts_and_places)
{
    (void)pair_log("template t = <Event><A>{0:str}</A><B>{1:u8}</B></Event>\n"
                   "record t str=\"a\" u8=1\nrecord t str=\"a\"\nrecord t str=\"b\"\n"
                   "record t str=\"a\" u8=1 u8=2\nrecord t\nrecord t str=\"c\" u8=3\n"
                   "record bare t str=\"a\" u8=1\nrecord noeof t str=\"a\" u8=1\n"
                   "record count=3 t str=\"a\" u8=1\nrecord count=99 t str=\"a\" u8=1\n"
                   "record lieid=7 t str=\"a\" u8=1\nrecord def=600 t str=\"a\" u8=1\n"
                   "record def=70000 t str=\"a\" u8=1\nrecord t str:9=\"a\" u8=1\n"
                   "record t str:1=\"a\" u8:60000=1\n", pair_modes[3]);
    cr_assert(pair_hits() > 2);
}
