#!/usr/bin/env python3
# tests/cli/options.py - help, manual and completions know the same options; the manual is sound
"""usage: options.py ROOT PROGRAM

The options that a command reads are those of the table in its src/cli/cmd_*.c. Its help must name
each of them, its part of the manual and the completions for bash, zsh and fish in all spellings,
and no other; that a completion takes a value where the option does is looked at too. libevx(3) must
hold every prototype and every status code, and its example must be the one that the tests build; so
must the one in README.md.
"""
import os
import re
import shutil
import subprocess
import sys

ROW = re.compile(r'\{ "([a-z-]+)", (0|\'.\'), CLI_(FLAG|COUNT|VALUE), &')
HELP = re.compile(r'^ {2}(?=-)|^ {6}(?=--)')
WORD = re.compile(r'(?<![\w-])(--[a-z][a-z-]*|-[A-Za-z])(?![\w-])')


def read(*path):
    with open(os.path.join(*path), encoding='utf-8') as file:
        return file.read()


def spellings(name, letter):
    return {'--' + name} | ({'-' + letter.strip("'")} if letter != '0' else set())


def of_source(root, command):
    """{spelling: does it take a value?}"""
    found = {}
    for name, letter, kind in ROW.findall(read(root, 'src', 'cli', 'cmd_%s.c' % command)):
        for word in spellings(name, letter):
            found[word] = kind == 'VALUE'
    return found


def of_help(root, program, command):
    """A help names each option in one spelling at least; then the others go without saying."""
    run = subprocess.run([program, command, '--help'], stdout=subprocess.PIPE, text=True,
                         check=True)
    found = set()
    for line in run.stdout.splitlines():
        if HELP.match(line):
            for part in line.strip().split(';'):
                found |= set(WORD.findall(re.split(r' {2,}', part.strip())[0]))
    for name, letter, _ in ROW.findall(read(root, 'src', 'cli', 'cmd_%s.c' % command)):
        if spellings(name, letter) & found:
            found |= spellings(name, letter)
    return found


def of_manual(text, command):
    """Options of '.It Fl' lines: those of every command, and those of the command's own part."""
    common = text.split('.Sh DESCRIPTION')[1].split('.Sh COMMANDS')[0]
    own = re.split(r'^\.S[sh] ', text.split('.Ss evx %s\n' % command)[1], flags=re.M)[0]
    found = {}
    for line in re.findall(r'^\.It (Fl .*)$', common + own, re.M):
        for word in re.findall(r'(?<!\S)(-?[A-Za-z][a-z-]*)(?= |$)', line.split(' Ar ')[0]):
            if word != 'Fl':
                found['-' + word] = ' Ar ' in line
    return found


def of_bash(text, command):
    common = re.search(r"common='([^']*)'", text).group(1)
    own = re.search(r'^ {8}%s\)\s*words="([^"]*)"' % command, text, re.M).group(1)
    values = set(re.findall(r'\b%s:(-[\w-]+)' % command, text))
    return {word: word in values for word in own.replace('$common', common).split()}


def of_zsh(text, command):
    """From '(-o --format)'{-o,--format}'[words]:value:action' and '--name[words]:value'."""
    common = text.split('common=(')[1].split('\n    )')[0]
    own = re.search(r'^ {4}%s\)\n(.*?);;' % command, text, re.M | re.S).group(1)
    found = {}
    for spell, rest in re.findall(r"""\{([\w,-]+)\}'\[[^]]*\](:?)""", common + own):
        found.update((word, rest == ':') for word in spell.split(','))
    for spell, rest in re.findall(r"""'(?:\([^)]*\))?(--[a-z-]+)\[[^]]*\](:?)""", common + own):
        found[spell] = rest == ':'
    return found


def of_fish(text, command):
    names = dict(re.findall(r"^set -l (\w+) '__fish_seen_subcommand_from ([\w ]+)'", text, re.M))
    found = {}
    for line in re.findall(r'^complete -c evx (.*)$', text, re.M):
        scope = re.match(r'-n \$(\w+) ', line)
        if ' -a ' in line and ' -l ' not in line:
            continue
        if scope and command not in names[scope.group(1)].split():
            continue
        value = bool(re.search(r' -[xr] ', line))
        for pattern, dashes in ((r'(?:^| )-s (\w)', '-'), (r'(?:^| )-l ([\w-]+)', '--')):
            for word in re.findall(pattern, line):
                found[dashes + word] = value
    return found


