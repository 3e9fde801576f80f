import { AwsError, type AwsResponse } from '../protocol/Service.js'
import { element } from '../protocol/Xml.js'

/** An S3 error, with further XML elements besides its message. */
export class S3Error extends AwsError {
  readonly members: Readonly<Record<string, string>>

  constructor(
    type: string,
    text: string,
    status = 400,
    members: Readonly<Record<string, string>> = {},
  ) {
    super(type, text, status)
    this.members = members
  }
}

const regionText = /^Credential should be scoped to a valid region, not '(.*)'/

/** Renders errors as S3's REST XML. */
export function createRenderError(region: string) {
  return (error: AwsError, requestId: string): AwsResponse => {
    const { type, text, status, members } = toS3Error(error, region)
    return {
      status,
      headers: {
        'content-type': 'application/xml',
        'x-amz-request-id': requestId,
      },
      body: `<?xml version="1.0" encoding="UTF-8"?>\n${element('Error', {
        Code: type,
        Message: text ?? '',
        ...members,
        RequestId: requestId,
      })}`,
    }
  }
}

/** The errors of the request checks, with S3's names and texts. */
function toS3Error(error: AwsError, region: string): S3Error {
  const { type, text = '', status } = error
  if (error instanceof S3Error) return error
  const wrongRegion = regionText.exec(text)?.[1]
  if (wrongRegion !== undefined)
    return new S3Error(
      'AuthorizationHeaderMalformed',
      `The authorization header is malformed; the region '${wrongRegion}' is wrong; expecting '${region}'`,
      400,
      { Region: region },
    )
  switch (type) {
    case 'AccessDeniedException':
      return new S3Error('AccessDenied', text, 403)
    case 'ExpiredTokenException':
      return new S3Error('ExpiredToken', 'The provided token has expired.', 400)
    case 'IncompleteSignatureException':
      return new S3Error('AuthorizationHeaderMalformed', text, 400)
    case 'InvalidSignatureException':
      return /^Signature (?:expired|not yet current)/.test(text)
        ? new S3Error(
            'RequestTimeTooSkewed',
            'The difference between the request time and the current time is too large.',
            403,
          )
        : new S3Error('SignatureDoesNotMatch', text, 403)
    case 'MissingAuthenticationTokenException':
      return new S3Error('AccessDenied', 'Access Denied', 403)
    case 'UnrecognizedClientException':
      return new S3Error(
        'InvalidAccessKeyId',
        'The AWS Access Key Id you provided does not exist in our records.',
        403,
      )
    case 'RequestTooLargeException':
      return new S3Error(
        'EntityTooLarge',
        'Your proposed upload exceeds the maximum allowed object size.',
        400,
      )
    case 'InternalFailure':
      return new S3Error(
        'InternalError',
        'We encountered an internal error. Please try again.',
        500,
      )
    default:
      return new S3Error(type, text, status)
  }
}

export const noSuchBucket = (name: string) =>
  new S3Error('NoSuchBucket', 'The specified bucket does not exist', 404, {
    BucketName: name,
  })

export const noSuchKey = (key: string) =>
  new S3Error('NoSuchKey', 'The specified key does not exist.', 404, {
    Key: key,
  })

export const invalidArgument = (text: string, name: string, value: string) =>
  new S3Error('InvalidArgument', text, 400, {
    ArgumentName: name,
    ArgumentValue: value.slice(0, 80),
  })

export const notImplemented = (text?: string) =>
  new S3Error(
    'NotImplemented',
    text ??
      'A header you provided implies functionality that is not implemented',
    501,
  )
