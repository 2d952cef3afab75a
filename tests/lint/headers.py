#!/usr/bin/env python3
# tests/lint/headers.py - public headers stand alone, as C11 and as C++11, without a warning
"""usage: headers.py ROOT     (CC and CXX from the environment)"""
import os
import shutil
import subprocess
import sys
import tempfile

WARNINGS = ['-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Wshadow', '-Wundef', '-Werror']


def main(root):
    include = os.path.join(root, 'include')
    headers = ['evx.h'] + sorted('evx/' + name for name in os.listdir(os.path.join(include, 'evx')))
    compilers = []
    for variable, names, language, standards in (
            ('CC', ('cc', 'gcc', 'clang'), 'c', ('c11', 'c17')),
            ('CXX', ('c++', 'g++', 'clang++'), 'c++', ('c++11', 'c++20'))):
        wanted = [os.environ[variable]] if os.environ.get(variable) else names
        for name in wanted:
            if shutil.which(name):
                compilers += [(name, language, standard) for standard in standards]
                break
    if not any(language == 'c++' for _, language, _ in compilers):
        print('headers: no C++ compiler: skipped')
        return 77
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for header in headers:
            for name, language, standard in compilers:
                source = os.path.join(folder, 'one.c' if language == 'c' else 'one.cc')
                with open(source, 'w', encoding='utf-8') as file:
                    file.write('#include "%s"\n#include "%s"\nint evx_header_alone;\n'
                               % (header, header))
                run = subprocess.run([name, '-x', language, '-std=' + standard, '-fsyntax-only',
                                      '-I', include] + WARNINGS + [source],
                                     stderr=subprocess.PIPE, text=True, check=False)
                if run.returncode != 0:
                    bad += 1
                    print('%s as %s:\n%s' % (header, standard, run.stderr))
    print('headers: %d headers, %d ways, %d wrong' % (len(headers), len(compilers), bad))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
