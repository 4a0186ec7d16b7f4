using Akka.Actor;
using Akka.TestKit.Xunit;
using Caretta.Aggregator.Links;

namespace Caretta.Tests.Aggregator.Links;

public sealed class LinkMailboxSpecs() : TestKit(LinkMailbox.Hocon.WithFallback("akka { loglevel = OFF, test.single-expect-default = 60s }"))
{
    [Fact]
    public async Task What_each_sender_says_arrives_once_and_in_its_order()
    {
        const int senders = 4, each = 5000;
        var (target, listener) = (CreateTestProbe(), TestActor);
        var echo = Sys.ActorOf(Props.Create(() => new EchoActor(listener)).WithMailbox(LinkMailbox.Path));
        await echo.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(60)); // its cell is there
        Assert.IsType<LinkMessageQueue>(Assert.IsType<ActorCell>(((ActorRefWithCell)echo).Underlying).Mailbox!.MessageQueue);
        Parallel.For(0, senders, sender =>
        {
            for (var number = 0; number < each; number++)
            {
                echo.Tell((sender, number), target);
            }
        });
        var next = new int[senders];
        for (var received = 0; received < senders * each; received++)
        {
            var (sender, number) = await ExpectMsgAsync<(int, int)>();
            Assert.Equal(next[sender]++, number);
        }
    }

    private sealed class EchoActor(IActorRef listener) : UntypedActor
    {
        protected override void OnReceive(object message) => listener.Tell(message);
    }
}