def compare(bad, where, wanted, found):
    for word in sorted(set(wanted) - set(found)):
        bad.append('%s: %s is missing' % (where, word))
    for word in sorted(set(found) - set(wanted)):
        bad.append('%s: %s is no option' % (where, word))
    if isinstance(found, dict):
        for word in sorted(set(found) & set(wanted)):
            if found[word] != wanted[word]:
                bad.append('%s: %s %s a value' % (where, word,
                                                  'takes' if wanted[word] else 'takes no'))


def check_options(root, program, bad):
    manual = read(root, 'src', 'man', 'evx.1')
    shells = {'bash': (of_bash, 'evx.bash'), 'zsh': (of_zsh, '_evx'), 'fish': (of_fish, 'evx.fish')}
    main = subprocess.run([program, '--help'], stdout=subprocess.PIPE, text=True, check=True).stdout
    commands = re.findall(r'^  ([a-z]+)  +\S', main, re.M)
    known = {name[4:-2] for name in os.listdir(os.path.join(root, 'src', 'cli'))
             if name.startswith('cmd_') and ROW.search(read(root, 'src', 'cli', name))}
    compare(bad, 'evx --help', known, set(commands))
    for command in commands:
        wanted = of_source(root, command)
        compare(bad, 'evx %s --help' % command, wanted, of_help(root, program, command))
        compare(bad, 'evx(1), %s' % command, wanted, of_manual(manual, command))
        for shell, (reader, name) in shells.items():
            text = read(root, 'src', 'completion', name)
            compare(bad, '%s, %s' % (shell, command), wanted, reader(text, command))
    return len(commands)


def squeeze(text):
    return re.sub(r'\s*([*(),])\s*', r'\1', ' '.join(text.split()))


def of_headers(root):
    """{header: its text}, and the headers that evx.h includes."""
    folder = os.path.join(root, 'include', 'evx')
    texts = {'evx/' + name: read(folder, name) for name in os.listdir(folder)}
    texts['evx.h'] = read(root, 'include', 'evx.h')
    return texts, re.findall(r'^#include "(evx/\w+\.h)"', texts['evx.h'], re.M) + ['evx.h']


def prototypes(text):
    return {squeeze(found) for found in re.findall(r'^EVX_API ([^;]*);', text, re.M)}


def of_synopsis(text):
    """.Ft type, then .Fn name "argument" ... or .Fo name, .Fa argument ..., .Fc"""
    found, kind, name, arguments = set(), '', '', []
    for line in text.splitlines():
        macro, _, rest = line.partition(' ')
        words = re.findall(r'"([^"]*)"|(\S+)', rest)
        words = [quoted or plain for quoted, plain in words]
        if macro == '.Ft':
            kind = ' '.join(words)
        elif macro == '.Fn':
            found.add(squeeze('%s %s(%s)' % (kind, words[0], ', '.join(words[1:]))))
        elif macro == '.Fo':
            name, arguments = words[0], []
        elif macro == '.Fa':
            arguments.append(' '.join(words))
        elif macro == '.Fc':
            found.add(squeeze('%s %s(%s)' % (kind, name, ', '.join(arguments))))
    return found


def check_library(root, bad):
    """What evx.h includes must be there; other headers may be, and then as they are."""
    manual = read(root, 'src', 'man', 'libevx.3')
    texts, included = of_headers(root)
    code = re.compile(r'^    (EVX_E_\w+)\s*= -', re.M)
    for find, there in ((prototypes, of_synopsis(manual.split('.Sh DESCRIPTION')[0])),
                        (lambda text: set(code.findall(text)),
                         set(re.findall(r'^\.It Dv (EVX_E_\w+)', manual, re.M)))):
        wanted = find('\n'.join(texts[name] for name in included))
        allowed = find('\n'.join(texts.values()))
        bad += ['libevx(3): missing: ' + name for name in sorted(wanted - there)]
        bad += ['libevx(3): not in a header: ' + name for name in sorted(there - allowed)]
    example = read(root, 'tests', 'outside', 'verdicts.c').split('\n', 1)[1].strip('\n')
    quoted = re.search(r'^\.Bd -literal\n(.*?)\n\.Ed$', manual, re.M | re.S).group(1)
    if quoted.replace('\\&', '').replace('\\e', '\\') != example:
        bad.append('libevx(3): the example is not tests/outside/verdicts.c')
    if os.path.exists(os.path.join(root, 'README.md')):
        if example not in read(root, 'README.md'):
            bad.append('README.md: the example of tests/outside/verdicts.c is not in it')
    return len(prototypes('\n'.join(texts[name] for name in included)))


