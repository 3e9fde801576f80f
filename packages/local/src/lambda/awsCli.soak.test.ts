import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { arnOf, startLambda } from '../../../../test/support/startLambda.js'
import { toolPath, without } from '../../../../test/support/tools.js'

const run = promisify(execFile)

describe.skipIf(without('aws'))('Debian aws', () => {
  let home: Awaited<ReturnType<typeof startLambda>>
  beforeAll(async () => {
    home = await startLambda()
    await home.put(
      'echo',
      `export const handler = async (event) => {
         console.log('hé')
         if (event.fail) throw new Error('failed')
         return event
       }`,
    )
  })
  afterAll(() => home.close())

  const aws = (...command: string[]) =>
    run(
      toolPath('aws'),
      [
        ...['--endpoint-url', home.server.endpoint, '--region', 'us-east-1'],
        ...['--output', 'json', 'lambda', ...command],
      ],
      {
        env: {
          PATH: process.env.PATH,
          HOME: home.folder,
          AWS_ACCESS_KEY_ID: home.credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: home.credentials.secretAccessKey,
          AWS_PAGER: '',
        },
      },
    )
  async function invoke(name: string, payload: string, ...more: string[]) {
    const out = join(home.folder, 'out.json')
    const format = ['--cli-binary-format', 'raw-in-base64-out']
    const { stdout } = await aws(
      ...['invoke', '--function-name', name, ...format],
      ...['--payload', payload, ...more, out],
    )
    return { answer: JSON.parse(stdout), payload: await readFile(out, 'utf8') }
  }

  test('invokes and reads the answer with its log', async () => {
    const { answer, payload } = await invoke(
      'echo',
      '{"a":"ö"}',
      ...['--log-type', 'Tail'],
    )
    const { LogResult, ...rest } = answer
    expect([payload, rest]).toEqual([
      '{"a":"ö"}',
      { StatusCode: 200, ExecutedVersion: '$LATEST' },
    ])
    expect(Buffer.from(LogResult, 'base64').toString()).toMatch(
      /^START RequestId: .*\tINFO\thé\nEND.*\nREPORT /s,
    )
  })

  test('is told of a failure, an event and a dry run', async () => {
    const failed = await invoke('echo', '{"fail":true}')
    expect(failed.answer).toEqual({
      StatusCode: 200,
      FunctionError: 'Unhandled',
      ExecutedVersion: '$LATEST',
    })
    expect(JSON.parse(failed.payload)).toEqual({
      errorType: 'Error',
      errorMessage: 'failed',
      trace: expect.any(Array),
    })
    const type = (name: string) => ['--invocation-type', name]
    expect(await invoke('echo', '{}', ...type('Event'))).toEqual({
      answer: { StatusCode: 202 },
      payload: '',
    })
    expect(await invoke('echo', '{}', ...type('DryRun'))).toEqual({
      answer: { StatusCode: 204 },
      payload: '',
    })
  })

  test('reads errors and lists', async () => {
    await expect(invoke('nope', '{}')).rejects.toMatchObject({
      stderr: `\nAn error occurred (ResourceNotFoundException) when calling the Invoke operation: Function not found: ${arnOf('nope')}\n`,
    })
    const { stdout } = await aws('list-functions')
    expect(
      JSON.parse(stdout).Functions.map(
        (each: { FunctionArn: string }) => each.FunctionArn,
      ),
    ).toEqual([arnOf('echo')])
  })
})
