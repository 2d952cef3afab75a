#!/usr/bin/env python3
# tests/compare/compare_evtx_dump.py - evx and the Rust tool evtx_dump print the same, counted
"""Run evx and evtx_dump 0.12 on every .evtx file below the folders and compare what they print.

usage: compare_evtx_dump.py --evx build/evx --rival evtx_dump [options] FOLDER...

Five modes are run: xml, json, jsonl, jsonl with separate attributes, xml without indentation. In
each, output is cut into records, and equal records are counted in order. A record that differs, or
that only one side has, is explained by a deviation of deviations.py, recognised in the texts, or
is unexplained. A file is equal when its whole output is, byte for byte, in xml, json and jsonl.
The exit status is 1 when evx has fewer records than the rival in any file and any mode, when
anything is unexplained, or when fewer than --least per cent of the files are equal; it is 77 when
there is nothing to compare.

The rival comes from `cargo install evtx --version 0.12.2`.
"""
import argparse
import collections
import difflib
import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import deviations

MODES = (
    ('xml', ['-o', 'xml']),
    ('json', ['-o', 'json']),
    ('jsonl', ['-o', 'jsonl']),
    ('separate', ['-o', 'jsonl', '--separate-json-attributes']),
    ('flat', ['-o', 'xml', '--no-indent']),
)
WHOLE = ('xml', 'json', 'jsonl')         # a file that is equal in these is called equal
BANNER = re.compile(rb'^Record \d+\n(?=<\?xml |\{)', re.M)


def find(folders):
    for top in folders:
        if os.path.isfile(top):
            yield top
        for folder, below, names in os.walk(top):
            below.sort()
            for name in sorted(names):
                if name.lower().endswith('.evtx'):
                    yield os.path.join(folder, name)


