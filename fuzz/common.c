/* fuzz/common.c - cliffs, dirt and the promises that several targets check */
#include "fuzz.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_ASAN 1
#endif
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#define UNDER_MSAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define UNDER_ASAN 1
#endif
#ifdef __unix__
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#ifndef UNDER_ASAN
#define HAVE_CLIFF 1
#endif
#endif

fuzz_figures fuzz_stats;
unsigned fuzz_dirt;

/* ---- allocations ----------------------------------------------------------------------------- */

/* Of this thread: a fuzzer's own threads allocate. Volatile, because a compiler knows that malloc
 * does not read it. */
static _Thread_local volatile int watching;
static size_t allocations;

#if defined(__clang__) && (defined(UNDER_ASAN) || defined(UNDER_MSAN))
int __sanitizer_install_malloc_and_free_hooks(void (*malloc_hook)(const volatile void *, size_t),
                                              void (*free_hook)(const volatile void *));

static void note_malloc(const volatile void *p, size_t size)
{
    (void)p;
    (void)size;
    allocations += watching != 0;
}

static void note_free(const volatile void *p)
{
    (void)p;
}

static void install(void)
{
    static int installed;

    if (!installed)
        installed = __sanitizer_install_malloc_and_free_hooks(note_malloc, note_free);
}
#else
static void install(void)
{
}
#endif

size_t fuzz_watch(int on)
{
    install();
    watching = on;
    if (on)
        allocations = 0;
    return allocations;
}

/* ---- copies ---------------------------------------------------------------------------------- */

#ifdef HAVE_CLIFF

/*
 * Pages of a mapping are used again by the next input: a system call for each would be slow. Four
 * copies may be alive, dropped in the opposite order; a fifth would have no cliff.
 */
static struct cliff { uint8_t *base, *edge; } cliffs[4];
static size_t taken;

static uint8_t *at_cliff(struct cliff *c, size_t len)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), room = (size_t)(c->edge - c->base);

    if (len > room || !c->base) {
        size_t want = (len + (1u << 20) + page - 1) / page * page;
        uint8_t *p = mmap(NULL, want + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                          -1, 0);
        if (p == MAP_FAILED || mprotect(p + want, page, PROT_NONE) != 0)
            abort();
        if (c->base)
            munmap(c->base, room + page);
        c->base = p;
        c->edge = p + want;
    }
    return c->edge - len;
}

uint8_t *fuzz_copy(const uint8_t *data, size_t len)
{
    uint8_t *copy;

    FUZZ_CHECK(taken < sizeof cliffs / sizeof cliffs[0]);
    copy = at_cliff(&cliffs[taken++], len);
    if (len != 0)
        memcpy(copy, data, len);
    return copy;
}

void fuzz_drop(uint8_t *copy, size_t len)
{
    taken--;
    FUZZ_CHECK(copy == cliffs[taken].edge - len);
}

#else

uint8_t *fuzz_copy(const uint8_t *data, size_t len)
{
    int before = watching;
    uint8_t *copy;

    watching = 0;
    copy = malloc(len ? len : 1);
    watching = before;
    if (!copy)
        abort();
    if (len != 0)
        memcpy(copy, data, len);
    return copy;
}

void fuzz_drop(uint8_t *copy, size_t len)
{
    (void)len;
    free(copy);
}

#endif

void fuzz_dirty(fuzz_dice *d, void *context, size_t size)
{
    memset(context, (int)(fuzz_pick(d, 256) ^ fuzz_dirt), size);
#ifdef UNDER_MSAN
    __msan_poison(context, size);
#endif
}

/* ---- figures --------------------------------------------------------------------------------- */

#ifdef __unix__

/*
 * A fuzzer may be killed, or fork: what it has counted goes to a file now and then, which all of
 * its processes add to. Five 64-bit numbers, in the order of fuzz_figures.
 */
static fuzz_figures *shared, noted;

static void note_figures(void)
{
    shared->runs += fuzz_stats.runs - noted.runs;
    shared->deep += fuzz_stats.deep - noted.deep;
    shared->records += fuzz_stats.records - noted.records;
    shared->tokens += fuzz_stats.tokens - noted.tokens;
    shared->text += fuzz_stats.text - noted.text;
    noted = fuzz_stats;
}

