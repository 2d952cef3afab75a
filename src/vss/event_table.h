/* src/vss/event_table.h - source, id -> phase, outcome; one row per proven event */
#ifndef EVXI_EVENT_TABLE_H
#define EVXI_EVENT_TABLE_H

/*
 * The events of the Exchange writer, provider MSExchangeIS: X(id, phase, outcome, tracked).
 * An even id is a success, the odd id behind it the same phase failed. Rows are sorted by id.
 *
 * KB        Microsoft KB 910250, Exchange 2003: prose, tables and sample events
 * KB 933779 freeze failures of Exchange 2003
 * KB 930800 a storage group that is already being backed up, Exchange 2007
 * 2007      public documentation of the Exchange 2007 and 2010 writer, not in KB 910250
 *
 * Outcomes of 9607 and 9614 are those without a payload that says more; see event.c.
 */
#define EVXI_VSS_EVENTS(X)                                                                        \
    X(9600, INITIALIZE,       SUCCEEDED, true)   /* KB: Initialize VSSWriter, after a restart  */ \
    X(9604, BEGIN,            SUCCEEDED, true)   /* KB: first event of each attempt            */ \
    X(9606, PREPARE,          SUCCEEDED, true)   /* KB: prepared for backup; sets the flag     */ \
    X(9607, PREPARE,          FAILED,    true)   /* KB: error code %1 when preparing           */ \
    X(9608, PREPARE_SNAPSHOT, SUCCEEDED, true)   /* KB: prepared for Snapshot                  */ \
    X(9609, PREPARE_SNAPSHOT, FAILED,    true)   /* 2007                                       */ \
    X(9610, FREEZE,           SUCCEEDED, true)   /* KB: the order of a good session            */ \
    X(9611, FREEZE,           FAILED,    true)   /* KB 933779: error code %1 when freezing     */ \
    X(9612, THAW,             SUCCEEDED, true)   /* KB: the order of a good session            */ \
    X(9613, THAW,             FAILED,    true)   /* 2007                                       */ \
    X(9614, ABORT,            SUCCEEDED, true)   /* KB: has aborted snapshot; resets nothing   */ \
    X(9615, ABORT,            FAILED,    true)   /* 2007                                       */ \
    X(9616, COMPLETE,         SUCCEEDED, true)   /* KB: OnBackupComplete; resets the flag      */ \
    X(9617, COMPLETE,         FAILED,    true)   /* 2007; resets nothing                       */ \
    X(9618, POST_SNAPSHOT,    SUCCEEDED, true)   /* 2007                                       */ \
    X(9619, POST_SNAPSHOT,    FAILED,    true)   /* 2007                                       */ \
    X(9620, PRE_RESTORE,      SUCCEEDED, false)  /* 2007; no part of a backup                  */ \
    X(9621, PRE_RESTORE,      FAILED,    false)  /* 2007                                       */ \
    X(9622, POST_RESTORE,     SUCCEEDED, false)  /* 2007                                       */ \
    X(9623, POST_RESTORE,     FAILED,    false)  /* 2007                                       */ \
    X(9648, SHUTDOWN,         SUCCEEDED, true)   /* KB: OnBackupShutdown; resets the flag      */ \
    X(9649, SHUTDOWN,         FAILED,    true)   /* 2007; resets nothing                       */ \
    X(9840, BUSY,             BLOCKED,   true)   /* KB 930800: already being backed up         */

#endif
