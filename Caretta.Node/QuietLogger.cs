using Akka.Event;

namespace Caretta.Node;

/// <summary>
/// What Akka says before its logger is there and after it has gone would go to the console as plain text, in between lines that may be JSON. A
/// start that fails is told otherwise.
/// </summary>
internal sealed class QuietLogger : MinimalLogger
{
    protected override void Log(object message)
    {
    }
}
