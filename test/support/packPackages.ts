import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../../scripts/setup/root.mjs'

/** What is published. */
export const names = [
  '@keyward/cdk',
  '@keyward/core',
  '@keyward/guard',
  '@keyward/iam',
  '@keyward/keyfile',
  '@keyward/lambda',
  '@keyward/local',
  '@keyward/safe',
  '@keyward/sender',
  '@keyward/toolkit',
  'keyward',
]

/** What they can be imported by, as their sources export it. */
export const entries = {
  '@keyward/cdk': () => import('@keyward/cdk'),
  '@keyward/cdk/settings': () => import('@keyward/cdk/settings'),
  '@keyward/core': () => import('@keyward/core'),
  '@keyward/core/aws': () => import('@keyward/core/aws'),
  '@keyward/core/credentials': () => import('@keyward/core/credentials'),
  '@keyward/core/errors': () => import('@keyward/core/errors'),
  '@keyward/core/digest': () => import('@keyward/core/digest'),
  '@keyward/core/kms': () => import('@keyward/core/kms'),
  '@keyward/core/pkcs11': () => import('@keyward/core/pkcs11'),
  '@keyward/core/rpc': () => import('@keyward/core/rpc'),
  '@keyward/core/sdk': () => import('@keyward/core/sdk'),
  '@keyward/core/viem': () => import('@keyward/core/viem'),
  '@keyward/core/ethers': () => import('@keyward/core/ethers'),
  '@keyward/guard': () => import('@keyward/guard'),
  '@keyward/guard/authoring': () => import('@keyward/guard/authoring'),
  '@keyward/guard/calls': () => import('@keyward/guard/calls'),
  '@keyward/guard/windows': () => import('@keyward/guard/windows'),
  '@keyward/guard/windows/dynamodb': () =>
    import('@keyward/guard/windows/dynamodb'),
  '@keyward/guard/windows/memory': () =>
    import('@keyward/guard/windows/memory'),
  '@keyward/iam/functions': () => import('@keyward/iam/functions'),
  '@keyward/iam/key-policy': () => import('@keyward/iam/key-policy'),
  '@keyward/iam/ledger-policy': () => import('@keyward/iam/ledger-policy'),
  '@keyward/iam/policy': () => import('@keyward/iam/policy'),
  '@keyward/iam/principals': () => import('@keyward/iam/principals'),
  '@keyward/iam/quote': () => import('@keyward/iam/quote'),
  '@keyward/iam/review': () => import('@keyward/iam/review'),
  '@keyward/iam/scp': () => import('@keyward/iam/scp'),
  '@keyward/keyfile': () => import('@keyward/keyfile'),
  '@keyward/keyfile/formats': () => import('@keyward/keyfile/formats'),
  '@keyward/local': () => import('@keyward/local'),
  '@keyward/safe': () => import('@keyward/safe'),
  '@keyward/sender': () => import('@keyward/sender'),
  '@keyward/toolkit': () => import('@keyward/toolkit'),
  '@keyward/toolkit/access': () => import('@keyward/toolkit/access'),
  '@keyward/toolkit/aws': () => import('@keyward/toolkit/aws'),
  '@keyward/toolkit/deploy': () => import('@keyward/toolkit/deploy'),
  '@keyward/toolkit/destroy': () => import('@keyward/toolkit/destroy'),
  '@keyward/toolkit/doctor': () => import('@keyward/toolkit/doctor'),
  '@keyward/toolkit/home': () => import('@keyward/toolkit/home'),
  '@keyward/toolkit/import': () => import('@keyward/toolkit/import'),
  '@keyward/toolkit/key': () => import('@keyward/toolkit/key'),
  '@keyward/toolkit/ledger': () => import('@keyward/toolkit/ledger'),
  '@keyward/toolkit/networks': () => import('@keyward/toolkit/networks'),
  '@keyward/toolkit/node': () => import('@keyward/toolkit/node'),
  '@keyward/toolkit/policy': () => import('@keyward/toolkit/policy'),
  '@keyward/toolkit/safe': () => import('@keyward/toolkit/safe'),
  '@keyward/toolkit/send': () => import('@keyward/toolkit/send'),
  '@keyward/toolkit/sign': () => import('@keyward/toolkit/sign'),
  '@keyward/toolkit/stack': () => import('@keyward/toolkit/stack'),
  '@keyward/toolkit/status': () => import('@keyward/toolkit/status'),
  '@keyward/toolkit/sweep': () => import('@keyward/toolkit/sweep'),
  '@keyward/toolkit/token': () => import('@keyward/toolkit/token'),
}

export type Packed = {
  name: string
  filename: string
  files: { path: string }[]
}

/** Puts the tarballs that would be published into the folder. */
export async function packPackages(
  folder: string,
): Promise<Map<string, Packed>> {
  const packed = await runInProject(root, 'npm', [
    'pack',
    '--json',
    '--ignore-scripts',
    ...['--pack-destination', folder],
    ...names.flatMap((name) => ['--workspace', name]),
  ])
  const tarballs = (JSON.parse(packed) as Packed[]).map(
    (tarball) => [tarball.name, tarball] as const,
  )
  for (const [, tarball] of tarballs)
    tarball.filename = join(folder, tarball.filename)
  return new Map(tarballs)
}

/** Runs a program as a user of that project would, and gives its stdout. */
export async function runInProject(
  cwd: string,
  program: string,
  argv: string[],
): Promise<string> {
  // npm passes its own command's settings down to the tests.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_|NODE_OPTIONS$|VITEST|NODE_ENV$)/i.test(name),
    ),
  )
  const { stdout } = await promisify(execFile)(program, argv, {
    cwd,
    env,
    maxBuffer: 2 ** 26,
  })
  return stdout
}
