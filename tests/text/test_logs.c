/* tests/text/test_logs.c - real logs: every record reads, fields agree with text, none is lost */
#include <criterion/criterion.h>

#include "../files.h"
#include "cuts.h"

/* What evtx_dump 0.12.2 finds in some files: at least as many records have to come out. */
static const struct { const char *name; unsigned records; } known[] = {
#include "logs.inc"
};
enum { KNOWN = sizeof known / sizeof known[0] };

static unsigned found[KNOWN];
static size_t files_seen, records_seen, salvaged, refused;
static evx_reader reader;
static evx_fields f;
static uint64_t memory[EVX_READER_MEMORY / 8 + 1];

/* Is there `"key":value` in the text, where the value ends? */
static bool has_member(const char *text, const char *key, const char *value)
{
    char want[600];
    int n = snprintf(want, sizeof want, "\"%s\":%s", key, value);

    for (const char *at = text; (at = strstr(at, want)) != NULL; at++)
        if (strchr(",}", at[n]))
            return true;
    return false;
}

/* Two roads to the same value: typed fields, and JSON text. */
static void check_fields(const char *path, const char *json)
{
    char number[64], text[600];
    uint8_t utf8[256];
    size_t n;

    if (f.present & EVX_HAS_RECORD_ID) {
        snprintf(number, sizeof number, "%llu", (unsigned long long)f.record_id);
        snprintf(text, sizeof text, "\"%s\"", number);
        cr_assert(has_member(json, "EventRecordID", number)
                  || has_member(json, "EventRecordID", text),
                  "%s: EventRecordID %s: %.400s", path, number, json);
    }
    if (f.present & EVX_HAS_EVENT_ID) {
        snprintf(number, sizeof number, "%u", f.event_id);
        snprintf(text, sizeof text, "\"%s\"", number);
        cr_assert(has_member(json, "EventID", number) || has_member(json, "EventID", text)
                  || has_member(json, "#text", number) || has_member(json, "#text", text),
                  "%s: EventID %s: %.400s", path, number, json);
    }
    if (f.present & EVX_HAS_COMPUTER) {
        n = evx_text_view_utf8(&f.computer, utf8, sizeof utf8);
        snprintf(text, sizeof text, "\"%.*s\"", (int)n, (const char *)utf8);
        cr_assert(n == 0 || n > sizeof utf8 || memchr(utf8, '\\', n)
                  || has_member(json, "Computer", text), "%s: Computer %s: %.400s", path, text,
                  json);
    }
    if (f.present & EVX_HAS_LEVEL) {
        snprintf(number, sizeof number, "%u", f.level);
        snprintf(text, sizeof text, "\"%s\"", number);
        cr_assert(has_member(json, "Level", number) || has_member(json, "Level", text),
                  "%s: Level %s: %.400s", path, number, json);
    }
}

static unsigned read_record(const char *path, const evx_chunk *c, const evx_record *r)
{
    kit_text xml, json;
    evx_status st = evx_fields_read(&reader, c, r, &f);

    xml = kit_render(c, r, EVX_XML, 0, NULL);
    cr_assert(xml.status != EVX_E_BUG && (xml.status < 0 || (xml.text[0] == '<'
              && xml.text[xml.len - 1] == '\n')));
    json = kit_render(c, r, EVX_JSON, 0, NULL);
    cr_assert(json.status == xml.status && json.damage == xml.damage, "%s: %d, %d", path,
              xml.status, json.status);
    cr_assert((st < 0) == (json.status < 0) || json.text[9] == 'n', "%s: fields %d, text %d", path,
              st, json.status);
    salvaged += json.damage != 0;
    refused += json.status < 0;
    cr_assert(json.status >= 0 || r->damage || r->origin != EVX_ORIGIN_ORDER
              || (c->damage & EVX_CHUNK_SIGNATURE), "%s: sound record %llu at %u of %llu: %d (%s)",
              path, (unsigned long long)r->id, r->off, (unsigned long long)c->file_off, json.status,
              evx_status_text(json.status));
    if (st >= 0 && json.status >= 0)
        check_fields(path, json.text);
    return json.status >= 0;
}

static unsigned read_chunk(const char *path, const evx_window *w)
{
    evx_chunk c;
    evx_records it;
    evx_record r;
    evx_status st;
    unsigned n = 0;

    (void)evx_chunk_open(&c, w);
    (void)evx_chunk_check(&c, evx_kernels_best());
    evx_records_begin(&it, &c);
    while ((st = evx_records_next(&it, &r)) != EVX_END)
        if (st == EVX_OK)
            n += read_record(path, &c, &r);
    return n;
}

static void read_file(void *user, const char *path, const uint8_t *data, size_t len)
{
    evx_stream s;
    evx_window w;
    evx_bytes in = { data, len };
    unsigned n = 0;
    size_t root = strlen((const char *)user);

    if (strlen(path) < 6 || strcmp(path + strlen(path) - 5, ".evtx") != 0)
        return;
    files_seen++;
    cr_assert(evx_stream_init(&s, sizeof s, NULL) == EVX_OK);
    evx_stream_close(&s);
    while (evx_stream_next(&s, &in, &w) == EVX_OK)
        n += read_chunk(path, &w);
    records_seen += n;
    for (size_t i = 0; i < KNOWN; i++)
        if (strcmp(path + root + 1, known[i].name) == 0)
            found[i] = n + 1;
}

Test(logs, every_record_of_the_shared_logs, .timeout = 280)
{
    const char *named = getenv("EVX_SHARED");
    const char *folder = named ? named : EVX_TEST_SHARED;

    cr_assert(evx_reader_init(&reader, sizeof reader, (uint8_t *)memory, sizeof memory, NULL)
              == EVX_OK);
    if (files_each(folder, read_file, (void *)folder) == 0)
        cr_skip_test("no real logs: set EVX_SHARED, or put them into ../shared/evtx");
    for (size_t i = 0; i < KNOWN; i++)
        cr_assert(found[i] == 0 || found[i] - 1 >= known[i].records, "%s: %u records of %u",
                  known[i].name, found[i] - 1, known[i].records);
    cr_log_info("%zu files, %zu records, %zu salvaged, %zu refused", files_seen, records_seen,
                salvaged, refused);
    cr_assert(refused * 200 <= records_seen && salvaged * 200 <= records_seen,
              "%zu of %zu records refused, %zu salvaged", refused, records_seen, salvaged);
}
