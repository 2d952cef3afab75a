/* tests/kit/mkbombs.h - chunks made to be dear, in every way that was thought of */
/* Fuzzing finds no complexity: a generator does. Each bomb is a log whose first chunk is hostile.
 *
 *     static uint8_t mem[MK_BOMB_ROOM];
 *     static mk_file f;
 *     for (size_t i = 0; mk_bomb_name(i); i++)
 *         mk_bytes log = mk_bomb(i, &f, mem, sizeof mem);
 */
#ifndef MKBOMBS_H
#define MKBOMBS_H

#include "mkevtx.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { MK_BOMB_ROOM = MK_FILE_HEADER + 2 * MK_CHUNK };

const char *mk_bomb_name(size_t i);          /* NULL: there are no more                       */
/* {NULL, 0}: f->failed says why. */
mk_bytes    mk_bomb(size_t i, mk_file *f, uint8_t *mem, size_t cap);

#ifdef __cplusplus
}
#endif
#endif
