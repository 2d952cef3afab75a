/* tests/vss/test_event.c - fields -> event: the table, strings, payload */
#include <criterion/criterion.h>
#include <string.h>

#include "evx/vss.h"

static evx_fields f;
static evx_vss_event e;

static evx_text_view view_of(const char *text)
{
    evx_text_view v = { (const uint8_t *)text, (uint32_t)strlen(text), 1 };

    return v;
}

static void begin(uint32_t id)
{
    memset(&f, 0, sizeof f);
    memset(&e, 0xee, sizeof e);
    f.provider = view_of("MSExchangeIS");
    f.event_id = id;
    f.present = EVX_HAS_PROVIDER | EVX_HAS_EVENT_ID;
}

static void add_string(const char *text)
{
    evx_value *v = &f.data[f.data_count++];

    f.data_total = f.data_count;
    v->type = EVX_UTF8;
    v->raw.ptr = (const uint8_t *)text;
    v->raw.len = strlen(text);
}

static void set_payload(const void *bytes, size_t len)
{
    f.payload.type = EVX_BINARY;
    f.payload.raw.ptr = bytes;
    f.payload.raw.len = len;
    f.present |= EVX_HAS_PAYLOAD;
}

static evx_status read(void)
{
    return evx_vss_event_read(&f, &e);
}

Test(event, table)
{
    static const struct {
        uint32_t id;
        uint8_t phase, outcome;
    } rows[] = {
        { 9600, EVX_VSS_INITIALIZE, EVX_VSS_SUCCEEDED }, { 9604, EVX_VSS_BEGIN, EVX_VSS_SUCCEEDED },
        { 9606, EVX_VSS_PREPARE, EVX_VSS_SUCCEEDED }, { 9607, EVX_VSS_PREPARE, EVX_VSS_FAILED },
        { 9608, EVX_VSS_PREPARE_SNAPSHOT, EVX_VSS_SUCCEEDED },
        { 9609, EVX_VSS_PREPARE_SNAPSHOT, EVX_VSS_FAILED },
        { 9610, EVX_VSS_FREEZE, EVX_VSS_SUCCEEDED }, { 9611, EVX_VSS_FREEZE, EVX_VSS_FAILED },
        { 9612, EVX_VSS_THAW, EVX_VSS_SUCCEEDED }, { 9613, EVX_VSS_THAW, EVX_VSS_FAILED },
        { 9614, EVX_VSS_ABORT, EVX_VSS_SUCCEEDED }, { 9615, EVX_VSS_ABORT, EVX_VSS_FAILED },
        { 9616, EVX_VSS_COMPLETE, EVX_VSS_SUCCEEDED }, { 9617, EVX_VSS_COMPLETE, EVX_VSS_FAILED },
        { 9618, EVX_VSS_POST_SNAPSHOT, EVX_VSS_SUCCEEDED },
        { 9619, EVX_VSS_POST_SNAPSHOT, EVX_VSS_FAILED },
        { 9620, EVX_VSS_PRE_RESTORE, EVX_VSS_SUCCEEDED },
        { 9621, EVX_VSS_PRE_RESTORE, EVX_VSS_FAILED },
        { 9622, EVX_VSS_POST_RESTORE, EVX_VSS_SUCCEEDED },
        { 9623, EVX_VSS_POST_RESTORE, EVX_VSS_FAILED },
        { 9648, EVX_VSS_SHUTDOWN, EVX_VSS_SUCCEEDED }, { 9649, EVX_VSS_SHUTDOWN, EVX_VSS_FAILED },
        { 9840, EVX_VSS_BUSY, EVX_VSS_BLOCKED }
    };
    size_t known = 0;

    for (uint32_t id = 0; id < 0x10000; id++) {
        begin(id);
        if (read() == EVX_SKIP)
            continue;
        cr_assert(known < sizeof rows / sizeof rows[0] && rows[known].id == id, "%u", id);
        cr_expect(e.event_id == id && e.phase == rows[known].phase
                  && e.outcome == rows[known].outcome && e.session == -1, "%u", id);
        cr_expect(evx_vss_tracked(&e) == (id < 9620 || id > 9623), "%u", id);
        known++;
    }
    cr_expect(known == sizeof rows / sizeof rows[0]);
}

Test(event, provider_and_qualifiers)
{
    begin(0xc0040000u | 9606);
    cr_expect(read() == EVX_OK && e.event_id == 9606);
    f.provider = view_of("msexchangeis");
    cr_expect(read() == EVX_OK);
    f.provider = view_of("MSExchangeIS Mailbox Store");
    cr_expect(read() == EVX_SKIP);
    f.provider = view_of("MSExchangeI");
    cr_expect(read() == EVX_SKIP);
    begin(9606);
    f.present = EVX_HAS_EVENT_ID;
    cr_expect(read() == EVX_SKIP);
}

