// Walks through the page as a person would, against the mock, and measures: node tools/walk.mjs. Ends with 1 when something is not as expected.
import assert from 'node:assert/strict'
import { browser, mock } from './browser.mjs'

const chromium = await browser()
let failed = 0

async function walk(name, cluster, steps) {
  const server = await mock('--cluster', cluster)
  const context = await chromium.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const errors = []
  page.on('console', message => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', error => errors.push(error.message))
  page.on('request', request => request.url().startsWith(server.url) || request.url().startsWith('blob:') || errors.push(`asked elsewhere: ${request.url()}`))
  try {
    await page.goto(server.url)
    await page.locator('.status-text', { hasText: 'live' }).waitFor()
    await steps(page, server)
    assert.deepEqual(errors, [])
    console.log(`ok    ${name}`)
  } catch (cause) {
    failed++
    console.log(`FAILS ${name}: ${cause.message}`)
  }
  await context.close()
  server.end()
}

const query = page => new URL(page.url()).searchParams
const status = page => page.locator('.status-text').textContent()

await walk('arrows, Enter, Esc: a node is reached, opened and closed by keyboard', 'shop', async page => {
  await page.locator('.canvas').focus()
  await page.keyboard.press('ArrowRight')
  assert.match(await page.locator('[aria-live]').textContent(), /sends .*B\/s/)
  await page.keyboard.press('Enter')
  await page.locator('aside[aria-label=Details] h2').waitFor()
  assert.ok(query(page).get('select'))
  await page.keyboard.press('Escape')
  await page.locator('aside[aria-label=Details]').waitFor({ state: 'hidden' })
  await page.goBack()
  await page.locator('aside[aria-label=Details] h2').waitFor()
})

await walk('Tab goes through a node and its connections, then out of the map', 'shop', async page => {
  await page.locator('.canvas').focus()
  const said = []
  for (let step = 0; step < 60; step++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(() => !document.activeElement.classList.contains('canvas'))) break
    said.push(await page.locator('[aria-live]').textContent())
  }
  assert.equal(said.filter(text => text.includes(' to ')).length, 24)
  assert.equal(said.filter(text => text.includes('sends')).length, 18)
})

await walk('/ finds a workload, focus is in the address, a hop more is a choice', 'shop', async page => {
  await page.keyboard.press('/')
  await page.keyboard.type('orders')
  await page.keyboard.press('Enter')
  await page.locator('.chip', { hasText: 'around orders-db' }).waitFor()
  assert.equal(query(page).get('hops'), '1')
  await page.locator('.chip select').selectOption('2')
  await page.waitForURL(/hops=2/)
  await page.locator('.chip button').click()
  await page.waitForFunction(() => !location.search.includes('focus'))
  await page.waitForFunction(() => document.querySelector('.status-text').textContent.startsWith('18 workloads'))
})

await walk('a filter narrows, is shown as a chip, and is taken off', 'shop', async page => {
  await page.getByRole('button', { name: 'Filters' }).click()
  await page.getByLabel('Port', { exact: true }).fill('5432')
  await page.keyboard.press('Enter')
  await page.locator('.status-text', { hasText: '6 workloads' }).waitFor()
  await page.getByRole('button', { name: 'Remove: port 5432' }).click()
  await page.locator('.status-text', { hasText: '18 workloads' }).waitFor()
})

await walk('a namespace closes and opens again, and nothing else moves', 'shop', async page => {
  await page.locator('.canvas').focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('c')
  await page.waitForURL(/expand=/)
  await page.goBack()
  await page.waitForFunction(() => !location.search.includes('expand'))
})

await walk('the table has every connection, sorts, and opens one', 'shop', async page => {
  await page.keyboard.press('t')
  await page.locator('.grid tbody tr').nth(23).waitFor()
  await page.getByRole('button', { name: 'Client', exact: true }).click()
  const first = await page.locator('.grid tbody tr th').first().textContent()
  assert.match(first, /^data|^external/)
  await page.locator('.grid tbody tr button').first().click()
  await page.locator('aside[aria-label=Details]').waitFor()
  await page.getByRole('button', { name: 'All workloads' }).click()
  await page.locator('.tabs .note', { hasText: '18 of 18 workloads' }).waitFor()
})

