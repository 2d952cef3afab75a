/* src/cli/codepage.c - the name of a code page -> its table */
#include "cli.h"

#include <string.h>

static const cli_page *page_at(size_t i)
{
    for (const cli_page *p = cli_pages_windows; p->name[0]; p++)
        if (i-- == 0)
            return p;
    for (const cli_page *p = cli_pages_iso; p->name[0]; p++)
        if (i-- == 0)
            return p;
    return NULL;
}

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* "cp1252", "x-cp1252" and "1252" are what others call windows-1252. */
static const char *number_of(const char *label)
{
    if (lower(label[0]) == 'x' && label[1] == '-')
        label += 2;
    if (lower(label[0]) == 'c' && lower(label[1]) == 'p')
        label += 2;
    return label[0] >= '0' && label[0] <= '9' ? label : NULL;
}

static bool numbered(const char *name, const char *number)
{
    if (!number)
        return false;
    return (strncmp(name, "windows-", 8) == 0 && cli_same_word(name + 8, number))
        || (strncmp(name, "ibm", 3) == 0 && cli_same_word(name + 3, number));
}

/* What others call them. iso-8859-8-i has the same characters in another order on screen. */
static const char *const aliases[][2] = {
    { "iso-8859-8-i", "iso-8859-8" }, { "latin1", "iso-8859-1" }, { "us-ascii", "ascii" },
    { "macintosh", "mac-roman" },     { "x-mac-cyrillic", "mac-cyrillic" },
    { "tis-620", "windows-874" },     { "x-user-defined", "pua-mapped-binary" }
};

bool cli_codepage_wide(const char *label)
{
    static const char *const wide[] = { "utf-8", "utf8", "windows-949", "euc-kr", "euc-jp",
                                        "windows-31j", "shift_jis", "gbk", "gb18030", "hz",
                                        "big5", "big5-2003", NULL };

    for (size_t i = 0; wide[i]; i++)
        if (cli_same_word(label, wide[i]))
            return true;
    return false;
}

const uint16_t *cli_codepage(const char *label)
{
    const char *number = number_of(label);
    const cli_page *p;

    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
        if (cli_same_word(label, aliases[i][0]))
            label = aliases[i][1];
    for (size_t i = 0; (p = page_at(i)) != NULL; i++)
        if (cli_same_word(p->name, label) || numbered(p->name, number))
            return p->high;
    return NULL;
}

const char *cli_codepage_name(size_t i)
{
    const cli_page *p = page_at(i);

    return p ? p->name : NULL;
}
