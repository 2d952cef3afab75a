/* src/cli/args.c - options -> struct; the nearest spelling */
#include "cli.h"

#include <string.h>

enum { OPTIONS_MAX = 48, WORD_MAX = 40 };

/* ---- the nearest spelling ------------------------------------------------------------------ */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/*
 * How many letters differ: changed, added, left out, or two neighbours swapped. Three rows of the
 * usual table are alive at a time; words are short, longer ones are near to nothing.
 */
static size_t distance(const char *a, const char *b)
{
    size_t rows[3][WORD_MAX + 1], n = strlen(a), m = strlen(b);

    if (n > WORD_MAX || m > WORD_MAX)
        return WORD_MAX;
    for (size_t j = 0; j <= m; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *now = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t same = a[i - 1] == b[j - 1];
            now[j] = least(last[j - 1] + !same, 1 + least(last[j], now[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], before[j - 2] + 1);
        }
    }
    return rows[n % 3][m];
}

const char *cli_nearest(const char *text, const char *const *list)
{
    size_t len = strlen(text), best = WORD_MAX;
    const char *found = NULL;

    for (; *list; list++) {
        size_t d = distance(text, *list);
        /* what was typed may be the beginning of a long word, or go on behind one */
        if ((len >= 2 && strncmp(text, *list, len) == 0)
            || (strncmp(text, *list, strlen(*list)) == 0 && text[strlen(*list)] == '-'))
            d = 1;
        if (d < best && d <= 1 + strlen(*list) / 4) {
            best = d;
            found = *list;
        }
    }
    return found;
}

/* ---- values -------------------------------------------------------------------------------- */

bool cli_number(const char *text, uint64_t *n)
{
    uint64_t value = 0;

    if (*text == 0)
        return false;
    for (; *text; text++) {
        uint64_t digit = (uint64_t)(*text - '0');
        if (*text < '0' || *text > '9' || value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *n = value;
    return true;
}

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

bool cli_same_word(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return lower(*a) == lower(*b);
}

int cli_choice(const char *text, const char *const *list)
{
    for (int i = 0; list[i]; i++)
        if (strcmp(text, list[i]) == 0)
            return i;
    return -1;
}

/* ---- options ------------------------------------------------------------------------------- */

typedef struct parser {
    const char *command;
    const cli_option *options;
    char **argv;
    int argc, at, paths;
} parser;

static int unknown(const parser *p, const char *given, const char *name)
{
    const char *names[OPTIONS_MAX + 1], *near;
    size_t n = 0;

    for (const cli_option *o = p->options; o->name && n < OPTIONS_MAX; o++)
        names[n++] = o->name;
    names[n] = NULL;
    near = cli_nearest(name, names);
    if (near)
        return cli_usage("%s: unknown option %s; did you mean --%s?", p->command, given, near);
    return cli_usage("%s: unknown option %s; 'evx %s --help' lists them", p->command, given,
                     p->command);
}

/* Another option? A number below zero is a value that somebody meant. */
static bool is_option(const char *word)
{
    return word[0] == '-' && word[1] != 0 && (word[1] < '0' || word[1] > '9');
}

/* The value behind an option: what stands in the same word, else the next word. */
static int take_value(parser *p, const cli_option *o, const char *here)
{
    const char **to = o->to;

    if (*to)
        return cli_usage("%s: --%s is given twice", p->command, o->name);
    if (!here && p->at + 1 < p->argc && !is_option(p->argv[p->at + 1]))
        here = p->argv[++p->at];
    if (!here)
        return cli_usage("%s: --%s needs a value", p->command, o->name);
    *to = here;
    return CLI_CLEAN;
}

static void set(const cli_option *o)
{
    if (o->kind == CLI_FLAG)
        *(bool *)o->to = true;
    else
        ++*(unsigned *)o->to;
}

static int long_option(parser *p, const char *word)
{
    const char *value = strchr(word, '=');
    size_t len = value ? (size_t)(value - word) : strlen(word);
    char name[WORD_MAX + 1];

    if (len > WORD_MAX)
        len = WORD_MAX;
    memcpy(name, word, len);
    name[len] = 0;
    for (const cli_option *o = p->options; o->name; o++) {
        if (strcmp(name, o->name) != 0)
            continue;
        if (o->kind == CLI_VALUE)
            return take_value(p, o, value ? value + 1 : NULL);
        if (value)
            return cli_usage("%s: --%s takes no value", p->command, o->name);
        set(o);
        return CLI_CLEAN;
    }
    return unknown(p, word - 2, name);
}

static const cli_option *by_letter(const cli_option *o, char letter)
{
    while (o->name && o->letter != letter)
        o++;
    return o->name ? o : NULL;
}

/* A cluster: flags, then perhaps an option whose value is the rest of the word. */
static int short_options(parser *p, const char *word)
{
    for (const char *at = word; *at; at++) {
        const cli_option *o = by_letter(p->options, *at);
        char letter[2] = { *at, 0 };
        if (!o)
            return unknown(p, word - 1, letter);
        if (o->kind == CLI_VALUE)
            return take_value(p, o, at[1] == '=' ? at + 2 : at[1] ? at + 1 : NULL);
        set(o);
    }
    return CLI_CLEAN;
}

int cli_args(const char *command, const cli_option *options, int argc, char **argv, int *paths)
{
    parser p = { command, options, argv, argc, 0, 0 };
    bool only_paths = false;
    int status = CLI_CLEAN;

    for (; p.at < argc && status == CLI_CLEAN; p.at++) {
        char *word = argv[p.at];
        if (only_paths || word[0] != '-' || word[1] == 0)
            argv[p.paths++] = word;
        else if (strcmp(word, "--") == 0)
            only_paths = true;
        else if (word[1] == '-')
            status = long_option(&p, word + 2);
        else
            status = short_options(&p, word + 1);
    }
    *paths = p.paths;
    return status;
}
