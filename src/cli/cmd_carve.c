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
    "  -h, --help; -V, --version; --no-sandbox: see evx(1)\n"
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

/* What is looked at in one go, with all of a chunk or record that begins in it, and with what stood
 * in front of it, where the chunk of a lone record may have begun. */
enum { BEHIND = EVX_CHUNK_SIZE, HALF = 512 * 1024, AHEAD = EVX_CHUNK_SIZE + 1024 };

/* The next thing that may be a record, or how far there is none; offsets in the input. */
typedef struct candidate {
    uint64_t at;
    bool hit;
    evx_record r;
    evx_evt_record legacy;
} candidate;

typedef struct carver {
    cli_output output;
    recover found;
    bool values, verbose, has_base;
    uint64_t base;                   /* where the chunk of the last lone record began          */
    const char *path;
    candidate next, next_legacy;
    uint64_t chunks, alone;
    uint64_t read, failed;           /* inputs                                                 */
} carver;

static uint8_t buffer[BEHIND + HALF + AHEAD];
static evx_slot slots[EVX_SLOTS_WORST];
static evx_walk walk;
static uint64_t image_memory[EVX_CHUNK_SIZE / sizeof(uint64_t)];
static evx_evt_image image;

/* ---- lone records --------------------------------------------------------------------------- */

/*
 * A record alone does not know where its chunk began, unless it brings a definition: the instance
 * says at which offset of the chunk that stands, and so where the chunk was. Then it can be read as
 * if the chunk were there, and must prove itself; and so may those behind it.
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

/* A record of the window, in a chunk that begins at `base` of it. */
static evx_status put_in(carver *x, const evx_chunk *c, evx_record r, uint32_t base,
                         const char *how, bool values)
{
    r.off -= base;
    if (!values && evx_record_proves(&walk, c, &r) != EVX_OK)
        return EVX_SKIP;
    return recover_put(&x->found, c, &r, how, values);
}

/* The same, where nothing but the record tells that a chunk was there. */
static evx_status put_at(carver *x, const evx_window *w, const evx_record *r, uint32_t base)
{
    evx_chunk c;
    evx_status st;

    memset(&c, 0, sizeof c);
    c.base = w->base + base;
    c.len = c.free_off = r->off + r->size - base;
    c.file_off = w->file_off + base;
    st = put_in(x, &c, *r, base, "carved", false);
    if (st == EVX_OK) {
        x->has_base = true;
        x->base = c.file_off;
    }
    return st;
}

/* Where the chunk of the last lone record began: this one may have been in it too. */
static bool last_base(const carver *x, const evx_window *w, const evx_record *r, uint32_t *base)
{
    if (!x->has_base || x->base < w->file_off
        || x->base + FIRST_DEFINITION > w->file_off + r->off)
        return false;
    *base = (uint32_t)(x->base - w->file_off);
    return r->off + r->size - *base <= EVX_CHUNK_SIZE;
}

static evx_status put_alone(carver *x, const evx_window *w, const evx_chunk *slack_of,
                            const evx_record *r)
{
    evx_status st = EVX_SKIP;
    uint32_t base = r->off;
    evx_chunk c;

    if (slack_of)
        st = put_in(x, slack_of, *r, (uint32_t)(slack_of->base - w->base), "slack", false);
    if (st == EVX_SKIP && find_base(w, r, &base))
        st = put_at(x, w, r, base);
    if (st == EVX_SKIP && last_base(x, w, r, &base))
        st = put_at(x, w, r, base);
    if (st != EVX_SKIP || !x->values)
        return st;
    memset(&c, 0, sizeof c);
    c.base = w->base + r->off;
    c.len = c.free_off = r->size;
    c.file_off = w->file_off + r->off;
    return put_in(x, &c, *r, r->off, "values", true);
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

/* The next thing of a kind that begins at or behind `pos` of the window. It is looked for once, as
 * far as the window goes: false when nothing begins before `end`. */
static bool find_record(candidate *n, const evx_window *w, uint32_t pos, uint32_t end)
{
    if (n->at < w->file_off + pos || (!n->hit && n->at < w->file_off + end)) {
        n->hit = evx_carve_record(w, &pos, 1, &n->r) == EVX_OK;
        n->at = w->file_off + (n->hit ? n->r.off : w->len);
    }
    n->r.off = (uint32_t)(n->at - w->file_off);
    return n->hit && n->at < w->file_off + end;
}

static bool find_legacy(candidate *n, const evx_window *w, size_t pos, uint32_t end)
{
    evx_bytes all = { w->base, w->len };

    if (n->at < w->file_off + pos || n->at < w->file_off + end) {
        n->hit = evx_evt_carve_next(all, &pos, &n->legacy) == EVX_OK;
        n->at = w->file_off + (n->hit ? n->legacy.file_off : w->len);
    }
    return n->hit && n->at < w->file_off + end;
}

/* Lone records that begin before `end` and reach no further than `limit`; in the slack of a chunk,
 * or outside of any: NULL. */
static evx_status put_between(carver *x, const evx_window *w, const evx_chunk *slack_of,
                              uint32_t *pos, uint32_t end, uint32_t limit)
{
    candidate *next = &x->next, *legacy = &x->next_legacy;

    x->found.wasted = 0;
    while (*pos < end) {
        bool one = find_record(next, w, *pos, end), other = find_legacy(legacy, w, *pos, end);
        bool old = other && (!one || legacy->at < next->at);
        uint32_t at = (uint32_t)((old ? legacy->at : next->at) - w->file_off);
        uint32_t size = old ? (uint32_t)legacy->legacy.len : next->r.size;
        evx_status st = EVX_SKIP;
        if (!one && !other)
            break;
        if (size <= limit - at)
            st = old ? put_legacy(x, w, &legacy->legacy) : put_alone(x, w, slack_of, &next->r);
        if (st == EVX_END)
            return EVX_END;
        x->alone += st == EVX_OK;
        if (st == EVX_OK)
            *pos = at + size;
        else
            *pos = old ? at + 1 : recover_step(&x->found, &next->r, 1);
    }
    if (*pos < end)
        *pos = end;
    return EVX_OK;
}

/* ---- chunks --------------------------------------------------------------------------------- */

static evx_status put_chunk(carver *x, const evx_window *w, const evx_chunk *c)
{
    evx_records it;
    evx_record r;
    evx_status st, put = EVX_OK;
    uint32_t at = (uint32_t)(c->base - w->base), slack = at + c->free_off;

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
    return put == EVX_END ? EVX_END : put_between(x, w, c, &slack, at + c->len, at + c->len);
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
        uint32_t limit = found == EVX_OK ? at : w->len;

        if (put_between(x, w, NULL, pos, stop, limit) == EVX_END)
            return EVX_END;
        if (found != EVX_OK || at >= end)
            continue;
        if (put_chunk(x, w, &c) == EVX_END)
            return EVX_END;
        *pos = at + c.len;
    }
    return EVX_OK;
}

