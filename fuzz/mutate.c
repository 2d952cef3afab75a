/* fuzz/mutate.c - mutations that keep a log a log: records, offsets, sizes and sums are repaired */
#include "repair.h"

/*
 * Plain mutation of an EVTX file dies at the first checksum or size. This one works on records: it
 * changes one, moves it, doubles it, or takes one from another input, and then repairs what the
 * change broke. Offsets count from the chunk, so bytes that move take their references along: an
 * entry that stands where it is first named (its offset is the position behind that offset) is
 * known by that, and every other mention of its offset is moved with it.
 *
 * Each repair is left out once in sixteen, so that the paths for damaged logs are reached as well.
 * libFuzzer calls the two functions at the end; AFL++ has repair_afl.c.
 */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_len, const uint8_t *two,
                                 size_t two_len, uint8_t *out, size_t max, unsigned seed);

/* The chunk of the input that this run works on; an empty one where there is none. */
static image choose_chunk(uint8_t *p, size_t len, size_t max, fuzz_dice *d)
{
    image m = { p, 0, 0, { 0 }, 0 };
    size_t chunks, which;

    if (len <= fuzz_chunk_at)
        return m;
    chunks = (len - fuzz_chunk_at + CHUNK - 1) / CHUNK;
    which = fuzz_pick(d, (uint32_t)chunks);
    m.p = p + fuzz_chunk_at + which * CHUNK;
    m.len = len - fuzz_chunk_at - which * CHUNK;
    m.max = m.len;
    if (m.len > CHUNK)
        m.len = m.max = CHUNK;
    else if (which + 1 == chunks)            /* the last one may grow */
        m.max = max - fuzz_chunk_at - which * CHUNK < CHUNK
            ? max - fuzz_chunk_at - which * CHUNK : CHUNK;
    find_records(&m);
    return m;
}

/* ---- moving bytes, with the offsets that mean them ------------------------------------------- */

static uint8_t entries[CHUNK / 8 + 1];           /* a bit for each entry named where it stands */

static void find_entries(const image *m)
{
    memset(entries, 0, sizeof entries);
    for (size_t at = RECORDS_AT; at + 8 <= m->len; at++)
        if (get32(m->p + at) == at + 4)
            entries[(at + 4) / 8] |= (uint8_t)(1u << (at + 4) % 8);
}

static void move_references(image *m, size_t from, ptrdiff_t by)
{
    for (size_t at = RECORDS_AT; at + 4 <= m->len; at++) {
        uint32_t v = get32(m->p + at);
        if (v >= from && v < CHUNK && (entries[v / 8] >> v % 8 & 1)) {
            put32(m->p + at, (uint32_t)((ptrdiff_t)v + by));
            at += 3;
        }
    }
}

/* Make room for n bytes at `at`, or fail. */
static int open_gap(image *m, size_t at, size_t n)
{
    if (at > m->len || n > m->max - m->len)
        return 0;
    find_entries(m);
    memmove(m->p + at + n, m->p + at, m->len - at);
    memset(m->p + at, 0, n);
    m->len += n;
    move_references(m, at, (ptrdiff_t)n);
    return 1;
}

static void close_gap(image *m, size_t at, size_t n)
{
    find_entries(m);
    memmove(m->p + at, m->p + at + n, m->len - at - n);
    m->len -= n;
    move_references(m, at + n, -(ptrdiff_t)n);
}

/* A record put to another place: what stands inside it moves along. */
static void settle(image *m, size_t at, size_t n, size_t was)
{
    for (size_t i = at; i + 4 <= at + n; i++) {
        uint32_t v = get32(m->p + i);
        if (v >= was && v < was + n) {
            put32(m->p + i, (uint32_t)(v - was + at));
            i += 3;
        }
    }
}

static int insert_record(image *m, size_t at, const uint8_t *record, size_t n, size_t was)
{
    if (!open_gap(m, at, n))
        return 0;
    memcpy(m->p + at, record, n);
    settle(m, at, n, was);
    return 1;
}

/* ---- mutations ------------------------------------------------------------------------------- */

static uint8_t scratch[CHUNK];

