using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Caretta.Aggregator.Links;

/// <summary>
/// For links, of which there are hundreds of thousands, nearly all of them with nothing in the mailbox: the default's queue is more than a kilobyte then.
/// </summary>
internal sealed class LinkMailbox : MailboxType, IProducesMessageQueue<LinkMessageQueue>
{
    /// <summary>In the configuration.</summary>
    public const string Path = "caretta.link-mailbox";

    public static readonly Config Hocon = ConfigurationFactory.ParseString(
        $"{Path}.mailbox-type = \"{typeof(LinkMailbox).FullName}, {typeof(LinkMailbox).Assembly.GetName().Name}\"");

    public LinkMailbox(Settings settings, Config config)
        : base(settings, config)
    {
    }

    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new LinkMessageQueue();
}
