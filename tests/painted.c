/* tests/painted.c - a painted stack: how deep each call of the library goes, measured */
#include <pthread.h>
#include <stdio.h>

#include "files.h"
#include "reading.h"

/*
 * usage: painted PATH...
 *
 * Everything is read on a stack that was painted. Behind each call the lowest byte that is no paint
 * any more is looked for: how far that is below the frame of who called, is what the call took. The
 * stack lint computes the same from the code; this one sees what compilers, linkers and the C
 * library add. More than 8 KiB fails.
 */
enum { STACK = 256 * 1024, LOOK = 32 * 1024, MOST = 8192, CALLS = 32 };

#define PAINT 0x5aa55aa5c33cc33cu

static _Alignas(4096) uint64_t stack[STACK / 8];
static reading r;
static reading_inputs inputs;
static struct { const char *call; size_t depth; } deepest[CALLS];

static void note(const char *call, size_t depth)
{
    size_t i = 0;

    while (i + 1 < CALLS && deepest[i].call && strcmp(deepest[i].call, call) != 0)
        i++;
    deepest[i].call = call;
    if (depth > deepest[i].depth)
        deepest[i].depth = depth;
}

/* Looks from below, and paints again what was used below its own frame. */
static void after(reading *user, const char *call, const void *frame)
{
    const uint8_t *top = frame;
    uintptr_t from = (uintptr_t)(top - LOOK) & ~(uintptr_t)7;
    volatile uint64_t *p = (volatile uint64_t *)from;
    uintptr_t mine = (uintptr_t)__builtin_frame_address(0) - 512;

    (void)user;
    while (*p == PAINT)
        p++;
    note(call, (size_t)(top - (const uint8_t *)(uintptr_t)p));
    for (; (uintptr_t)p < mine; p++)
        *p = PAINT;
}

static void *run(void *unused)
{
    for (size_t i = 0; i < inputs.count; i++)
        reading_file(&r, inputs.all[i].data, inputs.all[i].len);
    return unused;
}

int main(int argc, char **argv)
{
    pthread_attr_t attributes;
    pthread_t thread;
    size_t most = 0;

    for (int i = 1; i < argc; i++)
        if (files_each(argv[i], reading_keep, &inputs) == 0)
            printf("skipped: nothing at %s\n", argv[i]);
    if (reading_begin(&r) != EVX_OK)
        return 1;
    r.after = after;
    for (size_t i = 0; i < STACK / 8; i++)
        stack[i] = PAINT;
    if (pthread_attr_init(&attributes) != 0
        || pthread_attr_setstack(&attributes, stack, sizeof stack) != 0
        || pthread_create(&thread, &attributes, run, NULL) != 0)
        return 1;
    (void)pthread_join(thread, NULL);
    for (size_t i = 0; i < CALLS && deepest[i].call; i++) {
        printf("%6zu %s\n", deepest[i].depth, deepest[i].call);
        most = deepest[i].depth > most ? deepest[i].depth : most;
    }
    printf("%zu files, %llu records: %zu bytes of stack at most, of %d\n", inputs.count,
           (unsigned long long)r.records, most, MOST);
    return r.records == 0 || most == 0 || most > MOST;
}