await walk('a vanished link goes, an appeared one is listed', 'shop', async (page, server) => {
  const edges = (await (await fetch(`${server.url}api/v1/map`)).json()).edges
  await server.set(`gone=${edges[0].id}`)
  await page.locator('.status-text', { hasText: '23 connections' }).waitFor()
  await server.set(`fresh=${edges[1].id}`)
  await page.keyboard.press('w')
  await page.locator('.change-list .fresh').first().waitFor()
})

await walk('a member that is missing, a lost and a refused connection are said', 'shop', async (page, server) => {
  await server.set('missing=1')
  await page.locator('.banner.warn', { hasText: '2 of 3 aggregators' }).waitFor()
  await server.set('missing=0')
  await page.locator('.banner').waitFor({ state: 'detached' })
  // A refusal is also in the browser's own log; that is not the page's doing.
  page.removeAllListeners('console')
  await server.set('status=401')
  await page.locator('.banner.bad', { hasText: 'asks who you are' }).waitFor()
  await server.set('status=0')
  await page.locator('.banner').waitFor({ state: 'detached' })
  server.end()
  await page.locator('.banner.bad', { hasText: 'No connection' }).waitFor()
})

await walk('a shared address shows the same to whoever opens it', 'shop', async (page, server) => {
  await page.goto(`${server.url}?namespace=data&view=table&minRate=1000`)
  await page.locator('.chip', { hasText: '≥ 1 kB/s' }).waitFor()
  await page.locator('.grid tbody tr').first().waitFor()
})

await walk('the view is exported, by pointer', 'shop', async page => {
  await page.getByRole('button', { name: 'Export this view' }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('CSV').click()])
  assert.equal(download.suggestedFilename(), 'caretta.csv')
  assert.ok(await page.locator('.menu').isHidden())
})

await walk('what somebody writes in a filter stays while the map changes', 'shop', async page => {
  await page.getByRole('button', { name: 'Filters' }).click()
  await page.getByLabel('Name', { exact: true }).pressSequentially('or')
  const before = await status(page)
  await page.waitForFunction(text => document.querySelector('.status-text').textContent !== text, before)
  await page.keyboard.type('ders')
  await page.keyboard.press('Enter')
  await page.locator('.chip', { hasText: 'name orders' }).waitFor()
})

await walk('places are the same after a reload', 'shop', async page => {
  const places = () => page.evaluate(() => localStorage.getItem('caretta.places.1'))
  const before = await places()
  await page.reload()
  await page.locator('.status-text', { hasText: 'live' }).waitFor()
  assert.equal(await places(), before)
})

await walk('hidden pages have no connection', 'shop', async (page, server) => {
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  const before = await status(page)
  await page.waitForTimeout(4_500)
  assert.equal(await status(page), before)
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: false, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await page.waitForFunction(text => document.querySelector('.status-text').textContent !== text, before)
})

await walk('5,000 workloads: frames while panning and zooming the default view', 'big', async page => {
  const frames = await page.evaluate(async () => {
    const canvas = document.querySelector('.canvas')
    const box = canvas.getBoundingClientRect()
    const at = (type, x, y) => canvas.dispatchEvent(new PointerEvent(type, { pointerId: 1, clientX: box.x + x, clientY: box.y + y, bubbles: true }))
    canvas.setPointerCapture = () => {}
    at('pointerdown', 700, 400)
    const began = performance.now()
    let frames = 0
    while (performance.now() - began < 5_000) {
      const t = (performance.now() - began) / 1000
      at('pointermove', 700 + Math.sin(t * 2) * 200, 400 + Math.cos(t * 1.5) * 100)
      canvas.dispatchEvent(new WheelEvent('wheel', { deltaY: Math.sin(t) * 30, clientX: 700, clientY: 400, bubbles: true, cancelable: true }))
      await new Promise(requestAnimationFrame)
      frames++
    }
    at('pointerup', 700, 400)
    return frames / 5
  })
  // A figure to read, with the machine's load in mind; not one to fail by.
  console.log(`      ${frames.toFixed(1)} frames/s`)
})

await chromium.close()
process.exit(failed > 0 ? 1 : 0)
