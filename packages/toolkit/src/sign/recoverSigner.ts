import {
  Fields,
  HexField,
  Message,
  type Parser,
  Problems,
  recoverAddress,
  TypedData,
  TypedDataRequest,
} from '@keyward/core'

const maxRawBytes = 4 * 1024 * 1024

/**
 * The signer of `{message, signature}` or `{typedData, signature}`; undefined
 * if the signature matches no key.
 *
 * @throws InvalidRequestError
 */
export async function recoverSigner(
  value: unknown,
): Promise<string | undefined> {
  const problems = Problems.create('input')
  const known = ['message', 'typedData', 'signature']
  const fields = Fields.open(value, known, '', problems)
  if (fields !== undefined && fields.has('message') === fields.has('typedData'))
    problems.add('message', 'pass either message or typedData')
  const signature = fields?.required('signature', parseSignature)
  const message = fields?.optional('message', parseMessage)
  problems.assertNone()
  const digest =
    message === undefined
      ? TypedData.getSignPayload(
          TypedDataRequest.fromJson(fields?.raw('typedData')),
        )
      : Message.getSignPayload(message)
  return recoverAddress(digest, signature ?? '0x')
}

// The value is never quoted, because an invalid value may be a key.
const parseSignature: Parser<`0x${string}`> = (value, path, problems) => {
  if (
    typeof value === 'string' &&
    /^0x[0-9a-fA-F]{128}([0-9a-fA-F]{2})?$/.test(value)
  )
    return value as `0x${string}`
  return problems.add(
    path,
    'must be 65 bytes, or 64 in the compact form (EIP-2098): 0x and 130 or 128 hex digits',
  )
}

const parseMessage: Parser<Message.Message> = (value, path, problems) => {
  if (typeof value === 'string') return value
  const fields = Fields.open(value, ['raw'], path, problems)
  const raw = fields?.required('raw', HexField.bytes(maxRawBytes))
  return raw === undefined ? undefined : { raw }
}
