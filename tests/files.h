/* tests/files.h - each file below a path, in sorted order; for programs without a framework */
#ifndef EVX_TESTS_FILES_H
#define EVX_TESTS_FILES_H

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "thin.h"

/* The bytes die when the visitor returns. */
typedef void (*files_visit)(void *user, const char *path, const uint8_t *data, size_t len);

static inline int files_order(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static inline char *files_join(const char *folder, const char *name)
{
    size_t a = strlen(folder), b = strlen(name);
    char *path = malloc(a + b + 2);

    if (!path)
        abort();
    memcpy(path, folder, a);
    path[a] = '/';
    memcpy(path + a + 1, name, b + 1);
    return path;
}

/* Names in a folder, without those that begin with a dot. Caller frees each and the array. */
static inline size_t files_list(const char *folder, char ***names)
{
    DIR *d = opendir(folder);
    struct dirent *e;
    size_t n = 0, cap = 0;

    *names = NULL;
    if (!d)
        return 0;
    while ((e = readdir(d)) != NULL) {
        if (e->d_name[0] == '.')
            continue;
        if (n == cap) {
            cap = cap ? 2 * cap : 64;
            *names = realloc(*names, cap * sizeof **names);
            if (!*names)
                abort();
        }
        (*names)[n++] = files_join(folder, e->d_name);
    }
    closedir(d);
    if (n != 0)
        qsort(*names, n, sizeof **names, files_order);
    return n;
}

/* Returns 1, or 0 when the file cannot be read. */
static inline size_t files_read(const char *path, files_visit visit, void *user)
{
    FILE *f = fopen(path, "rb");
    uint8_t *data = NULL;
    size_t len = 0, cap = 0, got;

    if (!f)
        return 0;
    do {
        if (len == cap) {
            cap = cap ? 2 * cap : 1u << 17;
            data = realloc(data, cap);
            if (!data)
                abort();
        }
        got = fread(data + len, 1, cap - len, f);
        len += got;
    } while (got != 0);
    fclose(f);
    data = realloc(data, len ? len : 1);     /* a byte too far is one behind the allocation */
    if (!data)
        abort();
    visit(user, path, data, len);
    free(data);
    return 1;
}

/* Visit a file, or every file below a folder. Returns how many; 0 when there is nothing. */
static inline size_t files_each(const char *path, files_visit visit, void *user)
{
    struct stat s;
    char **names;
    size_t n, seen = 0;

    if (stat(path, &s) != 0)
        return 0;
    if (!S_ISDIR(s.st_mode))
        return S_ISREG(s.st_mode) ? files_read(path, visit, user) : 0;
    n = files_list(path, &names);
    for (size_t i = 0; i < n; i++) {
        seen += files_each(names[i], visit, user);
        free(names[i]);
    }
    free(names);
    return seen;
}

typedef struct files_sieve {
    files_visit visit;
    void *user;
    unsigned every;
    size_t seen;
} files_sieve;

static inline void files_sift(void *user, const char *path, const uint8_t *data, size_t len)
{
    files_sieve *s = user;

    if (s->seen++ % s->every == 0)
        s->visit(s->user, path, data, len);
}

/* The same, of a quick run some of them. */
static inline size_t files_some(const char *path, files_visit visit, void *user)
{
    files_sieve s = { visit, user, thin(), 0 };

    return files_each(path, files_sift, &s);
}

#endif
