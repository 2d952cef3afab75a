#!/usr/bin/env bash
# .clusterfuzzlite/build.sh - all fuzz targets, with the compiler and the engine of the environment
#
# CC, CFLAGS, CXX, CXXFLAGS, LIB_FUZZING_ENGINE and OUT are those that OSS-Fuzz and ClusterFuzzLite
# set. Nothing else is needed: no CMake, no packages. By hand, for example:
#
#   CC=clang CXX=clang++ CFLAGS='-g -O1 -fsanitize=fuzzer-no-link,address' \
#       LIB_FUZZING_ENGINE=-fsanitize=fuzzer OUT=/tmp/out .clusterfuzzlite/build.sh
set -euo pipefail
cd "$(dirname "$0")/.."

: "${CC:?}" "${CXX:=$CC}" "${CFLAGS=}" "${CXXFLAGS=$CFLAGS}" "${LIB_FUZZING_ENGINE:?}" "${OUT:?}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$OUT"

compile() {
    local object=$1 source=$2
    shift 2
    # shellcheck disable=SC2086
    "$CC" $CFLAGS -std=gnu11 -Iinclude -Isrc "$@" -c "$source" -o "$object"
}

n=0
for source in src/{base,kern,file,binxml,select,evt,text,vss}/*.c \
    fuzz/common*.c fuzz/check_*.c; do
    n=$((n + 1))
    compile "$work/shared-$n.o" "$source"
done

grep '^[a-z]' fuzz/targets | while read -r target mutations at more; do
    objects=
    if [ "$mutations" != plain ]; then more="$more fuzz/$mutations.c"; fi
    i=0
    for source in "fuzz/fuzz_$target.c" fuzz/entry.c $more; do
        i=$((i + 1))
        compile "$work/own-$i.o" "$source" -DFUZZ_CHUNK_AT="$at"
        objects="$objects $work/own-$i.o"
    done
    # shellcheck disable=SC2086
    "$CXX" $CXXFLAGS $objects "$work"/shared-*.o $LIB_FUZZING_ENGINE -o "$OUT/fuzz_$target"
    cp fuzz/evtx.dict "$OUT/fuzz_$target.dict"
    printf '[libfuzzer]\nmax_len = %s\n' $((at > 1 ? at + 8192 : 8192)) >"$OUT/fuzz_$target.options"
    if command -v zip >/dev/null 2>&1; then
        find corpus/seed corpus/regress -path "*/$target/*" -type f |
            zip -jq "$OUT/fuzz_${target}_seed_corpus.zip" -@
    fi
done
