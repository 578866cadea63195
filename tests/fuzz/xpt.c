/* SPDX-License-Identifier: Apache-2.0 */
/* One SAS transport file. */
#include "sdtm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const bfl_table_bytes file = {"x.xpt", fuzz_text(data, size)};
    return fuzz_sdtm(&file, 1);
}
