/* bench/bench_kern.cc - the inner loops of every kernel set that this processor runs */
#include <benchmark/benchmark.h>

#include <cstring>
#include <string>
#include <vector>

extern "C" {
#include "kern/kern.h"
}

static void checksum(benchmark::State &state, const evx_kernels *k)
{
    std::vector<uint8_t> bytes(65024, 0x5a);

    for (auto _ : state) {
        uint32_t crc = k->crc32(0, bytes.data(), bytes.size());
        benchmark::DoNotOptimize(crc);
    }
    state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes.size()));
}

static void signature(benchmark::State &state, const evx_kernels *k)
{
    std::vector<uint8_t> bytes(65536, 0x2a);

    for (auto _ : state) {
        uint32_t at = k->find_record(bytes.data(), 512, 65528);
        benchmark::DoNotOptimize(at);
    }
    state.SetBytesProcessed(state.iterations() * 65016);
}

/* Texts of so many units, one behind the other, made of these units over and over. */
static void text(benchmark::State &state, const evx_kernels *k, const std::u16string &units,
                 uint32_t length, unsigned where)
{
    const uint32_t texts = 64 * 1024 / length;
    std::vector<uint8_t> in(size_t(2) * texts * length), out(6 * size_t(length)
                                                             + EVXI_TRANSCODE_SLACK);
    for (size_t i = 0; i < in.size() / 2; i++) {
        in[2 * i] = static_cast<uint8_t>(units[i % units.size()]);
        in[2 * i + 1] = static_cast<uint8_t>(units[i % units.size()] >> 8);
    }
    for (auto _ : state)
        for (uint32_t i = 0; i < texts; i++) {
            uint8_t *to = out.data();
            uint32_t took = k->transcode(&to, in.data() + size_t(2) * i * length, length, where);
            if (took != length)
                state.SkipWithError("a text was not taken to its end");
            benchmark::DoNotOptimize(to);
        }
    state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(in.size()));
    state.SetItemsProcessed(state.iterations() * texts);
}

static const struct {
    const char *name;
    std::u16string units;
} texts[] = {
    { "ascii", u"The service entered the running state. " },
    { "escapes", u"\"C:\\Program Files\\a\" & 'b' <c>\r\n" },
    { "cyrillic", u"Служба перешла в состояние " },
    { "cjk", u"サービスは開始しました。系统" },
    { "latin", u"Le démarrage a été effectué à l'heure prévue. " }
};

static const struct { const char *name; unsigned where; } places[] = {
    { "json", EVXI_IN_JSON }, { "xml", EVXI_IN_XML }, { "attribute", EVXI_IN_ATTRIBUTE }
};

static void add_texts(const evx_kernels *k)
{
    for (const auto &t : texts)
        for (const auto &p : places)
            for (uint32_t length : { 6u, 20u, 100u, 4000u })
                benchmark::RegisterBenchmark(
                    (std::string(k->name) + "/" + t.name + "/" + p.name + "/"
                     + std::to_string(length)).c_str(),
                    [k, &t, &p, length](benchmark::State &state) {
                        text(state, k, t.units, length, p.where);
                    });
}

int main(int argc, char **argv)
{
    const evx_kernels *k;

    for (size_t i = 0; (k = evx_kernels_at(i)) != nullptr; i++) {
        std::string name = k->name;
        benchmark::RegisterBenchmark((name + "/crc32").c_str(),
                                     [k](benchmark::State &state) { checksum(state, k); });
        benchmark::RegisterBenchmark((name + "/signature").c_str(),
                                     [k](benchmark::State &state) { signature(state, k); });
        add_texts(k);
    }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 2;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
