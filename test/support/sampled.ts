import { soak } from './tools.js'

/**
 * Cases of one kind, of which `npm test` tries every `step`th and soak all.
 */
export function sampled<T>(cases: readonly T[], step: number): T[] {
  return cases.filter((_, index) => soak || index % step === 0)
}
