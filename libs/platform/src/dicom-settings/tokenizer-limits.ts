import type { TokenizerLimits } from '@annal/dicom';
import type { AnnalConfiguration } from '../config/index.js';

/** The configured limits of what a DICOM file may hold. */
export function tokenizerLimits({ Annal }: AnnalConfiguration): Partial<TokenizerLimits> {
  return {
    maxDepth: Annal.Limits.MaxDicomDepth,
    maxElements: Annal.Limits.MaxDicomElements,
    maxValueLength: Annal.Limits.MaxDicomValueLength,
    maxInflatedSize: Annal.Limits.MaxInflatedSize,
    maxInflateRatio: Annal.Limits.MaxInflateRatio,
  };
}