static size_t any_record(const image *m, fuzz_dice *d, size_t *n)
{
    size_t i = fuzz_pick(d, (uint32_t)m->count);

    *n = m->at[i + 1] - m->at[i];
    return m->at[i];
}

static void change_body(image *m, fuzz_dice *d)
{
    size_t n, at = any_record(m, d, &n), body = at + HEAD, old = n - HEAD - 4, fresh;
    size_t room = old + 256 < sizeof scratch ? old + 256 : sizeof scratch;

    memcpy(scratch, m->p + body, old);
    fresh = LLVMFuzzerMutate(scratch, old, room);
    if (fresh > old && !open_gap(m, body + old, fresh - old))
        fresh = old;
    else if (fresh < old)
        close_gap(m, body + fresh, old - fresh);
    memcpy(m->p + body, scratch, fresh);
}

static void double_record(image *m, fuzz_dice *d)
{
    size_t n, at = any_record(m, d, &n);

    memcpy(scratch, m->p + at, n);
    (void)insert_record(m, m->at[1 + fuzz_pick(d, (uint32_t)m->count)], scratch, n, at);
}

static void delete_record(image *m, fuzz_dice *d)
{
    size_t n, at = any_record(m, d, &n);

    if (m->count > 1)
        close_gap(m, at, n);
}

static void change_byte(image *m, fuzz_dice *d)
{
    static const uint8_t words[] = {
        0x00, 0x01, 0x41, 0x02, 0x03, 0x04, 0x05, 0x45, 0x06, 0x46, 0x07, 0x08, 0x09, 0x0a, 0x0b,
        0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x20, 0x21, 0x23, 0x80, 0x81,
        0x82, 0x83, 0x84, 0x88, 0x8a, 0x8b, 0x8c, 0x8d, 0x8f, 0x91, 0x92, 0x93, 0x94, 0x95, 0xff
    };
    size_t n, at = any_record(m, d, &n);

    m->p[at + HEAD + fuzz_pick(d, (uint32_t)(n - HEAD))] = words[fuzz_pick(d, sizeof words)];
}

static void change_offset(image *m, fuzz_dice *d)
{
    size_t n, at = any_record(m, d, &n), to = at + HEAD + fuzz_pick(d, (uint32_t)(n - HEAD - 3));
    uint32_t edges[] = {
        (uint32_t)to, (uint32_t)to + 4, (uint32_t)to - 4, (uint32_t)at, RECORDS_AT, RECORDS_AT - 1,
        128, 0, 0xffff, CHUNK, 0xffffffffu, 0x80000000u, (uint32_t)m->len, (uint32_t)m->len - 1,
        fuzz_pick(d, CHUNK), fuzz_pick(d, (uint32_t)m->len)
    };

    put32(m->p + to, edges[fuzz_pick(d, sizeof edges / sizeof edges[0])]);
}

static void change_size(image *m, fuzz_dice *d)
{
    static const uint16_t edges[] = { 0, 1, 2, 3, 4, 7, 8, 9, 16, 0x7fff, 0x8000, 0xfffe, 0xffff };
    size_t n, at = any_record(m, d, &n), to = at + HEAD + fuzz_pick(d, (uint32_t)(n - HEAD - 1));
    uint32_t v = fuzz_one_in(d, 2) ? edges[fuzz_pick(d, sizeof edges / sizeof edges[0])]
                                   : fuzz_pick(d, (uint32_t)n);

    put16(m->p + to, v);
}

/* A few bytes again and again: substitutions, attributes, whole elements, items of arrays. */
static void repeat_bytes(image *m, fuzz_dice *d)
{
    size_t n, at = any_record(m, d, &n), from = at + HEAD + fuzz_pick(d, (uint32_t)(n - HEAD));
    size_t len = fuzz_one_in(d, 2) ? 4 : 1 + fuzz_pick(d, 64), times = 1 + fuzz_pick(d, 16);

    if (len > at + n - from)
        len = at + n - from;
    memcpy(scratch, m->p + from, len);
    if (len * times < CHUNK && open_gap(m, from, len * times))
        for (size_t i = 0; i < times; i++)
            memcpy(m->p + from + i * len, scratch, len);
}

