// Pictures of the page for whoever judges its looks: node tools/look.mjs [NAME…], into screenshots/.
import { mkdirSync } from 'node:fs'
import { browser, mock } from './browser.mjs'

const folder = new URL('../screenshots/', import.meta.url).pathname
mkdirSync(folder, { recursive: true })
const wanted = process.argv.slice(2)

const laptop = { width: 1440, height: 900 }
const small = { width: 800, height: 600 }
const pictures = [
  { name: 'shop-dark', cluster: 'shop', size: laptop },
  { name: 'shop-light', cluster: 'shop', size: laptop, scheme: 'light' },
  { name: 'shop-wide', cluster: 'shop', size: { width: 1920, height: 1080 } },
  { name: 'shop-phone', cluster: 'shop', size: { width: 390, height: 844 } },
  { name: 'shop-phone-panel', cluster: 'shop', size: { width: 390, height: 844 }, act: page => pickBusiest(page) },
  { name: 'shop-node', cluster: 'shop', size: laptop, act: page => pickBusiest(page) },
  { name: 'shop-node-light', cluster: 'shop', size: laptop, scheme: 'light', act: page => pickBusiest(page) },
  { name: 'shop-edge', cluster: 'shop', size: laptop, act: async page => { await pickBusiest(page); await page.keyboard.press('Escape'); await page.goto(`${page.url().split('?')[0]}?select=${await failing(page)}`); await page.waitForTimeout(900) } },
  { name: 'shop-changes', cluster: 'shop', size: laptop, act: async page => { await page.keyboard.press('w'); await page.waitForTimeout(700) } },
  { name: 'shop-folded', cluster: 'shop', size: laptop, query: '?expand=shop' },
  { name: 'shop-table', cluster: 'shop', size: laptop, query: '?view=table' },
  { name: 'shop-matrix', cluster: 'shop', size: laptop, query: '?view=matrix' },
  { name: 'shop-filters', cluster: 'shop', size: laptop, query: '?namespace=shop&minRate=1000', act: page => page.getByRole('button', { name: 'Filters' }).click() },
  { name: 'shop-search', cluster: 'shop', size: laptop, act: async page => { await page.keyboard.press('/'); await page.keyboard.type('c'); await page.waitForTimeout(500) } },
  { name: 'shop-help', cluster: 'shop', size: laptop, act: page => page.keyboard.press('?') },
  { name: 'shop-partial', cluster: 'shop', size: laptop, fault: 'missing=1' },
  { name: 'medium-dark', cluster: 'medium', size: laptop },
  { name: 'medium-light', cluster: 'medium', size: { width: 1920, height: 1080 }, scheme: 'light' },
  { name: 'big-dark', cluster: 'big', size: laptop },
  { name: 'big-light', cluster: 'big', size: { width: 1920, height: 1080 }, scheme: 'light' },
  { name: 'big-open', cluster: 'big', size: laptop, query: '?expand=search-prod' },
  { name: 'big-focus', cluster: 'big', size: laptop, act: page => focus(page) },
  { name: 'big-focus-light', cluster: 'big', size: laptop, scheme: 'light', act: page => focus(page) },
  { name: 'big-node-light', cluster: 'big', size: laptop, scheme: 'light', act: async page => { await page.locator('.canvas').focus(); await page.keyboard.press('ArrowRight'); await page.keyboard.press('d'); await page.waitForTimeout(900) } },
  { name: 'big-table', cluster: 'big', size: laptop, query: '?expand=*' },
  { name: 'big-matrix', cluster: 'big', size: laptop, query: '?view=matrix' },
  { name: 'empty-dark', cluster: 'empty', size: laptop },
  { name: 'empty-phone', cluster: 'empty', size: { width: 390, height: 844 }, scheme: 'light' },
  { name: 'small-shop', cluster: 'shop', size: small },
  { name: 'small-shop-light-node', cluster: 'shop', size: small, scheme: 'light', act: page => pickBusiest(page) },
  { name: 'small-shop-table', cluster: 'shop', size: small, query: '?view=table' },
  { name: 'small-shop-changes', cluster: 'shop', size: small, query: '?changes=60' },
  { name: 'small-shop-filters', cluster: 'shop', size: small, query: '?namespace=shop&minRate=1000', act: page => page.locator('.bar .anchor button').first().click() },
  { name: 'small-big', cluster: 'big', size: small },
  { name: 'small-big-light-focus', cluster: 'big', size: small, scheme: 'light', act: page => focus(page) },
  { name: 'small-big-table', cluster: 'big', size: small, query: '?expand=*' },
  { name: 'secured', cluster: 'shop', size: laptop, fault: 'status=401' },
]

async function pickBusiest(page) {
  await page.locator('.canvas').focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await page.waitForTimeout(900)
}

async function focus(page) {
  await page.keyboard.press('/')
  await page.keyboard.type('gateway')
  await page.waitForTimeout(700)
  await page.keyboard.press('Enter')
  await page.locator('.app[aria-busy=false]').waitFor()
  await page.waitForTimeout(900)
}

async function failing(page) {
  return page.evaluate(async () => (await (await fetch('api/v1/map')).json()).edges.sort((a, b) => b.failedRate - a.failedRate)[0].id)
}

const chromium = await browser()
const mocks = new Map()
for (const picture of pictures) {
  if (wanted.length > 0 && !wanted.some(name => picture.name.startsWith(name))) continue
  if (!mocks.has(picture.cluster)) mocks.set(picture.cluster, await mock('--cluster', picture.cluster))
  const server = mocks.get(picture.cluster)
  if (picture.fault) await server.set(picture.fault)
  const context = await chromium.newContext({ viewport: picture.size, colorScheme: picture.scheme ?? 'dark' })
  const page = await context.newPage()
  page.on('console', message => message.type() === 'error' && console.log(`${picture.name}: ${message.text()}`))
  page.on('pageerror', error => console.log(`${picture.name}: ${error.stack}`))
  await page.goto(server.url + (picture.query ?? ''))
  page.setDefaultTimeout(10_000)
  await page.locator('.app[aria-busy=false]').waitFor().catch(() => {})
  await page.waitForTimeout(1200)
  await Promise.resolve(picture.act?.(page)).catch(cause => console.log(`${picture.name}: ${cause.message}`))
  await page.waitForTimeout(500)
  await page.screenshot({ path: `${folder}${picture.name}.png` })
  await context.close()
  if (picture.fault) await server.set('status=0&missing=0')
  console.log(picture.name)
}
await chromium.close()
mocks.forEach(server => server.end())
