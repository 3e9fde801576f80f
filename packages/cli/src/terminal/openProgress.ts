import type { Event } from '@keyward/toolkit'
import type { Streams } from './Terminal.js'
import { toPrintable } from './toPrintable.js'

type Shown = Extract<Event, { kind: 'progress' }>

/** One line of a terminal for what goes on, with the seconds that it took. */
export type Progress = {
  /** @returns False where no line is folded: then it is to be written. */
  show(event: Shown): boolean
  /** Before anything else is written: the line makes room, and comes back. */
  clear(): void
  end(): void
  /** Every line is written, from now on. */
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
