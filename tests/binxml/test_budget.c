/* tests/binxml/test_budget.c - each limit of the walk: default, code, the record behind it */
#include "../golden/one.h"

static evx_walk walk;
static evx_slot slots[EVX_SLOTS_WORST];
static size_t tokens;

/* The first error of a record, or EVX_END. */
static evx_status outcome(size_t n, const evx_limits *limits, uint32_t count)
{
    evx_token t;
    evx_status st;

    cr_assert(evx_walk_init(&walk, sizeof walk, slots, count, limits) == EVX_OK);
    cr_assert(kit_record(&one_chunk, n, &one_record) == EVX_OK);
    st = evx_walk_begin(&walk, &one_chunk, &one_record);
    for (tokens = 0; st == EVX_OK; tokens++)
        st = evx_walk_next(&walk, &t);
    if (st < 0) {
        cr_assert(evx_walk_salvage(&walk) == st, "a limit is not salvaged");
        cr_assert(evx_walk_next(&walk, &t) == st);
    }
    return st;
}

/* The second record of the chunk is sound: it reads in the same context. */
static void next_reads(void)
{
    evx_token t;
    evx_record r;
    evx_status st;

    cr_assert(kit_record(&one_chunk, 1, &r) == EVX_OK);
    st = evx_walk_begin(&walk, &one_chunk, &r);
    while (st == EVX_OK)
        st = evx_walk_next(&walk, &t);
    cr_assert(st == EVX_END, "%d", st);
}

static char log_text[1 << 17];

/* Instances in one another, n of them, by values that hold the next one. */
static void nest(unsigned n)
{
    size_t at = (size_t)sprintf(log_text, "template t = <E>{0:xml?}</E>\nrecord t");

    for (unsigned i = 1; i < n; i++)
        at += (size_t)sprintf(log_text + at, " xml(t");
    at += (size_t)sprintf(log_text + at, " null");
    for (unsigned i = 1; i < n; i++)
        at += (size_t)sprintf(log_text + at, ")");
    sprintf(log_text + at, "\nplain <Next/>");
    one(log_text);
}

Test(budget, instance_depth)
{
    evx_limits limits = { 0 };

    for (unsigned n = 1; n <= 20; n++) {
        nest(n);
        cr_assert(outcome(0, NULL, EVX_SLOTS_WORST) == (n <= 16 ? EVX_END : EVX_E_DEPTH), "%u", n);
        next_reads();
        limits.instance_depth = 99;                  /* more than 16 is 16 */
        cr_assert(outcome(0, &limits, EVX_SLOTS_WORST) == (n <= 16 ? EVX_END : EVX_E_DEPTH));
        for (limits.instance_depth = 1; limits.instance_depth < 17; limits.instance_depth++)
            cr_assert(outcome(0, &limits, EVX_SLOTS_WORST)
                      == (n <= limits.instance_depth ? EVX_END : EVX_E_DEPTH));
    }
}

static void elements(unsigned n, const char *before, const char *after)
{
    size_t at = (size_t)sprintf(log_text, "plain %s", before);

    for (unsigned i = 0; i < n; i++)
        at += (size_t)sprintf(log_text + at, "<e>");
    for (unsigned i = 0; i < n; i++)
        at += (size_t)sprintf(log_text + at, "</e>");
    sprintf(log_text + at, "%s\nplain <Next/>", after);
    one(log_text);
}

Test(budget, open_elements)
{
    evx_limits limits = { 0 };

    for (unsigned n = 1; n < 300; n += n < 250 ? 31 : 1) {
        elements(n, "", "");
        cr_assert(outcome(0, NULL, 0) == (n <= 256 ? EVX_END : EVX_E_OPEN), "%u", n);
        next_reads();
        limits.open_elements = 1000;
        cr_assert(outcome(0, &limits, 0) == (n <= 256 ? EVX_END : EVX_E_OPEN));
        limits.open_elements = n;
        cr_assert(outcome(0, &limits, 0) == (n <= 256 ? EVX_END : EVX_E_OPEN));
        limits.open_elements = n - 1;
        cr_assert(n == 1 || outcome(0, &limits, 0) == EVX_E_OPEN);
    }
    elements(4000, "", "");                          /* as deep as a record is long */
    cr_assert(outcome(0, NULL, 0) == EVX_E_OPEN && tokens < 600);
    next_reads();
}

Test(budget, name_units)
{
    static const unsigned lengths[] = { 1, 46, 1023, 1024, 1025, 2000, 20000 };
    evx_limits limits = { 0 };

    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        unsigned n = lengths[i];
        memcpy(log_text, "plain <", 7);
        memset(log_text + 7, 'n', n);
        sprintf(log_text + 7 + n, "/>\nplain <Next/>");
        one(log_text);
        cr_assert(outcome(0, NULL, 0) == (n <= 1024 ? EVX_END : EVX_E_NAME), "%u", n);
        next_reads();
        limits.name_units = n;
        cr_assert(outcome(0, &limits, 0) == EVX_END);
        limits.name_units = n - 1;
        cr_assert(n == 1 || outcome(0, &limits, 0) == EVX_E_NAME);
    }
}

