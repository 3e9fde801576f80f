import type { Event } from '@keyward/toolkit'
import type { Streams } from './Terminal.js'
import { toPrintable } from './toPrintable.js'

type Shown = Extract<Event, { kind: 'progress' }>

/** A progress line on a terminal, with the elapsed seconds. */
export type Progress = {
  /**
   * @returns False if lines are not folded. The caller then writes the line.
   */
  show(event: Shown): boolean
  /**
   * To be called before any other output. The line is cleared, and restored
   * later.
   */
  clear(): void
  end(): void
  /** Stops folding: from now on, every line is written. */
  unfold(): void
  readonly isFolded: boolean
}

const everyMs = 1000

export function openProgress({ stderr, env }: Streams): Progress {
  const canFold = stderr.isTTY === true && env.TERM !== 'dumb'
  let isFolded = canFold
  let shown: Shown | undefined
  let since = 0
  let timer: NodeJS.Timeout | undefined

  const raw = (text: string) => void stderr.write(text)
  const clear = () => {
    if (shown !== undefined) raw('\r\u001b[K')
  }
  const draw = () => {
    if (shown === undefined) return
    const { columns = 80 } = stderr as { columns?: number }
    const seconds = Math.floor((Date.now() - since) / 1000)
    const line = toPrintable(lineOf(shown, seconds), false)
    raw(`\r\u001b[K${line.slice(0, Math.max(20, columns - 1))}`)
  }
  return {
    get isFolded() {
      return isFolded
    },
    show(event) {
      if (!isFolded) return false
      if (shown === undefined) {
        since = Date.now()
        timer = setInterval(draw, everyMs)
        timer.unref()
      }
      shown = event
      draw()
      return true
    },
    clear,
    end() {
      clear()
      shown = undefined
      clearInterval(timer)
    },
    unfold() {
      isFolded = false
    },
  }
}

/** For example `  17 s  12 of 38  creating AWS::KMS::Key`. */
function lineOf({ text, done, total }: Shown, seconds: number): string {
  const count =
    done === undefined
      ? []
      : [total === undefined ? `${done} done` : `${done} of ${total}`]
  return [`${String(seconds).padStart(4)} s`, ...count, text]
    .join('  ')
    .replaceAll('\n', ' ')
}
