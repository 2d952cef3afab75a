/* fuzz/structure.h - bytes say what to build: a sound log, and the tokens that it must give */
#ifndef EVX_FUZZ_STRUCTURE_H
#define EVX_FUZZ_STRUCTURE_H

#include "../tests/kit/mkevtx.h"
#include "fuzz.h"

enum { STRUCTURE_RECORDS = 4 };

typedef struct expected {
    uint8_t kind, type, flags;       /* flags: those of EXACT                                 */
    const char *name;
    const uint8_t *bytes;            /* of text and values                                    */
    size_t len;
} expected;

enum { EXACT = EVX_TOKEN_OPTIONAL | EVX_TOKEN_MISSING | EVX_TOKEN_BARE | EVX_TOKEN_INSTANCE
               | EVX_TOKEN_IN_ATTRIBUTE };

typedef struct build {
    const uint8_t *p;                /* the input that is left                                */
    size_t left;
    char *spec;                      /* of the kit                                            */
    size_t at;
    expected *want;
    size_t count;
    const mk_value *values;
    const struct build *nested;      /* what a value of type 0x21 holds, or NULL              */
    uint32_t value_count;
    bool missing, literal;           /* literal: text was put last, more would be the same    */
    int in_attribute;
} build;

/*
 * Build up to STRUCTURE_RECORDS records with ids from 1 and times from 1,000 on, each as
 * builds[i] says. Returns the log, which is whole and sound, and how many records it holds. All of
 * it lives until the next call.
 */
mk_bytes structure_build(const uint8_t *data, size_t len, const build **builds, size_t *records);

#endif
