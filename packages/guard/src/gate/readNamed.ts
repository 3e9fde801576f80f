import type { SigningKey, SigningRequest } from '@keyward/core'
import type { Danger } from '../actions/Danger.js'
import { readActions } from '../actions/readActions.js'
import { type Context, decide, toSubject } from './Context.js'

/** A danger that a rule names, and where the request has it. */
export type Named = {
  /** Of the action: empty for the request itself. */
  readonly path: string
  readonly danger: Danger
}

/** As `Guard.readNamed`. */
export async function readNamed(
  context: Context,
  request: SigningRequest,
  asked: SigningKey.AuthorizeContext,
): Promise<Named[]> {
  const { policy } = context
  const subject = await toSubject(context, asked)
  const { decision, mode } = decide(context, request, subject)
  // In shadow nothing is decided, and so nothing is opened either.
  if (decision !== 'allow' || mode === 'shadow') return []
  // A rule that allows names all dangers of the action.
  return readActions(request, subject.account, policy).flatMap(
    ({ path, dangers }) => dangers.map((danger) => ({ path, danger })),
  )
}
