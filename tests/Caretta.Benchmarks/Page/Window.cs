using System.Text.Json;
using Microsoft.Playwright;

namespace Caretta.Benchmarks.Page;

/// <summary>A window that remembers nothing from another. All times are taken inside the page, up to the frame that shows the answer.</summary>
internal sealed class Window : IAsyncDisposable
{
    /// <summary>Once the page says so, and then two frames later: what is asked for in one is on the screen before the second.</summary>
    private const string Helpers = """
        const drawn = isSo => new Promise(done => {
          const look = () => isSo() ? requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))) : requestAnimationFrame(look)
          look()
        })
        const says = (selector, text) => document.querySelector(selector)?.textContent.includes(text)
        const isAnswered = () => document.querySelector('.app')?.getAttribute('aria-busy') === 'false'
        const press = (target, key) => target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
        const canvas = () => document.querySelector('.canvas')
        Object.assign(globalThis, { drawn, press, isAnswered, canvas })
        const listen = EventSource.prototype.addEventListener
        globalThis.held = []
        new PerformanceObserver(list => held.push(...list.getEntries().map(entry => entry.duration))).observe({ type: 'longtask', buffered: true })
        EventSource.prototype.addEventListener = function (type, told, ...how) {
          return listen.call(this, type, event => { if (type === 'map') { globalThis.answered ??= performance.now() } told(event) }, ...how)
        }
        """;

    private const string Picture = "() => window.picture";

    private const string Held = "() => new Promise(done => setTimeout(() => done(Math.max(0, ...held.splice(0))), 100))";

    private const string Answered = "() => window.answered";

    private const string Expand = """
        async () => {
          canvas().focus()
          press(canvas(), 'ArrowRight')
          const began = performance.now()
          press(canvas(), 'Enter')
          return await drawn(() => location.search.includes('expand=') && isAnswered()) - began
        }
        """;

    private const string Search = """
        async name => {
          const input = document.querySelector('#search')
          input.focus()
          input.value = name
          const began = performance.now()
          input.dispatchEvent(new Event('input', { bubbles: true }))
          return await drawn(() => document.querySelector('#found:not([hidden]) .option')) - began
        }
        """;

    private const string Find = """
        async () => {
          const began = performance.now()
          press(document.querySelector('#search'), 'Enter')
          return await drawn(() => location.search.includes('focus=') && isAnswered()) - began
        }
        """;

    private const string Frames = """
        async forMs => {
          const map = canvas(), box = map.getBoundingClientRect()
          const at = (type, x, y) => map.dispatchEvent(new PointerEvent(type, { pointerId: 1, clientX: box.x + x, clientY: box.y + y, bubbles: true }))
          map.setPointerCapture = () => {} // a pointer that is made up cannot be captured
          at('pointerdown', 700, 400)
          const began = performance.now()
          let frames = 0
          while (performance.now() - began < forMs) {
            const t = (performance.now() - began) / 1000
            at('pointermove', 700 + Math.sin(t * 2) * 200, 400 + Math.cos(t * 1.5) * 100)
            map.dispatchEvent(new WheelEvent('wheel', { deltaY: Math.sin(t) * 30, clientX: 700, clientY: 400, bubbles: true, cancelable: true }))
            await new Promise(requestAnimationFrame)
            frames++
          }
          at('pointerup', 700, 400)
          return frames / (performance.now() - began) * 1000
        }
        """;

    private readonly IBrowserContext _context;
    private readonly IPage _page;
    private readonly Uri _address;
    private int _searches;

    private Window(IBrowserContext context, IPage page, Uri address) => (_context, _page, _address) = (context, page, address);

    public static async Task<Window> OpenAsync(IBrowser browser, Uri address)
    {
        var context = await browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 1440, Height = 900 } });
        context.SetDefaultTimeout((float)TimeSpan.FromMinutes(2).TotalMilliseconds);
        await context.AddInitScriptAsync($"{Helpers}\ndrawn(() => says('.status-text', 'live')).then(at => window.picture = at)");
        var window = new Window(context, await context.NewPageAsync(), address);
        await window.GoAsync();
        return window;
    }

    /// <returns>Milliseconds from the navigation's start.</returns>
    public Task<double> PictureAsync() => _page.EvaluateAsync<double>(Picture);

    /// <returns>How long at a stretch nobody could have moved the map, of what is longer than 50 ms, since this was last asked; milliseconds.</returns>
    public Task<double> HeldAsync() => _page.EvaluateAsync<double>(Held);

    /// <returns>The same until the map's first answer has come.</returns>
    public Task<double> AnsweredAsync() => _page.EvaluateAsync<double>(Answered);

    public Task<double> FramesAsync(TimeSpan time) => _page.EvaluateAsync<double>(Frames, time.TotalMilliseconds);

    public async Task<double> ExpandAsync()
    {
        await GoAsync();
        await HeldAsync(); // by the page's loading
        return await _page.EvaluateAsync<double>(Expand);
    }

    /// <summary>Another name each time: answers are kept for whoever asks the same.</summary>
    public async Task<double> SearchAsync()
    {
        await GoAsync();
        return await _page.EvaluateAsync<double>(Search, NextName());
    }

    public async Task<double> FindAsync()
    {
        await GoAsync();
        await _page.EvaluateAsync<double>(Search, NextName());
        return await _page.EvaluateAsync<double>(Find);
    }

    public async Task<(double Bytes, int Nodes, int Listeners)> MemoryAsync()
    {
        var session = await _context.NewCDPSessionAsync(_page);
        await session.SendAsync("HeapProfiler.collectGarbage");
        var heap = await session.SendAsync("Runtime.getHeapUsage");
        var counted = await session.SendAsync("Memory.getDOMCounters");
        await session.DetachAsync();
        return (Number(heap, "usedSize"), (int)Number(counted, "nodes"), (int)Number(counted, "jsEventListeners"));
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    private async Task GoAsync()
    {
        await _page.GotoAsync(_address.AbsoluteUri);
        await _page.WaitForFunctionAsync(Picture);
    }

    private string NextName() => $"service-{2000 + (_searches++ * 37)}";

    private static double Number(JsonElement? answer, string name) => answer!.Value.GetProperty(name).GetDouble();
}
