import { findDuplicate, InvalidRequestError } from '@keyward/core'
import {
  type Answer,
  evaluate,
  type Policy,
  readQuestion,
  toAnswer,
} from '@keyward/guard'
import { readLines } from '../../input/readLines.js'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { type Asked, toQuestion } from './toQuestion.js'

/** Written together: a write for each line takes longer than its decision. */
const batch = 64 * 1024

/**
 * Answers one line for each line of standard input, as docs/policy.md specifies
 * the check form. No line ends it.
 *
 * @returns The last answer, which has the exit code; undefined without a line
 */
export async function checkLines(
  terminal: Terminal,
  policy: Policy,
  asked: Asked,
): Promise<Result | undefined> {
  let last: { answer: Answer; isRead: boolean } | undefined
  let count = 0
  let isAllRead = true
  let waiting = ''
  for await (const line of readLines(terminal.stdin)) {
    if (last !== undefined) waiting += `${JSON.stringify(last.answer)}\n`
    if (waiting.length > batch) {
      await write(terminal, waiting)
      waiting = ''
    }
    last = answerLine(policy, line, asked)
    count++
    isAllRead &&= last.isRead
  }
  if (last === undefined) return undefined
  if (waiting !== '') await write(terminal, waiting)
  const { answer } = last
  const isWell = count === 1 ? answer.decision === 'allow' : isAllRead
  return {
    data: answer,
    text: '',
    exitCode: isWell ? 0 : 1,
  }
}

function answerLine(
  policy: Policy,
  line: Uint8Array | undefined,
  asked: Asked,
): { answer: Answer; isRead: boolean } {
  try {
    if (line === undefined) throw new TypeError('It is too long.')
    const text = new TextDecoder('utf-8', { fatal: true }).decode(line)
    const value: unknown = JSON.parse(text)
    if (findDuplicate(text))
      throw new TypeError('An object in it has the same member twice.')
    const question = readQuestion(toQuestion(value, asked), Date.now())
    const { request, subject, facts } = question
    return {
      answer: toAnswer(evaluate(policy, request, subject, facts)),
      isRead: true,
    }
  } catch (error) {
    return { answer: refuse(policy, error), isRead: false }
  }
}

function refuse({ mode }: Policy, error: unknown): Answer {
  const problems =
    error instanceof InvalidRequestError
      ? error.problems.map(({ path, problem }) => `${path} ${problem}`.trim())
      : [(error as Error).message]
  return {
    ...{ decision: 'deny', mode, rule: null },
    reasons: problems.map((came) => ({
      ...{ path: 'line', came },
      allowed: 'a question in JSON: {"request","caller","account","facts"}',
    })),
    ...{ reservations: [], actions: [], shadow: [] },
  }
}

/** Settles when the bytes have left: a slow reader slows it down. */
function write(terminal: Terminal, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    terminal.stdout.write(text, (error) => (error ? reject(error) : resolve()))
  })
}
