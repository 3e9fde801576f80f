/** A condition holds, fails, or is unknown. */
export type Truth = 'holds' | 'fails' | 'unknown'

export const truth = (holds: boolean): Truth => (holds ? 'holds' : 'fails')

export function all(truths: readonly Truth[]): Truth {
  if (truths.includes('fails')) return 'fails'
  return truths.includes('unknown') ? 'unknown' : 'holds'
}

export function oneOf(truths: readonly Truth[]): Truth {
  if (truths.includes('holds')) return 'holds'
  return truths.includes('unknown') ? 'unknown' : 'fails'
}

export function not(given: Truth): Truth {
  if (given === 'unknown') return 'unknown'
  return truth(given === 'fails')
}
