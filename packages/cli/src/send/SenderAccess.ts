import type { GetAnswer, ListAnswer, Report, SendAnswer } from '@keyward/sender'
import type * as Target from '../aws/Target.js'

/** An event of the sender function, without its operation. */
export type Fields = Readonly<Record<string, unknown>>

/** A sender, wherever it runs; names as on the wire. */
export type SenderAccess = {
  target: Target.Target
  /** For people: which sender it is. */
  label: string
  /** Whose transactions they are. */
  status(): Promise<SenderStatus>
  send(fields: Fields): Promise<SendAnswer>
  get(fields: Fields): Promise<GetAnswer>
  list(fields: Fields): Promise<ListAnswer>
  speedUp(fields: Fields): Promise<SendAnswer>
  cancel(fields: Fields): Promise<SendAnswer>
  /** Once: brings forward what is not ended. */
  reconcile(): Promise<Report>
  close(): void
}

export type SenderStatus = {
  address: string
  network: string
  chainId: number
}
