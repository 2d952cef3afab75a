/* tests/kit/seeds_ops.c - inputs that are programs or plain bytes: events, kernels, structures. */
#include "seeds.h"

#include <string.h>

static void bytes(kit_take take, void *user, const char *name, const void *p, size_t n)
{
    uint8_t out[2048];
    mk_bytes b = { out, n };
    memcpy(out, p, n);
    take(user, name, b);
}

#define BYTES(name, text) bytes(take, user, name, text, sizeof(text) - 1)

/* Bytes that look like chance, the same each time. */
static void any(kit_take take, void *user, const char *name, uint8_t first, size_t n)
{
    uint8_t out[2048];
    uint32_t x = 910250 + first;
    out[0] = first;
    for (size_t i = 1; i < n; i++) {
        x = x * 1664525u + 1013904223u;
        out[i] = (uint8_t)(x >> 24);
    }
    bytes(take, user, name, out, n);
}

/* fuzz_vss.c: 0 fields, 1 lies, 2 and 3 the model: count, losses, then three bytes an event. */
void kit_seeds_events(kit_take take, void *user)
{
    any(take, user, "fields", 0, 64);
    any(take, user, "fields-many", 4, 512);
    any(take, user, "lies", 1, 256);
    any(take, user, "lies-many", 5, 1024);
    BYTES("one-night", "\x02\x05\x00\x00\x00\x01\x01\x00\x01\x05\x00\x01\x07\x00\x01\x0b\x00\x01");
    BYTES("blocked", "\x02\x06\x00\x00\x00\x01\x01\x00\x01\x00\x00\x01\x02\x00\x01\x09\x00\x01");
    BYTES("restart", "\x02\x04\x00\x00\x00\x01\x01\x00\x01\x0e\x00\x01\x00\x00\x01");
    BYTES("loss", "\x02\x04\x01\x05\x09\x02\x00\x00\x01\x01\x00\x01\x02\x00\x01");
    any(take, user, "ties", 2, 100);
    any(take, user, "copies", 3, 130);
}

void kit_seeds_kernels(kit_take take, void *user)
{
    BYTES("empty", "");
    BYTES("plain", "p\0l\0a\0i\0n\0 \0t\0e\0x\0t\0 \0o\0f\0 \0s\0o\0m\0e\0 \0u\0n\0i\0t\0s\0");
    BYTES("markup", "<\0a\0&\0\"\0>\0'\0\\\0\t\0\n\0\r\0/\0{\0\x7f\0\x80\0\xff\0\0\1\xff\7\0\x08");
    BYTES("pairs", "\x3d\xd8\0\xde\0\xd8\0\xdc\xfe\xff\xff\xff\xfd\xff\0\0\1\0\x1f\0");
    BYTES("records", "**\0\0********\0\0**\0\0\0\0\0\0**\0\0\0\0\0\0");
    any(take, user, "any", 0, 300);
}

void kit_seeds_structures(kit_take take, void *user)
{
    BYTES("plain", "\0\0\2abc\1\2\1\1xyz\0\0\1");
    BYTES("template", "\1\2\0\3\4\5\6\1\2\2\1\2\2\0\1\2\2\1\1\1\1\1\0\1\1");
    BYTES("nested-plain", "\2\0\1\1\3\1\1\0\1\1\1\2\2\1\1\1\2\2\2\3\3\1");
    BYTES("nested", "\3\1\1\3\1\1\0\1\1\1\2\2\1\1\1\2\2\2\3\3\1\4\4\1\2");
    for (uint8_t i = 0; i < 8; i++) {
        char name[] = "any-0";
        name[4] = (char)('0' + i);
        any(take, user, name, i, 60 + 50u * i);
    }
}

/* Long ones: each byte is a decision, and where none is left all is the same. */
void kit_seeds_decisions(kit_take take, void *user)
{
    for (uint8_t i = 0; i < 10; i++) {
        char name[] = "any-0";
        name[4] = (char)('0' + i);
        any(take, user, name, i, 200 + 180u * i);
    }
}
