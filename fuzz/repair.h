/* fuzz/repair.h - where the records of a chunk stand; sizes, offsets and sums set right again */
#ifndef EVX_FUZZ_REPAIR_H
#define EVX_FUZZ_REPAIR_H

#include "fuzz.h"

enum { CHUNK = 65536, RECORDS_AT = 512, HEAD = 24, MOST = 64 };

typedef struct image {
    uint8_t *p;                      /* the chunk                                             */
    size_t len, max;                 /* bytes; room                                           */
    size_t at[MOST + 1], count;      /* its records; at[count] is where the last one ends     */
} image;

/* ---- bytes ----------------------------------------------------------------------------------- */

static uint32_t get32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void put32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> 8 * i);
}

static void put16(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}

/* By a table, made once: each mutation is summed. */
static uint32_t crc32(uint32_t crc, const uint8_t *p, size_t n)
{
    static uint32_t table[256];

    if (table[1] == 0)
        for (uint32_t i = 0; i < 256; i++) {
            table[i] = i;
            for (int k = 0; k < 8; k++)
                table[i] = table[i] >> 1 ^ (0xedb88320u & (0u - (table[i] & 1)));
        }
    crc = ~crc;
    while (n-- != 0)
        crc = crc >> 8 ^ table[(crc ^ *p++) & 0xff];
    return ~crc;
}

/* ---- repair ---------------------------------------------------------------------------------- */

static void find_records(image *m)
{
    size_t end = m->len, claimed = m->len >= RECORDS_AT ? get32(m->p + 48) : 0;

    m->count = 0;
    if (m->len == CHUNK && claimed > RECORDS_AT && claimed <= CHUNK)
        end = claimed;
    for (size_t at = RECORDS_AT; at + HEAD + 4 <= end && m->count < MOST; at++)
        if (m->p[at] == '*' && get32(m->p + at) == 0x2a2a) {
            m->at[m->count++] = at;
            at += HEAD + 3;
        }
    m->at[m->count] = end;
}

/* Without dice, everything is repaired. */
static int left_out(fuzz_dice *d)
{
    return d && fuzz_one_in(d, 16);
}

static void repair_chunk(image *m, fuzz_dice *d)
{
    uint32_t crc;

    if (m->len < RECORDS_AT)
        return;
    find_records(m);
    if (!left_out(d))
        memcpy(m->p, "ElfChnk", 8);
    for (size_t i = 0; i < m->count; i++) {
        size_t size = m->at[i + 1] - m->at[i];
        if (!left_out(d))
            put32(m->p + m->at[i] + 4, (uint32_t)size);
        if (!left_out(d))
            put32(m->p + m->at[i] + size - 4, (uint32_t)size);
    }
    if (!left_out(d))
        put32(m->p + 48, (uint32_t)m->at[m->count]);
    if (!left_out(d) && m->count != 0)
        put32(m->p + 44, (uint32_t)m->at[m->count - 1]);
    if (!left_out(d) && m->at[m->count] >= RECORDS_AT)
        put32(m->p + 52, crc32(0, m->p + RECORDS_AT, m->at[m->count] - RECORDS_AT));
    if (!left_out(d)) {
        crc = crc32(0, m->p, 120);
        put32(m->p + 124, crc32(crc, m->p + 128, RECORDS_AT - 128));
    }
}

static void repair_file_header(uint8_t *p, size_t len, fuzz_dice *d)
{
    if (len < 128)
        return;
    if (!left_out(d))
        memcpy(p, "ElfFile", 8);
    if (!left_out(d)) {
        put32(p + 32, 128);
        put16(p + 38, 3);
        put16(p + 40, EVX_FILE_HEADER_SIZE);
    }
    if (!left_out(d))
        put32(p + 124, crc32(0, p, 120));
}

static void repair(uint8_t *p, size_t len, fuzz_dice *d)
{
    if (fuzz_chunk_at == EVX_FILE_HEADER_SIZE)
        repair_file_header(p, len, d);
    for (size_t at = fuzz_chunk_at; at < len; at += CHUNK) {
        image m = { p + at, len - at < CHUNK ? len - at : CHUNK, 0, { 0 }, 0 };
        repair_chunk(&m, d);
    }
}

#endif
