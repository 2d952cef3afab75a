#!/usr/bin/env python3
# tests/lint/readme.py - what README.md shows is what the program prints and what the tests build
"""usage: readme.py ROOT EVX

Every block that begins with `$ evx ...` is run from ROOT and compared; the C example is compared
with tests/outside/verdicts.c.
"""
import os
import re
import shlex
import subprocess
import sys

BLOCK = re.compile(r'^```(\w*)\n(.*?)^```$', re.M | re.S)


def shown(text, root, program):
    command, _, want = text.partition('\n')
    words = shlex.split(command[2:])
    done = subprocess.run([program] + words[1:], cwd=root, stdout=subprocess.PIPE,
                          env=dict(os.environ, COLUMNS='80', NO_COLOR='1'), check=False)
    got = done.stdout.decode()
    if got == want:
        return 0
    print('README.md: this is not what it prints: ' + command)
    print(got)
    return 1


def example(text, root):
    with open(os.path.join(root, 'tests', 'outside', 'verdicts.c'), encoding='utf-8') as file:
        code = file.read().split('\n', 1)[1]
    if text.strip() == code.strip():
        return 0
    print('README.md: the example is not tests/outside/verdicts.c')
    return 1


def main(root, program):
    with open(os.path.join(root, 'README.md'), encoding='utf-8') as file:
        blocks = BLOCK.findall(file.read())
    reports = [text for kind, text in blocks if text.startswith('$ evx ')]
    codes = [text for kind, text in blocks if kind == 'c']
    wrong = sum(shown(text, root, program) for text in reports)
    wrong += sum(example(text, root) for text in codes)
    print(f'readme: {len(reports)} reports, {len(codes)} examples, {wrong} wrong')
    return 1 if wrong or not reports or not codes else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1], os.path.abspath(sys.argv[2])))
