/* tests/golden/tokens.h - a walk's tokens as lines of text, for the golden pages */
#ifndef EVX_GOLDEN_TOKENS_H
#define EVX_GOLDEN_TOKENS_H

#include <stdio.h>
#include <string.h>

#include "evx.h"

typedef struct token_text {
    char *to;
    size_t cap, len;
} token_text;

static inline void tokens_put(token_text *o, const char *text)
{
    size_t n = strlen(text);

    if (n >= o->cap - o->len)
        n = o->cap - o->len - 1;
    memcpy(o->to + o->len, text, n);
    o->len += n;
    o->to[o->len] = 0;
}

/* ASCII as it is, any other unit as \uXXXX. */
static inline void tokens_units(token_text *o, const uint8_t *p, uint32_t units)
{
    char one[8];

    for (uint32_t i = 0; i < units; i++) {
        unsigned u = p[2 * i] | (unsigned)p[2 * i + 1] << 8;
        snprintf(one, sizeof one, u >= 0x20 && u < 0x7f ? "%c" : "\\u%04x", u);
        tokens_put(o, one);
    }
}

static inline void tokens_value(token_text *o, const evx_token *t)
{
    char head[64];

    if (t->kind == EVX_TOKEN_ENTER)
        snprintf(head, sizeof head, t->flags & EVX_TOKEN_INSTANCE ? " instance" : " value %u",
                 t->index);
    else if (t->kind == EVX_TOKEN_VALUE)
        snprintf(head, sizeof head, " %u, type %02x, %u bytes", t->index, t->value.type,
                 (unsigned)t->value.raw.len);
    else if (t->kind == EVX_TOKEN_CHARREF)
        snprintf(head, sizeof head, " %u", t->value.raw.ptr[0] | t->value.raw.ptr[1] << 8);
    else
        head[0] = 0;
    tokens_put(o, head);
    if (t->value.type == EVX_STRING && t->kind != EVX_TOKEN_VALUE) {
        tokens_put(o, " \"");
        tokens_units(o, t->value.raw.ptr, (uint32_t)(t->value.raw.len / 2));
        tokens_put(o, "\"");
    }
}

static inline void tokens_flags(token_text *o, const evx_token *t)
{
    static const struct { uint8_t bit; const char *word; } flags[] = {
        { EVX_TOKEN_OPTIONAL, " optional" }, { EVX_TOKEN_MISSING, " missing" },
        { EVX_TOKEN_OMIT, " omit" }, { EVX_TOKEN_BARE, " bare" },
        { EVX_TOKEN_SALVAGED, " salvaged" }, { EVX_TOKEN_IN_ATTRIBUTE, " in-attribute" }
    };

    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (t->flags & flags[i].bit)
            tokens_put(o, flags[i].word);
}

static inline void tokens_line(token_text *o, const evx_token *t)
{
    static const char *const kinds[] = { "?", "open", "attribute", "body", "close", "text", "value",
        "cdata", "charref", "entity", "pi", "pi-data", "enter", "leave" };
    char head[64];

    snprintf(head, sizeof head, "%04x %*s%s", t->off, 2 * t->depth, "", kinds[t->kind]);
    tokens_put(o, head);
    if (t->name.ptr) {
        tokens_put(o, " ");
        tokens_units(o, t->name.ptr, t->name.units);
    }
    tokens_value(o, t);
    tokens_flags(o, t);
    tokens_put(o, "\n");
}

/* All tokens of a record, salvaged where that is possible, and the first error. */
static inline void tokens_of(evx_walk *w, const evx_chunk *c, const evx_record *r, token_text *o)
{
    evx_token t;
    evx_status st = evx_walk_begin(w, c, r);
    char line[96];

    while (st == EVX_OK) {
        st = evx_walk_next(w, &t);
        if (st == EVX_OK) {
            tokens_line(o, &t);
        } else if (st < 0) {
            snprintf(line, sizeof line, "%04x failed: %s\n", w->failed_off, evx_status_text(st));
            tokens_put(o, line);
            st = evx_walk_salvage(w);
        }
    }
    if (w->lost_values != 0) {
        snprintf(line, sizeof line, "lost values: %u\n", w->lost_values);
        tokens_put(o, line);
    }
}

#endif
