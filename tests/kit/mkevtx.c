/* tests/kit/mkevtx.c - file, chunk and record containers of the log writer. */
#include "mkint.h"

#include <string.h>

/* Chunk header fields that follow the records: [8, 56). */
enum { C_FIRST_NUM = 8, C_LAST_NUM = 16, C_FIRST_ID = 24, C_LAST_ID = 32, C_LAST_OFF = 44 };
enum { C_FREE = 48, C_FLAGS = 120, C_NAMES = 128, C_TABLES = 384 };
enum { R_SIZE = 4, R_HEADER = 24, R_MIN = 28, MK_RECORD_MAX = 65536 - 512 };

/* Where a chunk is full, a spec is read no further: what is wrong then is not the spec. The record
 * is tried again in the next chunk. */
void mk_fail(mk_file *f, const char *why)
{
    if (!f->failed && !f->full) f->failed = why;
}

void mk_store(uint8_t *p, uint64_t v, size_t n)
{
    for (size_t i = 0; i < n; i++) p[i] = (uint8_t)(v >> (8 * i));
}

uint64_t mk_get_int(const uint8_t *p, size_t n)
{
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++) v |= (uint64_t)p[i] << (8 * i);
    return v;
}

void mk_put(mk_file *f, const void *p, size_t n)
{
    if (f->full || n > (size_t)(MK_CHUNK - f->pos)) {
        f->full = 1;
        return;
    }
    if (n) memcpy(f->mem + f->chunk_at + f->pos, p, n);
    f->pos += (uint32_t)n;
}

void mk_put_int(mk_file *f, uint64_t v, size_t n)
{
    uint8_t b[8];
    mk_store(b, v, n);
    mk_put(f, b, n);
}

void mk_set_int(mk_file *f, uint32_t chunk_off, uint64_t v, size_t n)
{
    if (!f->full) mk_store(f->mem + f->chunk_at + chunk_off, v, n);
}

void mk_begin(mk_file *f, uint8_t *mem, size_t cap)
{
    memset(f, 0, sizeof *f);
    f->major = 3;
    f->minor = 1;
    f->chunk_flags = 1;
    f->number = 1;
    f->next_id = 1;
    f->mem = mem;
    f->cap = cap;
    if (cap < MK_FILE_HEADER) mk_fail(f, "memory is smaller than a file header");
    else memset(mem, 0, MK_FILE_HEADER);
}

/* An unused chunk: ids and numbers are all ones, nothing is in it. */
void mk_chunk(mk_file *f)
{
    size_t at = MK_FILE_HEADER + (size_t)f->chunks * MK_CHUNK;
    if (f->failed) return;
    if (f->cap < at + MK_CHUNK) {
        mk_fail(f, "memory is too small for another chunk");
        return;
    }
    uint8_t *c = f->mem + at;
    memset(c, 0, MK_CHUNK);
    memcpy(c, "ElfChnk", 8);
    memset(c + C_FIRST_NUM, 0xff, 32);
    mk_store(c + 40, 128, 4);
    mk_store(c + C_FREE, MK_CHUNK_HEADER, 4);
    mk_store(c + C_FLAGS, f->chunk_flags, 4);
    f->chunk_at = at;
    f->pos = MK_CHUNK_HEADER;
    f->chunks++;
    for (uint32_t i = 0; i < f->templates; i++) f->tmpl[i].def = 0;
}

/* Everything a record that did not fit has to take back. */
typedef struct rollback { uint8_t tables[C_TABLES]; uint32_t def[MK_TEMPLATES]; uint32_t pos; }
    rollback;

static void remember(const mk_file *f, rollback *r)
{
    memcpy(r->tables, f->mem + f->chunk_at + C_NAMES, sizeof r->tables);
    for (uint32_t i = 0; i < f->templates; i++) r->def[i] = f->tmpl[i].def;
    r->pos = f->pos;
}

static void take_back(mk_file *f, const rollback *r)
{
    uint8_t *c = f->mem + f->chunk_at;
    memcpy(c + C_NAMES, r->tables, sizeof r->tables);
    for (uint32_t i = 0; i < f->templates; i++) f->tmpl[i].def = r->def[i];
    memset(c + r->pos, 0, MK_CHUNK - r->pos);
    f->pos = r->pos;
    f->full = 0;
}

static void link_record(mk_file *f, uint32_t at, uint64_t id)
{
    uint8_t *c = f->mem + f->chunk_at;
    memcpy(f->before, c, sizeof f->before);
    if (at == MK_CHUNK_HEADER) {
        mk_store(c + C_FIRST_NUM, f->number, 8);
        mk_store(c + C_FIRST_ID, id, 8);
    }
    mk_store(c + C_LAST_NUM, f->number++, 8);
    mk_store(c + C_LAST_ID, id, 8);
    mk_store(c + C_LAST_OFF, at, 4);
    mk_store(c + C_FREE, f->pos, 4);
    f->next_id = id + 1;
}

