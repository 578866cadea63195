/* SPDX-License-Identifier: Apache-2.0 */
#include "gdcm/image.h"

#include <gdcmDataElement.h>
#include <gdcmFragment.h>
#include <gdcmImage.h>
#include <gdcmSequenceOfFragments.h>
#include <gdcmTrace.h>
#include <gdcmTransferSyntax.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <mutex>
#include <new>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

const std::size_t ITEM_HEAD = 8;
const rlim_t MOST_SECONDS = 60;                          // of a processor, for one frame
const rlim_t MOST_COPIES = 32, MOST_OVERHEAD = 64 << 20; // of a frame's pixels; and bytes beside them
const unsigned char ITEM[4] = {0xfe, 0xff, 0x00, 0xe0};

// GDCM writes to the terminal unless it is told not to, before any thread works.
void prepare() {
    static std::once_flag once;
    std::call_once(once, [] {
        gdcm::Trace::DebugOff();
        gdcm::Trace::WarningOff();
        gdcm::Trace::ErrorOff();
    });
}

std::vector<char> bytes_of(const bfl_gdcm_frame &frame) {
    if (!frame.path) return std::vector<char>(frame.data + frame.from, frame.data + frame.from + frame.size);
    std::vector<char> bytes(frame.size);
    std::ifstream stream(frame.path, std::ios::binary);
    stream.seekg(std::streamoff(frame.from));
    stream.read(bytes.data(), std::streamsize(bytes.size()));
    if (!stream) bytes.clear();
    return bytes;
}

// Items up to what is no item: the first is the table of offsets, the others are the frame. False when one is cut off.
bool split(const std::vector<char> &bytes, bool bare, gdcm::SequenceOfFragments &fragments) {
    std::size_t at = 0, items = bare ? 1 : 0;
    while (at + ITEM_HEAD <= bytes.size() && std::memcmp(bytes.data() + at, ITEM, sizeof ITEM) == 0) {
        std::size_t size = 0;
        for (int b = 3; b >= 0; b--) size = size << 8 | static_cast<unsigned char>(bytes[at + 4 + std::size_t(b)]);
        at += ITEM_HEAD;
        if (size > bytes.size() - at) return false;
        if (items++ > 0 && size > 0) {
            gdcm::Fragment fragment;
            fragment.SetByteValue(bytes.data() + at, gdcm::VL(uint32_t(size)));
            fragments.AddFragment(fragment);
        }
        at += size;
    }
    return fragments.GetNumberOfFragments() > 0;
}

void describe(const bfl_gdcm_frame &frame, gdcm::Image &image) {
    const unsigned size[2] = {unsigned(frame.columns), unsigned(frame.rows)};
    image.SetNumberOfDimensions(2);
    image.SetDimensions(size);
    image.SetPixelFormat(gdcm::PixelFormat(1, uint16_t(frame.bits_allocated), uint16_t(frame.bits_stored),
                                           uint16_t(frame.high_bit), frame.is_signed ? 1 : 0));
    image.SetPhotometricInterpretation(gdcm::PhotometricInterpretation::MONOCHROME2);
    image.SetTransferSyntax(gdcm::TransferSyntax(gdcm::TransferSyntax::GetTSType(frame.syntax)));
}

template <typename Stored> void spread(const std::vector<char> &bytes, std::size_t count, uint16_t *out) {
    for (std::size_t i = 0; i < count; i++) {
        Stored value;
        std::memcpy(&value, bytes.data() + i * sizeof value, sizeof value);
        out[i] = uint16_t(value);
    }
}

// PackBits (PS3.5 annex G) from `at` to `end`; exactly `count` bytes must come out. Returns false when they do not.
bool unpack_bits(const unsigned char *at, const unsigned char *end, std::size_t count, unsigned char *out) {
    while (count && at < end) {
        const unsigned code = *at++;
        if (code == 128) continue;
        const std::size_t run = code < 128 ? code + 1u : 257u - code, taken = code < 128 ? run : 1;
        if (run > count || taken > std::size_t(end - at)) return false;
        if (code < 128)
            std::memcpy(out, at, run);
        else
            std::memset(out, *at, run);
        at += taken;
        out += run;
        count -= run;
    }
    return count == 0;
}

