import type { GivenRoles } from '@keyward/iam/review'
import { note, toColumns } from '@keyward/toolkit'
import { withAws } from '@keyward/toolkit/aws'
import { assertKmsEndpoint } from '@keyward/toolkit/import'
import { type Moved, moveKey } from '@keyward/toolkit/token'
import { readToken } from '../../../input/openToken.js'
import { readPin } from '../../../input/readPin.js'
import type { Result } from '../../../output/Result.js'
import type { TokenRequest } from '../../../program/tokenInputs.js'
import type { Terminal } from '../../../terminal/Terminal.js'

export type MoveTokenKeyRequest = TokenRequest & {
  keyId: string
  soPinSource: string | undefined
  allowSha1Wrapping: boolean
  alias: string | undefined
  given: GivenRoles
  receipt: string | undefined
  endpointHost: string | undefined
  destroySource: boolean
  dryRun: boolean
  yes: boolean
}

/** Moves a token's key into a new KMS key. */
export function moveTokenKey(
  terminal: Terminal,
  request: MoveTokenKeyRequest,
): Promise<Result<Moved>> {
  return withAws(terminal, {}, async (aws) => {
    const { kms: client, target } = aws
    await assertKmsEndpoint(terminal, client, target, request.endpointHost)
    const say = (text: string) => note(terminal, text)
    const handle = await readToken(terminal, request)
    const officerPin = () =>
      readPin(terminal, request.soPinSource, {
        flag: '--so-pin-source',
        question: 'PIN of the security officer',
      })
    const data = await moveKey(
      terminal,
      { aws, ceremony: { client, target, say } },
      handle,
      { ...request, allowSha1: request.allowSha1Wrapping, officerPin },
    )
    return {
      data,
      text: toColumns([
        ['address', data.address],
        ['key', data.keyArn ?? undefined],
        ['on the token', data.sourceDestroyed ? 'destroyed' : data.tokenKey],
        ['receipt', data.receipt?.path],
      ]),
    }
  })
}
