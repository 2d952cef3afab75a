/* tests/text/test_run.c - holes of every kind, with values that take all the room they may */
#include "pair.h"

/* A program's text ends within its bound, whatever the value: the bound ends at a cliff. */
static void at_the_bound(const char *description, pair_mode mode)
{
    evxi_match m;
    const evxi_shape *x;
    uint64_t bound;
    uint8_t *cliff, *end;
    evx_out o;

    (void)pair_log(description, mode);
    for (size_t i = 0; kit_record(&one_chunk, i, &one_record) == EVX_OK; i++) {
        x = evxi_shape_find(pair_fast.store, &pair_fast, &one_chunk, &one_record, &m);
        cr_assert(x && x->program, "record %zu of %s", i, description);
        bound = evxi_program_bound(x->program, &m);
        cliff = kit_cliff((size_t)bound);
        end = evxi_program_run(x->program, &m, &pair_fast,
                               &((evxi_store *)pair_fast.store)->day, cliff - bound);
        evx_out_init(&o, pair_a, sizeof pair_a, NULL, NULL);
        cr_assert(evx_text_record(&pair_slow, &one_chunk, &one_record, &o) == EVX_OK);
        cr_assert((size_t)(end - (cliff - bound)) == o.len
                  && memcmp(cliff - bound, pair_a, o.len) == 0);
        kit_cliff_free(cliff, (size_t)bound);
    }
}

static const char *const values[] = {
    "u8=255", "u16=65535", "u32=4294967295", "u64=18446744073709551615", "i8=-128",
    "i64=-9223372036854775808", "hex32=4294967295", "hex64=18446744073709551615",
    "size64=18446744073709551615", "bool=0", "guid={ffffffff-ffff-ffff-ffff-ffffffffffff}",
    "time=9999-12-31T23:59:59.9999999Z", "0x11=ffffffffffffffff",
    "0x12=ffffffffffffffffffffffffffffffff",
    ("0x13=ff0effffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
     "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"),
    "bin=ffffffffffffffffffffffffffffffffffffffffff", "0x19=aabbcc", "0x0f=0011",
    "0x01=2200220022002200",
    "str=\"\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001\"",
    "str=\"''''''''''''''''''''''''''''''''''''''''\"", "str=\"&&&&&&&&&&&&&&&&&&&&&&&&&&&&&\"",
    "str=\"\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\"",
    "str=\"\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\"", "0x01=00d800d800d800d800d8",
    "0x01=ffffffffffff", "0x01=4100000042004300", "ansi=\"''''''''''''''''''''\"",
    "0x02=0101010101010101010101010101", "0x02=80818283848586878889", "0x02=8000818200",
    "sid=S-1-5-18", "null"
};

Test(run, the_widest_values)
{
    static const char *const templates[] = {
        "<Event><A>{0:str}</A></Event>", "<Event><A b='{0:str}'>x{0:str}</A>{0:str}</Event>",
        "<Event><EventData><Data Name='n'>{0:str}</Data></EventData></Event>"
    };
    static char description[1 << 14];

    for (size_t i = 0; i < sizeof templates / sizeof templates[0]; i++)
        for (size_t v = 0; v < sizeof values / sizeof values[0]; v++)
            for (size_t mode = 0; mode < PAIR_MODES; mode++) {
                snprintf(description, sizeof description,
                         "template t = %s\nrecord t %s\nrecord t %s\n", templates[i], values[v],
                         values[v]);
                at_the_bound(description, pair_modes[mode]);
            }
}

/* Literal text of every length around the steps in which it is copied. */
Test(run, literals_of_every_length)
{
    static char description[4096], text[256];

    for (size_t n = 1; n < 200; n++) {
        memset(text, 'l', n);
        text[n] = 0;
        snprintf(description, sizeof description,
                 "template t = <Event><A>{0:u8}%s{1:u8}</A></Event>\n"
                 "record t u8=1 u8=2\nrecord t u8=3 u8=4\n", text);
        at_the_bound(description, pair_modes[n % PAIR_MODES]);
    }
}

/* Strings of every length, with the awkward unit at every place. */
Test(run, awkward_units)
{
    static char description[1 << 16], text[512];
    static char as[80], bs[80];
    static const char *const awkward[] = { "<", "\\u0001", "\xc3\xa4", "\\u0000", "\\uD800" };

    memset(as, 'a', sizeof as - 1);
    memset(bs, 'b', sizeof bs - 1);
    for (size_t a = 0; a < sizeof awkward / sizeof awkward[0]; a++)
        for (size_t n = 1; n < 70; n += 3) {
            size_t at = (size_t)snprintf(description, sizeof description,
                                         "template t = <Event><A b='{0:str}'>{0:str}</A></Event>\n"
                                         "record t str=\"x\"\n");
            for (size_t place = 0; place < n; place += 1 + n / 8) {
                snprintf(text, sizeof text, "%.*s%s%.*s", (int)place, as, awkward[a],
                         (int)(n - place), bs);
                at += (size_t)snprintf(description + at, sizeof description - at,
                                       "record t str=\"y%s\"\n", text);
            }
            at_the_bound(description, pair_modes[n % PAIR_MODES]);
        }
}
