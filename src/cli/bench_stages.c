/* src/cli/bench_stages.c - a log is read, scanned, decoded, written as text: one stage at a time */
#include "bench.h"

#include <stdlib.h>
#include <string.h>

/* As evx dump has it: compiled templates of one host's logs, and an output of 64 KiB. */
enum { ARENA = 2048 * 1024, OUT = 64 * 1024 };

static uint8_t piece[EVX_CHUNK_SIZE], window[EVX_CHUNK_SIZE], buffer[OUT];

/* What a stage works with. */
static struct stage {
    unsigned kind;
    uint64_t *memory, *work, *arena;
    uint64_t seen;                   /* so that nothing is left undone                         */
    evx_walk walk;
    evx_reader reader;
    evx_fields fields;
    evx_text text;
    evx_out out;
} the;

static evx_status forget(void *user, const uint8_t *data, size_t len)
{
    (void)user, (void)data, (void)len;
    return EVX_OK;
}

/* ---- one record ----------------------------------------------------------------------------- */

static void walk(struct stage *s, const evx_chunk *c, const evx_record *r)
{
    evx_token t;

    (void)evx_walk_begin(&s->walk, c, r);
    while (evx_walk_next(&s->walk, &t) == EVX_OK)
        s->seen++;
}

static void take(struct stage *s, const evx_chunk *c, const evx_record *r)
{
    s->seen += r->size;
    switch (s->kind) {
    case BENCH_FIELDS:
        (void)evx_fields_read(&s->reader, c, r, &s->fields);
        break;
    case BENCH_WALK:
        walk(s, c, r);
        break;
    case BENCH_JSONL:
    case BENCH_XML:
        if (evx_text_record(&s->text, c, r, &s->out) == EVX_OK)
            (void)evx_out_write(&s->out, "\n", 1);
        break;
    default:
        break;
    }
}

/* ---- one log -------------------------------------------------------------------------------- */

static void scan(struct stage *s, const evx_window *w)
{
    evx_records it;
    evx_record r;
    evx_status st;
    evx_chunk c;

    if (evx_chunk_open(&c, w) == EVX_SKIP)
        return;
    evx_records_begin(&it, &c);
    while ((st = evx_records_next(&it, &r)) != EVX_END)
        if (st == EVX_OK)
            take(s, &c, &r);
}

/* The first piece is the header's block, and every other one a slot: nothing is copied. */
static int read_log(struct stage *s, const bench_log *log, int fd)
{
    evx_bytes in = { piece, EVX_FILE_HEADER_SIZE };
    evx_window w = { NULL, 0, 0 };
    evx_stream stream;
    int error = 0;

    (void)evx_stream_init(&stream, sizeof stream, window);
    if (log->headless)
        evx_stream_headless(&stream);
    for (in.len = cli_read(fd, piece, in.len, &error); in.len > 0 && error == 0;
         in.len = cli_read(fd, piece, sizeof piece, &error)) {
        in.ptr = piece;
        while (s->kind != BENCH_READ && evx_stream_next(&stream, &in, &w) == EVX_OK)
            scan(s, &w);
    }
    evx_stream_close(&stream);
    while (s->kind != BENCH_READ && evx_stream_next(&stream, &in, &w) == EVX_OK)
        scan(s, &w);
    return error;
}

/* What was learned about the places in one file means nothing in the next. */
static void renew(struct stage *s)
{
    if (s->kind == BENCH_FIELDS)
        evx_reader_renew(&s->reader);
    if (s->kind == BENCH_JSONL || s->kind == BENCH_XML)
        evx_text_renew(&s->text);
}

static bool open_and_read(struct stage *s, const bench_log *log)
{
    int error, fd = cli_open(log->path, false, &error);

    if (fd >= 0) {
        renew(s);
        error = read_log(s, log, fd);
        (void)cli_close(fd);
    }
    if (error != 0 && !cli_interrupted())
        cli_say("%s: %s", log->path, cli_error_text(error));
    return error == 0;
}

/* ---- all logs ------------------------------------------------------------------------------- */

static bool get_memory(struct stage *s)
{
    if (!s->memory)
        s->memory = malloc(EVX_READER_MEMORY);
    if (!s->work)
        s->work = malloc(EVX_TEXT_WORK);
    if (!s->arena)
        s->arena = malloc(ARENA);
    if (s->memory && s->work && s->arena)
        return true;
    cli_say("bench: not enough memory");
    return false;
}

void bench_stages_end(void)
{
    free(the.memory);
    free(the.work);
    free(the.arena);
    memset(&the, 0, sizeof the);
}

/* Each round learns the templates anew, as each run of evx dump does. */
static bool prepare(struct stage *s)
{
    evx_text_config config;

    memset(&config, 0, sizeof config);
    config.format = s->kind == BENCH_XML ? EVX_XML : EVX_JSON;
    config.flags = s->kind == BENCH_XML ? EVX_TEXT_DECLARATION : 0;
    config.kernels = cli_kernels();
    config.work = (uint8_t *)s->work;
    config.work_len = EVX_TEXT_WORK;
    config.arena = (uint8_t *)s->arena;
    config.arena_len = ARENA;
    evx_out_init(&s->out, buffer, sizeof buffer, forget, NULL);
    return evx_text_init(&s->text, sizeof s->text, &config) == EVX_OK
        && evx_reader_init(&s->reader, sizeof s->reader, (uint8_t *)s->memory, EVX_READER_MEMORY,
                           NULL) == EVX_OK
        && evx_walk_init(&s->walk, sizeof s->walk, (evx_slot *)(void *)s->memory, EVX_SLOTS_WORST,
                         NULL) == EVX_OK;
}

bool bench_stage(const bench *b, unsigned stage, uint64_t *ns, uint64_t *text)
{
    uint64_t before;

    the.kind = stage;
    if (!get_memory(&the))
        return false;
    before = cli_clock_ns();
    if (!prepare(&the)) {
        cli_say("bench: the library is of another version");
        return false;
    }
    for (size_t i = 0; i < b->count; i++)
        if (!open_and_read(&the, &b->logs[i]))
            return false;
    *ns = cli_clock_ns() - before;
    *text = the.out.total;
    return true;
}