Test(event, system_fields)
{
    uint32_t application;

    begin(9606);
    cr_assert(read() == EVX_OK);
    cr_expect(e.flags == 0 && e.strings_len == 0 && e.payload_len == 0);
    f.time = 127881504000000000u;
    f.record_id = 0;
    f.channel = view_of("Application");
    f.present |= EVX_HAS_TIME | EVX_HAS_RECORD_ID | EVX_HAS_CHANNEL;
    cr_assert(read() == EVX_OK);
    cr_expect(e.time == f.time && e.record_id == 0);
    cr_expect(e.flags == (EVX_VSS_HAS_TIME | EVX_VSS_HAS_RECORD_ID | EVX_VSS_HAS_CHANNEL));
    application = e.channel;
    f.channel = view_of("APPLICATION");
    cr_expect(read() == EVX_OK && e.channel == application);
    f.channel = view_of("System");
    cr_expect(read() == EVX_OK && e.channel != application);
    f.time = 0;
    f.channel = view_of("");
    cr_expect(read() == EVX_OK && e.flags == EVX_VSS_HAS_RECORD_ID, "no time, no channel");
}

Test(event, error_codes)
{
    begin(9607);
    add_string("0xfffff69d");
    cr_expect(read() == EVX_OK && (e.flags & EVX_VSS_HAS_ERROR) && e.error == -2403);
    cr_expect(e.outcome == EVX_VSS_FAILED);
    begin(9611);
    add_string("{2D6FB5E3-0000-0000-0000-000000000001}:4");
    add_string("-2403");
    cr_expect(read() == EVX_OK && (e.flags & EVX_VSS_HAS_ERROR) && e.error == -2403);
    cr_expect((e.flags & EVX_VSS_HAS_INSTANCE) && e.instance.b[15] == 1);
    begin(9611);
    add_string("First Storage Group");
    add_string("-2403");
    cr_expect(read() == EVX_OK && !(e.flags & EVX_VSS_HAS_ERROR), "the code is %%1");
    begin(9840);
    add_string("First Storage Group");
    add_string("-2403");
    cr_expect(read() == EVX_OK && e.error == -2403, "9840 names the storage group first");
    cr_expect(e.outcome == EVX_VSS_BLOCKED);
    begin(9606);
    add_string("5");
    cr_expect(read() == EVX_OK && !(e.flags & EVX_VSS_HAS_ERROR), "a success has no code");
}

Test(event, R4_blocks)
{
    static const char words[] = "Backup in progress.";

    begin(9607);
    set_payload(words, sizeof words);
    cr_expect(read() == EVX_OK && e.outcome == EVX_VSS_BLOCKED);
    set_payload(words, sizeof words - 2);
    cr_expect(read() == EVX_OK && e.outcome == EVX_VSS_BLOCKED, "no full stop, no NUL");
    set_payload("Backup in progress\0junk", 23);
    cr_expect(read() == EVX_OK && e.outcome == EVX_VSS_BLOCKED, "up to the NUL");
    set_payload("Backup in progress again.", 25);
    cr_expect(read() == EVX_OK && e.outcome == EVX_VSS_FAILED);
    add_string("0x50d");
    cr_expect(read() == EVX_OK && e.outcome == EVX_VSS_FAILED, "the payload decides");
    set_payload(words, 0);
    cr_expect(read() == EVX_OK && e.outcome == EVX_VSS_BLOCKED, "without one, the code");
    f.present &= ~(uint32_t)EVX_HAS_PAYLOAD;
    cr_expect(read() == EVX_OK && e.outcome == EVX_VSS_BLOCKED);
    f.data_count = f.data_total = 0;
    add_string("1293");
    cr_expect(read() == EVX_OK && e.outcome == EVX_VSS_BLOCKED);
    f.data_count = f.data_total = 0;
    cr_expect(read() == EVX_OK && e.outcome == EVX_VSS_FAILED);
}

/* As UTF-16, with its NUL, and up to it. */
static size_t widen(const char *words, char to[128])
{
    size_t n = strlen(words) + 1;

    memset(to, 0, 128);
    for (size_t i = 0; i < n; i++)
        to[2 * i] = words[i];
    memcpy(to + 2 * n, "x", 2);
    return 2 * n + 2;
}

Test(event, R4_payload_in_utf16)
{
    char wide[128];
    uint32_t digest;
    size_t n;

    begin(9607);
    n = widen("Backup in progress.", wide);
    set_payload(wide, n);
    cr_expect(read() == EVX_OK && e.outcome == EVX_VSS_BLOCKED);
    digest = e.digest;
    set_payload(wide, 36);
    cr_expect(read() == EVX_OK && e.outcome == EVX_VSS_BLOCKED && e.digest == digest);
    wide[3] = 1;
    set_payload(wide, 36);
    cr_expect(read() == EVX_OK && e.outcome == EVX_VSS_FAILED);
    n = widen("Backup in progress again", wide);
    set_payload(wide, n);
    cr_expect(read() == EVX_OK && e.outcome == EVX_VSS_FAILED && e.digest != digest);
    begin(9614);
    set_payload(wide, widen("Abort ignored.", wide));
    cr_expect(read() == EVX_OK && e.outcome == EVX_VSS_IGNORED);
}

