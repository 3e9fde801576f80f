import { agent } from './agent.js'
import { bridgeRelayer } from './bridgeRelayer.js'
import { payouts } from './payouts.js'
import type { Template } from './Template.js'
import { tradingDesk } from './tradingDesk.js'
import { treasury } from './treasury.js'

/** Policies to start from, by name. */
export const templates = {
  payouts,
  'bridge-relayer': bridgeRelayer,
  treasury,
  'trading-desk': tradingDesk,
  agent,
} as const satisfies Readonly<Record<string, Template>>

export type TemplateName = keyof typeof templates

export const templateNames = Object.keys(templates) as TemplateName[]
