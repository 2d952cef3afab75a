/* tests/kit/mkseal.c - headers, checksums, pokes, ring order: the last touches */
#include "mkint.h"

#include <string.h>

enum { F_FIRST = 8, F_LAST = 16, F_FLAGS = 120, F_CRC = 124 };
enum { C_FREE = 48, C_DATA_CRC = 52, C_FLAGS = 120, C_CRC = 124, NO_CRC = 4 };

/* Bit by bit: slow, and impossible to get wrong in the same way as a table. */
uint32_t mk_crc32(uint32_t crc, const void *p, size_t n)
{
    const uint8_t *b = (const uint8_t *)p;
    crc = ~crc;
    for (size_t i = 0; i < n; i++) {
        crc ^= b[i];
        for (int k = 0; k < 8; k++) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    return ~crc;
}

void mk_fix_chunk(uint8_t *c, size_t len)
{
    if (len < MK_CHUNK_HEADER || memcmp(c, "ElfChnk", 8) != 0) return;
    if (mk_get_int(c + C_FLAGS, 4) & NO_CRC) return;
    size_t end = (size_t)mk_get_int(c + C_FREE, 4);
    if (end > len) end = len;
    if (end < MK_CHUNK_HEADER) end = MK_CHUNK_HEADER;
    mk_store(c + C_DATA_CRC, mk_crc32(0, c + MK_CHUNK_HEADER, end - MK_CHUNK_HEADER), 4);
    uint32_t crc = mk_crc32(0, c, C_FLAGS);
    mk_store(c + C_CRC, mk_crc32(crc, c + 128, 384), 4);
}

void mk_fix(uint8_t *file, size_t len)
{
    if (len < 128) return;
    if (!(mk_get_int(file + F_FLAGS, 4) & NO_CRC))
        mk_store(file + F_CRC, mk_crc32(0, file, F_FLAGS), 4);
    for (size_t at = MK_FILE_HEADER; at < len; at += MK_CHUNK)
        mk_fix_chunk(file + at, len - at < MK_CHUNK ? len - at : MK_CHUNK);
}

static mk_poked *new_poke(mk_file *f, size_t off, size_t n, int late)
{
    static mk_poked nowhere;
    mk_poked *p = &nowhere;

    if (f->pokes == MK_POKES)
        mk_fail(f, "too many pokes");
    else
        p = &f->poke[f->pokes++];
    p->off = off;
    p->len = n;
    p->late = late;
    p->bytes = NULL;
    return p;
}

static void add_poke(mk_file *f, size_t off, const void *bytes, size_t n, int late)
{
    mk_poked *p = new_poke(f, off, n, late);

    if (n <= MK_POKE_OWN)
        memcpy(p->own, bytes, n);
    else
        p->bytes = (const uint8_t *)bytes;
}

void mk_poke(mk_file *f, size_t off, const void *bytes, size_t n)
{
    add_poke(f, off, bytes, n, 1);
}

void mk_poke_sealed(mk_file *f, size_t off, const void *bytes, size_t n)
{
    add_poke(f, off, bytes, n, 0);
}

void mk_poke_int(mk_file *f, size_t off, uint64_t v, size_t n)
{
    mk_store(new_poke(f, off, n, 1)->own, v, n);
}

void mk_poke_sealed_int(mk_file *f, size_t off, uint64_t v, size_t n)
{
    mk_store(new_poke(f, off, n, 0)->own, v, n);
}

static void apply(mk_file *f, size_t len, int late)
{
    for (uint32_t i = 0; i < f->pokes; i++) {
        const mk_poked *p = &f->poke[i];
        if (p->late != late) continue;
        if (p->off > len || p->len > len - p->off) mk_fail(f, "a poke lies outside the file");
        else memcpy(f->mem + p->off, p->bytes ? p->bytes : p->own, p->len);
    }
}

static void put_file_header(mk_file *f)
{
    uint8_t *h = f->mem;
    memcpy(h, "ElfFile", 8);
    mk_store(h + F_FIRST, 0, 8);
    mk_store(h + F_LAST, f->chunks ? f->chunks - 1 : 0, 8);
    mk_store(h + 24, f->next_id, 8);
    mk_store(h + 32, 128, 4);
    mk_store(h + 36, f->minor, 2);
    mk_store(h + 38, f->major, 2);
    mk_store(h + 40, MK_FILE_HEADER, 2);
    mk_store(h + 42, f->chunks, 2);
    mk_store(h + F_FLAGS, f->flags, 4);
}

mk_bytes mk_end(mk_file *f)
{
    mk_bytes out = { NULL, 0 };
    size_t len = MK_FILE_HEADER + (size_t)f->chunks * MK_CHUNK;
    if (f->failed) return out;
    put_file_header(f);
    apply(f, len, 0);
    mk_fix(f->mem, len);
    apply(f, len, 1);
    if (f->failed) return out;
    out.ptr = f->mem;
    out.len = len;
    return out;
}

size_t mk_trim(const mk_file *f)
{
    return f->chunk_at ? f->chunk_at + f->pos : MK_FILE_HEADER;
}

static void swap_chunks(uint8_t *a, uint8_t *b)
{
    for (size_t i = 0; i < MK_CHUNK; i++) {
        uint8_t t = a[i];
        a[i] = b[i];
        b[i] = t;
    }
}

static void reverse(uint8_t *first, size_t n)
{
    for (size_t i = 0; i < n / 2; i++)
        swap_chunks(first + i * MK_CHUNK, first + (n - 1 - i) * MK_CHUNK);
}

/* The chunk that was slot 0 (the oldest) moves to slot `by`, as when a full log wrapped. */
void mk_rotate(uint8_t *file, size_t len, uint32_t by)
{
    size_t n = (len - MK_FILE_HEADER) / MK_CHUNK;
    if (n < 2 || by % n == 0) return;
    by = (uint32_t)(by % n);
    uint8_t *c = file + MK_FILE_HEADER;
    reverse(c, n);
    reverse(c, by);
    reverse(c + (size_t)by * MK_CHUNK, n - by);
    mk_store(file + F_FIRST, by, 8);
    mk_store(file + F_LAST, by - 1, 8);
    mk_fix(file, len);
}
