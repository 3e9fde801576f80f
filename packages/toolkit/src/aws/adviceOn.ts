const credentials =
  'The credentials are not valid or have expired. Sign in again, or use another profile. For the local home: eval "$(npx --no-install keyward env)".'
const denied =
  'Use another profile, or ask an administrator for the permission.'
const missing =
  'Check the name, the AWS account and the Region. To choose others, use another profile or set AWS_REGION.'
const state =
  "The key's state does not allow this. See it with: keyward key show"
const throttled =
  'Wait a moment, then try again. If it keeps happening, request a higher quota.'

/** By AWS's names, which differ between the services. */
const advice: Readonly<Record<string, string>> = {
  AccessDenied: denied,
  AccessDeniedException: denied,
  DisabledException: state,
  ExpiredToken: credentials,
  ExpiredTokenException: credentials,
  InvalidClientTokenId: credentials,
  InvalidKeyUsageException:
    'The key must have key spec ECC_SECG_P256K1 and usage SIGN_VERIFY.',
  InvalidSignatureException: credentials,
  KMSInvalidStateException: state,
  LimitExceededException:
    "One of the AWS account's quotas is used up. Request a higher one.",
  NotFoundException: missing,
  ResourceNotFoundException: missing,
  SignatureDoesNotMatch: credentials,
  Throttling: throttled,
  ThrottlingException: throttled,
  TooManyRequestsException: throttled,
  UnrecognizedClientException: credentials,
}

/** What to do about a refusal by AWS, as a sentence. */
export function adviceOn(name: string | undefined): string | undefined {
  return name !== undefined && Object.hasOwn(advice, name)
    ? advice[name]
    : undefined
}
