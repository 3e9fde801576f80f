import { invalid } from './readInput.js'

/**
 * A filter pattern of words. A message must contain all plain words, at least
 * one of the words with `?`, and none with `-`. Quoted words may contain
 * spaces.
 *
 * @throws AwsError InvalidParameterException for JSON or field patterns.
 */
export function toMatcher(pattern = ''): (message: string) => boolean {
  if (/^\s*[{[%]/.test(pattern))
    throw invalid(
      'Invalid filter pattern: the local home filters only by words, not by ' +
        'JSON members, fields or regular expressions.',
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
