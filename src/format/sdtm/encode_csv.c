/* SPDX-License-Identifier: Apache-2.0 */
/* A dataset as CSV: a header of variable names, a row an observation. */
#include "format/csv.h"
#include "format/sdtm/out.h"

bfl_text bfl_sdtm_out_csv(const out *o, const out_dataset *d) {
    bfl_buf buf = {.arena = o->arena};
    for (size_t c = 0; c < d->column_count; c++) bfl_buf_addf(&buf, "%s%s", c ? "," : "", d->columns[c].name);
    bfl_buf_add(&buf, "\n");
    for (size_t i = 0; i < d->rows.count; i++) {
        for (size_t c = 0; c < d->column_count; c++) {
            if (c) bfl_buf_add(&buf, ",");
            if (d->rows.items[i].cells[c]) bfl_csv_write(&buf, bfl_text_of(d->rows.items[i].cells[c]));
        }
        bfl_buf_add(&buf, "\n");
    }
    return (bfl_text){buf.data, buf.size};
}
