/* bench/bench_text.cc - records -> XML and JSON, in all shapes; by the walk alone */
#include "logs.h"

using bench::Log;

static uint64_t work[EVX_TEXT_WORK / sizeof(uint64_t)], arena[(2048u * 1024u) / sizeof(uint64_t)];
static uint8_t buffer[256 * 1024];

static evx_status forget(void *, const uint8_t *, size_t)
{
    return EVX_OK;
}

/* Text of all records. The first rounds learn the templates, as the first records of a log do. */
static void text(benchmark::State &state, const Log &log, uint32_t format, uint32_t style,
                 uint32_t flags, bool learn)
{
    static evx_text t;
    evx_text_config config = {};
    evx_out out;

    config.format = format;
    config.style = style;
    config.flags = flags;
    config.kernels = evx_kernels_best();
    config.work = reinterpret_cast<uint8_t *>(work);
    config.work_len = sizeof work;
    config.arena = learn ? reinterpret_cast<uint8_t *>(arena) : nullptr;
    config.arena_len = learn ? sizeof arena : 0;
    if (evx_text_init(&t, sizeof t, &config) != EVX_OK)
        state.SkipWithError("the library is of another version");
    evx_out_init(&out, buffer, sizeof buffer, forget, nullptr);
    for (auto _ : state) {
        evx_text_renew(&t);
        bench::all_records(log, [&](const evx_chunk &c, const evx_record &r) {
            (void)evx_text_record(&t, &c, &r, &out);
        });
    }
    state.counters["text"] = benchmark::Counter(static_cast<double>(out.total),
                                                benchmark::Counter::kIsRate,
                                                benchmark::Counter::kIs1024);
}

static void add(const Log &log, const char *name, uint32_t format, uint32_t style, uint32_t flags,
                bool learn)
{
    bench::add(name, log, [=](benchmark::State &state, const Log &of) {
        text(state, of, format, style, flags, learn);
    });
}

int main(int argc, char **argv)
{
    return bench::run(argc, argv, [](const Log &log) {
        add(log, "json", EVX_JSON, EVX_STYLE_EVTX_DUMP, 0, true);
        add(log, "xml", EVX_XML, EVX_STYLE_EVTX_DUMP, EVX_TEXT_DECLARATION, true);
        add(log, "separate", EVX_JSON, EVX_STYLE_EVTX_DUMP, EVX_TEXT_SEPARATE, true);
        add(log, "windows", EVX_XML, EVX_STYLE_WINDOWS, 0, true);
        add(log, "json, walked", EVX_JSON, EVX_STYLE_EVTX_DUMP, 0, false);
        add(log, "xml, walked", EVX_XML, EVX_STYLE_EVTX_DUMP, EVX_TEXT_DECLARATION, false);
    });
}