static void open_figures(const char *path)
{
    int file = open(path, O_RDWR | O_CREAT, 0644);
    void *p;

    if (file < 0 || ftruncate(file, sizeof *shared) != 0)
        abort();
    p = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (p == MAP_FAILED)
        abort();
    (void)close(file);
    shared = p;
    (void)atexit(note_figures);
}

#endif

static void print_figures(void)
{
    fprintf(stderr, "runs %llu deep %llu records %llu tokens %llu text %llu\n",
            (unsigned long long)fuzz_stats.runs, (unsigned long long)fuzz_stats.deep,
            (unsigned long long)fuzz_stats.records, (unsigned long long)fuzz_stats.tokens,
            (unsigned long long)fuzz_stats.text);
}

void fuzz_count_run(void)
{
    if (fuzz_stats.runs == 0 && getenv("FUZZ_STATS"))
        (void)atexit(print_figures);
#ifdef __unix__
    if (fuzz_stats.runs == 0 && getenv("FUZZ_FIGURES"))
        open_figures(getenv("FUZZ_FIGURES"));
    if (shared && fuzz_stats.runs % 256 == 0)
        note_figures();
#endif
    fuzz_stats.runs++;
}

/* ---- chunks and records ---------------------------------------------------------------------- */

static int all_zero(const uint8_t *p, size_t len)
{
    size_t i = 0;

    while (i < len && p[i] == 0)
        i++;
    return i == len;
}

static const evx_kernels *sets[8];
static size_t set_count;

size_t fuzz_kernels_count(void)
{
    if (set_count == 0)
        while (set_count < sizeof sets / sizeof sets[0]
               && (sets[set_count] = evx_kernels_at(set_count)) != NULL)
            set_count++;
    return set_count;
}

const evx_kernels *fuzz_kernels(size_t i)
{
    return i < fuzz_kernels_count() ? sets[i] : NULL;
}

uint32_t fuzz_crc32(uint32_t crc, const uint8_t *p, size_t n)
{
    crc = ~crc;
    while (n-- != 0) {
        crc ^= *p++;
        for (int i = 0; i < 8; i++)
            crc = crc >> 1 ^ (0xedb88320u & (0u - (crc & 1)));
    }
    return ~crc;
}

/* Every kernel set agrees with the portable one, and looking changes nothing. */
static void check_sums(const evx_chunk *c)
{
    evx_chunk before;
    const evx_kernels *law = fuzz_kernels(0), *k;
    uint32_t bits;

    memcpy(&before, c, sizeof before);
    bits = evx_chunk_check(c, law);
    FUZZ_CHECK((bits & ~(uint32_t)(EVX_CHUNK_HEADER_CRC | EVX_CHUNK_DATA_CRC)) == 0);
    for (size_t i = 1; (k = fuzz_kernels(i)) != NULL; i++)
        FUZZ_CHECK(evx_chunk_check(c, k) == bits);
    FUZZ_CHECK(memcmp(&before, c, sizeof before) == 0);
}

int fuzz_open(const uint8_t *data, size_t len, evx_chunk *c)
{
    evx_window w = { data, (uint32_t)len, EVX_FILE_HEADER_SIZE };
    evx_records it;
    evx_record r;
    evx_status st = evx_chunk_open(c, &w);

    FUZZ_CHECK(st == EVX_OK || st == EVX_SKIP || st == EVX_E_CHUNK_SIGNATURE
               || st == EVX_E_CHUNK_CUT);
    FUZZ_CHECK(c->base == data && c->len == len && c->file_off == w.file_off);
    FUZZ_CHECK((st == EVX_SKIP) == all_zero(data, len));
    FUZZ_CHECK(c->free_off <= c->len);
    FUZZ_CHECK(c->claimed == 0 || (c->claimed >= 512 && c->claimed <= EVX_CHUNK_SIZE));
    FUZZ_CHECK(((c->damage & EVX_CHUNK_CUT) != 0) == (len < EVX_CHUNK_SIZE));
    FUZZ_CHECK(((c->damage & EVX_CHUNK_SIGNATURE) != 0) == (st == EVX_E_CHUNK_SIGNATURE));
    check_sums(c);
    if (st == EVX_OK || st == EVX_E_CHUNK_SIGNATURE)
        return 1;
    evx_records_begin(&it, c);
    FUZZ_CHECK(evx_records_next(&it, &r) == EVX_END);
    return 0;
}

