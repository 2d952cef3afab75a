/* tests/trap.c - reads logs through every stage while the allocator counts: to nothing */
#include "evx.h"
#include "files.h"

/*
 * usage: trap PATH...
 *
 * malloc and its family are defined here, so every call in the process lands here, whoever makes
 * it. Between `inside = 1` and `inside = 0` only the library runs.
 */
static int inside;
static unsigned long long calls, outside, records, chunks, files;

static _Alignas(16) unsigned char heap[1u << 28];
static size_t used;

/* A block is headed by its size. Only the last one is ever given back. */
static void *take(size_t size)
{
    size_t at = used + 16, next = at + ((size + 15) & ~(size_t)15);

    if (inside)
        calls++;
    else
        outside++;
    if (size > sizeof heap || next > sizeof heap)
        return NULL;
    memcpy(heap + used, &size, sizeof size);
    used = next;
    return heap + at;
}

void *malloc(size_t size)
{
    return take(size);
}

void *calloc(size_t n, size_t size)
{
    void *p = size != 0 && n > sizeof heap / size ? NULL : take(n * size);

    return p ? memset(p, 0, n * size) : NULL;
}

static size_t size_of(const unsigned char *p)
{
    size_t size;

    memcpy(&size, p - 16, sizeof size);
    return size;
}

void free(void *p)
{
    unsigned char *block = p;

    if (inside)
        calls++;
    if (block && block + ((size_of(block) + 15) & ~(size_t)15) == heap + used)
        used = (size_t)(block - heap) - 16;
}

void *realloc(void *p, size_t size)
{
    size_t old = p ? size_of(p) : 0;
    void *q;

    free(p);
    q = take(size);
    return q && p ? memmove(q, p, old < size ? old : size) : q;
}

/* ---- the library, from bytes to verdicts ----------------------------------------------------- */

static evx_stream stream;
static evx_walk walk;
static evx_reader reader;
static evx_text text[2];
static evx_fields fields;
static uint8_t window[EVX_CHUNK_SIZE];
static evx_slot slots[EVX_SLOTS_WORST];
static uint64_t memory[EVX_READER_MEMORY / 8 + 1], work[2][EVX_TEXT_WORK / 8 + 1];
static uint8_t line[65536];
static evx_vss_event events[4096];
static evx_vss_session sessions[8192];
static evx_vss_writer writers[4096];
static size_t event_count;

static evx_status drop(void *user, const uint8_t *data, size_t len)
{
    (void)user;
    (void)data;
    (void)len;
    return EVX_OK;
}

static void read_record(const evx_chunk *c, const evx_record *r)
{
    static const evx_filter filter = { .provider = "MSExchangeIS" };
    evx_token t;
    evx_out out;

    records++;
    evx_out_init(&out, line, sizeof line, drop, NULL);
    for (int i = 0; i < 2; i++)
        (void)evx_text_record(&text[i], c, r, &out);
    (void)evx_out_flush(&out);
    if (evx_walk_begin(&walk, c, r) == EVX_OK)
        while (evx_walk_next(&walk, &t) == EVX_OK || evx_walk_salvage(&walk) == EVX_OK)
            continue;
    (void)evx_filter_record(&filter, &reader, c, r);
    if (event_count == sizeof events / sizeof events[0])
        event_count = 0;
    if (evx_fields_read(&reader, c, r, &fields) == EVX_OK
        && evx_vss_event_read(&fields, &events[event_count]) == EVX_OK) {
        events[event_count].computer = 0;
        events[event_count].order = (uint32_t)event_count;
        event_count++;
    }
}

static void read_chunk(const evx_window *w)
{
    static const evx_filter filter = { .provider = "MSExchangeIS" };
    evx_chunk c;
    evx_records it;
    evx_record r;
    evx_status st;

    if (evx_chunk_open(&c, w) == EVX_SKIP)
        return;
    chunks++;
    (void)evx_chunk_check(&c, evx_kernels_best());
    (void)evx_filter_chunk(&filter, evx_kernels_best(), &c);
    evx_records_begin(&it, &c);
    while ((st = evx_records_next(&it, &r)) != EVX_END)
        if (st == EVX_OK)
            read_record(&c, &r);
}

static void solve(void)
{
    evx_vss_input in = { events, 0, NULL, 0, NULL, 1 };
    evx_vss_result out = { sessions, 8192, 0, writers, 4096, 0 };

    in.event_count = evx_vss_sort(events, event_count);
    (void)evx_vss_solve(&in, &out);
}

static void visit(void *user, const char *path, const uint8_t *data, size_t len)
{
    evx_bytes in = { data, len };
    evx_window w;
    evx_status st;

    (void)user;
    (void)path;
    files++;
    event_count = 0;
    inside = 1;
    (void)evx_stream_init(&stream, sizeof stream, window);
    while ((st = evx_stream_next(&stream, &in, &w)) == EVX_OK)
        read_chunk(&w);
    evx_stream_close(&stream);
    while (st == EVX_MORE && evx_stream_next(&stream, &in, &w) == EVX_OK)
        read_chunk(&w);
    solve();
    inside = 0;
}

static int prepare(void)
{
    evx_text_config config;
    evx_status st = EVX_OK;

    inside = 1;
    for (int i = 0; i < 2; i++) {
        memset(&config, 0, sizeof config);
        config.format = i == 0 ? EVX_XML : EVX_JSON;
        config.kernels = evx_kernels_best();
        config.work = (uint8_t *)work[i];
        config.work_len = EVX_TEXT_WORK;
        st |= evx_text_init(&text[i], sizeof text[i], &config);
    }
    st |= evx_walk_init(&walk, sizeof walk, slots, EVX_SLOTS_WORST, NULL);
    st |= evx_reader_init(&reader, sizeof reader, (uint8_t *)memory, EVX_READER_MEMORY, NULL);
    inside = 0;
    return st == EVX_OK;
}

int main(int argc, char **argv)
{
    void *volatile probe;

    if (!prepare())
        return 1;
    for (int i = 1; i < argc; i++)
        if (files_each(argv[i], visit, NULL) == 0)
            printf("skipped: nothing at %s\n", argv[i]);
    printf("%llu files, %llu chunks, %llu records: %llu allocations inside, %llu outside\n",
           files, chunks, records, calls, outside);
    if (calls != 0 || files == 0 || outside == 0)
        return 1;
    inside = 1;                      /* the trap itself must be armed */
    probe = malloc(1);
    free(probe);
    inside = 0;
    return calls != 2;
}
