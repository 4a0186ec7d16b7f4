using Akka.Actor;

namespace Caretta.Aggregator;

/// <summary>
/// For actors of which there are many. <see cref="Props"/> made from an expression compile each argument of the constructor anew, for each actor: a
/// link's took a hundred times as long as the link.
/// </summary>
internal sealed class ActorMaker<TActor>(Func<TActor> make) : IIndirectActorProducer
    where TActor : ActorBase
{
    public Type ActorType => typeof(TActor);

    public ActorBase Produce() => make();

    public void Release(ActorBase actor)
    {
    }
}
