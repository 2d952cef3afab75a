#!/bin/sh
# tests/outside/windows.sh - evx.exe, under wine, says what the program built here says
# usage: windows.sh EVX.EXE PROGRAM WORK
set -eu
exe=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
program=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
corpus=$(cd "$(dirname "$0")/../../corpus/exchange" && pwd)
wc -c "$exe"

if ! command -v wine >/dev/null 2>&1; then
    echo 'no wine: not run (skipped)'
    exit 0
fi
rm -rf "$3"
mkdir -p "$3/logs"
cd "$3"
WINEPREFIX=$PWD/wine
WINEDEBUG=-all
LC_ALL=C.UTF-8
export WINEPREFIX WINEDEBUG LC_ALL
cp "$corpus"/*.evtx logs
# names beyond ASCII, and a path that is longer than 260 characters
deep=logs/$(printf 'x%.0s' $(seq 1 130))/$(printf 'y%.0s' $(seq 1 130))
mkdir -p "logs/ä日本" "$deep"
cp logs/stuck.evtx "logs/ä日本/ö.evtx"
cp logs/open.evtx "$deep/open.evtx"
printf 'no log' >logs/readme.txt
wine "$exe" --version >/dev/null 2>&1 || true        # the first run makes wine's own folder

same() {
    here=0
    there=0
    "$program" "$@" <logs/stuck.evtx >here 2>here.err || here=$?
    wine "$exe" "$@" <logs/stuck.evtx >there 2>there.err || there=$?
    echo "evx $*: status $there, $(wc -c <there) bytes"
    [ "$here" = "$there" ]
    cmp here there
    cmp here.err there.err
}

same --version
same sessions --json logs
same sessions logs/stuck.evtx
same sessions --jsonl --events "logs/ä日本/ö.evtx"
same info --json logs
same info --no-sandbox -vv logs     # there is none on Windows, and it says so
same dump -o jsonl logs
same dump -o xml -
same dump logs/gone.evtx
same info --jsno
wine "$exe" dump -f 'new\folder\out.txt' logs/stuck.evtx
"$program" dump logs/stuck.evtx | cmp - new/folder/out.txt
