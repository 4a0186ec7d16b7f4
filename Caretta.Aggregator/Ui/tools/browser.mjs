import { spawn } from 'node:child_process'
import { chromium } from 'playwright-core'

const Flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

/** The distribution's Chromium; nothing is downloaded. */
export function browser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: Flags })
}

/** A mock aggregator on a port of its own; ends with the returned function. */
export async function mock(...options) {
  const child = spawn(process.execPath, [new URL('../mock/server.mjs', import.meta.url).pathname, '--port', '0', ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await new Promise((told, failed) => {
    child.stdout.once('data', data => told(String(data).trim()))
    child.once('exit', code => failed(new Error(`The mock ended with ${code}.`)))
  })
  return { url, set: query => fetch(`${url}mock/set?${query}`, { method: 'POST' }), end: () => child.kill() }
}
