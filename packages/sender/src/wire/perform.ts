import type { Sender } from '../createSender.js'
import type { CallOptions } from '../operations/Call.js'
import {
  type GetWire,
  type ListWire,
  type SendWire,
  toGetWire,
  toListWire,
  toSendWire,
} from './answers.js'
import type { Operation } from './Operation.js'

/** The operations of a sender, except `status`. */
export type SenderOperation = Exclude<Operation, { operation: 'status' }>

type Answers = {
  send: SendWire
  get: GetWire
  list: ListWire
  speed_up: SendWire
  cancel: SendWire
}

/**
 * Runs an event's operation on a sender, and returns the answer in wire form.
 */
export async function perform<asked extends SenderOperation>(
  sender: Sender,
  asked: asked,
  call: CallOptions,
): Promise<Answers[asked['operation']]> {
  return answer(sender, asked, call) as Promise<Answers[asked['operation']]>
}

async function answer(
  sender: Sender,
  asked: SenderOperation,
  call: CallOptions,
): Promise<Answers[keyof Answers]> {
  switch (asked.operation) {
    case 'send':
      return toSendWire(await sender.send(asked.request, call))
    case 'get':
      return toGetWire(await sender.get(asked.reference, call))
    case 'list':
      return toListWire(await sender.list(asked, call))
    case 'speed_up':
      return toSendWire(await sender.speedUp(asked.reference, asked, call))
    case 'cancel':
      return toSendWire(await sender.cancel(asked.reference, call))
  }
}
