/* bench/bench_walk.cc - records -> tokens; is a record proved? */
#include "logs.h"

using bench::Log;

static evx_slot slots[EVX_SLOTS_WORST];

static void walk(benchmark::State &state, const Log &log)
{
    static evx_walk w;

    (void)evx_walk_init(&w, sizeof w, slots, EVX_SLOTS_WORST, nullptr);
    for (auto _ : state) {
        uint64_t tokens = 0;
        bench::all_records(log, [&](const evx_chunk &c, const evx_record &r) {
            evx_token t;
            (void)evx_walk_begin(&w, &c, &r);
            while (evx_walk_next(&w, &t) == EVX_OK)
                tokens++;
        });
        benchmark::DoNotOptimize(tokens);
    }
}

static void proof(benchmark::State &state, const Log &log)
{
    static evx_walk w;

    (void)evx_walk_init(&w, sizeof w, slots, EVX_SLOTS_WORST, nullptr);
    for (auto _ : state) {
        uint64_t proved = 0;
        bench::all_records(log, [&](const evx_chunk &c, const evx_record &r) {
            proved += evx_record_proves(&w, &c, &r) == EVX_OK;
        });
        benchmark::DoNotOptimize(proved);
    }
}

int main(int argc, char **argv)
{
    return bench::run(argc, argv, [](const Log &log) {
        bench::add("walk", log, walk);
        bench::add("proof", log, proof);
    });
}
