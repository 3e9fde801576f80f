import { type Event, Target } from '@keyward/toolkit'
import { changesText } from '../output/changesText.js'
import { askSecret } from './askSecret.js'
import { assertAskable, confirm } from './confirm.js'
import { type Streams, styleFor, type Terminal } from './Terminal.js'

/** Words for what the operations tell, and questions for what they ask. */
export function openTerminal(streams: Streams): Terminal {
  return {
    // A process opens its standard input when it is first looked at.
    get stdin() {
      return streams.stdin
    },
    get input() {
      return streams.stdin
    },
    get stdout() {
      return streams.stdout
    },
    get stderr() {
      return streams.stderr
    },
    env: streams.env,
    notify: (event) => streams.stderr.write(`${toText(event, streams)}\n`),
    ask: (question) => askSecret(streams, question),
    confirm: (question) => confirm(streams, question),
    assertAskable: (question) => assertAskable(streams, question),
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
