// SPDX-License-Identifier: Apache-2.0
// The way into the module: makes the object, sets what both have in common, and writes the file.
#include "dcmtk/write.h"

#include <dcmtk/dcmdata/dcostrmb.h>

#include <charconv>
#include <cmath>
#include <cstring>
#include <vector>

#include <unistd.h>

namespace boneflare {

OFString decimal(double value) {
    char text[64];
    for (int places = 10; places >= 0; places--) { // DS holds 16 characters
        const std::to_chars_result end =
            std::to_chars(text, text + sizeof text - 1, value, std::chars_format::fixed, places);
        if (end.ec != std::errc() || end.ptr - text > 16) continue;
        char *last = end.ptr;
        while (places > 0 && last[-1] == '0') last--;
        if (last[-1] == '.') last--;
        *last = '\0';
        return std::strcmp(text, "-0") == 0 ? OFString("0") : OFString(text);
    }
    return "0";
}

namespace {

void put(DcmDataset &out, const DcmTagKey &tag, const char *text) { out.putAndInsertString(tag, text); }

// Whose it is, when it was made and what it is called: given, where DCMTK would take the clock and chance.
void identify(const bfl_dicom_findings &f, bfl_dicom_kind kind, DcmDataset &out) {
    const bool seg = kind == BFL_DICOM_SEGMENTATION;
    put(out, DCM_PatientName, f.patient_name);
    put(out, DCM_PatientID, f.patient_id);
    put(out, DCM_PatientBirthDate, f.birth_date);
    put(out, DCM_PatientSex, f.sex);
    put(out, DCM_AccessionNumber, f.accession);
    put(out, DCM_StudyID, f.study_id);
    put(out, DCM_ReferringPhysicianName, f.referring);
    put(out, DCM_StudyDate, f.study_date);
    put(out, DCM_StudyTime, f.study_time);
    put(out, DCM_SOPInstanceUID, seg ? f.segmentation : f.report);
    put(out, DCM_SeriesInstanceUID, seg ? f.segmentation_series : f.report_series);
    for (const DcmTagKey &tag : {DCM_SeriesDate, DCM_ContentDate, DCM_InstanceCreationDate}) put(out, tag, f.date);
    for (const DcmTagKey &tag : {DCM_SeriesTime, DCM_ContentTime, DCM_InstanceCreationTime}) put(out, tag, f.time);
    out.findAndDeleteElement(DCM_InstanceCreatorUID);
    if (*f.character_set) put(out, DCM_SpecificCharacterSet, f.character_set);
    if (!f.identity_removed) return;
    put(out, DCM_PatientIdentityRemoved, "YES");
    put(out, DCM_DeidentificationMethod, "boneflare: only UIDs and dates are kept");
}

bool write_all(int file, const char *data, std::size_t size) {
    while (size) {
        const ssize_t put = write(file, data, size);
        if (put <= 0) return false;
        data += put;
        size -= std::size_t(put);
    }
    return true;
}

bool write_file(DcmFileFormat &format, int file) {
    // The whole in one buffer: its length is known before.
    format.validateMetaInfo(EXS_LittleEndianExplicit);
    format.getMetaInfo()->putAndInsertString(DCM_ImplementationVersionName, "BONEFLARE");
    const std::size_t size = format.calcElementLength(EXS_LittleEndianExplicit, EET_ExplicitLength) + (1u << 16);
    std::vector<char> bytes(size);
    DcmOutputBufferStream stream(bytes.data(), offile_off_t(bytes.size()));
    format.transferInit();
    const OFCondition written = format.write(stream, EXS_LittleEndianExplicit, EET_ExplicitLength, nullptr);
    format.transferEnd();
    void *begin = nullptr;
    offile_off_t length = 0;
    stream.flushBuffer(begin, length);
    return written.good() && write_all(file, static_cast<const char *>(begin), std::size_t(length));
}

} // namespace
} // namespace boneflare

extern "C" __attribute__((visibility("default"))) bool bfl_dicom_module_write(const bfl_dicom_findings *findings,
                                                                              bfl_dicom_kind kind, int file) {
    DcmFileFormat format;
    DcmDataset &out = *format.getDataset();
    const bool made = kind == BFL_DICOM_SEGMENTATION ? boneflare::write_segmentation(*findings, out)
                                                     : boneflare::write_report(*findings, out);
    if (!made) return false;
    boneflare::identify(*findings, kind, out);
    return boneflare::write_file(format, file);
}
