/* src/cli/bench_show.c - what evx bench measured, for people and as JSON: schema evx.bench/1 */
#include "bench.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *words;
} stages[BENCH_STAGES] = {
    { "read", "the bytes alone" },
    { "scan", "and chunks, heads of records" },
    { "fields", "and System fields, data" },
    { "walk", "or all that a record holds" },
    { "jsonl", "or its text as JSON" },
    { "xml", "or its text as XML" }
};

/* ---- numbers -------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* The n-th of them in order of size; with two in the middle, the lower one. */
static uint64_t nth(const bench_times *t, unsigned rounds, unsigned n)
{
    bench_times sorted = *t;

    if (rounds == 0)
        return 0;
    qsort(sorted.round, rounds, sizeof *sorted.round, by_size);
    return sorted.round[n];
}

uint64_t bench_median(const bench_times *t, unsigned rounds)
{
    return nth(t, rounds, rounds > 0 ? (rounds - 1) / 2 : 0);
}

uint64_t bench_least(const bench_times *t, unsigned rounds)
{
    return nth(t, rounds, 0);
}

uint64_t bench_most(const bench_times *t, unsigned rounds)
{
    return nth(t, rounds, rounds > 0 ? rounds - 1 : 0);
}

uint64_t bench_ratio(const bench_times *theirs, const bench_times *ours, unsigned rounds)
{
    bench_times ratio;

    for (unsigned i = 0; i < rounds; i++)
        ratio.round[i] = theirs->round[i] * 1000 / (ours->round[i] > 0 ? ours->round[i] : 1);
    return bench_median(&ratio, rounds);
}

uint64_t bench_rate(uint64_t n, uint64_t ns)
{
    return ns > 0 ? (uint64_t)((double)n * 1e9 / (double)ns) : 0;
}

/* ---- for people ----------------------------------------------------------------------------- */

static void put_line(cli_output *o, const bench *b, const bench_times *t, const char *name,
                     const char *words, bool records)
{
    uint64_t ns = bench_median(t, b->rounds);
    uint64_t off = bench_most(t, b->rounds) - bench_least(t, b->rounds);

    cli_putf(o, "  %-10s%-29s%10.2f%8.0f", name, words, (double)ns / 1e6,
             (double)bench_rate(b->bytes, ns) / 1e6);
    if (records)
        cli_putf(o, "%12llu", (unsigned long long)bench_rate(b->records, ns));
    else
        cli_putf(o, "%12s", "-");
    cli_putf(o, "%6.0f%%\n", ns > 0 ? 100.0 * (double)off / (double)ns : 0.0);
}

static void put_rival(cli_output *o, const bench *b)
{
    const bench_program *we = &b->ours, *they = &b->theirs;
    uint64_t ratio = bench_ratio(&they->times, &we->times, b->rounds);

    if (!b->compared) {
        cli_put(o, cli_children() ? "\nevtx_dump is not on the PATH: nothing to compare with\n"
                                  : "\nevtx_dump is not compared with on this system\n");
        return;
    }
    if (we->failed || they->failed) {
        cli_putf(o, "\n%s could not be run: nothing to compare with\n",
                 we->failed ? "evx dump" : "evtx_dump");
        return;
    }
    cli_putf(o, "\nevx dump beside evtx_dump (%s), -t 1 -o jsonl, a process a log\n"
                "  records   evx %llu, evtx_dump %llu: %s\n", b->version,
             (unsigned long long)we->records, (unsigned long long)they->records,
             we->records == they->records ? "equal" : "NOT equal, so it is not the same work");
    put_line(o, b, &we->times, "evx dump", "", true);
    put_line(o, b, &they->times, "evtx_dump", "", true);
    cli_putf(o, "  evtx_dump takes %llu.%02llu times as long; memory %.1f MB, evx %.1f MB\n",
             (unsigned long long)(ratio / 1000), (unsigned long long)(ratio % 1000 / 10),
             (double)they->peak / 1e6, (double)we->peak / 1e6);
}

