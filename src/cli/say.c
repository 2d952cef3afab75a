/* src/cli/say.c - words for people, made safe for terminals */
#include "cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LINE = 4096 };

bool cli_unsafe(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || (c >= 0x200b && c <= 0x200f)
        || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff
        || (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

static size_t escape(char out[12], const uint8_t *p, size_t n, uint32_t code)
{
    if (n == 0 || code < 0x80)
        return (size_t)snprintf(out, 12, "\\x%02x", (unsigned)p[0]);
    return (size_t)snprintf(out, 12, "\\u{%x}", (unsigned)code);
}

size_t cli_printable(char *to, size_t cap, const void *bytes, size_t len)
{
    const uint8_t *p = bytes;
    size_t put = 0, n;

    for (size_t i = 0; i < len; i += n == 0 ? 1 : n) {
        char escaped[12];
        const char *from = (const char *)p + i;
        uint32_t code = 0;
        size_t size = n = cli_utf8(p + i, len - i, &code);

        if (n == 0 || cli_unsafe(code)) {
            size = escape(escaped, p + i, n, code);
            from = escaped;
        }
        if (size >= cap - put)
            break;
        memcpy(to + put, from, size);
        put += size;
    }
    to[put] = 0;
    return put;
}

void cli_say(const char *format, ...)
{
    char raw[LINE], line[LINE + 8] = "evx: ";
    va_list args;
    size_t len, put = 5;
    int n;

    va_start(args, format);
    n = vsnprintf(raw, sizeof raw, format, args);
    va_end(args);
    len = n < 0 ? 0 : (size_t)n < sizeof raw ? (size_t)n : sizeof raw - 1;
    put += cli_printable(line + put, LINE, raw, len);
    line[put++] = '\n';
    cli_progress_clear();
    (void)cli_write(CLI_ERR, line, put);     /* nobody is left to be told */
}
