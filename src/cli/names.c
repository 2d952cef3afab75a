/* src/cli/names.c - the names in a folder: kept, sorted, freed */
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int cli_names_keep(cli_names *n, const char *name)
{
    size_t len = strlen(name) + 1, cap = n->cap ? n->cap * 2 : 64;

    if (n->count == n->cap) {
        char **more = realloc(n->names, cap * sizeof *more);
        if (!more)
            return ENOMEM;
        n->names = more;
        n->cap = cap;
    }
    n->names[n->count] = malloc(len);
    if (!n->names[n->count])
        return ENOMEM;
    memcpy(n->names[n->count++], name, len);
    return 0;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void cli_names_sort(cli_names *n)
{
    if (n->count > 0)
        qsort(n->names, n->count, sizeof *n->names, by_bytes);
}

void cli_names_free(cli_names *n)
{
    for (size_t i = 0; i < n->count; i++)
        free(n->names[i]);
    free(n->names);
    memset(n, 0, sizeof *n);
}
