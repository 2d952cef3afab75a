/* fuzz/mutate_evt.c - mutations that keep a legacy log a log: records, their copies, the ring */
#include "fuzz.h"

/*
 * A record proves itself by a signature and two equal sizes, and the ring by an end record that
 * knows its place: plain mutation loses all of that at once. This one works on whole records, turns
 * the ring so that its seam goes anywhere, and sets right what it broke, mostly.
 */
enum { HEADER = 48, END = 40, MOST = 256 };

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

typedef struct found { size_t at, len; } found;

static uint32_t get32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void put32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> 8 * i);
}

static size_t find(const uint8_t *p, size_t len, found *list)
{
    size_t n = 0;

    for (size_t at = HEADER; at + 56 <= len && n < MOST;) {
        uint32_t size = get32(p + at);
        if (memcmp(p + at + 4, "LfLe", 4) != 0 || size < 60 || size > len - at) {
            at += 4;
            continue;
        }
        list[n].at = at;
        list[n++].len = size;
        at += size;
    }
    return n;
}

/* The seam goes to another place: what stood in front of it comes last. */
static void turn(uint8_t *p, size_t len, fuzz_dice *d)
{
    static uint8_t kept[1 << 20];
    size_t data = len - HEADER, by = 4 * (size_t)fuzz_pick(d, (uint32_t)(data / 4 + 1));

    if (by >= data || by > sizeof kept)
        return;
    memcpy(kept, p + HEADER, by);
    memmove(p + HEADER, p + HEADER + by, data - by);
    memcpy(p + HEADER + data - by, kept, by);
}

/* The end record's own offset, and that of the oldest record: right behind it, or the first. */
static void place_end(uint8_t *p, size_t len, fuzz_dice *d)
{
    for (size_t at = HEADER; at + END <= len; at += 4) {
        size_t next = at + END;
        if (memcmp(p + at, "\x28\0\0\0\x11\x11\x11\x11", 8) != 0)
            continue;
        while (next + 8 <= len && memcmp(p + next + 4, "LfLe", 4) != 0)
            next += 4;
        put32(p + at + 24, (uint32_t)at);
        put32(p + at + 20, next + 8 <= len && !fuzz_one_in(d, 4) ? (uint32_t)next : HEADER);
        return;
    }
}

/* Its fields, strings and data change, its size and the copy of it do not. */
static void inside(uint8_t *p, const found *r)
{
    (void)LLVMFuzzerMutate(p + r->at + 8, r->len - 12, r->len - 12);
}

static size_t twice(uint8_t *p, size_t len, size_t max, const found *r)
{
    if (r->len > max - len)
        return len;
    memmove(p + r->at + r->len, p + r->at, len - r->at);
    return len + r->len;
}

static size_t away(uint8_t *p, size_t len, const found *r)
{
    memmove(p + r->at, p + r->at + r->len, len - r->at - r->len);
    return len - r->len;
}

/* Grow or shrink it by a few words, in front of its copy. */
static size_t resize(uint8_t *p, size_t len, size_t max, const found *r, fuzz_dice *d)
{
    uint32_t by = 4 * (1 + fuzz_pick(d, 16)), size = (uint32_t)r->len;
    size_t end = r->at + r->len;

    if (fuzz_one_in(d, 2) && by <= max - len) {
        memmove(p + end - 4 + by, p + end - 4, len - end + 4);
        len += by;
        size += by;
    } else if (by + 60 <= size) {
        memmove(p + end - 4 - by, p + end - 4, len - end + 4);
        len -= by;
        size -= by;
    }
    put32(p + r->at, size);
    put32(p + r->at + size - 4, size);
    return len;
}

static size_t change(uint8_t *p, size_t len, size_t max, fuzz_dice *d)
{
    static found list[MOST];
    size_t n = find(p, len, list);
    const found *r = &list[n ? fuzz_pick(d, (uint32_t)n) : 0];

    if (n == 0)
        return LLVMFuzzerMutate(p, len, max);
    switch (fuzz_pick(d, 7)) {
    case 0: case 1: inside(p, r); return len;
    case 2: return twice(p, len, max, r);
    case 3: return away(p, len, r);
    case 4: return resize(p, len, max, r, d);
    case 5: turn(p, len, d); return len;
    default: return LLVMFuzzerMutate(p, len, max);
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    fuzz_dice d = { seed };

    if (size <= HEADER)
        return LLVMFuzzerMutate(data, size, max);
    size = change(data, size, max, &d);
    if (size > HEADER && !fuzz_one_in(&d, 8)) {
        put32(data, HEADER);
        memcpy(data + 4, "LfLe", 4);
        place_end(data, size, &d);
    }
    return size;
}
