using System.Diagnostics;
using Caretta.Messages;
using Caretta.Messages.Wire;
using Google.Protobuf;
using Grpc.Core;
using Subject = Caretta.Messages.Subject;

namespace Caretta.Benchmarks.Directory;

/// <summary>A stream as an agent's, that asks about addresses once it may, and waits for the answers.</summary>
internal sealed class AskingAgent(int number, IReadOnlyList<Subject> subjects)
{
    /// <summary>When it asked, and when it had all answers, by <see cref="Stopwatch"/>.</summary>
    public long AskedAt { get; private set; }

    public long AnsweredAt { get; private set; }

    /// <summary>Of the answers, how many named a holder.</summary>
    public int Held { get; private set; }

    /// <summary>Dials until somebody answers. The stream stays open as long as the token lets it.</summary>
    public async Task AskAsync(Ingress.IngressClient client, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await TryAskAsync(client, stopping);
                return;
            }
            catch (RpcException) when (!stopping.IsCancellationRequested && AnsweredAt == 0)
            {
                await Task.Delay(100, stopping); // it does not listen yet
            }
        }
    }

    private async Task TryAskAsync(Ingress.IngressClient client, CancellationToken stopping)
    {
        var call = client.Report(cancellationToken: stopping);
        var asked = false; // on this stream: what was asked on one that broke is asked again
        await call.RequestStream.WriteAsync(Hello(), stopping);
        while (await call.ResponseStream.MoveNext(stopping))
        {
            var message = call.ResponseStream.Current;
            if (message.Directory is { Answers: true } && !asked)
            {
                asked = true;
                Held = 0;
                AskedAt = AskedAt == 0 ? Stopwatch.GetTimestamp() : AskedAt;
                await call.RequestStream.WriteAsync(new FromNode { Questions = Questions() }, stopping);
            }

            if (message.Names is { } names)
            {
                Held += names.Answers.Count(answer => answer.Segments[^1].Knowledge == (uint)Knowledge.Held);
                if (names.Id != 0)
                {
                    AnsweredAt = Stopwatch.GetTimestamp();
                    return;
                }
            }
        }
    }

    private FromNode Hello() => new()
    {
        Hello = new Hello
        {
            NodeName = $"node-{number}",
            Incarnation = ByteString.CopyFrom(Guid.NewGuid().ToByteArray()),
            PollIntervalMs = 5000,
            Version = "benchmark",
        },
    };

    private Questions Questions()
    {
        var now = TimeSpan.FromHours(1);
        return new NameQuestions(1, [.. subjects.Select(subject => new SubjectQuestion(subject, now - TimeSpan.FromSeconds(5)))], [], []).ToWire(now);
    }
}
