/* tests/text/test_keys.c - no key twice in an object, whatever the keys; the table that fills up */
#include <criterion/criterion.h>
#include <stdio.h>

#include "text/text.h"

enum { TABLE = 1 << 14 };

static uint64_t table[TABLE];
static uint8_t buffer[EVXI_KEY_MAX];
static evxi_writer w;

static void begin(uint32_t size)
{
    memset(&w, 0, sizeof w);
    memset(table, 0, sizeof table);
    w.keys = table;
    w.key_mask = size - 1;
    w.key = buffer;
    w.sink.limit = w.work = 1 << 24;
}

static uint32_t add(uint16_t object, const char *key)
{
    return evxi_keys_add(&w, object, (const uint8_t *)key, strlen(key));
}

Test(keys, suffixes)
{
    uint16_t a, b;

    begin(1024);
    a = evxi_keys_open(&w);
    b = evxi_keys_open(&w);
    cr_assert(a != b);
    cr_assert(add(a, "X") == 0 && add(a, "X") == 1 && add(a, "X") == 2);
    cr_assert(add(b, "X") == 0, "another object");
    cr_assert(add(a, "Y") == 0 && add(a, "x") == 0 && add(a, "") == 0 && add(a, "") == 1);
    cr_assert(add(a, "Z_1") == 0 && add(a, "Z") == 0 && add(a, "Z") == 2);
    cr_assert(add(a, "X_3") == 0 && add(a, "X") == 4);
    cr_assert(add(a, "X_4") == 1, "X_4 was made by a suffix");
    cr_assert(w.status == EVX_OK);
}

/* Random short keys with many collisions: what is written is never written twice. */
Test(keys, never_twice)
{
    static char written[4000][24];
    uint64_t state = 3;

    begin(TABLE);
    for (int i = 0; i < 4000; i++) {
        char key[12];
        uint32_t suffix;
        state = state * 6364136223846793005u + 1442695040888963407u;
        snprintf(key, sizeof key, state >> 63 ? "A_%u" : state >> 62 ? "A" : "A_%u_1",
                 (unsigned)(state >> 40) % 50);
        suffix = add(1, key);
        snprintf(written[i], sizeof written[i], suffix ? "%s_%u" : "%s", key, suffix);
    }
    cr_assert(w.status == EVX_OK);
    for (int i = 0; i < 4000; i++)
        for (int k = 0; k < i; k++)
            cr_assert(strcmp(written[i], written[k]) != 0, "%s", written[i]);
}

/* A full table is no loop, and no lie. */
Test(keys, full)
{
    uint32_t added = 0;
    char key[16];

    begin(256);
    while (w.status == EVX_OK && added < 1000) {
        snprintf(key, sizeof key, "k%u", added++);
        (void)add(1, key);
    }
    cr_assert(w.status == EVX_E_SPACE && added > 150 && added < 257, "%u", added);
}

/* Many equal keys: as many steps as keys, not their square. */
Test(keys, linear)
{
    begin(TABLE);
    for (uint32_t i = 0; i < 5000; i++)
        cr_assert(add(1, "same") == i);
    cr_assert(w.status == EVX_OK && w.steps < 20000, "%llu", (unsigned long long)w.steps);
}
