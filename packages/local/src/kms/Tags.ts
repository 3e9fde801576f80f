import { AwsError } from '../protocol/Service.js'

type Entry = { TagKey: string; TagValue: string }
export type Tags = Readonly<Record<string, string>>

const maximum = 50

/**
 * Adds these tags to a key's, and returns the result.
 *
 * @throws AwsError TagException
 */
export const add = (entries: readonly Entry[], before: Tags = {}): Tags => {
  const names = entries.map((entry) => entry.TagKey)
  if (new Set(names).size !== names.length) throw refuse('Duplicate tag keys')
  if (names.some((name) => /^aws:/i.test(name)))
    throw refuse('Tags beginning with aws: are reserved')
  const after: Tags = { ...before, ...fromEntries(entries) }
  if (Object.keys(after).length > maximum) throw refuse('Too many tags')
  return after
}

export const remove = (names: readonly string[], before: Tags): Tags =>
  Object.fromEntries(
    Object.entries(before).filter(([name]) => !names.includes(name)),
  )

export const fromEntries = (entries: readonly Entry[]): Tags =>
  Object.fromEntries(entries.map((entry) => [entry.TagKey, entry.TagValue]))

/** Returns the tags in the order of their names. */
export const toEntries = (tags: Tags): Entry[] =>
  Object.entries(tags)
    .map(([TagKey, TagValue]) => ({ TagKey, TagValue }))
    .sort((a, b) => (a.TagKey < b.TagKey ? -1 : 1))

const refuse = (text: string): AwsError => new AwsError('TagException', text)
