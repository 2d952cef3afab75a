/* bench/bench_select.cc - records -> fields; filters on records and on whole chunks */
#include "logs.h"

using bench::Log;

static uint64_t memory[EVX_READER_MEMORY / sizeof(uint64_t)];
static evx_reader reader;
static evx_fields fields;

static void begin(benchmark::State &state)
{
    if (evx_reader_init(&reader, sizeof reader, reinterpret_cast<uint8_t *>(memory), sizeof memory,
                        nullptr) != EVX_OK)
        state.SkipWithError("the library is of another version");
}

static void all_fields(benchmark::State &state, const Log &log)
{
    begin(state);
    for (auto _ : state) {
        uint64_t sum = 0;
        bench::all_records(log, [&](const evx_chunk &c, const evx_record &r) {
            if (evx_fields_read(&reader, &c, &r, &fields) == EVX_OK)
                sum += fields.event_id;
        });
        benchmark::DoNotOptimize(sum);
    }
}

static void filter(benchmark::State &state, const Log &log, const evx_filter &q)
{
    begin(state);
    for (auto _ : state) {
        uint64_t kept = 0;
        bench::all_records(log, [&](const evx_chunk &c, const evx_record &r) {
            kept += evx_filter_record(&q, &reader, &c, &r) == EVX_OK;
        });
        benchmark::DoNotOptimize(kept);
    }
}

static void by_id(benchmark::State &state, const Log &log)
{
    static const uint32_t ids[] = { 4624 };
    evx_filter q = {};

    q.event_ids = ids;
    q.event_id_count = 1;
    filter(state, log, q);
}

static void by_provider(benchmark::State &state, const Log &log)
{
    evx_filter q = {};

    q.provider = "MSExchangeIS";
    filter(state, log, q);
}

static void whole_chunks(benchmark::State &state, const Log &log)
{
    const evx_kernels *k = evx_kernels_best();
    evx_filter q = {};

    q.provider = "MSExchangeIS";
    for (auto _ : state) {
        uint64_t perhaps = 0;
        bench::windows(log, [&](const evx_window &w) {
            evx_chunk c;
            if (evx_chunk_open(&c, &w) == EVX_OK)
                perhaps += evx_filter_chunk(&q, k, &c) == EVX_OK;
        });
        benchmark::DoNotOptimize(perhaps);
    }
}

int main(int argc, char **argv)
{
    return bench::run(argc, argv, [](const Log &log) {
        bench::add("fields", log, all_fields);
        bench::add("event id", log, by_id);
        bench::add("provider", log, by_provider);
        bench::add("chunks by provider", log, whole_chunks);
    });
}