std::size_t number_at(const unsigned char *bytes) {
    return bytes[0] | std::size_t(bytes[1]) << 8 | std::size_t(bytes[2]) << 16 | std::size_t(bytes[3]) << 24;
}

// GDCM's own reads beyond the end of damaged frames. A segment for each byte of a pixel, the high one first.
bfl_gdcm_state decode_rle(const bfl_gdcm_frame &frame, const gdcm::SequenceOfFragments &fragments, uint16_t *out,
                          bool *is_signed) {
    std::vector<char> packed(fragments.ComputeByteLength());
    const std::size_t header = 64, count = std::size_t(frame.rows) * std::size_t(frame.columns),
                      segments = std::size_t(frame.bits_allocated) / 8;
    if (packed.size() < header || !fragments.GetBuffer(packed.data(), packed.size())) return BFL_GDCM_NOT_DECODED;
    const unsigned char *bytes = reinterpret_cast<const unsigned char *>(packed.data());
    if (number_at(bytes) != segments) return BFL_GDCM_NOT_DECODED;
    std::vector<unsigned char> plane(count);
    std::memset(out, 0, count * sizeof *out);
    for (std::size_t s = 0; s < segments; s++) {
        const std::size_t from = number_at(bytes + 4 + 4 * s);
        const std::size_t to = s + 1 < segments ? number_at(bytes + 8 + 4 * s) : packed.size();
        if (from < header || to > packed.size() || from > to ||
            !unpack_bits(bytes + from, bytes + to, count, plane.data()))
            return BFL_GDCM_NOT_DECODED;
        for (std::size_t i = 0; i < count; i++) out[i] = uint16_t(out[i] << 8 | plane[i]);
    }
    *is_signed = frame.is_signed;
    if (*is_signed && segments == 1)
        for (std::size_t i = 0; i < count; i++) out[i] = uint16_t((out[i] ^ 0x80) - 0x80);
    return BFL_GDCM_DECODED;
}

bfl_gdcm_state decode(const bfl_gdcm_frame &frame, uint16_t *out, bool *is_signed) {
    prepare();
    const gdcm::TransferSyntax::TSType type = gdcm::TransferSyntax::GetTSType(frame.syntax);
    gdcm::SmartPointer<gdcm::SequenceOfFragments> fragments = new gdcm::SequenceOfFragments;
    if (type == gdcm::TransferSyntax::TS_END || !gdcm::TransferSyntax(type).IsEncapsulated() ||
        !split(bytes_of(frame), frame.bare, *fragments))
        return BFL_GDCM_NOT_DECODED;
    if (type == gdcm::TransferSyntax::RLELossless) return decode_rle(frame, *fragments, out, is_signed);
    gdcm::DataElement pixels(gdcm::Tag(0x7fe0, 0x0010));
    pixels.SetVR(gdcm::VR::OB);
    pixels.SetValue(*fragments);
    gdcm::Image image;
    describe(frame, image);
    image.SetDataElement(pixels);
    const std::size_t count = std::size_t(frame.rows) * std::size_t(frame.columns),
                      size = std::size_t(frame.bits_allocated) / 8;
    if (image.GetBufferLength() != count * size) return BFL_GDCM_NOT_DECODED;
    std::vector<char> bytes(count * size);
    if (!image.GetBuffer(bytes.data())) return BFL_GDCM_NOT_DECODED;
    *is_signed = image.GetPixelFormat().GetPixelRepresentation() == 1;
    if (size == 2)
        spread<uint16_t>(bytes, count, out);
    else if (*is_signed)
        spread<int8_t>(bytes, count, out);
    else
        spread<uint8_t>(bytes, count, out);
    return BFL_GDCM_DECODED;
}

