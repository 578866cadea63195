// SPDX-License-Identifier: Apache-2.0
// Inside the module: the two objects as data sets, and what both of them say.
#ifndef BFL_SHIM_DCMTK_WRITE_H
#define BFL_SHIM_DCMTK_WRITE_H

#include "dcmtk/module.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

namespace boneflare {

// Exact enough for DS, whose 16 characters a double does not fit.
OFString decimal(double value);
bool write_segmentation(const bfl_dicom_findings &findings, DcmDataset &out);
bool write_report(const bfl_dicom_findings &findings, DcmDataset &out);

const char SCHEME[] = "99BONEFLARE"; // of our own codes

} // namespace boneflare

#endif
