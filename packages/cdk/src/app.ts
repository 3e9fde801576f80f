import { createApp } from './createApp.js'

createApp().synth()
