/* tests/binxml/test_graft.c - a record that lost its definitions, with those of its provider */
#include "../golden/one.h"

#include "evx/wevt.h"

#define DATA "<EventData><Data Name='x'>{0:str}</Data><Data Name='y'>{1:u32?}</Data></EventData>"
#define OUTER "<Event><System><EventID>{0:u16}</EventID></System>{1:xml}</Event>"

static const char three[] =
    "template o = " OUTER "\n"
    "template i = " DATA "\n"
    "record o u16=1 xml(i str=\"first\" u32=7)\n"
    "record o u16=2 xml(i str=\"second\" u32=8)\n"
    "record o u16=3 xml(i str=\"third\" null)\n";

static mk_file file;
static uint8_t mem[MK_FILE_HEADER + MK_CHUNK], copy[EVX_CHUNK_SIZE];
static evx_graft g;
static evx_walk walk;
static evx_slot slots[EVX_SLOTS_WORST];

static evx_wevt_template provider(const char *text, uint32_t values)
{
    mk_bytes t = mk_temp(&file, mem, sizeof mem, text, values);
    evx_bytes blob = { t.ptr, t.len };
    evx_wevt_template out;
    size_t pos = 0;

    cr_assert(t.ptr && evx_wevt_next(blob, &pos, &out) == EVX_OK);
    return out;
}

/* The record's text in a small form: Event(System(EventID(1))...) */
static const char *words(const evx_chunk *c, const evx_record *r)
{
    static char text[4000];
    evx_token t;
    evx_status st = evx_walk_begin(&walk, c, r);
    size_t n = 0;

    while (st == EVX_OK && (st = evx_walk_next(&walk, &t)) == EVX_OK) {
        const uint8_t *p = t.kind == EVX_TOKEN_OPEN ? t.name.ptr : t.value.raw.ptr;
        size_t units = t.kind == EVX_TOKEN_OPEN ? t.name.units : t.value.raw.len / 2;
        if (t.kind == EVX_TOKEN_OPEN || (t.kind == EVX_TOKEN_VALUE && t.value.type == EVX_STRING))
            for (size_t i = 0; i < units; i++)
                text[n++] = (char)p[2 * i];
        if (t.kind == EVX_TOKEN_VALUE && t.value.type != EVX_STRING && t.value.raw.len > 0)
            text[n++] = (char)('0' + t.value.raw.ptr[0]);
        if (t.kind == EVX_TOKEN_OPEN)
            text[n++] = ' ';
    }
    text[n] = 0;
    return st == EVX_END ? text : evx_status_text(st);
}

static void begin(unsigned lost_definition)
{
    cr_assert(evx_walk_init(&walk, sizeof walk, slots, EVX_SLOTS_WORST, NULL) == EVX_OK);
    one(three);
    if (lost_definition < 2)
        one_bytes()[mk_def_at(&one_spec.file, lost_definition) + 4] ^= 0xff;
    one_again();
}

Test(graft, the_inner_definition)
{
    static const char *const want[] = { "Event System EventID 2EventData Data secondData 8",
                                        "Event System EventID 3EventData Data thirdData " };
    evx_wevt_template t;
    uint32_t id, values;

    begin(2);
    cr_assert_str_eq(words(&one_chunk, &one_record),
                     "Event System EventID 1EventData Data firstData 7");
    begin(1);
    t = provider(DATA, 2);
    for (unsigned i = 1; i < 3; i++) {
        evx_record r;
        cr_assert(kit_record(&one_chunk, i, &r) == EVX_OK);
        cr_assert(evx_record_proves(&walk, &one_chunk, &r) == EVX_E_TEMPLATE);
        cr_assert(evx_graft_begin(&g, sizeof g, copy, &one_chunk, &r) == EVX_OK);
        cr_assert(evx_graft_next(&g, &id, &values) == EVX_OK && values == 2);
        cr_assert(id == (t.guid[0] | (uint32_t)t.guid[1] << 8 | (uint32_t)t.guid[2] << 16
                         | (uint32_t)t.guid[3] << 24));
        cr_assert(evx_graft_next(&g, &id, &values) == EVX_OK, "it stays lost until it is put");
        cr_assert(evx_graft_put(&g, &t) == EVX_OK);
        cr_assert(evx_graft_put(&g, &t) == EVX_E_ARG, "nothing is lost now");
        cr_assert(evx_graft_next(&g, &id, &values) == EVX_END);
        cr_assert(evx_record_proves(&walk, &g.chunk, &g.record) == EVX_OK);
        cr_assert_str_eq(words(&g.chunk, &g.record), want[i - 1]);
    }
}

