/* src/cli/windows_text.c - wide text, long paths and error numbers of Windows, for io_windows.c */
#ifdef _WIN32

#include "windows_text.h"

#include <windows.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- text ---------------------------------------------------------------------------------- */

static wchar_t *to_wide(const char *text)
{
    int units = MultiByteToWideChar(CP_UTF8, 0, text, -1, NULL, 0);
    wchar_t *wide = units > 0 ? malloc((size_t)units * sizeof *wide) : NULL;

    if (wide)
        (void)MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, units);
    return wide;
}

char *cli_from_wide(const wchar_t *wide)
{
    int len = WideCharToMultiByte(CP_UTF8, 0, wide, -1, NULL, 0, NULL, NULL);
    char *text = len > 0 ? malloc((size_t)len) : NULL;

    if (text)
        (void)WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, len, NULL, NULL);
    return text;
}

static void turn_slashes(wchar_t *path)
{
    for (; *path; path++)
        if (*path == L'/')
            *path = L'\\';
}

/* A path that is longer than most calls take, in the spelling that has no such limit. */
static wchar_t *lengthen(wchar_t *path)
{
    static const wchar_t drive[] = L"\\\\?\\", share[] = L"\\\\?\\UNC";
    DWORD units = GetFullPathNameW(path, 0, NULL, NULL);
    wchar_t *full = units > 0 ? malloc((units + 8) * sizeof *full) : NULL;
    bool is_share = path[0] == L'\\' && path[1] == L'\\';
    size_t before = is_share ? 7 : 4;

    if (!full)
        return path;
    /* \\server\x becomes \\?\UNC\server\x: one of its backslashes is written over */
    units = GetFullPathNameW(path, units, full + before - is_share, NULL);
    memcpy(full, is_share ? share : drive, before * sizeof *full);
    free(path);
    return full;
}

wchar_t *cli_wide_path(const char *text)
{
    enum { SHORT = 240 };            /* folders must leave room for a short name */
    wchar_t *path = to_wide(text);

    if (!path) {
        errno = ENOMEM;
        return NULL;
    }
    turn_slashes(path);
    if (wcslen(path) >= SHORT && wcsncmp(path, L"\\\\?\\", 4) != 0)
        return lengthen(path);
    return path;
}

/* ---- errors -------------------------------------------------------------------------------- */

int cli_errno_of(unsigned long error)
{
    static const struct {
        unsigned long windows;
        int posix;
    } rows[] = { { ERROR_SUCCESS, 0 },
                 { ERROR_FILE_NOT_FOUND, ENOENT },
                 { ERROR_PATH_NOT_FOUND, ENOENT },
                 { ERROR_INVALID_NAME, ENOENT },
                 { ERROR_BAD_PATHNAME, ENOENT },
                 { ERROR_BAD_NETPATH, ENOENT },
                 { ERROR_BAD_NET_NAME, ENOENT },
                 { ERROR_INVALID_DRIVE, ENOENT },
                 { ERROR_NO_MORE_FILES, 0 },
                 { ERROR_ACCESS_DENIED, EACCES },
                 { ERROR_SHARING_VIOLATION, EACCES },
                 { ERROR_LOCK_VIOLATION, EACCES },
                 { ERROR_TOO_MANY_OPEN_FILES, EMFILE },
                 { ERROR_NOT_ENOUGH_MEMORY, ENOMEM },
                 { ERROR_OUTOFMEMORY, ENOMEM },
                 { ERROR_FILENAME_EXCED_RANGE, ENAMETOOLONG },
                 { ERROR_BROKEN_PIPE, EPIPE },
                 { ERROR_NO_DATA, EPIPE },
                 { ERROR_DISK_FULL, ENOSPC },
                 { ERROR_HANDLE_DISK_FULL, ENOSPC } };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].windows == error)
            return rows[i].posix;
    return EIO;
}

#else
typedef int cli_is_no_windows;       /* a file of C holds something */
#endif