def check_quotes(page, bad):
    """Quotes inside each other are a macro that took the next one for its argument."""
    run = subprocess.run(['groff', '-mandoc', '-Tutf8', page], stdout=subprocess.PIPE, text=True,
                         encoding='utf-8', check=False)
    for line in run.stdout.splitlines():
        plain = re.sub('\x1b\\[[0-9;]*m|.\b', '', line)
        if re.search('\u2018[^\u2019]*\u2018|\u2019\u2019', plain):
            bad.append('%s: quotes inside quotes: %s' % (page, line.strip()))


def check_pages(root, bad):
    """Both formatters that there are, where they are installed."""
    tools = [('mandoc', ['mandoc', '-T', 'lint', '-W', 'style']),
             ('groff', ['groff', '-mandoc', '-Tutf8', '-ww', '-z'])]
    used = []
    for name, command in tools:
        if not shutil.which(name):
            continue
        used.append(name)
        for page in ('evx.1', 'libevx.3'):
            run = subprocess.run(command + [os.path.join(root, 'src', 'man', page)],
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                 check=False)
            bad += [line for line in run.stdout.splitlines()
                    if line and 'referenced manual not found' not in line
                    and 'outdated mandoc.db' not in line]
            if name == 'groff':
                check_quotes(os.path.join(root, 'src', 'man', page), bad)
    return used


def check_shells(root, bad):
    used = []
    for shell, flag, name in (('bash', '-n', 'evx.bash'), ('zsh', '-n', '_evx'),
                              ('fish', '-n', 'evx.fish')):
        if not shutil.which(shell):
            continue
        used.append(shell)
        run = subprocess.run([shell, flag, os.path.join(root, 'src', 'completion', name)],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             check=False)
        if run.returncode != 0:
            bad.append('%s: %s' % (name, run.stdout))
    if 'bash' in used:
        check_bash(root, bad)
    return used


# Words as bash hands them over, the last one to be completed.
COMPLETIONS = [
    ('dump --no-ind', '--no-indent'), ('dump --format = js', 'json jsonl'),
    ('dump --format =', 'xml json jsonl'), ('dump --level error,wa', 'error,warning'),
    ('dump --exclude = time,le', 'time,level'), ('dump -- --no-ind', 'file \n'), ('ver', 'verify'),
    ('sessions --since 20', ''), ('verify --', '--json --hash'), ('be', 'bench'),
    ('dump LICE', 'file LICENSE'), ('dump -- LICE', 'file LICENSE'),
]


def check_bash(root, bad):
    # files are said to be files; a word is a word where a folder has its name, too
    script = ('source "$1"; shift; kind=; compopt() { kind="file "; }; '
              'complete -p evx | grep -q filenames && kind="file "; '
              'COMP_WORDS=(evx "$@"); COMP_CWORD=$#; _evx; echo "$kind${COMPREPLY[*]}"')
    for words, wanted in COMPLETIONS:
        run = subprocess.run(['bash', '-c', script, 'x',
                              os.path.join(root, 'src', 'completion', 'evx.bash')] + words.split(),
                             stdout=subprocess.PIPE, text=True, check=False, cwd=root)
        if not run.stdout.startswith(wanted) or (wanted == '' and run.stdout != '\n'):
            bad.append('evx.bash: %s is completed as %r' % (words, run.stdout))


def main(root, program):
    bad = []
    commands = check_options(root, program, bad)
    functions = check_library(root, bad)
    used = check_pages(root, bad) + check_shells(root, bad)
    for line in bad:
        print(line)
    print('options: %d commands, %d functions, looked at by %s, %d wrong'
          % (commands, functions, ', '.join(used) or 'nobody else', len(bad)))
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1], sys.argv[2]))
