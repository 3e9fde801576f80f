import { BaseError } from '@keyward/core'
import { adviceOn, type Refusal } from '@keyward/core/aws'

const unread =
  'Nothing was signed, because the amounts could not be recorded in the spending windows.'
const throttled =
  'The table is throttled. Wait a moment, then repeat the request with the same id.'

const advice = {
  ConditionalCheckFailedException:
    'Another process changed the item at the same time. Repeat the request with the same id.',
  ProvisionedThroughputExceededException: throttled,
  RequestLimitExceeded: throttled,
  ThrottlingException: throttled,
}

/** DynamoDB refused the guard's call or reported a fault. */
export class GuardServiceError extends BaseError {
  /** AWS's error name, for example `AccessDeniedException`. */
  readonly awsCode: string
  readonly status: number
  /** By DynamoDB's clock, in ms since 1970. */
  readonly date: number | undefined

  constructor(operation: string, refusal: Refusal) {
    const { awsCode, text, status, requestId, date } = refusal
    super('guard-service', `DynamoDB returned ${awsCode} for ${operation}.`, {
      details: [
        text,
        requestId === undefined ? '' : `DynamoDB request id: ${requestId}`,
        unread,
        adviceOn(refusal, `dynamodb:${operation}`, advice),
      ]
        .filter(Boolean)
        .join('\n'),
    })
    this.name = 'GuardServiceError'
    this.awsCode = awsCode
    this.status = status
    this.date = date
  }
}

/** The connection failed before an answer arrived. */
export class GuardUnreachableError extends BaseError {
  constructor(host: string, cause: Error) {
    super('guard-unreachable', `DynamoDB at ${host} can't be reached.`, {
      details: `Cause: ${(cause as NodeJS.ErrnoException).code ?? cause.name}. ${unread} Check the Region, AWS_ENDPOINT_URL, and the network (a function in a VPC needs a DynamoDB gateway endpoint or NAT).`,
      cause,
    })
    this.name = 'GuardUnreachableError'
  }
}

/** No answer arrived in time. */
export class GuardTimeoutError extends BaseError {
  constructor(host: string, timeoutMs: number) {
    super(
      'guard-timeout',
      timeoutMs === 0
        ? `The time limit was reached before DynamoDB at ${host} could be called.`
        : `DynamoDB at ${host} did not answer within ${timeoutMs} ms.`,
      {
        details:
          'Nothing was signed. You can repeat the request with the same id: its amount counts only once.',
      },
    )
    this.name = 'GuardTimeoutError'
  }
}

/**
 * The answer is not from DynamoDB: cut off, too large, not JSON, or without
 * `Date`.
 */
export class GuardResponseError extends BaseError {
  constructor(operation: string, reason: string) {
    super(
      'guard-response',
      `The response to ${operation} is not valid: ${reason}.`,
      {
        details: 'Nothing was signed. Check that the endpoint is DynamoDB.',
      },
    )
    this.name = 'GuardResponseError'
  }
}

/** These settings can't be used to open the windows. */
export class GuardConfigurationError extends BaseError {
  constructor(reason: string) {
    super('guard-configuration', `The guard is misconfigured: ${reason}.`)
    this.name = 'GuardConfigurationError'
  }
}

/** The guard's table is missing. */
export class GuardTableError extends BaseError {
  constructor(tableName: string, host: string, reason: string) {
    super('guard-table', `The table "${tableName}" at ${host} ${reason}.`, {
      details:
        "Nothing was signed. Check the table's name, AWS account and Region. The stack creates the table.",
    })
    this.name = 'GuardTableError'
  }
}

/** The guard did not write this item, or the item was changed afterwards. */
export class GuardItemError extends BaseError {
  constructor(place: string, reason: string) {
    super('guard-item', `The item at ${place} is not valid: ${reason}.`, {
      details:
        "Nothing was signed. Another program writes to the guard's table, or somebody changed the item. Find out who can write to the table (keyward doctor).",
    })
    this.name = 'GuardItemError'
  }
}

/** Nothing can be reserved until an administrator lifts the halt. */
export class GuardHaltedError extends BaseError {
  constructor(reason: string | undefined) {
    super(
      'guard-halted',
      `The guard is halted${reason ? `: ${reason}` : ''}.`,
      {
        details:
          'Nothing was signed. Find the cause, then lift the halt as an administrator: `keyward unfreeze --guard`.',
      },
    )
    this.name = 'GuardHaltedError'
  }
}

/** The table contains the counts of another table. */
export class GuardRestoredError extends BaseError {
  constructor(from: string, table: string) {
    super(
      'guard-restored',
      `The table "${table}" is a copy of "${from}" and lacks the amounts spent since the copy was made.`,
      {
        details: `Nothing was signed. If "${from}" still exists, use it (the stack's property existingGuardTable). Otherwise, accept the copy with \`keyward unfreeze --guard\`. Each window's limit can then be spent a second time.`,
      },
    )
    this.name = 'GuardRestoredError'
  }
}

/** The reservation no longer exists, so nothing may be signed for it. */
export class ReservationReleasedError extends BaseError {
  constructor(id: string) {
    super('reservation-released', `The reservation "${id}" was released.`, {
      details:
        'Nothing was signed. The deadline passed before the reservation was committed, or another process released it. You can repeat the request.',
    })
    this.name = 'ReservationReleasedError'
  }
}

/** The data of one id exceeds the size of a DynamoDB item. */
export class ReservationTooLargeError extends BaseError {
  constructor(id: string, bytes: number, maxBytes: number) {
    super(
      'reservation-too-large',
      `The reservation "${id}" takes ${bytes} bytes; at most ${maxBytes} are allowed.`,
      {
        details:
          'Nothing was signed. Pay fewer recipients at once, or use fewer windows that count per recipient.',
      },
    )
    this.name = 'ReservationTooLargeError'
  }
}

/** Another process is using the same id with other amounts. */
export class ReservationBusyError extends BaseError {
  constructor(id: string) {
    super(
      'reservation-busy',
      `Another process is using the request id "${id}".`,
      { details: 'Nothing was signed. Repeat the request in a moment.' },
    )
    this.name = 'ReservationBusyError'
  }
}
