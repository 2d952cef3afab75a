/* src/cli/json.c - UTF-8 that nobody has checked -> characters, JSON strings */
#include "cli.h"

#include <string.h>

size_t cli_utf8(const uint8_t *p, size_t left, uint32_t *code)
{
    static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t n = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

    if (n == 0 || n > left || p[0] > 0xf4)
        return 0;
    *code = n == 1 ? p[0] : p[0] & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        *code = *code << 6 | (p[i] & 0x3fu);
    }
    if (*code < least[n] || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff))
        return 0;
    return n;
}

static void put(cli_output *o, const void *bytes, size_t len)
{
    (void)evx_out_write(&o->out, bytes, len);
}

static void put_unit(cli_output *o, uint32_t unit)
{
    static const char hex[] = "0123456789ABCDEF";
    char escape[6] = { '\\', 'u', hex[unit >> 12], hex[unit >> 8 & 15], hex[unit >> 4 & 15],
                       hex[unit & 15] };

    put(o, escape, sizeof escape);
}

static void put_escaped(cli_output *o, uint32_t code)
{
    static const char plain[] = "\"\\\b\f\n\r\t", after[] = "\"\\bfnrt";
    const char *at = code != 0 && code < 0x80 ? strchr(plain, (int)code) : NULL;
    char escape[2] = { '\\', (char)(at ? after[at - plain] : 0) };

    if (at)
        put(o, escape, sizeof escape);
    else if (code < 0x10000)
        put_unit(o, code);
    else {
        put_unit(o, 0xd7c0 + (code >> 10));
        put_unit(o, 0xdc00 | (code & 0x3ff));
    }
}

void cli_put_json(cli_output *o, const void *utf8, size_t len)
{
    const uint8_t *p = utf8;
    size_t sound = 0;                /* bytes in front of i that may be written as they are */
    size_t i = 0;

    put(o, "\"", 1);
    while (i < len) {
        uint32_t code = 0;
        size_t n = cli_utf8(p + i, len - i, &code);
        bool as_is = n != 0 && !cli_unsafe(code) && code != '"' && code != '\\';

        i += n == 0 ? 1 : n;
        if (as_is) {
            sound += n;
            continue;
        }
        put(o, p + i - (n == 0 ? 1 : n) - sound, sound);
        sound = 0;
        if (n == 0)
            put(o, "\xef\xbf\xbd", 3);
        else
            put_escaped(o, code);
    }
    put(o, p + len - sound, sound);
    put(o, "\"", 1);
}
