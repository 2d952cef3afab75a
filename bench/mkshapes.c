/* bench/mkshapes.c - mkshapes NAME MIB FILE: a log of a stated shape; mkshapes: what there is */
#include "shapes.h"

#include <stdio.h>
#include <stdlib.h>

enum { CHUNKS_A_MIB = 16 };

static int list(void)
{
    const shape *s;

    for (size_t i = 0; (s = shape_at(i)) != NULL; i++)
        printf("%-14s %s\n", s->name, s->words);
    return 0;
}

static int save(const char *path, mk_bytes log)
{
    FILE *f = fopen(path, "wb");
    int bad = !f || fwrite(log.ptr, 1, log.len, f) != log.len;

    if (f && fclose(f) != 0)
        bad = 1;
    if (bad)
        perror(path);
    return bad;
}

int main(int argc, char **argv)
{
    static mk_log g;
    const shape *s = argc == 4 ? shape_named(argv[1]) : NULL;
    long mib = argc == 4 ? strtol(argv[2], NULL, 10) : 0;
    uint8_t *mem;
    mk_bytes log;

    if (argc == 1)
        return list();
    if (!s || mib < 1 || mib > 4096) {
        fprintf(stderr, "usage: mkshapes NAME MIB FILE\n");
        return 2;
    }
    mem = malloc(shape_room((uint32_t)mib * CHUNKS_A_MIB));
    if (!mem) {
        fprintf(stderr, "mkshapes: not enough memory\n");
        return 1;
    }
    log = shape_make(s, (uint32_t)mib * CHUNKS_A_MIB, &g, mem);
    if (!log.ptr)
        fprintf(stderr, "mkshapes: %s: %s\n", s->name, g.file.failed);
    return log.ptr ? save(argv[3], log) : 1;
}