/* A place where text seems to stand, by its token: the offset of its length; 0 if there is none. */
static size_t any_text(const image *m, fuzz_dice *d, uint32_t *units)
{
    size_t n, at = any_record(m, d, &n), end = at + n - 4, found = 0;
    uint32_t seen = 0;

    for (size_t i = at + HEAD; i + 6 < end; i++) {
        uint8_t token = m->p[i] & 0xbf;
        size_t head = token == 0x05 && m->p[i + 1] == 0x01 ? i + 2 : i + 1;
        uint32_t len = (uint32_t)m->p[head] | (uint32_t)m->p[head + 1] << 8;
        if ((token == 0x05 && head == i + 1) || (token != 0x05 && token != 0x07 && token != 0x0b))
            continue;
        if (len == 0 || 2 * (size_t)len > end - head - 2)
            continue;
        /* CDATA and instructions are rare, so they count for more. */
        seen += token == 0x05 ? 1 : 4;
        if (fuzz_pick(d, seen) < (token == 0x05 ? 1u : 4u)) {
            found = head;
            *units = len;
        }
    }
    return found;
}

/* Characters that end, begin or break something, over text that is there: its length stays. */
static void change_text(image *m, fuzz_dice *d)
{
    static const uint16_t words[][4] = {
        { ']', ']', '>', 0 }, { ']', ']', ']', '>' }, { '?', '>', 0, 0 }, { '<', 0, 0, 0 },
        { '&', 0, 0, 0 }, { '"', 0, 0, 0 }, { '\'', 0, 0, 0 }, { '\\', 0, 0, 0 },
        { '-', '-', '>', 0 }, { ']', 0, 0, 0 }, { '>', 0, 0, 0 }, { ':', 0, 0, 0 },
        { ' ', 0, 0, 0 }, { '\r', '\n', 0, 0 }, { '\t', 0, 0, 0 }, { 1, 0, 0, 0 },
        { 0x1f, 0, 0, 0 }, { 0x7f, 0x85, 0x9f, 0 }, { 0xd83d, 0xde00, 0, 0 },
        { 0xd800, 0, 0, 0 }, { 0xdfff, 0, 0, 0 }, { 0xfffe, 0xffff, 0, 0 }, { 0xfeff, 0, 0, 0 },
        { 0xb7, 0x300, 0, 0 }, { 'x', 'm', 'l', 0 }, { '0', 0, 0, 0 }, { 0x2028, 0x2029, 0, 0 },
        { 0xfdd0, 0, 0, 0 }, { 0x660, 0, 0, 0 }
    };
    uint32_t units = 0, times = 1 + fuzz_pick(d, 4), i;
    size_t n, head = any_text(m, d, &units), text = head + 2;

    if (head == 0 || fuzz_one_in(d, 4)) {    /* not a token: a name, a value, anything */
        text = any_record(m, d, &n);
        units = (uint32_t)(n - HEAD - 4) / 2;
        text += HEAD + fuzz_pick(d, 2);
    }
    i = fuzz_pick(d, units);
    for (; times > 0; times--) {
        const uint16_t *word = words[fuzz_pick(d, sizeof words / sizeof words[0])];
        for (int k = 0; k < 4 && word[k] != 0 && i < units; k++, i++)
            put16(m->p + text + 2 * (size_t)i, word[k]);
    }
    if (i < units && fuzz_one_in(d, 8))
        put16(m->p + text + 2 * (size_t)i, 0);
}

/* The length of a text that is there: nearly right, up to the record's end or over it, doubled to
 * more than 16 bits. */
static void change_length(image *m, fuzz_dice *d)
{
    uint32_t units = 0, edges[10], left;
    size_t head = any_text(m, d, &units), i = 0;

    if (head == 0)
        return;
    while (i < m->count && m->at[i + 1] <= head)
        i++;
    left = (uint32_t)(m->at[i + 1] - head - 2) / 2;
    for (uint32_t k = 0; k < 3; k++) {
        edges[k] = units - 1 + k;
        edges[3 + k] = left - 2 + k;
        edges[6 + k] = 0x7fff + k;
    }
    edges[9] = 0xffff;
    put16(m->p + head, edges[fuzz_pick(d, 10)]);
}