void bench_text(cli_output *o, const bench *b)
{
    cli_putf(o, "%llu log%s, %.2f MB, %llu record%s; one thread, %s, median of %u round%s",
             (unsigned long long)b->count, cli_s(b->count), (double)b->bytes / 1e6,
             (unsigned long long)b->records, cli_s(b->records),
             evx_kernels_name(cli_kernels()), b->rounds, cli_s(b->rounds));
    if (b->legacy > 0)
        cli_putf(o, "\n%llu legacy log%s left out", (unsigned long long)b->legacy,
                 cli_s(b->legacy));
    cli_putf(o, "\n\n  %-10s%-29s%10s%8s%12s%7s\n", "stage", "what is done", "ms", "MB/s",
             "records/s", "spread");
    for (unsigned i = 0; i < BENCH_STAGES; i++)
        put_line(o, b, &b->stage[i], stages[i].name, stages[i].words, i != BENCH_READ);
    cli_putf(o, "\n  text: %.2f MB of JSON, %.2f MB of XML", (double)b->text[BENCH_JSONL] / 1e6,
             (double)b->text[BENCH_XML] / 1e6);
    if (b->peak > 0)
        cli_putf(o, "; memory: %.1f MB at most", (double)b->peak / 1e6);
    cli_put(o, "\n");
    put_rival(o, b);
}

/* ---- for programs --------------------------------------------------------------------------- */

static void json_text(cli_output *o, const char *key, const char *value)
{
    cli_putf(o, ",\"%s\":", key);
    cli_put_json(o, value, strlen(value));
}

static void json_number(cli_output *o, const char *key, uint64_t n)
{
    cli_putf(o, ",\"%s\":%llu", key, (unsigned long long)n);
}

static void json_times(cli_output *o, const bench *b, const bench_times *t)
{
    uint64_t ns = bench_median(t, b->rounds);

    cli_putf(o, ",\"ns\":{\"median\":%llu,\"least\":%llu,\"most\":%llu}", (unsigned long long)ns,
             (unsigned long long)bench_least(t, b->rounds),
             (unsigned long long)bench_most(t, b->rounds));
    json_number(o, "bytes_per_second", bench_rate(b->bytes, ns));
}

static void json_stage(cli_output *o, const bench *b, unsigned i)
{
    const bench_times *t = &b->stage[i];

    cli_putf(o, "%s\n{\"stage\":\"%s\"", i > 0 ? "," : "", stages[i].name);
    json_times(o, b, t);
    if (i != BENCH_READ)
        json_number(o, "records_per_second",
                    bench_rate(b->records, bench_median(t, b->rounds)));
    if (i == BENCH_JSONL || i == BENCH_XML)
        json_number(o, "text_bytes", b->text[i]);
    cli_put(o, "}");
}

static void json_program(cli_output *o, const bench *b, const char *key, const bench_program *p)
{
    cli_putf(o, ",\"%s\":{\"records\":%llu", key, (unsigned long long)p->records);
    json_number(o, "peak_bytes", p->peak);
    json_times(o, b, &p->times);
    json_number(o, "records_per_second",
                bench_rate(p->records, bench_median(&p->times, b->rounds)));
    cli_put(o, "}");
}

static void json_rival(cli_output *o, const bench *b)
{
    uint64_t ratio = bench_ratio(&b->theirs.times, &b->ours.times, b->rounds);

    if (!b->compared || b->ours.failed || b->theirs.failed) {
        cli_put(o, ",\"rival\":null");
        return;
    }
    cli_put(o, ",\n\"rival\":{\"format\":\"jsonl\"");
    json_text(o, "program", b->version);
    cli_putf(o, ",\"records_equal\":%s",
             b->ours.records == b->theirs.records ? "true" : "false");
    json_program(o, b, "evx", &b->ours);
    json_program(o, b, "evtx_dump", &b->theirs);
    cli_putf(o, ",\"times_as_long\":%llu.%03llu}", (unsigned long long)(ratio / 1000),
             (unsigned long long)(ratio % 1000));
}

void bench_json(cli_output *o, const bench *b)
{
    cli_put(o, "{\"schema\":\"evx.bench/1\",\"program\":\"evx " EVX_VERSION
               "\",\"command\":\"bench\"");
    json_text(o, "kernels", evx_kernels_name(cli_kernels()));
    json_number(o, "threads", 1);
    json_number(o, "rounds", b->rounds);
    json_number(o, "logs", b->count);
    json_number(o, "legacy_logs_left_out", b->legacy);
    json_number(o, "bytes", b->bytes);
    json_number(o, "records", b->records);
    json_number(o, "peak_bytes", b->peak);
    cli_put(o, ",\"stages\":[");
    for (unsigned i = 0; i < BENCH_STAGES; i++)
        json_stage(o, b, i);
    cli_put(o, "\n]");
    json_rival(o, b);
    cli_put(o, "}\n");
}
