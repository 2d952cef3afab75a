/* tests/select/test_provider.c - records by their templates: which ones need no second look */
#include "../golden/one.h"

static evx_reader reader;
static uint64_t memory[EVX_READER_MEMORY / 8 + 1];

/* A record of provider One: a string, an id, a time, and a number, so that there are enough values
 * for one record to be told by another. */
static const char template[] =
    "template a = <Event><System><Provider Name='One'/><EventRecordID>{1:u64}</EventRecordID>"
    "<TimeCreated SystemTime='{2:time}'/><Task>{3:u16}</Task></System><D>{0:str}</D></Event>\n"
    "template b = <Event><System><Provider Name='{0:str}'/><EventRecordID>{1:u64}</EventRecordID>"
    "<TimeCreated SystemTime='{2:time}'/><Task>{3:u16}</Task></System></Event>\n"
    "template c = <Event><System><Provider Name='tWO'/><EventRecordID>{1:u64}</EventRecordID>"
    "<TimeCreated SystemTime='{2:time}'/><Task>{3:u16}</Task></System></Event>\n"
    "template d = <Event><System><Provider Name='TwoTwo'/><EventRecordID>{1:u64}</EventRecordID>"
    "<TimeCreated SystemTime='{2:time}'/><Task>{3:u16}</Task></System></Event>\n"
    "template e = <Event><System><Provider Name='One'/></System></Event>\n";

/* The time is that of all record headers of such logs. */
#define OWN_APP(i) " u64=" #i " time=2021-02-03T04:05:06Z str=\"App\"\n"
#define OWN_MORE(i) " u64=" #i " time=2021-02-03T04:05:06Z str=\"App\" str=\"data\"\n"
#define OWN(i) " u64=" #i " time=2021-02-03T04:05:06Z u16=7\n"

/* Which of the first records of a chunk are passed over once all templates are known: '.' if it is,
 * behind '/' in another run, '!' if it is returned. */
static void mark(const evx_chunk *c, const evx_kernels *k, char *marks, size_t cap)
{
    evx_filter q = { .provider = "Two" };
    static evx_fields f;
    evx_records it;
    evx_passed passed;
    evx_record r;
    evx_ledger l;
    size_t n = 0;

    cr_assert(evx_reader_init(&reader, sizeof reader, (uint8_t *)memory, sizeof memory, NULL)
              == EVX_OK);
    evx_records_begin(&it, c);
    while (evx_records_next(&it, &r) != EVX_END)
        (void)evx_fields_system(&reader, c, &r, &f);
    evx_ledger_begin(&l, NULL, 0);
    evx_records_begin(&it, c);
    memset(marks, 0, cap);
    for (evx_status st = EVX_OK; st != EVX_END;) {
        uint64_t before = l.records;
        evx_filter_pass(&q, k, &reader, &it, &l, &passed);
        cr_assert(passed.count == l.records - before);
        for (uint32_t i = 0; i < passed.count && n + 1 < cap; i++)
            marks[n++] = '.';
        if (passed.count > 0 && it.pos < it.end) {
            evx_records ahead = it;
            evx_ledger books = l;
            evx_filter_pass(&q, k, &reader, &ahead, &books, &passed);
            if (passed.count > 0 && n + 1 < cap) {
                marks[n++] = '/';    /* another run                                           */
                continue;
            }
        }
        st = evx_records_next(&it, &r);
        if (st == EVX_OK && n + 1 < cap)
            marks[n++] = '!';
        if (st == EVX_OK)
            evx_ledger_read(&l, c, &r, 0, false);
    }
}

/* All kernels say the same. */
static const char *passed_of(const evx_chunk *c)
{
    static char marks[16];
    char other[sizeof marks];
    const evx_kernels *k;

    mark(c, NULL, marks, sizeof marks);
    for (size_t i = 0; (k = evx_kernels_at(i)) != NULL; i++) {
        mark(c, k, other, sizeof other);
        cr_assert_str_eq(other, marks);
    }
    return marks;
}

