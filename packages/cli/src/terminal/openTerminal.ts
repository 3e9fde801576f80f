import { type Event, Target } from '@keyward/toolkit'
import { changesText } from '../output/changesText.js'
import { assertAskable, confirm } from './confirm.js'
import {
  hasColours,
  type Output,
  type Streams,
  styleFor,
  type Terminal,
} from './Terminal.js'
import { toPrintable } from './toPrintable.js'

/** Words for what the operations tell, and questions for what they ask. */
export function openTerminal(streams: Streams): Terminal {
  const stdout = open(streams, 'stdout')
  const stderr = open(streams, 'stderr')
  return {
    // A process opens its standard input when it is first looked at.
    get stdin() {
      return streams.stdin
    },
    get input() {
      return streams.stdin
    },
    stdout,
    stderr,
    env: streams.env,
    notify: (event) => stderr.write(`${toText(event, streams)}\n`),
    // Loaded when it is needed: it brings all that reads key files.
    async ask(question) {
      const { askSecret } = await import('./askSecret.js')
      return askSecret(streams, toPrintable(question, false))
    },
    confirm: (question) => confirm(streams, question),
    assertAskable: (question) => assertAskable(streams, question),
  }
}

/** The last gate before a terminal: every text passes it. */
function open(streams: Streams, name: 'stdout' | 'stderr'): Output {
  return {
    get isTTY() {
      return streams[name].isTTY
    },
    write(chunk, done) {
      const stream = streams[name]
      const colours = hasColours(stream, streams.env)
      return stream.write(
        typeof chunk === 'string' ? toPrintable(chunk, colours) : chunk,
        done,
      )
    },
  }
}

function toText(event: Event, { stderr, env }: Streams): string {
  switch (event.kind) {
    case 'target':
      return Target.format(event.target)
    case 'note':
      return event.text
    case 'failure':
      return styleFor(stderr, env).red(event.text)
    case 'changes':
      return `\nChanges to ${event.stack}:\n${changesText(event.changes, styleFor(stderr, env))}\n`
  }
}
