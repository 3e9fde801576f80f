import { BaseError } from '../errors/BaseError.js'
import * as Quote from './Quote.js'

/** More problems than these are counted, not listed. */
const maxListed = 20

/** Collects everything that is wrong with a request, to report it at once. */
export type Problems = {
  /** A value that is not allowed; `came` is quoted by {@link Quote.value}. */
  wrong(path: string, came: unknown, allowed: string): undefined
  /** A problem in words; `problem` must not hold what came from the caller. */
  add(path: string, problem: string): undefined
  /** How many there are. */
  count(): number
  /** One line for each, `- path: problem`; the last counts what is left out. */
  describe(): string
  /**
   * @throws InvalidRequestError when there is a problem.
   */
  assertNone(): void
}

/**
 * Creates an empty collection.
 *
 * @param subject - What the message says is invalid, for example `event`.
 */
export function create(subject: string): Problems {
  const listed: Problem[] = []
  let count = 0
  function add(path: string, problem: string): undefined {
    count++
    if (listed.length < maxListed) listed.push({ path, problem })
  }
  return {
    add,
    wrong(path, came, allowed) {
      // Megabytes of wrong values are not worth quoting.
      if (listed.length >= maxListed) return add(path, '')
      if (came === undefined)
        return add(path, `is missing; allowed: ${allowed}`)
      return add(path, `got ${Quote.value(came)}; allowed: ${allowed}`)
    },
    count: () => count,
    describe: () => describe(subject, listed, count),
    assertNone() {
      if (count > 0) throw new InvalidRequestError(subject, listed, count)
    },
  }
}

function describe(
  subject: string,
  problems: readonly Problem[],
  total: number,
): string {
  const lines = problems.map(({ path, problem }) =>
    path === '' ? `- the ${subject} ${problem}` : `- ${path}: ${problem}`,
  )
  const left = total - problems.length
  return (left > 0 ? [...lines, `- and ${left} more`] : lines).join('\n')
}

/** One field that is wrong. */
export type Problem = {
  /** For example `accessList[0].address`; empty for the whole request. */
  path: string
  /** What came and what is allowed. */
  problem: string
}

/**
 * A request that was refused before anything was signed. The message lists
 * every field that is wrong, what came and what is allowed; nothing in it can
 * be a secret (see `Quote`).
 */
export class InvalidRequestError extends BaseError {
  /** At most 20; the message counts the rest. */
  readonly problems: readonly Problem[]

  constructor(subject: string, problems: readonly Problem[], total: number) {
    const what = total === 1 ? '1 problem' : `${total} problems`
    super('invalid-request', `The ${subject} was refused: ${what}.`, {
      details: describe(subject, problems, total),
    })
    this.name = 'InvalidRequestError'
    this.problems = problems
  }
}
