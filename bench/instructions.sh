#!/bin/sh
# bench/instructions.sh - instructions that a record costs, evx beside evtx_dump, under callgrind
#
# usage: instructions.sh [--quick] [--steps 'COMMIT...'] [FOLDER with real logs]
#                                                                (default ../shared/evtx)
#
# Counts do not depend on what else the machine does. Each command runs over a log and over one that
# is twice as long; the difference is what its records cost, without the start of the program and
# the first meeting of each template. Valgrind knows no AVX-512, so the kernels are AVX2 at most.
# The section "Instructions" of bench/RESULTS.md is written anew; with --quick it is only printed.
# With --steps it is the section "Steps": evx alone, as it was built from each of these commits, so
# that one sees what each step towards speed was worth.
# EVX_BENCH_BUILD (build-bench) is the build of rivals.py, EVX another program to count.
set -eu
cd "$(dirname "$0")/.."

quick=
if [ "${1-}" = --quick ]; then
    quick=1
    shift
fi
steps=
section=Instructions
if [ "${1-}" = --steps ]; then
    steps=${2:?commits}
    section=Steps
    shift 2
fi
folder=${1-../shared/evtx}
build=${EVX_BENCH_BUILD:-build-bench}
evx=${EVX:-$build/evx}
mib=4
mixes='all security sysmon powershell'
shapes='small logon many long cyrillic cjk arrays deep forwarded'
if [ -n "$quick" ]; then
    mib=1
    mixes=all
    shapes='logon deep'
fi
for tool in valgrind python3; do
    command -v "$tool" >/dev/null || { echo "instructions: no $tool" >&2; exit 77; }
done
if [ ! -x "$build/bench/mkshapes" ] || [ ! -x "$evx" ]; then
    cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=Release -DEVX_BENCH=ON -DBUILD_TESTING=OFF \
        >/dev/null
    cmake --build "$build" --parallel 2 --target evx_cli mkshapes >/dev/null
fi
rival=$(command -v evtx_dump || true)
work=$(mktemp -d)
trap 'rm -rf "$work"; git worktree prune' EXIT

# make NAME MIB FILE: a mix, or a shape. False: there are no such logs.
make() {
    word=$1
    case " $mixes " in
    *" $1 "*)
        if [ "$1" = all ]; then word=; fi
        python3 bench/mix.py --mib "$2" --word "$word" "$3" "$folder" >/dev/null 2>&1 ;;
    *) "$build/bench/mkshapes" "$1" "$2" "$3" ;;
    esac
}

# collected COMMAND...: its instructions
collected() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null |
        sed -n 's/.*Collected : *//p'
}

# each COMMAND...: instructions a record, between the log and the longer one
each() {
    a=$(collected "$@" "$work/one.evtx")
    b=$(collected "$@" "$work/two.evtx")
    echo $(((b - a) / (two - one)))
}

line() {
    one=$("$evx" dump -t 1 -o jsonl "$work/one.evtx" 2>/dev/null | wc -l)
    two=$("$evx" dump -t 1 -o jsonl "$work/two.evtx" 2>/dev/null | wc -l)
    for mode in '-o jsonl' '-o xml' '-o jsonl --separate-json-attributes'; do
        # shellcheck disable=SC2086
        ours=$(each "$evx" dump -t 1 $mode)
        theirs=
        ratio=
        if [ -n "$rival" ]; then
            # shellcheck disable=SC2086
            theirs=$(each "$rival" -t 1 $mode)
            ratio=$(awk "BEGIN { printf \"%.2f\", $theirs / $ours }")
        fi
        echo "| $1 | $mode | $((two - one)) | $ours | $theirs | $ratio |"
    done
    echo "| $1 | sessions | $((two - one)) | $(each "$evx" sessions) | | |"
}

report() {
    commit=$(git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
    changed=$(git status --porcelain 2>/dev/null | grep -vc 'bench/RESULTS.md$' || true)
    if [ "${changed:-0}" -gt 0 ]; then commit="$commit and $changed changed files"; fi
    printf '\n## Instructions\n\n'
    printf 'Written by `bench/instructions.sh`: instructions a record under callgrind,\n'
    printf 'commit %s, from %s to %s MiB, without the start of the program.\n\n' "$commit" "$mib" \
        "$((2 * mib))"
    echo '| log | command | records | evx | evtx_dump | times as many |'
    echo '| --- | --- | --- | --- | --- | --- |'
    for name in $mixes $shapes; do
        if make "$name" "$mib" "$work/one.evtx" && make "$name" "$((2 * mib))" "$work/two.evtx"
        then
            line "$name"
        fi
    done
}

# The program of a commit.
build_at() {
    rm -rf "$work/tree" "$work/build"
    git worktree prune
    git worktree add --quiet --force --detach "$work/tree" "$1"
    cmake -S "$work/tree" -B "$work/build" -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF
    cmake --build "$work/build" --parallel 2 --target evx_cli
}

# A row for each commit; a command that the commit did not know yet has no number.
report_steps() {
    printf '\n## Steps\n\n'
    printf 'Written by `bench/instructions.sh --steps`: instructions a record under callgrind,\n'
    printf 'of evx as it was, from %s to %s MiB of real chunks, one thread.\n\n' "$mib" \
        "$((2 * mib))"
    echo '| commit | what it says | all, jsonl | all, xml | security, jsonl | security, sessions |'
    echo '| --- | --- | --- | --- | --- | --- |'
    for name in all security; do
        mkdir "$work/$name"
        make "$name" "$mib" "$work/$name/one.evtx"
        make "$name" "$((2 * mib))" "$work/$name/two.evtx"
    done
    for commit in $steps; do
        if ! build_at "$commit" >"$work/build.log" 2>&1; then
            tail -n 20 "$work/build.log" >&2
            exit 1
        fi
        printf '| %s | %s' "$(git log -1 --format=%h "$commit")" \
            "$(git log -1 --format=%s "$commit" | tr -d '|')"
        step_counts
        echo ' |'
    done
}

step_counts() {
    for what in 'all dump -t 1 -o jsonl' 'all dump -t 1 -o xml' 'security dump -t 1 -o jsonl' \
        'security sessions'; do
        # shellcheck disable=SC2086
        set -- $what
        ln -sf "$work/$1/one.evtx" "$work/one.evtx"
        ln -sf "$work/$1/two.evtx" "$work/two.evtx"
        one=$("$evx" dump -t 1 -o jsonl "$work/one.evtx" 2>/dev/null | wc -l)
        two=$("$evx" dump -t 1 -o jsonl "$work/two.evtx" 2>/dev/null | wc -l)
        shift
        printf ' | %s' "$(each "$work/build/evx" "$@")"
    done
}

if [ -n "$steps" ]; then report_steps; else report; fi | tee "$work/report" >&2
if [ -n "$quick" ]; then exit 0; fi
touch bench/RESULTS.md
awk -v name="## $section" '/^## / { skip = $0 == name } !skip' bench/RESULTS.md |
    sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' >"$work/rest"
cat "$work/rest" "$work/report" >bench/RESULTS.md
