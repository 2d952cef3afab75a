/* tests/threads.c - threads read the same bytes, each with its own contexts, and say the same */
#include <pthread.h>
#include <stdio.h>

#include "files.h"
#include "reading.h"

/*
 * usage: threads PATH...
 *
 * For ThreadSanitizer: bytes, kernels and the library's tables are shared, and are constant. Each
 * thread begins with another file, so that they meet at different places. Then once more, with
 * compiled templates that they share, which are emptied now and then.
 */
enum { THREADS = 4 };

static reading_inputs inputs;
static evx_programs programs[READING_TEXTS];
static uint64_t arenas[READING_TEXTS][2 * EVX_PROGRAMS_LEAST / 8];

typedef struct worker {
    pthread_t thread;
    size_t first;
    uint64_t digest, records;        /* digest: a sum, so the order of files does not matter     */
    bool shares;
    uint32_t number;
    evx_status failed;
} worker;

static void *work(void *user)
{
    worker *w = user;
    reading *r = malloc(sizeof *r);

    if (!r)
        abort();
    w->failed = reading_begin_with(r, w->shares ? programs : NULL, w->number);
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

static int run(bool shares)
{
    worker workers[THREADS] = { 0 };
    int bad = 0;

    for (int i = 0; i < READING_TEXTS; i++) {
        evx_text_config config = reading_config(i);
        bad |= evx_programs_init(&programs[i], sizeof programs[i], &config,
                                 (uint8_t *)arenas[i], sizeof arenas[i]) != EVX_OK;
    }
    for (size_t i = 0; i < THREADS; i++) {
        workers[i].first = inputs.count * i / THREADS;
        workers[i].shares = shares;
        workers[i].number = (uint32_t)i;
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            return 1;
    }
    for (size_t i = 0; i < THREADS; i++) {
        (void)pthread_join(workers[i].thread, NULL);
        bad |= workers[i].failed != EVX_OK || workers[i].digest != workers[0].digest;
    }
    printf("%d threads%s, %zu files, %llu records each: %016llx: %s\n", THREADS,
           shares ? " that share" : "", inputs.count, (unsigned long long)workers[0].records,
           (unsigned long long)workers[0].digest, bad ? "they differ" : "the same");
    return bad || workers[0].records == 0;
}

int main(int argc, char **argv)
{
    int bad;

    for (int i = 1; i < argc; i++)
        if (files_each(argv[i], reading_keep, &inputs) == 0)
            printf("skipped: nothing at %s\n", argv[i]);
    bad = run(false) | run(true);
    for (size_t i = 0; i < inputs.count; i++)
        free(inputs.all[i].data);
    free(inputs.all);
    return bad;
}
