// SPDX-License-Identifier: Apache-2.0
// The module that holds DCMTK, and what its parts share.
#ifndef BFL_SHIM_DCMTK_MODULE_H
#define BFL_SHIM_DCMTK_MODULE_H

#include "dcmtk/findings.h"

#define BFL_DICOM_MODULE "libboneflare_dicom.so"
#define BFL_DICOM_ENTRY "bfl_dicom_module_write"

// Writes the file to an open descriptor; false when it cannot.
typedef bool (*bfl_dicom_entry)(const bfl_dicom_findings *findings, bfl_dicom_kind kind, int file);

#endif
