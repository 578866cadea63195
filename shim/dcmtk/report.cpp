// SPDX-License-Identifier: Apache-2.0
// The measurements as a structured report after TID 1500, a volumetric group (TID 1411) a finding, each with its segment.
#include "dcmtk/write.h"

#include <dcmtk/dcmsr/cmr/tid1500.h>
#include <dcmtk/dcmsr/codes/dcm.h>
#include <dcmtk/dcmsr/codes/sct.h>
#include <dcmtk/dcmsr/dsrdoc.h>

namespace boneflare {
namespace {

typedef TID1500_MeasurementReport::TID1411_Measurements group;
typedef CID7469_GenericIntensityAndSizeMeasurements concept_name;
typedef CID7181_AbstractMultiDimensionalImageModelComponentUnits unit;

bool add_number(group &g, const concept_name &what, double value, unit::EnumType in) {
    return g.addMeasurement(what, group::MeasurementValue(decimal(value), unit(in))).good();
}

concept_name own(const char *code, const char *meaning) { return DSRCodedEntryValue(code, SCHEME, meaning); }

bool add_numbers(group &g, const bfl_dicom_finding &item) {
    if (!add_number(g, concept_name(concept_name::Volume), item.volume_mm3, unit::CubicMillimeter) ||
        !add_number(g, concept_name(concept_name::LongAxis), item.axial_mm, unit::Millimeter) ||
        !add_number(g, own("longest_mm", "Longest diameter in space"), item.longest_mm, unit::Millimeter) ||
        !add_number(g, concept_name(concept_name::AttenuationCoefficient), item.after_hu, unit::HounsfieldUnit))
        return false;
    return g.getMeasurement().setDerivation(CID7464_GeneralRegionOfInterestMeasurementModifiers::Mean).good() &&
           add_number(g, own("change_hu", "Change of the mean CT number from the earlier scan"), item.change_hu,
                      unit::HounsfieldUnit);
}

CID244e_Laterality side_of(const bfl_dicom_finding &item) {
    if (item.side == 'L') return CID244e_Laterality::Left;
    return item.side == 'R' ? CID244e_Laterality(CID244e_Laterality::Right) : CID244e_Laterality();
}

bool add_group(const bfl_dicom_findings &f, std::size_t index, TID1500_MeasurementReport &report) {
    const bfl_dicom_finding &item = f.items[index];
    if (report.addVolumetricROIMeasurements().bad()) return false;
    group &g = report.getVolumetricROIMeasurements();
    DSRImageReferenceValue segment(UID_SegmentationStorage, f.segmentation);
    segment.getSegmentList().addItem(Uint16(index + 1));
    return g.setTrackingIdentifier(item.label).good() && g.setTrackingUniqueIdentifier(item.tracking).good() &&
           g.setFinding(DSRCodedEntryValue(item.kind, SCHEME, item.kind_words)).good() &&
           g.setReferencedSegment(segment).good() && g.setSourceSeriesForSegmentation(f.series).good() &&
           g.addFindingSite(DSRCodedEntryValue(item.site, "SCT", item.site_words), side_of(item)).good() &&
           add_numbers(g, item) &&
           g.addQualitativeEvaluation(DSRCodedEntryValue("121071", "DCM", "Finding"), OFString(item.words)).good();
}

bool fill(const bfl_dicom_findings &f, TID1500_MeasurementReport &report) {
    if (report.setLanguage(CID5000_Languages::English).bad() ||
        report.getObservationContext()
            .addDeviceObserver(f.device, "boneflare ct", "boneflare", OFString("boneflare ") + f.version)
            .bad() ||
        report.addProcedureReported(CID100_QuantitativeDiagnosticImagingProcedures::CTUnspecifiedBodyRegion).bad())
        return false;
    for (std::size_t i = 0; i < f.count; i++)
        if (!add_group(f, i, report)) return false;
    return report
               .addQualitativeEvaluation(
                   DSRCodedEntryValue("121106", "DCM", "Comment"),
                   OFString("Changes are described, not judged. Not a medical device; not clinically validated."))
               .good() &&
           report.isValid();
}

bool add_evidence(const bfl_dicom_findings &f, DSRDocument &document) {
    DSRSOPInstanceReferenceList &list = document.getCurrentRequestedProcedureEvidence();
    if (list.addItem(f.study, f.segmentation_series, UID_SegmentationStorage, f.segmentation).bad()) return false;
    for (std::size_t i = 0; i < f.frame_count; i++)
        if (list.addItem(f.study, f.series, f.sop_class, f.frames[i].sop).bad()) return false;
    return true;
}

} // namespace

bool write_report(const bfl_dicom_findings &f, DcmDataset &out) {
    TID1500_MeasurementReport report(CMR_CID7021::ImagingMeasurementReport);
    DSRDocument document;
    if (!fill(f, report) || document.setTreeFromRootTemplate(report, OFTrue /* expand */).bad()) return false;
    document.getCodingSchemeIdentification().addItem(SCHEME);
    document.getCodingSchemeIdentification().setCodingSchemeName("boneflare: kinds of change and their measures");
    document.createNewSeriesInStudy(f.study);
    document.setSeriesDescription("boneflare ct: measurements");
    document.setSeriesNumber("902");
    document.setInstanceNumber("1");
    document.setManufacturer("boneflare");
    document.setManufacturerModelName("boneflare ct");
    document.setSoftwareVersions(f.version);
    document.setDeviceSerialNumber("none");
    return add_evidence(f, document) &&
           document.completeDocument("Made by a program; no reader has looked at it").good() &&
           document.write(out).good();
}

} // namespace boneflare
