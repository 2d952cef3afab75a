/* fuzz/replay.c - main(): files or folders -> the same entry point, without a fuzzer */
#include <signal.h>
#include <unistd.h>

#include "../tests/files.h"
#include "fuzz.h"

/*
 * usage: replay_<target> PATH...
 *
 * Targets that read chunk images take whole logs as well: each chunk slot of one is an input.
 */
static size_t runs;
static char current[4096];

/* A crash names its input. Only calls that are allowed in a signal handler. */
static void name_it(int number)
{
    if (write(2, "input: ", 7) < 0 || write(2, current, strlen(current)) < 0
        || write(2, "\n", 1) < 0)
        _exit(1);
    signal(number, SIG_DFL);
    raise(number);
}

static void run(const uint8_t *data, size_t len)
{
    runs++;
    (void)LLVMFuzzerTestOneInput(data, len);
}

static void visit(void *user, const char *path, const uint8_t *data, size_t len)
{
    (void)user;
    (void)snprintf(current, sizeof current, "%s", path);
    if (fuzz_chunk_at != 0 || len < EVX_FILE_HEADER_SIZE || memcmp(data, "ElfFile", 8) != 0) {
        run(data, len);
        return;
    }
    for (size_t at = EVX_FILE_HEADER_SIZE; at < len; at += EVX_CHUNK_SIZE) {
        size_t n = len - at < EVX_CHUNK_SIZE ? len - at : EVX_CHUNK_SIZE;
        (void)snprintf(current, sizeof current, "%s at %zu", path, at);
        run(data + at, n);
    }
}

int main(int argc, char **argv)
{
    int missing = 0;

    signal(SIGABRT, name_it);
#if !defined(__SANITIZE_ADDRESS__)
    signal(SIGSEGV, name_it);
#endif
    for (int i = 1; i < argc; i++)
        if (files_each(argv[i], visit, NULL) == 0) {
            printf("skipped: nothing at %s\n", argv[i]);
            missing++;
        }
    printf("%zu inputs replayed\n", runs);
    return missing == argc - 1 ? 77 : 0;
}
