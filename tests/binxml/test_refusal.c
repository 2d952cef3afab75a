/* tests/binxml/test_refusal.c - each damage with its exact code and place; what is saved of it */
#include "nesting.h"

typedef struct refusal {
    const char *what, *log;
    evx_status status;
    uint32_t off;                    /* from the record's stream */
} refusal;

static const refusal refusals[] = {
    { "unknown token", "raw 10 00", EVX_E_TOKEN, 0 },
    { "the 0x80 bit", "raw 81 00", EVX_E_TOKEN, 0 },
    { "0x40 where it means nothing", "raw 4f 010100 00", EVX_E_TOKEN, 0 },
    { "text around the root", "raw 0f010100 05010000 00", EVX_E_TOKEN, 4 },
    { "an end tag around the root", "raw 0f010100 04 00", EVX_E_TOKEN, 4 },
    { "a start's end around the root", "raw 02", EVX_E_TOKEN, 0 },
    { "an attribute around the root", "raw 06 00020000 00", EVX_E_TOKEN, 0 },
    { "a header in content", "plain <E>{raw:0f010100}</E>", EVX_E_TOKEN, -1u },
    { "an element in a start tag", "plain <E x='{raw:01}'/>", EVX_E_TOKEN, -1u },
    { "an instance in a start tag", "plain <E x='{raw:0c}'/>", EVX_E_TOKEN, -1u },
    { "an end tag in a start tag", "plain <E x='{raw:04}'/>", EVX_E_TOKEN, -1u },
    { "a substitution without a template", "plain <E>{0:u8}</E>", EVX_E_TOKEN, -1u },
    { "an instance in a definition", "template t = <E>{raw:0c}</E>\nrecord t", EVX_E_TOKEN, -1u },
    { "a literal that is no string", "plain <E>{raw:05080000}</E>", EVX_E_VALUE, -1u },
    { "a literal nested stream", "plain <E>{raw:05210000}</E>", EVX_E_VALUE, -1u },
    { "a text longer than the record", "plain <E>{raw:0501ff7f}</E>", EVX_E_OFFSET, -1u },
    { "a name below the records", "raw 01 00000000 ff010000 03 00", EVX_E_OFFSET, 0 },
    { "a name behind the chunk", "raw 01 00000000 00000100 03 00", EVX_E_OFFSET, 0 },
    { "an inner name behind the chunk", "plain <E>{raw:0100000000f9ff000003}</E>",
      EVX_E_OFFSET, -1u },
    { "an entity's name behind the chunk", "plain <E>{raw:09ffffffff}</E>", EVX_E_OFFSET, -1u },
    { "an instruction's name", "raw 0a ffffff7f 00", EVX_E_OFFSET, 0 },
    { "the stream ends in an element", "plain <E>{raw:00}</E>", EVX_E_BALANCE, -1u },
    { "the stream ends in a start tag", "plain <E x='{raw:00}'/>", EVX_E_BALANCE, -1u },
    { "a template that is not there", "record def=0x8000 lieid=1 x\n", EVX_E_TEMPLATE, 4 },
    { "an instance cut short", "raw 0f010100 0c 01 00", EVX_E_OFFSET, 4 },
};

/* The token that fails is the one the bytes of {raw:..} begin with. */
static uint32_t raw_at(const char *log)
{
    const char *raw = strstr(log, "{raw:");
    uint8_t want[2];
    unsigned v[2];

    if (!raw) {                      /* {0:u8} is 0d 0000 04 */
        for (uint32_t at = 536; at < 65000; at++)
            if (!memcmp(one_bytes() + at, "\x0d\0\0\4", 4))
                return at;
        return 0;
    }
    if (sscanf(raw + 5, "%2x%2x", &v[0], &v[1]) != 2)
        v[1] = 0x100;
    want[0] = (uint8_t)v[0];
    want[1] = (uint8_t)v[1];
    for (uint32_t at = one_record.off + one_record.size - 5; at > 536; at--)
        if (one_bytes()[at] == want[0] && (v[1] > 255 || one_bytes()[at + 1] == want[1]))
            return at;
    return 0;
}

Test(refusal, table)
{
    evx_status first;
    char log[512];

    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        const refusal *r = &refusals[i];
        snprintf(log, sizeof log, "%s%s\nplain <Next/>", r->status == EVX_E_TEMPLATE
                 ? "template x = <E/>\n" : "", r->log);
        one(log);
        init(NULL);
        (void)check_nesting(&one_chunk, &one_record, &first);
        cr_assert(first == r->status, "%s: %d (%s)", r->what, first, evx_status_text(first));
        if (r->off != -1u)
            cr_assert(walk.failed_off == 536 + r->off, "%s: at %u", r->what, walk.failed_off);
        else if (strcmp(r->what, "the stream ends in an element") != 0
                 && strcmp(r->what, "the stream ends in a start tag") != 0
                 && strstr(r->what, "in a start tag") == NULL)
            cr_assert(walk.failed_off == raw_at(r->log), "%s: at %x, not %x", r->what,
                      walk.failed_off, raw_at(r->log));
        cr_assert(kit_record(&one_chunk, 1, &one_record) == EVX_OK);
        (void)check_nesting(&one_chunk, &one_record, &first);
        cr_assert(first == EVX_OK, "%s: the record behind it", r->what);
    }
}

/* ---- salvage --------------------------------------------------------------------------------- */

Test(refusal, salvage_without_an_error)
{
    evx_token t;

    one("plain <E/>");
    init(NULL);
    (void)evx_walk_begin(&walk, &one_chunk, &one_record);
    cr_assert(evx_walk_salvage(&walk) == EVX_E_ARG);
    while (evx_walk_next(&walk, &t) == EVX_OK)
        ;
    cr_assert(evx_walk_salvage(&walk) < 0);
}

Test(refusal, salvage_of_nothing)
{
    evx_token t;

    one("raw 90 00");
    init(NULL);
    (void)evx_walk_begin(&walk, &one_chunk, &one_record);
    cr_assert(evx_walk_next(&walk, &t) == EVX_E_TOKEN);
    cr_assert(evx_walk_salvage(&walk) == EVX_E_TOKEN);
}

/* Errors in several streams: each costs its own, the first one is kept. */
Test(refusal, salvage_twice)
{
    static char text[1 << 16];
    token_text o = { text, sizeof text, 0 };

    one("template o = <E>{0:xml}{1:xml}<Z/></E>\n"
        "record o xml(plain <A>{raw:90}</A>) xml(plain <B>{raw:0900000000}</B>)");
    init(NULL);
    tokens_of(&walk, &one_chunk, &one_record, &o);
    cr_assert(walk.failed == EVX_E_TOKEN);
    cr_assert(strstr(text, "close A salvaged") && strstr(text, "close B salvaged"));
    cr_assert(strstr(text, "close Z bare") && strstr(text, "close E\n"));
}