static void expect(const char *log, const char *marks)
{
    char all[2048];

    snprintf(all, sizeof all, "%s%s", template, log);
    one(all);
    cr_expect_str_eq(passed_of(&one_chunk), marks, "%s", log);
}

/* Was the n-th record passed over? */
static bool was_passed(const char *marks, uint64_t n)
{
    for (; *marks; marks++)
        if (*marks != '/' && --n == 0)
            return *marks == '.';
    return false;
}

Test(provider, by_template_and_by_value)
{
    expect("record a str=\"x\"" OWN(1) "record a str=\"y\"" OWN(2) "record a str=\"z\"" OWN(3),
           "...");
    expect("record d str=\"x\"" OWN(1) "record c str=\"x\"" OWN(2) "record d str=\"x\"" OWN(3),
           ".!.");
    expect("record b str=\"One\"" OWN(1) "record b str=\"Two\"" OWN(2) "record b str=\"two\""
           OWN(3) "record b str=\"Twos\"" OWN(4), ".!!.");
}

/* Of one run, all name one computer and channel, in a value or in the template. */
Test(provider, computers_and_channels)
{
    static const char more[] =
        "template x = <Event><System><Provider Name='One'/><EventRecordID>{1:u64}</EventRecordID>"
        "<TimeCreated SystemTime='{2:time}'/><Channel>{3:str}</Channel><Computer>{0:str}"
        "</Computer></System></Event>\n"
        "template y = <Event><System><Provider Name='One'/><EventRecordID>{0:u64}</EventRecordID>"
        "<TimeCreated SystemTime='{1:time}'/><Channel>App</Channel><Computer>A</Computer></System>"
        "</Event>\n";
    static const struct { const char *log, *marks; } cases[] = {
        { "record x str=\"A\"" OWN_APP(1) "record x str=\"A\"" OWN_APP(2) "record x str=\"A\""
          OWN_APP(3), "..." },
        { "record x str=\"A\"" OWN_APP(1) "record x str=\"B\"" OWN_APP(2) "record x str=\"B\""
          OWN_APP(3), "./.." },
        { "record x str=\"A\"" OWN_APP(1) "record y" OWN(2) "record x str=\"A\"" OWN_APP(3),
          "..." },
        { "record x str=\"B\"" OWN_APP(1) "record y" OWN(2) "record y" OWN(3), "./.." },
        { "record y" OWN(1) "record x str=\"A\" u64=2 time=2021-02-03T04:05:06Z str=\"Sec\"\n"
          "record y" OWN(3), "././." },
        { "record y" OWN(1) "record x str=\"\"" OWN_APP(2) "record y" OWN(3), ".!." }
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char log[2048];
        snprintf(log, sizeof log, "%s%s", more, cases[i].log);
        expect(log, cases[i].marks);
    }
}

/* A record is told by one before it, whose name has as many units; '_' becomes a NUL, '~' a letter
 * with the asked one's low byte. */
Test(provider, names_of_one_length)
{
    static const char *const names[] = {
        "Two", "two", "TWO", "Twp", "Uwo", "Tvo", "tw ", " wo", "T_o", "_wo", "Tw_", "tw~",
        "Twos", "TWOS", "Two ", "Two_", "Tw s", "T__s", "____", "Tw~s", "Two_x", "Two x", "Towns",
        "Tw", "T_", "tw", "__", " _", "T", "_", " "
    };
    char log[2048];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        for (size_t j = 0; j < sizeof names / sizeof names[0]; j++) {
            evx_text_view name = { NULL, 0, 0 };
            const char *first = names[i];
            evx_records it;
            evx_record r;
            evx_fields f;
            snprintf(log, sizeof log, "%srecord b str=\"%s\"" OWN(1) "record b str=\"%s\"" OWN(2)
                     "record b str=\"%s\"" OWN(3), template, first, first, names[j]);
            one(log);
            for (uint8_t *p = one_bytes(); p + 1 < one_bytes() + EVX_CHUNK_SIZE; p++)
                if ((p[0] == '_' || p[0] == '~') && p[1] == 0) {
                    p[1] = p[0] == '~';
                    p[0] = p[0] == '~' ? 'o' : 0;
                }
            const char *marks = passed_of(&one_chunk);
            evx_records_begin(&it, &one_chunk);
            while (evx_records_next(&it, &r) == EVX_OK && r.id <= 3) {
                cr_assert(evx_fields_system(&reader, &one_chunk, &r, &f) == EVX_OK);
                name = f.provider;
            }
            if (was_passed(marks, 3))
                cr_expect(!evx_text_view_is(&name, "Two") && name.len != 0, "%s, %s", first,
                          names[j]);
            else
                cr_expect(evx_text_view_is(&name, "Two") || name.len == 0, "%s, %s: %s", first,
                          names[j], marks);
        }
}

