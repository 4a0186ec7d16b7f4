using Caretta.Messages.Wire;

namespace Caretta.Node.Forward;

/// <summary>A stream to the aggregator. What comes from it goes to the actor that opened it, as <see cref="StreamReceived"/> and <see cref="StreamBroken"/>.</summary>
public interface IUplink : IDisposable
{
    /// <summary>In order; never blocks. The protocol bounds what can be outstanding: one batch a shard.</summary>
    void Send(FromNode message);
}