/* The outer one too, if somebody has it; a sound record needs nothing. */
Test(graft, the_outer_definition)
{
    evx_wevt_template t, other;
    evx_record r;
    uint32_t id, values;

    begin(0);
    cr_assert(kit_record(&one_chunk, 1, &r) == EVX_OK);
    cr_assert(evx_graft_begin(&g, sizeof g, copy, &one_chunk, &r) == EVX_OK);
    cr_assert(evx_graft_next(&g, &id, &values) == EVX_OK && values == 2);
    other = provider(DATA, 2);
    cr_assert(evx_graft_put(&g, &other) == EVX_E_ARG, "another template");
    t = provider(OUTER, 2);
    cr_assert(evx_graft_put(&g, &t) == EVX_OK && evx_graft_next(&g, &id, &values) == EVX_END);
    cr_assert_str_eq(words(&g.chunk, &g.record),
                     "Event System EventID 2EventData Data secondData 8");
    begin(2);
    cr_assert(evx_graft_begin(&g, sizeof g, copy, &one_chunk, &one_record) == EVX_OK);
    cr_assert(evx_graft_next(&g, &id, &values) == EVX_END);
    cr_assert_str_eq(words(&g.chunk, &g.record),
                     "Event System EventID 1EventData Data firstData 7");
}

/* A chunk of records with strings of this length; the last one, and its number. */
static uint32_t fill(uint32_t units, evx_record *r)
{
    static char many[60000];
    size_t n = (size_t)snprintf(many, sizeof many, "%s",
                                "template o = " OUTER "\ntemplate i = " DATA "\n");
    uint32_t last = 0;

    for (unsigned i = 0; i < 24; i++) {
        n += (size_t)snprintf(many + n, sizeof many - n, "record o u16=9 xml(i str=\"");
        memset(many + n, 'x', units);
        n += units;
        n += (size_t)snprintf(many + n, sizeof many - n, "\" null)\n");
    }
    one(many);
    while (kit_record(&one_chunk, last + 1, r) == EVX_OK)
        last++;
    cr_assert(kit_record(&one_chunk, last, r) == EVX_OK);
    return last;
}

/* A chunk that is full up to its end: where other records brought only values there is room. */
Test(graft, a_full_chunk)
{
    evx_wevt_template t;
    uint32_t id, values, units = 1500, last = 0;
    evx_record r;

    begin(2);
    do
        last = fill(units--, &r);
    while (EVX_CHUNK_SIZE - r.off - r.size >= 120);
    one_bytes()[mk_def_at(&one_spec.file, 1) + 4] ^= 0xff;
    one_again();
    cr_assert(last > 10 && kit_record(&one_chunk, last, &r) == EVX_OK);
    t = provider(DATA, 2);
    cr_assert(evx_graft_begin(&g, sizeof g, copy, &one_chunk, &r) == EVX_OK);
    cr_assert(evx_graft_next(&g, &id, &values) == EVX_OK);
    cr_assert(evx_graft_put(&g, &t) == EVX_OK);
    cr_assert(evx_graft_next(&g, &id, &values) == EVX_END);
    cr_assert(evx_record_proves(&walk, &g.chunk, &g.record) == EVX_OK);
    cr_assert(g.room > 512 && g.room < r.off && t.body.len > 120, "%u %u %zu", g.room, r.off,
              t.body.len);
    cr_assert(strstr(words(&g.chunk, &g.record), "EventID 9EventData Data x"));
    cr_assert(kit_record(&one_chunk, 0, &r) == EVX_OK);
    cr_assert(evx_graft_begin(&g, sizeof g, copy, &one_chunk, &r) == EVX_OK);
}

Test(graft, refusals)
{
    evx_record far = { 0 };

    begin(1);
    cr_expect(evx_graft_begin(&g, sizeof g - 1, copy, &one_chunk, &one_record) == EVX_E_ABI);
    far.off = EVX_CHUNK_SIZE - 8;
    far.size = 64;
    cr_expect(evx_graft_begin(&g, sizeof g, copy, &one_chunk, &far) == EVX_E_ARG);
    one("plain <Event/>");
    cr_expect(evx_graft_begin(&g, sizeof g, copy, &one_chunk, &one_record) == EVX_E_TEMPLATE);
}
