using System.Collections.Concurrent;
using System.Diagnostics;
using Caretta.EndToEnd.Tests.Hosts;

namespace Caretta.EndToEnd.Tests.Network;

/// <summary>
/// What joins the sites of a spec: an Ethernet switch in this process that can cut, lose, double and delay what goes from one to another.
/// The kernel of a sandbox need not know netem for that.
/// </summary>
internal sealed class Switch : IDisposable
{
    private const int OurNumber = 254;

    private readonly string _prefix = HostNames.Next();
    private readonly List<Port> _ports = [];
    private readonly ConcurrentDictionary<(string From, string To), Path> _paths = [];
    private readonly ConcurrentDictionary<(string From, string To), PathCounts> _counts = [];
    private readonly PriorityQueue<(Port To, byte[] Frame), (long At, long Number)> _delayed = new();
    private readonly Lock _delayedLock = new();
    private readonly AutoResetEvent _delays = new(false);
    private readonly Thread _delayer;
    private readonly int _seed;
    private readonly int _network;
    private long _delayedNumber;
    private volatile bool _stopping;

    /// <param name="seed">Of which frames are lost or doubled.</param>
    /// <param name="network">Its addresses are 10.NETWORK.0.0/24: those that <see cref="AddOurselves"/> joins are on one machine, and must differ.</param>
    public Switch(int seed, int network = 78)
    {
        (_seed, _network) = (seed, network);
        _delayer = Start(DeliverDelayed);
    }

    /// <summary>A new host of its own, joined to the switch.</summary>
    /// <param name="number">Its last part of the address, 1 to 250.</param>
    public TestHost Add(string site, int number)
    {
        var host = new TestHost($"{_prefix}-{site}", Address(number), $"fd00:{_network}::{number:x}");
        Command.Run("ip", "netns", "add", host.Name);
        Plug(site, number, host);
        return host;
    }

    /// <summary>From now on frames from one site to the other, and back, are treated like this.</summary>
    public void Set(string site, string other, Func<Path, Path> change)
    {
        _paths.AddOrUpdate((site, other), _ => change(Path.Sound), (_, path) => change(path));
        _paths.AddOrUpdate((other, site), _ => change(Path.Sound), (_, path) => change(path));
    }

    /// <summary>Joins the namespace we run in as well, so that the spec reaches every site whatever it does to them.</summary>
    public void AddOurselves() => Plug("spec", OurNumber, host: null);

    /// <summary>What has been done so far to frames from one site to the other.</summary>
    public PathCounts Counts(string from, string to) => _counts.GetOrAdd((from, to), _ => new PathCounts());

    /// <summary>After <see cref="AddOurselves"/>.</summary>
    public string OurAddress => Address(OurNumber);

    public void Dispose()
    {
        _stopping = true;
        _delays.Set();
        _delayer.Join();
        _ports.ForEach(port => port.Reader.Join()); // all of them, since each writes to the others
        foreach (var port in _ports)
        {
            port.Tap.Dispose(); // takes the card with it
            if (port.Host is { } host)
            {
                Command.Try("ip", "netns", "del", host.Name);
            }
        }

        _delays.Dispose();
    }

    private string Address(int number) => $"10.{_network}.0.{number}";

    private static Thread Start(Action loop)
    {
        var thread = new Thread(() => loop()) { IsBackground = true };
        thread.Start();
        return thread;
    }

    private void Plug(string site, int number, TestHost? host)
    {
        var card = $"ct{Environment.ProcessId % 100000}-{_network}-{number}"; // a card's name has 15 characters at most
        var tap = new TapDevice(card);
        if (host is null)
        {
            Command.Run("ip", "address", "add", $"{Address(number)}/24", "dev", card);
            Command.Run("ip", "link", "set", card, "up");
        }
        else
        {
            Command.Run("ip", "link", "set", card, "netns", host.Name, "name", "eth0");
            host.Configure();
        }

        Port port = null!;
        port = new Port(site, tap, host, new Thread(() => Forward(port)) { IsBackground = true });
        lock (_ports)
        {
            _ports.Add(port);
        }

        port.Reader.Start();
    }

    private void Forward(Port port)
    {
        var random = new Random(SeedOf(port.Site));
        while (!_stopping)
        {
            if (port.Tap.Read() is { Length: > 12 } frame)
            {
                port.Card = CardOf(frame.AsSpan(6));
                foreach (var to in Receivers(port, CardOf(frame)))
                {
                    Send(port, to, frame, random);
                }
            }
        }
    }

    /// <summary>The same in every process, which a hash code is not: or a seed would repeat nothing, and what a spec needs lost might arrive.</summary>
    private int SeedOf(string site) => site.Aggregate(_seed, (seed, letter) => unchecked((seed * 31) + letter));

    private void Send(Port from, Port to, byte[] frame, Random random)
    {
        var path = _paths.GetValueOrDefault((from.Site, to.Site), Path.Sound);
        for (var copies = Counts(from.Site, to.Site).Copies(path, random); copies > 0; copies--)
        {
            if (path.Delay == TimeSpan.Zero)
            {
                to.Tap.Write(frame);
                continue;
            }

            lock (_delayedLock)
            {
                var at = Stopwatch.GetTimestamp() + (long)(path.Delay.TotalSeconds * Stopwatch.Frequency);
                _delayed.Enqueue((to, frame), (at, _delayedNumber++));
            }

            _delays.Set();
        }
    }

    private List<Port> Receivers(Port from, ulong card)
    {
        lock (_ports)
        {
            return _ports.Find(port => port.Card == card && card != 0) is { } known ? [known] : [.. _ports.Where(port => port != from)];
        }
    }

    private void DeliverDelayed()
    {
        while (!_stopping)
        {
            var wait = 100;
            while (TakeDue(ref wait) is { } due)
            {
                due.To.Tap.Write(due.Frame);
            }

            _delays.WaitOne(wait);
        }
    }

    private (Port To, byte[] Frame)? TakeDue(ref int wait)
    {
        lock (_delayedLock)
        {
            if (!_delayed.TryPeek(out _, out var next))
            {
                return null;
            }

            var left = next.At - Stopwatch.GetTimestamp();
            if (left <= 0)
            {
                return _delayed.Dequeue();
            }

            wait = (int)Math.Min(wait, (left * 1000 / Stopwatch.Frequency) + 1);
            return null;
        }
    }

    private static ulong CardOf(ReadOnlySpan<byte> frame)
    {
        var card = 0UL;
        foreach (var part in frame[..6])
        {
            card = (card << 8) | part;
        }

        return card;
    }

    private sealed record Port(string Site, TapDevice Tap, TestHost? Host, Thread Reader)
    {
        private ulong _card;

        /// <summary>Its hardware address, once it has spoken; 0 before.</summary>
        public ulong Card
        {
            get => Volatile.Read(ref _card);
            set => Volatile.Write(ref _card, value);
        }
    }
}
