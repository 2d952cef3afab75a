/* tests/text/test_budget.c - small records that ask for much: bounded text, the right code */
#include "../golden/one.h"

static evx_text t;
static evx_text_config config;
static uint64_t work[(EVX_TEXT_WORK + 7) / 8];

static void setup(uint32_t format, const evx_limits *limits)
{
    memset(&config, 0, sizeof config);
    config.format = format;
    config.work = (uint8_t *)work;
    config.work_len = sizeof work;
    if (limits)
        config.limits = *limits;
    cr_assert(evx_text_init(&t, sizeof t, &config) == EVX_OK);
}

static evx_status render(size_t n, evx_out *o)
{
    cr_assert(kit_record(&one_chunk, n, &one_record) == EVX_OK);
    return evx_text_record(&t, &one_chunk, &one_record, o);
}

static char log_text[200000];

enum { BUDGET = 1 };                 /* any of the budgets, but not the caller's memory */

static void check_bounded(const char *what, evx_status want)
{
    for (uint32_t format = EVX_XML; format <= EVX_JSON; format++) {
        evx_out o;
        evx_status st;
        setup(format, NULL);
        evx_out_init(&o, NULL, 0, NULL, NULL);
        st = render(0, &o);
        cr_assert(st == want || (want == BUDGET && (st == EVX_E_TEXT_MAX || st == EVX_E_FUEL)),
                  "%s, format %u: %d (%s)", what, format, st, evx_status_text(st));
        cr_assert(o.total <= 4 << 20, "%s: %u", what, (unsigned)o.total);
        cr_assert(st == EVX_OK || o.total == 0);
        evx_out_init(&o, NULL, 0, NULL, NULL);
        cr_assert(render(1, &o) == EVX_OK && t.damage == 0, "%s: the record behind it", what);
    }
}

/* A long value, referred to by many holes: text grows with the product. */
Test(budget, quad)
{
    size_t at = (size_t)sprintf(log_text, "template t = <E>");

    for (int i = 0; i < 5000; i++)
        at += (size_t)sprintf(log_text + at, "{0:str}");
    at += (size_t)sprintf(log_text + at, "</E>\nrecord t str=\"");
    for (int i = 0; i < 15000; i++)
        log_text[at++] = 'x';
    sprintf(log_text + at, "\"\nplain <Next/>");
    one(log_text);
    check_bounded("quad", BUDGET);
}

static evx_status drop(void *user, const uint8_t *data, size_t len)
{
    (void)user;
    (void)data;
    (void)len;
    return EVX_OK;
}

/* How much of a text was written when a limit ended it depends on the buffer; what it is charged
 * does not, or what is left of a chunk would depend on it too. */
Test(budget, charged_alike_with_any_buffer)
{
    static uint8_t buffer[1 << 20];
    static const size_t caps[] = { 0, 64, 700, 4096, sizeof buffer };
    const evx_limits limits = { .record_text = 3000 };

    sprintf(log_text, "template t = <E><A>{0:str}</A><B b='{0:str}'>{0:str}</B></E>\n"
            "record t str=\"%0900d\xc3\xa4%0900d\"\nrecord t str=\"%01200d\"\n", 1, 2, 3);
    one(log_text);
    for (uint32_t format = EVX_XML; format <= EVX_JSON; format++) {
        uint64_t vain = 0;
        for (size_t i = 0; i < sizeof caps / sizeof caps[0]; i++) {
            evx_out o;
            setup(format, &limits);
            for (size_t n = 0; n < 2; n++) {
                evx_out_init(&o, caps[i] ? buffer : NULL, caps[i], caps[i] ? drop : NULL, NULL);
                cr_assert(render(n, &o) == EVX_E_TEXT_MAX && o.total == 0);
            }
            vain = i == 0 ? t.chunk_vain : vain;
            cr_assert_eq(t.chunk_vain, vain);
        }
        cr_assert_eq(vain, 2 * 3001);
    }
}

/* A long name on many elements. */
Test(budget, long_names)
{
    size_t at = (size_t)sprintf(log_text, "plain <E>");

    for (int i = 0; i < 2500; i++) {
        at += (size_t)sprintf(log_text + at, "<");
        memset(log_text + at, 'n', 1000);
        at = i == 0 ? at + 1000 : at;
        if (i > 0) {
            at += (size_t)sprintf(log_text + at, "e/>");
            continue;
        }
        at += (size_t)sprintf(log_text + at, "/>");
    }
    sprintf(log_text + at, "</E>\nplain <Next/>");
    one(log_text);
    {                                /* all of them get the first one's name */
        uint32_t name = mk_name_at(&one_spec.file, "e"), first = 0;
        for (uint32_t i = 536; i < one_record.size && !first; i++)
            if (one_bytes()[i] == 'n' && one_bytes()[i + 2] == 'n')
                first = i - 8;
        for (uint32_t i = 536; i < one_record.off + one_record.size - 4; i++)
            if (one_load(i) == name && i + 4 != name)
                one_store(i, first, 4);
    }
    check_bounded("names", BUDGET);
}

Test(budget, bomb)
{
    size_t at = (size_t)sprintf(log_text, "template t = <E>");

    for (int i = 0; i < 60; i++)
        at += (size_t)sprintf(log_text + at, "{0:xml?}");
    at += (size_t)sprintf(log_text + at, "</E>\nrecord t");
    for (int i = 0; i < 10; i++)
        at += (size_t)sprintf(log_text + at, " xml(bare t");
    sprintf(log_text + at, " null))))))))))\nplain <Next/>");
    one(log_text);
    check_bounded("bomb", EVX_E_FUEL);
}

