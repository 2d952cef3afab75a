/* tests/golden/page.h - the golden pages: headings, fenced blocks, the cases they make */
#ifndef EVX_GOLDEN_PAGE_H
#define EVX_GOLDEN_PAGE_H

#include <dirent.h>
#include <stdio.h>

#include "spec.h"

/* A case is a block `log` and the blocks behind it, up to the next `log`. */
enum { PAGE_BLOCKS = 8 };

typedef struct page_case {
    char where[256];                 /* page: heading */
    const char *log;
    struct { const char *info, *text; } block[PAGE_BLOCKS];
    size_t blocks;
} page_case;

typedef void (*page_visit)(page_case *c);

/* The text behind the next line that begins with ```; that line is cut off its block. */
static inline char *page_fence(char *text, char **info)
{
    char *at = strncmp(text, "```", 3) == 0 ? text : strstr(text, "\n```");
    char *end;

    if (!at)
        return NULL;
    at += *at == '\n';
    end = strchr(at, '\n');
    kit_check(end != NULL);
    *info = at + 3;
    *end = 0;
    at[0] = 0;                       /* ends the block, its last line break kept */
    return end + 1;
}

static inline size_t page_cases(const char *name, char *text, page_visit visit)
{
    page_case c;
    size_t cases = 0;
    char *info, *end, *next;

    memset(&c, 0, sizeof c);
    while ((next = page_fence(text, &info)) != NULL) {
        char *heading = NULL;
        for (char *h = text; (h = strstr(h, "## ")) != NULL; h += 3)
            heading = h + 3;
        end = page_fence(next, &text);
        kit_check(end != NULL);
        text = end;
        if (!strcmp(info, "log")) {
            if (c.log)
                visit(&c);
            memset(&c, 0, sizeof c);
            c.log = next;
            cases++;
            snprintf(c.where, sizeof c.where, "%.60s: %.*s", name,
                     heading ? (int)strcspn(heading, "\n") : 0, heading ? heading : "");
        } else {
            kit_check(c.log && c.blocks < PAGE_BLOCKS);
            c.block[c.blocks].info = info;
            c.block[c.blocks++].text = next;
        }
    }
    if (c.log)
        visit(&c);
    return cases;
}

static inline char *page_load(const char *path)
{
    FILE *f = fopen(path, "rb");
    char *text = malloc(1 << 20);
    size_t n;

    kit_check(f && text);
    n = fread(text, 1, (1 << 20) - 1, f);
    kit_check(n < (1 << 20) - 1);
    text[n] = 0;
    fclose(f);
    return text;
}

static inline int page_order(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Every case of every page of a folder, in the order of the pages' names; returns how many. */
static inline size_t page_each(const char *folder, page_visit visit)
{
    static char names[64][128];
    size_t n = 0, cases = 0;
    DIR *d = opendir(folder);
    struct dirent *e;

    kit_check(d != NULL);
    while ((e = readdir(d)) != NULL) {
        size_t len = strlen(e->d_name);
        if (len < 4 || len > 100 || strcmp(e->d_name + len - 3, ".md") != 0)
            continue;
        kit_check(n < 64);
        memcpy(names[n++], e->d_name, len + 1);
    }
    closedir(d);
    qsort(names, n, sizeof names[0], page_order);
    for (size_t i = 0; i < n; i++) {
        char path[1024], *text;
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        text = page_load(path);
        cases += page_cases(names[i], text, visit);
        free(text);
    }
    return cases;
}

#endif
