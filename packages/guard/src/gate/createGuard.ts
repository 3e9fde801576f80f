import type { Hex } from '@keyward/core'
import type { Policy } from '../policy/Policy.js'
import type {
  SendingWindows,
  SigningWindows,
  Windows,
} from '../windows/Windows.js'
import { assertCounted, windowsIn } from './assertCounted.js'
import { authorize } from './authorize.js'
import type { Context } from './Context.js'
import { chargesOfFee } from './chargesOfFee.js'
import type { Guard, SendingGuard, SigningGuard } from './Guard.js'
import { idOf } from './idOf.js'
import { preview } from './preview.js'
import { readNamed } from './readNamed.js'
import { toCharges } from './toCharges.js'
import { toKnown } from './toKnown.js'

export type GuardOptions = {
  readonly policy: Policy
  /** Counts what is spent; required for a policy with windows. */
  readonly windows?: Windows | undefined
  /**
   * Called to get the account if the gate doesn't know it yet, which is the
   * case before the first signature of a key that was opened without its
   * address.
   */
  readonly getAccount?: Context['getAccount']
  /** Version of the policy, for example its hash; required by `compare`. */
  readonly version?: string | undefined
  /** In ms since 1970. @default the process's clock */
  readonly now?: (() => number) | undefined
}

export type SigningGuardOptions = Omit<GuardOptions, 'version' | 'windows'> & {
  readonly windows?: SigningWindows | undefined
}

export type SendingGuardOptions = Omit<GuardOptions, 'version' | 'windows'> & {
  readonly windows?: SendingWindows | undefined
}

/**
 * @throws WindowsNotCountedError if the policy has windows and `windows` is
 * missing
 */
export function createGuard(options: GuardOptions): Guard {
  const { policy, windows, version } = options
  const context = toContext(options, windows)
  return {
    ...toSending(context),
    async recover(settings) {
      if (windows === undefined) return { damaged: [], halt: undefined }
      const { damaged } = await windows.recover(settings)
      return { damaged, halt: await windows.readHalt(settings) }
    },
    async compare({ chainId, address }, readSigned, settings) {
      if (windows === undefined || version === undefined) return []
      if (policy.mode === 'shadow' || windowsIn(policy).length === 0) return []
      const of = `${address.toLowerCase()}:${chainId}`
      const since = await windows.noteVersion({ of, version }, settings)
      const readKnown = async () =>
        toKnown(policy, address, since, await readSigned())
      const shortfalls = await windows.compare(readKnown, settings)
      return shortfalls.map(({ window }) => window.id)
    },
    async recount(settings) {
      // Nothing is refused in shadow mode, so nothing is halted either.
      if (windows === undefined || policy.mode === 'shadow') return []
      return windows.recount(settings)
    },
    async unhalt(by, settings) {
      await windows?.unhalt(by, settings)
    },
  }
}

/**
 * Like {@link createGuard}, for programs that send while a reconciler maintains
 * the windows.
 *
 * @throws WindowsNotCountedError
 */
export function createSendingGuard(options: SendingGuardOptions): SendingGuard {
  return toSending(toContext(options, options.windows))
}

/**
 * Like {@link createGuard}, for programs that only sign.
 *
 * @throws WindowsNotCountedError
 */
export function createSigningGuard(options: SigningGuardOptions): SigningGuard {
  return toSigning(toContext(options, options.windows))
}

/** @throws WindowsNotCountedError */
function toContext<windows extends SigningWindows>(
  { policy, getAccount, now = Date.now }: SigningGuardOptions,
  windows: windows | undefined,
) {
  if (windows === undefined) assertCounted(policy)
  return { policy, windows, getAccount, now }
}

function toSending(
  context: Context & { readonly windows: SendingWindows | undefined },
): SendingGuard {
  const { policy, windows } = context
  return {
    ...toSigning(context),
    preview: (request, asked) => preview(context, request, asked),
    readNamed: (request, asked) => readNamed(context, request, asked),
    async release(account: Hex, { request, caller }, settings) {
      if (windows === undefined || request.kind !== 'transaction') return
      const id = idOf(request, { account, digest: '0x' })
      const charges = chargesOfFee(policy, request, { caller, account })
      const keep = toCharges(policy, charges)
      await windows.release(id, { keep, ...settings })
    },
  }
}

function toSigning(context: Context): SigningGuard {
  const { policy, windows } = context
  return {
    name: policy.name,
    mode: policy.mode,
    authorize: (request, asked) => authorize(context, request, asked),
    readHalt: async (settings) => windows?.readHalt(settings),
  }
}