Test(budget, deep)
{
    size_t at = (size_t)sprintf(log_text, "plain ");

    for (int i = 0; i < 3000; i++)
        at += (size_t)sprintf(log_text + at, "<e>");
    for (int i = 0; i < 3000; i++)
        at += (size_t)sprintf(log_text + at, "</e>");
    sprintf(log_text + at, "\nplain <Next/>");
    one(log_text);
    check_bounded("deep", EVX_E_OPEN);
}

/* As many attributes as a record holds, all of one name, or each of its own. */
Test(budget, attributes)
{
    size_t at;

    for (int own = 0; own < 2; own++) {
        at = (size_t)sprintf(log_text, "plain <E");
        for (int i = 0; i < (own ? 1500 : 4500); i++)
            at += (size_t)sprintf(log_text + at, own ? " a%d='x'" : " a='x'", i);
        sprintf(log_text + at, "/>\nplain <Next/>");
        one(log_text);
        check_bounded("attributes", EVX_OK);
    }
}

Test(budget, small_strings)
{
    size_t at = (size_t)sprintf(log_text, "template t = <E><D>{0:str[]}</D></E>\nrecord t 0x81=");

    for (int i = 0; i < 15000; i++)
        at += (size_t)sprintf(log_text + at, "41000000");
    sprintf(log_text + at, "\nplain <Next/>");
    one(log_text);
    check_bounded("30,000 units", EVX_OK);
}

/* Every character an escape: six bytes for two. */
Test(budget, escapes)
{
    size_t at = (size_t)sprintf(log_text, "template t = <E>{0:str}</E>\nrecord t 0x01=");

    for (int i = 0; i < 30000; i++)
        at += (size_t)sprintf(log_text + at, "0100");
    sprintf(log_text + at, "\nplain <Next/>");
    one(log_text);
    check_bounded("escapes", EVX_OK);
}

Test(budget, large_sid)
{
    size_t at = (size_t)sprintf(log_text, "template t = <E>{0:sid}</E>\nrecord t sid=S-1-5");

    for (int i = 0; i < 255; i++)
        at += (size_t)sprintf(log_text + at, "-4294967295");
    sprintf(log_text + at, "\nplain <Next/>");
    one(log_text);
    check_bounded("SID", EVX_OK);
}

/* Arrays by arrays: every element of many repeats for each of many items. */
Test(budget, arrays_of_arrays)
{
    size_t at = (size_t)sprintf(log_text, "template t = <E>");

    for (int i = 0; i < 1500; i++)
        at += (size_t)sprintf(log_text + at, "<D a='{0:u8[]}'>{0:u8[]}</D>");
    at += (size_t)sprintf(log_text + at, "</E>\nrecord t 0x84=");
    for (int i = 0; i < 8000; i++)
        at += (size_t)sprintf(log_text + at, "07");
    sprintf(log_text + at, "\nplain <Next/>");
    one(log_text);
    check_bounded("arrays", BUDGET);
}

/* A dear record never takes all: what it leaves, the next one has; with a larger limit for text,
 * there is more for work as well. */
Test(budget, work_is_shared)
{
    size_t at = (size_t)sprintf(log_text, "template t = <E>");
    evx_limits limits = { 0 };
    evx_status st;
    evx_out o;

    for (int i = 0; i < 1400; i++)
        at += (size_t)sprintf(log_text + at, "<D a='{0:u8[]}'>{0:u8[]}</D>");
    at += (size_t)sprintf(log_text + at, "</E>\n");
    for (int r = 0; r < 4; r++) {
        at += (size_t)sprintf(log_text + at, "record t 0x84=");
        for (int i = 0; i < 500; i++)
            at += (size_t)sprintf(log_text + at, "07");
        at += (size_t)sprintf(log_text + at, "\n");
    }
    sprintf(log_text + at, "plain <Next/>");
    one(log_text);
    setup(EVX_XML, NULL);
    for (size_t i = 0; i < 5; i++) {
        evx_out_init(&o, NULL, 0, NULL, NULL);
        st = render(i, &o);
        cr_assert(st == (i < 4 ? EVX_E_FUEL : EVX_OK), "%zu: %d", i, st);
    }
    limits.chunk_text = 1u << 30;
    limits.record_text = 1u << 29;
    setup(EVX_XML, &limits);
    evx_out_init(&o, NULL, 0, NULL, NULL);
    cr_assert(render(0, &o) == EVX_OK && o.total > 4 << 20);
}

/* Limits of the walk come through, each with its code. */
Test(budget, limits_of_the_walk)
{
    evx_limits limits = { 0 };
    evx_out o;

    one("template t = <Event><A>{0:xml}</A></Event>\nrecord t xml(t xml(t null))\nplain <Next/>");
    evx_out_init(&o, NULL, 0, NULL, NULL);
    limits.instance_depth = 2;
    setup(EVX_XML, &limits);
    cr_assert(render(0, &o) == EVX_E_DEPTH && render(1, &o) == EVX_OK);
    limits.instance_depth = 0;
    limits.open_elements = 5;
    setup(EVX_XML, &limits);
    cr_assert(render(0, &o) == EVX_E_OPEN && render(1, &o) == EVX_OK);
    limits.open_elements = 0;
    limits.name_units = 4;
    setup(EVX_XML, &limits);
    cr_assert(render(0, &o) == EVX_E_NAME && render(1, &o) == EVX_OK);
}
