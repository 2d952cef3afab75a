/* src/cli/cmd_carve.c - evx carve: records out of any blob, in fixed memory */
#include "recover.h"

#include <string.h>

static const char help[] =
    "evx carve - find event log records in any bytes: disk images, memory, page files\n"
    "\n"
    "usage: evx carve [options] PATH...   files; '-' reads standard input\n"
    "\n"
    "  -o, --format FORMAT          xml (default), json, jsonl: one object a line\n"
    "      --style STYLE            evtx_dump (default), windows: as Windows has it\n"
    "      --wevt PATH              templates of provider DLLs for lost ones\n"
    "      --no-values              leave out records whose templates are lost\n"
    "  -v, --verbose                name each chunk that is found\n"
    "  -h, --help; -V, --version\n"
    "\n"
    "Chunks are found by signature, at any alignment, and read with all that is in\n"
    "them; then records outside of chunks, those of legacy logs too. Each says how it\n"
    "was found: chunk, hidden (inside another one), slack (behind a chunk's last\n"
    "record), carved (alone), values (its templates are lost). What proves nothing is\n"
    "left out, and what was found before is not written again.\n"
    "\n"
    "exit status: 0 read to the end, and something was found; 1 parts of the input\n"
    "             could not be read; 2 usage; 3 nothing was found, or nothing\n"
    "             readable; 4 the output failed\n";

typedef struct arguments {
    const char *format, *style, *wevt;
    bool no_values, help, version;
    unsigned verbose;
} arguments;

/* A chunk or a record lies in the first half, with all of it in the buffer. */
enum { HALF = 512 * 1024, AHEAD = EVX_CHUNK_SIZE + 1024 };

typedef struct carver {
    cli_output output;
    recover found;
    bool values, verbose;
    const char *path;
    uint64_t chunks, alone;
    uint64_t read, failed;           /* inputs                                                 */
} carver;

static uint8_t buffer[HALF + AHEAD];
static evx_slot slots[EVX_SLOTS_WORST];
static evx_walk walk;
static uint64_t image_memory[EVX_CHUNK_SIZE / sizeof(uint64_t)];
static evx_evt_image image;

/* ---- chunks --------------------------------------------------------------------------------- */

static evx_status put_chunk(carver *x, const evx_chunk *c)
{
    evx_records it;
    evx_record r;
    evx_status st, put = EVX_OK;

    x->chunks++;
    if (x->verbose)
        cli_say("%s: chunk at offset %llu, %lu bytes", x->path, (unsigned long long)c->file_off,
                (unsigned long)c->len);
    evx_records_begin(&it, c);
    while (put != EVX_END && (st = evx_records_next(&it, &r)) != EVX_END) {
        if (st != EVX_OK)
            continue;
        put = recover_put(&x->found, c, &r, "chunk", x->values);
        if (put != EVX_END)
            put = recover_hidden(&x->found, c, &r);
    }
    return put == EVX_END ? EVX_END : recover_slack(&x->found, c);
}

/* ---- lone records --------------------------------------------------------------------------- */

/*
 * A record alone does not know where its chunk began, unless it brings a definition: the instance
 * says at which offset of the chunk that stands, and so where the chunk was. Then it can be read as
 * if the chunk were there, and must prove itself.
 */
enum { FIRST_DEFINITION = 512 + 24 + 10 };     /* of the first record of a chunk               */

static bool find_base(const evx_window *w, const evx_record *r, uint32_t *base)
{
    const uint8_t *p = w->base + r->off + 24;
    uint32_t at = r->off + 24, definition;

    if (r->size < 24 + 4 + 10 + 24)
        return false;
    if (p[0] == 0x0f)
        at += 4;
    p = w->base + at;
    if (p[0] != 0x0c || memcmp(p + 2, p + 14, 4) != 0)
        return false;
    definition = p[6] | (uint32_t)p[7] << 8 | (uint32_t)p[8] << 16 | (uint32_t)p[9] << 24;
    if (definition > at + 10 || definition < FIRST_DEFINITION || definition >= EVX_CHUNK_SIZE)
        return false;
    *base = at + 10 - definition;
    return r->off + r->size - *base <= EVX_CHUNK_SIZE;
}

