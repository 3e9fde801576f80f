import { changesText, type Event, Target, wrapLines } from '@keyward/toolkit'
import { assertAskable, confirm } from './confirm.js'
import { createInterrupt } from './onInterrupt.js'
import { openProgress, type Progress } from './openProgress.js'
import {
  hasColours,
  type Output,
  type Streams,
  styleFor,
  type Terminal,
} from './Terminal.js'
import { toPrintable } from './toPrintable.js'

/** Prints the messages of operations and asks their questions. */
export function openTerminal(streams: Streams): Terminal {
  const progress = openProgress(streams)
  const stdout = open(streams, 'stdout', progress)
  const stderr = open(streams, 'stderr', progress)
  const interrupt = createInterrupt((text) => {
    progress.end()
    stderr.write(`\n${text}\n`)
  })
  const notify = (event: Event) => {
    if (event.kind === 'resume') return interrupt.set(event.text)
    if (event.kind === 'progressEnd') return progress.end()
    if (event.kind === 'progress') {
      if (progress.show(event) || event.line === undefined) return
      return void stderr.write(`${event.line}\n`)
    }
    const text = toText(event, streams, {
      isFolded: progress.isFolded,
      columns: stderr.columns,
    })
    stderr.write(`${wrapLines(text, stderr.columns)}\n`)
  }
  return {
    get isFolded() {
      return progress.isFolded
    },
    unfold: progress.unfold,
    // A process opens its standard input when it is first accessed.
    get stdin() {
      return streams.stdin
    },
    get input() {
      return streams.stdin
    },
    stdout,
    stderr,
    env: streams.env,
    notify,
    // Loaded only when needed, because it includes all the code that reads key
    // files.
    async ask(question) {
      progress.end()
      const { askSecret } = await import('./askSecret.js')
      return askSecret(streams, toPrintable(question, false))
    },
    confirm(question) {
      progress.end()
      return confirm(streams, question)
    },
    assertAskable: (question) => assertAskable(streams, question),
  }
}

/** Every text for a terminal passes through this function last. */
function open(
  streams: Streams,
  name: 'stdout' | 'stderr',
  progress: Progress,
): Output {
  return {
    get isTTY() {
      return streams[name].isTTY
    },
    get columns() {
      // The width is 0 if the terminal doesn't know it.
      return (streams[name] as { columns?: number }).columns || undefined
    },
    get style() {
      return styleFor(streams[name], streams.env)
    },
    write(chunk, done) {
      const stream = streams[name]
      const colours = hasColours(stream, streams.env)
      progress.clear()
      return stream.write(
        typeof chunk === 'string' ? toPrintable(chunk, colours) : chunk,
        done,
      )
    },
  }
}

type Told = Exclude<Event, { kind: 'progress' | 'progressEnd' | 'resume' }>

function toText(
  event: Told,
  { stderr, env }: Streams,
  shown: Parameters<typeof changesText>[2],
): string {
  switch (event.kind) {
    case 'target':
      return Target.format(event.target)
    case 'note':
      return event.text
    case 'failure':
      return styleFor(stderr, env).red(event.text)
    case 'changes':
      return `\nChanges to ${event.stack}:\n${changesText(event.changes, styleFor(stderr, env), shown)}\n`
  }
}
