/* bench/bench_stream.cc - bytes -> windows -> chunks -> records; checksums; carving */
#include "logs.h"

#include <cstring>

using bench::Log;

/* Pieces as a pipe brings them: every window is put together by copying. */
static void pieces(benchmark::State &state, const Log &log)
{
    static uint8_t window[EVX_CHUNK_SIZE];
    const size_t piece = 4000;

    for (auto _ : state) {
        evx_stream s;
        evx_window w;
        uint64_t bytes = 0;

        (void)evx_stream_init(&s, sizeof s, window);
        for (size_t at = 0; at < log.bytes.size(); at += piece) {
            size_t left = log.bytes.size() - at;
            evx_bytes in = { log.bytes.data() + at, left < piece ? left : piece };
            while (evx_stream_next(&s, &in, &w) == EVX_OK)
                bytes += w.len;
        }
        benchmark::DoNotOptimize(bytes);
    }
}

static void headers(benchmark::State &state, const Log &log)
{
    for (auto _ : state) {
        uint64_t sum = 0;
        bench::all_records(log, [&](const evx_chunk &, const evx_record &r) { sum += r.id; });
        benchmark::DoNotOptimize(sum);
    }
}

static void checksums(benchmark::State &state, const Log &log)
{
    const evx_kernels *k = evx_kernels_best();

    for (auto _ : state) {
        uint32_t bad = 0;
        bench::windows(log, [&](const evx_window &w) {
            evx_chunk c;
            if (evx_chunk_open(&c, &w) == EVX_OK)
                bad |= evx_chunk_check(&c, k);
        });
        benchmark::DoNotOptimize(bad);
    }
}

static void carve(benchmark::State &state, const Log &log)
{
    for (auto _ : state) {
        uint64_t found = 0;
        bench::windows(log, [&](const evx_window &w) {
            evx_record r;
            uint32_t pos = 0;
            while (evx_carve_record(&w, &pos, 8, &r) == EVX_OK)
                found++;
        });
        benchmark::DoNotOptimize(found);
    }
}

int main(int argc, char **argv)
{
    return bench::run(argc, argv, [](const Log &log) {
        bench::add("headers", log, headers);
        bench::add("pieces", log, pieces);
        bench::add("checksums", log, checksums);
        bench::add("carve", log, carve);
    });
}