def sample(files, count):
    """Evenly spread, the same ones each time."""
    if not count or count >= len(files):
        return files
    return [files[i * len(files) // count] for i in range(count)]


def run(command, timeout):
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, timeout=timeout, check=False)
    except subprocess.TimeoutExpired as late:
        return late.stdout or b'', 'timeout'
    return done.stdout, done.returncode


def records(mode, text):
    if mode in ('jsonl', 'separate'):
        return text.splitlines(keepends=True)
    starts = [match.start() for match in BANNER.finditer(text)] + [len(text)]
    return [text[a:b] for a, b in zip(starts, starts[1:])]


def blocks(ours, theirs):
    """Runs of equal and of different records: (tag, ours, theirs)."""
    if len(ours) == len(theirs):
        for a, b in zip(ours, theirs):
            yield ('equal' if a == b else 'replace'), [a], [b]
        return
    numbers = {}
    a, b = ([numbers.setdefault(r, len(numbers)) for r in side] for side in (ours, theirs))
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        yield tag, ours[i:j], theirs[k:m]


def number_of(record):
    """EventRecordID in any of the shapes."""
    found = re.search(rb'EventRecordID(?:">|>|":)"?(\d+)', record)
    return found.group(1) if found else record[:40]


def explain_block(mode, ours, theirs, damaged, kinds, unexplained):
    """Pair the records of a block by their numbers; what is left is only on one side."""
    rest = collections.defaultdict(list)
    for b in theirs:
        rest[number_of(b)].append(b)
    for a in ours:
        b = rest[number_of(a)].pop(0) if rest[number_of(a)] else None
        if b is None:
            why = {'recovered' if damaged else 'refused'}
        elif a == b:
            why = {'recovered'}      # the same record, behind one that only we have
        else:
            why = deviations.explain(mode, a, b, damaged)
        if why is None:
            unexplained.append((a, b))
        else:
            kinds.update(why)
    unexplained.extend((b'', b) for left in rest.values() for b in left)


def compare_records(mode, ours, theirs, damaged):
    """equal records, Counter of deviations, [(ours, theirs)] that nothing explains"""
    same, kinds, unexplained = 0, collections.Counter(), []
    for tag, a, b in blocks(ours, theirs):
        if tag == 'equal':
            same += len(a)
        else:
            explain_block(mode, a, b, damaged, kinds, unexplained)
    return same, kinds, unexplained


def is_damaged(options, path):
    """Do the books of the file know of a damage that could hide records from the rival?"""
    out, _ = run([options.evx, 'verify', '--json', path], options.timeout)
    try:
        total = json.loads(out)['total']
    except ValueError:
        return False
    return total['lost'] + total['recovered'] + total['crc_failures'] > 0


def first_difference(ours, theirs):
    for i, (a, b) in enumerate(zip(ours, theirs)):
        if a != b:
            at = next((k for k, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
            low = max(0, at - 60)
            return 'record %d, byte %d\n      ours   %r\n      theirs %r' % (
                i + 1, at, a[low:at + 60], b[low:at + 60])
    return 'one side has %d records more' % abs(len(ours) - len(theirs))


def compare_file(options, path):
    """[(mode, ours, theirs, compare_records, whole output equal, first difference, status)]"""
    out = []
    damaged = is_damaged(options, path)
    for mode, flags in MODES:
        ours, status = run([options.evx, 'dump', '-t', '1'] + flags + [path], options.timeout)
        theirs, _ = run([options.rival, '-t', '1'] + flags + [path], options.timeout)
        mine, other = records(mode, ours), records(mode, theirs)
        words = None if ours == theirs else first_difference(mine, other)
        out.append((mode, len(mine), len(other), compare_records(mode, mine, other, damaged),
                    ours == theirs, words, status))
    return out


def show(options, path, mode, pairs):
    for ours, theirs in pairs[:options.show]:
        print('UNEXPLAINED %s, %s: %s' % (path, mode, first_difference([ours], [theirs or b''])))


def print_file(path, modes, always):
    """A line for a file; only if not all is identical, unless all files are asked for."""
    cells = []
    for mode, ours, theirs, (same, kinds, unexplained), _, _, _ in modes:
        cells.append('%s %d/%d/%d' % (mode, same, sum(kinds.values()), len(unexplained)))
    if always or any(kinds or bad for _, _, _, (_, kinds, bad), _, _, _ in modes):
        print('%s: %s' % (os.path.basename(path), ', '.join(cells)))


def report(options, files, results):
    sums = {mode: [0, 0, 0, 0, 0, 0] for mode, _ in MODES}
    total, equal, problems = collections.Counter(), 0, []
    print('identical/deviations/unexplained%s:'
          % ('' if options.all else ', where not all is identical'))
    for path, modes in zip(files, results):
        equal += all(whole for mode, _, _, _, whole, _, _ in modes if mode in WHOLE)
        print_file(path, modes, options.all)
        for mode, ours, theirs, (same, kinds, unexplained), whole, _, status in modes:
            for i, n in enumerate((ours, theirs, same, sum(kinds.values()), len(unexplained),
                                   whole)):
                sums[mode][i] += n
            total.update(kinds)
            show(options, path, mode, unexplained)
            if ours < theirs:
                problems.append('FEWER %s, %s: %d, rival %d' % (path, mode, ours, theirs))
            if status not in (0, 1, 3):
                problems.append('STATUS %s, %s: %s' % (path, mode, status))
    for line in problems:
        print(line)
    row = '%-9s %9s %9s %9s %10s %11s %11s'
    print(row % ('mode', 'ours', 'theirs', 'identical', 'deviations', 'unexplained', 'files equal'))
    for mode, _ in MODES:
        print(row % ((mode,) + tuple(sums[mode])))
    for kind, n in total.most_common():
        print('%9d %-10s %s' % (n, kind, deviations.KINDS[kind]))
    percent = 100.0 * equal / len(files)
    print('%d of %d files are equal in all of xml, json, jsonl: %.2f %%' % (equal, len(files),
                                                                            percent))
    return 1 if problems or percent < options.least or any(s[4] for s in sums.values()) else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--evx', required=True)
    parser.add_argument('--rival', default='evtx_dump')
    parser.add_argument('--sample', type=int, default=0, help='only so many files, evenly spread')
    parser.add_argument('--least', type=float, default=95.0, help='per cent of files (95)')
    parser.add_argument('--all', action='store_true', help='a line for every file')
    parser.add_argument('--show', type=int, default=0,
                        help='so many unexplained differences of each file')
    parser.add_argument('--jobs', type=int, default=os.cpu_count() or 1)
    parser.add_argument('--timeout', type=int, default=120, help='seconds for one run')
    parser.add_argument('folders', nargs='+')
    options = parser.parse_args()
    files = sample(list(find(options.folders)), options.sample)
    if not files or not shutil.which(options.rival):
        print('skipped: %s' % ('no .evtx files' if not files else 'no ' + options.rival))
        return 77
    if not shutil.which(options.evx):
        parser.error('no such program: ' + options.evx)
    with ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(lambda path: compare_file(options, path), files))
    return report(options, files, results)


if __name__ == '__main__':
    sys.exit(main())
