/* SPDX-License-Identifier: Apache-2.0 */
/* Several datasets of one study: a line "=tu.csv" begins a file. */
#include "sdtm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_files files;
    fuzz_split_files(fuzz_text(data, size), &files);
    return fuzz_sdtm(files.files, files.count);
}
