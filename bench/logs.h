/* bench/logs.h - what the benchmarks of the rooms read: made logs, and a folder of real ones */
#ifndef EVX_BENCH_LOGS_H
#define EVX_BENCH_LOGS_H

#include "evx.h"
#include "shapes.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace bench {

struct Log {
    std::string name;
    std::vector<uint8_t> bytes;
};

/* The windows of a log that lies in memory: no byte is copied. */
template <typename Each> void windows(const Log &log, Each each)
{
    evx_bytes in = { log.bytes.data(), log.bytes.size() };
    evx_window w;
    evx_stream s;

    (void)evx_stream_init(&s, sizeof s, nullptr);
    while (evx_stream_next(&s, &in, &w) == EVX_OK)
        each(w);
}

template <typename Each> void records(const evx_window &w, Each each)
{
    evx_records it;
    evx_record r;
    evx_status st;
    evx_chunk c;

    if (evx_chunk_open(&c, &w) == EVX_SKIP)
        return;
    evx_records_begin(&it, &c);
    while ((st = evx_records_next(&it, &r)) != EVX_END)
        if (st == EVX_OK)
            each(c, r);
}

template <typename Each> void all_records(const Log &log, Each each)
{
    windows(log, [&](const evx_window &w) { records(w, each); });
}

inline uint64_t count(const Log &log)
{
    uint64_t n = 0;

    all_records(log, [&](const evx_chunk &, const evx_record &) { n++; });
    return n;
}

/* Bytes of input and records a second, of all rounds of a benchmark. */
inline void rates(benchmark::State &state, const Log &log)
{
    uint64_t rounds = static_cast<uint64_t>(state.iterations());

    state.SetBytesProcessed(static_cast<int64_t>(rounds * log.bytes.size()));
    state.SetItemsProcessed(static_cast<int64_t>(rounds * count(log)));
}

enum { CHUNKS = 32 };

inline Log made(const shape &s)
{
    static mk_log g;
    Log log;
    mk_bytes bytes;

    log.name = s.name;
    log.bytes.resize(shape_room(CHUNKS));
    bytes = shape_make(&s, CHUNKS, &g, log.bytes.data());
    if (!bytes.ptr) {
        std::fprintf(stderr, "%s: %s\n", s.name, g.file.failed);
        std::exit(1);
    }
    log.bytes.resize(bytes.len);
    return log;
}

/* All whole slots of all logs below a folder as one log, up to 64 MiB. */
inline Log real(const char *folder)
{
    enum : size_t { MOST = 64u << 20 };
    namespace fs = std::filesystem;
    std::vector<fs::path> paths;
    Log log;

    log.name = "real";
    for (const auto &entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file() && entry.path().extension() == ".evtx")
            paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    for (const auto &path : paths) {
        std::ifstream file(path, std::ios::binary);
        std::vector<uint8_t> all((std::istreambuf_iterator<char>(file)), {});
        size_t slots = all.size() < MK_FILE_HEADER ? 0 : (all.size() - MK_FILE_HEADER) / MK_CHUNK;
        auto end = all.begin() + static_cast<long>(MK_FILE_HEADER + slots * MK_CHUNK);
        if (slots > 0 && log.bytes.size() + all.size() <= MOST)
            log.bytes.insert(log.bytes.end(),
                             all.begin() + (log.bytes.empty() ? 0 : MK_FILE_HEADER), end);
    }
    return log;
}

/* Read the arguments, register each benchmark for each log, run them. */
template <typename Register> int run(int argc, char **argv, Register add)
{
    static std::vector<Log> logs;
    const shape *s;

    benchmark::Initialize(&argc, argv);
    if (argc > 2 || (argc == 2 && argv[1][0] == '-')) {
        std::fprintf(stderr, "usage: %s [FOLDER with real logs] [--benchmark_...]\n", argv[0]);
        return 2;
    }
    for (size_t i = 0; (s = shape_at(i)) != nullptr; i++)
        logs.push_back(made(*s));
    if (argc == 2)
        logs.push_back(real(argv[1]));
    for (const Log &log : logs)
        if (!log.bytes.empty())
            add(log);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}

template <typename Body> void add(const std::string &what, const Log &log, Body body)
{
    benchmark::RegisterBenchmark((what + "/" + log.name).c_str(), [&log, body](
        benchmark::State &state) {
        body(state, log);
        rates(state, log);
    });
}

}

#endif
