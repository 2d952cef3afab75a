/* src/cli/report_words.c - times, durations, columns, colours, lines that fit */
#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SECOND 10000000ull

const char *report_stamp(char to[REPORT_STAMP], uint64_t filetime)
{
    char when[CLI_WHEN];
    size_t len;

    if (filetime == 0)
        return memcpy(to, "-", 2);
    len = strcspn(cli_when(when, filetime), ".");
    memcpy(to, when, len);
    to[len] = 0;
    to[strcspn(to, "T")] = ' ';
    return to;
}

const char *report_took(char to[REPORT_TOOK], uint64_t ticks)
{
    unsigned long long s = ticks / SECOND, m = s / 60, h = m / 60, d = h / 24;

    if (d > 0)
        (void)snprintf(to, REPORT_TOOK, "%llud %lluh", d, h % 24);
    else if (h > 0)
        (void)snprintf(to, REPORT_TOOK, "%lluh %llum", h, m % 60);
    else if (m > 0)
        (void)snprintf(to, REPORT_TOOK, s % 60 ? "%llum %llus" : "%llum", m, s % 60);
    else
        (void)snprintf(to, REPORT_TOOK, "%llus", s);
    return to;
}

/* ---- columns --------------------------------------------------------------------------------- */

/* Blocks whose characters take two columns, and those that take none. */
static const struct {
    uint32_t first, last;
    unsigned width;
} widths[] = {
    { 0x0300, 0x036f, 0 }, { 0x0483, 0x0489, 0 }, { 0x0591, 0x05bd, 0 }, { 0x0610, 0x061a, 0 },
    { 0x064b, 0x065f, 0 }, { 0x0e31, 0x0e31, 0 }, { 0x0e34, 0x0e3a, 0 }, { 0x1100, 0x115f, 2 },
    { 0x1ab0, 0x1aff, 0 }, { 0x20d0, 0x20ff, 0 }, { 0x2e80, 0x303e, 2 }, { 0x3041, 0x33ff, 2 },
    { 0x3400, 0x4dbf, 2 }, { 0x4e00, 0x9fff, 2 }, { 0xa000, 0xa4cf, 2 }, { 0xac00, 0xd7a3, 2 },
    { 0xf900, 0xfaff, 2 }, { 0xfe00, 0xfe0f, 0 }, { 0xfe20, 0xfe2f, 0 }, { 0xfe30, 0xfe4f, 2 },
    { 0xff00, 0xff60, 2 }, { 0xffe0, 0xffe6, 2 }, { 0x1f300, 0x1f64f, 2 }, { 0x1f900, 0x1f9ff, 2 },
    { 0x20000, 0x3fffd, 2 }
};

static unsigned width_of(uint32_t code)
{
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++)
        if (code >= widths[i].first && code <= widths[i].last)
            return widths[i].width;
    return 1;
}

unsigned report_width(const char *text, size_t len)
{
    unsigned width = 0;

    for (size_t i = 0, n; i < len; i += n) {
        uint32_t code = 0;
        n = cli_utf8((const uint8_t *)text + i, len - i, &code);
        width += n > 0 ? width_of(code) : 1;
        n += n == 0;
    }
    return width;
}

/* ---- lines ----------------------------------------------------------------------------------- */

void report_clear_line(report_line *w)
{
    w->len = 0;
    w->text[0] = 0;
}

void report_add(report_line *w, const char *format, ...)
{
    size_t room = sizeof w->text - w->len;
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(w->text + w->len, room, format, args);
    va_end(args);
    if (n > 0)
        w->len += (size_t)n < room ? (size_t)n : room - 1;
}

void report_add_printable(report_line *w, const void *bytes, size_t len)
{
    w->len += cli_printable(w->text + w->len, sizeof w->text - w->len, bytes, len);
}

void report_pad(cli_output *o, unsigned from, unsigned to)
{
    for (; from < to; from++)
        cli_put(o, " ");
}

void report_wrap(cli_output *o, const char *text, unsigned at, unsigned indent, unsigned width)
{
    bool first = true;

    while (*text) {
        size_t len = strcspn(text, " ");
        unsigned w = report_width(text, len);
        if (!first && at + 1 + w > width) {
            cli_put(o, "\n");
            report_pad(o, 0, indent);
            at = indent;
        } else if (!first) {
            cli_put(o, " ");
            at++;
        }
        (void)evx_out_write(&o->out, text, len);
        at += w;
        text += len + strspn(text + len, " ");
        first = false;
    }
    cli_put(o, "\n");
}

/* ---- colours --------------------------------------------------------------------------------- */

static bool colours;

void report_colours(bool wanted)
{
    colours = wanted;
}

const char *report_colour(int which)
{
    static const char *const codes[] = { "\x1b[0m", "\x1b[1m", "\x1b[1;31m", "\x1b[33m",
                                         "\x1b[32m", "\x1b[2m" };

    return colours ? codes[which] : "";
}

/* ---- values ---------------------------------------------------------------------------------- */

void report_guid(char to[37], const evx_guid *g)
{
    const uint8_t *b = g->b;

    (void)snprintf(to, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                   b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6], b[8], b[9], b[10], b[11], b[12],
                   b[13], b[14], b[15]);
}

const char *report_instance(char to[REPORT_INSTANCE], const evx_vss_writer *w)
{
    char guid[37];

    if (w->flags & EVX_VSS_WRITER_INSTANCE) {
        report_guid(guid, &w->instance);
        (void)snprintf(to, REPORT_INSTANCE, "instance %s", guid);
    } else {
        (void)snprintf(to, REPORT_INSTANCE, "the one without an instance");
    }
    return to;
}

static size_t put_character(char *to, unsigned c)
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (char)(0xc0 | c >> 6);
        to[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    c = c >= 0xd800 && c < 0xe000 ? 0xfffd : c;
    to[0] = (char)(0xe0 | c >> 12);
    to[1] = (char)(0x80 | (c >> 6 & 0x3f));
    to[2] = (char)(0x80 | (c & 0x3f));
    return 3;
}

/* ANSI, of which what is no ASCII is taken for Latin-1; or UTF-16, which its zeros give away. */
size_t report_payload(char to[REPORT_PAYLOAD], const evx_vss_event *e)
{
    const uint8_t *p = e->text + e->strings_len;
    size_t width, len = 0;

    width = e->payload_len >= 4 && p[0] && !p[1] && p[2] && !p[3] ? 2 : 1;
    for (size_t i = 0; i + width <= e->payload_len; i += width) {
        unsigned c = p[i] | (width == 2 ? (unsigned)p[i + 1] << 8 : 0);
        if (c == 0)
            break;
        len += put_character(to + len, c);
    }
    return len;
}

const char *report_string(const evx_vss_event *e, uint32_t i, size_t *len)
{
    const uint8_t *at = e->text, *end = e->text + e->strings_len, *stop;

    while (at < end) {
        stop = memchr(at, 0, (size_t)(end - at));
        *len = (size_t)((stop ? stop : end) - at);
        if (i-- == 0)
            return (const char *)at;
        at += *len + 1;
    }
    return NULL;
}
