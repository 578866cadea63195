/* SPDX-License-Identifier: Apache-2.0 */
/* One file of CDISC Dataset-JSON, as an object or a row a line. */
#include "sdtm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const bfl_table_bytes file = {"x.json", fuzz_text(data, size)};
    return fuzz_sdtm(&file, 1);
}
