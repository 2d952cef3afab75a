/* include/evx.h - everything, in reading order; version and ABI number */
#ifndef EVX_H
#define EVX_H

/*
 * evx reads Windows event logs (EVTX, and the EVT of before) from bytes in any pieces: chunks,
 * records, binary XML, text, System fields, and the Exchange VSS writer's backup sessions.
 *
 * Four promises hold for every function below.
 *  - It allocates nothing, keeps no global state and makes no system call. All memory is the
 *    caller's; contexts are plain values that may be copied with `=`; nothing is ever freed.
 *  - Input is hostile: every length is compared with what is left, every loop has a budget.
 *  - Arguments are a contract: a NULL context is the caller's error and is not checked.
 *  - Views (evx_bytes, evx_utf16, evx_value, evx_text_view) borrow from the bytes they were read
 *    from and die with them. A chunk dies when its window does (see evx/stream.h).
 *
 * Threads: different contexts on different threads need no lock; one context is one thread's.
 */

#define EVX_VERSION_MAJOR 0
#define EVX_VERSION_MINOR 1
#define EVX_VERSION_PATCH 0
#define EVX_VERSION "0.1.0"

/* Grows whenever a public struct changes its layout. No binary promise before 1.0. */
#define EVX_ABI 4

#include "evx/status.h"
#include "evx/stream.h"
#include "evx/kernels.h"
#include "evx/chunk.h"
#include "evx/binxml.h"
#include "evx/wevt.h"
#include "evx/select.h"
#include "evx/text.h"
#include "evx/vss.h"
#include "evx/evt.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the library that was linked, as EVX_VERSION reads in its own header. Static. */
EVX_API const char *evx_version(void);

#ifdef __cplusplus
}
#endif

#endif