/* Half a unit behind a name is none: this is the provider that is asked for. */
Test(provider, odd_lengths)
{
    enum { DESCRIPTORS = 42 };
    static const char log[] =
        "template o = <Event><System><Provider Name='{0:str}'/><EventRecordID>{2:u64}"
        "</EventRecordID><TimeCreated SystemTime='{3:time}'/><Task>{4:u16}</Task></System>"
        "<D>{1:bin}</D></Event>\n"
        "record o str=\"One\" bin=41424344" OWN(1) "record o str=\"Two\" bin=41424344" OWN(2)
        "record o str=\"One\" bin=41424344" OWN(3) "record o str=\"One\" bin=41424344" OWN(4);
    evx_records it;
    evx_record r;

    one(log);
    cr_expect_str_eq(passed_of(&one_chunk), ".!..");
    evx_records_begin(&it, &one_chunk);
    while (evx_records_next(&it, &r) == EVX_OK && r.id < 4)
        if (r.id >= 2) {
            one_bytes()[r.off + DESCRIPTORS] = 7;
            one_bytes()[r.off + DESCRIPTORS + 4] = 3;
        }
    cr_expect_str_eq(passed_of(&one_chunk), ".!..");
}

/* What says an id or a time that is none behind the last one begins a run; without, it is read. */
Test(provider, ids_and_times_of_their_own)
{
    expect("record a str=\"x\"" OWN(1) "record a str=\"y\"" OWN(7) "record a str=\"z\"" OWN(8),
           "./..");
    expect("record a str=\"x\"" OWN(1)
           "record a str=\"y\" u64=2 time=2021-02-03T04:05:06.0000001Z u16=7\n"
           "record b str=\"x\"" OWN(3), "../.");
    expect("record a str=\"x\"" OWN(1) "record e\nrecord b str=\"One\"" OWN(3), ".!.");
    expect("record b str=\"x\"" OWN(9) "record b str=\"y\"" OWN(10) "record b str=\"z\"" OWN(9),
           "../.");
    expect("record a str=\"x\"" OWN(1) "record a str=\"y\" u64=2 time=1601-01-01T00:00:00Z u16=7\n"
           "record a str=\"z\"" OWN(3), ".!.");
}

/* Behind the last number there is none, whatever a sum of it says: it is no way to go on. */
Test(provider, the_last_ids)
{
    expect("record a str=\"v\"" OWN(18446744073709551612) "record a str=\"w\""
           OWN(18446744073709551613) "record a str=\"x\"" OWN(18446744073709551614)
           "record a str=\"y\"" OWN(18446744073709551615) "record a str=\"z\"" OWN(0), "..../.");
}

