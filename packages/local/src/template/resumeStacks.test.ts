import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStackHome } from '../../../../test/support/openStackHome.js'
import {
  signerTemplate,
  writeAssembly,
} from '../../../../test/support/signerAssembly.js'
import { soak } from '../../../../test/support/tools.js'
import { deleteStack } from './deleteStack.js'
import { deployStack } from './deployStack.js'
import { readAssembly, readAssets } from './readAssembly.js'
import { resumeStacks } from './resumeStacks.js'
import type { StackStore } from './StackState.js'

// A kill means that one write and everything after it don't happen. The soak
// test fails each write of an operation in turn. npm test uses every second
// write of a creation, which creates the key, and every third otherwise.

type Template = ReturnType<typeof signerTemplate>

let folder = ''
let home: Awaited<ReturnType<typeof openStackHome>>
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keyward kill test-'))
  home = await openStackHome(join(folder, 'home'))
})
afterEach(async () => {
  await home.close()
  rmSync(folder, { recursive: true, force: true })
})

const reopen = async () => {
  await home.close()
  home = await openStackHome(join(folder, 'home'))
}

const step = soak ? 1 : 6

class Killed extends Error {}

/** A store whose n-th write and all after it fail. */
function dying(store: StackStore, n: number): StackStore {
  let left = n
  const live = () => {
    left -= 1
    if (left < 0) throw new Killed()
  }
  return {
    ...store,
    save(state) {
      live()
      store.save(state)
    },
    bury(state) {
      live()
      store.bury(state)
    },
    remove(name) {
      live()
      store.remove(name)
    },
  }
}

const deploy = (change: (template: Template) => void, store = home.store) => {
  const template = signerTemplate()
  change(template)
  const directory = writeAssembly(join(folder, 'cdk.out'), template)
  return deployStack({
    assembly: readAssembly(directory),
    store,
    home: home.home,
    source: { assembly: directory },
    onFailure: 'roll back',
  })
}
const resume = () =>
  resumeStacks({
    store: home.store,
    homeOf: () => home.home,
    assetOf: ({ assembly = '' }) => readAssets(assembly),
    onEvent: () => {},
    except: undefined,
  })

/**
 * Runs an operation that dies at its n-th write, then a home that starts again.
 *
 * @returns Whether it died at all.
 */
async function killAt(
  n: number,
  work: (store: StackStore) => Promise<unknown>,
) {
  const died = await work(dying(home.store, n)).then(
    () => false,
    (error: unknown) => {
      if (error instanceof Killed) return true
      throw error
    },
  )
  await reopen()
  await resume()
  return died
}

const same = () => {}
const longer = ({ Resources }: Template) => {
  Object.assign((Resources.Function as { Properties: object }).Properties, {
    Timeout: 61,
  })
  Object.assign((Resources.Key as { Properties: object }).Properties, {
    Description: 'new',
    Tags: [{ Key: 'owner', Value: 'me' }],
  })
  delete Resources.Topic
  delete Resources.Rule
}
const keys = () => home.kms.keys().map(({ keyId, state }) => [keyId, state])
const stack = () => home.store.get('signers')
const timeout = () => home.lambda.snapshot('signers-signer')?.latest.timeoutS

describe('a kill at any write', () => {
  test('of a creation leaves one whole stack with one key', async () => {
    let died = true
    for (let n = 1; died; n += soak ? 1 : 4) {
      died = await killAt(n, (store) => deploy(same, store))
      expect(keys()).toEqual([[stack()?.resources.Key?.physicalId, 'Enabled']])
      expect(stack()?.status).toBe('CREATE_COMPLETE')
      expect(stack()).not.toHaveProperty('making')
      expect(stack()).not.toHaveProperty('before')
      const all = Object.keys(signerTemplate().Resources).length
      expect(Object.keys(stack()?.resources ?? {})).toHaveLength(all - 1)
      await home.remove('signers')
      for (const { keyId } of home.kms.keys()) await home.kms.discard(keyId)
    }
  })

  test('of an update leaves it done, with the same key', async () => {
    let died = true
    await deploy(same)
    const before = keys()
    for (let n = 1; died; n += step) {
      died = await killAt(n, (store) => deploy(longer, store))
      expect(stack()?.status).toBe('UPDATE_COMPLETE')
      expect(timeout()).toBe(61)
      expect(keys()).toEqual(before)
      expect(stack()?.resources).not.toHaveProperty('Topic')
      await deploy(same)
      expect(timeout()).toBe(30)
    }
  })

  test('of an update that fails leaves it as it was', async () => {
    const failing = (template: Template) => {
      longer(template)
      const alias = template.Resources.Alice as { Properties: object }
      Object.assign(alias.Properties, { FunctionVersion: '7' })
    }
    let died = true
    const first = await deploy(same)
    const policy = () =>
      home.kms.tagsOf(stack()?.resources.Key?.physicalId ?? '')
    const tags = policy()
    for (let n = 2; died; n += step) {
      died = await killAt(n, (store) =>
        deploy(failing, store).catch((error: unknown) => {
          if (error instanceof Killed) throw error
        }),
      )
      expect(stack()).toEqual({
        ...first,
        status: 'UPDATE_ROLLBACK_COMPLETE',
        updatedAt: expect.any(Number),
      })
      expect(timeout()).toBe(30)
      expect(policy()).toEqual(tags)
      expect(home.lambda.snapshot('signers-signer')?.aliases).toMatchObject([
        { name: 'alice', functionVersion: '1' },
      ])
    }
  })

  test('of a deletion leaves none, and what is retained', async () => {
    let died = true
    for (let n = 1; died; n += step) {
      await deploy(same)
      const keyId = stack()?.resources.Key?.physicalId
      died = await killAt(n, (store) =>
        deleteStack({ stackName: 'signers', store, home: home.home }),
      )
      // With a kill before the first write, the deletion never started.
      if (stack()) await home.remove('signers')
      expect(home.store.list()).toEqual([])
      expect(home.store.deleted().at(-1)?.status).toBe('DELETE_COMPLETE')
      expect(keys()).toContainEqual([keyId, 'Enabled'])
      expect(home.lambda.listFunctions()).toEqual([])
      for (const { keyId } of home.kms.keys()) await home.kms.discard(keyId)
    }
  })
})

test('what has no way on is rolled back, and says why', async () => {
  await killAtCreation(9)
  rmSync(join(folder, 'cdk.out'), { recursive: true })
  await reopen()
  await resume()
  expect(stack()?.status).toBe('ROLLBACK_COMPLETE')
  const events = home.store.events.list(stack()?.id ?? '')
  expect(
    events.find(({ status }) => status === 'ROLLBACK_IN_PROGRESS')?.reason,
  ).toMatch(/cdk\.out/)
  // The key has the policy Retain.
  expect(stack()?.resources).toEqual({})
  await deploy(same)
  expect(stack()?.status).toBe('CREATE_COMPLETE')

  async function killAtCreation(n: number) {
    await expect(deploy(same, dying(home.store, n))).rejects.toThrow(Killed)
  }
})
