import { isIP } from 'node:net'

/** Under these, names are given out one level deeper. */
const secondLevel = /^(?:ac|co|com|edu|gov|net|org)$/

/**
 * Whose endpoint it is, by its host: two of one provider are one witness. Where
 * there is no name to go by, each port counts for itself.
 */
export function toProvider({ hostname, host }: URL): string {
  const isAddress = isIP(hostname.replace(/^\[|\]$/g, '')) !== 0
  // A name may end with the dot of the root.
  const labels = hostname.replace(/\.$/, '').split('.')
  if (isAddress || labels.length < 2) return host
  const [middle = '', top = ''] = labels.slice(-2)
  const isDeep = top.length === 2 && secondLevel.test(middle)
  return labels.slice(isDeep ? -3 : -2).join('.')
}