// What a child hands back; the pixels follow.
struct shared_head {
    bfl_gdcm_state state;
    bool is_signed;
};

bfl_gdcm_state decode_caught(const bfl_gdcm_frame &frame, uint16_t *out, bool *is_signed) {
    try {
        return decode(frame, out, is_signed);
    } catch (const std::bad_alloc &) {
        return BFL_GDCM_NO_MEMORY;
    } catch (...) {
        return BFL_GDCM_NOT_DECODED;
    }
}

// What this process holds already, in bytes of address space (0: not told), from /proc.
rlim_t held() {
    char text[64] = {0};
    const int file = open("/proc/self/statm", O_RDONLY);
    if (file < 0) return 0;
    const ssize_t size = read(file, text, sizeof text - 1);
    (void)close(file);
    rlim_t pages = 0;
    for (ssize_t i = 0; i < size && text[i] >= '0' && text[i] <= '9'; i++) pages = 10 * pages + rlim_t(text[i] - '0');
    return pages * rlim_t(sysconf(_SC_PAGESIZE));
}

// A stream that promises much must not take all memory: so much more than what the parent has, and no more.
void limit_memory(const bfl_gdcm_frame &frame) {
    const rlim_t before = held(), pixels = rlim_t(frame.rows) * rlim_t(frame.columns) * sizeof(uint16_t);
    const rlim_t most = before + rlim_t(frame.size) + MOST_COPIES * pixels + MOST_OVERHEAD;
    const rlimit limit = {most, most};
    if (before) (void)setrlimit(RLIMIT_AS, &limit);
}

[[noreturn]] void run_child(const bfl_gdcm_frame &frame, shared_head *head) {
    const rlimit no_core = {0, 0}, seconds = {MOST_SECONDS, MOST_SECONDS};
    (void)setrlimit(RLIMIT_CORE, &no_core);
    (void)setrlimit(RLIMIT_CPU, &seconds);
    limit_memory(frame);
    (void)signal(SIGABRT, SIG_DFL);
    (void)signal(SIGSEGV, SIG_DFL);
    const int nowhere = open("/dev/null", O_WRONLY); // the codecs write to the terminal
    if (nowhere >= 0) (void)dup2(nowhere, STDERR_FILENO);
    head->state = decode_caught(frame, reinterpret_cast<uint16_t *>(head + 1), &head->is_signed);
    _exit(0);
}

// In a process of its own: the codecs abort by assertions, and worse, on damaged pixels.
bfl_gdcm_state decode_apart(const bfl_gdcm_frame &frame, uint16_t *out, bool *is_signed) {
    const std::size_t pixels = std::size_t(frame.rows) * std::size_t(frame.columns) * sizeof *out;
    void *shared =
        mmap(nullptr, sizeof(shared_head) + pixels, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) return BFL_GDCM_NO_MEMORY;
    shared_head *head = static_cast<shared_head *>(shared);
    bfl_gdcm_state state = BFL_GDCM_NO_MEMORY;
    int status = 0;
    prepare();
    const pid_t child = fork();
    if (child == 0) run_child(frame, head);
    if (child > 0) {
        pid_t ended = 0;
        do ended = waitpid(child, &status, 0);
        while (ended < 0 && errno == EINTR);
        const bool whole = ended == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
        state = whole ? head->state : BFL_GDCM_NOT_DECODED;
    }
    if (state == BFL_GDCM_DECODED) {
        std::memcpy(out, head + 1, pixels);
        *is_signed = head->is_signed;
    }
    (void)munmap(shared, sizeof(shared_head) + pixels);
    return state;
}

} // namespace

bfl_gdcm_state bfl_gdcm_decode(const bfl_gdcm_frame *frame, uint16_t *out, bool *is_signed) {
    const bool own = std::strcmp(frame->syntax, "1.2.840.10008.1.2.5") == 0; // RLE is unpacked by ourselves
    return own ? decode_caught(*frame, out, is_signed) : decode_apart(*frame, out, is_signed);
}