static bool carve(carver *x, int fd)
{
    size_t have = 0, got;
    uint64_t off = 0;                /* of the buffer's first byte                             */
    uint32_t pos = 0;
    int error = 0;

    do {
        evx_window w = { buffer, 0, off };
        uint32_t drop;
        got = error == 0 ? cli_read(fd, buffer + have, sizeof buffer - have, &error) : 0;
        have += got;
        w.len = (uint32_t)have;
        if (put_window(x, &w, &pos, got > 0 && have == sizeof buffer ? BEHIND + HALF : w.len)
            == EVX_END)
            return false;
        pos = pos < w.len ? pos : w.len;
        drop = pos > BEHIND ? pos - BEHIND : 0;
        memmove(buffer, buffer + drop, have - drop);
        have -= drop;
        off += drop;
        pos -= drop;
    } while (got > 0 && !cli_interrupted());
    if (error != 0 || cli_interrupted()) {
        x->failed++;
        cli_say("%s: at offset %llu: %s", x->path, (unsigned long long)off + have,
                cli_interrupted() ? "stopped by a signal" : cli_error_text(error));
    }
    x->read += have > 0 || error == 0;
    return true;
}

static void carve_path(carver *x, const char *path)
{
    bool standard = strcmp(path, "-") == 0;
    int ignored, error = 0, fd = standard ? CLI_IN : cli_open(path, false, &error);

    if (!standard && cli_kind(path, false, &ignored) == CLI_FOLDER) {
        cli_say("%s: is a folder; carve takes the files in it, one by one", path);
        x->failed++;
    } else if (fd < 0) {
        cli_say("%s: %s", path, cli_error_text(error));
        x->failed++;
    } else {
        x->has_base = false;
        recover_renew(&x->found);
        memset(&x->next, 0, sizeof x->next);
        memset(&x->next_legacy, 0, sizeof x->next_legacy);
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
    config.kernels = cli_kernels();
    x->values = !a->no_values;
    x->verbose = a->verbose > 0;
    cli_output_begin(&x->output);
    if (!recover_init(&x->found, &config, format < 2, a->wevt, &x->output))
        return CLI_USAGE;
    if (evx_walk_init(&walk, sizeof walk, slots, EVX_SLOTS_WORST, NULL) < 0
        || evx_evt_image_init(&image, sizeof image, (uint8_t *)image_memory, NULL) < 0)
        return cli_usage("carve: the library is of another version");
    return CLI_CLEAN;
}

static int run(carver *x, char **paths, int count)
{
    const recover *f = &x->found;
    int status;

    cli_run_confined(paths, count, x->verbose);
    for (int i = 0; i < count && x->output.error == 0 && !cli_interrupted(); i++)
        carve_path(x, paths[i]);
    status = cli_output_end(&x->output);
    if (status != CLI_CLEAN)
        return status;
    if (x->read > 0) {
        cli_say("%llu chunk%s; %llu record%s alone", (unsigned long long)x->chunks,
                cli_s(x->chunks), (unsigned long long)x->alone, cli_s(x->alone));
        recover_say(f);
    }
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
                                   { "no-sandbox", 0, CLI_FLAG, &cli_unconfined },
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
