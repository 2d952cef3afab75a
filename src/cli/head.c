/* src/cli/head.c - how a file begins, by its bytes: as a log, a legacy log, one without its head */
#include "cli.h"

#include <string.h>

static const char chunk[] = "ElfChnk", file[] = "ElfFile";

enum { SIGNATURE = 7 };              /* their bytes                                            */

static bool is(const uint8_t *bytes, const char *signature)
{
    return memcmp(bytes, signature, SIGNATURE) == 0;
}

int cli_head(const uint8_t *bytes, size_t len)
{
    if (len < 8)
        return CLI_HEAD_NONE;
    if (is(bytes, file))
        return CLI_HEAD_EVTX;
    if (memcmp(bytes, "\x30\0\0\0LfLe", 8) == 0)
        return CLI_HEAD_LEGACY;
    if (is(bytes, chunk))
        return CLI_HEAD_CUT_OFF;
    return len >= CLI_LOG_HEAD && is(bytes + EVX_FILE_HEADER_SIZE, chunk) ? CLI_HEAD_LOST
                                                                          : CLI_HEAD_NONE;
}

/*
 * A disk image holds chunks too, and some of them stand where a log would have them. So only what
 * is called a log is searched; of anything else, evx carve takes the chunks wherever they stand.
 */
bool cli_head_named(const char *path)
{
    size_t len = strlen(path);
    const char *end = path + len;

    return (len > 5 && end[-5] == '.' && cli_same_word(end - 4, "evtx"))
        || (len > 4 && end[-4] == '.' && cli_same_word(end - 3, "evt"));
}

bool cli_head_packed(int fd)
{
    static const struct { const char *bytes; size_t len; } heads[] = {
        { "\x1f\x8b", 2 }, { "PK\3\4", 4 }, { "BZh", 3 }, { "\3757zXZ", 5 },
        { "7z\xbc\xaf", 4 }, { "\x28\xb5\x2f\xfd", 4 }, { "Rar!", 4 }
    };
    uint8_t begin[8];
    size_t have;
    int error;

    if (!cli_seek(fd, 0))
        return false;
    have = cli_read(fd, begin, sizeof begin, &error);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (have >= heads[i].len && memcmp(begin, heads[i].bytes, heads[i].len) == 0)
            return true;
    return false;
}

int cli_head_search(int fd, const char *path)
{
    uint64_t at = EVX_CHUNK_SIZE;
    size_t have = CLI_LOG_HEAD;
    int error = 0, head = CLI_HEAD_NONE;
    uint8_t slot[CLI_LOG_HEAD];

    if (!cli_head_named(path))
        return CLI_HEAD_NONE;
    for (; head == CLI_HEAD_NONE && have == sizeof slot && cli_seek(fd, at);
         at += EVX_CHUNK_SIZE) {
        have = cli_read(fd, slot, sizeof slot, &error);
        head = cli_head(slot, have);
        if (head != CLI_HEAD_CUT_OFF && head != CLI_HEAD_LOST)
            head = CLI_HEAD_NONE;
    }
    return cli_seek(fd, CLI_LOG_HEAD) ? head : CLI_HEAD_NONE;
}
