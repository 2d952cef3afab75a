#!/usr/bin/env python3
# tests/compare/test_deviations.py - deviations are told rightly, and the manual lists the same ones
"""usage: test_deviations.py ROOT"""
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
    ('jsonl', '{"a":1}', '{"a":1,"Event":null}', 'placeholder'),
    ('jsonl', '{"a":1}', '{"a":2}', None),
    ('jsonl', '{"a":1', '{"a":1}', None),
)


def check_cases():
    bad = []
    for mode, ours, theirs, want in CASES:
        found = deviations.explain(mode, ours.encode(), theirs.encode())
        if found != ({want} if want else None):
            bad.append('%s: %r, %r: %s, not %s' % (mode, ours, theirs, found, want))
    tested = {want for _, _, _, want in CASES} | {'recovered', 'refused'}
    bad += ['%s: no case' % kind for kind in deviations.KINDS if kind not in tested]
    return bad


def check_manual(root):
    with open(os.path.join(root, 'src', 'man', 'evx.1'), encoding='utf-8') as file:
        part = file.read().split('.Sh DEVIATIONS\n')[1].split('.Sh ')[0]
    listed = set(re.findall(r'^\.It Sy (\w+)$', part, re.M))
    return ['evx(1), DEVIATIONS: %s' % kind for kind in listed ^ set(deviations.KINDS)]


def main():
    bad = check_cases() + check_manual(sys.argv[1])
    for line in bad:
        print(line)
    print('deviations: %d cases, %d kinds, %d wrong' % (len(CASES), len(deviations.KINDS),
                                                       len(bad)))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
