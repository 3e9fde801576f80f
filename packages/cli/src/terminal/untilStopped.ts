import { BaseError } from '@keyward/core/errors'

/** Waits for the signals that ask a process to end. */
export type StopSignal = {
  /** Resolves to the name of the first signal. */
  readonly asked: Promise<NodeJS.Signals>
  /** The received signal, if any. */
  readonly signal: NodeJS.Signals | undefined
  dispose(): void
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Handles SIGINT, SIGTERM and SIGHUP, so that the processes that were started
 * can be stopped cleanly. In a terminal, Ctrl-C also reaches children, and
 * users may press it twice, so later signals are ignored.
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
      details: 'Everything that the command started was stopped too.',
    })
  }
}
