/* tests/kit/scenes.h - one Exchange log per story of backups */
#ifndef KIT_SCENES_H
#define KIT_SCENES_H

#include "mklog.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The vocabulary. `begin` is ISO text.
 *
 * A night is written as a word, one letter a phase, in order:
 *   B 9604 begins    P 9606 prepared   S 9608 snapshot   F 9610 frozen   T 9612 thawed
 *   C 9616 complete  D 9648 shutdown   A 9614 aborted    I 9614 abort ignored
 *   X 9607 backup in progress          O 9607 with another code
 *   f 9611 freeze failed               G 9840 storage group is already being backed up
 *   a the backup program's events around the beginning   z its last word
 *   ? a record that cannot be read any more
 *   N as S, but no Exchange component is involved
 */
void kit_night(mk_log *g, const char *begin, const char *word);
/* instance: NULL for Exchange 2003; else the first string of each event. */
void kit_night_of(mk_log *g, const char *begin, const char *word, const char *instance);
/* 9600: the Information Store was started. */
void kit_restart(mk_log *g, const char *time);
/* What an Exchange server says all day; one event each 17 minutes. */
void kit_day(mk_log *g, const char *begin, uint32_t count);

enum { KIT_SCENE_MEM = MK_FILE_HEADER + 4 * MK_CHUNK };

typedef struct kit_scene {
    const char *name;            /* file name without .evtx or .evt                    */
    void (*tell)(mk_log *g);     /* after mk_log_begin, before mk_log_end              */
    uint32_t rotate;             /* slots by which the finished log is turned          */
} kit_scene;

const kit_scene *kit_scene_at(size_t i);                    /* NULL ends                 */
mk_bytes kit_scene_make(const kit_scene *s, mk_log *g, uint8_t *mem, size_t cap);

/* The same story as Exchange 2003 itself would have logged it, in a legacy log of KIT_EVT_MEM bytes
 * at `legacy`; g and mem as above are needed too. A scene that rotates becomes a ring that was
 * closed. {NULL, 0} with e->failed NULL: a collector's log, which never was a legacy one. */
enum { KIT_EVT_MEM = 65536 };
mk_bytes kit_scene_make_evt(const kit_scene *s, mk_log *g, uint8_t *mem, size_t cap, mk_evt *e,
                            uint8_t *legacy);

#ifdef __cplusplus
}
#endif
#endif
