/* tests/threads.c - threads read the same bytes, each with its own contexts, and say the same */
#include <pthread.h>
#include <stdio.h>

#include "files.h"
#include "reading.h"

/*
 * usage: threads PATH...
 *
 * The bytes, the kernels and the library's tables are shared, and are constant: for ThreadSanitizer
 * and helgrind. Each thread begins with another file, so that they meet at different places.
 */
enum { THREADS = 4 };

static reading_inputs inputs;

typedef struct worker {
    pthread_t thread;
    size_t first;
    uint64_t digest, records;        /* digest: a sum, so the order of files does not matter     */
    evx_status failed;
} worker;

static void *work(void *user)
{
    worker *w = user;
    reading *r = malloc(sizeof *r);

    if (!r)
        abort();
    w->failed = reading_begin(r);
    for (size_t i = 0; i < inputs.count && w->failed == EVX_OK; i++) {
        const reading_input *in = &inputs.all[(w->first + i) % inputs.count];
        r->digest = 0xcbf29ce484222325u;
        reading_file(r, in->data, in->len);
        w->digest += r->digest;
    }
    w->records = r->records;
    free(r);
    return NULL;
}

int main(int argc, char **argv)
{
    static worker workers[THREADS];
    int bad = 0;

    for (int i = 1; i < argc; i++)
        if (files_each(argv[i], reading_keep, &inputs) == 0)
            printf("skipped: nothing at %s\n", argv[i]);
    for (size_t i = 0; i < THREADS; i++) {
        workers[i].first = inputs.count * i / THREADS;
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            return 1;
    }
    for (size_t i = 0; i < THREADS; i++) {
        (void)pthread_join(workers[i].thread, NULL);
        bad |= workers[i].failed != EVX_OK || workers[i].digest != workers[0].digest;
    }
    printf("%d threads, %zu files, %llu records each: %016llx: %s\n", THREADS, inputs.count,
           (unsigned long long)workers[0].records, (unsigned long long)workers[0].digest,
           bad ? "they differ" : "the same");
    for (size_t i = 0; i < inputs.count; i++)
        free(inputs.all[i].data);
    free(inputs.all);
    return bad || workers[0].records == 0;
}