static evx_status put_alone(carver *x, const evx_window *w, evx_record *r)
{
    evx_chunk c;
    uint32_t base = r->off;

    memset(&c, 0, sizeof c);
    if (find_base(w, r, &base)) {
        c.base = w->base + base;
        c.len = c.free_off = r->off + r->size - base;
        c.file_off = w->file_off + base;
        r->off -= base;
        if (evx_record_proves(&walk, &c, r) == EVX_OK)
            return recover_put(&x->found, &c, r, "carved", false);
        r->off += base;
    }
    c.base = w->base + r->off;
    c.len = c.free_off = r->size;
    c.file_off = w->file_off + r->off;
    r->off = 0;
    return x->values ? recover_put(&x->found, &c, r, "values", true) : EVX_SKIP;
}

/* A record of a legacy log is as whole alone as in its file. */
static evx_status put_legacy(carver *x, const evx_window *w, const evx_evt_record *e)
{
    evx_chunk c;
    evx_record r;

    if (evx_evt_image_record(&image, e, &c, &r) != EVX_OK)
        return EVX_SKIP;
    c.file_off = w->file_off + e->file_off - r.off;
    return recover_put(&x->found, &c, &r, "carved", false);
}

/* What was found next of each kind, or the window's end. */
typedef struct lone {
    uint32_t at, legacy_at;
    evx_record r;
    evx_evt_record legacy;
} lone;

static void find_record(lone *n, const evx_window *w, uint32_t pos)
{
    n->at = evx_carve_record(w, &pos, 1, &n->r) == EVX_OK ? n->r.off : w->len;
}

static void find_legacy(lone *n, const evx_window *w, size_t pos)
{
    evx_bytes all = { w->base, w->len };

    n->legacy_at = evx_evt_carve_next(all, &pos, &n->legacy) == EVX_OK
                       ? (uint32_t)n->legacy.file_off : w->len;
}

/* Lone records that begin before `end`. */
static evx_status put_between(carver *x, const evx_window *w, uint32_t *pos, uint32_t end)
{
    lone next;

    find_record(&next, w, *pos);
    find_legacy(&next, w, *pos);
    while (next.at < end || next.legacy_at < end) {
        bool legacy = next.legacy_at < next.at;
        uint32_t at = legacy ? next.legacy_at : next.at;
        uint32_t size = legacy ? (uint32_t)next.legacy.len : next.r.size;
        evx_status st = legacy ? put_legacy(x, w, &next.legacy) : put_alone(x, w, &next.r);
        if (st == EVX_END)
            return EVX_END;
        x->alone += st == EVX_OK;
        *pos = st == EVX_SKIP ? at + 1 : at + size;
        if (next.at < *pos)
            find_record(&next, w, *pos);
        if (next.legacy_at < *pos)
            find_legacy(&next, w, *pos);
    }
    if (*pos < end)
        *pos = end;
    return EVX_OK;
}

/* ---- a blob --------------------------------------------------------------------------------- */

/* What begins in the window before `end`. *pos is moved behind it, perhaps behind the window's end:
 * then the next window begins there. */
static evx_status put_window(carver *x, const evx_window *w, uint32_t *pos, uint32_t end)
{
    while (*pos < end) {
        uint32_t at = *pos;
        evx_chunk c;
        evx_status found = evx_carve_chunk(w, &at, &c);
        uint32_t stop = found == EVX_OK && at < end ? at : end;
        evx_window before = { w->base, found == EVX_OK ? at : w->len, w->file_off };

        if (put_between(x, &before, pos, stop) == EVX_END)
            return EVX_END;
        if (found != EVX_OK || at >= end)
            continue;
        if (put_chunk(x, &c) == EVX_END)
            return EVX_END;
        *pos = at + c.len;
    }
    return EVX_OK;
}

static bool carve(carver *x, int fd)
{
    size_t have = 0, got;
    uint64_t off = 0;
    uint32_t pos = 0;
    int error = 0;

    do {
        evx_window w = { buffer, 0, off };
        uint32_t end;
        got = error == 0 ? cli_read(fd, buffer + have, sizeof buffer - have, &error) : 0;
        have += got;
        w.len = (uint32_t)have;
        end = have == sizeof buffer ? (uint32_t)HALF : (uint32_t)have;
        if (put_window(x, &w, &pos, end) == EVX_END)
            return false;
        if (pos > have)
            pos = (uint32_t)have;
        memmove(buffer, buffer + pos, have - pos);
        have -= pos;
        off += pos;
        pos = 0;
    } while (got > 0);
    if (error != 0) {
        x->failed++;
        cli_say("%s: at offset %llu: %s", x->path, (unsigned long long)off, cli_error_text(error));
    }
    x->read += off > 0 || error == 0;
    return true;
}

