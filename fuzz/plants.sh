#!/usr/bin/env bash
# fuzz/plants.sh - is each bug of src/base/plant.h found in time, by what looks for it?
#
#   fuzz/plants.sh [SECONDS] [N...]
#
# Builds the library with one planted bug after the other and fuzzes it from the committed seeds,
# with the target named below, for up to SECONDS (60) of its own time. Where it says `test`, a test
# of that room must fail instead. Ends with status 1 unless all are found.
set -uo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60}
shift $(($# > 0 ? 1 : 0))
build=${FUZZ_BUILD:-build-fuzz}/plants
missed=0

hunters='1 walk
2 walk
3 test binxml
4 text
5 kern
6 diff
7 text
8 evt
9 vss
10 carve
11 stream
12 chunk
13 alike
14 test text'

fuzz() {
    local n=$1 target=$2 work=$build/work-$1
    cmake -S . -B "$build/fuzz" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_C_COMPILER=clang \
        -DBUILD_TESTING=OFF -DEVX_CLI=OFF -DEVX_FUZZ=libfuzzer -DEVX_PLANT="$n" \
        -DEVX_SANITIZE=address,undefined || return 2
    cmake --build "$build/fuzz" --parallel 2 --target "fuzz_$target" || return 2
    rm -rf "$work" && mkdir -p "$work"
    nice -n 19 "$build/fuzz/fuzz/fuzz_$target" -max_total_time="$seconds" -timeout=5 \
        -max_len="$(awk -v t="$target" '$1 == t { print 4096 + ($3 > 1 ? $3 : 0) }' fuzz/targets)" \
        -rss_limit_mb=2048 -dict=fuzz/evtx.dict -artifact_prefix="$work/" "$work" \
        "corpus/seed/$target"
}

room() {
    cmake -S . -B "$build/test" -DCMAKE_BUILD_TYPE=Debug -DEVX_PLANT="$1" -DEVX_CLI=OFF || return 2
    cmake --build "$build/test" --parallel 2 --target "test_$2" || return 2
    ctest --test-dir "$build/test" -R "^$2\$"
}

while read -r n how target; do
    if [ $# -gt 0 ] && [[ " $* " != *" $n "* ]]; then continue; fi
    mkdir -p "$build"
    log=$build/$n.log
    if [ "$how" = test ]; then
        room "$n" "$target" >"$log" 2>&1
        status=$? by="a test of $target"
    else
        fuzz "$n" "$how" >"$log" 2>&1
        status=$? by="fuzz_$how"
        at=$(awk '/^#[0-9]/ { a = substr($1, 2) } END { print a + 0 }' "$log")
        by="$by, after $at executions"
    fi
    if [ "$status" -eq 0 ] || [ "$status" -eq 2 ]; then
        missed=$((missed + 1))
        echo "plant $n: NOT found by $by (status $status)"
        tail -n 5 "$log"
        continue
    fi
    words=$(grep -m 1 -oE 'broken promise.*|ERROR: [A-Za-z]+: [a-z-]+|runtime error.*|Failed.*' \
        "$log" || true)
    echo "plant $n: found by $by: $words"
done <<<"$hunters"
echo "$missed not found"
[ "$missed" -eq 0 ]
