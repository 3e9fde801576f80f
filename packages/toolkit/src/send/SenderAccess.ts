import type {
  GetWire,
  ListWire,
  ReconcilerOperation,
  ReportWire,
  SendWire,
} from '@keyward/sender'
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
  send(fields: Fields): Promise<SendWire>
  get(fields: Fields): Promise<GetWire>
  list(fields: Fields): Promise<ListWire>
  speedUp(fields: Fields): Promise<SendWire>
  cancel(fields: Fields): Promise<SendWire>
  /** Once: brings forward what is not ended. */
  reconcile(): Promise<ReportWire>
  /** What the ledger lacks is written down; signs nothing. */
  repair(fields: Fields): Promise<ReconcilerOperation.RepairWire>
  /** A transaction that repair found was this request. */
  adopt(fields: Fields): Promise<SendWire>
  close(): void
}

export type SenderStatus = {
  address: string
  network: string
  chainId: number
}