/* Plain text becomes a CDATA section, and the other way. */
static void recast_text(image *m, fuzz_dice *d)
{
    uint32_t units;
    size_t head = any_text(m, d, &units);

    if (head == 0)
        return;
    if (m->p[head - 1] == 0x01 && (m->p[head - 2] & 0xbf) == 0x05) {
        m->p[head - 2] = (uint8_t)(m->p[head - 2] & 0x40) | 0x07;
        close_gap(m, head - 1, 1);
    } else if (open_gap(m, head, 1)) {
        m->p[head - 1] = (uint8_t)(m->p[head - 1] & 0x40) | 0x05;
        m->p[head] = 0x01;
    }
}

/* Bytes of one record into another: definitions into values, values into bodies. */
static void splice(image *m, fuzz_dice *d)
{
    size_t n, at = any_record(m, d, &n), from = at + fuzz_pick(d, (uint32_t)n), other, to;
    size_t len = 1 + fuzz_pick(d, 200);

    if (len > at + n - from)
        len = at + n - from;
    memcpy(scratch, m->p + from, len);
    other = any_record(m, d, &n);
    to = other + HEAD + fuzz_pick(d, (uint32_t)(n - HEAD - 3));
    if (fuzz_one_in(d, 2)) {
        (void)insert_record(m, to, scratch, len, from);
    } else {
        if (len > m->len - to)
            len = m->len - to;
        memcpy(m->p + to, scratch, len);
    }
}

static void mutate_chunk(image *m, fuzz_dice *d)
{
    static void (*const ways[])(image *, fuzz_dice *) = {
        change_body, change_body, change_byte, change_byte, change_offset, change_text, change_text,
        change_text, recast_text, change_length, change_size, change_size, repeat_bytes, splice,
        double_record, delete_record
    };

    for (uint32_t n = 1 + fuzz_pick(d, 3); n > 0; n--) {
        if (m->count == 0 || m->at[m->count] - m->at[m->count - 1] < HEAD + 8)
            return;
        ways[fuzz_pick(d, sizeof ways / sizeof ways[0])](m, d);
        find_records(m);
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    fuzz_dice d = { seed };
    image m;
    size_t before;

    if (fuzz_one_in(&d, 16))
        return LLVMFuzzerMutate(data, size, max);
    if (size > fuzz_chunk_at && fuzz_chunk_at > 1
        && fuzz_one_in(&d, fuzz_chunk_at == EVX_FILE_HEADER_SIZE ? 16 : 3)) {
        (void)LLVMFuzzerMutate(data, fuzz_chunk_at, fuzz_chunk_at);
        return size;                         /* what stands in front of the chunks */
    }
    m = choose_chunk(data, size, max, &d);
    if (m.count == 0) {
        size = LLVMFuzzerMutate(data, size, max);
    } else {
        before = m.len;
        mutate_chunk(&m, &d);
        /* Only the last chunk changes its length, so the end of the input moves with it. */
        if (m.p + before == data + size)
            size = size - before + m.len;
        else if (m.len < before)
            memset(m.p + m.len, 0, before - m.len);
    }
    repair(data, size, &d);
    return size;
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_len, const uint8_t *two,
                                 size_t two_len, uint8_t *out, size_t max, unsigned seed)
{
    static uint8_t other[CHUNK];
    fuzz_dice d = { seed };
    image m, from;
    size_t n, at, to;

    if (one_len > max || two_len <= fuzz_chunk_at)
        return 0;
    memcpy(out, one, one_len);
    from.len = from.max = two_len - fuzz_chunk_at < CHUNK ? two_len - fuzz_chunk_at : CHUNK;
    from.p = memcpy(other, two + fuzz_chunk_at, from.len);
    find_records(&from);
    m = choose_chunk(out, one_len, max, &d);
    if (from.count == 0 || m.count == 0 || m.p + m.len != out + one_len)
        return 0;
    at = any_record(&from, &d, &n);
    to = m.at[fuzz_pick(&d, (uint32_t)m.count + 1)];
    if (!insert_record(&m, to, other + at, n, at))
        return 0;
    one_len = (size_t)(m.p - out) + m.len;
    repair(out, one_len, &d);
    return one_len;
}