/* The same of the ids in the headers of records. */
Test(provider, the_last_header_ids)
{
    evx_records it;
    evx_record r;
    uint64_t id = UINT64_MAX - 3;
    char all[2048];

    snprintf(all, sizeof all, "%s%s", template,
             "record a str=\"v\"" OWN(1) "record a str=\"w\"" OWN(2) "record a str=\"x\"" OWN(3)
             "record a str=\"y\"" OWN(4) "record a str=\"z\"" OWN(5));
    one(all);
    evx_records_begin(&it, &one_chunk);
    while (evx_records_next(&it, &r) != EVX_END) {
        for (unsigned i = 0; i < 8; i++)
            one_bytes()[r.off + 8 + i] = (uint8_t)(id >> 8 * i);
        id++;
    }
    cr_expect_str_eq(passed_of(&one_chunk), "..../.");
}

/* Of all bits of a record, one after the other, each is another: when it is passed over all the
 * same, perhaps in a run of its own, a reader finds nothing wrong with it, and another provider. */
static void change_each(uint64_t id, unsigned long *passed, unsigned long *returned)
{
    static evx_fields f;
    evx_records it;
    evx_record r, other;

    evx_records_begin(&it, &one_chunk);
    do {
        cr_assert(evx_records_next(&it, &r) == EVX_OK);
    } while (r.id < id);
    for (uint32_t i = 0; i < 8 * r.size; i++) {
        one_bytes()[r.off + i / 8] ^= (uint8_t)(1 << i % 8);
        if (was_passed(passed_of(&one_chunk), id)) {
            evx_records_begin(&it, &one_chunk);
            do {
                cr_assert(evx_records_next(&it, &other) == EVX_OK);
                cr_assert((other.damage & ~(uint32_t)EVX_RECORD_ID) == 0);
            } while (other.off < r.off);
            cr_assert(evx_fields_system(&reader, &one_chunk, &other, &f) == EVX_OK);
            cr_assert(!f.damaged && !evx_text_view_is(&f.provider, "Two"), "bit %u", i);
            ++*passed;
        } else {
            ++*returned;
        }
        one_bytes()[r.off + i / 8] ^= (uint8_t)(1 << i % 8);
    }
}

/* The second record refers to the template of the first, and the third is like the second. */
Test(provider, one_bit_of_a_record)
{
    static const char *const logs[] = {
        "record a str=\"x\"" OWN(1) "record a str=\"y\"" OWN(2) "record a str=\"z\"" OWN(3)
        "record a str=\"a\"" OWN(4),
        "record b str=\"Owt\"" OWN(1) "record b str=\"tvo\"" OWN(2) "record b str=\"tuo\"" OWN(3)
        "record b str=\"One\"" OWN(4),
        "template g = <Event><System><Provider Name='One'/><EventRecordID>{1:u64}</EventRecordID>"
        "<TimeCreated SystemTime='{2:time}'/><Channel>{3:str}</Channel><Computer>{0:str}</Computer>"
        "</System><D>{4:str}</D></Event>\nrecord g str=\"A\"" OWN_MORE(1) "record g str=\"A\""
        OWN_MORE(2) "record g str=\"A\"" OWN_MORE(3) "record g str=\"A\"" OWN_MORE(4)
    };
    char log[2048];

    for (size_t i = 0; i < sizeof logs / sizeof logs[0]; i++)
        for (uint64_t id = 2; id <= 3; id++) {
            unsigned long passed = 0, returned = 0;
            snprintf(log, sizeof log, "%s%s", template, logs[i]);
            one(log);
            cr_assert_str_eq(passed_of(&one_chunk), "....", "%zu", i);
            change_each(id, &passed, &returned);
            cr_assert(passed > 100 && returned > 200, "%lu, %lu", passed, returned);
        }
}

