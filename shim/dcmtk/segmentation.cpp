// SPDX-License-Identifier: Apache-2.0
// A binary Segmentation (PS3.3 A.51): a segment a finding, frames where there is something of it, on the source's own grid.
#include "dcmtk/write.h"

#include <dcmtk/dcmfg/fgderimg.h>
#include <dcmtk/dcmfg/fgfracon.h>
#include <dcmtk/dcmfg/fgpixmsr.h>
#include <dcmtk/dcmfg/fgplanor.h>
#include <dcmtk/dcmfg/fgplanpo.h>
#include <dcmtk/dcmseg/segdoc.h>
#include <dcmtk/dcmseg/segment.h>

#include <memory>
#include <new>
#include <string>
#include <vector>

namespace boneflare {
namespace {

typedef std::unique_ptr<DcmSegmentation> segmentation;

bool create(const bfl_dicom_findings &f, segmentation &out) {
    IODGeneralEquipmentModule::EquipmentInfo equipment("boneflare", "boneflare ct", "none", f.version);
    ContentIdentificationMacro content("1", "BONE_CHANGE", "Change of bone between two CT scans", "");
    DcmSegmentation *made = nullptr;
    if (DcmSegmentation::createBinarySegmentation(made, Uint16(f.rows), Uint16(f.columns), equipment, content).bad())
        return false;
    out.reset(made);
    out->setCheckFGOnWrite(OFFalse); // checked as they are made; on writing it takes seconds
    out->getSeries().setSeriesNumber("901");
    out->getSeries().setSeriesDescription("boneflare ct: findings");
    out->getStudy().setStudyInstanceUID(f.study);
    return out->getFrameOfReference().setFrameOfReferenceUID(f.frame_of_reference).good();
}

/* Which bone it is in; false: no memory. */
bool set_region(const bfl_dicom_finding &item, DcmSegment &segment) {
    GeneralAnatomyMacro &anatomy = segment.getGeneralAnatomyCode();
    if (anatomy.getAnatomicRegion().set(item.site, "SCT", item.site_words).bad()) return false;
    if (!item.side) return true;
    const bool left = item.side == 'L';
    std::unique_ptr<CodeSequenceMacro> side(
        new (std::nothrow) CodeSequenceMacro(left ? "7771000" : "24028007", "SCT", left ? "Left" : "Right"));
    if (!side) return false;
    anatomy.getAnatomicRegionModifier().push_back(side.release());
    return true;
}

bool add_segments(const bfl_dicom_findings &f, DcmSegmentation &seg) {
    const CodeSequenceMacro category("49755003", "SCT", "Morphologically Abnormal Structure"),
        type("52988006", "SCT", "Lesion");
    for (std::size_t i = 0; i < f.count; i++) {
        DcmSegment *segment = nullptr;
        Uint16 number = 0;
        if (DcmSegment::create(segment, f.items[i].label, category, type, DcmSegTypes::SAT_AUTOMATIC, "boneflare ct")
                .bad())
            return false;
        segment->setSegmentDescription(f.items[i].words);
        segment->setTrackingID(f.items[i].label);
        segment->setTrackingUID(f.items[i].tracking);
        segment->setRecommendedDisplayCIELabValue(33153, 48573, 46003); // a warm orange
        if (seg.addSegment(segment, number).bad() || !set_region(f.items[i], *segment)) return false;
    }
    return true;
}

bool add_shared(const bfl_dicom_findings &f, DcmSegmentation &seg) {
    FGPixelMeasures measures;
    measures.setPixelSpacing(decimal(f.spacing_mm[1]) + "\\" + decimal(f.spacing_mm[0]));
    measures.setSliceThickness(decimal(f.thickness_mm));
    const std::unique_ptr<FGPlaneOrientationPatient> orientation(
        FGPlaneOrientationPatient::createMinimal(decimal(f.axis[0][0]), decimal(f.axis[0][1]), decimal(f.axis[0][2]),
                                                 decimal(f.axis[1][0]), decimal(f.axis[1][1]), decimal(f.axis[1][2])));
    return orientation && seg.addForAllFrames(measures).good() && seg.addForAllFrames(*orientation).good();
}

FGDerivationImage *source_of(const bfl_dicom_findings &f, std::size_t frame) {
    ImageSOPInstanceReferenceMacro *image = nullptr;
    if (ImageSOPInstanceReferenceMacro::create(f.sop_class, f.frames[frame].sop, OFVector<Uint16>(), image).bad())
        return nullptr;
    OFVector<ImageSOPInstanceReferenceMacro> images;
    images.push_back(*image);
    delete image;
    return FGDerivationImage::createMinimal(
        images, "", CodeSequenceMacro("113076", "DCM", "Segmentation"),
        CodeSequenceMacro("121322", "DCM", "Source image for image processing operation"));
}

bool add_frame(const bfl_dicom_findings &f, DcmSegmentation &seg, std::size_t finding, std::size_t frame,
               std::uint8_t *pixels) {
    const bfl_dicom_frame &at = f.frames[frame];
    const std::unique_ptr<FGPlanePosPatient> place(FGPlanePosPatient::createMinimal(
        decimal(at.position_mm[0]), decimal(at.position_mm[1]), decimal(at.position_mm[2])));
    const std::unique_ptr<FGDerivationImage> source(source_of(f, frame));
    FGFrameContent content;
    if (!place || !source) return false;
    content.setDimensionIndexValues(Uint32(finding + 1), 0);
    content.setDimensionIndexValues(Uint32(frame + 1), 1);
    OFVector<FGBase *> groups;
    groups.push_back(place.get());
    groups.push_back(source.get());
    groups.push_back(&content);
    return seg.addFrame(pixels, Uint16(finding + 1), groups).good();
}

bool add_frames(const bfl_dicom_findings &f, DcmSegmentation &seg) {
    std::vector<std::uint8_t> pixels(std::size_t(f.rows) * std::size_t(f.columns));
    for (std::size_t finding = 0; finding < f.count; finding++)
        for (std::size_t frame = 0; frame < f.frame_count; frame++)
            if (f.mask(f.context, finding, frame, pixels.data()) && !add_frame(f, seg, finding, frame, pixels.data()))
                return false;
    return seg.getNumberOfFrames() > 0;
}

bool add_dimensions(const bfl_dicom_findings &f, DcmSegmentation &seg) {
    IODMultiframeDimensionModule &dimensions = seg.getDimensions();
    return dimensions
               .addDimensionIndex(DCM_ReferencedSegmentNumber, f.segmentation, DCM_SegmentIdentificationSequence,
                                  "Finding")
               .good() &&
           dimensions.addDimensionIndex(DCM_ImagePositionPatient, f.segmentation, DCM_PlanePositionSequence, "Place")
               .good();
}

// The series that the frames come from (PS3.3 C.12.2).
bool add_references(const bfl_dicom_findings &f, DcmDataset &out) {
    DcmItem *series = nullptr;
    if (out.findOrCreateSequenceItem(DCM_ReferencedSeriesSequence, series, 0).bad()) return false;
    series->putAndInsertString(DCM_SeriesInstanceUID, f.series);
    const char *last = "";
    for (std::size_t i = 0; i < f.frame_count; i++) {
        DcmItem *instance = nullptr;
        if (OFString(last) == f.frames[i].sop) continue; // several frames of one file
        last = f.frames[i].sop;
        if (series->findOrCreateSequenceItem(DCM_ReferencedInstanceSequence, instance, -2).bad()) return false;
        instance->putAndInsertString(DCM_ReferencedSOPClassUID, f.sop_class);
        instance->putAndInsertString(DCM_ReferencedSOPInstanceUID, last);
    }
    return true;
}

// Which frame of its file an image is: DCMTK 3.6.7 writes that number with a blank before it, and then refuses it.
bool add_number(const bfl_dicom_findings &f, DcmItem &groups, DcmItem &source) {
    DcmItem *content = nullptr;
    Uint32 frame = 0;
    if (groups.findAndGetSequenceItem(DCM_FrameContentSequence, content).bad() ||
        content->findAndGetUint32(DCM_DimensionIndexValues, frame, 1).bad() || frame < 1 || frame > f.frame_count)
        return false;
    const std::int32_t number = f.frames[frame - 1].number;
    return number == 0 || source.putAndInsertString(DCM_ReferencedFrameNumber, std::to_string(number).c_str()).good();
}

// A frame's pixels are those of the image that it refers to: a reader may lay one on the other by the reference alone.
bool complete_sources(const bfl_dicom_findings &f, DcmDataset &out) {
    DcmSequenceOfItems *frames = nullptr;
    if (out.findAndGetSequence(DCM_PerFrameFunctionalGroupsSequence, frames).bad()) return false;
    for (unsigned long i = 0; i < frames->card(); i++) {
        DcmItem *derivation = nullptr, *source = nullptr, *groups = frames->getItem(i);
        if (groups->findAndGetSequenceItem(DCM_DerivationImageSequence, derivation).bad() ||
            derivation->findAndGetSequenceItem(DCM_SourceImageSequence, source).bad() ||
            source->putAndInsertString(DCM_SpatialLocationsPreserved, "YES").bad() || !add_number(f, *groups, *source))
            return false;
    }
    return true;
}

} // namespace

bool write_segmentation(const bfl_dicom_findings &f, DcmDataset &out) {
    segmentation seg;
    return create(f, seg) && add_dimensions(f, *seg) && add_segments(f, *seg) && add_shared(f, *seg) &&
           add_frames(f, *seg) && seg->writeDataset(out).good() && complete_sources(f, out) && add_references(f, out);
}

} // namespace boneflare
