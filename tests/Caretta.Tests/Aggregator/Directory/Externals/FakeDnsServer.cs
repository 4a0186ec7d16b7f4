using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Caretta.Messages;

namespace Caretta.Tests.Aggregator.Directory.Externals;

/// <summary>DNS over UDP on loopback: PTR records, and all the ways in which a server can fail to give one.</summary>
internal sealed class FakeDnsServer : IAsyncDisposable
{
    private const int ServerFailure = 2;
    private const int NoSuchName = 3;

    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Func<byte[], byte[]?>> _script = [];
    private readonly List<string> _asked = [];
    private readonly Queue<(byte[] Query, IPEndPoint From)> _held = [];
    private readonly Channel<bool> _arrived = Channel.CreateUnbounded<bool>();
    private readonly Task _serving;
    private bool _isHolding;

    public FakeDnsServer() => _serving = ServeAsync();

    public IPEndPoint EndPoint => (IPEndPoint)_socket.Client.LocalEndPoint!;

    /// <summary>Most questions held unanswered at one time.</summary>
    public int MostHeld { get; private set; }

    /// <param name="names">As they go onto the wire, a byte a character, dots between labels.</param>
    public void Name(Address address, int timeToLive, params string[] names) =>
        Script(address, query => Answer(query, code: 0, [.. names.Select(name => Record(timeToLive, name))]));

    public void Fail(Address address) => Script(address, query => Answer(query, ServerFailure));

    public void BeSilent(Address address) => Script(address, _ => null);

    /// <param name="garble">Given a good answer.</param>
    public void Garble(Address address, Func<byte[], byte[]> garble) =>
        Script(address, query => garble(Answer(query, code: 0, Record(60, "good.example"))));

    public void Forget(Address address) => Script(address, query => Answer(query, NoSuchName));

    public int Asked(Address address)
    {
        lock (_gate)
        {
            return _asked.Count(name => name == Arpa(address));
        }
    }

    public void Hold() => _isHolding = true;

    public async Task HasArrivedAsync(int questions)
    {
        for (; questions > 0; questions--)
        {
            await _arrived.Reader.ReadAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Answers the one held for longest; more are held.</summary>
    public void AnswerOne()
    {
        lock (_gate)
        {
            var (query, from) = _held.Dequeue();
            Reply(query, from);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _serving;
    }

    private static byte[] Answer(byte[] query, int code, params byte[][] records)
    {
        var question = query[..EndOfQuestion(query)];
        BinaryPrimitives.WriteUInt16BigEndian(question.AsSpan(2), (ushort)(0x8180 | code)); // a response, recursion available
        BinaryPrimitives.WriteUInt16BigEndian(question.AsSpan(6), (ushort)records.Length);
        BinaryPrimitives.WriteUInt32BigEndian(question.AsSpan(8), 0);
        return [.. question, .. records.SelectMany(record => record)];
    }

    private static byte[] Record(int timeToLive, string name)
    {
        byte[] data = [.. name.Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.Latin1.GetBytes(label)]), 0];
        var head = new byte[12]; // a pointer to the question's name, PTR, IN, time to live, length
        BinaryPrimitives.WriteUInt16BigEndian(head, 0xC00C);
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(2), 12);
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(4), 1);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(6), timeToLive);
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(10), (ushort)data.Length);
        return [.. head, .. data];
    }

    private static int EndOfQuestion(byte[] query)
    {
        var place = 12;
        while (query[place] != 0)
        {
            place += query[place] + 1;
        }

        return place + 5;
    }

    private static string NameIn(byte[] query)
    {
        var labels = new List<string>();
        for (var place = 12; query[place] != 0; place += query[place] + 1)
        {
            labels.Add(Encoding.Latin1.GetString(query, place + 1, query[place]));
        }

        return string.Join('.', labels).ToLowerInvariant();
    }

    private static string Arpa(Address address)
    {
        var ip = address.ToIPAddress();
        var parts = ip.AddressFamily == AddressFamily.InterNetwork
            ? ip.ToString().Split('.')
            : Convert.ToHexStringLower(ip.GetAddressBytes()).Select(digit => digit.ToString());
        return string.Join('.', parts.Reverse()) + (ip.AddressFamily == AddressFamily.InterNetwork ? ".in-addr.arpa" : ".ip6.arpa");
    }

    private void Script(Address address, Func<byte[], byte[]?> answer)
    {
        lock (_gate)
        {
            _script[Arpa(address)] = answer;
        }
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync();
                Take(received.Buffer, received.RemoteEndPoint);
            }
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // The spec is over.
        }
    }

    private void Take(byte[] query, IPEndPoint from)
    {
        lock (_gate)
        {
            _asked.Add(NameIn(query));
            if (_isHolding)
            {
                _held.Enqueue((query, from));
                MostHeld = Math.Max(MostHeld, _held.Count);
            }
            else
            {
                Reply(query, from);
            }
        }

        _arrived.Writer.TryWrite(true);
    }

    private void Reply(byte[] query, IPEndPoint to)
    {
        var answer = _script.TryGetValue(NameIn(query), out var scripted) ? scripted(query) : Answer(query, NoSuchName);
        if (answer is not null)
        {
            _socket.Send(answer, to);
        }
    }
}
