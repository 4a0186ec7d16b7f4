using Akka.Actor;
using Caretta.Messages;

namespace Caretta.Node.Forward;

/// <summary>From the forwarder: answers, or changes of what was asked about before.</summary>
public sealed record NamesTold(NameAnswers Answers) : INoSerializationVerificationNeeded;
