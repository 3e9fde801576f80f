import { InputError, quote } from '@keyward/core/errors'

const spans = { s: 1, min: 60, m: 60, h: 3600, d: 86_400, w: 604_800 } as const

/** Parses a time in the past as ms since 1970. @throws InputError */
export function parseSince(text: string, name: string): number {
  const [, count, unit] = /^(\d{1,6})\s?(s|min|m|h|d|w)$/.exec(text) ?? []
  const at =
    count === undefined
      ? /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d)?)?$/.test(text)
        ? Date.parse(text)
        : Number.NaN
      : Date.now() - Number(count) * spans[unit as keyof typeof spans] * 1000
  if (!Number.isNaN(at)) return at
  throw new InputError(`${name} ${quote(text)} is not a time.`, {
    details:
      'Pass a duration (90s, 30min, 2h, 3d, 1w), or a date such as 2026-11-29 or 2026-11-29T17:00Z.',
  })
}