/* A record's parts: a body to compose, or raw bytes. */
typedef struct content { const mk_body *body; const void *raw; size_t n; } content;

static size_t try_record(mk_file *f, uint64_t id, uint64_t written, const content *c)
{
    uint32_t at = f->pos;
    mk_put(f, "**\0", 4);
    mk_put_int(f, 0, 4);
    mk_put_int(f, id, 8);
    mk_put_int(f, written, 8);
    if (c->body) mk_put_body(f, c->body);
    else mk_put(f, c->raw, c->n);
    while (!f->full && (f->pos + 4) % 8) mk_put(f, &f->padding, 1);
    mk_put_int(f, f->pos + 4 - at, 4);
    if (f->full) return 0;
    mk_set_int(f, at + R_SIZE, f->pos - at, 4);
    link_record(f, at, id);
    return f->chunk_at + at;
}

static size_t put_record(mk_file *f, uint64_t id, uint64_t written, const content *c)
{
    static const char never[] = "a record is larger than a chunk";
    rollback undo;
    if (!f->failed && !f->chunk_at) mk_chunk(f);
    for (int round = 0; !f->failed; round++) {
        remember(f, &undo);
        size_t at = try_record(f, id, written, c);
        if (at || f->failed) return f->failed ? 0 : at;
        take_back(f, &undo);
        if (f->pos == MK_CHUNK_HEADER || round) {
            if (!f->loose) mk_fail(f, never);
            return 0;
        }
        mk_chunk(f);
    }
    return 0;
}

size_t mk_record_body(mk_file *f, uint64_t id, uint64_t written, const mk_body *b)
{
    content c = { b, NULL, 0 };
    return put_record(f, id, written, &c);
}

size_t mk_record_raw(mk_file *f, uint64_t id, uint64_t written, const void *p, size_t n)
{
    content c = { NULL, p, n };
    return put_record(f, id, written, &c);
}

size_t mk_record(mk_file *f, uint64_t id, uint64_t written, uint32_t tmpl,
                 const mk_value *v, size_t n)
{
    mk_body b = mk_nested(tmpl, v, n);
    return mk_record_body(f, id, written, &b);
}

size_t mk_record_plain(mk_file *f, uint64_t id, uint64_t written, const char *spec)
{
    mk_body b = mk_nested_plain(spec);
    return mk_record_body(f, id, written, &b);
}

/* FNV-1a with two seeds: the same spec has the same GUID in every file and on every day. */
static void spec_guid(const char *spec, uint8_t guid[16])
{
    uint64_t h[2] = { 0xcbf29ce484222325u, 0x9ae16a3b2f90404fu };
    for (const char *s = spec; *s; s++)
        for (int i = 0; i < 2; i++) h[i] = (h[i] ^ (uint8_t)*s) * 0x100000001b3u;
    mk_store(guid, h[0], 8);
    mk_store(guid + 8, h[1], 8);
}

uint32_t mk_template_guid(mk_file *f, const char *spec, const uint8_t guid[16])
{
    if (f->templates == MK_TEMPLATES) {
        mk_fail(f, "too many templates");
        return 0;
    }
    mk_tmpl *t = &f->tmpl[f->templates];
    t->spec = spec;
    t->def = 0;
    memcpy(t->guid, guid, 16);
    return f->templates++;
}

uint32_t mk_template(mk_file *f, const char *spec)
{
    uint8_t guid[16];
    for (uint32_t i = 0; i < f->templates; i++)
        if (strcmp(f->tmpl[i].spec, spec) == 0) return i;
    spec_guid(spec, guid);
    return mk_template_guid(f, spec, guid);
}

uint32_t mk_def_at(const mk_file *f, uint32_t tmpl)
{
    return tmpl < f->templates ? f->tmpl[tmpl].def : 0;
}

void mk_swallow(mk_file *f, size_t record)
{
    if (f->failed) return;
    uint8_t *r = f->mem + record;
    uint64_t size = mk_get_int(r + R_SIZE, 4);
    size += mk_get_int(r + size + R_SIZE, 4);
    mk_store(r + R_SIZE, size, 4);
    mk_store(r + size - 4, size, 4);
}

void mk_slack(mk_file *f)
{
    if (f->failed || !f->chunk_at) return;
    memcpy(f->mem + f->chunk_at, f->before, sizeof f->before);
    f->number--;
}
