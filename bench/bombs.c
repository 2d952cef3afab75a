/* bench/bombs.c - bombs [ROUNDS [NAME]]: what hostile chunks take, in their dearest shape */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "evx.h"
#include "mkbombs.h"

/*
 * A table of the bombs of tests/kit/mkbombs.c: the walk alone, then text in 32 shapes: both formats
 * and styles, with separate attributes or without line breaks, with and without an arena, counted
 * only and written, with the widest kernels. The least of ROUNDS (5) readings counts, for the rest
 * is noise; of the shapes, the dearest. What is promised by counters is tested
 * (tests/text/test_bombs.c); that it is worth at most 25 ms is seen here. Status 1 where it is not.
 */
enum { SHAPES = 32, ROOM = 1 << 23, PROMISED_MS = 25 };

static uint64_t work[EVX_TEXT_WORK / 8 + 1], arena[1 << 15];
static evx_slot slots[EVX_SLOTS_WORST];
static uint8_t mem[MK_BOMB_ROOM], buf[ROOM];
static evx_text text;
static evx_walk walk;
static mk_file file;

typedef struct cost {
    double ms;
    uint64_t steps, bytes, vain;
    evx_status worst;
    unsigned shape;
} cost;

static double since(clock_t began)
{
    return 1000 * (double)(clock() - began) / CLOCKS_PER_SEC;
}

static double walk_all(const evx_chunk *c)
{
    clock_t began = clock();
    evx_records it;
    evx_record r;
    evx_token t;

    (void)evx_walk_init(&walk, sizeof walk, slots, EVX_SLOTS_WORST, NULL);
    evx_records_begin(&it, c);
    while (evx_records_next(&it, &r) == EVX_OK)
        if (evx_walk_begin(&walk, c, &r) == EVX_OK)
            while (evx_walk_next(&walk, &t) == EVX_OK)
                ;
    return since(began);
}

static void prepare(unsigned shape)
{
    evx_text_config config;

    memset(&config, 0, sizeof config);
    config.format = shape & 1 ? EVX_JSON : EVX_XML;
    config.style = shape & 2 ? EVX_STYLE_WINDOWS : EVX_STYLE_EVTX_DUMP;
    if (shape & 4)
        config.flags = shape & 1 ? EVX_TEXT_SEPARATE : EVX_TEXT_COMPACT;
    config.kernels = evx_kernels_best();
    config.work = (uint8_t *)work;
    config.work_len = sizeof work;
    config.arena = shape & 8 ? (uint8_t *)arena : NULL;
    config.arena_len = shape & 8 ? sizeof arena : 0;
    (void)evx_text_init(&text, sizeof text, &config);
}

static cost write_all(const evx_chunk *c, unsigned shape)
{
    cost x = { 0, 0, 0, 0, EVX_OK, 0 };
    clock_t began = clock();
    evx_records it;
    evx_record r;
    evx_status st;
    evx_out o;

    evx_out_init(&o, shape & 16 ? buf : NULL, shape & 16 ? sizeof buf : 0, NULL, NULL);
    evx_records_begin(&it, c);
    while (evx_records_next(&it, &r) == EVX_OK) {
        st = evx_text_record(&text, c, &r, &o);
        x.worst = st < x.worst ? st : x.worst;
    }
    x.ms = since(began);
    x.steps = text.chunk_steps;
    x.bytes = text.chunk_spent;
    x.vain = text.chunk_vain;
    x.shape = shape;
    return x;
}

static cost dearest(const evx_chunk *c, int rounds)
{
    cost most = { 0, 0, 0, 0, EVX_OK, 0 }, least = most, x;

    for (unsigned shape = 0; shape < SHAPES; shape++) {
        least.ms = 1e9;
        for (int i = 0; i < rounds; i++) {
            prepare(shape);
            x = write_all(c, shape);
            least = x.ms < least.ms ? x : least;
        }
        most = least.ms > most.ms ? least : most;
    }
    return most;
}

static double show(size_t i, int rounds)
{
    mk_bytes log = mk_bomb(i, &file, mem, sizeof mem);
    evx_window w = { mem + MK_FILE_HEADER, MK_CHUNK, MK_FILE_HEADER };
    double walked = 1e9, ms;
    evx_chunk c;
    cost x;

    if (!log.ptr || evx_chunk_open(&c, &w) != EVX_OK) {
        fprintf(stderr, "bombs: %s: %s\n", mk_bomb_name(i), file.failed ? file.failed : "damaged");
        exit(2);
    }
    for (int n = 0; n < rounds; n++) {
        ms = walk_all(&c);
        walked = ms < walked ? ms : walked;
    }
    x = dearest(&c, rounds);
    printf("| %s | %.2f | %.2f | %u | %llu | %llu | %llu | %s |\n", mk_bomb_name(i), walked, x.ms,
           x.shape, (unsigned long long)x.steps, (unsigned long long)x.bytes,
           (unsigned long long)x.vain, evx_status_text(x.worst));
    return x.ms > walked ? x.ms : walked;
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 5;
    double most = 0, ms;
    size_t i = 0, worst = 0;

    if (argc > 3 || rounds < 1) {
        fprintf(stderr, "usage: bombs [ROUNDS [NAME]]\n");
        return 2;
    }
    printf("| bomb | walk, ms | text, ms | shape | steps | bytes | in vain | worst status |\n"
           "| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for (; mk_bomb_name(i); i++) {
        if (argc == 3 && strcmp(argv[2], mk_bomb_name(i)) != 0)
            continue;
        ms = show(i, rounds);
        worst = ms > most ? i : worst;
        most = ms > most ? ms : most;
        fflush(stdout);
    }
    printf("\n%zu bombs; the dearest, %s: %.1f ms a chunk; promised: %d.\n", i,
           mk_bomb_name(worst), most, PROMISED_MS);
    return most > PROMISED_MS;
}
