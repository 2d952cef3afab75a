#!/usr/bin/env python3
# tests/compare/test_deviations.py - deviations are told rightly, and the manual lists the same ones
"""usage: test_deviations.py ROOT

The table in README.md names for each kind what shows it. Each such section of a golden page is
there, with a text of ours that is not evtx_dump's (test_text runs both); and each section that has
one is in the table.
"""
import glob
import os
import re
import sys

import deviations

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'

# mode, ours, theirs, the kind; None: nothing may explain it
CASES = (
    ('xml', HEAD + '<E>\ufffd</E>', HEAD + '<E>\x01</E>', 'controls'),
    ('xml', HEAD + '<E>a</E>', HEAD + '<E>b</E>', None),
    ('xml', HEAD + '<E>\x01</E>', HEAD + '<E>\x02</E>', None),
    ('xml', HEAD + '<E>a\ufffdb</E>', HEAD + '<E>ab</E>', 'surrogates'),
    ('xml', HEAD + '<E><_/></E>', HEAD + '<E>< ></ ></E>', 'names'),
    ('xml', HEAD + '<E><A/><RenderingInfo/></E>', HEAD + '<E><A/></E>', 'instances'),
    ('xml', HEAD + '<E><A/></E>', HEAD + '<E><A/><Event>\n</Event></E>', 'placeholder'),
    ('xml', HEAD + '<E><A>12</A></E>', HEAD + '<E></E>', 'truncated'),
    ('xml', HEAD + '<E></E>', HEAD + '<E><A>12</A></E>', None),
    ('jsonl', '{"a":1,"a_1":2}', '{"a":1,"a":2}', 'keys'),
    ('jsonl', '{"a":1,"a":2}', '{"a":1,"a_1":2}', None),
    ('jsonl', '{"a":1,"a_1":3}', '{"a":1,"a":2}', None),
    ('jsonl', '{"a":"x\ufffd"}', '{"a":"x"}', 'surrogates'),
    ('jsonl', '{"a":1,"Data":"v"}', '{"a":1}', 'unnamed'),
    ('jsonl', '{"a":1,"RenderingInfo":{}}', '{"a":1}', 'instances'),
    ('jsonl', '{"a":1,"b":{"c":2}}', '{"a":1,"b":null}', 'truncated'),
    ('jsonl', '{"a":1,"b":{"c":2}}', '{"a":1,"b":', 'truncated'),
    ('jsonl', '{"a":1}', '{"a":1,"Event":null}', 'placeholder'),
    ('jsonl', '{"a":1}', '{"a":2}', None),
    ('jsonl', '{"a":1', '{"a":1}', None),
)


# told by the lack of the other text, or only by the bytes
UNTOLD = {'recovered', 'refused', 'arrays'}


def check_cases():
    bad = []
    for mode, ours, theirs, want in CASES:
        for damaged in (True, False):
            found = deviations.explain(mode, ours.encode(), theirs.encode(), damaged)
            right = {want} if want and (damaged or want != 'truncated') else None
            if found != right:
                bad.append('%s: %r, %r: %s, not %s' % (mode, ours, theirs, found, right))
    tested = {want for _, _, _, want in CASES} | UNTOLD
    bad += ['%s: no case' % kind for kind in deviations.KINDS if kind not in tested]
    return bad


def check_manual(root):
    with open(os.path.join(root, 'src', 'man', 'evx.1'), encoding='utf-8') as file:
        part = file.read().split('.Sh DEVIATIONS\n')[1].split('.Sh ')[0]
    listed = set(re.findall(r'^\.It Sy (\w+)$', part, re.M))
    return ['evx(1), DEVIATIONS: %s' % kind for kind in listed ^ set(deviations.KINDS)]


def sections(root):
    """'07 Control characters' and so on: the sections with a text of ours alone."""
    for page in sorted(glob.glob(os.path.join(root, 'tests', 'golden', '*.md'))):
        with open(page, encoding='utf-8') as file:
            for part in file.read().split('\n## ')[1:]:
                if re.search(r'^```\w.* ours$', part, re.M):
                    yield '%s %s' % (os.path.basename(page)[:2], part.split('\n')[0])


def is_test(root, words):
    path, _, name = words.partition(' ')
    try:
        with open(os.path.join(root, path), encoding='utf-8') as file:
            return re.search(r'^Test\(\w+, %s\b' % name, file.read(), re.M) is not None
    except OSError:
        return False


def check_table(root):
    with open(os.path.join(root, 'README.md'), encoding='utf-8') as file:
        part = file.read().split('| kind |')[1].split('\n\n')[0]
    rows = [[cell.strip() for cell in line.strip('|').split('|')]
            for line in part.split('\n')[2:]]
    there, shown = set(sections(root)), set()
    bad = ['README.md: %s has an empty cell' % row[0] for row in rows if len(row) != 5
           or not all(row)]
    for row in rows:
        shown.update(row[-1].split('; '))
    bad += ['README.md: there is no %s' % words for words in sorted(shown - there)
            if not is_test(root, words)]
    bad += ['README.md, deviations: %s is not listed' % words for words in sorted(there - shown)]
    kinds = {row[0] for row in rows}
    return bad + ['README.md, deviations: %s' % kind for kind in kinds ^ set(deviations.KINDS)]


def main():
    bad = check_cases() + check_manual(sys.argv[1]) + check_table(sys.argv[1])
    for line in bad:
        print(line)
    print('deviations: %d cases, %d kinds, %d wrong' % (len(CASES), len(deviations.KINDS),
                                                       len(bad)))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
