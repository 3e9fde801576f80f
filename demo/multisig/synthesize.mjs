import { MultisigStack } from '@keyward/cdk'
import { App } from 'aws-cdk-lib'

/** @param {string} name */
export const role = (name) => `arn:aws:iam::000000000000:role/${name}`

/** Who asks for an approval, in the order of the owners. */
export const approvers = ['anna', 'bert', 'cleo']

/**
 * The stack `treasury` as `cdk synth` writes it.
 *
 * @param {string} outdir
 * @param {string} [safe] the safe file
 */
export function synthesize(outdir, safe) {
  process.env.CDK_VALIDATION = 'false'
  const app = new App({ outdir })
  new MultisigStack(app, 'treasury', {
    network: 'local',
    administrators: [role('admin')],
    owners: approvers.map((name) => ({ approvers: { [name]: role(name) } })),
    proposers: { dora: role('dora') },
    confirmations: 1,
    newLedger: 'any',
    ...(safe !== undefined && { safe }),
  })
  app.synth()
  return outdir
}
