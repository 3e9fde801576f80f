import { invalid } from './readInput.js'

/**
 * A filter pattern of words: all of them must be in a message, one of those
 * with `?`, and none of those with `-`. Words in quotes may hold spaces.
 *
 * @throws AwsError InvalidParameterException for patterns of JSON or of fields.
 */
export function toMatcher(pattern = ''): (message: string) => boolean {
  if (/^\s*[{[%]/.test(pattern))
    throw invalid(
      'Invalid filter pattern: the local home filters by words, not by JSON members, fields or regular expressions.',
    )
  const words = [...pattern.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)]
    .map(([, sign = '', quoted, plain = '']) => ({
      sign,
      word: quoted?.replace(/\\(.)/g, '$1') ?? plain,
    }))
    .filter(({ word }) => word !== '')
  const of = (wanted: string) =>
    words.filter(({ sign }) => sign === wanted).map(({ word }) => word)
  const [all, any, none] = [of(''), of('?'), of('-')]
  return (message) =>
    all.every((word) => message.includes(word)) &&
    (any.length === 0 || any.some((word) => message.includes(word))) &&
    !none.some((word) => message.includes(word))
}
