#!/bin/sh
# tests/corpus.sh - the committed corpus is what mkcorpus writes, byte for byte
# usage: corpus.sh MKCORPUS CORPUS
set -eu
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
"$1" "$fresh"
# regress/ holds what fuzzers found, and no program writes it again.
diff -r --exclude=regress --exclude=README.md "$fresh" "$2" && echo "corpus: equal"
