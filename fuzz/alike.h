/* fuzz/alike.h - decisions -> a sound log whose records are almost alike */
#ifndef EVX_FUZZ_ALIKE_H
#define EVX_FUZZ_ALIKE_H

#include "../tests/kit/mkevtx.h"
#include "fuzz.h"

/* ---- decisions (alike.c) --------------------------------------------------------------------- */

enum { ALIKE_TAPE = 512 };

/* What was decided about one definition, or one record: made again with one decision changed, it
 * is almost the same. */
typedef struct alike_tape {
    uint8_t byte[ALIKE_TAPE];
    uint32_t len;
} alike_tape;

typedef struct alike {
    const uint8_t *p;                /* the input that is left                                */
    size_t left;
    alike_tape *tape;                /* of what is being made                                 */
    uint32_t at;
} alike;

/* The tape's next byte; behind its end the input's, which it keeps; behind that one's, 0. */
uint8_t alike_take(alike *a);

/* A log by these decisions, whole and sound. It lives until the next call. */
mk_bytes alike_log(const uint8_t *data, size_t len);

/* ---- definitions and plain elements (alike_elements.c) --------------------------------------- */

enum { ALIKE_VALUES = 40, ALIKE_DEFINITIONS = 6 };

typedef struct alike_definition {
    uint32_t template;               /* the kit's                                             */
    uint32_t values;                 /* how many it may refer to                              */
    uint8_t type[ALIKE_VALUES];
} alike_definition;

void alike_elements_begin(void);

/* An event as logs have it, and its data, or anything. */
typedef enum alike_kind { ALIKE_ANY, ALIKE_AROUND, ALIKE_INSIDE } alike_kind;

/* What it may refer to is decided first, then the kit's spec of it is put together. */
const char *alike_definition_spec(alike *a, alike_definition *d, alike_kind is);
/* The same for elements that stand in no definition. */
const char *alike_plain_spec(alike *a);

/* ---- values (alike_values.c) ----------------------------------------------------------------- */

void alike_values_begin(void);

/* A type that a definition may declare. */
uint8_t alike_type(uint8_t decision);

/* A value: four decisions, so that one more or less does not move those behind it. True: it is to
 * hold a stream. */
bool alike_value(alike *a, uint8_t declared, mk_value *v);

/* How long a text is; its unit number i of n: letters, but for one that is worth a look, or two. */
uint32_t alike_length(uint8_t size);
uint32_t alike_unit(uint32_t i, uint32_t n, uint8_t fill, uint8_t special);

#endif
