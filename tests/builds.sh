#!/usr/bin/env bash
# tests/builds.sh - the library and the program under every checker that is installed, a line each
#
# usage: tests/builds.sh [-o FOLDER] [NAME...]      names: see `all` below; FOLDER: build-builds
#
# Everything is read there: seeds, regressions, scenes, and real logs where they are (EVX_LOGS).
# What is not installed is skipped, and said. Ends with "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/.."

all='gcc-12 clang-14 clang-19 integer msan tsan memcheck tidy analyzer'
out=$PWD/build-builds
if [ "${1:-}" = -o ]; then
    mkdir -p "$2"
    out=$(cd "$2" && pwd)
    shift 2
fi
jobs=${CI_JOBS:-2}
logs=corpus
if [ -d "${EVX_LOGS:-../shared/evtx}" ]; then logs="corpus ${EVX_LOGS:-../shared/evtx}"; fi
passed=0
failed=0
mkdir -p "$out"

has() {
    command -v "$1" >/dev/null 2>&1
}

skip() {
    echo "skipped $1: $2"
}

# One line: its name, then the command. What it said is shown only where it fails.
check() {
    local name=$1 start=$SECONDS log
    shift
    log="$out/$(echo "$name" | tr -c 'a-zA-Z0-9\n' '-').log"
    if "$@" >"$log" 2>&1; then
        passed=$((passed + 1))
        echo "ok      $name ($((SECONDS - start)) s)"
    else
        failed=$((failed + 1))
        echo "FAILED  $name ($((SECONDS - start)) s)"
        tail -n 30 "$log" | sed 's/^/        /'
        return 1
    fi
}

# build FOLDER COMPILER [OPTION...]: what stands without a test framework
build() {
    local dir=$out/$1 cc=$2 targets='replay_[a-z_]*\|smoke\|threads\|evx_cli'
    if [ "$1" = tsan ]; then targets='threads\|evx_cli'; fi
    shift 2
    cmake -S . -B "$dir" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_C_COMPILER="$cc" \
        -DEVX_WERROR=ON "$@" || return 1
    targets=$(cmake --build "$dir" --target help |
        sed -n "s/^\.\.\. \($targets\)\$/\1/p")
    # shellcheck disable=SC2086
    cmake --build "$dir" --parallel "$jobs" --target $targets
}

# Every replay program of a build, under a tool perhaps: run FOLDER TOOL...
run() {
    local dir=$out/$1 program
    shift
    for program in "$dir"/fuzz/replay_*; do
        if [ ! -f "$program" ] || [ ! -x "$program" ]; then continue; fi
        echo "$program"
        # shellcheck disable=SC2086
        "$@" "$program" $logs || return 1
    done
}

# The same bytes read by threads, for tools that watch them: threads FOLDER TOOL...
threads() {
    local dir=$out/$1
    shift
    "$@" "$dir/tests/threads" corpus/seed/text corpus/seed/evt corpus/exchange/stuck.evtx
}

# The program in all its commands; its answers must be those of the other builds.
commands() {
    local dir=$out/$1 words status
    shift
    for words in dump 'dump -ojsonl --recover -t1' 'dump --style windows -t4' 'sessions --json' \
        'info --json' 'verify --json --hash' carve; do
        local paths=corpus
        if [ "$words" = carve ]; then paths=$(echo corpus/seed/stream/*.evtx); fi
        status=0
        # shellcheck disable=SC2086
        "$@" "$dir/evx" $words --no-sandbox $paths >"$dir/commands.out" 2>"$dir/commands.err" ||
            status=$?
        echo "evx $words: $status, $(wc -c <"$dir/commands.out") bytes"
        if [ "$status" -gt 10 ]; then
            tail -n 40 "$dir/commands.err"
            return 1
        fi
        if grep -aE 'Sanitizer|==[0-9]+== ' "$dir/commands.err" >/dev/null; then
            grep -aE -A 20 'Sanitizer|==[0-9]+== ' "$dir/commands.err" | head -n 60
            return 1
        fi
        md5sum <"$dir/commands.out" >>"$dir/answers.new"
    done
    mv "$dir/answers.new" "$dir/answers"
}

# Addresses that are the same each time: some kernels place what older sanitizers do not expect.
fixed() {
    if has setarch && setarch -R true 2>/dev/null; then setarch -R "$@"; else "$@"; fi
}

a_compiler() {
    if ! has "$1"; then
        skip "$1" 'not installed'
        return
    fi
    check "$1: warnings are errors" build "$1" "$1" && check "$1: replay" run "$1" &&
        check "$1: commands" commands "$1"
}

with_sanitizer() {
    local name=$1 cc=$2
    shift 2
    if ! has "$cc"; then
        skip "$name" "no $cc"
        return
    fi
    check "$name: build" build "$name" "$cc" "$@" || return
    if [ "$name" = tsan ]; then
        check "$name: threads" threads "$name" fixed
    else
        check "$name: replay" run "$name" fixed
    fi
    check "$name: commands" commands "$name" fixed
}

with_memcheck() {
    if ! has valgrind; then
        skip memcheck 'no valgrind'
        return
    fi
    check 'memcheck: build' build valgrind gcc -DEVX_STATIC=OFF \
        -DCMAKE_C_FLAGS_RELWITHDEBINFO='-O1 -g' || return
    local logs=corpus/seed under=(valgrind -q --tool=memcheck --error-exitcode=99)
    check 'memcheck: replay' run valgrind "${under[@]}"
    check 'memcheck: commands' commands valgrind "${under[@]}"
}

# All checks, with words for the analyzer: in its deep mode it takes twenty times as long as all the
# others, in its shallow one less than they do.
tidy() {
    local words=()
    if [ "$1" = shallow ]; then
        words=(--extra-arg=-Xclang --extra-arg=-analyzer-config
               --extra-arg=-Xclang --extra-arg=mode=shallow)
    fi
    cmake -S . -B "$out/tidy" -DCMAKE_C_COMPILER=clang -DBUILD_TESTING=OFF >/dev/null &&
        find src -name '*.c' ! -name '*windows*' -print0 |
        xargs -0 -n 1 -P "$jobs" clang-tidy -p "$out/tidy" --quiet --warnings-as-errors='*' \
            "${words[@]}"
}

one() {
    case $1 in
    gcc-12 | clang-14 | clang-19) a_compiler "$1" ;;
    integer)
        with_sanitizer integer clang -DEVX_SANITIZE=undefined \
            -DEVX_SANITIZE_LIBRARY=integer,implicit-conversion ;;
    msan) with_sanitizer msan clang -DEVX_SANITIZE=memory ;;
    tsan) with_sanitizer tsan gcc -DEVX_SANITIZE=thread ;;
    memcheck) with_memcheck ;;
    tidy | analyzer)
        if ! has clang-tidy; then
            skip "$1" 'no clang-tidy'
        elif [ "$1" = tidy ]; then
            check 'clang-tidy: every warning is an error' tidy shallow
        else
            check 'clang-tidy, as deep as its analyzer goes' tidy deep
        fi ;;
    *)
        echo "no build '$1'; there are: $all" >&2
        exit 2 ;;
    esac
}

for name in ${@:-$all}; do
    one "$name"
done
answers=$(cat "$out"/*/answers 2>/dev/null | sort -u | wc -l)
if [ "$answers" -gt 7 ]; then            # one for each command
    failed=$((failed + 1))
    echo 'FAILED  the commands give different answers in different builds'
    (cd "$out" && md5sum ./*/answers)
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
