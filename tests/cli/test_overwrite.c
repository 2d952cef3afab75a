/* tests/cli/test_overwrite.c - a record of a sound log is overwritten: it is lost, and no other */
#include <time.h>

#include "../files.h"
#include "cuts.h"
#include "lent.h"
#include "run.h"

TestSuite(overwrite, .init = run_begin, .fini = run_end, .timeout = 290);

enum { RECORDS_MAX = 1 << 16, TRIES = 50 };

/* The records of one log, in the order of the file. */
static struct { uint64_t off, id; uint32_t size; bool lends; } all[RECORDS_MAX];
static size_t count, logs, tried, holders;
static uint64_t seed;

static uint64_t dice(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return seed >> 24;
}

static void list_chunk(const evx_chunk *c)
{
    evx_records it;
    evx_record r;

    evx_records_begin(&it, c);
    while (evx_records_next(&it, &r) == EVX_OK) {
        cr_assert(count < RECORDS_MAX);
        all[count].off = c->file_off + r.off;
        all[count].id = r.id;
        all[count++].size = r.size;
    }
}

/* One that others do not need. */
static size_t choose(const uint8_t *log, size_t len)
{
    for (int i = 0; i < TRIES && count > 0; i++) {
        size_t k = dice() % count, slot = (size_t)(all[k].off - MK_FILE_HEADER) / MK_CHUNK;
        evx_chunk c;
        evx_record r = { 0 };

        r.off = (uint32_t)(all[k].off - MK_FILE_HEADER - slot * MK_CHUNK);
        r.size = all[k].size;
        if (kit_chunk(log, len, slot, &c) == EVX_OK && !kit_lends(&c, &r)) {
            holders += kit_borrows(&c, &r, r.off, r.size);
            return k;
        }
    }
    return count;
}

static void overwrite(uint8_t *p, size_t n)
{
    uint8_t fill = (uint8_t)dice();
    bool noise = dice() % 2;

    for (size_t i = 0; i < n; i++)
        p[i] = noise ? (uint8_t)dice() : fill;
}

/* Is `text` the same as `whole`, but for line k? */
static bool lacks_line(const char *text, const char *whole, size_t k)
{
    const char *line = whole;

    while (k-- > 0)
        line = strchr(line, '\n') + 1;
    return strncmp(text, whole, (size_t)(line - whole)) == 0
        && strcmp(text + (line - whole), strchr(line, '\n') + 1) == 0;
}

/* How many ids the two neighbours leave: 1, unless the log had a gap here before. */
static bool alone(size_t k)
{
    return (k == 0 || all[k - 1].id + 1 == all[k].id)
        && (k + 1 == count || all[k].id + 1 == all[k + 1].id);
}

static void check(const char *path, size_t k, const char *whole)
{
    unsigned long long off = all[k].off;
    char words[96];
    run r = { 0 };

    run_evx(&r, "dump", "-o", "jsonl", "a.evtx");
    cr_assert(r.status == 1 && lacks_line(r.out, whole, k), "%s: record at 0x%llx: %d, %s", path,
              off, r.status, r.err);
    snprintf(words, sizeof words, "at offset %llu (0x%llx): %u bytes lost", off, off, all[k].size);
    cr_assert(strstr(r.err, words), "%s: %s: not in %s", path, words, r.err);
    run_evx(&r, "verify", "--json", "a.evtx");
    snprintf(words, sizeof words, "{\"offset\":%llu,\"bytes\":%u,\"records\":1,", off, all[k].size);
    cr_assert(r.status == 1 && (!alone(k) || strstr(r.out, words)), "%s: %s: not in %s", path,
              words, r.out);
    cr_assert(!alone(k) || strstr(r.out, "\"lost\":1,"), "%s", r.out);
    run_free(&r);
}

static void one_log(void *user, const char *path, const uint8_t *data, size_t len)
{
    run r = { 0 };
    evx_chunk c;
    uint8_t *copy;
    size_t k;

    (void)user;
    if (strlen(path) < 6 || strcmp(path + strlen(path) - 5, ".evtx") != 0
        || ((RUN_SANITIZED || thin() > 1) && dice() % 8 != 0))
        return;
    run_evx(&r, "verify", (char *)path);
    if (r.status != 0 || !strstr(r.out, ", 0 recovered, 0 lost")) {
        run_free(&r);
        return;
    }
    logs++;
    count = 0;
    for (size_t i = 0; MK_FILE_HEADER + i * MK_CHUNK < len; i++)
        if (kit_chunk(data, len, i, &c) == EVX_OK)
            list_chunk(&c);
    k = choose(data, len);
    if (k < count && (copy = malloc(len)) != NULL) {
        tried++;
        run_evx(&r, "dump", "-o", "jsonl", (char *)path);
        cr_assert(r.status == 0 && run_lines(r.out) == count, "%s", path);
        memcpy(copy, data, len);
        overwrite(copy + all[k].off, all[k].size);
        run_save("a.evtx", copy, len);
        check(path, k, r.out);
        free(copy);
    }
    run_free(&r);
}

Test(overwrite, a_record_of_every_sound_log)
{
    const char *named = getenv("EVX_SHARED"), *given = getenv("EVX_SEED");

    seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    /* Not cr_log_warn: Criterion counts a warning as a failure of the program. */
    fprintf(stderr, "EVX_SEED=%llu repeats this sample\n", (unsigned long long)seed);
    if (files_each(named ? named : EVX_TEST_SHARED, one_log, NULL) == 0)
        cr_skip_test("no real logs: set EVX_SHARED, or put them into ../shared/evtx");
    fprintf(stderr, "overwritten: a record in each of %zu logs, %zu of them with definitions or "
            "names that nobody else uses; %zu sound logs\n", tried, holders, logs);
    cr_assert(tried > 0);
}