static void carve_path(carver *x, const char *path)
{
    bool standard = strcmp(path, "-") == 0;
    int error, fd = standard ? CLI_IN : cli_open(path, false, &error);

    if (!standard && cli_kind(path, false, &error) == CLI_FOLDER) {
        cli_say("%s: is a folder; name the files in it: evx carve %s/*", path, path);
        x->failed++;
    } else if (fd < 0) {
        cli_say("%s: %s", path, cli_error_text(error));
        x->failed++;
    } else {
        x->path = standard ? "standard input" : path;
        (void)carve(x, fd);
    }
    if (fd > CLI_IN)
        (void)cli_close(fd);
}

/* ---- the run -------------------------------------------------------------------------------- */

static int prepare(carver *x, const arguments *a)
{
    static const char *const formats[] = { "xml", "json", "jsonl", NULL };
    static const char *const styles[] = { "evtx_dump", "windows", NULL };
    evx_text_config config;
    int format = a->format ? cli_choice(a->format, formats) : 0;
    int style = a->style ? cli_choice(a->style, styles) : 0;

    if (format < 0)
        return cli_usage("carve: no format '%s'; there are xml, json, jsonl", a->format);
    if (style < 0)
        return cli_usage("carve: no style '%s'; there are evtx_dump and windows", a->style);
    memset(&config, 0, sizeof config);
    config.format = format == 0 ? EVX_XML : EVX_JSON;
    config.flags = format == 0 && style == 0 ? EVX_TEXT_DECLARATION : 0;
    config.style = (uint32_t)style;
    config.kernels = evx_kernels_best();
    x->values = !a->no_values;
    x->verbose = a->verbose > 0;
    cli_output_begin(&x->output);
    if (!recover_init(&x->found, &config, format < 2, a->wevt, &x->output))
        return CLI_NO_INPUT;
    if (evx_walk_init(&walk, sizeof walk, slots, EVX_SLOTS_WORST, NULL) < 0
        || evx_evt_image_init(&image, sizeof image, (uint8_t *)image_memory, NULL) < 0)
        return cli_usage("carve: the library is of another version");
    return CLI_CLEAN;
}

static int run(carver *x, char **paths, int count)
{
    const recover *f = &x->found;
    int status;

    for (int i = 0; i < count && x->output.error == 0; i++)
        carve_path(x, paths[i]);
    status = cli_output_end(&x->output);
    cli_say("%llu chunks; %llu records alone", (unsigned long long)x->chunks,
            (unsigned long long)x->alone);
    recover_say(f);
    if (status != CLI_CLEAN)
        return status;
    if (x->read == 0 || f->proved + f->values == 0)
        return CLI_NO_INPUT;
    return x->failed > 0 ? CLI_LOST : CLI_CLEAN;
}

int cmd_carve(int argc, char **argv)
{
    static carver x;
    arguments a = { 0 };
    const cli_option options[] = { { "format", 'o', CLI_VALUE, &a.format },
                                   { "style", 0, CLI_VALUE, &a.style },
                                   { "no-values", 0, CLI_FLAG, &a.no_values },
                                   { "wevt", 0, CLI_VALUE, &a.wevt },
                                   { "verbose", 'v', CLI_COUNT, &a.verbose },
                                   { "help", 'h', CLI_FLAG, &a.help },
                                   { "version", 'V', CLI_FLAG, &a.version },
                                   { NULL, 0, 0, NULL } };
    int paths, status = cli_args("carve", options, argc, argv, &paths);

    if (status == CLI_CLEAN && a.help)
        return cli_help(help);
    if (status == CLI_CLEAN && a.version)
        return cli_version();
    if (status == CLI_CLEAN)
        status = cli_check_paths("carve", argv, paths);
    if (status == CLI_CLEAN)
        status = prepare(&x, &a);
    return status != CLI_CLEAN ? status : run(&x, argv, paths);
}
