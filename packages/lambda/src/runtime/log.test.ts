import { expect, test } from 'vitest'
import { createLog, type LogLevel } from './log.js'

function lines(level: LogLevel): string[] {
  const written: string[] = []
  const log = createLog(level, (line) => void written.push(line))
  log.debug('a')
  log.info('b', { request_id: '1', caller: undefined })
  log.warn('c')
  log.error('d\ne')
  log.audit('signed')
  log.metric('{}')
  return written
}

test('writes one JSON line for each event at or above its level', () => {
  const messages = (level: LogLevel) =>
    lines(level).map((line) => JSON.parse(line).message)
  // Uses of the key, and metrics, at every level.
  const always = ['signed', undefined]
  expect(messages('DEBUG')).toEqual(['a', 'b', 'c', 'd\ne', ...always])
  expect(messages('INFO')).toEqual(['b', 'c', 'd\ne', ...always])
  expect(messages('WARN')).toEqual(['c', 'd\ne', ...always])
  expect(messages('ERROR')).toEqual(['d\ne', ...always])
  const [line = ''] = lines('INFO')
  expect(line.split('\n')).toHaveLength(2)
  expect(JSON.parse(line)).toEqual({
    level: 'INFO',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    message: 'b',
    request_id: '1',
  })
})