/* Sizes of values change places: what stood where the last record had it stands elsewhere. */
Test(provider, sizes_that_differ)
{
    static const char more[] =
        "template s = <Event><System><Provider Name='{0:str}'/><EventRecordID>{2:u64}"
        "</EventRecordID><TimeCreated SystemTime='{3:time}'/><Channel>{1:str}</Channel></System>"
        "<D>{4:str}</D><D>{5:bin}</D></Event>\n";
    static const struct { const char *log, *marks; } cases[] = {
        { "record s str=\"Other\" str=\"App\"" OWN_APP(1) "record s str=\"Another\" str=\"App\""
          OWN_APP(2) "record s str=\"Other\" str=\"App\"" OWN_APP(3), "..." },
        { "record s str=\"Other\" str=\"App\"" OWN_APP(1) "record s str=\"Other\" str=\"App\""
          OWN_APP(2) "record s str=\"Two\" str=\"Apple\"" OWN_APP(3), "..!" },
        { "record s str=\"Owt\" str=\"App\"" OWN_APP(1) "record s str=\"Owt\" str=\"App\""
          OWN_APP(2) "record s str=\"Two\" str=\"App\"" OWN_APP(3) "record s str=\"Owt\" "
          "str=\"Sec\"" OWN_APP(4), "..!." },
        { "record s str=\"Owt\" str=\"App\"" OWN_APP(1) "record s str=\"Owt\" str=\"App\""
          OWN_APP(2) "record s str=\"Owt\" str=\"Sec\"" OWN_APP(3), "../." },
        { "record s str=\"Owt\" str=\"App\"" OWN_APP(1) "record s str=\"Owt\" str=\"App\""
          OWN_APP(2) "record s str=\"Owt\" str=\"App\" u64=3 time=2021-02-03T04:05:06Z "
          "str=\"Apple\" bin=00112233\n", "..." }
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char log[2048];
        snprintf(log, sizeof log, "%s%s", more, cases[i].log);
        expect(log, cases[i].marks);
    }
}

/*
 * The second record refers to the definition that the third one holds, behind it, and what begins
 * that definition looks like the second one's descriptors: its link is their number, its GUID they
 * are. What would be the id there is the next one, so that nothing else tells both apart.
 */
Test(provider, a_definition_behind_its_record)
{
    enum { ID = 30, DEFINITION = 34, HEAD = 38, VALUES = 4, GUID = 4, BYTES = 16 };
    static const char log[] =
        "template f = <Event><System><Provider Name='Ten'/><EventRecordID>{1:u64}</EventRecordID>"
        "<TimeCreated SystemTime='{2:time}'/><Task>{3:u16}</Task></System><D>{0:str}</D></Event>\n"
        "record a str=\"x\" u64=18374967958961061886 time=1601-01-02T00:00:00Z u16=7\n"
        "record a str=\"x\" u64=18374967958961061887 time=1601-01-02T00:00:00Z u16=7\n"
        "record f str=\"x\" u64=3 time=2021-02-03T04:05:06Z u16=7\n";
    uint8_t *second, *third;
    char all[2048];
    evx_record r;

    snprintf(all, sizeof all, "%s%s", template, log);
    one(all);
    cr_assert(kit_record(&one_chunk, 1, &r) == EVX_OK);
    second = one_bytes() + r.off;
    cr_assert(kit_record(&one_chunk, 2, &r) == EVX_OK);
    third = one_bytes() + r.off;
    cr_assert(third[DEFINITION] == ((r.off + HEAD) & 0xff));
    one_store(r.off + HEAD, VALUES, 4);
    memcpy(third + HEAD + GUID, second + HEAD + 4, BYTES);
    memcpy(third + ID, second + HEAD + 4, 4);
    memcpy(second + ID, third + ID, 8);
    cr_expect_str_eq(passed_of(&one_chunk), "../.");
}

/* A body that was overwritten is no other provider's. */
Test(provider, destroyed_bodies)
{
    char log[2048];
    evx_records it;
    evx_record r;

    snprintf(log, sizeof log, "%s%s", template, "record a str=\"x\"" OWN(1) "record a str=\"y\""
             OWN(2) "record a str=\"z\"" OWN(3));
    one(log);
    evx_records_begin(&it, &one_chunk);
    cr_assert(evx_records_next(&it, &r) == EVX_OK && evx_records_next(&it, &r) == EVX_OK);
    memset(one_bytes() + r.off + 24, 0xff, r.size - 28);
    cr_expect_str_eq(passed_of(&one_chunk), ".!.");
}
