/* bench/bench_vss.cc - fields -> backup events -> sessions -> verdicts */
#include "logs.h"

using bench::Log;

static uint64_t memory[EVX_READER_MEMORY / sizeof(uint64_t)];
static evx_reader reader;
static evx_fields fields;

/* The way of the library's example: every record is asked. */
static std::vector<evx_vss_event> events_of(const Log &log)
{
    std::vector<evx_vss_event> events;
    evx_vss_event e;

    (void)evx_reader_init(&reader, sizeof reader, reinterpret_cast<uint8_t *>(memory),
                          sizeof memory, nullptr);
    bench::all_records(log, [&](const evx_chunk &c, const evx_record &r) {
        if (evx_fields_read(&reader, &c, &r, &fields) == EVX_OK
            && evx_vss_event_read(&fields, &e) == EVX_OK) {
            e.order = static_cast<uint32_t>(events.size());
            events.push_back(e);
        }
    });
    return events;
}

static void read_events(benchmark::State &state, const Log &log)
{
    for (auto _ : state) {
        size_t found = events_of(log).size();
        benchmark::DoNotOptimize(found);
    }
}

/* Sorting and solving change the array, so each round takes a copy, and the clock with it. */
static void solve(benchmark::State &state, const Log &log)
{
    const std::vector<evx_vss_event> found = events_of(log);
    std::vector<evx_vss_session> sessions(2 * found.size() + 1);
    std::vector<evx_vss_writer> writers(found.size() + 1);

    for (auto _ : state) {
        std::vector<evx_vss_event> events = found;
        evx_vss_input in = { events.data(), 0, nullptr, 0, nullptr, 1 };
        evx_vss_result out = { sessions.data(), sessions.size(), 0,
                               writers.data(), writers.size(), 0 };
        in.event_count = evx_vss_sort(events.data(), events.size());
        if (evx_vss_solve(&in, &out) < 0)
            state.SkipWithError("the sessions found no room");
        benchmark::DoNotOptimize(out.session_count);
    }
    state.counters["events"] = static_cast<double>(found.size());
}

int main(int argc, char **argv)
{
    return bench::run(argc, argv, [](const Log &log) {
        bench::add("events", log, read_events);
        if (log.name.compare(0, 8, "exchange") == 0)
            bench::add("solve", log, solve);
    });
}
