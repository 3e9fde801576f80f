import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import * as Quote from '../parse/Quote.js'
import { CredentialsError } from './CredentialsError.js'
import type { Environment } from './Issued.js'

const copyOther =
  'To copy the credentials of another profile into the environment, run: eval "$(aws configure export-credentials --profile NAME --format env)"'

/** Explains which profile was found, and which command makes it usable. */
export async function refuseProfile(
  env: Environment,
): Promise<CredentialsError> {
  const name = env.AWS_PROFILE || 'default'
  const section = await findProfile(env, name)
  if (!env.AWS_PROFILE && section === undefined)
    return new CredentialsError(
      'No AWS credentials were found.',
      'Keyward looked for AWS_ACCESS_KEY_ID, for a web identity (AWS_WEB_IDENTITY_TOKEN_FILE), and for the role of a container or an EC2 instance. There is no AWS profile either. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the program a role.',
    )
  const shown = /^[\w@.+-]{1,64}$/.test(name) ? name : 'NAME'
  if (section === undefined)
    return new CredentialsError(
      `There is no AWS profile ${Quote.value(name)}.`,
      `AWS_PROFILE names this profile. ${copyOther}`,
    )
  const kind = kindOf(section)
  if (kind === undefined)
    return new CredentialsError(
      `The AWS profile ${Quote.value(name)} has no credentials.`,
      copyOther,
    )
  const signIn = kind === 'SSO' ? `aws sso login --profile ${shown} && ` : ''
  return new CredentialsError(
    `The AWS profile ${Quote.value(name)} (${kind}) can't be used here.`,
    `Keyward's own AWS clients don't read profiles. To copy the profile's credentials into the environment, run: ${signIn}eval "$(aws configure export-credentials --profile ${shown} --format env)"\nIn your own program, you can instead pass the AWS SDK's KMS client to fromSdk (from @keyward/core/sdk).`,
  )
}

/** Undefined for a profile without credentials. */
function kindOf(section: string): string | undefined {
  if (/^\s*sso_/m.test(section)) return 'SSO'
  if (/^\s*login_session\b/m.test(section)) return 'aws login'
  if (/^\s*role_arn\b/m.test(section)) return 'a role'
  if (/^\s*credential_process\b/m.test(section)) return 'a program'
  if (/^\s*aws_access_key_id\b/m.test(section)) return 'access keys'
  return undefined
}

/** The profile's lines in AWS's files. None of them are shown. */
async function findProfile(
  env: Environment,
  name: string,
): Promise<string | undefined> {
  const folder = join(env.HOME || homedir(), '.aws')
  const files = [
    env.AWS_CONFIG_FILE || join(folder, 'config'),
    env.AWS_SHARED_CREDENTIALS_FILE || join(folder, 'credentials'),
  ]
  let found: string | undefined
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '')
    for (const section of text.split(/^(?=\[)/m)) {
      const [, heading] =
        /^\[\s*(?:profile\s+)?([^\]]*?)\s*\]/.exec(section) ?? []
      if (heading === name) found = `${found ?? ''}${section}`
    }
  }
  return found
}