/* The caller's slots: a record that needs more is refused, and no slot behind them is touched. */
Test(budget, slots)
{
    size_t at = (size_t)sprintf(log_text, "template t = <E>{0:u8}</E>\nrecord t");

    for (unsigned i = 0; i < 200; i++)
        at += (size_t)sprintf(log_text + at, " u8=1");
    sprintf(log_text + at, "\nrecord t u8=1");
    one(log_text);
    for (uint32_t count = 1; count <= 200; count++) {
        slots[count].type = 0xee;
        cr_assert(outcome(0, NULL, count) == (count < 200 ? EVX_E_SPACE : EVX_END));
        cr_assert(slots[count].type == 0xee);
        next_reads();
    }
}

/* Values that hold an instance, referred to k times by each of d levels: k to the d. */
static void bomb(unsigned k, unsigned d)
{
    size_t at = (size_t)sprintf(log_text, "template t = <E>");

    for (unsigned i = 0; i < k; i++)
        at += (size_t)sprintf(log_text + at, "{0:xml?}");
    at += (size_t)sprintf(log_text + at, "</E>\nrecord t");
    for (unsigned i = 1; i < d; i++)
        at += (size_t)sprintf(log_text + at, " xml(bare t");
    at += (size_t)sprintf(log_text + at, " null");
    for (unsigned i = 1; i < d; i++)
        at += (size_t)sprintf(log_text + at, ")");
    sprintf(log_text + at, "\nplain <Next/>");
    one(log_text);
}

Test(budget, steps_per_byte)
{
    static const struct { unsigned k, d; } bombs[] = { { 2, 16 }, { 10, 10 }, { 1000, 3 },
                                                       { 4000, 2 }, { 90, 4 } };
    evx_limits limits = { 0 };

    for (size_t i = 0; i < sizeof bombs / sizeof bombs[0]; i++) {
        bomb(bombs[i].k, bombs[i].d);
        cr_assert(outcome(0, NULL, EVX_SLOTS_WORST)
                  == (bombs[i].d == 2 ? EVX_END : EVX_E_FUEL) || bombs[i].d == 2, "bomb %zu", i);
        cr_assert(tokens <= 4 * one_record.size + 4096 + 1, "bomb %zu: %zu tokens", i, tokens);
        next_reads();
        for (limits.steps_per_byte = 1; limits.steps_per_byte < 64; limits.steps_per_byte *= 3) {
            (void)outcome(0, &limits, EVX_SLOTS_WORST);
            cr_assert(tokens <= limits.steps_per_byte * one_record.size + 4096 + 1);
        }
    }
}

/* Descriptors burn fuel as well: many of them, read again for each of many references. */
Test(budget, descriptors_burn)
{
    size_t at = (size_t)sprintf(log_text, "template i = <I/>\ntemplate o = <O>");

    for (unsigned i = 0; i < 3000; i++)
        at += (size_t)sprintf(log_text + at, "{0:xml}");
    at += (size_t)sprintf(log_text + at, "</O>\nrecord o xml(bare i");
    for (unsigned i = 0; i < 250; i++)
        at += (size_t)sprintf(log_text + at, " null");
    sprintf(log_text + at, ")\nplain <Next/>");
    one(log_text);
    cr_assert(outcome(0, NULL, EVX_SLOTS_WORST) == EVX_E_FUEL);
    cr_assert(tokens < (4 * one_record.size + 4096) / 250 * 6 + 100, "%zu tokens", tokens);
    next_reads();
}

/* All tokens of the first record, salvaged where that is possible; the first error. */
static evx_status read_all(void)
{
    evx_token t;
    evx_status st, first = EVX_OK;

    cr_assert(evx_walk_init(&walk, sizeof walk, slots, 64, NULL) == EVX_OK);
    st = evx_walk_begin(&walk, &one_chunk, &one_record);
    for (tokens = 0; st == EVX_OK; tokens++) {
        st = evx_walk_next(&walk, &t);
        first = first == EVX_OK && st < 0 ? st : first;
        if (st < 0)
            st = evx_walk_salvage(&walk);
    }
    return first;
}

/* A definition that contains an instance of itself is no definition. */
Test(budget, self_reference)
{
    one("template t = <E>{raw:0c01}</E>\nrecord t\nplain <Next/>");
    cr_assert(read_all() == EVX_E_TOKEN && tokens < 10);
    next_reads();
}

/* A value that is the record's own stream: the instance in it refers to the value again. */
Test(budget, a_value_that_contains_itself)
{
    uint32_t at;

    one("template t = <E>{0:xml}</E>\nrecord t 0x21=000000000000000000000000000000\nplain <Next/>");
    for (at = 0x226; one_load(at) != 0x0021000f; at++)       /* its descriptor: 15 bytes, 0x21 */
        ;
    one_bytes()[at + 4] = 0x0c;                              /* another instance, whose values */
    one_bytes()[at + 5] = 1;                                 /* lie behind it: count 0          */
    one_store(at + 6, one_load(0x226 + 4), 4);
    one_store(at + 10, 0x226, 4);
    (void)read_all();
    cr_assert(tokens > 4 && tokens < 100);
    next_reads();
}

/* An element's name that stands in its own token: names have no recursion. */
Test(budget, names_in_names)
{
    one("plain <E><A @name='0x218'/><A @name='0x219'/></E>\nplain <Next/>");
    (void)read_all();
    cr_assert(tokens < 50);
    next_reads();
}
