/* src/cli/tally.c - names in a log -> how often each was seen, in bounded memory */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

/*
 * The table is never grown and never more than half full, so an honest log's names lie within a few
 * steps of where they belong. Names made to collide find no room after this many, and cost no more.
 */
enum { SLOTS = 2 * CLI_NAMES_MAX, STEPS = 64 };

static uint32_t hash(const uint8_t *p, size_t len)
{
    uint32_t h = 2166136261u;        /* FNV-1a */

    for (size_t i = 0; i < len; i++)
        h = (h ^ p[i]) * 16777619u;
    return h ^ h >> 15;
}

/* A new entry at the end of the names, or NULL where there is no room. */
static cli_name *append(cli_tally *t, const uint8_t *text, size_t len)
{
    size_t cap = t->cap ? t->cap * 2 : 16;
    cli_name *n;

    if (t->count == CLI_NAMES_MAX)
        return NULL;
    if (t->count == t->cap) {
        n = realloc(t->names, cap * sizeof *n);
        t->no_memory |= !n;
        if (!n)
            return NULL;
        t->names = n;
        t->cap = cap;
    }
    n = &t->names[t->count];
    memset(n, 0, sizeof *n);
    n->text = malloc(len);
    t->no_memory |= !n->text;
    if (!n->text)
        return NULL;
    memcpy(n->text, text, len);
    n->len = (uint32_t)len;
    t->count++;
    return n;
}

static cli_name *find(cli_tally *t, const uint8_t *text, size_t len)
{
    uint32_t h = hash(text, len);

    for (uint32_t step = 0; step < STEPS; step++) {
        uint32_t *slot = &t->slots[(h + step) % SLOTS];
        cli_name *n = *slot != 0 ? &t->names[*slot - 1] : append(t, text, len);
        if (!n)
            return NULL;
        if (*slot == 0) {
            *slot = (uint32_t)t->count;
            n->hash = h;
        }
        if (n->hash == h && n->len == len && memcmp(n->text, text, len) == 0)
            return n;
    }
    return NULL;
}

/* The name as UTF-8, at most CLI_NAME_MAX bytes of it, cut at a character. */
static size_t name_text(const evx_text_view *name, uint8_t text[CLI_NAME_MAX])
{
    size_t len;

    memset(text + CLI_NAME_MAX - 3, 0, 3);
    len = evx_text_view_utf8(name, text, CLI_NAME_MAX);
    if (len <= CLI_NAME_MAX)
        return len;
    for (len = CLI_NAME_MAX; text[len - 1] == 0; )   /* of a character that did not fit */
        len--;
    return len;
}

void cli_tally_add(cli_tally *t, const evx_text_view *name)
{
    uint8_t text[CLI_NAME_MAX];
    size_t len = name ? name_text(name, text) : 0;
    cli_name *n = len > 0 ? find(t, text, len) : NULL;

    if (n)
        n->count++;
    else if (len > 0)
        t->unlisted++;
    else
        t->unnamed++;
}

static int by_count(const void *a, const void *b)
{
    const cli_name *x = a, *y = b;
    size_t both = x->len < y->len ? x->len : y->len;
    int order = memcmp(x->text, y->text, both);

    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

void cli_tally_sort(cli_tally *t)
{
    if (t->count > 0)
        qsort(t->names, t->count, sizeof *t->names, by_count);
}

void cli_tally_clear(cli_tally *t)
{
    for (size_t i = 0; i < t->count; i++)
        free(t->names[i].text);
    free(t->names);
    memset(t, 0, sizeof *t);
}
