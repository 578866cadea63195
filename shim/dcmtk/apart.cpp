// SPDX-License-Identifier: Apache-2.0
// The module at work in a child process, whose output is taken over when it ended well.
#include "dcmtk/module.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

const rlim_t MOST_SECONDS = 120; // of a processor
enum { ENDED_WELL = 0, NO_MODULE = 3, FAILED = 4 };

[[noreturn]] void run_child(const bfl_dicom_findings *findings, bfl_dicom_kind kind, int file) {
    const rlimit no_core = {0, 0}, seconds = {MOST_SECONDS, MOST_SECONDS};
    (void)setrlimit(RLIMIT_CORE, &no_core);
    (void)setrlimit(RLIMIT_CPU, &seconds);
    (void)signal(SIGABRT, SIG_DFL);
    (void)signal(SIGSEGV, SIG_DFL);
    const int nowhere = open("/dev/null", O_WRONLY); // DCMTK writes warnings to the terminal
    if (nowhere >= 0) (void)dup2(nowhere, STDERR_FILENO);
    void *module = dlopen(BFL_DICOM_MODULE, RTLD_NOW | RTLD_LOCAL);
    const bfl_dicom_entry entry = module ? reinterpret_cast<bfl_dicom_entry>(dlsym(module, BFL_DICOM_ENTRY)) : nullptr;
    if (!entry) _exit(NO_MODULE);
    bool written = false;
    try {
        written = entry(findings, kind, file);
    } catch (...) {
        written = false;
    }
    _exit(written ? ENDED_WELL : FAILED);
}

bfl_dicom_state state_of(pid_t child) {
    int status = 0;
    pid_t ended = 0;
    do ended = waitpid(child, &status, 0);
    while (ended < 0 && errno == EINTR);
    if (ended != child || !WIFEXITED(status)) return BFL_DICOM_NOT_WRITTEN;
    switch (WEXITSTATUS(status)) {
    case ENDED_WELL: return BFL_DICOM_WRITTEN;
    case NO_MODULE: return BFL_DICOM_NO_MODULE;
    default: return BFL_DICOM_NOT_WRITTEN;
    }
}

bfl_dicom_state take(int file, bfl_dicom_bytes *out) {
    struct stat about;
    if (fstat(file, &about) != 0 || about.st_size <= 0) return BFL_DICOM_NOT_WRITTEN;
    const std::size_t size = std::size_t(about.st_size);
    char *data = static_cast<char *>(std::malloc(size));
    if (!data) return BFL_DICOM_NO_MEMORY;
    for (std::size_t at = 0; at < size;) {
        const ssize_t got = pread(file, data + at, size - at, off_t(at));
        if (got <= 0) {
            std::free(data);
            return BFL_DICOM_NOT_WRITTEN;
        }
        at += std::size_t(got);
    }
    *out = {data, size};
    return BFL_DICOM_WRITTEN;
}

} // namespace

bfl_dicom_state bfl_dicom_write(const bfl_dicom_findings *findings, bfl_dicom_kind kind, bfl_dicom_bytes *out) {
    const int file = memfd_create("boneflare-dicom", MFD_CLOEXEC);
    if (file < 0) return BFL_DICOM_NO_MEMORY;
    bfl_dicom_state state = BFL_DICOM_NO_MEMORY;
    const pid_t child = fork();
    if (child == 0) run_child(findings, kind, file);
    if (child > 0) state = state_of(child);
    if (state == BFL_DICOM_WRITTEN) state = take(file, out);
    (void)close(file);
    return state;
}

void bfl_dicom_bytes_free(bfl_dicom_bytes *bytes) { std::free(bytes->data); }
