/* src/cli/folders_windows.c - the names in a folder, on Windows */
#ifdef _WIN32

#include "windows_text.h"

#include <windows.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int keep_name(cli_names *n, const wchar_t *name)
{
    char *text;
    int error;

    if (wcscmp(name, L".") == 0 || wcscmp(name, L"..") == 0)
        return 0;
    text = cli_from_wide(name);
    error = text ? cli_names_keep(n, text) : ENOMEM;
    free(text);
    return error;
}

int cli_names_read(cli_names *n, const char *folder)
{
    size_t len = strlen(folder);
    char *all = malloc(len + 3);
    wchar_t *pattern = NULL;
    WIN32_FIND_DATAW found;
    HANDLE h = INVALID_HANDLE_VALUE;
    int error = ENOMEM;

    memset(n, 0, sizeof *n);
    if (all) {
        memcpy(all, folder, len);
        memcpy(all + len, "/*", 3);
        pattern = cli_wide_path(all);
    }
    if (pattern) {
        h = FindFirstFileW(pattern, &found);
        error = h == INVALID_HANDLE_VALUE ? cli_errno_of(GetLastError()) : 0;
    }
    if (h != INVALID_HANDLE_VALUE)
        error = keep_name(n, found.cFileName);
    while (h != INVALID_HANDLE_VALUE && error == 0 && FindNextFileW(h, &found))
        error = keep_name(n, found.cFileName);
    if (h != INVALID_HANDLE_VALUE) {
        error = error != 0 ? error : cli_errno_of(GetLastError());
        (void)FindClose(h);
    }
    free(pattern);
    free(all);
    cli_names_sort(n);
    return error;
}

#else
typedef int cli_folders_are_in_io_c; /* a file of C holds something */
#endif
