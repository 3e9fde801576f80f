import { AwsError, type AwsResponse } from './Service.js'

const headers = { 'content-type': 'application/x-amz-json-1.1' }

/**
 * A success in AWS JSON 1.1: the value as JSON, or an empty body for an
 * operation without output.
 */
export function render(output?: object): AwsResponse {
  return {
    status: 200,
    headers,
    body: output === undefined ? '' : JSON.stringify(output),
  }
}

/** An error in AWS JSON 1.1, without `message` if there is no text. */
export function renderError(error: AwsError): AwsResponse {
  return {
    status: error.status,
    headers: { ...headers, ...error.headers },
    body: JSON.stringify({ __type: error.type, message: error.text }),
  }
}

/**
 * The request's JSON object. An empty body counts as `{}`.
 *
 * @throws {AwsError} SerializationException for anything else.
 */
export function parse(body: Uint8Array): Record<string, unknown> {
  if (body.length === 0) return {}
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw new AwsError('SerializationException')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new AwsError('SerializationException')
  return value as Record<string, unknown>
}
