import { locate, TemplateError } from './TemplateError.js'

/**
 * The reason why a template couldn't be loaded or a stack couldn't be changed.
 */
export type StackErrorCode =
  | 'assembly-invalid'
  | 'template-invalid'
  | 'resource-unsupported'
  | 'name-taken'
  | 'update-refused'
  | 'stack-failed'

/** A stack error that lists all problems at once. */
export class StackError extends Error {
  override readonly name = 'StackError'
  readonly code: StackErrorCode
  /** At least one problem, each in one sentence. */
  readonly problems: readonly string[]

  constructor(
    code: StackErrorCode,
    problems: readonly string[],
    cause?: unknown,
  ) {
    super(
      problems.length === 1
        ? problems[0]
        : `${problems.length} problems:\n${problems.map((each) => `- ${each}`).join('\n')}`,
      cause === undefined ? undefined : { cause },
    )
    this.code = code
    this.problems = problems
  }
}

/** Collects problems in order to report them all at once. */
export type Problems = {
  add(problem: string): void
  /** Runs a step and records its `TemplateError` as a problem. */
  try<value>(where: string, part: () => value): value | undefined
  /** @throws {StackError} if there are any problems. */
  throwAny(code: StackErrorCode): void
}

export function collectProblems(): Problems {
  const problems: string[] = []
  return {
    add: (problem) => void problems.push(problem),
    try(where, part) {
      try {
        return part()
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error
        problems.push(locate(where, error.message))
        return undefined
      }
    },
    throwAny(code) {
      if (problems.length > 0)
        throw new StackError(code, [...new Set(problems)])
    },
  }
}

/**
 * Quotes a template's value for an error message, shortened and on one line.
 */
export function quote(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 80) ?? 'nothing'
}
