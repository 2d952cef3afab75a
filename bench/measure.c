/* bench/measure.c - measure FILE CPUS COMMAND...: its time, processor time, memory -> FILE */
/*
 * Runs a command on the given processors (0, or 0,1) with its standard output to nowhere and writes
 * one line: wall ns, user us, system us, peak KiB, exit status. A program of its own, because the
 * kernel counts the memory of who starts a process into that process's peak: this one is small.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void pin(const char *cpus)
{
    cpu_set_t set;
    char *end;

    CPU_ZERO(&set);
    while (*cpus) {
        long cpu = strtol(cpus, &end, 10);
        if (end == cpus)
            break;
        CPU_SET((size_t)cpu, &set);
        cpus = *end == ',' ? end + 1 : end;
    }
    if (CPU_COUNT(&set) > 0 && sched_setaffinity(0, sizeof set, &set) != 0)
        perror("measure: sched_setaffinity");
}

static void child(char **argv)
{
    int nowhere = open("/dev/null", O_RDWR);

    if (nowhere < 0 || dup2(nowhere, 0) < 0 || dup2(nowhere, 1) < 0 || dup2(nowhere, 2) < 0)
        _exit(126);
    execvp(argv[0], argv);
    _exit(127);
}

static long long micro(struct timeval t)
{
    return t.tv_sec * 1000000LL + t.tv_usec;
}

int main(int argc, char **argv)
{
    struct rusage used;
    long long begin, end;
    int status;
    pid_t pid;
    FILE *f;

    if (argc < 4) {
        fprintf(stderr, "usage: measure FILE CPUS COMMAND...\n");
        return 2;
    }
    pin(argv[2]);
    begin = now();
    pid = fork();
    if (pid == 0)
        child(argv + 3);
    if (pid < 0 || wait4(pid, &status, 0, &used) != pid) {
        perror("measure");
        return 1;
    }
    end = now();
    f = fopen(argv[1], "w");
    if (!f || fprintf(f, "%lld %lld %lld %ld %d\n", end - begin, micro(used.ru_utime),
                      micro(used.ru_stime), used.ru_maxrss,
                      WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)) < 0
        || fclose(f) != 0) {
        perror(argv[1]);
        return 1;
    }
    return 0;
}
