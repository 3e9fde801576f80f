import { BaseError } from '../errors/BaseError.js'

/** The token's library refused a call. */
export class Pkcs11Error extends BaseError {
  /** The standard's name, for example `CKR_KEY_UNEXTRACTABLE`. */
  readonly returnValue: string

  constructor(operation: string, returnValue: string) {
    super('pkcs11', `The token returned ${returnValue} for ${operation}.`)
    this.name = 'Pkcs11Error'
    this.returnValue = returnValue
  }
}

/** The PIN is wrong, locked or expired. It is never tried again. */
export class Pkcs11PinError extends BaseError {
  readonly returnValue: string

  constructor(returnValue: string) {
    super('pkcs11-pin', `The token did not accept the PIN: ${returnValue}.`, {
      details:
        "Keyward does not try this PIN again, because a few wrong attempts lock a token. Correct the PIN and restart the process. If the PIN has expired, change it with the token's own tool. If it is locked or was never set, the security officer must set a new one.",
    })
    this.name = 'Pkcs11PinError'
    this.returnValue = returnValue
  }
}

/** The library or the token cannot be used as configured. */
export class Pkcs11ConfigurationError extends BaseError {
  constructor(reason: string, cause?: unknown) {
    super(
      'pkcs11-configuration',
      `PKCS#11 can't be used this way: ${reason}.`,
      {
        ...(cause === undefined ? {} : { cause }),
      },
    )
    this.name = 'Pkcs11ConfigurationError'
  }
}

/** The reason if a label that must belong to an RSA key belongs to none. */
export const noRsaKey = 'no RSA key has this label'

/** The key doesn't exist, is not unique, or is not a secp256k1 key. */
export class Pkcs11KeyError extends BaseError {
  constructor(
    keyId: string,
    reason: string,
    details = 'Specify the key by its label, or as pkcs11:id=%01 or pkcs11:object=LABEL (RFC 7512).',
    what: 'key' | 'label' = 'key',
  ) {
    const shown = JSON.stringify(withoutPin(keyId))
    super(
      'pkcs11-key',
      reason === noRsaKey
        ? `The token has no RSA key with the ${what} ${shown}.`
        : `The token can't use the ${what} ${shown}: ${reason}.`,
      { details },
    )
    this.name = 'Pkcs11KeyError'
  }
}

/** A URI may contain a PIN, in its query or in the wrong place. */
function withoutPin(keyId: string): string {
  return /^pkcs11:/i.test(keyId) ? keyId.replace(/\?.*|[;&]pin.*/is, '') : keyId
}

/** The token's answer violates PKCS#11. */
export class Pkcs11ResponseError extends BaseError {
  constructor(operation: string, reason: string) {
    super(
      'pkcs11-response',
      `The token's response to ${operation} is not valid: ${reason}.`,
      {
        details:
          "The response was discarded. Check that you are using the token's own PKCS#11 library.",
      },
    )
    this.name = 'Pkcs11ResponseError'
  }
}

/** The token did not answer before the caller's deadline. */
export class Pkcs11TimeoutError extends BaseError {
  constructor(operation: string) {
    super('pkcs11-timeout', `The token did not ${operation} in time.`, {
      details: 'You can repeat the call.',
    })
    this.name = 'Pkcs11TimeoutError'
  }
}
