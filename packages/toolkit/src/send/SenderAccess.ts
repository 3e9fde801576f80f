import type {
  GetWire,
  ListWire,
  ReconcilerOperation,
  ReportWire,
  SendWire,
} from '@keyward/sender'
import type * as Target from '../aws/Target.js'

/** A sender function's event, without its operation. */
export type Fields = Readonly<Record<string, unknown>>

/** A sender, wherever it runs. The names are those on the wire. */
export type SenderAccess = {
  target: Target.Target
  /** Identifies the sender, as text for users. */
  label: string
  /** The account that sends the transactions. */
  status(): Promise<SenderStatus>
  send(fields: Fields): Promise<SendWire>
  get(fields: Fields): Promise<GetWire>
  list(fields: Fields): Promise<ListWire>
  speedUp(fields: Fields): Promise<SendWire>
  cancel(fields: Fields): Promise<SendWire>
  /** Runs the reconciler once, which advances unfinished transactions. */
  reconcile(): Promise<ReportWire>
  /** Adds missing entries to the ledger; signs nothing. */
  repair(fields: Fields): Promise<ReconcilerOperation.RepairWire>
  /** Assigns a transaction that `repair` found to this request. */
  adopt(fields: Fields): Promise<SendWire>
  close(): void
}

export type SenderStatus = {
  address: string
  network: string
  chainId: number
  /** Whether a policy limits what it signs. */
  hasPolicy: boolean
}