/* A program that made typed values of the strings. */
Test(event, codes_that_are_numbers)
{
    static const uint8_t busy[8] = { 0x0d, 0x05 }, not_allowed[4] = { 0x9d, 0xf6, 0xff, 0xff };
    static const uint8_t large[8] = { 0x0d, 0x05, 0, 0, 1 };

    begin(9607);
    add_string("");
    f.data[0] = (evx_value){ { busy, 4 }, EVX_HEX32 };
    cr_expect(read() == EVX_OK && e.error == 0x50d && e.outcome == EVX_VSS_BLOCKED);
    f.data[0] = (evx_value){ { busy, 8 }, EVX_UINT64 };
    cr_expect(read() == EVX_OK && e.error == 0x50d && e.outcome == EVX_VSS_BLOCKED);
    f.data[0] = (evx_value){ { not_allowed, 4 }, EVX_INT32 };
    cr_expect(read() == EVX_OK && (e.flags & EVX_VSS_HAS_ERROR) && e.error == -2403);
    f.data[0] = (evx_value){ { not_allowed, 4 }, EVX_UINT32 };
    cr_expect(read() == EVX_OK && (e.flags & EVX_VSS_HAS_ERROR) && e.error == -2403);
    f.data[0] = (evx_value){ { large, 8 }, EVX_UINT64 };
    cr_expect(read() == EVX_OK && !(e.flags & EVX_VSS_HAS_ERROR) && e.outcome == EVX_VSS_FAILED);
}

Test(event, R5_abort_ignored)
{
    begin(9614);
    set_payload("Abort ignored.", 15);
    cr_expect(read() == EVX_OK && e.outcome == EVX_VSS_IGNORED);
    set_payload("Aborted.", 9);
    cr_expect(read() == EVX_OK && e.outcome == EVX_VSS_SUCCEEDED);
    begin(9615);
    set_payload("Abort ignored.", 15);
    cr_expect(read() == EVX_OK && e.outcome == EVX_VSS_FAILED);
}

Test(event, payload_digest)
{
    uint32_t digest;

    begin(9606);
    set_payload("Volume snap occurring.", 23);
    cr_assert(read() == EVX_OK);
    digest = e.digest;
    set_payload("Volume snap occurring", 21);
    cr_expect(read() == EVX_OK && e.digest == digest);
    set_payload("Volume snap occurred.", 22);
    cr_expect(read() == EVX_OK && e.digest != digest);
}

Test(event, text_is_kept)
{
    begin(9607);
    add_string("a");
    add_string("");
    add_string("\xc3\xa4");
    set_payload("x\0y", 4);
    cr_assert(read() == EVX_OK);
    cr_expect(e.strings_len == 6 && memcmp(e.text, "a\0\0\xc3\xa4\0", 6) == 0);
    cr_expect(e.payload_len == 4 && memcmp(e.text + 6, "x\0y", 4) == 0);
    cr_expect(!(e.flags & EVX_VSS_TRUNCATED) && (e.flags & EVX_VSS_HAS_PAYLOAD));
}

Test(event, long_text_leaves_room_for_the_payload)
{
    static char text[1001], payload[500];

    for (size_t i = 0; i + 2 < sizeof text; i += 2)
        memcpy(text + i, "\xc3\xa4", 2);
    memset(payload, 'p', sizeof payload);
    begin(9607);
    add_string(text);
    set_payload(payload, sizeof payload);
    cr_assert(read() == EVX_OK);
    cr_expect(e.flags & EVX_VSS_TRUNCATED);
    cr_expect(e.strings_len + e.payload_len == EVX_VSS_TEXT_MAX && e.payload_len >= 64);
    cr_expect(e.strings_len % 2 == 1, "cut at a character");
    cr_expect(e.text[e.strings_len - 1] == 0);
    begin(9607);
    for (size_t i = 0; i < EVX_FIELDS_MAX; i++)
        add_string("abcdefg");
    f.data_total = 1000;
    cr_expect(read() == EVX_OK && (e.flags & EVX_VSS_TRUNCATED));
    cr_expect(e.strings_len == EVX_VSS_TEXT_MAX);
}

Test(event, strings_of_every_length, .description = "no byte beyond text[]")
{
    static char text[300];

    for (size_t len = 0; len < sizeof text; len++)
        for (size_t payload = 0; payload < 200; payload += 33) {
            memset(text, 'a', sizeof text);
            text[len] = 0;
            begin(9606);
            add_string(text);
            add_string("b");
            set_payload(text, payload < len ? payload : len);
            cr_assert(read() == EVX_OK);
            cr_assert(e.strings_len + e.payload_len <= EVX_VSS_TEXT_MAX);
            text[len] = 'a';
        }
}
