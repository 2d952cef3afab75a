/* src/cli/bench_rival.c - evtx_dump beside evx dump: the same work first, then the time it takes */
#include "bench.h"

#include <string.h>

/* Both know these words, and both begin once for each log, for the rival takes one at a time. */
enum { WORDS = 9 };

typedef struct call {
    cli_child child;
    char *words[WORDS];
} call;

static void prepare(call *c, const bench *b, bool own, const char *path)
{
    static const char *const options[] = { "-t", "1", "-o", "jsonl", "--" };
    size_t n = 0;

    memset(c, 0, sizeof *c);
    c->child.argv = c->words;
    c->child.own = own ? cmd_dump : NULL;
    c->words[n++] = own ? (char *)"evx" : (char *)b->rival;
    if (own)
        c->words[n++] = (char *)"dump";
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        c->words[n++] = (char *)options[i];
    c->words[n++] = (char *)path;
    c->words[n] = NULL;
}

/* A process for each log. Its ns, all in all. */
static uint64_t run_all(const bench *b, bench_program *p, bool own, bool listen)
{
    uint64_t ns = 0, records = 0;
    call c;

    for (size_t i = 0; i < b->count && !p->failed && !cli_interrupted(); i++) {
        prepare(&c, b, own, b->logs[i].path);
        p->failed = !cli_child_run(&c.child, listen);
        ns += c.child.ns;
        records += c.child.lines;
        if (listen && c.child.peak > p->peak)
            p->peak = c.child.peak;
    }
    if (listen)
        p->records = records;
    return ns;
}

static void ask_version(bench *b)
{
    static char word[] = "--version";
    char *words[] = { b->rival, word, NULL };
    cli_child c;

    memset(&c, 0, sizeof c);
    c.argv = words;
    if (cli_child_run(&c, true))
        (void)cli_printable(b->version, sizeof b->version, c.head, strcspn(c.head, "\r\n"));
}

void bench_rival_find(bench *b)
{
    b->compared = cli_children() && cli_program("evtx_dump", b->rival, sizeof b->rival);
}

void bench_rival_count(bench *b)
{
    if (!b->compared)
        return;
    ask_version(b);
    (void)run_all(b, &b->ours, true, true);
    (void)run_all(b, &b->theirs, false, true);
}

void bench_rival_round(bench *b, unsigned round)
{
    if (!b->compared || b->ours.failed || b->theirs.failed)
        return;
    for (unsigned i = 0; i < 2; i++) {
        bool own = (round + i) % 2 == 0;
        bench_program *p = own ? &b->ours : &b->theirs;
        p->times.round[round] = run_all(b, p, own, false);
    }
}
