using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Akka.Remote;
using Caretta.Aggregator;
using Caretta.Aggregator.Cluster;
using Google.Protobuf;

namespace Caretta.Tests.Aggregator.Cluster;

/// <summary>
/// A member can meet a connection that another one has begun and forgotten: nobody writes there. It must go on hearing that other member. See
/// docs/decisions/0034-members-answer-on-connections-of-their-own.md.
/// </summary>
public sealed class LeftOverConnectionSpecs : IDisposable
{
    private static readonly TimeSpan AskFor = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly ActorSystem _member = Start();
    private readonly ActorSystem _other = Start();

    [Fact]
    public async Task A_member_that_meets_one_still_hears_the_other()
    {
        await UntilHeardAsync();
        using var leftOver = await ConnectAsync(AddressOf(_member), AddressOf(_other), AddressUidExtension.Uid(_other));

        // Until the member has read the other's name there, and has chosen where it reads from now on.
        Assert.NotEqual(0, await leftOver.ReceiveAsync(new byte[256]));
        await UntilHeardAsync();
    }

    public void Dispose()
    {
        _member.Dispose();
        _other.Dispose();
    }

    private static ActorSystem Start() => ActorSystem.Create("caretta", ConfigurationFactory.ParseString("""
        akka {
            loglevel = OFF
            stdout-loglevel = OFF
            actor.provider = remote
            remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
        }
        """).WithFallback(ClusterHocon.For(new AggregatorOptions())));

    private static Address AddressOf(ActorSystem system) => ((ExtendedActorSystem)system).Provider.DefaultAddress;

    private async Task UntilHeardAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!await IsHeardAsync())
        {
            Assert.False(deadline.IsCancellationRequested, "What the other says is not heard.");
        }
    }

    private async Task<bool> IsHeardAsync()
    {
        try
        {
            var root = _member.ActorSelection(new RootActorPath(AddressOf(_other)) / "user");
            return await root.Ask<ActorIdentity>(new Identify(null), AskFor) is not null;
        }
        catch (AskTimeoutException)
        {
            return false;
        }
    }

    /// <summary>As Akka.Remote begins a connection: the length, little endian, and AkkaProtocolMessage of its WireFormats.proto.</summary>
    private static async Task<Socket> ConnectAsync(Address to, Address from, long uid)
    {
        var origin = Message(output =>
        {
            Write(output, 1, from.System);
            Write(output, 2, from.Host!);
            output.WriteTag(3, WireFormat.WireType.Varint);
            output.WriteUInt32((uint)from.Port!.Value);
            Write(output, 4, "tcp");
        });
        var handshake = Message(output =>
        {
            Write(output, 1, origin);
            output.WriteTag(2, WireFormat.WireType.Fixed64);
            output.WriteFixed64((ulong)uid);
        });
        var associate = Message(output =>
        {
            output.WriteTag(1, WireFormat.WireType.Varint);
            output.WriteEnum(1);
            Write(output, 2, handshake);
        });
        var message = Message(output => Write(output, 2, associate)).ToByteArray();
        var frame = new byte[sizeof(int) + message.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, message.Length);
        message.CopyTo(frame, sizeof(int));

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Parse(to.Host!), to.Port!.Value);
        await socket.SendAsync(frame);
        return socket;
    }

    private static ByteString Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            write(output);
        }

        return ByteString.CopyFrom(bytes.ToArray());
    }

    private static void Write(CodedOutputStream output, int field, string text) => Write(output, field, ByteString.CopyFromUtf8(text));

    private static void Write(CodedOutputStream output, int field, ByteString bytes)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(bytes);
    }
}
