/* tests/smoke.c - no framework: logs -> digests that are equal on every machine and compiler */
#include "evx.h"
#include "files.h"

/*
 * usage: smoke [-v] PATH...
 *
 * Reads every file below the paths as a log, and as a single chunk, through every stage of the
 * library, and prints one digest of all it said (-v: one for each file too). Run it under an
 * emulator, with an odd compiler or odd flags, and compare the line with another machine's.
 */
static struct { uint64_t digest, files, chunks, records, bytes; } total;

static evx_stream stream;
static evx_walk walk;
static evx_reader reader;
static evx_text text;
static evx_fields fields;
static uint8_t window[EVX_CHUNK_SIZE];
static evx_slot slots[EVX_SLOTS_WORST];
static uint64_t memory[EVX_READER_MEMORY / 8 + 1], work[EVX_TEXT_WORK / 8 + 1];
static uint8_t line[4096];

static void note(uint64_t v)
{
    for (int i = 0; i < 8; i++, v >>= 8)
        total.digest = (total.digest ^ (v & 0xff)) * 0x100000001b3u;
}

static void note_bytes(const uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        total.digest = (total.digest ^ p[i]) * 0x100000001b3u;
    total.bytes += len;
}

static evx_status take(void *user, const uint8_t *data, size_t len)
{
    (void)user;
    note_bytes(data, len);
    return EVX_OK;
}

static void note_tokens(const evx_chunk *c, const evx_record *r)
{
    evx_token t;
    evx_status st = evx_walk_begin(&walk, c, r);

    do {
        while (st == EVX_OK && (st = evx_walk_next(&walk, &t)) == EVX_OK) {
            note((uint64_t)t.kind << 24 | (uint64_t)t.flags << 16 | t.depth);
            note((uint64_t)t.off << 32 | t.value.type);
            note_bytes(t.name.ptr, 2 * (size_t)t.name.units);
            note(t.value.raw.len);
            note_bytes(t.value.raw.ptr, t.value.raw.len < 64 ? t.value.raw.len : 64);
        }
        note((uint64_t)st);
    } while (st < 0 && (st = evx_walk_salvage(&walk)) == EVX_OK);
}

static void note_view(const evx_text_view *v)
{
    uint8_t utf8[256];
    size_t n = evx_text_view_utf8(v, utf8, sizeof utf8);

    note(n);
    note_bytes(utf8, n < sizeof utf8 - 4 ? n : sizeof utf8 - 4);
}

static void note_fields(const evx_chunk *c, const evx_record *r)
{
    evx_vss_event event;
    evx_text_view v;
    evx_status st = evx_fields_read(&reader, c, r, &fields);

    note((uint64_t)st);
    if (st < 0)
        return;
    note(fields.present);
    note(fields.time);
    note(fields.record_id);
    note((uint64_t)fields.event_id << 32 | fields.qualifiers);
    note((uint64_t)fields.data_total << 32 | fields.damaged);
    if (fields.present & EVX_HAS_PROVIDER)
        note_view(&fields.provider);
    for (uint32_t i = 0; (st = evx_fields_string(&fields, i, &v)) != EVX_END; i++)
        if (st == EVX_OK)
            note_view(&v);
    if (evx_vss_event_read(&fields, &event) == EVX_OK) {
        note((uint64_t)event.phase << 32 | event.outcome);
        note(event.digest);
        note_bytes(event.text, (size_t)event.strings_len + event.payload_len);
    }
}

static void note_text(const evx_chunk *c, const evx_record *r)
{
    static const struct { uint32_t format, flags; } ways[] = {
        { EVX_XML, 0 }, { EVX_XML, EVX_TEXT_COMPACT | EVX_TEXT_DECLARATION },
        { EVX_JSON, 0 }, { EVX_JSON, EVX_TEXT_SEPARATE }
    };

    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        evx_text_config config;
        evx_out out;
        memset(&config, 0, sizeof config);
        config.format = ways[i].format;
        config.flags = ways[i].flags;
        config.kernels = evx_kernels_best();
        config.work = (uint8_t *)work;
        config.work_len = EVX_TEXT_WORK;
        config.limits.record_text = 1u << 17;    /* an emulator should not print bombs for long */
        evx_out_init(&out, line, sizeof line, take, NULL);
        note((uint64_t)evx_text_init(&text, sizeof text, &config));
        note((uint64_t)evx_text_record(&text, c, r, &out));
        note((uint64_t)evx_out_flush(&out));
        note((uint64_t)text.damage << 32 | text.failed_off);
    }
}

static void note_chunk(const evx_window *w)
{
    evx_chunk c;
    evx_records it;
    evx_record r;
    evx_status st = evx_chunk_open(&c, w);

    note((uint64_t)st);
    if (st == EVX_SKIP || st == EVX_E_CHUNK_CUT)
        return;
    total.chunks++;
    note(c.damage | evx_chunk_check(&c, evx_kernels_best()));
    evx_records_begin(&it, &c);
    while ((st = evx_records_next(&it, &r)) != EVX_END) {
        note((uint64_t)st);
        note((uint64_t)r.off << 32 | r.size);
        if (st != EVX_OK)
            continue;
        total.records++;
        note(r.id ^ (uint64_t)r.damage << 32 ^ r.origin);
        note_tokens(&c, &r);
        note_fields(&c, &r);
        note_text(&c, &r);
    }
}

static void note_file(const uint8_t *data, size_t len)
{
    evx_bytes in = { data, len };
    evx_window w = { data, len < EVX_CHUNK_SIZE ? (uint32_t)len : EVX_CHUNK_SIZE, 0 };
    evx_status st;

    (void)evx_stream_init(&stream, sizeof stream, window);
    while ((st = evx_stream_next(&stream, &in, &w)) == EVX_OK)
        note_chunk(&w);
    evx_stream_close(&stream);
    while (st == EVX_MORE && evx_stream_next(&stream, &in, &w) == EVX_OK)
        note_chunk(&w);
    note((uint64_t)st);
    if (stream.failed < 0 && len != 0) {
        w.base = data;
        w.len = len < EVX_CHUNK_SIZE ? (uint32_t)len : EVX_CHUNK_SIZE;
        w.file_off = 0;
        note_chunk(&w);
    }
}

static void visit(void *user, const char *path, const uint8_t *data, size_t len)
{
    total.files++;
    note_file(data, len);
    if (*(const int *)user)
        printf("%016llx %s\n", (unsigned long long)total.digest, path);
}

int main(int argc, char **argv)
{
    int verbose = argc > 1 && strcmp(argv[1], "-v") == 0;

    total.digest = 0xcbf29ce484222325u;
    if (evx_walk_init(&walk, sizeof walk, slots, EVX_SLOTS_WORST, NULL) != EVX_OK
        || evx_reader_init(&reader, sizeof reader, (uint8_t *)memory, EVX_READER_MEMORY, NULL)
           != EVX_OK)
        return 1;
    for (int i = 1 + verbose; i < argc; i++)
        if (files_each(argv[i], visit, &verbose) == 0)
            fprintf(stderr, "skipped: nothing at %s\n", argv[i]);
    printf("evx %s: %llu files, %llu chunks, %llu records, %llu bytes: %016llx\n", evx_version(),
           (unsigned long long)total.files, (unsigned long long)total.chunks,
           (unsigned long long)total.records, (unsigned long long)total.bytes,
           (unsigned long long)total.digest);
    return total.files == 0;
}
