#!/usr/bin/env bash
# fuzz/run.sh - fuzz one target, or all of them in turn, for so many seconds; figures to LEDGER.csv
#
#   fuzz/run.sh TARGET|all SECONDS [--engine libfuzzer|afl] [--sanitize LIST] [--no-ledger]
#
# Builds what is needed, runs it niced on one processor, keeps inputs that showed something new in
# the build folder (FUZZ_BUILD, build-fuzz) for the next time, and appends a row to fuzz/LEDGER.csv
# and one to fuzz/EDGES.csv.
# Ends with status 1 when something was found: the inputs are in $FUZZ_BUILD/ENGINE/found/TARGET.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
    sed -n '2,10s/^# \{0,1\}//p' fuzz/run.sh >&2
    exit 2
}

[ $# -ge 2 ] || usage
wanted=$1
seconds=$2
shift 2
engine=libfuzzer
sanitize=address,undefined
ledger=yes
while [ $# -gt 0 ]; do
    case $1 in
    --engine) engine=${2:?} && shift 2 ;;
    --sanitize) sanitize=${2:?} && shift 2 ;;
    --no-ledger) ledger=no && shift ;;
    *) usage ;;
    esac
done

targets=$(awk '/^[a-z]/ { print $1 }' fuzz/targets)
if [ "$wanted" != all ]; then
    echo "$targets" | grep -qx "$wanted" || { echo "run.sh: no target $wanted" >&2 && exit 2; }
    targets=$wanted
fi
case $engine in
libfuzzer) compiler=clang ;;
afl) compiler=afl-clang-fast ;;
*) usage ;;
esac

build=${FUZZ_BUILD:-build-fuzz}/$engine
programs=
for target in $targets; do programs="$programs fuzz_$target"; done
mkdir -p "$build"
build=$(cd "$build" && pwd)
{
    cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_C_COMPILER=$compiler \
        -DBUILD_TESTING=OFF -DEVX_CLI=OFF -DEVX_FUZZ="$engine" -DEVX_SANITIZE="$sanitize"
    # shellcheck disable=SC2086
    cmake --build "$build" --parallel "${FUZZ_JOBS:-2}" --target $programs
    if [ "$engine" = afl ]; then cmake --build "$build" --parallel "${FUZZ_JOBS:-2}"; fi
} >"$build/build.log" 2>&1 || { tail -n 30 "$build/build.log" >&2 && exit 1; }

commit=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
if ! git diff --quiet HEAD -- src include fuzz ':!fuzz/*.csv' 2>/dev/null; then commit=$commit+; fi
kind=$(echo "$sanitize" | tr ',' '+' | sed 's/address/asan/; s/undefined/ubsan/; s/memory/msan/')
found_any=0

# The longest input: a chunk of 4 KiB behind what stands in front of chunks.
longest() {
    awk -v target="$1" '$1 == target { print 4096 + ($3 > 1 ? $3 : 0) }' fuzz/targets
}

run_libfuzzer() {
    local target=$1 regress=
    if [ -d "corpus/regress/$target" ]; then regress=corpus/regress/$target; fi
    FUZZ_FIGURES="$figures" nice -n 19 "$build/fuzz/fuzz_$target" -max_total_time="$seconds" \
        -max_len="$(longest "$target")" -timeout=10 -rss_limit_mb=2048 -dict=fuzz/evtx.dict \
        -artifact_prefix="$found/" "$work" "corpus/seed/$target" ${regress:+"$regress"} \
        >"$log" 2>&1 || true
    # cov: counts edges. The last line on which it grew is the last new edge.
    edge=$(awk '/^#[0-9]+.* cov: / {
        for (i = 1; i < NF; i++) if ($i == "cov:") c = $(i + 1)
        if (c > most) { most = c; at = substr($1, 2) } last = substr($1, 2)
    } END { print at + 0, last - at, most + 0 }' "$log")
    findings=$(find "$found" -type f -newer "$begin" | wc -l)
}

run_afl() {
    local target=$1 repair="$build/fuzz/repair_$1.so"
    if [ -f "$repair" ]; then export AFL_CUSTOM_MUTATOR_LIBRARY=$repair; fi
    FUZZ_FIGURES="$figures" AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_AUTORESUME=1 \
        AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 nice -n 19 afl-fuzz -i "corpus/seed/$target" \
        -o "$work" -G "$(longest "$target")" -V "$seconds" -m none -t 5000+ -x fuzz/evtx.dict \
        -- "$build/fuzz/fuzz_$target" >"$log" 2>&1 || true
    unset AFL_CUSTOM_MUTATOR_LIBRARY
    find "$work/default/crashes" "$work/default/hangs" -name 'id*' -newer "$begin" \
        -exec cp {} "$found/" \; 2>/dev/null || true
    findings=$(find "$found" -type f -newer "$begin" | wc -l)
    # AFL++ says when, not at which execution: reckoned by its mean speed.
    edge=$(awk '{ v[$1] = $3 } END {
        at = 0
        if (v["run_time"] > 0 && v["last_find"] > v["start_time"])
            at = int(v["execs_done"] * (v["last_find"] - v["start_time"]) / v["run_time"])
        if (at > v["execs_done"]) at = v["execs_done"]
        print at, v["execs_done"] - at, v["edges_found"] + 0
    }' "$work/default/fuzzer_stats" 2>/dev/null || echo 0 0 0)
}

for target in $targets; do
    work=$build/work/$target found=$build/found/$target log=$build/$target.log
    figures=$build/$target.figures begin=$build/$target.begin
    mkdir -p "$work" "$found"
    rm -f "$figures"
    touch "$begin"
    sleep 0.01
    start=$(date +%s)
    "run_$engine" "$target"
    took=$(($(date +%s) - start))
    # shellcheck disable=SC2046
    set -- $(od -An -v -t u8 "$figures" 2>/dev/null || echo 0 0 0 0 0)
    row=$target,$engine,$kind,$took,${1:-0},${2:-0},${4:-0},$findings,$commit
    read -r at ago edges <<<"$edge"
    echo "$row  last new edge at $at, $ago executions ago, $edges edges"
    if [ "${1:-0}" -eq 0 ] || [ "$findings" -ne 0 ]; then
        found_any=1
        tail -n 40 "$log"
    fi
    if [ "$ledger" = yes ]; then
        echo "$row" >>fuzz/LEDGER.csv
        echo "$target,$engine,$kind,${1:-0},$at,$ago,$edges,$commit" >>fuzz/EDGES.csv
    fi
done
exit $found_any
