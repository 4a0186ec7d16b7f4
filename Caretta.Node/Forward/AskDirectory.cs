using Akka.Actor;
using Caretta.Messages;

namespace Caretta.Node.Forward;

/// <summary>To the forwarder: to be asked on the present stream. Lost if it ends; <see cref="DirectoryLost"/> says so.</summary>
public sealed record AskDirectory(NameQuestions Questions) : INoSerializationVerificationNeeded;
