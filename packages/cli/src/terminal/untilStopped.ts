import { BaseError } from '@keyward/core/errors'

/** Waits for the signals that ask a process to end. */
export type StopSignal = {
  /** Settles at the first signal, with its name. */
  readonly asked: Promise<NodeJS.Signals>
  /** The signal that came, if one did. */
  readonly signal: NodeJS.Signals | undefined
  dispose(): void
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Takes over SIGINT, SIGTERM and SIGHUP, so that what was started can be
 * stopped in order. Ctrl-C in a terminal reaches children too, and impatient
 * people press it twice: later signals change nothing.
 */
export function listenForStop(): StopSignal {
  let came: NodeJS.Signals | undefined
  let settle: (signal: NodeJS.Signals) => void
  const asked = new Promise<NodeJS.Signals>((resolve) => {
    settle = resolve
  })
  const onSignal = (signal: NodeJS.Signals) => {
    came ??= signal
    settle(signal)
  }
  for (const signal of signals) process.on(signal, onSignal)
  return {
    asked,
    get signal() {
      return came
    },
    dispose() {
      for (const signal of signals) process.off(signal, onSignal)
    },
  }
}

/** A signal ended a command before its work was done. */
export class StoppedError extends BaseError {
  override readonly name = 'StoppedError'

  constructor(signal: NodeJS.Signals) {
    super('stopped', `${signal} stopped the command before it was done.`, {
      details: 'Everything that it started was stopped too.',
    })
  }
}
