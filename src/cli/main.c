/* src/cli/main.c - argv -> command -> exit code */
#include "cli.h"

#include <string.h>

static const char help[] =
    "evx " EVX_VERSION " - Windows event logs, and Exchange backup sessions in them\n"
    "\n"
    "usage: evx COMMAND [options] PATH...\n"
    "\n"
    "  dump       write records as XML or JSON, as evtx_dump does\n"
    "  info       say what logs hold: counts, ranges, providers, damage\n"
    "  verify     account for every byte: checksums, losses, signs of tampering\n"
    "  carve      find records in any bytes: images, memory, damaged files\n"
    "  sessions   check Exchange VSS backup sessions: who holds or blocks the writer\n"
    "  bench      measure how fast these logs are read here, and written as text\n"
    "\n"
    "Paths are files or folders, searched for logs by content; '-' is standard input.\n"
    "'evx COMMAND --help' tells more; 'evx --version' names this build.\n"
    "\n"
    "exit status: 0 clean; 1 something was lost, the output is valid; 2 usage;\n"
    "             3 nothing readable, or no log at all; 4 the output failed;\n"
    "             10 sessions: a writer is stuck, or a backup is open\n";

static const struct command {
    const char *name;
    cli_main run;
} commands[] = {
    { "bench", cmd_bench },
    { "carve", cmd_carve },
    { "dump", cmd_dump },
    { "info", cmd_info },
    { "sessions", cmd_sessions },
    { "verify", cmd_verify }
};

static const evx_kernels *kernels;

enum { COMMANDS = sizeof commands / sizeof *commands };

const evx_kernels *cli_kernels(void)
{
    return kernels;
}

int cli_version(void)
{
    return cli_help("evx " EVX_VERSION "\n");
}

static cli_main find(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return commands[i].run;
    return NULL;
}

static bool is_one_of(const char *word, const char *a, const char *b)
{
    return strcmp(word, a) == 0 || strcmp(word, b) == 0;
}

static int no_command(const char *word)
{
    const char *names[COMMANDS + 1] = { NULL }, *near;
    int error;

    for (size_t i = 0; i < COMMANDS; i++)
        names[i] = commands[i].name;
    near = cli_nearest(word, names);
    if (strcmp(word, "-") == 0 || cli_kind(word, false, &error) != 0)
        return cli_usage("'%s' is a path, and a command must come first: evx dump %s, or "
                         "evx sessions %s", word, word, word);
    if (*word == 0)
        return cli_usage("an empty word is no command; 'evx --help' lists them");
    if (*word == '-')
        return cli_usage("a command must come before option %s; 'evx --help' lists them", word);
    if (near)
        return cli_usage("no command '%s'; did you mean 'evx %s'?", word, near);
    return cli_usage("no command '%s'; 'evx --help' lists them", word);
}

static int run_command(int argc, char **argv)
{
    char *ask_help[] = { "--help" };
    cli_main run;

    kernels = evx_kernels_best();
    if (argc < 2)
        return cli_usage("a command is missing: evx dump PATH... or evx sessions PATH...; "
                         "'evx --help' says more");
    if (is_one_of(argv[1], "--version", "-V") || strcmp(argv[1], "version") == 0)
        return cli_version();
    if (is_one_of(argv[1], "--help", "-h") || (argc == 2 && strcmp(argv[1], "help") == 0))
        return cli_help(help);
    if (strcmp(argv[1], "help") == 0) {
        if (is_one_of(argv[2], "help", "--help"))
            return cli_help(help);
        run = find(argv[2]);
        return run ? run(1, ask_help) : no_command(argv[2]);
    }
    run = find(argv[1]);
    return run ? run(argc - 2, argv + 2) : no_command(argv[1]);
}

int main(int argc, char **argv)
{
    argv = cli_io_begin(&argc, argv);
    return cli_io_end(run_command(argc, argv));
}