evx_status fuzz_record(evx_records *it, evx_record *r)
{
    const evx_chunk *c = it->chunk;
    uint32_t before = it->pos;
    evx_status st;

    memset(r, 0xa5, sizeof *r);
    st = evx_records_next(it, r);
    FUZZ_CHECK(it->pos >= before && it->pos <= it->end && it->end <= c->len);
    switch (st) {
    case EVX_OK:
        FUZZ_CHECK(r->size >= 24 && r->off >= before && r->off >= 512);
        FUZZ_CHECK(r->off <= c->len && r->size <= c->len - r->off && it->pos == r->off + r->size);
        FUZZ_CHECK(memcmp(c->base + r->off, "**\0\0", 4) == 0);
        FUZZ_CHECK(r->origin == EVX_ORIGIN_ORDER || r->origin == EVX_ORIGIN_AFTER);
        break;
    case EVX_E_RECORD_SIGNATURE: case EVX_E_RECORD_SIZE:
        FUZZ_CHECK(r->off >= before && r->size > 0 && it->pos == r->off + r->size);
        break;
    case EVX_E_CHUNK_CUT:
        FUZZ_CHECK(it->pos == it->end && r->off == c->len && r->size > 0);
        FUZZ_CHECK(r->size <= EVX_CHUNK_SIZE - r->off);
        break;
    default:
        FUZZ_CHECK(st == EVX_END);
        FUZZ_CHECK(evx_records_next(it, r) == EVX_END);
    }
    return st;
}

/* ---- values ---------------------------------------------------------------------------------- */

static uint64_t check_items(const evx_chunk *c, const evx_value *v)
{
    uint32_t pos = 0, before = 0;
    uint64_t h = 0;
    evx_value item;
    evx_status st;

    while ((st = evx_value_item(v, &pos, &item)) == EVX_OK) {
        FUZZ_CHECK(pos > before && pos <= v->raw.len);
        FUZZ_CHECK(item.type == (v->type & ~(unsigned)EVX_ARRAY));
        FUZZ_CHECK(item.raw.len <= pos - before && fuzz_inside(c, item.raw.ptr, item.raw.len));
        FUZZ_CHECK(item.raw.ptr == v->raw.ptr + before);
        h = fuzz_mix(h, item.raw.len);
        before = pos;
    }
    FUZZ_CHECK(st == EVX_END || st == EVX_E_VALUE);
    if (v->type & EVX_ARRAY) {
        FUZZ_CHECK(pos == v->raw.len);
        FUZZ_CHECK(evx_value_item(v, &pos, &item) == EVX_END);
    } else
        FUZZ_CHECK(st == EVX_E_VALUE && pos == 0);
    return fuzz_mix(h, (uint64_t)st);
}

uint64_t fuzz_value(const evx_chunk *c, const evx_value *v)
{
    uint64_t number = 0, again = 1, h;
    evx_utf16 text = evx_value_utf16(v);
    evx_status st = evx_value_u64(v, &number);

    FUZZ_CHECK(fuzz_inside(c, v->raw.ptr, v->raw.len));
    FUZZ_CHECK(st == EVX_OK || st == EVX_E_VALUE);
    FUZZ_CHECK(st != EVX_OK || (evx_value_u64(v, &again) == EVX_OK && again == number));
    FUZZ_CHECK(st != EVX_OK || v->raw.len != 0);
    FUZZ_CHECK(text.units <= v->raw.len / 2 && (v->type == EVX_STRING || text.units == 0));
    if (v->type == EVX_NULL)
        FUZZ_CHECK(evx_value_empty(v));
    else if (v->type == EVX_STRING)
        FUZZ_CHECK(evx_value_empty(v) == (text.units == 0));
    h = fuzz_mix(v->type, v->raw.len);
    h = fuzz_mix(h, st == EVX_OK ? number : text.units);
    return fuzz_mix(h, check_items(c, v));
}

int fuzz_is_walk_status(evx_status st)
{
    switch (st) {
    case EVX_E_ARG: case EVX_E_SPACE: case EVX_E_TOKEN: case EVX_E_OFFSET: case EVX_E_DEPTH:
    case EVX_E_FUEL: case EVX_E_OPEN: case EVX_E_NAME: case EVX_E_BALANCE: case EVX_E_TEMPLATE:
    case EVX_E_VALUE:
        return 1;
    default:
        return 0;
    }
}
