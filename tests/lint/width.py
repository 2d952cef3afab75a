#!/usr/bin/env python3
# tests/lint/width.py - columns, tabs, trailing blanks, long files, long functions
"""usage: width.py ROOT

Columns: 100. No tabs, no blanks at the end of a line, and a line break at the end of the file.
Files of src/ and include/: 400 lines. Functions: 60 lines. Exceptions from the last two stand in
src/README.md, below a heading with the word "exceptions", by path or by function name, each with
its reason.
"""
import os
import re
import sys

COLUMNS, FILE_LINES, FUNCTION_LINES = 100, 400, 60
TOPS = ('src', 'include', 'tests', 'fuzz', 'bench', '.ci', '.github')
KINDS = ('.c', '.h', '.cc', '.py', '.sh', '.txt', '.dict')
SKIP = ('corpus', 'golden')


def exceptions(root):
    found, inside = '', False
    try:
        with open(os.path.join(root, 'src', 'README.md'), encoding='utf-8') as file:
            for line in file:
                if line.startswith('#'):
                    inside = 'exception' in line.lower()
                elif inside:
                    found += line
    except FileNotFoundError:
        pass
    return found


def files(root):
    yield 'CMakeLists.txt'
    for top in TOPS:
        for folder, folders, names in os.walk(os.path.join(root, top)):
            folders[:] = sorted(f for f in folders if f not in SKIP)
            for name in sorted(names):
                path = os.path.relpath(os.path.join(folder, name), root).replace(os.sep, '/')
                if name.endswith(KINDS) or path.startswith('.ci/'):
                    yield path


def functions(lines):
    """(first line, name, length) of each function: from its opening brace in column 0 to '}'."""
    begin = None
    for number, line in enumerate(lines, 1):
        if line == '{':
            begin = number
        elif line == '}' and begin:
            head = ' '.join(lines[max(0, begin - 6):begin - 1])
            names = re.findall(r'(\w+)\s*\(', head)
            yield begin, names[-1] if names else '?', number - begin + 1
            begin = None


def check_file(root, path, excepted, bad):
    with open(os.path.join(root, path), encoding='utf-8') as file:
        text = file.read()
    lines = text.split('\n')
    if text and not text.endswith('\n'):
        bad.append('%s: no line break at the end' % path)
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS:
            bad.append('%s:%d: %d columns' % (path, number, len(line)))
        if '\t' in line:
            bad.append('%s:%d: a tab' % (path, number))
        if line != line.rstrip():
            bad.append('%s:%d: blanks at the end' % (path, number))
    if path.startswith(('src/', 'include/')) and path not in excepted:
        if len(lines) - 1 > FILE_LINES:
            bad.append('%s: %d lines' % (path, len(lines) - 1))
    if path.endswith('.c'):
        for number, name, length in functions(lines):
            if length > FUNCTION_LINES and not re.search(r'\b%s\b' % name, excepted):
                bad.append('%s:%d: %s is %d lines long' % (path, number, name, length))


def main(root):
    excepted, bad, seen = exceptions(root), [], 0
    for path in files(root):
        check_file(root, path, excepted, bad)
        seen += 1
    for line in bad:
        print(line)
    print('width: %d files, %d wrong' % (seen, len(bad)))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
