import type { Runtime } from '@keyward/core/rpc'
import { whenFree } from './Buckets.js'
import { type Context, createContext, createFullContext } from './Context.js'
import { commit } from './commit.js'
import { compare } from './compare.js'
import { giveBack } from './giveBack.js'
import { halt, readHalt, unhalt } from './halt.js'
import { adopt, assertOwn, readCopy } from './identity.js'
import { noteVersion, startAgain } from './noteVersion.js'
import { recount } from './recount.js'
import { recover } from './recover.js'
import { release } from './release.js'
import { raise, reserve } from './reserve.js'
import type { Settings, SigningStore, Store } from './Store.js'
import { itemOf, nameOf, type Scope, type Window } from './Window.js'
import * as WindowItem from './WindowItem.js'
import type {
  Reservation,
  SendingWindows,
  SigningWindows,
  Spending,
  Windows,
} from './Windows.js'

/** The windows on a table. The table's conditional writes decide. */
export function createWindows(store: Store, runtime: Runtime): Windows {
  const context = createFullContext(store, runtime)
  return {
    ...toSending(context),
    giveBack: (reservation, settings = {}) =>
      giveBack(context, reservation, settings),
    compare: (readKnown, settings = {}) =>
      compare(context, readKnown, settings),
    recount: (settings = {}) => recount(context, settings),
    recover: (settings) => recover(context, settings),
    halt: (reason, settings = {}) => halt(context, reason, settings),
    async unhalt(by, settings = {}) {
      await adopt(context, settings)
      await startAgain(context, settings)
      await unhalt(context, by, settings)
    },
    noteVersion: (by, settings = {}) => noteVersion(context, by, settings),
  }
}

/**
 * Like {@link createWindows}, for programs that send while another one
 * maintains the windows.
 */
export function createSendingWindows(
  store: SigningStore,
  runtime: Runtime,
): SendingWindows {
  return toSending(createContext(store, runtime))
}

/** Like {@link createWindows}, for programs that only sign. */
export function createSigningWindows(
  store: SigningStore,
  runtime: Runtime,
): SigningWindows {
  return toSigning(createContext(store, runtime))
}

function toSending(context: Context): SendingWindows {
  return {
    ...toSigning(context),
    release: (id, { keep = [], ...settings } = {}) =>
      release(context, id, keep, settings),
    read: (of, settings = {}) =>
      Promise.all(of.map((one) => readSpending(context, one, settings))),
  }
}

function toSigning(context: Context): SigningWindows {
  let isOwn: boolean | undefined
  /** Checks the table's name once, in parallel with the first reservation. */
  async function inOwnTable(
    reserving: Promise<Reservation>,
    settings: Settings,
  ): Promise<Reservation> {
    if (isOwn) return reserving
    const [reserved, own] = await Promise.allSettled([
      reserving,
      assertOwn(context, settings),
    ])
    if (own.status === 'fulfilled') isOwn = true
    else if (reserved.status === 'fulfilled')
      await giveBack(context, reserved.value, settings).catch(() => {})
    for (const one of [own, reserved])
      if (one.status === 'rejected') throw one.reason
    return reserving
  }
  return {
    reserve: (parameters, settings = {}) =>
      inOwnTable(reserve(context, parameters, settings), settings),
    raise: (parameters, settings = {}) =>
      inOwnTable(raise(context, parameters, settings), settings),
    commit: (reservation, settings) => commit(context, reservation, settings),
    async readHalt(settings = {}) {
      const [halt, copy] = await Promise.all([
        readHalt(context, settings),
        readCopy(context, settings),
      ])
      return halt ?? copy
    },
  }
}

async function readSpending(
  { store }: Context,
  of: { window: Window; scope: Scope; amount?: bigint },
  settings: Settings,
): Promise<Spending> {
  const { window, scope, amount = 0n } = of
  const item = itemOf(window, scope)
  const { value, at } = await store.get(WindowItem.keyOf(item), settings)
  const sums = value && WindowItem.read(item, value).windows.get(nameOf(window))
  const { sum: spent, kept } =
    sums === undefined
      ? { sum: 0n, kept: new Map<number, bigint>() }
      : WindowItem.roll(sums, at)
  const left = window.limit > spent ? window.limit - spent : 0n
  const freeAt = spent === 0n ? undefined : whenFree(window.length, kept, 1n)
  const excess = spent + amount - window.limit
  const fitsAt =
    excess > 0n && amount <= window.limit
      ? whenFree(window.length, kept, excess)
      : undefined
  return { window, scope, spent, left, freeAt, fitsAt }
}
