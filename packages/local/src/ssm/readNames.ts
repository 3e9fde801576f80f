import { invalid } from './ParameterName.js'

/** Reads one to ten names. */
export function readNames({ Names }: Record<string, unknown>): string[] {
  const names: unknown[] = Array.isArray(Names) ? Names : []
  if (names.length >= 1 && names.length <= 10 && names.every(isText))
    return names
  throw invalid(
    "1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length from 1 to 10",
  )
}

const isText = (value: unknown): value is string => typeof value === 'string'
