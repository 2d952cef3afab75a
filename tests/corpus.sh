#!/bin/sh
# tests/corpus.sh - the corpus is what mkcorpus writes, byte for byte; each target has seeds
# usage: corpus.sh MKCORPUS CORPUS
set -eu
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
"$1" "$fresh"
for target in $(awk '/^[a-z]/ { print $1 }' "$2/../fuzz/targets"); do
    [ -n "$(ls "$fresh/seed/$target")" ] || exit 1
done
# regress/ holds what fuzzers found, and no program writes it again.
diff -r --exclude=regress --exclude=README.md "$fresh" "$2" && echo "corpus: equal"
