import type { SigningKey, SigningRequest } from '@keyward/core'
import { readActions } from '../actions/readActions.js'
import { type Context, decide, toSubject } from './Context.js'
import type { Named } from './Guard.js'

/** Implements `Guard.readNamed`. */
export async function readNamed(
  context: Context,
  request: SigningRequest,
  asked: SigningKey.AuthorizeContext,
): Promise<Named[]> {
  const { policy } = context
  const subject = await toSubject(context, asked)
  const { decision, mode } = decide(context, request, subject)
  // In shadow mode, nothing is decided, so no danger is allowed by name either.
  if (decision !== 'allow' || mode === 'shadow') return []
  // A rule that allows an action lists all its dangers.
  return readActions(request, subject.account, policy).flatMap(
    ({ path, dangers }) => dangers.map((danger) => ({ path, danger })),
  )
}
