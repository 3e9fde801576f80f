import { TemplateError } from './TemplateError.js'

/** Why a template could not be loaded or a stack not be changed. */
export type StackErrorCode =
  | 'assembly-invalid'
  | 'template-invalid'
  | 'resource-unsupported'
  | 'name-taken'
  | 'update-refused'
  | 'stack-failed'

/** An error of the stack, with everything that is wrong at once. */
export class StackError extends Error {
  override readonly name = 'StackError'
  readonly code: StackErrorCode
  /** One sentence each; at least one. */
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

/** Collects what is wrong, to say all of it at once. */
export type Problems = {
  add(problem: string): void
  /** Runs a part; a `TemplateError` of it becomes a problem. */
  try<value>(where: string, part: () => value): value | undefined
  /** @throws {StackError} if there are any. */
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
        problems.push(`${where}: ${error.message}`)
        return undefined
      }
    },
    throwAny(code) {
      if (problems.length > 0)
        throw new StackError(code, [...new Set(problems)])
    },
  }
}

/** A value of a template in an error: short, and on one line. */
export function quote(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 80) ?? 'nothing'
}
