import { BaseError } from '@keyward/core'
import { adviceOn, type Refusal } from '@keyward/core/aws'

const throttled =
  'The table is throttled. Wait a few seconds, then try again. Repeat a payment only with the same idempotency key.'
const conflict =
  'Another process changed the item at the same time. Repeat a payment only with the same idempotency key.'

const advice = {
  ConditionalCheckFailedException: conflict,
  ProvisionedThroughputExceededException: throttled,
  ReplicatedWriteConflictException: conflict,
  RequestLimitExceeded: throttled,
  ThrottlingException: throttled,
}

/** DynamoDB refused the call or reported a fault. */
export class LedgerServiceError extends BaseError {
  /** AWS's error name, for example `AccessDeniedException`. */
  readonly awsCode: string
  readonly status: number

  constructor(operation: string, refusal: Refusal) {
    const { awsCode, text, status, requestId } = refusal
    super('ledger-service', `DynamoDB returned ${awsCode} for ${operation}.`, {
      details: [
        text,
        adviceOn(refusal, `dynamodb:${operation}`, advice),
        requestId === undefined ? '' : `DynamoDB request id: ${requestId}`,
      ]
        .filter(Boolean)
        .join('\n'),
    })
    this.name = 'LedgerServiceError'
    this.awsCode = awsCode
    this.status = status
  }
}

/** The connection failed before an answer arrived. */
export class LedgerUnreachableError extends BaseError {
  constructor(host: string, cause: Error) {
    super('ledger-unreachable', `DynamoDB at ${host} can't be reached.`, {
      details: `The connection failed (${(cause as NodeJS.ErrnoException).code ?? cause.name}). Check the Region, AWS_ENDPOINT_URL, and the network (a function in a VPC needs a DynamoDB gateway endpoint or NAT).`,
      cause,
    })
    this.name = 'LedgerUnreachableError'
  }
}

/** No answer arrived in time. */
export class LedgerTimeoutError extends BaseError {
  constructor(host: string, timeoutMs: number) {
    super(
      'ledger-timeout',
      timeoutMs === 0
        ? `The time limit was reached before DynamoDB at ${host} could be called.`
        : `DynamoDB at ${host} did not answer within ${timeoutMs} ms.`,
      {
        details:
          'Accepted requests are safe. You can repeat the same request with the same idempotency key.',
      },
    )
    this.name = 'LedgerTimeoutError'
  }
}

/** The answer is not from DynamoDB: cut off, too large, or not JSON. */
export class LedgerResponseError extends BaseError {
  /**
   * Whether the answer was too long to read, so a part of it should be
   * requested.
   */
  readonly isTooLong: boolean

  constructor(operation: string, reason: string) {
    super(
      'ledger-response',
      `The response to ${operation} is not valid: ${reason}.`,
      { details: 'Check that the endpoint is DynamoDB.' },
    )
    this.name = 'LedgerResponseError'
    this.isTooLong = /is larger than \d+ bytes/.test(reason)
  }
}

/** These settings can't be used to build a client. */
export class LedgerConfigurationError extends BaseError {
  constructor(reason: string) {
    super('ledger-configuration', `The ledger is misconfigured: ${reason}.`)
    this.name = 'LedgerConfigurationError'
  }
}

/** The table is missing or does not have the form that the ledger needs. */
export class LedgerTableError extends BaseError {
  constructor(tableName: string, host: string, reason: string) {
    super('ledger-table', `The table "${tableName}" at ${host} ${reason}.`, {
      details:
        "Nothing was sent. Check the table's name, AWS account and Region. The stack creates the table; docs/ledger.md describes it.",
    })
    this.name = 'LedgerTableError'
  }
}

/** The ledger did not write this item, or the item was changed afterwards. */
export class LedgerItemError extends BaseError {
  constructor(place: string, reason: string) {
    const at = place.startsWith('pk=') ? 'at' : 'for'
    super('ledger-item', `The item ${at} ${place} is not valid: ${reason}.`, {
      details:
        'Nothing was signed for it, and its content is not used. Either another program writes to this table, or somebody changed the item. Find out who can write to the table (keyward doctor), protect the table (keyward ledger protect), and compare the ledger with the chain (keyward tx repair).',
    })
    this.name = 'LedgerItemError'
  }
}

/** The item belongs to another version of the ledger. */
export class LedgerVersionError extends BaseError {
  /** Whether a later version wrote it, which this one can't understand. */
  readonly isNewer: boolean

  constructor(place: string, came: string, version: number) {
    super(
      'ledger-version',
      `The item at ${place} has ledger version ${came}, but this version of Keyward supports only version ${version}.`,
      {
        details:
          Number(came) > version
            ? 'Nothing was signed. A later version of Keyward wrote this item. Upgrade to that version.'
            : "Nothing was signed. Finish or cancel the open requests with the version of Keyward that wrote them. Then start a new table, and set NEW_LEDGER to the account's transaction count.",
      },
    )
    this.name = 'LedgerVersionError'
    this.isNewer = Number(came) > version
  }
}

/** The ledger doesn't know everything the account has sent. */
export class LedgerIncompleteError extends BaseError {
  constructor(reason: string, wayOut: string, verb = 'does not match') {
    super('ledger-incomplete', `The ledger ${verb} the chain: ${reason}.`, {
      details: `Nothing was accepted or signed, because a request that is missing from the ledger could be paid twice. ${wayOut}`,
    })
    this.name = 'LedgerIncompleteError'
  }
}
