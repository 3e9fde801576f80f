import { BaseError } from '../errors/BaseError.js'
import * as Quote from './Quote.js'

/** Problems beyond this number are counted, not listed. */
const maxListed = 20

/**
 * Collects everything that is wrong with a request, to report it all at once.
 */
export type Problems = {
  /** Adds a value that is not allowed. {@link Quote.value} quotes `came`. */
  wrong(path: string, came: unknown, allowed: string): undefined
  /** Adds a problem in words; `problem` must not quote the caller's input. */
  add(path: string, problem: string): undefined
  /** The number of problems. */
  count(): number
  /** One line per problem, `- path: problem`; the last line counts the rest. */
  describe(): string
  /** @throws InvalidRequestError if there is a problem. */
  assertNone(): void
}

/**
 * Creates an empty collection.
 *
 * @param subject - The invalid thing that the message names, for example
 * `event`.
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
      // Don't spend time quoting megabytes of wrong values.
      if (listed.length >= maxListed) return add(path, '')
      if (came === undefined)
        return add(path, `is missing; allowed: ${allowed}`)
      const verb = path === '' ? 'is' : 'got'
      return add(path, `${verb} ${Quote.value(came)}; allowed: ${allowed}`)
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

/** One wrong field. */
export type Problem = {
  /** For example `accessList[0].address`; empty for the whole request. */
  path: string
  /** What was received and what is allowed. */
  problem: string
}

/**
 * A request was refused before anything was signed. The message lists every
 * wrong field, what was received and what is allowed. It can't contain a secret
 * (see `Quote`).
 */
export class InvalidRequestError extends BaseError {
  /** At most 20 problems; the message gives the number of the others. */
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
