// SPDX-License-Identifier: Apache-2.0
// C++'s allocations, replaced in the test program only, so that one of them can be made to fail.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

static std::int64_t fail_at, count;

extern "C" std::int64_t oom_new_fail_at(std::int64_t n) {
    std::int64_t left = fail_at;
    fail_at = n;
    return left;
}

extern "C" std::int64_t oom_new_count(void) {
    std::int64_t n = count;
    count = 0;
    return n;
}

static void *allocate(std::size_t size, std::size_t alignment) noexcept {
    count++;
    if (fail_at > 0 && --fail_at == 0) return nullptr;
    if (alignment <= alignof(std::max_align_t)) return std::malloc(size ? size : 1);
    return std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

static void *allocate_or_throw(std::size_t size, std::size_t alignment) {
    if (void *p = allocate(size, alignment)) return p;
    throw std::bad_alloc();
}

void *operator new(std::size_t size) { return allocate_or_throw(size, 1); }
void *operator new[](std::size_t size) { return allocate_or_throw(size, 1); }
void *operator new(std::size_t size, std::align_val_t a) {
    return allocate_or_throw(size, static_cast<std::size_t>(a));
}
void *operator new[](std::size_t size, std::align_val_t a) {
    return allocate_or_throw(size, static_cast<std::size_t>(a));
}
void *operator new(std::size_t size, const std::nothrow_t &) noexcept { return allocate(size, 1); }
void *operator new[](std::size_t size, const std::nothrow_t &) noexcept { return allocate(size, 1); }
void operator delete(void *p) noexcept { std::free(p); }
void operator delete[](void *p) noexcept { std::free(p); }
void operator delete(void *p, std::size_t) noexcept { std::free(p); }
void operator delete[](void *p, std::size_t) noexcept { std::free(p); }
void operator delete(void *p, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void *p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void *p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void *p, std::size_t, std::align_val_t) noexcept { std::free(p); }
